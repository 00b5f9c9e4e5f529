"""What texts say of a patient: `platelets 60`, `INR 2.1`, a haemorrhage as the indication. Criteria say nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.patient_state import STATE, read_state
from rescuecalc.core.orders.prose import conditions, headings
from rescuecalc.core.orders.text.clauses import ahead, clause_at, in_clause
from rescuecalc.core.orders.text.vocabulary import AVOIDED, EXCLUDED, NEGATIONS, WITHHELD, any_word
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.errors import InputError
from rescuecalc.rules.base.memo import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.patient_limit import PatientCondition
    from rescuecalc.rules.base.knowledge import Subject

_IS: Final = r"(?: (?:count|level|value))?(?: (?:is|are|of|was|now|today|currently))?[ :=]{1,3}"
_NUMBER: Final = r"[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]{1,2})?"
# A number of something else: a time, a range, a per cent, a part of a condition.
_NO_VALUE: Final = (
    r"(?![0-9.,]*[0-9]| ?(?:h|hours?|hrs?|hourly|min|minutes|days?|weeks?|%|times|x daily|x/day|mg|mcg|"
    r"(?:adult |apheresis |pooled )?(?:units?|pools?|packs?|bags?|doses?))\b"
    r"| ?(?:-|\u2013|to|and|or) ?[0-9]| ?(?:mL/min)? ?(?:[:=]|->|\u2192)"
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
_BOUNDS: Final = {
    "platelets": (
        lazy_pattern(
            r"\b(?:platelets?|plt|thrombocytes?)(?: counts?)?(?: of)? ?(?:below|under|less than|<) ?"
            rf"(?P<value>{_NUMBER})(?![0-9.,]*[0-9]){_COUNT}",
            re.IGNORECASE,
        ),
        Decimal(-1),
    ),
    "inr": (
        lazy_pattern(
            r"\bINR(?: of)? ?(?:above|over|more than|greater than|>) ?(?P<value>[0-9]{1,2}(?:\.[0-9]{1,2})?)(?![0-9.])",
            re.IGNORECASE,
        ),
        Decimal("0.1"),
    ),
}
"""What is said of every patient of a set, and how far the nearest of them is from it."""
_ASKED: Final = lazy_pattern(
    r"\b(?:when|until|once|stop\w*|hold|withhold|notify|call|criteri\w*|threshold|fall\w*|drop\w*)\b", re.IGNORECASE
)
_BLEED: Final = r"(?:ha?emorrhages?|ha?ematomas?|bleed(?:s|ing)?)"
_SCAN: Final = r"(?:N?CCT|CTH?|MRI)"
_HAEMORRHAGE: Final = lazy_pattern(
    r"\bha?emorrhagic (?:stroke|CVA|infarct\w*|transformation|conversion)\b|\b[as]?(?:ICH|SAH)\b|\b(?:IVH|[SE]DH)\b"
    r"|\b(?:intra-?cerebral|intracranial|subarachnoid|cerebral|brain(?:[- ]?stem)?|intra-?ventricular|cerebellar"
    r"|pontine|thalamic|lobar|basal ganglia|putaminal|(?:intra-?)?parenchymal|intra-?axial|(?:sub|epi|extra)dural)"
    rf" {_BLEED}\b|\bacute subdural\b"
    rf"|\b{_BLEED} (?:in|into|of) (?:the )?(?:(?:left|right) )?(?:brain|cerebell|thalam|putam|pons\b|basal gangli)"
    rf"|\b(?:stroke|infarct\w*) with (?:an? )?{_BLEED}\b|\b(?-i:PH|HI)-?[12]\b"
    rf"|\b{_BLEED} on (?:(?:the|a|an|repeat|follow-?up|control|head|brain|today's) ){{0,3}}{_SCAN}\b"
    rf"|\b{_SCAN} (?:scan )?show(?:s|ed) (?:(?:an?|new|acute) ){{0,2}}(?:{_BLEED}|ICH|SAH)\b",
    re.IGNORECASE,
)
_DENIED: Final = any_word(
    NEGATIONS, AVOIDED, WITHHELD, EXCLUDED, "non", "free", r"prevent\w*", "risk", "family", "if", "unless"
)
_RELATIVE: Final = (
    r"(?:(?:the|an?|his|her|their|one|older|younger|elder|twin|half|(?:patient|pt)'?s)[ -]){0,3}"
    r"(?:(?:grand)?(?:mother|father|parent)|brother|sister|sibling|daughter|son|uncle|aunt|cousin|twin)s?\b"
)
_OF_RELATIVE: Final = lazy_pattern(
    rf"^\W*{_RELATIVE}"
    r"(?:'s\b| (?:had|has|died|suffered)\b)(?! (?:report|told|said|stated))"
    rf"|\b(?:of|in) {_RELATIVE}"
    r"(?! (?:hospital|facility|site|unit|centre|center))",
    re.IGNORECASE,
)
"""In a clause: a condition is that of a relative, who had it. A relative who reports one speaks of the patient."""
PRIOR: Final = "prior_thrombocytopenia"


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
        yield from _for_whom(pointer, text)
    yield from _haemorrhages(texts)
    yield from _dialysis(texts)
    yield from _thrombocytopenias(texts, subject)
    yield from _anticoagulants(texts, subject)


def _texts(subject: Subject) -> list[tuple[str, str]]:
    made = subject.order_set
    of_orders = [(f"{order.pointer}/text", order.texts["text"]) for order in made.orders if "text" in order.texts]
    return [*headings(made), *conditions(made), *of_orders]


def _values(pointer: str, text: str) -> Iterator[InText]:
    for field, pattern in _VALUES.items():
        for match in pattern.finditer(text):
            if _CRITERION.search(ahead(text, match.start())) is None:
                yield InText(field, match[0], match["value"], pointer, _read(field, match["value"]))


def _for_whom(pointer: str, text: str) -> Iterator[InText]:
    """Yield a bound that the name or the indication of a set gives its patients: `platelets below 50`.

    All of them lie beyond it: the value nearest to it is compared, as if it were the patient's.
    """
    for field, (pattern, step) in _BOUNDS.items() if not pointer.endswith("/text") else ():
        for match in pattern.finditer(text):
            begin, _ = clause_at(text, match.start())
            is_denied = in_clause(_DENIED, text, match.start())
            if not is_denied and _ASKED.search(text, begin, match.start()) is None:
                nearest = str(Decimal(match["value"].replace(",", "")) + step)
                yield InText(field, match[0], match["value"], pointer, _read(field, nearest))


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
    rf"|\b{_KIDNEYS_FAIL}(?:-dependent)?(?: (?:patients?\b|running|today|ongoing|dependent)|$)"
    r"|\b(?:HD|dialysis|ha?emodialysis) (?:Mon|Tues?|MWF|TTS|M/W/F|T/Th/S|three times|3x|via|through)"
    r"|\b(?:anuric|anuria|ESRD|ESKD|end-stage (?:renal|kidney)(?: disease| failure)?)\b"
    r"|\b(?:CKD (?:stage )?(?:5|V)|stage (?:5|V) (?:CKD|kidney disease)|"
    r"severe (?:renal|kidney) (?:impairment|failure))\b",
    re.IGNORECASE,
)
"""A patient whose kidneys do not work."""
_DIALYSIS: Final = lazy_pattern(
    r"\b(?:ha?emo-?)?dialysis\b|\b(?:ESRD|ESKD|end-stage (?:renal|kidney)(?: disease| failure)?)\b", re.IGNORECASE
)
_BRANCH: Final = lazy_pattern(r" ?(?:->|\u2192|=>|:|get\b|receive\b)")
"""Behind patients: what those get whose kidneys do not work."""
_PLANNED: Final = lazy_pattern(
    r"\b(?:plan(?:ned)?|bridg\w*|elective|upcoming|scheduled|awaiting|pre-?op\w*|before|prior to|until)\b",
    re.IGNORECASE,
)
"""An operation that is still to come."""
_LISTED: Final = lazy_pattern(r"\b(?:contraindicat\w*|exclu\w*|criteri\w*)", re.IGNORECASE)
"""A text that lists conditions: none of them is the patient's."""
_IS_PATIENT: Final = lazy_pattern(
    r"^(?:(?:the|this|an?|patient|pt|he|she|is|has|now|currently|known|with|[0-9]{1,3}[- ]year[- ]old|[MF])\b|\W)*$",
    re.IGNORECASE,
)
"""In a clause before a condition: it begins with it, or says whose it is."""
_THEN: Final = lazy_pattern(
    r"\W{0,3}(?:->|\u2192|=>|:|then\b)|.*\b(?:stop|hold|call|notify|discontinue)\b", re.IGNORECASE
)
"""Behind a condition: what is done if it occurs."""


