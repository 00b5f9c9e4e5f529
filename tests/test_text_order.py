"""A text as an order: what it gives is judged where the fields say no dose, and compared where they do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke

INFUSION = "drug: saline, route: IV, kind: infusion"


def errors(order: str) -> list[tuple[str, str, str | None]]:
    text = f"order_set: Example\norders:\n  - {{{order}}}\n"
    outcome = invoke("check", "-", "--format", "json", "--as-of", "2026-11-24", stdin=text)
    found: list[dict[str, Any]] = json.loads(outcome.stdout)["findings"]
    return [(each["code"], each["pointer"], each["found"]) for each in found if each["severity"] == "error"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (f'{INFUSION}, text: "1000 mL at 50 mL/h for 20 h"', []),
        (f'{INFUSION}, text: "1000 mL at 50 mL/h for 4 h"', [("RC308", "/orders/0/text", "1000 mL")]),
        (
            f'{INFUSION}, pump_rate: 50 mL/h, run_time: 4 h, text: "1000 mL at 50 mL/h for 4 h"',
            [("RC308", "/orders/0/text", "1000 mL")],
        ),
        ('drug: clopidogrel, text: "75 mg PO daily"', []),
        ('drug: clopidogrel, text: "300 mg once, then 75 mg daily"', []),
        ('drug: clopidogrel, text: "750 mg PO daily"', [("RC626", "/orders/0/text", "750 mg")]),
        ('drug: aspirin, text: "5 g PO once"', [("RC626", "/orders/0/text", "5 g")]),
        (
            'drug: tirofiban, kind: dose, route: IV, text: "run at 1.5 mcg/kg/min"',
            [("RC402", "/orders/0/text", "1.5 mcg/kg/min")],
        ),
        (
            'drug: tirofiban, route: IV, kind: infusion, text: "12.5 mg/250 mL (250 mcg/mL) at 0.1 mcg/kg/min"',
            [("RC308", "/orders/0/text", "250 mcg/mL")],
        ),
        ("drug: aspirin, route: PO, kind: dose, dose: 325 mg, text: aspirin 325 mg chewed", []),
    ],
)
def test_the_dose_of_a_text_is_judged(order: str, expected: list[tuple[str, str, str]]) -> None:
    assert errors(order) == expected
