"""A mention: what one place of an order says of one variable, exact, with what it may have been before it was rounded.

Every reader produces fields, labels and texts; all of them become mentions, and nothing else of an order is compared.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.model.agreement import size_of
from rescuecalc.core.quantities.quantity import PumpRate, Quantity
from rescuecalc.core.quantities.units import how_many

if TYPE_CHECKING:
    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.quantities.units import Unit

WEIGHT: Final = "weight"
DOSE_PER_KG: Final = "dose_per_kg"
DOSE_RATE_PER_KG: Final = "dose_rate_per_kg"
VOLUME_PER_KG: Final = "volume_per_kg"
PUMP_RATE_PER_KG: Final = "pump_rate_per_kg"
DOSE: Final = "dose"
DOSE_RATE: Final = "dose_rate"
CONCENTRATION: Final = "concentration"
VOLUME: Final = "volume"
PUMP_RATE: Final = "pump_rate"
TIME: Final = "time"
MAX_DOSE: Final = "max_dose"
MAX_DOSE_RATE: Final = "max_dose_rate"

RATES: Final = frozenset({DOSE_RATE_PER_KG, DOSE_RATE})
"""What is prescribed per time."""

FLOWS: Final = RATES | {PUMP_RATE, PUMP_RATE_PER_KG}
"""What says how fast an order runs."""

VARIABLE_OF_FIELD: Final = {
    **{name: name for name in (DOSE_PER_KG, DOSE_RATE_PER_KG, DOSE, DOSE_RATE, CONCENTRATION, VOLUME, PUMP_RATE)},
    **{name: name for name in (VOLUME_PER_KG, PUMP_RATE_PER_KG)},
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
    step = getattr(quantity.text, "step", None)
    if step is not None:  # the number was taken out of its text
        last = _taken(step)
        half, ends_in_zeros = last * _one_of(quantity.unit)[0] / 2, last > 1
    else:
        place = last_place(quantity.text)
        half, ends_in_zeros = _half_of(place, quantity.unit), place > 0
    # Read to half of its last digit, 0.1 mcg/kg/min would agree with 0.15, a known error: a prescribed dose is read no
    # rougher than the deviation that rounding may cause.
    digit = _least(half, value, limits.deviation_percent / 100)
    if ends_in_zeros:
        # 1,400 units may have been 1,440, and 5,000 no 4,500: zeros are rounding, by one per cent at most.
        half = max(_half_of(0, quantity.unit), min(half, value * _ROUND_SHARE))
        digit = min(half, digit)
    if isinstance(quantity, PumpRate):
        half = max(half, base_value(limits.pump_step)[0] / 2)  # no pump is finer than its step
    return half, digit


def _least(half: Fraction, value: Fraction, share: Fraction) -> Fraction:
    """Return the smaller of half a digit and a share of the value, which nearly always is larger: compared as it is."""
    if type(value) is not Fraction:
        from rescuecalc.core.quantities.traced_smaller import Smaller  # noqa: PLC0415  # only of a file with many orders

        return Smaller(half, value * share)
    least = half.numerator * value.denominator * share.denominator
    return half if least <= value.numerator * share.numerator * half.denominator else value * share


@lru_cache(maxsize=1024)
def _half_of(place: int, unit: Unit) -> Fraction:
    """Return half of one at a decimal place of a unit, in base units: a file has few last digits."""
    return Fraction(10) ** place * _one_of(unit)[0] / 2


def last_place(text: str) -> int:
    """Return the decimal place of the last digit of a quantity's text: -1 of 14.4 mL/h, 2 of 1400 units.

    Zeros that end a whole number below 100 are digits.
    """
    text = text.replace(",", "")  # of thousands
    number = text[: len(text) - len(text.lstrip("0123456789."))]
    whole, _, decimals = number.partition(".")
    if decimals:
        return -len(decimals)
    kept = whole.rstrip("0")
    return len(whole) - len(kept) if len(whole) >= len(str(_ROUND)) and kept else 0


def _taken(step: tuple[int, int]) -> Fraction:
    if type(step[0]) is int:
        return Fraction(*step)
    from rescuecalc.core.quantities.traced import Ratio  # noqa: PLC0415  # only of a file with many orders

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
