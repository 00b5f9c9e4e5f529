"""Slips of the pen by the factor that they leave behind."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.agreement import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.agreement import Reading


_MINUTES: Final = 60
"""Of an hour."""


class Slip(NamedTuple):
    """What is found is ``factor`` times what is expected; ``of`` is the kind of order it is made in, empty for any."""

    factor: Fraction
    name: str
    of: str = ""


def _of_order(weight: Fraction | None, concentration: Fraction | None) -> Iterator[Slip]:
    if weight:
        yield Slip(weight, "multiplied by the weight")
        yield Slip(1 / weight, "per kg forgotten")
    if concentration:
        yield Slip(concentration, "mcg/h set as mL/h", "infusion")
        yield Slip(concentration / _MINUTES, "mcg/min set as mL/h", "infusion")


def slips(
    known: tuple[Slip, ...],
    found: Reading,
    expected: Reading,
    most: Fraction,
    weight: Fraction | None = None,
    concentration: Fraction | None = None,
    kind: str = "",
) -> tuple[str, ...]:
    """Return the names of all slips that make ``found`` of ``expected`` within what is written; none where none fits.

    ``known`` are those of the catalogue; ``weight`` in kg, ``concentration`` in mcg/mL, ``kind`` are the order's. The
    right number would have been written as finely as the wrong one is, so that it too is read to half of that digit,
    but no rougher than by ``most`` per cent, what rounding may cause; the nearest slip is named first.
    """
    if not expected.middle:
        return ()
    factor = found.value / expected.value
    half = min((found.high - found.low) / 2, expected.value * most / 100)
    low, high = max(Fraction(0), expected.low - half), expected.high + half
    expected = reading(expected.value, low, high, expected.drug)
    fitting = [
        (abs(factor / slip.factor - 1), slip.name)
        for slip in (*known, *_of_order(weight, concentration))
        if slip.factor != 1 and kind in {"", slip.of or kind} and found.agrees(expected, slip.factor)
    ]
    return tuple(dict.fromkeys(name for _, name in sorted(fitting)))
