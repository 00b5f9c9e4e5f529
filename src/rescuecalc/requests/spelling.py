"""How people write a quantity: each spelling that has one reading, as the strict grammar reads it.

The grammar stays as it is, and so does what it refuses: `80`, `12,5` and `1e3` have two readings or none.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from rescuecalc.core.quantities.decimal_text import json_number, plain
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.quantity import Concentration, Height, Quantity
from rescuecalc.errors import InputError

SPACES: Final = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f", " "))
"""Spaces that a page or a record puts between a number and its unit."""

_UNIT: Final = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?) *(?P<unit>[A-Za-z\u00b5\u03bc/]+)", re.ASCII)
_WEIGHTS: Final = {
    **dict.fromkeys(("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"), "kg"),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb"),
}
_OTHERS: Final = {
    "hrs": "h",
    "mins": "min",
    "secs": "s",
    "mgs": "mg",
    **dict.fromkeys(("umol/l", "\u00b5mol/l", "\u03bcmol/l"), "umol/L"),
}
_PER_TIME_AND_KG: Final = re.compile(
    r"(?P<amount>(?:mc|m|n|u|\u00b5|\u03bc)?g|units?)/(?P<time>min|h|hr|minute|hour)/kg"
)
_FEET: Final = re.compile(
    r"(?P<feet>[0-9]) ?(?:ft|feet|foot|') ?(?P<inches>[0-9]{1,2}) ?(?:in|inch|inches|\"|'')?", re.ASCII
)
_METRES: Final = re.compile(r"(?P<metres>[0-9](?:\.[0-9]{1,4})?) ?m", re.ASCII)
_INCHES_IN_A_FOOT: Final = 12


def as_read(text: str, role: type[Quantity]) -> str:
    """Return ``text`` as the strict grammar reads it, unchanged where it is no other spelling of one reading.

    >>> from rescuecalc.core.quantities.quantity import DoseRatePerKg, DosingWeight
    >>> as_read("176 LBS", DosingWeight), as_read("0.15 mcg/min/kg", DoseRatePerKg), as_read("5ft 5in", Height)
    ('176 lb', '0.15 mcg/kg/min', '65 in')
    """
    spaced = text.translate(SPACES).strip(" ")
    if role is Concentration:
        return _of_label(spaced) or spaced
    if role is Height:
        return _of_height(spaced) or spaced
    match = _UNIT.fullmatch(spaced)
    written = unit_as_read(match["unit"]) if match is not None else None
    return spaced if match is None or written is None else f"{match['number']} {written}"


def unit_as_read(text: str) -> str | None:
    """Return the name of a unit that is spelled otherwise, None for any that is not."""
    turned = _PER_TIME_AND_KG.fullmatch(text)
    if turned is not None:
        return f"{turned['amount']}/kg/{turned['time']}"
    weight = _WEIGHTS.get(text.lower())
    return weight if weight is not None and weight != text else _OTHERS.get(text)


def _of_label(text: str) -> str | None:
    """Return the concentration of a label's text: ``12.5 mg in 250 mL`` is 0.05 mg/mL."""
    found = strength(text)
    if found is None or found.text != text:
        return None
    concentration = found.concentration
    if concentration.unit.name == "mg/mL":
        concentration = concentration.to("mcg/mL")
    number, cut = json_number(concentration.magnitude)
    if cut:
        raise InputError(f"it is no decimal number of {concentration.unit.name}; write the concentration itself")
    return f"{plain(number)} {concentration.unit.name}"


def _of_height(text: str) -> str | None:
    feet = _FEET.fullmatch(text)
    if feet is not None and int(feet["inches"]) < _INCHES_IN_A_FOOT:
        return f"{int(feet['feet']) * _INCHES_IN_A_FOOT + int(feet['inches'])} in"
    metres = _METRES.fullmatch(re.sub(r"([0-9])m([0-9]{2})", r"\1.\2m", text))  # 1m65
    return f"{plain(json_number(Fraction(metres['metres']) * 100)[0])} cm" if metres is not None else None
