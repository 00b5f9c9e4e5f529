"""When two written numbers agree: the intervals of half their last written digit overlap, through the arithmetic.

A written 14.4 may stand for anything from 14.35 to 14.45. Weight and label strength are taken as exact; no pump is
finer than its step, so that a pump rate is never read finer than that. Everything is an exact Fraction.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.notation import number_and_unit
from rescuecalc.core.quantity import DosePerKg, DoseRatePerKg, DosingWeight, PumpRate

if TYPE_CHECKING:
    from rescuecalc.core.limits import Limits, Span
    from rescuecalc.core.quantity import Quantity


class Reading(NamedTuple):
    """A number in base units (mcg, kg, mL, s) with what it may have been before it was written down.

    ``drug`` is what a drug in it is measured as (mass, units, ...), empty where there is none or it has cancelled out.
    """

    value: Fraction
    low: Fraction
    high: Fraction
    drug: str

    def times(self, other: Reading) -> Reading | None:
        """Return the product."""
        return Reading(self.value * other.value, self.low * other.low, self.high * other.high, self.drug or other.drug)

    def over(self, other: Reading) -> Reading | None:
        """Return the quotient, None where the divisor may be zero or measures the drug in another kind."""
        if other.low <= 0 or (other.drug and self.drug != other.drug):
            return None
        drug = "" if other.drug else self.drug
        return Reading(self.value / other.value, self.low / other.high, self.high / other.low, drug)

    def agrees(self, other: Reading, slip: Fraction = Fraction(1)) -> bool:
        """Whether this is ``slip`` times the other, as far as both are written; another kind of drug never is."""
        return self.drug == other.drug and self.low <= other.high * slip and other.low * slip <= self.high


def exact(quantity: Quantity) -> Reading:
    """Return a quantity that is taken as exact: a weight, a label's strength, a calculated one."""
    size, drug = _unit(quantity.unit.name, quantity)
    value = quantity.magnitude * size
    return Reading(value, value, value, drug)


def written(quantity: Quantity, limits: Limits) -> Reading:
    """Return a quantity read to half its last written digit; one without a text, and a weight, is exact.

    A dose per kg is prescribed, not measured: read to half of its last digit, 0.1 would agree with 0.15, a slip that is
    known. It is read no rougher than the deviation that rounding may cause.
    """
    if quantity.text is None or isinstance(quantity, DosingWeight):
        return exact(quantity)
    size, drug = _unit(quantity.unit.name, quantity)
    half = _half_digit(quantity.text) * size
    if isinstance(quantity, PumpRate):
        half = max(half, exact(limits.pump_step).value / 2)
    value = quantity.magnitude * size
    if isinstance(quantity, (DosePerKg, DoseRatePerKg)):
        half = min(half, value * limits.deviation_percent / 100)
    return Reading(value, max(Fraction(0), value - half), value + half, drug)


def in_unit_of(reading: Reading, quantity: Quantity) -> Fraction:
    """Return a reading's number in the unit of ``quantity``."""
    return reading.value / _unit(quantity.unit.name, quantity)[0]


def band(weights: Span[DosingWeight]) -> Reading:
    """Return the weights of a row of a table: any of them will do."""
    low, high = exact(weights.low).value, exact(weights.high).value
    return Reading((low + high) / 2, low, high, "")


@lru_cache(maxsize=4096)
def _half_digit(text: str) -> Fraction:
    number_and_unit(text)  # refuses what is no plain number: its digits would mean something else
    digits = text.strip(" ").split(" ", maxsplit=1)[0]
    decimals = digits.partition(".")[2]
    count = len(decimals) - len(decimals.lstrip("0123456789"))
    return Fraction(1, 2 * 10**count)


@lru_cache(maxsize=1024)
def _sizes(name: str, parts: tuple[tuple[str, Fraction], ...]) -> tuple[Fraction, str]:
    del name
    (dimension, size), *below = parts
    for _, part in below:
        size /= part
    return size, dimension.removeprefix("drug_") if dimension.startswith("drug_") else ""


def _unit(name: str, quantity: Quantity) -> tuple[Fraction, str]:
    return _sizes(name, tuple((atom.dimension, atom.size) for atom in quantity.unit.parts))
