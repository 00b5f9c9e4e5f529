"""The name and the indication of an order set: texts that say what it is for, and stand above its orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import OrderSet

HEADINGS: Final = {"/order_set": "name of the order set", "/indication": "indication"}
"""What each is called in a message, by its place."""


def headings(made: OrderSet) -> Iterator[tuple[str, str]]:
    """Yield the headings that a set has, each with its place."""
    for pointer in HEADINGS:
        text = made.texts.get(pointer.removeprefix("/"))
        if text is not None:
            yield pointer, text
