"""What the first screen of a patient's regimen says beside its document."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.clinical.bridging import monitoring
from rescuecalc.reporters.document.regimen.bedside import bedside_document
from rescuecalc.reporters.render.regimen.numbers_text import never_hidden

if TYPE_CHECKING:
    from pathlib import Path

    from rescuecalc.reporters.document.common_parts import Document


def bedside_facts(made: Document, timezone: str | None = None) -> Document:
    """Return what the screen needs beside ``made``, a document of `dose`, `bridge`, `plan` or `table`."""
    drug = made["protocol"]["drug"]
    label_use = catalogue.drugs()[drug].label_use
    return bedside_document(made, monitoring(drug), label_use, _start(made.get("start"), timezone))


def with_never_hidden(made: Document, timezone: str | None = None) -> Document:
    """Return ``made`` with what no page of it may leave out, whatever a script shows of it."""
    return made | {"never_hidden": never_hidden(made, bedside_facts(made, timezone))}


def card_versions(made: Document, protocol_file: Path | None) -> Document:
    """Return what a card was made with: program, catalogue and the hospital's own protocol, by their digests."""
    from rescuecalc.catalogue.fingerprint import fingerprint  # noqa: PLC0415  # only a card pays for it

    return {
        "rescuecalc": made["rescuecalc"],
        "catalogue": fingerprint(),
        "protocol_file": None if protocol_file is None else fingerprint(protocol_file),
    }


def _start(text: str | None, timezone: str | None) -> datetime | None:
    """Return the start in its zone: from its offset alone no change of the clocks would follow."""
    if text is None:
        return None
    start = datetime.fromisoformat(text)
    if timezone is None:
        return start
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # only --timezone pays for it

    return start.astimezone(ZoneInfo(timezone))
