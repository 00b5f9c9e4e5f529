"""The catalogue as the settings of a site leave it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge

if TYPE_CHECKING:
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.settings.configuration import Settings


def knowledge_of(settings: Settings) -> Knowledge:
    """Return the catalogue as a site's settings leave it: with its limits, and its protocols beside the packaged."""
    made = packaged_knowledge()._replace(limits=settings.limits)
    if settings.protocols:
        made = made._replace(protocols=partial(tuple, (*catalogue.protocols(), *settings.protocols.values())))
    return made
