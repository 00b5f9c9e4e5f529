"""The units of a text for people in other spellings and languages, as they are read: `96 Milliliter pro Stunde`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.decimal_text import plain
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.units import POUNDS_OF_STONE

if TYPE_CHECKING:
    from collections.abc import Callable

_AMOUNTS: Final = {
    "mcg": r"mi[ck]rog(?:r(?:am(?:m[a-z]{0,3}|os?|i)?)?)?|mcg[rm]|[\u00b5\u03bc]gr",
    "mg": r"mil+ig(?:ram(?:m[a-z]{1,3}|m|os?|i)|r)|mgr",
    "mL": r"mil+ilit(?:er|ros?|ri)|c(?:c?m3|cm)|ml[st]",
}
_ELSEWHERE: Final = {
    "kg": r"kilogram(?:m[a-z]{0,3}|os?|i)",
    "min": r"minut(?:en|os?|[io])?",
    "h": r"stunden?|std\.?|horas?|heures?|or[ae]",
    "day": r"jour|j|tag|d[i\u00ed]a|giorno",
}
"""What an amount is per, in words that no other reader knows."""
_OVER: Final = {
    "kg": rf"{_ELSEWHERE['kg']}|kilo(?:gram)?|kg",
    "min": rf"{_ELSEWHERE['min']}|minute|min",
    "h": rf"{_ELSEWHERE['h']}|h",
    "day": _ELSEWHERE["day"],
}


def _any(named: dict[str, str], kind: str) -> str:
    return "|".join(f"(?P<{kind}_{name}>{words})" for name, words in named.items())


_FOREIGN: Final = lazy_pattern(rf"(?<=[0-9])(?P<space> ?)(?:{_any(_AMOUNTS, 'is')})(?![A-Za-z0-9])", re.IGNORECASE)
"""An amount or a volume behind its number."""
_UNIT: Final = r"(?P<unit>\b(?:mcg|mg|g|units|mL|kg))"
_PER_ELSEWHERE: Final = lazy_pattern(
    rf"{_UNIT} ?(?:/|\bper\b) ?(?:{_any(_ELSEWHERE, 'per')})(?![A-Za-z0-9])", re.IGNORECASE
)
_FOREIGN_PER: Final = lazy_pattern(
    rf"{_UNIT} ?\b(?:pro|por|par|je|all['\u2019])(?![a-z]) ?(?:{_any(_OVER, 'per')})(?![A-Za-z0-9])", re.IGNORECASE
)
"""What it is per, behind a unit."""
_PER_SEVERAL: Final = lazy_pattern(
    r"(?<![\w.,/])(?P<number>[0-9]{1,6}(?:\.[0-9]{1,4})?)(?P<unit> ?(?:mcg|mg|units|mL)(?:/(?:min|h|hr))?)"
    r" ?(?:/|\bper\b) ?(?P<by>[1-9][0-9]{0,2}) ?"
    r"(?P<of>kg|h|hr|hours)\b(?! ?/)",
    re.IGNORECASE,
)
"""An amount of so many kilograms or hours, or a flow of so many kilograms: `20 mL/h per 10 kg`."""
_EACH_ML: Final = lazy_pattern(
    r"\b(?:each|every|one|1) mL (?:contains|holds|has|is|=) ?([0-9]{1,5}(?:\.[0-9]{1,4})? ?(?:mcg|mg|g|units))\b",
    re.IGNORECASE,
)
_SEVERAL_IN: Final = lazy_pattern(
    r"(?<![\w.,/-])(?P<count>[1-9][0-9]?) ?[x\u00d7] ?(?P<amount>[0-9]{1,4}(?:\.[0-9]{1,2})?)(?P<unit> ?(?:mcg|mg) in "
    r"[0-9]{2,4} ?mL)\b",
    re.IGNORECASE,
)
"""So many vials of an amount in one volume."""
_WEIGHT: Final = lazy_pattern(
    r"\b(?:program|enter|set|use|type)(?: in)?(?: the| a)? (?:weight(?: of| as| to|:)? "
    r"(?P<behind>[0-9]{2,3}(?:\.[0-9])?)(?= ?(?:$|[,;\n]))"
    r"|(?P<before>[0-9]{2,3}(?:\.[0-9])?) (?:as (?:the )?weight|lbs? as kg)\b)"
    r"|(?P<named>\b(?:weight|wt)(?: (?:used|entered|taken))?(?: (?:is|of|was))?[ :=]{1,3})"
    r"(?P<number>[0-9]{2,3}(?:\.[0-9])?)(?= ?(?:$|[,;)\n]))",
    re.IGNORECASE,
)
"""A weight that is typed into a pump, or named, whose unit people leave out."""
_STONE: Final = lazy_pattern(
    r"(?<![\w.,/])(?P<stone>[0-9]{1,2}) ?(?:stones?|st(?= ?[0-9]{1,2} ?(?:lbs?|pounds?)\b))"
    r"(?:,? ?(?P<pounds>[0-9]{1,2}) ?(?:lbs?|pounds?))?\b",
    re.IGNORECASE,
)
UNITS_REWRITTEN: Final = (_FOREIGN, _PER_ELSEWHERE, _FOREIGN_PER, _PER_SEVERAL, _EACH_ML, _SEVERAL_IN, _WEIGHT, _STONE)
"""Patterns of all that is rewritten."""
_DAY: Final = "24"


def people_units(text: str) -> str:
    """Return a text with the units behind its numbers in the spelling that is read.

    >>> people_units("96 Milliliter pro Stunde, 20 mL/h per 10 kg")
    '96 mL/h, 2 mL/h/kg'
    """
    text = _STONE.sub(_in_pounds, _WEIGHT.sub(_in_kg, text))
    text = _FOREIGN.sub(_named("is_"), text)
    for _ in range(_MOST_PARTS):
        text = _FOREIGN_PER.sub(_named("per_"), _PER_ELSEWHERE.sub(_named("per_"), text))
    text = _SEVERAL_IN.sub(_in_all, _EACH_ML.sub(r"\1/mL", text))
    return _PER_SEVERAL.sub(_of_one, text)


def _in_kg(match: re.Match[str]) -> str:
    if match["named"]:
        return f"{match['named']}{match['number']} kg"
    return f"program weight {match['behind'] or match['before']} kg"


def _in_pounds(match: re.Match[str]) -> str:
    return f"{int(match['stone']) * POUNDS_OF_STONE + int(match['pounds'] or 0)} lb"


_MOST_PARTS: Final = 2
"""What a unit may be per: kilogram and minute."""


def _named(kind: str) -> Callable[[re.Match[str]], str]:
    def named(match: re.Match[str]) -> str:
        name = next(name for name, found in match.groupdict().items() if found and name.startswith(kind))
        before = f"{match['unit']}/" if kind == "per_" else match["space"]
        return f"{before}{name.removeprefix(kind)}"

    return named


def _of_one(match: re.Match[str]) -> str:
    of = "kg" if match["of"].lower() == "kg" else "h"
    if of == "h" and "ml" in match["unit"].lower():
        return match[0]  # it may be a bag that is hung for so long
    if of == "h" and match["by"] == _DAY:
        return f"{match['number']}{match['unit']}/day"
    one = Decimal(match["number"]) / int(match["by"])
    is_exact = one * int(match["by"]) == Decimal(match["number"]) and len(plain(one)) <= _MOST_DIGITS
    return f"{plain(one)}{match['unit']}/{of}" if is_exact else match[0]


def _in_all(match: re.Match[str]) -> str:
    return f"{plain(int(match['count']) * Decimal(match['amount']))}{match['unit']}"


_MOST_DIGITS: Final = 10
