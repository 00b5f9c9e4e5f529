"""The documents and pages of `rule`: renderings of the declared rules, which docs/rules renders too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.reporters.document.common_parts import Document, header, source
from rescuecalc.reporters.render.harmless_text import visible
from rescuecalc.reporters.render.page import STRONG, WIDTH, Line, Page
from rescuecalc.rules.base.rule import is_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rescuecalc.core.literature.source import Source
    from rescuecalc.rules.base.rule import Rule


def example(text: str) -> str:
    """Return an example of a rule as it is shown: a command with its program, or what `check` reads."""
    return f"rescuecalc {text}" if is_command(text) else text


def severities(own: str, others: Iterable[str]) -> str:
    """Return the severities of a rule as a person reads them, its own first: ``error or warning``."""
    return " or ".join((own, *others))


def rule_url(rule: Rule, base: str = "") -> str:
    """Return where a rule is explained, or a name that is no address where the site has none.

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


def since(release: str, *, preview: bool) -> str:
    """Return which release brought a rule, as a person reads it: ``since 0.2.0, preview``."""
    return f"since {release}{', preview' if preview else ''}"


def rule_document(rule: Rule, sources: Mapping[str, Source], base: str = "") -> Document:
    """Return everything that is declared of one rule; ``base`` is the site's address of the rules' pages."""
    return {**header("rule"), **_rule(rule, sources, base)}


def rules_document(rules: Sequence[Rule], sources: Mapping[str, Source], base: str = "") -> Document:
    """Return the same of several rules."""
    return {**header("rule-list"), "rules": [_rule(rule, sources, base) for rule in rules]}


def rules_page(made: Document, width: int = WIDTH, *, whole: bool = False) -> Page:
    """Return the page of several rules, a line each, or the whole of each."""
    page = Page(width)
    for each in made["rules"] if whole else ():
        page.lines.extend([*([Line("")] if page.lines else []), *rule_page(each, width).lines])
    if whole:
        return page
    for each in made["rules"]:
        others = f" ({severities(each['severity'], each['severities'])})" if each["severities"] else ""
        page.add(f"{each['code']}  {each['severity']:<8}{each['name']}{others}", each["severity"])
    return page


def rule_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of one rule."""
    page = Page(width)
    page.add(f"{made['code']}  {made['name']}", STRONG)
    known = since(made["since"], preview=made["preview"])
    page.field("severity", f"{severities(made['severity'], made['severities'])}, {known}", indent=0)
    for label, key in (("checks", "checks"), ("why", "why"), ("what to do", "remedy"), ("limits", "limits")):
        page.field(label, made[key], indent=0)
    page.field("found in", visible(made["fails"]), indent=0)
    page.field("not in", visible(made["passes"]), indent=0)
    page.field("sources", "; ".join(each["title"] for each in made["sources"]), indent=0)
    if not made["url"].startswith("urn:"):
        page.exactly(f"{'see':<14}{made['url']}")
    return page
