"""By how much limits are off whose unit was mixed up with another one: from the sizes of the units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.units import how_many

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

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

OF_MINUTES: Final[Mapping[Fraction, str]] = {factor: words for factor, words in SLIPS.items() if factor != _DAY}
"""Those of limits per minute, which nobody writes for a day."""
