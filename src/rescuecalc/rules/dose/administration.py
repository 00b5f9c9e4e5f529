"""RC4: how a written order is given: by a route that no source uses, again and again, or over hours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.bridging.antiplatelet import ASPIRIN
from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.drugs.forms import is_not_injected
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.clauses import ahead
from rescuecalc.core.orders.text.dose_words import INJECTED
from rescuecalc.core.orders.text.frequency import exactly_daily, is_known_to_recur, times_daily
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.quantities.wording import INTO_GUT, ROUTE_OF
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.concurrent_orders import both_given
from rescuecalc.rules.facts.maintenance import maintenance
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.reference.local_lysis import is_into_artery, is_local
from rescuecalc.rules.facts.reference.stroke_set import Purpose, purpose_of
from rescuecalc.rules.facts.text.frequency_in_text import place_of_frequency, with_text_frequency
from rescuecalc.rules.facts.text.order_text import place_of_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.bridging.antiplatelet import Antiplatelet
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_INTO_VESSEL: Final = ("IV", "IA")
_SWALLOWED: Final = "PO"
_NOT_INFUSED: Final = frozenset({_SWALLOWED, "SL", "IM"})
_FLOWS: Final = frozenset({"dose_rate_per_kg", "dose_rate"})


def _other_route(subject: Subject) -> Iterator[Hit]:
    for order in subject.written:
        if "text" in order.texts and not order.of:
            yield from _second_drug(order, subject)
        yield from _of_another_form(order)
        if subject.knowledge.is_gp_inhibitor(order.drug):
            yield from _into_artery(order, subject)
            if order.route and order.route not in _INTO_VESSEL:
                message = f"{order.drug} {order.route}: every source gives it {' or '.join(_INTO_VESSEL)}"
                sources = subject.knowledge.drugs[order.drug].sources
                yield Hit(message, sources, order.at("route"), order.route, " or ".join(_INTO_VESSEL))
        elif order.route:
            yield from _not_into_vein(order, subject)
            if order.route not in INTO_GUT:
                yield from _oral_injected(order, subject)
            flows = order.kind == "infusion" or not _FLOWS.isdisjoint(order.fields)
            if order.given_as == "infusion" and order.route in _NOT_INFUSED and flows:
                message = f"an infusion of {order.drug} {order.route}: nothing is infused there"
                yield Hit(message, (), order.at("route"), order.route)


def _of_another_form(order: Order) -> Iterator[Hit]:
    """Yield a drug or a product that is swallowed by its words, and is given by a needle."""
    for name in ("product", "drug") if order.route in _BY_NEEDLE else ():
        text = order.texts.get(name, "")
        if is_not_injected(text):
            message = f"{quoted(text)} is no form for injection, and the route of this order is {order.route}"
            yield Hit(message, (), f"{order.pointer}/{name}", text)
            return


_BY_NEEDLE: Final = frozenset({"IV", "IA", "IM", "SC"})
_INJECTED: Final = lazy_pattern(
    r" ?\(?(IV|IVP|IM|SC|SUBQ|IA|intravenously|intramuscularly|subcutaneously)\b", re.IGNORECASE
)


def _second_drug(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the oral agents that the text of another drug's order injects: `clopidogrel 300 mg IV`."""
    text = order.texts["text"]
    if _INJECTED.search(text) is None:
        return
    from rescuecalc.rules.facts.text.set_texts import named_doses  # noqa: PLC0415  # of an order with a text alone

    known = subject.knowledge.bridging().antiplatelets
    for named in named_doses(text, subject.knowledge, order.numbers_in_text()):
        match = _INJECTED.match(named.behind) if named.drug in known and named.drug != order.drug else None
        route = ROUTE_OF.get(match[1].lower(), match[1]) if match is not None else ""
        is_oral = bool(route) and any(each.route == _SWALLOWED for each in known[named.drug].onsets)
        if is_oral and (named.drug, route) != (ASPIRIN, _INTO_VESSEL[0]):
            message = f"the text gives {named.drug} {route}: every packaged source gives it in another form"
            yield Hit(message, known[named.drug].sources, f"{order.pointer}/text", route, "PO, NG or PR")


