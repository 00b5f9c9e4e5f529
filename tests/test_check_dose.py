"""What `dose` writes, `check` reads: the same doses as an order set have no finding that `dose` does not have."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from tests.support import LEFT_OUT, invoke

COMMANDS = [
    f"dose {protocol} --weight {weight}kg {more}"
    for protocol, more in (
        ("khachatryan-2023-case", "--infusion-product bag-250 --bolus-product vial-15"),
        ("yang-2020-ia", "--run-time 24h --infusion-product bag-250 --bolus-product vial-15"),
        ("yang-2020-iv", "--run-time 24h --infusion-product bag-100 --bolus-product bag-250"),
        ("huo-2021", "--run-time 24h --ia-dose 0.5mg --infusion-product bag-250"),
        ("rescue-bt-2022", "--infusion-product bag-250 --bolus-product vial-15 --give-over 5min"),
        ("trend-2024", "--infusion-product bag-250"),
        ("instant-2024", "--infusion-product bag-250"),
        ("us-label", "--run-time 18h --crcl 45mL/min --infusion-product bag-250 --bolus-product vial-15"),
        ("eu-label-bolus", "--run-time 24h --crcl 90mL/min --infusion-product bag-250 --bolus-product vial-15"),
        ("eu-label-load", "--run-time 48h --crcl 90mL/min --infusion-product bag-250"),
        ("eptifibatide-low", "--run-time 24h --infusion-product eptifibatide-bag-100"),
    )
    for weight in (57, 80, 122)
]


def text(quantity: Any) -> str | None:
    """Return a quantity of a document as it is written in an order."""
    return None if quantity is None else f"{quantity['value']} {quantity['unit']}"


def order(made: Any, kind: str, place: int) -> dict[str, str]:
    names = ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "concentration", "volume", "pump_rate", "run_time")
    quantities = {
        name: made.get(name) for name in (*names, "vtbi", "give_over") if (kind, name) != ("bolus", "pump_rate")
    }
    fields = {name: text(value) for name, value in quantities.items() if value}
    told = {"id": f"{kind}-{place}", "drug": "DRUG", "route": made["route"], "kind": kind, **fields}
    return {name: value for name, value in told.items() if value is not None}


def implied(made: Any) -> dict[str, Any]:
    """Return the order set that a document of `dose` implies."""
    orders = [order(each, kind, place) for kind in ("bolus", "infusion") for place, each in enumerate(of(made, kind))]
    for each in orders:
        each["drug"] = made["protocol"]["drug"]
    patient = {"weight": text(made["dosing_weight"]), "creatinine_clearance": text(made["creatinine_clearance"])}
    return {
        "order_set": "as dosed",
        "protocol": made["protocol"]["id"],
        "weight_basis": "actual",
        "patient": {name: value for name, value in patient.items() if value},
        "orders": orders,
    }


def of(made: Any, kind: str) -> list[Any]:
    return list(made["boluses" if kind == "bolus" else "infusions"])


def heavy(findings: list[Any]) -> set[str]:
    found = {finding["code"] for finding in findings if finding["severity"] != "note"}
    return found - LEFT_OUT  # a dose says nothing of what is watched


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("ending", [".json", ".yaml"])
def test_what_dose_says_is_read_without_a_finding_of_its_own(command: str, ending: str) -> None:
    made = json.loads(invoke(*shlex.split(command), "--format", "json").stdout, parse_float=str, parse_int=str)
    outcome = invoke(
        "check", "-", "--stdin-filename", f"a{ending}", "--format", "json", stdin=json.dumps(implied(made))
    )
    assert heavy(outcome.json["findings"]) <= heavy(made["findings"]), outcome.json["findings"]
