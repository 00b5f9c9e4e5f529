"""Order sets as hospitals write them: forms, tables by weight, titrations, as needed, other drugs, FHIR.

They were written from general knowledge of such sets, not to suit what `check` does: what is found above a note in
each is listed here, and nothing else.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import invoke

SETS = Path(__file__).parent / "sets"

FOUND: dict[str, list[str]] = {
    "alteplase-stroke.yaml": [],
    "angiography-suite.yaml": [
        "warning RC705 /monitoring",
        "warning RC706 /stop_if",
        "warning RC624 /orders/1",
        "warning RC314 /orders/1/dose",  # 70 units/kg at 70 kg, rounded up to 5,000 units
        "warning RC624 /orders/2",
    ],
    "blood-pressure-prn.yaml": ["warning RC219 /orders/0/text"],
    "cangrelor-bridge.yaml": [],
    "electrolytes.csv": [],
    "eptifibatide-acs.yaml": ["warning RC705 /monitoring", "warning RC706 /stop_if"],
    "eptifibatide-renal.yaml": ["warning RC631 /orders/0"],
    "fhir-bundle.json": ["warning RC610 /entry/3/resource/dosageInstruction/0"],
    "fhir-plan.json": [],
    "fhir-request-group.json": [],
    "heparin-acs-chart.csv": [],
    "heparin-stroke.yaml": [],
    "insulin-dka.yaml": [],
    "neuro-icu.yaml": [],
    "oral-antiplatelets.yaml": [],
    "resuscitation.yaml": [],
    "sedation.yaml": ["error RC308 /orders/0/text"],  # the text starts at a quarter of the rate
    "tenecteplase-tiers.csv": [],
    "tirofiban-coronary.yaml": ["warning RC705 /monitoring", "warning RC706 /stop_if"],
    "tirofiban-rescue-table.csv": [],
    "tirofiban-rescue.yaml": ["warning RC603 /orders/3/start"],  # 6 h of overlap for 600 mg of clopidogrel
    "tirofiban-us-label-chart-with-doses.csv": [],
    "tirofiban-us-label-chart.csv": [],
    "vancomycin-load-table.csv": [],
    "vasopressors.yaml": [],
}


def found(text: str, name: str) -> list[str]:
    outcome = invoke("check", "-", "--stdin-filename", name, "--format", "json", "--as-of", "2026-11-24", stdin=text)
    findings: list[Any] = json.loads(outcome.stdout)["findings"]
    return [f"{each['severity']} {each['code']} {each['pointer']}" for each in findings if each["severity"] != "note"]


def test_every_set_is_listed() -> None:
    assert {path.name for path in SETS.iterdir()} == set(FOUND)


@pytest.mark.parametrize("name", FOUND)
def test_what_is_right_is_left_alone(name: str) -> None:
    assert sorted(found((SETS / name).read_text("utf-8"), name)) == sorted(FOUND[name])


# One number of a set written wrong: what is found besides, as an error.
SLIPS = [
    ("alteplase-stroke.yaml", "10 % bolus = 6.5 mg over", "10 % bolus = 65 mg over", ["RC308 /orders/0/text"]),
    ("alteplase-stroke.yaml", "pump_rate: 50 mL/h", "pump_rate: 5 mL/h", ["RC304 /orders/3/pump_rate"]),
    ("alteplase-stroke.yaml", "vtbi: 58.3 mL", "vtbi: 583 mL", ["RC305 /orders/1/vtbi"]),
    ("blood-pressure-prn.yaml", "pump_rate: 37.5 mL/h", "pump_rate: 375 mL/h", ["RC304 /orders/4/pump_rate"]),
    ("cangrelor-bridge.yaml", "pump_rate: 144 mL/h", "pump_rate: 14.4 mL/h", ["RC304 /orders/1/pump_rate"]),
    ("eptifibatide-acs.yaml", "dose: 17.1 mg", "dose: 171 mg", ["RC301 /orders/0/dose"]),
    ("insulin-dka.yaml", "dose: 8 units", "dose: 80 units", ["RC301 /orders/0/dose"]),
    ("insulin-dka.yaml", "volume: 50 mL, give_over: 2 min", "volume: 500 mL, give_over: 2 min",
     ["RC302 /orders/4/volume"]),
    ("neuro-icu.yaml", "vtbi: 360 mL", "vtbi: 36 mL", ["RC305 /orders/2/vtbi"]),
    ("resuscitation.yaml", "dose: 12 mg, concentration", "dose: 120 mg, concentration", ["RC302 /orders/1/volume"]),
    ("tenecteplase-tiers.csv", "22.5 mg,5 mg/mL,4.5 mL", "22.5 mg,5 mg/mL,45 mL", ["RC302 /orders/0/volume"]),
    ("tirofiban-coronary.yaml", "pump_rate: 7.6 mL/h", "pump_rate: 76 mL/h", ["RC304 /orders/1/pump_rate"]),
    ("tirofiban-rescue-table.csv", "10.8 mL/h", "108 mL/h", ["RC304 /orders/9/pump_rate"]),
    ("tirofiban-us-label-chart.csv", ",42 mL,", ",420 mL,", ["RC302 /orders/0/volume"]),
    ("vasopressors.yaml", "pump_rate: 15 mL/h", "pump_rate: 150 mL/h", ["RC304 /orders/2/pump_rate"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "errors"), SLIPS, ids=[f"{each[0]} {each[2]}" for each in SLIPS])
def test_a_slip_in_one_of_them_is_found(name: str, old: str, new: str, errors: list[str]) -> None:
    text = (SETS / name).read_text("utf-8")
    assert old in text
    more = [each for each in found(text.replace(old, new, 1), name) if each not in FOUND[name]]
    assert [each.removeprefix("error ") for each in more if each.startswith("error ")] == errors
