"""Times, bounds and flows that a text says of another drug, or of a fluid that runs beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.dose_words import DRUG_STEM, FLUID_RUNS, NAME
from rescuecalc.core.orders.text.text_words import SENTENCE

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said


def is_of_other(one: Said, order: Order) -> bool:
    """Whether a length of time, a bound or a flow stands behind the name of another drug, or of a fluid that runs."""
    text = order.texts.get("text", "")
    if one.field == of.PUMP_RATE and not one.is_cap:
        return FLUID_RUNS.search(text, clause_at(text, one.at)[0], one.at) is not None
    if not one.is_cap and one.field not in {"give_over", "run_time"}:
        return False
    sentence = SENTENCE.split(text[: one.at])[-1]
    words = {word.lower() for word in NAME.findall(sentence)}
    named = {drug_name(word) for word in words if drug_name(word) != word or DRUG_STEM.fullmatch(word)}
    return bool(named) and words.isdisjoint(order.drug.split()) and order.drug not in named
