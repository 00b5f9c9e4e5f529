"""How people write a quantity: each spelling that has one reading, as the strict grammar reads it.

The grammar stays as it is, and so does what it refuses: `80`, `12,5` and `1e3` have two readings or none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final

from rescuecalc.core.quantities.decimal_text import json_number, plain
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.plain_writing import plainly
from rescuecalc.core.quantities.quantity import Concentration, Duration, Height, Q, Quantity, parsed
from rescuecalc.core.quantities.units import unit, usual_unit
from rescuecalc.errors import InputError

SPACES: Final = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
"""Spaces that a page or a record puts between a number and its unit."""

_UNIT: Final = lazy_pattern(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?) *(?P<unit>[A-Za-z\u00b5\u03bc][A-Za-z0-9\u00b2\u00b5\u03bc/ -]*)", re.ASCII
)
_THOUSANDS: Final = lazy_pattern(
    r" *(?P<number>[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2})(?P<rest>(?:\.[0-9]+)? *(?!or )[^0-9., ].*)", re.ASCII
)
"""A number whose thousands are divided by well-formed commas: `0,150` and `12,5` are none."""
_FEET: Final = lazy_pattern(
    r"(?P<feet>[0-9]) ?(?:ft|feet|foot|')\.?,? ?(?P<inches>[0-9]{1,2}(?:\.[0-9])?) ?(?:(?:in|inch|inches)\.?|\"|'')?",
    re.ASCII | re.IGNORECASE,
)
_PRIMES: Final = str.maketrans("\u2032\u2019\u2033\u201d", "''\"\"")
"""Signs of feet and inches as a phone or a record writes them."""
_METRES: Final = lazy_pattern(r"(?P<metres>[0-9](?:\.[0-9]{1,4})?) ?(?:m|met(?:re|er)s?)", re.ASCII)
_INCHES_IN_A_FOOT: Final = 6 + 6
_HOURS_AND_MINUTES: Final = lazy_pattern(
    r"(?P<hours>[0-9]{1,3}) ?(?:h|hrs?|hours?) ?(?P<minutes>[0-5]?[0-9]) ?(?:min|mins|minutes?)", re.ASCII
)
_MINUTES_IN_AN_HOUR: Final = 60
_PER_CENT: Final = lazy_pattern(r"(?P<number>[0-9]{1,2}(?:\.[0-9]{1,4})?) ?%(?: ?\(?w/v\)?)?", re.ASCII | re.IGNORECASE)
_IN_MG: Final = 10
"""Milligrams in a millilitre of a solution of one per cent: a gram in 100 mL."""
_MILLIONS: Final = lazy_pattern(
    r"(?P<number>[0-9]{1,3}(?:\.[0-9]{1,4})?) ?(?P<word>million|thousand) (?P<unit>[A-Za-z][A-Za-z/ ]*)", re.IGNORECASE
)
_WORDS: Final = {"thousand": 10**3, "million": 10**6}


def as_read(text: str, role: type[Quantity]) -> str:
    """Return ``text`` as the strict grammar reads it, unchanged where it is no other spelling of one reading.

    >>> from rescuecalc.core.quantities.quantity import DoseRatePerKg, DosingWeight
    >>> as_read("176 LBS", DosingWeight), as_read("0.15 mcg/min/kg", DoseRatePerKg), as_read("5ft 5in", Height)
    ('176 lb', '0.15 mcg/kg/min', '65 in')
    """
    spaced = text.translate(SPACES).strip(" ")
    if role is Concentration and (label := _of_label(spaced)) is not None:
        return label
    if role is Concentration and (per_cent := _PER_CENT.fullmatch(spaced)) is not None:
        return f"{plain(json_number(Fraction(per_cent['number']) * _IN_MG)[0])} mg/mL"
    if (millions := _MILLIONS.fullmatch(spaced)) is not None:
        number = Fraction(millions["number"]) * _WORDS[millions["word"].lower()]
        spaced = f"{plain(json_number(number)[0])} {millions['unit']}"
    if role is Duration and (time := _HOURS_AND_MINUTES.fullmatch(spaced)) is not None:
        return f"{int(time['hours']) * _MINUTES_IN_AN_HOUR + int(time['minutes'])} min"
    if role is Height and (height := _of_height(spaced)) is not None:
        return height
    match = _UNIT.fullmatch(spaced)
    if match is None:
        return spaced
    name = _name_of(match["unit"])
    return spaced if name == match["unit"] else f"{match['number']} {name}"


def _name_of(written: str) -> str:
    """Return the name of a unit that is spelled otherwise than the grammar reads it; any other stays."""
    try:
        unit(written)
    except InputError:
        try:
            return usual_unit(written).name
        except InputError:
            pass
    return written


class LabelText(str):
    """The text of a strength as its label says it: no last digit of it was rounded (``step`` of one is zero)."""

    __slots__ = ()
    step = (0, 1)


def as_written(text: str, role: type[Q]) -> Q:
    """Return ``text``, spelled in any way of one reading, as a quantity of ``role`` that keeps it as it is written.

    Well-formed commas divide thousands here, in an order that somebody prepared; on a command line they are refused:
    there `1,250 mg` may be typed for 1.25.

    >>> from rescuecalc.core.quantities.quantity import DoseRate
    >>> quantity = as_written("1,050 units per hr", DoseRate)
    >>> quantity.text, str(quantity)
    ('1,050 units per hr', '1,050 units/h')

    Raises InputError with the reason alone.
    """
    thousands = _THOUSANDS.fullmatch(text)
    plain_text = text if thousands is None else f"{thousands['number'].replace(',', '')}{thousands['rest']}"
    try:
        spelled = as_read(plain_text, role)
        quantity = parsed(role, spelled)
    except InputError as reason:
        return _in_plain_writing(plain_text, role, reason)
    if spelled == text:
        return quantity
    is_label = role is Concentration and _of_label(text.strip(" ")) is not None
    return replace(quantity, text=LabelText(text) if is_label else text.strip(" "))


_LONGEST: Final = 60
"""Characters; a longer text is no quantity."""


def _in_plain_writing(text: str, role: type[Q], refusal: InputError) -> Q:
    """Return the quantity without what a record writes around it; where that is none either, ``refusal`` says why."""
    plain_text = plainly(text.translate(SPACES).strip(" "), role) if len(text) <= _LONGEST else text
    if plain_text == text:
        raise refusal
    try:
        quantity = parsed(role, as_read(plain_text, role))
    except InputError:
        raise refusal from None
    is_label = role is Concentration and _of_label(plain_text) is not None
    return replace(quantity, text=LabelText(plain_text) if is_label else plain_text)


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
        raise InputError(f"it is not a decimal number of {concentration.unit.name}; write the concentration itself")
    return f"{plain(number)} {concentration.unit.name}"


def _of_height(text: str) -> str | None:
    feet = _FEET.fullmatch(text.translate(_PRIMES))
    if feet is not None and Fraction(feet["inches"]) < _INCHES_IN_A_FOOT:
        inches = int(feet["feet"]) * _INCHES_IN_A_FOOT + Fraction(feet["inches"])
        return f"{plain(json_number(inches)[0])} in"
    metres = _METRES.fullmatch(re.sub(r"([0-9]) ?m ?([0-9]{2})", r"\1.\2m", text))  # 1m65
    return f"{plain(json_number(Fraction(metres['metres']) * 100)[0])} cm" if metres is not None else None
