"""`check --compare`: what changed clinically between two versions, by value and not by spelling."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from tests.support import invoke

if TYPE_CHECKING:
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
