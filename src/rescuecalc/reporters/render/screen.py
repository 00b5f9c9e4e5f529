"""A first screen: a fixed number of lines, in which the warnings take what room the rest leaves.

The verdict and every error stand first. A warning that must be read is never left out; the others are printed while
there is room, and those that are not are counted by code.
"""

from __future__ import annotations

from collections import Counter
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.reporters.document.regimen.bedside import ALWAYS_SHOWN, OF_STATE, of_severity
from rescuecalc.reporters.render.page import PLAIN, QUIET, STRONG, WIDTH, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.reporters.render.page import Line

COLUMN: Final = 10
"""Columns of a field's name."""

SCREEN_LINES: Final = 26
"""Lines of a screen at 80 columns: a terminal has no fewer, once the prompt and the command have scrolled away."""

ASSURANCE: Final = (
    "arithmetic checked by two routes; weight, product and order not verified: an independent double check is needed"
)


class Brevity(IntEnum):
    """How much a page leaves out, so that it is one screen: the first of these that is short enough is printed."""

    FULL = 0
    BRIEF = 1
    BRIEFEST = 2
    CUT_TO_THREE = 3
    CUT_TO_TWO = 4
    CUT_TO_ONE = 5
    RUN_ON = 6
    NAMED = 7
    BY_CODE = 8


_ERROR_LINES: Final = {Brevity.CUT_TO_THREE: 3, Brevity.CUT_TO_TWO: 2, Brevity.CUT_TO_ONE: 1, Brevity.RUN_ON: 1}
"""Lines of each error after the first, where they do not fit in full."""

_FIRST_ERROR_LINES: Final = {Brevity.RUN_ON: 3, Brevity.NAMED: 2, Brevity.BY_CODE: 1}
"""Lines of the first error, where the page is still too long with each other one on one line."""


class LabelledText(NamedTuple):
    """A field as people read it; one without a label, or with an indented one, belongs to the row before it."""

    label: str
    text: str
    style: str = PLAIN


def joined(rows: Iterable[LabelledText], behind: Collection[str] = ()) -> list[LabelledText]:
    """Return the rows with those that belong to another behind it, and those of the labels ``behind`` too."""
    made: list[LabelledText] = []
    for each in rows:
        if made and (each.label[:1] in {"", " "} or each.label in behind):
            text = f"{made[-1].text}; {each.label.strip()} {each.text}".replace(";  ", "; ")
            made[-1] = made[-1]._replace(text=text)
        else:
            made.append(each)
    return made


def lines_at(width: int, lines: int = SCREEN_LINES) -> int:
    """Return the lines that take as much text at a width below 80 columns: a narrow page leaves out no more."""
    return lines * WIDTH // min(width, WIDTH)


