"""The timeline of a plan, drawn in characters."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.render.regimen.timeline_lanes import COVERS, GAP, POSSIBLE, UNKNOWN, WINDOW, timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.reporters.render.regimen.timeline_lanes import Lane, Timeline

_NAME: Final = 18
"""Columns for a lane's name."""

_SIGNS: Final = {COVERS: "\u2588", POSSIBLE: "\u2592", UNKNOWN: "?", GAP: "X", WINDOW: "-"}
_STEPS: Final = (1, 2, 3, 4, 6, 8, 12, 24)
_HOUR: Final = 3600
LEGEND: Final = "\u2588 covers  \u2592 may cover  ? unknown  X gap  - window  * dose  | check or change"


def timeline_lines(made: Document, width: int) -> list[str]:
    """Return the lanes of a plan as lines of at most ``width`` characters; none where it has no infusion."""
    drawn = timeline(made)
    if drawn is None:
        return []
    scale = _Scale(drawn, width - _NAME - 1)
    lines = [*_axis(drawn, scale), *(_row(lane, scale) for lane in drawn.lanes)]
    change = drawn.change()
    if change is not None:
        lines.append(_named("", scale.marked([(change[0], "^")])))
        lines.append(f"  {change[1]} at ^")
    lines += textwrap.wrap(LEGEND, width, initial_indent="  ", subsequent_indent="  ")
    lines += _words("outside of the drawing", drawn.outside, width) + _words("time not stated", drawn.unplaced, width)
    return [line.rstrip() for line in lines]


def _words(label: str, found: Sequence[str], width: int) -> list[str]:
    text = f"  {label}: {'; '.join(dict.fromkeys(found))}"
    return textwrap.wrap(text, width, subsequent_indent="    ", break_on_hyphens=False) if found else []


class _Scale:
    """From seconds to columns."""

    def __init__(self, drawn: Timeline, columns: int) -> None:
        self.begin, self.end, self.columns = drawn.begin, drawn.end, columns

    def column(self, seconds: int) -> int:
        """Return the column of a moment."""
        return (seconds - self.begin) * (self.columns - 1) // (self.end - self.begin)

    def marked(self, marks: Sequence[tuple[int, str]]) -> list[str]:
        """Return an empty row with a sign at each moment."""
        cells = [" "] * self.columns
        for seconds, sign in marks:
            cells[self.column(seconds)] = sign
        return cells


def _named(name: str, cells: Sequence[str]) -> str:
    return f"  {name[: _NAME - 3]:<{_NAME - 2}}{''.join(cells)}"


def _row(lane: Lane, scale: _Scale) -> str:
    cells = scale.marked([])
    for bar in lane.bars:
        first, last = scale.column(bar.start), scale.column(bar.end)
        sign = bar.text if lane.name == "containers" else _SIGNS[bar.kind]
        for place in range(first, max(last, first + 1)):
            cells[place] = sign[-1]
    for mark in lane.marks:
        cells[scale.column(mark.at)] = "*" if lane.bars and lane.name != "containers" else "|"
    return _named(lane.name, cells)


def _ticks(drawn: Timeline, scale: _Scale) -> list[int]:
    """Return the moments of the axis, far enough from each other for a clock time to stand between them."""
    room = 7
    spans = [step for step in _STEPS if scale.column(drawn.begin + step * _HOUR) >= room]
    step = (spans[0] if spans else _STEPS[-1]) * _HOUR
    first = -(-drawn.begin // step) * step
    return list(range(first, drawn.end + 1, step))


def _axis(drawn: Timeline, scale: _Scale) -> Iterator[str]:
    ticks = _ticks(drawn, scale)
    yield _named("hours", _labels(scale, [(at, f"{at // _HOUR}") for at in ticks]))
    if drawn.start is not None:
        yield _named("clock", _labels(scale, [(at, f"{drawn.clock(at):%H:%M}") for at in ticks]))
    yield _named("", scale.marked([(at, "|") for at in ticks]))


def _labels(scale: _Scale, labels: Sequence[tuple[int, str]]) -> list[str]:
    """Return a row with each label beginning at its moment; one that has no room is left out."""
    cells = [" "] * scale.columns
    for at, text in labels:
        place = scale.column(at)
        if place + len(text) <= scale.columns:
            cells[place : place + len(text)] = list(text)
    return cells
