"""The names under which records order a drug: a drug with known doses is found in each, and another drug in none."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from rescuecalc.core.drugs.drug_name import drug_name
from tests.support import invoke

NAMES = {
    "aspirin": (
        *("aspirin ec tab", "aspirin dispersible", "aspirin enteric coated", "aspirin chew tab 81 mg", "aspirin supp"),
        *("ASA EC TAB", "aspirin rectal suppository", "aspirin low dose", "baby aspirin", "Aspirin i.v.", "Aspisol"),
        *("Asp\u00e9gic", "Kard\u00e9gic 75 mg", "acide acetylsalicylique", "Bayer aspirin", "ASS 100", "aspirine"),
        *("St. Joseph aspirin", "Azetylsalizyls\u00e4ure", "Acetylsalicylsaeure", "acetylsalicylzuur"),
        *("Aspirin N 100 mg", "Cardioaspirin", "aspirin buffered"),
    ),
    "clopidogrel": (
        *("CLOPIDOGREL TAB 75 MG", "clopidogrel FC tab", "clopidogrel filmtbl.", "clopidogrel besylate", "Iscover"),
        *("Clopidogrel-ratiopharm 75", "Clopidogrel Zentiva 75 mg", "clopidogrel film-coated tablets"),
        *("clopidogrel hydrogensulfat", "clopidogrel bisulfate 75 mg tab (Plavix)"),
    ),
    "ticagrelor": ("TICAGRELOR TAB 90 MG", "ticagrelor ODT", "ticagrelor orodispersible tablets", "ticagr\u00e9lor"),
}
DOSES = {"aspirin": ("100 mg", "1000 mg"), "clopidogrel": ("75 mg", "750 mg"), "ticagrelor": ("90 mg", "900 mg")}
OFTEN = {"aspirin": "daily", "clopidogrel": "daily", "ticagrelor": "BID"}
DRIPS = (
    *("TIROFIBAN INJ 12.5 MG/250 ML", "tirofiban IVPB", "tirofiban-NaCl", "Tirofiban-Perfusor", "tirofiban std conc"),
    *("Tirofiban Hikma 0,05 mg/ml", "Tirofiban iv Dauerinfusion", "Tirofiban: maintenance", "NEURO tirofiban infusion"),
    *("Tirofiban continuous infusion (NICU)", "tirofiban_drip", "tirofiban ADULT", "tirofiban/NaCl 0.9%"),
    "tirofiban additive 12.5 mg [0.1 mcg/kg/min] + Sodium Chloride 0.9% premix 250 mL",
)
OTHERS = {
    "aspirin 25 mg/dipyridamole 200 mg": "aspirin/dipyridamole",
    "clopidogrel 75 mg/aspirin 100 mg": "clopidogrel/aspirin",
    "butalbital-aspirin-caffeine": "butalbital-aspirin-caffeine",
    "heparin (porcine) lock flush 100 unit/mL": "heparin flush",
    "potassium chloride": "potassium chloride",
    "tirofiban-like": "tirofiban-like",
}
_NAMED = frozenset({"RC221", "RC222"})
"""The rules on a brand and on an abbreviation."""

Rows = list[dict[str, str]]


def heavy(text: str, name: str) -> list[tuple[str, str]]:
    found: list[dict[str, Any]] = invoke("check", "-", "--stdin-filename", name, "--format", "json", stdin=text).json[
        "findings"
    ]
    return [
        (each["code"], each["pointer"]) for each in found if each["severity"] == "error" and each["code"] not in _NAMED
    ]


def oral(place: int) -> Rows:
    return [
        {"drug": name, "route": "PO", "dose": DOSES[drug][place], "frequency": OFTEN[drug], "choose_one": "one"}
        for drug, names in NAMES.items()
        for name in names
    ]


def drips(rate: str) -> Rows:
    row = {"route": "IV", "kind": "infusion", "dose_rate_per_kg": rate, "run_time": "24 h", "choose_one": "one"}
    return [{"drug": each, **row} for each in DRIPS]


def as_csv(rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_fhir(row: dict[str, str]) -> dict[str, Any]:
    value, unit = row["dose"].split()
    dose = {"value": int(value), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    repeat = {"frequency": 2 if row["frequency"] == "BID" else 1, "period": 1, "periodUnit": "d"}
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": {"text": row["drug"]},
        "dosageInstruction": [{"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": dose}]}],
    }


def as_set(rows: Rows) -> str:
    return json.dumps({"order_set": "Ward", "orders": rows})


def test_a_drug_is_found_among_words_of_form_route_salt_and_company() -> None:
    assert {name: drug_name(name) for names in NAMES.values() for name in names} == {
        name: drug for drug, names in NAMES.items() for name in names
    }
    assert {drug_name(name) for name in DRIPS} == {"tirofiban"}
    assert {name: drug_name(name) for name in OTHERS} == OTHERS
    names = (
        "alt\u00e9plase",
        "t\u00e9nect\u00e9plase",
        "cangr\u00e9lor",
        "\u00c9noxaparine",
        "omeprazol",
        "Eptifibatidum",
    )
    drugs = ["alteplase", "tenecteplase", "cangrelor", "enoxaparin", "omeprazole", "eptifibatide"]
    assert [drug_name(each) for each in names] == drugs


def test_a_tenfold_dose_under_each_name_is_found_once_in_every_format() -> None:
    right, wrong, count = oral(0), oral(1), len(oral(1))
    assert heavy(as_set(right), "x.json") == heavy(as_csv(right), "x.csv") == []
    expected = [("RC626", f"/orders/{place}/dose") for place in range(count)]
    assert heavy(as_set(wrong), "x.json") == expected
    assert [code for code, _ in heavy(as_csv(wrong), "x.csv")] == ["RC626"] * count
    assert heavy("\n".join(json.dumps(as_fhir(each)) for each in right), "x.ndjson") == []
    in_fhir = heavy("\n".join(json.dumps(as_fhir(each)) for each in wrong), "x.ndjson")
    assert [code for code, _ in in_fhir] == ["RC626"] * count


def test_a_tenfold_rate_under_each_name_is_found_once() -> None:
    assert heavy(as_set(drips("0.1 mcg/kg/min")), "x.json") == []
    wrong = heavy(as_set(drips("1 mcg/kg/min")), "x.json")
    assert wrong == [("RC402", f"/orders/{place}/dose_rate_per_kg") for place in range(len(DRIPS))]


def test_a_name_that_holds_a_drug_beside_unknown_words_is_refused() -> None:
    names = ("aspirin zzq", "clopidogrel foo 75", "tirofiban-like", "tirofiban or placebo", "clopidogrel/aspirin")
    rows = [{"drug": each, "route": "PO", "dose": "800 mg"} for each in names]
    places = [pointer for code, pointer in heavy(as_set(rows), "x.json") if code == "RC112"]
    assert places == [f"/orders/{place}/drug" for place in range(len(names))]
    whole = [{"drug": each, "route": "PO", "dose": "1 tablet"} for each in OTHERS if "aspirin" in each]
    assert heavy(as_set(whole), "x.json") == []


def request(text: str, *dosages: dict[str, Any], kind: str = "MedicationRequest") -> dict[str, Any]:
    state = {"status": "active", "intent": "order"} if kind == "MedicationRequest" else {"status": "completed"}
    named = {"medicationCodeableConcept": {"text": text}, "subject": {"reference": "Patient/1"}}
    return {"resourceType": kind, **state, **named, "dosageInstruction": list(dosages)}


def amount(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def codes(*requests: dict[str, Any]) -> list[str]:
    """Return what is found of each request, one a line, without the notes and the place."""
    text = "\n".join(json.dumps(each) for each in requests)
    found = invoke("check", "-", "--stdin-filename", "x.ndjson", "--format", "json", stdin=text).json["findings"]
    return [f"{each['line']} {each['code']}" for each in found if each["severity"] != "note"]


def test_fhir_reads_the_strength_in_a_name_for_pump_rates_and_for_tablets() -> None:
    def pump(name: str, rate: float) -> dict[str, Any]:
        both = [{"rateQuantity": amount(rate, "mL/h")}, {"rateQuantity": amount(0.1, "ug/kg/min")}]
        return request(name, {"route": {"text": "IV"}, "doseAndRate": both})

    bags = (
        "tirofiban 12.5 mg/250 mL in 0.9% sodium chloride",
        "tirofiban 50 mcg/mL",
        "tirofiban (AGGRASTAT) 50 mcg/mL",
    )
    assert codes(*(pump(each, 9.6) for each in bags)) == []
    assert codes(*(pump(each, 96) for each in bags)) == ["1 RC304", "2 RC304", "3 RC304"]

    def pieces(count: int, unit: dict[str, Any], kind: str = "MedicationRequest") -> dict[str, Any]:
        daily = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
        dose = {"doseQuantity": {"value": count, **unit}}
        return request("clopidogrel 75 MG Oral Tablet", {"timing": daily, "doseAndRate": [dose]}, kind=kind)

    tablet, one = {"unit": "tablet"}, {key: amount(1, "1")[key] for key in ("unit", "system", "code")}
    handed_out = (tablet, "MedicationDispense")
    assert (
        codes(pieces(1, *handed_out), pieces(1, one), pieces(1, {"unit": "dose"}), pieces(1, {"unit": "Dosis"})) == []
    )
    assert codes(pieces(10, *handed_out), pieces(10, one), pieces(10, {"unit": "dose"})) == [
        "1 RC626",
        "2 RC626",
        "3 RC712",
    ]


def test_fhir_reads_how_often_a_code_says_and_a_bolus_by_the_volume_of_its_dose() -> None:
    def often(code: str, drug: str, dose: int, **more: str) -> dict[str, Any]:
        timing = {"code": {"coding": [{"code": code, **more}]}}
        return request(drug, {"timing": timing, "doseAndRate": [{"doseQuantity": amount(dose, "mg")}]})

    every = often("Q12H", "ticagrelor", 90), often("Q24H", "clopidogrel", 75)
    assert codes(*every, often("229797004", "clopidogrel", 75, display="Once daily")) == []
    wrong = often("Q12H", "ticagrelor", 180), often("Q24H", "clopidogrel", 300), often("ZZ", "clopidogrel", 75)
    assert codes(*wrong) == ["1 RC633", "2 RC633", "3 RC712"]

    def lysis(bolus: float) -> dict[str, Any]:
        ratio = {"numerator": amount(bolus, "mL"), "denominator": amount(1, "min")}
        first = {"doseQuantity": amount(bolus, "mg"), "rateRatio": ratio}
        rest = {"doseQuantity": amount(56.7, "mg"), "rateQuantity": amount(56.7, "mL/h")}
        ways = {"route": {"text": "IV"}}
        return request("alteplase", *({**ways, "doseAndRate": [each]} for each in (first, rest)))

    assert codes(lysis(6.3)) == []
    assert codes(lysis(63))[:1] == ["1 RC665"]
    scale = {"low": amount(0, "mg/h"), "high": amount(15, "mg/h")}
    assert codes(request("nicardipine", {"route": {"text": "IV"}, "doseAndRate": [{"rateRange": scale}]})) == []
