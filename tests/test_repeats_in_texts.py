"""A bolus or an infusion that a text gives again in a clause of nothing else; right neighbours beside the wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke

BOLUS = {"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg", "give_over": "3 min"}
DRIP = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}
AGAIN = (
    *(
        "10 mcg/kg over 3 min, twice, from the vial by syringe",
        "Give now, then every 8 h",
        "twice over 3 min",
        "zweimal",
    ),
    *("doppelte Dosis", "once before and once after stenting", "on request", "may repeat", "4x", "until 2 doses given"),
    *("each pass of the stent retriever", "10 mcg/kg times two", "Bolus now, second in 30 min", "nach Bedarf"),
)
DRIPS_AGAIN = ("0.1 mcg/kg/min, twice", "now, then every 8 h", "Rate verdoppeln", "repeat")
RIGHT = (
    *("give once, do not repeat", "no repeat bolus", "repeat CT after 24 h", "check twice", "on request of neurology"),
    *("BP before and after stenting", "second nurse checks", "2 x 12.5 mg vials in stock", "neuro checks 4x daily"),
)


@pytest.mark.parametrize(("order", "wrong"), [(BOLUS, AGAIN), (DRIP, DRIPS_AGAIN)])
def test_what_a_text_gives_again_in_a_clause_of_its_own_is_found(order: dict[str, str], wrong: tuple[str, ...]) -> None:
    made = [{**order, "text": text, "choose_one": "one"} for text in (*wrong, *RIGHT)]
    text = json.dumps({"order_set": "S", "orders": made})
    outcome = invoke("check", "-", "--format", "json", "--select", "RC317,RC429,RC636", stdin=text)
    findings: list[dict[str, Any]] = outcome.json["findings"]
    assert {each["pointer"] for each in findings} == {f"/orders/{place}/text" for place in range(len(wrong))}