def _not_into_vein(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of cangrelor that is not infused into a vein, and of a thrombolytic that is not.

    For another indication than a stroke a thrombolytic may be meant for a catheter or for an artery of the limbs.
    """
    drug_class, severity = subject.knowledge.drug_class(order.drug), None
    if order.route == _INTO_VESSEL[0] or is_local(order, subject):
        return
    if drug_class is DrugClass.P2Y12_IV:
        sources = subject.knowledge.drugs[order.drug].sources
    elif drug_class is DrugClass.THROMBOLYTIC:
        known = subject.knowledge.agent_facts().thrombolytics.get(order.drug)
        sources = known.sources if known is not None else ()
        in_vessel = order.route not in {*INTO_GUT, "IM", "SC", "IT", "EPI"}
        severity = _OF_LOCAL.get(purpose_of(subject).purpose) if in_vessel else None
    else:
        return
    message = f"{order.drug} {order.route}: every source gives it {_INTO_VESSEL[0]}"
    if severity is None and is_into_artery(order, subject):
        message = f"{order.drug} {order.route} was not judged: no source held here states a dose of it into an artery"
        severity = Severity.WARNING
    yield Hit(message, sources, order.at("route"), order.route, _INTO_VESSEL[0], severity=severity)


_OF_LOCAL: Final = {Purpose.HEART: Severity.WARNING, Purpose.ELSEWHERE: Severity.NOTE}
"""How heavy another way into a vessel is where no dose in a stroke is meant: of a limb nothing is held (RC711)."""


def _into_artery(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of an infusion into an artery, into which every source gives a dose."""
    judged = judged_of(order, subject) if order.route == _INTO_VESSEL[1] else None
    if judged is not None and judged.order.given_as == "infusion":
        message = f"{order.drug} is infused {order.route}: every source gives a dose into an artery, and infuses IV"
        yield Hit(message, subject.knowledge.drugs[order.drug].sources, order.at("route"), order.route, _INTO_VESSEL[0])


def _agents(order: Order, subject: Subject) -> list[Antiplatelet]:
    """Return the antiplatelet of an order, or those that its combination holds."""
    known = subject.knowledge.bridging().antiplatelets
    held = [each.drug for each in subject.knowledge.agent_facts().combinations if order.drug in each.names]
    return [known[each] for each in (order.drug, *held) if each in known]


def _oral_injected(order: Order, subject: Subject) -> Iterator[Hit]:
    agents = [each for each in _agents(order, subject) if any(one.route == _SWALLOWED for one in each.onsets)]
    if not agents:
        if subject.knowledge.patient_limits().anticoagulants.get(order.drug) == "oral":
            message = f"{order.drug} {order.route}: an oral anticoagulant"
            yield Hit(message, (), order.at("route"), order.route, _SWALLOWED)
        return
    agent = agents[0]
    is_aspirin = order.drug == agent.id == ASPIRIN
    if not is_aspirin or order.route != _INTO_VESSEL[0]:  # that aspirin is given IV has a rule of its own
        message = f"{order.drug} {order.route}: every packaged source gives it in another form"
        yield Hit(message, agent.sources, order.at("route"), order.route, "PO, NG or PR")


def _again(subject: Subject) -> Iterator[Hit]:
    for order in map(with_text_frequency, subject.written):
        drug = subject.knowledge.drugs.get(order.drug)
        if drug is None or order.given_as != "bolus" or order.frequency is None:
            continue
        times = times_daily(order.frequency)
        is_counted = exactly_daily(order.frequency) is None or _IN_ALL.search(order.frequency) is not None
        is_few = times <= drug.boluses if times is not None else "frequency" not in order.texts
        is_stated = drug.boluses > 1 and is_counted and is_few
        if is_stated or not is_known_to_recur(order.frequency):
            continue
        stated = "one" if drug.boluses == 1 else str(drug.boluses)
        message = f"the bolus of {order.drug} is repeated ({order.frequency}): no source gives more than {stated}"
        yield Hit(message, drug.sources, place_of_frequency(order), order.frequency, "once")


_IN_ALL: Final = lazy_pattern(r"[x\u00d7] ?[0-9]|\b[0-9] (?:doses|boluses)\b", re.IGNORECASE)
"""How many there are in all: `every 10 min x 2`."""


def _slow(subject: Subject) -> Iterator[Hit]:
    limits = subject.knowledge.limits
    for order in subject.order_set.orders:
        if not subject.knowledge.is_iv_inhibitor(order.drug) or order.given_as != "bolus":
            continue
        for pointer, time, found in _times_of_bolus(order):
            if time.exceeds(limits.give_over.high):
                message = f"the bolus is given over {time}: what takes longer than {limits.give_over.high} is none"
                yield Hit(message, (limits.source,), pointer, found, f"at most {limits.give_over.high}")


def _times_of_bolus(order: Order) -> Iterator[tuple[str, Duration, str]]:
    """Yield how long a bolus takes by its fields; without these by a text that pushes it over some time."""
    fields = [(name, field) for name in _TIMES if (field := order.quantity(name, Duration)) is not None]
    yield from ((order.at(name), field, field.text or str(field)) for name, field in fields)
    text = order.texts.get("text", "")
    for each in order.numbers_in_text() if text and not fields else ():
        time = each.quantity
        is_pushed = each.field == "give_over" and INJECTED.search(ahead(text, each.at)) is not None
        if isinstance(time, Duration) and is_pushed and each.given and not each.doubtful:
            yield f"{order.pointer}/text", time, each.text


_TIMES: Final = ("give_over", "run_time")


def _loads(order: Order, subject: Subject) -> Iterable[Duration]:
    """Return how long each load before an infusion runs: of several for other clearances one is given, at one time."""
    found: dict[Offset | None, Duration] = {}
    for each in subject.order_set.orders:
        lasts = each.lasts if each.load and both_given(each, order) else None
        if lasts is not None and (each.start not in found or lasts.exceeds(found[each.start])):
            found[each.start] = lasts
    return found.values()


def _too_long(subject: Subject) -> Iterator[Hit]:
    protocol = subject.protocol
    stated = protocol.maintenance.run_time if protocol is not None and protocol.maintenance is not None else None
    if protocol is None or stated is None or stated.maximum is None:
        return
    for order, run_time in maintenance(subject):
        last = Offset.start().plus(stated.maximum)
        for load in _loads(order, subject) if stated.in_all else ():
            last = last.minus(load)
        longest = last.after(Offset.start())
        if longest is None or run_time.exceeds(longest):
            message = f"the run time {run_time} is longer than {protocol.id} states: {stated.words}"
            most = None if longest is None else f"at most {longest}"
            yield Hit(message, protocol.sources, place_of_time(order), str(run_time), most)


RULES = (
    declared(
        "RC428",
        "route-of-no-source",
        Severity.ERROR,
        _other_route,
        "tirofiban-labels eptifibatide-label antiplatelet-doses",
        checks="The route of a GP IIb/IIIa inhibitor, of cangrelor and of a thrombolytic, the injection of an oral "
        "antiplatelet or anticoagulant, an infusion by mouth, and a tablet by a needle.",
        why="No source states a dose by another route; often drug or route was copied from the next row.",
        fails="{drug: tirofiban, route: SC, kind: bolus, dose_per_kg: 10 mcg/kg}",
        passes="{drug: tirofiban, route: IA, kind: bolus, dose_per_kg: 10 mcg/kg}",
        remedy="Correct the route, or the drug.",
        severities=(Severity.WARNING, Severity.NOTE),
        limits="RC612 judges IV aspirin; rectal doses of antiplatelets are not judged. A thrombolytic into an artery "
        "or a cavity is a warning in a set for the heart, and a note in one for a catheter, a limb or the lung. "
        "Into an artery, in a dose that is none of those into a vein, it is a warning elsewhere, and was not judged; "
        "in a catheter or a cavity, in less than any part of a dose for a stroke, RC711 names it.",
    ),
    declared(
        "RC429",
        "bolus-repeated",
        Severity.ERROR,
        _again,
        "khachatryan-2023 us-label eu-label eptifibatide-label",
        checks="Whether a frequency repeats the bolus of a GP IIb/IIIa inhibitor.",
        why="Every source gives it once, before the infusion; every four hours is six times the dose in a day.",
        fails="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, frequency: every 4 h}",
        passes="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, frequency: once}",
        remedy="Order it once.",
        limits="The label of eptifibatide has two boluses; a frequency without a number is not judged.",
        yields_to="RC636",
    ),
    declared(
        "RC430",
        "bolus-over-hours",
        Severity.ERROR,
        _slow,
        "rescuecalc",
        checks="The time over which the bolus of a GP IIb/IIIa inhibitor, or of cangrelor, is given, in a field or in "
        "a text, against {limits.give_over.high}.",
        why="3 h in place of 3 min is a mistake of the unit; a loading dose is not given so slowly.",
        fails="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, give_over: 3 h}",
        passes="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, give_over: 3 min}",
        remedy="Check the unit of time; a longer dose is an infusion.",
        limits="No publication states this limit: it is a limit of rescuecalc. RC414 compares with the time of a "
        "named protocol.",
        yields_to="RC305 RC321",
    ),
    declared(
        "RC431",
        "run-time-beyond-maximum",
        Severity.ERROR,
        _too_long,
        "us-label eu-label rescue-bt-2022 khachatryan-2023",
        checks="The run time of the maintenance infusion against the maximum of the named protocol.",
        why="The source gives the drug no longer; `dose` refuses a longer run time.",
        fails="{order_set: Example, protocol: us-label, orders: [{drug: tirofiban, route: IV, kind: infusion, "
        "dose_rate_per_kg: 0.15 mcg/kg/min, run_time: 48 h}]}",
        passes="{order_set: Example, protocol: us-label, orders: [{drug: tirofiban, route: IV, kind: infusion, "
        "dose_rate_per_kg: 0.15 mcg/kg/min, run_time: 18 h}]}",
        remedy="Shorten it, or name the protocol that states the run time.",
        limits="Consecutive bags are one infusion; a maximum stated as total includes the load.",
    ),
)
