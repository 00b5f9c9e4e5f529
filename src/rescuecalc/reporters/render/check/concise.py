"""The findings of `check` one a line, as editors and scripts read them: ``file:line:col: CODE message``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.reporters.render.harmless_text import printable

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.source_location import Located
    from rescuecalc.reporters.document.check import Checked


def concise_lines(checked: Checked) -> str:
    """Return one line a finding."""
    return "".join(f"{concise_line(each)}\n" for each in checked.located)


def concise_line(each: Located) -> str:
    """Return one finding; what has no place in its file stands at its beginning, where an editor can go."""
    found = each.finding
    where = f"{found.file or ''}:{found.line or 1}:{found.column or 1}"
    return printable(f"{where}: {found.code} {found.message}")
