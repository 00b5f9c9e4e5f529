"""A page of text: lines with a style, wrapped to a width. Colour is added only where it is drawn on a terminal."""

from __future__ import annotations

import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.reporters.render.harmless_text import columns, fitting, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rescuecalc.reporters.document.common_parts import Document

WIDTH = 80
HEADING, PLAIN, STRONG, QUIET = "heading", "plain", "strong", "quiet"


class Line(NamedTuple):
    """One line of text and its style: heading, plain, strong, quiet, error, warning or note.

    ``cells`` are its parts where it is a row of a table; a terminal draws lines between them.
    """

    text: str
    style: str = PLAIN
    cells: tuple[str, ...] = ()


class Page:
    """Lines in order; long ones are wrapped under their own indent, never between a number and its unit."""

    def __init__(self, width: int = WIDTH) -> None:
        self.width = width
        self.lines: list[Line] = []

    def heading(self, text: str) -> None:
        """Add a heading with an empty line before it."""
        if self.lines:
            self.lines.append(Line(""))
        self.add(text, style=HEADING)

    def path(self, text: str) -> None:
        """Add the path of a file as a heading with an empty line before it, in full."""
        if self.lines:
            self.lines.append(Line(""))
        self.lines.extend(Line(part, HEADING) for part in folded(text, self.width))

    def add(self, text: str, style: str = PLAIN, indent: int = 0, hang: int = 0) -> None:
        """Add a paragraph, indented; its further lines hang by so much more. A word longer than a line is broken."""
        parts = wrapped(printable(text), self.width, " " * indent, " " * (indent + hang), break_words=True)
        self.lines.extend(Line(part, style) for part in parts or [""])

    def exactly(self, text: str, style: str = PLAIN) -> None:
        """Add one line as it is: a drawing is never wrapped."""
        self.lines.append(Line(printable(text), style))

    def field(self, label: str, text: str, style: str = PLAIN, indent: int = 2, column: int = 14) -> None:
        """Add a labelled value; the value's lines stand under each other."""
        self.add(f"{label:<{column}}{text}" if label else f"{'':<{column}}{text}", style, indent, column)

    def rows(self, rows: Sequence[Sequence[str]], indent: int = 2) -> None:
        """Add aligned columns; the first is left-aligned, the others right-aligned."""
        rows = [[printable(cell) for cell in row] for row in rows]
        # Numbers stand under each other by their last digit, as in the tables of a label.
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        for number, row in enumerate(rows):
            cells = [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
            text, style = " " * indent + "  ".join(cells).rstrip(), STRONG if number == 0 else PLAIN
            self.lines.append(Line(text, style, tuple(cells)))

    def text(self) -> str:
        """Return the page as plain text."""
        return "".join(f"{line.text}\n" for line in self.lines)


_HANG = "    "
"""Stands before each further line of a path: findings are indented by two, so a path never looks like one."""

_SEPARATORS = "/", "\\"


def folded(path: str, width: int) -> list[str]:
    """Return ``path`` in lines of at most ``width`` columns, each broken after a separator where it has one.

    A path is never shortened: two files may share the part that is left, and the reader would open the wrong one.
    The lines without their indent, put together, are the path; a tool that needs it in one piece reads another format.

    >>> folded("hospital/stroke unit/orders.yaml", 20)
    ['hospital/', '    stroke unit/', '    orders.yaml']
    """
    lines: list[str] = []
    hang, rest = "", path
    while columns(rest) > width - len(hang):
        part = fitting(rest, max(_WIDE, width - len(hang)))
        # A space at the end of a line cannot be seen: it begins the next one.
        end = max(part.rfind(each) + 1 for each in _SEPARATORS) or len(part.rstrip(" ")) or len(part)
        lines.append(hang + rest[:end])
        hang, rest = _HANG, rest[end:]
    return [*lines, hang + rest]


def wrapped(text: str, width: int, first: str, rest: str, *, break_words: bool = False) -> list[str]:
    """Return ``text`` in lines that begin with ``first`` and then ``rest``, never broken between number and unit.

    A word that is longer than a line stands out unless ``break_words``: a reader of a file would join it with a space.
    """
    # Glued before it is measured, since the glue counts as the space that it stands for.
    bound = _widened(glued(text))
    wrapper = textwrap.TextWrapper(
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=break_words or _SECOND in bound,  # scripts without spaces have no other place to break at
        break_on_hyphens=False,
    )
    return [_loosened(part) for part in wrapper.wrap(bound)]


_GLUE = "\u00a0"

_WIDE = 2
"""The columns of the widest character."""

_SECOND = "\ue000"
"""Stands for the second column of a wide character while lines are measured."""


def _widened(text: str) -> str:
    return text if text.isascii() else "".join(each + _SECOND * (columns(each) - 1) for each in text)


def glued(text: str) -> str:
    """Return ``text`` with each number glued to its unit, by a no-break space.

    `250 mcg/` at a line's end and `mL` on the next is how volumes become doses.
    """
    words = text.split(" ")
    parts = words[:1]
    for before, word in pairwise(words):
        number = before.strip("(+-").replace(",", "").replace(".", "").isdigit() and (
            word[:1].isalpha() or word[:1] == "%"
        )
        # A line that begins so would be a command to GitHub's runner.
        parts.append((_GLUE if number or word.startswith("::") else " ") + word)
    return "".join(parts)


def _loosened(text: str) -> str:
    return text.replace(_GLUE, " ").replace(_SECOND, "")


def running(page: Page, protocol: Document) -> None:
    """Say of a running trial that nobody knows whether its regimen helps or harms."""
    if protocol["kind"] == "running-trial":
        page.add("RUNNING TRIAL: a regimen without a result", "warning")


def population(protocol: Document) -> tuple[str, str]:
    """Return for whom a protocol is or was, behind the word for it."""
    return "labelled for" if protocol["kind"] == "label" else "studied in", protocol["population"]


BEFORE_THE_START = "BEFORE THE START"


def before_the_start(page: Page, made: Document) -> None:
    """Add what is to be known of a drug and checked before it is started."""
    page.heading(BEFORE_THE_START)
    for each in made["before_start"]:
        page.lines += listed(each["words"], page.width)


def listed(words: str, width: int) -> list[Line]:
    """Return the lines of one entry of a list."""
    page = Page(width)
    page.add(f"- {words}", indent=2, hang=2)
    return page.lines


def findings(page: Page, found: Iterable[Document], above: frozenset[str] = frozenset()) -> None:
    """Add the findings, each with severity and code; of notes that stand ``above`` on the page only the codes."""
    every = list(found)
    listed = [each for each in every if each["code"] not in above or each["severity"] != "note"]
    page.heading("FINDINGS")
    if not listed:
        page.add("none", indent=2)
    for each in listed:
        text = f"{each['severity'].upper():<8}{each['code']}  {each['message']}"
        page.add(text, each["severity"], indent=2, hang=15)
    stated = dict.fromkeys(each["code"] for each in every if each not in listed)
    if stated:
        page.add(f"stated above: {', '.join(stated)}", QUIET, indent=2)


def cited(each: Document) -> str:
    """Return a source on one line."""
    return "; ".join(part for part in (each["title"], each["locator"], each["doi"] and f"doi {each['doi']}") if part)


def source_list(page: Page, found: Iterable[Document]) -> None:
    """Add the sources with their locators, one source an entry."""
    page.heading("SOURCES")
    for title, locators, doi in _by_title(found):
        page.add("; ".join(part for part in (title, *locators, doi and f"doi {doi}") if part), QUIET, indent=2, hang=2)


def _by_title(found: Iterable[Document]) -> Iterator[tuple[str, list[str], str | None]]:
    titles: dict[str, tuple[list[str], str | None]] = {}
    for each in found:
        # In the order in which the page cites them, as a reader looks for them.
        titles.setdefault(each["title"], ([], each["doi"]))[0].append(each["locator"])
    for title, (locators, doi) in titles.items():
        yield title, list(dict.fromkeys(locators)), doi
