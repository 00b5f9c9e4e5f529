"""How much of a result a person is shown: the first screen, the whole page, or the numbers alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

from rescuecalc.cli.output import CommandResult
from rescuecalc.errors import ExitCode, InputError
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.render.page import Page
from rescuecalc.requests.input.option import Option


class Extent(NamedTuple):
    """What is typed of it; JSON and the other formats do not depend on it."""

    details: Annotated[bool, Option(None, "Print the whole page: every note, source and step.", "--details")] = False
    quiet: Annotated[bool, Option(None, "Print only the numbers, each with its concentration.", "--quiet")] = False

    def checked(self) -> "Extent":
        """Return this; InputError where more than one is asked for."""
        return _one_of(self)


class BedsideExtent(NamedTuple):
    """The same of a command that also makes a bedside card."""

    details: Annotated[bool, Option(None, "Print the whole page: every note, source and step.", "--details")] = False
    quiet: Annotated[bool, Option(None, "Print only the numbers, each with its concentration.", "--quiet")] = False
    card: Annotated[bool, Option(None, "A bedside card to print, HTML on one page; --card FILE.html writes it.")] = (
        False
    )

    def checked(self) -> "BedsideExtent":
        """Return this; InputError where more than one is asked for."""
        return _one_of(self)


E = TypeVar("E", Extent, BedsideExtent)


def _one_of(extent: E) -> E:
    asked = [f"--{name}" for name, value in zip(extent._fields, extent, strict=True) if value]
    if len(asked) > 1:
        raise InputError(f"{' and '.join(asked)} ask for different pages; write one of them")
    return extent


def shown(
    extent: Extent | BedsideExtent,
    whole: Callable[[], Page | str],
    screen: Callable[[], Page],
    quiet: Callable[[], str],
    remarks: Callable[[], tuple[str, ...]],
    code: ExitCode,
    notes: tuple[str, ...],
) -> CommandResult:
    """Return what is printed; what no option hides goes to stderr where the numbers stand alone."""
    if extent.quiet:
        return CommandResult(quiet(), code, notes, remarks())
    return CommandResult(whole() if extent.details else screen(), code, notes)


def card(made: Document, facts: Document, file: Path | None, code: ExitCode, notes: tuple[str, ...]) -> CommandResult:
    """Return the bedside card; CalculationRefused while an error stands."""
    from rescuecalc.reporters.render.regimen.card_html import bedside_card  # noqa: PLC0415  # only --card pays for it
    from rescuecalc.requests.bedside import card_versions  # noqa: PLC0415

    return CommandResult(bedside_card(made, facts, card_versions(made, file)), code, notes)
