"""Numbers that a text says of another step, another occasion or another patient than its order's: a bolus before."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.text.clauses import ahead, sentence_at
from rescuecalc.core.orders.text.dose_words import LASTING
from rescuecalc.core.orders.text.frequency import is_known_to_recur, times_daily
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said

_RATES: Final = frozenset({of.DOSE_RATE_PER_KG, of.DOSE_RATE, of.PUMP_RATE, "pump_rate_per_kg"})
_AMOUNTS: Final = frozenset({of.DOSE, of.DOSE_PER_KG})
_OF_FIELDS: Final = frozenset({*_AMOUNTS, "volume", "vtbi"})
_GIVEN_AT_ONCE: Final = lazy_pattern(r"\)?(?: (?:IV|slow|rapid|loading))? (?:bolus|push|IVP|load)\b", re.IGNORECASE)
_THEN_RATE: Final = lazy_pattern(
    r"[^;\n]*?\b(?:then|followed by)\b[^;\n0-9]{0,30}[0-9][0-9.,]* ?(?:mcg|mg|g|units|mEq|mmol|mL)"
    r"(?:/kg)?(?:/| per )(?:min|h)",
    re.IGNORECASE,
)
_TOTAL: Final = lazy_pattern(r"\btotal\b[^;]{0,20}$", re.IGNORECASE)
_AGAINST: Final = lazy_pattern(
    r" ?(?:PO |IV )?for (?:(?P<degree>mild|moderate|severe|breakthrough) )?(?:pain|agitation|nausea)", re.IGNORECASE
)
"""Behind an amount: what it is given against."""


def is_of_other_step(one: Said, order: Order) -> bool:
    """Whether a number is of a step before an infusion, of a whole course, or of what another patient has."""
    text = order.texts.get("text", "")
    if one.field in _AMOUNTS:
        return _is_before_rate(one, text, order) or _is_for_other_degree(one, text, order)
    return one.field in {"run_time", "give_over"} and (_is_course(one, text, order) or _is_of_first(one, text, order))


def _is_before_rate(one: Said, text: str, order: Order) -> bool:
    """Whether an amount in the text of a rate is given at once, or before the rate that the text says behind it."""
    if order.given_as != "infusion" or (_RATES.isdisjoint(order.fields) and not _OF_FIELDS.isdisjoint(order.fields)):
        return False
    end = one.at + len(one.text)
    if _GIVEN_AT_ONCE.match(text, end) is not None:
        return True
    return _THEN_RATE.match(text, end, sentence_at(text, end)[1]) is not None


def as_own_rate(one: Said, order: Order) -> Said:
    """Return the first rate behind an amount that is given before it as the order's own: `50 mcg, then 5 mcg/h`."""
    if one.field in _RATES and one.is_step and _is_of_first(one, order.texts.get("text", ""), order):
        return one._replace(given=True, of=tuple(word for word in one.of if word not in _AT_ONCE))
    return one._replace(of=()) if one.field == "run_time" and _is_of_own_rate(one, order) else one


def _is_of_own_rate(one: Said, order: Order) -> bool:
    """Whether a time stands directly behind the rate that follows a first amount: `50 mcg, then 5 mcg/h for 24 h`."""
    text = order.texts.get("text", "")
    rate = next((each for each in reversed(order.numbers_in_text()) if each.at < one.at), None)
    if rate is None or rate.field not in _RATES or not rate.is_step or not _is_of_first(rate, text, order):
        return False
    return LASTING.fullmatch(text, rate.at + len(rate.text), one.at) is not None


_AT_ONCE: Final = frozenset({"bolus", "push", "ivp", "load", "loading"})


def _is_of_first(one: Said, text: str, order: Order) -> bool:
    """Whether before a number stand an amount that is given before the order's rate, and no rate."""
    before = [each for each in order.numbers_in_text() if each.at < one.at]
    amounts = [each for each in before if each.field in _AMOUNTS]
    is_first = bool(amounts) and _RATES.isdisjoint(each.field for each in before)
    return is_first and _is_before_rate(amounts[-1], text, order)


def _is_course(one: Said, text: str, order: Order) -> bool:
    """Whether a time is longer than that between two doses: so long, or in all, they are given again and again."""
    often = order.frequency
    if often is None or not is_known_to_recur(often) or _AMOUNTS.isdisjoint(order.fields):
        return False
    daily = times_daily(often)
    is_longer = daily is not None and one.quantity.value_in("day") * daily > Fraction(1)
    return is_longer and (one.field == "run_time" or _TOTAL.search(ahead(text, one.at)) is not None)


def _is_for_other_degree(one: Said, text: str, order: Order) -> bool:
    """Whether an amount is for another degree of what the order is needed for: `10 mg for severe pain`."""
    needed, match = order.texts.get("prn", ""), _AGAINST.match(text, one.at + len(one.text))
    degree = match["degree"] if match is not None else None
    return degree is not None and bool(needed) and degree.lower() not in needed.lower()
