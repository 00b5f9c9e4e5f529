"""When two written numbers agree, which field of an order is named, and which slips fit."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rescuecalc.catalogue import catalogue
from rescuecalc.core.orders.model.agreement import RoundedNumber, exact, in_unit_of, written
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DoseRatePerKg,
    DosingWeight,
    PumpRate,
    Quantity,
    read,
)
from rescuecalc.core.regimen.infusion import dose_rate, pump_rate
from tests.support import invoke

pytestmark = pytest.mark.core

LIMITS = catalogue.limits()


def reading(text: str, role: type[Quantity]) -> RoundedNumber:
    return written(read(text, role, "field"), LIMITS)


@pytest.mark.parametrize(
    ("text", "role", "low", "high"),
    [
        ("14.4 mL/h", PumpRate, "14.35", "14.45"),
        ("14.42 mL/h", PumpRate, "14.37", "14.47"),  # no pump is finer than 0.1 mL/h
        ("10.26 mL/h", PumpRate, "10.21", "10.31"),
        ("14 mL/h", PumpRate, "13.5", "14.5"),
        ("800 mcg", Dose, "799.5", "800.5"),
        ("0.80 mg", Dose, "795", "805"),
        ("0.8 mg", Dose, "750", "850"),
        ("80 kg", DosingWeight, "80", "80"),
    ],
)
def test_a_number_is_read_to_half_of_its_last_digit(text: str, role: type[Quantity], low: str, high: str) -> None:
    per_second = 3600 if role is PumpRate else 1
    found = reading(text, role)
    assert (found.low * per_second, found.high * per_second) == (Fraction(low), Fraction(high))


def test_a_dose_per_kg_is_never_read_so_roughly_that_a_known_slip_agrees() -> None:
    assert not reading("0.1 mcg/kg/min", DoseRatePerKg).agrees(reading("0.15 mcg/kg/min", DoseRatePerKg))


@pytest.mark.parametrize(("concentration", "rate"), [("0.1 mg/mL", "100 mL/h"), ("1 mg/mL", "10 mL/h")])
def test_a_roughly_written_concentration_hides_no_slip_of_two(concentration: str, rate: str) -> None:
    drip = (
        f"{{drug: nicardipine, kind: infusion, dose_rate: 5 mg/h, concentration: {concentration}, pump_rate: {rate}}}"
    )
    told = invoke("check", "-", "--select", "RC304", "--format", "json", stdin=drip).json["findings"]
    assert [each["pointer"] for each in told] == ["/pump_rate"]


def test_drugs_that_are_measured_in_other_kinds_never_agree() -> None:
    assert not reading("100 units", Dose).agrees(reading("100 mcg", Dose))
    assert reading("100 mcg", Dose).over(reading("100 units/mL", Concentration)) is None


@given(st.integers(1, 900), st.integers(30, 200), st.sampled_from(["50 mcg/mL", "0.25 mg/mL", "2 mg/mL"]))
def test_the_chain_is_the_arithmetic_of_the_formulas(hundredths: int, kilograms: int, strong: str) -> None:
    per_kg = read(f"{hundredths / 100:.2f} mcg/kg/min", DoseRatePerKg, "rate")
    weight, concentration = read(f"{kilograms} kg", DosingWeight, "weight"), read(strong, Concentration, "c")
    total = exact(per_kg).times(exact(weight))
    assert total is not None
    made = total.over(exact(concentration))
    assert made is not None
    formula = pump_rate(dose_rate(per_kg, weight), concentration)
    assert in_unit_of(made, formula) == formula.magnitude


@pytest.mark.parametrize(
    ("pump_rate", "names"),
    [
        ("144 mL/h", ["decimal point"]),
        ("864 mL/h", ["per hour for per minute"]),
        ("31.7 mL/h", ["lb for kg"]),
        ("6.5 mL/h", ["lb for kg"]),
        ("7.2 mL/h", ["renal half"]),
        ("17.3 mL/h", ["50 mL drawn out"]),
        ("20 mL/h", []),
        ("720 mL/h", ["mcg/h set as mL/h"]),
        ("12 mL/h", ["mcg/min set as mL/h"]),
        ("0.18 mL/h", ["per kg forgotten"]),
    ],
)
def test_a_slip_is_named_by_its_factor(pump_rate: str, names: list[str]) -> None:
    fields = "route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL"
    [finding] = found(f"{fields}, pump_rate: {pump_rate}")
    assert (finding["pointer"], finding["expected"]) == ("/orders/0/pump_rate", "14.4 mL/h")
    assert finding["slip"][:1] == names[:1]


@pytest.mark.parametrize(
    ("drug", "fields"),
    [
        ("heparin", "dose_rate: 1000 units/h, concentration: 100 units/mL, pump_rate: 50 mL/h"),
        ("nicardipine", "dose_rate: 5 mg/h, concentration: 0.1 mg/mL, pump_rate: 250 mL/h"),
        ("eptifibatide", "dose_rate: 160 mcg/min, concentration: 0.75 mg/mL, pump_rate: 64 mL/h"),
    ],
)
def test_an_error_that_cannot_be_made_with_a_drug_is_never_named(drug: str, fields: str) -> None:
    text = f"{{order_set: x, patient: {{weight: 80 kg}}, orders: [{{drug: {drug}, kind: infusion, {fields}}}]}}"
    findings = invoke("check", "-", "--select", "RC304", "--format", "json", stdin=text).json["findings"]
    assert [each["slip"] for each in findings] == [[]]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("kind: bolus, dose_per_kg: 10 mcg/kg, dose: 2000 mcg", ["25 for 10 mcg/kg"]),
        ("kind: infusion, dose_rate_per_kg: 0.1 mcg/kg/min, dose_rate: 20 mcg/min", []),
        ("kind: infusion, dose_rate_per_kg: 0.1 mcg/kg/min, dose_rate: 12 mcg/min", ["0.15 for 0.1 mcg/kg/min"]),
        ("kind: bolus, dose_per_kg: 10 mcg/kg, dose: 1200 mcg", []),
        ("kind: bolus, dose_per_kg: 10 mcg/kg, dose: 8000 mcg", ["decimal point"]),
    ],
)
def test_a_slip_is_named_only_in_the_kind_of_order_that_it_is_made_in(order: str, names: list[str]) -> None:
    assert [each["slip"] for each in found(order)] == [names]


@pytest.mark.parametrize(
    ("text", "amount", "volume"),
    [
        ("12.5 mg in 250 mL", "12.5 mg", "250 mL"),
        ("5 mg/100 mL", "5 mg", "100 mL"),
        ("25,000 units in 250 mL", "25,000 units", "250 mL"),
        ("2,5 mg in 50 mL", None, None),
        ("bag", None, None),
        ("5 mg in 0 mL", None, None),
        ("0 mg in 5 mL", None, None),
    ],
)
def test_a_labels_strength(text: str, amount: str | None, volume: str | None) -> None:
    found = strength(text)
    assert (found and (str(found.amount), str(found.volume))) == ((amount, volume) if amount else None)


def found(fields: str, *, weight: str = "80 kg", protocol: str = "") -> list[Any]:
    text = f"{{order_set: x, {protocol}patient: {{weight: {weight}}}, orders: [{{drug: tirofiban, {fields}}}]}}"
    made = json.loads(invoke("check", "-", "--select", "RC3,RC419", "--format", "json", stdin=text).stdout)
    return [each for each in made["findings"] if each["severity"] == "error"]


DRIP = "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, "


@pytest.mark.parametrize(
    ("fields", "field", "expected"),
    [
        (f"{DRIP}pump_rate: 144 mL/h", "pump_rate", "14.4 mL/h"),
        (f"{DRIP}pump_rate: 144 mL/h, run_time: 24 h, vtbi: 345.6 mL", "pump_rate", "14.4 mL/h"),
        (f"{DRIP}pump_rate: 14.4 mL/h, run_time: 24 h, vtbi: 3456 mL", "vtbi", "345.6 mL"),
        (f"{DRIP}dose_rate: 12 mcg/h, pump_rate: 14.4 mL/h", "dose_rate", "720 mcg/h"),
        (
            (
                "kind: infusion, dose_rate_per_kg: 9 mcg/kg/min, dose_rate: 12 mcg/min, concentration: 50 mcg/mL, "
                "pump_rate: 14.4 mL/h"
            ),
            "dose_rate_per_kg",
            "0.15 mcg/kg/min",
        ),
        (
            (
                "kind: infusion, dose_rate: 12 mcg/min, concentration: 250 mcg/mL, product: 12.5 mg in 250 mL, "
                "pump_rate: 14.4 mL/h"
            ),
            "concentration",
            "50 mcg/mL",
        ),
        (f"{DRIP}pump_rate: 14.4 mL/h, run_time: 240 h, vtbi: 345.6 mL", "run_time", "24 h"),
    ],
)
def test_the_field_that_is_out_of_line_is_named(fields: str, field: str, expected: str) -> None:
    [finding] = found(fields)
    assert (finding["pointer"], finding["expected"]) == (f"/orders/0/{field}", expected)
    assert finding["slip"]


def test_a_dose_rate_that_the_vtbi_bears_out_is_not_named() -> None:
    fields = "dose_rate_per_kg: 9 mcg/kg/min, dose_rate: 12 mcg/min, concentration: 50 mcg/mL, run_time: 24 h"
    [finding] = found(f"kind: infusion, {fields}, vtbi: 345.6 mL")
    assert (finding["pointer"], finding["expected"]) == ("/orders/0/dose_rate_per_kg", "0.15 mcg/kg/min")


def test_a_concentration_that_pump_rate_and_vtbi_speak_against_is_named() -> None:
    fields = "dose_rate_per_kg: 0.15 mcg/kg/min, dose_rate: 12 mcg/min, concentration: 250 mcg/mL, pump_rate: 14.4 mL/h"
    [finding] = found(f"kind: infusion, {fields}, run_time: 24 h, vtbi: 345.6 mL")
    assert (finding["pointer"], finding["expected"]) == ("/orders/0/concentration", "50 mcg/mL")
    assert "250 for 50 mcg/mL" in finding["slip"]


def test_two_mistakes_are_two_findings() -> None:
    fields = f"{DRIP}dose_rate: 120 mcg/min, pump_rate: 14.4 mL/h, run_time: 24 h, vtbi: 3.4 mL"
    assert {each["pointer"].rpartition("/")[2] for each in found(fields)} >= {"vtbi"}
    assert len(found(fields)) >= 2


@pytest.mark.parametrize("vtbi", ["247.2 mL", "246.24 mL", "250 mL", "100 mL"])
def test_a_vtbi_follows_the_set_or_the_exact_rate_or_is_a_whole_container(vtbi: str) -> None:
    fields = f"{DRIP}pump_rate: 10.3 mL/h, run_time: 24 h, vtbi: {vtbi}"
    assert [each["code"] for each in found(fields, weight="57 kg")] == (["RC305"] if vtbi == "100 mL" else [])


def test_a_vtbi_may_be_the_whole_container_of_the_label() -> None:
    drip = "kind: infusion, pump_rate: 3.4 mL/h, run_time: 24.0 h, product: 5 mg in 90 mL"
    assert found(f"{drip}, vtbi: 90 mL") == []
    assert [each["code"] for each in found(f"{drip}, vtbi: 60 mL")] == ["RC305"]


@pytest.mark.parametrize(
    ("rate", "codes"), [("0.15", []), ("0.075", []), ("0.1", ["RC419"]), ("0.3", ["RC419"]), ("9", ["RC419"])]
)
def test_a_protocols_own_renal_factor_is_no_slip(rate: str, codes: list[str]) -> None:
    fields = f"route: IV, kind: infusion, dose_rate_per_kg: {rate} mcg/kg/min"
    assert [each["code"] for each in found(fields, protocol="protocol: us-label, ")] == codes


@pytest.mark.parametrize(("dose", "codes"), [("25", []), ("12.5", []), ("10", ["RC419"])])
def test_the_eu_label_halves_its_bolus_too(dose: str, codes: list[str]) -> None:
    fields = f"route: IV, kind: bolus, dose_per_kg: {dose} mcg/kg, give_over: 3 min"
    assert [each["code"] for each in found(fields, protocol="protocol: eu-label-bolus, ")] == codes
