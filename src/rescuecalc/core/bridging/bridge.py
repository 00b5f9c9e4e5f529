"""The bridge from an infusion to oral antiplatelets: which agent, which dose, when, and who states it.

Nothing is filled in. What neither the source nor the user states stays None and is said to be not stated; a dose of a
label's range is shown as a way to choose, never taken.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rescuecalc.core.bridging.antiplatelet import ASPIRIN, P2Y12, Antiplatelet, Bridging
from rescuecalc.core.literature.source import Source
from rescuecalc.core.orders.order import Condition, Thrombolysis
from rescuecalc.core.quantities.quantity import Dose, Duration
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.protocol import BY_SOURCE, BY_USER, NOT_STATED, AntiplateletStep, Assay, Protocol
from rescuecalc.core.regimen.regimen import Regimen
from rescuecalc.errors import CalculationRefused, InputError

LOAD, MAINTENANCE, DOSE = "load", "maintenance", "dose"
"""Why an antiplatelet is given; a ``dose`` is one of which the source does not say why or how much."""


class Named(NamedTuple):
    """What the user says of one agent; ``route`` is PO unless said otherwise."""

    agent: Antiplatelet
    load: Dose | None
    maintenance: Dose | None
    route: str


class BridgeChoices(NamedTuple):
    """What the user says of the bridge; None is "not said", never a default.

    ``imaging`` is the condition on imaging that the oral doses wait for.
    """

    aspirin: Named | None
    p2y12: Named | None
    overlap: Duration | None
    thrombolysis: Thrombolysis | None
    assay: Assay | None
    beside: tuple[str, ...]
    imaging: Condition | None = None


class AgentDose(NamedTuple):
    """One dose of an antiplatelet in the plan; ``frequency`` None is once, ``at`` None a time that nobody states.

    ``stated`` says who states the dose, ``timed`` who states its time.
    """

    agent: Antiplatelet
    purpose: str
    dose: Dose | None
    route: str | None
    frequency: str | None
    at: Offset | None
    stated: str
    timed: str
    detail: str
    sources: tuple[Source, ...]


def infusion_stop(result: Regimen) -> Offset | None:
    """Return when the last infusion stops, None where there is none."""
    lengths = [each.run_time for each in result.infusions]
    if not lengths or None in lengths:
        return None
    return Offset(sum((each.value_in("s") for each in lengths if each), start=Offset.start().seconds))


def stated_stop(result: Regimen) -> bool:
    """Whether the infusion runs for the one time that its source states."""
    last = result.infusions[-1] if result.infusions else None
    stated = last.step.run_time.taken if last and last.step.run_time else None
    return bool(last and last.run_time and stated and stated.equals(last.run_time))


def stated_overlap(protocol: Protocol) -> Duration | None:
    """Return the overlap that the protocol's source states for its own run time, None where it states none."""
    last = protocol.maintenance
    taken = last.run_time.taken if last and last.run_time else None
    at = next((step.at for step in protocol.oral if step.at), None)
    if taken is None or at is None or not taken.exceeds(at):
        return None
    return Duration(taken.value_in("h") - at.value_in("h"), unit("h"))


def agent_doses(result: Regimen, choices: BridgeChoices, known: Bridging) -> tuple[AgentDose, ...]:
    """Return every antiplatelet dose of the plan, aspirin first; errors where a choice cannot be what it says.

    Raises CalculationRefused for an overlap without an infusion or longer than it.
    """
    _check_overlap(result, choices)
    agents = known.antiplatelets
    # What the user names goes before what the source names, for each of the two by itself.
    aspirin = choices.aspirin or _named_by_source(result, agents, ASPIRIN, choices)
    p2y12 = choices.p2y12 or _named_by_source(result, agents, P2Y12, choices)
    if choices.overlap is not None and aspirin is None and p2y12 is None:
        raise InputError("--overlap: of which agent? add one, as in --p2y12 clopidogrel or --aspirin 81mg")
    found = (_doses(named, result, choices) for named in (aspirin, p2y12) if named is not None)
    return tuple(dose for doses in found for dose in doses)


def _check_overlap(result: Regimen, choices: BridgeChoices) -> None:
    if choices.overlap is None:
        return
    stop = infusion_stop(result)
    if stop is None:
        raise CalculationRefused(f"--overlap: {result.protocol.id} has no infusion to overlap with")
    # An oral dose before the start of the infusion is no bridge from it, and would be timed before the procedure.
    if stop.minus(choices.overlap).seconds < 0:
        length = Duration(stop.seconds / 3600, unit("h"))
        raise CalculationRefused(f"--overlap: {choices.overlap} is longer than the infusion, which runs {length}")


def _named_by_source(
    result: Regimen, agents: Mapping[str, Antiplatelet], group: str, choices: BridgeChoices
) -> Named | None:
    """Return the agent of a group that the protocol's source names, where the user names none of it.

    Of several joined by "and/or" the user's choice of one leaves the others out.
    """
    chosen = choices.aspirin is not None or choices.p2y12 is not None
    for step in result.protocol.oral:
        agent = agents.get(step.drug)
        # "Aspirin and/or clopidogrel" is no order for both: once the user has named one, the other is not added.
        if agent and agent.group == group and not (step.optional and chosen):
            return Named(agent, None, None, "")
    return None