def counted(number: int, word: str) -> str:
    """Return a number with its noun: ``1 warning``, ``2 warnings``."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def field(page: Page, label: str, text: str, style: str = "plain", brevity: Brevity = Brevity.FULL) -> None:
    """Add a labelled value; its further lines stand under the first, on the briefest page under its label."""
    page.add(f"{label:<{COLUMN - 1}} {text}", style, hang=2 if brevity >= Brevity.BRIEFEST else COLUMN)


def verdict(page: Page, made: Document, brevity: Brevity = Brevity.FULL) -> None:
    """Add what decides whether the numbers may be used, and every error in full.

    Where nothing else fits on one screen, the errors after the first are only begun, then only named.
    """
    errors, warnings = of_severity(made, "error"), of_severity(made, "warning")
    for place, each in enumerate(errors[:1] if brevity >= Brevity.NAMED else errors):
        label = "ERROR" if place else "DO NOT USE"
        most = (_ERROR_LINES if place else _FIRST_ERROR_LINES).get(brevity)
        page.lines += _begun(f"{label}: {each['code']} ", each, "error", page.width, most)
    if brevity >= Brevity.NAMED and errors[1:]:
        named = (_named(each) if brevity == Brevity.NAMED else each["code"] for each in errors[1:])
        page.add(f"ERRORS: {', '.join(_with_times(named))}", "error", hang=2)
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
            ", ".join(dict.fromkeys(texts)) for texts in (map(_named, errors), (each["code"] for each in errors))
        )
        line = f"DO NOT USE: {named}"
        page.add(line if len(line) <= page.width else f"DO NOT USE: {codes}", "error", hang=2)


def _named(found: Document) -> str:
    return f"{found['code']} {found['name']}"


def _with_times(texts: Iterable[str]) -> Iterator[str]:
    """Yield each text once; one that comes several times says how often."""
    for text, number in Counter(texts).items():
        yield f"{text} ({number} times)" if number > 1 else text


def within(lines: int, page: Callable[[Brevity], Page]) -> Page:
    """Return the fullest page that has so few ``lines``, else the shortest."""
    made = Page()
    for brevity in Brevity:
        made = page(brevity)
        if len(made.lines) <= lines:
            break
    return made


def assembled(
    made: Document,
    parts: Sequence[Page],
    lines: int,
    drawing: Sequence[Line] = (),
    brevity: Brevity = Brevity.FULL,
) -> Page:
    """Return one page: the first of ``parts``, the warnings, the others, what is hidden, and the last line.

    The warnings take what room is left of ``lines``; a ``drawing`` stands after the second part where it fits as well.
    A brief page counts notes, sources and steps together. Hidden warnings are named where there is room for it.
    """
    page = _assembled(made, parts, lines, drawing, brevity, named=True)
    return page if len(page.lines) <= lines else _assembled(made, parts, lines, drawing, brevity, named=False)


def _assembled(
    made: Document, parts: Sequence[Page], lines: int, drawing: Sequence[Line], brevity: Brevity, *, named: bool
) -> Page:
    top, *others = parts
    hidden = partial(_hidden, made, width=top.width, brief=brevity > Brevity.FULL, named=named)
    warnings = partial(_warnings, of_severity(made, "warning"), width=top.width, brevity=brevity)
    must = _must_be_read(warnings, hidden)
    end = _end(made, lines - sum(len(part.lines) for part in parts) - must, top.width)
    room = lines - sum(len(part.lines) for part in (*parts, end))
    shown, left = warnings(room - 1)
    drawn = ("timeline",) if drawing else ()
    taken = len(hidden(left, drawn))
    if taken > 1:  # naming what is left out takes lines itself
        shown, left = warnings(room - taken)
    fits = len(shown) + len(drawing) + taken <= room
    page = Page(top.width)
    page.lines = [*top.lines, *shown]
    for place, part in enumerate(others):
        page.lines += part.lines
        page.lines += drawing if fits and not place else ()
    page.lines += hidden(left, () if fits else drawn)
    page.lines += end.lines
    return page


def _end(made: Document, room: int, width: int) -> Page:
    """Return the end of a page; beside an error a reassurance for which there is no room is left out."""
    end, alone = Page(width), Page(width)
    assurance(end, made)
    error_again(alone, made)
    return alone if alone.lines and len(end.lines) > room else end


def _must_be_read(
    warnings: Callable[[int], tuple[list[Line], list[str]]],
    hidden: Callable[[list[str], Sequence[str]], list[Line]],
) -> int:
    """Return the lines of the warnings that are never left out, and of those that count the others."""
    shown, left = warnings(0)
    return len(shown) + len(hidden(left, ("timeline",)))


def _hidden(
    made: Document, warnings: list[str], more: Sequence[str], width: int, *, brief: bool, named: bool
) -> list[Line]:
    """Return how much of the whole page is not shown, and how to see it; warnings are counted by code."""
    page = Page(width)
    # One that is begun above has said there what it is.
    names = {each["code"]: f" {each['name']}" for each in made["findings"] if named and each["code"] in warnings}
    codes = (code.removesuffix(MORE) for code in warnings)
    listed = ", ".join(_with_times(f"{code}{names.get(code, '')}" for code in codes))
    notes = len(made.get("notes", ())) + len(of_severity(made, "note"))
    sources = len({each["title"] for each in made["sources"]})
    steps = len(made.get("derivation", ()))
    each = [counted(number, word) for number, word in ((notes, "note"), (sources, "source"), (steps, "step")) if number]
    parts = [
        *([f"{counted(len(warnings), 'warning')} ({listed})"] if warnings else []),
        *([f"{notes + sources + steps} notes, sources, steps"] if brief else each),
        *more,
    ]
    page.add(f"hidden: {', '.join(parts)}; see --details", "warning" if warnings else QUIET, hang=2)
    return page.lines


_SAID_ABOVE: Final = frozenset({"RC311", "RC313", "RC410"})
"""The exact value and the deviation stand beside a rounded one, a label's contraindication behind "label use"."""


