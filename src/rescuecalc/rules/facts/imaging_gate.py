"""Whether imaging stands before an oral dose: as a condition of the order, in its text, or in what is watched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.condition_text import IMAGING
from rescuecalc.core.orders.text_words import SENTENCE
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_SCAN: Final = r"\b(?:N?CCT|CTH?|MRI?|imaging|scan)\b"
_GATE: Final = lazy_pattern(
    rf"\b(?:after|once|if|when|until|till|pending|provided|following|only|unless)\b[^.;]{{0,40}}{_SCAN}"
    rf"|{_SCAN}[^.;]{{0,40}}\b(?:before|prior to|exclud\w*|rul\w* out|shows? no"
    rf"|confirm\w*|negative|clean|clear|without|free of)\b",
    re.IGNORECASE,
)
_OPEN: Final = lazy_pattern(
    rf"\b(?:regardless|irrespective|without (?:waiting|awaiting|repeat)|(?:not"
    rf"|n['\u2019]t) (?:wait|delay|hold)|despite|needs? no|no need)\b"
    rf"|\b(?:no|not)\b[^.;]{{0,12}}{_SCAN}[^.;]{{0,12}}\b(?:need|requir|necess)\w*"
    rf"|\b(?:before|prior to) (?:the )?(?:repeat |24[- ]h |follow-?up )*{_SCAN}",
    re.IGNORECASE,
)
"""What waits for no imaging, or comes before it."""
_ORAL: Final = lazy_pattern(
    r"\b(?:antiplatelets?|aspirin|clopidogrel|ticagrelor|DAPT|oral (?:load|agent|dose)s?|load(?:ing)?)\b", re.IGNORECASE
)


def is_gate(text: str) -> bool:
    """Whether a text makes what it is about wait for imaging."""
    return any(_GATE.search(each) and not _OPEN.search(each) for each in SENTENCE.split(text))


def waits_for_imaging(order: Order, subject: Subject) -> bool:
    """Whether an oral dose is given only once imaging excludes a haemorrhage."""
    if any(each.name == IMAGING and each.given for each in order.when):
        return True
    if is_gate(order.texts.get("text", "")) or is_gate(order.texts.get("frequency", "")):
        return True
    entries = (" ".join(entry.values()) for entry in subject.order_set.monitoring)
    return any(_ORAL.search(each) and is_gate(each) for each in entries)
