"""When two written numbers agree: the intervals of half their last written digit overlap, through the arithmetic.

A written 14.4 may stand for anything from 14.35 to 14.45. Weight and label strength are taken as exact; no pump is
finer than its step, so that a pump rate is never read finer than that. Everything is an exact Fraction.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.quantities.quantity import Concentration, DosePerKg, DoseRatePerKg, DosingWeight, PumpRate

if TYPE_CHECKING:
    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.quantities.units import Unit


class RoundedNumber(NamedTuple):
    """A number in base units (mcg, kg, mL, s) with what it may have been before it was written down.

    The number is ``middle`` ÷ ``per`` and may have been anything from ``bottom`` ÷ ``per`` to ``top`` ÷ ``per``: whole
    numbers, never reduced, since a file holds hundreds of thousands of these and reducing is most of a Fraction's work.
    ``drug`` is what a drug in it is measured as (mass, units, ...), empty where there is none or it has cancelled out.
    """

    middle: int
    bottom: int
    top: int
    per: int
    drug: str

    @property
    def value(self) -> Fraction:
        """The number itself."""
        return _quotient(self.middle, self.per)

    @property
    def low(self) -> Fraction:
        """The least that it may have been."""
        return _quotient(self.bottom, self.per)

    @property
    def high(self) -> Fraction:
        """The most that it may have been."""
        return _quotient(self.top, self.per)

    def times(self, other: RoundedNumber) -> RoundedNumber:
        """Return the product."""
        return RoundedNumber(
            self.middle * other.middle,
            self.bottom * other.bottom,
            self.top * other.top,
            self.per * other.per,
            self.drug or other.drug,
        )

    def over(self, other: RoundedNumber) -> RoundedNumber | None:
        """Return the quotient, None where the divisor may be zero or measures the drug in another kind."""
        if other.bottom <= 0 or (other.drug and self.drug != other.drug):
            return None
        drug = "" if other.drug else self.drug
        return RoundedNumber(
            self.middle * other.per * other.bottom * other.top,
            self.bottom * other.per * other.middle * other.bottom,
            self.top * other.per * other.middle * other.top,
            self.per * other.middle * other.bottom * other.top,
            drug,
        )

    def agrees(self, other: RoundedNumber) -> bool:
        """Whether this is the other, as far as both are written; another kind of drug never is."""
        if self.drug != other.drug:
            return False
        return self.bottom * other.per <= other.top * self.per and other.bottom * self.per <= self.top * other.per


def _quotient(numerator: int, denominator: int) -> Fraction:
    if type(numerator) is type(denominator) is int:
        return Fraction(numerator, denominator)
    from rescuecalc.core.quantities.traced import Ratio  # noqa: PLC0415  # only of a file with many orders

    return Ratio(numerator, denominator)


def exact(quantity: Quantity) -> RoundedNumber:
    """Return a quantity that is taken as exact: a weight, a label's strength, a calculated one."""
    size, per, drug = size_of(quantity.unit)
    # What follows is the same of a quotient that is not reduced: a traced one never is.
    numerator, denominator = quantity.magnitude.as_integer_ratio()
    value = numerator * size
    return RoundedNumber(value, value, value, denominator * per, drug)


def written(quantity: Quantity, limits: Limits) -> RoundedNumber:
    """Return a quantity read to half its last written digit; one without a text, and a weight, is exact.

    A dose per kg is prescribed and a concentration stands on a label; neither is measured: read to half of its last
    digit, 0.1 would agree with 0.15, a slip that is known. They are read no rougher than the deviation that rounding
    may cause.
    """
    if quantity.text is None or isinstance(quantity, DosingWeight):
        return exact(quantity)
    size, per, drug = size_of(quantity.unit)
    numerator, denominator = quantity.magnitude.as_integer_ratio()
    # One in the last digit is step ÷ digits of the unit; a number that was taken out of its text left its step there.
    step, digits = getattr(quantity.text, "step", None) or (1, 10 ** _decimals(quantity.text))
    # value = numerator × size ÷ (denominator × per), half = step × size ÷ (2 × digits × per): over one denominator.
    middle, half, per = numerator * size * 2 * digits, denominator * size * step, denominator * per * 2 * digits
    if isinstance(quantity, PumpRate):
        step = exact(limits.pump_step)
        middle, half, per = middle * step.per * 2, max(half * step.per * 2, step.middle * per), per * step.per * 2
    elif isinstance(quantity, (DosePerKg, DoseRatePerKg, Concentration)):
        share = limits.deviation_percent / 100
        middle, half, per = (each * share.denominator for each in (middle, half, per))
        half = min(half, middle // share.denominator * share.numerator)
    return RoundedNumber(middle, max(0, middle - half), middle + half, per, drug)


def in_unit_of(of: RoundedNumber, quantity: Quantity) -> Fraction:
    """Return a reading's number in the unit of ``quantity``."""
    size, per, _ = size_of(quantity.unit)
    return _quotient(of.middle * per, of.per * size)


def _decimals(text: str) -> int:
    """Return how many digits of a quantity's text stand behind its point; its unit has none."""
    behind = text.partition(".")[2]
    return len(behind) - len(behind.lstrip("0123456789"))


@lru_cache(maxsize=1024)
def size_of(unit: Unit) -> tuple[int, int, str]:
    """Return what one of ``unit`` is in base units, as a numerator and a denominator, and its kind of drug."""
    above, *below = unit.parts
    size = above.size
    for part in below:
        size /= part.size
    kind = above.dimension.removeprefix("drug_") if above.dimension.startswith("drug_") else ""
    return size.numerator, size.denominator, kind
