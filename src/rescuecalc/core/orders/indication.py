"""What an order set says that it is for, by the words of its name and of its indication."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from rescuecalc.core.orders.published_range import Indication
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern


@dataclass(frozen=True, eq=False)
class IndicationWords:
    """The words that name an indication, and those that deny the words behind them in the same clause.

    ``elsewhere`` are indications other than stroke and coronary disease, ``analgesic`` those of aspirin for pain.
    A ``weak`` word of stroke counts only where a text names none of the others: lipid rescue, rescue lysis of an
    embolism. ``stroke`` are those of the words of stroke that name nothing else: a thrombectomy may be of the heart.

    Compared by identity: there is one of a run, and it is a part of what is remembered of each name.
    """

    negations: tuple[str, ...]
    rescue: tuple[str, ...]
    coronary: tuple[str, ...]
    elsewhere: tuple[str, ...]
    analgesic: tuple[str, ...]
    weak: frozenset[str]
    stroke: tuple[str, ...]


class Mentions(NamedTuple):
    """The first word of stroke rescue, of coronary disease and of another indication; empty where a text has none.

    ``stroke`` is a word of stroke that names nothing else.
    """

    rescue: str = ""
    coronary: str = ""
    elsewhere: str = ""
    stroke: str = ""


_LONGEST: Final = 1024
"""Characters; of a longer text only so many are read."""

_CLAUSE: Final = lazy_pattern(r"[,;:.()\[\]/]|\bbut\b", re.IGNORECASE)
_NUMBER: Final = lazy_pattern("(?<![0-9])[0-9]+$")
_BETWEEN: Final = r"(?:[ -]+[A-Za-z]+){0,6}[ -]+"
"""Words between a negation and what it denies: "not for use in acute ischaemic stroke"."""


def mentions(text: str, words: IndicationWords) -> Mentions:
    """Return which indications a text mentions; the number at the end of a name makes no difference."""
    return _mentions(_NUMBER.sub("0", text[:_LONGEST]), words)


@lru_cache(maxsize=4096)
def _mentions(text: str, words: IndicationWords) -> Mentions:
    clauses = _CLAUSE.split(text)
    coronary, elsewhere = (_first(clauses, of, words.negations) for of in (words.coronary, words.elsewhere))
    elsewhere = elsewhere or _first(clauses, words.analgesic, words.negations)
    rescue = _first(clauses, words.rescue, words.negations)
    if rescue.lower() in words.weak and (coronary or elsewhere):
        strong = tuple(word for word in words.rescue if word.lower() not in words.weak)
        rescue = _first(clauses, strong, words.negations)
    return Mentions(rescue, coronary, elsewhere, _first(clauses, words.stroke, words.negations))


def analgesic_word(text: str, words: IndicationWords) -> str:
    """Return the word by which a text says that a drug is for pain, fever or inflammation; empty where none does."""
    return _first(_CLAUSE.split(text[:_LONGEST]), words.analgesic, words.negations)


def _first(clauses: list[str], wanted: tuple[str, ...], negations: tuple[str, ...]) -> str:
    for clause in clauses:
        for match in _pattern(wanted).finditer(clause):
            if not _denied(negations).search(clause[: match.start()]):
                return match[0]
    return ""


@lru_cache(maxsize=10)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return lazy_pattern(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


@lru_cache(maxsize=10)
def _denied(negations: tuple[str, ...]) -> re.Pattern[str]:
    return lazy_pattern(rf"\b(?:{'|'.join(map(re.escape, negations))}){_BETWEEN}$", re.IGNORECASE)


def named_indication(found: tuple[Mentions, ...]) -> tuple[Indication, str]:
    """Return the indication that texts name together, with the word that says it; texts that name both name neither.

    >>> named_indication((Mentions(rescue="stroke"), Mentions()))
    (<Indication.RESCUE: 'rescue'>, 'stroke')
    """
    rescue = next((each.rescue for each in found if each.rescue), "")
    if not rescue or any(each.coronary for each in found):
        return Indication.ANY, ""
    return Indication.RESCUE, rescue
