"""`check --compare`: what changed clinically between two versions, by value and not by spelling."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from rescuecalc.core.orders import order_field
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support import Outcome

DRIP = (
    "{id: drip, drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.1 mcg/kg/min, "
    "concentration: 50 mcg/mL, run_time: 24 h}"
)
ASPIRIN = "{drug: aspirin, route: PO, kind: dose, dose: 300 mg, frequency: daily}"
OLD = f"order_set: Rescue\nversion: 1\norders:\n- {DRIP}\n- {ASPIRIN}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def compare(new: str, *args: str, old: str = OLD) -> Outcome:
    Path("old.yaml").write_text(old, encoding="utf-8")
    Path("new.yaml").write_text(new, encoding="utf-8")
    return invoke("check", "--compare", "old.yaml", "new.yaml", *(args or ("--json",)))


def changes(outcome: Outcome) -> list[tuple[Any, ...]]:
    return [(each["what"], each["field"], each["before"], each["after"]) for each in outcome.json["changes"]]


@pytest.mark.parametrize(
    ("was", "becomes", "change"),
    [
        ("0.1 mcg/kg/min", "0.15 mcg/kg/min", ("rate", "dose_rate_per_kg", "0.1 mcg/kg/min", "0.15 mcg/kg/min")),
        ("50 mcg/mL", "250 mcg/mL", ("concentration", "concentration", "50 mcg/mL", "250 mcg/mL")),
        ("run_time: 24 h", "run_time: 24 h, vtbi: 90 mL", ("volume", "vtbi", None, "90 mL")),
        ("24 h", "48 h", ("time", "run_time", "24 h", "48 h")),
        ("300 mg", "100 mg", ("dose", "dose", "300 mg", "100 mg")),
        ("route: PO", "route: NG", ("route", "route", "PO", "NG")),
        ("daily", "twice daily", ("time", "frequency", "daily", "twice daily")),
        ("id: drip", 'id: drip, when: {weight: "< 90 kg"}', ("condition", "when", None, "weight < 90 kg")),
        ("tirofiban", "eptifibatide", ("drug", "drug", "tirofiban", "eptifibatide")),
        ("id: drip", "id: drip, text: call first", ("text", "text", None, "call first")),
        (f"- {ASPIRIN}\n", "", ("drug gone", "", "PO, dose, 300 mg, daily", None)),
        ("orders:\n", f"orders:\n- {ASPIRIN}\n", ("order added", "", None, "PO, dose, 300 mg, daily")),
        ("order_set: Rescue\n", "order_set: B\nprotocol: us-label\n", ("order set", "protocol", None, "us-label")),
    ],
)
def test_a_change_is_one_and_of_its_kind(was: str, becomes: str, change: tuple[Any, ...]) -> None:
    assert was in OLD
    outcome = compare(OLD.replace(was, becomes))
    assert (changes(outcome), outcome.exit_code) == ([change], 1)
    assert compare(OLD.replace(was, becomes), "--exit-zero", "--json").exit_code == 0


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("300 mg", "0.3 g"),
        ("24 h", "1440 min"),
        ("0.1 mcg/kg/min", "6 mcg/kg/h"),
        ("version: 1", "version: 2"),
        (f"- {DRIP}\n- {ASPIRIN}\n", f"- {ASPIRIN}\n- {DRIP}\n"),
        ("tirofiban", "Aggrastat"),
        ("drug: aspirin", "id: asa, drug: aspirin"),
        ("route: PO", "route: po"),
    ],
)
def test_another_spelling_or_order_is_no_change(was: str, becomes: str) -> None:
    outcome = compare(OLD.replace(was, becomes))
    assert (changes(outcome), outcome.exit_code) == ([], 0)
    assert "no clinical change between 2 orders and 2 orders" in compare(OLD.replace(was, becomes), "--quiet").stdout


def test_the_document_is_valid_and_has_the_factor() -> None:
    schema = json.loads((Path(__file__).parent.parent / "docs/schema/rescuecalc.compare.1.json").read_text("utf-8"))
    outcome = compare(OLD.replace("0.1 mcg", "1 mcg"))
    Draft202012Validator(schema).validate(json.loads(outcome.stdout))
    assert [each["factor"] for each in outcome.json["changes"]] == [10]
    assert (outcome.json["summary"]["rate"], outcome.json["summary"]["dose"]) == (1, 0)
    assert "0.1 mcg/kg/min → 1 mcg/kg/min (10 times)" in " ".join(
        compare(OLD.replace("0.1 mcg", "1 mcg"), "--quiet").stdout.split()
    )


def test_sets_are_matched_by_name_and_what_was_not_read_is_not_gone() -> None:
    two = f"{OLD}---\norder_set: Other\norders: [{ASPIRIN}]\n"
    other = f"order_set: Other\norders: [{ASPIRIN}]\n---\n{OLD.replace('24 h', '12 h')}"
    assert changes(compare(other, old=two)) == [("time", "run_time", "24 h", "12 h")]
    outcome = compare("order_set: [")
    assert (changes(outcome), outcome.exit_code) == ([], 3)
    assert outcome.json["not_compared"][0].startswith("new.yaml: ")


def test_it_takes_two_paths_and_two_formats() -> None:
    assert invoke("check", "--compare", "old.yaml").exit_code == 2
    refused = compare(OLD, "--format", "sarif")
    assert (refused.exit_code, "--format: cannot read 'sarif'; write text or json" in refused.stderr) == (2, True)
    assert compare(OLD, "-o", "old.yaml").exit_code == 2


def test_what_is_notation_alone_is_no_change() -> None:
    daily = OLD.replace("drug: aspirin", "drug: aspirin, frequency: daily, text: 10 mg daily")
    written = daily.replace("frequency: daily, text: 10 mg daily", "frequency: QD, text: 10mg QD")
    assert changes(compare(written, old=daily)) == []
    assert changes(compare(written.replace("QD", "QID"), old=daily)) != []


def test_a_factor_has_four_digits_on_the_page() -> None:
    outcome = compare(OLD.replace("300 mg", "91 mg"), "--quiet")
    assert "300 mg → 91 mg (0.3033 times)" in " ".join(outcome.stdout.split())


FULL: dict[str, Any] = {
    "order_set": "Rescue",
    "version": "1",
    "approved": "2026-01-01",
    "indication": "rescue after stroke",
    "protocol": "yang-2020-iv",
    "weight_basis": "actual",
    "care_area": "NICU",
    "patient": {
        "weight": "80 kg",
        "creatinine_clearance": "90 mL/min",
        "thrombolysis": "-2 h",
        "platelets": "200",
        "inr": "1.1",
        "blood_pressure": "150/80",
        "anticoagulant": "none",
        "dialysis": "no",
        "prior_thrombocytopenia": "none",
        "intracranial_haemorrhage": "no",
        "cyp2c19": "normal",
        "haemoglobin": "12 g/dL",
    },
    "orders": [
        {
            "id": "drip",
            "drug": "tirofiban",
            "route": "IV",
            "kind": "infusion",
            "dose_per_kg": "10 mcg/kg",
            "dose": "800 mcg",
            "dose_rate_per_kg": "0.1-0.15 mcg/kg/min",
            "dose_rate": "480 mcg/h",
            "max_dose": "1 mg",
            "max_dose_rate": "900 mcg/h",
            "concentration": "50 mcg/mL",
            "volume": "16 mL",
            "pump_rate": "9.6 mL/h",
            "vtbi": "250 mL",
            "give_over": "5 min",
            "run_time": "24 h",
            "product": "bag-250",
            "diluted_in": "saline",
            "start": "+0 h",
            "stop": "+24 h",
            "frequency": "daily",
            "prn": "pain",
            "titrate": {
                "start": "0.1 mcg/kg/min",
                "step": "0.01 mcg/kg/min",
                "every": "10 min",
                "min": "0.05 mcg/kg/min",
                "max": "0.15 mcg/kg/min",
                "target": "MAP 65",
            },
            "care_area": "ICU",
            "weight": "70-80 kg",
            "when": {
                "creatinine_clearance": "> 60 mL/min",
                "weight": "> 50 kg",
                "thrombolysis": "none",
                "imaging": "no haemorrhage",
            },
            "choose_one": "drip",
            "text": "call first",
        }
    ],
    "monitoring": [{"check": "platelets", "at": "baseline", "then": "daily"}],
    "stop_if": ["platelets below 90 x10^9/L"],
}
CHANGED = {
    "drug": "eptifibatide",
    "route": "IA",
    "kind": "bolus",
    "dose_rate_per_kg": "0.1-0.16 mcg/kg/min",
    "product": "bag-100",
    "diluted_in": "water",
    "start": "+1 h",
    "stop": "+30 h",
    "frequency": "twice daily",
    "prn": "fever",
    "choose_one": "bag",
    "text": "do not call",
    "indication": "acute coronary syndrome",
    "protocol": "us-label",
    "weight_basis": "ideal",
    "care_area": "ED",
    "thrombolysis": "given",
    "anticoagulant": "apixaban",
    "dialysis": "yes",
    "prior_thrombocytopenia": "tirofiban",
    "intracranial_haemorrhage": "yes",
    "cyp2c19": "poor",
    "imaging": "haemorrhage",
    "check": "haemoglobin",
    "at": "after 6 h",
    "then": "weekly",
}
NAMES_THE_DOCUMENT = {"order_set", "version", "approved", "id"}


def places(value: Any, *above: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the place of every text."""
    if isinstance(value, str):
        yield above
        return
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        yield from places(each, *above, key)


