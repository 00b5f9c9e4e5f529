"""What an order's text says of how much is given, in a way that no dose follows from: silence would be a claim."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders import dose_words as words
from rescuecalc.core.orders.free_text import clause_at, elsewhere
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.facts.text_doses import drug_beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Knowledge

_COUNT: Final = r"(?:(?:an?|the|[0-9]{1,2}|one|two|three|four|five|another|all|both) ){0,2}"
_CONTAINER: Final = r"(?:bags?|bottles?|vials?|ampoules?|ampules?|syringes?|containers?)"
_GIVEN_WHOLE: Final = lazy_pattern(
    rf"\b(?:push|bolus|inject)(?:ing|ed)? (?:of |in )?{_COUNT}(?:whole |entire |full )?{_CONTAINER}\b"
    rf"|\b(?:whole|entire) (?:[a-z]+ )?{_CONTAINER}\b"
    rf"|\b(?:give|run|infuse|administer) {_COUNT}{_CONTAINER} (?:IV )?(?:over|within|in|as a bolus|by push|push)\b"
    rf"|\b(?:[0-9]{{1,2}}|two|three|four|five) {_CONTAINER} (?:IV )?(?:push|bolus|as a bolus|by push)",
    re.IGNORECASE,
)
"""A container that is given as a whole, at once or in a time."""
_WIDE_OPEN: Final = lazy_pattern(
    r"\b(?:wide open|full speed|maximum (?:rate|speed)(?: of the pump)?|as fast as possible|gravity)\b", re.IGNORECASE
)
_TIMES: Final = lazy_pattern(
    r"\b(?:by )?(?:[0-9]{1,3}|two|three|four|five|ten) ?(?:times|-?fold)\b"
    r"(?: the)?(?: (?:rate|dose|infusion|speed|bolus))?",
    re.IGNORECASE,
)
_OF_RATE: Final = lazy_pattern(r"\b(?:rate|dose|infusion|speed|bolus|increas\w*|rais\w*|run|give)\b", re.IGNORECASE)
_BARE: Final = lazy_pattern(
    r"\b(?:rate|pump(?: rate)?|run(?:ning|s)? at|set (?:to|at)|infuse at|dose|bolus|give)(?: of| is| to| at|:|=)? ?"
    r"(?P<number>[0-9]{1,6}(?:\.[0-9]{1,4})?)(?= *(?:$|[,;)\n]|\.(?:\s|$)|(?:then|for|over)\b))",
    re.IGNORECASE,
)
_AMOUNT: Final = lazy_pattern(
    r"(?<![\w.,/-])(?P<number>(?:[0-9]+(?:[.,][0-9]+)?|\.[0-9]+|(?:half|quarter) (?:an? |of an? )?)) ?"
    r"(?P<unit>(?:mcg|ug|mg|g|ng|gamma|micrograms?|milligrams?|grams?|mL|ml|cc)"
    r"(?: ?(?:/|per) ?[A-Za-z]{1,10}){0,2})\b",
    re.IGNORECASE,
)
_MOST_ASKED: Final = 100
_LABORATORY: Final = lazy_pattern(r"(?:/|per) ?(?:d?l|u?l|mm3|day|d|dose|bag|vial)\b", re.IGNORECASE)


class UnreadDose(NamedTuple):
    """What a text says, and why no dose follows from it."""

    found: str
    why: str


def unread(order: Order, knowledge: Knowledge) -> Iterator[UnreadDose]:
    """Yield what a text says of an amount that is given and that nothing was compared with, of the order's drug."""
    text = order.texts.get("text", "")
    for each in _found(order, text):
        at = text.find(each.found)
        begin, end = clause_at(text, at)
        drug = drug_beside(text[begin:at], text[at + len(each.found) : end], text[:begin], knowledge)
        if drug in {"", order.drug}:
            yield each


def _found(order: Order, text: str) -> Iterator[UnreadDose]:
    for pattern, why in (
        (_GIVEN_WHOLE, "how much of its container is given was compared with no dose"),
        (_WIDE_OPEN, "a rate without a number can be compared with no dose"),
    ):
        yield from (UnreadDose(each, why) for each in _given(pattern.finditer(text), text))
    of_rates = (each for each in _TIMES.finditer(text) if _OF_RATE.search(text, *clause_at(text, each.start())))
    for found in _given(of_rates, text):
        yield UnreadDose(found, "a multiple of a dose was compared with no dose")
    yield from _without_unit(order, text)
    yield from _in_other_units(order, text)


def _given(
    matches: Iterable[re.Match[str]], text: str, unless: tuple[re.Pattern[str], ...] = (words.DENIED,)
) -> Iterator[str]:
    """Yield what matches and no words before it take back, each once.

    Of a text that says more than anybody reads the words before are asked no longer: it takes the square of its length.
    """
    known: set[str] = set()
    asked = 0
    for match in matches:
        if match[0] in known:
            continue
        asked += 1
        before = text[clause_at(text, match.start())[0] : match.start()] if asked <= _MOST_ASKED else ""
        if not any(each.search(before) for each in unless):
            known.add(match[0])
            yield match[0]


def _without_unit(order: Order, text: str) -> Iterator[UnreadDose]:
    numbers = [each.magnitude for each in order.fields.values()]
    others = (match for match in _BARE.finditer(text) if not any(each == Fraction(match["number"]) for each in numbers))
    for found in _given(others, text):
        yield UnreadDose(found, "a number without a unit can be compared with no dose")


def _in_other_units(order: Order, text: str) -> Iterator[UnreadDose]:
    read = [(each.at, each.at + len(each.text)) for each in (*order.numbers_in_text(), *elsewhere(text))]
    others = (
        match
        for match in _AMOUNT.finditer(text)
        if _LABORATORY.search(match["unit"]) is None
        and not any(begin < match.end() and match.start() < end for begin, end in read)
    )
    for found in _given(others, text, (words.DENIED, words.MEASURED)):
        yield UnreadDose(found, "its unit is not read")
