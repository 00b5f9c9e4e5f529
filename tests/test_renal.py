"""Creatinine clearance: the constants, the bases and the bands, by numbers from outside."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight, Height, SerumCreatinine, read
from rescuecalc.core.renal.creatinine_clearance import creatinine_clearance, creatinine_in_mg_per_dl
from rescuecalc.core.renal.patient_clearance import Patient, clearance_on, every_basis, weight_on
from rescuecalc.errors import CalculationRefused, InputError
from tests.oracle import golden
from tests.support import invoke

pytestmark = pytest.mark.core

CONSTANTS = catalogue.renal_constants()
STEP = catalogue.limits().clearance_step


def patient(weight: str = "80kg", height: str | None = "165cm", sex: str = "female", age: int = 70) -> Patient:
    tall = read(height, Height, "height") if height else None
    creatinine = read("1.2mg/dL", SerumCreatinine, "creatinine")
    return Patient(age, sex, read(weight, DosingWeight, "weight"), creatinine, tall)


@pytest.mark.parametrize("text", ["88.42 umol/L", "1 mg/dL"])
def test_a_milligram_per_decilitre_is_88_42_micromol_per_litre(text: str) -> None:
    assert creatinine_in_mg_per_dl(read(text, SerumCreatinine, "c"), CONSTANTS) == 1


@pytest.mark.parametrize(
    ("creatinine", "expected"), [("1.2mg/dL", "55.1"), ("106.104umol/L", "55.1"), ("176.84umol/L", "33.1")]
)
def test_both_units_of_creatinine_lead_to_the_same_clearance(creatinine: str, expected: str) -> None:
    outcome = invoke(
        "renal", "--age", "70", "--sex", "female", "--weight", "80kg", "--creatinine", creatinine, "--format", "json"
    )
    assert str(outcome.json["creatinine_clearance"]["value"]) == expected


def test_the_clearance_is_exact() -> None:
    # (140 - 70) x 80 / (72 x 1.2) x 0.85 = 4760 / 86.4
    found = creatinine_clearance(70, "female", patient().weight, patient().creatinine, CONSTANTS)
    assert found.magnitude == Fraction(47600, 864)
    assert creatinine_clearance(70, "male", patient().weight, patient().creatinine, CONSTANTS).magnitude == Fraction(
        56000, 864
    )


def test_ideal_weight_is_devines() -> None:
    # 65 in: 45.5 + 2.3 x 5 = 57 kg for a woman, 50 + 11.5 = 61.5 kg for a man.
    assert weight_on("ideal", patient(height="65in"), CONSTANTS).magnitude == 57
    assert weight_on("ideal", patient(height="65in", sex="male"), CONSTANTS).magnitude == Fraction("61.5")
    # 57 + 0.4 x (80 - 57) = 66.2
    assert weight_on("adjusted", patient(height="65in"), CONSTANTS).magnitude == Fraction("66.2")


def test_at_60_inches_ideal_weight_is_the_first_number() -> None:
    assert weight_on("ideal", patient(height="60in"), CONSTANTS).magnitude == Fraction("45.5")
    with pytest.raises(CalculationRefused, match="not defined below 60 in"):
        weight_on("ideal", patient(height="152.39cm"), CONSTANTS)


def test_adjusted_weight_is_not_defined_below_ideal() -> None:
    assert weight_on("adjusted", patient(weight="57kg", height="65in"), CONSTANTS).magnitude == 57
    with pytest.raises(CalculationRefused, match="not defined when actual"):
        weight_on("adjusted", patient(weight="56.9kg", height="65in"), CONSTANTS)


def test_a_basis_without_a_height_asks_for_it() -> None:
    with pytest.raises(InputError, match="--height 165cm"):
        weight_on("ideal", patient(height=None), CONSTANTS)
    found, undefined = every_basis(patient(height=None), CONSTANTS, STEP)
    assert [each.basis for each in found] == ["actual"]
    assert list(undefined) == ["ideal", "adjusted"]
    found, undefined = every_basis(patient("50kg"), CONSTANTS, STEP)
    assert [each.basis for each in found] == ["actual", "ideal"]
    assert "below ideal weight" in undefined["adjusted"]


def test_an_age_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(CalculationRefused, match="leave nothing"):
        creatinine_clearance(140, "male", patient().weight, patient().creatinine, CONSTANTS)


def test_thresholds_are_judged_on_the_unrounded_value() -> None:
    just_above = clearance_on("actual", patient("72.04kg", None, "male", 68), CONSTANTS, STEP)
    assert str(just_above.rounded) == "60 mL/min"
    assert catalogue.renal_rules()["us-label"].band(just_above.exact).adjusts is False


@pytest.mark.parametrize(
    ("rule", "clearance", "bolus", "infusion"),
    [
        ("us-label", "60", "1", "0.5"),
        ("us-label", "60.000000001", "1", "1"),
        ("us-label", "0", "1", "0.5"),
        ("eu-label", "29.999999999", "0.5", "0.5"),
        ("eu-label", "30", "1", "1"),
        ("eu-label", "60", "1", "1"),
        ("eptifibatide-label", "49.999999999", "1", "0.5"),
        ("eptifibatide-label", "50", "1", "1"),
    ],
)
def test_a_boundary_falls_into_exactly_one_band(rule: str, clearance: str, bolus: str, infusion: str) -> None:
    band = catalogue.renal_rules()[rule].band(read(f"{clearance}mL/min", CreatinineClearance, "c"))
    assert (band.bolus_factor, band.infusion_factor) == (Fraction(bolus), Fraction(infusion))


@pytest.mark.parametrize("row", [r for r in golden("protocols") if r["ia_low_mcg"]], ids=lambda row: row["id"])
def test_a_fixed_range_is_that_of_the_facts(row: dict[str, str]) -> None:
    span = catalogue.protocol(row["id"]).boluses[0].dose_range
    assert span is not None
    assert (span.low.value_in("mcg"), span.high.value_in("mcg")) == (
        Fraction(row["ia_low_mcg"]),
        Fraction(row["ia_high_mcg"]),
    )


@pytest.mark.parametrize(
    ("creatinine", "words"),
    [
        ("0.3mg/dL", None),
        ("6mg/dL", None),
        ("530umol/L", None),
        ("0.29mg/dL", "a creatinine of 0.29 mg/dL is outside of 0.3 mg/dL to 6 mg/dL: check number and unit"),
        ("12mg/dL", "a creatinine of 12 mg/dL is outside of 0.3 mg/dL to 6 mg/dL: check number and unit"),
        (
            "1061umol/L",
            "a creatinine of 1,061 umol/L (12 mg/dL) is outside of 0.3 mg/dL to 6 mg/dL: check number and unit",
        ),
    ],
)
def test_a_creatinine_with_the_point_moved_is_asked_about_wherever_it_is_typed(
    creatinine: str, words: str | None
) -> None:
    of = ("--age", "70", "--sex", "f", "-w", "80kg", "--creatinine", creatinine, "--json")
    places = {"renal": "/creatinine", "dose yang-2020-iv --run-time 24h": "/clearance_working/creatinine"}
    for command, pointer in places.items():
        found = [each for each in invoke(*command.split(), *of).json["findings"] if each["code"] == "RC506"]
        assert [(each["message"], each["pointer"]) for each in found] == ([(words, pointer)] if words else [])


def test_a_weight_of_no_adult_is_an_error_of_every_command() -> None:
    of = ("--age", "70", "--sex", "f", "--creatinine", "1.2mg/dL", "--json")
    commands = ("renal", "dose yang-2020-iv --run-time 24h", "dose kang-2018-ia --ia-dose 0.5mg")
    for weight, severity in {"8kg": "error", "36kg": "warning", "200kg": "warning", "400kg": "error"}.items():
        made = [invoke(*command.split(), *of, "-w", weight).json["findings"] for command in commands]
        severities = [[each["severity"] for each in found if each["code"] == "RC406"] for found in made]
        assert severities == [[severity]] * 3


def test_a_creatinine_in_the_wrong_unit_is_refused_with_the_other() -> None:
    of = ("renal", "--age", "70", "--sex", "f", "-w", "80kg", "--creatinine")
    for text, meant in {"106mg/dL": "106 umol/L", "1.2umol/L": "1.2 mg/dL"}.items():
        outcome = invoke(*of, text)
        assert outcome.exit_code == 4
        assert outcome.stderr.endswith(f"check number and unit; did you mean {meant}?\n")
