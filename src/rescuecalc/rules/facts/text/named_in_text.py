"""Drugs that a text gives beside the orders: `continue apixaban 5 mg twice daily`, `run with heparin`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.order import Order
from rescuecalc.core.orders.prose import conditions, headings, texts_of_set
from rescuecalc.core.orders.text.clauses import in_clause
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.orders.text.vocabulary import AVOIDED, ENDED, EXCLUDED, NEGATIONS, PAST, WITHHELD, any_word
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.facts.text.order_text import with_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.quantities.time_offset import Offset
    from rescuecalc.rules.base.knowledge import Subject

_GIVEN: Final = lazy_pattern(
    r"\b(?:taking|takes|receiv|on home|"
    r"continu|resum|restart|start|begin|giv|use|add|plus|load|premedicat|switch|administer|keep|run|together|concurrent|concomitant|combin)\w*"
    r"(?: (?:with|on|to|home|his|her|the|a|an|concurrent|concomitant|systemic|therapeutic|full[- ]dose|low[- ]dose|"
    r"prophylactic|IV|SC|oral|infusion|drip|of))* (?P<name>[A-Za-z][A-Za-z-]{2,30})",
    re.IGNORECASE,
)
_TAKEN: Final = lazy_pattern(
    r"\b(?:on|takes|anticoagulated with|(?:home|usual|regular|current)(?: (?:meds?|medications?|drugs?|medicines?))?:?)"
    r" (?P<name>[A-Za-z][A-Za-z-]{2,30})\b"
    r"|\b(?P<home>[A-Za-z][A-Za-z-]{2,30})(?: [0-9.]+ ?m?c?g)?(?: [a-z]+){0,2} at home\b",
    re.IGNORECASE,
)
"""What a patient takes, without a verb that gives it: `on apixaban`, `apixaban 5 mg twice daily at home`."""
_FIRST: Final = lazy_pattern(
    r"^\W*(?P<name>[A-Za-z][A-Za-z-]{2,30}) (?:IV |SC |PO )?[0-9][0-9.,]* ?(?:m?c?g|units?)(?:/kg)?\b(?!/m?L)",
    re.IGNORECASE,
)
"""A drug with a dose at the beginning of a sentence: `enoxaparin 1 mg/kg twice daily`."""
_NOT_GIVEN_NOW: Final = any_word(
    *(NEGATIONS, AVOIDED, WITHHELD, EXCLUDED, ENDED, PAST, "instead", r"in?compatib\w*", "after", "until", "before"),
    *("day [1-9]", "later", r"allerg\w*", "Y-site", "as (?:an |the )?alternative", "unavailable"),
)
"""What gives nothing beside the infusion: a denial, a condition, another time."""


_IF: Final = lazy_pattern(r"\b(?:if|unless|when|once|in case)\b", re.IGNORECASE)


_SWITCHED: Final = lazy_pattern(r"\b(?:switch|chang|convert|transition)\w* (?:over )?(?:to|for) $", re.IGNORECASE)
"""Before a drug: it replaces the one that is ordered."""


class NamedDrug(NamedTuple):
    """A drug that a text gives, as an order whose place is the text, and whether a condition stands beside it.

    ``is_instead`` tells that the text switches to it.
    """

    order: Order
    is_conditional: bool
    is_instead: bool = False


def _texts(subject: Subject) -> Iterator[tuple[str, str, Offset | None]]:
    made = subject.order_set
    starts = {f"{order.pointer}/text": order.start for order in made.orders}
    for pointer, text in (*headings(made), *conditions(made), *texts_of_set(made)):
        if not pointer.startswith(("/order_set", "/stop_if")):
            yield pointer, text, starts.get(pointer)


def _drugs(sentence: str) -> Iterator[tuple[int, str]]:
    """Yield where a sentence names what it gives, or what the patient takes, and how."""
    for pattern in (_GIVEN, _FIRST):
        yield from ((match.start("name"), match["name"]) for match in pattern.finditer(sentence))
    for match in _TAKEN.finditer(sentence):
        group = "name" if match["name"] else "home"
        yield match.start(group), match[group]


def _named(subject: Subject) -> Iterator[NamedDrug]:
    ordered = {order.drug for order in subject.order_set.orders}
    for pointer, text, start in _texts(subject):
        for sentence in SENTENCE.split(text):
            told: set[str] = set()
            for at, name in _drugs(sentence):
                drug = drug_name(name)
                is_given = not in_clause(_NOT_GIVEN_NOW, sentence, at) and not is_denied(sentence, at, at + len(name))
                if is_given and drug not in ordered and drug not in told:
                    told.add(drug)
                    said = {"text": sentence[at:]}
                    order = with_text(Order("", drug, "", "", pointer, {}, start=start, texts=said))
                    is_instead = _SWITCHED.search(sentence, 0, at) is not None
                    yield NamedDrug(order, _IF.search(sentence) is not None, is_instead)


named_in_text: Final = Shared(_named)
"""Each drug that a text gives and no order does; drugs that nobody knows too."""
