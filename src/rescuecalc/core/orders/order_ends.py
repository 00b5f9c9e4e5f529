"""An order that prescribes a range or a titration, as the orders that it stands for: one at each of its ends.

Every rule judges every end, so that none of them has to know of ranges. The first order keeps the text, and each number
that is written beside the range: of those some value of the range has to be the right one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.titration import Ends
    from rescuecalc.core.quantities.quantity import Quantity

_GIVEN: Final = (
    *("dose_rate_per_kg", "dose_rate", "dose_per_kg", "dose", "pump_rate_per_kg", "pump_rate", "volume_per_kg"),
    *("volume", "vtbi", "dose_per_m2", "dose_rate_per_m2"),
)
"""The fields that say how much is given; beside a range of one of them another one is of some value in it."""

_LEFT_OUT: Final = frozenset({"text", "prn", "id"})
_END: Final = re.compile(r"#[a-z]+(?=/|$)")


def as_written(pointer: str) -> str:
    """Return the pointer of an order, or of one of its fields, without the end of a range that it is of.

    >>> as_written("/orders/3#high/dose_rate")
    '/orders/3/dose_rate'
    """
    return _END.sub("", pointer) if "#" in pointer else pointer


def with_ends(orders: Iterable[Order]) -> tuple[Order, ...]:
    """Return orders with each end of their ranges; the further ends stand behind all of them."""
    found, more = [], []
    for order in orders:
        is_ranged = (order.spans or order.titration is not None) and not order.coded  # FHIR holds the ends apart
        first, *others = _by_each_route(order, [*_ends(order)] if is_ranged else [order])
        found.append(first)
        more += others
    return (*found, *more)


def _by_each_route(order: Order, ends: list[Order]) -> Iterator[Order]:
    """Yield the ends of an order, and each of them again by each other route that the order leaves the choice of."""
    if not order.other_routes:
        yield from ends
        return
    group = order.choose_one or f"{order.pointer}/route"
    yield from (each._replace(choose_one=group) for each in ends)
    for end in ends:
        name = end.pointer.removeprefix(order.pointer).lstrip("#")
        made = order._replace(fields=end.fields, loose=end.loose, choose_one=group)
        yield from (_further(made._replace(route=each), name + each.lower()) for each in order.other_routes)


def _ends(order: Order) -> Iterator[Order]:
    given = {name: ends for name, ends in order.spans.items() if name in _GIVEN}
    singles = [name for name in _GIVEN if name in order.fields and name not in given]
    points = list(_points(order, given, singles))
    if not points and not singles:  # a titration of nothing but its steps
        yield order
        return
    loose = frozenset(order.spans) - frozenset(given)
    # The ends are alternatives: together they would be two infusions at once, which is a finding of its own.
    group = order.choose_one or (f"{order.pointer}/range" if len(points) + bool(singles) > 1 else None)
    if singles:
        fields = {name: each for name, each in order.fields.items() if name not in given}
        yield order._replace(fields=fields, loose=frozenset(order.spans), choose_one=group)
    for place, (name, end) in enumerate(points):
        fields = {field: each for field, each in order.fields.items() if field not in _GIVEN} | dict(end)
        if name == "high":
            # The high end goes with the high ends of the other ranges: 5 to 10 mL/h belongs to 250 to 500 mcg/h, end by
            # end.
            fields |= {field: each.high for field, each in order.spans.items() if field not in given}
        # What is given at an end is that number alone: as a range again its other end would be judged by nobody.
        made = order._replace(fields=fields, loose=loose - end.keys(), choose_one=group)
        yield made if place == 0 and not singles else _further(made, name)


def _points(
    order: Order, given: Mapping[str, Ends], singles: list[str]
) -> Iterator[tuple[str, Mapping[str, Quantity]]]:
    """Yield what is given at each end, with its name; what a titration says again is no end of its own."""
    seen: list[Quantity] = [order.fields[name] for name in singles]
    if given or (order.spans and not singles):
        yield "low", {name: each.low for name, each in given.items()}
        yield "high", {name: each.high for name, each in given.items()}
        seen += [end for each in given.values() for end in each]
    elif order.spans:
        yield "high", {name: order.fields[name] for name in singles}
    titration = order.titration
    if titration is None:
        return
    starts = zip(("start", "upto"), titration.starts, strict=False)
    for name, each in (*starts, ("min", titration.least), ("max", titration.most)):
        if each is not None and not any(_is_same(each, other) for other in seen):
            seen.append(each)
            yield name, {titration.field: each}


def _is_same(one: Quantity, other: Quantity) -> bool:
    return (
        one.unit.shape == other.unit.shape
        and one.unit.parts[0].dimension == other.unit.parts[0].dimension
        and (one.value_in(other.unit.name) == other.magnitude)
    )


def _further(order: Order, name: str) -> Order:
    texts = {field: text for field, text in order.texts.items() if field not in _LEFT_OUT}
    return order._replace(pointer=f"{order.pointer}#{name}", of=order.pointer or "/", texts=texts, titration=None)
