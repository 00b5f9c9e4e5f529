"""What else the text of a thrombolytic's order may say: the whole dose, its other part, and the times of both."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value, in_unit_of
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.dose_words import DENIED
from rescuecalc.core.orders.text.free_text import time_at
from rescuecalc.core.quantities.decimal_text import plain, significant
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.agent_facts import ThrombolyticDose
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.diagnosis import Diagnosis
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.quantities.quantity import Duration
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_AMOUNTS: Final = frozenset({of.DOSE, of.DOSE_PER_KG, of.VOLUME})
_STATES_MORE: Final = lazy_pattern(
    r"\b(?:total|whole|rest|remain\w*|then|follow\w*|infus\w*)\b|/ ?kg\b|% of\b", re.IGNORECASE
)
"""A text that speaks of more than the amount of its order."""


_OF_BOLUS: Final = lazy_pattern(r"\b(?:bolus|push|load\w*|first|10 ?%)", re.IGNORECASE)
_OF_REST: Final = lazy_pattern(r"\b(?:rest|remain\w*|then|follow\w*|infus\w*|drip|balance|90 ?%)", re.IGNORECASE)
"""A text that names the other part, whose time it may state."""

_PARTS_IN_WORDS: Final = {
    "half": Fraction("1/2"),
    "third": Fraction("1/3"),
    "quarter": Fraction("1/4"),
    "tenth": Fraction("1/10"),
}
_SHARE: Final = (
    r"(?:(?<![\w.,])(?P<{0}percent>[0-9]{{1,3}}) ?(?:%|per ?cent)|"
    r"\b(?:(?:one|an?)[ -])?(?P<{0}part>half|third|quarter|tenth)"
    r"|\b(?P<{0}all>all(?: of it)?|(?:the )?(?:whole|entire|full)(?: dose)?))"
)
_BOLUS_SHARE: Final = lazy_pattern(
    _SHARE.format("before_")
    + r"(?: of (?:the )?(?:total |calculated |whole )?(?:dose|it|[0-9.]{1,6} ?mg(?:/kg)?))?(?: \([^()]{0,30}\))?"
    r"(?: (?:as|by|via|IV|an?|the|initial|given|is|in|rapid|slow|first|dose|single|one)){0,5} (?:bolus|push)\b"
    r"|\b(?:bolus|push)(?: (?:of|is|dose|with|the))* ?[:=]? ?"
    + _SHARE.format("behind_")
    + r"(?![\w-])(?! (?:bag|vial))",
    re.IGNORECASE,
)
"""The share of a dose that is given as its bolus."""


def bolus_shares(text: str) -> Iterator[tuple[Fraction, str]]:
    """Yield the shares of the whole dose that a text gives as a bolus, each with its words.

    >>> [(str(share), words) for share, words in bolus_shares("0.9 mg/kg: 90 % as a bolus over 1 min")]
    [('9/10', '90 % as a bolus')]
    """
    for match in islice(_BOLUS_SHARE.finditer(text), _MOST_ASKED):
        side = "before_" if "before_" in str(match.lastgroup) else "behind_"
        percent, part = match[f"{side}percent"], match[f"{side}part"]
        is_denied = DENIED.search(text, clause_at(text, match.start())[0], match.start()) is not None
        share = Fraction(int(percent), 100) if percent else _PARTS_IN_WORDS[part.lower()] if part else Fraction(1)
        if not is_denied:
            yield share, match[0]


def wrong_bolus_share(text: str, facts: ThrombolyticDose, slack: Fraction) -> str | None:
    """Return the words by which a text gives another share of the whole dose as a bolus than the source does."""
    right = facts.bolus_share if facts.bolus_share is not None else Fraction(1)
    wrong = (words for share, words in bolus_shares(text) if share > right * slack or share * slack < right)
    return next(wrong, None)


_TIMED: Final = lazy_pattern(
    r"\b(?:(?P<bolus>bolus|push|inject|loading dose)|(?P<rest>rest|remain\w*|balance|infus\w*|drip))"
    r"(?: ?(?:\([^()]{0,40}\)|\b(?:of|the|dose|IV|infus\w*|given|to|be|run|as|an?|via|by|pump|is|it|will|slowly|"
    r"administered)\b|[0-9.]{1,6} ?(?:%|mg/kg|mg|mL)|[:=])){0,8}"
    r" ?(?:over|for|within) (?:(?:about|the next|[0-9.]{1,5} ?(?:to|-|\u2013)) ?)?"
    r"(?P<time>[0-9]{1,4}(?:\.[0-9]{1,2})? ?(?:s|secs?|seconds?|min|mins|minutes?|h|hrs?|hours?|d|days?))\b",
    re.IGNORECASE,
)
"""The time of a part that its own word stands before."""


def part_times(text: str) -> Iterator[tuple[str, Duration, str]]:
    """Yield the times that a text gives the bolus or the rest, by the name of that part, each with its words.

    >>> [(part, str(time)) for part, time, _ in part_times("10 % bolus over 1 min, remainder over 60 h")]
    [('bolus', '1 min'), ('rest', '60 h')]
    """
    for match in islice(_TIMED.finditer(text), _MOST_ASKED):
        read = time_at(match["time"])
        is_denied = DENIED.search(text, clause_at(text, match.start())[0], match.start()) is not None
        if read is not None and not is_denied:
            yield "bolus" if match["bolus"] else "rest", read, match[0]


_MOST_ASKED: Final = 20
_DIGITS: Final = 6
"""Significant digits of a total that is expected."""


def own_share(judged: SolvedOrder) -> Fraction | None:
    """Return which part of the whole dose an order of a thrombolytic gives by its kind, None where it is the whole."""
    known = judged.subject.knowledge.agent_facts().thrombolytics.get(judged.order.drug)
    share = known.bolus_share if known is not None else None
    return share if share is None or judged.order.given_as == "bolus" else 1 - share


def as_part(total: Mention, share: Fraction | None) -> Mention:
    """Return the total that a text says as the part of it which its order gives."""
    if share is None:
        return total
    return total._replace(value=total.value * share, rounding=total.rounding * share, digit=total.digit * share)


def caps_whole(made: Mention, judged: SolvedOrder) -> bool:
    """Whether a bound is that of the whole dose, of which the order's own is the part that it gives: 90 mg of 81 mg."""
    share = own_share(judged) if made.variable == of.MAX_DOSE else None
    part = as_part(made, share)
    own = judged.system.of(of.MAX_DOSE) if share is not None else ()
    return any(point(part.value).widened(part.digit).overlaps(point(each.value)) for each in own)


