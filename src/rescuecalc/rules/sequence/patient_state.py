"""RC65x: the patient's state against what the labels of the ordered drugs say of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.patient_state import PatientState
from rescuecalc.core.orders.text.text_shares import text_shares_by_clearance
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.orders.text.vocabulary import AVOIDED, ENDED, EXCLUDED, NEGATIONS, PAST, WITHHELD, any_word
from rescuecalc.core.quantities.decimal_text import people_number, quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.agents import told
from rescuecalc.rules.facts.crossed_limits import had_thrombolysis, is_crossed, shown
from rescuecalc.rules.facts.reference.set_indication import is_coronary
from rescuecalc.rules.facts.text.patient_in_text import clause_of, in_text
from rescuecalc.rules.sequence.thrombolysis_time import hold_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.patient_state import Anticoagulant
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.base.rule import Rule
    from rescuecalc.rules.facts.text.patient_in_text import InText

_PLACE: Final = "/patient/{0}"


_MOST_UNLIKE: Final = 0.75
"""The least likeness of a name to a known one that is offered in its place."""


def _drugs(subject: Subject) -> list[str]:
    return sorted({order.drug for order in subject.order_set.orders})


def _crossed(field: str, name: str) -> Callable[[Subject], Iterator[Hit]]:
    """Return the check of one field: of each ordered drug the heaviest limit that is crossed."""

    def check(subject: Subject) -> Iterator[Hit]:
        state, beside = subject.order_set.state, ""
        if state is not None and getattr(state, field) is not None:
            written = shown(field, state)
            yield from _beyond(field, state, f"{name} {written}", (_PLACE.format(field), written), subject)
            if field not in _READ_BESIDE:
                return
            beside = f" beside {field}: {written}"
        for each in in_text.of(subject):
            is_judged = each.field == field and each.value is not None
            if is_judged and not (beside and _is_before(each, subject)):
                in_words, stated = PatientState()._replace(**{field: each.value}), f"the text says {each.found}{beside}"
                yield from _beyond(field, in_words, stated, (each.pointer, each.found), subject)

    return check


_READ_BESIDE: Final = frozenset({"platelets", "inr", "blood_pressure", "intracranial_haemorrhage", "dialysis"})
"""Fields that silence no text: what stands in it may be newer than the field."""
_BEFORE: Final = any_word(
    *(PAST, "before", "initial", "initially", "baseline", "nadir", "yesterday", "last", "ago", "until", "after"),
    r"(?:on|at) (?:arrival|admission|presentation|triage)",
)
"""A value of an earlier time: beside it a field says what it is now."""


def _is_before(said: InText, subject: Subject) -> bool:
    """Whether a text says a value of an earlier time; a haemorrhage of any time counts."""
    return said.value is not True and _BEFORE.search(clause_of(said.pointer, said.found, subject)) is not None


def _beyond(field: str, state: PatientState, stated: str, place: tuple[str, str], subject: Subject) -> Iterator[Hit]:
    """Yield of each ordered drug the heaviest limit that a value crosses; ``place`` is where it stands, and how."""
    limits = [each for each in subject.knowledge.patient_limits().limits if each.field == field]
    lysed = had_thrombolysis(subject)
    for drug in _drugs(subject) if limits else ():
        kind = subject.knowledge.drug_class(drug)
        own = [each for each in limits if each.is_of(drug, kind) and is_crossed(each, state, subject, lysed=lysed)]
        if own:
            heaviest = min(own, key=lambda each: each.severity.rank)
            cause = f"{field} with {drug}"
            yield Hit(f"{stated}: {heaviest.words}", heaviest.sources, *place, severity=heaviest.severity, cause=cause)


_UNREAD: Final = {
    "creatinine_clearance": "creatinine_clearance: {0} mL/min",
    "creatinine": "creatinine: {0}",
    "dialysis": "dialysis: {0}",
}
"""What a text says of the patient that only a field makes judged, and how it is written there."""


def _in_text_alone(subject: Subject) -> Iterator[Hit]:
    made = subject.order_set
    if not any(subject.knowledge.is_gp_inhibitor(order.drug) for order in made.orders):
        return
    by_pointer = {f"{order.pointer}/text": order for order in made.orders}
    known = subject.knowledge.patient_limits().limits
    is_limited = any(one.is_of(order.drug, None) for one in known if one.field == "dialysis" for order in made.orders)
    on_dialysis = made.state.dialysis if made.state is not None else None
    is_stated = made.clearance is not None or on_dialysis is not None
    for each in in_text.of(subject):
        is_silenced = is_limited if each.field == "dialysis" else is_stated
        if is_silenced or (is_stated and on_dialysis is not False):
            continue
        order = by_pointer.get(each.pointer)
        is_branch = order is not None and any(one.name == "creatinine_clearance" for one in order.when)
        if each.field in _UNREAD and not is_branch and not _gives_less(order):
            instead = f"patient: {{{_UNREAD[each.field].format(each.written)}}}"
            if _IS_EGFR.search(each.found) is not None:
                instead = "patient: {creatinine_clearance: ...}, worked out by Cockcroft-Gault: an eGFR is none"
            message = f"the text says {each.found}, and no label was compared with it: write it as {instead}"
            yield Hit(message, (), each.pointer, each.found)


_IS_EGFR: Final = lazy_pattern(r"\be?GFR\b", re.IGNORECASE)
_OF_PATIENT: Final = lazy_pattern(r"\b(?:patient|pt|he|she|is|has|known|currently|now)\b", re.IGNORECASE)


def _gives_less(order: Order | None) -> bool:
    """Whether a text gives less to those whose kidneys fail, and does not say that this patient is one."""
    text = order.texts["text"] if order is not None else ""
    return _OF_PATIENT.search(text) is None and any(each.share < 1 for each in text_shares_by_clearance(text))


_ANTICOAGULANT: Final = _crossed("anticoagulant", "anticoagulant")


_ON_DIALYSIS: Final = lazy_pattern(
    r"\b(?:on|with|during|in|for|also) (?:ha?emo)?dialysis\b|\bdialysis patients?\b", re.IGNORECASE
)
_NOT_THEN: Final = any_word(NEGATIONS, AVOIDED, WITHHELD, EXCLUDED, ENDED, r"remov\w*", "unless")


def _dialysis(subject: Subject) -> Iterator[Hit]:
    """Yield dialysis of the patient, and a text that gives a drug on it, against the labels."""
    yield from _crossed("dialysis", "dialysis")(subject)
    texts = [(order, order.texts["text"]) for order in subject.order_set.orders if "text" in order.texts]
    limits = [each for each in subject.knowledge.patient_limits().limits if each.field == "dialysis"] if texts else []
    for order, text in texts:
        own = next((each for each in limits if each.is_of(order.drug, subject.knowledge.drug_class(order.drug))), None)
        for sentence in SENTENCE.split(text) if own is not None else ():
            match = _ON_DIALYSIS.search(sentence)
            if own is not None and match is not None and not _NOT_THEN.search(sentence):
                yield Hit(
                    f"{order.drug} {match[0]}: {own.words}",
                    own.sources,
                    f"{order.pointer}/text",
                    match[0],
                    severity=own.severity,
                    cause=f"dialysis with {order.drug}",
                )


_NO_WINDOW: Final = "; no packaged source states how long after its last dose it counts"


def _anticoagulant(subject: Subject) -> Iterator[Hit]:
    state = subject.order_set.state
    taken = state.anticoagulant if state is not None else None
    if taken is None and (in_words := _taken_in_words(subject)) is not None:
        if in_words.drug in {order.drug for order in told(subject, also_if=True)}:
            return  # RC624 reports one that a text gives
        taken = in_words
    known = subject.knowledge.patient_limits() if taken is not None else None
    is_oral = taken is not None and known is not None and known.given_as(taken) == "oral"
    windows = {each.words for each in known.limits if each.within is not None} if known is not None else set()
    lysed = _beside_lysis(taken, subject) if taken is not None and is_oral else ""
    for hit in _ANTICOAGULANT(subject):
        if known is not None and taken is not None and known.given_as(taken) == "parenteral" and is_coronary(subject):
            yield hit._replace(severity=Severity.NOTE)  # the labels' doses there presuppose it
            continue
        has_window = any(words in hit.message for words in windows)
        made = hit._replace(message=hit.message + _NO_WINDOW) if is_oral and not has_window else hit
        yield made._replace(message=f"{made.message}; {lysed}", severity=Severity.ERROR) if lysed else made
    if taken is not None and taken.drug and not subject.knowledge.patient_limits().given_as(taken):
        hint = nearest(taken.drug, subject.knowledge.patient_limits().anticoagulants, cutoff=_MOST_UNLIKE)
        message = f"{quoted(taken.drug)} is not a known anticoagulant and was not judged{hint}"
        yield Hit(message, (), _PLACE.format("anticoagulant"), str(taken))


def _taken_in_words(subject: Subject) -> Anticoagulant | None:
    """Return the anticoagulant of which only a text says that the patient took it."""
    return next((each.value for each in in_text.of(subject) if each.field == "anticoagulant"), None)


def _beside_lysis(taken: Anticoagulant, subject: Subject) -> str:
    """Return that the infusion starts inside the hold after a thrombolysis, with a last dose not long before that."""
    until, hold = hold_end(subject), subject.knowledge.bridging().hold.length
    is_recent = until is not None and (taken.last_dose is None or taken.last_dose.plus(hold) > until.minus(hold))
    starts_inside = until is not None and until > Offset.start()
    return f"the infusion starts less than {hold} after a thrombolysis" if is_recent and starts_inside else ""


def _implausible(subject: Subject) -> Iterator[Hit]:
    state = subject.order_set.state
    known = subject.knowledge.patient_limits() if state is not None else None
    for field, value, span in known.implausible(state) if known is not None and state is not None else ():
        between = f"{people_number(span.low)} to {people_number(span.high)}"
        message = f"{field.replace('_', ' ')} {value} is outside of {between}: check number and unit"
        yield Hit(message, (known.source,) if known is not None else (), _PLACE.format(field), str(value))
    clearance, most = subject.order_set.clearance, subject.knowledge.limits.clearance.high
    if clearance is not None and clearance.exceeds(most):
        message = f"creatinine clearance {clearance} is above {most}: check number and unit"
        yield Hit(message, (subject.knowledge.limits.source,), _PLACE.format("creatinine_clearance"), str(clearance))


def _set(patient: str, order: str = "drug: tirofiban, route: IV, kind: infusion") -> str:
    return f"{{order_set: Example, patient: {{{patient}}}, orders: [{{{order}}}]}}"


_EPTIFIBATIDE: Final = "drug: eptifibatide, route: IV, kind: infusion"
_CLOPIDOGREL: Final = "drug: clopidogrel, route: PO, kind: dose, dose: 75 mg, frequency: daily"
_NOT_GIVEN: Final = "No value is required: a missing one is named as not judged."


def _rule(code: str, name: str, check: Callable[[Subject], Iterator[Hit]], severities: str, **texts: str) -> Rule:
    """Return a rule of a set as a whole; ``severities`` are its own and those besides."""
    own, *others = (Severity(each) for each in severities.split())
    sources = texts.pop("sources")
    return declared(
        code,
        name,
        own,
        check,
        sources,
        severities=tuple(others),
        of_defects=False,
        of_set=False,
        preview=False,
        **texts,
    )


RULES = (
    _rule(
        "RC650",
        "platelets-below-limit",
        _crossed("platelets", "platelets"),
        "error warning",
        sources="eu-label us-label eptifibatide-label abciximab-label",
        checks="The patient's platelets against the limits of the ordered drugs' labels.",
        why="Tirofiban is contraindicated below 100 x10^9/L (EU label), abciximab too (US label).",
        fails=_set("platelets: 70 x10^9/L"),
        passes=_set("platelets: 210 x10^9/L"),
        remedy="Do not start, or decide with haematology and document the reason.",
        limits=f"A count without a unit is read as x10^9/L, which has the number of x10^3/uL. {_NOT_GIVEN}",
        yields_to="RC658",
    ),
    _rule(
        "RC651",
        "inr-above-limit",
        _crossed("inr", "INR"),
        "error",
        sources="eu-label",
        checks="The patient's INR against the limits of the ordered drugs' labels.",
        why="Tirofiban is contraindicated with an INR above 1.5 (EU label).",
        fails=_set('inr: "2.1"'),
        passes=_set('inr: "1.1"'),
        remedy="Do not start, or decide with haematology and document the reason.",
        limits=f"A prothrombin time is not read. {_NOT_GIVEN}",
        yields_to="RC658",
    ),
    _rule(
        "RC652",
        "blood-pressure-above-limit",
        _crossed("blood_pressure", "blood pressure"),
        "warning",
        sources="eu-label aha-asa",
        checks="The patient's blood pressure against the EU label of tirofiban and, after a thrombolysis, against "
        "180/105 mmHg.",
        why="Above 180/110 mmHg tirofiban is not recommended (EU label): a high pressure makes a bleeding worse.",
        fails=_set("blood_pressure: 200/115"),
        passes=_set("blood_pressure: 150/85"),
        remedy="Lower the pressure before the start.",
        limits=f"The label of eptifibatide names no number for severe hypertension. {_NOT_GIVEN}",
        yields_to="RC658",
    ),
    _rule(
        "RC653",
        "contraindicated-on-dialysis",
        _dialysis,
        "error",
        sources="eptifibatide-label",
        checks="Dialysis against the labels of the ordered drugs.",
        why="Eptifibatide is contraindicated on dialysis (US label).",
        fails=_set("dialysis: yes", _EPTIFIBATIDE),
        passes=_set("dialysis: no", _EPTIFIBATIDE),
        remedy="Choose another drug.",
        limits=f"Tirofiban at full rate on dialysis is RC516. {_NOT_GIVEN}",
    ),
    _rule(
        "RC654",
        "thrombocytopenia-on-inhibitor-before",
        _crossed("prior_thrombocytopenia", "thrombocytopenia before on a GP IIb/IIIa inhibitor:"),
        "error",
        sources="us-label eu-label",
        checks="An earlier thrombocytopenia on a GP IIb/IIIa inhibitor beside tirofiban.",
        why="It returns, and faster: both labels of tirofiban contraindicate it.",
        fails=_set("prior_thrombocytopenia: tirofiban"),
        passes=_set("prior_thrombocytopenia: no"),
        remedy="Do not start.",
        limits=f"The labels of eptifibatide and abciximab are not covered. {_NOT_GIVEN}",
    ),
    _rule(
        "RC655",
        "intracranial-haemorrhage-before",
        _crossed("intracranial_haemorrhage", "intracranial haemorrhage in the history:"),
        "error",
        sources="eu-label eptifibatide-label cangrelor-label",
        checks="A history of intracranial haemorrhage beside tirofiban, eptifibatide or cangrelor, or one named as"
        " the indication.",
        why="Their labels contraindicate it.",
        fails=_set("intracranial_haemorrhage: yes", _EPTIFIBATIDE),
        passes=_set("intracranial_haemorrhage: no", _EPTIFIBATIDE),
        remedy="Do not start.",
        limits=_NOT_GIVEN,
    ),
    _rule(
        "RC656",
        "anticoagulant-taken-before",
        _anticoagulant,
        "warning error note",
        sources="eu-label eptifibatide-label abciximab-label",
        checks="The patient's anticoagulant, with the time of its last dose, against the labels of the ordered drugs; "
        "also an oral one of which a text says that it was taken. It is an error where the infusion starts inside the "
        "hold after a thrombolysis, an injected one a note in a set for the heart.",
        why="Their bleeding risks add up; the EU label does not recommend tirofiban with an oral anticoagulant.",
        fails=_set('anticoagulant: "apixaban, -12 h"'),
        passes=_set("anticoagulant: none"),
        remedy="Decide with the time of the last dose and a coagulation test, and document the reason.",
        limits="Only for abciximab does a source state when an oral anticoagulant no longer counts (7 days). RC624 "
        f"covers an ordered anticoagulant. {_NOT_GIVEN}",
    ),
    _rule(
        "RC657",
        "clopidogrel-in-poor-metaboliser",
        _crossed("cyp2c19", "CYP2C19 metaboliser:"),
        "warning",
        sources="clopidogrel-label",
        checks="Clopidogrel for a CYP2C19 poor metaboliser.",
        why="CYP2C19 activates it: in a poor metaboliser the artery is less protected than the dose suggests.",
        fails=_set("cyp2c19: poor", _CLOPIDOGREL),
        passes=_set("cyp2c19: normal", _CLOPIDOGREL),
        remedy="Choose another P2Y12 inhibitor.",
        limits=f"No packaged source covers other types of metaboliser. {_NOT_GIVEN}",
    ),
    _rule(
        "RC658",
        "implausible-patient-value",
        _implausible,
        "error",
        sources="rescuecalc",
        checks="Platelets, INR, blood pressure, haemoglobin and creatinine clearance against plausible values of a "
        "patient.",
        why="92,000 x10^9/L is a count per microlitre with the wrong unit, and would pass every limit.",
        fails=_set("platelets: 92000 x10^9/L"),
        passes=_set("platelets: 92000 /uL", "drug: aspirin, route: PO, kind: dose, dose: 81 mg"),
        remedy="Check number and unit.",
        limits="The bounds are limits of rescuecalc. No packaged source states a limit of haemoglobin.",
    ),
    _rule(
        "RC659",
        "patient-value-in-text-alone",
        _in_text_alone,
        "warning",
        yields_to="RC516",
        sources="rescuecalc",
        checks="A creatinine or a creatinine clearance of the patient in a text only, beside a GP IIb/IIIa inhibitor.",
        why="The labels' renal limits are compared with the field: a number in a text is not judged.",
        fails=_set("weight: 80 kg", "drug: tirofiban, route: IV, kind: infusion, text: CrCl 25"),
        passes=_set("weight: 80 kg", "drug: tirofiban, route: IV, kind: infusion, text: stop if CrCl falls below 25"),
        remedy="Write it in the patient's field.",
        limits="Platelets, INR and blood pressure in a text are compared with the labels like the fields.",
        since="0.2.0",
    ),
)
