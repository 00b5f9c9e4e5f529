"""When the text of an order begins it: `start in 2 h`, `Beginn nach 20 h`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.free_text import time_at
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.time_offset import Offset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order

_BEGINS: Final = lazy_pattern(
    r"\b(?:(?:start|begin|give|commence|delay|beginn|starten|d\u00e9but(?:er)?)(?:s|ed|ning)?)"
    r"(?: (?:it|the|infusion|drip|load|dose|by|for|erst|la|perfusion))* ?"
    r"(?:(?:in|after|at(?: \+)?|nach|dans|apr\u00e8s|\+|(?<=delay )|(?<=by )|(?<=for )) ?"
    r"(?P<time>[0-9]{1,4}(?:\.[0-9])? ?(?:min|h|hours?|hrs?|days?)))(?= ?(?:$|[;,\n]|\.(?:\s|$)))",
    re.IGNORECASE,
)
"""A clause that says how long after zero its order begins."""


def starts_in_text(order: Order) -> Iterator[tuple[str, Offset]]:
    """Yield the words of an order's text by which it begins some time after zero, and that time."""
    text = order.texts.get("text", "") if not order.of else ""
    for match in _BEGINS.finditer(text):
        before = text[clause_at(text, match.start())[0] : match.start()]
        time = time_at(match["time"])
        if time is not None and not before.strip(" ("):
            yield match[0], Offset.start().plus(time)
