"""Orders inside of resources that are no orders: contained ones, parameters, and the activities of a care plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rescuecalc.readers.document_shape import sequence
from rescuecalc.readers.fhir.dosage import Dosed, shown_amount
from rescuecalc.readers.fhir.medication import medicine
from rescuecalc.readers.fhir.reading import Draft
from rescuecalc.readers.fhir.timing import Timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Defect
    from rescuecalc.readers.fhir.references import Held, References

_LISTS: Final = ("contained", "entry", "parameter", "part")
"""The elements below which a resource may hold another one."""

_AMOUNTS: Final = ("dailyAmount", "quantity")


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
        said = detail.get("description")
        texts = {"text": said} if isinstance(said, str) and said else {}
        dosed = Dosed("", "", {}, texts, {"text": f"{at}/description"}, Timed(), at, unread)
        yield Draft(str(detail.get("id") or ""), medicine(detail, at, references, defects), dosed)
