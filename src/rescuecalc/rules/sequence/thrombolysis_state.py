"""RC67x: a thrombolysis whose parts are out of order, and what beside it nobody could judge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.patient_state import PatientState
from rescuecalc.core.orders.text.free_text import time_at
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.agents import infused, inhibitors, of_class
from rescuecalc.rules.facts.concurrent_orders import both_given, end_of, itself, pairs
from rescuecalc.rules.facts.crossed_limits import is_crossed, shown
from rescuecalc.rules.facts.reference.local_lysis import is_into_artery, systemic
from rescuecalc.rules.facts.reference.set_indication import is_coronary
from rescuecalc.rules.facts.reference.stroke_set import purpose_of
from rescuecalc.rules.facts.text.patient_in_text import in_text
from rescuecalc.rules.sequence.prophylaxis import is_prophylaxis
from rescuecalc.rules.sequence.thrombolysis_time import hold_end, lysis_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.patient_limit import PatientCondition, PatientLimit
    from rescuecalc.rules.base.knowledge import Subject

_LYSIS: Final = DrugClass.THROMBOLYTIC


def _lysis(subject: Subject) -> list[Order]:
    orders = subject.order_set.orders
    found = [each for each in orders if subject.knowledge.drug_class(each.drug) is _LYSIS]
    return systemic(found, subject)


def _out_of_order(subject: Subject) -> Iterator[Hit]:
    """Yield an infusion that starts before its bolus or long after it, and parts of which a choice gives one alone."""
    if purpose_of(subject).is_another:
        return
    for pair in pairs([each for each in _lysis(subject) if not is_into_artery(each, subject)], itself):
        bolus, rest = sorted(pair, key=lambda each: each.given_as)
        known = subject.knowledge.agent_facts().thrombolytics.get(bolus.drug)
        are_parts = bolus.drug == rest.drug and (bolus.given_as, rest.given_as) == ("bolus", "infusion")
        if not are_parts or known is None or known.is_one_bolus:
            continue
        is_one_group = bolus.choose_one is not None and bolus.choose_one == rest.choose_one
        if is_one_group and not _is_beside_other(bolus, subject):
            message = (
                f"bolus and infusion of {bolus.drug} are alternatives of {rest.choose_one}: only one would be given"
            )
            yield Hit(f"{message} ({known.words})", known.sources, rest.at("choose_one"), rest.choose_one)
        elif both_given(bolus, rest) and _starts_before(rest, bolus):
            message = f"the infusion of {rest.drug} starts at {rest.start}, before its bolus at {bolus.start}"
            yield Hit(f"{message}: {known.words}", known.sources, rest.at("start"), str(rest.start))
        elif both_given(bolus, rest) and _starts_late(bolus, rest, subject):
            message = f"the infusion of {rest.drug} starts at {rest.start}, long after its bolus at {bolus.start}"
            yield Hit(f"{message}: {known.words}", known.sources, rest.at("start"), str(rest.start), str(bolus.start))
        elif both_given(bolus, rest) and (late := _late_in_text(rest, subject)):
            message = f"the text starts the infusion of {rest.drug} {quoted(late)}: {known.words}"
            yield Hit(message, known.sources, rest.at("text"), late)


_LATE: Final = lazy_pattern(
    r"(?P<length>[0-9]{1,3}(?:\.[0-9])? ?(?:h|hrs?|hours?|min(?:ute)?s?|days?)) (?:after|post|from|following) "
    r"(?:the |its |end of |start of )*bolus\b",
    re.IGNORECASE,
)


def _late_in_text(rest: Order, subject: Subject) -> str:
    """Return how long after its bolus a text starts an infusion, where that is too long; empty where it is not."""
    for match in _LATE.finditer(rest.texts.get("text", "")):
        length = time_at(match["length"])
        if length is not None and length.exceeds(subject.knowledge.limits.longest_gap):
            return match[0]
    return ""


def _is_beside_other(bolus: Order, subject: Subject) -> bool:
    """Whether a choice names another thrombolytic too: then its two parts are the other way of lysis."""
    return any(each.choose_one == bolus.choose_one and each.drug != bolus.drug for each in _lysis(subject))


def _starts_before(one: Order, other: Order) -> bool:
    return one.start is not None and other.start is not None and one.start < other.start


def _starts_late(bolus: Order, rest: Order, subject: Subject) -> bool:
    """Whether more lies between the two parts than between two parts of any course."""
    if bolus.start is None or rest.start is None:
        return False
    return rest.start > (end_of(bolus) or bolus.start).plus(subject.knowledge.limits.longest_gap)


def _not_judged(subject: Subject) -> Iterator[Hit]:
    lysis = _lysis(subject)
    yield from _values([each.drug for each in lysis[:1]], subject, _FIELDS)
    yield from _anticoagulants(lysis, subject)
    injected = {order.drug for order in (*infused(subject), *of_class(subject, DrugClass.P2Y12_IV))}
    for drug in sorted(injected):
        on_inhibitor = (_THROMBOCYTOPENIA,) if subject.knowledge.is_gp_inhibitor(drug) else ()
        yield from _values([drug], subject, (*_MEASURED, _ANTICOAGULANT, *on_inhibitor))
    if not lysis and not injected:
        swallowed = {each.drug for kind in _SWALLOWED for each in of_class(subject, kind)}
        yield from _values(sorted(swallowed), subject, _MEASURED, Severity.NOTE)
        yield from _haemorrhage_in_text(sorted(swallowed), subject)
    state = subject.order_set.state
    if state is not None and state.haemoglobin is not None:
        message = f"haemoglobin {state.haemoglobin} was not judged: no source held here states a limit of it"
        yield Hit(message, (), "/patient/haemoglobin", str(state.haemoglobin), severity=Severity.NOTE)


def _haemorrhage_in_text(drugs: list[str], subject: Subject) -> Iterator[Hit]:
    """Yield a haemorrhage of which the text of an order says that the patient had it; RC647 covers the others."""
    for each in in_text.of(subject) if drugs else ():
        if each.field == _HAEMORRHAGE and each.pointer.endswith("/text"):
            message = f"{quoted(each.found)} was not judged for {' and '.join(drugs)}: no limit of it is held here"
            yield Hit(message, (), each.pointer, each.found)


def _values(
    drugs: list[str], subject: Subject, fields: tuple[str, ...], severity: Severity | None = None
) -> Iterator[Hit]:
    """Yield each value of the patient that crosses a limit of another drug, where these drugs have none.

    As a note only what another label forbids is named.
    """
    limits = subject.knowledge.patient_limits().limits if drugs else ()
    drug_class = subject.knowledge.drug_class(drugs[0]) if drugs else None
    for field, state, place, found in _states(subject) if drugs else ():
        if field not in fields:
            continue
        of_field = [each for each in limits if each.field == field]
        crossed = [
            each
            for each in of_field
            if is_crossed(each, state, subject, lysed=drug_class is _LYSIS)
            and (severity is None or each.severity is Severity.ERROR)
        ]
        own = [each for each in of_field if each.is_of(drugs[0], drug_class)]
        if not crossed or any(_judges(each, state, subject) for each in own):
            continue
        nearest, named = min(crossed, key=_is_further), _named_without_number(field, drugs[0], subject)
        held = f"{named.words}, without a number" if named is not None else "no limit of it is held here"
        message = (
            f"{_NAMES.get(field, field.replace('_', ' '))} {shown(field, state)} was not judged for "
            f"{' and '.join(drugs)}; {held} (compare: {nearest.words})"
        )
        sources = (*(named.sources if named is not None else ()), *nearest.sources)
        yield Hit(message, sources, place, found, severity=_weight(field, state, subject) or severity)


def _named_without_number(field: str, drug: str, subject: Subject) -> PatientCondition | None:
    """Return what a drug's label says of a value in a word alone, as `severe uncontrolled hypertension`."""
    known = subject.knowledge.patient_limits().conditions
    return next((each for each in known if each.drug == drug and each.of_value == field), None)


