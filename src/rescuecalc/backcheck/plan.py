"""The second route for a plan: its times and gaps, checked backward from the printed document itself.

Forward, coverage and events are built from quantities. Here the printed clock times, windows, series and gaps are held
against each other and against the words beside them, with no code of the first route. Where they disagree nothing is
printed.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from rescuecalc.backcheck.doses import Document, DoubleCheckFailed, amount, printed_amount, seconds_of

_HOUR = 3600


def check_plan(document: Document) -> None:
    """Raise DoubleCheckFailed where a time, a series, the overlap or a gap does not lead back to the others."""
    check_times(document, document["start"])
    _check_stop(document)
    for event in document["events"]:
        _check_series(event)
        _check_words(event, document["coverage"])
    _check_overlap(document)
    _check_doses(document)
    _check_regimen_times(document)
    _check_watched(document)
    _check_thrombolysis(document)
    _check_coverage(document["coverage"])


def check_times(document: Document, start: str | None) -> None:
    """Raise DoubleCheckFailed where the names of one time differ, anywhere in ``document``."""
    for each in _mappings(document):
        _check_times(each, start)


def _mappings(value: Any) -> Iterator[Document]:
    # By the types themselves: a document has some thousand places, and nothing but dicts, lists and plain values.
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            if isinstance(each, dict | list | tuple):
                yield from _mappings(each)


def _check_times(each: Document, start: str | None) -> None:
    """Hold the three names of each time against each other: clock, hours:minutes:seconds, seconds."""
    for key in [key for key in each if key.endswith("elapsed_seconds")]:
        prefix = key.removesuffix("elapsed_seconds")
        seconds, text, at = each[key], each[f"{prefix}elapsed"], each.get(f"{prefix}at")
        if (seconds is None) != (text is None) or (text is not None and seconds_of(text) != seconds):
            raise DoubleCheckFailed("elapsed time")
        if (at is None) != (start is None or seconds is None):
            raise DoubleCheckFailed("clock time")
        if at is not None and start is not None and _moment(at) - _moment(start) != timedelta(seconds=seconds):
            raise DoubleCheckFailed("clock time")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _check_stop(document: Document) -> None:
    stops = [each["elapsed_seconds"] for each in document["events"] if each["event"] == "infusion-stop"]
    run = sum(printed_amount(each["run_time"]) for each in document["infusions"]) * _HOUR
    expected = Fraction(run).__floor__() if document["infusions"] else None
    if stops != [each for each in (expected,) if each is not None]:
        raise DoubleCheckFailed("stop")
    if document["coverage"]["stop_elapsed_seconds"] != expected:
        raise DoubleCheckFailed("stop")


def _check_series(event: Document) -> None:
    if event["repeats"] is None:
        return
    step = printed_amount(event["every"]) * _HOUR
    if event["until_elapsed_seconds"] - event["elapsed_seconds"] != step * (event["repeats"] - 1):
        raise DoubleCheckFailed("series")


def stated_offset(words: str, stop: int) -> tuple[Fraction, ...]:
    """Return the seconds, counted from the start, of a window that words state after the stop; empty where none is."""
    found = re.search(r"(?<!\d)(\d+) to (\d+) (h|min) after the stop", words)
    return tuple(stop + amount(f"{found[end]} {found[3]}") * _HOUR for end in (1, 2)) if found else ()


def _check_words(event: Document, coverage: Document) -> None:
    """Hold the times of offset and assay against the numbers in their own words."""
    stop = coverage["stop_elapsed_seconds"]
    if event["event"] == "platelet-function-back":
        if event["elapsed_seconds"] is None:  # it lasts longer, and nobody says how long
            if coverage["offset_earliest_elapsed_seconds"] is not None or coverage["gap"]["best_minutes"] is not None:
                raise DoubleCheckFailed("offset")
            return
        ends = stated_offset(event["detail"], stop)
        if ends != (event["elapsed_seconds"], event["until_elapsed_seconds"]):
            raise DoubleCheckFailed("offset")
        if ends != (coverage["offset_earliest_elapsed_seconds"], coverage["offset_latest_elapsed_seconds"]):
            raise DoubleCheckFailed("offset")
    if event["event"] == "assay-valid-from":
        found = re.search(r"not within (\d+) days", event["detail"])
        if found is None or event["elapsed_seconds"] != stop + amount(f"{found[1]} days") * _HOUR:
            raise DoubleCheckFailed("assay")


def _check_overlap(document: Document) -> None:
    times = [each["elapsed_seconds"] for each in document["antiplatelets"] if each["elapsed_seconds"] is not None]
    stop, overlap = document["coverage"]["stop_elapsed_seconds"], document["overlap"]
    if overlap is None:
        return
    # Printed times are cut to the second; the overlap is exact.
    if not 0 <= stop - printed_amount(overlap) * _HOUR - min(times) < 1:
        raise DoubleCheckFailed("overlap")
    if [each["elapsed_seconds"] for each in document["events"] if each["event"] == "overlap"] != [min(times)]:
        raise DoubleCheckFailed("overlap")


def _check_doses(document: Document) -> None:
    """Hold the events of a drug against the doses that the document holds elsewhere."""
    events = document["events"]
    for names, made in (
        ({"bolus"}, [each["dose"] for each in document["boluses"]]),
        ({"infusion-start", "pump-rate-change"}, [each["dose_rate_per_kg"] for each in document["infusions"]]),
    ):
        if [each["dose"] for each in events if each["event"] in names] != made:
            raise DoubleCheckFailed("event dose")
    planned = [(each["drug"], each["elapsed_seconds"], each["dose"]) for each in document["antiplatelets"]]
    printed = [
        (each["drug"], each["elapsed_seconds"], each["dose"])
        for each in events
        if each["event"].startswith("antiplatelet-")
    ]
    if sorted(map(repr, planned)) != sorted(map(repr, printed)):
        raise DoubleCheckFailed("antiplatelet event")
    assays = [each["elapsed_seconds"] for each in document["reactivity"]]
    if sorted(map(repr, assays)) != sorted(repr(e["elapsed_seconds"]) for e in events if e["event"] == "assay"):
        raise DoubleCheckFailed("assay event")


def _bolus_time(each: Document) -> int:
    if each["after_start"]:
        return (printed_amount(each["after_start"]) * _HOUR).__floor__()
    return -(printed_amount(each["give_over"]) * _HOUR).__floor__() if each["give_over"] else 0


def _check_regimen_times(document: Document) -> None:
    """Hold boluses, rates and container changes against the times that the regimen itself is printed with."""
    begins, elapsed = [], Fraction(0)
    for each in document["infusions"]:
        begins.append(elapsed.__floor__())
        elapsed += printed_amount(each["run_time"]) * _HOUR
    boluses = [_bolus_time(each) for each in document["boluses"]]
    used = [use for each in document["infusions"] for use in each["containers"]]
    # The last container may be empty at the stop itself: nothing is changed then.
    empty = {seconds_of(use["empty_elapsed"]) for use in used[:-1] if use["empty_elapsed"] is not None}
    if _times(document, "infusion-start", "pump-rate-change") != begins:
        raise DoubleCheckFailed("infusion start")
    if _times(document, "bolus") != sorted(boluses):
        raise DoubleCheckFailed("bolus time")
    if _times(document, "container-empty") != sorted(empty):
        raise DoubleCheckFailed("container change")


def _times(document: Document, *names: str) -> list[int | None]:
    return [each["elapsed_seconds"] for each in document["events"] if each["event"] in names]


def _check_watched(document: Document) -> None:
    """Hold counts and screening against what they come before, and against their own words."""
    given = [each["elapsed_seconds"] for each in document["events"] if each["drug"] is not None]
    first = min((each for each in given if each is not None), default=0)
    by_mouth = [each["elapsed_seconds"] for each in document["antiplatelets"] if each["route"] in {None, "PO", "NG"}]
    oral = min((each for each in by_mouth if each is not None), default=None)
    for event in document["events"]:
        name, elapsed = event["event"], event["elapsed_seconds"]
        hours = re.search(r"(?<!\d)(\d+) to (\d+) h after the start", event["detail"])
        ends = tuple(int(each) * _HOUR for each in hours.groups()) if hours else None
        if name == "platelets-baseline" and elapsed != first:
            raise DoubleCheckFailed("baseline")
        if name in {"platelets-early", "platelets-late"} and ends != (elapsed, event["until_elapsed_seconds"]):
            raise DoubleCheckFailed("count")
        if name == "platelets-daily" and elapsed != amount("1day") * _HOUR:
            raise DoubleCheckFailed("count")
        if name == "swallow-screen" and elapsed != oral:
            raise DoubleCheckFailed("swallow screen")


def _check_thrombolysis(document: Document) -> None:
    """Hold imaging and checks against the thrombolysis that they count from, by the words beside them."""
    lysis = document["thrombolysis"]
    at = lysis["elapsed_seconds"] if lysis is not None else None
    begin = at
    for event in document["events"]:
        name, elapsed = event["event"], event["elapsed_seconds"]
        if name == "thrombolysis" and elapsed != at:
            raise DoubleCheckFailed("thrombolysis")
        hours = re.search(r"until (\d+) h after the thrombolysis", event["detail"])
        if name == "repeat-imaging" and at is not None and (hours is None or elapsed != at + int(hours[1]) * _HOUR):
            raise DoubleCheckFailed("imaging")
        if name == "imaging-not-clean" and elapsed != next(
            each["elapsed_seconds"] for each in document["events"] if each["event"] == "repeat-imaging"
        ):
            raise DoubleCheckFailed("imaging")
        if name == "neuro-and-bp-checks" and begin is not None:
            if elapsed != begin + printed_amount(event["every"]) * _HOUR:
                raise DoubleCheckFailed("checks")
            begin = event["until_elapsed_seconds"]


def _check_coverage(coverage: Document) -> None:
    stop, back = coverage["stop_elapsed_seconds"], coverage["offset_earliest_elapsed_seconds"]
    for each in coverage["agents"]:
        known = each["unknown"] is None
        ends: list[int | None] = [None, None]
        if known:
            ends = [
                (each["elapsed_seconds"] + printed_amount(each[name]) * _HOUR).__floor__()
                for name in ("onset_earliest", "onset_latest")
            ]
        if ends != [each["earliest_elapsed_seconds"], each["latest_elapsed_seconds"]]:
            raise DoubleCheckFailed("onset")
        _is_gap(each["gap"], _minutes(ends[1], stop), _minutes(ends[0], back))
    gaps = [each["gap"] for each in coverage["agents"]]
    worst, best = ({_longest([each[name] for each in gaps])} for name in ("worst_minutes", "best_minutes"))
    _is_gap(coverage["gap"], worst, best)
    _check_intervals(coverage["intervals"])


def _minutes(end: int | None, begin: int | None) -> set[int | None]:
    """Return what a gap may be in minutes, rounded up: a printed time is cut to the second."""
    if end is None or begin is None:
        return {None}
    return {max(0, -((begin - each) // 60)) for each in (end, end + 1)}


def _longest(gaps: list[int | None]) -> int | None:
    return None if not gaps or None in gaps else max(each for each in gaps if each is not None)


def _is_gap(gap: Document, worst: set[int | None], best: set[int | None]) -> None:
    for name, allowed in (("worst", worst), ("best", best)):
        minutes = gap[f"{name}_minutes"]
        text = "unknown" if minutes is None else f"{minutes} min"
        if minutes not in allowed or gap[name] != text:
            raise DoubleCheckFailed("gap")


def _check_intervals(intervals: Sequence[Document]) -> None:
    """Check that the intervals lie end to end from the start on, the last without an end."""
    begin: int | None = 0
    for each in intervals:
        if each["from_elapsed_seconds"] != begin or begin is None:
            raise DoubleCheckFailed("intervals")
        begin = each["to_elapsed_seconds"]
    if intervals and begin is not None:
        raise DoubleCheckFailed("intervals")
