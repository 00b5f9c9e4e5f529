"""What is right and only looks wrong: no finding at warning or above."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.support import LEFT_OUT, invoke

BOLUS = (
    "kind: bolus, dose_per_kg: 10 mcg/kg, dose: 570 mcg, concentration: 50 mcg/mL, volume: 11.4 mL, give_over: 5 min"
)
DRIP = "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, run_time: 24 h"
BAG = f"{DRIP}, concentration: 50 mcg/mL, pump_rate: 10.3 mL/h"
LOAD = "kind: infusion, dose_rate_per_kg: 0.4 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 27.4 mL/h"
STEP = "kind: infusion, dose_rate_per_kg: 0.1 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 6.8 mL/h"


def orders_of(text: str, drug: str) -> list[dict[str, str]]:
    """Return the orders of lines of `field: value, field: value`."""
    lines = (line for line in text.split("\n") if line)
    fields = ([part.split(": ", 1) for part in line.split(", ")] for line in lines)
    return [{"drug": drug, "route": "IV", **dict(each)} for each in fields]


def as_csv(made: dict[str, Any]) -> str:
    """Return an order set as rows, one an order."""
    names = list(dict.fromkeys(name for order in made["orders"] for name in order))
    patient = {f"patient_{name}": value for name, value in made["patient"].items()}
    own = {name: made[name] for name in ("order_set", "protocol") if name in made}
    text = io.StringIO()
    writer = csv.DictWriter(text, [*own, *patient, *names], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**own, **patient, **order} for order in made["orders"])
    return text.getvalue()


def heavy(text: str, name: str) -> list[tuple[str, str]]:
    outcome = invoke("check", "-", "--stdin-filename", name, "--format", "json", stdin=text)
    assert outcome.exit_code in (0, 1), outcome.stderr
    found = (each for each in outcome.json["findings"] if each["severity"] != "note")
    return [(each["code"], each["message"]) for each in found if each["code"] not in LEFT_OUT]


def made(orders: list[dict[str, str]], weight: str, protocol: str | None = None) -> dict[str, Any]:
    named = {"protocol": protocol} if protocol else {}
    return {
        "order_set": "x",
        "weight_basis": "actual",
        **named,
        "patient": {"weight": f"{weight} kg"},
        "orders": orders,
    }


CLEAN: dict[str, tuple[str, str, str]] = {
    "bolus and infusion": ("57", "tirofiban", f"{BOLUS}\n{BAG}"),
    "a VTBI as the bag": ("57", "tirofiban", f"{BAG}, vtbi: 250 mL"),
    "a VTBI of the set rate": ("57", "tirofiban", f"{BAG}, vtbi: 247.2 mL"),
    "a VTBI of the exact rate": ("57", "tirofiban", f"{BAG}, vtbi: 246.24 mL"),
    "a VTBI from start to stop": (
        "57", "tirofiban", f"{BAG.replace(', run_time: 24 h', '')}, start: +0 h, stop: +24 h, vtbi: 247.2 mL",
    ),
    "a load and its step down": (
        "57", "tirofiban", f"{LOAD}, run_time: 30 min, start: +0 h\n{STEP}, run_time: 47.5 h, start: +30 min",
    ),
    "a load that stops": (
        "57", "tirofiban", f"{LOAD}, start: +0 h, stop: +30 min\n{STEP}, start: +30 min, stop: +24 h",
    ),
    "a load without its time": ("57", "tirofiban", f"{LOAD}\n{STEP}, run_time: 24 h"),
    "a load and a step down without times": ("57", "tirofiban", f"{LOAD}\n{STEP}"),
    "a second bag": (
        "57", "tirofiban",
        f"{BAG.replace('24 h', '17 h')}, start: +0 h\n{BAG.replace('24 h', '7 h')}, start: +17 h",
    ),
    "a concentrate, diluted": (
        "57", "tirofiban",
        (f"{DRIP}, product: concentrate-50, diluted_in: 250 mL sodium chloride 0.9 %, concentration: 50 mcg/mL, "
        "pump_rate: 10.3 mL/h"),
    ),
    "a concentrate as label text, diluted": (
        "57", "tirofiban",
        (f"{DRIP}, product: 12.5 mg/50 mL, diluted_in: 250 mL sodium chloride 0.9 %, concentration: 50 mcg/mL, "
        "pump_rate: 10.3 mL/h"),
    ),
    "a concentrate as label text with the diluted concentration": (
        "57", "tirofiban", f"{BAG}, product: 12.5 mg in 50 mL",
    ),
    "a concentrate that hangs": ("57", "tirofiban", f"{DRIP}, product: concentrate-50, pump_rate: 10.3 mL/h"),
    "alteplase, a tenth and the rest": (
        "57", "alteplase",
        ("kind: bolus, dose_per_kg: 0.9 mg/kg, dose: 5.1 mg, concentration: 1 mg/mL, volume: 5.1 mL, give_over: 1 min\n"
        "kind: infusion, dose_per_kg: 0.9 mg/kg, dose: 46.2 mg, concentration: 1 mg/mL, pump_rate: 46.2 mL/h, "
        "run_time: 1 h"),
    ),
    "alteplase, told by its text": (
        "57", "alteplase",
        "kind: bolus, dose_per_kg: 0.9 mg/kg, dose: 5.13 mg, give_over: 1 min, text: 10 percent of the dose as a bolus",
    ),
    "alteplase, capped": (
        "120", "alteplase",
        ("kind: bolus, dose_per_kg: 0.9 mg/kg, dose: 9 mg, max_dose: 90 mg, give_over: 1 min\n"
        "kind: infusion, dose_per_kg: 0.9 mg/kg, dose: 81 mg, max_dose: 90 mg, run_time: 1 h"),
    ),
    "alteplase, capped by its text": (
        "120", "alteplase",
        "kind: bolus, dose_per_kg: 0.9 mg/kg, dose: 9 mg, give_over: 1 min, text: 10% as a bolus; max 90 mg in all",
    ),
    "abciximab, capped": (
        "120", "abciximab",
        ("kind: bolus, dose_per_kg: 0.25 mg/kg, dose: 30 mg, concentration: 2 mg/mL, volume: 15 mL, give_over: 5 min\n"
        "kind: infusion, dose_rate_per_kg: 0.125 mcg/kg/min, dose_rate: 10 mcg/min, max_dose_rate: 10 mcg/min, "
        "concentration: 36 mcg/mL, pump_rate: 16.7 mL/h, run_time: 12 h"),
    ),
    "abciximab, capped as its label says": (
        "120", "abciximab",
        ("kind: infusion, dose_rate_per_kg: 0.125 mcg/kg/min, concentration: 36 mcg/mL, pump_rate: 16.7 mL/h, "
        "run_time: 12 h"),
    ),
    **{
        f"eptifibatide at {weight} kg{', said' if cap else ''}": (
            weight, "eptifibatide",
            (f"kind: bolus, dose_per_kg: 180 mcg/kg, dose: 22.6 mg, concentration: 2 mg/mL, volume: 11.3 mL, "
            f"give_over: 2 min{', max_dose: 22.6 mg' if cap else ''}\n"
            "kind: infusion, dose_rate_per_kg: 2 mcg/kg/min, dose_rate: 15 mg/h, concentration: 0.75 mg/mL, "
            f"pump_rate: 20 mL/h, run_time: 24 h{', max_dose_rate: 15 mg/h' if cap else ''}"),
        )
        for weight in ("122", "124", "126", "150")
        for cap in (True, False)
    },
}  # fmt: skip
FAST = "kind: infusion, dose_rate_per_kg: 0.4 mcg/kg/min"
NAMED = {"eptifibatide": "eptifibatide-label", "abciximab": "abciximab-label"}


@pytest.mark.parametrize("ending", ["yaml", "csv"])
@pytest.mark.parametrize("name", CLEAN)
def test_what_is_right_has_no_finding_above_a_note(name: str, ending: str) -> None:
    weight, drug, text = CLEAN[name]
    for protocol in dict.fromkeys((None, NAMED.get(drug))):
        order_set = made(orders_of(text, drug), weight, protocol)
        if protocol is not None:
            order_set["order_set"] = "PCI"  # a label that excludes a stroke is right for the heart
        assert heavy(as_csv(order_set) if ending == "csv" else json.dumps(order_set), f"a.{ending}") == []


@pytest.mark.parametrize(
    ("drug", "weight", "text", "field"),
    [
        ("alteplase", "57", "kind: bolus, dose_per_kg: 0.9 mg/kg, dose: 5.1 mg", "dose"),
        ("eptifibatide", "100", "kind: bolus, dose_per_kg: 180 mcg/kg, dose: 22.6 mg", "dose"),
        ("eptifibatide", "100", "kind: infusion, dose_rate_per_kg: 2 mcg/kg/min, dose_rate: 7.5 mg/h", "dose_rate"),
        ("tirofiban", "57", f"{DRIP}, product: concentrate-50, pump_rate: 2.1 mL/h", "pump_rate"),
        ("tirofiban", "57", f"{BAG}, product: 12.5 mg in 250 mL".replace("50 mcg/mL", "250 mcg/mL"), "concentration"),
        ("tirofiban", "57", f"{BAG.replace(', run_time: 24 h', '')}, start: +0 h, stop: +24 h, vtbi: 24.7 mL", "vtbi"),
        ("tirofiban", "57", f"{BAG}, start: +4 h, stop: +1 h".replace(", run_time: 24 h", ""), "stop"),
        ("tirofiban", "57", f"{FAST}, start: +0 h, stop: +24 h", "dose_rate_per_kg"),
        ("tirofiban", "57", FAST, "dose_rate_per_kg"),
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_still_an_error(drug: str, weight: str, text: str, field: str) -> None:
    order_set = json.dumps(made(orders_of(text, drug), weight))
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=order_set)
    errors = [each["pointer"] for each in outcome.json["findings"] if each["severity"] == "error"]
    assert f"/orders/0/{field}" in errors


BY_CLEARANCE = """\
order_set: x
weight_basis: actual
patient: {{weight: 80 kg{0}}}
orders:
  - {{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, run_time: 18 h, when: {{creatinine_clearance: "> 60 mL/min"}}}}
  - {{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.075 mcg/kg/min, run_time: 18 h, when: {{creatinine_clearance: "<= 60 mL/min"}}}}
