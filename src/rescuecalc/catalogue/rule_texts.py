"""What the rules declare, without their checks: a page of one rule need not import all of them.

`rule_texts.jsonl` is made by `python docs/build.py` from the declared rules, a line for each.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.file_access import content_of
from rescuecalc.rules.base.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.rules.base.knowledge import Subject

FILE: Final = Path(__file__).with_suffix(".jsonl")
_LARGEST: Final = 4_000_000
_TEXTS: Final = ("code", "name", "since", "checks", "why", "fails", "passes", "remedy", "limits", "preview")


def line_of(rule: Rule) -> str:
    """Return a rule's line, which begins with its code."""
    texts = {name: getattr(rule, name) for name in _TEXTS}
    severities = [each.value for each in (rule.severity, *rule.severities)]
    return f"{json.dumps({**texts, 'severities': severities, 'sources': rule.sources}, ensure_ascii=False)}\n"


def declared_texts(code: str) -> Rule | None:
    """Return what the rule of that code declares, its check left out; None where there is no such code."""
    wanted = f'{{"code": "{code.upper()}", '
    # The code stands first on a line, so that one line alone is read as JSON.
    lines = content_of(FILE, _LARGEST).decode().split("\n")
    return next((_rule(json.loads(line)) for line in lines if line.startswith(wanted)), None)


def _rule(texts: dict[str, Any]) -> Rule:
    severity, *others = map(Severity, texts.pop("severities"))
    sources = tuple(texts.pop("sources"))
    return Rule(severity=severity, severities=tuple(others), sources=sources, check=_check_elsewhere, **texts)


def _check_elsewhere(_: Subject) -> Iterable[Any]:
    raise NotImplementedError("these are the texts of a rule alone; the registry has its check")
