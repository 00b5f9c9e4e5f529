"""RC5: orders by creatinine clearance: what their conditions leave out, cover twice, or take from another label."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.condition_interval import Interval, covered, gaps
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.order_ends import as_written
from rescuecalc.core.orders.prose import watched_texts
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import CreatinineClearance, DosePerKg, DoseRatePerKg
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.quantities.units import unit
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.concurrent_orders import both_given, one_after_the_other, pairs
from rescuecalc.rules.facts.reference.administration import as_meant
from rescuecalc.rules.renal.full_dose import is_unreduced

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.orders.order import Condition, Order
    from rescuecalc.core.renal.creatinine_clearance import RenalRule
    from rescuecalc.rules.base.knowledge import Subject

EGFR: Final = "RC515"
"""The code under which a reader reports an eGFR that stands where a creatinine clearance belongs."""

_NAMED: Final = lazy_pattern(
    r"\b(?:e?GFR|glomerular filtration(?: rate)?)\b[^.;0-9]{0,20}(?:[0-9]+|\b(?:thirty"
    r"|sixty|fifty|low|reduced|impaired)\b)"
    r"|\b(?:by|per|on|with|use|using|according to) (?:the )?(?:e?GFR"
    r"|glomerular filtration(?: rate)?)\b|\be?GFR[- ](?:based|guided|adjusted)\b",
    re.IGNORECASE,
)
_DOSED: Final = lazy_pattern(
    r"\b(?:hal(?:f|ve)\w*|reduc\w*|adjust\w*|full|rate|doses?|dosing|infus\w*|bolus|drip|tirofiban|eptifibatide|mcg)\b",
    re.IGNORECASE,
)
"""What a text decides by an eGFR: of one that is only measured it says none of this."""

_CLEARANCE: Final = "creatinine_clearance"
_UNIT: Final = "mL/min"
_MOST: Final = 40
"""Branches of one course whose doses are compared with the labels'; no label has more than three."""

Branches = list[tuple["Order", Interval]]


def _condition(order: Order) -> Condition | None:
    return next((each for each in order.when if each.name == _CLEARANCE), None)


def _interval(order: Order) -> Interval:
    condition = _condition(order)
    return covered(condition, _UNIT) if condition is not None else Interval()


def _courses(subject: Subject) -> Iterator[Branches]:
    """Yield the orders that differ in their clearance alone: of one kind, route, weight and place in time."""
    if not any(order.when for order in subject.order_set.orders):
        return
    courses: dict[tuple[object, ...], Branches] = {}
    for order in subject.order_set.orders:
        others = tuple(each.text for each in _others(order))
        courses.setdefault((*_place(order), others), []).append((order, _interval(order)))
    yield from (each for each in courses.values() if any(_condition(order) is not None for order, _ in each))


def _place(order: Order) -> tuple[object, ...]:
    # Hours count from the infusion: one that states no start begins where they do.
    return order.drug, order.given_as, order.route, order.load, order.start or Offset.start(), order.texts.get("weight")


def _others(order: Order) -> tuple[Condition, ...]:
    return tuple(each for each in order.when if each.name != _CLEARANCE)


def _given_besides(branches: Branches, subject: Subject) -> Iterator[Interval]:
    """Yield the clearances that other orders of a course cover: those without its condition, or of all weights.

    Where one of a group is given, another drug of the group may be that of the other clearances.
    """
    first = branches[0][0]
    groups = {order.choose_one for order, _ in branches} - {None}
    others_of_group = (each for each in subject.order_set.orders if each.drug != first.drug)
    yield from (_interval(each) for each in others_of_group if each.choose_one in groups and _condition(each))
    same = [each for each in subject.order_set.orders if _place(each) == _place(first)]
    if _others(first):
        yield from (_interval(each) for each in same if not _others(each))
        return
    by_clearance: dict[Interval, list[Interval]] = {}
    for each in same:
        others = _others(each)
        if len(others) == 1 and others[0].name == "weight":
            by_clearance.setdefault(_interval(each), []).append(covered(others[0], "kg"))
    yield from (clearance for clearance, weights in by_clearance.items() if not any(True for _ in gaps(weights)))


