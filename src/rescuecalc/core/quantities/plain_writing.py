"""What a record writes about a number and its unit and that changes neither: capitals, a full stop, what was weighed.

Of an order's fields alone. On a command line the strict grammar asks its user, who is there to answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities import wording
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Concentration, Dose, DosingWeight, Duration
from rescuecalc.core.quantities.units import folded_unit

if TYPE_CHECKING:
    from rescuecalc.core.quantities.quantity import Quantity

_NUMBER: Final = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_PARTS: Final = lazy_pattern(rf"(?P<number>{_NUMBER}) *(?P<unit>[^0-9 ].*)")
_GROUPS: Final = lazy_pattern(
    r"(?P<number>[1-9][0-9]{0,2}(?:(?:' ?|[ \u2019])[0-9]{3}){1,2})(?P<rest> ?[A-Za-z\u00b5\u03bc].*)"
)
"""Thousands as they are divided in Switzerland and in France."""
_LABEL: Final = lazy_pattern(
    rf"(?P<amount>{_NUMBER}) ?(?P<unit>[A-Za-z\u00b5\u03bc.]+) ?(?:/|:|\b(?:in|per|ad|dans|en)\b) ?"
    rf"(?P<volume>{_NUMBER}) ?(?P<of>m?l)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_ABOUT: Final = lazy_pattern(
    r"(?:[~\u2248]|(?:ca\.?|approx\.?|approximately|about|est\.?|estimated|circa|env\.?) ) ?(?=[0-9])", re.IGNORECASE
)
_AT_MOST: Final = lazy_pattern(
    r"(?:(?:up to|at most|no longer than|maximum|max\.?|over|for|within)(?: of)? +|(?:<=|\u2264|x|\u00d7) ?)(?=[0-9])",
    re.IGNORECASE,
)
"""What stands before the longest time that something takes, or the time itself."""
_BEFORE: Final = {DosingWeight: (_ABOUT,), Duration: (_AT_MOST, _ABOUT)}
_STATED: Final = lazy_pattern(r"(?:= ?|fixed (?:at |rate )?|constant )(?=[0-9])", re.IGNORECASE)
"""Before a number that is just this one."""
_KINDS: Final = {DosingWeight: "weight", Duration: "time", Dose: "amount", Concentration: "strength"}


def plainly(text: str, role: type[Quantity]) -> str:
    """Return a quantity of an order without what stands around its number and unit, in the letters of the table.

    >>> from rescuecalc.core.quantities.quantity import PumpRate
    >>> plainly("9.6 ML/HR.", PumpRate), plainly("~80 Kg (bed scale)", DosingWeight), plainly("5'000 I.E.", Dose)
    ('9.6 mL/h', '80 kg', '5000 units')
    >>> plainly("3 MU", Dose), plainly("80 kg (ideal)", DosingWeight)
    ('3 MU', '80 kg (ideal)')
    """
    before = (*_BEFORE.get(role, ()), _STATED)
    if (about := next(filter(None, (each.match(text) for each in before)), None)) is not None:
        text = text[about.end() :]
    groups = _GROUPS.fullmatch(text)
    if groups is not None:
        text = f"{re.sub('[^0-9]', '', groups['number'])}{groups['rest']}"
    if role is Concentration and (label := _LABEL.fullmatch(text)) is not None:
        rest = _unqualified(label["rest"], role) if label["rest"].strip(" .") else ""
        return f"{label['amount']} {plain_unit(label['unit'])}/{label['volume']} {folded_unit(label['of'])}{rest}"
    parts = _PARTS.fullmatch(text)
    return f"{parts['number']} {plain_unit(_unqualified(parts['unit'], role))}" if parts is not None else text


def _unqualified(written: str, role: type[Quantity]) -> str:
    """Return a unit without the words behind it that change nothing of what is measured."""
    known = wording.QUALIFIERS[_KINDS.get(role, "rate")]
    words = written.split(" ")
    for place in range(1 if words[0] else 0, len(words)):
        behind = wording.folded(" ".join(words[place:])).strip("()[].,; ")
        if behind in known:
            return " ".join(words[:place])
    return written


_RAISED: Final = str.maketrans({"\u207b": "-", "\u00b9": "1", "\u00b7": "*", "\u22c5": "*"})
_IN_BRACKETS: Final = re.compile(r"^\(([A-Za-z]{1,9})\)$")
_ENDING: Final = re.compile(r"\((?:s|es|en|n)\)")
_OF_BODY: Final = re.compile(r"(?<=[/ ]kg) ?(?:BW|KG|body ?weight)\b", re.IGNORECASE)
_POWER: Final = re.compile(r"[ .*]{1,3}([A-Za-z]{1,9})\^?-1(?![0-9])")
_BELOW: Final = re.compile(r"/ ?\(([A-Za-z]{1,9})(?: ?[*./] ?| )([A-Za-z]{1,9})\)")
_TIMES: Final = re.compile(r"(?<=/kg) ?[*-] ?(?=[A-Za-z]{1,9}$)", re.IGNORECASE)
_EQUIVALENTS: Final = re.compile(r"^(m?g) PE\b")
"""Of phenytoin, in which fosphenytoin is ordered."""


def plain_unit(written: str) -> str:
    """Return a unit in the letters and with the lines of the table, where it has one reading.

    >>> [plain_unit(each) for each in ("MG", "mL/Hr", "mins.", "unit(s)", "mcg.kg-1.min-1", "mcg/kg BW/min")]
    ['mg', 'mL/h', 'min', 'units', 'mcg/kg/min', 'mcg/kg/min']
    >>> [plain_unit(each) for each in ("MU", "mcg/kg/m", "M", "mcg/kg.min")]
    ['MU', 'mcg/kg/m', 'M', 'mcg/kg.min']
    """
    text = _IN_BRACKETS.sub(r"\1", _ENDING.sub("", written.translate(_RAISED)).strip(" "))
    text = _EQUIVALENTS.sub(r"\1", _OF_BODY.sub("", text))
    text = _TIMES.sub("/", _BELOW.sub(r"/\1/\2", _POWER.sub(r"/\1", text)))
    return "/".join(_in_its_letters(each) for each in text.split("/"))


_GAMMA: Final = frozenset({"gamma", "Gamma", "\u03b3"})
"""The older name of a microgram, in which pumps of some countries are set."""


def _in_its_letters(part: str) -> str:
    part = part.strip(" ")
    if part in _GAMMA:
        return "mcg"
    if part in wording.UNIT_OF or (len(part) == 1 and part.islower()):
        return wording.UNIT_OF.get(part, part)
    return next((found for each in (part, part.rstrip(".")) if (found := folded_unit(each)) != each), part.rstrip("."))
