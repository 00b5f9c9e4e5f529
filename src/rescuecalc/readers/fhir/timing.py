"""FHIR's Timing: how long, how often, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, NamedTuple

from rescuecalc.core.orders.order import Defect
from rescuecalc.core.orders.text.frequency import exactly_daily
from rescuecalc.core.quantities.decimal_text import plain, quoted, significant
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.core.quantities.units import how_many, unit
from rescuecalc.fhir.elements import REPEAT, TIMING
from rescuecalc.fhir.systems import UCUM
from rescuecalc.readers.document_shape import UNREADABLE_VALUE, is_a, known_names, mapping, sequence, unknown_value
from rescuecalc.readers.fhir.amount import read_amount
from rescuecalc.readers.json_tree import JsonNumber

STATED_TWICE: Final = "RC239"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WORDS: Final = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_CODES: Final = {
    "QD": "daily",
    "BID": "twice daily",
    "TID": "3 times daily",
    "QID": "4 times daily",
    "QOD": "every other day",
    "AM": "every morning",
    "PM": "every evening",
    "BED": "nightly",
    "Q1H": "every hour",
    "Q2H": "every 2 hours",
    "Q3H": "every 3 hours",
    "Q4H": "every 4 hours",
    "Q6H": "every 6 hours",
    "Q8H": "every 8 hours",
    "WK": "weekly",
    "MO": "monthly",
}
_DAILY: Final = "daily"
_MOST: Final = 1000
_LONGEST: Final = 9
"""Characters of a number of times, or of a period."""


class Timed(NamedTuple):
    """What a Timing says: how long one administration takes, how long the whole, how often, and from when until when.

    The moments are exact seconds since 1970, of clock times with an offset alone. ``at`` is where each stands;
    ``unread_period`` where a period does that ends and says no such times. The longest of a duration or of bounds that
    are a range stands beside their shortest.
    """

    duration: Duration | None = None
    bounds: Duration | None = None
    frequency: str | None = None
    start: Fraction | None = None
    stop: Fraction | None = None
    at: dict[str, str] = {}  # noqa: RUF012  # never written to
    unread_period: str | None = None
    longest_duration: Duration | None = None
    longest_bounds: Duration | None = None

    @property
    def is_range(self) -> bool:
        """Whether it leaves open how long it takes."""
        return self.longest_duration is not None or self.longest_bounds is not None

    def at_most(self) -> Timed:
        """Return what it says at the longest of its ranges."""
        at = self.at | ({"duration": f"{self.at['duration']}Max"} if self.longest_duration is not None else {})
        duration, bounds = self.longest_duration or self.duration, self.longest_bounds or self.bounds
        return self._replace(duration=duration, bounds=bounds, at=at)


def read_timing(data: Any, pointer: str, defects: list[Defect]) -> Timed:
    """Return what a Timing says; what it leaves out is None."""
    if not is_a(dict, data, pointer, defects):
        return Timed()
    known_names(data, TIMING, pointer, defects)
    repeat, where = mapping(data, "repeat", pointer, defects), f"{pointer}/repeat"
    known_names(repeat, REPEAT, where, defects)
    period = mapping(repeat, "boundsPeriod", where, defects)
    events = sequence(data, "event", pointer, defects)
    begins = f"{pointer}/event/0" if events else f"{where}/boundsPeriod/start"
    ends = f"{where}/boundsPeriod/end"
    bounds = _bounds(repeat, where, defects)
    often = _one_of(_frequency(repeat, where, defects), _by_code(data, pointer, defects), f"{pointer}/code", defects)
    often = often or _of_events(events)
    if often == _DAILY and bounds.shortest is not None and bounds.shortest.value_in("day") <= 1:
        often = "once"  # daily, for one day
    start = moment(events[0] if len(events) == 1 else period.get("start"), begins, defects)
    stop = moment(period.get("end"), ends, defects) if not events else None
    is_unread = period.get("end") is not None and None in {start, stop}
    if start is not None and stop is not None and stop <= start:
        stop = None  # which was reported
    return Timed(
        duration=_length(repeat, "duration", where, defects),
        bounds=bounds.shortest,
        frequency=often,
        start=start,
        stop=stop,
        unread_period=f"{where}/boundsPeriod" if is_unread else None,
        longest_duration=_length(repeat, "durationMax", where, defects),
        longest_bounds=bounds.longest,
        at={
            "duration": f"{where}/duration",
            "bounds": bounds.pointer,
            "frequency": where if repeat else f"{pointer}/code",
            "start": begins,
            "stop": ends,
        },
    )


class _Bounds(NamedTuple):
    """How long the whole takes, where that stands, and where it is a range its longest."""

    shortest: Duration | None
    pointer: str
    longest: Duration | None = None


def _bounds(repeat: dict[str, Any], pointer: str, defects: list[Defect]) -> _Bounds:
    """Return the bounds that a Timing states in one of three ways."""
    at = next((f"{pointer}/{name}" for name in _BOUNDS if repeat.get(name) is not None), f"{pointer}/{_BOUNDS[0]}")
    if repeat.get("boundsRange") is not None:
        ends = mapping(repeat, "boundsRange", pointer, defects)
        low, high = (read_duration(ends.get(end), f"{at}/{end}", defects) for end in ("low", "high"))
        return _Bounds(low or high, at, high if low is not None else None)
    if repeat.get("boundsPeriod") is not None:
        return _Bounds(_from_start_to_end(mapping(repeat, "boundsPeriod", pointer, defects), at, defects), at)
    return _Bounds(read_duration(repeat.get(_BOUNDS[0]), at, defects), at)


_BOUNDS: Final = ("boundsDuration", "boundsRange", "boundsPeriod")


def _from_start_to_end(period: dict[str, Any], pointer: str, defects: list[Defect]) -> Duration | None:
    """Return the length of a period of two times with their offsets; one that ends before it begins is a defect."""
    start, end = (moment(period.get(name), f"{pointer}/{name}", []) for name in ("start", "end"))
    if start is None or end is None:
        return None
    if end <= start:
        message = f"the period ends at {period['end']}, which is not after its start at {period['start']}"
        defects.append(Defect(UNREADABLE_VALUE, message, f"{pointer}/end", str(period["end"])))
        return None
    return Duration((end - start) * how_many("h", "s"), unit("h"))


def _one_of(repeat: str | None, code: str | None, pointer: str, defects: list[Defect]) -> str | None:
    """Return how often by the numbers, else by the code; a defect where the code says other than the numbers."""
    if repeat is None or code is None:
        return repeat or code
    repeated, coded = exactly_daily(repeat), exactly_daily(code)
    if repeated and coded and repeated != coded:
        defects.append(Defect(STATED_TWICE, f"one dosage says {repeat} and {code}", pointer, code, repeat))
    return repeat


def read_duration(data: Any, pointer: str, defects: list[Defect]) -> Duration | None:
    """Return a Quantity of time."""
    amount = read_amount(data, pointer, defects) if data is not None else None
    field = amount.as_field() if amount is not None else None
    return field[1] if field is not None and isinstance(field[1], Duration) and field[1].magnitude else None


def moment(text: Any, pointer: str, defects: list[Defect]) -> Fraction | None:
    """Return a clock time with its offset as exact seconds since 1970; a day alone is no time."""
    if not isinstance(text, str) or "T" not in text:
        return None
    try:
        since = datetime.fromisoformat(text) - _EPOCH
    except ValueError:
        message = f"cannot read {quoted(text)} as a time; write one as 2026-03-28T20:00:00+01:00"
        defects.append(Defect(UNREADABLE_VALUE, message, pointer, text))
        return None
    except TypeError:  # a clock time without its offset is no moment
        return None
    return since.days * 86400 + since.seconds + Fraction(since.microseconds, 1_000_000)


def _length(repeat: dict[str, Any], name: str, pointer: str, defects: list[Defect]) -> Duration | None:
    """Return a duration, or the most of one, in the unit of both."""
    value, unit_code = repeat.get(name), _unit(repeat, "durationUnit", pointer, defects)
    if value is None or unit_code is None:
        return None
    return read_duration({"value": value, "system": UCUM, "code": unit_code}, f"{pointer}/{name}", defects)


def _unit(repeat: dict[str, Any], name: str, pointer: str, defects: list[Defect]) -> str | None:
    code = repeat.get(name)
    if not is_a(str, code, f"{pointer}/{name}", defects):
        return None
    if code not in _WORDS:
        defects.append(unknown_value(str(code), tuple(_WORDS), f"{pointer}/{name}"))
        return None
    return str(code)


def _frequency(repeat: dict[str, Any], pointer: str, defects: list[Defect]) -> str | None:
    """Return how often at the most, in words; None where nothing says so. A time of day is one of every day."""
    unit = _unit(repeat, "periodUnit", pointer, defects)
    in_all = max((_positive_integer(repeat.get(name)) or 0 for name in ("count", "countMax")), default=0)
    moments = [len(sequence(repeat, name, pointer, defects)) for name in ("timeOfDay", "when")]
    counts = [_positive_integer(repeat.get(name)) or 0 for name in ("frequency", "frequencyMax")]
    times, period = max(1, *moments, *counts), _period(repeat.get("period"))
    if in_all == 1 and times == 1:  # several times of a day are as many doses, whatever the count says
        return "once"
    if unit is None or period is None:
        daily = _often(times, "1", "d") if any(moments) else None
        often = daily or (f"{times} times" if times > 1 else None)
    else:
        often = _often(times, *_longest_whole_unit(period, unit))
    if not in_all:
        return often
    return f"{often}, {in_all} doses" if often is not None else f"{in_all} doses"


def _of_events(events: list[Any]) -> str | None:
    """Return how often listed times come: so many doses, the two nearest of them so far apart."""
    times = sorted(each for each in (moment(text, "", []) for text in events) if each is not None)
    apart = min((later - one for one, later in pairwise(times)), default=Fraction(0))
    if len(events) < 2:  # noqa: PLR2004  # one time is a start
        return None
    return f"{_often(1, *_longest_whole_unit(apart, 's'))}, {len(events)} doses" if apart else f"{len(events)} doses"


def _often(times: int, period: str, unit: str) -> str:
    if (unit, period) == ("d", "1"):
        return {1: _DAILY, 2: "twice daily"}.get(times, f"{times} times daily")
    span = _WORDS[unit] if period == "1" else f"{period} {_WORDS[unit]}s"
    return f"every {span}" if times == 1 else f"{times} times every {span}"


_ATOMS: Final = {"d": "day", "h": "h", "min": "min", "s": "s"}
"""The units of a period that are multiples of each other, the longest first."""


def _longest_whole_unit(period: Fraction, unit: str) -> tuple[str, str]:
    """Return a period in the longest unit of which it is a whole number; 1,440 min are a day."""
    for other in _ATOMS if unit in _ATOMS else ():
        number = period * how_many(_ATOMS[other], _ATOMS[unit])
        if number.denominator == 1:
            return str(number), other
    return plain(significant(period, _LONGEST)), unit


def _period(value: Any) -> Fraction | None:
    """Return a period above 0, of at most nine characters."""
    if not isinstance(value, JsonNumber) or len(value) > _LONGEST:
        return None
    try:
        number = Fraction(value)
    except (ValueError, ZeroDivisionError):
        return None
    return number if number > 0 else None


def _positive_integer(value: Any) -> int | None:
    """Return a whole number from 1 on; ``24.0`` is 24, and half an hour is none."""
    number = _period(value)
    return int(number) if number is not None and number.denominator == 1 and number <= _MOST else None


def _by_code(data: dict[str, Any], pointer: str, defects: list[Defect]) -> str | None:
    code = mapping(data, "code", pointer, defects)
    for place, each in enumerate(sequence(code, "coding", f"{pointer}/code", defects)):
        if is_a(dict, each, f"{pointer}/code/coding/{place}", defects) and str(each.get("code")) in _CODES:
            return _CODES[str(each["code"])]
    text = code.get("text")
    return text if is_a(str, text, f"{pointer}/code/text", defects) else None
