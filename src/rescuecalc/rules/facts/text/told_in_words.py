"""Amounts that a text tells in words, by a factor or in a row of numbers, so that no dose can be read from them."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name, names_of
from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.free_text import elsewhere
from rescuecalc.core.orders.text.giving_words import UNDILUTED
from rescuecalc.core.orders.text.text_words import BESIDE
from rescuecalc.core.orders.text.vocabulary import one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order

_MASS: Final = (
    r"(?:(?:mc|m|u|\u00b5|\u03bc)g|(?-i:ng)|(?:mi[ck]ro|milli?|nano)gram+[a-z\u00e1]{0,3}|m[ig]l+i?gram+[a-z]{0,3}|miligramos?|"
    r"mcgs|mgs|m[lL])"
)
# In languages that are not read, and in Roman numerals, a unit has a word before it where its number should be.
_WORDED: Final = lazy_pattern(
    r"(?<![\w/.-])(?P<word>[^\W\d_]{2,20}(?:-[^\W\d_]{1,12}){0,3}) "
    rf"(?P<unit>{_MASS}(?: ?/ ?(?:kg|min|h|hr)){{0,2}})(?![\w/])",
    re.IGNORECASE,
)
_BESIDE_UNITS: Final = (
    "about above actual adjusted amount ampoule an and are as at bag based below body bolus by calculated cap conc "
    "concentration converted daily dose doses drug each enter equal equals every expressed final flow for from "
    "give given hourly ideal in infusion initial into is limit load loading maintenance max maximum measured "
    "min minimum minus mixed nearest needed no not now of or ordered over patient per plus premix pump range "
    "rate rates remaining required round rounded run set speed start step steps strength syringe tablet target "
    "tenth than that the their then this to total under unit units use using vial volume weight whole with "
    "write your"
)
_NO_NUMBER: Final = frozenset(_BESIDE_UNITS.split()) | BESIDE
"""Words that stand before a unit without a number: of a heading, a form, or a sentence."""
_NO_LIMIT: Final = lazy_pattern(
    r"\b(?:no|without(?: an?| any)?)(?: (?:upper|dose|rate|maximum|max|dosing))* (?:limit|ceiling|cap|maximum|max)\b"
    r"(?! (?:run|duration|time|age|length))"
    r"|\b(?:uncapped|unlimited|limitless)\b|\bto (?:clinical )?effect\b|\buntil (?:effect|it works|the vessel opens)\b",
    re.IGNORECASE,
)
_RISING: Final = lazy_pattern(
    r"\b(?:doubl(?:ed|ing|e)|tripl(?:ed|ing|e))\b(?! (?:lumen|check\w*|strength|antiplatelet|balloon|blind|volume|sign|"
    r"therap\w*|vessel|wall|dose aspirin))(?: (?:the |its )?(?:rate|dose|infusion|drip)| up)?"
    r"(?:,? ?(?:every|each|q|after|until|hourly|again)\b[^.;\n]{0,20}|(?= ?(?:$|[,.;\n])))"
    r"|\b(?:increas\w*|rais\w*|titrat\w* up|go up|step up)\b[^.;\n0-9]{0,24}[0-9]{1,3} ?(?:%|per ?cent)",
    re.IGNORECASE,
)
_FACTOR: Final = lazy_pattern(
    r"(?<![0-9/])(?<![0-9] )(?<!per )\b(?:body ?)?(?:weight|wt|kg|kilos?)(?: ?\(?(?:in )?kg\)?)? ?"
    r"(?:[x\u00d7*\u00b7]|times|multiplied by) ?"
    r"[0-9]{1,4}(?:\.[0-9]{1,4})?(?! ?(?:kg|lb|m?[cl]?g/|mL/|[0-9]))"
    r"|(?<![\w.,/])[0-9]{1,4}(?:\.[0-9]{1,4})? ?(?:[x\u00d7*\u00b7]|times) ?(?:the |body |patient |actual )*"
    r"(?:weight|wt|kg|kilos?)\b(?! ?(?:=|mL|mcg|mg|\(|in |units))"
    r"|\bmultipl\w* (?:the |body |patient |actual )*(?:weight|wt|kg|kilos?)(?: ?\(?kg\)?)? (?:by|with|x) ?[0-9.]{1,8}",
    re.IGNORECASE,
)
_NUMBER_BEHIND: Final = (
    r"(?: (?:drip|infusion|bolus|rate|dose|pump))? ?(?:[:=@]|\bat\b|\bto\b)? ?"
    r"(?P<number>[0-9]{1,6}(?:\.[0-9]{1,4})?)"
    r"(?= *(?:$|,(?![0-9])|[;)\n]|\.(?:\s|$)|(?:then|for|over|now|stat|once)\b))"
)
_PRODUCT: Final = lazy_pattern(
    r"(?<![\w.,/^])[0-9]{1,3} ?[x\u00d7*] ?[0-9]{1,4}(?:\.[0-9]{1,3})?"
    r"(?= ?(?:$|[,;\n)]|\.(?![0-9])|now|stat|once|daily|tab|po\b|iv\b))",
    re.IGNORECASE,
)
# A line of a table of which the heading alone, or nothing, says what its numbers are.
_ROW: Final = lazy_pattern(
    r"(?:^|\n|;)[ |]*[0-9]{1,3}(?:\.[0-9])?(?: ?(?:-|to) ?[0-9]{1,3})?(?: ?kg)? ?(?:[|:=\t]|->|\u2192| - ) ?"
    r"[0-9]{1,5}(?:\.[0-9]{1,3})?[ |]*(?=$|\n|;)",
    re.IGNORECASE,
)
_FACTOR_ALONE: Final = lazy_pattern(
    r"(?:^|[;.,\n(]) ?(?:give |use |run |at )?(?P<found>(?:times|by) (?:two|three|four|five|ten|[2-9]|[1-9][0-9]{1,2})|"
    r"(?:half|(?:a |one )?(?:quarter|third|tenth)) (?:the |of the |of |a )?(?:dose|rate|bolus))"
    r"(?= ?(?:$|[;.,\n)]))",
    re.IGNORECASE,
)
"""A multiple as a clause of its own."""
_FACTOR_IN_CASE: Final = lazy_pattern(
    r"\b(?:double|triple|[0-9]{1,3}-?fold)(?: it| the (?:dose|bolus|rate))? (?:if|when|above|below|unless)\b",
    re.IGNORECASE,
)
_PER_CENT: Final = lazy_pattern(
    r"(?<![\w.,])[0-9]{1,2}(?:\.[0-9]{1,3})? ?%(?= (?:solution|w/v|strength|concentrat))", re.IGNORECASE
)
_UNDILUTED: Final = lazy_pattern(
    rf"\b(?:{one_of(UNDILUTED)}|without (?:further )?dilut\w+|straight from the (?:vial|ampoule|concentrate)|"
    r"(?:give|infuse|run|hang|push|use) the (?:[0-9]{1,3} ?mL )?concentrate(?! (?:in|as needed)\b))\b",
    re.IGNORECASE,
)

_NO_UNIT: Final = "a number without a unit can be compared with no dose"
_WHY: Final = (
    (_NO_LIMIT, "a dose without a limit can be compared with no dose"),
    (_RISING, "a multiple of a dose was compared with no dose"),
    (_FACTOR_ALONE, "a multiple of a dose was compared with no dose"),
    (_FACTOR_IN_CASE, "a multiple of a dose was compared with no dose"),
    (_FACTOR, "what comes of the weight has no unit"),
    (_PRODUCT, _NO_UNIT),
    (_PER_CENT, "its strength in per cent was compared with none"),
    (_ROW, "a row of numbers without units was compared with no dose"),
)


def in_words(order: Order, text: str, judged: list[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Yield what a text says of how much is given, with why no dose follows from it; nothing of what is ``judged``."""
    numbers = (*order.numbers_in_text(), *elsewhere(text))
    read = [*judged, *((each.at, each.at + len(each.text)) for each in numbers)]
    for pattern, why in _WHY:
        for match in pattern.finditer(text):
            if any(begin < match.end() and match.start() < end for begin, end in read):
                continue  # judged as what it is read as
            yield match[0].strip(" |\n;,.("), why
    places = {begin for begin, _ in read}
    for match in _named(order.drug).finditer(text):
        if match.start("number") not in places and not _is_of_field(match["number"], order):
            yield match[0], _NO_UNIT
    for match in _WORDED.finditer(text):
        if _stands_for_number(match, order):
            yield match[0], "its number is not read"


