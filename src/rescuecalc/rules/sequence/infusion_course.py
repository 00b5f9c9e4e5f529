"""RC6: what a whole order set leaves out of its course or orders twice, beside its GP IIb/IIIa inhibitor."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from rescuecalc.core.bridging.antiplatelet import P2Y12
from rescuecalc.core.orders.condition_text import IMAGING
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.prose import texts_of_set
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.field_frequency import is_needed, is_unknown
from rescuecalc.core.orders.text.frequency import exactly_daily, is_known_to_recur
from rescuecalc.core.orders.text.vocabulary import ALTERNATIVES, IN_SOME_CASE, any_word
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.agents import antiplatelet_orders, infused, inhibitors, text_dose, told
from rescuecalc.rules.facts.concurrent_orders import both_given, chosen_by_drug, itself, one_after_the_other, pairs
from rescuecalc.rules.facts.maintenance import volume_time
from rescuecalc.rules.facts.reference.published_envelope import infusion_envelope
from rescuecalc.rules.facts.text.frequency_in_text import place_of_frequency, with_text_frequency
from rescuecalc.rules.facts.text.own_numbers import length_in_text
from rescuecalc.rules.sequence.load_phase import loads_in_sum

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.bridging.antiplatelet import Antiplatelet
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.regimen.protocol import Drug
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.agents import Agents

_IMAGING: Final = lazy_pattern(r"\b(CT|MRI|imaging|scan|h(?:a)?emorrhage excluded)\b", re.IGNORECASE)


def _maintenance(subject: Subject) -> list[Order]:
    """Return the infusions of an intravenous inhibitor that no other follows, of a whole order set."""
    return _infusions(subject) if subject.order_set.whole else []


def _infusions(subject: Subject) -> list[Order]:
    return [order for order in inhibitors(subject) if order.given_as == "infusion" and not order.load]


def _none_named(subject: Subject) -> Iterator[Hit]:
    running = _maintenance(subject)
    if running and not _oral_agents(subject):
        drug = running[0].drug
        message = f"no antiplatelet is ordered before {drug} stops: the coverage after the stop is unknown"
        is_gp = subject.knowledge.is_gp_inhibitor(drug)
        of = subject.knowledge.bridging().overlaps[0] if is_gp else subject.knowledge.drugs[drug]
        yield Hit(message, of.sources, running[0].pointer)


def _oral_agents(subject: Subject) -> Agents:
    """Return the antiplatelets that follow an infusion: cangrelor, which is one, runs itself."""
    return tuple((order, agent) for order, agent in antiplatelet_orders(subject) if not agent.infused)


def _no_stop(subject: Subject) -> Iterator[Hit]:
    # What follows the infusion counts from its stop: without one a set that bridges says nothing.
    bridges = any(order.start is not None for order, _ in _oral_agents(subject))
    severity = Severity.ERROR if bridges else None
    running = _infusions(subject) if bridges and not subject.order_set.bridged else _maintenance(subject)
    for order in running:
        if (
            order.stop is None
            and "run_time" not in order.texts
            and "stop" not in order.texts
            and not _ends(order, subject)
        ):
            message = f"the infusion of {order.drug} has no stated stop{_left_open(order, subject)}"
            # Of the branches of one infusion a patient gets one: that none of them ends is one gap.
            cause = f"stop of {order.drug}" if order.when or order.weight_band or order.choose_one else ""
            yield Hit(message, (), order.pointer, severity=severity, cause=cause)


def _ends(order: Order, subject: Subject) -> bool:
    """Whether the text of an order says how long it runs, or its VTBI that it runs longer than anything (RC662)."""
    longest, time = subject.knowledge.drugs[order.drug].longest, volume_time(order)
    return length_in_text(order) is not None or bool(time and longest and time.exceeds(longest.time))


def _left_open(order: Order, subject: Subject) -> str:
    """Return whose gap it is, where the protocol's source states no one run time."""
    protocol = subject.protocol
    if protocol is None or protocol.drug != order.drug or protocol.maintenance is None:
        return ""
    stated = protocol.maintenance.run_time
    if stated is not None and stated.taken is not None:
        return ""
    return f": {protocol.id} states {stated.words if stated is not None else 'none'}"


