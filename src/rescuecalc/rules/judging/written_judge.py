"""Judging an order set that was read from a file: of several drugs, and each place by itself."""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.errors import RescuecalcError, UnitKindsDiffer
from rescuecalc.rules.base.hit_finding import finding
from rescuecalc.rules.base.one_finding import once_a_mistake
from rescuecalc.rules.facts.reference.administration import as_meant
from rescuecalc.rules.judging.words_beside import hits_beside
from rescuecalc.rules.renal.renal_branches import EGFR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.base.rule import Hit, Rule

_OF_WHOLE_SET: Final = frozenset("123679")
"""Families about document, notation, arithmetic, sequence and completeness; the others judge the orders of one drug."""

_OF_READER: Final = frozenset({EGFR})
"""Of another family, but told by the reader: it stands whether or not the set has orders."""

_POINTERS: Final = {
    "/dosing_weight": "/patient/weight",
    "/creatinine_clearance": "/patient/creatinine_clearance",
    "/thrombolysis": "/patient/thrombolysis",
}
"""Where in an order set stands what `dose` prints elsewhere."""

OF_FILE: Final = frozenset({"", "/protocol"})
"""Pointers of what is said of a drug or a protocol as such, and not of an order."""


class Panel(NamedTuple):
    """Rules by what they judge: an order set as a whole, its orders of one drug, or what the reader met alone."""

    of_set: tuple[Rule, ...]
    of_drug: tuple[Rule, ...]
    of_defects: tuple[Rule, ...]


def panel(rules: Iterable[Rule]) -> Panel:
    """Return the rules by what their families judge."""
    every = tuple(rule for rule in rules if not rule.of_library)
    chosen = tuple(rule for rule in every if not rule.of_defects)
    return Panel(
        tuple(rule for rule in chosen if _is_of_set(rule)),
        tuple(rule for rule in chosen if rule.code[2] not in _OF_WHOLE_SET and not rule.of_set),
        tuple(rule for rule in every if rule.of_defects),
    )


def _is_of_set(rule: Rule) -> bool:
    return rule.of_set or rule.code[2] in _OF_WHOLE_SET or rule.code in _OF_READER


def judge_written(subject: Subject, rules: Panel) -> tuple[Finding, ...]:
    """Return all findings of an order set of any drugs, the heaviest first; the same is said at each of its places."""
    found: dict[tuple[str, str, str], Finding] = {}
    whole, of_defects = as_whole(subject), rules.of_defects if subject.order_set.defects else ()
    for part, judging in (
        (whole, of_defects),
        (whole, rules.of_set),
        *((each, rules.of_drug) for each in _by_drug(whole)),
    ):
        for rule in judging:
            for hit in _hits(rule, part):
                made = finding(rule, _placed(hit), part)
                found.setdefault((rule.code, made.pointer, hit.message), made)
    for rule, hit in hits_beside(whole, (*rules.of_set, *rules.of_drug), found.values(), _hits):
        made = finding(rule, hit, whole)
        found.setdefault((rule.code, made.pointer, hit.message), made)
    return once_a_mistake(found.values(), (*rules.of_set, *rules.of_drug))


def _placed(hit: Hit) -> Hit:
    """Return a hit whose pointers, and those of its alternatives, are those of an order set."""
    alternatives = tuple(each._replace(pointer=_in_set(each.pointer)) for each in hit.alternatives)
    return hit._replace(pointer=_in_set(hit.pointer), alternatives=alternatives)


def _in_set(pointer: str) -> str:
    return _POINTERS.get(pointer, pointer)


def _hits(rule: Rule, part: Subject) -> list[Hit]:
    """Return what a rule says of the orders whose units it can combine.

    Amounts of two kinds in one order, as mg and units, are a finding of their own (RC204); they leave nothing to
    compare, and must not keep the other orders from being judged. Anything else that a rule cannot do is a defect of
    the rule: were it caught here, the order would pass as if that rule had judged it.
    """
    try:
        return list(rule.check(part))
    except UnitKindsDiffer:
        orders = part.order_set.orders
        sound = tuple(order for order in orders if _alone(rule, part, order) is not None)
        if len(sound) < len(orders):
            return _hits(rule, part._replace(order_set=part.order_set._replace(orders=sound)))
        return [hit for order in orders for hit in _alone(rule, part, order) or ()]
    except RescuecalcError as defect:
        raise RuntimeError(f"{rule.code} did not judge") from defect


def _alone(rule: Rule, part: Subject, order: Order) -> list[Hit] | None:
    """Return what a rule says of one order, None where it cannot combine its units."""
    try:
        return list(rule.check(part._replace(order_set=part.order_set._replace(orders=(order,)))))
    except UnitKindsDiffer:
        return None


def as_whole(subject: Subject) -> Subject:
    """Return the subject under the drug of its protocol, else the first GP IIb/IIIa inhibitor among its orders."""
    drugs = sorted({each.drug for each in subject.order_set.orders if subject.knowledge.is_gp_inhibitor(each.drug)})
    drug = subject.protocol.drug if subject.protocol is not None else "".join(drugs[:1])
    if drug == subject.order_set.drug:
        return subject  # the same object: what was worked out of it is kept
    return subject._replace(order_set=subject.order_set._replace(drug=drug))


def _by_drug(whole: Subject) -> Iterator[Subject]:
    """Yield the orders of each drug; a protocol is the measure of its own drug alone."""
    by_drug: dict[str, list[Order]] = {}
    for order in whole.order_set.orders:
        by_drug.setdefault(order.drug, []).append(order)
    for drug in sorted(by_drug):
        own_orders = tuple(as_meant(order, whole) for order in by_drug[drug])
        protocol = whole.protocol if whole.protocol is not None and whole.protocol.drug == drug else None
        if (
            drug == whole.order_set.drug
            and protocol is whole.protocol
            and _are_same(own_orders, whole.order_set.orders)
        ):
            yield whole  # the same object: the order model and its texts are worked out once
        else:
            part = whole.order_set._replace(drug=drug, orders=own_orders)
            yield whole._replace(order_set=part, protocol=protocol)


def _are_same(own: tuple[Order, ...], every: tuple[Order, ...]) -> bool:
    """Whether these are all orders of a set, each as it was written."""
    return len(own) == len(every) and all(map(is_, own, every))
