"""An order set with traced numbers in the place of some of its own, and what becomes of its texts then."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from rescuecalc.core.orders.text.free_text import said
from rescuecalc.core.quantities.quantity import Quantity
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.quantities.traced import Ratio, Untraceable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rescuecalc.core.orders.order import Order, OrderSet
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.core.quantities.traced import Trace

Q = TypeVar("Q", bound=Quantity)

TIMES: Final = frozenset({"start", "stop"})
"""Fields of times from the start of the infusion on, before or after it."""

DECIMALS: Final = 9
SCALE: Final = 10**DECIMALS
"""A number that is taken out is two whole ones: itself and one of its last digit, both × this. The grammar reads nine
digits behind the point, so that how many there are is no part of a shape."""


class Taken(NamedTuple):
    """A number that was taken out of a text: that of a field of the order with that number, or (None) of the patient.

    In a text for people it begins ``at`` that character of ``written``; ``left`` is what stands in place of the text,
    and ``mark`` in it in place of the number.
    """

    order: int | None
    field: str
    at: int | None
    written: str
    number: str
    left: str
    mark: str


class Left(str):
    """A text whose number was taken out; ``step`` is one of that number's last digit: a whole number ÷ SCALE."""

    __slots__ = ("step",)
    step: tuple[Any, int]


class _Number(NamedTuple):
    """A traced number and one of its last digit."""

    value: Ratio
    step: tuple[Any, int]


def traced(made: OrderSet, taken: Sequence[Taken], trace: Trace) -> OrderSet:
    """Return the order set with the numbers of ``trace``, two and two, for those that were taken out."""
    spoken: dict[int, dict[int, tuple[_Number, int]]] = {}
    for place, each in enumerate(taken):
        number = _Number(Ratio(trace.whole(2 * place), SCALE), (trace.whole(2 * place + 1), SCALE))
        if each.order is None:
            made = _with_patient(made, number, each)
            continue
        order = made.orders[each.order]
        if each.at is None:
            order = _with_time(order, number, each) if each.field in TIMES else _with_field(order, number, each)
        else:
            spoken.setdefault(each.order, {})[each.at] = (number, len(each.number))
            order = _with_text(order, spoken[each.order], each)
        made = _with_order(made, each.order, order)
    return made


def _with_order(made: OrderSet, place: int, order: Order) -> OrderSet:
    return made._replace(orders=(*made.orders[:place], order, *made.orders[place + 1 :]))


def _with_patient(made: OrderSet, number: _Number, each: Taken) -> OrderSet:
    if each.field == "weight":
        return made._replace(weight=_with(made.weight, number, each.left)) if made.weight is not None else made
    clearance = made.clearance
    return made._replace(clearance=_with(clearance, number, each.left)) if clearance is not None else made


def _with_time(order: Order, number: _Number, each: Taken) -> Order:
    """Return an order with a traced start or stop: so many seconds of its unit as the one that was read."""
    read: Offset | None = order.start if each.field == "start" else order.stop
    texts = {**order.texts, each.field: each.left}
    if read is None:
        raise Untraceable
    time = Offset(number.value * (read.seconds / Fraction(each.number)))
    return order._replace(start=time, texts=texts) if each.field == "start" else order._replace(stop=time, texts=texts)


def _with(quantity: Q, number: _Number, text: str) -> Q:
    left = Left(text)
    left.step = number.step
    return replace(quantity, magnitude=number.value, text=left)


def _with_field(order: Order, number: _Number, each: Taken) -> Order:
    quantity = order.fields.get(each.field)
    fields = {**order.fields, each.field: _with(quantity, number, each.left)} if quantity is not None else order.fields
    return order._replace(fields=fields, texts={**order.texts, each.field: each.left})


def _with_text(order: Order, numbers: dict[int, tuple[_Number, int]], each: Taken) -> Order:
    """Return the order with what its text says: numbers of ``numbers``, each with its length, are traced.

    Every quantity stands where it stands in the text with its marks, which rules read what is beside it by.
    """
    shorter = {at: length - len(each.mark) for at, (_, length) in numbers.items()}

    def moved(one: Said) -> Said:
        at = one.at - sum(by for place, by in shorter.items() if place < one.at)
        found = numbers.get(one.at)
        if found is None:
            return one._replace(at=at)
        number, length = found
        quantity = _with(one.quantity, number, f"{each.mark} {one.quantity.unit.name}")
        return one._replace(quantity=quantity, text=each.mark + one.text[length:], at=at)

    return order._replace(said=tuple(map(moved, said(each.written))), texts={**order.texts, each.field: each.left})
