"""Orders and doses inside of what is no order: contained resources, parameters, activities, misspelt elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.orders.order import Defect
from rescuecalc.fhir.elements import DOSED, GROUPS, RESOURCES
from rescuecalc.readers.document_shape import sequence
from rescuecalc.readers.fhir.dosage import shown_amount
from rescuecalc.readers.fhir.dosage_words import Dosed
from rescuecalc.readers.fhir.medication import known_drugs_in, medicine
from rescuecalc.readers.fhir.reading import Draft
from rescuecalc.readers.fhir.references import MISSING
from rescuecalc.readers.fhir.timing import Timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.readers.fhir.references import Held, References

_LISTS: Final = ("contained", "entry", "parameter", "part")
"""The elements below which a resource may hold another one."""

_AMOUNTS: Final = ("dailyAmount", "quantity")

_DOSES: Final = frozenset(("dose", "doseQuantity", "doseRange", "rateQuantity", "rateRange", "rateRatio"))
"""The elements that hold a dose or a rate, wherever they stand."""

_OF_ORDERS: Final = frozenset(
    (*DOSED, *GROUPS, "ActivityDefinition", "Bundle", "Parameters", "CarePlan", "Composition", "List")
)
"""The resources in which a dose is one that somebody gets; one of knowledge or of a vaccine is none."""

UNREAD: Final = "RC712"
"""The code of the rule that reports a dose of a catalogue drug which no order holds."""


def nested(data: dict[str, Any], pointer: str, outer: Held | None = None) -> Iterator[tuple[dict[str, Any], str, Held]]:
    """Yield each resource inside of another one, its pointer, and the resource that holds it."""
    outer = (data, pointer) if "resourceType" in data or outer is None else outer
    for name in _LISTS:
        inside = data.get(name)
        for place, each in enumerate(inside) if isinstance(inside, list) else ():
            if isinstance(each, dict):
                yield from _inside(each, f"{pointer}/{name}/{place}", outer)
    if isinstance(data.get("resource"), dict):
        yield from _inside(data["resource"], f"{pointer}/resource", outer)


def _inside(data: dict[str, Any], pointer: str, outer: Held) -> Iterator[tuple[dict[str, Any], str, Held]]:
    if "resourceType" in data:
        yield data, pointer, outer
    yield from nested(data, pointer, outer)


def planned(resource: dict[str, Any], pointer: str, references: References, defects: list[Defect]) -> Iterator[Draft]:
    """Yield the drugs of a care plan whose activities say an amount themselves: no field of an order holds it."""
    for place, each in enumerate(sequence(resource, "activity", pointer, defects)):
        detail, at = each.get("detail") if isinstance(each, dict) else None, f"{pointer}/activity/{place}/detail"
        if not isinstance(detail, dict) or not {"productCodeableConcept", "productReference"} & detail.keys():
            continue
        unread = tuple(
            (f"{at}/{name}", shown_amount(detail[name])) for name in _AMOUNTS if isinstance(detail.get(name), dict)
        )
        description = detail.get("description")
        texts = {"text": description} if isinstance(description, str) and description else {}
        dosed = Dosed("", "", {}, texts, {"text": f"{at}/description"}, Timed(), at, unread)
        yield Draft(str(detail.get("id") or ""), medicine(detail, at, references, defects), dosed)


def unread_doses(resource: dict[str, Any], references: References) -> Iterator[Defect]:
    """Yield the doses of a catalogue drug that stand where no dosage of an order was read."""
    for at, amount, within in _doses(resource, "", resource, references.dosed):
        drug = next((each for text in _texts(within) for each in known_drugs_in(text, references)), None)
        if drug is not None and drug in references.drugs:
            text = shown_amount(amount)
            message = f"{text} stands where no dose of {drug} is read ({at.rpartition('/')[2]}): it was not judged"
            yield Defect(UNREAD, message, at, text)
    if MISSING in references.seen:
        yield from _lost_medications(resource, references)


def _lost_medications(resource: dict[str, Any], references: References) -> Iterator[Defect]:
    """Yield each Medication of a catalogue drug to which nothing refers, where a request's own is not in the file."""
    for inner, at, _ in nested(resource, ""):
        if inner.get("resourceType") == "Medication" and at not in references.seen:
            drug = next((each for text in _texts(inner) for each in known_drugs_in(text, references)), None)
            if drug in references.drugs:
                message = (
                    f"no request refers to this Medication of {drug}, and one refers to a resource outside the file"
                )
                yield Defect(UNREAD, message, at, drug)


def _doses(
    data: Any, pointer: str, within: dict[str, Any], read: set[str]
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield each dose or rate with its pointer, and the resource around it."""
    if isinstance(data, list):
        for place, each in enumerate(data):
            if isinstance(each, (dict, list)):
                yield from _doses(each, f"{pointer}/{place}", within, read)
        return
    kind = data.get("resourceType")
    if isinstance(kind, str):
        if kind in RESOURCES and kind not in _OF_ORDERS:
            return
        within = data
    for name, each in data.items():
        if not isinstance(each, (dict, list)) or (at := f"{pointer}/{name}") in read:
            continue
        if name in _DOSES and isinstance(each, dict):
            yield at, next((one for one in each.values() if isinstance(one, dict)), each), within
        else:
            yield from _doses(each, at, within, read)


def _texts(data: Any) -> Iterator[str]:
    inside = data.values() if isinstance(data, dict) else data
    for each in inside:
        if isinstance(each, (dict, list)):
            yield from _texts(each)
        elif isinstance(each, str):
            yield each