def _warnings(found: Iterable[Document], room: int, width: int, brevity: Brevity) -> tuple[list[Line], list[str]]:
    """Return the warnings that fit into ``room`` lines, those that must be read first, and the codes of the others.

    One that does not fit is begun on the lines that are left, and stands among the others too, with an end that says
    so. On the briefest page those of which the numbers or the head say the same are begun on one line.
    """
    shown: list[Line] = []
    left: list[str] = []
    due = sorted(found, key=lambda each: (each["code"] not in ALWAYS_SHOWN, each["code"] not in OF_STATE))
    for place, each in enumerate(due, 1):
        most = 1 if brevity >= Brevity.BRIEFEST and each["code"] in _SAID_ABOVE else None
        lines, kept = _warning(each, width, most), len(due) - place
        if each["code"] in ALWAYS_SHOWN or len(shown) + len(lines) + kept <= room:
            shown += lines
        else:
            begun = _warning(each, width, max(1, room - len(shown) - kept)) if len(shown) < room else []
            shown += begun
            left.append(each["code"] + (MORE if begun else ""))
    return shown, left


MORE: Final = " ..."


def _warning(each: Document, width: int, most: int | None = None) -> list[Line]:
    return _begun(f"WARNING {each['code']}: ", each, "warning", width, most)


ENDS: Final = ("; ", ". ", " (")
"""Behind these a message may be left: what stands before says something by itself."""


def _begun(label: str, each: Document, style: str, width: int, most: int | None) -> list[Line]:
    """Return a finding in at most so many lines, of which the last says that more follows.

    It ends with one of its statements; where not even the first has room, the name of a warning stands before its
    words. Those of an error are named once more at the end of the page.
    """
    text = f"{label}{each['message']}"
    lines = _folded(text, style, width)
    if most is None or len(lines) <= most:
        return lines
    lines = at_a_statement(text, len(label), most, partial(_folded, style=style, width=width))
    if lines:
        return lines
    if style == "warning":
        text = f"{label.removesuffix(': ')} {each['name']}: {each['message']}"
    return cut(_folded(text, style, width), width, most)


def at_a_statement(
    text: str, first: int, most: int, folded: Callable[[str], list[Line]], ends: Sequence[str] = ENDS
) -> list[Line]:
    """Return the longest beginning in so many lines that ends, after ``first``, with a statement; none has no line."""
    for at in sorted((at for end in ends for at in _places(text, end) if at > first), reverse=True):
        lines = folded(f"{text[:at]}{MORE}")
        if len(lines) <= most:
            return lines
    return []


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _folded(text: str, style: str, width: int) -> list[Line]:
    page = Page(width)
    page.add(text, style, hang=2)
    return page.lines


def cut(lines: list[Line], width: int, most: int) -> list[Line]:
    """Return the first lines, of which the last says that more follows."""
    last = lines[most - 1]
    room = width - len(MORE)
    end = last.text if len(last.text) <= room else last.text[:room].rpartition(" ")[0]
    return [*lines[: most - 1], last._replace(text=f"{end}{MORE}")]
