"""The whole plan in order: bolus, infusion, containers, oral antiplatelets, stop, assay, imaging and monitoring."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from rescuecalc.core.bridging.antiplatelet import Bridging, Check, Monitoring, OffsetWindow
from rescuecalc.core.bridging.bridge import (
    LOAD,
    MAINTENANCE,
    AgentDose,
    BridgeChoices,
    agent_doses,
    infusion_stop,
    stated_overlap,
    stated_stop,
)
from rescuecalc.core.bridging.coverage import Coverage, coverage
from rescuecalc.core.literature.source import Source
from rescuecalc.core.orders.order import Order, OrderSet, order_set
from rescuecalc.core.quantities.quantity import Duration, Quantity
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.regimen import timeline
from rescuecalc.core.regimen.protocol import BY_SOURCE, BY_USER, NOT_STATED, USER, Assay
from rescuecalc.core.regimen.regimen import Regimen
from rescuecalc.core.regimen.schedule import Event

_USER = (Source("user", "user", "command line"),)


class PlanEvent(NamedTuple):
    """One event; times are whole seconds after the first infusion's start, None where nobody states them.

    ``until`` ends a window or a series, ``every`` is the step of a series of ``repeats`` (None: open) repeats.
    """

    elapsed: int | None
    name: str
    detail: str
    stated: str
    sources: tuple[Source, ...]
    drug: str | None = None
    dose: Quantity | None = None
    route: str | None = None
    until: int | None = None
    every: Duration | None = None
    repeats: int | None = None


class Plan(NamedTuple):
    """A regimen with what follows it; ``start`` is the clock time of its first infusion.

    ``overlap`` is the time between the first oral dose and the stop, None where it is not known.
    """

    regimen: Regimen
    choices: BridgeChoices
    start: datetime | None
    doses: tuple[AgentDose, ...]
    overlap: Duration | None
    overlap_stated: str
    coverage: Coverage
    events: tuple[PlanEvent, ...]


_FIRST = ("imaging-before-start", "platelets-baseline")
_ORDER = (*_FIRST, "thrombolysis", "bolus", "infusion-start", "repeat-imaging", "imaging-not-clean", "swallow-screen")
_LAST = ("infusion-stop",)


def plan(
    result: Regimen,
    choices: BridgeChoices,
    known: Bridging,
    watched: Monitoring,
    start: datetime | None,
    *,
    dialysis: bool = False,
) -> Plan:
    """Return the plan of a regimen; errors as for ``agent_doses``."""
    doses, drug = agent_doses(result, choices, known), result.protocol.drug
    stop = infusion_stop(result)
    first = min((each.at for each in doses if each.at is not None), default=None)
    overlap = (stop.after(first) or choices.overlap) if first is not None and stop is not None else None
    stated = BY_USER if choices.overlap else BY_SOURCE if overlap is not None else NOT_STATED
    held = known.offsets.get(drug)
    window = held.of_patient(result.choices.clearance, dialysis=dialysis) if held is not None else None
    covered = coverage(drug, stop, window, doses)
    found = [
        *_regimen_events(result),
        *_imaging(choices, known, doses),
        *_oral_events(result, doses, overlap, stated, known),
        *_after_stop(result, stop, choices, known, window),
        *(event for check in watched.checks for event in _check_events(check, choices, stop)),
    ]
    return Plan(result, choices, start, doses, overlap, stated, covered, _sorted(found))


def plan_orders(made: Plan, container_times: tuple[Duration, ...]) -> OrderSet:
    """Return the plan as an order set: the regimen's orders, each antiplatelet that is given, what stands beside."""
    base, choices = order_set(made.regimen, container_times), made.choices
    assays = (each for each in (choices.assay, made.regimen.protocol.assay) if each is not None)
    return base._replace(
        orders=(*base.orders, *_agent_orders(made), *_beside_orders(choices.beside)),
        thrombolysis=choices.thrombolysis,
        assays=tuple(assays),
        bridged=True,
    )


def _agent_orders(made: Plan) -> Iterator[Order]:
    gate = (made.choices.imaging,) if made.choices.imaging is not None else ()
    for place, each in enumerate(made.doses):
        if each.dose is None and each.purpose == LOAD:
            continue  # what nobody states is not given
        fields = {"dose": each.dose} if each.dose is not None else {}
        name, pointer = f"{each.agent.id}-{each.purpose}", f"/antiplatelets/{place}"
        yield Order(
            name,
            each.agent.id,
            each.route or "",
            "dose",
            pointer,
            fields,
            start=each.at,
            frequency=each.frequency or ("not stated" if each.purpose == MAINTENANCE else None),
            when=gate if each.route != "IV" else (),
        )


