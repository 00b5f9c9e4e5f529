"""What a set says outside of its orders: in its name, its indication, its monitoring and its stop criteria."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.order import Order
from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.free_text import elsewhere, said
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.facts.text.named_drug import first_drug, last_drug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.base.knowledge import Knowledge, Subject

DOSES: Final = frozenset(("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate"))


class NamedDose(NamedTuple):
    """A dose of a text, the drug that is named beside it (empty where none is), and what stands behind it."""

    drug: str
    said: Said
    behind: str


def _watched(subject: Subject) -> Iterator[Order]:
    """Yield what is watched for, and what is done then, as orders that are a text alone: of each drug of it one."""
    made = subject.order_set
    texts = [(f"/monitoring/{n}/{name}", text) for n, each in enumerate(made.monitoring) for name, text in each.items()]
    texts += [(f"/stop_if/{place}", text) for place, text in enumerate(made.stop_if)]
    for pointer, text in texts:
        # What is checked may be explained in doses (`250 mcg is a dose`); what is done then is a dose.
        is_done = pointer.endswith("/then")
        for sentence in SENTENCE.split(plain_text(text)) if any(each.isdigit() for each in text) else ():
            if is_done or _GIVES.search(sentence) is not None:
                yield from _of_drugs(pointer, sentence, "", subject)


_GIVES: Final = lazy_pattern(
    r"\b(?:giv(?:e|en|ing)|start|bolus|push|load|repeat|increas\w*|rais\w*|reduc\w*|lower|chang\w*|switch|set|run|infuse|"
    r"titrat\w*|restart|resume|continue|administer|inject)\b",
    re.IGNORECASE,
)


WATCHED: Final = Shared(_watched)
"""Orders that the monitoring and the stop criteria of a set make; the place of each is that of its text."""


def _beside(subject: Subject) -> Iterator[Order]:
    yield from WATCHED.of(subject)
    for order in subject.order_set.orders:
        if "text" in order.texts and not order.of:
            known = order.numbers_in_text()
            yield from _of_drugs(f"{order.pointer}/text", order.texts["text"], order.drug, subject, known)


_BESIDE: Final = Shared(_beside)


def beside_orders(subject: Subject) -> tuple[Order, ...]:
    """Return the orders that the watched texts make, and that an order's text makes of other drugs than its own."""
    return _BESIDE.of(subject)


def _of_drugs(
    pointer: str, text: str, own: str, subject: Subject, known: tuple[Said, ...] | None = None
) -> Iterator[Order]:
    named = named_doses(text, subject.knowledge, known)
    drugs = dict.fromkeys(each.drug for each in named if each.drug not in {"", own, *own.split()})
    yield from (Order("", drug, "", "", pointer, {}, texts={"text": text}, said=known) for drug in drugs)


def named_doses(text: str, knowledge: Knowledge, known: tuple[Said, ...] | None = None) -> Iterator[NamedDose]:
    """Yield the doses that a text gives, each with the drug that is named nearest to it in its clause."""
    for each in (*(said(text) if known is None else known), *elsewhere(text)):
        begin, end = clause_at(text, each.at)
        before, behind = text[begin : each.at], text[each.at + len(each.text) : end]
        is_given = words.DENIED.search(before) is None and words.MEASURED.search(before) is None
        if each.field in DOSES and each.quantity.magnitude and is_given and not each.is_cap:
            yield NamedDose(last_drug(before, knowledge) or first_drug(behind, knowledge), each, behind)