def _judges(limit: PatientLimit, state: PatientState, subject: Subject) -> bool:
    """Whether a limit of a drug judges a value: one in words those that it names, and an older anticoagulant too."""
    if limit.after_thrombolysis and not lysis_time(subject):
        return False
    taken = state.anticoagulant if limit.field == _ANTICOAGULANT else None
    return taken is None or subject.knowledge.patient_limits().given_as(taken) in limit.is_one_of


def _weight(field: str, state: PatientState, subject: Subject) -> Severity | None:
    """Return the lesser weight of an injected anticoagulant in a set for the heart, which the labels presuppose."""
    taken = state.anticoagulant if field == _ANTICOAGULANT else None
    is_injected = taken is not None and subject.knowledge.patient_limits().given_as(taken) == "parenteral"
    return Severity.NOTE if is_injected and is_coronary(subject) else None


def _is_further(limit: PatientLimit) -> bool:
    return not limit.after_thrombolysis


def _states(subject: Subject) -> Iterator[tuple[str, PatientState, str, str]]:
    """Yield each value that is known of the patient, with where it stands: a field first, else the texts."""
    state = subject.order_set.state or PatientState()
    for field in (*_FIELDS, _THROMBOCYTOPENIA):
        if getattr(state, field) is not None:
            yield field, state, f"/patient/{field}", shown(field, state)
            continue
        for each in in_text.of(subject):
            is_judged = field in _MEASURED or each.pointer.endswith("/text")
            if each.field == field and each.value is not None and is_judged:
                yield field, PatientState()._replace(**{field: each.value}), each.pointer, each.found
                break


_MEASURED: Final = ("platelets", "inr", "blood_pressure")
_ANTICOAGULANT: Final = "anticoagulant"
_THROMBOCYTOPENIA: Final = "prior_thrombocytopenia"
_HAEMORRHAGE: Final = "intracranial_haemorrhage"
_FIELDS: Final = (*_MEASURED, _ANTICOAGULANT, _HAEMORRHAGE)
_NAMES: Final = {"inr": "INR", _THROMBOCYTOPENIA: "thrombocytopenia before on a GP IIb/IIIa inhibitor:"}
_SWALLOWED: Final = (DrugClass.P2Y12_ORAL, DrugClass.COX)
"""Antiplatelets, beside which a value is a note: a thrombolytic or an injected inhibitor is judged before them."""


