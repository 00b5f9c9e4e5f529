"""The usual spellings of routes, kinds and units: each is read as what it is."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.quantities import wording
from rescuecalc.core.quantities.quantity import Concentration, DoseRate, DoseRatePerKg, Duration, Volume
from rescuecalc.core.quantities.spelling import as_written
from rescuecalc.errors import InputError
from tests.support import invoke

GOLDEN = Path(__file__).parent / "golden" / "wording.csv"


def findings(order: str, more: str = "") -> list[dict[str, Any]]:
    text = f"order_set: Example\n{more}orders:\n  - {{{order}}}\n"
    outcome = invoke("check", "-", "--format", "json", "--as-of", "2026-11-24", stdin=text)
    found: list[dict[str, Any]] = json.loads(outcome.stdout)["findings"]
    return [each for each in found if each["severity"] != "note"]


def test_the_table_is_the_golden_one() -> None:
    rows = [tuple(row) for row in csv.reader(GOLDEN.read_text("utf-8").splitlines())]
    tables = (
        ("route", wording.ROUTE_OF),
        ("kind", wording.KIND_OF),
        ("unit", wording.UNIT_OF),
        ("answer", wording.ANSWER_OF),
    )
    assert rows[1:] == [(name, spelling, word) for name, table in tables for spelling, word in table.items()]


@pytest.mark.parametrize(
    ("text", "role", "value", "unit"),
    [
        ("1,000 units/h", DoseRate, 1000, "units/h"),
        ("1,050 units per hr", DoseRate, 1050, "units/h"),
        ("0.15 mcg/min/kg", DoseRatePerKg, 0.15, "mcg/kg/min"),
        ("0.15 mcg/kg/minute", DoseRatePerKg, 0.15, "mcg/kg/min"),
        ("30 milliunits/min", DoseRate, 30, "milliunits/min"),
        ("30 mU/min", DoseRate, 30, "milliunits/min"),
        ("24 hrs", Duration, 24, "h"),
        ("5 mins", Duration, 5, "min"),
        ("1,000 mL", Volume, 1000, "mL"),
        ("12.5 mg/250 mL", Concentration, 50, "mcg/mL"),
        ("160 mg/5 mL", Concentration, 32, "mg/mL"),
        ("25,000 units/250 mL", Concentration, 100, "units/mL"),
    ],
)
def test_what_has_one_reading_is_read_and_kept_as_written(text: str, role: Any, value: float, unit: str) -> None:
    quantity = as_written(text, role)
    assert (float(quantity.value_in(unit)), quantity.text) == (value, text)


@pytest.mark.parametrize("text", ["12,5 units/h", "0,150 units/h", "1,00 units/h", "1,0000 units/h", "5 MU/h", "80"])
def test_what_has_two_readings_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        as_written(text, DoseRate)


@pytest.mark.parametrize("route", ["intravenous", "IVPB", "IV Push", "IV central line", "  iv  piggyback "])
def test_a_route_is_read_in_its_usual_spellings(route: str) -> None:
    # A bolus by the vein of 50 mcg/kg is judged, and an error, however the route is spelled.
    order = f"drug: tirofiban, route: {route}, kind: bolus, dose_per_kg: 50 mcg/kg"
    assert [each["code"] for each in findings(order) if each["severity"] == "error"] == ["RC404"]


@pytest.mark.parametrize("kind", ["continuous infusion", "IV drip", "IV infusion", "Continuous"])
def test_a_kind_is_read_in_its_usual_spellings(kind: str) -> None:
    order = f"drug: tirofiban, route: IV, kind: {kind}, dose_rate_per_kg: 1.5 mcg/kg/min"
    assert [each["code"] for each in findings(order) if each["severity"] == "error"] == ["RC402"]


@pytest.mark.parametrize("route", ["SUBQ", "subcutaneous", "OG", "oral", "sublingual", "inhaled", "rectal", "topical"])
def test_a_route_of_another_drug_is_nothing_to_report(route: str) -> None:
    assert findings(f"drug: insulin glargine, route: {route}, kind: dose, dose: 18 units") == []


def test_an_abbreviation_of_the_ismp_list_is_read_and_keeps_its_rule() -> None:
    found = findings("drug: enoxaparin, route: SQ, kind: dose, dose: 40 mg")
    assert [(each["code"], each["pointer"], each["severity"]) for each in found] == [
        ("RC224", "/orders/0/route", "warning")
    ]


@pytest.mark.parametrize(
    ("field", "expected", "words"),
    [
        ("dose_rate_per_kg: 5 mcg/kg/mn", "5 mcg/kg/min", "write 5 mcg/kg/min"),
        ('dose: "12,5 mg"', "12.5 mg", "write 12.5 mg"),
        ("dose: 3 MU", None, "write 3 million units or 3 milliunits"),
        ("dose: .5 mg", "0.5 mg", "write 0.5 mg"),
        ("dose: 10 U", "10 units", "write 10 units"),
        ("dose: 80", None, "as 80 mcg or 80 mg or 80 units"),
        ("max_dose: 100 mL", None, "write it in the field 'volume'"),
    ],
)
def test_a_refusal_names_the_value_to_write(field: str, expected: str | None, words: str) -> None:
    (found,) = findings(f"drug: propofol, route: IV, kind: bolus, {field}")
    assert found["expected"] == expected
    assert words in found["message"]


@pytest.mark.parametrize(
    ("order", "blamed"),
    [
        ("dose_per_kg: 30 mL/kg, volume: 2400 mL", None),
        ("dose_per_kg: 10 mL/kg, volume: 80 mL", ("RC302", "/orders/0/volume", "800 mL")),
        ("dose_rate_per_kg: 1.5 mL/kg/h, pump_rate: 120 mL/h", None),
        ("dose_rate_per_kg: 1.5 mL/kg/h, pump_rate: 12 mL/h", ("RC304", "/orders/0/pump_rate", "120 mL/h")),
        ("dose_rate: 30 milliunits/min, concentration: 0.2 units/mL, pump_rate: 9 mL/h", None),
        (
            "dose_rate: 3 milliunits/min, concentration: 0.2 units/mL, pump_rate: 9 mL/h",
            ("RC304", "/orders/0/pump_rate", "0.9 mL/h"),
        ),
    ],
)
def test_fluids_and_milliunits_are_part_of_the_calculation(order: str, blamed: tuple[str, str, str] | None) -> None:
    found = findings(f"drug: saline, route: IV, kind: infusion, {order}", "patient: {weight: 80 kg}\n")
    errors = [(each["code"], each["pointer"], each["expected"]) for each in found if each["severity"] == "error"]
    assert errors == ([blamed] if blamed is not None else [])


def test_a_volume_per_kg_of_a_drug_of_the_catalogue_is_a_dose_per_kg() -> None:
    found = findings("drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 1 mL/kg, concentration: 50 mcg/mL")
    assert [each["code"] for each in found if each["severity"] == "error"] == ["RC404"]


def test_a_tenth_and_the_rest_that_state_their_own_doses_per_kg_are_no_contradiction() -> None:
    text = (
        "order_set: Example\npatient: {weight: 85 kg}\norders:\n"
        "  - {drug: alteplase, route: IV, kind: bolus, dose_per_kg: 0.09 mg/kg, dose: 7.65 mg}\n"
        "  - {drug: alteplase, route: IV, kind: infusion, dose_per_kg: 0.81 mg/kg, dose: 68.85 mg, run_time: 60 min,\n"
        '     text: "total 0.9 mg/kg (76.5 mg): 10 % bolus, the rest over 60 minutes"}\n'
    )
    outcome = invoke("check", "-", "--format", "json", stdin=text)
    assert outcome.exit_code == 0


@pytest.mark.parametrize(
    "said", ["up to 24 h", "for 24 hours", "Over 24 h", "within 24 hrs", "24 Std", "24 heures", "1 Tag"]
)
def test_a_time_may_say_that_it_is_the_longest(said: str) -> None:
    order = "drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL"
    found = findings(f"{order}, run_time: {said}", "protocol: us-label\n")
    assert [each["code"] for each in found if each["code"] in {"RC201", "RC202", "RC431"}] == ["RC431"]


@pytest.mark.parametrize("said", ["up to", "until review", "up to 12-24 h", "over a day"])
def test_a_time_without_one_reading_is_refused(said: str) -> None:
    order = f"drug: heparin, route: IV, kind: infusion, dose_rate: 1000 units/h, run_time: {said}"
    assert [each["code"] for each in findings(order)] == ["RC201"]


@pytest.mark.parametrize("name", ["ASS", "AAS", "Acetylsalicylsäure", "acido acetilsalicilico"])
def test_aspirin_has_its_name_in_other_languages(name: str) -> None:
    assert drug_name(name) == "aspirin"


def test_units_of_other_languages_are_read() -> None:
    order = (
        "drug: heparin, route: IV, kind: infusion, dose_rate: 1000 IE/Std, concentration: 500 UI/mL, pump_rate: 20 mL/h"
    )
    assert [each["code"] for each in findings(order)] == ["RC304"]


def test_a_phase_written_for_a_kind_is_judged_as_what_route_and_fields_leave_no_doubt_of() -> None:
    patient = "patient: {weight: 80 kg, thrombolysis: none}\n"
    orders = (
        "drug: ticagrelor, route: PO, kind: maintenance, dose: {} mg, frequency: twice daily, start: +12 h",
        "drug: ticagrelor, route: PO, kind: Loading dose, dose: {} mg",
        "drug: tirofiban, route: IV, kind: load, dose_rate_per_kg: {} mcg/kg/min, give_over: 30 min, start: +0 h",
        "drug: tirofiban, route: IV, kind: maintenance, dose_rate_per_kg: {} mcg/kg/min, stop: +24 h, start: +30 min",
    )

    def errors(*doses: str) -> list[tuple[str, str]]:
        joined = "}\n  - {".join(order.format(dose) for order, dose in zip(orders, doses, strict=True))
        found = findings(joined, patient)
        return sorted((each["code"], each["pointer"]) for each in found if each["severity"] == "error")

    assert errors("90", "180", "0.4", "0.1") == []
    assert errors("9", "1800", "4", "1") == [
        ("RC402", "/orders/2/dose_rate_per_kg"),
        ("RC402", "/orders/3/dose_rate_per_kg"),
        ("RC626", "/orders/1/dose"),
        ("RC627", "/orders/0/dose"),
    ]
