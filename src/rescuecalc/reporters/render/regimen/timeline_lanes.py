"""The lanes of a plan's timeline: what the drawing in characters and the picture have in common.

Everything is read from the document. What has no time is listed in words, never placed.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.regimen.schedule import clock_time
from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.render.regimen.plan_wording import headline, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rescuecalc.reporters.document.common_parts import Document

COVERS, POSSIBLE, UNKNOWN, GAP, WINDOW = "covers", "possible", "unknown", "gap", "window"
"""What a bar means."""

_HOUR: Final = 3600
_EARLIEST: Final = -30 * _HOUR
"""What lies longer before the start is said in words: drawn, it would press the plan itself together."""

_MARKED: Final = {
    "thrombolysis": "imaging",
    "repeat-imaging": "imaging",
    "neuro-and-bp-checks": "neuro and BP",
    "platelets-baseline": "blood count",
    "platelets-early": "blood count",
    "platelets-daily": "blood count",
    "platelets-late": "blood count",
}


class Bar(NamedTuple):
    """A stretch in seconds after the start; ``text`` is what people read on it."""

    start: int
    end: int
    kind: str
    text: str = ""


class Mark(NamedTuple):
    """A moment in seconds after the start."""

    at: int
    text: str = ""


class Lane(NamedTuple):
    """One row of the timeline."""

    name: str
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


class Timeline(NamedTuple):
    """Lanes between ``begin`` and ``end`` seconds; ``outside`` lies beyond them, ``unplaced`` has no time."""

    lanes: tuple[Lane, ...]
    begin: int
    end: int
    outside: tuple[str, ...]
    unplaced: tuple[str, ...]
    start: datetime | None

    def clock(self, seconds: int) -> datetime | None:
        """Return the clock time in the zone of the start; elapsed time is real time."""
        return clock_time(seconds, self.start)

    def change(self) -> tuple[int, str] | None:
        """Return when the clocks change within the timeline and what from and to, None where they do not."""
        hours = range(self.begin, self.end + 1, _HOUR)
        for before, after in pairwise(hours):
            first, second = self.clock(before), self.clock(after)
            if first is not None and second is not None and first.utcoffset() != second.utcoffset():
                low, high = before, after
                while high - low > 1:
                    middle = (low + high) // 2
                    moment = self.clock(middle)
                    same = moment is not None and moment.utcoffset() == first.utcoffset()
                    low, high = (middle, high) if same else (low, middle)
                return high, f"clocks change from {_zone(first)} to {_zone(second)}"
        return None


def _zone(at: datetime) -> str:
    return at.isoformat()[19:]


def timeline(made: Document) -> Timeline | None:
    """Return the timeline of a `bridge` or `plan` document, None where it has no infusion to count from."""
    cover = made["coverage"]
    stop = cover["stop_elapsed_seconds"]
    if stop is None:
        return None
    begin, end = _ends(made)
    lanes = [lane for lane in _lanes(made, stop, begin, end) if lane.bars or lane.marks]
    timed = [each for each in made["events"] if each["elapsed_seconds"] is not None]
    outside = tuple(
        f"{headline(each, made)}: {each['elapsed']}" for each in timed if not begin <= each["elapsed_seconds"] <= end
    )
    unplaced = tuple(headline(each, made) for each in made["events"] if each["elapsed_seconds"] is None)
    return Timeline(tuple(lanes), begin, end, outside, unplaced, start_of(made))


def _ends(made: Document) -> tuple[int, int]:
    """Return from when to when is drawn: to the end of the offset window, and until every known onset."""
    cover = made["coverage"]
    after = _LONGER if _is_longer(cover) else _HOUR
    last = [cover["stop_elapsed_seconds"] + after, cover["offset_latest_elapsed_seconds"] or 0]
    last += [each["latest_elapsed_seconds"] + _HOUR for each in cover["agents"] if each["unknown"] is None]
    last += [
        each["elapsed_seconds"] for each in made["events"] if each["event"] == "repeat-imaging" and each["elapsed"]
    ]
    first = [each["elapsed_seconds"] for each in made["events"] if each["elapsed_seconds"] is not None]
    begin, end = max(min(0, *first), _EARLIEST), max(last)
    return (begin // _HOUR) * _HOUR, -(-end // _HOUR) * _HOUR


def _lanes(made: Document, stop: int, begin: int, end: int) -> Iterator[Lane]:
    yield _infusion(made, stop)
    yield _containers(made, stop)
    for each in made["coverage"]["agents"]:
        yield _agent(each, end)
    yield _coverage(made, end)
    yield _gap(made["coverage"], stop, end)
    yield _offset(made["coverage"], stop, end)
    for name in dict.fromkeys(_MARKED.values()):
        yield Lane(name, (), tuple(_marks(made, name, begin, end)))


def _infusion(made: Document, stop: int) -> Lane:
    bars, begin = [], 0
    for each in made["infusions"]:
        # The last one ends where the document says that the infusion stops.
        last = each is made["infusions"][-1]
        finish = stop if last else begin + int(each["run_time"]["value"] * _SECONDS[each["run_time"]["unit"]])
        rate = people(each["pump_rate"]) if each["pump_rate"] else people(each["dose_rate_per_kg"])
        bars.append(Bar(begin, finish, COVERS, rate))
        begin = finish
    boluses = [each for each in made["events"] if each["event"] == "bolus"]
    marks = [
        Mark(each["elapsed_seconds"], f"{made['boluses'][0]['called']} {people(each['dose'])}") for each in boluses
    ]
    return Lane(f"{made['protocol']['drug']}", tuple(bars), tuple(marks))


_SECONDS: Final = {"h": 3600, "min": 60, "s": 1, "day": 86400}


def _containers(made: Document, stop: int) -> Lane:
    changes = [each["elapsed_seconds"] for each in made["events"] if each["event"] == "container-empty"]
    uses = [use for each in made["infusions"] for use in each["containers"]]
    if not uses:
        return Lane("containers", (), ())
    ends = [0, *changes, stop]
    bars = [Bar(begin, finish, COVERS, str(place + 1)) for place, (begin, finish) in enumerate(pairwise(ends))]
    return Lane("containers", tuple(bars), tuple(Mark(each, "change before") for each in changes))


def _agent(each: Document, end: int) -> Lane:
    at = each["elapsed_seconds"]
    if at is None:
        return Lane(each["drug"], (), ())
    given = Mark(at, people(each["dose"]) if each["dose"] else "dose not stated")
    if each["unknown"] is not None:
        return Lane(each["drug"], (Bar(at, end, UNKNOWN, "onset unknown"),), (given,))
    early, late = each["earliest_elapsed_seconds"], each["latest_elapsed_seconds"]
    bars = (Bar(early, late, POSSIBLE), Bar(late, end, COVERS))
    return Lane(each["drug"], tuple(bar for bar in bars if bar.end > bar.start), (given,))


def _coverage(made: Document, end: int) -> Lane:
    bars: list[Bar] = []
    for each in made["coverage"]["intervals"]:
        kinds = ((COVERS, "covered_by"), (POSSIBLE, "possibly_by"), (UNKNOWN, "unknown"))
        kind = next((kind for kind, key in kinds if each[key]), None)
        finish = each["to_elapsed_seconds"] if each["to_elapsed_seconds"] is not None else end
        if kind is not None and each["from_elapsed_seconds"] < min(finish, end):
            begin = bars.pop().start if bars and bars[-1].kind == kind else each["from_elapsed_seconds"]
            bars.append(Bar(begin, min(finish, end), kind))
    return Lane("any of these", tuple(bars), ())


def _gap(cover: Document, stop: int, end: int) -> Lane:
    """Return the worst case from the stop until every agent has set in; where it is unknown, so is its end."""
    worst = cover["gap"]["worst_minutes"]
    if worst is None:
        return Lane("gap, worst case", (Bar(stop, end, UNKNOWN, "unknown"),), ())
    latest = max(each["latest_elapsed_seconds"] for each in cover["agents"])
    bars = (Bar(stop, latest, GAP, cover["gap"]["worst"]),) if worst else ()
    return Lane("gap, worst case", bars, ())


_LONGER: Final = 8 * _HOUR
"""What is drawn after a stop whose effect has no stated end."""


def _is_longer(cover: Document) -> bool:
    """Whether the effect after the stop lasts longer than the source states, and has no end."""
    last = cover["intervals"][-1] if cover["intervals"] else None
    return last is not None and f"{cover['drug']} wearing off" in last["possibly_by"]


def _offset(cover: Document, stop: int, end: int) -> Lane:
    if _is_longer(cover):
        return Lane("offset", (Bar(stop, end, UNKNOWN, "longer, unknown"),), ())
    begin, finish = cover["offset_earliest_elapsed_seconds"], cover["offset_latest_elapsed_seconds"]
    bars = (Bar(begin, finish, WINDOW, "recovering"),) if begin is not None else ()
    return Lane("offset", bars, ())


def _marks(made: Document, name: str, begin: int, end: int) -> Iterator[Mark]:
    for each in made["events"]:
        if _MARKED.get(each["event"]) != name or each["elapsed_seconds"] is None:
            continue
        if each["repeats"]:
            step = (each["until_elapsed_seconds"] - each["elapsed_seconds"]) // (each["repeats"] - 1)
            times = [each["elapsed_seconds"] + step * place for place in range(each["repeats"])]
        else:
            times = [each["elapsed_seconds"]]
        words = {"thrombolysis": "thrombolysis", "repeat-imaging": "CT or MRI"}.get(each["event"], "")
        yield from (Mark(at, words) for at in times if begin <= at <= end)
