"""The drug that the name or the indication of an order set says it gives, where none of its orders does."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.prose import headings
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.dose_words import NAME
from rescuecalc.core.orders.text.vocabulary import (
    ALTERNATIVES,
    AVOIDED,
    ENDED,
    EXCLUDED,
    NEGATIONS,
    PAST,
    WITHHELD,
    any_word,
    one_of,
)
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rescuecalc.rules.base.knowledge import Subject

_OF_ANOTHER: Final = (
    *(r"fail\w*", r"allerg\w*", r"intoleran\w*", "unavailable", "shortage", "before", "vs", "versus"),
)
_NOT_GIVEN: Final = any_word(
    *(NEGATIONS, AVOIDED, WITHHELD, ENDED, EXCLUDED, PAST, ALTERNATIVES, _OF_ANOTHER, "if", "unless", "after"),
    *(r"replac\w*", r"switch\w*", r"convert\w*", r"chang\w*", "from", "compared"),
)
"""In the clause of a name: the drug is another patient's, another time's, or none."""


class NamedInstead(NamedTuple):
    """A drug that a set says it is about: where it is named, how, and the drug that it orders instead."""

    pointer: str
    name: str
    ordered: str


def named_instead(subject: Subject) -> Iterator[NamedInstead]:
    """Yield the inhibitor or the thrombolytic that a set's name and indication name, where another one is ordered."""
    for known in (subject.knowledge.drugs, subject.knowledge.agent_facts().thrombolytics):
        yield from _of_kind(subject, known.keys())
    yield from _at_beginning(subject)


def _at_beginning(subject: Subject) -> Iterator[NamedInstead]:
    """Yield an anticoagulant with which the name of a set for an inhibitor begins, and which it does not order."""
    made, text = subject.order_set, subject.order_set.texts.get("order_set", "")
    inhibitors = sorted({order.drug for order in made.orders if order.drug in subject.knowledge.drugs}) if text else []
    named = [(drug_name(match[0]), match) for match in islice(NAME.finditer(text), _FIRST_WORDS)] if inhibitors else []
    ordered = {order.drug for order in made.orders}
    if any(drug_name(match[0]) in ordered for match in NAME.finditer(text)):
        return
    for drug, match in named:
        is_other = subject.knowledge.drug_class(drug) is DrugClass.ANTICOAGULANT
        if is_other and not _is_set_aside(text, match):
            yield NamedInstead("/order_set", match[0], inhibitors[0])


_FIRST_WORDS: Final = 2


def _of_kind(subject: Subject, known: Collection[str]) -> Iterator[NamedInstead]:
    made = subject.order_set
    texts = list(headings(made))
    ordered = sorted({order.drug for order in made.orders if order.drug in known}) if texts else []
    for pointer, text in texts if ordered else ():
        named = [(drug, match) for match in NAME.finditer(text) if (drug := drug_name(match[0])) in known]
        clear = [match for drug, match in named if drug not in ordered and not _is_set_aside(text, match)]
        if clear and not any(drug in ordered for drug, _ in named):
            yield NamedInstead(pointer, clear[0][0], ordered[0])


def _is_set_aside(text: str, match: re.Match[str]) -> bool:
    begin, end = clause_at(text, match.start())
    before, behind = text[max(begin, match.start() - _NEAR) : match.start()], text[match.end() : end][:_NEAR]
    return _NOT_GIVEN.search(before) is not None or _BEHIND.search(behind) is not None


_NEAR: Final = 40
_BEHIND: Final = lazy_pattern(
    rf"^\W{{0,3}}(?:(?:is|was|were|has|been) ){{0,2}}"
    rf"{one_of(NEGATIONS, AVOIDED, WITHHELD, ENDED, EXCLUDED, _OF_ANOTHER)}\b|^\W{{0,3}}(?:given|or|shared)\b",
    re.IGNORECASE,
)
