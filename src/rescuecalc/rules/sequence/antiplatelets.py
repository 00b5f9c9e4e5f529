"""RC6: antiplatelets and other drugs that are not given together."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.bridging.antiplatelet import ASPIRIN
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.frequency import is_known_to_recur, times_daily
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.rules.base.rule import Hit, Rule
from rescuecalc.rules.facts.agents import antiplatelet_orders, infused, inhibitors, of_class, told
from rescuecalc.rules.facts.concurrent_orders import (
    both_given,
    chosen_by_drug,
    end_of,
    itself,
    one_after_the_other,
    pairs,
)
from rescuecalc.rules.facts.reference.set_indication import is_coronary, stroke_named
from rescuecalc.rules.facts.reference.stroke_set import Purpose, purpose_of
from rescuecalc.rules.facts.text.own_numbers import length_in_text
from rescuecalc.rules.facts.text.patient_in_text import is_stroke_of_past
from rescuecalc.rules.sequence.bridge import runs_beside
from rescuecalc.rules.sequence.handling import says_after_stop
from rescuecalc.rules.sequence.prophylaxis import is_given_as_prophylaxis, is_prophylaxis
from rescuecalc.rules.sequence.thrombolysis_time import hold_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.patient_limit import PatientLimit
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.rules.base.knowledge import Subject


def _contraindicated(subject: Subject) -> Iterator[Hit]:
    purpose = purpose_of(subject).purpose
    # Beside a word of the heart a stroke may be what the patient had before: contraindicated as well.
    beside = stroke_named(subject) if purpose is Purpose.HEART else ""
    if purpose is Purpose.HEART and not beside:
        return
    is_sure = purpose is Purpose.STROKE or subject.order_set.bridged or (bool(infused(subject)) and not beside)
    unsaid = "" if is_sure else "; whether the set is for a stroke is not stated"
    if beside:
        unsaid = f"; the set names {quoted(beside)} beside another indication"
    known = subject.knowledge.bridging().antiplatelets
    named = ((order, known[order.drug]) for order in told(subject, also_if=True) if order.drug in known)
    for order, agent in (*antiplatelet_orders(subject), *named):
        if agent.contraindicated and ((is_sure and not beside) or not is_stroke_of_past(agent.id, subject)):
            severity = None if is_sure else Severity.WARNING
            yield Hit(f"{agent.contraindicated}{unsaid}", agent.sources, order.pointer, order.drug, severity=severity)


def _aspirin_above(subject: Subject) -> Iterator[Hit]:
    found = antiplatelet_orders(subject)
    limits = [(each, agent, agent.aspirin_at_most) for each, agent in found if agent.aspirin_at_most is not None]
    for order, _ in found:
        dose = order.quantity("dose", Dose)
        if order.drug != ASPIRIN or dose is None or not is_known_to_recur(order.frequency):
            continue  # a load of 300 to 325 mg is allowed
        daily = dose.times(Fraction(times_daily(order.frequency or "") or 1))
        beside = [each for each in limits if both_given(order, each[0]) and not one_after_the_other(order, each[0])]
        for agent, most in {agent: most for _, agent, most in beside}.items():
            if daily.exceeds(most):
                message = f"aspirin {dose} {order.frequency} with {agent.id}: its maintenance is not above {most} daily"
                yield Hit(message, agent.sources, order.at("dose"), str(dose), f"at most {most}")


def _during_cangrelor(subject: Subject) -> Iterator[Hit]:
    found = antiplatelet_orders(subject)
    given = [order for order, agent in found if agent.drug_class is DrugClass.P2Y12_IV]
    running = [order for order in given if order.given_as != "bolus"] or given
    begun = {order.drug for order, _ in found if order.start is not None}
    for order, _ in found:
        beside = [each for each in running if both_given(order, each)]
        follows = order.start is None and order.drug in begun  # the doses of every day follow the first
        if beside and order.drug in {"clopidogrel", "prasugrel"} and not follows and not _after(order, beside):
            advice = subject.knowledge.bridging().forbidden[DrugClass.P2Y12_IV]
            unsaid = "the stop of cangrelor" if _end(running[0]) is None else f"the time of {order.drug}"
            unknown_end = "" if order.start is not None and _end(running[0]) else f"; {unsaid} is not stated"
            yield Hit(f"{order.drug} beside cangrelor: {advice.words}{unknown_end}", advice.sources, order.pointer)


def _after(order: Order, running: list[Order]) -> bool:
    if says_after_stop(order.texts.get("text", "")):
        return True
    ends = [_end(each) for each in running]
    return all(order.start is not None and end is not None and order.start >= end for end in ends)


def _end(order: Order) -> Offset | None:
    """Return when cangrelor ends; hours count from the start of an infusion that states none."""
    return end_of(order if order.start is not None else order._replace(start=Offset.start()))


def _two_inhibitors(subject: Subject) -> Iterator[Hit]:
    found = [*of_class(subject, DrugClass.GP_IIB_IIIA), *_reported_inhibitors(subject)]
    pairs_of_two = (pair for pair in pairs(found, itself) if pair[0].drug != pair[1].drug and both_given(*pair))
    together = [pair for pair in pairs_of_two if not chosen_by_drug(*pair, subject)]
    if together:
        advice = subject.knowledge.bridging().forbidden[DrugClass.GP_IIB_IIIA]
        names = " and ".join(sorted({order.drug for pair in together for order in pair}))
        yield Hit(f"{names}: {advice.words}", advice.sources, together[-1][1].pointer, names, cause=names)


def _reported_inhibitors(subject: Subject) -> list[Order]:
    """Return the GP IIb/IIIa inhibitors that only a text gives."""
    return [order for order in told(subject, also_if=True) if subject.knowledge.is_gp_inhibitor(order.drug)]


def _anticoagulant(subject: Subject) -> Iterator[Hit]:
    running = inhibitors(subject)
    drugs = {each.drug for each in running}
    for order in of_class(subject, DrugClass.ANTICOAGULANT) if running else ():
        if runs_beside(order, subject) and not _is_flush(order) and not _starts_later(order, running):
            limit = _of_anticoagulant(order, running, subject)
            advice = limit or subject.knowledge.bridging().forbidden[DrugClass.ANTICOAGULANT]
            words = advice.words if any(map(subject.knowledge.is_gp_inhibitor, drugs)) else _UNHELD
            lysed = _is_lysed(order, subject)
            when = ", inside the hold after a thrombolysis" if lysed else ""
            message = f"{order.drug} beside {running[0].drug}{when}: {words}"
            message += _unsaid_purpose(order, subject) if lysed else ""
            is_oral = subject.knowledge.patient_limits().anticoagulants.get(order.drug) == "oral"
            severity = _severity(order, lysed=lysed, is_oral=is_oral, presupposed=is_coronary(subject))
            if limit is not None and limit.severity is Severity.ERROR:
                severity = Severity.ERROR  # a label contraindicates it, whatever it is given for
            yield Hit(message, () if words is _UNHELD else advice.sources, order.pointer, order.drug, severity=severity)


_UNHELD: Final = "both add to the bleeding (practice), and no source held here says more of the two"

_FLUSHES: Final = lazy_pattern(r"\b(?:flush(?:es|ing)?|irrigation|catheter lock|pressure bags?)\b", re.IGNORECASE)


def _is_flush(order: Order) -> bool:
    """Whether an order is of a flush, which keeps a catheter open: by its drug's name, its product or its route.

    By its text only where no field gives a dose or a rate: a drip has a text on its flush as well.
    """
    if any(_FLUSHES.search(order.texts.get(name, "")) is not None for name in ("drug", "product", "route")):
        return True
    is_dosed = not _GIVEN.isdisjoint({*order.fields, *order.texts}) or order.unread
    if is_dosed or any(each.field in _GIVEN for each in order.numbers_in_text()):
        return False
    return _FLUSH_LINES.search(order.texts.get("text", "")) is not None


_GIVEN: Final = frozenset(
    (
        "dose",
        "dose_per_kg",
        "dose_rate",
        "dose_rate_per_kg",
        "pump_rate",
        "pump_rate_per_kg",
        "max_dose_rate",
        "titrate",
    )
)
_FLUSH_LINES: Final = lazy_pattern(
    r"\b(?:pressuri[sz]ed|continuous|pressure|heparini[sz]ed) flush\w*|\bflush(?:ing)? (?:line|bag|solution|system)s?\b"
    r"|^flush$",
    re.IGNORECASE,
)
"""An order that is a flush as a whole; `flush with saline afterwards` is what is done beside one."""


_FROM_DAY: Final = lazy_pattern(
    r"\b(?:(?:start\w*|begin\w*|from|on) (?:on )?day (?P<day>[2-9])"
    r"|(?P<hours>[0-9]{1,3}) ?h(?:ours?|rs?)? (?:after|post))\b",
    re.IGNORECASE,
)
"""When an order begins, as its text says it: `start on day 2 after tirofiban`, `starting 48 h after thrombectomy`."""


def _starts_later(order: Order, running: tuple[Order, ...]) -> bool:
    """Whether the text of an order without a start has it begin when no infusion runs any more."""
    text = order.texts.get("text", "")
    if order.start is not None or not text:
        return False
    if says_after_stop(text):
        return True
    match = _FROM_DAY.search(text)
    if match is None:
        return False
    begin = (int(match["day"]) - 1) * 24 if match["day"] else int(match["hours"])
    lengths = [_length(each) for each in running if each.given_as != "bolus"]
    return bool(lengths) and all(each is not None and begin >= each.value_in("h") for each in lengths)


def _length(order: Order) -> Quantity | None:
    """Return how long an infusion runs, by a field or by its text alone."""
    return order.lasts or length_in_text(order)


def _is_lysed(order: Order, subject: Subject) -> bool:
    """Whether an order is given inside the hold after a thrombolysis; without a time of its own, with the infusion."""
    until = hold_end(subject)
    return until is not None and (order.start or Offset.start()) < until


def _severity(order: Order, *, lysed: bool, is_oral: bool, presupposed: bool) -> Severity:
    """Return the weight of an anticoagulant beside the infusion: less where it is for prophylaxis, or given as that.

    In a set for coronary disease the labels presuppose one that is injected.
    """
    prophylactic = is_prophylaxis(order) or is_given_as_prophylaxis(order)
    if lysed:  # one that is only named may be prophylaxis, but for an oral one
        return Severity.WARNING if prophylactic or not (order.fields or is_oral) else Severity.ERROR
    return Severity.NOTE if prophylactic or (presupposed and not is_oral) else Severity.WARNING


def _unsaid_purpose(order: Order, subject: Subject) -> str:
    """Return what an order under the skin has to say, since no source held here tells prophylaxis by its dose."""
    if subject.knowledge.patient_limits().anticoagulants.get(order.drug) != "parenteral" or is_prophylaxis(order):
        return ""
    if not order.fields:
        return "; if it is therapeutic, it is an error"
    if is_given_as_prophylaxis(order):
        return "; taken for prophylaxis by how it is given, and a therapeutic dose is an error: state what it is for"
    is_sure = order.given_as == "infusion" or order.route == "IV" or "dose_per_kg" in order.fields
    return "" if is_sure else "; no dose of prophylaxis is held here: where it is that, the order has to state it"


def _of_anticoagulant(order: Order, running: tuple[Order, ...], subject: Subject) -> PatientLimit | None:
    """Return what a running drug's label says of an anticoagulant by the way that it is given; the heaviest first."""
    known = subject.knowledge.patient_limits()
    way, drugs = known.anticoagulants.get(order.drug, ""), {each.drug for each in running}
    own = (each for each in known.limits if each.field == "anticoagulant" and each.drug in drugs)
    limits = [each for each in own if way in each.is_one_of]
    return next((each for each in limits if each.severity is Severity.ERROR), limits[0] if limits else None)