_SHARE_OF: Final = lazy_pattern(
    r"^\W*(?P<percent>[0-9]{1,2}) ?% of (?:the )?(?:total |whole )?(?:dose )?[^%=]{0,60}= ?$", re.IGNORECASE
)


def share_of_result(before: str) -> Fraction | None:
    """Return the share of the whole that a result is, by the sentence before it.

    >>> str(share_of_result("10% of 66.6 mg (0.9 mg/kg, max 90 mg) = "))
    '1/10'
    """
    match = _SHARE_OF.match(before)
    return Fraction(int(match["percent"]), 100) if match is not None else None


def of_whole(found: Diagnosis, part: Mention, total: Mention, *, is_sum: bool) -> Diagnosis:
    """Return a diagnosis of the part of a total as that of the total: 720 mg should be 72 mg, and not 64.8 mg.

    Of a total that other orders give a part of (is_sum) nothing is expected: what this order gives is not the whole.
    """
    repair = found.repair
    if repair.blamed is not part:
        return found
    if part is total and is_sum:
        unknown = repair._replace(expected=None, right=None, fits=(), hint=())
        return found._replace(repair=unknown, alternatives=())
    if part is total:
        return found
    whole, expected = total.value / part.value, repair.expected
    if expected is not None:
        number = in_unit_of(expected.value * whole, total.quantity)
        text = f"{plain(significant(number, _DIGITS))} {total.quantity.unit.name}"
        expected = expected._replace(value=expected.value * whole, text=text)
    right = repair.right.scaled(whole) if repair.right is not None else None
    made = repair._replace(blamed=total, right=right, expected=expected)
    return found._replace(repair=made, system=found.system.replaced(part, total))


def of_other_parts(variable: str, field: Bounds | None, judged: SolvedOrder) -> Iterator[Bounds]:
    """Yield the numbers (mcg, mcg/kg, mL, s) that are right beside a bolus or a rest, as `0.9 mg/kg, max 90 mg` is.

    A text that calls the whole dose a bolus is RC665's matter.
    """
    known, own = judged.subject.knowledge.agent_facts().thrombolytics.get(judged.order.drug), own_share(judged)
    if known is None or own is None:
        return
    text = judged.order.texts.get("text", "")
    if variable == of.TIME:
        own_time, other = known.bolus_over, known.rest_over
        is_stated = _OF_REST.search(text)
        if judged.order.given_as == "infusion":
            own_time, other, is_stated = other, own_time, _OF_BOLUS.search(text)
        times = (own_time, other if is_stated else None)
        yield from (point(base_value(each)[0]) for each in times if each is not None)
    elif field is not None and variable == of.MAX_DOSE:
        yield field.scaled(1 / own)  # "max 90 mg" is the whole's, of which 81 mg are infused
    elif field is not None and variable in _AMOUNTS and _STATES_MORE.search(text):
        yield field.scaled(1 / own)
        other_part = _OF_BOLUS if judged.order.given_as == "infusion" else _OF_REST
        if variable != of.DOSE_PER_KG or other_part.search(text):
            yield field.scaled((1 - own) / own)
