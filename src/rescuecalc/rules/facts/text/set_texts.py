"""What a set says outside of its orders: in its name, its indication, its monitoring and its stop criteria."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.order import Order
from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.prose import watched_texts
from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.free_text import elsewhere, said
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.facts.text.named_drug import ENDED, first_drug, last_drug, named_drug
from rescuecalc.rules.facts.text.own_numbers import own_numbers

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


class BesideDoses(NamedTuple):
    """The doses of one drug that a text gives beside its order's own, and an order that is that text alone."""

    order: Order
    doses: tuple[NamedDose, ...]


def _watched(subject: Subject) -> Iterator[BesideDoses]:
    """Yield what is watched for, and what is done then, as orders that are a text alone: of each drug of it one."""
    for pointer, text in watched_texts(subject.order_set):
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


def _beside(subject: Subject) -> Iterator[BesideDoses]:
    yield from _watched(subject)
    for order in subject.order_set.orders:
        if "text" in order.texts and not order.of:
            known = tuple(_of_others(order, subject.knowledge))
            yield from _of_drugs(f"{order.pointer}/text", order.texts["text"], order.drug, subject, known)


def _of_others(order: Order, knowledge: Knowledge) -> Iterator[Said]:
    """Yield the numbers of a text but those that a field states too and no other drug's name stands directly before."""
    own, text = {id(each) for each in own_numbers(order)}, order.texts["text"]
    for each in order.numbers_in_text():
        name = text[clause_at(text, each.at)[0] : each.at].split()[-1:]
        if id(each) not in own or (name and named_drug(name[0], knowledge) not in {"", order.drug}):
            yield each


_BESIDE: Final = Shared(_beside)


def beside_doses(subject: Subject) -> tuple[BesideDoses, ...]:
    """Return the doses that the watched texts give, and that an order's text gives of other drugs than its own."""
    return _BESIDE.of(subject)


def _of_drugs(
    pointer: str, text: str, own: str, subject: Subject, known: tuple[Said, ...] | None = None
) -> Iterator[BesideDoses]:
    named = tuple(named_doses(text, subject.knowledge, known))
    drugs = dict.fromkeys(each.drug for each in named if each.drug not in {"", own, *own.split()})
    for drug in drugs:
        others = [
            each.said for each in named if each.drug != drug and (each.drug or (own and each.said.field == "dose"))
        ]
        kept = known if known is None else tuple(each for each in known if all(each is not other for other in others))
        order = Order("", drug, "", "", pointer, {}, texts={"text": _without(text, others)}, said=kept)
        yield BesideDoses(order, tuple(each for each in named if each.drug == drug))


def _without(text: str, numbers: list[Said]) -> str:
    """Return a text with blanks in place of numbers."""
    for each in numbers:
        end = each.at + len(each.text)
        text = f"{text[: each.at]}{' ' * len(each.text)}{text[end:]}"
    return text


def named_doses(text: str, knowledge: Knowledge, known: tuple[Said, ...] | None = None) -> Iterator[NamedDose]:
    """Yield the doses that a text gives, each with the drug that is named nearest to it in its clause."""
    for each in (*(said(text) if known is None else known), *elsewhere(text)):
        begin, end = clause_at(text, each.at)
        before, behind = text[begin : each.at], text[each.at + len(each.text) : end]
        is_given = not any(pattern.search(before) for pattern in (words.DENIED, words.MEASURED))
        is_given = is_given and not is_denied(text, each.at, each.at + len(each.text))
        if each.field in DOSES and each.quantity.magnitude and is_given and not each.is_cap:
            yield NamedDose(_owner(before, behind, knowledge), each, behind)


def _owner(before: str, behind: str, knowledge: Knowledge) -> str:
    """Return the drug that a dose is of by the words beside it, an empty text where they name none."""
    return last_drug(ENDED.sub(" ", before), knowledge) or first_drug(behind, knowledge)
