"""More frozen order sets, written before anything was changed for them: what is false, and what is missed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import invoke

SECOND = Path(__file__).parent / "second"

# What the ISMP list or a label says of them is true, and what a set leaves out is left out.
TRUE = frozenset(("RC219", "RC222", "RC221", "RC217", "RC705", "RC706", "RC408", "RC660", "RC716"))

FALSE = {
    "error": [],
    "warning": [
        # In a stroke set or of no indication it is said of every heparin: a flush, prophylaxis that is not called so.
        "neuro-icu.json RC613",  # coiling of an aneurysm: no word of it tells that nobody had a stroke
        "neuroir-adjuncts.jsonl RC624",
        "paediatrics.yaml RC310",  # 10 mL/kg in 10 minutes is pushed by hand
    ],
}


def checked(text: str, name: str) -> Any:
    outcome = invoke("check", "-", "--stdin-filename", name, "--format", "json", "--as-of", "2026-11-24", stdin=text)
    return json.loads(outcome.stdout)


def test_few_findings_on_sets_that_are_right_are_false() -> None:
    false: dict[str, list[str]] = {"error": [], "warning": []}
    orders = 0
    for path in sorted(SECOND.iterdir()):
        made = checked(path.read_text("utf-8"), path.name)
        orders += made["summary"]["orders"]
        for each in made["findings"]:
            if each["severity"] in false and each["code"] not in TRUE:
                false[each["severity"]].append(f"{path.name} {each['code']}")
    assert false == FALSE
    assert orders == 237
    assert len(false["error"]) * 100 <= 1 * orders
    assert len(false["warning"]) * 100 <= 5 * orders


def _errors(text: str, name: str) -> list[str]:
    found = checked(text, name)["findings"]
    return [f"{each['code']} {each['pointer']}" for each in found if each["severity"] == "error"]


# One number, unit or word of a set written wrong, as people slip: the one error, on the field that is wrong.
SLIPS = [json.loads(line) for line in (SECOND.parent / "second_slips.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("name", "old", "new", "error"), SLIPS, ids=[f"{each[0]} {each[2]}" for each in SLIPS])
def test_a_slip_in_one_of_them_is_one_error(name: str, old: str, new: str, error: str) -> None:
    text = (SECOND / name).read_text("utf-8")
    assert old in text
    assert _errors(text.replace(old, new, 1), name) == [error]


# What a single field or text is left alone for, and the gross error beside it, which is not.
NEIGHBOURS = [
    ("drug: vancomycin, route: IV, kind: infusion, dose: 1 g, volume: 250 mL, run_time: 2 h, pump_rate: {}",
     "125 mL/h", "12.5 mL/h", ["RC304 /pump_rate"]),
    ("drug: heparin, kind: infusion, dose: 25000 units, volume: 250 mL, dose_rate: 1000 units/h, pump_rate: {}",
     "10 mL/h", "100 mL/h", ["RC304 /pump_rate"]),
    ("drug: sodium chloride 0.9%, route: IV, kind: infusion, volume: 500 mL, run_time: 4 h, pump_rate: {}",
     "125 mL/h", "1250 mL/h", ["RC304 /pump_rate"]),
    ("drug: cefazolin, route: IV, kind: dose, dose: 2 g, give_over: 30 min, text: {}",
     "Within 60 min before incision", "Infuse within 3 h", ["RC308 /text"]),
    ("drug: norepinephrine, route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, text: {}",
     "0.15 mcg/kg/min if MAP is low; 1.5 mcg/kg/min above 80 kg", "1.5 mcg/kg/min above 80 kg", ["RC308 /text"]),
    ("drug: salbutamol, route: INH, kind: dose, dose: {}", "2 puffs", "2 pufs", ["RC202 /dose"]),
    ("drug: {}, route: PO, kind: dose, dose: 1 tablet", "amlodipine", "clopidogrel", ["RC202 /dose"]),
]  # fmt: skip


@pytest.mark.parametrize(("order", "right", "wrong", "errors"), NEIGHBOURS, ids=[each[0][:40] for each in NEIGHBOURS])
def test_beside_what_is_left_alone_a_gross_error_is_found(
    order: str, right: str, wrong: str, errors: list[str]
) -> None:
    assert _errors(f"{{{order.format(right)}}}", "order.yaml") == []
    assert _errors(f"{{{order.format(wrong)}}}", "order.yaml") == errors
