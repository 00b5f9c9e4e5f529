"""By how much limits are off whose unit was mixed up with another one: from the sizes of the units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.units import how_many

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

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


def slips_of(unit: Unit) -> Mapping[Fraction, str]:
    """Return by how much limits in a unit may be off, with what explains it."""
    names = {part.name for part in unit.parts}
    if names & {"h", "day"}:
        return SLIPS
    return _OF_MINUTES if names & {"min", "s"} else _OF_AMOUNTS
