"""What a judged order set is for: the published range of that indication is its reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.indication import mentions, named_indication
from rescuecalc.core.orders.prose import INDICATION, headings
from rescuecalc.core.orders.published_range import Indication
from rescuecalc.core.orders.text.denial import is_denied

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.rules.base.knowledge import Knowledge, Subject


def stated_indication(order_set: OrderSet, knowledge: Knowledge) -> tuple[Indication, str]:
    """Return the indication that an order set's name and its ``indication`` say, and the word that says it.

    The ``indication`` is what the patient has: `Abciximab in PCI` for an `acute ischaemic stroke` is for the stroke.
    """
    words = knowledge.indication_words()
    found = {pointer: mentions(text, words) for pointer, text in headings(order_set)}
    own = found.get(INDICATION)
    decides = own is not None and own.stroke and not own.coronary
    return named_indication((own,) if own is not None and decides else tuple(found.values()))


def stroke_named(subject: Subject) -> str:
    """Return the word by which the name or the indication of a set names a stroke, empty where neither does."""
    words = subject.knowledge.indication_words()
    for _, text in headings(subject.order_set):
        found = mentions(text, words).stroke
        at = text.find(found)
        if found and not is_denied(text, at, at + len(found)):
            return found
    return ""


def is_coronary(subject: Subject) -> bool:
    """Whether an order set says that it is for coronary disease, and nothing of stroke or rescue."""
    words = subject.knowledge.indication_words()
    found = [mentions(text, words) for _, text in headings(subject.order_set)]
    return any(each.coronary for each in found) and not any(each.rescue for each in found)


def indication_of(subject: Subject) -> tuple[Indication, str]:
    """Return the indication that a subject is judged by; a protocol that it names is a reference of its own."""
    if subject.protocol is not None or not subject.order_set.texts:
        return Indication.ANY, ""
    return stated_indication(subject.order_set, subject.knowledge)
