"""Where a text contradicts fields that agree with each other, the text is blamed, and following the advice heals it."""

from __future__ import annotations

import json
from typing import Any

from tests.support import invoke

DRIP = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "run_time": "24 h"}
INSULIN = {"drug": "insulin regular", "route": "IV", "kind": "infusion", "concentration": "1 units/mL"}
HALF = {**DRIP, "when": {"creatinine_clearance": "<= 60 mL/min"}, "dose_rate_per_kg": "0.075 mcg/kg/min"}
FULL = {**DRIP, "when": {"creatinine_clearance": "> 60 mL/min"}, "dose_rate_per_kg": "0.15 mcg/kg/min"}
LONE = {**DRIP, "dose_rate_per_kg": "0.1 mcg/kg/min"}
PUMP = {**DRIP, "pump_rate": "9.6 mL/h", "concentration": "50 mcg/mL"}
OF_INSULIN = {**INSULIN, "dose_rate": "4 units/h", "pump_rate": "4 mL/h", "run_time": "24 h"}
SET = {"order_set": "S", "patient": {"weight": "80 kg"}}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({**SET, "patient": {}, "orders": [FULL, {**HALF, "text": "0.15 mcg/kg/min"}]}, "/orders/1", "0.075 mcg/kg/min"),
    ({**SET, "patient": {}, "orders": [{**FULL, "text": "0.075 mcg/kg/min"}, HALF]}, "/orders/0", "0.15 mcg/kg/min"),
    ({**SET, "orders": [{**LONE, "text": "0.15 mcg/kg/min"}]}, "/orders/0", "0.1 mcg/kg/min"),
    ({**SET, "orders": [{**LONE, "text": "0.05 mcg/kg/min"}]}, "/orders/0", "0.1 mcg/kg/min"),
    ({**SET, "orders": [{**PUMP, "text": "0.05 mcg/kg/min"}]}, "/orders/0", "0.1 mcg/kg/min"),
    ({**SET, "orders": [{**OF_INSULIN, "text": "0.1 units/kg/h"}]}, "/orders/0", "0.05 units/kg/h"),
]
RIGHT: list[dict[str, Any]] = [
    {**SET, "patient": {}, "orders": [{**FULL, "text": "0.15 mcg/kg/min"}, {**HALF, "text": "0.075 mcg/kg/min"}]},
    {**SET, "orders": [{**LONE, "text": "0.10 mcg/kg/min"}]},
    {**SET, "orders": [{**PUMP, "text": "0.1 mcg/kg/min"}]},
    {**SET, "orders": [{**OF_INSULIN, "text": "0.05 units/kg/h"}]},
]


def found_in(sets: list[dict[str, Any]]) -> list[tuple[int, str, str, str | None]]:
    """Return line, code, pointer and expected value of what is found of numbers in each set."""
    lines = "\n".join(map(json.dumps, sets))
    outcome = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", "--select", "RC3", stdin=lines)
    findings: list[dict[str, Any]] = outcome.json["findings"]
    return [(int(each["line"]), each["code"], each["pointer"], each["expected"]) for each in findings]


def test_a_text_that_contradicts_fields_which_agree_is_what_is_wrong() -> None:
    assert sorted(found_in([made for made, _, _ in WRONG])) == [
        (line, "RC308", f"{order}/text", expected) for line, (_, order, expected) in enumerate(WRONG, start=1)
    ]
    assert found_in(RIGHT) == []


def test_a_field_that_gives_a_dose_of_no_source_may_be_healed_by_the_text() -> None:
    made = {**SET, "orders": [{**DRIP, "dose_rate_per_kg": "1 mcg/kg/min", "text": "0.1 mcg/kg/min"}]}
    assert found_in([made]) == [(1, "RC303", "/orders/0/dose_rate_per_kg", "0.1 mcg/kg/min")]
