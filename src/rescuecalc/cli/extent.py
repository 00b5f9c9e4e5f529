"""How much of a result a person is shown: the first screen, the whole page, or the numbers alone."""

from collections.abc import Callable
from typing import Annotated, NamedTuple

from rescuecalc.cli.output import Outcome
from rescuecalc.errors import ExitCode, InputError
from rescuecalc.reporters.render.page import Page
from rescuecalc.requests.option import Option


class Extent(NamedTuple):
    """What is typed of it; JSON and the other formats do not depend on it."""

    details: Annotated[bool, Option(None, "Print the whole page: every note, source and step.", "--details")] = False
    quiet: Annotated[bool, Option(None, "Print the numbers alone, each with its concentration.", "--quiet")] = False

    def checked(self) -> "Extent":
        """Return this; InputError where both are asked for."""
        if self.details and self.quiet:
            raise InputError("--details and --quiet ask for all and for little; write one of them")
        return self


def shown(
    extent: Extent,
    whole: Callable[[], Page | str],
    screen: Callable[[], Page],
    quiet: Callable[[], str],
    remarks: Callable[[], tuple[str, ...]],
    code: ExitCode,
    notes: tuple[str, ...],
) -> Outcome:
    """Return what is printed; what no option hides goes to stderr where the numbers stand alone."""
    if extent.quiet:
        return Outcome(quiet(), code, notes, remarks())
    return Outcome(whole() if extent.details else screen(), code, notes)
