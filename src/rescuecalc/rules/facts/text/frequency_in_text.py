"""How often a text gives the dose of its order: `75 mg every 8 hours`, `20 mg q24h`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.text.clauses import ahead
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.dose_words import CHECKED, NAME
from rescuecalc.core.orders.text.frequency import (
    REPEATED,
    exactly_daily,
    often_words,
    recurring_words,
    without_recurring,
)
from rescuecalc.core.orders.text.text_words import BESIDE, NEUTRAL
from rescuecalc.core.orders.text.vocabulary import ALTERNATIVES, BAGS, SYRINGES, any_word
from rescuecalc.core.quantities.lazy_pattern import Text, lazy_pattern
from rescuecalc.rules.facts.order_model.amount_in_time import rates_in_text
from rescuecalc.rules.facts.order_model.own_words import is_own_word
from rescuecalc.rules.facts.text.own_numbers import numbers_in_own_words, own_numbers
from rescuecalc.rules.facts.text.route_in_text import is_of_giving

if TYPE_CHECKING:
    from collections.abc import Collection
    from fractions import Fraction

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said

_ENDS: Final = lazy_pattern(
    r"[;\n]|\.(?![0-9a-z])|, (?=check|platelets|neuro)|,? (?:from|by|via|through) (?:the |an? )?(?:[a-z]+ )?"
    r"(?:vials?|syringes?|pump|bags?|hand|line)\b",
    re.IGNORECASE,
)
"""Where what is said of the dose ends: behind it may stand how often something is looked at."""
_OF_ANOTHER: Final = any_word(
    *(ALTERNATIVES, "or", "if", "then", "unless", "switch", "convert", "change", "followed", r"previous\w*"),
    *(r"repeat\w*", r"titrat\w*", r"increas\w*", "home", r"start\w*", r"begin\w*", "after", "before"),
    *("divided", "total"),
    *(*BAGS, *SYRINGES, "tubing", "lines?", "sets?", "sites?", "dressings?", r"flush\w*", r"rotat\w*", r"document\w*"),
)
"""What speaks of another dose, or of what is changed and cared for so often."""
_THEN: Final = lazy_pattern(r"\bthen\b(?! (?:again|every|each|daily|(?:at )?[0-9]{1,2}:[0-9]{2})\b)", re.IGNORECASE)
"""A text of two steps: which of them a field is of is not known."""
_FIRST: Final = any_word("first (?:dose|bag)", "erste (?:dosis|gabe)", "premi\u00e8re dose")
"""When the first of several is given: `first dose now`."""
_DOSES: Final = frozenset(("dose", "dose_per_kg"))
_TIMES: Final = frozenset(("give_over", "run_time"))
_HAS_TIME: Final = lazy_pattern(r"\bfor [0-9]", re.IGNORECASE)
_COUNTED: Final = lazy_pattern(r"\b(?:times|twice|thrice)\b", re.IGNORECASE)
"""So often an infusion is given; for some days it runs."""
_BESIDE: Final = frozenset((*BESIDE, *NEUTRAL, "take", "taken", "once", "twice", "repeat", "repeated"))


class TextFrequency(NamedTuple):
    """How many times a day a text gives the dose, 0 for once in all, None where it does not say, and its words."""

    times: Fraction | None
    words: str

    @property
    def recurs(self) -> bool:
        """Whether the dose is given more than once."""
        return self.times != 0


def frequency_in_text(order: Order) -> TextFrequency | None:
    """Return how often the text of an order gives its one dose, None where it does not say, or says two things."""
    text = order.texts.get("text", "")
    again = _again_in_own_clause(order, text) if order.given_as in _GIVEN_ONCE and not order.of else ""
    if again:
        return TextFrequency(None, again)
    if not text or order.of or _THEN.search(text) is not None:
        return None
    behind = _behind_dose(order, text)
    said = _said(order, behind) if behind is not None else None
    if said is not None or "\n" not in text:
        return said
    alone = (_said(order, each) for each in text.split("\n") if _is_own(order, each))
    return next(filter(None, alone), None)


_GIVEN_ONCE: Final = frozenset(("bolus", "infusion"))
_SENTENCES: Final = lazy_pattern(r"[;\n]|\.(?= |$)")
_MOST_SENTENCES: Final = 40
_CONTAINERS: Final = frozenset(("vial", "from", "drawn", "bag"))


def _again_in_own_clause(order: Order, text: str) -> str:
    """Return the words by which a sentence that gives nothing but the order itself gives it again."""
    if REPEATED.search(text) is None:
        return ""
    for sentence in _SENTENCES.split(text, _MOST_SENTENCES):
        match = REPEATED.search(sentence)
        if match is None:
            continue
        rest = (each.lower() for each in NAME.findall(f"{sentence[: match.start()]} {sentence[match.end() :]}"))
        parts = (each for word in rest for each in word.split("-"))
        if all(len(each) == 1 or each in _CONTAINERS or is_of_giving(each, order) for each in parts):
            return match[0]
    return ""


def _said(order: Order, words: str) -> TextFrequency | None:
    """Return how often words give a dose, None where they speak of something else besides."""
    if CHECKED.search(words) is not None or _OF_ANOTHER.search(without_recurring(words)) is not None:
        return None
    if any(is_denied(words, *each.span()) for each in often_words(words)):
        return None
    times = exactly_daily(words)
    is_of_first = times == 0 and _FIRST.search(words) is not None
    in_all = TextFrequency(times, words.strip(" ,")) if times is not None and not is_of_first else None
    if times:
        return in_all if order.given_as != "infusion" or _is_all_own(order, words) else None
    found = (each for each in recurring_words(words) if _is_of_dose(each, order))
    return next((TextFrequency(None, each[0].strip(" ,;")) for each in found), in_all)


def _is_all_own(order: Order, words: str) -> bool:
    """Whether beside the words of a frequency nothing is named but the order itself: no `record volume hourly`."""
    rest = words
    for each in sorted(often_words(words), key=lambda match: -match.start()):
        rest = f"{rest[: each.start()]} {rest[each.end() :]}"
    return all(each.lower() in _BESIDE or is_own_word(each.lower(), order) for each in NAME.findall(rest))


def _is_own(order: Order, words: str) -> bool:
    """Whether all words of a line speak of the order itself, and of how often it is given."""
    rest = without_recurring(words)
    for each in sorted(often_words(words), key=lambda match: -match.start()):
        rest = rest.replace(each[0], " ")
    return rest != words and all(
        each.lower() in _BESIDE or is_own_word(each.lower(), order) for each in NAME.findall(rest)
    )


def _is_of_dose(match: re.Match[str], order: Order) -> bool:
    """Whether nothing else is named that comes again or lasts so long: `once, statin for 90 days`.

    An infusion runs for days, and the time of a push is compared with its field.
    """
    if (order.given_as == "infusion" and _COUNTED.search(match[0]) is None) or (
        _HAS_TIME.search(match[0]) and not _TIMES.isdisjoint(order.fields)
    ):
        return False
    before = (each.lower() for each in NAME.findall(ahead(match.string, match.start())))
    is_own = all(each in _BESIDE or is_own_word(each, order) for each in before)
    return is_own and not is_denied(match.string, *match.span())


def with_text_frequency(order: Order) -> Order:
    """Return an order whose text alone says that its dose comes again with that frequency; any other as it is."""
    if order.frequency is not None or "frequency" in order.texts or "text" not in order.texts:
        return order
    said = frequency_in_text(order)
    return order._replace(frequency=said.words) if said is not None and said.recurs else order


def place_of_frequency(order: Order) -> str:
    """Return where it is stated how often an order is given."""
    return order.at("frequency" if "frequency" in order.texts or "text" not in order.texts else "text")


def _is_divided(one: Said, order: Order) -> bool:
    """Whether so many of an amount are the order's own dose: how often it comes is how that is divided."""
    own = order.fields.get(one.field)
    is_same = own is not None and own.unit.parts[0].dimension == one.quantity.unit.parts[0].dimension
    if own is None or not is_same or one.times == 1 or one.whole not in order.texts["text"]:
        return False
    return own.value_in(one.quantity.unit.name) == one.quantity.magnitude * one.times


