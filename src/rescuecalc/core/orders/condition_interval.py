"""What a condition covers: a range from zero up, each end of which belongs to it or does not."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.quantities.decimal_text import people_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.orders.order import Condition


class Interval(NamedTuple):
    """From ``low`` to ``high`` (None: without an end); ``with_low`` and ``with_high`` say which end belongs to it."""

    low: Fraction = Fraction(0)
    with_low: bool = True
    high: Fraction | None = None
    with_high: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no number lies within."""
        if self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.with_low and self.with_high))

    @property
    def is_point(self) -> bool:
        """Whether exactly one number lies within."""
        return self.low == self.high

    def meet(self, other: Interval) -> Interval:
        """Return what both cover; it may be empty."""
        low, with_low = max((self.low, not self.with_low), (other.low, not other.with_low))
        ends = [(each.high, each.with_high) for each in (self, other) if each.high is not None]
        high, with_high = min(ends, default=(None, False))
        return Interval(low, not with_low, high, with_high)

    def reaches_beyond(self, other: Interval) -> bool:
        """Whether numbers above the other one lie within."""
        if self.high is None or other.high is None:
            return self.high is None and other.high is not None
        return (self.high, self.with_high) > (other.high, other.with_high)

    def words(self, unit: str) -> str:
        """Return the interval as a person reads it."""
        low = f"{'from' if self.with_low else 'above'} {people_number(self.low)} {unit}"
        if self.high is None:
            return low
        if self.is_point:
            return f"exactly {people_number(self.low)} {unit}"
        high = f"{'to' if self.with_high else 'to below'} {people_number(self.high)} {unit}"
        return (
            high.removeprefix("to ") + ("" if not self.with_high else " and below") if not self.low else f"{low} {high}"
        )


def covered(condition: Condition, unit: str) -> Interval:
    """Return what a condition covers, in ``unit``; one without bounds covers everything.

    Raises InputError where its quantities are of another kind than ``unit``.
    """
    found = Interval()
    for bound in condition.bounds:
        value, closed = bound.quantity.value_in(unit), bound.comparator in {"<=", ">="}
        above = bound.comparator in {">", ">="}
        found = found.meet(Interval(value, closed) if above else Interval(high=value, with_high=closed))
    return found


def gaps(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what the intervals leave open from zero up, from low to high.

    >>> [each.words("mL/min") for each in gaps([Interval(Fraction(60), with_low=False)])]
    ['60 mL/min and below']
    """
    found: list[Interval] = []
    reached, closed = Fraction(0), False  # all below `reached` is covered, and it too where `closed`
    for each in sorted(
        (each for each in intervals if not each.is_empty), key=lambda each: (each.low, not each.with_low)
    ):
        gap = Interval(reached, not closed, each.low, not each.with_low)
        if not gap.is_empty:
            found.append(gap)
        if each.high is None:
            return tuple(found)
        reached, closed = max((reached, closed), (each.high, each.with_high))
    return (*found, Interval(reached, not closed))