def _gaps(subject: Subject, *, points: bool) -> Iterator[Hit]:
    for branches in _courses(subject):
        own = [interval for _, interval in branches]
        found = [gap for gap in gaps(own) if gap.is_point is points]
        if found:
            whole = gaps((*own, *_given_besides(branches, subject)))
            found = [gap for gap in whole if gap.is_point is points]
        borders = _borders(branches) if found else ({}, {})
        yield from (_gap(branches[0][0], borders, gap) for gap in found)


_Borders = tuple[dict["Fraction | None", "Order"], dict["Fraction | None", "Order"]]


def _borders(branches: Branches) -> _Borders:
    """Return the first order with a condition that begins or ends at a clearance, and the first that begins there."""
    ends: dict[Fraction | None, Order] = {}
    begins: dict[Fraction | None, Order] = {}
    for order, interval in branches:
        begins.setdefault(interval.low, order)
        for end in (interval.high, interval.low) if _condition(order) else ():
            ends.setdefault(end, order)
    return ends, begins


def _gap(first: Order, borders: _Borders, gap: Interval) -> Hit:
    """Return the hit of a gap, at the condition that it borders on."""
    ends, begins = borders
    order = ends.get(gap.low) or begins.get(gap.high) or first
    condition = _condition(order)
    kind = order.given_as or "dose"
    message = f"a creatinine clearance of {gap.words(_UNIT)} has no {kind} of {order.drug}"
    return Hit(message, (), f"{order.pointer}/when/{_CLEARANCE}", condition.text if condition else None)


def _boundary(subject: Subject) -> Iterator[Hit]:
    yield from _gaps(subject, points=True)


def _missing(subject: Subject) -> Iterator[Hit]:
    if subject.order_set.whole:  # a row of a table has its other rows beside it
        orders = tuple(as_meant(order, subject) for order in subject.order_set.orders)
        yield from _gaps(subject._replace(order_set=subject.order_set._replace(orders=orders)), points=False)


def _covered_twice(subject: Subject) -> Iterator[Hit]:
    for branches in _courses(subject):
        for (one, first), (other, second) in pairs(branches, itemgetter(0)):
            both, condition = first.meet(second), _condition(other)
            if both.is_empty or condition is None or not both_given(one, other) or one_after_the_other(one, other):
                continue
            kinds = {"bolus": "boluses", "infusion": "infusions"}.get(other.given_as, "orders")
            message = f"a creatinine clearance of {both.words(_UNIT)} has two {kinds} of {other.drug}"
            yield Hit(message, (), f"{other.pointer}/when/{_CLEARANCE}", condition.text)


def _basis_unnamed(subject: Subject) -> Iterator[Hit]:
    made = subject.order_set
    asked = made.clearance is not None or any(_condition(order) is not None for order in made.orders)
    if made.whole and asked and "weight_basis" not in made.texts:
        message = "orders depend on creatinine clearance, and its weight basis is not stated"
        yield Hit(message, (), "/weight_basis")


def _labels(subject: Subject) -> tuple[RenalRule, ...]:
    """Return the rules that branches may follow: the protocol's own, else each label's of the drug."""
    own = subject.knowledge.own_rule(subject.protocol)
    if own is not None:
        return (own,)
    return tuple(rule for rule in subject.knowledge.renal_rules() if rule.drug == subject.order_set.drug)


def _probes(branches: Branches, labels: tuple[RenalRule, ...]) -> list[Fraction]:
    """Return clearances, one out of each stretch between thresholds and each threshold itself."""
    ends = {end for _, each in branches for end in (each.low, each.high) if end}
    ends |= {band.up_to.value_in(_UNIT) for rule in labels for band in rule.bands if band.up_to is not None}
    steps = sorted(ends)
    between = [(low + high) / 2 for low, high in zip([steps[0] * 0, *steps], steps, strict=False)]
    return sorted({*steps, *between, steps[-1] * 2})


def _dose(order: Order) -> Fraction | None:
    rate, dose = order.quantity("dose_rate_per_kg", DoseRatePerKg), order.quantity("dose_per_kg", DosePerKg)
    if rate is not None and rate.is_mass():
        return rate.value_in("mcg/kg/min")
    return dose.value_in("mcg/kg") if dose is not None and dose.is_mass() else None


def _doses(branches: Branches) -> dict[str, tuple[Fraction, ...]]:
    """Return the doses per kg of each written order, from low to high: one of a range has a dose at each end."""
    found: dict[str, set[Fraction]] = {}
    for order, _ in branches:
        dose = _dose(order)
        found.setdefault(as_written(order.pointer), set()).update(() if dose is None else (dose,))
    return {pointer: tuple(sorted(doses)) for pointer, doses in found.items()}


