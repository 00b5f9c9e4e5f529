"""JSON Lines: one finding a line, of the shape that it has in the JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.reporters.document.common_parts import finding
from rescuecalc.reporters.render.json_text import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.orders.findings.source_location import Located
    from rescuecalc.reporters.document.check import Checked


def finding_lines(checked: Checked) -> str:
    """Return one finding a line."""
    return lines_of(checked.located)


def lines_of(found: Iterable[Located]) -> str:
    """Return one finding a line, also of findings that are told while the rest is judged."""
    return "".join(f"{dumps(finding(each.finding), indent=None)}\n" for each in found)
