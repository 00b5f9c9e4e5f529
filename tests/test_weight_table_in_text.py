"""A table by weight in a text: each row is the dose of the patients of its weight, and of no other."""

from __future__ import annotations

import pytest

from tests.support import invoke

TNK = "drug: tenecteplase, route: IV, kind: bolus, dose: 22.5 mg, give_over: 5 s"
BOLUS = "drug: tirofiban, route: IV, kind: bolus, dose: 800 mcg, give_over: 5 min"
DRIP = (
    "drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, "
    "pump_rate: 14.4 mL/h, run_time: 24 h"
)


def errors(order: str, text: str) -> list[tuple[str, str]]:
    made = f'{{order_set: stroke rescue, patient: {{weight: 80 kg}}, orders: [{{{order}, text: "{text}"}}]}}'
    findings = invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin=made).json["findings"]
    return [
        (each["code"], each["found"]) for each in findings if each["severity"] == "error" or each["code"] == "RC314"
    ]


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (
            TNK,
            "<60 kg: 15 mg; 60 to 69 kg: 17.5 mg; 70 to 79 kg: 20 mg; 80 to 89 kg: 22.5 mg; 90 kg and above: 25 mg",
        ),
        (TNK, "<60 kg 15 mg, >=60 to <70 kg 17.5 mg, 80-<90 kg 22.5 mg, >=90 kg 25 mg"),
        (BOLUS, "60-69 kg: 650 mcg; 70-79 kg: 750 mcg; 80-89 kg: 850 mcg"),
        (BOLUS, "60-69 kg: 650 mcg; 70-79 kg: 750 mcg; at least 120 kg: 1250 mcg"),
        (DRIP, "60-69 kg: 11.7 mL/h; 70-79 kg: 13.5 mL/h; 80-89 kg: 15.3 mL/h"),
        (DRIP, "90 kg: 16.2 mL/h; 80 kg: 14.4 mL/h"),
        (DRIP, "60 kg 10.8 mL/h, 70 kg 12.6 mL/h, 80 kg 14.4 mL/h"),
    ],
)
def test_right_rows_are_no_error_for_another_weight(order: str, text: str) -> None:
    assert errors(order, text) == []


@pytest.mark.parametrize(
    ("order", "text", "found"),
    [
        (TNK, "60 to 69 kg: 17.5 mg; 70 to 79 kg: 200 mg; 80 to 89 kg: 22.5 mg", ("RC665", "200 mg")),
        (BOLUS, "60-69 kg: 6500 mcg; 70-79 kg: 750 mcg; 80-89 kg: 850 mcg", ("RC404", "6500 mcg")),
        (BOLUS, "60-69 kg: 650 mcg; 70-79 kg: 750 mcg; 120 kg and above: 12.5 mg", ("RC404", "12.5 mg")),
        (DRIP, "60-69 kg: 117 mL/h; 70-79 kg: 13.5 mL/h; 80-89 kg: 15.3 mL/h", ("RC402", "117 mL/h")),
        (DRIP, "50 kg 9 mL/h; 60 kg 108 mL/h", ("RC402", "108 mL/h")),
        (BOLUS, "for 60 kg = 6 mg; for 70 kg = 700 mcg", ("RC404", "6 mg")),
    ],
)
def test_a_wrong_row_is_one_error(order: str, text: str, found: tuple[str, str]) -> None:
    assert errors(order, text) == [found]


def test_one_range_of_another_weight_contradicts_the_patient() -> None:
    assert errors(BOLUS, "for 50 to 59 kg: 800 mcg")[0][0] == "RC308"
