"""What `bridge` says of the cases whose answers are known, and of each pair that is not given together."""

from __future__ import annotations

import copy
import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rescuecalc.backcheck.doses import DoubleCheckFailed
from rescuecalc.backcheck.plan import check_plan
from tests.support import invoke

pytestmark = pytest.mark.core

BERLIN = ("--start", "2026-03-28T20:00", "--timezone", "Europe/Berlin")
RESCUE_BT = ("rescue-bt-2022", "--weight", "80kg")
LOADED = (*RESCUE_BT, "--p2y12", "clopidogrel", "--load", "300mg")
CASE = ("khachatryan-2023-case", "--weight", "80kg")


def bridge(*args: str) -> Any:
    outcome = invoke("bridge", *args, "--format", "json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    return json.loads(outcome.stdout, parse_float=Decimal)


def codes(*args: str) -> dict[str, str]:
    return {each["code"]: each["severity"] for each in bridge(*args)["findings"]}


def event(made: Any, name: str, drug: str | None = None) -> Any:
    found = [each for each in made["events"] if each["event"] == name and drug in (None, each["drug"])]
    assert len(found) == 1, found
    return found[0]


def message(made: Any, code: str) -> str:
    return " | ".join(each["message"] for each in made["findings"] if each["code"] == code)


def test_rescue_bt_over_the_night_of_the_change() -> None:
    made = bridge(*LOADED, *BERLIN)
    load, stop = event(made, "antiplatelet-load"), event(made, "infusion-stop")
    assert (load["elapsed"], load["at"]) == ("20:00:00", "2026-03-29T17:00:00+02:00")
    assert (stop["elapsed"], stop["at"]) == ("24:00:00", "2026-03-29T21:00:00+02:00")
    assert (made["overlap"]["value"], made["overlap"]["unit"], made["overlap_stated"]) == (4, "h", "by the source")
    assert "overlap of 4 h may be shorter than the onset of clopidogrel 300 mg" in message(made, "RC603")
    assert made["coverage"]["gap"] == {"worst_minutes": 120, "best_minutes": 0, "worst": "120 min", "best": "0 min"}
    assert "disconnect at the cannula, do not flush the line" in stop["detail"]


def test_the_case_leaves_open_what_its_source_leaves_open() -> None:
    made = bridge(*CASE, "--thrombolysis-at", "-2h")
    rectal = event(made, "antiplatelet-load", "aspirin")
    assert (rectal["dose"]["value"], rectal["route"], rectal["elapsed"]) == (300, "PR", None)
    assert rectal["stated"] == "by the source"
    assert event(made, "infusion-stop")["elapsed"] == "24:00:00"
    daily = {each["drug"]: each for each in made["events"] if each["event"] == "antiplatelet-maintenance"}
    assert {drug: (each["dose"]["value"], each["elapsed"], each["stated"]) for drug, each in daily.items()} == {
        "aspirin": (325, None, "by the source"),
        "clopidogrel": (75, None, "by the source"),
    }
    assert event(made, "antiplatelet-load", "clopidogrel")["stated"] == "not stated"
    assert event(made, "overlap")["stated"] == "not stated"
    assert made["coverage"]["gap"]["worst"] == made["coverage"]["gap"]["best"] == "unknown"
    assert {"RC610", "RC611"} <= {each["code"] for each in made["findings"]}
    assert "at +22 h and leaves an overlap of 2 h before the stop at +24 h" in message(made, "RC611")


def test_the_cases_assay_cannot_be_decided_and_its_57_pru_is_told_by_range() -> None:
    made = bridge(*CASE)
    assert "cannot be decided: day 3 is not an hour" in message(made, "RC615")
    [assay] = made["reactivity"]
    assert {target["name"]: target["inside"] for target in assay["targets"]} == {
        "60 to 240 PRU (neurointervention series)": False,
        "60 to 200 PRU (a second published range)": False,
        "below 208 PRU (a published limit)": True,
    }
    assert "calls 57 PRU therapeutic" in message(made, "RC616")


@pytest.mark.parametrize(
    ("pru", "inside"), [(59, 1), (60, 3), (200, 3), (201, 2), (207, 2), (208, 1), (240, 1), (241, 0)]
)
def test_each_end_of_each_target(pru: int, inside: int) -> None:
    [assay] = bridge(*LOADED, "--pru", str(pru))["reactivity"]
    assert sum(target["inside"] for target in assay["targets"]) == inside


@pytest.mark.parametrize(
    ("args", "code", "severity"),
    [
        ((*RESCUE_BT, "--p2y12", "prasugrel", "--load", "60mg"), "RC620", "error"),
        ((*RESCUE_BT, "--p2y12", "ticagrelor", "--load", "180mg", "--aspirin", "325mg"), "RC621", "error"),
        ((*RESCUE_BT, "--p2y12", "ticagrelor", "--load", "180mg", "--aspirin", "101mg"), "RC621", "error"),
        ((*LOADED, "--beside", "cangrelor"), "RC622", "error"),
        ((*RESCUE_BT, "--p2y12", "prasugrel", "--beside", "cangrelor"), "RC622", "error"),
        ((*RESCUE_BT, "--beside", "eptifibatide"), "RC623", "error"),
        ((*RESCUE_BT, "--beside", "abciximab"), "RC623", "error"),
        *(
            ((*RESCUE_BT, "--beside", drug), "RC624", "warning")
            for drug in ("heparin", "enoxaparin", "apixaban", "warfarin")
        ),
        ((*LOADED, "--beside", "omeprazole"), "RC625", "warning"),
        ((*LOADED, "--beside", "esomeprazole"), "RC625", "warning"),
        ((*RESCUE_BT, "--p2y12", "clopidogrel", "--load", "601mg"), "RC626", "error"),
        ((*RESCUE_BT, "--aspirin", "326mg"), "RC626", "error"),
        ((*RESCUE_BT, "--aspirin", "74mg"), "RC627", "warning"),
        ((*LOADED, "--thrombolysis-at", "-3h"), "RC610", "warning"),
        ((*LOADED, "--thrombolysis-at", "-3h"), "RC611", "warning"),
        (
            (
                *RESCUE_BT,
                "--aspirin-load",
                "300mg",
                "--aspirin-route",
                "iv",
                "--overlap",
                "4h",
                "--thrombolysis-at",
                "+18.5h",
            ),
            "RC612",
            "error",
        ),
        (LOADED, "RC613", "warning"),
        ((*LOADED, "--pru", "100", "--assay-at", "+71.9h"), "RC614", "warning"),
        ((*LOADED, "--pru", "100"), "RC615", "note"),
        ((*RESCUE_BT, "--p2y12", "clopidogrel", "--load", "600mg"), "RC603", "warning"),
        ((*RESCUE_BT, "--aspirin-load", "300mg", "--aspirin-route", "pr"), "RC604", "note"),
        ((*RESCUE_BT, "--p2y12", "clopidogrel", "--maintenance", "75mg"), "RC604", "note"),
        (("yang-2020-iv", "--weight", "80kg", "--run-time", "24h"), "RC605", "warning"),
        ((*LOADED, "--overlap", "6h"), "RC606", "warning"),
    ],
)
def test_what_is_found(args: tuple[str, ...], code: str, severity: str) -> None:
    assert codes(*args).get(code) == severity


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ((*RESCUE_BT, "--p2y12", "ticagrelor", "--load", "180mg", "--aspirin", "100mg"), "RC621"),
        ((*RESCUE_BT, "--p2y12", "ticagrelor", "--load", "180mg", "--aspirin-load", "325mg"), "RC621"),
        ((*RESCUE_BT, "--p2y12", "ticagrelor", "--load", "180mg", "--beside", "cangrelor"), "RC622"),
        ((*RESCUE_BT, "--p2y12", "ticagrelor", "--load", "180mg", "--beside", "omeprazole"), "RC625"),
        ((*RESCUE_BT, "--p2y12", "ticagrelor", "--load", "180mg"), "RC603"),
        ((*RESCUE_BT, "--p2y12", "clopidogrel", "--load", "600mg"), "RC626"),
        ((*LOADED, "--thrombolysis-at", "-48h"), "RC610"),
        ((*LOADED, "--thrombolysis-at", "-4h"), "RC611"),
        (
            (
                *RESCUE_BT,
                "--aspirin-load",
                "300mg",
                "--aspirin-route",
                "iv",
                "--overlap",
                "4h",
                "--thrombolysis-at",
                "+18.4h",
            ),
            "RC612",
        ),
        ((*LOADED, "--pru", "100", "--assay-at", "+72h"), "RC614"),
        ((*LOADED, "--pru", "100", "--assay-at", "-1h"), "RC614"),
        ((*LOADED, "--thrombolysis-at", "none"), "RC613"),
        (LOADED, "RC606"),
        ((*LOADED, "--overlap", "4h"), "RC606"),
        ((*RESCUE_BT, "--aspirin", "81mg"), "RC627"),
    ],
)
def test_what_is_no_finding(args: tuple[str, ...], code: str) -> None:
    assert code not in codes(*args)


