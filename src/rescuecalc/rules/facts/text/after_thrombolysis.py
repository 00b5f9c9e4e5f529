"""What an order says of a thrombolysis before it: `when: {thrombolysis: given}`, `start 1 h after tPA`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.condition_interval import covered
from rescuecalc.core.orders.text.clauses import in_clause
from rescuecalc.core.orders.text.free_text import time_at
from rescuecalc.core.orders.text.vocabulary import AVOIDED, NEGATIONS, WITHHELD, any_word
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Duration
    from rescuecalc.rules.base.knowledge import Subject

_LYSIS: Final = (
    r"(?:(?:the|an?|IV|intravenous|end of(?: the)?|bolus of|dose of) )*"
    r"(?:thrombolys\w*|lysis|r?t-?PA|IVT|alteplase|actilyse|activase|tenecteplase|metalyse|TNK(?:ase)?)\b"
)
_HOURS: Final = r"(?P<{0}>[0-9]{{1,3}}(?:\.[0-9])? ?(?:h|hrs?|hours?|min(?:ute)?s?|days?))"
_START: Final = r"(?:start|begin|give|run|infuse|load|administer|initiate|resume|commence)\w*"
_CLAUSE_BEGINS: Final = r"^|(?<=[;\n])|(?<=[.,])(?![0-9])"
_BEFORE_IT: Final = lazy_pattern(
    rf"(?:{_CLAUSE_BEGINS}|\b{_START}\b)(?:[^.,;\n0-9]|,(?=[0-9])){{0,25}}?"
    rf"(?:{_HOURS.format('later')} (?:after|post|from|following)"
    rf"|(?:within|in) {_HOURS.format('within')} (?:of|after)"
    rf"|\b(?P<beside>together with|concurrently with|simultaneously with|along with|with|during"
    rf"|(?:right |directly |immediately |soon |just )?after|despite(?: recent)?)) {_LYSIS}"
    rf"|{_LYSIS} (?:was |has been |had been )?(?:given|received|administered|started)"
    rf"(?: {_HOURS.format('ago')} (?:ago|earlier|before|prior))?"
    rf"|\b(?:received|got|status post|s/p) {_LYSIS}(?: {_HOURS.format('past')} (?:ago|earlier|before|prior))?",
    re.IGNORECASE,
)
_DENIED: Final = any_word(NEGATIONS, AVOIDED, WITHHELD, "until", r"wait\w*", "unless", r"incompatib\w*", "if")


class Since(NamedTuple):
    """How an order lies to a thrombolysis before it: ``length`` after it, where that is said.

    ``is_inside`` says that it comes within the time for which antiplatelets are held back.
    """

    length: Duration | None
    is_inside: bool
    pointer: str


def since_thrombolysis(order: Order, subject: Subject) -> Since | None:
    """Return how an order lies to a thrombolysis that it says to have been given; None where it says of none."""
    branch = next((each for each in order.when if each.name == "thrombolysis"), None)
    if branch is None:
        return _of_text(order, subject)
    said = subject.order_set.thrombolysis
    hold = subject.knowledge.bridging().hold.length.value_in("h")
    if branch.given is False or (said is not None and not said.given):
        return None
    span = covered(branch, "h")
    pointer = f"{order.pointer}/when/thrombolysis"
    if branch.given:
        return Since(None, is_inside=False, pointer=pointer)
    return Since(None, is_inside=True, pointer=pointer) if span.low < hold else None


def _of_text(order: Order, subject: Subject) -> Since | None:
    for pointer, held in ((f"{order.pointer}/text", order.texts), ("/indication", subject.order_set.texts)):
        text = held.get(pointer.rpartition("/")[2], "")
        pattern = _WITHIN if pointer == "/indication" else _BEFORE_IT
        for match in pattern.finditer(text):
            if not in_clause(_DENIED, text, match.start()):
                return _since(match, pointer, subject)
    return None


_WITHIN: Final = lazy_pattern(
    rf"\b(?:within|in) {_HOURS.format('within')} (?:of|after) {_LYSIS}(?P<later>)(?P<ago>)(?P<past>)(?P<beside>)",
    re.IGNORECASE,
)
"""In an indication a time is told so alone: a thrombolysis that it names may have been the one before this stroke."""


def _since(match: re.Match[str], pointer: str, subject: Subject) -> Since | None:
    """Return what a text says; hours from the end of the hold on leave nothing to ask."""
    written = match["later"] or match["ago"] or match["past"]
    hold = subject.knowledge.bridging().hold.length
    length = time_at(written) if written else None
    if length is not None and not hold.exceeds(length):
        return None
    within = time_at(match["within"]) if match["within"] else None
    is_inside = length is not None or bool(match["beside"]) or (within is not None and not within.exceeds(hold))
    return Since(length, is_inside=is_inside, pointer=pointer)
