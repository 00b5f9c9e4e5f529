"""Numbers and units as texts, with exact sizes: a table of its own, in mcg (or units, mEq, mmol), kg, mL and hours."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

_SIZES: Final = {
    "ng": Fraction(1, 1000),
    "mcg": Fraction(1),
    "mg": Fraction(1000),
    "g": Fraction(1_000_000),
    "units": Fraction(1),
    "mEq": Fraction(1),
    "mmol": Fraction(1),
    "kg": Fraction(1),
    "lb": Fraction("0.45359237"),
    "mL": Fraction(1),
    "L": Fraction(1000),
    "h": Fraction(1),
    "min": Fraction(1, 60),
    "s": Fraction(1, 3600),
    "day": Fraction(24),
}
_MASSES: Final = frozenset({"ng", "mcg", "mg", "g"})
_PLACES: Final = 9  # decimals, of what `check` reads
_TEXT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]+(?:/[A-Za-z]+)*)")


class Amount(NamedTuple):
    """A number as it is written, with its unit; ``value`` is its exact size in mcg (units, mEq), kg, mL and hours."""

    number: str
    unit: str
    value: Fraction

    @property
    def last_digit(self) -> Fraction:
        """One of the last written digit: of 14.4 mL/h a tenth."""
        return Fraction(1, 10 ** len(self.number.partition(".")[2])) * size(self.unit)

    @property
    def text(self) -> str:
        """The quantity as an order writes it."""
        return f"{self.number} {self.unit}"


@lru_cache(maxsize=1000)
def size(unit: str) -> Fraction:
    """Return the size of a unit such as mcg/kg/min: what is above the line by all that is below."""
    first, *below = unit.split("/")
    made = _SIZES[first]
    for each in below:
        made /= _SIZES[each]
    return made


def kind_of(unit: str) -> str:
    """Return what an amount's unit is of: mass, units, mEq, mmol; of another quantity its first unit."""
    first = unit.split("/", maxsplit=1)[0]
    return "mass" if first in _MASSES else first


def is_mass(unit: str) -> bool:
    """Return whether the unit is of mass, or of mass by something."""
    return unit.split("/", maxsplit=1)[0] in _MASSES


@lru_cache(maxsize=20_000)
def read(text: str) -> Amount:
    """Return the quantity that is the whole of ``text``."""
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return Amount(match[1], match[2], Fraction(match[1]) * size(match[2]))


def plain(value: Fraction, places: int = _PLACES) -> str:
    """Return a number in digits, rounded half up, without zeros at its end."""
    whole, rest = divmod((value * 10**places + Fraction(1, 2)).__floor__(), 10**places)
    return f"{whole}.{rest:0{places}}".rstrip("0").rstrip(".") if places else str(whole)


def to_step(value: Fraction, step: Fraction) -> Fraction:
    """Return the multiple of ``step`` that is nearest, half up."""
    return (value / step + Fraction(1, 2)).__floor__() * step


def to_digits(value: Fraction, digits: int) -> Fraction:
    """Return ``value`` to so many significant digits."""
    step = Fraction(1)
    while value / step >= 10**digits:
        step *= 10
    while value / step < 10 ** (digits - 1):
        step /= 10
    return to_step(value, step)
