"""RC319: a text that gives the dose, or stops the infusion, at another hour than the order's fields."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.prose import texts_of_set
from rescuecalc.core.orders.text.clauses import in_clause
from rescuecalc.core.orders.text.dose_words import CHECKED
from rescuecalc.core.orders.text.free_text import time_at
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.quantities.units import how_many
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.concurrent_orders import end_of
from rescuecalc.rules.facts.text.start_in_text import starts_in_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Duration
    from rescuecalc.rules.base.knowledge import Subject

_AT_HOUR: Final = lazy_pattern(
    r"(?P<before>[^;.\n]{0,60}?)\b(?:(?:at|from|until) hour (?P<hours>[0-9]{1,3}(?:\.[0-9])?)|"
    r"(?P<later>[0-9]{1,3}) ?(?:h|hours?) after (?:the )?(?:start|beginning) of (?:the )?(?:infusion|drip|tirofiban))"
    r"(?![0-9.]*[/:%-]|[0-9.]* (?:to|or) [0-9])",
    re.IGNORECASE,
)
_STOPPED: Final = lazy_pattern(r"\b(?:stop\w*|off|end\w*|discontinu\w*)\b\W{0,3}(?:[a-z]+ ){0,3}$", re.IGNORECASE)
_OF_ANOTHER: Final = lazy_pattern(
    r"\b(?:check\w*|platelets?|counts?|labs?|CT|imaging|neuro\w*|then|assess\w*|reassess\w*|monitor\w*|if|or|hold\w*|"
    r"not|before|after|repeat\w*|PRU|another)\b",
    re.IGNORECASE,
)
"""Words before the hour: it may be of something else than the dose."""
_A_DRUG: Final = lazy_pattern(
    r"\b(?:aspirin|ASA|[a-z]+grelor|[a-z]+grel|tirofiban|infusion|drip|bolus)\b", re.IGNORECASE
)


def _other_hour(subject: Subject) -> Iterator[Hit]:
    yield from _other_start(subject)
    yield from _other_length(subject)
    yield from _rarer_than_its_time(subject)
    for order in subject.order_set.orders:
        text = order.texts.get("text", "")
        for match in _AT_HOUR.finditer(text) if text and not order.of else ():
            before = match["before"]
            if _OF_ANOTHER.search(before) or _of_other_drug(order, before):
                continue
            hour = Offset(Fraction(match["hours"] or match["later"]) * how_many("s", "h"))
            stops = _STOPPED.search(before) is not None or "until" in match[0].lower()
            ordered = _end_of(order) if stops else order.start
            if ordered is not None and ordered != hour:
                what, name = ("stops it", "stop") if stops else ("gives it", "start")
                found = match[0][len(before) :]
                message = f"the text {what} {found}, and by its fields the order has its {name} at {ordered}"
                yield Hit(message, (), f"{order.pointer}/text", found, str(ordered))


def _end_of(order: Order) -> Offset | None:
    """Return when an order ends; an infusion without a start begins at zero, where hours count from."""
    lasts = order.lasts if order.start is None and order.given_as == "infusion" else None
    return end_of(order) if lasts is None or order.stop is not None else Offset.start().plus(lasts)


_STOPS_AFTER: Final = lazy_pattern(
    r"(?P<before>[^;.\n]{0,60}?)\b"
    r"(?:stop|discontinu|end|finish|turn(?:ed)? off|switch(?:ed)? off)(?:e?s|e?d|ped|ping|ing|e)?"
    r"(?: (?:it|the|infusion|drip|pump|tirofiban|eptifibatide|cangrelor)){0,4}"
    r" (?:after|at) (?P<length>[0-9]{1,4}(?:\.[0-9]{1,2})? ?(?:min(?:ute)?s?|h(?:ou)?rs?|h|days?))\b"
    r"(?! (?:of|after|without|if))",
    re.IGNORECASE,
)


def _other_start(subject: Subject) -> Iterator[Hit]:
    """Yield an order that its text begins at another time than its field; at zero, how long until zero is not known."""
    for order in subject.order_set.orders:
        for found, start in starts_in_text(order):
            if order.start is not None and order.start > Offset.start() and order.start != start:
                message = f"the text begins it {found!r}, and by its fields the order has its start at {order.start}"
                yield Hit(message, (), f"{order.pointer}/text", found, str(order.start))


def _other_length(subject: Subject) -> Iterator[Hit]:
    """Yield an infusion that its text stops after another time than it runs by its fields."""
    for order in subject.order_set.orders:
        text = order.texts.get("text", "")
        for match in _STOPS_AFTER.finditer(text) if text and order.given_as == "infusion" and not order.of else ():
            runs, length = order.lasts, time_at(match["length"])
            if (
                runs is not None
                and length is not None
                and _OF_ANOTHER.search(match["before"]) is None
                and not runs.equals(length)
                and not _is_in_range(length, order)
            ):
                message = f"the text stops it after {match['length']}, and by its fields the order runs {runs}"
                yield Hit(message, (), f"{order.pointer}/text", match["length"], str(runs))


def _is_in_range(length: Duration, order: Order) -> bool:
    """Whether an order may run so long by the range of its field."""
    ends = order.spans.get("run_time")
    return ends is not None and ends.low.value_in("s") <= length.value_in("s") <= ends.high.value_in("s")


_TIME_OF: Final = r"(?P<{0}>[0-9]{{1,4}}(?:\.[0-9])? ?(?:min(?:ute)?s?|h(?:ou)?rs?|h|d|days?))\b"
_EVERY_FOR: Final = lazy_pattern(
    rf"\b(?:every|each|q) ?{_TIME_OF.format('every')},? ?(?:for|[x\u00d7])(?: the)?(?: (?:first|next|following))? ?"
    rf"{_TIME_OF.format('length')}",
    re.IGNORECASE,
)
"""How often something is done, and for how long."""


def _rarer_than_its_time(subject: Subject) -> Iterator[Hit]:
    """Yield what is checked again only after the time for which it is to be checked: `every 15 days for 2 h`."""
    for pointer, text in texts_of_set(subject.order_set):
        for match in _EVERY_FOR.finditer(text):
            every, length = time_at(match["every"]), time_at(match["length"])
            is_checked = pointer.startswith("/monitoring/") or in_clause(CHECKED, text, match.start())
            if is_checked and every is not None and length is not None and every.exceeds(length):
                message = f"{quoted(match[0])}: it comes again only after the time for which it is to come"
                yield Hit(message, (), pointer, match[0])


def _of_other_drug(order: Order, before: str) -> bool:
    """Whether the words before an hour name another drug than the order's, or another kind of giving it."""
    own = {order.drug, order.given_as, "drip" if order.given_as == "infusion" else order.given_as}
    return any(match[0].lower() not in own and match[0].upper() != "ASA" for match in _A_DRUG.finditer(before))


RULES = (
    declared(
        "RC319",
        "text-contradicts-time",
        Severity.ERROR,
        _other_hour,
        "rescuecalc",
        checks="The hour after the start of the infusion that the text gives (`at hour 20`) against the order's start "
        "or stop, the time after which it begins (`start in 2 h`) against its start, and the time after which it stops "
        "the infusion against its run time; how often something is checked against the time for which it is checked.",
        why="The nurse reads the text: an oral load comes before the infusion has ended, or long after.",
        fails="{drug: clopidogrel, route: PO, kind: dose, dose: 300 mg, start: +20 h, "
        "text: clopidogrel 300 mg PO once at hour 2}",
        passes="{drug: clopidogrel, route: PO, kind: dose, dose: 300 mg, start: +20 h, "
        "text: clopidogrel 300 mg PO once at hour 20}",
        remedy="Correct the one that is wrong.",
        limits="Only `at`, `from` and `until hour`, `stop after` and `h after the start of the infusion`; not behind "
        "words that speak of a check, of another drug or of a condition.",
        since="0.2.0",
    ),
)
