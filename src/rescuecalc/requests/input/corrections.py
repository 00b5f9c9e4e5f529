"""What a refused option may mean: a hint with the person's own value, written so that it has one reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.quantities.corrections import values_meant
from rescuecalc.core.quantities.quantity import Concentration, DosingWeight, Height, Quantity, SerumCreatinine

if TYPE_CHECKING:
    from collections.abc import Iterable


def suggested_value(text: str, role: type[Quantity]) -> str:
    """Return a hint with the value that a refused text may mean, with both where there are two, or an empty text.

    >>> from rescuecalc.core.quantities.quantity import Dose, DoseRatePerKg
    >>> suggested_value("12,5 mg", Dose), suggested_value(".5mg", Dose)
    ('; did you mean 12.5 mg?', '; did you mean 0.5mg?')
    >>> suggested_value("0.15 MCG/KG/MIN", DoseRatePerKg)
    '; did you mean 0.15 mcg/kg/min?'
    """
    if role is Concentration and text[:1].isalpha():
        from rescuecalc.catalogue.catalogue import products  # noqa: PLC0415  # only a product's name pays for it

        return nearest(text, products(), cutoff=0.7)
    found = plausible_values(text, role)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def suggested_value_of_any(text: str, roles: Iterable[type[Quantity]]) -> str:
    """Return the hint of the first kind that gives one; none for a number alone, which may be of each kind."""
    if text.strip(" ").replace(".", "").replace(",", "").isdecimal():
        return ""
    return next((hint for hint in (suggested_value(text, role) for role in roles) if hint), "")


def plausible_values(text: str, role: type[Quantity]) -> list[str]:
    """Return the one or two values that a refused text may be, of those that a patient or a product can have."""
    return values_meant(text, role, _is_plausible)


def _is_plausible(value: Quantity) -> bool:
    from rescuecalc.catalogue import catalogue, supplies  # noqa: PLC0415  # only a refused text pays for it

    if isinstance(value, Height):
        return catalogue.limits().height.holds(value)
    if isinstance(value, DosingWeight):
        return catalogue.limits().weight.holds(value)
    if isinstance(value, SerumCreatinine):
        factor = catalogue.renal_constants().umol_per_litre_per_mg_per_dl if value.unit.name == "umol/L" else 1
        limits = catalogue.limits().creatinine
        return limits.low.magnitude <= value.magnitude / factor <= limits.high.magnitude
    if isinstance(value, Concentration):
        return supplies.thousandfold(value, catalogue.products().values()) is None
    return True
