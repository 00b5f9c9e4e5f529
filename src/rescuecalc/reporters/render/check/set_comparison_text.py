"""The page of `check --compare`."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from rescuecalc.core.quantities.decimal_text import people_number, significant
from rescuecalc.reporters.render.check.check_summary import number_of
from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.reporters.render.page import STRONG, WIDTH, Page

if TYPE_CHECKING:
    from decimal import Decimal

    from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.set_comparison import KINDS_OF_CHANGE


def comparison_page(made: Document, width: int = WIDTH) -> Page:
    """Return the page of a comparison: what changed in each order set, the gravest first."""
    page = Page(width)
    changes = sorted(made["changes"], key=lambda each: each["order_set"] or "")
    for name, group in groupby(changes, key=lambda each: each["order_set"]):
        page.path(printable(name or "order set without a name"))
        for each in sorted(group, key=lambda one: KINDS_OF_CHANGE.index(one["what"])):
            page.add(_line(each), indent=2, hang=14)
    for each in made["not_compared"]:
        page.add(f"not compared: {printable(each)}", "error", hang=2)
    sizes = " and ".join(number_of(made[side]["orders"], "order") for side in ("old", "new"))
    nothing = "not everything could be compared" if made["not_compared"] else "no clinical change"
    counted = number_of(len(changes), "change") if changes else nothing
    page.add(f"{counted} between {sizes}", STRONG)
    return page


def _rounded(factor: Decimal) -> str:
    """Return a factor in four digits; the document holds it exactly."""
    return people_number(significant(Fraction(factor), _DIGITS))


_DIGITS = 2 + 2


def _line(each: Document) -> str:
    who = ": ".join(printable(part) for part in (each["order"], each["drug"]) if part)
    if each["what"].endswith(("added", "gone")):
        return f"{each['what']:<14}{who}: {printable(each['before'] or each['after'] or '')}"
    of = f"{who}: " if who else ""
    before, after = (printable(each[side]) if each[side] is not None else "not stated" for side in ("before", "after"))
    times = f" ({_rounded(each['factor'])} times)" if each["factor"] is not None else ""
    return f"{each['what']:<14}{of}{each['field']} {before} → {after}{times}"
