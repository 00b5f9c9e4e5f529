"""`rescuecalc help`: the help of a command, or the list of all."""

from typing import Annotated, Any

import typer

from rescuecalc.cli.command import command_app
from rescuecalc.cli.output import CommandResult


def help_of(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND]...", help="A command, as dose or protocol show.")
    ] = None,
) -> CommandResult:
    """Show the help of a command, as with --help; without a command, list all commands."""
    at: Any = ctx.find_root()
    for name in names or ():
        found = at.command.resolve_command(at, [name])[1] if hasattr(at.command, "resolve_command") else None
        if found is None:
            break
        at = type(at)(found, info_name=name, parent=at, **found.context_settings)
    return CommandResult(f"{at.get_help()}\n")


app = command_app(help_of, "help dose")
