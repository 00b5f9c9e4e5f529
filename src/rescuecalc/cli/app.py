"""The entry point: finds the command and imports only that one."""

import sys
from functools import cache
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from rescuecalc import __version__
from rescuecalc.cli.command import HELP
from rescuecalc.cli.exit_codes import ended
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import ExitCode, InputError

COMMANDS: Final = {
    "dose": "Doses, pump rates and containers of a patient",
    "rate": "A dose rate as a pump rate, or back",
    "table": "One protocol over a range of weights",
    "renal": "Creatinine clearance (Cockcroft-Gault)",
    "bridge": "From the infusion to oral antiplatelets",
    "plan": "Doses, bridge and monitoring on one page",
    "stop": "What was given until a stop, and the hours after it",
    "check": "Check order sets in files",
    "library": "Pump drug libraries: check, diff, show, template",
    "protocol": "The protocols, and your hospital's own",
    "evidence": "The studies, figure by figure as printed",
    "strategy": "What the review discusses for which situation",
    "rule": "What a finding's code means",
    "schema": "JSON Schemas of input files, for editors",
    "selftest": "Known answers on this machine, with versions",
    "help": "The help of a command",
    "version": "The version",
    "completion": "The completion script of a shell",
}
"""Each command with what it is for. The list stands here, so that showing it imports no command."""

_ALSO_CALLED: Final = {
    **dict.fromkeys(("calc", "calculate", "dosing"), "dose"),
    **dict.fromkeys(("lint", "validate", "verify"), "check"),
    **dict.fromkeys(("crcl", "clearance"), "renal"),
    **dict.fromkeys(("convert", "pump"), "rate"),
    **dict.fromkeys(("list", "protocols"), "protocol list"),
    **dict.fromkeys(("rules", "explain"), "rule"),
    "studies": "evidence list",
}
"""What people type for a command that has another name here."""


@cache  # who calls main() again and again in one process, as tests do, builds its options once
def _command(name: str) -> Any:
    command = typer.main.get_command(import_module(f"rescuecalc.cli.commands.{name}").app)
    command.name = name
    return command


class _LazyGroup(TyperGroup):
    """Imports a command's module when that command is called, and owns the exit codes of all of them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # the signature is typer's
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        return _command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is named; InputError with the nearest one for a name that is none."""
        name = args[0]
        # An unknown option is typer's to refuse, which knows the options.
        if name.startswith("-") or name in COMMANDS:
            return super().resolve_command(ctx, args)
        raise InputError(f"unknown command {quoted(name)}{_meant(name) or '; `rescuecalc help` lists every command'}")

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run as typer does, but hand every ending to ``ended``; typer would exit 1, "findings", for a crash."""
        standalone = kwargs.pop("standalone_mode", True)
        inner: Any = super().main
        # Not by typer: it ends with 1 for a crash, which in a pipeline reads as "findings".
        code = ended(lambda: inner(*args, **kwargs, standalone_mode=False))
        if standalone:
            sys.exit(int(code))
        return int(code)


def _meant(name: str) -> str:
    # Only a name that is none pays for these.
    from rescuecalc.catalogue.catalogue import drugs, protocol_ids  # noqa: PLC0415
    from rescuecalc.core.drugs.drug_name import drug_name  # noqa: PLC0415
    from rescuecalc.core.drugs.suggestions import begun_names, nearest  # noqa: PLC0415

    drug = next((each for each in (drug_name(name), *begun_names(name, drugs())) if each in drugs()), None)
    if drug is not None:
        return f"; did you mean dose PROTOCOL? `rescuecalc dose {drug}` names the protocols of {drug}"
    if name.lower() in protocol_ids():
        return f"; did you mean dose {name.lower()}?"
    if name.lower() in _ALSO_CALLED:
        return f"; did you mean {_ALSO_CALLED[name.lower()]}?"
    return nearest(name, COMMANDS, cutoff=0.6)


app = typer.Typer(
    cls=_LazyGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings=HELP,
)


def _version(*, value: bool) -> None:
    if value:
        typer.echo(f"rescuecalc {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    ctx: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001  # its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Tirofiban dosing and protocol calculator for rescue therapy after stroke thrombectomy.

    Every number is calculated exactly, checked by a second route, and cited. If a source states no value, you are
    asked for it. Exit codes: 0 done, 1 findings at or above --fail-on, 2 unreadable input, 3 unreadable file, 4
    refused, 70 internal error.
    """
    if ctx.invoked_subcommand is None:
        from rescuecalc.cli.orientation import ORIENTATION  # noqa: PLC0415  # only a bare call pays for it

        typer.echo(ORIENTATION, nl=False)
        raise typer.Exit(ExitCode.BAD_INPUT)
