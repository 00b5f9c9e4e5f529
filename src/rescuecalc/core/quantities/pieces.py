"""Doses that are counted in tablets: `1 tablet` of `clopidogrel 75 mg tablet` is 75 mg."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from rescuecalc.core.quantities.decimal_text import json_number, plain
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.units import folded_unit

_FORMS: Final = (
    r"(?:film-?coated |chewable |dispersible |oral |rectal |enteric-?coated )?"
    r"(?:(?:tab(?:let|l)?|tbl|tabl|cap(?:sule|s)?|pill)(?:s|\(s\))?|"
    r"suppositor(?:y|ies|y\(s\)|y\(ies\))|(?:film|kau|brause)?tablette[n]?|kapsel[n]?|z\u00e4pfchen|st(?:\u00fc|ue)ck|stk|"
    r"comprim\u00e9s?|comprimidos?|compress[ae]|cps?|cpr|g\u00e9lules?|each|ea|unit doses?)"
)
_COUNT: Final = lazy_pattern(
    rf"(?P<count>[0-9]{{1,2}}(?:\.[0-9]{{1,2}})?|1/2|\u00bd|[0-9] ?\u00bd|[0-9] 1/2) ?"
    rf"\{{?{_FORMS}\}}?\.?(?: ?\{{?{_FORMS}\}}?)?\.?",
    re.IGNORECASE,
)
_STRENGTH: Final = lazy_pattern(
    r"(?<![0-9.,/])(?P<number>[0-9]{1,4}(?:\.[0-9]{1,3})?) ?(?P<unit>mg|mcg|g)\b(?! ?/)", re.ASCII | re.IGNORECASE
)
_HALF: Final = Fraction(1, 2)


def counted(text: str) -> Fraction | None:
    """Return how many tablets, capsules or suppositories a text says, None where it says something else.

    >>> counted("4 tablets"), counted("1/2 tab"), counted("1 Filmtablette"), counted("40 mg")
    (Fraction(4, 1), Fraction(1, 2), Fraction(1, 1), None)
    """
    match = _COUNT.fullmatch(text.strip())
    if match is None:
        return None
    whole = re.sub(r" ?(?:\u00bd|1/2)$", "", match["count"])
    return Fraction(whole or 0) + (_HALF if whole != match["count"] else 0)


def held_by(count: Fraction, name: str) -> str | None:
    """Return the dose that so many pieces of a drug hold, None where its name does not say one strength.

    >>> held_by(Fraction(4), "aspirin 81 MG chewable tablet"), held_by(Fraction(4), "aspirin")
    ('324 mg', None)
    """
    held = {(match["number"], folded_unit(match["unit"])) for match in _STRENGTH.finditer(name)}
    if len(held) != 1 or not count:
        return None
    number, unit = held.pop()
    return f"{plain(json_number(count * Fraction(number))[0])} {unit}"