def _duplicates(subject: Subject) -> Iterator[Hit]:
    yield from _reported_besides(subject)
    together: set[frozenset[str]] = set()  # two drugs are one mistake, however many orders each has
    orders = tuple((_as_text_says(order, subject), agent) for order, agent in antiplatelet_orders(subject))
    for one, other in pairs(orders, itemgetter(0)):
        drugs = frozenset({one[0].drug, other[0].drug})
        hit = _duplicate(one, other) if drugs not in together else None
        # Thousands of orders make eighty thousand pairs: whether two are apart is asked of the few that are twice.
        if hit and both_given(one[0], other[0]) and not _apart(one[0], other[0], subject):
            together.update({drugs} if len(drugs) > 1 else ())
            yield hit


def _as_text_says(order: Order, subject: Subject) -> Order:
    """Return an order with the dose and the frequency that its text alone says of it; no dose of some case."""
    dose, text = text_dose(order, subject), order.texts.get("text", "")
    if dose is None or _IN_SOME_CASE.search(text) is not None:
        return order
    frequency = order.frequency or (text if exactly_daily(text) else None)
    return order._replace(fields={**order.fields, "dose": dose}, frequency=frequency)


_IN_SOME_CASE: Final = any_word(IN_SOME_CASE, ALTERNATIVES, "or")


def _reported_besides(subject: Subject) -> Iterator[Hit]:
    """Yield a P2Y12 inhibitor that a text adds to the one that is ordered."""
    named = told(subject, instead=False)
    known = subject.knowledge.bridging().antiplatelets if named else {}
    ordered = [order for order, agent in antiplatelet_orders(subject) if agent.group == P2Y12 and not agent.infused]
    for order in named if ordered else ():
        agent = known.get(order.drug)
        if agent is not None and agent.group == P2Y12 and not agent.infused:
            message = f"two P2Y12 inhibitors, {ordered[0].drug} and {order.drug}, are ordered together"
            yield Hit(message, agent.sources, order.pointer, f"{ordered[0].drug} and {order.drug}")


def _apart(one: Order, other: Order, subject: Subject) -> bool:
    if one.drug == other.drug and _around_event(one, other):
        return True
    return one_after_the_other(one, other) or chosen_by_drug(one, other, subject)


def _around_event(one: Order, other: Order) -> bool:
    """Whether of two repeated orders one begins before what hours are counted from, and the other takes over after it.

    Clopidogrel from five days before a procedure, and from the day after it: two orders of one course.
    """
    if one.start is None or other.start is None:
        return False
    first, later = sorted((one.start, other.start))
    return first < Offset.start() < later


def _duplicate(one: tuple[Order, Antiplatelet], other: tuple[Order, Antiplatelet]) -> Hit | None:
    """Return what two antiplatelets order twice where one patient gets both, which is asked afterwards."""
    (earlier, first), (later, second) = one, other
    if earlier.drug == later.drug:
        kind = _twice(earlier, later, first)
        if not kind:
            return None
        return Hit(f"{earlier.drug} is ordered twice: two {kind}", first.sources, later.pointer, later.drug)
    if not first.group == second.group == P2Y12 or first.infused or second.infused:
        return None
    message = f"two P2Y12 inhibitors, {earlier.drug} and {later.drug}, are ordered together"
    return Hit(message, (*first.sources, *second.sources), later.pointer, f"{earlier.drug} and {later.drug}")


