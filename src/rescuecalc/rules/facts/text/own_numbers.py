"""The numbers of a text that are its order's own without doubt: by a field that states them too, or by their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.rules.facts.order_model.own_words import is_own_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said


def own_numbers(order: Order) -> Iterator[Said]:
    """Yield the numbers of a text that a field of the order states too, in whatever unit."""
    for one in order.numbers_in_text():
        field, dimension = order.fields.get(one.field), one.quantity.unit.parts[0].dimension
        alike = field is not None and field.unit.parts[0].dimension == dimension
        if field is not None and alike and field.value_in(one.quantity.unit.name) == one.quantity.magnitude:
            yield one


def numbers_in_own_words(order: Order) -> Iterator[Said]:
    """Yield the numbers of a text beside which only words stand that speak of the order itself."""
    for one in order.numbers_in_text():
        if (one.given or one.times > 1) and not one.doubtful and all(is_own_word(word, order) for word in one.of):
            yield one
