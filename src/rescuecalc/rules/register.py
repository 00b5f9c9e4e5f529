"""Every declared rule: those that judge any order set, and those that judge what was written in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.rules import document, notation
from rescuecalc.rules.judge import RULES as OF_ANY_SET

if TYPE_CHECKING:
    from rescuecalc.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(sorted((*OF_ANY_SET, *document.RULES, *notation.RULES), key=lambda rule: rule.code))
