"""Amounts of a text that are no dose by themselves: steps to which a dose is rounded, and portions of one."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.text.dose_words import STEPS, STEPWISE
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said

_MOST_STATED: Final = Fraction("1/8")
"""No rounding moves a dose by more of it: half a step of a quarter of the dose."""
_UNSTATED: Final = lazy_pattern(
    r"\bround(?:ed|ing)\b(?! (?:up |down |off )?(?:to )?(?:the )?(?:nearest )?[0-9])|"
    r"\bround (?:per|to (?:the )?(?:nearest )?(?:vial|syringe|bottle|tablet|available))|\bgerundet\b|\barrondie?\b",
    re.IGNORECASE,
)
"""A rounding whose step the text leaves to a policy or to what a container holds."""
_MOST_UNSTATED: Final = Fraction(1, 10)
_AMOUNTS: Final = frozenset({of.DOSE, of.MAX_DOSE})
"""What an amount is read as: `rounded up to 100 mg`."""
_NEAR: Final = 40
"""Characters before a number in which it is said that others are rounded to it."""


def is_rounded_to(one: Said, order: Order) -> bool:
    """Whether a text says of a number that others are rounded to it, or to a multiple of it."""
    text, end = order.texts.get("text", ""), one.at + len(one.text)
    return STEPWISE.search(text, max(0, one.at - _NEAR), one.at) is not None or STEPS.match(text, end) is not None


def is_step(one: Said, order: Order) -> bool:
    """Whether a number is a step to which a dose is rounded: one as large as the dose is that dose."""
    own = order.fields.get(one.field)
    if own is None or own.unit.parts[0].dimension != one.quantity.unit.parts[0].dimension:
        return is_rounded_to(one, order)
    return own.value_in(one.quantity.unit.name) > one.quantity.magnitude and is_rounded_to(one, order)


_PORTION: Final = r"(?:aliquots?|portions?|increments?|fractions?)"
_PORTIONS_OF: Final = lazy_pattern(rf"\b{_PORTION} of ?(?:[0-9.]+ ?m?c?g \()?$", re.IGNORECASE)
_PORTIONS: Final = lazy_pattern(rf"(?: ?\([0-9.]{{1,6}} ?(?:mL|m?c?g)\)|\))? {_PORTION}\b", re.IGNORECASE)
"""Before and behind an amount: it is one of many."""
_MOST_PORTIONS: Final = 20


def is_portion(one: Said, order: Order) -> bool:
    """Whether an amount is one of the equal portions in which an order's own is given; of a range either end."""
    own, text = order.fields.get(one.field), order.texts.get("text", "")
    if own is None or own.unit.parts[0].dimension != one.quantity.unit.parts[0].dimension:
        return False
    is_named = _PORTIONS_OF.search(text, max(0, one.at - _NEAR), one.at) or _PORTIONS.match(
        text, one.at + len(one.text)
    )
    if is_named is None:
        return False
    counts = (own.value_in(each.unit.name) / each.magnitude for each in (one.quantity, one.least) if each is not None)
    return any(count.denominator == 1 and 1 < count <= _MOST_PORTIONS for count in counts)


def with_stated_rounding(made: Mention, order: Order, *, is_known: bool) -> Mention:
    """Return an order's dose per kg as far from its dose as the rounding that its text states may move that.

    The dose is a multiple of the step, or what was rounded to: of any other the statement is wrong. One that states no
    step is taken for a tenth at most, and of a drug with known doses (``is_known``) for nothing.
    """
    if made.variable != of.DOSE_PER_KG or not {"dose", "text"} <= order.texts.keys() or "dose" not in order.fields:
        return made
    steps = [each for each in order.numbers_in_text() if each.field in _AMOUNTS and is_rounded_to(each, order)]
    share = max((_share(each, order) for each in steps), default=Fraction())
    if not steps and not is_known and _UNSTATED.search(order.texts["text"]) is not None:
        share = _MOST_UNSTATED
    half = made.value * share / (1 - share)
    return made._replace(rounding=max(made.rounding, half), digit=max(made.digit, half))


def _share(one: Said, order: Order) -> Fraction:
    """Return by which share of an order's dose rounding to an amount, or to a multiple of it, may have moved it."""
    (dose, kind), (amount, other) = (of.base_value(each) for each in (order.fields["dose"], one.quantity))
    if kind != other or not dose or not amount or dose % amount:
        return Fraction(0)
    return _MOST_STATED if dose == amount else min(amount / dose / 2, _MOST_STATED)