def _beside_cangrelor(subject: Subject) -> Iterator[Hit]:
    """Yield a GP IIb/IIIa inhibitor beside cangrelor; without their times nobody can tell, and it is a warning."""
    cangrelor = of_class(subject, DrugClass.P2Y12_IV)
    running = infused(subject) or of_class(subject, DrugClass.GP_IIB_IIIA)
    inhibitors = [each for each in running if each.given_as == "infusion"] or running
    for one in cangrelor[:1]:
        beside = [each for each in inhibitors if both_given(one, each) and not one_after_the_other(one, each)]
        if not beside:
            continue
        timed = one.start is not None and end_of(beside[0]) is not None
        is_ordered = bool(one.given_as and beside[0].given_as)  # else one of the two is only named
        message = f"{one.drug} beside {beside[0].drug}: its label: not studied together, not given together"
        yield Hit(
            message if timed or is_ordered else f"{message}; their times are not stated",
            (),
            one.pointer,
            one.drug,
            severity=None if timed or is_ordered else Severity.WARNING,
        )


def _proton_pump(subject: Subject) -> Iterator[Hit]:
    given = [order for order in subject.order_set.orders if order.drug == "clopidogrel"]
    for order in of_class(subject, DrugClass.PROTON_PUMP_INHIBITOR):
        if any(both_given(order, each) for each in given):
            advice = subject.knowledge.bridging().forbidden[DrugClass.PROTON_PUMP_INHIBITOR]
            yield Hit(f"{order.drug} with clopidogrel: {advice.words}", advice.sources, order.pointer, order.drug)


