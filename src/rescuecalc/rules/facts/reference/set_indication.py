"""What a judged order set is for: the published range of that indication is its reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.indication import mentions, named_indication
from rescuecalc.core.orders.prose import INDICATION, conditions, headings
from rescuecalc.core.orders.published_range import Indication
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.vocabulary import PAST, any_word
from rescuecalc.core.regimen.protocol import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.indication import IndicationWords, Mentions
    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.rules.base.knowledge import Knowledge, Subject


def stated_indication(order_set: OrderSet, knowledge: Knowledge) -> tuple[Indication, str]:
    """Return the indication that an order set's name and its ``indication`` say, and the word that says it.

    The ``indication`` is what the patient has: `Abciximab in PCI` for an `acute ischaemic stroke` is for the stroke.
    """
    found = dict(_mentioned(order_set, knowledge.indication_words()))
    own = found.get(INDICATION)
    decides = own is not None and own.stroke and not own.coronary
    return named_indication((own,) if own is not None and decides else tuple(found.values()))


def _mentioned(order_set: OrderSet, words: IndicationWords) -> Iterator[tuple[str, Mentions]]:
    """Yield which indications a set mentions, by the place: in its headings, and in a stroke that the patient has.

    No other condition of a record says what a drug is for: beside a stroke many patients have a diseased heart.
    """
    yield from ((pointer, mentions(text, words)) for pointer, text in headings(order_set))
    for pointer, text in _strokes(order_set, words):
        found = mentions(text, words)
        yield pointer, found._replace(coronary="", elsewhere="")


def _strokes(order_set: OrderSet, words: IndicationWords) -> Iterator[tuple[str, str]]:
    """Yield the conditions of a record that name a stroke of now: neither one of the past nor one that is denied."""
    for pointer, text in conditions(order_set):
        found = mentions(text, words).stroke
        at = text.find(found)
        if found and _OF_PAST.search(text) is None and not is_denied(text, at, at + len(found)):
            yield pointer, text


_OF_PAST: Final = any_word(
    *(PAST, "hx", "h/o", r"(?<!year[- ])old", r"(?:days?|weeks?|months?|years?) ago", r"sequela\w*", "late effects?"),
    *("remote", "family", "risk", "screening"),
)


def stroke_named(subject: Subject) -> str:
    """Return the word by which a set, or a condition of its patient, names a stroke; empty where none does."""
    words = subject.knowledge.indication_words()
    for _, text in (*headings(subject.order_set), *_strokes(subject.order_set, words)):
        found = mentions(text, words).stroke
        at = text.find(found)
        if found and not is_denied(text, at, at + len(found)):
            return found
    return ""


def is_coronary(subject: Subject) -> bool:
    """Whether an order set says that it is for coronary disease, and nothing of stroke or rescue."""
    found = [each for _, each in _mentioned(subject.order_set, subject.knowledge.indication_words())]
    return any(each.coronary for each in found) and not any(each.rescue for each in found)


def indication_of(subject: Subject) -> tuple[Indication, str]:
    """Return the indication that a subject is judged by; a packaged protocol that it names is a reference of its own.

    A hospital's own file is none: what is an error in an order set is one in the file that it follows.
    """
    is_packaged = subject.protocol is not None and subject.protocol.origin != SITE
    if is_packaged or not subject.order_set.texts:
        return Indication.ANY, ""
    return stated_indication(subject.order_set, subject.knowledge)
