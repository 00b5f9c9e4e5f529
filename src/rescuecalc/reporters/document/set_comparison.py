"""The document of `check --compare`: two versions of order sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.quantities.decimal_text import json_number
from rescuecalc.reporters.document.common_parts import Document, header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS_OF_CHANGE: Final = (
    *("drug added", "drug gone", "order added", "order gone", "drug", "route", "dose", "rate"),
    *("concentration", "volume", "titration", "time", "condition", "patient", "order set", "stop_if", "monitoring"),
    *("text", "other"),
)
"""Every kind of change, the gravest first."""


def comparison_document(
    old: Mapping[str, Any], new: Mapping[str, Any], changes: Sequence[Any], unread: Sequence[str]
) -> Document:
    """Return both versions, each change and how many there are of each kind."""
    return {
        **header("compare"),
        "old": dict(old),
        "new": dict(new),
        "changes": [_change(each) for each in changes],
        "summary": {what: sum(each.what == what for each in changes) for what in KINDS_OF_CHANGE},
        "not_compared": list(unread),
    }


def _change(each: Any) -> Document:
    factor = None if each.factor is None else json_number(each.factor)[0]
    return {**each._asdict(), "order_set": each.order_set or None, "order": each.order or None, "factor": factor}
