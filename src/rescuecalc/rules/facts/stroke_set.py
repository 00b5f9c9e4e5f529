"""Whether an order set is for a patient with a stroke: by what it says, or by the protocol that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.indication import mentions
from rescuecalc.core.orders.published_range import Indication
from rescuecalc.rules.facts.set_indication import said_indication

if TYPE_CHECKING:
    from rescuecalc.rules.base.knowledge import Subject

_OF_STROKE: Final = frozenset({"rescue", "trial", "series", "running-trial"})
"""Kinds of protocols that were read from studies of stroke."""

_SAYING: Final = ("order_set", "indication")


def is_for_stroke(subject: Subject) -> bool:
    """Whether a set is for a stroke; one that names the heart as well says neither."""
    if subject.protocol is not None and subject.protocol.kind in _OF_STROKE:
        return True
    return said_indication(subject.order_set, subject.knowledge)[0] is Indication.RESCUE


def is_for_heart(subject: Subject) -> bool:
    """Whether a set says that it is for coronary disease."""
    words = subject.knowledge.indication_words()
    return any(mentions(subject.order_set.texts.get(field, ""), words).coronary for field in _SAYING)
