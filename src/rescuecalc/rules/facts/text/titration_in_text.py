"""The titration that an order's text alone says: `start 5 mcg/min, increase by 2 mcg/min, max 30 mcg/min`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text.free_text import elsewhere, time_at
from rescuecalc.core.orders.titration import Titration
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.core.quantities.quantity import Duration, Quantity

_START: Final = lazy_pattern(
    r"\b(?:start|begin|initia)\w*(?: (?:at|with|from|of|the|dose|rate|infusion|drip))*[ :=]*$", re.IGNORECASE
)
_STEP: Final = lazy_pattern(
    r"\b(?:titrat\w*|increas\w*|decreas\w*|adjust\w*|rais\w*|up|down|wean\w*)"
    r"(?: (?:up|down|or|the|it|rate|dose|infusion))*,? (?:by|in (?:steps|increments) of) ?$"
    r"|\b(?:steps?|increments?) of ?$",
    re.IGNORECASE,
)
_RATES: Final = frozenset(("dose_rate_per_kg", "dose_rate", "max_dose_rate", "pump_rate", "pump_rate_per_kg"))
_NEAR: Final = 60
"""Characters before a number in which it is said what the number is of a titration."""


def titration_in_text(order: Order) -> Titration | None:
    """Return the titration that the text of an order says, None where it says no step or a field says one."""
    text = order.texts.get("text", "")
    if not text or order.titration is not None or _TITRATED.search(text) is None:
        return None
    rates = [each for each in (*order.numbers_in_text(), *elsewhere(text)) if each.field in _RATES]
    steps = tuple(_behind(_STEP, rates, text))
    most = [each.quantity for each in rates if each.is_cap]
    one = most[0] if len(most) == 1 else None
    first = [each for each in rates if each.field not in order.fields]  # what a field states is compared with it
    every = tuple(filter(None, (_every(each, text) for each in rates)))
    return Titration(starts=tuple(_behind(_START, first, text)), steps=steps, most=one, every=every) if steps else None


_EVERY: Final = lazy_pattern(r",? ?(?:every|each|q) ?", re.IGNORECASE)
"""Behind a step: how often it is taken."""


def _every(step: Said, text: str) -> Duration | None:
    match = _EVERY.match(text, step.at + len(step.text))
    return time_at(text, match.end()) if match is not None else None


_TITRATED: Final = lazy_pattern(
    r"\b(?:titrat|increas|decreas|adjust|rais|wean|up by|down by|steps?|increment)", re.IGNORECASE
)


def _behind(pattern: re.Pattern[str], rates: list[Said], text: str) -> Iterator[Quantity]:
    """Yield the ends of each rate of a text that stands behind such words."""
    for each in rates:
        if not each.is_cap and pattern.search(text[max(0, each.at - _NEAR) : each.at]) is not None:
            yield from (end for end in (each.least, each.quantity) if end is not None)
