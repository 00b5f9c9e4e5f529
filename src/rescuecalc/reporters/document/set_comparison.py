"""The document and the page of `check --compare`: two versions of order sets."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.quantities.decimal_text import json_number, people_number
from rescuecalc.reporters.document.common_parts import Document, header
from rescuecalc.reporters.render.check_summary import number_of
from rescuecalc.reporters.render.harmless_text import visible
from rescuecalc.reporters.render.page import STRONG, WIDTH, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WHATS: Final = (
    *("drug added", "drug gone", "order added", "order gone", "drug", "route", "dose", "rate"),
    *("concentration", "volume", "time", "condition", "order set", "text", "other"),
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
        "summary": {what: sum(each.what == what for each in changes) for what in _WHATS},
        "not_compared": list(unread),
    }


def _change(each: Any) -> Document:
    factor = None if each.factor is None else json_number(each.factor)[0]
    return {**each._asdict(), "order_set": each.order_set or None, "order": each.order or None, "factor": factor}


def comparison_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of a comparison: what changed in each order set, the gravest first."""
    page = Page(width)
    changes = sorted(made["changes"], key=lambda each: each["order_set"] or "")
    for name, group in groupby(changes, key=lambda each: each["order_set"]):
        page.path(visible(name or "order set without a name"))
        for each in sorted(group, key=lambda one: _WHATS.index(one["what"])):
            page.add(_line(each), indent=2, hang=14)
    for each in made["not_compared"]:
        page.add(f"not compared: {visible(each)}", "error", hang=2)
    sizes = " and ".join(number_of(made[side]["orders"], "order") for side in ("old", "new"))
    nothing = "not everything could be compared" if made["not_compared"] else "no clinical change"
    counted = number_of(len(changes), "change") if changes else nothing
    page.add(f"{counted} between {sizes}", STRONG)
    return page


def _line(each: Document) -> str:
    who = ": ".join(visible(part) for part in (each["order"], each["drug"]) if part)
    if each["what"].endswith(("added", "gone")):
        return f"{each['what']:<14}{who}: {visible(each['before'] or each['after'] or '')}"
    of = f"{who}: " if who else ""
    before, after = (visible(each[side]) if each[side] is not None else "not stated" for side in ("before", "after"))
    times = f" ({people_number(each['factor'])} times)" if each["factor"] is not None else ""
    return f"{each['what']:<14}{of}{each['field']} {before} → {after}{times}"
