"""How long before a container is empty a calendar calls for its change."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.errors import CalculationRefused

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.requests.input.inputs import Inputs


def change_lead(text: str | None, made: Document, typed: Inputs) -> Duration:
    """Return the lead of --change-before, that of the limits where none is typed, for a `plan` document.

    Raises InputError for what is not a time, CalculationRefused where a container would have to be changed before it
    hangs.
    """
    lead = typed.maybe(text, Duration, "--change-before", "30min") or catalogue.limits().change_before
    hung = [0, *(each["elapsed_seconds"] for each in made["schedule"] if each["event"] == "container-empty")]
    shortest = min((after - before for before, after in pairwise(hung)), default=None)
    if shortest is not None and lead.value_in("s") >= shortest:
        raise CalculationRefused(
            f"--change-before: {lead} is longer than a container lasts; write a shorter time, as 10min"
        )
    if len(hung) == 1 and any(each["pump_rate"] is None for each in made["infusions"]):
        typed.notes.append("no infusion product is named: the calendar has no change of a container")
    return lead
