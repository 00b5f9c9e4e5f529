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
NOT_READ_OF: Final = {
    **dict.fromkeys(("2160-0", "14682-9"), "creatinine"),
    **dict.fromkeys(("33914-3", "62238-1", "98979-8", "48642-3", "48643-1"), "eGFR"),
}
"""LOINC: what tells of the kidneys, and is no clearance."""
SYSTOLIC: Final = "8480-6"
DIASTOLIC: Final = "8462-4"
_ICD_10: Final = ("icd-10", "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.90")
_CONDITIONS: Final = {
    "I60": "subarachnoid haemorrhage",
    "I61": "intracerebral haemorrhage",
    "I62": "intracranial haemorrhage",
    "S06.4": "epidural haemorrhage",
    "S06.5": "subdural haemorrhage",
    "S06.6": "subarachnoid haemorrhage",
    **dict.fromkeys(("I63", "I64"), "stroke"),
    **dict.fromkeys(("I69.3", "I693", "Z86.73", "Z8673"), "history of stroke"),
    **dict.fromkeys(("Z99.2", "Z992"), "dialysis"),
    **dict.fromkeys(("N18.6", "N186"), "end-stage renal disease"),
}
"""ICD-10: what begins with it."""
_CONDITIONS_OF_SNOMED: Final = {
    "1386000": "intracranial haemorrhage",
    "274100004": "intracerebral haemorrhage",
    "21454007": "subarachnoid haemorrhage",
    **dict.fromkeys(("230690007", "422504002", "432504007"), "stroke"),
    "46177005": "end-stage renal disease",
}


def condition_of(system: str, code: str) -> str:
    """Return the condition of a patient that a code names, of those that orders are judged by; empty for any other.

    >>> icd = "http://hl7.org/fhir/sid/icd-10"
    >>> condition_of(icd, "I61.9"), condition_of(icd, "Z99.2"), condition_of(icd, "I10")
    ('intracerebral haemorrhage', 'dialysis', '')
    """
    if system_of(system) == SNOMED:
        return _CONDITIONS_OF_SNOMED.get(code, "")
    is_icd = any(each in system.lower() for each in _ICD_10)
    found = (words for begins, words in _CONDITIONS.items() if code.upper().startswith(begins))
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

_ROUTES_OF: Final = {
    SNOMED: {
        **{code: route for route, (code, _) in ROUTES.items()},
        "255560000": "IV",  # `Intravenous`, which official examples use too
        "72607000": "IT",
        "404820008": "EPI",
        "417985001": "NG",
        "46713006": "IN",
    },
    "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration": {
        **dict.fromkeys(("IV", "IVC", "IVINJ", "IVINJBOL", "IVPUSH", "IVPB"), "IV"),
        **dict.fromkeys(("IAINJ", "IAINJP", "IAINJSP"), "IA"),
        **dict.fromkeys(("IT", "ITINJ"), "IT"),
        **dict.fromkeys(("EPI", "EPIDURINJ", "EPIINJ"), "EPI"),
        **dict.fromkeys(("SQ", "SQINJ"), "SC"),
        "IM": "IM",
        "PO": "PO",
        "PR": "PR",
        "NGT": "NG",
    },
    "http://standardterms.edqm.eu": {
        "20045000": "IV",
        "20042000": "IT",
        "20035000": "IM",
        "20066000": "SC",
        "20053000": "PO",
        "20061000": "PR",
    },
}
"""The route of each code of SNOMED CT, HL7 v3 and the EDQM; those of no order of the catalogue are read alone."""


def route_of_code(system: str, code: str) -> str:
    """Return the route of a code; empty for one that is not known.

    >>> route_of_code("http://standardterms.edqm.eu", "20042000"), route_of_code(SNOMED, "0")
    ('IT', '')
    """
    return _ROUTES_OF.get(system_of(system), {}).get(code, "")


def system_of(name: str) -> str:
    """Return the address of a code system that is named by its OID, or with a slash at its end."""
    return _ALIASES.get(name, name.rstrip("/"))
