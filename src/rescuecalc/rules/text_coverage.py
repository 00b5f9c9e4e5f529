"""Whether what an order's text says of its dose was compared with anything: silence about it would be a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.rules.judged_state import DOSES_IN_TEXT
from rescuecalc.rules.order_model import judged_of
from rescuecalc.rules.text_mentions import spoken

if TYPE_CHECKING:
    from rescuecalc.core.order import Order
    from rescuecalc.rules.knowledge import Subject


def compares_text(order: Order, subject: Subject) -> bool:
    """Whether each dose of an order's text was compared with its fields, or counted with them."""
    try:
        judged = judged_of(order, subject)
    except (InputError, CalculationRefused):
        return False  # amounts of two kinds leave nothing to compare
    if judged is None or judged.found:
        return True  # what contradicts the fields is a finding
    compared = {each.said.at for each in spoken(judged) if each.agrees}
    counted = {each.text for each in judged.system.mentions if each.place == "text"}
    numbers = (each for each in order.numbers_in_text() if each.field in DOSES_IN_TEXT)
    return all(each.at in compared or each.text in counted for each in numbers)
