"""The maintenance infusions of a set, and how long each runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.quantities.units import how_many
from rescuecalc.rules.facts.text.order_text import with_text_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Duration
    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.rules.base.knowledge import Subject


_HOUR: Final = how_many("s", "h")


def maintenance(subject: Subject) -> Iterator[tuple[Order, Duration]]:
    """Yield the maintenance infusions with how long they run; a second bag is one with the first."""
    courses: dict[tuple[object, ...], list[tuple[Order, Duration]]] = {}
    for order in (with_text_time(each, subject) for each in subject.order_set.orders):
        run_time = order.lasts
        if order.given_as == "infusion" and not order.load and run_time is not None:
            others = tuple(each.text for each in order.when)
            key = (order.fields.get("dose_rate_per_kg"), order.texts.get("weight"), others, order.choose_one)
            courses.setdefault(key, []).append((order, run_time))
    for each in courses.values():
        yield from (_in_one(each) or each)


def _in_one(course: list[tuple[Order, Duration]]) -> list[tuple[Order, Duration]] | None:
    """Return infusions of which each starts when the one before it ends as the first, for as long as all; else None."""
    timed = sorted((order.start, place) for place, (order, _) in enumerate(course) if order.start is not None)
    if len(course) == 1 or len(timed) < len(course):
        return None
    begin, end = timed[0][0], timed[0][0]
    for start, place in timed:
        if start != end:
            return None
        end = start.plus(course[place][1])
    length = end.after(begin)
    return [(course[timed[0][1]][0], length)] if length is not None else None


def past_thrombolysis(order: Order, run_time: Duration, protocol: Protocol, subject: Subject) -> str:
    """Return that an infusion stops later after the stated thrombolysis than its source runs it; empty where not."""
    given, last = subject.order_set.thrombolysis, protocol.maintenance
    stated = last.run_time if last is not None else None
    if stated is None:
        return ""
    at = given.at if given is not None and stated.from_thrombolysis else None
    stop = (order.start or Offset.start()).plus(run_time)
    if at is None or stated.maximum is None or stop <= at.plus(stated.maximum):
        return ""
    hours = people_number((stop.seconds - at.seconds) / _HOUR)
    return f"the infusion stops {hours} h after the thrombolysis: {protocol.id} states {stated.words}"