def _haemorrhages(texts: list[tuple[str, str]]) -> Iterator[InText]:
    """Yield a haemorrhage that is named as what an order set is for, or in a text as what the patient had."""
    for pointer, text in texts:
        for match in _HAEMORRHAGE.finditer(text):
            if _is_had(pointer, text, match) and not in_clause(_DENIED, text, match.start()):
                yield InText("intracranial_haemorrhage", match[0], "yes", pointer, True)
                return


_FALLEN: Final = lazy_pattern(
    r"\bthrombocytop(?:a)?eni\w* (?:on|after|with|from|due to|under|caused by) (?P<after>[A-Za-z]{4,20})"
    r"|\b(?P<before>[A-Za-z]{4,20})[- ](?:induced|associated) thrombocytop(?:a)?eni",
    re.IGNORECASE,
)


def _thrombocytopenias(texts: list[tuple[str, str]], subject: Subject) -> Iterator[InText]:
    """Yield a thrombocytopenia that the patient had on an inhibitor."""
    for pointer, text in texts:
        for match in _FALLEN.finditer(text):
            drug = drug_name(match["after"] or match["before"])
            is_had = _is_had(pointer, text, match) and not in_clause(_DENIED, text, match.start())
            if is_had and subject.knowledge.is_gp_inhibitor(drug):
                yield InText(PRIOR, match[0], drug, pointer, read_state(PRIOR, drug))