_PLAN = "bridge rescue-bt-2022 --weight 80kg --thrombolysis-at none"


RULES = (
    Rule(
        code="RC620",
        name="prasugrel-after-stroke",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("prasugrel-label",),
        checks="Prasugrel in a set for stroke; a warning in one that names a stroke beside another indication.",
        why="Its label contraindicates it after a stroke or TIA.",
        fails=f"{_PLAN} --p2y12 prasugrel --load 60mg",
        passes=f"{_PLAN} --p2y12 clopidogrel --load 300mg",
        remedy="Choose another drug.",
        severities=(Severity.WARNING,),
        limits="A set that says it is for the heart, and names no stroke, is none of these. One that says neither, and "
        "has no GP IIb/IIIa inhibitor, is a warning.",
        check=_contraindicated,
    ),
    Rule(
        code="RC621",
        name="high-aspirin-with-ticagrelor",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("ticagrelor-label",),
        checks="The repeated dose of aspirin beside ticagrelor, against "
        "{bridging.antiplatelets.ticagrelor.aspirin_at_most} daily.",
        why="Above it the label excludes ticagrelor with aspirin; a single load of 300 to 325 mg is allowed.",
        fails=f"{_PLAN} --p2y12 ticagrelor --load 180mg --aspirin 325mg",
        passes=f"{_PLAN} --p2y12 ticagrelor --load 180mg --aspirin 81mg --aspirin-load 325mg",
        remedy="Lower the maintenance dose of aspirin, or choose another P2Y12 inhibitor.",
        limits="A dose without a frequency, or given `once`, is a single one.",
        check=_aspirin_above,
    ),
    Rule(
        code="RC622",
        name="thienopyridine-during-cangrelor",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("cangrelor-label",),
        checks="Clopidogrel or prasugrel beside cangrelor, unless it starts after cangrelor has stopped.",
        why="While cangrelor runs, they do not reach their receptor.",
        fails=f"{_PLAN} --p2y12 clopidogrel --load 300mg --beside cangrelor",
        passes=f"{_PLAN} --p2y12 ticagrelor --load 180mg --beside cangrelor",
        remedy="Give them after cangrelor stops.",
        limits="If the stop of cangrelor is not stated, the pair is reported.",
        check=_during_cangrelor,
    ),
    Rule(
        code="RC623",
        name="two-gp-inhibitors",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("tirofiban-labels",),
        checks="More than one of tirofiban, eptifibatide and abciximab in one set.",
        why="Two of them are never given together.",
        fails=f"{_PLAN} --beside eptifibatide",
        passes=f"{_PLAN} --p2y12 clopidogrel --load 300mg --beside heparin",
        remedy="Keep one.",
        limits="Alternatives of which one is given are not a pair.",
        check=_two_inhibitors,
        yields_to=("RC223",),
    ),
    Rule(
        code="RC624",
        name="anticoagulant-beside-infusion",
        severity=Severity.WARNING,
        since="0.1.0",
        sources=("tirofiban-labels",),
        severities=(Severity.ERROR, Severity.NOTE),
        checks="Heparin, a low-molecular-weight heparin, a DOAC or warfarin beside the infusion: an error within "
        "{bridging.hold.length} of a thrombolysis, otherwise a warning. If the order states prophylaxis, a warning "
        "there, otherwise a note. A note too for an injected one in a set for coronary disease. An error if the label "
        "of the infused drug contraindicates it.",
        why="The labels assume heparin, the stroke sources do not mention it: do not take it as implied.",
        fails=f"{_PLAN} --beside enoxaparin",
        passes=f"{_PLAN} --p2y12 ticagrelor --load 180mg --beside omeprazole",
        remedy="Decide on it and document the reason; state prophylaxis where it is that.",
        limits="Drugs by name; no source held here states a dose of prophylaxis: an order is that if it says so (`DVT "
        "prophylaxis`, `VTE ppx`), or is a fixed dose under the skin, of a low-molecular-weight heparin once a day. A "
        "drug that is only mentioned is a warning. A drug that starts after the stop of the infusion is not beside it, "
        "nor is a flush without a dose.",
        check=_anticoagulant,
    ),
    Rule(
        code="RC625",
        name="proton-pump-inhibitor-with-clopidogrel",
        severity=Severity.WARNING,
        since="0.1.0",
        sources=("clopidogrel-label",),
        checks="Omeprazole or esomeprazole with clopidogrel.",
        why="The label of clopidogrel advises against them.",
        fails=f"{_PLAN} --p2y12 clopidogrel --load 300mg --beside omeprazole",
        passes=f"{_PLAN} --p2y12 ticagrelor --load 180mg --beside omeprazole",
        remedy="Choose another acid-suppressing drug, or another P2Y12 inhibitor.",
        limits="Only the two that the label names.",
        check=_proton_pump,
    ),
    Rule(
        code="RC628",
        name="cangrelor-beside-inhibitor",
        severity=Severity.ERROR,
        severities=(Severity.WARNING,),
        since="0.1.0",
        sources=("cangrelor-label",),
        checks="Cangrelor beside a GP IIb/IIIa inhibitor; a warning if it is only mentioned without a time.",
        why="Its label: not studied together, not given together.",
        fails=f"{_PLAN} --p2y12 clopidogrel --load 300mg --beside cangrelor",
        passes=f"{_PLAN} --p2y12 clopidogrel --load 300mg --beside heparin",
        remedy="Keep one, or start one after the other has stopped, and state the times.",
        limits="Alternatives of which one is given are not a pair.",
        check=_beside_cangrelor,
    ),
)