def with_another(place: tuple[Any, ...], text: str | None) -> dict[str, Any]:
    made = copy.deepcopy(FULL)
    at = made
    for key in place[:-1]:
        at = at[key]
    if text is None:
        del at[place[-1]]
    else:
        at[place[-1]] = text
    return made


def another(name: Any, text: str) -> str:
    """Return another value of a field: of its own, else with its first number one tenth up."""
    if "mcg/kg/min" in text and name == "start":
        return "0.11 mcg/kg/min"
    return CHANGED.get(name) or re.sub("[0-9.]+", lambda each: f"{float(each[0]) * 1.1:.4g}", text, count=1)


def test_the_full_set_has_every_field_of_the_format() -> None:
    order, every = FULL["orders"][0], set(places(FULL))
    assert set(FULL) == set(order_field.SET)
    assert (set(order), set(order["when"]), set(order["titrate"])) == tuple(
        map(set, (order_field.ORDER, order_field.WHEN, order_field.TITRATE))
    )
    assert (set(FULL["patient"]), set(FULL["monitoring"][0])) == (set(order_field.PATIENT), set(order_field.MONITORING))
    assert len(every) == len({place for place in every if place[-1] not in NAMES_THE_DOCUMENT}) + 4


def test_every_field_that_changes_or_goes_is_reported() -> None:
    old = json.dumps(FULL)
    silent = []
    for place in places(FULL):
        text = FULL
        for key in place:
            text = text[key]
        for value in (another(place[-1], str(text)), None):
            outcome = compare(json.dumps(with_another(place, value)), old=old)
            reported = changes(outcome)
            if bool(reported) is (place[-1] in NAMES_THE_DOCUMENT) or len(reported) > 1:
                silent.append((place, value, reported))
    assert silent == []


def test_what_is_said_in_other_words_is_no_change() -> None:
    for place, text in (
        (("patient", "weight"), "80.0 kg"),
        (("orders", 0, "titrate", "max"), "9 mcg/kg/h"),
        (("orders", 0, "titrate", "every"), "600 s"),
        (("orders", 0, "dose_rate_per_kg"), "6-9 mcg/kg/h"),
        (("monitoring", 0, "then"), "QD"),
        (("stop_if", 0), "platelets  below 90 x10^9/L"),
    ):
        outcome = compare(json.dumps(with_another(place, text)), old=json.dumps(FULL))
        assert (changes(outcome), outcome.exit_code) == ([], 0), (place, text)
