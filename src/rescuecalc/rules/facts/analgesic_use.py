"""Aspirin that is not ordered as an antiplatelet, but for pain, fever or pericarditis: no dose of it is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.bridging.antiplatelet import ASPIRIN
from rescuecalc.core.orders.indication import analgesic_word
from rescuecalc.rules.facts.agents import infused
from rescuecalc.rules.facts.reference.stroke_set import is_for_stroke

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_SAYING = ("order_set", "indication")


def analgesic_use(order: Order, subject: Subject) -> str:
    """Return the word that says so, of the order or of its set; empty where none does, and in a set for stroke.

    Beside a GP IIb/IIIa inhibitor every aspirin is one more antiplatelet, whatever it is given for.
    """
    if order.drug != ASPIRIN:
        return ""
    words, texts = subject.knowledge.indication_words(), subject.order_set.texts
    said = (order.texts.get("text", ""), order.frequency or "", *(texts.get(field, "") for field in _SAYING))
    word = next((found for text in said if text and (found := analgesic_word(text, words))), "")
    return "" if not word or is_for_stroke(subject) or infused(subject) else word
