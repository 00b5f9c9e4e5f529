"""A page on a terminal: errors in a panel, tables with lines, colour. The words are those of the plain text.

Nothing depends on it: a reader without colour, or of a pipe, sees the same words.
"""

from itertools import groupby, takewhile
from typing import Any, Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from rescuecalc.reporters.render.page import STRONG, Line, Page, wrapped
from rescuecalc.reporters.render.screen import SCREEN_LINES

_STYLES: Final = {
    "heading": "bold cyan",
    "strong": "bold",
    "quiet": "dim",
    "error": "bold red",
    "warning": "yellow",
    "note": "",
}
_FRAME: Final = 4
"""Columns that a panel takes from its text."""

_RULES: Final = 2
"""Lines that a panel draws around it: a page that fills its screen is drawn without, so that it stays one screen."""

_HANG: Final = "  "
"""Stands before the further lines of an error."""


def drawn(page: Page) -> str | None:
    """Return a page with the codes that a terminal reads, None where this one reads none."""
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    if console.legacy_windows:
        return None
    with console.capture() as captured:
        errors = list(takewhile(lambda line: line.style == "error", page.lines))
        if errors:
            framed = _framed(errors, page.width)
            is_full = len(page.lines) <= SCREEN_LINES < len(page.lines) - len(errors) + len(framed) + _RULES
            console.print(Group(*map(_text, errors)) if is_full else _panel(framed, page.width))
        for is_table, run in groupby(page.lines[len(errors) :], key=lambda line: bool(line.cells)):
            lines = list(run)
            console.print(_table(lines) if is_table else Group(*map(_text, lines)))
    return captured.get()


def _text(line: Line) -> Text:
    return Text(line.text, style=_STYLES.get(line.style, ""))


def _framed(lines: list[Line], width: int) -> list[str]:
    """Return the lines of errors as they are wrapped within a frame."""
    paragraphs: list[str] = []
    for line in lines:
        if line.text.startswith(_HANG) and paragraphs:
            paragraphs[-1] += f" {line.text.strip()}"
        else:
            paragraphs.append(line.text)
    return [part for each in paragraphs for part in wrapped(each, width - _FRAME, "", _HANG)]


def _panel(lines: list[str], width: int) -> RenderableType:
    text = Text("\n".join(lines), style=_STYLES["error"])
    return Panel(text, box=box.HEAVY, border_style=_STYLES["error"], width=width)


def _table(lines: list[Line]) -> RenderableType:
    """Return lines with cells as a table, with a line under its head; a cell has its alignment already."""
    made: Any = Table(box=box.SQUARE, show_header=False, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    for _ in lines[0].cells:
        made.add_column(no_wrap=True)
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        is_last_of_head = line.style == STRONG and (following is None or following.style != STRONG)
        cells = [Text(cell, style=_STYLES.get(line.style, "")) for cell in line.cells]
        made.add_row(*cells, end_section=is_last_of_head)
    return Padding(made, (0, 0, 0, _indent(lines[-1].text) - _indent(lines[-1].cells[0])))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
