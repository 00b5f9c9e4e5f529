"""The texts of an order set that people read as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.prose import headings, watched_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.order import Order, OrderSet
    from rescuecalc.rules.base.knowledge import Subject


FOR_PEOPLE: Final = ("text", "frequency", "prn", "diluted_in")
"""The fields of an order that people read as they stand; ids, dates, times, bands and conditions are not text."""


def whole_orders(subject: Subject) -> Iterator[Order]:
    """Yield the orders as they are written, without the further ends of their ranges."""
    yield from (order for order in subject.order_set.orders if not order.of)


def prose(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield every text for people of the orders, with its pointer; of a set's own parts where it is judged whole."""
    for order in whole_orders(subject):
        for name in FOR_PEOPLE:
            text = order.texts.get(name)
            if text is not None:
                yield f"{order.pointer}/{name}", text
        route = order.texts.get("route", "SC")
        # `SC` is the format's own word, and `OD` of a route is an eye, and no frequency
        if route.strip() != "SC" and not order.coded and order.route != "EYE":
            yield f"{order.pointer}/route", route


def prose_of_set(made: OrderSet) -> Iterator[tuple[str, str]]:
    """Yield the texts for people of an order set itself: its name, indication, monitoring and stop criteria."""
    yield from headings(made)
    yield from watched_texts(made)


def every_text(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield every text for people of an order set and of its orders, with its pointer."""
    yield from prose_of_set(subject.order_set)
    yield from prose(subject)


def drug_texts(orders: Iterable[Order]) -> Iterator[tuple[str, str]]:
    """Yield how each order names its drug, with the pointer of the name."""
    yield from ((f"{order.pointer}/drug", order.texts["drug"]) for order in orders if "drug" in order.texts)
