"""RC63x: when a course is loaded, and for how long: the load comes first, once, and no longer than its source says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.quantities.quantity import DoseRatePerKg
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.agents import inhibitors
from rescuecalc.rules.facts.concurrent_orders import both_given, end_of
from rescuecalc.rules.facts.reference.published_envelope import infusion_envelope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Duration
    from rescuecalc.rules.base.knowledge import Subject

_NEAR: Final = 40
"""Orders of a course that are compared with one of it: comparing all of thousands would take minutes."""


def is_load(order: Order, subject: Subject) -> bool:
    """Whether an infusion runs faster than every maintenance of its drug, whatever the patient weighs."""
    envelope = infusion_envelope(order.drug, subject.knowledge)
    if order.given_as != "infusion" or envelope is None or envelope.load is None:
        return False
    most = envelope.maintenance.high
    per_kg = order.quantity("dose_rate_per_kg", DoseRatePerKg)
    if per_kg is not None:
        return per_kg.is_mass() and per_kg.exceeds(most)
    if not order.texts:
        return False
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415  # of a file's orders alone

    judged = judged_of(order, subject)
    rate = judged.solution.bounds.get(of.DOSE_RATE_PER_KG) if judged is not None and judged.agrees else None
    return rate is not None and rate.low > base_value(most)[0] * subject.knowledge.limits.deviation_factor


def loads_in_sum(subject: Subject) -> Iterator[Hit]:
    """Yield the loading infusion with which those of one patient last longer together than any source's load."""
    loads: dict[str, list[Order]] = {}
    for order in inhibitors(subject):
        if is_load(order, subject) and not _exceeds_load(order, subject):
            loads.setdefault(order.drug, []).append(order)
    for drug, orders in loads.items():
        envelope = infusion_envelope(drug, subject.knowledge)
        if envelope is not None and envelope.longest_load is not None and len(orders) > 1:
            yield from _too_long(orders, envelope.longest_load, subject)


def _exceeds_load(order: Order, subject: Subject) -> bool:
    """Whether a rate is above every load too: a mistaken rate (RC402), and no second load."""
    envelope, rate = infusion_envelope(order.drug, subject.knowledge), order.quantity("dose_rate_per_kg", DoseRatePerKg)
    load = envelope.load if envelope is not None else None
    return rate is not None and load is not None and rate.is_mass() and rate.exceeds(load.high)


def _at(order: Order) -> tuple[Offset, str]:
    return order.start or Offset.start(), order.pointer


def _too_long(orders: list[Order], longest: Duration, subject: Subject) -> Iterator[Hit]:
    timed = sorted(orders, key=_at)
    most = longest.value_in("min")
    for place, last in enumerate(timed):
        course = [each for each in timed[max(0, place - _NEAR) : place] if both_given(each, last)]
        minutes = sum((_minutes(each, longest) for each in (*course, last)), most * 0)
        if course and minutes > most:
            drug = subject.knowledge.drugs[last.drug]
            message = (
                f"{last.drug} is loaded twice, by one loading infusion and another: no source runs a load for longer "
                f"than {longest} in total"
            )
            yield Hit(message, drug.sources, last.pointer, last.id or None)
            return


def _minutes(order: Order, longest: Duration) -> Fraction:
    """Return how long a load runs (min); one without a time for as long as a load may."""
    return (order.lasts or longest).value_in("min")


def _late(subject: Subject) -> Iterator[Hit]:
    by_drug: dict[str, list[Order]] = {}
    for order in inhibitors(subject):
        if order.start is not None:
            by_drug.setdefault(order.drug, []).append(order)
    for orders in by_drug.values():
        drips = [each for each in orders if each.given_as == "infusion"][:_NEAR]
        for order in orders if drips else ():
            if order.given_as == "bolus" or is_load(order, subject):
                yield from _into(order, drips, subject)


def _into(load: Order, drips: list[Order], subject: Subject) -> Iterator[Hit]:
    """Yield the hit of a load that is given hours into the infusion of its own drug."""
    at = load.start or Offset.start()
    course = [each for each in drips if each is not load and both_given(each, load)]
    begun = [each.start for each in course if each.start is not None and each.start < at]
    ends = [end_of(each) for each in course]
    is_over = bool(ends) and None not in ends and max(end for end in ends if end is not None) <= at
    if begun and not is_over and at > min(begun).plus(subject.knowledge.limits.longest_gap):
        since = Offset(at.seconds - min(begun).seconds).spoken.removeprefix("+")
        what = "bolus" if load.given_as == "bolus" else "load"
        message = (
            f"the {what} of {load.drug} at {at.spoken} comes {since} into its infusion: every source loads at the start"
        )
        yield Hit(
            message, subject.knowledge.drugs[load.drug].sources, load.at("start"), str(load.start), str(min(begun))
        )


_DRIP: Final = "drug: tirofiban, route: IV, kind: infusion, start: +0 h, run_time: 24 h"
_BOLUS: Final = "drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, give_over: 5 min, start: {0}"

RULES = (
    declared(
        "RC646",
        "load-into-infusion",
        Severity.ERROR,
        _late,
        "yang-2020 rescue-bt-2022 tirofiban-labels",
        checks="A bolus or a load of a GP IIb/IIIa inhibitor, or of cangrelor, more than {limits.longest_gap} after "
        "the start of its own infusion.",
        why="The inhibition is complete by then: a second load is an overdose that no source gives.",
        fails=example_set(_DRIP, _BOLUS.format("+23 h")),
        passes=example_set(_DRIP, _BOLUS.format("+0 h")),
        remedy="Give the load at the start, or remove it.",
        limits="Only if both have a start. RC645 judges a load after the stop.",
        since="0.2.0",
    ),
)
