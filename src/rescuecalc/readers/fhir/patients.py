"""What a Bundle says of each patient: the weight, the latest measurements, and the conditions that are not over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders.patient_state import PatientState, read_state
from rescuecalc.core.quantities.quantity import CreatinineClearance, parsed
from rescuecalc.errors import InputError
from rescuecalc.fhir.systems import DIASTOLIC, LOINC, MEASURED, SYSTOLIC, system_of
from rescuecalc.readers.fhir.body_weights import When, latest, subject_of, weights_of, when_of
from rescuecalc.readers.fhir.reading import KnownPatient
from rescuecalc.readers.fhir.references import codings, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Defect
    from rescuecalc.readers.fhir.references import Held, References

_NAMES: Final = {
    **dict.fromkeys(("platelets", "platelet count", "plt"), "platelets"),
    "inr": "inr",
    **dict.fromkeys(("haemoglobin", "hemoglobin", "hb", "hgb"), "haemoglobin"),
    **dict.fromkeys(("blood pressure", "bp"), "blood_pressure"),
    **dict.fromkeys(("creatinine clearance", "crcl"), "creatinine_clearance"),
}
"""What is measured, by its words where no code of LOINC says it."""
_VOID: Final = frozenset({"entered-in-error", "cancelled"})
_OVER: Final = frozenset({"inactive", "resolved", "remission", "refuted", "entered-in-error"})


class _Measurement(NamedTuple):
    value: str
    pointer: str


def patients_of(
    found: list[tuple[dict[str, Any], Held]], references: References, defects: list[Defect]
) -> dict[str, KnownPatient]:
    """Return what is known of each patient; of several measurements the latest counts, as of several weights."""
    patients = {name: KnownPatient(*each) for name, each in weights_of(found, references, defects).items()}
    measured: dict[str, dict[str, list[tuple[When, _Measurement]]]] = {}
    for _, (resource, at) in found:
        name = subject_of(resource, references)
        if resource.get("resourceType") == "Condition" and not _is_over(resource):
            known = patients.get(name, KnownPatient())
            conditions = tuple((each, f"{at}/code") for each in words_of(resource.get("code")))
            patients[name] = known._replace(conditions=(*known.conditions, *conditions))
        field = _field(resource) if resource.get("resourceType") == "Observation" else None
        value = _value(resource) if field is not None else None
        if field is not None and value is not None:
            taken = (when_of(resource, at, defects), _Measurement(value, at))
            measured.setdefault(name, {}).setdefault(field, []).append(taken)
    for name, fields in measured.items():
        patients[name] = _with_measurements(patients.get(name, KnownPatient()), fields)
    return patients


def _with_measurements(patient: KnownPatient, fields: dict[str, list[tuple[When, _Measurement]]]) -> KnownPatient:
    """Return a patient with the latest measurement of each field; one that cannot be read is not given."""
    state: dict[str, Any] = {}
    at, clearance = {}, None
    for field, several in fields.items():
        last = latest(several, lambda each: each.value)
        try:
            if last is None:
                continue
            if field == "creatinine_clearance":
                clearance = parsed(CreatinineClearance, last.value)
            else:
                state[field] = read_state(field, last.value)
        except InputError:
            continue
        at[field] = last.pointer
    return patient._replace(clearance=clearance, state=PatientState(**state) if state else None, at=at)


def _is_over(resource: dict[str, Any]) -> bool:
    """Whether a condition is past, or was never there."""
    held = (resource.get("clinicalStatus"), resource.get("verificationStatus"))
    return any(each.get("code") in _OVER for concept in held for each in codings(concept))


def _field(resource: dict[str, Any]) -> str | None:
    """Return the field of a patient that an Observation measures, None where it is none of them."""
    if str(resource.get("status")) in _VOID:
        return None
    coded = [each for each in codings(resource.get("code")) if system_of(str(each.get("system", ""))) == LOINC]
    if coded:
        return next((MEASURED[code] for each in coded if (code := str(each.get("code"))) in MEASURED), None)
    return next((_NAMES[word] for each in words_of(resource.get("code")) if (word := each.lower()) in _NAMES), None)


def _value(resource: dict[str, Any]) -> str | None:
    """Return what was measured as people write it: `92 10*9/L`, `190/100`."""
    parts = {code: each for each in _components(resource) for code in _codes(each)}
    if SYSTOLIC in parts and DIASTOLIC in parts:
        numbers = [_number(parts[code]) for code in (SYSTOLIC, DIASTOLIC)]
        return "/".join(number for number in numbers if number is not None)
    amount = resource.get("valueQuantity")
    number = _number(resource)
    if number is None or not isinstance(amount, dict):
        return None
    unit = str(amount.get("unit") or amount.get("code") or "")
    is_unit = any(each.isalpha() for each in unit) and "{" not in unit
    return f"{number} {unit.replace('10*', 'x10^') if is_unit else ''}".strip()


def _components(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    held = resource.get("component")
    yield from (each for each in (held if isinstance(held, list) else ()) if isinstance(each, dict))


def _codes(component: dict[str, Any]) -> list[str]:
    return [str(each.get("code")) for each in codings(component.get("code"))]


def _number(held: dict[str, Any]) -> str | None:
    amount = held.get("valueQuantity")
    value = amount.get("value") if isinstance(amount, dict) else None
    return str(value) if value is not None and any(each.isdigit() for each in str(value)) else None
