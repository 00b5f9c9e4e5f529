"""How often a text gives the dose of its order: `75 mg every 8 hours`, `20 mg q24h`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.text.dose_words import CHECKED
from rescuecalc.core.orders.text.frequency import exactly_daily
from rescuecalc.core.orders.text.vocabulary import ALTERNATIVES, BAGS, SYRINGES, any_word
from rescuecalc.core.quantities.lazy_pattern import Text, lazy_pattern
from rescuecalc.rules.facts.text.own_numbers import numbers_in_own_words

if TYPE_CHECKING:
    from fractions import Fraction

    from rescuecalc.core.orders.order import Order

_ENDS: Final = lazy_pattern(r"[;\n]|\.(?![0-9a-z])|, (?=check|platelets|neuro)", re.IGNORECASE)
"""Where what is said of the dose ends: behind it may stand how often something is looked at."""
_OF_ANOTHER: Final = any_word(
    *(ALTERNATIVES, "or", "if", "then", "unless", "switch", "convert", "change", "followed", r"previous\w*"),
    *(r"repeat\w*", r"titrat\w*", r"increas\w*", "home", r"start\w*", r"begin\w*", "after", "before"),
    *("divided", "total"),
    *(*BAGS, *SYRINGES, "tubing", "lines?", "sets?", "sites?", "dressings?", r"flush\w*", r"rotat\w*", r"document\w*"),
)
"""What speaks of another dose, or of what is changed and cared for so often."""
_THEN: Final = lazy_pattern(r"\bthen\b", re.IGNORECASE)
"""A text of two steps: which of them a field is of is not known."""
_DOSES: Final = frozenset(("dose", "dose_per_kg"))


class TextFrequency(NamedTuple):
    """How many times a day a text gives the dose, 0 for once in all, and the words that say so."""

    times: Fraction
    words: str


def frequency_in_text(order: Order) -> TextFrequency | None:
    """Return how often the text of an order gives its one dose, None where it does not say, or says two things."""
    text = order.texts.get("text", "")
    if not text or order.of or _THEN.search(text) is not None:
        return None
    behind = _behind_dose(order, text)
    if behind is None or _OF_ANOTHER.search(behind) is not None or CHECKED.search(behind) is not None:
        return None
    times = exactly_daily(behind)
    return TextFrequency(times, behind.strip(" ,")) if times is not None else None


def with_text_frequency(order: Order) -> Order:
    """Return an order whose text alone says that its dose comes again with that frequency; any other as it is."""
    if order.frequency is not None or "frequency" in order.texts or "text" not in order.texts:
        return order
    said = frequency_in_text(order)
    return order._replace(frequency=said.words) if said is not None and said.times else order


def place_of_frequency(order: Order) -> str:
    """Return where it is stated how often an order is given."""
    return order.at("frequency" if "frequency" in order.texts or "text" not in order.texts else "text")


def _behind_dose(order: Order, text: str) -> str | None:
    """Return what stands behind the one dose of an order's own in its text, the whole of a text without any number."""
    if not order.numbers_in_text():
        return text
    own = [each for each in numbers_in_own_words(order) if each.field in _DOSES]
    if len(own) != 1:
        return None
    begin = own[0].at + len(own[0].text)
    known = text.up_to(begin) if isinstance(text, Text) else text
    end = _ENDS.search(known, begin)
    return known[begin : end.start()] if end is not None else known[begin:]
