"""Judging a pump library itself: what its file does wrong, and what its limits are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.order import OrderSet
from rescuecalc.rules.base.hit_finding import finding
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.base.one_finding import once_a_mistake
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.judging.registry import RULES
from rescuecalc.rules.library.entries.protocol_limits import no_bolus
from rescuecalc.rules.library.entries.unjudged_limits import unjudged
from rescuecalc.rules.library.known_library import known_library
from rescuecalc.rules.library.order_limits.limit_hits import NO_BOLUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.pump_library import LibraryUse
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.orders.order import Defect
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Rule

OF_LIBRARIES: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.of_library)


def judge_library(knowledge: Knowledge) -> tuple[Finding, ...]:
    """Return all findings of the library of ``knowledge``, those of its file first; each stands at one place once."""
    use = knowledge.library
    if use is None:
        return ()
    subject = Subject(OrderSet("", None, None, None, None, ()), None, knowledge)
    by_code = {rule.code: rule for rule in RULES}
    found = {}
    for defect in _defects(use):
        hit = Hit(defect.message, (use.library.source,), defect.pointer, defect.found, defect.expected)
        found[defect.code, defect.pointer, defect.message] = finding(by_code[defect.code], hit, subject)
    for rule, each in _hits(subject):
        found.setdefault((rule.code, each.pointer, each.message), finding(rule, each, subject))
    return once_a_mistake(found.values(), RULES)


def _hits(subject: Subject) -> Iterator[tuple[Rule, Hit]]:
    for rule in OF_LIBRARIES:
        yield from ((rule, each) for each in rule.check(subject))
    known = known_library(subject)
    if known is not None and known.use.older is None:
        for rule in RULES:
            check = _NOTES.get(rule.code)
            yield from ((rule, each) for each in check(known, subject.knowledge)) if check is not None else ()


_NOTES: Final = {NO_BOLUS: no_bolus, "RC711": unjudged}
"""Notes about a library under the code of the rule that says it of orders."""


def _defects(use: LibraryUse) -> Iterator[Defect]:
    """Yield what of a file could not be read; of an older version, with which it is compared, as well."""
    yield from use.library.defects
    for entry in use.entries:
        yield from entry.defects
    older = use.older
    for entry in use._replace(library=older).entries if older is not None else ():
        for each in entry.defects[:1]:
            message = f"line {entry.line} of {older.file if older else ''}, which was not compared: {each.message}"
            yield each._replace(message=message, pointer="", expected=None)
