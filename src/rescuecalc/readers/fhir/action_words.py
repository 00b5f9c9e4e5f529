"""What an action of a plan says in words alone: a title that gives a dose is an order like any other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.text.free_text import elsewhere, said
from rescuecalc.readers.fhir.actions import what_else
from rescuecalc.readers.fhir.dosage_words import Dosed
from rescuecalc.readers.fhir.medication import Medicine, known_drugs_in
from rescuecalc.readers.fhir.reading import Draft
from rescuecalc.readers.fhir.timing import Timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.readers.fhir.actions import Action
    from rescuecalc.readers.fhir.references import References

_OF_OTHERS: Final = re.compile(
    r"\W*(?:re)?(?:check|monitor|measure|observe|stop|hold|held|notify|call|assess|discontinu|record|document|watch|avoid|"
    r"do not|never|if|when|unless|before|after|during|while)",
    re.IGNORECASE,
)
"""An action that begins so watches, stops or asks, and gives nothing."""


def drafts_from_text(step: Action, references: References) -> list[Draft] | None:
    """Return the order of a known drug that an action's words alone give, None where they give none."""
    words = [(at, text) for at, text in what_else(step, []) if not _OF_OTHERS.match(text)]
    at = next((at for at, text in words if _says_dose(text)), None)
    drug = next((drug for _, text in words for drug in known_drugs_in(text, references)), None)
    if at is None or drug is None:
        return None
    text = "\n".join(text for _, text in words)
    medicine = Medicine(drug, drug, None, None, at, at)
    dosed = Dosed("", "", {}, {"text": text}, {"text": at}, Timed(), step.pointer)
    name = step.data.get("id", step.data.get("linkId"))
    return [Draft(str(name or ""), medicine, dosed, step.group)]


def doses_in_words(step: Action) -> Iterator[tuple[str, str]]:
    """Yield the words of an action that say a dose, each with its place: they have to fit what it orders."""
    for at, text in what_else(step, []):
        if _says_dose(text) and not _OF_OTHERS.match(text):
            yield text, at


def _says_dose(text: str) -> bool:
    plain = plain_text(text)
    return any(each.field not in _NO_DOSE for each in (*said(plain), *elsewhere(plain)))


_NO_DOSE: Final = frozenset({"weight", "run_time", "give_over", "concentration"})