def _is_of_field(number: str, order: Order) -> bool:
    return any(each.magnitude == Fraction(number) for each in order.fields.values())


@lru_cache(maxsize=100)
def _named(drug: str) -> re.Pattern[str]:
    """Return the pattern of a drug's name with a bare number behind it."""
    names = "|".join(map(re.escape, names_of(drug)))
    return lazy_pattern(rf"(?<![A-Za-z]-)\b(?:{names})(?![A-Za-z-]){_NUMBER_BEHIND}", re.IGNORECASE)


def undiluted(text: str) -> Iterator[tuple[str, str]]:
    """Yield where a text has what is infused given undiluted."""
    for match in _UNDILUTED.finditer(text):
        begin, end = clause_at(text, match.start())
        if _READY.search(text, begin, end) is None and "premix" not in text.lower():
            yield match[0], "which of its strengths is infused is not stated"


_READY: Final = lazy_pattern(r"\b(?:premix\w*|bags?|ready)\b", re.IGNORECASE)


def _stands_for_number(match: re.Match[str], order: Order) -> bool:
    word = match["word"].lower()
    if (
        _NO_NUMBER.issuperset(word.split("-"))
        or drug_name(word) == order.drug
        or words.DRUG_STEM.fullmatch(word) is not None
    ):
        return False
    return match["unit"] != "ML"
