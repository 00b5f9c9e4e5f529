"""What an order set is for as far as it says so: a stroke, the heart, another indication, or one that nobody knows."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.indication import mentions
from rescuecalc.core.orders.prose import headings
from rescuecalc.core.orders.published_range import Indication
from rescuecalc.rules.facts.reference.set_indication import stated_indication

if TYPE_CHECKING:
    from rescuecalc.rules.base.knowledge import Subject

_OF_STROKE: Final = frozenset({"rescue", "trial", "series", "running-trial"})
"""Kinds of protocols that were read from studies of stroke."""


class Purpose(Enum):
    """What a set is for. ``UNKNOWN``: its indication is no known one; ``UNSAID``: it has none."""

    STROKE = "stroke"
    HEART = "heart"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"
    UNSAID = "unsaid"


class StatedPurpose(NamedTuple):
    """The purpose of a set, and the word that says it (empty where none does)."""

    purpose: Purpose
    word: str = ""

    @property
    def is_another(self) -> bool:
        """Whether a known indication other than a stroke is said: no dose is held for it."""
        return self.purpose in {Purpose.HEART, Purpose.ELSEWHERE}


def purpose_of(subject: Subject) -> StatedPurpose:
    """Return what a set is for; one that names stroke and heart is for the heart as far as doses go."""
    if is_for_stroke(subject):
        return StatedPurpose(Purpose.STROKE)
    words, texts = subject.knowledge.indication_words(), subject.order_set.texts
    found = [mentions(text, words) for _, text in headings(subject.order_set)]
    for purpose, words_of_purpose in (
        (Purpose.HEART, (each.coronary for each in found)),
        (Purpose.ELSEWHERE, (each.elsewhere for each in found)),
    ):
        word = next((each for each in words_of_purpose if each), "")
        if word:
            return StatedPurpose(purpose, word)
    unknown = texts.get("indication", "").strip()
    return StatedPurpose(Purpose.UNKNOWN, unknown) if unknown else StatedPurpose(Purpose.UNSAID)


def is_for_stroke(subject: Subject) -> bool:
    """Whether a set is for a stroke; one that names the heart as well says neither."""
    if subject.protocol is not None and subject.protocol.kind in _OF_STROKE:
        return True
    return stated_indication(subject.order_set, subject.knowledge)[0] is Indication.RESCUE


def other_use(text: str, subject: Subject) -> str:
    """Return the word of a text that names an indication other than stroke and heart, as `for headache`."""
    return mentions(text, subject.knowledge.indication_words()).elsewhere if text else ""
