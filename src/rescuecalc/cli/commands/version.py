"""`rescuecalc version`: which release this is."""

from rescuecalc import __version__
from rescuecalc.cli.command import command_app
from rescuecalc.cli.output import CommandResult


def version() -> CommandResult:
    """Show the version, as --version does."""
    return CommandResult(f"rescuecalc {__version__}\n")


app = command_app(version, "version")
