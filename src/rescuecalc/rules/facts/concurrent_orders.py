"""Which orders of a set one patient can be given together, and at the same time."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Final, TypeVar

from rescuecalc.core.orders.condition_interval import Interval, covered
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.rules.facts.text.stated_cases import exclude_each_other

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rescuecalc.core.orders.order import Condition, Order
    from rescuecalc.rules.base.knowledge import Subject

_NEAR: Final = 40
"""Orders before it that an order is compared with: comparing all of thousands would take minutes."""

T = TypeVar("T")

_UNITS: Final = {"creatinine_clearance": "mL/min", "weight": "kg", "thrombolysis": "h", "imaging": ""}


def pairs(of: Sequence[T], order_of: Callable[[T], Order]) -> Iterator[tuple[T, T]]:
    """Yield each of a sequence with those before it, of which at most the nearest forty.

    Which of the two comes first is settled by what is written in them, and not by where they stand: what is found must
    not depend on that.
    """
    keys = [_written(order_of(each)) for each in of]
    for place, later in enumerate(of):
        for before in range(max(0, place - _NEAR), place):
            yield (of[before], later) if keys[before] <= keys[place] else (later, of[before])


def itself(order: Order) -> Order:
    """Return the order: where the things paired are orders."""
    return order


def _written(order: Order) -> tuple[object, ...]:
    return order.drug, sorted(order.texts.items()), sorted(each.text for each in order.when)


def both_given(one: Order, other: Order) -> bool:
    """Whether two orders can be meant for the same patient: no choice, and no condition keeps them apart."""
    if one.choose_one is not None and one.choose_one == other.choose_one:
        return False
    mine, theirs = _weights(one), _weights(other)
    if mine is not None and theirs is not None and mine.meet(theirs).is_empty:
        return False
    by_name = {each.name: each for each in other.when}
    if any(each.name in by_name and _excludes(each, by_name[each.name]) for each in one.when):
        return False
    return not exclude_each_other(one, other)


def _weights(order: Order) -> Interval | None:
    """Return the weights (kg) that an order is for, by its band and its conditions; None where it is for all."""
    conditions = [covered(each, "kg") for each in order.when if each.name == "weight"]
    band = order.weight_band
    if band is not None:
        conditions.append(Interval(band.low.value_in("kg"), high=band.high.value_in("kg"), with_high=True))
    return reduce(Interval.meet, conditions) if conditions else None


def _excludes(one: Condition, other: Condition) -> bool:
    if one.given is not None and other.given is not None:
        return one.given is not other.given
    if False in {one.given, other.given}:
        return True  # no thrombolysis, and so long after one
    unit = _UNITS[one.name]
    return covered(one, unit).meet(covered(other, unit)).is_empty


def end_of(order: Order) -> Offset | None:
    """Return when an order ends, None where that is not said."""
    run_time = order.quantity("run_time", Duration) or order.quantity("give_over", Duration)
    if order.stop is not None or order.start is None or run_time is None:
        return order.stop
    return order.start.plus(run_time)


def from_start(infusions: Sequence[Order]) -> list[Order]:
    """Return infusions, the one without a start at zero where all others start later: hours count from the first."""
    zero = Offset.start()
    later = [each for each in infusions if each.start is not None and each.start > zero]
    if len(later) != len(infusions) - 1:
        return list(infusions)
    return [each._replace(start=zero) if each.start is None else each for each in infusions]


def one_after_the_other(one: Order, other: Order) -> bool:
    """Whether one of the two is said to end before the other starts."""
    return _ends_before(one, other) or _ends_before(other, one)


def _ends_before(first: Order, second: Order) -> bool:
    end = end_of(first)
    return end is not None and second.start is not None and end <= second.start


def chosen_by_drug(one: Order, other: Order, subject: Subject) -> bool:
    """Whether two groups are each a choice between the same drugs, as of loads and of maintenance doses."""
    if one.drug == other.drug or None in {one.choose_one, other.choose_one}:
        return False
    drugs: dict[str | None, set[str]] = {one.choose_one: set(), other.choose_one: set()}
    for order in subject.order_set.orders:
        if order.choose_one in drugs:
            drugs[order.choose_one].add(order.drug)
    return all({one.drug, other.drug} <= each for each in drugs.values())