def _twice(one: Order, other: Order, agent: Antiplatelet) -> str:
    """Return what two orders of one agent order twice; a load beside the daily dose is one course.

    Of a frequency that is not known or as needed, or that has a load come again, its own finding tells.
    """
    written = [each.frequency or "" for each in (one, other) if "frequency" in each.texts]
    if any(is_unknown(each) or is_needed(each) for each in written) or any(
        _is_load_repeated(each, agent) for each in (one, other)
    ):
        return ""
    again = is_known_to_recur(one.frequency)
    if again is not is_known_to_recur(other.frequency):
        return ""
    if again:
        return f"repeated doses ({one.frequency}, {other.frequency})"
    is_course = {one.given_as, other.given_as} == {"bolus", "infusion"}  # the total of cangrelor's drip is no load
    return "loading doses" if not is_course and "dose" in one.fields and "dose" in other.fields else ""


def _load_repeated(subject: Subject) -> Iterator[Hit]:
    yield from _after_maintenance(subject)
    for order, agent in ((with_text_frequency(order), agent) for order, agent in antiplatelet_orders(subject)):
        if _is_load_repeated(order, agent):
            usual = str(agent.maintenance) if agent.maintenance is not None else "none is stated"
            message = (
                f"{order.drug} {order.fields['dose']} is a loading dose, and it is ordered {order.frequency} "
                f"(maintenance: {usual})"
            )
            yield Hit(message, agent.sources, place_of_frequency(order), order.frequency, "once")


def _is_load_repeated(order: Order, agent: Antiplatelet) -> bool:
    """Whether a dose that sources give once is ordered again and again."""
    dose = order.quantity("dose", Dose)
    if dose is None or not dose.is_mass() or agent.load is None or not is_known_to_recur(order.frequency):
        return False
    return agent.load.holds(dose) and (agent.maintenance is None or dose.exceeds(agent.maintenance.high))


def _after_maintenance(subject: Subject) -> Iterator[Hit]:
    """Yield a daily dose of a set that begins before the load of its drug; one from before the set may be reloaded."""
    found = antiplatelet_orders(subject)
    loads = [(order, agent) for order, agent in found if not is_known_to_recur(order.frequency)]
    for daily, _ in found:
        begins = daily.start if is_known_to_recur(daily.frequency) else None
        for load, agent in loads if begins is not None and begins >= Offset.start() else ():
            dose = load.quantity("dose", Dose)
            is_load = dose is not None and agent.load is not None and dose.is_mass() and agent.load.holds(dose)
            if not is_load or load.drug != daily.drug or load.start is None or not both_given(load, daily):
                continue
            if begins is not None and begins < load.start:
                message = f"{daily.drug} {daily.frequency} begins at {begins}, and its load is at {load.start}"
                yield Hit(message, agent.sources, daily.at("start"), str(begins), severity=Severity.WARNING)


def _form(order: Order, subject: Subject) -> str:
    if order.given_as == "bolus":
        return f"{order.route or 'unnamed'} bolus"
    envelope = infusion_envelope(order.drug, subject.knowledge) if order.load else None
    longest = envelope.longest_load if envelope is not None else None
    # One that runs for longer than any load steps down, and loads nobody.
    stepped = order.lasts is not None and longest is not None and order.lasts.exceeds(longest)
    return "loading infusion" if order.load and not stepped else ""


def _two_loads(subject: Subject) -> Iterator[Hit]:
    yield from loads_in_sum(subject)
    loads = [order for order in inhibitors(subject) if _form(order, subject)]
    for one, other in pairs(loads, itself):
        drug, forms = subject.knowledge.drugs[one.drug], (_form(one, subject), _form(other, subject))
        again = forms[0] == forms[1]
        if one.drug != other.drug or not both_given(one, other) or (again and not _is_second(one, other, drug)):
            continue
        message = (
            f"{one.drug} is loaded twice, by {'one ' + forms[0] + ' and another' if again else ' and '.join(forms)}"
        )
        yield Hit(f"{message}: no source gives both", drug.sources, other.pointer, " and ".join(forms))
    yield from _more_boluses(loads, subject)


