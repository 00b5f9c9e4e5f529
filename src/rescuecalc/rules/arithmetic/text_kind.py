"""RC321: a text that gives an infusion as a push, or a bolus over hours."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.giving_words import GIVING
from rescuecalc.core.orders.text.vocabulary import ALTERNATIVES, AVOIDED, NEGATIONS, WITHHELD, any_word
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.order_model.own_words import is_own_word
from rescuecalc.rules.facts.reference.administration import as_meant
from rescuecalc.rules.facts.text.own_numbers import numbers_in_own_words, own_numbers

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

_OTHERWISE: Final = any_word(
    *(NEGATIONS, AVOIDED, WITHHELD, ALTERNATIVES, "or", "if", "unless", "then", "after", "before", r"follow\w*"),
    *(r"previous\w*", r"start\w*"),
)
_OTHER_STEP: Final = lazy_pattern(r"\b(?:or|then|follow\w*|first|before|after|instead|separate\w*)\b", re.IGNORECASE)
"""A text that names what is given besides, which may be pushed."""
_AS_PUSH: Final = lazy_pattern(
    r"\b(?P<found>(?:(?:slow|rapid|fast|direct) )?(?:(?:IV|IA) )?(?:push(?:ed|ing)?|IVP)|by hand|(?:all )?at once|"
    r"in one go|"
    r"as an? (?:[a-z]+ ){0,2}bolus|as bolus|als (?:[a-z]+ )?bolus|en bolus|im strahl|"
    r"bolus (?:it|the|this|all)\b|inject(?:ed)?)\b(?! (?:of|button|alarm)\b)",
    re.IGNORECASE,
)
_AS_INFUSION: Final = lazy_pattern(
    r"(?:^|[;,.\n] ?)(?:(?:give|given|run|order) )?(?:it )?"
    r"(?:as (?:an? )?(?:(?:continuous|slow|IV) )*(?:infusion|drip)|als (?:kurz|dauer|tropf)?infusion|en perfusion)\b",
    re.IGNORECASE,
)
_BY_PUMP: Final = lazy_pattern(
    r"\b(?:(?:by|via|with|on|through|per)(?: an?| the)?(?: (?:syringe|infusion|IV))? pump|"
    r"(?:mit|\u00fcber|per)(?: der| dem| die| den)? (?:perfusor|pumpe|spritzenpumpe|infusionspumpe)|"
    r"(?:\u00e0|par) (?:la )?pompe)\b",
    re.IGNORECASE,
)
_GIVING: Final = (
    "please give given administer administered inject injected infuse infusion drip run it this drug dose entire "
    "whole all as an a the in via by to be slow slowly rapid rapidly fast quick quickly direct one single go "
    "hand syringe at once undiluted neat iv ia intravenous intravenously stat now push pushed pushing ivp bolus "
    "over for about min mins minute minutes s sec seconds h hr mcg mg g ml kg unit units per of rate full is "
    "total"
)
_WORDS: Final = frozenset(_GIVING.split())
"""Words of a clause that gives the order's own drug and nothing else."""
_SOME_OF_IT: Final = lazy_pattern(r"%|\b(?:bags?|bottles?|vials?|premix\w*|contents?)\b", re.IGNORECASE)
"""A part of the dose, or how much of a container, which other rules compare."""
_NAME: Final = lazy_pattern(r"[A-Za-z\u00c0-\u017f][A-Za-z\u00c0-\u017f-]*")
_AMOUNTS: Final = frozenset(("dose", "dose_per_kg", "volume", "volume_per_kg"))
_TIMES: Final = frozenset({"give_over", "run_time"})


def _other_kind(subject: Subject) -> Iterator[Hit]:
    for written in subject.order_set.orders:
        text = written.texts.get("text", "")
        if not text or written.of:
            continue
        order = as_meant(written, subject)
        # Neither kind nor time is in a field: the text alone says how a drug runs of which no dose is held.
        is_open = written.kind in {"", "dose"} and not subject.knowledge.has_stated_doses(order.drug)
        found = _as_push(order, text) if order.given_as == "infusion" else ""
        if not found and _OTHERWISE.search(text) is None:
            is_infusion = order.given_as == "infusion"
            found = _behind_dose(order, text) if is_infusion else "" if is_open else _over_hours(order, text)
        if found:
            message = f"the text gives it {found}, and the order is {_kind(order)}"
            yield Hit(message, (), f"{order.pointer}/text", found, order.kind or None)


def _as_push(order: Order, text: str) -> str:
    """Return the words by which a clause that names nothing else pushes what is infused."""
    for match in islice(_AS_PUSH.finditer(text), _MOST_ASKED) if _OTHER_STEP.search(text) is None else ():
        begin, end = clause_at(text, match.start())
        clause = text[begin:end]
        amounts = [one for one in order.numbers_in_text() if begin <= one.at < end and one.field in _AMOUNTS]
        own = {each.at for each in own_numbers(order)}
        is_own = all(one.at in own for one in amounts) and _SOME_OF_IT.search(clause) is None
        if is_own and _is_of_giving(order, text, begin):
            return match["found"]
    return ""


_MOST_ASKED: Final = 40


def _kind(order: Order) -> str:
    time = next((f" over {order.fields[name]}" for name in sorted(_TIMES) if name in order.fields), "")
    return f"an infusion{time}" if order.given_as == "infusion" else f"a bolus{time}"


def _behind_dose(order: Order, text: str) -> str:
    """Return the words directly behind the order's own dose that push it."""
    ends = (one.at + len(one.text) for one in own_numbers(order) if one.field not in _TIMES)
    return next((match["found"] for end in ends if (match := _PUSH.match(text, end))), "")


def _is_at_once(order: Order) -> bool:
    """Whether a bolus is pushed in seconds, and its text names no other time: no pump does that, and no infusion."""
    time = order.quantity("give_over", Duration)
    is_short = time is not None and time.unit.name == "s"
    return is_short and not any(one.field in _TIMES for one in order.numbers_in_text())


def _is_of_giving(order: Order, text: str, at: int) -> bool:
    begin, end = clause_at(text, at)
    words = map(str.lower, _NAME.findall(text[begin:end]))
    return all(each in _WORDS or each in GIVING or is_own_word(each, order) for each in words)


def _over_hours(order: Order, text: str) -> str:
    """Return the hours over which a text gives a bolus of which no field says how long it takes."""
    if order.given_as != "bolus":
        return ""
    alone = _AS_INFUSION.search(text) or _BY_PUMP.search(text)
    if alone is not None and _is_at_once(order) and _is_of_giving(order, text, alone.start()):
        return alone[0].strip(" ;,.\n")
    if not _TIMES.isdisjoint(order.fields) and _AS_INFUSION.search(text) is None:
        return ""
    hours = [one for one in order.numbers_in_text() if one.field in _TIMES and one.quantity.value_in("h") > 1]
    if order.fields.keys().isdisjoint(_AMOUNTS) or not any(one.field in _AMOUNTS for one in order.numbers_in_text()):
        own = list(numbers_in_own_words(order))
        own = hours if _AS_INFUSION.search(text) is not None else own
        return next((text[one.at :][: len(one.text)] for one in hours if one in own), "")
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
        limits="Not if the text denies it or names another step, nor hours of an order without a kind, of a drug "
        "without known doses. RC308 compares the time of a bolus that has one.",
        since="0.2.0",
    ),
)
