"""The numbers of a text that are its order's own without doubt: by a field that states them too, or by their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text.dose_words import LASTING
from rescuecalc.core.orders.text.free_text import time_at
from rescuecalc.rules.facts.order_model.own_words import is_own_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.core.quantities.quantity import Quantity


def own_numbers(order: Order) -> Iterator[Said]:
    """Yield the numbers of a text that a field of the order states too, in whatever unit."""
    for one in order.numbers_in_text():
        field, dimension = order.fields.get(one.field), one.quantity.unit.parts[0].dimension
        alike = field is not None and field.unit.parts[0].dimension == dimension
        if field is not None and alike and field.value_in(one.quantity.unit.name) == one.quantity.magnitude:
            yield one


def length_in_text(order: Order) -> Quantity | None:
    """Return how long the text of an order runs it, by a time of its own or by one directly behind a rate."""
    text = order.texts.get("text", "")
    for one in order.numbers_in_text():
        if one.field == "run_time" and one.given and not one.doubtful:
            return one.quantity
        lasting = LASTING.match(text, one.at + len(one.text)) if one.field in RATES else None
        time = time_at(text, lasting.end()) if lasting is not None else None
        if time is not None:
            return time
    return None


RATES: Final = frozenset({"dose_rate_per_kg", "dose_rate", "pump_rate"})


def numbers_in_own_words(order: Order) -> Iterator[Said]:
    """Yield the numbers of a text beside which only words stand that speak of the order itself."""
    for one in order.numbers_in_text():
        if (one.given or one.times > 1) and not one.doubtful and all(is_own_word(word, order) for word in one.of):
            yield one
