"""Where a container alone says how much is given, and where a whole dose stands beside a rate without a strength."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke


def checked(fields: dict[str, str], drug: str = "tirofiban", weight: str = "") -> tuple[list[tuple[str, str]], str]:
    """Return code and pointer of the errors of an infusion, and how far it was judged."""
    order = {"drug": drug, "route": "IV", "kind": "infusion", **fields}
    made: dict[str, Any] = {"order_set": "S", "orders": [order]}
    if weight:
        made["patient"] = {"weight": weight}
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made))
    errors = [each for each in outcome.json["findings"] if each["severity"] == "error"]
    [state] = [name for name, count in outcome.json["summary"]["judged"].items() if count]
    return [(each["code"], each["pointer"]) for each in errors], state


@pytest.mark.parametrize("weight", ["", "80 kg"])
@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"dose": "12.5 mg", "run_time": "1 h"}, "/orders/0/dose"),
        ({"dose": "12.5 mg", "give_over": "30 min"}, "/orders/0/dose"),
        ({"product": "bag-250", "vtbi": "250 mL", "run_time": "1 h"}, "/orders/0/vtbi"),
        ({"product": "12.5 mg in 250 mL", "vtbi": "250 mL", "run_time": "1 h"}, "/orders/0/vtbi"),
        ({"product": "bag-250", "volume": "250 mL", "run_time": "1 h"}, "/orders/0/volume"),
        ({"text": "12.5 mg over 1 h"}, "/orders/0/text"),
    ],
)
def test_a_container_that_is_no_dose_in_its_time_is_not_judged_and_said_so(
    fields: dict[str, str], pointer: str, weight: str
) -> None:
    errors, state = checked(fields, weight=weight)
    assert errors == [("RC712", pointer)]
    assert state == ("text_only" if "text" in fields else "not_judged")


@pytest.mark.parametrize(
    ("fields", "weight"),
    [
        ({"dose": "12.5 mg", "run_time": "24 h"}, ""),
        ({"dose": "12.5 mg", "run_time": "24 h"}, "80 kg"),
        ({"product": "bag-250", "vtbi": "250 mL", "run_time": "17 h"}, "80 kg"),  # 14.4 mL/h leaves 5 mL
        ({"product": "bag-250", "vtbi": "250 mL", "run_time": "48 h"}, "100 kg"),  # two bags at 9.6 mL/h
    ],
)
def test_a_container_that_is_a_dose_in_its_time_is_judged_as_one(fields: dict[str, str], weight: str) -> None:
    assert checked(fields, weight=weight) == ([], "dose")


@pytest.mark.parametrize(
    ("drug", "dose", "rate", "time", "errors"),
    [
        ("magnesium sulfate", "16 g", "1 g/h", "4 h", [("RC309", "/orders/0/dose")]),
        ("magnesium sulfate", "4 g", "1 g/h", "4 h", []),
        ("midazolam", "5 mg", "1 mg/h", "4 h", [("RC309", "/orders/0/dose")]),
        ("midazolam", "4 mg", "1 mg/h", "4 h", []),
    ],
)
def test_a_dose_beside_a_rate_and_a_time_has_to_be_what_they_give(
    drug: str, dose: str, rate: str, time: str, errors: list[tuple[str, str]]
) -> None:
    assert checked({"dose": dose, "dose_rate": rate, "run_time": time}, drug=drug) == (errors, "arithmetic")


def test_a_dose_that_its_label_holds_may_hang_there() -> None:
    fields = {"dose": "20 g", "product": "20 g in 500 mL", "dose_rate": "1 g/h", "run_time": "4 h"}
    assert checked(fields, drug="magnesium sulfate") == ([], "arithmetic")
