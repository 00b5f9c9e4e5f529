"""A third set of frozen order sets and of gross errors, written before anything was changed for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import invoke

THIRD = Path(__file__).parent / "third"

# What the ISMP list or a label says of them is true, and what a set leaves out is left out.
TRUE = frozenset(("RC210", "RC214", "RC217", "RC222", "RC226", "RC705", "RC706"))

# Aspirin into a vein: the finding says itself that it was not judged, since no source held here states a dose.
NOT_JUDGED = "intensiv-export.csv RC627"

FALSE = {
    "error": [],
    "warning": [
        # Heparin in an export of all that a patient gets, and no word of what it is for.
        "fhir-r4-bundle.json RC624",
        # FHIR has no place to say whether a thrombolysis was given.
        "fhir-r4-plan.json RC613",
        "fhir-r5-orchestration.json RC613",
        # An embolism of the lung, in a text that no rule reads for it.
        "fhir-requests.ndjson RC665",
        "fhir-requests.ndjson RC665",
        # A row of a medication record says nothing of what the patient had.
        "mar-sigs.jsonl RC620",
    ],
}


def checked(path: Path) -> Any:
    columns = path.with_suffix(".toml")
    more = ("--columns", str(columns)) if columns.exists() else ()
    outcome = invoke("check", str(path), *more, "--format", "json", "--as-of", "2026-11-24")
    return json.loads(outcome.stdout)


def test_few_findings_on_sets_that_are_right_are_false() -> None:
    false: dict[str, list[str]] = {"error": [], "warning": []}
    orders = 0
    for path in sorted(each for each in THIRD.iterdir() if each.suffix != ".toml"):
        made = checked(path)
        orders += made["summary"]["orders"]
        for each in made["findings"]:
            found = f"{path.name} {each['code']}"
            if each["severity"] in false and each["code"] not in TRUE and found != NOT_JUDGED:
                false[each["severity"]].append(found)
    assert false == FALSE
    assert orders == 132
    assert len(false["error"]) * 100 <= 1 * orders
    assert len(false["warning"]) * 100 <= 5 * orders


ERRORS = [json.loads(line) for line in (THIRD.parent / "third_errors.jsonl").read_text("utf-8").splitlines()]
# No source held here bounds heparin: its orders are "arithmetic only", and reported so.
UNBOUNDED = "heparin"


@pytest.mark.parametrize(("name", "document"), ERRORS, ids=[each[0] for each in ERRORS])
def test_a_gross_error_in_odd_words_is_an_error(name: str, document: object) -> None:
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(document))
    assert outcome.exit_code == (0 if name == UNBOUNDED else 1)
    assert (outcome.json["summary"]["judged"]["dose"] == 0) or name != UNBOUNDED