_NAME: Final = r"[A-Za-z]{4,20}"
_TAKEN: Final = lazy_pattern(
    r"\b(?:took|takes|taking|(?:has|had|was) taken|swallowed)"
    rf"(?: (?:an?|his|her|the|last|dose|of|home|[0-9]{{1,3}} ?mg)\b){{0,6}} (?P<took>{_NAME})\b"
    rf"|\blast (?:dose of )?(?P<last>{_NAME})(?: dose)?\b"
    rf"|\b(?P<was>{_NAME})(?: was)?(?:,? last)? (?:taken|dose|intake)\b"
    rf"|\bon (?P<on>{_NAME}) (?:at home|before admission)\b",
    re.IGNORECASE,
)
"""What a patient took: behind its verb, or before its last dose."""
_ANTICOAGULANT: Final = "anticoagulant"


def _anticoagulants(texts: list[tuple[str, str]], subject: Subject) -> Iterator[InText]:
    """Yield an oral anticoagulant that the patient took; one by a needle is often part of the procedure."""
    for pointer, text in texts:
        for match in _TAKEN.finditer(text):
            drug = drug_name(next(each for each in match.groups() if each is not None))
            is_oral = subject.knowledge.patient_limits().anticoagulants.get(drug) == "oral"
            is_asked = is_oral and _CRITERION.search(ahead(text, match.start())) is not None
            if is_oral and not is_asked and not in_clause(_DENIED, text, match.start()):
                yield InText(_ANTICOAGULANT, match[0], drug, pointer, read_state(_ANTICOAGULANT, drug))
                break


def _is_had(pointer: str, text: str, match: re.Match[str]) -> bool:
    """Whether a condition is the patient's: what a set is for, or in a text of an order what its clause begins with."""
    if _OF_RELATIVE.search(text[slice(*clause_at(text, match.start()))]) is not None:
        return False
    if not pointer.endswith("/text"):
        return True
    begin, end = clause_at(text, match.start())
    before = text[begin : match.start()]
    if _IN_HISTORY.search(before) is not None:
        return True
    is_asked = _CRITERION.search(before) or _THEN.match(text[match.end() : end]) or _LISTED.search(text)
    return is_asked is None and _IS_PATIENT.match(before) is not None


def clause_of(pointer: str, found: str, subject: Subject) -> str:
    """Return the part of a sentence in which a text of a set names something."""
    own = {f"{order.pointer}/text": order.texts.get("text", "") for order in subject.order_set.orders}
    text = own.get(pointer) or subject.order_set.texts.get(pointer.removeprefix("/"), "")
    begin, end = clause_at(text, max(text.find(found), 0))
    return text[begin:end]


def said_conditions(subject: Subject, condition: PatientCondition) -> Iterator[tuple[str, str]]:
    """Yield where a condition of the patient is named, and how: as what a set is for, or in a text as the patient's."""
    pattern = subject.knowledge.once(("condition", *condition.names), lambda: _named(condition))
    for pointer, text in _texts(subject):
        for match in pattern.finditer(text):
            # `TIA` alone in the text of an order is mostly one of those whom the drug is not for.
            is_bare = pointer.endswith("/text") and match[0].lower() in map(str.lower, condition.near[0])
            is_denied = is_bare or any(in_clause(each, text, match.start()) for each in (_DENIED, _PLANNED))
            if _is_had(pointer, text, match) and not is_denied:
                yield pointer, match[0]
                break


def is_stroke_of_past(drug: str, subject: Subject) -> bool:
    """Whether the stroke that a set names is one of the past, of which RC647 says what the label of a drug says."""
    known = subject.knowledge.patient_limits().conditions
    return any(any(said_conditions(subject, each)) for each in known if each.but_stroke and each.is_of(drug, None))


def _named(condition: PatientCondition) -> re.Pattern[str]:
    one, other = (rf"\b(?:{'|'.join(map(re.escape, each))})" for each in condition.near)
    between = r"[^.;,\n]{0,30}?"
    near = rf"|{one}{between}{other}\w*|{other}{between}{one}\w*" if condition.near[0] else ""
    return lazy_pattern(rf"\b(?:{'|'.join(map(re.escape, condition.names))})\b{near}", re.IGNORECASE)


def _dialysis(texts: list[tuple[str, str]]) -> Iterator[InText]:
    """Yield that a patient is on dialysis: in a text of an order another rule compares it with the labels."""
    for pointer, text in texts:
        is_text = pointer.endswith("/text")
        for match in (_ON_DIALYSIS if is_text else _DIALYSIS).finditer(text):
            is_asked = _CRITERION.search(ahead(text, match.start())) is not None
            is_branch = is_text and _BRANCH.match(text, match.end()) is not None
            if not (is_asked and is_text) and not is_branch and not in_clause(_DENIED, text, match.start()):
                yield InText("dialysis", match[0], "yes", pointer, None if is_text else True)


in_text: Final = Shared(_of_texts)
"""Each value of the patient that a text of an order set says, read once."""
