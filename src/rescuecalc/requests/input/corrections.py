"""What a refused option may mean: a hint with the person's own value, written so that it has one reading."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.quantities.corrections import values_meant
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import (
    Concentration,
    CreatinineClearance,
    DosingWeight,
    Duration,
    Height,
    Quantity,
    SerumCreatinine,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def suggested_value(text: str, role: type[Quantity], option: str = "") -> str:
    """Return a hint with the value that a refused text may mean, with both where there are two, or an empty text.

    >>> from rescuecalc.core.quantities.quantity import Dose, DoseRatePerKg
    >>> suggested_value("12,5 mg", Dose), suggested_value(".5mg", Dose)
    ('; did you mean 12.5 mg?', '; did you mean 0.5mg?')
    >>> suggested_value("0.15 MCG/KG/MIN", DoseRatePerKg)
    '; did you mean 0.15 mcg/kg/min?'
    """
    if role is CreatinineClearance and "gfr" in text.lower():
        return "; an eGFR is not a creatinine clearance and does not replace one"
    if role is Concentration and text[:1].isalpha() and (products := _products_meant(text)):
        return products
    bare = _unwrapped(text, role)
    # With a space behind it a text that is right once it is unwrapped is not the one that was refused.
    found = plausible_values(text if bare == text else f"{bare} ", role, option)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def _products_meant(text: str) -> str:
    from rescuecalc.catalogue.catalogue import products  # noqa: PLC0415  # only a product's name pays for it

    begun = [each for each in products() if each.partition("-")[0] == text.lower()]
    return f"; did you mean {' or '.join(begun)}?" if begun else nearest(text, products(), cutoff=0.7)


_QUOTES: Final = "\"'`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb "
_LED: Final = lazy_pattern(r"(?P<word>[A-Za-z]{1,12}) ?[:=]? ?(?P<value>[0-9][^ ]* ?.{0,20})", re.ASCII)


def _unwrapped(text: str, role: type[Quantity]) -> str:
    """Return a text without quotation marks and without the word before it: ``wt 80 kg``; ``kg 80`` is 80 kg."""
    bare = text.strip(_QUOTES)
    led = _LED.fullmatch(bare)
    if led is None:
        return bare
    behind = f"{led['value']} {led['word']}"
    return behind if values_meant(f"{behind} ", role) else led["value"]


def suggested_value_of_any(text: str, roles: Iterable[type[Quantity]]) -> str:
    """Return the hint of the first kind that gives one; none for a number alone, which may be of each kind."""
    if text.strip(" ").replace(".", "").replace(",", "").isdecimal():
        return ""
    return next((hint for hint in (suggested_value(text, role) for role in roles) if hint), "")


def plausible_values(text: str, role: type[Quantity], option: str = "") -> list[str]:
    """Return the one or two values that a refused text may be, of those that a patient or a product can have."""
    return values_meant(text, role, partial(_is_plausible, option=option))


def _is_plausible(value: Quantity, option: str) -> bool:
    from rescuecalc.catalogue import catalogue, supplies  # noqa: PLC0415  # only a refused text pays for it

    limits = catalogue.limits()
    spans = {Height: limits.height, DosingWeight: limits.weight, CreatinineClearance: limits.clearance}
    spans |= {Duration: limits.give_over} if option == "--give-over" else {}
    span: Any = spans.get(type(value))
    if span is not None:
        return bool(span.holds(value))
    if isinstance(value, SerumCreatinine):
        factor = catalogue.renal_constants().umol_per_litre_per_mg_per_dl if value.unit.name == "umol/L" else 1
        return limits.creatinine.low.magnitude <= value.magnitude / factor <= limits.creatinine.high.magnitude
    if isinstance(value, Concentration):
        return supplies.thousandfold(value, catalogue.products().values()) is None
    return True
