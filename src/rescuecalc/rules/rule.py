"""A rule is one declared object: its page, its JSON and its findings are renderings of it."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple

from rescuecalc.core.finding import Severity
from rescuecalc.core.source import Source
from rescuecalc.rules.knowledge import Subject


class Hit(NamedTuple):
    """What a rule's check yields; the judge makes a finding of it with the rule's code and severity."""

    message: str
    sources: tuple[Source, ...]
    pointer: str = ""
    found: str | None = None
    expected: str | None = None
    factor: Fraction | None = None
    slip: tuple[str, ...] = ()


class Rule(NamedTuple):
    """One rule. ``name`` is the problem, never the remedy; ``fails`` and ``passes`` are commands that run as tests."""

    code: str
    name: str
    severity: Severity
    since: str
    sources: tuple[str, ...]
    checks: str
    why: str
    fails: str
    passes: str
    remedy: str
    limits: str
    check: Callable[[Subject], Iterable[Hit]]