def test_abciximab_waits_14_days_for_its_assay() -> None:
    made = bridge("abciximab-label", "--weight", "70kg", "--p2y12", "clopidogrel")
    assert event(made, "assay-valid-from")["elapsed"] == "348:00:00"  # 12 h and 336 h


def test_what_follows_the_stop() -> None:
    made = bridge(*LOADED, "--crcl", "90mL/min")
    back = event(made, "platelet-function-back")
    assert (back["elapsed"], back["until_elapsed"]) == ("28:00:00", "32:00:00")
    assert "assumes normal clearance; here CrCl is 90 mL/min" in back["detail"]
    assert event(made, "assay-valid-from")["elapsed"] == "72:00:00"


def test_what_gates_an_oral_drug_and_what_ends_the_infusion() -> None:
    made = bridge(*LOADED, "--thrombolysis-at", "-2h")
    assert event(made, "repeat-imaging")["elapsed"] == "22:00:00"
    assert "infusion ends and no oral antiplatelet starts" in event(made, "imaging-not-clean")["detail"]
    assert event(made, "swallow-screen")["elapsed"] == "20:00:00"
    assert any("below 90 x10^9/L" in each["when"] and "heparin both" in each["then"] for each in made["conditions"])


def test_every_event_says_who_states_it_and_cites_it() -> None:
    for args in (LOADED, CASE, ("trend-2024", "--weight", "80kg"), (*RESCUE_BT, "--p2y12", "cangrelor")):
        for each in bridge(*args)["events"]:
            assert each["stated"] in {"by the source", "by the user", "not stated"}
            assert each["source"]["title"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((*RESCUE_BT, "--p2y12", "clopidogril"), 2, "did you mean clopidogrel"),
        ((*RESCUE_BT, "--load", "300mg"), 2, "of which P2Y12 inhibitor"),
        ((*RESCUE_BT, "--p2y12", "clopidogrel", "--load", "300"), 2, "no unit"),
        ((*RESCUE_BT, "--p2y12", "clopidogrel", "--load", "300units"), 2, "not a mass"),
        ((*RESCUE_BT, "--p2y12", "cangrelor", "--load", "30mg"), 4, "holds no dose of it"),
        ((*RESCUE_BT, "--overlap", "25h"), 4, "longer than the infusion"),
        ((*RESCUE_BT, "--overlap", "0h"), 4, "is zero"),
        (("kang-2018-ia", "--ia-dose", "0.5mg", "--overlap", "4h"), 4, "no infusion to overlap"),
        ((*RESCUE_BT, "--thrombolysis-at", "now"), 2, "write an offset as -2h"),
        ((*RESCUE_BT, "--thrombolysis-at", "2h"), 2, "did you mean -2h (before the start) or +2h (after it)?"),
        ((*RESCUE_BT, "--thrombolysis-at", "2026-03-28T18:00"), 2, "needs --start"),
        ((*RESCUE_BT, *BERLIN, "--thrombolysis-at", "2026-03-29T02:30"), 2, "does not exist in Europe/Berlin"),
        ((*RESCUE_BT, "--pru", "57.5"), 2, "whole number of PRU"),
        ((*RESCUE_BT, "--assay-at", "+72h"), 2, "without --pru"),
        ((*RESCUE_BT, "--beside", "paracetamol"), 2, "rescuecalc has no data on 'paracetamol'"),
        ((*RESCUE_BT, "--beside", "tirofiban"), 2, "the protocol's own drug"),
        ((*RESCUE_BT, "--beside", ""), 2, "empty value"),
        ((*RESCUE_BT, "--aspirin-route", "pr"), 2, "without --aspirin or --aspirin-load"),
        ((*RESCUE_BT, "--p2y12", "clopidogrel", "--p2y12", "ticagrelor"), 2, "more than once"),
        ((*RESCUE_BT, "--label-band"), 2, "unknown option '--label-band'"),
    ],
)
def test_bad_input_is_answered(args: tuple[str, ...], code: int, said: str) -> None:
    outcome = invoke("bridge", *args)
    assert (outcome.exit_code, outcome.stdout) == (code, "")
    assert said in outcome.stderr


