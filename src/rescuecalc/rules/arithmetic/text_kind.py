"""RC321: a text that gives an infusion as a push, or a bolus over hours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.own_numbers import own_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_PUSH: Final = lazy_pattern(
    r" ?(?:\([^()]{0,30}\) ?)?(?P<found>(?:(?:IV|IA|slow|rapid) ){0,2}(?:push\w*|IVP|bolus))\b(?! (?:over|in|of)\b)",
    re.IGNORECASE,
)
"""Directly behind a dose: it is pushed."""

_LEADS_TO_TIME: Final = lazy_pattern(
    r",? ?(?:\([^()]{0,30}\) ?)?(?:(?:IV|IA|infus\w*|bolus|given|run|as|an|continuous\w*) ){0,4}"
    r"(?:over|for|in)(?: the)? ",
    re.IGNORECASE,
)
"""What stands between a dose and the time that it is given over."""

_OTHERWISE: Final = lazy_pattern(
    r"\b(?:or|if|then|unless|not|never|no|after|before|followed|instead|previous\w*|start\w*)\b", re.IGNORECASE
)
_TIMES: Final = frozenset({"give_over", "run_time"})


def _other_kind(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        text = order.texts.get("text", "")
        if not text or order.of or _OTHERWISE.search(text):
            continue
        found = _as_push(order, text) if order.given_as == "infusion" else _over_hours(order, text)
        if found:
            message = f"the text gives it {found}, and the order is {_kind(order)}"
            yield Hit(message, (), f"{order.pointer}/text", found, order.kind or None)


def _kind(order: Order) -> str:
    time = next((f" over {order.fields[name]}" for name in sorted(_TIMES) if name in order.fields), "")
    return f"an infusion{time}" if order.given_as == "infusion" else f"a bolus{time}"


_PUSHED_ALONE: Final = lazy_pattern(
    r"(?:^|[\n;.]) ?(?P<found>(?:(?:IV|IA|slow|rapid|give|by|as|an?) ){0,3}(?:push(?:ed)?|IVP|bolus))"
    r"(?: injection)? ?(?=$|[\n;.])",
    re.IGNORECASE,
)
"""A whole sentence, as the method of a coded order is one."""


def _as_push(order: Order, text: str) -> str:
    alone = _PUSHED_ALONE.search(text)
    if alone is not None:
        return alone["found"]
    ends = (one.at + len(one.text) for one in own_numbers(order) if one.field not in _TIMES)
    return next((match["found"] for end in ends if (match := _PUSH.match(text, end))), "")


def _over_hours(order: Order, text: str) -> str:
    """Return the hours over which a text gives a bolus of which no field says how long it takes."""
    if order.given_as != "bolus" or not _TIMES.isdisjoint(order.fields):
        return ""
    hours = [one for one in order.numbers_in_text() if one.field in _TIMES and one.quantity.value_in("h") > 1]
    for one in own_numbers(order):
        end = one.at + len(one.text)
        for time in hours:
            if _LEADS_TO_TIME.fullmatch(text, end, time.at):
                return text[end : time.at + len(time.text)].strip(" ,")
    return ""


RULES = (
    declared(
        "RC321",
        "text-contradicts-kind",
        Severity.ERROR,
        _other_kind,
        "rescuecalc",
        checks="A text that pushes the dose of an infusion, or gives a bolus over more than one hour.",
        why="The nurse reads the text: a drug that runs in an hour is dangerous as a push.",
        fails="{drug: vancomycin, route: IV, kind: infusion, dose: 1 g, run_time: 1 h, text: 1 g IV push}",
        passes="{drug: vancomycin, route: IV, kind: infusion, dose: 1 g, run_time: 1 h, text: 1 g IV over 1 h}",
        remedy="Correct the one that is wrong.",
        limits="Not if the text denies it or names another step. RC308 compares the time of a bolus that has one.",
        since="0.2.0",
    ),
)
