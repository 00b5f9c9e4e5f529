"""The pump's maximum is no limit of what is pushed by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke


def too_fast(order: str) -> list[Any]:
    """Return the findings about the pump's maximum in one order."""
    return list(invoke("check", "-", "--select", "RC310", "--format", "json", stdin=f"{{{order}}}").json["findings"])


BY_HAND = [
    "drug: tenecteplase, route: IV, kind: bolus, dose: 25 mg, concentration: 5 mg/mL, volume: 5 mL, give_over: 5 s",
    "drug: adenosine, route: IV, kind: bolus, dose: 6 mg, concentration: 3 mg/mL, give_over: 1 s",
    "drug: sodium chloride, route: IV, kind: bolus, volume: 20 mL, give_over: 5 s",
    "drug: dextrose, route: IV, kind: bolus, dose: 25 g, concentration: 500 mg/mL, volume: 50 mL, give_over: 2 min",
    "drug: sodium bicarbonate, route: IV, kind: dose, dose: 50 mEq, concentration: 1 mEq/mL, give_over: 1 min",
    "drug: cangrelor, route: IV, kind: bolus, dose: 3.6 mg, concentration: 200 mcg/mL, volume: 18 mL, give_over: 1 min",
    "drug: iohexol, route: IA, kind: bolus, volume: 60 mL, give_over: 20 s",
]
ON_A_PUMP = [
    ("drug: cefazolin, route: IV, kind: bolus, volume: 100 mL, give_over: 3 min", "volume"),
    ("drug: iohexol, route: IA, kind: bolus, volume: 61 mL, give_over: 20 s", "give_over"),
    ("drug: adenosine, route: IV, kind: bolus, volume: 4 mL, pump_rate: 7200 mL/h", "pump_rate"),
    ("drug: sodium chloride, route: IV, kind: infusion, vtbi: 50 mL, pump_rate: 1500 mL/h", "pump_rate"),
    # Its labels say in how many minutes: 5 s for 5 min.
    ("drug: tirofiban, route: IV, kind: bolus, concentration: 50 mcg/mL, volume: 16 mL, give_over: 5 s", "give_over"),
    ("drug: tirofiban, route: IV, kind: bolus, concentration: 250 mcg/mL, volume: 3.2 mL, give_over: 3 s", "give_over"),
]


@pytest.mark.parametrize("order", BY_HAND)
def test_a_bolus_that_a_syringe_holds_has_no_pump(order: str) -> None:
    assert too_fast(order) == []


@pytest.mark.parametrize(("order", "field"), ON_A_PUMP)
def test_what_a_pump_is_set_to_or_no_syringe_holds_is_limited(order: str, field: str) -> None:
    [found] = too_fast(order)
    assert (found["severity"], found["pointer"]) == ("error", f"/{field}")


def test_one_flow_that_is_told_by_two_fields_is_one_finding_and_heals() -> None:
    order = (
        "drug: mannitol, route: IV, kind: bolus, dose: 12 g, concentration: 200 mg/mL, volume: 60 mL, "
        "pump_rate: 1200 mL/h, give_over: 3 min"
    )
    [found] = too_fast(order)
    assert found["expected"] is None  # what was worked out from the number would contradict any other
    assert json.dumps(found["expected_range"]) != "null"
