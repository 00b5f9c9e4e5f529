"""The documents of `bridge` and `plan`: events, antiplatelets, coverage and monitoring beside the doses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.backcheck import plan as second_route_plan
from rescuecalc.core.quantities.decimal_text import elapsed_text
from rescuecalc.core.regimen.schedule import clock_time
from rescuecalc.reporters.document.common_parts import Document, header, quantity, source, sources
from rescuecalc.reporters.document.regimen.dose import thrombolysis_document

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from fractions import Fraction

    from rescuecalc.core.bridging.antiplatelet import Antiplatelet, Bridging, Monitoring
    from rescuecalc.core.bridging.bridge import AgentDose
    from rescuecalc.core.bridging.coverage import AgentCover, Coverage, Gap
    from rescuecalc.core.bridging.plan import Plan, PlanEvent
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.quantities.time_offset import Offset

_OF_BRIDGE = (
    "protocol",
    "dosing_weight",
    "weight_basis",
    "weight_as_written",
    "creatinine_clearance",
    "clearance_working",
    "patient",
    "not_given",
    "renal",
    "has_label_rules",
    "label_use",
    "boluses",
    "infusions",
    "start",
)


def _time(seconds: int | None, start: datetime | None, name: str = "") -> Document:
    """Return a time under its three names: clock, elapsed, seconds; all null where nobody states it."""
    at = clock_time(seconds, start) if seconds is not None else None
    before = f"{name}_" if name else ""
    return {
        f"{before}at": at.isoformat(timespec="seconds") if at else None,
        f"{before}elapsed": elapsed_text(seconds) if seconds is not None else None,
        f"{before}elapsed_seconds": seconds,
    }


def _offset(at: Offset | None, start: datetime | None, name: str = "") -> Document:
    return _time(None if at is None else at.seconds.__floor__(), start, name)


def _event(each: PlanEvent, start: datetime | None) -> Document:
    return {
        **_time(each.elapsed, start),
        **_time(each.until, start, "until"),
        "event": each.name,
        "drug": each.drug,
        "dose": quantity(each.dose),
        "route": each.route,
        "every": quantity(each.every),
        "repeats": each.repeats,
        "detail": each.detail,
        "stated": each.stated,
        "source": source(each.sources[0]) if each.sources else None,
        "sources": sources(each.sources),
    }


def _antiplatelet(each: AgentDose, start: datetime | None) -> Document:
    return {
        "drug": each.agent.id,
        "group": each.agent.group,
        "purpose": each.purpose,
        "dose": quantity(each.dose),
        "route": each.route,
        "frequency": each.frequency,
        "start": str(each.at) if each.at is not None else None,
        **_offset(each.at, start),
        "stated": each.stated,
        "time_stated": each.timed,
        "detail": each.detail,
        "sources": sources(each.sources),
    }


def _gap(gap: Gap) -> Document:
    """Return a gap in minutes; what is unknown is null beside the word, never a number."""
    worst, best = gap.worst_minutes, gap.best_minutes
    return {
        "worst_minutes": worst,
        "best_minutes": best,
        "worst": "unknown" if worst is None else f"{worst} min",
        "best": "unknown" if best is None else f"{best} min",
    }


def _cover(each: AgentCover, start: datetime | None) -> Document:
    return {
        "drug": each.dose.agent.id,
        "dose": quantity(each.dose.dose),
        "route": each.dose.route,
        **_offset(each.dose.at, start),
        "onset": each.onset.words if each.onset is not None else None,
        "onset_earliest": quantity(each.onset.earliest) if each.onset is not None else None,
        "onset_latest": quantity(each.onset.latest) if each.onset is not None else None,
        **_offset(each.earliest, start, "earliest"),
        **_offset(each.latest, start, "latest"),
        "unknown": each.why or None,
        "gap": _gap(each.gap),
    }


def _coverage(made: Coverage, start: datetime | None) -> Document:
    window = made.offset if made.stop is not None and made.offset is not None and not made.offset.longer else None
    ends = (window.earliest, window.latest) if window is not None else (None, None)
    back = [made.stop.plus(each) if made.stop is not None and each is not None else None for each in ends]
    return {
        "drug": made.drug,
        **_offset(made.stop, start, "stop"),
        **_offset(back[0], start, "offset_earliest"),
        **_offset(back[1], start, "offset_latest"),
        "agents": [_cover(each, start) for each in made.agents],
        "intervals": [
            {
                **_seconds(each.start, start, "from"),
                **_seconds(each.end, start, "to"),
                "covered_by": list(each.covered),
                "possibly_by": list(each.possible),
                "unknown": list(each.unknown),
            }
            for each in made.intervals
        ],
        "gap": _gap(made.gap),
        "worst_case": made.worst_case,
        "best_case": made.best_case,
    }


def _seconds(seconds: Fraction | None, start: datetime | None, name: str) -> Document:
    return _time(None if seconds is None else seconds.__floor__(), start, name)


def _reactivity(made: Plan, known: Bridging, start: datetime | None) -> list[Document]:
    assays = [each for each in (made.choices.assay, made.regimen.protocol.assay) if each is not None]
    return [
        {
            "pru": each.pru,
            **_offset(each.at, start),
            "day": each.day,
            "stated": each.stated,
            "targets": [{"name": one.name, "inside": one.holds(each.pru)} for one in known.reactivity.ranges],
            "sources": sources(known.reactivity.sources),
        }
        for each in assays
    ]


def _choosing(made: Plan, known: Bridging) -> list[Document]:
    """Return what the sources say where a choice is open: overlaps, loads and onsets, never a recommendation."""
    found = [{"about": "overlap", "words": each.words, "sources": sources(each.sources)} for each in known.overlaps]
    return found + [
        {"about": agent.id, "words": words, "sources": sources(agent.sources)}
        for agent in _agents(made, known)
        for words in _agent_words(agent)
    ]


def _agents(made: Plan, known: Bridging) -> Iterable[Antiplatelet]:
    planned = [each.agent for each in made.doses]
    return {each.id: each for each in planned or known.antiplatelets.values()}.values()


def _agent_words(agent: Antiplatelet) -> Iterable[str]:
    if agent.contraindicated:
        yield agent.contraindicated
    if agent.load is not None:
        yield f"load in use: {agent.load}"
    if agent.maintenance is not None:
        yield f"maintenance in use: {agent.maintenance} {agent.frequency}"
    for onset in agent.onsets:
        yield f"onset: {onset.words} ({onset.route})"
    yield from ((agent.unloaded,) if agent.unloaded else ())
    yield from agent.remarks


def _notes(made: Plan, known: Bridging) -> list[str]:
    """Return what the user's choice leaves out of what the protocol's source names."""
    chosen = {each.agent.group: each.agent.id for each in made.doses}
    found = []
    for step in made.regimen.protocol.oral:
        agent = known.antiplatelets.get(step.drug)
        other = chosen.get(agent.group) if agent is not None else None
        if other is not None and other != step.drug and not step.optional:
            dose = f" {step.dose}" if step.dose else ""
            title = made.regimen.protocol.title
            found.append(f"{title} names {step.drug}{dose}; {other} was chosen in its place")
    return found


def _all_sources(base: Document, made: Plan, watched: Monitoring) -> list[Document]:
    found: list[Source] = [one for each in made.events for one in each.sources]
    found += [one for each in watched.before for one in each.sources]
    found += [one for each in watched.conditions for one in each.sources]
    found += [one for each in made.coverage.agents if each.onset is not None for one in each.onset.sources]
    merged = {(one["id"], one["locator"]): one for one in [*base["sources"], *sources(found)]}
    return list(merged.values())


def plan_document(
    kind: str, base: Document, made: Plan, known: Bridging, watched: Monitoring, zone: str | None
) -> Document:
    """Return the document of `bridge` or `plan`; ``base`` is the document of the same patient's `dose`.

    A bridge holds the doses that its events name; a plan holds the whole of ``base``. Raises DoubleCheckFailed where a
    time or a gap of it does not lead back to what was given.
    """
    start = made.start
    kept = base if kind == "plan" else {key: base[key] for key in _OF_BRIDGE}
    document: Document = {
        **kept,
        **header(kind),
        "timezone": zone,
        "thrombolysis": thrombolysis_document(made.choices.thrombolysis, start),
        "antiplatelets": [_antiplatelet(each, start) for each in made.doses],
        "beside": list(made.choices.beside),
        "overlap": quantity(made.overlap),
        "overlap_stated": made.overlap_stated,
        "events": [_event(each, start) for each in made.events],
        "coverage": _coverage(made.coverage, start),
        "reactivity": _reactivity(made, known, start),
        "choosing": _choosing(made, known),
        "before_start": [{"words": each.words, "sources": sources(each.sources)} for each in watched.before],
        "conditions": [
            {"when": each.when, "then": each.then, "sources": sources(each.sources)} for each in watched.conditions
        ],
        "notes": [*base["notes"], *_notes(made, known)],
        "findings": base["findings"],
        "sources": _all_sources(base, made, watched),
    }
    second_route_plan.check_plan(document)
    return document
