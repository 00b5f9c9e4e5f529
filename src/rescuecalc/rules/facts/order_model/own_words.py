"""Words before a number of a text that leave it the order's own: of any, of a kind of order, of a kind of number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.text.dose_words import DRUG_STEM, STRENGTH_ELSEWHERE
from rescuecalc.core.orders.text.free_text import clause_at

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said

_WORDS: Final = (
    "iv ia po ng pr im sc intravenous intravenously arterial arterially orally oral rectally dose doses dosing rate "
    "pump give given gives administer administered order ordered set run runs running start started begin continue "
    "continued continuous continuously concentration premixed therapy treatment now stat keep maintain program "
    "initiate ivpb bag premix strength nurse rn icu check high alert line hang deliver pharmacy immediately "
    "equals equal"
)
OWN: Final = frozenset(_WORDS.split())
"""Words before a number that leave it the order's own."""
OF_KIND: Final = {
    "infusion": frozenset({"infuse", "infused", "infusion", "drip", "gtt", "maintenance"}),
    "bolus": frozenset({"bolus", "push", "infuse", "infused"}),
}
OF_FIELD: Final = {
    "weight": frozenset(
        {"patient", "weighs", "weighing", "wt", "actual", "dosing", "body", "bw", "recorded", "measured", "current"}
    ),
    "volume": frozenset({"volume", "vtbi"}),
    "count": frozenset({"tablet", "tablets", "tab", "tabs", "capsule", "capsules", "caps", "take"}),
    "max": frozenset({"max", "maximum", "not", "exceed", "exceeding", "most", "cap", "capped", "up", "do", "never"}),
    "step": frozenset({"then", "followed", "by", "load", "loading", "infusion", "maintenance"}),
}
"""Words besides that leave a number of a kind the order's own.

``max`` is of bounds, ``step`` of several doses, ``count`` of tablets.
"""


DRAWN: Final = frozenset({"draw", "drawn", "up"})
"""Words before the volume of what is given at once: what is drawn for an infusion is diluted first."""


def is_own_word(word: str, order: Order) -> bool:
    """Whether a word, in small letters, speaks of how an order itself is given, or names its drug."""
    if word in OWN or word in OF_KIND.get(order.given_as, ()) or drug_name(word) == order.drug:
        return True
    return word in re.findall(r"[a-z]+", f"{order.drug} {order.texts.get('drug', '')}".lower())


def is_own_strength(one: Said, order: Order) -> bool:
    """Whether a strength in a text is what is given: nothing else has one but another product, or another drug."""
    text = order.texts.get("text", "")
    begin, end = clause_at(text, one.at)
    holder = STRENGTH_ELSEWHERE.get(order.given_as)
    if holder is not None and holder.search(text, begin, end) is not None:
        return False
    return all(drug_name(word) in {word, order.drug} and DRUG_STEM.fullmatch(word) is None for word in one.of)
