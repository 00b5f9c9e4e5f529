"""A plan as an iCalendar: an entry for each event that has a clock time, a to-do for each that has none.

Times are in UTC, so that elapsed time stays true in every calendar, also across a change of the clocks. The stamp of an
entry is the plan's own start: the same plan gives the same bytes.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar import Alarm, Calendar, Event, Todo

from rescuecalc.backcheck.doses import printed_amount
from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.document.regimen.bedside import of_severity
from rescuecalc.reporters.render.regimen.bedside_text import bedside_lines
from rescuecalc.reporters.render.regimen.plan_wording import GIVEN, headline

if TYPE_CHECKING:
    from fractions import Fraction

    from rescuecalc.core.quantities.quantity import Duration
    from rescuecalc.reporters.document.common_parts import Document


def plan_calendar(made: Document, facts: Document, lead: Duration) -> str:
    """Return the plan as an iCalendar (RFC 5545); the document has to have a start.

    Each change of a container has an alarm ``lead`` before the container is empty.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//rescuecalc//rescuecalc {made['rescuecalc']}//EN")
    calendar.add("version", "2.0")
    start = _moment(made["start"])
    for place, each in enumerate(made["events"]):
        entry = _entry(each, start) if each["at"] is not None else Todo()
        entry.add("uid", f"{_digest(made, place)}@rescuecalc")
        entry.add("dtstamp", start)
        entry.add("summary", _summary(each, made))
        entry.add("description", _description(each, made, facts))
        if each["event"] == "container-empty":
            entry.add_component(_alarm(each, made, lead))
        calendar.add_component(entry)
    text: bytes = calendar.to_ical()
    return text.decode("utf-8")


def _summary(each: Document, made: Document) -> str:
    """Return the title of an entry; with an error that of each dose says so, since a phone shows nothing else."""
    wrong = "DO NOT USE: " if each["event"] in GIVEN and of_severity(made, "error") else ""
    return f"{wrong}{headline(each, made)}{'' if each['at'] else ' (time not stated)'}"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _digest(made: Document, place: int) -> str:
    """Return a name for an entry that is the same for the same plan, and says nothing of the patient."""
    parts = (made["protocol"]["id"], made["start"], place, made["events"][place]["event"])
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _entry(each: Document, start: datetime) -> Event:
    entry = Event()
    at = start + timedelta(seconds=each["elapsed_seconds"])
    entry.add("dtstart", at)
    if each["repeats"]:
        entry.add("rrule", {**_frequency(printed_amount(each["every"])), "count": each["repeats"]})
    elif each["until_elapsed_seconds"] is not None:
        entry.add("dtend", start + timedelta(seconds=each["until_elapsed_seconds"]))
    return entry


def _alarm(each: Document, made: Document, lead: Duration) -> Alarm:
    """Return what calls a nurse before a container is empty, and not when it is."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    # Up to whole seconds, so that the alarm never comes later than the lead.
    alarm.add("trigger", -timedelta(seconds=lead.value_in("s").__ceil__()))
    rates = ", then ".join(
        dict.fromkeys(f"{people(one['pump_rate'])} of {people(one['concentration'])}" for one in made["infusions"])
    )
    alarm.add("description", f"{made['protocol']['drug']}: {each['detail']} (in {lead}); {rates}")
    return alarm


def _frequency(hours: Fraction) -> dict[str, object]:
    """Return how often, in hours or minutes; never in days, which may have 23 or 25 hours."""
    if hours.denominator == 1:
        return {"freq": "HOURLY", "interval": hours.numerator}
    return {"freq": "MINUTELY", "interval": (hours * 60).__ceil__()}


def _description(each: Document, made: Document, facts: Document) -> str:
    """Return what the event says; the first carries the findings and what no option hides: they travel along."""
    lines = [f"{each['detail']} [{each['stated']}]"]
    if each["elapsed"]:
        lines.append(f"{each['elapsed']} after the start of the first infusion")
    if each["event"] in {"bolus", "infusion-start"}:
        lines += [f"{one['severity'].upper()} {one['code']} {one['message']}" for one in made["findings"]]
        lines += bedside_lines(made, facts)
    return "\n".join(lines)
