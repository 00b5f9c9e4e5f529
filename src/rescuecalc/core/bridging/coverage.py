"""Which agent covers which moment of a plan, and how long none may: a gap is a number only where its onset is known.

Worst case: covered to the stop only, and the latest onset. Best case: covered to the earliest offset after the stop,
and the earliest onset. Where an onset or a time is not known the gap is unknown.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from rescuecalc.core.bridging.antiplatelet import OffsetWindow, Onset
from rescuecalc.core.bridging.bridge import AgentDose
from rescuecalc.core.literature.limits import Span
from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.core.quantities.time_offset import Offset


class Gap(NamedTuple):
    """Exact seconds without an agent, worst and best case; None is unknown."""

    worst: Fraction | None
    best: Fraction | None

    @property
    def worst_minutes(self) -> int | None:
        """The worst case in whole minutes, rounded up: a gap is never said to be shorter than it is."""
        return None if self.worst is None else (self.worst / 60).__ceil__()

    @property
    def best_minutes(self) -> int | None:
        """The best case in whole minutes, rounded up."""
        return None if self.best is None else (self.best / 60).__ceil__()

    def __str__(self) -> str:
        """Return both cases as a person reads them; what is unknown is never a number."""
        worst, best = (
            "unknown" if each is None else f"{people_number(Fraction(each))} min"
            for each in (self.worst_minutes, self.best_minutes)
        )
        return f"worst case {worst}, best case {best}"


class AgentCover(NamedTuple):
    """From when one agent covers: at the earliest, at the latest, None where unknown, and then ``why``."""

    dose: AgentDose
    onset: Onset | None
    earliest: Offset | None
    latest: Offset | None
    why: str
    gap: Gap


class CoverageInterval(NamedTuple):
    """A stretch of the plan in exact seconds (``end`` None: open), and who covers it, may cover it, or is unknown."""

    start: Fraction
    end: Fraction | None
    covered: tuple[str, ...]
    possible: tuple[str, ...]
    unknown: tuple[str, ...]


class Coverage(NamedTuple):
    """The coverage of a plan; ``offset`` is None where none is held of the drug, ``stop`` where there is no infusion.

    ``gap`` lasts until every agent of the plan has set in; it is unknown where one is, or where there is none.
    """

    drug: str
    stop: Offset | None
    offset: OffsetWindow | None
    agents: tuple[AgentCover, ...]
    intervals: tuple[CoverageInterval, ...]
    gap: Gap

    @property
    def worst_case(self) -> str:
        """What the worst case assumes."""
        return f"the {self.drug} infusion covers to its stop only, and each agent sets in at its latest"

    @property
    def best_case(self) -> str:
        """What the best case assumes: which hour of the window that the source states for the offset."""
        if self.offset is not None and self.offset.longer:
            return f"unknown: the effect of {self.drug} lasts longer here, and no source states how long"
        if self.offset is None:
            return f"unknown: no packaged source states how long the effect of {self.drug} lasts after the stop"
        lasts, latest = self.offset.earliest, self.offset.latest
        window = f"the shortest of the {Span(lasts, latest)} that the source states"
        return f"the effect lasts {lasts} after the stop, {window}, and each agent sets in at its earliest"


def coverage(drug: str, stop: Offset | None, offset: OffsetWindow | None, doses: Sequence[AgentDose]) -> Coverage:
    """Return the coverage of a plan whose infusion of ``drug`` starts at 0 and ends at ``stop``."""
    agents = tuple(_agent(each, stop, offset) for each in _first_doses(doses))
    intervals = tuple(_intervals(drug, stop, offset, agents)) if stop else ()
    return Coverage(drug, stop, offset, agents, intervals, _all(agents))


def _all(agents: tuple[AgentCover, ...]) -> Gap:
    worst, best = [each.gap.worst for each in agents], [each.gap.best for each in agents]
    return Gap(_longest(worst), _longest(best))


def _longest(gaps: list[Fraction | None]) -> Fraction | None:
    known = [each for each in gaps if each is not None]
    # One unknown makes the whole unknown: the longest of those that are known would be a promise about the other.
    return max(known) if known and len(known) == len(gaps) else None


def _first_doses(doses: Sequence[AgentDose]) -> Iterator[AgentDose]:
    """Yield the dose of each agent that decides its onset: the first that is really given."""
    # A load that is only named, without a dose, sets in at no known time: it must not hide the maintenance dose.
    given = [each for each in doses if each.dose is not None or each.purpose != "load"]
    for agent in dict.fromkeys(each.agent.id for each in given):
        yield next(each for each in given if each.agent.id == agent)


def _agent(dose: AgentDose, stop: Offset | None, offset: OffsetWindow | None) -> AgentCover:
    onset = dose.agent.onset(dose.dose, dose.route or "")
    why = _why(dose, onset)
    if onset is None or dose.at is None or why:
        return AgentCover(dose, onset, None, None, why, Gap(None, None))
    earliest, latest = dose.at.plus(onset.earliest), dose.at.plus(onset.latest)
    return AgentCover(dose, onset, earliest, latest, "", _gap(earliest, latest, stop, offset))


def _why(dose: AgentDose, onset: Onset | None) -> str:
    reasons = ["its time is not stated"] if dose.at is None else []
    if onset is None:
        given = f"{dose.dose}" if dose.dose else "a dose that is not stated"
        load = "" if dose.purpose == "load" or dose.dose is None else " without a load"
        reasons.append(f"no source states an onset for {given} ({dose.route or 'route not stated'}){load}")
        if load and dose.agent.unloaded is not None:
            reasons.append(dose.agent.unloaded)
    if dose.agent.infused:
        reasons.append("it covers only while it runs, and its stop is not stated")
    return "; ".join(reasons)


def _gap(earliest: Offset, latest: Offset, stop: Offset | None, offset: OffsetWindow | None) -> Gap:
    if stop is None:
        return Gap(None, None)
    # Worst case: the infusion covers to its stop and not a minute longer, and the agent sets in at its latest.
    worst = max(Fraction(0), latest.seconds - stop.seconds)
    if offset is None or offset.longer:
        return Gap(worst, None)
    # Best case: platelet function comes back 4 h after the stop at the earliest, and the agent has set in as early as
    # any source says. Between the two nobody knows.
    return Gap(worst, max(Fraction(0), earliest.seconds - stop.plus(offset.earliest).seconds))


def _intervals(
    drug: str, stop: Offset, offset: OffsetWindow | None, agents: tuple[AgentCover, ...]
) -> Iterator[CoverageInterval]:
    ends = {Fraction(0), stop.seconds}
    if offset is not None and not offset.longer:
        ends |= {stop.plus(offset.earliest).seconds}
    for each in agents:
        times = (each.earliest, each.latest) if each.latest else (each.dose.at,)
        ends |= {time.seconds for time in times if time is not None and time.seconds > 0}
    # Whoever covers changes only at these times, so that one look at the beginning of each stretch is enough.
    ordered = sorted(ends)
    for start, end in zip(ordered, (*ordered[1:], None), strict=True):
        yield _interval(start, end, drug, stop, offset, agents)


def _interval(
    start: Fraction,
    end: Fraction | None,
    drug: str,
    stop: Offset,
    offset: OffsetWindow | None,
    agents: tuple[AgentCover, ...],
) -> CoverageInterval:
    running = (f"{drug} infusion",) if start < stop.seconds else ()
    # An effect of unknown length is never drawn as ended.
    lasting = offset is not None and (bool(offset.longer) or start < stop.plus(offset.earliest).seconds)
    fading = lasting and stop.seconds <= start
    covered = tuple(each.dose.agent.id for each in agents if each.latest and each.latest.seconds <= start)
    possible = tuple(
        each.dose.agent.id
        for each in agents
        if each.earliest and each.latest and each.earliest.seconds <= start < each.latest.seconds
    )
    unknown = tuple(
        each.dose.agent.id
        for each in agents
        if each.latest is None and (each.dose.at is None or each.dose.at.seconds <= start)
    )
    return CoverageInterval(
        start, end, (*running, *covered), (*((f"{drug} wearing off",) if fading else ()), *possible), unknown
    )
