"""RC71x: what was not judged, and why; an order set that is right for one weight alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.order import WRITTEN_IN
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.rules.base.reader_defects import of_reader
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.completeness.lysis_in_units import has_lysis_dose, lysis_in_units
from rescuecalc.rules.completeness.other_drugs_doses import other_drugs_doses, uncompared_in_text, unread_frequency
from rescuecalc.rules.completeness.told_in_clauses import given_in_words, start_in_words
from rescuecalc.rules.completeness.unjudged_volume import unjudged_unit, unjudged_volume
from rescuecalc.rules.completeness.unread_product import unjudged_label, unread_product
from rescuecalc.rules.facts.agents import text_dose
from rescuecalc.rules.facts.dose_coverage import says_dose
from rescuecalc.rules.facts.dose_outside import is_outside
from rescuecalc.rules.facts.judged_state import JudgedState, is_per_kg_alone, judged_states
from rescuecalc.rules.facts.order_model.judged_order import ORDERS
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.facts.order_model.order_system import is_weighed
from rescuecalc.rules.facts.order_model.shared_weight import implied_weight
from rescuecalc.rules.facts.order_model.text_mentions import spoken
from rescuecalc.rules.facts.reference.dose_domain import domains
from rescuecalc.rules.facts.reference.local_lysis import is_elsewhere
from rescuecalc.rules.facts.reference.stroke_set import purpose_of
from rescuecalc.rules.facts.text.text_doses import text_doses
from rescuecalc.rules.facts.thrombolytic_parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_DOSES: Final = (
    *("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "volume_per_kg", "pump_rate_per_kg", "volume"),
    *("pump_rate", "vtbi"),
)
"""The fields that say how much is given."""

_BOUNDS: Final = ("max_dose", "max_dose_rate")
"""The fields that only bound it."""


def _arithmetic_only(subject: Subject) -> Iterator[Hit]:
    states = judged_states(subject)
    per_kg = {each.pointer for each in subject.order_set.orders if is_per_kg_alone(each, subject)}  # RC811
    arithmetic = [each for each in states if each.state is JudgedState.ARITHMETIC and each.pointer not in per_kg]
    drugs = {each.drug for each in arithmetic if each.drug}
    drugs |= {each.drug for each in states if each.state is JudgedState.TEXT_ONLY and _is_of_stroke(each.drug, subject)}
    local = {each.drug for each in subject.order_set.orders if is_elsewhere(each, subject)}
    for drug in sorted(drugs):
        if drug in local:
            message = f"no dose of {drug} for a catheter, a cavity or an artery is held: it was not judged"
            yield Hit(message, ())
            continue
        yield Hit(f"{_no_limit(drug, subject)}: only the arithmetic of its orders was judged", ())


def _is_of_stroke(drug: str, subject: Subject) -> bool:
    """Whether the doses held of a drug are those in stroke, and a set is for something else."""
    is_lysis = subject.knowledge.is_thrombolytic(drug)
    return is_lysis and purpose_of(subject).is_another and drug in subject.knowledge.agent_facts().thrombolytics


def _no_limit(drug: str, subject: Subject) -> str:
    """Return which limit is missing: of a drug of which one for another indication is held, that of this one."""
    if _is_of_stroke(drug, subject):
        known, word = subject.knowledge.agent_facts().thrombolytics[drug], purpose_of(subject).word
        most = f"only {known.most_elsewhere} as the most of any indication"
        return f"no dose of {drug} is held for {quoted(word)}, {most}"
    agent = subject.knowledge.bridging().antiplatelets.get(drug)
    if agent is not None and agent.maintenance is None:
        return f"no maintenance dose of {drug} is held"
    if agent is not None:
        return f"only doses of {drug} as an antiplatelet are held"
    return f"no dose limit is known for {drug}"


def _unjudged(subject: Subject) -> Iterator[Hit]:
    written = {each.order.pointer: each for each in ORDERS.of(subject)}
    states = judged_states(subject)
    for order, each in zip(subject.order_set.orders, states, strict=True):
        if order.of:
            continue  # the other end of a range
        found = list(_of_order(order, written.get(order.pointer), each.state, subject))
        # What a text gives in another way than as a dose says more than that no dose is stated.
        is_reported = any(hit.pointer == f"{order.pointer}/text" for hit in found)
        yield from (hit for hit in found if not is_reported or hit.pointer != order.pointer)
        if not found and each.state in _WITHOUT_FIELDS:
            yield from _left_over(order, written.get(order.pointer), subject)
        elif not found and each.state in _BY_FIELDS and "text" in order.texts:
            yield from uncompared_in_text(written.get(order.pointer))
    yield from other_drugs_doses(subject)
    yield from of_reader("RC712")(subject)


_WITHOUT_FIELDS: Final = frozenset({JudgedState.TEXT_ONLY, JudgedState.NOT_JUDGED})
_BY_FIELDS: Final = frozenset({JudgedState.DOSE, JudgedState.FIELDS_ONLY, JudgedState.ARITHMETIC})


def _of_order(order: Order, judged: SolvedOrder | None, state: JudgedState, subject: Subject) -> Iterator[Hit]:
    yield from _unread(order, subject)
    yield from unread_frequency(order, subject)
    yield from _unread_text(order, judged, subject)
    yield from unread_product(order, subject)
    yield from _rate_of_bolus(order, judged)
    yield from start_in_words(order)
    yield from unjudged_label(order, subject) if judged is None or not judged.found else ()
    yield from lysis_in_units(order, subject)
    is_known = order.drug in subject.knowledge.drugs or subject.knowledge.has_known_doses(order.drug)
    if judged is None:
        is_expected = is_known or has_lysis_dose(order, subject)
        yield from _without_dose(order, subject) if is_expected and state is JudgedState.NOT_JUDGED else ()
        return
    is_bound = state is JudgedState.TEXT_ONLY and not order.fields.keys().isdisjoint(_BOUNDS)
    if is_known and (state is JudgedState.NOT_JUDGED or is_bound):
        yield from _unjudged_dose(order, judged)
    elif is_known and state is JudgedState.TEXT_ONLY:
        yield from _unjudged_text(judged)
    elif not is_known and not has_lysis_dose(order, subject):
        yield from unjudged_volume(order, judged, subject)
        yield from unjudged_unit(judged)


def _rate_of_bolus(order: Order, judged: SolvedOrder | None) -> Iterator[Hit]:
    """Yield a rate of a bolus of which nothing says how long it takes: the dose beside it is judged without it."""
    if order.given_as != "bolus" or judged is None or judged.found or judged.system.has(of.TIME):
        return
    for name in ("dose_rate_per_kg", "dose_rate"):
        if name in order.fields:
            text = order.fields[name].text or str(order.fields[name])
            message = f"the {name.replace('_', ' ')} {text} of a bolus was not judged: how long it takes is not stated"
            yield Hit(message, (), order.at(name), text)


def _left_over(order: Order, judged: SolvedOrder | None, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of a text that may say a dose of a drug with known doses, none of which was judged."""
    if "text" not in order.texts or not subject.knowledge.has_stated_doses(order.drug):
        return
    if judged is None or judged.found or _is_judged(order, judged):
        return
    from rescuecalc.rules.facts.text.text_residue import residue  # noqa: PLC0415  # of an order with a text alone

    for found in residue(order, subject.knowledge):
        message = f"the text of {order.drug} may say a dose by {quoted(found)}, and none of it could be judged"
        yield Hit(message, (), f"{order.pointer}/text", found)


