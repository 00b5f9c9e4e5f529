"""Code systems by their addresses in FHIR, and the few of their codes that orders need."""

from __future__ import annotations

from typing import Final

UCUM: Final = "http://unitsofmeasure.org"
UCUM_NAMES: Final = frozenset({UCUM, "urn:oid:2.16.840.1.113883.6.8"})
SNOMED: Final = "http://snomed.info/sct"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC: Final = "http://www.whocc.no/atc"
LOINC: Final = "http://loinc.org"
_ALIASES: Final = {
    "urn:oid:2.16.840.1.113883.6.73": ATC,
    "urn:oid:2.16.840.1.113883.6.88": RXNORM,
    "urn:oid:2.16.840.1.113883.6.96": SNOMED,
    "urn:oid:2.16.840.1.113883.6.1": LOINC,
}
DOSE_RATE_TYPE: Final = "http://terminology.hl7.org/CodeSystem/dose-rate-type"

BODY_WEIGHT: Final = "29463-7"
BODY_WEIGHTS: Final = frozenset({BODY_WEIGHT, "3141-9", "3142-7", "8335-2"})
"""LOINC: body weight, and the same measured, stated and estimated."""

MEASURED: Final = {
    **dict.fromkeys(("777-3", "778-1", "26515-7"), "platelets"),
    **dict.fromkeys(("6301-6", "34714-6"), "inr"),
    "718-7": "haemoglobin",
    **dict.fromkeys(("85354-9", "55284-4"), "blood_pressure"),
    **dict.fromkeys(("2164-2", "35591-7"), "creatinine_clearance"),
}
"""LOINC: what is measured in a patient, by the field of an order set. An eGFR is none of them."""
SYSTOLIC: Final = "8480-6"
DIASTOLIC: Final = "8462-4"
_ICD_10: Final = ("icd-10", "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.90")
_HAEMORRHAGES: Final = {
    "I60": "subarachnoid haemorrhage",
    "I61": "intracerebral haemorrhage",
    "I62": "intracranial haemorrhage",
    "S06.4": "epidural haemorrhage",
    "S06.5": "subdural haemorrhage",
    "S06.6": "subarachnoid haemorrhage",
}
"""ICD-10: what begins with it."""
_HAEMORRHAGES_OF_SNOMED: Final = {
    "1386000": "intracranial haemorrhage",
    "274100004": "intracerebral haemorrhage",
    "21454007": "subarachnoid haemorrhage",
}


def haemorrhage_of(system: str, code: str) -> str:
    """Return the intracranial haemorrhage that a code names; empty for any other.

    >>> icd = "http://hl7.org/fhir/sid/icd-10"
    >>> haemorrhage_of(icd, "I61.9"), haemorrhage_of(icd, "I63.5")
    ('intracerebral haemorrhage', '')
    """
    if system_of(system) == SNOMED:
        return _HAEMORRHAGES_OF_SNOMED.get(code, "")
    is_icd = any(each in system.lower() for each in _ICD_10)
    found = (words for begins, words in _HAEMORRHAGES.items() if code.upper().startswith(begins))
    return next(found, "") if is_icd else ""


DATA_ABSENT_REASON: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
DATA_ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
"""The extension, and the code system, by which a resource says that something is not there."""

PROTOCOL: Final = "urn:rescuecalc:protocol:"
"""What the URI begins with by which a request says that it follows a protocol of the catalogue."""

ROUTES: Final = {
    "IV": ("47625008", "Intravenous route"),
    "IA": ("58100008", "Intra-arterial route"),
    "PO": ("26643006", "Oral route"),
    "PR": ("37161004", "Rectal route"),
    "NG": ("127492001", "Nasogastric route"),
    "IM": ("78421000", "Intramuscular route"),
    "SC": ("34206005", "Subcutaneous route"),
}
"""SNOMED CT code and name of each route."""

ROUTE_OF: Final = {
    **{code: route for route, (code, _) in ROUTES.items()},
    "255560000": "IV",
    "72607000": "IT",
    "404820008": "EPI",
}
"""The route of each code; 255560000 is `Intravenous`, which official examples use too. The last two are read alone."""


def system_of(name: str) -> str:
    """Return the address of a code system that is named by its OID, or with a slash at its end."""
    return _ALIASES.get(name, name.rstrip("/"))
