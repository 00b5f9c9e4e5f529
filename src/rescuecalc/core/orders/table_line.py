"""Which row of a table by weight is off the line of the others: a table gives each weight the same dose per kg."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANCHORS: Final = (Fraction(0), Fraction(1, 2), Fraction(1))
"""A row may be made for its lightest patient, for the one in its middle, or for its heaviest."""

_LEAST: Final = 4 + 1
"""Rows of which four tell what the fifth should be."""


class TableRow(NamedTuple):
    """A row: from which to which weight (kg), and what it sets (mL/h, mL)."""

    low: Fraction
    high: Fraction
    amount: Fraction


class OffLine(NamedTuple):
    """The ``place`` of a row that is off the line of the others, and what ``expected`` amount lies on it."""

    place: int
    expected: Fraction


class Slack(NamedTuple):
    """How far a row may be off: by a ``share`` of what is expected, or by ``most`` (mL/h, mL), whichever is more.

    ``steps`` are those to which a table may be rounded, the coarsest first.
    """

    share: Fraction
    most: Fraction
    steps: tuple[Fraction, ...]


def off_line(rows: Sequence[TableRow], slack: Slack) -> OffLine | None:
    """Return the one row that is off the line on which all others lie; None where there is none, or no such line."""
    if len(rows) < _LEAST:
        return None
    found = []
    for anchor in _ANCHORS:
        weights = [row.low + (row.high - row.low) * anchor for row in rows]
        if _are_rounded(rows, weights, slack.steps) or _are_near(rows, weights, _slope(rows, weights), slack):
            return None
        found += list(_off(rows, weights, slack))
    return min(found, key=lambda each: each[:2])[2] if found else None


def _slope(rows: Sequence[TableRow], weights: Sequence[Fraction]) -> Fraction:
    return sum((row.amount for row in rows), Fraction(0)) / sum(weights, Fraction(0))


def _off(rows: Sequence[TableRow], weights: Sequence[Fraction], slack: Slack) -> list[tuple[Fraction, int, OffLine]]:
    found = []
    for place, row in enumerate(rows):
        others = [each for at, each in enumerate(rows) if at != place]
        beside = [each for at, each in enumerate(weights) if at != place]
        slope = _slope(others, beside)
        if _is_near(row, weights[place], slope, slack) or not _are_near(others, beside, slope, slack):
            continue
        # The line that fits the others best is the table's: its rows are made for the middle, or for an end.
        rest = sum(((each.amount - slope * kg) ** 2 for each, kg in zip(others, beside, strict=True)), Fraction(0))
        found.append((rest, place, OffLine(place, slope * weights[place])))
    return found


def _are_near(rows: Sequence[TableRow], weights: Sequence[Fraction], slope: Fraction, slack: Slack) -> bool:
    return all(_is_near(row, kg, slope, slack) for row, kg in zip(rows, weights, strict=True))


def _is_near(row: TableRow, kg: Fraction, slope: Fraction, slack: Slack) -> bool:
    right = slope * kg
    return abs(row.amount - right) <= max(slack.most, right * slack.share)


def _are_rounded(rows: Sequence[TableRow], weights: Sequence[Fraction], steps: tuple[Fraction, ...]) -> bool:
    """Whether some line gives every row to the step that the table is rounded to: of small rates that is much."""
    half = next((step for step in steps if all(row.amount % step == 0 for row in rows)), steps[-1]) / 2
    low = max((row.amount - half) / kg for row, kg in zip(rows, weights, strict=True))
    high = min((row.amount + half) / kg for row, kg in zip(rows, weights, strict=True))
    return low <= high
