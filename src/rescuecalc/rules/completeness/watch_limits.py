"""RC715 to RC717: stop criteria and targets whose numbers are against what a label or a guideline states."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.prose import headings, texts_of_set
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.orders.text.vocabulary import NEGATIONS, one_of
from rescuecalc.core.quantities.decimal_text import people_number, quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.agents import infused
from rescuecalc.rules.facts.reference.stroke_set import is_for_stroke
from rescuecalc.rules.facts.text.stop_criteria import denies_stop, platelet_limits, sentences_of_stop, stops_above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.text.watch_words import StoppedBelow
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.text.stop_criteria import StatedCount

_PRESSURE: Final = r"\b(?:SBP|systolic|BP|blood pressure)\b"
_NO_TIME: Final = (
    r"(?![0-9]{1,3}(?:(?: ?(?:,|-|\u2013)| to| and) ?[0-9]{1,3}){0,9} ?-?"
    r"(?:s|sec\w*|min\w*|h|hrs?|hours?|hourly|std\w*|stunden|heures?|d|days?|tagen?|jours?|times|x)\b|[0-9]{1,2}:[0-9])"
)
"""Ahead of a number: it is no time at which a pressure is measured, as in `hourly, then: 24 h`."""
_NUMBERS: Final = _NO_TIME.replace("{", "{{").replace("}", "}}") + (
    r"(?P<low{0}>[0-9]{{2,3}})(?: ?(?:-|\u2013|to|and) ?(?P<high{0}>[0-9]{{2,3}}))?"
)
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
_IS_PRESSURE: Final = lazy_pattern(_PRESSURE, re.IGNORECASE)
_UP_TO: Final = lazy_pattern(rf"(?:{_AT_MOST}|\bup to\b|\bto\b)\s*$", re.IGNORECASE)
_ABOVE: Final = lazy_pattern(
    r"(?:\babove\b|\bover\b|\bat least\b|\bmin(?:imum)?\b|\bfloor\b"
    r"|\b(?:no|not)(?: be)? (?:lower|less|below)(?: than)?\b"
    r"|>=?)(?: of| is|:)?\s*$",
    re.IGNORECASE,
)
_LEAST: Final = lazy_pattern(r"\b(?:min(?:imum)?|lowest|least|floor)(?: \w+)?\W*$", re.IGNORECASE)
_ELSE: Final = lazy_pattern(
    r"\b(?:h(?:a)?emorrhag\w*|ICH|bleed\w*|fail\w*|unsuccessful|not|never|avoid|harm\w*|if|when|call|notify|inform|alert)\b",
    re.IGNORECASE,
)
"""Words of a sentence that is about something else: a haemorrhage, a failure, a denial, an alarm."""
_BLEEDING: Final = r"(?:h(?:a)?emorrhag\w*|ICH|bleed\w*)\b"
_CASE: Final = lazy_pattern(rf"\b{_BLEEDING}", re.IGNORECASE)
_IF_CASE: Final = lazy_pattern(rf"\b(?:if|in (?:the )?(?:case|event) of)\b[^.,:;]{{0,30}}?\b{_BLEEDING}", re.IGNORECASE)
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
    stops = list(_stops(subject)) if due else []
    is_held = any(_stops_in_time(text, subject) for _, text in stops)
    for pointer, text in stops:
        if stops_above(text) and not denies_stop(text):
            message = f"{quoted(text)}: it stops at a platelet count that is high enough; {due[0].words}"
            yield Hit(message, due[0].sources, pointer, text, _limit(due[0]), severity=Severity.ERROR)
        yield from _of_fall(pointer, text, subject, is_held=is_held)
        yield from (
            hit
            for each, stated in platelet_limits(text, subject)
            for hit in _of_count(text, pointer, each, stated, _least_slip(subject))
            if hit.severity is not None or each.value is None or not is_held
        )


def _stops_in_time(text: str, subject: Subject) -> bool:
    """Whether a criterion stops the infusion at the label's count: one below that is only reached later."""
    return any(
        each.value is not None and stated.value <= each.value < _least_slip(subject)
        for each, stated in platelet_limits(text, subject)
    )


