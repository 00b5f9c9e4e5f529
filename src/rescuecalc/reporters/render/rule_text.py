"""The pages of `rule`: one rule, or the list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.reporters.render.page import STRONG, WIDTH, Line, Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.reporters.document.common_parts import Document


def severities(own: str, others: Iterable[str]) -> str:
    """Return the severities of a rule as a person reads them, its own first: ``error or warning``."""
    return " or ".join((own, *others))


def since(release: str, *, preview: bool) -> str:
    """Return which release brought a rule, as a person reads it: ``since 0.2.0, preview``."""
    return f"since {release}{', preview' if preview else ''}"


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
    page.field("triggers it", printable(made["fails"]), indent=0)
    page.field("does not", printable(made["passes"]), indent=0)
    page.field("sources", "; ".join(each["title"] for each in made["sources"]), indent=0)
    if not made["url"].startswith("urn:"):
        page.exactly(f"{'see':<14}{made['url']}")
    return page
