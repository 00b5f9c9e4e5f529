"""RC6: from the infusion to oral antiplatelets: overlap, onset, coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.bridging.bridge import DOSE, LOAD, MAINTENANCE, AgentDose, stated_overlap
from rescuecalc.core.bridging.coverage import coverage
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.frequency import is_known_to_recur
from rescuecalc.core.quantities.quantity import Dose, Duration
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.regimen.protocol import NOT_STATED
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.agents import Agents, antiplatelet_orders, inhibitors
from rescuecalc.rules.facts.concurrent_orders import both_given, end_of, from_start, one_after_the_other

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.bridging.antiplatelet import Antiplatelet, OffsetWindow
    from rescuecalc.core.bridging.coverage import AgentCover, Coverage
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


def timed_orders(subject: Subject) -> Agents:
    """Return the antiplatelets that are planned: neither those that are only named beside the infusion nor itself."""
    own = subject.order_set.drug
    planned = (
        (order, agent)
        for order, agent in antiplatelet_orders(subject)
        if order.kind or order.fields or "text" in order.texts
    )
    return tuple((order, agent) for order, agent in planned if order.drug != own)


def infusion_stop(subject: Subject) -> Offset | None:
    """Return when the set's own infusion stops, None where it has none or does not say."""
    ends = []
    made = subject.order_set
    for order in from_start([each for each in made.orders if each.kind == "infusion" and each.drug == made.drug]):
        run = order.quantity("run_time", Duration)
        end = order.stop or (order.start.plus(run) if order.start is not None and run is not None else None)
        if end is None:
            return None
        ends.append(end)
    return max(ends, default=None)


def offset_window(subject: Subject) -> OffsetWindow | None:
    """Return how long the set's inhibitor acts after its stop in this patient, None where nothing is held."""
    made = subject.order_set
    held = subject.knowledge.bridging().offsets.get(made.drug)
    dialysis = bool(made.state is not None and made.state.dialysis)
    return held.of_patient(made.clearance, dialysis=dialysis) if held is not None else None


def runs_beside(order: Order, subject: Subject) -> bool:
    """Whether an order can be given to a patient while the set's GP IIb/IIIa inhibitor, or cangrelor, runs."""
    stop, running = infusion_stop(subject), [each for each in inhibitors(subject) if each is not order]
    if stop is not None and order.start is not None and order.start >= stop:
        return False
    return any(both_given(order, each) and not one_after_the_other(order, each) for each in running)


def _dose(order: Order, agent: Antiplatelet) -> AgentDose:
    dose = order.quantity("dose", Dose)
    again = is_known_to_recur(order.frequency)
    purpose = MAINTENANCE if again else LOAD if dose is not None else DOSE
    return AgentDose(
        agent, purpose, dose, order.route, order.frequency, order.start, NOT_STATED, NOT_STATED, "", agent.sources
    )


def _by_dose(each: tuple[Order, Antiplatelet]) -> tuple[bool, bool, object]:
    order, _ = each
    return order.frequency is not None, order.start is not None, order.start or ()


def first_orders(found: Agents) -> Agents:
    """Return the order that decides when each agent begins: its load, else its first dose; one without a time first."""
    firsts = {order.drug: (order, agent) for order, agent in sorted(found, key=_by_dose, reverse=True)}
    return tuple(firsts[drug] for drug in sorted(firsts))


def _coverage(subject: Subject, found: Agents) -> tuple[Coverage, dict[str, Order]]:
    """Return the coverage of a set, and by agent the order that decides its onset."""
    firsts = first_orders(found)
    window = offset_window(subject)
    made = coverage(subject.order_set.drug, infusion_stop(subject), window, [_dose(*each) for each in firsts])
    return made, {order.drug: order for order, _ in firsts}


def _agent_words(each: AgentCover) -> str:
    dose = f" {each.dose.dose}" if each.dose.dose is not None else ""
    return f"{each.dose.agent.id}{dose}"


def _sources(each: AgentCover, made: Coverage) -> tuple[Source, ...]:
    onset = each.onset.sources if each.onset is not None else each.dose.agent.sources
    return (*onset, *(made.offset.sources if made.offset is not None else ()))


def _covers(subject: Subject) -> Iterator[tuple[AgentCover, Coverage, Order]]:
    """Yield each agent's coverage; of a set that is no plan only where its times are said, absence is no finding."""
    found = timed_orders(subject)
    if not subject.order_set.bridged:
        found = tuple(each for each in found if each[0].start is not None) if infusion_stop(subject) else ()
    if found:
        made, first = _coverage(subject, found)
        yield from ((each, made, first[each.dose.agent.id]) for each in made.agents)


def _overlap_too_short(subject: Subject) -> Iterator[Hit]:
    for each, made, order in _covers(subject):
        if each.onset is None or not each.gap.worst or made.stop is None or each.dose.at is None:
            continue
        length = Offset(abs(made.stop.seconds - each.dose.at.seconds)).spoken.removeprefix("+")
        agent = _agent_words(each)
        late = "when" if each.dose.at == made.stop else f"{length} after"
        lacks = (
            f"the overlap of {length} may be shorter than the onset of {agent} ({each.onset.words})"
            if each.dose.at < made.stop
            else f"no overlap: {agent} starts {late} the infusion stops (onset {each.onset.words})"
        )
        message = f"{lacks}: a gap until it has set in, {each.gap}; {_best_case(made)}"
        yield Hit(
            message, _sources(each, made), order.at("start"), str(order.start), f"before {_latest_start(each, made)}"
        )


