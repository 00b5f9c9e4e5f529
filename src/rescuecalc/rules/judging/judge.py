"""The one judge: applies every declared rule to an order set, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.rules.base.hit_finding import finding
from rescuecalc.rules.base.one_finding import once_a_mistake, without_option
from rescuecalc.rules.facts.reference.ordered_product import is_usual
from rescuecalc.rules.judging.infusion_rules import OF_INFUSIONS

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.base.rule import Rule


def _rules(subject: Subject) -> tuple[Rule, ...]:
    """Return the rules that can have something to say of a set.

    The others are about what stands beside an infusion or follows it: where nothing does they are not even read, since
    a dose is asked for at the bedside and each module costs a millisecond.
    """
    orders = subject.order_set
    alone = all(order.kind in {"bolus", "infusion"} for order in orders.orders)
    known = orders.thrombolysis is not None or orders.state is not None
    besides = (*_of_supply(subject), *_of_library(subject))
    if alone and not orders.bridged and not known and len({o.drug for o in orders.orders}) <= 1:
        return (*OF_INFUSIONS, *of_second_load(orders), *besides)
    from rescuecalc.rules.judging.registry import OF_PLANS  # noqa: PLC0415

    return (*OF_PLANS, *besides)


def _of_library(subject: Subject) -> tuple[Rule, ...]:
    """Return the rules about a pump library, where one is named."""
    if subject.knowledge.library is None:
        return ()
    from rescuecalc.rules.library.order_limits.order_rules import RULES  # noqa: PLC0415

    return RULES


def of_second_load(orders: OrderSet) -> tuple[Rule, ...]:
    """Return the rule about two loads where a regimen has two: those of the catalogue have one at most."""
    loads = {(order.kind, order.place) for order in orders.orders if order.kind == "bolus" or order.load}
    if len(loads) <= 1:
        return ()
    from rescuecalc.rules.sequence.infusion_course import LOADED_TWICE  # noqa: PLC0415  # of a hospital's own protocol

    return LOADED_TWICE


def _of_supply(subject: Subject) -> tuple[Rule, ...]:
    """Return the rules about what orders are drawn from, where a concentration was typed that no product has."""
    if all("concentration" not in order.fields or is_usual(order, subject) for order in subject.order_set.orders):
        return ()
    from rescuecalc.rules.dose.supply import RULES  # noqa: PLC0415  # of a user-defined concentration alone

    return RULES


def _same(made: Finding) -> tuple[str | None, ...]:
    """Return what two findings of a rule have in common that are one; of a dose its place and what stands there."""
    is_of_dose = made.pointer.startswith(("/boluses/", "/infusions/")) and made.found is not None
    return (without_option(made.pointer), made.found, made.expected) if is_of_dose else (made.message,)


def judge(subject: Subject, rules: tuple[Rule, ...] | None = None) -> tuple[Finding, ...]:
    """Return all findings, the heaviest first, then by code; one that says the same twice is said once.

    While no product is chosen each of them is an order: a dose that is wrong is wrong once, not once a product.
    """
    found: dict[tuple[str | None, ...], Finding] = {}
    judging = rules or _rules(subject)
    for rule in judging:
        for hit in rule.check(subject):
            made = finding(rule, hit, subject)
            found.setdefault((rule.code, *_same(made)), made)
    return once_a_mistake(found.values(), judging)