"""  # noqa: E501
BAND = """\
order_set: x
protocol: us-label
weight_basis: actual
patient: {weight: 100 kg}
orders:
  - {drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 6 mL/h, run_time: 18 h, weight: 30-37 kg}
  - {drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 18 mL/h, run_time: 18 h, weight: 96-104 kg}
"""  # noqa: E501
HALVED = """\
order_set: x
indication: acute coronary syndrome
weight_basis: actual
protocol: eptifibatide-label
patient: {weight: 140 kg, creatinine_clearance: 40 mL/min}
orders:
  - {drug: eptifibatide, route: IV, kind: infusion, dose_rate_per_kg: 1 mcg/kg/min, dose_rate: 7.5 mg/h, concentration: 0.75 mg/mL, pump_rate: 10 mL/h, run_time: 24 h}
"""  # noqa: E501
TREND = """\
order_set: x
weight_basis: actual
protocol: trend-2024
patient: {weight: 80 kg}
orders:
  - {drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.4 mcg/kg/min, run_time: 30 min, start: +0 h}
  - {drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.1 mcg/kg/min, run_time: 71.5 h, start: +30 min}
"""


@pytest.mark.parametrize(
    "text",
    [
        BY_CLEARANCE.format(""),
        BY_CLEARANCE.format(", creatinine_clearance: 45 mL/min"),
        BAND,
        HALVED,
        HALVED.replace("protocol: eptifibatide-label\n", ""),
        TREND,
        TREND.replace("71.5 h", "72 h"),
    ],
)
def test_branches_bands_and_what_a_source_leaves_open_are_no_finding(text: str) -> None:
    assert heavy(text, "a.yaml") == []


def test_the_same_dose_is_found_where_no_clearance_asks_for_it() -> None:
    assert [code for code, _ in heavy(BY_CLEARANCE.format("").replace("<= 60", "> 60"), "a.yaml")].count("RC403") == 1
    assert "RC411" in {code for code, _ in heavy(TREND.replace("71.5 h", "70 h"), "a.yaml")}
