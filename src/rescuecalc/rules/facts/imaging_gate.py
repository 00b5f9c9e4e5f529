"""Whether imaging stands before an oral dose: as a condition of the order, in its text, or in what is watched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.condition_text import IMAGING, shows_clean
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.orders.text.vocabulary import AVOIDED, ENDED, NEGATIONS, WITHHELD, one_of
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
_HAEMORRHAGE: Final = r"(?:ha?emorrhag\w*|bleed\w*|ICH|ha?ematoma)\b"
AT_BLOOD: Final = lazy_pattern(
    rf"\b(?:if|when|once|after|even (?:if|with)|despite)\b[^.;]{{0,40}}?\b{_HAEMORRHAGE}", re.IGNORECASE
)
GIVES: Final = lazy_pattern(r"\b(?:giv|start|begin|load|infus|administer|initiat|run|resum|continu)\w*", re.IGNORECASE)
_HOLDS: Final = lazy_pattern(
    rf"\b(?:{one_of(NEGATIONS, AVOIDED, WITHHELD, ENDED)}|call|notify|revers\w*|unless|stable"
    r"|resolv\w*|protamine|cryo\w*|platelets?|until)\b",
    re.IGNORECASE,
)
_ORAL: Final = lazy_pattern(
    r"\b(?:antiplatelets?|aspirin|clopidogrel|ticagrelor|DAPT|oral (?:load|agent|dose)s?|load(?:ing)?)\b", re.IGNORECASE
)


def is_gate(text: str) -> bool:
    """Whether a text makes what it is about wait for imaging."""
    return any(
        _GATE.search(each) and not _OPEN.search(each) and not given_at_haemorrhage(each)
        for each in SENTENCE.split(text)
    )


def given_at_haemorrhage(sentence: str) -> str:
    """Return where a sentence gives something because imaging shows a haemorrhage; empty where it does not."""
    match = AT_BLOOD.search(sentence)
    is_so = match is not None and GIVES.search(sentence) and not _HOLDS.search(sentence)
    return match[0] if match is not None and is_so and shows_clean(sentence) is False else ""


def waits_for_imaging(order: Order, subject: Subject) -> bool:
    """Whether an oral dose is given only once imaging excludes a haemorrhage."""
    if any(each.name == IMAGING and each.given for each in order.when):
        return True
    if is_gate(order.texts.get("text", "")) or is_gate(order.texts.get("frequency", "")):
        return True
    entries = (" ".join(entry.values()) for entry in subject.order_set.monitoring)
    return any(_ORAL.search(each) and is_gate(each) for each in entries)