def asked_of(protocol: Protocol, agents: Mapping[str, Antiplatelet], option: str) -> Antiplatelet:
    """Return the P2Y12 inhibitor that the protocol's source names without a choice, for what ``option`` says of it.

    Raises InputError where the source names none.
    """
    for step in protocol.oral:
        if not step.optional and step.drug in agents and agents[step.drug].group == P2Y12:
            return agents[step.drug]
    raise InputError(f"{option}: of which P2Y12 inhibitor? add one, as in --p2y12 clopidogrel", missing="--p2y12")


def _doses(named: Named, result: Regimen, choices: BridgeChoices) -> Iterator[AgentDose]:
    steps = tuple(step for step in result.protocol.oral if step.drug == named.agent.id)
    # A source may state a load, a maintenance dose, or a drug of which it says neither how much nor how often.
    once = next((step for step in steps if step.frequency == "once"), None)
    repeated = next((step for step in steps if step.frequency not in (None, "once")), None)
    open_step = next((step for step in steps if step.frequency is None), None)
    stated = repeated or open_step
    at, timed = _first_time(stated, named.route, result, choices)
    if once is not None and named.load is None:
        yield _from_source(named.agent, LOAD, once, None, result)
    elif named.load is not None:
        yield _load(named, at, timed, open_step or repeated, result)
    elif named.agent.load is not None and named.agent.onset(_first_dose(named, stated), named.route or "PO") is None:
        yield _no_load(named.agent, at, timed, result)
    if named.load is None and named.maintenance is None and stated is open_step and stated is not None:
        yield _from_source(named.agent, DOSE, stated, at, result)
    else:
        loaded = once is not None or named.load is not None
        yield _maintenance(named, repeated, None if loaded else at, NOT_STATED if loaded else timed, result)


def _first_dose(named: Named, stated: AntiplateletStep | None) -> Dose | None:
    return named.maintenance or (stated.dose if stated else None)


def _first_time(
    step: AntiplateletStep | None, route: str, result: Regimen, choices: BridgeChoices
) -> tuple[Offset | None, str]:
    """Return when an agent starts, and who says so: an overlap of the user's goes before the source's hour.

    The source's hour is of the drug and the route that it names; of another it is not stated.
    """
    stop = infusion_stop(result)
    if choices.overlap is not None and stop is not None:
        return stop.minus(choices.overlap), BY_USER
    # "At hour 20" was said of tablets: a dose by rectum or in a vein at that hour is no source's.
    at = step.at if step is not None and route in {"", step.route} else None
    if at is not None and stated_stop(result):
        return Offset.start().plus(at), BY_SOURCE
    return None, NOT_STATED


def _title(result: Regimen) -> str:
    return result.protocol.title if result.protocol.origin != "user" else "your regimen"


def _from_source(
    agent: Antiplatelet, purpose: str, step: AntiplateletStep, at: Offset | None, result: Regimen
) -> AgentDose:
    frequency = None if step.frequency == "once" else step.frequency
    timed = BY_SOURCE if at is not None else NOT_STATED
    detail = step.words if purpose == LOAD or step.dose else f"{step.words}; {_in_use(agent)}"
    return AgentDose(
        agent, purpose, step.dose, step.route, frequency, at, BY_SOURCE, timed, detail, result.protocol.sources
    )


def _load(named: Named, at: Offset | None, timed: str, step: AntiplateletStep | None, result: Regimen) -> AgentDose:
    who = f"{_title(result)} states no load" if not (step and step.dose is None) else step.words
    detail = f"{who}; its time is stated {timed}" if at is not None else f"{who}; its time is not stated"
    return AgentDose(named.agent, LOAD, named.load, named.route, None, at, BY_USER, timed, detail, named.agent.sources)


def _no_load(agent: Antiplatelet, at: Offset | None, timed: str, result: Regimen) -> AgentDose:
    onsets = "; ".join(each.words for each in agent.onsets)
    detail = f"no load is stated by {_title(result)}; loads in use: {agent.load}; onset: {onsets}"
    return AgentDose(agent, LOAD, None, None, None, at, NOT_STATED, timed, detail, agent.sources)


def _maintenance(
    named: Named, step: AntiplateletStep | None, at: Offset | None, timed: str, result: Regimen
) -> AgentDose:
    agent, by_source = named.agent, step.dose if step else None
    dose = named.maintenance or by_source
    stated = BY_USER if named.maintenance else BY_SOURCE if by_source else NOT_STATED
    frequency = step.frequency if step and not named.maintenance else agent.frequency
    route = named.route or (step.route if step else None)
    words = [step.words] if step and stated == BY_SOURCE else []
    if stated == BY_USER and by_source and named.maintenance and not by_source.equals(named.maintenance):
        words.append(f"{_title(result)} states {by_source} {step.frequency if step else ''}".strip())
    if dose is None:
        words.append(f"its dose is not stated by {_title(result)}; {_in_use(agent)}")
    if at is None and stated != BY_SOURCE:
        words.append("its first time is not stated")
    sources = agent.sources if stated != BY_SOURCE else result.protocol.sources
    purpose = DOSE if agent.load is None else MAINTENANCE  # an infusion of its own: there is no maintenance after it
    return AgentDose(agent, purpose, dose, route, frequency, at, stated, timed, "; ".join(words), sources)


def _in_use(agent: Antiplatelet) -> str:
    """Return how to choose a dose: what the sources use."""
    parts = [f"loads of {agent.load}"] if agent.load else []
    parts += [f"maintenance of {agent.maintenance} {agent.frequency}"] if agent.maintenance else []
    return f"in use: {', '.join(parts)}" if parts else f"rescuecalc holds no dose of {agent.id}"
