"""The first screen of `protocol show`: what the source states, and what its drug's labels say before the start."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.render.page import BEFORE_THE_START, QUIET, WIDTH, Page, listed
from rescuecalc.reporters.render.protocol_text import every_source, protocol_page, stated_page
from rescuecalc.reporters.render.screen import ENDS, MORE, at_a_statement, counted, cut, lines_at

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.reporters.render.page import Line


def protocol_screen(made: Document, width: int = WIDTH) -> Page:
    """Return the whole page where it is one screen, else one without sources, table and, at need, remarks."""
    page, lines = protocol_page(made, width), lines_at(width)
    if len(page.lines) <= lines:
        return page
    page = _screen(made, width, lines, remarks=True)
    # A remark gives way to what a label says before the start.
    is_whole = len(page.lines) <= lines and not any(line.text.endswith(MORE) for line in page.lines)
    return page if is_whole or not made["remarks"] else _screen(made, width, lines, remarks=False)


def _screen(made: Document, width: int, lines: int, *, remarks: bool) -> Page:
    """Return what is stated, then each entry before the start in the room that is left, at least on one line."""
    page = stated_page(made, width, remarks=remarks)
    page.heading(BEFORE_THE_START)
    longest = _hidden(made, width, len(made["before_start"]), remarks=remarks)
    entries = _entries(made, width, lines - len(page.lines) - len(longest))
    page.lines += [line for entry in entries for line in entry]
    page.lines += _hidden(made, width, sum(entry[-1].text.endswith(MORE) for entry in entries), remarks=remarks)
    return page


def _entries(made: Document, width: int, room: int) -> list[list[Line]]:
    """Return the lines of each entry; the drug's own, which stand last, take the room before what is known of all."""
    entries: list[list[Line]] = []
    for left, each in reversed(list(enumerate(made["before_start"]))):
        entries.insert(0, _begun(each["words"], width, max(1, room - left)))
        room -= len(entries[0])
    return entries


_PARTS: Final = (*ENDS, ", ")
"""What a label lists is also left behind one of its conditions."""


def _begun(words: str, width: int, most: int) -> list[Line]:
    entry = partial(listed, width=width)
    lines = entry(words)
    if len(lines) <= most:
        return lines
    return at_a_statement(words, 0, most, entry, _PARTS) or cut(lines, width, most)


def _hidden(made: Document, width: int, begun: int, *, remarks: bool) -> list[Line]:
    """Return how much of the whole page is not shown, and how to see it."""
    page = Page(width)
    parts = [
        *([f"the rest of {counted(begun, 'line')} ({MORE.strip()})"] if begun else []),
        *([counted(len(made["remarks"]), "remark")] if made["remarks"] and not remarks else []),
        *(["the label's table"] if made["label_band"] else []),
        counted(len({each["title"] for each in every_source(made)}), "source"),
    ]
    page.add(f"hidden: {', '.join(parts)}; see --details", QUIET, hang=2)
    return page.lines