def _beside_orders(beside: tuple[str, ...]) -> Iterator[Order]:
    for place, drug in enumerate(beside):
        yield Order(f"beside-{place + 1}", drug, "", "", f"/beside/{place}", {})


def _sorted(found: list[PlanEvent]) -> tuple[PlanEvent, ...]:
    """Return events by time, those without one last; at one moment screening comes before drugs, the stop last."""
    begin = min((each.elapsed for each in found if each.elapsed is not None and each.drug), default=0)
    timed = [each._replace(elapsed=begin) if each.name in _FIRST else each for each in found]

    def place(event: PlanEvent) -> tuple[bool, int, int]:
        order = len(_ORDER) + (event.name in _LAST)
        rank = _ORDER.index(event.name) if event.name in _ORDER else order
        return event.elapsed is None, event.elapsed or 0, rank

    return tuple(sorted(timed, key=place))


def _who(result: Regimen) -> str:
    return BY_USER if result.protocol.origin == USER else BY_SOURCE


def _regimen_events(result: Regimen) -> Iterator[PlanEvent]:
    boluses, infusions = iter(result.boluses), iter(result.infusions)
    route = result.infusions[-1].step.route if result.infusions else "IV"
    sources, drug = result.protocol.sources, result.protocol.drug
    for event in timeline.events(result):
        if event.name == "bolus":
            bolus = next(boluses)
            yield _given(event, _who(result), sources, drug)._replace(dose=bolus.dose, route=bolus.step.route)
        elif event.name in {"infusion-start", "pump-rate-change"}:
            infusion = next(infusions)
            yield _given(event, _who(result), sources, drug)._replace(
                dose=infusion.dose_rate_per_kg, route=infusion.step.route
            )
        elif event.name == "infusion-stop":
            stated = _who(result) if stated_stop(result) else BY_USER
            yield _given(event, stated, sources, drug)._replace(route=route)
        else:
            yield _given(event, BY_USER, sources, drug)._replace(route=route)


def _given(event: Event, stated: str, sources: tuple[Source, ...], drug: str) -> PlanEvent:
    return PlanEvent(event.elapsed, event.name, event.detail, stated, _cited(stated, sources), drug)