def _at(branches: Branches, clearance: Fraction) -> tuple[Fraction, ...] | None:
    """Return the doses per kg of the one order for a clearance, None where there is none or not one."""
    here = Interval(clearance, high=clearance, with_high=True)
    found = _doses([each for each in branches if not each[1].meet(here).is_empty])
    return next(iter(found.values())) if len(found) == 1 else None


def _followed(branches: Branches, labels: tuple[RenalRule, ...]) -> list[str]:
    """Return the titles of the labels whose factors these branches have at every clearance that they cover."""
    kind = branches[0][0].given_as
    doses = [(each, _at(branches, each)) for each in _probes(branches, labels)]
    known = [(CreatinineClearance(each, unit(_UNIT)), dose) for each, dose in doses if dose is not None]
    full = max((dose for _, dose in known), default=())
    return [
        rule.title
        for rule in labels
        if full
        and all(dose == tuple(each * rule.band(clearance).factor(kind) for each in full) for clearance, dose in known)
    ]


def _mixed(subject: Subject) -> Iterator[Hit]:
    labels = _labels(subject)
    courses = [each for each in _courses(subject) if each[0][0].given_as in {"bolus", "infusion"}]
    courses = [each for each in courses if len(each) <= _MOST and all(_dose(order) is not None for order, _ in each)]
    adjusted = any(len(set(_doses(each).values())) > 1 for each in courses)
    if not labels or not adjusted or is_unreduced(subject):
        return  # the same dose at every clearance follows the stroke studies, which state no renal rule
    # A bolus without a condition is the same at every clearance, and that too is a label's rule.
    judged = {id(order) for each in courses for order, _ in each}
    others = [[(order, Interval())] for order in subject.order_set.orders if _is_plain_bolus(order, judged)]
    followed = [(each, _followed(each, labels)) for each in (*courses, *others)]
    if any(all(rule.title in titles for _, titles in followed) for rule in labels):
        return
    order = courses[0][0][0]
    labels_followed = "; ".join(
        f"{each[0][0].given_as}: {' or '.join(titles) or 'no label'}" for each, titles in followed
    )
    message = (
        f"the orders of {order.drug} by clearance do not follow the renal rule of any one label: {labels_followed}"
    )
    sources = tuple(source for rule in labels for source in rule.sources)
    yield Hit(message, sources, f"{order.pointer}/when/{_CLEARANCE}")


def _is_plain_bolus(order: Order, judged: set[int]) -> bool:
    return order.given_as == "bolus" and order.route == "IV" and _dose(order) is not None and id(order) not in judged


def _decides(sentence: str) -> bool:
    """Whether a sentence decides the order's dose by what it says, and does not only tell it."""
    return _DOSED.search(sentence) is not None and _ELSEWHERE.search(sentence) is None


_ELSEWHERE: Final = lazy_pattern(r"\b(?:not|never|admission|baseline|metformin|contrast)\b", re.IGNORECASE)


def _egfr(subject: Subject) -> Iterator[Hit]:
    for each in subject.order_set.defects:
        if each.code == EGFR:
            yield Hit(each.message, (), each.pointer, each.found, each.expected)
    for pointer, text in _texts_about_doses(subject) if _labels(subject) else ():
        sentences = SENTENCE.split(text)
        match = next((_NAMED.search(each) for each in sentences if _NAMED.search(each) and _decides(each)), None)
        if match is not None:
            message = (
                f"the text decides by {quoted(match[0])}: the labels' thresholds refer to the creatinine clearance"
            )
            yield Hit(message, (), pointer, match[0])