@pytest.mark.parametrize(("threshold", "code"), [("error", 0), ("warning", 1), ("note", 1)])
def test_fail_on_decides_the_exit_code(threshold: str, code: int) -> None:
    assert invoke("bridge", *LOADED, "--fail-on", threshold).exit_code == code


def test_the_page_holds_every_event_and_finding() -> None:
    made = bridge(*LOADED, *BERLIN, "--thrombolysis-at", "-2h")
    page = " ".join(invoke("bridge", *LOADED, *BERLIN, "--thrombolysis-at", "-2h", "--details").stdout.split())
    for each in made["events"]:
        assert " ".join(each["detail"].split()) in page
        assert (each["elapsed"] or "not stated") in page
    page = re.sub(r" \([0-9-]{5} [0-9:]{5} [+][0-9:]{5}\)", "", page)  # the clock time beside each time of a finding
    for each in made["findings"]:
        if each["code"] != "RC401":  # in the head of the page
            assert " ".join(f"{each['severity'].upper()} {each['code']} {each['message']}".split()) in page
    assert "off label (US); EU label: contraindicated within 30 days of a stroke" in page
    assert "stated above: RC401" in page


def test_a_plan_has_the_numbers_of_the_dose() -> None:
    args = ("yang-2020-iv", "--weight", "57kg", "--run-time", "24h", "--infusion-product", "bag-250")
    dose = invoke("dose", *args, "--format", "json").json
    plan = invoke(
        "plan", *args, "--overlap", "6h", "--p2y12", "clopidogrel", "--load", "300mg", "--format", "json"
    ).json
    for key in ("boluses", "infusions", "schedule", "derivation", "dosing_weight", "line_at_stop"):
        assert plan[key] == dose[key]


