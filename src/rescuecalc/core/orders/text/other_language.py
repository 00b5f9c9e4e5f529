"""Whether texts are written in a language whose own notation English lists of error-prone designations name."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_GERMAN: Final = (
    *("und", "oder", "nach", "\u00fcber", "ueber", "f\u00fcr", "fuer", "bei", "mit", "ohne", "alle", "bis", "nicht"),
    *("t\u00e4glich", "taeglich", "st\u00fcndlich", "dann", "zu", "unter", "aus", "wiederholen", "langsam", "keine"),
    *("Ziel", "Laufrate", "Laufzeit", "Gesamtdosis", "Kontrolle", "Beginn", "Blutung", "Schmerzen", "\u00dcbelkeit"),
    *("Thrombozyten", "Stunden", "Minuten", "Tage", "Gabe", "Dauerinfusion", "Kurzinfusion", "intraven\u00f6s"),
    *("ggf", "max", "bzw", "BZ-Ziel", "jede"),
)
_FRENCH: Final = (
    *("apr\u00e8s", "avant", "pendant", "toutes", "les", "heures", "heure", "puis", "selon", "d\u00e9buter"),
    *("augmenter", "jour", "jours", "avec", "sans", "chez", "une", "dose totale", "voie", "contr\u00f4le", "sous"),
    *("si", "soir", "par", "perfusion", "intraveineuse", "d\u00e9but", "jusqu"),
)
_SOUTHERN: Final = (
    *("cada", "horas", "hora", "despu\u00e9s", "antes", "hasta", "durante", "dosis", "ogni", "dopo", "prima", "fino"),
    *("ore", "giorni", "durata", "dose massima", "por", "para", "con", "seg\u00fan"),
)
_DUTCH: Final = ("elke", "voor", "tijdens", "daarna", "uur", "dagelijks", "bij", "indien", "zo nodig", "niet", "naar")

_SHARED: Final = frozenset({"max", "si", "par", "zu", "con", "prima", "ore", "alle", "perfusion", "unter"})
"""Words that English texts may hold too, and an abbreviation that all write: they say a language beside others only."""
_ENOUGH: Final = 2
_MOST_TEXTS: Final = 200
"""Texts of a set that are asked for its language."""


def _words(*of: str) -> re.Pattern[str]:
    return lazy_pattern(rf"\b(?:{'|'.join(map(re.escape, of))})\b", re.IGNORECASE)


_LANGUAGES: Final = tuple(_words(*each) for each in (_GERMAN, _FRENCH, _SOUTHERN, _DUTCH))
_ENGLISH: Final = _words("the", "of", "every", "with", "over", "after", "if", "and", "for", "start", "hold", "give")


def is_in_other_language(texts: Iterable[str]) -> bool:
    """Whether the words of texts are of a language that writes `ml`, a micro sign and decimal commas by its own rules.

    >>> is_in_other_language(["Laufrate 9,6 ml/h f\u00fcr 24 h"]), is_in_other_language(["run at 9,6 ml/h for 24 h"])
    (True, False)
    """
    text = " \n ".join(islice(texts, _MOST_TEXTS))
    english = {each.lower() for each in _ENGLISH.findall(text)}
    for pattern in _LANGUAGES:
        found = {each.lower() for each in pattern.findall(text)}
        if len(found) >= _ENOUGH and found - _SHARED and len(found) > len(english):
            return True
    return False
