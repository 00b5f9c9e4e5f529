"""What texts say of a patient: `platelets 60`, `INR 2.1`, a haemorrhage as the indication. Criteria say nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders.free_text import clause_at
from rescuecalc.core.orders.patient_state import STATE, read_state
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.errors import InputError
from rescuecalc.rules.base.memo import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject

_IS: Final = r"(?: (?:count|level|value))?(?: (?:is|are|of|was|now|today|currently))?[ :=]{1,3}"
_NUMBER: Final = r"[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]{1,2})?"
# A number of something else: a time, a range, a per cent, a part of a condition.
_NO_VALUE: Final = (
    r"(?![0-9.,]*[0-9]| ?(?:h|hours?|hrs?|hourly|min|minutes|days?|weeks?|%|times|x daily|x/day|mg|mcg|"
    r"(?:adult |apheresis |pooled )?(?:units?|pools?|packs?|bags?|doses?))\b"
    r"| ?(?:-|\u2013|to|and|or) ?[0-9]| ?:"
    r"| ?(?:[A-Za-z/]{1,8} )?(?:or|and) (?:less|lower|below|under|more|higher|greater|above|over)\b)"
)
_COUNT: Final = r"(?: ?(?:[x\u00d7] ?10\^?[39]/(?:L|uL|mcL)|G/L|K/uL|/uL|/mcL|/mm3|/nL))?"
_VALUES: Final = {
    "platelets": lazy_pattern(
        rf"\b(?:platelets?|plt|thrombocytes?){_IS}(?P<value>{_NUMBER}{_COUNT}){_NO_VALUE}", re.IGNORECASE
    ),
    "inr": lazy_pattern(rf"\bINR{_IS}(?P<value>[0-9]{{1,2}}(?:\.[0-9]{{1,2}})?){_NO_VALUE}", re.IGNORECASE),
    "blood_pressure": lazy_pattern(
        rf"\b(?:BP|blood pressure){_IS}(?P<value>[0-9]{{2,3}}/[0-9]{{2,3}}){_NO_VALUE}", re.IGNORECASE
    ),
    "creatinine_clearance": lazy_pattern(
        rf"\b(?:CrCl|ClCr|CCr|e?GFR|creatinine clearance){_IS}(?P<value>{_NUMBER}){_NO_VALUE}", re.IGNORECASE
    ),
    "creatinine": lazy_pattern(
        rf"\bcreatinine{_IS}(?P<value>{_NUMBER} ?(?:mg/dL|umol/L|micromol/L|mcmol/L)){_NO_VALUE}", re.IGNORECASE
    ),
}
_CRITERION: Final = lazy_pattern(
    r"\b(?:if|when|unless|until|once|below|under|above|over|less|more|greater|at least|at most|fall\w*|drop\w*|rise\w*|"
    r"target\w*|goal|keep|maintain|hold|stop\w*|check|recheck|repeat|notify|call|threshold|limit|criteri\w*|not|no|label|"
    r"exclu\w*|contraindicat\w*|range|normal|for|at|dose|reduce\w*|halve\w*)\b|[<>\u2264\u2265]",
    re.IGNORECASE,
)
"""In a clause before a value: it is asked for, or compared with."""
_HAEMORRHAGE: Final = lazy_pattern(
    r"\bh(?:a)?emorrhagic (?:stroke|infarct\w*|transformation|conversion)\b"
    r"|\b(?:intra-?cerebral|intracranial|subarachnoid|cerebral) (?:h(?:a)?emorrhage|bleed(?:ing)?)\b|\bICH\b|\bSAH\b"
    r"|\bbrain (?:h(?:a)?emorrhage|bleed(?:ing)?)\b|\b(?:sub|epi|extra)dural h(?:a)?(?:ematoma|emorrhage)\b",
    re.IGNORECASE,
)
_NO_HAEMORRHAGE: Final = lazy_pattern(
    r"\b(?:no|not|non|without|exclu\w*|ruled out|rule out|absence|free|negative|prevent\w*|risk|avoid\w*|if|unless|"
    r"never|contraindicat\w*|other than)\b",
    re.IGNORECASE,
)
_SAYING: Final = ("indication", "order_set")


class InText(NamedTuple):
    """One value of the patient's state that a text says: its field, how it is written, where, and itself.

    A ``value`` that is None belongs to a field in which numbers of texts are not judged.
    """

    field: str
    found: str
    written: str
    pointer: str
    value: Any


def _of_texts(subject: Subject) -> Iterator[InText]:
    texts = _texts(subject)
    for pointer, text in texts:
        yield from _values(pointer, text)
    yield from _haemorrhages(texts)
    yield from _dialysis(texts)


def _texts(subject: Subject) -> list[tuple[str, str]]:
    made = subject.order_set
    texts = [(f"/{name}", made.texts[name]) for name in _SAYING if name in made.texts]
    return texts + [(f"{order.pointer}/text", order.texts["text"]) for order in made.orders if "text" in order.texts]


def _values(pointer: str, text: str) -> Iterator[InText]:
    for field, pattern in _VALUES.items():
        for match in pattern.finditer(text):
            begin, _ = clause_at(text, match.start())
            if _CRITERION.search(text[begin : match.start()]) is None:
                yield InText(field, match[0], match["value"], pointer, _read(field, match["value"]))


def says_value(text: str) -> bool:
    """Whether a text says a number of the patient's state."""
    return any(pattern.search(text) is not None for pattern in _VALUES.values())


