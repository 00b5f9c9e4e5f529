"""`dose` and `plan` as FHIR: valid by two validators of others, the document's own numbers, and read back clean."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from typing import Any

import fhirkit
import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.support import Outcome, invoke, share

OF_DRUG = {
    "tirofiban": [
        (),
        ("--bolus-product", "vial-15", "--infusion-product", "bag-250"),
        ("--bolus-product", "bag-250", "--infusion-product", "bag-100"),
        ("--infusion-product", "concentrate-50-diluted"),
        ("--bolus-concentration", "50mcg/mL", "--infusion-concentration", "50mcg/mL"),
    ],
    "eptifibatide": [
        (),
        ("--bolus-product", "eptifibatide-vial-10", "--infusion-product", "eptifibatide-bag-100"),
    ],
    "abciximab": [(), ("--bolus-concentration", "2mg/mL", "--infusion-concentration", "36mcg/mL")],
}
ASKED = {
    "yang-2020-ia": ("--run-time", "24h"),
    "yang-2020-iv": ("--run-time", "24h"),
    "huo-2021": ("--run-time", "12h", "--ia-dose", "0.5mg"),
    "kang-2018-ia": ("--ia-dose", "0.5mg"),
    "us-label": ("--run-time", "18h", "--crcl", "45mL/min"),
    "eu-label-bolus": ("--run-time", "24h", "--crcl", "20mL/min"),
    "eu-label-load": ("--run-time", "48h", "--crcl", "90mL/min"),
    "eptifibatide-label": ("--run-time", "24h", "--crcl", "45mL/min"),
    "eptifibatide-low": ("--run-time", "24h"),
}
DRUGS = {"eptifibatide-label": "eptifibatide", "eptifibatide-low": "eptifibatide", "abciximab-label": "abciximab"}
NAMES = [
    *("khachatryan-2023-case", "yang-2020-ia", "yang-2020-iv", "huo-2021", "kang-2018-ia", "rescue-bt-2022"),
    *("trend-2024", "instant-2024", "us-label", "eu-label-bolus", "eu-label-load"),
    *("eptifibatide-label", "eptifibatide-low", "abciximab-label"),
]
WEIGHTS = ("40kg", "57kg", "80.5kg", "121kg", "150kg", "176lb")
CASES = [
    (name, weight, products)
    for name in NAMES
    for weight, products in itertools.product(WEIGHTS, OF_DRUG[DRUGS.get(name, "tirofiban")])
]


def dosed(name: str, weight: str, products: tuple[str, ...], form: str) -> Outcome:
    weighed = () if name == "kang-2018-ia" else ("--weight", weight)
    fitting = products
    if name == "kang-2018-ia":  # it has no infusion
        pairs = zip(products[::2], products[1::2], strict=True)
        fitting = tuple(word for pair in pairs for word in pair if pair[0].startswith("--bolus"))
    return invoke("dose", name, *weighed, *ASKED.get(name, ()), *fitting, "--format", form)


def problems(bundle: Any) -> list[str]:
    """Return what two validators, written by others, say of a Bundle."""
    found = [str(issue) for issue in fhirkit.validate(bundle)]
    for entry in bundle["entry"]:
        resource = entry["resource"]
        model: Any = get_fhir_model_class(resource["resourceType"])
        model.model_validate(resource)
    return found


def heavy(findings: Any) -> set[str]:
    return {each["code"] for each in findings if each["severity"] != "note"}


def read_back(bundle: str) -> Any:
    outcome = invoke("check", "-", "--stdin-filename", "b.json", "--format", "json", stdin=bundle)
    assert outcome.exit_code in (0, 1), outcome.stderr
    return outcome.json


@pytest.mark.parametrize(("name", "weight", "products"), share(CASES, 4), ids=lambda each: str(each)[:40])
def test_what_dose_writes_is_valid_and_is_read_back_with_no_finding_of_its_own(
    name: str, weight: str, products: tuple[str, ...]
) -> None:
    told, written = (dosed(name, weight, products, form) for form in ("json", "fhir"))
    assert written.exit_code == told.exit_code
    if told.exit_code in {2, 4}:
        assert (written.stdout, written.stderr) == ("", told.stderr)
        return
    assert problems(json.loads(written.stdout)) == []
    back = read_back(written.stdout)
    assert heavy(back["findings"]) <= heavy(told.json["findings"])
    assert back["summary"]["orders"] == len(told.json["boluses"]) + len(told.json["infusions"])
    assert back["summary"]["passed_over"] == 0
    if products:  # else a text names what each product would give
        assert back["summary"]["judged"]["fields_only"] == 0
    assert "RC712" not in {each["code"] for each in back["findings"]}


def numbers(value: Any) -> list[tuple[Decimal, str]]:
    """Return every quantity of a document or a Bundle, by its UCUM code."""
    if isinstance(value, dict):
        code = value.get("ucum", value.get("code"))
        own = [(value["value"], code)] if isinstance(value.get("value"), Decimal) and isinstance(code, str) else []
        return own + [each for inside in value.values() for each in numbers(inside)]
    return [each for inside in value for each in numbers(inside)] if isinstance(value, list) else []


def test_every_dose_of_the_document_stands_in_the_bundle() -> None:
    case = ("us-label", "80kg", OF_DRUG["tirofiban"][1])
    told, bundle = (dosed(*case, form).json for form in ("json", "fhir"))
    written = set(numbers(bundle))
    [bolus], [infusion] = told["boluses"], told["infusions"]
    for each in (bolus["dose_per_kg"], bolus["dose"], bolus["volume"], bolus["give_over"], told["dosing_weight"]):
        assert each is None or (each["value"], each["ucum"]) in written or each is bolus["give_over"]
    for name in ("dose_rate_per_kg", "dose_rate", "pump_rate", "vtbi"):
        assert (infusion[name]["value"], infusion[name]["ucum"]) in written
    repeats = [e["resource"]["dosageInstruction"][0]["timing"]["repeat"] for e in bundle["entry"][1:3]]
    assert [(r["duration"], r["durationUnit"]) for r in repeats] == [(5, "min"), (18, "h")]


PLAN = (
    *("plan", "rescue-bt-2022", "--weight", "80kg", "--p2y12", "clopidogrel", "--load", "600mg", "--overlap", "8h"),
    *("--maintenance", "75mg", "--aspirin", "81mg", "--aspirin-load", "325mg", "--thrombolysis-at", "none"),
    *("--infusion-product", "bag-250", "--bolus-product", "vial-15", "--give-over", "3min"),
)
STARTED = ("--start", "2026-03-28T20:00", "--timezone", "Europe/Berlin")


@pytest.mark.parametrize("start", [(), STARTED], ids=["elapsed", "clock"])
def test_a_plan_holds_its_antiplatelets_with_their_times(start: tuple[str, ...]) -> None:
    told, written = (invoke(*PLAN, *start, "--format", form) for form in ("json", "fhir"))
    assert problems(json.loads(written.stdout)) == []
    back = read_back(written.stdout)
    assert heavy(back["findings"]) <= heavy(told.json["findings"])
    actions = {each["id"]: each for each in json.loads(written.stdout)["entry"][-1]["resource"]["action"]}
    assert list(actions) == ["bolus-1", "infusion-1", "aspirin-load", "aspirin-maintenance", "clopidogrel-load",
                             "clopidogrel-maintenance"]  # fmt: skip
    assert actions["clopidogrel-load"]["relatedAction"][0]["offsetDuration"]["value"] == 16 * 3600
    assert actions["bolus-1"]["relatedAction"][0]["relationship"] == "before-start"
    if start:
        assert actions["clopidogrel-load"]["timingDateTime"] == "2026-03-29T13:00:00+02:00"


@pytest.mark.parametrize("start", [(), STARTED], ids=["elapsed", "clock"])
def test_the_times_of_a_plan_are_read_back_and_judged(start: tuple[str, ...]) -> None:
    short = tuple("1h" if word == "8h" else word for word in PLAN)
    bundle = invoke(*short, *start, "--format", "fhir").stdout
    told = [each for each in read_back(bundle)["findings"] if each["code"] == "RC603"]
    assert [each["found"] for each in told] == ["+23 h"]
    field = "timingDateTime" if start else "relatedAction/0"
    assert told[0]["pointer"] == f"/entry/7/resource/action/4/{field}"


def test_a_cap_is_the_most_that_is_given() -> None:
    bundle = dosed("eptifibatide-label", "150kg", OF_DRUG["eptifibatide"][1], "fhir").json
    bolus, infusion = (bundle["entry"][place]["resource"]["dosageInstruction"][0] for place in (1, 2))
    assert bolus["maxDosePerAdministration"]["value"] == Decimal(22600)
    assert infusion["maxDosePerPeriod"]["numerator"]["value"] == Decimal(125)


def test_a_regimen_of_ones_own_claims_no_protocol_and_is_judged_as_dose_judged_it() -> None:
    own = ("dose", "--bolus", "25mcg/kg", "--route", "iv", "--infusion", "0.2mcg/kg/min", "--run-time", "24h")
    told, written = (invoke(*own, "--weight", "80kg", "--format", form) for form in ("json", "fhir"))
    assert written.exit_code == told.exit_code == 1
    assert "instantiatesUri" not in written.stdout
    assert "RC402" in heavy(read_back(written.stdout)["findings"])


def test_the_same_call_writes_the_same_bytes_and_says_nothing_of_who_the_patient_is() -> None:
    one, other = (invoke(*PLAN, "--format", "fhir").stdout for _ in range(2))
    assert one == other
    assert '"Patient/' not in one


def test_the_findings_travel_with_the_orders() -> None:
    bundle = dosed("yang-2020-ia", "80kg", (), "fhir").json
    notes = [each["text"] for each in bundle["entry"][-1]["resource"]["note"]]
    assert any(text.startswith("warning RC408: ") for text in notes)


def test_what_the_document_says_beside_a_number_travels_with_it() -> None:
    renal = invoke("dose", "us-label", "--weight", "57kg", "--crcl", "45mL/min", "--run-time", "18h",
                   "--infusion-product", "bag-250", "--format", "fhir").json  # fmt: skip
    notes = [each["text"] for each in renal["entry"][-1]["resource"]["note"]]
    assert any(text.startswith("calculated for a creatinine clearance of 45 mL/min: US label") for text in notes)
    infusion = [each["text"] for each in renal["entry"][2]["resource"]["note"]]
    assert any(text.startswith("pump rate 5.1 mL/h is rounded from 5.13 mL/h, -0.58 %") for text in infusion)
    fixed = dosed("khachatryan-2023-case", "80kg", (), "fhir").json["entry"][1]["resource"]["dosageInstruction"][0]
    assert [each["type"]["coding"][0]["code"] for each in fixed["doseAndRate"]] == ["ordered"]
    assert fixed["timing"]["repeat"]["count"] == 1
    trend = invoke("dose", "trend-2024", "--weight", "80kg", "--infusion-product", "bag-250", "--format", "fhir").json
    later = [each["text"] for each in trend["entry"][2]["resource"]["note"] if each["text"].startswith("container")]
    assert all("after the start of infusion-1" in text for text in later if "empty" in text)
