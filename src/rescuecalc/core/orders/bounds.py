"""What a number may be: from a low to a high end, with a middle that is the best single value."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

_PLAIN: Final = {Fraction}
"""The only kind of number in an order that is not traced."""


class Bounds(NamedTuple):
    """From ``low`` to ``high`` (None: no upper end), in base units; ``middle`` is what is expected if one is."""

    low: Fraction
    high: Fraction | None
    middle: Fraction

    def times(self, other: Bounds) -> Bounds:
        """Return every product of a number of each."""
        high = None if self.high is None or other.high is None else self.high * other.high
        return Bounds(self.low * other.low, high, self.middle * other.middle)

    def scaled(self, share: Fraction) -> Bounds:
        """Return this part of every number."""
        return Bounds(self.low * share, None if self.high is None else self.high * share, self.middle * share)

    def over(self, other: Bounds) -> Bounds:
        """Return every quotient of a number of each; ``other`` is not zero in its middle."""
        # Times zero, and not a literal: of a traced number it is one too (core/quantities/traced.py).
        low = self.low * 0 if other.high is None else self.low / other.high
        high = None if self.high is None or other.low <= 0 else self.high / other.low
        return Bounds(low, high, self.middle / other.middle)

    def inverse(self) -> Bounds | None:
        """Return one over each number, None where it may be zero or has no upper end."""
        if self.high is None or self.low <= 0:
            return None
        return Bounds(1 / self.high, 1 / self.low, 1 / self.middle)

    def overlaps(self, other: Bounds) -> bool:
        """Whether some number lies in both."""
        if self.high is None or other.high is None:
            return (other.high is None or _at_most(self.low, other.high)) and (
                self.high is None or _at_most(other.low, self.high)
            )
        if {type(self.low), type(self.high), type(other.low), type(other.high)} != _PLAIN:
            from rescuecalc.core.quantities.traced import are_at_most  # noqa: PLC0415  # of a file with many orders

            return are_at_most(self.low, other.high, other.low, self.high)
        return _at_most(self.low, other.high) and _at_most(other.low, self.high)

    def meet(self, other: Bounds) -> Bounds | None:
        """Return what lies in both, None where nothing does; the middle is that of the narrower one, moved inside."""
        if not self.overlaps(other):
            return None
        low = max(self.low, other.low)
        ends = [each.high for each in (self, other) if each.high is not None]
        high = min(ends) if ends else None
        # The narrower one knows more: its middle is what a person would write, so that what is expected heals the
        # order.
        middle = (self if self.is_narrower_than(other) else other).middle
        return Bounds(low, high, max(low, middle if high is None else min(middle, high)))

    def is_narrower_than(self, other: Bounds) -> bool:
        """Whether this leaves less open than ``other``, as a ratio of its ends."""
        if self.high is None or self.low <= 0:
            return False
        return other.high is None or self.high * other.low <= other.high * self.low

    def at_most(self, cap: Bounds) -> Bounds:
        """Return the smaller of a number of this and one of ``cap``."""
        ends = [each.high for each in (self, cap) if each.high is not None]
        return Bounds(min(self.low, cap.low), min(ends) if ends else None, min(self.middle, cap.middle))

    def widened(self, by: Fraction) -> Bounds:
        """Return the bounds with ``by`` added on both sides, never below zero."""
        return Bounds(max(self.low * 0, self.low - by), None if self.high is None else self.high + by, self.middle)

    def shared(self, factor: Fraction) -> Bounds:
        """Return the bounds with both ends apart by ``factor`` more."""
        return Bounds(self.low / factor, None if self.high is None else self.high * factor, self.middle)

    def holds(self, value: Fraction) -> bool:
        """Whether a number lies within, ends included."""
        return _at_most(self.low, value) and (self.high is None or _at_most(value, self.high))


def _at_most(one: Fraction, most: Fraction) -> bool:
    """Whether one number is no more than another: what `<=` says, in a third of its time."""
    above, below = one.as_integer_ratio()
    most_above, most_below = most.as_integer_ratio()
    return above * most_below <= most_above * below


def point(value: Fraction) -> Bounds:
    """Return the bounds of a number that is exactly known."""
    return Bounds(value, value, value)


def between(low: Fraction, high: Fraction) -> Bounds:
    """Return the bounds of any number from ``low`` to ``high``."""
    return Bounds(low, high, (low + high) / 2)
