"""What `rule` is asked, and its documents: one declared rule, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import InputError
from rescuecalc.reporters.document.rule import rule_document, rules_document
from rescuecalc.rules.base.rule_text import filled
from rescuecalc.rules.judging.registry import RULES

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.rules.base.knowledge import Knowledge


def every_rule(known: Knowledge | None = None) -> Document:
    """Return the document of `rule`; its numbers are those of ``known``, or of the packaged catalogue."""
    numbers = (known or catalogue.knowledge(),)
    return rules_document([filled(each, numbers) for each in RULES], catalogue.sources())


def one_rule(code: str, known: Knowledge | None = None) -> Document:
    """Return the document of `rule CODE`, as ``every_rule``; InputError names the nearest of an unknown one."""
    declared = {each.code: each for each in RULES}
    if code.upper() not in declared:
        hint = nearest(code.upper(), sorted(declared), cutoff=0.85, folded=False) or "; `rescuecalc rule` lists all"
        raise InputError(f"there is no rule {quoted(code)}{hint}")
    return rule_document(filled(declared[code.upper()], (known or catalogue.knowledge(),)), catalogue.sources())
