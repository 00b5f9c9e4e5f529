"""The times at which an entry of monitoring counts platelets: before the start, and after it."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text.vocabulary import AVOIDED, NEGATIONS, WITHHELD, any_word
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.units import how_many

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.rules.base.knowledge import Subject

_PLATELETS: Final = lazy_pattern(
    r"\b(?:platelets?|plts?|cbc(?:d|p|pd)?|fbc|fbe|blood counts?|full blood exam(?:ination)?|ha?emogram|"
    r"thrombocytes?|Blutbild|(?:kl(?:eines|\.)? )?BB|thrombozyten(?:zahl)?|thrombos|plaquettes?|NFS|h\u00e9mogramme|"
    r"num\u00e9ration|hemogramme|ha?ematology|heme panel)\b"
    r"(?! (?:function|reactivity|aggregat\w*|inhibit\w*))",
    re.IGNORECASE,
)
_WORDS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "twelve": 12}
_NUMBER: Final = rf"(?:[0-9]{{1,4}}(?:\.[0-9]{{1,3}})?|{'|'.join(_WORDS)})"
_NUMBERS: Final = rf"{_NUMBER}(?:(?:,| and| to| or|-|\u2013|,? then|/)? ?\+?{_NUMBER}){{0,5}}"
_UNIT: Final = r"h(?:ou)?r(?:s|ly)?|h(?:ly)?|min(?:ute)?s?|d(?:ays?)?|weeks?|months?"
_DAILY: Final = r"daily|(?:once (?:a|per|each|every)|every|each|per|a) day|every (?:morning|evening|night)|q\.?d\b|qAM"
_TIME: Final = lazy_pattern(
    rf"(?:(?P<every>\bq ?|\bevery |\beach )|(?<![0-9.a-z/])|(?<=[a-z]/))(?P<numbers>{_NUMBERS})"
    rf"[ -]?(?P<unit>{_UNIT})\b(?![ /]*(?:weeks?|months?|[0-9])\b)(?P<before> (?:before|prior|pre\b))?"
    r"|\b(?P<named>hour|hr?|t|day) ?\+? ?(?P<day>[0-9]{1,3})\b"
    rf"|\b(?:(?P<daily>{_DAILY})|(?P<hourly>hourly|(?:every|each) hour)|(?P<twice>twice (?:daily|a day)|bid))\b",
    re.IGNORECASE,
)
_BASELINE: Final = lazy_pattern(
    r"\b(?:baseline|before|prior to|pre-?(?:infusion|dose|bolus|start)?|admission|stat|now|avant|"
    r"vor (?:Beginn|Start|Gabe))\b",
    re.IGNORECASE,
)
_NOT_THEN: Final = any_word(
    *(NEGATIONS, AVOIDED, WITHHELD, r"optional\w*", "if", "PRN", "unless", "when", "in case", "on (?:demand|request)"),
    *("once(?! (?:a|per|every|each|daily))", "as (?:needed|required|indicated|clinically)"),
)
"""A count that nobody does, or that waits until somebody asks for it."""
_CLAUSE: Final = lazy_pattern(r"[;\n]|[.,](?! ?[0-9])|\b(?:and|then)\b(?! ?\+?[0-9])", re.IGNORECASE)
_HOUR: Final = "h"


def names_platelets(entry: Mapping[str, str]) -> bool:
    """Whether an entry of monitoring is about platelets."""
    return any(_PLATELETS.search(text) for text in entry.values())


def counts_before(entry: Mapping[str, str], subject: Subject) -> bool:
    """Whether an entry counts platelets before the start."""
    return any(_BASELINE.search(clause) for clause in _clauses(entry, subject))


def hours_after(entry: Mapping[str, str], subject: Subject) -> Iterator[tuple[Fraction, str]]:
    """Yield the hours after the start at which an entry counts platelets, each with the text that says so."""
    for text in entry.values():
        for clause in _clauses({"": text}, subject):
            yield from ((hours, text) for match in _TIME.finditer(clause) for hours in _hours(match))


def _clauses(entry: Mapping[str, str], subject: Subject) -> Iterator[str]:
    late = subject.knowledge.watch_words().late
    for text in entry.values():
        for clause in _CLAUSE.split(text):
            if not _NOT_THEN.search(clause) and not any(word in clause.lower() for word in late):
                yield clause


def _hours(match: re.Match[str]) -> Iterator[Fraction]:
    """Yield the hours of one mention of a time; minutes between two counts are a slip of the unit."""
    if match["unit"] is not None:
        unit = match["unit"].lower()
        if match["before"] is None and not (match["every"] and unit.startswith("mi")):
            size = _size(unit)
            yield from (
                Fraction(_WORDS.get(each, each)) * size for each in re.findall(_NUMBER, match["numbers"].lower())
            )
    elif match["day"] is not None:
        yield Fraction(match["day"]) * _size(match["named"].lower())
    else:
        yield Fraction(1) if match["hourly"] else _size("d") / (2 if match["twice"] else 1)


def _size(unit: str) -> Fraction:
    """Return the hours of a unit; a week and a month are as many days as no watch over an infusion has."""
    if unit.startswith(("w", "mo")):
        return how_many(_HOUR, "day") * 10
    return {"mi": how_many(_HOUR, "min"), "d": how_many(_HOUR, "day")}.get(
        "d" if unit[0] == "d" else unit[:2], Fraction(1)
    )
