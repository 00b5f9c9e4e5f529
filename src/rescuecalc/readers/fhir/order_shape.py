"""The shape of orders of FHIR: all that they say but the numbers that differ from patient to patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rescuecalc.readers.document_reading import Shape
from rescuecalc.readers.row_shape import (
    found_in_quantity,
    found_in_text,
    marked,
    rests_of,
    taken_from_quantity,
    taken_from_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.orders.order import Order, OrderSet
    from rescuecalc.core.orders.traced_order import Taken
    from rescuecalc.core.orders.traced_text import Rest
    from rescuecalc.readers.row_shape import Found


def shape_of(made: OrderSet) -> Shape | None:
    """Return the shape of an order set, None where no number of it can be taken out."""
    numbers: list[int] = []
    key: list[Any] = [made.protocol, made.whole, tuple(made.texts.items())]
    if made.weight is not None:
        text = made.weight.text
        key += (str(made.weight),) if text is None else taken_from_quantity(text, numbers)
    for order in made.orders:
        key += (order.drug, order.route, order.kind, order.choose_one)
        for name, text in order.texts.items():
            key.append(name)
            if _may_go(order, name):
                key += taken_from_quantity(text, numbers)
            else:
                key += taken_from_text(text, numbers) if name == "text" else (text,)
        key += worked_out(order)
    return Shape(tuple(key), tuple(numbers)) if numbers and all(numbers) else None


def worked_out(order: Order) -> tuple[tuple[Fraction, str], ...]:
    """Return the numbers of an order that have no text of their own, with their units."""
    return tuple((each.magnitude, each.unit.name) for each in order.fields.values() if each.text is None)


OF_ORDER: Final = ("dose", "dose_rate", "volume", "pump_rate", "vtbi")
"""The fields whose numbers are taken out."""


def _may_go(order: Order, name: str) -> bool:
    """Whether a field's number is one that is written: what was worked out is exact, and has no last digit."""
    return name in OF_ORDER and order.fields[name].text is not None


def taken_of(made: OrderSet) -> tuple[tuple[Taken, ...], tuple[Rest, ...]]:
    """Return what was taken out of an order set, in the order of its shape's numbers, and the texts that were cut."""
    return marked(_found(made)), rests_of(order.texts.get("text", "") for order in made.orders)


def _found(made: OrderSet) -> Iterator[Found]:
    if made.weight is not None and made.weight.text is not None:
        yield from found_in_quantity(None, "weight", made.weight.text)
    for place, order in enumerate(made.orders):
        for name, text in order.texts.items():
            if _may_go(order, name):
                yield from found_in_quantity(place, name, text)
            elif name == "text":
                yield from found_in_text(place, text)
