"""Judging an order set that was read from a file: of several drugs, and each place by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.rules.judge import finding, weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.finding import Finding
    from rescuecalc.rules.knowledge import Subject
    from rescuecalc.rules.rule import Rule

_OF_WHOLE_SET: Final = frozenset("12679")
"""Families about document, notation, sequence and completeness; the others judge the orders of one drug."""

_POINTERS: Final = {
    "/dosing_weight": "/patient/weight",
    "/creatinine_clearance": "/patient/creatinine_clearance",
    "/thrombolysis": "/patient/thrombolysis",
}
"""Where in an order set stands what `dose` prints elsewhere."""

OF_FILE: Final = frozenset({"", "/protocol"})
"""Pointers of what is said of a drug or a protocol as such, and not of an order."""


class Panel(NamedTuple):
    """Rules by what they judge: an order set as a whole, or its orders of one drug."""

    of_set: tuple[Rule, ...]
    of_drug: tuple[Rule, ...]


def panel(rules: Iterable[Rule]) -> Panel:
    """Return the rules by what their families judge."""
    chosen = tuple(rules)
    return Panel(
        tuple(rule for rule in chosen if rule.code[2] in _OF_WHOLE_SET),
        tuple(rule for rule in chosen if rule.code[2] not in _OF_WHOLE_SET),
    )


def judge_written(subject: Subject, rules: Panel) -> tuple[Finding, ...]:
    """Return all findings of an order set of any drugs, the heaviest first; the same is said at each of its places."""
    found: dict[tuple[str, str, str], Finding] = {}
    for part, judging in ((_whole(subject), rules.of_set), *((each, rules.of_drug) for each in _by_drug(subject))):
        for rule in judging:
            for hit in rule.check(part):
                pointer = _POINTERS.get(hit.pointer, hit.pointer)
                found.setdefault((rule.code, pointer, hit.message), finding(rule, hit._replace(pointer=pointer), part))
    return tuple(sorted(found.values(), key=weight))


def _whole(subject: Subject) -> Subject:
    """Return the subject under the drug of its protocol, else the first of the catalogue's among its orders."""
    drugs = sorted({order.drug for order in subject.order_set.orders} & subject.knowledge.drugs.keys())
    drug = subject.protocol.drug if subject.protocol is not None else "".join(drugs[:1])
    return subject._replace(order_set=subject.order_set._replace(drug=drug))


def _by_drug(subject: Subject) -> Iterator[Subject]:
    """Yield the orders of each drug; a protocol is the measure of its own drug alone."""
    orders = subject.order_set.orders
    for drug in sorted({order.drug for order in orders}):
        part = subject.order_set._replace(drug=drug, orders=tuple(order for order in orders if order.drug == drug))
        own = subject.protocol is not None and subject.protocol.drug == drug
        yield subject._replace(order_set=part, protocol=subject.protocol if own else None)