def _cited(stated: str, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return who is cited: what the user chose stands in no study."""
    return _USER if stated == BY_USER else sources


def _seconds(at: Offset | None) -> int | None:
    return None if at is None else at.seconds.__floor__()


def _imaging(choices: BridgeChoices, known: Bridging, doses: tuple[AgentDose, ...]) -> Iterator[PlanEvent]:
    lysis, hold = choices.thrombolysis, known.hold
    if lysis is None:
        words = f"it is not stated whether a thrombolysis was given (--thrombolysis-at, or none); {hold.words}"
        yield PlanEvent(None, "repeat-imaging", words, NOT_STATED, hold.sources)
        return
    if not lysis.given:
        return
    if lysis.at is not None:
        yield PlanEvent(_seconds(lysis.at), "thrombolysis", "intravenous thrombolysis", BY_USER, _USER)
    at = lysis.at.plus(hold.length) if lysis.at is not None else None
    gated = ", ".join(dict.fromkeys(each.agent.id for each in doses)) or "oral antiplatelets"
    yield PlanEvent(_seconds(at), "repeat-imaging", f"CT or MRI before {gated}; {hold.words}", BY_SOURCE, hold.sources)
    yield PlanEvent(
        _seconds(at), "imaging-not-clean", f"if it shows haemorrhage: {known.not_clean}", BY_SOURCE, hold.sources
    )


def _oral_events(
    result: Regimen, doses: tuple[AgentDose, ...], overlap: Duration | None, stated: str, known: Bridging
) -> Iterator[PlanEvent]:
    by_mouth = [each for each in doses if each.route in (None, "PO", "NG")]
    first = min((each.at for each in by_mouth if each.at is not None), default=None)
    if by_mouth:
        yield PlanEvent(_seconds(first), "swallow-screen", known.swallow.words, BY_SOURCE, known.swallow.sources)
    if doses:
        yield _overlap_event(result, overlap, stated, doses, known)
    for each in doses:
        yield PlanEvent(
            _seconds(each.at),
            f"antiplatelet-{each.purpose}",
            _dose_words(each),
            each.stated,
            _cited(each.stated, each.sources),
            each.agent.id,
            each.dose,
            each.route,
        )


def _dose_words(each: AgentDose) -> str:
    often = each.frequency or ("once" if each.dose is not None else "")
    return "; ".join(part for part in (often, each.detail, *each.agent.remarks) if part)


def _overlap_event(
    result: Regimen, overlap: Duration | None, stated: str, doses: tuple[AgentDose, ...], known: Bridging
) -> PlanEvent:
    if overlap is None:
        choose = "; ".join(each.words for each in known.overlaps)
        is_timed = any(step.at for step in result.protocol.oral)
        other = "; the time of the source is for the run time that it states" if is_timed else ""
        silent = f"the overlap is not stated{other}; choose one with --overlap: {choose}"
        sources = tuple(source for each in known.overlaps for source in each.sources)
        return PlanEvent(None, "overlap", silent, NOT_STATED, sources)
    own = stated_overlap(result.protocol)
    differs = "" if own is None or own.equals(overlap) else f"; {result.protocol.title} states {own}"
    at = min(each.at for each in doses if each.at is not None)
    sources = _cited(stated, result.protocol.sources)
    return PlanEvent(_seconds(at), "overlap", f"{overlap} until the stop{differs}", stated, sources)


def _after_stop(
    result: Regimen, stop: Offset | None, choices: BridgeChoices, known: Bridging, window: OffsetWindow | None
) -> Iterator[PlanEvent]:
    drug = result.protocol.drug
    wait = known.assay_waits.get(drug)
    if window is not None and stop is not None and window.longer:
        words = f"longer, unknown: {window.longer}; {_clearance(result)}"
        yield PlanEvent(None, "platelet-function-back", words, BY_SOURCE, window.sources, drug)
    elif window is not None and stop is not None:
        yield PlanEvent(
            _seconds(stop.plus(window.earliest)),
            "platelet-function-back",
            f"{window.words}; {_clearance(result)}",
            BY_SOURCE,
            window.sources,
            drug,
            until=_seconds(stop.plus(window.latest)),
        )
    if wait is not None and stop is not None:
        words = f"a P2Y12 assay is valid no earlier than this: {wait.words}; {known.assay.words}"
        at = _seconds(stop.plus(wait.length))
        yield PlanEvent(at, "assay-valid-from", words, BY_SOURCE, wait.sources)
    for assay in (choices.assay, result.protocol.assay):
        if assay is not None:
            yield _assay_event(assay, result)


def _assay_event(assay: Assay, result: Regimen) -> PlanEvent:
    when = f" on {assay.day}" if assay.day else ""
    words = f"{assay.pru} PRU{when}" + ("" if assay.at is not None else "; its time is not stated")
    sources = _cited(assay.stated, result.protocol.sources)
    return PlanEvent(_seconds(assay.at), "assay", words, assay.stated, sources)


def _clearance(result: Regimen) -> str:
    given = result.choices.clearance
    return f"here CrCl is {given}" if given is not None else "CrCl is not stated here"


def _check_events(check: Check, choices: BridgeChoices, stop: Offset | None) -> Iterator[PlanEvent]:
    if check.series:
        yield from _series(check, choices)
    elif check.at is None:
        yield PlanEvent(0, check.id, f"{check.title}: {check.words}", BY_SOURCE, check.sources)
    elif stop is not None:
        at, words = Offset.start().plus(check.at), f"{check.title}: {check.words}"
        made = PlanEvent(_seconds(at), check.id, words, BY_SOURCE, check.sources)
        if check.every is None:
            until = Offset.start().plus(check.to) if check.to is not None else None
            yield made._replace(until=_seconds(until))
            return
        repeats = (stop.seconds / check.every.value_in("s")).__floor__()
        if repeats == 1:
            yield made
        elif repeats:
            last = Offset(check.every.value_in("s") * repeats)
            yield made._replace(until=_seconds(last), every=check.every, repeats=repeats)


def _series(check: Check, choices: BridgeChoices) -> Iterator[PlanEvent]:
    lysis = choices.thrombolysis
    if lysis is None or not lysis.given or lysis.at is None:
        yield PlanEvent(None, check.id, f"{check.title}: {check.absent}", NOT_STATED, check.sources)
        return
    begin, total = lysis.at, sum(each.checks for each in check.series)
    for place, each in enumerate(check.series):
        words = f"{check.title}: every {each.every} for {each.lasting}, {each.checks} of {total} checks"
        zero = "counted from the thrombolysis"
        extra = f"; {check.words}" if place == 0 else ""
        yield PlanEvent(
            _seconds(begin.plus(each.every)),
            check.id,
            f"{words}, {zero}{extra}",
            BY_SOURCE,
            check.sources,
            until=_seconds(begin.plus(each.lasting)),
            every=each.every,
            repeats=each.checks,
        )
        begin = begin.plus(each.lasting)
