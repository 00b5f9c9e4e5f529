"""RC320: a text that gives the dose to other patients than the order's condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.condition_interval import covered
from rescuecalc.core.orders.condition_text import read_open
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.order import Condition
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight
from rescuecalc.rules.base.rule import Hit, declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_ENDS: Final = (
    r"(?P<open>(?:<=|>=|[<>\u2264\u2265]|\b(?:over|above|under|below|at least|at most|up to|more than|less than)) ?"
    r"[0-9.]{1,6} ?[A-Za-z]{1,3}(?:/min)?|"
    r"[0-9.]{1,6} ?[A-Za-z]{1,3}(?:/min)? (?:and|or) (?:above|over|more|up|below|under|less))\b"
)
_IN_TEXT: Final = {
    "creatinine_clearance": (
        lazy_pattern(rf"\b(?:CrCl|ClCr|CCr|clearance)\b[^;.\n0-9<>]{{0,20}}?{_ENDS}", re.IGNORECASE),
        (CreatinineClearance, "mL/min"),
    ),
    "weight": (
        lazy_pattern(rf"\b(?:weigh\w*|weight|patients?|BW)\b[^;.\n0-9<>]{{0,20}}?{_ENDS}", re.IGNORECASE),
        (DosingWeight, "kg"),
    ),
}
"""What a text says of the patients, by the condition of an order, and in which quantity."""

_OF_ANOTHER: Final = lazy_pattern(
    r"\b(?:half|halv\w*|reduc\w*|instead|otherwise|unless|except|not|hold|stop|then|lower|see|contraindicat\w*)\b",
    re.IGNORECASE,
)
"""Beside a condition: what it holds for may be another dose."""

_ALONE: Final = lazy_pattern(
    r"\W*(?:(?:only|for|if|when|in|use|give|with|patients?|this|rate|dose|branch|is|a|an?|of) )*"
    r"(?:CrCl|ClCr|CCr|(?:creatinine )?clearance|weigh\w*|BW)\b(?: of| is)? ?(?=[<>\u2264\u2265a-z0-9])",
    re.IGNORECASE,
)
"""A sentence that says no more than for whom the order is."""
_MOST_BEHIND: Final = 28
"""Characters of a sentence from its bound on, where it says nothing besides."""

_DOSES: Final = ("dose_rate_per_kg", "dose_per_kg", "dose_rate", "dose", "pump_rate")


def _other_patients(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        text = order.texts.get("text", "")
        for condition in order.when if text and not order.of else ():
            if condition.name in _IN_TEXT:
                yield from _compared(order, condition, text)


def _compared(order: Order, condition: Condition, text: str) -> Iterator[Hit]:
    pattern, (role, unit) = _IN_TEXT[condition.name]
    found = list(pattern.finditer(text))
    if len(found) != 1 or not _is_of_own_dose(order, text, found[0].start("open")):
        return
    words = found[0]["open"]
    bounds = read_open(words, role)
    in_text = covered(Condition(condition.name, bounds, words), unit)
    if bounds and in_text.meet(covered(condition, unit)).is_empty:
        message = (
            f"the text gives it for {condition.name.replace('_', ' ')} {words}, and the order is for {condition.text}"
        )
        yield Hit(message, (), f"{order.pointer}/text", words, condition.text)


def _is_of_own_dose(order: Order, text: str, at: int) -> bool:
    """Whether the sentence of a condition gives the dose of the order itself, and speaks of no other."""
    ends = [match.span() for match in SENTENCE.finditer(text)]
    sentence = text[
        max((end for _, end in ends if end <= at), default=0) : min(
            (begin for begin, _ in ends if begin >= at), default=None
        )
    ]
    if _ALONE.match(sentence) is not None and len(sentence) - (at - text.find(sentence)) <= _MOST_BEHIND:
        return True
    written = [order.texts.get(name, "") for name in _DOSES]
    return _OF_ANOTHER.search(sentence) is None and any(each and each in sentence for each in written)


RULES = (
    declared(
        "RC320",
        "text-contradicts-condition",
        Severity.ERROR,
        _other_patients,
        "rescuecalc",
        checks="The clearance or weight for which the text gives the dose against the order's `when`.",
        why="The nurse reads the text: the half rate goes to patients who need the full one, and the other way round.",
        fails="{drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.075 mcg/kg/min, "
        'when: {creatinine_clearance: "<= 60 mL/min"}, text: "0.075 mcg/kg/min if CrCl is above 60 mL/min"}',
        passes="{drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.075 mcg/kg/min, "
        'when: {creatinine_clearance: "<= 60 mL/min"}, text: "0.075 mcg/kg/min if CrCl is 60 mL/min or less"}',
        remedy="Correct the one that is wrong.",
        limits="Only one condition of a text, in the clause of the order's own dose, with an end of its own.",
        since="0.2.0",
    ),
)
