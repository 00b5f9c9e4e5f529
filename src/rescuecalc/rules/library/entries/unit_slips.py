"""By how much limits are off whose unit was mixed up with another one: from the sizes of the units."""

from __future__ import annotations

from fractions import Fraction
from operator import ne
from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.unit_factors import SIZES
from rescuecalc.core.quantities.units import how_many

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.quantities.units import Unit

_HOUR: Final = how_many("min", "h")
_DAY: Final = how_many("h", "day")
_MASS: Final = how_many("mcg", "mg")

SLIPS: Final[Mapping[Fraction, str]] = {
    _HOUR: "per hour and per minute mixed up",
    _MASS: "mg and mcg mixed up",
    _MASS * _HOUR: "mg per minute and mcg per hour mixed up",
    _MASS / _HOUR: "mg per hour and mcg per minute mixed up",
    _DAY: "per day and per hour mixed up",
}
"""Each factor with what explains it; so does one over it."""

_OF_MINUTES: Final = {factor: words for factor, words in SLIPS.items() if factor != _DAY}
"""Those of limits per minute, which nobody writes for a day."""

_OF_AMOUNTS: Final = {_MASS: SLIPS[_MASS]}
"""Those of an amount, which has no time."""


OF_ONE_UNIT: Final[Mapping[Fraction, str]] = {factor: SLIPS[factor] for factor in (_HOUR, _MASS)}
"""Those of one unit that is wrong; of a wide range the others would explain nearly everything."""


def meant_unit(unit: Unit, times: Fraction) -> str | None:
    """Return the unit in which numbers are right that are ``times`` too much in another one, None where none is.

    One part of it was mixed up: two are no likely slip.
    """
    kind, size, per = SIZES[unit.name]
    right, parts = Fraction(size, per) / times, unit.name.split("/")
    equal_units = (name for name, each in SIZES.items() if each[0] == kind and Fraction(*each[1:]) == right)
    return next((name for name in equal_units if sum(map(ne, name.split("/"), parts)) == 1), None)


def per_kg_unit(unit: Unit) -> str | None:
    """Return a unit with the weight that it lacks, `mcg/kg/min` of `mcg/min`."""
    amount, *time = (part.name for part in unit.parts)
    name = "/".join((amount, "kg", *time))
    return name if name in SIZES else None


def slips_of(unit: Unit) -> Mapping[Fraction, str]:
    """Return by how much limits in a unit may be off, with what explains it."""
    names = {part.name for part in unit.parts}
    if names & {"h", "day"}:
        return SLIPS
    return _OF_MINUTES if names & {"min", "s"} else _OF_AMOUNTS
