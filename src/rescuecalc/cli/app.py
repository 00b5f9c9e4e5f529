"""The entry point: finds the command and imports only that one."""

import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from rescuecalc import __version__
from rescuecalc.cli.command import HELP
from rescuecalc.cli.exit_codes import ended

_COMMANDS = (
    "dose",
    "rate",
    "table",
    "renal",
    "bridge",
    "plan",
    "stop",
    "check",
    "protocol",
    "evidence",
    "strategy",
    "rule",
    "selftest",
)


class _LazyGroup(TyperGroup):
    """Imports a command's module when that command is called, and owns the exit codes of all of them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # the signature is typer's
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = typer.main.get_command(import_module(f"rescuecalc.cli.{cmd_name}").app)
        command.name = cmd_name
        return command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run as typer does, but hand every ending to ``ended``; typer would exit 1, "findings", for a crash."""
        standalone = kwargs.pop("standalone_mode", True)
        inner: Any = super().main
        code = ended(lambda: inner(*args, **kwargs, standalone_mode=False))
        if standalone:
            sys.exit(int(code))
        return int(code)


app = typer.Typer(
    cls=_LazyGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings=HELP,
)


def _version(*, value: bool) -> None:
    if value:
        typer.echo(f"rescuecalc {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[  # its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Tirofiban dosing and protocol calculator for rescue therapy after stroke thrombectomy.

    Every number is calculated exactly, checked by a second route, and cited. What a source leaves open is asked for.
    Exit codes: 0 done, 1 findings at or above --fail-on, 2 unreadable input, 3 unreadable file, 4 refused, 70 internal
    error.
    """
