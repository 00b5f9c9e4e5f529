"""One finding a mistake: of two that tell the same, the one stands that tells it as gravely, and better."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.order_ends import as_written
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.hit_finding import weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.rules.base.rule import Rule

_OPTION: Final = lazy_pattern(r"/options/[0-9]+", re.ASCII)


def once_a_mistake(found: Iterable[Finding], rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """Return findings, the heaviest first, without those whose mistake another one tells as gravely, and better.

    Which rule goes before which is declared with the rules: arithmetic before a reference, the dose that reaches the
    patient before the strength that it is counted with, what was prescribed before what was worked out from it.
    """
    ranked = list(dict.fromkeys(_at_source(each) for each in _one_of_range(sorted(found, key=weight))))
    if len(ranked) <= 1:
        return tuple(ranked)
    by_code = {rule.code: rule for rule in rules if rule.yields_to or rule.follows}
    others = _Others(ranked)
    return _one_of_cause(
        each for each in ranked if each.code not in by_code or not _is_reported_elsewhere(each, by_code, others)
    )


class _Others:
    """Findings by what another one is compared with: a library of 20,000 rows has as many of them."""

    def __init__(self, found: Iterable[Finding]) -> None:
        self.by_code: dict[str, list[Finding]] = {}
        self._by_place: dict[tuple[str, str], list[Finding]] = {}
        self._by_cause: dict[tuple[str, str], list[Finding]] = {}
        for each in found:
            self.by_code.setdefault(each.code, []).append(each)
            self._by_place.setdefault((each.code, each.pointer), []).append(each)
            if each.cause:
                self._by_cause.setdefault((each.code, each.cause), []).append(each)

    def beside(self, each: Finding, code: str) -> Iterator[Finding]:
        """Yield the findings of a rule about what another finding blames, or may blame, and those of its cause."""
        for pointer in (each.pointer, *(one.pointer for one in each.alternatives)):
            yield from self._by_place.get((code, pointer), ())
        yield from self._by_cause.get((code, each.cause), ()) if each.cause else ()


def _one_of_cause(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings, those of one rule that have one cause as the first of them, with the places of the others."""
    groups: dict[tuple[str, str] | Finding, list[Finding]] = {}
    for each in found:
        groups.setdefault((each.code, each.cause) if each.cause else each, []).append(each)
    return tuple(_with_places(*each) for each in groups.values())


def _with_places(first: Finding, *others: Finding) -> Finding:
    also = ", ".join(dict.fromkeys(each.pointer for each in others if each.pointer != first.pointer))
    also_found = ", ".join(dict.fromkeys(each.found for each in others if each.pointer == first.pointer and each.found))
    message = f"{first.message}; the same at {also}" if also else first.message
    return (
        first._replace(message=f"{message}; {also_found} follows from it")
        if also_found
        else first._replace(message=message)
    )


_HIGH: Final = "#high"


def _one_of_range(found: list[Finding]) -> Iterator[Finding]:
    """Yield findings, those of both ends of a range that are off by one factor as one about the range."""
    known: dict[tuple[str, str, Fraction | None], Finding]
    known = {(each.code, each.pointer, each.factor): each for each in found if each.factor and each.expected}
    ends = {(each.code, each.pointer) for each in found if each.factor is None}
    for each in found:
        order, _, field = each.pointer.rpartition("/")
        is_high = order.endswith(_HIGH)
        if is_high and each.factor is None and (each.code, f"{order.removesuffix(_HIGH)}/{field}") in ends:
            continue  # both ends are beyond the same limit
        place = f"{order.removesuffix(_HIGH)}{'' if is_high else _HIGH}/{field}"
        other = known.get((each.code, place, each.factor))
        if other is None or other.found == each.found:
            yield each
        elif not is_high:
            yield _of_both(each, other)


def _of_both(low: Finding, high: Finding) -> Finding:
    """Return the finding of a range whose two ends are off by one factor."""
    found, right = _as_range(low.found, high.found), _as_range(low.expected, high.expected)
    message = f"{low.message}; the other end, {high.found}, is off by the same factor: {right} is expected"
    return low._replace(message=message, found=found, expected=right, alternatives=())


def _as_range(low: str | None, high: str | None) -> str:
    """Return two quantities as a range, the unit once where it is one."""
    number, _, unit = (low or "").partition(" ")
    return f"{number}-{high}" if unit == (high or "").partition(" ")[2] else f"{low} to {high}"


def _at_source(each: Finding) -> Finding:
    """Return a finding at what was written: of both ends of a range the same is said once."""
    if "#" not in each.pointer:
        return each
    alternatives = tuple(one._replace(pointer=as_written(one.pointer)) for one in each.alternatives)
    return each._replace(pointer=as_written(each.pointer), alternatives=alternatives)


def _is_reported_elsewhere(each: Finding, rules: dict[str, Rule], others: _Others) -> bool:
    """Whether another finding blames the same mention, or one that may be wrong in its place, or its source."""
    rule = rules[each.code]
    beside = (other for code in rule.yields_to for other in others.beside(each, code))
    if any(other.severity.reaches(each.severity) and _goes_before(other, each, rules) for other in beside):
        return True
    sources = (other for code in rule.follows for other in others.by_code.get(code, ()))
    return any(
        other.severity.reaches(each.severity) and _is_worked_out_from(each.pointer, other.pointer) for other in sources
    )


def _goes_before(other: Finding, each: Finding, rules: dict[str, Rule]) -> bool:
    """Whether a finding yields to another one; of two whose rules yield to each other the heavier one stands."""
    is_mutual = other.code in rules and each.code in rules[other.code].yields_to
    return other.code in rules[each.code].yields_to and (not is_mutual or weight(other) < weight(each))


def without_option(pointer: str) -> str:
    """Return a pointer into an order whose product is open as if there were one: all of them hold the same dose."""
    return _OPTION.sub("", pointer)


def _is_worked_out_from(pointer: str, source: str) -> bool:
    order, _, field = without_option(pointer).rpartition("/")
    other, _, name = source.rpartition("/")
    if name == "route":
        return pointer.startswith(f"{other}/")  # by it each dose of the order is compared
    if order != other:
        return False
    from rescuecalc.core.orders.model.diagnosis import FOLLOWERS  # noqa: PLC0415  # of two findings in one order alone
    from rescuecalc.core.orders.model.mention import VARIABLE_OF_FIELD  # noqa: PLC0415

    variables = {**VARIABLE_OF_FIELD, "product": "concentration"}
    return variables.get(field) in FOLLOWERS.get(variables.get(name, ""), ())
