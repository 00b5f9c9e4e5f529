"""The texts for people of an order set, each with its place: above its orders, in them, and of what is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import OrderSet

INDICATION: Final = "/indication"
HEADINGS: Final = {"/order_set": "name of the order set", INDICATION: "indication"}
"""What each is called in a message, by its place."""


def headings(made: OrderSet) -> Iterator[tuple[str, str]]:
    """Yield the headings that a set has, each with its place."""
    for pointer in HEADINGS:
        text = made.texts.get(pointer.removeprefix("/"))
        if text is not None:
            yield pointer, text


def conditions(made: OrderSet) -> Iterator[tuple[str, str]]:
    """Yield what a record says of the patient in words: conditions, what is taken, and what is not borne."""
    yield from ((f"/{name}", text) for name, text in made.texts.items() if name.startswith(_CONDITION))


_CONDITION: Final = "condition/"


def watched_texts(made: OrderSet) -> Iterator[tuple[str, str]]:
    """Yield what the monitoring and the stop criteria of a set say."""
    for place, entry in enumerate(made.monitoring):
        yield from ((f"/monitoring/{place}/{name}", text) for name, text in entry.items())
    yield from ((f"/stop_if/{place}", text) for place, text in enumerate(made.stop_if))


def texts_of_set(made: OrderSet) -> Iterator[tuple[str, str]]:
    """Yield the texts that people act by: what is watched, and the texts of the orders."""
    yield from watched_texts(made)
    yield from ((f"{order.pointer}/text", order.texts["text"]) for order in made.orders if "text" in order.texts)
