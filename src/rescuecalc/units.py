"""Quantities of pint with body weight and drug mass as two dimensions: a mix-up of the two gives no number.

``Q_`` makes a quantity from text or from a number and a unit; ``ureg`` is the registry (``80 * ureg.kg``). The units
are those of the command line (`mcg`, `mg`, `kg`, `lb`, `mL`, `min`, `h`, ...), without prefixes; there are no others.

>>> from rescuecalc.units import Q_
>>> dose = Q_("10 mcg/kg") * Q_(80, "kg")
>>> print(dose)
800 mcg
>>> Q_("10 mcg/kg") + Q_("10 mcg")
Traceback (most recent call last):
    ...
pint.errors.DimensionalityError: Cannot convert from 'mcg / kg' ([drug_mass] / [body_weight]) to 'mcg' ([drug_mass])
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.units import pint_unit, quantity_of_text, registry, unit
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from decimal import Decimal

    from rescuecalc.core.quantities.units import PintQuantity, Unit

    ureg: Any

__all__ = ["Q_", "ureg"]


def Q_(value: str | float | Decimal | Fraction, unit_name: str | None = None) -> PintQuantity:  # noqa: N802  # pint's name
    """Return a quantity with an exact Fraction as its magnitude: ``Q_("80 kg")`` or ``Q_(80, "kg")``.

    A float is taken as the decimal that Python prints of it: 0.15 is 3/20. Raises InputError for a text that is not one
    number with one unit, for an unknown unit, and for a number without a unit or that is not finite.
    """
    if isinstance(value, str):
        if unit_name is not None:
            raise InputError(f"Q_: {quoted(value)} stands beside a unit; write one text, or a number and its unit")
        return quantity_of_text(value)
    if unit_name is None:
        raise InputError(f"Q_: {value} has no unit; write Q_('{value} kg') or Q_({value}, 'kg'), with the unit it has")
    return registry().Quantity(_exact(value), pint_unit(_unit(unit_name)))


def _exact(value: float | Decimal | Fraction) -> Fraction:
    try:
        # By its decimal digits: the binary value of 0.15 is not 0.15.
        return Fraction(str(value))
    except ValueError:
        raise InputError(f"Q_: {quoted(str(value))} is not a finite number") from None


def _unit(name: str) -> Unit:
    try:
        return unit(name)
    except InputError as reason:
        raise InputError(f"Q_: cannot read the unit {quoted(name)}: {reason}") from None


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Return ``ureg``, made when it is first asked for: pint takes 160 ms to import."""
        if name == "ureg":
            return registry()
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