def _best_case(made: Coverage) -> str:
    """Return what the best case assumes, or why it is not known."""
    best_case = made.best_case.removeprefix("unknown: ")
    return best_case if best_case != made.best_case else f"best case: {best_case}"


def _latest_start(each: AgentCover, made: Coverage) -> str:
    if each.onset is None or made.stop is None:
        raise TypeError("asked only where both are known")
    return f"{made.stop.minus(each.onset.latest).spoken}, or a later stop"


def _onset_unknown(subject: Subject) -> Iterator[Hit]:
    unknown = [found for found in _covers(subject) if found[0].onset is None]
    if not unknown:
        return
    agents = "; ".join(f"{_agent_words(each)}: {each.why}" for each, _, _ in unknown)
    sources = tuple(dict.fromkeys(one for each, made, _ in unknown for one in _sources(each, made)))
    message = f"when an agent has set in is unknown, and so is the gap after the stop ({agents})"
    yield Hit(message, sources, unknown[0][2].pointer)


def _start_unknown(subject: Subject) -> Iterator[Hit]:
    if subject.order_set.bridged and not timed_orders(subject):
        message = "no antiplatelet is named to follow the infusion: the coverage after the stop is unknown"
        yield Hit(message, subject.knowledge.bridging().overlaps[0].sources, "/antiplatelets")
    for each, made, order in _covers(subject):
        ends = each.dose.agent.infused and end_of(order) is not None  # what it covers then is said
        if each.onset is not None and each.gap.worst is None and not ends:
            why = each.why or "the infusion has no stop to count from"
            yield Hit(f"the gap before {_agent_words(each)} is unknown: {why}", _sources(each, made), order.at("start"))


def _overlap_differs(subject: Subject) -> Iterator[Hit]:
    protocol = subject.protocol
    stated = stated_overlap(protocol) if protocol is not None else None
    stop = infusion_stop(subject)
    if protocol is None or stated is None or stop is None:
        return
    first = min((order.start for order, _ in timed_orders(subject) if order.start is not None), default=None)
    if first is None:
        return
    overlap = stop.after(first)
    # Exactly: the protocol is the measure of a set that names it, and 4 h are 4 h.
    if overlap is None or not overlap.equals(stated):
        message = f"an overlap of {overlap or '0 h'}, where {protocol.id} states {stated}"
        yield Hit(message, protocol.sources, "/overlap", str(overlap) if overlap else "none", str(stated))


_PLAN = "bridge rescue-bt-2022 --weight 80kg --thrombolysis-at none --p2y12 clopidogrel"

RULES = (
    declared(
        "RC603",
        "overlap-shorter-than-onset",
        Severity.WARNING,
        _overlap_too_short,
        "rescue-bt-2022 onset-times tirofiban-labels",
        checks="The time from the first dose of an antiplatelet to the stop of the infusion, against the latest onset.",
        why="An overlap of 4 h ends before a clopidogrel load of {bridging.antiplatelets.clopidogrel.load.low} has "
        "set in after about {bridging.antiplatelets.clopidogrel.onsets.0.latest}.",
        fails=f"{_PLAN} --load 300mg",
        passes="bridge rescue-bt-2022 --weight 80kg --thrombolysis-at none --p2y12 ticagrelor --load 180mg "
        "--aspirin 81mg --aspirin-load 325mg",
        remedy="Start the oral drug earlier, or choose a load whose onset the overlap covers.",
        limits="The worst case assumes that the effect ends at the stop; the best case "
        "{bridging.offsets.tirofiban.earliest} later, of {bridging.offsets.tirofiban.earliest} to "
        "{bridging.offsets.tirofiban.latest}.",
    ),
    declared(
        "RC604",
        "onset-not-known",
        Severity.NOTE,
        _onset_unknown,
        "onset-times antiplatelet-doses",
        checks="Whether any source states an onset for the first dose of each antiplatelet by its route; reported "
        "once a set.",
        why="Rectal aspirin and clopidogrel without a load have no stated onset; a number would be invented.",
        fails=f"{_PLAN} --maintenance 75mg",
        passes=f"{_PLAN} --load 300mg",
        remedy="Choose a load with a stated onset, or cover the time with another drug.",
        limits="Onsets are stated for single oral doses; none is stated by tube.",
    ),
    declared(
        "RC605",
        "coverage-not-known",
        Severity.WARNING,
        _start_unknown,
        "rescue-bt-2022 overlap-practice",
        checks="Whether a plan names an antiplatelet after the infusion and the time of its first dose.",
        why="The treatment that covers the artery after the stop has to be decided before the stop.",
        fails="bridge yang-2020-iv --weight 80kg --run-time 24h --p2y12 clopidogrel --load 600mg",
        passes="bridge yang-2020-iv --weight 80kg --run-time 24h --p2y12 clopidogrel --load 600mg --overlap 6h",
        remedy="Name the agent with --p2y12 and --aspirin and the overlap with --overlap.",
        limits="Without a stop of the infusion no gap can be calculated.",
    ),
    declared(
        "RC606",
        "overlap-unlike-protocol",
        Severity.WARNING,
        _overlap_differs,
        "rescue-bt-2022",
        checks="The overlap against the one that the named protocol states.",
        why="Readers expect the numbers of the named protocol.",
        fails=f"{_PLAN} --load 300mg --overlap 6h",
        passes=f"{_PLAN} --load 300mg",
        remedy="Use the protocol's overlap, or document the reason for another one.",
        limits="Only if the protocol states one.",
    ),
)