def _more_boluses(loads: list[Order], subject: Subject) -> Iterator[Hit]:
    """Yield the boluses of a drug with several of which one patient gets more than its sources give."""
    for drug in {order.drug: subject.knowledge.drugs[order.drug] for order in loads}.values():
        own = [order for order in loads if order.drug == drug.id and order.given_as == "bolus" and _is_dosed(order)]
        if 1 < drug.boluses < len(own) and all(both_given(*pair) for pair in pairs(own, itself)):
            message = f"{len(own)} boluses of {drug.id} are ordered: no source gives more than {drug.boluses}"
            yield Hit(message, drug.sources, own[-1].pointer, str(len(own)))


def _is_second(one: Order, other: Order, drug: Drug) -> bool:
    """Whether a bolus is ordered twice of which every source gives one; one without a dose names a product alone."""
    return _is_dosed(one) and _is_dosed(other) and drug.boluses == 1 and one.given_as == other.given_as == "bolus"


def _is_dosed(order: Order) -> bool:
    return not order.fields.keys().isdisjoint({"dose", "dose_per_kg", "volume"})


def _no_imaging(subject: Subject) -> Iterator[Hit]:
    running = infused(subject) if subject.order_set.whole else ()
    texts = (*subject.order_set.texts.values(), *(text for _, text in texts_of_set(subject.order_set)))
    is_condition = any(each.name == IMAGING for order in subject.order_set.orders for each in order.when)
    if running and not is_condition and not any(map(_IMAGING.search, texts)):
        message = "no imaging is stated that excludes a haemorrhage before the start and before an oral load"
        yield Hit(message, (), running[0].pointer)


_COATED: Final = lazy_pattern(r"(?<!non-)(?<!non )\b(?:enteric|gastro-?resistant|EC)\b", re.IGNORECASE)
_WHOLE: Final = ("drug", "product", "text")


