"""What a Bundle says of each patient: the weight, the latest measurements, and the conditions that are not over."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders.order import Defect
from rescuecalc.core.orders.patient_state import PatientState, read_state
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import CreatinineClearance, parsed
from rescuecalc.errors import InputError
from rescuecalc.fhir.systems import DIASTOLIC, LOINC, MEASURED, NOT_READ_OF, SYSTOLIC, system_of
from rescuecalc.readers.fhir.body_weights import When, is_weight, latest, subject_of, weights_of, when_of
from rescuecalc.readers.fhir.medication import without_strength
from rescuecalc.readers.fhir.reading import KnownPatient
from rescuecalc.readers.fhir.references import NOT_JUDGED, codings, condition_words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.readers.fhir.references import Held, References

_NAMES: Final = {
    **dict.fromkeys(("platelets", "platelet count", "plt", "thrombocytes", "thrombozyten", "plaquettes"), "platelets"),
    "inr": "inr",
    **dict.fromkeys(("haemoglobin", "hemoglobin", "hb", "hgb", "h\u00e4moglobin"), "haemoglobin"),
    **dict.fromkeys(("blood pressure", "bp", "blutdruck"), "blood_pressure"),
    **dict.fromkeys(("creatinine clearance", "crcl", "kreatinin-clearance"), "creatinine_clearance"),
}
"""What is measured, by its words where no code of LOINC says it."""
_WATCHED: Final = {
    "platelets": r"platelets?|plt|thrombocytes?|thrombozyten|plaquettes",
    "inr": "INR",
    "haemoglobin": r"h(?:a|\u00e4)?emoglobin(?! A1c)",
    "blood_pressure": r"(?:blood pressure|blutdruck|systolic|diastolic)",
    "creatinine_clearance": r"(?:creatinine|kreatinin\w*|e?GFR|glomerular filtration)",
    "weight": r"(?:body |dosing |actual )?weight",
    "anticoagulant": r"anticoag\w*|warfarin|[a-z]+xaban|dabigatran",
    "dialysis": r"(?:ha?emo|peritoneal )?dialysis|ha?emofiltration",
    "thrombolysis": r"thrombolysis|fibrinolysis|alteplase|tenecteplase",
}
"""What is judged of a patient, by words that name it in other ways."""
_VOID: Final = frozenset({"entered-in-error", "cancelled"})
_NEVER: Final = frozenset({"refuted", "entered-in-error"})
_OVER: Final = frozenset({"inactive", "resolved", "remission"})
_FOR_EVER: Final = re.compile(
    r"\b(?:stroke|TIA|transient isch|CVA|cerebrovascular accident|(?:cerebral|brain|lacunar) infarct"
    r"|[as]?ICH|[as]?SAH|IVH|[SE]DH)"
    r"|(?:cran|cereb|brain|arachnoid|dural|ventricular|pontine|thalamic|parenchym)\w* (?:ha?emorrhag|bleed|ha?ematoma)",
    re.IGNORECASE,
)
"""What labels name as a history of the patient, however long ago it was."""


class _Measurement(NamedTuple):
    value: str
    pointer: str


_Measured = dict[str, list[tuple[When, _Measurement]]]


def patients_of(
    found: list[tuple[dict[str, Any], Held]], references: References, defects: list[Defect]
) -> dict[str, KnownPatient]:
    """Return what is known of each patient; of several measurements the latest counts, as of several weights."""
    patients = {name: KnownPatient(*each) for name, each in weights_of(found, references, defects).items()}
    measured: dict[str, _Measured] = {}
    others: dict[str, list[Held]] = {}
    for _, held in found:
        name = subject_of(held[0], references)
        conditions = tuple(_conditions(*held))
        if conditions:
            known = patients.get(name, KnownPatient())
            patients[name] = known._replace(conditions=(*known.conditions, *conditions))
        taken = list(_taken(*held))
        for field, value in taken:
            measured.setdefault(name, {}).setdefault(field, []).append((when_of(*held, defects), value))
        if not taken and held[0].get("resourceType") in _OBSERVED and str(held[0].get("status")) not in _VOID:
            others.setdefault(name, []).append(held)
    for name, fields in measured.items():
        defects += _half_pressures(fields)
        patients[name] = _with_measurements(patients.get(name, KnownPatient()), _with_pressure(fields), defects)
    for name, observed in others.items():
        defects += _unread(observed, patients.get(name, KnownPatient()))
    return patients


_OBSERVED: Final = frozenset({"Observation", "Procedure"})


def _unread(observed: list[Held], patient: KnownPatient) -> Iterator[Defect]:
    """Yield an observation of what is judged of a patient, and was read in no other: each kind of it once."""
    known = {*patient.at, *(["weight"] if patient.weight is not None else [])}
    for resource, at in observed:
        coded = (NOT_READ_OF.get(str(each.get("code")), "") for each in codings(resource.get("code")))
        for words in words_of(resource.get("code")) or tuple(filter(None, coded)):
            field = next((name for name, pattern in _patterns().items() if pattern.search(words) is not None), None)
            if field is not None and field not in known:
                known.add(field)
                message = f"{quoted(words)} of the patient could not be read, and was not judged"
                yield Defect(NOT_JUDGED, message, f"{at}/code", words)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"\b(?:{words})\b(?! volume)", re.IGNORECASE) for name, words in _WATCHED.items()}


def _with_measurements(patient: KnownPatient, fields: _Measured, defects: list[Defect]) -> KnownPatient:
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
        except InputError as reason:
            if last is not None:
                defects.append(Defect(NOT_JUDGED, f"{reason}: it was not judged", last.pointer, last.value))
            continue
        at[field] = last.pointer
    return patient._replace(clearance=clearance, state=PatientState(**state) if state else None, at=at)


def _conditions(resource: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    """Yield what a patient has, does not bear or takes, in words, each with where it stands."""
    kind = str(resource.get("resourceType"))
    if kind in _TAKEN and resource.get("status") in {"active", "recorded"}:
        # Its own dose is judged too, as of an order: the place is no more than that of its drug.
        at = f"{pointer}/medicationCodeableConcept/text"
        names = words_of(resource.get("medicationCodeableConcept"))[:1]
        yield from ((f"on {without_strength(each)}", at) for each in names)
    elif kind in _BEFORE_CONDITION and not _has_status(resource, _NEVER):
        is_over = _has_status(resource, _OVER)
        before = "history of " if is_over else _BEFORE_CONDITION[kind]
        named = (each for each in condition_words(resource.get("code")) if not is_over or _FOR_EVER.search(each))
        words = "; ".join(f"{before}{each}" for each in named)
        yield from [(words, f"{pointer}/code")] if words else []


_BEFORE_CONDITION: Final = {"Condition": "", "AllergyIntolerance": "allergy to "}
_TAKEN: Final = frozenset({"MedicationStatement", "MedicationUsage"})


def _has_status(resource: dict[str, Any], those: frozenset[str]) -> bool:
    """Whether a condition is one of the past, or one that was never there."""
    held = (resource.get("clinicalStatus"), resource.get("verificationStatus"))
    return any(each.get("code") in those for concept in held for each in codings(concept))


def _taken(resource: dict[str, Any], pointer: str) -> Iterator[tuple[str, _Measurement]]:
    """Yield what an Observation measures, of the fields of a patient and of the two numbers of a pressure."""
    if resource.get("resourceType") != "Observation" or str(resource.get("status")) in _VOID:
        return
    field = _field(resource)
    value = _value(resource) if field is not None else None
    if field is not None and value is not None:
        yield field, _Measurement(value, pointer)
    elif is_weight(resource):
        yield "weight", _Measurement("", pointer)  # which was read already


def _field(resource: dict[str, Any]) -> str | None:
    """Return the field of a patient that an Observation measures, None where it is none of them."""
    coded = [each for each in codings(resource.get("code")) if system_of(str(each.get("system", ""))) == LOINC]
    by_code = next((_CODED[code] for each in coded if (code := str(each.get("code"))) in _CODED), None)
    if by_code is not None or coded:
        return by_code
    names = (_IN_BRACKETS.sub("", each).strip().lower() for each in words_of(resource.get("code")))
    return next((_NAMES[word] for word in names if word in _NAMES), None)


_CODED: Final = {**MEASURED, SYSTOLIC: "systolic", DIASTOLIC: "diastolic"}
_IN_BRACKETS: Final = re.compile(r" ?\([^()]{0,60}\)")


def _with_pressure(fields: _Measured) -> _Measured:
    """Return the fields with the pressure whose two numbers stand in two Observations of one time."""
    rest = {name: several for name, several in fields.items() if name not in {"systolic", "diastolic", "weight"}}
    high, low = fields.get("systolic", []), fields.get("diastolic", [])
    both = [
        (when, _Measurement(f"{one.value.split()[0]}/{other.value.split()[0]}", one.pointer))
        for when, one in high
        for at, other in low
        if at == when
    ]
    if both:
        rest.setdefault("blood_pressure", []).extend(both)
    return rest


def _half_pressures(fields: _Measured) -> Iterator[Defect]:
    """Yield that only one number of a pressure is stated: a pressure is judged by both."""
    held = [name for name in ("systolic", "diastolic") if name in fields]
    if len(held) == 1 and "blood_pressure" not in fields:
        _, half = fields[held[0]][0]
        message = f"the {held[0]} pressure {half.value} stands without the other number, and was not judged"
        yield Defect(NOT_JUDGED, message, half.pointer, half.value)


def _value(resource: dict[str, Any]) -> str | None:
    """Return what was measured as people write it: `92 10*9/L`, `190/100`."""
    parts = {code: each for each in _components(resource) for code in _codes(each)}
    if SYSTOLIC in parts and DIASTOLIC in parts:
        numbers = [_number(parts[code]) for code in (SYSTOLIC, DIASTOLIC)]
        return "/".join(number for number in numbers if number is not None)
    written = next((resource[name] for name in ("valueString", "valueInteger") if resource.get(name)), None)
    if isinstance(written, str):
        return written
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
