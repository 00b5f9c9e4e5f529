"""Slips of the pen by the factor that they leave behind."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.agreement import Reading


class Slip(NamedTuple):
    """What is found is ``factor`` times what is expected."""

    factor: Fraction
    name: str


def _both(factor: Fraction | int, name: str, other: str) -> tuple[Slip, Slip]:
    return Slip(Fraction(factor), name), Slip(1 / Fraction(factor), other)


_FIXED: Final = (
    *_both(60, "per hour for per minute", "per minute for per hour"),
    *_both(24, "per day for per hour", "per hour for per day"),
    *_both(1000, "mg for mcg", "mcg for mg"),
    *_both(10, "decimal point", "decimal point"),
    *_both(100, "decimal point", "decimal point"),
    *_both(Fraction("2.2046"), "lb for kg", "kg for lb"),
    *_both(5, "250 for 50 mcg/mL", "50 for 250 mcg/mL"),
    *_both(2, "renal half left out", "renal half"),
    *_both(Fraction("2.5"), "25 for 10 mcg/kg", "10 for 25 mcg/kg"),
    *_both(Fraction("1.5"), "0.15 for 0.1 mcg/kg/min", "0.1 for 0.15 mcg/kg/min"),
    *_both(Fraction(1000, 60), "mg/kg/h read as mcg/kg/min", "mcg/kg/min read as mg/kg/h"),
    *_both(Fraction("1.1236"), "salt for base", "base for salt"),
    *_both(Fraction(250, 300), "50 mL not drawn out", "50 mL drawn out"),
    *_both(30, "30 min load read as a bolus", "bolus read as a 30 min load"),
)


def _of_order(weight: Fraction | None, concentration: Fraction | None) -> Iterator[Slip]:
    if weight:
        yield from _both(weight, "multiplied by the weight", "per kg forgotten")
    if concentration:
        yield Slip(concentration, "mcg/h set as mL/h")
        yield Slip(concentration / 60, "mcg/min set as mL/h")


def slips(
    found: Reading, expected: Reading, weight: Fraction | None, concentration: Fraction | None
) -> tuple[str, ...]:
    """Return the names of all slips that make ``found`` of ``expected`` within what is written; none where none fits.

    ``weight`` in kg and ``concentration`` in mcg/mL are those of the order. The right number would have been written as
    finely as the wrong one is, so that it too is read to half of that digit; the nearest slip is named first.
    """
    if not expected.value:
        return ()
    factor, half = found.value / expected.value, (found.high - found.low) / 2
    expected = expected._replace(low=max(Fraction(0), expected.low - half), high=expected.high + half)
    fitting = [
        (abs(factor / slip.factor - 1), slip.name)
        for slip in (*_FIXED, *_of_order(weight, concentration))
        if slip.factor != 1 and found.agrees(expected, slip.factor)
    ]
    return tuple(dict.fromkeys(name for _, name in sorted(fitting)))
