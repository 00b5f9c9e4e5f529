"""Whether the words beside a number of a text leave no doubt that it is its order's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.text.clauses import sentence_at
from rescuecalc.core.orders.text.dose_words import FROM_HOLDER, IN_DENIED
from rescuecalc.core.orders.text.vocabulary import FLUIDS, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.facts.order_model import own_words
from rescuecalc.rules.facts.order_model.of_other_drug import is_of_other
from rescuecalc.rules.facts.order_model.other_step import is_after_own, is_of_other_step
from rescuecalc.rules.facts.order_model.stated_rounding import is_portion, is_step

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_DILUTED: Final = lazy_pattern(
    rf"\b(?:dilut|draw|withdraw|add|make up)\w*|(?:\+|\bplus\b) ?(?:[0-9.]{{1,6}} ?mL )?(?:of )?{one_of(FLUIDS)}\b",
    re.IGNORECASE,
)
_BASES: Final = {"ibw": "ideal", "ideal": "ideal", "adjusted": "adjusted", "adjbw": "adjusted", "actual": "actual"}
"""Words before a weight, with the basis that they name."""
_OF_ELSE: Final = (is_of_other, is_of_other_step, is_step, is_portion, own_words.is_overlap)
"""Whether a number is of another drug or step, a part of the dose, or how long an oral load is overlapped."""


def is_own(one: Said, judged: SolvedOrder) -> bool:
    """Whether the words beside a number leave no doubt that it is the order's own, and of what is given."""
    order = judged.order
    text = order.texts.get("text", "")
    before = text[sentence_at(text, one.at)[0] : one.at]
    is_else = any(each.search(before) is not None for each in (IN_DENIED, FROM_HOLDER)) or is_after_own(one, order)
    if one.doubtful or is_else or is_before_dilution(one, order):
        return False
    if one.quantity.text is None or one.share is not None:
        return not own_words.is_of_bolus_vial(one, order)  # a label, or a part of the whole, speak for themselves
    if one.field == of.CONCENTRATION:
        return own_words.is_own_strength(one, order)
    if any(each(one, order) for each in _OF_ELSE):
        return False
    if one.field == of.WEIGHT:
        return _is_dosing_weight(one, judged)
    more = own_words.OF_FIELD.get(
        "max" if one.is_cap else "step" if one.is_step else "count" if one.is_count else one.field, frozenset()
    )
    if one.field == of.VOLUME and order.given_as != "infusion" and "diluted_in" not in order.texts:
        more |= own_words.DRAWN
    return all(word in more or own_words.is_own_word(word, order) for word in one.of)


def _is_dosing_weight(one: Said, judged: SolvedOrder) -> bool:
    """Whether a weight is the one that doses are calculated with: of an ideal one the actual is not."""
    basis = judged.subject.order_set.texts.get("weight_basis", "actual").lower()
    named = next((_BASES[word] for word in one.of if word in _BASES), basis)
    own = own_words.OF_FIELD[of.WEIGHT]
    return named == basis and all(
        word in own or word in _BASES or own_words.is_own_word(word, judged.order) for word in one.of
    )


_FINAL: Final = lazy_pattern(
    r"\b(?:to|final|yields?|yielding|makes?|gives|giving)(?: an?)?(?: final)?(?: concentration| strength)?"
    r"(?: of| is| ?[:=])? ?$",
    re.IGNORECASE,
)
"""Before a strength: what is diluted comes to it."""
_NEAR: Final = 40


def is_before_dilution(one: Said, order: Order) -> bool:
    """Whether a strength in a text is that of what is diluted, and not that which comes of it."""
    if one.field != of.CONCENTRATION or not is_diluted(order):
        return False
    return _FINAL.search(order.texts.get("text", ""), max(0, one.at - _NEAR), one.at) is None


def is_diluted(order: Order) -> bool:
    """Whether an order's drug is diluted before it is given: its label says another strength."""
    return "diluted_in" in order.texts or _DILUTED.search(order.texts.get("text", "")) is not None