def _texts_about_doses(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield the texts of the drug's own orders, and those of the set that name it or what is infused."""
    made = subject.order_set
    own = (order for order in made.orders if order.drug == made.drug and "text" in order.texts)
    yield from ((f"{order.pointer}/text", order.texts["text"]) for order in own)
    named = lazy_pattern(rf"\b(?:{re.escape(made.drug)}|infusion|drip|bolus)\b", re.IGNORECASE)
    yield from (each for each in watched_texts(made) if named.search(each[1]))


def _orders(*conditions: str) -> str:
    rates = ("0.15 mcg/kg/min", "0.075 mcg/kg/min")
    orders = ", ".join(
        f'{{drug: tirofiban, kind: infusion, dose_rate_per_kg: {rate}, when: {{creatinine_clearance: "{text}"}}}}'
        for rate, text in zip(rates, conditions, strict=False)
    )
    return f"{{order_set: Example, orders: [{orders}]}}"


_LABELS: Final = "us-label eu-label eptifibatide-label"

RULES = (
    declared(
        "RC510",
        "clearance-boundary-gap",
        Severity.WARNING,
        _boundary,
        _LABELS,
        checks="Whether exactly one clearance between the conditions of a drug's orders has no order.",
        why="`< 60` and `> 60` leave a patient with exactly 60 without an infusion.",
        fails=_orders("> 60 mL/min", "< 60 mL/min"),
        passes=_orders("> 60 mL/min", "<= 60 mL/min"),
        remedy="Include the boundary in one of the two, as the label does.",
        limits="Orders of one drug, kind, route, weight and start are compared with each other.",
    ),
    declared(
        "RC511",
        "clearance-covered-twice",
        Severity.WARNING,
        _covered_twice,
        _LABELS,
        checks="Whether two orders of the same kind and drug apply at one clearance.",
        why="`>= 60` and `<= 60` give a patient with exactly 60 two infusions, or leave the choice to the nurse.",
        fails=_orders(">= 60 mL/min", "<= 60 mL/min"),
        passes=_orders("> 60 mL/min", "<= 60 mL/min"),
        remedy="Include the boundary in one of the two, as the label does.",
        limits="Orders of one `choose_one` group, and consecutive ones, do not count. An order is compared with "
        "the forty before it.",
    ),
    declared(
        "RC512",
        "renal-branch-missing",
        Severity.WARNING,
        _missing,
        _LABELS,
        checks="Whether a range of clearances has no order although other clearances have one.",
        why="A set with one infusion for `> 60` has none for any other patient.",
        fails=_orders("> 60 mL/min"),
        passes=_orders("> 60 mL/min", "<= 60 mL/min"),
        remedy="Write the order for the other patients, or state that they get none.",
        limits="An order without a condition covers every clearance; another drug of one `choose_one` group "
        "covers those of its condition.",
        of_set=True,
    ),
    declared(
        "RC513",
        "weight-basis-unnamed",
        Severity.NOTE,
        _basis_unnamed,
        "us-label eu-label",
        checks="Whether an order set with conditions on clearance names the weight basis of the clearance.",
        why="No label states the weight; actual, ideal and adjusted weight can be on different sides of a threshold.",
        fails=_orders("> 60 mL/min", "<= 60 mL/min"),
        passes=_orders("> 60 mL/min", "<= 60 mL/min").replace("Example,", "Example, weight_basis: actual,"),
        remedy="State `weight_basis`: actual, ideal or adjusted.",
        limits="Only whole order sets; RC704 covers sets without a clearance.",
    ),
    declared(
        "RC514",
        "branches-follow-no-label",
        Severity.WARNING,
        _mixed,
        _LABELS,
        checks="Whether the doses by clearance follow one label: its thresholds, and its factors for bolus and "
        "infusion.",
        why="The US label halves the infusion up to {renal_rules.us-label.bands.0.up_to}, the EU label bolus "
        "and infusion below {renal_rules.eu-label.bands.0.up_to:mL/min}: no source states a mixture of the "
        "two.",
        fails=_orders("> 30 mL/min", "<= 30 mL/min"),
        passes=_orders("> 60 mL/min", "<= 60 mL/min"),
        remedy="Follow one label, and name it.",
        limits="Needs doses per kg; a protocol with a renal rule is its own reference.",
    ),
    declared(
        EGFR,
        "clearance-is-egfr",
        Severity.ERROR,
        _egfr,
        _LABELS,
        checks="Whether an eGFR, in mL/min/1.73 m2, stands where a creatinine clearance belongs.",
        why="The labels' thresholds refer to the clearance; an eGFR is another quantity and does not replace it.",
        fails='{drug: tirofiban, when: {creatinine_clearance: "> 60 mL/min/1.73m2"}}',
        passes='{drug: tirofiban, when: {creatinine_clearance: "> 60 mL/min"}}',
        remedy="Calculate the clearance with `rescuecalc renal`.",
        limits="Recognised by its unit or its name.",
    ),
)
