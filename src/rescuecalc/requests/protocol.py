"""What `protocol` is asked, and its documents: every protocol, one of them, and a hospital's own file judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.core.orders.order import stated_orders
from rescuecalc.reporters.document import protocol as documents
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.judging.judge import judge

if TYPE_CHECKING:
    from pathlib import Path

    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.reporters.document.common_parts import Document


def every_protocol() -> Document:
    """Return the document of `protocol list`."""
    return documents.list_document(catalogue.protocols())


def one_protocol(found: Protocol) -> Document:
    """Return the document of `protocol show`."""
    return documents.protocol_document(found, catalogue.drugs()[found.drug], catalogue.own_renal_rule(found))


def judged_file(file: Path) -> Document:
    """Return the document of `protocol check` for a file that can be read; CatalogueError holds what is wrong in it."""
    found = catalogue.site_protocol(file)
    from rescuecalc.rules.judging.registry import OF_PROTOCOLS  # noqa: PLC0415  # listing protocols needs no rule

    findings = judge(Subject(stated_orders(found), found, catalogue.knowledge()), OF_PROTOCOLS)
    return documents.check_document(str(file), found, (), findings)