def _coated_by_tube(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        found = [name for name in _WHOLE if order.route == "NG" and _COATED.search(order.texts.get(name, ""))]
        for name in found[:1]:
            match = _COATED.search(order.texts[name])
            if match is not None and not is_denied(order.texts[name], *match.span()):
                message = f"{order.drug}, enteric-coated, by tube: it must not be crushed or given by tube"
                yield Hit(message, (), f"{order.pointer}/{name}", match[0])


_DRIP: Final = "drug: tirofiban, route: IV, kind: infusion, start: +0 h, run_time: 24 h"
_CLOPIDOGREL: Final = "drug: clopidogrel, route: PO, kind: dose, dose: 75 mg, frequency: daily, start: +44 h"
_BOLUS: Final = "drug: tirofiban, route: {0}, kind: bolus, dose_per_kg: 10 mcg/kg, give_over: 5 min"

RULES = (
    declared(
        "RC630",
        "antiplatelet-not-named",
        Severity.NOTE,
        _none_named,
        "rescue-bt-2022",
        checks="Whether a whole order set with an infusion orders an antiplatelet.",
        why="The treatment that covers the artery after the stop has to be decided before the stop.",
        fails=example_set(_DRIP),
        passes=example_set(_DRIP, _CLOPIDOGREL),
        remedy="Order the drug that follows, with its start, or name the set that orders it.",
        limits="RC603 and RC604 judge whether it starts early enough.",
    ),
    declared(
        "RC631",
        "stop-not-named",
        Severity.WARNING,
        _no_stop,
        "khachatryan-2023",
        severities=(Severity.ERROR,),
        checks="Whether the infusion of a whole order set has a run time or a stop; an error in a set that times "
        "an antiplatelet.",
        why="An infusion without an end runs until somebody asks; no source gives one.",
        fails=example_set(_DRIP.replace(", run_time: 24 h", "")),
        passes=example_set(_DRIP),
        remedy="State `run_time` or `stop`.",
        limits="Not for a loading infusion, which the maintenance infusion ends. Rows of a CSV and Bundles are "
        "judged only if they time an antiplatelet.",
    ),
    declared(
        "RC632",
        "duplicate-antiplatelets",
        Severity.ERROR,
        _duplicates,
        "antiplatelet-doses",
        checks="Two P2Y12 inhibitors, two repeated orders or two loading doses of one antiplatelet, for one patient.",
        why="No source gives two: a set with copied orders doubles the dose.",
        fails=example_set(_CLOPIDOGREL, "drug: ticagrelor, route: PO, kind: dose, dose: 90 mg, frequency: twice daily"),
        passes=example_set(_CLOPIDOGREL, "drug: aspirin, route: PO, kind: dose, dose: 81 mg, frequency: daily"),
        remedy="Remove one, or put alternatives into one `choose_one` group.",
        limits="An order that stops before the other starts is not a duplicate, nor one that starts after zero and "
        "takes over from one before it, nor orders whose texts state cases that exclude each other (`if passes "
        "swallow`, `Option A`); RC622 judges cangrelor. An order is compared with the forty before it.",
        yields_to="RC318",
    ),
    declared(
        "RC633",
        "load-repeated",
        Severity.ERROR,
        _load_repeated,
        "antiplatelet-doses",
        checks="A loading dose of an antiplatelet with a frequency, and one that comes after its first daily dose (a "
        "warning).",
        severities=(Severity.WARNING,),
        why="{bridging.antiplatelets.clopidogrel.load.low} of clopidogrel daily is four times its maintenance dose.",
        fails=example_set(_CLOPIDOGREL.replace("75 mg", "300 mg")),
        passes=example_set(_CLOPIDOGREL),
        remedy="Order the load once and the maintenance dose from the next day on.",
        limits="Aspirin up to {bridging.antiplatelets.aspirin.maintenance.high} is also a maintenance dose.",
    ),
    declared(
        "RC634",
        "loaded-twice",
        Severity.ERROR,
        _two_loads,
        "khachatryan-2023 eu-label",
        checks="Two of intra-arterial bolus, intravenous bolus and loading infusion of one drug, for one patient; "
        "more boluses than a source gives; "
        "loading infusions that together run longer than a load of a source.",
        why="They are alternatives; together they are twice the dose.",
        fails=example_set(_BOLUS.format("IA"), _BOLUS.format("IV")),
        passes=example_set(*(f"{_BOLUS.format(route)}, choose_one: route" for route in ("IA", "IV"))),
        remedy="Remove one, or put both into one `choose_one` group.",
        limits="The label of eptifibatide has a second bolus by the same route.",
    ),
    declared(
        "RC635",
        "imaging-not-named",
        Severity.NOTE,
        _no_imaging,
        "practice",
        checks="Whether a whole order set states that imaging comes before the start or before an oral load.",
        why="Imaging after the procedure excludes a haemorrhage before an inhibitor starts.",
        fails=example_set(_DRIP),
        passes=example_set(_DRIP, more=", monitoring: [{check: CT without haemorrhage, at: before the start}]"),
        remedy="State it in `monitoring`, in `indication` or in an order's text.",
        limits="Any mention of CT, MRI, a scan or imaging counts.",
    ),
    declared(
        "RC639",
        "enteric-coated-by-tube",
        Severity.WARNING,
        _coated_by_tube,
        "practice",
        checks="An enteric-coated form by the NG route.",
        why="Crushing removes the coat, and the onset of the drug is unknown.",
        fails=example_set("drug: aspirin, route: NG, kind: dose, dose: 325 mg, text: enteric-coated tablet"),
        passes=example_set(
            "drug: aspirin, route: NG, kind: dose, dose: 325 mg, text: chewable tablet; not enteric-coated"
        ),
        remedy="Order a form that may be crushed, or another route.",
        limits="Only if the order states that it is coated.",
    ),
)

LOADED_TWICE: Final = tuple(each for each in RULES if each.code == "RC634")
"""What is judged of one regimen too: a hospital's own protocol may state two loads."""
