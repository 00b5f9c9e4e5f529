"""What a page states once is not repeated as a finding: a clean plan carries at most three below a warning."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.support import invoke

ORAL = "--p2y12 clopidogrel --load 600mg --aspirin 81mg --overlap 8h --thrombolysis-at none --infusion-product bag-250"
PLANS = (
    f"yang-2020-iv --weight 80kg --run-time 24h --bolus-product vial-15 {ORAL}",
    f"yang-2020-iv --weight 80kg --run-time 24h --bolus-product vial-15 --crcl 90mL/min {ORAL}",
    f"huo-2021 --weight 80kg --run-time 24h --ia-dose 0.5mg {ORAL}",
    f"rescue-bt-2022 --weight 80kg --bolus-product vial-15 {ORAL}",
    f"khachatryan-2023-case --weight 80kg {ORAL}",
    "rescue-bt-2022 --weight 80kg --infusion-product bag-250",
)


def heads(page: str) -> list[tuple[str, str]]:
    return re.findall(r"^  (NOTE|WARNING|ERROR) +(RC[0-9]{3})  ", page, re.MULTILINE)


@pytest.mark.parametrize("plan", PLANS)
def test_a_clean_plan_carries_at_most_three_findings_below_a_warning(plan: str) -> None:
    found = heads(invoke("plan", *plan.split(), "--details").stdout)
    assert len([code for severity, code in found if severity == "NOTE"]) <= 3, found


@pytest.mark.parametrize("command", ["dose", "plan", "bridge"])
def test_the_head_says_what_the_labels_say_of_stroke_and_no_note_repeats_it(command: str) -> None:
    args = ["yang-2020-iv", "--weight", "80kg", "--run-time", "24h"]
    page = invoke(command, *args, "--details").stdout
    head = " ".join(page.split())
    assert "label use off label (US); EU label: contraindicated within 30 days of a stroke" in head
    assert "RC401" not in {code for _, code in heads(page)}
    # A bridge shows no dose, and so no time to give it over: there the note stands.
    assert ("RC710" in {code for _, code in heads(page)}) == (command == "bridge")
    made = invoke(command, *args, "--format", "json").json
    assert {"RC401", "RC710"} <= {each["code"] for each in made["findings"]}


def test_the_head_of_the_other_inhibitors_names_their_labels() -> None:
    page = " ".join(
        invoke("dose", "eptifibatide-low", "--weight", "80kg", "--run-time", "24h", "--details").stdout.split()
    )
    assert "US label: contraindicated within 30 days of any stroke" in page
    page = " ".join(invoke("dose", "abciximab-label", "--weight", "80kg", "--details").stdout.split())
    assert "class 3: Harm" in page


def codes(*args: str) -> list[str]:
    return [str(each["code"]) for each in invoke(*args, "--format", "json").json["findings"]]


@pytest.mark.parametrize(("clearance", "found"), [("90mL/min", False), ("61mL/min", False), ("45mL/min", True)])
def test_a_clearance_is_a_note_only_where_a_label_differs_from_its_full_dose(clearance: str, found: bool) -> None:
    assert ("RC502" in codes("dose", "kang-2018-ia", "--ia-dose", "0.5mg", "--crcl", clearance)) == found


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ("dose kang-2018-ia --ia-dose 0.5mg --weight 200kg", False),
        ("dose huo-2021 --ia-dose 0.5mg --run-time 24h --weight 200kg", True),
        ("dose yang-2020-iv --run-time 24h --weight 200kg", True),
        ("renal --age 60 --sex male --weight 200kg --creatinine 1mg/dL", True),
    ],
)
def test_an_unusual_weight_matters_only_where_something_is_counted_by_it(args: str, found: bool) -> None:
    assert ("RC406" in codes(*args.split())) == found


def test_one_value_of_an_assay_is_one_finding() -> None:
    case = ("plan", "khachatryan-2023-case", "--weight", "80kg", "--thrombolysis-at", "-2h")
    assert codes(*case, "--pru", "57").count("RC616") == 1
    assert codes(*case, "--pru", "57").count("RC615") == 1
    assert codes(*case, "--pru", "220").count("RC616") == 2  # two values, each against the targets


def test_onsets_that_no_source_states_are_one_note() -> None:
    made = invoke("plan", "khachatryan-2023-case", "--weight", "80kg", "--format", "json").json
    [found] = [each for each in made["findings"] if each["code"] == "RC604"]
    assert found["severity"] == "note"
    assert "aspirin 300 mg: " in found["message"]
    assert "clopidogrel 75 mg: " in found["message"]
    assert "takes days to its full effect" in found["message"]
    page = " ".join(invoke("plan", "khachatryan-2023-case", "--weight", "80kg", "--details").stdout.split())
    assert "gap unknown (its time is not stated; no source states an onset" in page
    assert "stated above: RC401, RC604, RC710" in page


def test_harm_of_the_very_bolus_is_a_warning_and_of_another_dose_one_line_with_its_figures() -> None:
    def message(*args: str) -> tuple[str, str]:
        found = invoke("dose", *args, "--format", "json").json["findings"]
        [each] = [one for one in found if one["code"] in {"RC408", "RC409"}]
        return str(each["severity"]), str(each["message"])

    severity, text = message("yang-2020-ia", "--weight", "80kg", "--run-time", "24h")
    assert severity == "warning"
    assert "19.1 vs 0 %" in text
    assert "23.6 vs 0 %" in text
    severity, text = message("huo-2021", "--weight", "80kg", "--run-time", "24h", "--ia-dose", "0.5mg")
    assert severity == "note"
    assert text == (
        "10 mcg/kg into the artery (Yang 2020): symptomatic intracranial haemorrhage 19.1 vs 0 %, "
        "in-hospital death 23.6 vs 0 %; this is another, fixed dose"
    )


SET: dict[str, Any] = {
    "order_set": "Rescue",
    "orders": [
        {"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg"},
        {
            "drug": "tirofiban",
            "route": "IV",
            "kind": "infusion",
            "dose_rate_per_kg": "0.15 mcg/kg/min",
            "run_time": "24 h",
        },
    ],
}


def test_what_the_label_and_the_site_leave_is_one_line_of_a_set_and_json_holds_each() -> None:
    text = json.dumps(SET)
    page = " ".join(invoke("check", "-", "--stdin-filename", "a.json", stdin=text).stdout.split())
    assert "NOTE RC401, RC704, RC707, RC635 tirofiban is labelled for" in page
    assert page.count("without its concentration (1:") == 2
    found = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=text).json["findings"]
    assert {"RC401", "RC635", "RC704", "RC707", "RC701"} <= {each["code"] for each in found}
    assert [each["code"] for each in found].count("RC701") == 2


def test_a_note_that_stands_alone_keeps_its_line_and_its_caret() -> None:
    text = json.dumps({**SET, "weight_basis": "actual", "version": "1", "approved": "2026-03-01"})
    options = ("--stdin-filename", "a.json", "--select", "RC401,RC710")
    page = invoke("check", "-", *options, stdin=text).stdout
    assert re.search(r"^  1:[0-9]+ +NOTE    RC710  the time", page, re.MULTILINE)
