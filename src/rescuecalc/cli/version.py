"""`rescuecalc version`: which release this is."""

from rescuecalc import __version__
from rescuecalc.cli.command import command_app
from rescuecalc.cli.output import Outcome


def version() -> Outcome:
    """Show the version, as --version does."""
    return Outcome(f"rescuecalc {__version__}\n")


app = command_app(version, "version")
