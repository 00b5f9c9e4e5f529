"""The documents of `rule`: renderings of the declared rules, which docs/rules renders too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.reporters.document.common_parts import Document, header, source
from rescuecalc.rules.base.rule import is_command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rescuecalc.core.literature.source import Source
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.rules.base.rule import Rule


def rule_url(rule: Rule, base: str = "") -> str:
    """Return where a rule is explained, or a name that is not an address where the site has none.

    An address that ends with a slash is the folder of the rules' pages; any other is one page with all of them.

    >>> from types import SimpleNamespace
    >>> rule = SimpleNamespace(code="RC304", name="pump-rate")
    >>> rule_url(rule, "https://intranet/rules/")
    'https://intranet/rules/RC304.html'
    >>> rule_url(rule, "https://intranet/rules.html")
    'https://intranet/rules.html#rc304-pump-rate'
    """
    if base.endswith("/"):
        return f"{base}{rule.code}.html"
    return f"{base}#{rule.code.lower()}-{rule.name}" if base else f"urn:rescuecalc:rule:{rule.code}"


def _rule(rule: Rule, sources: Mapping[str, Source], base: str = "") -> Document:
    return {
        "code": rule.code,
        "name": rule.name,
        "url": rule_url(rule, base),
        "severity": rule.severity.value,
        "severities": [each.value for each in rule.severities],
        "since": rule.since,
        "preview": rule.preview,
        "checks": rule.checks,
        "why": rule.why,
        "remedy": rule.remedy,
        "limits": rule.limits,
        "fails": example(rule.fails),
        "passes": example(rule.passes),
        "sources": [source(sources[key]) for key in rule.sources],
    }


def rule_document(rule: Rule, sources: Mapping[str, Source], base: str = "") -> Document:
    """Return everything that is declared of one rule; ``base`` is the site's address of the rules' pages."""
    return {**header("rule"), **_rule(rule, sources, base)}


def rules_document(rules: Sequence[Rule], sources: Mapping[str, Source], base: str = "") -> Document:
    """Return the same of several rules."""
    return {**header("rule-list"), "rules": [_rule(rule, sources, base) for rule in rules]}


def example(text: str) -> str:
    """Return an example of a rule as it is shown: a command with its program, or what `check` reads."""
    return f"rescuecalc {text}" if is_command(text) else text
