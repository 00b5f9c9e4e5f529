"""RC640: two infusions of one intravenous inhibitor that run side by side, in whatever fields each is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.mention import DOSE_RATE_PER_KG
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.agents import infused, of_class
from rescuecalc.rules.facts.concurrent_orders import both_given, end_of, from_start, itself, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


def _two_infusions(subject: Subject) -> Iterator[Hit]:
    inhibitors = (*infused(subject), *of_class(subject, DrugClass.P2Y12_IV))
    running = from_start([order for order in inhibitors if order.given_as == "infusion"])
    unread = {each.pointer.partition("/when")[0] for each in subject.order_set.defects if "/when" in each.pointer}
    for one, other in pairs(running, itself):
        is_pair = one.drug == other.drug and not {one.pointer, other.pointer} & unread
        severity = _beside(one, other) if is_pair and both_given(one, other) and _at_once(one, other, subject) else None
        if severity is not None:
            message = f"{one.drug} is infused twice at the same time: two orders run side by side"
            sources = subject.knowledge.drugs[one.drug].sources
            yield Hit(message, sources, other.pointer, other.id or None, severity=severity)


_CLEARANCE: Final = "creatinine_clearance"


def _beside(one: Order, other: Order) -> Severity | None:
    """Return how bad it is that both may be given: an order under a condition may be meant in place of the other.

    Orders by clearance are RC511's matter, rows of a table by weight RC433's.
    """
    mine, theirs = ({each.name: each.text for each in order.when} for order in (one, other))
    bands = [order.texts.get("weight") for order in (one, other)]
    if mine == theirs and bands[0] == bands[1]:
        return Severity.ERROR
    by_clearance = _CLEARANCE in mine, _CLEARANCE in theirs
    if all(by_clearance) or (any(by_clearance) and not (mine and theirs)) or all(bands):
        return None
    is_open = not (mine or bands[0]) or not (theirs or bands[1])
    return Severity.WARNING if is_open and not _has_same_rate(one, other) else Severity.ERROR


def _has_same_rate(one: Order, other: Order) -> bool:
    return any(name in one.fields and one.fields[name] == other.fields.get(name) for name in _RATES)


_RATES: Final = ("dose_rate_per_kg", "dose_rate", "pump_rate")
_OF_CHOICE: Final = frozenset({"id", "choose_one", "weight", "drug"})
"""The fields by which a copy may differ from an order: its name, that of its drug, and for whom it is."""


def _at_once(one: Order, other: Order, subject: Subject) -> bool:
    """Whether two infusions are said to run beside each other, or one is the other's copy."""
    if one.start is not None and one.start == other.start:
        return True
    ends = end_of(one), end_of(other)
    if one.start is not None and other.start is not None:
        first, later = (
            ((one, ends[0]), (other, ends[1])) if one.start < other.start else ((other, ends[1]), (one, ends[0]))
        )
        return first[1] is not None and later[0].start is not None and later[0].start < first[1]
    texts = [{name: text for name, text in each.texts.items() if name not in _OF_CHOICE} for each in (one, other)]
    is_copy = texts[0] == texts[1] or _gives_the_same(one, other, subject)
    return one.start is None and other.start is None and is_copy


def _gives_the_same(one: Order, other: Order, subject: Subject) -> bool:
    """Whether two infusions give one dose rate for the same time, in whatever fields each of them says it.

    Two texts tell which of two bags comes first.
    """
    if one.lasts is None or one.lasts != other.lasts or ("text" in one.texts and "text" in other.texts):
        return False
    rates = [_rate_per_kg(each, subject) for each in (one, other)]
    return rates[0] is not None and rates[1] is not None and rates[0].overlaps(rates[1])


def _rate_per_kg(order: Order, subject: Subject) -> Bounds | None:
    """Return the dose rate per kg of an infusion; None where its numbers leave it open."""
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415  # of two infusions alone

    judged = judged_of(order, subject)
    rate = judged.solution.bounds.get(DOSE_RATE_PER_KG) if judged is not None and judged.agrees else None
    if rate is None or rate.high is None:
        return None
    usual = point(rate.middle).shared(subject.knowledge.limits.deviation_factor)
    return rate if usual.holds(rate.low) and usual.holds(rate.high) else None


_DRIP: Final = "drug: tirofiban, route: IV, kind: infusion, start: +0 h, run_time: 24 h"

RULES = (
    declared(
        "RC640",
        "infused-twice",
        Severity.ERROR,
        _two_infusions,
        "khachatryan-2023 us-label",
        severities=(Severity.WARNING,),
        checks="Two infusions of one GP IIb/IIIa inhibitor, or of cangrelor, for one patient that start together or "
        "overlap; without times, two with the same content, or the same dose rate for the same time. A warning if one "
        "has a condition and another rate than the other, which has none: it may be meant to replace it.",
        why="Two pumps give twice the dose.",
        fails=example_set(f"{_DRIP}, start: +0 h", f"{_DRIP}, start: +0 h"),
        passes=example_set(f"{_DRIP}, start: +0 h", f"{_DRIP}, start: +24 h"),
        remedy="Remove one, state when each starts, or put both into one `choose_one` group.",
        limits="Conditions that exclude each other separate the orders; RC511 judges those by clearance, RC433 "
        "rows by weight. Consecutive bags are not reported.",
    ),
)
