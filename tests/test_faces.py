"""What `dose` and `protocol check` say of a typed strength and of a file's times and antiplatelets: as of an order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

DOSE = ("dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--format", "json")


@pytest.mark.parametrize(
    ("concentration", "severity", "exit_code"),
    [("500 mcg/mL", "error", 1), ("5 mcg/mL", "error", 1), ("100 mcg/mL", "warning", 0), ("50 mcg/mL", None, 0)],
)
def test_a_typed_strength_is_judged_like_one_in_an_order(
    concentration: str, severity: str | None, exit_code: int
) -> None:
    typed = invoke(*DOSE, "--infusion-concentration", concentration)
    order = {
        "drug": "tirofiban",
        "route": "IV",
        "kind": "infusion",
        "dose_rate_per_kg": "0.1 mcg/kg/min",
        "concentration": concentration,
    }
    written = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(order))
    for outcome in (typed, written):
        found = [each["severity"] for each in outcome.json["findings"] if each["code"] == "RC424"]
        assert found == ([severity] if severity else [])
    assert (typed.exit_code, written.exit_code) == (exit_code, exit_code)
    places = [each["pointer"] for each in typed.json["findings"] if each["code"] == "RC424"]
    assert places == (["/infusions/0/concentration"] if severity else [])


FILE = """
id = "our-hospital"
title = "Our hospital"
drug = "tirofiban"
kind = "site"
confidence = "not graded"
population = "rescue after thrombectomy"
antiplatelets = "as below"
sources = [{{ id = "our-sop", locator = "SOP 12" }}]
[source.our-sop]
title = "SOP 12"
[[bolus]]
route = "IV"
dose_per_kg = "10 mcg/kg"
give_over = {{ taken = "{give_over}", words = "over {give_over}" }}
[[infusion]]
role = "load"
dose_rate_per_kg = "0.4 mcg/kg/min"
run_time = {{ taken = "{load}", words = "for {load}" }}
[[infusion]]
role = "maintenance"
dose_rate_per_kg = "0.1 mcg/kg/min"
run_time = {{ from = "{least}", to = "24 h", words = "{least} to 24 h" }}
[[antiplatelet]]
drug = "clopidogrel"
dose = "{clopidogrel}"
route = "PO"
frequency = "once"
words = "{clopidogrel} once"
"""
# Both a bolus and a load: what of the two comes first is a finding of its own.
BOTH = ("RC634", "error", "/infusions/0")
RIGHT = {"give_over": "5 min", "load": "30 min", "least": "12 h", "clopidogrel": "300 mg"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, [BOTH]),
        ({"give_over": "5 h"}, [("RC430", "error", "/boluses/0/give_over"), BOTH]),
        ({"load": "30 h"}, [("RC418", "error", "/infusions/0/dose_rate_per_kg")]),
        ({"least": "1 h"}, [BOTH, ("RC412", "warning", "/infusions/1/run_time")]),
        ({"clopidogrel": "3000 mg"}, [("RC626", "error", "/antiplatelet/0/dose"), BOTH]),
    ],
)
def test_what_a_protocol_file_states_is_judged_like_an_order(
    tmp_path: Path, changed: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(FILE.format(**RIGHT | changed), "utf-8")
    outcome = invoke("protocol", "check", str(file), "--format", "json")
    found = [(each["code"], each["severity"], each["pointer"]) for each in outcome.json["findings"]]
    assert [each for each in found if each[1] != "note"] == expected
    assert outcome.exit_code == (1 if any(each[1] == "error" for each in expected) else 0)
