"""Which row of a table by weight is off the line of the others: a table gives each weight the same dose per kg."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ANCHORS: Final = (Fraction(0), Fraction(1, 2), Fraction(1))
"""A row may be made for its lightest patient, for the one in its middle, or for its heaviest."""

_WITHIN: Final = tuple(Fraction(ninth, 9) for ninth in range(10))
"""Wherever in a row the patient is that it was made for, what only rounds is no error."""

T = TypeVar("T")

_LEAST: Final = 3 + 2
"""Rows of which four tell what the fifth should be."""


class WeightRow(NamedTuple):
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


def off_line(rows: Sequence[WeightRow], slack: Slack) -> OffLine | None:
    """Return the one row that is off the line on which all others lie; None where there is none, or no such line."""
    if len(rows) < _LEAST:
        return None
    # The line that fits the others best is the table's: its rows are made for the middle, or for an end.
    _, _, anchor, place = min(each for anchor in _ANCHORS for each in _missed(rows, anchor))
    weights = _weights(rows, anchor)
    others, beside = _without(rows, place), _without(weights, place)
    slope = _slope(others, beside)
    if _is_near(rows[place], weights[place], slope, slack) or not _are_near(others, beside, slope, slack):
        return None
    if any(_are_rounded(rows, _weights(rows, each), slack.steps) for each in _WITHIN):
        return None
    return OffLine(place, slope * weights[place])


def _missed(rows: Sequence[WeightRow], anchor: Fraction) -> Iterator[tuple[Fraction, Fraction, Fraction, int]]:
    """Yield for each row by how much the others miss their line, and how near its middle a row is made.

    By the sums of all rows, as whole numbers of one size: a table may have thousands.
    """
    kilograms = _weights(rows, anchor)
    size = lcm(*(row.amount.denominator for row in rows), *(kg.denominator for kg in kilograms))
    points = [(int(row.amount * size), int(kg * size)) for row, kg in zip(rows, kilograms, strict=True)]
    amounts, weights = sum(one for one, _ in points), sum(kg for _, kg in points)
    squares, of_weights = sum(one * one for one, _ in points), sum(kg * kg for _, kg in points)
    products = sum(one * kg for one, kg in points)
    for place, (one, kg) in enumerate(points):
        above, below = amounts - one, weights - kg  # the slope of the others
        missed = (squares - one * one) * below**2 + (of_weights - kg * kg) * above**2
        missed -= 2 * above * below * (products - one * kg)
        yield Fraction(missed, below**2), abs(anchor - Fraction(1, 2)), anchor, place


def _weights(rows: Sequence[WeightRow], anchor: Fraction) -> list[Fraction]:
    return [row.low + (row.high - row.low) * anchor for row in rows]


def _without(every: Sequence[T], place: int) -> list[T]:
    return [each for at, each in enumerate(every) if at != place]


def _slope(rows: Sequence[WeightRow], weights: Sequence[Fraction]) -> Fraction:
    return sum((row.amount for row in rows), Fraction(0)) / sum(weights, Fraction(0))


def _are_near(rows: Sequence[WeightRow], weights: Sequence[Fraction], slope: Fraction, slack: Slack) -> bool:
    return all(_is_near(row, kg, slope, slack) for row, kg in zip(rows, weights, strict=True))


def _is_near(row: WeightRow, kg: Fraction, slope: Fraction, slack: Slack) -> bool:
    right = slope * kg
    return abs(row.amount - right) <= max(slack.most, right * slack.share)


def _are_rounded(rows: Sequence[WeightRow], weights: Sequence[Fraction], steps: tuple[Fraction, ...]) -> bool:
    """Whether some line gives every row to the step that the table is rounded to: of small rates that is much."""
    half = next((step for step in steps if all(row.amount % step == 0 for row in rows)), steps[-1]) / 2
    low = max((row.amount - half) / kg for row, kg in zip(rows, weights, strict=True))
    high = min((row.amount + half) / kg for row, kg in zip(rows, weights, strict=True))
    return low <= high
