"""The oracle on orders whose answer is worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.order_model.incidents import faulty, strange
from tests.order_model.oracle import Verdict, verdict

pytestmark = pytest.mark.long

TIROFIBAN = {"drug": "tirofiban", "route": "IV"}
BOLUS = {**TIROFIBAN, "kind": "bolus", "dose_per_kg": "10 mcg/kg"}
DRIP = {**TIROFIBAN, "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min", "concentration": "50 mcg/mL"}
HEPARIN = {"drug": "heparin", "route": "IV", "kind": "infusion", "concentration": "100 units/mL"}


def judged(*orders: dict[str, str], weight: str = "", clearance: str = "") -> Verdict:
    patient = {"weight": weight} if weight else {}
    patient |= {"creatinine_clearance": clearance} if clearance else {}
    made: dict[str, Any] = {"order_set": "a", "orders": list(orders)}
    return verdict(made | ({"patient": patient} if patient else {}))


TRUE: dict[str, tuple[str, list[dict[str, str]]]] = {
    "80 kg x 0.15 = 14.4 mL/h": ("80 kg", [{**DRIP, "pump_rate": "14.4 mL/h"}]),
    "some usual weight": ("", [{**DRIP, "pump_rate": "14.4 mL/h"}, {**BOLUS, "dose": "800 mcg"}]),
    "57 kg: 10.26, set to 10.3": ("57 kg", [{**DRIP, "pump_rate": "10.3 mL/h"}]),
    "the rate as delivered": ("57 kg", [{**DRIP, "dose_rate_per_kg": "0.151 mcg/kg/min", "pump_rate": "10.3 mL/h"}]),
    "a dose per kg read to half a digit, since the volume is exact": (
        "62 kg",
        [{**BOLUS, "dose_per_kg": "10.5 mcg/kg", "concentration": "250 mcg/mL", "volume": "2.6 mL"}],
    ),
    "a cap that binds": (
        "150 kg",
        [{**HEPARIN, "dose_rate_per_kg": "18 units/kg/h", "max_dose_rate": "2000 units/h", "pump_rate": "20 mL/h"}],
    ),
    "the whole bag": ("80 kg", [{**DRIP, "pump_rate": "14.4 mL/h", "run_time": "24 h", "vtbi": "250 mL"}]),
    "the amount of a bag": ("", [{**HEPARIN, "dose": "25000 units", "pump_rate": "10 mL/h", "run_time": "24 h"}]),
    "rows of one table": (
        "",
        [
            {**DRIP, "weight": "46-54 kg", "pump_rate": "9 mL/h"},
            {**DRIP, "weight": "96-104 kg", "pump_rate": "18 mL/h"},
        ],
    ),
    "a text in another unit": ("80 kg", [{**DRIP, "pump_rate": "14.4 mL/h", "text": "tirofiban 12 mcg/min"}]),
}
FALSE: dict[str, tuple[str, list[dict[str, str]]]] = {
    "fits 800 kg": ("", [{**DRIP, "pump_rate": "144 mL/h"}]),
    "another digit": ("80 kg", [{**DRIP, "pump_rate": "13.4 mL/h"}]),
    "80 kg and 36 kg": ("", [{**BOLUS, "dose": "800 mcg"}, {**DRIP, "pump_rate": "6.5 mL/h"}]),
    "a real bag": ("80 kg", [{**DRIP, "product": "1.25 mg in 250 mL", "pump_rate": "14.4 mL/h"}]),
    "above its cap": ("", [{**HEPARIN, "dose_rate": "1200 units/h", "max_dose_rate": "1000 units/h"}]),
    "a cap that always binds": (
        "90 kg",
        [{**HEPARIN, "dose_rate_per_kg": "12 units/kg/min", "max_dose_rate": "1000 units/h", "pump_rate": "10 mL/h"}],
    ),
    "a volume set as the rate": (
        "80 kg",
        [{**BOLUS, "concentration": "50 mcg/mL", "pump_rate": "16 mL/h", "give_over": "3 min"}],
    ),
    "ten times its text": (
        "80 kg",
        [
            {
                **HEPARIN,
                "drug": "dopamine",
                "concentration": "1600 mcg/mL",
                "pump_rate": "150 mL/h",
                "text": "5 mcg/kg/min",
            }
        ],
    ),
    "no published dose": ("80 kg", [{**BOLUS, "dose_per_kg": "100 mcg/kg", "dose": "8000 mcg"}]),
    "a load that runs for a day": ("80 kg", [{**DRIP, "dose_rate_per_kg": "0.4 mcg/kg/min", "run_time": "24 h"}]),
    "stronger than any product": ("80 kg", [{**BOLUS, "concentration": "500 mcg/mL", "volume": "1.6 mL"}]),
    "faster than any pump": ("", [{**HEPARIN, "pump_rate": "1000 mL/h"}]),
    "another row": ("", [{**DRIP, "weight": "46-54 kg", "pump_rate": "18 mL/h"}]),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_can_be_true_is_feasible(name: str) -> None:
    weight, orders = TRUE[name]
    assert judged(*orders, weight=weight) is Verdict.FEASIBLE


@pytest.mark.parametrize("name", FALSE)
def test_what_cannot_be_true_is_infeasible(name: str) -> None:
    weight, orders = FALSE[name]
    assert judged(*orders, weight=weight) is Verdict.INFEASIBLE


@pytest.mark.parametrize("rate", ["14 mL/h", "14.9 mL/h", "13.8 mL/h"])
def test_a_number_that_is_off_by_at_most_a_twentieth_is_near(rate: str) -> None:
    near = Verdict.FEASIBLE if rate == "14 mL/h" else Verdict.NEAR
    assert judged({**DRIP, "pump_rate": rate}, weight="80 kg") is near


def test_a_renal_dose_needs_a_clearance_that_may_be_so_low() -> None:
    order = {**DRIP, "dose_rate_per_kg": "0.05 mcg/kg/min", "pump_rate": "4.8 mL/h"}
    assert judged(order, weight="80 kg", clearance="25 mL/min") is Verdict.FEASIBLE
    assert judged(order, weight="80 kg", clearance="90 mL/min") is Verdict.INFEASIBLE


def test_every_faulty_incident_is_infeasible_and_the_others_but_the_parts_of_a_total_are_not() -> None:
    assert [each.name for each in faulty() if verdict(each.order_set) is not Verdict.INFEASIBLE] == []
    assert [each.name for each in strange() if verdict(each.order_set) is not Verdict.FEASIBLE] == [
        "alteplase in two parts, the first rounded down"
    ]


def test_the_incidents_are_many() -> None:
    assert (len(list(faulty())), len(list(strange()))) == (77, 28)
    slips = {each.slip for each in faulty()}
    assert {"decimal point", "lb for kg", "mcg/min set as mL/h", "per hour for per minute", ""} <= slips
