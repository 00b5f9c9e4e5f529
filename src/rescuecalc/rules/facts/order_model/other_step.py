"""Numbers that a text says of another step, another occasion or another patient than its order's: a bolus before."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.text.clauses import ahead, sentence_at
from rescuecalc.core.orders.text.dose_words import FOLLOWING, LASTING
from rescuecalc.core.orders.text.free_text import time_at
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
    if _OF_BRANCH.match(text, one.at + len(one.text)) is not None and not _is_far(one, order):
        return True
    if one.field in _AMOUNTS or (one.field == "volume" and "pump_rate" in order.fields):
        return _is_before_rate(one, text, order) or _is_for_other_degree(one, text, order)
    if one.field in _RATES:
        if _STARTS.search(ahead(text, one.at)) is not None and _TITRATED.search(text, one.at) is not None:
            return not _is_far(one, order)  # the order may be of the rate that was reached
        return _AFTERWARDS.match(text, one.at + len(one.text)) is not None
    if one.field in _TIMES and (_is_of_first_dose(one, text) or _is_of_following(one, text, order)):
        return True
    return one.field in _TIMES and (_is_course(one, text, order) or _is_of_first(one, text, order))


_TIMES: Final = frozenset({"run_time", "give_over"})
_OF_BRANCH: Final = lazy_pattern(
    r"(?:,? (?:PO|IV|once|twice|daily|BID|TID|QID|every [0-9]{1,2} ?h))*,? (?:in|with|for) (?:[a-z0-9/-]{1,20} ){0,3}?"
    r"(?:impairment|insufficiency|dysfunction|cirrhosis|critical illness|inhibitors?|inducers?|elderly|frail\w*|"
    r"pregnan\w*|reversal|(?:poor|rapid) metaboli[sz]ers?)\b",
    re.IGNORECASE,
)
"""Behind a dose: the patients, or the case, that it is for: `50 mg BID with a CYP3A4 inhibitor`."""
_MOST_TIMES: Final = 9
"""So many times the order's own dose another one is at most: from ten times on it is a slip of the point."""


def _is_far(one: Said, order: Order) -> bool:
    own, name = order.fields.get(one.field), one.quantity.unit.name
    if own is None or own.unit.parts[0].dimension != one.quantity.unit.parts[0].dimension:
        return False
    ratio = one.quantity.magnitude / own.value_in(name) if own.magnitude else Fraction(0)
    return not Fraction(1, _MOST_TIMES) <= ratio <= _MOST_TIMES


_STARTS: Final = lazy_pattern(r"\bstart\w*(?: (?:at|with|from|infusion|drip|rate))* $", re.IGNORECASE)
_TITRATED: Final = lazy_pattern(r"\btitrat", re.IGNORECASE)
_AFTERWARDS: Final = lazy_pattern(r" (?:after(?:wards?)?|thereafter)\b(?! ?[a-z0-9])", re.IGNORECASE)
_THEREAFTER: Final = lazy_pattern(
    r"(?: \([^()]{1,20}\)|\))?(?:,? (?:PO|IV|once|daily|BID|q ?[0-9]{1,2} ?h|every [0-9]{1,2} ?h\w*)){0,3}"
    r" (?:after(?:wards)?|thereafter)\b(?! ?[a-z0-9])",
    re.IGNORECASE,
)
"""Behind an amount: it follows the order's own."""
_THEN_TAKE: Final = lazy_pattern(r"\bthen (?:take|give) [0-9]{1,2} (?:tablets?|capsules?) \($", re.IGNORECASE)
"""Before an amount: what so many tablets of the next doses hold."""


def is_after_own(one: Said, order: Order) -> bool:
    """Whether an amount is of the doses that follow the order's own: `then take 1 tablet (90 mg total)`."""
    text = order.texts.get("text", "")
    if one.field not in _OF_FIELDS or _is_far(one, order):
        return False
    is_next = _THEN_TAKE.search(text, max(0, one.at - _NEAR), one.at) is not None
    return is_next or _THEREAFTER.match(text, one.at + len(one.text)) is not None


_NEAR: Final = 40
_OF_FIRST_DOSE: Final = lazy_pattern(r"\b(?:first|initial|loading) dose\b[^;\n]{0,60}$", re.IGNORECASE)
_OF_LATER_DOSES: Final = lazy_pattern(r"\b(?:subsequent|following|later|next|further|then|thereafter)\b", re.IGNORECASE)


def _is_of_first_dose(one: Said, text: str) -> bool:
    """Whether a time is that of the first dose, where the text goes on with those that follow."""
    end = one.at + len(one.text)
    return _OF_FIRST_DOSE.search(ahead(text, one.at)) is not None and _OF_LATER_DOSES.search(text, end) is not None


def _is_of_following(one: Said, text: str, order: Order) -> bool:
    """Whether a time stands directly behind the rate of what follows a bolus: `then 0.1 mcg/kg/min for 24 h`."""
    rate = next((each for each in reversed(order.numbers_in_text()) if each.at < one.at), None)
    if order.given_as != "bolus" or rate is None or rate.field not in _RATES:
        return False
    is_behind = LASTING.fullmatch(text, rate.at + len(rate.text), one.at) is not None
    return is_behind and (rate.is_step or FOLLOWING.search(ahead(text, rate.at)) is not None)


def _is_before_rate(one: Said, text: str, order: Order) -> bool:
    """Whether an amount in the text of a rate is given at once, or before the rate that the text says behind it."""
    if order.given_as != "infusion" or (_RATES.isdisjoint(order.fields) and not _OF_FIELDS.isdisjoint(order.fields)):
        return False
    end = one.at + len(one.text)
    if _GIVEN_AT_ONCE.match(text, end) is not None:
        return True
    lasting = LASTING.match(text, end)
    time = time_at(text, lasting.end()) if lasting is not None else None
    if time is not None and order.lasts is not None and order.lasts.equals(time):
        return False  # what is infused in the order's own time is its own
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
    amounts = [each for each in before if each.field in _AMOUNTS or each.field == "volume"]
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
