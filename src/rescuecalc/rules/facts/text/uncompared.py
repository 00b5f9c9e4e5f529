"""What a text says of amounts and rates that nothing was compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.rules.facts.text.number_owner import is_of_another
from rescuecalc.rules.facts.text.text_doses import KIND_OF, text_doses, unclaimed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder


def uncompared(judged: SolvedOrder) -> Iterator[Said]:
    """Yield the amounts and rates of a text that were compared with nothing, and that no word beside them explains."""
    text = judged.order.texts.get("text", "")
    compared = {each.text for one in text_doses(judged) for each in one.judged.system.mentions}
    for said in unclaimed(judged) if text else ():
        begin, end = clause_at(text, said.at)
        before, behind = text[begin : said.at], text[said.at + len(said.text) : end]
        is_explained = any(each.search(f"{before} {behind}") for each in _EXPLAINED) or any(
            each.search(before) for each in (words.DENIED, words.MEASURED, words.PUMP_LIMIT, words.STEPWISE)
        )
        is_own = not is_of_another(judged.order.drug, before, behind, text[:begin], judged.subject.knowledge)
        if said.field in KIND_OF and is_own and not is_explained and (said.whole or said.text) not in compared:
            yield said


_EXPLAINED: Final = (words.CARRIER, words.CONTAINER, words.HOLDING, words.OF_VIAL, words.PREPARED, words.IN_ALL)
"""Words of a clause that say what a number is of, if not of what is given."""


_RATE_OF: Final = {"dose_rate_per_kg": "dose_per_kg", "dose_rate": "dose", "pump_rate": "volume"}


def rate_of_bolus(order: Order) -> Iterator[Said]:
    """Yield the numbers of a text by which what is given at once is a rate: `80 units/kg/h` for 80 units/kg."""
    time = next((order.fields[each] for each in ("give_over", "run_time") if each in order.fields), None)
    for each in order.numbers_in_text() if order.given_as != "infusion" else ():
        own = order.fields.get(_RATE_OF.get(each.field, ""))
        if own is not None and own.magnitude == each.quantity.magnitude:
            is_its_own = time is not None and base_value(each.quantity)[0] * base_value(time)[0] == base_value(own)[0]
            yield from () if is_its_own else (each,)
