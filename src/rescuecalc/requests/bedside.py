"""What the first screen of a patient's regimen says beside its document."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rescuecalc.catalogue.bridging import monitoring
from rescuecalc.reporters.document.bedside import bedside_document

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document


def bedside_facts(made: Document, timezone: str | None = None) -> Document:
    """Return what the screen needs beside ``made``, a document of `dose`, `bridge`, `plan` or `table`."""
    return bedside_document(made, monitoring(made["protocol"]["drug"]), _start(made.get("start"), timezone))


def _start(text: str | None, timezone: str | None) -> datetime | None:
    """Return the start in its zone: from its offset alone no change of the clocks would follow."""
    if text is None:
        return None
    start = datetime.fromisoformat(text)
    if timezone is None:
        return start
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # only --timezone pays for it

    return start.astimezone(ZoneInfo(timezone))
