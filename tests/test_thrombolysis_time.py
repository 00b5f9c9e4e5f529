"""What is said of a thrombolysis beside the infusion: from when its hours count, and that each sentence is true."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import invoke

BRIDGE = ("bridge", "rescue-bt-2022", "--weight", "80kg", "--p2y12", "clopidogrel", "--load", "300mg")
DRIP = {
    "drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min",
    "concentration": "50 mcg/mL", "start": "+0 h", "run_time": "24 h",
}  # fmt: skip
LOADS = (
    {"drug": "aspirin", "route": "PO", "kind": "dose", "dose": "325 mg", "start": "+18 h"},
    {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "300 mg", "start": "+16 h"},
)


def findings(made: Any, code: str) -> list[Any]:
    return [each for each in made["findings"] if each["code"] == code]


def bridged(*args: str) -> Any:
    return invoke(*BRIDGE, *args, "--format", "json").json


def checked(*orders: dict[str, str], **patient: str) -> Any:
    made = {"order_set": "Example", "patient": {"weight": "80 kg", **patient}, "orders": [DRIP, *orders]}
    return invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made)).json


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("-2h", "tirofiban starts 2 h after the thrombolysis: "),
        ("-47h", "tirofiban starts 47 h after the thrombolysis: "),
        ("+12h", "tirofiban runs when the thrombolysis is given at +12 h: "),
        ("+30h", "tirofiban stops 6 h before the thrombolysis at +30 h (platelet function near baseline 4 to 8 h"),
    ],
)
def test_how_the_infusion_lies_to_the_thrombolysis_is_said_as_it_is(at: str, words: str) -> None:
    [found] = findings(bridged("--thrombolysis-at", at), "RC610")
    assert found["message"].startswith(words)
    assert "the interval" not in found["message"].partition(": ")[0]
    assert "at an interval that is not stated" in found["message"]
    assert (found["expected"], found["expected_range"]) == (None, {"low": None, "high": "-48 h"})


@pytest.mark.parametrize("at", ["-48h", "+32h", "none"])
def test_two_days_after_it_or_once_the_effect_is_gone_nothing_is_found(at: str) -> None:
    assert findings(bridged("--thrombolysis-at", at), "RC610") == []


def test_the_words_of_the_eu_label_name_its_48_h() -> None:
    [found] = findings(bridged("--thrombolysis-at", "-30h"), "RC610")
    assert "while a thrombolytic runs or less than 48 h after one" in found["message"]


@pytest.mark.parametrize(
    ("lysis", "counted"),
    [
        ({"kind": "infusion", "start": "-3 h", "run_time": "60 min"}, "(counted from the end of alteplase at -2 h)"),
        ({"kind": "bolus", "start": "-3 h"}, "(counted from the start of alteplase at -3 h)"),
    ],
)
def test_hours_that_count_from_an_order_say_from_which_moment(lysis: dict[str, str], counted: str) -> None:
    made = checked({"drug": "alteplase", "route": "IV", **lysis}, *LOADS)
    for code in ("RC610", "RC611"):
        [found] = findings(made, code)
        assert counted in found["message"]


def test_hours_that_count_from_what_is_said_of_the_patient_need_no_such_words() -> None:
    assert "counted from" not in str([each["message"] for each in checked(*LOADS, thrombolysis="-2 h")["findings"]])


def test_all_agents_inside_the_hold_are_one_finding() -> None:
    [found] = findings(checked(*LOADS, thrombolysis="-2 h"), "RC611")
    assert found["message"].startswith("aspirin at +18 h and clopidogrel at +16 h, within 24 h of the thrombolysis: ")
    assert "here that CT is due at +22 h and leaves an overlap of 2 h before the stop at +24 h" in found["message"]


def test_agents_without_a_time_are_one_finding_that_decides_nothing() -> None:
    made = invoke(
        *("bridge", "khachatryan-2023-case", "--weight", "80kg", "--thrombolysis-at", "-2h", "--format", "json")
    ).json
    [found] = findings(made, "RC611")
    said = "whether aspirin at a time not stated and clopidogrel at a time not stated fall within 24 h"
    assert found["message"].startswith(said)
    assert (found["expected"], found["expected_range"]) == (None, {"low": "+22 h", "high": None})


PLANS = (
    ("khachatryan-2023-case", "--weight", "80kg", "--infusion-product", "bag-250"),
    ("yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--infusion-product", "bag-250"),
    ("rescue-bt-2022", "--weight", "80kg", "--p2y12", "clopidogrel", "--load", "600mg", "--overlap", "8h"),
    ("us-label", "--weight", "80kg", "--run-time", "18h", "--crcl", "90mL/min", "--pru", "210"),
)  # fmt: skip


@pytest.mark.parametrize("args", PLANS, ids=lambda args: args[0])
def test_what_the_user_states_cites_no_study(args: tuple[str, ...]) -> None:
    events = invoke("plan", *args, "--format", "json").json["events"]
    cited = {
        each["event"]: {one["id"] for one in each["sources"]} for each in events if each["stated"] == "by the user"
    }
    assert cited
    assert set().union(*cited.values()) == {"user"}


def test_the_stop_and_the_change_of_container_are_the_users_where_the_source_states_no_run_time() -> None:
    events = invoke("plan", *PLANS[1], "--format", "json").json["events"]
    for name in ("infusion-stop", "container-empty"):
        [found] = [each for each in events if each["event"] == name]
        assert (found["stated"], [one["id"] for one in found["sources"]]) == ("by the user", ["user"])


ASSUMED = (
    "the effect lasts 4 h after the stop, the shortest of the 4 h to 8 h that the source states, "
    "and each agent sets in at its earliest"
)


def test_the_best_case_says_which_hour_of_the_window_it_assumes() -> None:
    made = bridged("--thrombolysis-at", "none")
    assert made["coverage"]["best_case"] == ASSUMED
    assert made["coverage"]["worst_case"].startswith("the tirofiban infusion covers to its stop only")
    for command, output, colon in (("bridge", "text", ""), ("plan", "text", ""), ("plan", "markdown", ":")):
        args = (*BRIDGE[1:], "--thrombolysis-at", "none", "--format", output, *(["--details"] if not colon else []))
        page = " ".join(invoke(command, *args).stdout.split())
        assert f"best case{colon} {ASSUMED}" in page
    assert f"best case: {ASSUMED}" in findings(made, "RC603")[0]["message"]


def test_without_a_known_offset_the_best_case_is_unknown() -> None:
    made = invoke(
        *("bridge", "eptifibatide-low", "--weight", "80kg", "--run-time", "24h", "--p2y12", "clopidogrel"),
        *("--load", "300mg", "--overlap", "4h", "--format", "json"),
    ).json
    assert (
        made["coverage"]["best_case"]
        == "unknown: no packaged source states how long the effect of eptifibatide lasts after the stop"
    )


LYSIS = (
    {"drug": "alteplase", "route": "IV", "kind": "bolus", "dose": "7.2 mg", "give_over": "1 min", "start": "+0 h"},
    {
        "drug": "alteplase",
        "route": "IV",
        "kind": "infusion",
        "dose": "64.8 mg",
        "run_time": "60 min",
        "start": "+1 min",
    },
)
GATE = {"imaging": "no haemorrhage"}


@pytest.mark.parametrize(
    ("order", "codes"),
    [
        ({"drug": "aspirin", "route": "IV", "kind": "load", "dose": "250 mg", "start": "+0 h"}, ["RC612"]),
        ({"drug": "aspirin", "route": "IV", "kind": "load", "dose": "250 mg", "start": "+30 min"}, ["RC612"]),
        ({"drug": "aspirin", "route": "IV", "kind": "load", "dose": "250 mg", "start": "+151 min"}, ["RC612"]),
        ({"drug": "aspirin", "route": "IV", "kind": "load", "dose": "250 mg", "start": "+152 min"}, ["RC611"]),
        ({"drug": "aspirin", "route": "PO", "kind": "load", "dose": "300 mg"}, ["RC611"]),
        ({"drug": "clopidogrel", "route": "PO", "kind": "load", "dose": "300 mg", "when": GATE}, []),
        ({"drug": "aspirin", "route": "PO", "kind": "load", "dose": "300 mg", "start": "+26 h"}, []),
        ({"drug": "aspirin", "route": "PO", "kind": "load", "dose": "300 mg", "text": "24 h after tPA, CT clear"}, []),
    ],
)  # fmt: skip
def test_an_antiplatelet_beside_the_thrombolysis_of_a_set_is_found_at_any_time(order: Any, codes: list[str]) -> None:
    made = {"order_set": "Alteplase for stroke", "patient": {"weight": "80 kg"}, "orders": [*LYSIS, order]}
    found = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made)).json
    assert [each["code"] for each in found["findings"] if each["code"] in {"RC611", "RC612"}] == codes


@pytest.mark.parametrize(
    ("title", "indication", "severity"),
    [
        ("Prasugrel after stroke", "acute coronary syndrome", "warning"),
        ("Prasugrel after PCI", "ischaemic stroke", "error"),
        ("Prasugrel after PCI", "acute coronary syndrome, no stroke", None),
        ("Prasugrel (contraindicated after stroke)", "acute coronary syndrome", None),
        ("Prasugrel after PCI", "acute coronary syndrome, prior stroke: none", None),
    ],
)
def test_prasugrel_in_a_set_that_names_a_stroke_is_found(title: str, indication: str, severity: str | None) -> None:
    load = {"drug": "prasugrel", "route": "PO", "kind": "load", "dose": "60 mg"}
    made = {"order_set": title, "indication": indication, "orders": [load]}
    found = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made)).json
    assert [each["severity"] for each in found["findings"] if each["code"] == "RC620"] == (
        [severity] if severity else []
    )


@pytest.mark.parametrize(("starts", "codes"), [(("-2 h", "-119 min"), []), (("+0 h", "+1 min"), ["RC664"])])
def test_the_orders_of_the_thrombolysis_that_the_patient_had_are_no_second_one(starts: Any, codes: list[str]) -> None:
    orders = [{**order, "start": start} for order, start in zip(LYSIS, starts, strict=True)]
    made = {
        "order_set": "Alteplase for stroke",
        "patient": {"weight": "80 kg", "thrombolysis": "-2 h"},
        "orders": orders,
    }
    found = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made)).json
    assert [each["code"] for each in found["findings"] if each["severity"] == "error"] == codes
