"""Aspirin that is not ordered as an antiplatelet, but for pain, fever or pericarditis: no dose of it is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.bridging.antiplatelet import ASPIRIN
from rescuecalc.core.orders.indication import analgesic_word
from rescuecalc.core.orders.prose import headings
from rescuecalc.rules.facts.agents import infused
from rescuecalc.rules.facts.reference.stroke_set import is_for_stroke

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


def analgesic_use(order: Order, subject: Subject) -> str:
    """Return the word that says so, of the order or of its set; empty where none does, and in a set for stroke.

    Beside a GP IIb/IIIa inhibitor every aspirin is one more antiplatelet, whatever it is given for.
    """
    if order.drug != ASPIRIN:
        return ""
    words = subject.knowledge.indication_words()
    of_set = (text for _, text in headings(subject.order_set))
    texts = (order.texts.get("text", ""), order.frequency or "", *of_set)
    word = next((found for text in texts if text and (found := analgesic_word(text, words))), "")
    return "" if not word or is_for_stroke(subject) or infused(subject) else word