def _behind_dose(order: Order, text: str) -> str | None:
    """Return what stands behind the one dose of an order's own in its text, the whole of a text without any number."""
    numbers = order.numbers_in_text()
    known = {id(each) for each in own_numbers(order)}
    if numbers and all(id(each) in known for each in numbers):  # what stands behind them is of the order
        last = max(numbers, key=lambda each: each.at)
        return _up_to_end(text, last.at + len(last.text), ())
    doses = [each for each in numbers if each.field in _DOSES]
    if "\n" in text and not doses:
        return None  # of several lines each is asked for itself
    if not numbers or not (doses or order.given_as == "infusion"):
        return text
    own = [each for each in numbers_in_own_words(order) if each in doses]
    if len(own) != 1:
        return None
    begin = dict(rates_in_text(order)).get(own[0].at, own[0].at + len(own[0].text))
    if _is_divided(own[0], order):
        begin = text.index(own[0].whole) + len(own[0].whole)
    return _up_to_end(text, begin, [each.at for each in doses if each.at > begin and each.quantity != own[0].quantity])


def _up_to_end(text: str, begin: int, others: Collection[int]) -> str:
    known = text.up_to(begin) if isinstance(text, Text) else text
    end = _ENDS.search(known, begin)
    return known[begin : min([end.start() if end is not None else len(known), *others])]
