"""FHIR before R4: told once by what only it has, since its doses stand elsewhere and each field would be a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_DSTU2: Final = "DSTU2"
_STU3: Final = "STU3"

_ONLY_IN: Final = {
    "MedicationOrder": (_DSTU2, frozenset({"resourceType"})),
    "MedicationRequest": (_STU3, frozenset({"context", "definition"})),
    "MedicationAdministration": (_STU3, frozenset({"prescription", "notGiven", "reasonNotGiven"})),
    "MedicationStatement": (_STU3, frozenset({"taken", "reasonNotTaken"})),
    "MedicationDispense": (_STU3, frozenset({"notDone", "notDoneReasonCodeableConcept"})),
}
"""Elements that only an old release has, by resource."""

_DOSES: Final = frozenset(
    ["doseQuantity", "doseRange", "doseSimpleQuantity", "rateRatio", "rateRange", "rateQuantity", "rateSimpleQuantity"]
)
"""What stands in the dosage itself until STU3, and in `doseAndRate` from R4 on."""


def old_release(resource: dict[str, Any]) -> str | None:
    """Return the release of a resource, or of a Bundle's first old one, None for R4, R5 and what does not tell."""
    return next((found for each in _resources(resource, 0) if (found := _release(each)) is not None), None)


_DEEPEST: Final = 3


def _resources(resource: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    yield resource
    listed = resource.get("entry") if resource.get("resourceType") == "Bundle" and depth < _DEEPEST else None
    for each in listed if isinstance(listed, list) else ():
        held = each.get("resource") if isinstance(each, dict) else None
        if isinstance(held, dict):
            yield from _resources(held, depth + 1)


def _release(resource: dict[str, Any]) -> str | None:
    kind = resource.get("resourceType")
    release, only = _ONLY_IN.get(kind, (None, frozenset())) if isinstance(kind, str) else (None, frozenset())
    if release is None:
        return None
    requester = resource.get("requester")
    if only & resource.keys() or (isinstance(requester, dict) and "agent" in requester):
        return release
    dosages = resource.get("dosageInstruction", resource.get("dosage"))
    held = dosages if isinstance(dosages, list) else []
    return release if any(isinstance(each, dict) and _DOSES & each.keys() for each in held) else None
