"""What `protocol` is asked, and its documents: every protocol, one of them, and a hospital's own file judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.clinical.bridging import monitoring
from rescuecalc.catalogue.clinical.published_ranges import indication_words, published_ranges
from rescuecalc.catalogue.site_protocol import site_protocol
from rescuecalc.core.orders.indication import mentions, named_indication
from rescuecalc.core.orders.range_widening import Widening, widenings
from rescuecalc.reporters.document.regimen import protocol as documents
from rescuecalc.requests.protocols.chosen_protocol import with_errors_of_file

if TYPE_CHECKING:
    from pathlib import Path

    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.reporters.document.common_parts import Document


def every_protocol() -> Document:
    """Return the document of `protocol list`."""
    return documents.list_document(catalogue.protocols())


def one_protocol(found: Protocol) -> Document:
    """Return the document of `protocol show`."""
    errors = with_errors_of_file((), found)
    drug, rule = catalogue.drugs()[found.drug], catalogue.stated_renal_rule(found)
    return documents.protocol_document(found, drug, rule, monitoring(found.drug).before, errors)


def judged_file(file: Path) -> Document:
    """Return the document of `protocol check` for a file that can be read; CatalogueError holds what is wrong in it."""
    found = site_protocol(file)
    from rescuecalc.requests.protocols.protocol_findings import findings_of  # noqa: PLC0415  # listing protocols needs no rule

    return documents.check_document(str(file), found, (), findings_of(found), _widened(found))


def _widened(found: Protocol) -> tuple[Widening, ...]:
    """Return the published ranges that a protocol would widen, for the indication that its texts name."""
    words = indication_words()
    indication, _ = named_indication(tuple(mentions(text, words) for text in (found.title, found.population)))
    return widenings(found, published_ranges(), indication)
