"""A mention: what one place of an order says of one variable, exact, with what it may have been before it was rounded.

Every reader produces fields, labels and texts; all of them become mentions, and nothing else of an order is compared.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.agreement import size_of
from rescuecalc.core.orders.certainty import MARGIN
from rescuecalc.core.quantity import PumpRate, Quantity
from rescuecalc.core.units import how_many

if TYPE_CHECKING:
    from rescuecalc.core.limits import Limits
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.units import Unit

WEIGHT: Final = "weight"
DOSE_PER_KG: Final = "dose_per_kg"
DOSE_RATE_PER_KG: Final = "dose_rate_per_kg"
DOSE: Final = "dose"
DOSE_RATE: Final = "dose_rate"
CONCENTRATION: Final = "concentration"
VOLUME: Final = "volume"
PUMP_RATE: Final = "pump_rate"
TIME: Final = "time"
MAX_DOSE: Final = "max_dose"
MAX_DOSE_RATE: Final = "max_dose_rate"

VARIABLE_OF_FIELD: Final = {
    **{name: name for name in (DOSE_PER_KG, DOSE_RATE_PER_KG, DOSE, DOSE_RATE, CONCENTRATION, VOLUME, PUMP_RATE)},
    **{name: name for name in (MAX_DOSE, MAX_DOSE_RATE)},
    "vtbi": VOLUME,
    "give_over": TIME,
    "run_time": TIME,
}
"""Which variable each field of an order is a mention of."""

_ROUND: Final = 100
"""From here on the zeros at the end of a whole number may be rounding: 1,400 units for 1,440."""

_ROUND_SHARE: Final = Fraction(1, 100)
"""The most that such rounding is taken for: 1 %."""


class Mention(NamedTuple):
    """What one place says of one ``variable``: an exact ``value`` in base units (mcg, kg, mL, s).

    ``rounding`` is half of its last digit where it was worked out from other numbers, ``digit`` where it is the dose
    that was prescribed (never rougher than the deviation that rounding may cause). ``place`` is the field, ``product``,
    ``text`` or ``stop``; ``kind`` what the drug is measured as. ``weak`` may be of something else: an infusion's volume
    may be that of the bag. ``span`` is a range in place of one number.
    """

    variable: str
    value: Fraction
    rounding: Fraction
    digit: Fraction
    place: str
    pointer: str
    text: str
    quantity: Quantity
    kind: str
    weak: bool = False
    span: Bounds | None = None

    @property
    def number(self) -> Fraction:
        """The number as it is written, in its own unit."""
        return self.quantity.magnitude


def mention(
    variable: str, quantity: Quantity, place: str, pointer: str, limits: Limits, *, weak: bool = False
) -> Mention:
    """Return the mention of a quantity that was written at ``pointer``; one without a text is exact."""
    value, kind = base_value(quantity)
    rounding, digit = _halves(quantity, value, limits)
    text = quantity.text or str(quantity)
    return Mention(variable, value, rounding, digit, place, pointer, text, quantity, kind, weak)


def exact_mention(variable: str, quantity: Quantity, place: str, pointer: str, text: str) -> Mention:
    """Return the mention of what is taken as exact: a label's strength, a time from a start to a stop."""
    value, kind = base_value(quantity)
    zero = value * 0
    return Mention(variable, value, zero, zero, place, pointer, text, quantity, kind)


def base_value(quantity: Quantity) -> tuple[Fraction, str]:
    """Return a quantity in base units, and what its drug is measured as (empty where there is no drug in it)."""
    one, kind = _one_of(quantity.unit)
    return quantity.magnitude if one == 1 else quantity.magnitude * one, kind


@lru_cache(maxsize=1024)
def _one_of(unit: Unit) -> tuple[Fraction, str]:
    """Return one of a unit in base units, and what its drug is measured as."""
    size, per, kind = size_of(unit)
    return Fraction(size, per), kind


def in_unit_of(value: Fraction, quantity: Quantity) -> Fraction:
    """Return a value in base units as a number in the unit of ``quantity``."""
    one, _ = _one_of(quantity.unit)
    return value if one == 1 else value / one


def _halves(quantity: Quantity, value: Fraction, limits: Limits) -> tuple[Fraction, Fraction]:
    """Return half of the last digit of a number that was worked out, and of one that was prescribed."""
    if quantity.text is None:
        return value * 0, value * 0
    one, _ = _one_of(quantity.unit)
    last = last_digit(quantity)
    half = _half_of(last, quantity.unit) if type(last) is Fraction else last * one / 2
    digit = _least(half, value, _share(limits.deviation_percent))
    if last > 1:  # zeros at the end of a whole number
        half = max(one / 2, min(half, value * _ROUND_SHARE))
        digit = min(half, digit)
    if isinstance(quantity, PumpRate):
        half = max(half, _half_of(limits.pump_step.magnitude, limits.pump_step.unit))  # no pump is finer than its step
    return half, digit


def _least(half: Fraction, value: Fraction, share: Fraction) -> Fraction:
    """Return the smaller of half a digit and a share of the value, which nearly always is far larger."""
    if type(value) is Fraction and float(half) < float(value) * float(share) * (1 - MARGIN):
        return half
    return min(half, value * share)


@lru_cache(maxsize=1024)
def _half_of(number: Fraction, unit: Unit) -> Fraction:
    """Return half of so many of a unit, in base units: a file has few last digits."""
    return number * _one_of(unit)[0] / 2


@lru_cache(maxsize=8)
def _share(percent: Fraction) -> Fraction:
    return percent / 100


def last_digit(quantity: Quantity) -> Fraction:
    """Return one of the last digit of a quantity's text, in its unit; zeros that end a whole number are none."""
    text = quantity.text or ""
    step = getattr(text, "step", None)
    if step is not None:  # the number was taken out of its text
        return _taken(step)
    number = text[: len(text) - len(text.lstrip("0123456789."))]
    whole, _, decimals = number.partition(".")
    if decimals:
        return _power_of_ten(-len(decimals))
    kept = whole.rstrip("0")
    return _power_of_ten(len(whole) - len(kept) if len(whole) >= len(str(_ROUND)) and kept else 0)


@lru_cache(maxsize=64)
def _power_of_ten(exponent: int) -> Fraction:
    return Fraction(10) ** exponent


def _taken(step: tuple[int, int]) -> Fraction:
    if type(step[0]) is int:
        return Fraction(*step)
    from rescuecalc.core.traced import Ratio  # noqa: PLC0415  # only of a file with many orders

    return Ratio(*step)


def rewritten(old: Mention, quantity: Quantity, limits: Limits) -> Mention:
    """Return a mention at the same place that says ``quantity``; a label's strength stays exact."""
    if not old.rounding and old.variable != WEIGHT and old.quantity.text is None:
        return exact_mention(old.variable, replace(quantity, text=None), old.place, old.pointer, quantity.text or "")
    return mention(old.variable, quantity, old.place, old.pointer, limits)


def in_mL_per_h(value: Fraction) -> Fraction:  # noqa: N802  # the unit's own spelling: ml is on the error-prone list
    """Return a flow in base units (mL/s) as mL/h."""
    return value * how_many("s", "h")


def in_mL(value: Fraction) -> Fraction:  # noqa: N802
    """Return a volume in base units as mL."""
    return value