@pytest.mark.parametrize("overlap", ["0.3333h", "3.7777h", "0.0001h", "23.9999h", "61s"])
def test_a_time_with_a_part_of_a_second_is_answered(overlap: str) -> None:
    made = bridge(*RESCUE_BT, "--p2y12", "clopidogrel", "--load", "300mg", "--overlap", overlap)
    assert made["overlap_stated"] == "by the user"


def test_an_overlap_of_no_agent_is_refused() -> None:
    outcome = invoke("bridge", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--overlap", "4h")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "of which agent?" in outcome.stderr


def test_the_hour_of_rescue_bt_is_of_the_drugs_and_the_route_that_it_names() -> None:
    for more in (("--p2y12", "ticagrelor", "--load", "180mg"), ("--aspirin-load", "300mg", "--aspirin-route", "pr")):
        [load] = [each for each in bridge(*RESCUE_BT, *more)["antiplatelets"] if each["purpose"] == "load"]
        assert (load["elapsed"], load["time_stated"]) == (None, "not stated")


def test_a_time_beyond_a_year_is_refused() -> None:
    outcome = invoke("bridge", *RESCUE_BT, *BERLIN, "--thrombolysis-at", "-999999999h")
    assert (outcome.exit_code, outcome.stdout) == (4, "")


def test_an_agent_whose_time_is_not_stated_is_unknown_throughout() -> None:
    for each in bridge(*CASE)["coverage"]["intervals"]:
        assert {"aspirin", "clopidogrel"} <= set(each["unknown"])


def _tampered(made: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(made)
    part = changed
    for key in path[:-1]:
        part = part[key]
    assert part[path[-1]] != value
    part[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("events", 0, "elapsed"), "01:00:00"),
        (("events", 3, "elapsed_seconds"), 1),
        (("events", 0, "at"), "2026-03-28T19:00:00+01:00"),
        (("overlap", "value"), 5),
        (("coverage", "gap", "worst_minutes"), 60),
        (("coverage", "gap", "worst"), "60 min"),
        (("coverage", "gap", "best_minutes"), None),
        (("coverage", "agents", 0, "gap", "worst_minutes"), 0),
        (("coverage", "agents", 0, "latest_elapsed"), "25:00:00"),
        (("coverage", "agents", 0, "onset_latest", "value"), 5),
        (("coverage", "stop_elapsed_seconds"), 86401),
        (("coverage", "offset_earliest_elapsed"), "27:00:00"),
        (("coverage", "intervals", 1, "from_elapsed_seconds"), 0),
        (("antiplatelets", 0, "elapsed_seconds"), 72001),
        (("infusions", 0, "run_time", "value"), 23),
    ],
)
def test_a_number_that_does_not_lead_back_is_noticed(path: tuple[Any, ...], value: Any) -> None:
    made = bridge(*LOADED, *BERLIN, "--thrombolysis-at", "-2h")
    check_plan(made)
    with pytest.raises(DoubleCheckFailed):
        check_plan(_tampered(made, path, value))


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("platelet-function-back", "detail", "near baseline 3 to 8 h after the stop"),
        ("assay-valid-from", "detail", "not within 3 days of tirofiban"),
        ("neuro-and-bp-checks", "repeats", 7),
        ("infusion-stop", "event", "infusion-end"),
    ],
)
def test_an_event_that_contradicts_its_words_is_noticed(name: str, key: str, value: Any) -> None:
    made = bridge(*LOADED, *BERLIN, "--thrombolysis-at", "-2h")
    place = next(number for number, each in enumerate(made["events"]) if each["event"] == name)
    with pytest.raises(DoubleCheckFailed):
        check_plan(_tampered(made, ("events", place, key), value))


