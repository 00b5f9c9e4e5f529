"""What `rule` is asked, and its documents: one declared rule, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import InputError
from rescuecalc.reporters.document.rule import rule_document, rules_document
from rescuecalc.rules.judging.registry import RULES

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document


def every_rule() -> Document:
    """Return the document of `rule`."""
    return rules_document(RULES, catalogue.sources())


def one_rule(code: str) -> Document:
    """Return the document of `rule CODE`; InputError names the nearest of an unknown one."""
    known = {each.code: each for each in RULES}
    if code.upper() not in known:
        hint = nearest(code.upper(), sorted(known), cutoff=0.85, folded=False) or "; `rescuecalc rule` lists all"
        raise InputError(f"there is no rule {quoted(code)}{hint}")
    return rule_document(known[code.upper()], catalogue.sources())
