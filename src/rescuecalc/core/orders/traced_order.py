"""An order set with traced numbers in the place of some of its own, and what becomes of its texts then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from rescuecalc.core.orders.free_text import said
from rescuecalc.core.quantities.quantity import Quantity
from rescuecalc.core.quantities.traced import Ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rescuecalc.core.orders.order import Order, OrderSet
    from rescuecalc.core.quantities.traced import Trace

Q = TypeVar("Q", bound=Quantity)

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
    orders, weight = list(made.orders), made.weight
    spoken: dict[int, dict[int, _Number]] = {}
    for place, each in enumerate(taken):
        number = _Number(Ratio(trace.whole(2 * place), SCALE), (trace.whole(2 * place + 1), SCALE))
        if each.order is None:
            weight = _with(weight, number, each.left) if weight is not None else None
        elif each.at is None:
            orders[each.order] = _with_field(orders[each.order], number, each)
        else:
            spoken.setdefault(each.order, {})[each.at] = number
            orders[each.order] = _with_text(orders[each.order], spoken[each.order], each)
    return made._replace(orders=tuple(orders), weight=weight)


def _with(quantity: Q, number: _Number, text: str) -> Q:
    left = Left(text)
    left.step = number.step
    return replace(quantity, magnitude=number.value, text=left)


def _with_field(order: Order, number: _Number, each: Taken) -> Order:
    quantity = order.fields.get(each.field)
    fields = {**order.fields, each.field: _with(quantity, number, each.left)} if quantity is not None else order.fields
    return order._replace(fields=fields, texts={**order.texts, each.field: each.left})


def _with_text(order: Order, numbers: dict[int, _Number], each: Taken) -> Order:
    heard = (
        one._replace(
            quantity=_with(one.quantity, numbers[one.at], f"{each.mark} {one.quantity.unit.name}"), text=each.mark
        )
        if one.at in numbers
        else one
        for one in said(each.written)
    )
    return order._replace(said=tuple(heard), texts={**order.texts, each.field: each.left})