def _later(event: dict[str, Any], seconds: int) -> None:
    """Move an event with all three names of its time."""
    for prefix in ("", "until_"):
        if event[f"{prefix}elapsed_seconds"] is None:
            continue
        event[f"{prefix}elapsed_seconds"] += seconds
        minutes, second = divmod(abs(event[f"{prefix}elapsed_seconds"]), 60)
        sign = "-" if event[f"{prefix}elapsed_seconds"] < 0 else ""
        event[f"{prefix}elapsed"] = f"{sign}{minutes // 60:02}:{minutes % 60:02}:{second:02}"
        if event[f"{prefix}at"] is not None:
            at = datetime.fromisoformat(event[f"{prefix}at"]) + timedelta(seconds=seconds)
            event[f"{prefix}at"] = at.isoformat()


@pytest.mark.parametrize(
    "args",
    [
        (*LOADED, *BERLIN, "--thrombolysis-at", "-2h", "--infusion-product", "bag-250", "--give-over", "5min"),
        ("trend-2024", "--weight", "80kg", "--infusion-product", "bag-100", "--aspirin", "325mg", "--overlap", "4h"),
        ("eptifibatide-low", "--weight", "122kg", "--run-time", "24h", "--infusion-product", "eptifibatide-bag-100"),
        CASE,
    ],
    ids=lambda args: str(args[0]),
)
@pytest.mark.parametrize("seconds", [-1, 60, 3600])
def test_an_event_at_another_time_is_noticed_whichever_it_is(args: tuple[str, ...], seconds: int) -> None:
    made = bridge(*args)
    timed = [place for place, each in enumerate(made["events"]) if each["elapsed_seconds"] is not None]
    assert len(timed) >= 5
    for place in timed:
        moved = copy.deepcopy(made)
        _later(moved["events"][place], seconds)
        with pytest.raises(DoubleCheckFailed):
            check_plan(moved)