def _anticoagulants(lysis: list[Order], subject: Subject) -> Iterator[Hit]:
    """Yield an anticoagulant within a day of a thrombolysis; beside an intravenous inhibitor it is RC624's."""
    at = lysis_time(subject)
    if at is None or purpose_of(subject).is_another or inhibitors(subject):
        return
    beside = lysis[0].drug if lysis else "a thrombolysis"
    first = Offset.start().plus(subject.knowledge.bridging().hold.length) if lysis else None
    until = hold_end(subject) or first
    for order in of_class(subject, DrugClass.ANTICOAGULANT):
        if _is_after_hold(order, until, subject) or is_prophylaxis(order):
            continue
        if lysis and not any(both_given(order, each) for each in lysis):
            continue
        start = f" at {order.start}" if order.start is not None and order.start != Offset.start() else ""
        message = f"{order.drug}{start} beside {beside} was not judged: no source held here says what of the two"
        yield Hit(message, (), order.pointer, order.drug)


def _is_after_hold(order: Order, until: Offset | None, subject: Subject) -> bool:
    """Whether an order begins when the hold after a thrombolysis is over, by its start or as its text says it.

    Hours of a set whose thrombolysis states no start count from that: it is what the set begins with.
    """
    if order.start is not None:
        return until is not None and order.start >= until
    hold = subject.knowledge.bridging().hold.length
    lengths = (time_at(match["length"]) for match in _AFTER_LYSIS.finditer(order.texts.get("text", "")))
    return any(each is not None and not hold.exceeds(each) for each in lengths)


_AFTER_LYSIS: Final = lazy_pattern(
    r"\b(?:start\w*|begin\w*|not before|no earlier than|from|at least|earliest|hold until|only)(?: at)? "
    r"(?P<length>[0-9]{1,3} ?(?:h|hrs?|hours?|days?)) (?:after|post|from|following) "
    r"(?:(?:the|end of|IV|a) )*(?:thrombolys\w*|lysis|r?t-?PA|IVT|alteplase|tenecteplase|TNK)",
    re.IGNORECASE,
)


_ALTEPLASE: Final = (
    "drug: alteplase, route: IV, kind: bolus, dose: 7.2 mg, give_over: 1 min, start: {0}",
    "drug: alteplase, route: IV, kind: infusion, dose: 64.8 mg, run_time: 60 min, start: +1 min",
)
_TNK: Final = "drug: tenecteplase, route: IV, kind: bolus, dose: 20 mg"


RULES = (
    declared(
        "RC670",
        "thrombolytic-parts-out-of-order",
        Severity.ERROR,
        _out_of_order,
        "thrombolytics",
        checks="An infusion of alteplase that starts before its bolus or more than {limits.longest_gap} after it, and "
        "a bolus and an infusion of which a `choose_one` group gives one alone.",
        why="The bolus is the first tenth of one dose, the infusion its rest.",
        fails=example_set(_ALTEPLASE[0].format("+10 min"), _ALTEPLASE[1]),
        passes=example_set(_ALTEPLASE[0].format("+0 min"), _ALTEPLASE[1]),
        remedy="Start the bolus first; group the whole thrombolysis, not its parts.",
        limits="Only where both state their start, or the text of the infusion says how long after the bolus. Not in a "
        "set for another known indication than a stroke.",
        since="0.2.0",
    ),
    declared(
        "RC671",
        "value-not-judged-for-drug",
        Severity.WARNING,
        _not_judged,
        "thrombolytics eu-label aha-asa",
        severities=(Severity.NOTE,),
        checks="The patient's platelets, INR, blood pressure, anticoagulant and history of intracranial haemorrhage "
        "beyond a limit that is held for another drug, and a therapeutic anticoagulant, beside a thrombolytic; "
        "platelets, INR, blood pressure, anticoagulant and an earlier thrombocytopenia beside a GP IIb/IIIa inhibitor "
        "or cangrelor without a limit of its own; platelets and INR beside oral antiplatelets alone, and "
        "haemoglobin (notes); an intracranial haemorrhage that a text says beside oral antiplatelets alone.",
        why="No packaged source states the limit for this drug: silence would read as one that was kept.",
        fails=example_set(_TNK, more=", patient: {weight: 80 kg, platelets: 70 x10^9/L}"),
        passes=example_set(_TNK, more=", patient: {weight: 80 kg, platelets: 210 x10^9/L}"),
        remedy="Judge it by the label of the thrombolytic and the local protocol.",
        limits="RC650 to RC656 judge them for the other drugs, RC624 an anticoagulant beside a GP IIb/IIIa inhibitor. "
        "An anticoagulant that starts {bridging.hold.length} after the thrombolysis or later is not reported.",
        since="0.2.0",
    ),
)