def _stops(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield what tells when an infusion stops: the criteria, and sentences of monitoring and of the orders' texts."""
    drugs = {order.drug for order in infused(subject)}
    for pointer, text in texts_of_set(subject.order_set):
        if pointer.startswith("/stop_if"):
            yield pointer, text
        else:
            yield from ((pointer, each.strip()) for each in sentences_of_stop(text, drugs, subject.knowledge))


def _least_slip(subject: Subject) -> Fraction:
    """Return the count that is ten times one of a label's: whatever the drug, no patient has so many."""
    return min(each.value for each in subject.knowledge.watch_words().stop_below.values()) * _SLIP


_FALL: Final = r"\b(?:fall\w*|drop\w*|decreas\w*|declin\w*|reduc\w*)\b"
_PLATELETS: Final = r"\b(?:platelet|plt|thrombocyte)s?\b"
_FALLS: Final = lazy_pattern(
    rf"(?:{_PLATELETS}[^.;%]{{0,20}}{_FALL}|{_FALL}[^.;%]{{0,15}}{_PLATELETS})"
    r"[^.;%0-9]{0,25}(?P<share>[0-9]{1,3}) ?%",
    re.IGNORECASE,
)


def _of_fall(pointer: str, text: str, subject: Subject, *, is_held: bool) -> Iterator[Hit]:
    """Yield a stop that waits for a fall of platelets beyond the one that a label of the ordered drugs states."""
    known = {drug: each for drug, each in subject.knowledge.watch_words().stop_below.items() if each.fall is not None}
    own = next((known[order.drug] for order in subject.order_set.orders if order.drug in known), None)
    if is_held and own is None:
        return  # the count stops it in time
    stated = own or next(iter(known.values()), None)
    if stated is None or stated.fall is None:
        return
    for match in _FALLS.finditer(text):
        share = Fraction(match["share"])
        if share <= stated.fall:
            continue
        of = stated.words if own is not None else f"no source held here waits for so much of a fall ({stated.words})"
        severity = Severity.ERROR if own is not None and share >= stated.fall * _FAR else None
        yield Hit(
            f"{quoted(text)}: it stops at a fall by {match['share']} %; {of}",
            stated.sources,
            pointer,
            text,
            severity=severity,
        )


def _of_count(text: str, pointer: str, each: StatedCount, stated: StoppedBelow, slip: Fraction) -> Iterator[Hit]:
    """Yield a hit where a stop waits for a count that is none, is too low, or that every patient is below."""
    count, severity = each.value, None
    if count is None:
        message = f"{quoted(text)}: {quoted(each.text)} is no count of platelets in x10^9/L; {stated.words}"
    elif count >= slip:
        message = (
            f"{quoted(text)}: every patient is below {people_number(count)} x10^9/L, so that it stops at once; "
            f"{stated.words}"
        )
    elif count < stated.value:
        message = f"{quoted(text)}: it stops at platelets below {people_number(count)} x10^9/L; {stated.words}"
        severity = Severity.ERROR if count * _FAR < stated.value else None
    else:
        return
    yield Hit(message, stated.sources, pointer, text, _limit(stated), severity=severity)


_SLIP: Final = 10
"""So many times more is a slip of the point or of the unit."""
_FAR: Final = 2
"""So many times below what a source states is no choice of a hospital."""


def _limit(stated: StoppedBelow) -> str:
    return f"platelets below {people_number(stated.value)} x10^9/L"


def _ends(match: re.Match[str]) -> tuple[str, str | None]:
    """Return the first number of a target, and the second one of a range."""
    number = next(each for each in "abcd" if match[f"low{each}"])
    return f"low{number}", match[f"high{number}"]


def _is_least(before: str, match: re.Match[str]) -> bool:
    """Whether words before a pressure, or before its name, keep it from going below."""
    return _ABOVE.search(before) is not None or _LEAST.search(match.string, 0, match.start()) is not None


class _Target(NamedTuple):
    """A target of the systolic pressure: where it stands, its words, its ends, and whether the one is an end."""

    pointer: str
    words: str
    low: Fraction
    high: Fraction
    is_lower_end: bool
    is_upper_end: bool


def _texts(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield the texts that people act by, and what a drug is titrated to."""
    yield from texts_of_set(subject.order_set)
    for order in subject.order_set.orders:
        if order.titration is not None and order.titration.target:
            yield f"{order.pointer}/titrate/target", order.titration.target


def _targets(subject: Subject) -> Iterator[_Target]:
    for pointer, text in _texts(subject):
        for sentence in SENTENCE.split(text):
            of_pressure = _of_pressure(pointer, sentence, subject)
            match = _TARGET.search(of_pressure)
            if match is None or _ELSE.search(_SUCCESS.sub("", of_pressure)) or _is_waited_for(match, pointer):
                continue
            if _is_for_bleeding(text[: text.find(sentence)], pointer):
                continue
            low, high = _ends(match)
            before = of_pressure[match.start() : match.start(low)]
            one, other = Fraction(match[low]), Fraction(high or match[low])
            is_lowered = match[0].lower().startswith(_LOWERS) or low not in _OF_TARGET
            is_upper = is_lowered or (high is None and _UP_TO.search(before) is not None)
            words = match[0] if match[0] in sentence else sentence.strip()
            is_lower = high is None and _is_least(before, match)
            yield _Target(pointer, words, min(one, other), max(one, other), is_lower, is_upper)


def _is_for_bleeding(before: str, pointer: str) -> bool:
    """Whether what stands before a sentence names a haemorrhage as its case: `If ICH, stop; SBP target 130 to 140`.

    A criterion of ``stop_if`` names its case first, and then what is done, in as many sentences as that takes.
    """
    if pointer.startswith("/stop_if"):
        return _CASE.search(before) is not None
    return _IF_CASE.search(before.rpartition(". ")[2]) is not None


_WITHHELD_FOR: Final = lazy_pattern(
    rf"hold(?:s|ing)?\b[^.;0-9]{{0,20}}?(?:\b(?:for|at)\b(?: an?)? {_PRESSURE}|{_PRESSURE} ?(?:<|below|under|less))",
    re.IGNORECASE,
)
_SOUGHT: Final = lazy_pattern(r"\b(?:titrat|target|goal|aim|keep|maintain|lower|reduc|control|treat)\w*", re.IGNORECASE)
_AHEAD_OF_CASE: Final = lazy_pattern(rf"(?:\bfor(?: an?)?|\b{one_of(NEGATIONS)}\b[^.;,:0-9]{{0,15}}) ?$", re.IGNORECASE)


def _is_waited_for(match: re.Match[str], pointer: str) -> bool:
    """Whether a pressure is denied, or is one at which something is done: a drug is held, an infusion ends.

    `hold SBP < 140` beside a drug holds the drug; in monitoring it is a target.
    """
    number, _ = _ends(match)
    if number not in _OF_TARGET and pointer.startswith("/stop_if"):
        return True
    if match[0].lower().startswith("hold") and pointer.startswith("/orders/"):
        return _WITHHELD_FOR.match(match[0]) is not None
    before = match.string[: match.start()]
    return _AHEAD_OF_CASE.search(before) is not None and _SOUGHT.search(before) is None


_LOWERS: Final = ("lower", "reduc", "hold")
"""What brings a pressure down names what it comes down to, or from."""
_OF_TARGET: Final = frozenset(("lowa", "lowb"))
"""The numbers of a target by its word; any other may be a pressure that was measured."""


def _of_pressure(pointer: str, sentence: str, subject: Subject) -> str:
    """Return a sentence of monitoring behind what it says how to watch: `then: target below 180`."""
    _, name, *rest = pointer.split("/")
    if name != "monitoring":
        return sentence
    checked = subject.order_set.monitoring[int(rest[0])].get("check", "")
    is_of_it = len(rest) > 1 and rest[1] != "check" and _IS_PRESSURE.search(sentence) is None
    is_of_it = is_of_it and any(each.isdigit() for each in sentence)  # `at: hourly` adds no target to the check's own
    return f"blood pressure: {sentence}" if is_of_it and _IS_PRESSURE.search(checked) is not None else sentence


_THROMBECTOMY: Final = lazy_pattern(
    r"\b(?:thrombectom(?:y|ies)|EVT|recanali[sz]\w*|reperfus\w*|m?TICI ?(?:2b|2c|3))\b", re.IGNORECASE
)
_FAILED: Final = lazy_pattern(
    r"\b(?:fail\w*|unsuccessful|incomplete|without|no|not|before|pre|m?TICI ?(?:0|1|2a))\b", re.IGNORECASE
)


def _is_after_thrombectomy(subject: Subject) -> bool:
    """Whether the headings of a set say that it follows a thrombectomy, and of none that it failed."""
    texts = [text for _, text in headings(subject.order_set)]
    return any(map(_THROMBECTOMY.search, texts)) and not any(map(_FAILED.search, texts))


def _systolic(subject: Subject) -> Iterator[Hit]:
    if not is_for_stroke(subject) or not (infused(subject) or _is_after_thrombectomy(subject)):
        return
    known = subject.knowledge.watch_words().systolic
    for each in _targets(subject):
        is_below = each.high < known.value or (each.high == known.value and (each.is_upper_end or each.low < each.high))
        if is_below and not each.is_lower_end:
            severity = Severity.ERROR if each.high * _FAR <= known.value else None
            yield Hit(
                f"{quoted(each.words)}: {known.words}", known.sources, each.pointer, each.words, severity=severity
            )


def _systolic_above(subject: Subject) -> Iterator[Hit]:
    """Yield the targets that ask for a pressure at which a label does not recommend the drug."""
    drugs = {order.drug for order in infused(subject)}
    if not drugs:
        return
    limits = [
        each
        for each in subject.knowledge.patient_limits().limits
        if each.field == "blood_pressure" and each.drug in drugs and each.above is not None
    ]
    limit = min(limits, key=lambda each: each.above or 0, default=None)
    for target in _targets(subject) if limit is not None else ():
        if limit is not None and limit.above is not None and target.low > limit.above and not target.is_upper_end:
            message = f"{quoted(target.words)}: {limit.words}"
            yield Hit(message, limit.sources, target.pointer, target.words)


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
        checks="The platelet count at which `stop_if`, or a sentence of a text, ends the infusion, against the labels "
        "of the ordered drugs; less than half is an error, and so is a stop above a count. A unit that no count has is "
        "a warning.",
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
        checks="A target of the systolic pressure below 140 mmHg in an order set for stroke; half of it or less is an "
        "error.",
        severities=(Severity.ERROR,),
        why="After a successful thrombectomy lowering it below 140 mmHg is harmful (AHA/ASA 2026).",
        fails=_SET.format(_DRIP, "monitoring: [{check: keep SBP below 140 mmHg, at: hourly}]"),
        passes=_SET.format(_DRIP, "monitoring: [{check: keep SBP below 180 mmHg, at: hourly}]"),
        remedy="Raise the target, or state that it is for a haemorrhage or a failed thrombectomy.",
        limits="Only texts with a target, a goal or a value to keep; a sentence about haemorrhage or failure is "
        "not reported, nor is what a stop criterion does about a haemorrhage, because the guideline does not cover it.",
        of_set=True,
    ),
    declared(
        "RC717",
        "systolic-target-above-label",
        Severity.ERROR,
        _systolic_above,
        "eu-label",
        checks="A target that keeps the systolic pressure above the limit up to which the label of the ordered GP "
        "IIb/IIIa inhibitor recommends it.",
        why="Bleeding into the brain rises with the pressure; 120 became 220, or `below` became `above`.",
        fails=_SET.format(_DRIP, "monitoring: [{check: keep SBP above 220 mmHg, at: hourly}]"),
        passes=_SET.format(_DRIP, "monitoring: [{check: keep SBP below 180 mmHg, at: hourly}]"),
        remedy="Correct the target.",
        limits="Only texts with a target, a goal or a value to keep, and only its lower end; not a sentence with a "
        "condition, a haemorrhage or a denial.",
        of_set=True,
        since="0.2.0",
    ),
)
