"""How far a number is off what is right: found ÷ right, as a range, since both were rounded."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.system import EXACT
from rescuecalc.core.quantities.units import how_many

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.tuning import Tolerances


def ratio_of(each: Mention, right: Bounds, tolerances: Tolerances, apart: Fraction = Fraction(0)) -> Bounds | None:
    """Return found ÷ right: the right number would have been written in the digits, or as finely, as the wrong one.

    ``apart`` is the share by which it was rounded besides, before the error was made in it.
    """
    half = max(half_of(each, right, tolerances), right.middle * apart)
    # Without an upper end any factor would fit: the search keeps to what lies near the end that is known.
    low, high = right.low, right.low * tolerances.wide if right.high is None else right.high
    if low <= 0:
        low = high / tolerances.wide
    if high <= 0:
        return None
    wide = Bounds(low, high, min(max(low, right.middle), high)).widened(half)
    read_as = min(each.digit, each.value * tolerances.exact) if each.variable in EXACT else each.rounding
    return point(each.value).widened(read_as).over(wide) if wide.middle > 0 else None


def half_of(each: Mention, right: Bounds, tolerances: Tolerances) -> Fraction:
    """Return half of the last digit in which the right number would have been written in place of the wrong one."""
    # Whoever wrote 144 for 14.4 would have written the right number with as many digits, that is ten times finer.
    in_its_digits = each.rounding * right.middle / each.value
    return min(max(each.rounding, in_its_digits), right.middle * tolerances.widest)


def is_wide(right: Bounds, tolerances: Tolerances) -> bool:
    """Whether what is right is not known to 1.5-fold, since no weight is known, or on one side only."""
    return right.high is None or right.low <= 0 or right.high > right.low * tolerances.wide


def agrees_with(each: Mention, right: Bounds) -> bool:
    """Whether a mention that was worked out may be of a number within ``right``."""
    return point(each.value).widened(each.rounding).overlaps(right)


def total_dose(known: Mapping[str, Bounds]) -> Bounds | None:
    """Return the dose that an order gives in its time, None where nothing says it."""
    rate, time = known.get(of.DOSE_RATE), known.get(of.TIME)
    return known.get(of.DOSE) or (rate.times(time) if rate is not None and time is not None else None)


MOVED_POINTS: Final = tuple(Fraction(10) ** power for power in (1, 2, 3, -1, -2, -3))
"""What a decimal point that was moved multiplies a number by."""
_STANDS_OUT: Final = (Fraction(10), Fraction(10**2), Fraction(10**3), how_many("min", "h"), how_many("h", "day"))
"""By what a whole dose is out of line where it is certainly no bag's: a decimal point, a unit of mass or of time."""


def stands_out(each: Mention, right: Bounds, tolerances: Tolerances) -> bool:
    """Whether a number is 10, 100, 1,000, 60 or 24 times what is right, or that part of it."""
    ratio = ratio_of(each, right, tolerances)
    return ratio is not None and any(ratio.holds(one) for factor in _STANDS_OUT for one in (factor, 1 / factor))