def _is_judged(order: Order, judged: SolvedOrder) -> bool:
    """Whether a dose that a text alone says was compared with those of a source."""
    subject = judged.subject
    if subject.knowledge.is_thrombolytic(order.drug):
        parts = (each for each in PARTS.of(subject) if each.in_text and each.order.pointer == order.pointer)
        return any(each.dose is not None or each.per_kg is not None for each in parts)
    if _says_agent_dose(order, subject) or any(each.is_measured for each in text_doses(judged)):
        return True
    return says_dose(judged) and bool(domains(judged.order, subject))


def _says_agent_dose(order: Order, subject: Subject) -> bool:
    """Whether the text of an antiplatelet's order says doses that are compared with those of its sources."""
    from rescuecalc.rules.facts.agent_doses import agent_doses  # noqa: PLC0415  # of an order with a text alone

    return text_dose(order, subject) is not None or bool(agent_doses(order, subject))


def _unread(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the hits of amounts that are written for a drug of the catalogue and that no field of an order took."""
    if not order.unread or not subject.knowledge.has_stated_doses(order.drug):
        return
    reported = [each.pointer for each in subject.order_set.defects if each.code in _REPORTED]
    for pointer, text in order.unread:
        if any(one == pointer or one.startswith(f"{pointer}/") for one in reported):
            continue  # why it could not be read is an error of its own
        message = f"{text} of {order.drug} could not be read as a dose or a rate, and was not judged"
        yield Hit(message, (), pointer, text)


def _unread_text(order: Order, judged: SolvedOrder | None, subject: Subject) -> Iterator[Hit]:
    """Yield the hits of what a text gives of a drug whose doses are known, in a way that no dose follows from."""
    stated = "text" in order.texts and subject.knowledge.has_stated_doses(order.drug)
    if stated and not is_elsewhere(order, subject):
        from rescuecalc.rules.facts.text.unread_in_text import unread  # noqa: PLC0415  # of an order with a text alone

        for each in unread(order, judged, subject.knowledge):
            message = f"the text gives {order.drug} by {quoted(each.found)}, which was not judged: {each.why}"
            yield Hit(message, (), f"{order.pointer}/text", each.found)
    elif "text" in order.texts:
        yield from given_in_words(order, judged)


_REPORTED: Final = frozenset({"RC201", "RC230", "RC231", "RC234", "RC235", "RC238"})
"""The errors that say already of an amount of FHIR why it was not read."""


def _unjudged_dose(order: Order, judged: SolvedOrder) -> Iterator[Hit]:
    """Yield the hit of a catalogue drug's order of which no dose could be worked out, though one was read."""
    if any(True for _ in unread_product(order, judged.subject)):
        return  # which says so
    held = next((each for each in judged.built.weak if each.variable in {of.DOSE, of.VOLUME}), None)
    if held is not None and judged.system.has(of.TIME) and not says_dose(judged):
        time = judged.system.of(of.TIME)[0]
        message = (
            f"the {held.place} {held.text} of {order.drug} may be what its container holds, and in {time.text} it is "
            "no published dose: without a rate no dose follows from it"
        )
        yield Hit(message, (), held.pointer, held.text)
        return
    if not any(name in order.texts for name in (*_DOSES, *_BOUNDS)):
        yield from _whole_product(order)
    of_area = next((name for name in ("dose_per_m2", "dose_rate_per_m2") if name in order.fields), None)
    if of_area is not None:
        text = order.fields[of_area].text or str(order.fields[of_area])
        message = f"{text} of {order.drug} was not judged: no source states its dose by the body surface"
        yield Hit(message, (), order.at(of_area), text)
        return
    named = [name for name in (*_DOSES, *_BOUNDS) if name in order.fields]
    read = {*order.fields, *order.spans, *(WRITTEN_IN.get(name, name) for name in (*order.fields, *order.spans))}
    yield from _without_dose(order, judged.subject)
    if not named or any(name in order.texts for name in _DOSES if name not in read):
        return  # nothing is given, or another rule says already why it could not be read
    if judged.built.left_out and judged.subject.knowledge.has_published_range(order.drug):
        return  # what is measured in units is RC204's matter
    field = named[0]
    text = order.fields[field].text or str(order.fields[field])
    in_volume = order.fields[field].unit.parts[0].dimension == "volume"
    why = (
        "without a concentration no dose follows from it"
        if in_volume and not judged.system.has(of.CONCENTRATION)
        else "no dose that its sources state can be compared with it"
    )
    is_bound, is_whole = field in _BOUNDS, not in_volume or judged.system.has(of.CONCENTRATION)
    is_compared = is_outside(order, judged.subject) if is_bound else is_whole and says_dose(judged)
    why = "it bounds a dose, and none is stated" if is_bound else why
    if judged.found or (is_compared and domains(order, judged.subject)):
        return  # its numbers contradict each other, or were compared as they follow from each other
    yield Hit(f"the {field.replace('_', ' ')} {text} of {order.drug} was not judged: {why}", (), order.at(field), text)


_HELD_BACK: Final = lazy_pattern(
    r"\W*(?:no|hold|withhold|avoid|do not|don't|stop|discontinue|omit|pause)\b(?![^;.]*\bthen\b)", re.IGNORECASE
)
"""At the beginning of a text: the order says that the drug is not given."""


def _without_dose(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of an order without its dose; what a protocol doses, and what ran before may be mentioned alone."""
    ran_before = order.start is not None and order.start < Offset.start()
    is_elsewhere = "protocol" in subject.order_set.texts or ran_before
    is_mentioned = is_elsewhere and (order.drug in subject.knowledge.drugs or has_lysis_dose(order, subject))
    says = any(name in order.texts for name in (*_DOSES, *_BOUNDS, *WRITTEN_IN, "product"))
    is_held_back = _HELD_BACK.match(order.texts.get("text", "")) is not None
    if not is_mentioned and not says and not is_held_back and not order.unread and (order.kind or order.frequency):
        yield Hit(f"no dose of {order.drug} is stated: none was judged", (), order.pointer)


def _whole_product(order: Order) -> Iterator[Hit]:
    """Yield the hit of an order that names a product and the time in which it is given, and no amount."""
    times = (each.quantity for each in order.numbers_in_text() if each.field in {"give_over", "run_time"})
    time = next((order.fields[name] for name in ("give_over", "run_time") if name in order.fields), next(times, None))
    if time is not None and "product" in order.texts:
        text = order.texts["product"]
        message = f"how much of {quoted(text)} is given in {time} is not stated: no dose of {order.drug} was judged"
        yield Hit(message, (), f"{order.pointer}/product", text)


def _unjudged_text(judged: SolvedOrder) -> Iterator[Hit]:
    """Yield the hit of a catalogue drug's order whose text alone says its dose, and none that can be compared."""
    judged_texts = {each.text for one in text_doses(judged) if one.is_measured for each in one.judged.system.mentions}
    fields = _GIVEN_IN_TEXT - {"volume"} if judged_texts else _GIVEN_IN_TEXT  # beside a dose a volume is what holds it
    given = [
        each
        for each in spoken(judged)
        if each.counts and each.said.field in fields and each.mention.text not in judged_texts
    ]
    if not given and not judged_texts:
        yield from _whole_product(judged.order)
        if not judged.order.numbers_in_text():
            yield from _without_dose(judged.order, judged.subject)
    if (
        judged.order.coded
        or not given
        or judged.found
        or (says_dose(judged) and domains(judged.order, judged.subject))
        or _says_agent_dose(judged.order, judged.subject)
    ):
        return
    first = given[0].mention
    message = f"the text says {first.text} of {judged.order.drug}, and no dose that can be judged follows from it"
    yield Hit(message, (), first.pointer, first.text)


_GIVEN_IN_TEXT: Final = frozenset(
    ("dose", "dose_rate", "pump_rate", "volume", "dose_per_kg", "dose_rate_per_kg", "volume_per_kg", "pump_rate_per_kg")
)


def _one_weight(subject: Subject) -> Iterator[Hit]:
    made = subject.order_set
    if not made.whole or made.weight is not None:
        return
    for judged in ORDERS.of(subject):
        order = judged.order
        if judged.found or order.weight_band is not None or is_weighed(order, subject):
            continue
        weight = implied_weight(judged)
        amount = next((name for name in ("dose", "dose_rate", "volume", "pump_rate") if name in order.fields), None)
        if weight is not None and amount is not None:
            text = order.texts[amount]
            message = (
                f"the {amount.replace('_', ' ')} {text} stands beside a dose per kg, and no patient, weight band or "
                f"condition is named: it is right at {rounded(weight.middle)} kg only"
            )
            yield Hit(message, (), order.at(amount), text)


_SET: Final = "{{order_set: Example, orders: [{{drug: tirofiban, route: IV, kind: bolus, {0}}}]}}"

RULES = (
    declared(
        "RC711",
        "arithmetic-only",
        Severity.NOTE,
        _arithmetic_only,
        "rescuecalc",
        checks="Drugs without a known dose limit: only the numbers of their orders, or the limits of their entries in "
        "a pump library, are compared with each other.",
        why="A clean result does not judge such a dose.",
        fails="{drug: heparin, route: IV, kind: infusion, dose_rate: 1000 units/h}",
        passes="{drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min}",
        remedy="Judge the dose by hand.",
        limits="Reported once a drug and file.",
        of_set=True,
    ),
    declared(
        "RC712",
        "not-judged",
        Severity.ERROR,
        _unjudged,
        "rescuecalc",
        severities=(Severity.WARNING, Severity.NOTE),
        checks="An order of a drug with known doses from which no dose could be calculated; a frequency that "
        "is not known, or of prasugrel more often than daily (a warning); for other drugs a volume or flow without a "
        "concentration (a warning, a note beside a dose), a quantity in another kind of unit, and their doses in "
        "other texts (a note); amounts and rates of a text that were compared with nothing beside judged "
        "fields (a note); rates, shares, containers and settings in words (of other drugs a warning).",
        why="A dose that no rule saw must not pass as judged.",
        fails="{drug: tirofiban, route: IV, kind: infusion, pump_rate: 14.4 mL/h}",
        passes="{drug: tirofiban, route: IV, kind: infusion, pump_rate: 14.4 mL/h, concentration: 50 mcg/mL}",
        remedy="Name the concentration or the product, or the dose.",
        limits="An inhibitor that ran before the start, or in a set with a protocol, may lack its dose. A quantity "
        "that cannot be read at all is an error of RC201 to RC203.",
        yields_to="RC204 RC310 RC318 RC422 RC423 RC428 RC429 RC517 RC626 RC627 RC633 RC636 RC664 RC665",
        follows="RC428",
        of_set=True,
    ),
    declared(
        "RC713",
        "fits-one-weight",
        Severity.WARNING,
        _one_weight,
        "rescuecalc",
        checks="A dose per kg beside an absolute dose, volume or rate in an order set without a patient, a weight band "
        "or a condition on the weight.",
        why="For the next patient the absolute number is wrong.",
        fails=_SET.format("dose_per_kg: 10 mcg/kg, dose: 800 mcg"),
        passes=_SET.format("dose_per_kg: 10 mcg/kg"),
        remedy="Remove the absolute numbers from the template, or name the patient or the weight band.",
        limits="Only if the numbers fit exactly one weight.",
        of_set=True,
    ),
)