def _read(field: str, text: str) -> Any:
    # A count without a unit is one per nanolitre, one of thousands per microlitre.
    written = (text, f"{text} /uL") if field == "platelets" else (text,)
    for each in written if field in STATE else ():
        try:
            return read_state(field, each)
        except InputError:
            continue
    return None


_IN_HISTORY: Final = lazy_pattern(
    r"\b(?:history of|had|previous|prior|recent|known|after|with|has|despite)\b", re.IGNORECASE
)
_KIDNEYS_FAIL: Final = r"(?:(?:chronic |ha?emo-?|peritoneal )*dialysis|CRRT|CVVHD?F?|ha?emofiltration)"
_ON_DIALYSIS: Final = lazy_pattern(
    rf"\b(?:on|with|needs|receives|receiving) {_KIDNEYS_FAIL}\b"
    rf"|\b{_KIDNEYS_FAIL}(?:-dependent)?(?: (?:patient|running|today|ongoing|dependent)|$)"
    r"|\b(?:HD|dialysis|ha?emodialysis) (?:Mon|Tues?|MWF|TTS|M/W/F|T/Th/S|three times|3x|via|through)"
    r"|\b(?:anuric|anuria|ESRD|ESKD|end-stage (?:renal|kidney)(?: disease| failure)?)\b"
    r"|\b(?:CKD (?:stage )?(?:5|V)|stage (?:5|V) (?:CKD|kidney disease)|"
    r"severe (?:renal|kidney) (?:impairment|failure))\b",
    re.IGNORECASE,
)
"""A patient whose kidneys do not work."""


def _haemorrhages(texts: list[tuple[str, str]]) -> Iterator[InText]:
    """Yield a haemorrhage that is named as what an order set is for, or in a text as what the patient had."""
    for pointer, text in texts:
        for match in _HAEMORRHAGE.finditer(text):
            begin, end = clause_at(text, match.start())
            is_had = not pointer.endswith("/text") or _IN_HISTORY.search(text, begin, match.start()) is not None
            if is_had and _NO_HAEMORRHAGE.search(text, begin, end) is None:
                yield InText("intracranial_haemorrhage", match[0], "yes", pointer, True)
                return


def said_conditions(subject: Subject, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield where a condition of the patient is named, and how: as what a set is for, or in a text as the patient's."""
    pattern = subject.knowledge.once(("condition", *names), lambda: _named(names))
    for pointer, text in _texts(subject):
        for match in pattern.finditer(text):
            begin, end = clause_at(text, match.start())
            is_had = not pointer.endswith("/text") or _IN_HISTORY.search(text, begin, match.start()) is not None
            if is_had and _NO_HAEMORRHAGE.search(text, begin, end) is None:
                yield pointer, match[0]
                break


def _named(names: tuple[str, ...]) -> re.Pattern[str]:
    return lazy_pattern(rf"\b(?:{'|'.join(re.escape(each) for each in names)})\b", re.IGNORECASE)


def _dialysis(texts: list[tuple[str, str]]) -> Iterator[InText]:
    """Yield that a patient is on dialysis: in a text of an order another rule compares it with the labels."""
    for pointer, text in texts:
        for match in _ON_DIALYSIS.finditer(text):
            begin, end = clause_at(text, match.start())
            is_asked = _CRITERION.search(text[begin : match.start()]) is not None
            if not is_asked and _NO_HAEMORRHAGE.search(text, begin, end) is None:
                yield InText("dialysis", match[0], "yes", pointer, None if pointer.endswith("/text") else True)


in_text: Final = Shared(_of_texts)
"""Each value of the patient that a text of an order set says, read once."""
