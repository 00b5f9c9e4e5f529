"""What a request says of its drug besides its name, strength and dosage: another drug, a form, a route not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.drugs.fluids import is_by_volume
from rescuecalc.core.drugs.forms import is_not_injected
from rescuecalc.core.orders.order import Defect
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.readers.fhir.medication import CODE_AND_NAME, known_drugs_in
from rescuecalc.readers.fhir.nested import UNREAD
from rescuecalc.readers.fhir.references import NOT_JUDGED, words_of
from rescuecalc.readers.fhir.timing import STATED_TWICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.readers.fhir.dosage_words import Dosed
    from rescuecalc.readers.fhir.medication import Medicine
    from rescuecalc.readers.fhir.references import References


def beside_dosage(drug: Medicine, dosed: list[Dosed], references: References) -> Iterator[Defect]:
    """Yield a route that is not known, and the form of a medication that is given by no such route."""
    for each in dosed:
        if each.unread_route is not None:
            at, text = each.unread_route
            message = f"the route {quoted(text)} of {drug.drug or 'the order'} is not known, and was not judged"
            yield Defect(UNREAD if drug.drug in references.drugs else NOT_JUDGED, message, at, text)
        if drug.form is not None and each.route in _INTO_VESSELS and is_not_injected(drug.form[0]):
            message = f"the form of the medication is {quoted(drug.form[0])}, and its route {each.route}"
            yield Defect(STATED_TWICE, message, drug.form[1], drug.form[0])


_INTO_VESSELS: Final = frozenset({"IV", "IA"})


def other_drugs(resource: dict[str, Any], pointer: str, drug: Medicine, references: References) -> Iterator[Defect]:
    """Yield the drugs that a medication holds, or may be replaced by, besides a drug of the catalogue."""
    if drug.drug not in references.drugs:
        return
    held = resource.get("substitution")
    allowed = held.get("allowedCodeableConcept") if isinstance(held, dict) else None
    said = [(text, f"{pointer}/substitution/allowedCodeableConcept") for text in words_of(allowed)]
    for verb, words in (("may be replaced by", said), ("is mixed with", drug.beside)):
        for text, at in words:
            other = next((each for each in known_drugs_in(text, references) if each != drug.drug), None)
            if other is not None and not is_by_volume(text):
                yield Defect(CODE_AND_NAME, f"{drug.drug} {verb} {other}", at, text)
                break
