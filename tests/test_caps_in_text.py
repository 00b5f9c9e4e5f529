"""A cap that a text states releases the dose per kg beside it; in brackets behind it stands the same cap."""

from __future__ import annotations

import pytest

from tests.support import invoke

HEPARIN = "drug: heparin, route: IV, kind: bolus, dose: 4000 units"


def errors(order: str, weight: str) -> list[str]:
    made = f"{{order_set: stroke, patient: {{weight: {weight}}}, orders: [{{{order}}}]}}"
    findings = invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin=made).json["findings"]
    return [each["code"] for each in findings if each["severity"] == "error"]


RATE = "drug: heparin, route: IV, kind: infusion, dose_rate: 1000 units/h"
TENECTEPLASE = "drug: tenecteplase, route: IV, kind: bolus, dose: 17.5 mg, concentration: 5 mg/mL, volume: 3.5 mL"
EPTIFIBATIDE = "drug: eptifibatide, route: IV, kind: bolus, dose: 13.5 mg, concentration: 2 mg/mL, volume: 6.75 mL"
PRESSOR = "drug: norepinephrine, route: IV, kind: infusion, dose_rate: 4 mcg/min, concentration: 16 mcg/mL"


@pytest.mark.parametrize(
    ("order", "weight"),
    [
        (f'{HEPARIN}, text: "60 units/kg, max 4000 units"', "110 kg"),
        (f'{RATE}, text: "12 units/kg/h (max 1000 units/h)"', "110 kg"),
        ('drug: lorazepam, route: IV, kind: bolus, dose: 4 mg, text: "0.1 mg/kg, max 4 mg"', "75 kg"),
        (f'{TENECTEPLASE}, text: "max 25 mg (5 mL)"', "70 kg"),
        (f'{EPTIFIBATIDE}, text: "max 22.6 mg (11.3 mL)"', "75 kg"),
        (f'{PRESSOR}, pump_rate: 15 mL/h, text: "max 30 mcg/min (112.5 mL/h)"', "75 kg"),
    ],
)
def test_a_cap_that_is_kept_contradicts_nothing(order: str, weight: str) -> None:
    assert errors(order, weight) == []


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("60 units/kg, max 4000 units", "40 kg"),  # the cap does not bind
        ("600 units/kg, max 4000 units", "110 kg"),  # it would bind at every usual weight
        ("6 units/kg, max 4000 units", "110 kg"),
        ("60 units/kg, max 40,000 units", "110 kg"),
    ],
)
def test_a_cap_hides_no_error_of_the_dose_per_kg(text: str, weight: str) -> None:
    assert errors(f'{HEPARIN}, text: "{text}"', weight) in (["RC301"], ["RC308"])
