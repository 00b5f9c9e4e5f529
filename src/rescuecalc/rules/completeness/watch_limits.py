"""RC715 and RC716: stop criteria and targets whose numbers are against what a label or a guideline states."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.prose import texts_of_set
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.quantities.decimal_text import people_number, quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.agents import infused
from rescuecalc.rules.facts.reference.stroke_set import is_for_stroke
from rescuecalc.rules.facts.text.stop_criteria import platelet_limits, stops_above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.text.watch_words import StatedNumber
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.text.stop_criteria import StatedCount

_PRESSURE: Final = r"\b(?:SBP|systolic|BP|blood pressure)\b"
_NUMBERS: Final = r"(?P<low{0}>[0-9]{{2,3}})(?: ?(?:-|\u2013|to) ?(?P<high{0}>[0-9]{{2,3}}))?"
_AT_MOST: Final = (
    r"<=?|below|under|less than|at most|max(?:imum)?|no (?:higher|more|greater) than"
    r"|not (?:to |be )?(?:exceed|above|over)\w*"
)
_TARGET: Final = lazy_pattern(
    rf"\b(?:target|goal|keep|maintain|aim|lower(?:ed|ing)?|hold|reduce)\b[^.;0-9]{{0,40}}{_PRESSURE}[^.;0-9]{{0,30}}"
    f"{_NUMBERS.format('a')}"
    rf"|{_PRESSURE}[^.;0-9]{{0,30}}\b(?:target|goal)\b[^.;0-9]{{0,30}}{_NUMBERS.format('b')}"
    rf"|{_PRESSURE} ?:? ?(?:(?:{_AT_MOST}) ?)?{_NUMBERS.format('c')}(?![0-9]*/)"
    rf"|{_PRESSURE} ?:? ?(?:{_AT_MOST}) ?{_NUMBERS.format('d')}/",
    re.IGNORECASE,
)
_ABOVE: Final = lazy_pattern(r"(?:\babove\b|\bover\b|\bat least\b|>=?)\s*$", re.IGNORECASE)
_ELSE: Final = lazy_pattern(
    r"\b(?:h(?:a)?emorrhag\w*|ICH|bleed\w*|fail\w*|unsuccessful|not|never|avoid|harm\w*|if|when|call|notify|inform|alert)\b",
    re.IGNORECASE,
)
"""Words of a sentence that is about something else: a haemorrhage, a failure, a denial, an alarm."""
_SUCCESS: Final = lazy_pattern(
    r"\b(?:if|when) (?:the )?(?:m?TICI ?(?:2b|2c|3)|successful|success|recanali[sz]\w*"
    r"|reperfus\w*|open|patent|thrombectomy)"
    r"|\bnot (?:to |be )?(?:exceed|above|over)",
    re.IGNORECASE,
)
"""A condition that is the very case of which the guideline warns; and an upper limit that is no denial."""


def _stop_limit(subject: Subject) -> Iterator[Hit]:
    known = subject.knowledge.watch_words().stop_below
    due = [known[order.drug] for order in subject.order_set.orders if order.drug in known]
    for place, text in enumerate(subject.order_set.stop_if):
        if due and stops_above(text):
            message = f"{quoted(text)}: it stops at a platelet count that is high enough; {due[0].words}"
            expected = _limit(due[0])
            yield Hit(message, due[0].sources, f"/stop_if/{place}", text, expected, severity=Severity.ERROR)
        yield from (
            hit for each, stated in platelet_limits(text, subject) for hit in _of_count(text, place, each, stated)
        )


def _of_count(text: str, place: int, each: StatedCount, stated: StatedNumber) -> Iterator[Hit]:
    """Yield a hit where a stop waits for a count that is none, is too low, or that every patient is below."""
    pointer, count, severity = f"/stop_if/{place}", each.value, None
    if count is None:
        message = f"{quoted(text)}: {quoted(each.text)} is no count of platelets in x10^9/L; {stated.words}"
    elif count >= stated.value * _SLIP:
        message = (
            f"{quoted(text)}: every patient is below {people_number(count)} x10^9/L, so that it stops at once; "
            f"{stated.words}"
        )
    elif count < stated.value:
        message = f"{quoted(text)}: it stops at platelets below {people_number(count)} x10^9/L; {stated.words}"
        severity = Severity.ERROR if count * _SLIP <= stated.value else None
    else:
        return
    yield Hit(message, stated.sources, pointer, text, _limit(stated), severity=severity)


_SLIP: Final = 10
"""So many times more or less is a slip of the point or of the unit."""


def _limit(stated: StatedNumber) -> str:
    return f"platelets below {people_number(stated.value)} x10^9/L"


def _ends(match: re.Match[str]) -> tuple[str, str | None]:
    """Return the first number of a target, and the second one of a range."""
    number = next(each for each in "abcd" if match[f"low{each}"])
    return f"low{number}", match[f"high{number}"]


def _systolic(subject: Subject) -> Iterator[Hit]:
    if not infused(subject) or not is_for_stroke(subject):
        return
    known = subject.knowledge.watch_words().systolic
    for pointer, text in texts_of_set(subject.order_set):
        for sentence in SENTENCE.split(text):
            match = _TARGET.search(sentence)
            if match is None or _ELSE.search(_SUCCESS.sub("", sentence)):
                continue
            low, high = _ends(match)
            is_lower_end = high is None and _ABOVE.search(sentence[: match.start(low)])
            if not is_lower_end and Fraction(high or match[low]) <= known.value:
                yield Hit(f"{quoted(match[0])}: {known.words}", known.sources, pointer, match[0])


_DRIP: Final = "drug: tirofiban, route: IV, kind: infusion, run_time: 24 h"
_SET: Final = "{{order_set: Rescue after thrombectomy, orders: [{{{0}}}], {1}}}"

RULES = (
    declared(
        "RC715",
        "stop-limit-below-label",
        Severity.WARNING,
        _stop_limit,
        "tirofiban-labels eptifibatide-label abciximab-label",
        severities=(Severity.ERROR,),
        checks="The platelet count at which `stop_if` ends the infusion, against the labels of the ordered drugs; "
        "a tenth or less is an error, and so is a stop above a count. A unit that no count has is a warning.",
        why="At 9 x10^9/L the patient bleeds long before anybody stops; 90 is meant.",
        fails=_SET.format(_DRIP, "stop_if: [platelets below 9 x10^9/L]"),
        passes=_SET.format(_DRIP, "stop_if: [platelets below 90 x10^9/L]"),
        remedy="Write the label's number.",
        limits="Only counts after the word platelets and below, under or <, above or >, or before `or less`.",
        of_set=True,
    ),
    declared(
        "RC716",
        "systolic-target-too-low",
        Severity.WARNING,
        _systolic,
        "aha-2026",
        checks="A target of the systolic pressure of 140 mmHg or less in an order set for stroke.",
        why="After a successful thrombectomy lowering it below 140 mmHg is harmful (AHA/ASA 2026).",
        fails=_SET.format(_DRIP, "monitoring: [{check: keep SBP below 140 mmHg, at: hourly}]"),
        passes=_SET.format(_DRIP, "monitoring: [{check: keep SBP below 180 mmHg, at: hourly}]"),
        remedy="Raise the target, or state that it is for a haemorrhage or a failed thrombectomy.",
        limits="Only texts with a target, a goal or a value to keep; a sentence about haemorrhage or failure is "
        "not reported, because the guideline does not cover it.",
        of_set=True,
    ),
)
