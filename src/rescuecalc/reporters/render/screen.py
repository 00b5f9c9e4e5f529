"""A first screen: a fixed number of lines, in which the warnings take what room the rest leaves.

The verdict and every error stand first. A warning that must be read is never left out; the others are printed while
there is room, and those that are not are counted by code.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.document.regimen.bedside import ALWAYS_SHOWN, of_severity
from rescuecalc.reporters.render.page import QUIET, STRONG, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.reporters.render.page import Line

COLUMN: Final = 10
"""Columns of a field's name."""

SCREEN_LINES: Final = 26
"""Lines of a screen at 80 columns: a terminal has no fewer, once the prompt and the command have scrolled away."""

ASSURANCE: Final = (
    "arithmetic checked by two routes; weight, product and order not verified: an independent double check is needed"
)


def counted(number: int, word: str) -> str:
    """Return a number with its noun: ``1 warning``, ``2 warnings``."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def field(page: Page, label: str, text: str, style: str = "plain") -> None:
    """Add a labelled value; its further lines stand under the first."""
    page.add(f"{label:<{COLUMN - 1}} {text}", style, hang=COLUMN)


def verdict(page: Page, made: Document) -> None:
    """Add what decides whether the numbers may be used, and every error in full."""
    errors, warnings = of_severity(made, "error"), of_severity(made, "warning")
    for place, each in enumerate(errors):
        page.add(f"{'ERROR' if place else 'DO NOT USE'}: {each['code']} {each['message']}", "error", hang=2)
    if not errors and warnings:
        page.add(f"READ FIRST: {counted(len(warnings), 'warning')}, no error", "warning")
    elif not errors:
        page.add("no error and no warning in the given values", STRONG)


def assurance(page: Page, made: Document) -> None:
    """Add the last line: what was checked and what was not, then the error once more."""
    page.add(ASSURANCE, QUIET)
    error_again(page, made)


def error_again(page: Page, made: Document) -> None:
    """Add the errors by code as the last line that is read, with their names where one line has room for them."""
    errors = of_severity(made, "error")
    if errors:
        named, codes = (
            ", ".join(dict.fromkeys(texts))
            for texts in ((f"{each['code']} {each['name']}" for each in errors), (each["code"] for each in errors))
        )
        line = f"DO NOT USE: {named}"
        page.add(line if len(line) <= page.width else f"DO NOT USE: {codes}", "error", hang=2)


def within(lines: int, page: Callable[[bool], Page]) -> Page:
    """Return the page in full where it has so few ``lines``, else the brief one."""
    made = page(False)
    return made if len(made.lines) <= lines else page(True)


def assembled(made: Document, parts: Sequence[Page], lines: int, drawing: Sequence[Line] = ()) -> Page:
    """Return one page: the first of ``parts``, the warnings, the others, what is hidden, and the last line.

    The warnings take what room is left of ``lines``; a ``drawing`` stands after the second part where it fits as well.
    """
    top, *others = parts
    warnings = of_severity(made, "warning")
    end = _end(made, lines - sum(len(part.lines) for part in parts) - _must_be_read(made, top.width), top.width)
    room = lines - sum(len(part.lines) for part in (*parts, end))
    shown, left = _warnings(warnings, room - 1, top.width)
    drawn = ("timeline",) if drawing else ()
    taken = len(_hidden(made, left, drawn, top.width))
    if taken > 1:  # naming what is left out takes lines itself
        shown, left = _warnings(warnings, room - taken, top.width)
    fits = len(shown) + len(drawing) + taken <= room
    page = Page(top.width)
    page.lines = [*top.lines, *shown]
    for place, part in enumerate(others):
        page.lines += part.lines
        page.lines += drawing if fits and not place else ()
    page.lines += _hidden(made, left, () if fits else drawn, top.width)
    page.lines += end.lines
    return page


def _end(made: Document, room: int, width: int) -> Page:
    """Return the end of a page; beside an error a reassurance for which there is no room is left out."""
    end, alone = Page(width), Page(width)
    assurance(end, made)
    error_again(alone, made)
    return alone if alone.lines and len(end.lines) > room else end


def _must_be_read(made: Document, width: int) -> int:
    """Return the lines of the warnings that are never left out, and of those that count the others."""
    warnings = of_severity(made, "warning")
    shown, left = _warnings(warnings, 0, width)
    return len(shown) + len(_hidden(made, left, ("timeline",), width))


def _hidden(made: Document, warnings: list[str], more: Sequence[str], width: int) -> list[Line]:
    """Return how much of the whole page is not shown, and how to see it; warnings are counted by code."""
    page = Page(width)
    codes = Counter(warnings)
    named = ", ".join(f"{code} ({number} times)" if number > 1 else code for code, number in codes.items())
    notes = len(made.get("notes", ())) + len(of_severity(made, "note"))
    sources = len({each["title"] for each in made["sources"]})
    parts = [
        *([f"{counted(len(warnings), 'warning')} ({named})"] if warnings else []),
        *(
            counted(number, word)
            for number, word in ((notes, "note"), (sources, "source"), (len(made.get("derivation", ())), "step"))
            if number
        ),
        *more,
    ]
    page.add(f"hidden: {', '.join(parts)}; see --details", "warning" if warnings else QUIET, hang=2)
    return page.lines


def _warnings(found: Iterable[Document], room: int, width: int) -> tuple[list[Line], list[str]]:
    """Return the warnings that fit into ``room`` lines, those that must be read first, and the codes of the others.

    One that does not fit is begun on a line of its own, where there is one, and stands among the others too.
    """
    shown: list[Line] = []
    left: list[str] = []
    due = sorted(found, key=lambda each: each["code"] not in ALWAYS_SHOWN)
    for place, each in enumerate(due, 1):
        lines, kept = _warning(each, width), len(due) - place
        if each["code"] in ALWAYS_SHOWN or len(shown) + len(lines) + kept <= room:
            shown += lines
        else:
            shown += _begun(each, width) if len(shown) < room else []
            left.append(each["code"])
    return shown, left


def _begun(each: Document, width: int) -> list[Line]:
    """Return the first line of a warning, which says that more follows."""
    page = Page(width)
    line = f"WARNING {each['code']}: {each['message']}"
    page.add(f"{line[: width - len(_MORE)].rpartition(' ')[0]}{_MORE}" if len(line) > width else line, "warning")
    return page.lines


_MORE: Final = " ..."


def _warning(each: Document, width: int) -> list[Line]:
    page = Page(width)
    page.add(f"WARNING {each['code']}: {each['message']}", "warning", hang=2)
    return page.lines
