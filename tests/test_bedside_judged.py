"""What was judged by nothing at the bedside: caps of rates, dialysis, another drug's bag, cangrelor's bridge."""

from __future__ import annotations

import json

import pytest

from tests.support import invoke

TIROFIBAN = ("--weight", "80kg", "--run-time", "12h", "--infusion-product", "bag-250")
CANGRELOR = ("cangrelor-label", "--weight", "80kg", "--run-time", "2h")
CLOPIDOGREL = (*CANGRELOR, "--p2y12", "clopidogrel", "--load", "600mg", "--thrombolysis-at", "none")
LYSED = ("yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--thrombolysis-at")


def codes(*arguments: str, heaviest: str) -> list[str]:
    """Return the codes of one severity that a command finds."""
    document = json.loads(invoke(*arguments, "--format", "json").stdout)
    return [each["code"] for each in document["findings"] if each["severity"] == heaviest]


@pytest.mark.parametrize(
    ("rate", "drug", "weight", "concentration", "errors"),
    [
        ("2mcg/kg/min", "eptifibatide", "150kg", "0.75mg/mL", ["RC425"]),
        ("18mg/h", "eptifibatide", "150kg", "0.75mg/mL", ["RC425"]),
        ("2mcg/kg/min", "eptifibatide", "80kg", "0.75mg/mL", []),
        ("0.125mcg/kg/min", "abciximab", "150kg", "36mcg/mL", ["RC425"]),
        ("0.125mcg/kg/min", "abciximab", "80kg", "36mcg/mL", []),
        ("0.15mcg/kg/min", "argatroban", "80kg", "bag-250", ["RC423"]),
        ("0.15mcg/kg/min", "argatroban", "80kg", "50mcg/mL", []),
        ("0.15mcg/kg/min", "tirofiban", "80kg", "bag-250", []),
    ],
)
def test_a_rate_is_judged_by_caps_and_by_the_bag_that_is_named(
    rate: str, drug: str, weight: str, concentration: str, errors: list[str]
) -> None:
    found = codes("rate", rate, "--weight", weight, "--concentration", concentration, "--drug", drug, heaviest="error")
    assert found == errors


@pytest.mark.parametrize(("clearance", "errors"), [("80mL/min", ["RC516"]), ("20mL/min", [])])
def test_a_label_gives_its_full_rate_to_nobody_on_dialysis(clearance: str, errors: list[str]) -> None:
    found = codes("dose", "us-label", *TIROFIBAN, "--crcl", clearance, "--dialysis", heaviest="error")
    assert found == errors


def test_what_no_limit_of_cangrelor_judges_is_said() -> None:
    values = ("--platelets", "40", "--inr", "3", "--bp", "230/130")
    assert codes("dose", *CANGRELOR, *values, heaviest="warning") == ["RC410", "RC671", "RC671", "RC671"]
    assert codes("dose", *CANGRELOR, heaviest="warning") == ["RC410"]


def test_a_haemoglobin_is_said_to_be_not_judged_on_the_first_screen() -> None:
    page = " ".join(invoke("dose", *LYSED[:-1], "--haemoglobin", "4g/dL").stdout.split())
    assert "not judged: haemoglobin 4 g/dL, of which no source held here states a limit" in page


@pytest.mark.parametrize(
    ("overlap", "errors"), [((), ["RC622"]), (("--overlap", "30min"), ["RC622"]), (("--overlap", "0h"), [])]
)
def test_clopidogrel_is_given_when_cangrelor_stops(overlap: tuple[str, ...], errors: list[str]) -> None:
    assert codes("bridge", *CLOPIDOGREL, *overlap, heaviest="error") == errors


def test_no_overlap_is_shown_as_none() -> None:
    page = invoke("bridge", *CLOPIDOGREL, "--overlap", "0h").stdout
    assert "bridge    clopidogrel 600 mg PO once, at 02:00:00 (by the user)" in page
    assert "overlap   0 h (by the user)" in page
    assert "not stated; the time of clopidogrel" not in page


@pytest.mark.parametrize(
    ("lysis", "taken", "errors"),
    [
        ("-2h", "apixaban,-3h", ["RC656"]),
        ("-2h", "warfarin", ["RC656"]),
        ("-2h", "apixaban,-60h", []),
        ("-30h", "apixaban,-3h", []),
        ("none", "apixaban,-3h", []),
    ],
)
def test_an_oral_anticoagulant_beside_a_thrombolysis_is_an_error(lysis: str, taken: str, errors: list[str]) -> None:
    assert codes("plan", *LYSED, lysis, "--anticoagulant", taken, heaviest="error") == errors


@pytest.mark.parametrize(
    ("protocol", "right", "wrong", "code"),
    [
        ("yang-2020-iv", "24h", "24min", "RC412"),
        ("rescue-bt-2022", "24h", "24min", "RC411"),
        ("us-label", "18h", "18min", "RC411"),
    ],
)
def test_hours_typed_as_minutes_are_an_error_as_in_a_file(protocol: str, right: str, wrong: str, code: str) -> None:
    given = ("dose", protocol, "--weight", "80kg", "--crcl", "90mL/min", "--run-time")
    assert invoke(*given, right).exit_code == 0
    assert (invoke(*given, wrong).exit_code, codes(*given, wrong, heaviest="error")) == (1, [code])
