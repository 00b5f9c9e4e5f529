"""A hospital's own protocol file, which may neither pass for a packaged one nor name an unknown antiplatelet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import drugs, protocol, protocol_ids, rule_drugs, sources
from rescuecalc.catalogue.files.protocols import protocol_from
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.regimen.protocol import PACKAGED, SITE, Protocol
from rescuecalc.errors import CatalogueError

if TYPE_CHECKING:
    from pathlib import Path


def site_protocol(path: Path) -> Protocol:
    """Return the protocol of a hospital's own file; CatalogueError lists what is wrong in it.

    A file under a packaged protocol's id is refused where it says anything else: its doses would pass as published.
    """
    found = protocol_from(path, sources(), frozenset(drugs()), rule_drugs, site=True)
    _check_antiplatelets(path, found)
    if found.id not in protocol_ids() and found.kind != SITE:
        raise CatalogueError(
            (f"{path}: kind: {found.kind!r} is for packaged protocols; a site's file has the kind 'site'",)
        )
    # The same file under its own name is fine: teams copy a packaged protocol into their repository.
    if found.id in protocol_ids() and found._replace(origin=PACKAGED) != protocol(found.id):
        message = f"{path}: id: {found.id!r} is a packaged protocol and this file differs from it; give it another id"
        raise CatalogueError((message,))
    return found


def _check_antiplatelets(path: Path, found: Protocol) -> None:
    if not found.oral:
        return
    from rescuecalc.catalogue.clinical.bridging import antiplatelets  # noqa: PLC0415  # of a protocol with antiplatelets alone

    known = sorted(antiplatelets())
    problems = tuple(
        f"{path}: antiplatelet[{place}].drug: unknown antiplatelet {quoted(step.drug)}{nearest(step.drug, known)}"
        for place, step in enumerate(found.oral)
        if step.drug not in known
    )
    if problems:
        raise CatalogueError(problems)
