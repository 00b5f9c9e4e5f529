"""A quantity of a result: exact, printed as people read it, and one of pint where it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.core.quantities.units import pint_unit, registry, unit

if TYPE_CHECKING:
    from rescuecalc.core.quantities.units import PintQuantity


@dataclass(frozen=True, slots=True)
class ExactQuantity:
    """An exact ``magnitude`` in a ``unit`` (``mcg/kg/min``); two are equal where number and unit are.

    >>> rate = ExactQuantity(Fraction(72, 5), "mL/h")
    >>> print(rate)
    14.4 mL/h
    >>> print(rate.to("mL/min"))
    0.24 mL/min
    """

    magnitude: Fraction
    unit: str

    def to_pint(self) -> PintQuantity:
        """Return it as a quantity of ``rescuecalc.units``, its magnitude the same Fraction."""
        return registry().Quantity(self.magnitude, pint_unit(unit(self.unit)))

    def to(self, unit_name: str) -> ExactQuantity:
        """Return the same quantity in another unit; pint's DimensionalityError where the dimensions differ."""
        target = unit(unit_name)
        return ExactQuantity(Fraction(self.to_pint().to(pint_unit(target)).magnitude), target.name)

    @property
    def ucum(self) -> str | None:
        """Its UCUM code (``ug/kg/min``), None where UCUM has no single one."""
        return unit(self.unit).ucum

    def __float__(self) -> float:
        """Return the magnitude as a binary float, for plotting; nothing is decided by it."""
        return float(self.magnitude)

    def __str__(self) -> str:
        return f"{people_number(self.magnitude)} {self.unit}"

    def __repr__(self) -> str:
        return f"<{self}>"
