"""The second route for `stop`: doses, times and windows, checked backward from the printed document itself.

Forward, a protocol is cut at the stop and dosed. Here the printed clock times and pump rates lead back to what was
typed, with no code of the first route. Where they disagree nothing is printed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from rescuecalc.backcheck.doses import (
    CalculationInputs,
    Document,
    DoubleCheckFailed,
    amount,
    check_doses,
    check_line,
    printed_amount,
)
from rescuecalc.backcheck.plan import check_times, stated_offset

_HOUR = 3600
_SECONDS = {"s": 1, "m": 60, "h": _HOUR, "d": 24 * _HOUR}


class StopGiven(NamedTuple):
    """What was typed and what the catalogue states: the doses, the two times, and bounds of the clearance.

    ``loads`` are the stated run times of the infusions before the last, ``clearance`` what was given of it.
    """

    doses: CalculationInputs
    started: str
    stopped: str
    loads: tuple[str, ...]
    clearance: str | None
    slower_below: tuple[str, ...]
    recent: str


def check_stop(document: Document, given: StopGiven) -> None:
    """Raise DoubleCheckFailed where a dose, a time or a window does not lead back to what was given."""
    check_times(document, document["start"])
    _check_typed(document, given)
    _check_patient(document, given)
    _check_doses(document, given)
    _check_total(document)
    check_line(document, given.doses)
    _check_effect(document, given)
    for count in document["counts"]:
        _check_count(count)
    _check_thrombolysis(document, amount(given.recent))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _seconds(offset: str) -> Fraction:
    """Return a typed offset in seconds: ``-2h30min`` is the sum of its parts, and ``+3 hrs`` are hours."""
    parts = re.findall(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) *([a-z]+)", offset)
    length = sum((Fraction(number) * _SECONDS[name[0]] for number, name in parts), Fraction(0))
    return -length if offset.strip(" ")[0] == "-" else length


def _check_typed(document: Document, given: StopGiven) -> None:
    """Compare what was typed with the printed times: clock with clock, and offsets with the elapsed time."""
    signs = [text.strip(" ")[:1] in {"+", "-"} for text in (given.started, given.stopped)]
    stop = document["stop_elapsed_seconds"]
    if all(signs) and (_seconds(given.stopped) - _seconds(given.started)).__floor__() != stop:
        raise DoubleCheckFailed("stop")
    if signs == [False, True] and _seconds(given.stopped).__floor__() != stop:
        raise DoubleCheckFailed("stop")
    for text, at in ((given.started, document["start"]), (given.stopped, document["stop_at"])):
        if at is not None and text.strip(" ")[:1].isdigit():
            typed, printed = _moment(text.strip(" ")), _moment(at)
            if (typed if typed.tzinfo else typed.replace(tzinfo=printed.tzinfo)) != printed:
                raise DoubleCheckFailed("clock time")
    if (printed_amount(document["ran"]) * _HOUR).__floor__() != stop:
        raise DoubleCheckFailed("time until the stop")


def _check_patient(document: Document, given: StopGiven) -> None:
    for name, text in (("dosing_weight", given.doses.weight), ("creatinine_clearance", given.clearance)):
        printed = document[name]
        if (printed is None) != (text is None) or (text is not None and printed_amount(printed) != amount(text)):
            raise DoubleCheckFailed(name)


def _check_doses(document: Document, given: StopGiven) -> None:
    """Check each infusion over the time that is left for it: a load as long as it is stated, the last to the stop."""
    left, runs = printed_amount(document["ran"]), []
    infusions: Sequence[Document] = document["infusions"]
    for place, _ in enumerate(infusions):
        runs.append(min(left, amount(given.loads[place])) if place < len(given.loads) else left)
        left -= runs[-1]
    if infusions and left:
        raise DoubleCheckFailed("infusion until the stop")
    # Rates are checked as for `dose`; how long each ran follows from the stop, and its volume from that.
    untimed = tuple(each._replace(run_time=None) for each in given.doses.infusions)
    rates = [{**each, "run_time": None, **_without_volume(each)} for each in infusions]
    check_doses(document["boluses"], rates, given.doses._replace(infusions=untimed))
    for each, hours in zip(infusions, runs, strict=True):
        _check_infused(each, hours)


def _without_volume(each: Document) -> Mapping[str, object]:
    options = [{**option, "vtbi": None, "exact_vtbi": None} for option in each["options"]]
    return {"vtbi": None, "exact_vtbi": None, "options": options}


def _check_infused(each: Document, hours: Fraction) -> None:
    _agrees("time of an infusion", each["run_time"], hours)
    _agrees("infused dose", each["infused_dose"], printed_amount(each["dose_rate"]) * hours)
    for one in (each, *each["options"]):
        if one["pump_rate"] is not None:
            _agrees("infused volume", one["vtbi"], printed_amount(one["pump_rate"]) * hours)
            _agrees("infused volume", one["exact_vtbi"], printed_amount(one["exact_pump_rate"]) * hours)
        elif one["vtbi"] is not None:
            raise DoubleCheckFailed("infused volume")
    if each["concentration"] is None:
        if each["delivered_dose"] is not None:
            raise DoubleCheckFailed("delivered dose")
        return
    _agrees(
        "delivered dose", each["delivered_dose"], printed_amount(each["vtbi"]) * printed_amount(each["concentration"])
    )


def _agrees(what: str, quantity: Document | None, expected: Fraction) -> None:
    if quantity is None or abs(printed_amount(quantity) - expected) > expected / 10**14:
        raise DoubleCheckFailed(what)


def _check_total(document: Document) -> None:
    total, weight, infusions = document["total"], document["dosing_weight"], document["infusions"]
    parts = [each["dose"] for each in document["boluses"]] + [each["infused_dose"] for each in infusions]
    _agrees("total dose", total["dose"], sum(map(printed_amount, parts), Fraction(0)))
    for each in infusions:
        per_kg = printed_amount(each["infused_dose"]) / printed_amount(weight)
        _agrees("infused dose per kg", each["infused_per_kg"], per_kg)
    given = [each["delivered"] for each in document["boluses"]] + [each["delivered_dose"] for each in infusions]
    if (None in given) != (total["delivered"] is None):
        raise DoubleCheckFailed("total delivered")
    if total["delivered"] is not None:
        _agrees("total delivered", total["delivered"], sum(map(printed_amount, given), Fraction(0)))
    for name in ("dose", "delivered"):
        per_kg = total[f"{name}_per_kg"]
        if (per_kg is None) != (weight is None or total[name] is None):
            raise DoubleCheckFailed("total per kg")
        if per_kg is not None:
            _agrees("total per kg", per_kg, printed_amount(total[name]) / printed_amount(weight))
    _check_volumes(document)


def _check_volumes(document: Document) -> None:
    """Check that the volumes, each at its concentration, hold what was delivered, and add up to the parts."""
    total = document["total"]
    if not total["volumes"]:
        if total["delivered"] is not None:
            raise DoubleCheckFailed("total volume")
        return
    dose_of_volumes = sum(
        (printed_amount(each["volume"]) * printed_amount(each["concentration"]) for each in total["volumes"]),
        Fraction(0),
    )
    _agrees("total volume", total["delivered"], dose_of_volumes)
    drawn = [printed_amount(each["volume"]) for each in document["boluses"]]
    drawn += [printed_amount(each["vtbi"]) for each in document["infusions"]]
    whole = sum((printed_amount(each["volume"]) for each in total["volumes"]), Fraction(0))
    if abs(whole - sum(drawn)) > whole / 10**14:
        raise DoubleCheckFailed("total volume")


def _check_effect(document: Document, given: StopGiven) -> None:
    """Compare the window with the hours in its own words; a clearance below a bound has no end."""
    made, stop = document["effect"], document["stop_elapsed_seconds"]
    ends = made["earliest_elapsed_seconds"], made["latest_elapsed_seconds"]
    if made["state"] != "expected":
        if ends != (None, None):
            raise DoubleCheckFailed("effect")
        return
    clearance = None if given.clearance is None else amount(given.clearance)
    if clearance is not None and any(clearance < amount(each) for each in given.slower_below):
        raise DoubleCheckFailed("effect at this clearance")
    if ends != stated_offset(made["words"], stop):
        raise DoubleCheckFailed("effect")


def _check_count(count: Document) -> None:
    ends = [each for each in (count["elapsed_seconds"], count["until_elapsed_seconds"]) if each is not None]
    if ends != list(_hours_after_start(count["words"])):
        raise DoubleCheckFailed("count")


def _hours_after_start(words: str) -> Iterator[int]:
    found = re.search(r"(?<!\d)(\d+)(?: to (\d+))? h after the start", words)
    yield from (int(each) * _HOUR for each in (found.groups() if found else ()) if each is not None)


def _check_thrombolysis(document: Document, recent: Fraction) -> None:
    lysis = document["thrombolysis"]
    if lysis is None or lysis["elapsed_seconds"] is None:
        return
    before = document["stop_elapsed_seconds"] - lysis["elapsed_seconds"]
    if lysis["before_stop_seconds"] != before or lysis["recent"] != (before <= recent * _HOUR):
        raise DoubleCheckFailed("thrombolysis")
