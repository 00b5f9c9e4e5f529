"""What `rule` is asked, and its documents: one declared rule, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.catalogue.rule_texts import declared_texts
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import InputError
from rescuecalc.reporters.document.rule import rule_document, rules_document
from rescuecalc.rules.base.rule_text import filled

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Rule


def every_rule(known: Knowledge | None = None, family: str = "", base: str = "") -> Document:
    """Return the document of `rule`, or of a family; its numbers are those of ``known``, or of the catalogue.

    ``base`` is the address of the site's page of rules.
    """
    from rescuecalc.rules.judging.registry import RULES  # noqa: PLC0415  # imports every rule

    numbers = (known or packaged_knowledge(),)
    chosen = [filled(each, numbers) for each in RULES if each.code.startswith(family.upper())]
    return rules_document(chosen, catalogue.sources(), base)


def is_family(code: str) -> bool:
    """Whether a text names a family of rules, as RC3."""
    from rescuecalc.rules.judging.registry import FAMILIES  # noqa: PLC0415  # imports every rule

    return code.upper() in FAMILIES


def one_rule(code: str, known: Knowledge | None = None, base: str = "") -> Document:
    """Return the document of `rule CODE`, as ``every_rule``; InputError names the nearest of an unknown one."""
    declared = declared_texts(code) or _of_registry(code)
    return rule_document(filled(declared, (known or packaged_knowledge(),)), catalogue.sources(), base)


def _of_registry(code: str) -> Rule:
    from rescuecalc.rules.judging.registry import RULES, nearest_code  # noqa: PLC0415  # imports every rule

    declared = {**{each.name: each for each in RULES}, **{each.code.lower(): each for each in RULES}}
    if code.lower() not in declared:
        hint = (
            nearest_code(code) or nearest(code, sorted(declared), cutoff=_SIMILARITY) or "; `rescuecalc rule` lists all"
        )
        raise InputError(f"unknown rule {quoted(code)}{hint}")
    return declared[code.lower()]


_SIMILARITY: Final = 0.6
