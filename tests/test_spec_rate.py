"""`rescuecalc rate`, as its manual: dose rate to pump rate and back, one by one or line by line."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from tests.oracle import RATE_UNITS, assert_shows

if TYPE_CHECKING:
    from tests.support import Run

pytestmark = pytest.mark.core

AT_80 = ("--weight", "80kg", "--concentration", "50mcg/mL")


def rated(run: Run, *args: str) -> Any:
    """Return the JSON answer of a `rate` that must succeed."""
    outcome = run("rate", *args, "--format", "json")
    assert outcome.exit_code == 0, outcome.stderr
    return outcome.json


def line(run: Run, *args: str) -> str:
    """Return the one line that a `rate` which must succeed prints."""
    outcome = run("rate", *args)
    assert outcome.exit_code == 0, outcome.stderr
    (only,) = outcome.stdout.splitlines()
    return only


def test_dose_rate_to_pump_rate(run: Run) -> None:
    assert line(run, "0.15mcg/kg/min", *AT_80) == "14.4 mL/h"
    answer = rated(run, "0.15mcg/kg/min", *AT_80)
    assert answer["result"] == {"value": Fraction("14.4"), "unit": "mL/h", "ucum": "mL/h"}
    assert answer["exact"] == {"value": Fraction("14.4"), "unit": "mL/h", "ucum": "mL/h"}


def test_pump_rate_to_dose_rate(run: Run) -> None:
    assert line(run, "14.4mL/h", *AT_80, "--to", "mcg/kg/min") == "0.15 mcg/kg/min"
    assert_shows(rated(run, "14.4mL/h", *AT_80, "--to", "mcg/kg/min")["result"], "mcg/kg/min", "0.15")


@pytest.mark.parametrize(
    ("dose_rate", "weight", "text", "result", "exact"),
    [
        ("0.15mcg/kg/min", "57kg", "10.3 mL/h (exact 10.26 mL/h, +0.39 %)", "10.3", "10.26"),
        ("0.075mcg/kg/min", "35kg", "3.2 mL/h (exact 3.15 mL/h, +1.59 %)", "3.2", "3.15"),  # a tie goes up
        ("0.1mcg/kg/min", "51.2kg", "6.1 mL/h (exact 6.144 mL/h, -0.72 %)", "6.1", "6.144"),
        ("0.1mcg/kg/min", "70kg", "8.4 mL/h", "8.4", "8.4"),
        ("0.075mcg/kg/min", "70kg", "6.3 mL/h", "6.3", "6.3"),
    ],
)
def test_what_rounding_changed_is_said(
    run: Run, dose_rate: str, weight: str, text: str, result: str, exact: str
) -> None:
    args = (dose_rate, "--weight", weight, "--concentration", "50mcg/mL")
    assert line(run, *args) == text
    assert_shows(rated(run, *args)["result"], "mL/h", result)
    assert_shows(rated(run, *args)["exact"], "mL/h", exact)


@pytest.mark.parametrize(("step", "result"), [("0.01mL/h", "10.26"), ("0.1mL/h", "10.3"), ("1mL/h", "10")])
def test_pump_step_is_the_users(run: Run, step: str, result: str) -> None:
    answer = rated(run, "0.15mcg/kg/min", "--weight", "57kg", "--concentration", "50mcg/mL", "--pump-step", step)
    assert_shows(answer["result"], "mL/h", result)
    assert_shows(answer["exact"], "mL/h", "10.26")


# 0.15 mcg/kg/min at 80 kg from 50 mcg/mL, written in each of the eight units
THE_SAME_RATE = {
    "mcg/kg/min": "0.15",
    "mcg/kg/h": "9",
    "mcg/min": "12",
    "mcg/h": "720",
    "mg/min": "0.012",
    "mg/h": "0.72",
    "mL/min": "0.24",
    "mL/h": "14.4",
}


def test_all_eight_units_are_covered() -> None:
    assert set(THE_SAME_RATE) == set(RATE_UNITS)


@pytest.mark.parametrize("unit", RATE_UNITS)
@pytest.mark.parametrize("to", RATE_UNITS)
def test_any_two_of_the_eight_units(run: Run, unit: str, to: str) -> None:
    answer = rated(run, f"{THE_SAME_RATE[unit]}{unit}", *AT_80, "--to", to)
    assert_shows(answer["exact"], to, THE_SAME_RATE[to])


@pytest.mark.parametrize("unit", [unit for unit in RATE_UNITS if unit != "mL/h"])
def test_ml_per_hour_comes_out_unless_another_unit_is_asked_for(run: Run, unit: str) -> None:
    assert line(run, f"{THE_SAME_RATE[unit]}{unit}", *AT_80) == "14.4 mL/h"


@pytest.mark.parametrize(("dose_rate", "expected"), [("12mcg/min", "14.4"), ("720mcg/h", "14.4"), ("0.72mg/h", "14.4")])
def test_weight_is_asked_for_only_where_it_is_needed(run: Run, dose_rate: str, expected: str) -> None:
    assert_shows(rated(run, dose_rate, "--concentration", "50mcg/mL")["result"], "mL/h", expected)
    assert_shows(rated(run, dose_rate, *AT_80)["result"], "mL/h", expected)


@pytest.mark.parametrize("spelling", ["0.15 mcg/kg/min", "0.15mcg/kg/min", "0.15\u00b5g/kg/min", "0.15\u03bcg/kg/min"])
def test_micro_sign_and_space_are_read(run: Run, spelling: str) -> None:
    outcome = run("rate", spelling, *AT_80)
    assert outcome.exit_code == 0
    assert "14.4 mL/h" in outcome.stdout


@pytest.mark.parametrize("concentration", ["50mcg/mL", "0.05mg/mL"])
def test_concentration_in_mcg_or_mg(run: Run, concentration: str) -> None:
    assert line(run, "0.15mcg/kg/min", "--weight", "80kg", "--concentration", concentration) == "14.4 mL/h"


def test_any_concentration_of_any_drug(run: Run) -> None:
    # 2 mcg/kg/min at 80 kg from 0.75 mg/mL, and a drug that the catalogue does not know
    of_eptifibatide = ("--weight", "80kg", "--concentration", "0.75mg/mL", "--drug", "eptifibatide")
    assert line(run, "2mcg/kg/min", *of_eptifibatide) == "12.8 mL/h"
    assert (
        line(run, "5mcg/kg/min", "--weight", "80kg", "--concentration", "1.6mg/mL", "--drug", "dopamine") == "15 mL/h"
    )


@pytest.mark.parametrize("concentration", ["50mg/mL", "250mg/mL"])
def test_a_thousandfold_concentration_is_refused(run: Run, concentration: str) -> None:
    outcome = run("rate", "0.15mcg/kg/min", "--weight", "80kg", "--concentration", concentration)
    assert outcome.exit_code == 4
    assert outcome.stdout == ""
    assert concentration.removesuffix("mg/mL") in outcome.stderr
    assert "mcg/mL" in outcome.stderr


def test_a_thousandfold_concentration_of_another_drug_is_its_own_business(run: Run) -> None:
    outcome = run("rate", "720mg/h", "--concentration", "50mg/mL", "--drug", "metoprolol")
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout.splitlines() == ["14.4 mL/h"]


# --- many values from standard input ---------------------------------------------------------------------------------


def test_one_line_out_for_one_line_in(run: Run) -> None:
    outcome = run("rate", "-", *AT_80, stdin="0.15mcg/kg/min\n0.1mcg/kg/min\n0.075 mcg/kg/min\n")
    assert outcome.exit_code == 0
    assert outcome.stdout.splitlines() == ["14.4 mL/h", "9.6 mL/h", "7.2 mL/h"]


def test_a_bad_line_gives_an_empty_line_and_exit_2_at_the_end(run: Run) -> None:
    outcome = run("rate", "-", *AT_80, stdin="0.15mcg/kg/min\n12,5mcg/min\n0.1mcg/kg/min\n")
    assert outcome.exit_code == 2
    assert outcome.stdout.splitlines() == ["14.4 mL/h", "", "9.6 mL/h"]
    assert "12,5mcg/min" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_json_of_many_is_one_object_a_line(run: Run) -> None:
    outcome = run("rate", "-", *AT_80, "--format", "json", stdin="0.15mcg/kg/min\n0.1mcg/kg/min\n")
    assert outcome.exit_code == 0
    first, second = (json.loads(text) for text in outcome.stdout.splitlines())
    assert (str(first["result"]["value"]), str(second["result"]["value"])) == ("14.4", "9.6")


def test_a_stream_converts_back(run: Run) -> None:
    outcome = run("rate", "-", *AT_80, "--to", "mcg/kg/min", stdin="14.4mL/h\n9.6mL/h\n")
    assert outcome.stdout.splitlines() == ["0.15 mcg/kg/min", "0.1 mcg/kg/min"]


# --- what is missing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        (("14.4mL/h", *AT_80), "--to"),
        (("0.15mcg/kg/min", "--concentration", "50mcg/mL"), "--weight"),
        (("0.15mcg/kg/min", "--weight", "80kg"), "--concentration"),
    ],
)
def test_what_is_missing_is_asked_for(run: Run, args: tuple[str, ...], asked: str) -> None:
    outcome = run("rate", *args)
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert asked in outcome.stderr


# --- judged like an order --------------------------------------------------------------------------------------------

OF_TIROFIBAN = ("--weight", "80kg", "--concentration", "50mcg/mL", "--drug", "tirofiban")


def judged(run: Run, *args: str) -> list[tuple[str, str, str]]:
    """Return severity, code and pointer of what is found of a rate."""
    findings = run("rate", *args, "--format", "json").json["findings"]
    return [(each["severity"], each["code"], each["pointer"]) for each in findings]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (("0.15mcg/kg/min", *AT_80), []),
        (("0.075mcg/kg/min", *AT_80), []),
        (("9mcg/kg/h", *AT_80), []),
        (("10mcg/kg/min", *AT_80), [("error", "RC402", "/given")]),
        (("9mcg/kg/min", *AT_80), [("error", "RC402", "/given")]),
        (("0.15mcg/kg/h", *AT_80), [("error", "RC402", "/given")]),
        (("144mL/h", *AT_80, "--to", "mcg/kg/min"), [("error", "RC402", "/given")]),
        (("120mcg/min", "--concentration", "50mcg/mL"), [("error", "RC402", "/given")]),
        (("12mcg/min", "--concentration", "50mcg/mL"), []),
        (
            ("0.15mcg/kg/min", "--weight", "80kg", "--concentration", "500mcg/mL"),
            [("error", "RC424", "/concentration")],
        ),
        (
            ("0.15mcg/kg/min", "--weight", "80kg", "--concentration", "250mcg/mL"),
            [("error", "RC422", "/concentration")],
        ),
        (
            ("0.15mcg/kg/min", "--weight", "80kg", "--concentration", "60mcg/mL"),
            [("warning", "RC424", "/concentration")],
        ),
        (
            ("0.15mcg/kg/min", "--weight", "80kg", "--concentration", "0.75mg/mL"),
            [("error", "RC423", "/concentration")],
        ),
        (
            ("0.15mcg/kg/min", "--weight", "176kg", "--concentration", "50mcg/mL"),
            [("warning", "RC406", "/dosing_weight")],
        ),
        (("0.15mcg/kg/min", *AT_80, "--pump-step", "10mL/h"), [("error", "RC311", "/result")]),
        (("0.001mL/min",), [("error", "RC311", "/result")]),
        (("1000mL/h", "--to", "mL/min"), [("error", "RC310", "/result")]),
        (
            ("100mcg/kg/min", *AT_80, "--drug", "dopamine"),
            [("error", "RC310", "/result"), ("note", "RC711", "/given")],
        ),
        (
            ("100mcg/kg/min", *AT_80, "--to", "mg/h", "--drug", "dopamine"),
            [("error", "RC310", "/concentration"), ("note", "RC711", "/given")],
        ),
        (("10mcg/kg/min", *AT_80, "--drug", "dopamine"), [("note", "RC711", "/given")]),
        (("14.4mL/h", "--to", "mL/min", "--drug", "tirofiban"), [("error", "RC712", "/given")]),
        (("1000units/h", "--concentration", "50units/mL", "--drug", "Aggrastat"), [("error", "RC712", "/given")]),
        (("10mcg/kg/min", *AT_80, "--drug", "Plavix"), [("error", "RC428", "/given")]),
        (
            ("1mcg/kg/min", "--weight", "80kg", "--concentration", "0.2mg/mL", "--drug", "Kengreal"),
            [("warning", "RC402", "/given")],
        ),
        (("2mcg/kg/min", "--weight", "80kg", "--concentration", "0.75mg/mL", "--drug", "Integrilin"), []),
        (("18units/kg/h", "--weight", "80kg", "--concentration", "100units/mL"), []),
    ],
)
def test_a_rate_is_judged_like_an_order(run: Run, args: tuple[str, ...], found: list[tuple[str, str, str]]) -> None:
    assert judged(run, *args) == found
    is_wrong = any(severity == "error" for severity, _, _ in found)
    assert run("rate", *args).exit_code == (1 if is_wrong else 0)


def test_what_is_found_stands_on_stderr_and_the_answer_says_that_it_is_wrong(run: Run) -> None:
    outcome = run("rate", "9mcg/kg/min", *OF_TIROFIBAN)
    assert outcome.stdout == "DO NOT USE: 864 mL/h of 50 mcg/mL\n"
    read, only = outcome.stderr.splitlines()
    assert read == "rescuecalc: note: read as 9 mcg/kg/min, 80 kg, 50 mcg/mL"
    assert only.startswith("rescuecalc: error RC402 the infusion of 9mcg/kg/min is outside the published range")
    assert only.endswith("0.15 mcg/kg/min; likely slip: per hour for per minute")


def test_a_wrong_dose_rate_says_so_and_a_right_one_is_the_number_alone(run: Run) -> None:
    back = ("--weight", "80kg", "--concentration", "50mcg/mL", "--to", "mcg/kg/min")
    assert run("rate", "144mL/h", *back).stdout == "DO NOT USE: 1.5 mcg/kg/min\n"
    assert run("rate", "14.4mL/h", *back).stdout == "0.15 mcg/kg/min\n"
    rounded = run("rate", "10mcg/kg/min", "--weight", "57.3kg", "--concentration", "250mcg/mL").stdout
    assert rounded == "DO NOT USE: 137.5 mL/h of 250 mcg/mL (exact 137.52 mL/h, -0.01 %)\n"


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("note", 1)])
def test_what_fails_is_the_users_choice(run: Run, fail_on: str, code: int) -> None:
    unusual = ("0.1mcg/kg/min", "--weight", "176kg", "--concentration", "50mcg/mL")
    assert run("rate", *unusual, "--fail-on", fail_on).exit_code == code


@pytest.mark.parametrize(
    ("args", "judged_as", "note"),
    [
        (("0.15mcg/kg/min", *AT_80), "tirofiban", "judged as tirofiban: no drug named"),
        (("0.15mcg/kg/min", *AT_80, "--drug", "Aggrastat"), "tirofiban", None),
        (
            ("18units/kg/h", "--weight", "80kg", "--concentration", "100units/mL"),
            None,
            "the dose was not judged: tirofiban is not measured in units",
        ),
        (
            ("14.4mL/h", "--to", "mL/min"),
            None,
            "the dose was not judged: without a concentration no dose follows from a pump rate",
        ),
    ],
)
def test_what_a_rate_was_judged_as_is_said(
    run: Run, args: tuple[str, ...], judged_as: str | None, note: str | None
) -> None:
    answer = rated(run, *args)
    assert answer["judged_as"] == judged_as
    assert answer["notes"] == ([note] if note is not None else [])
    read, *said = run("rate", *args).stderr.splitlines()
    assert read.startswith("rescuecalc: note: read as ")
    assert said == ([f"rescuecalc: note: {note}"] if note is not None else [])


NO_PRODUCT = "the concentration was not judged: no product of {} is held"


@pytest.mark.parametrize(
    ("rate", "drug", "strength", "notes"),
    [
        ("0.125mcg/kg/min", "reopro", "9mcg/mL", [NO_PRODUCT.format("abciximab")]),
        ("0.81mg/kg/h", "tPA", "1mg/mL", [NO_PRODUCT.format("alteplase")]),
        (
            "1mg/h",
            "tPA",
            "1mg/mL",
            [
                "alteplase was compared with its highest dose alone: a rate not per kg may be too low in stroke",
                NO_PRODUCT.format("alteplase"),
            ],
        ),
        ("1mcg/kg/min", "Integrilin", "0.75mg/mL", []),
    ],
)
def test_what_of_a_rate_was_compared_with_nothing_is_said(
    run: Run, rate: str, drug: str, strength: str, notes: list[str]
) -> None:
    given = ("rate", rate, "--weight", "70kg", "--drug", drug, "--concentration", strength)
    assert (run(*given).exit_code, run(*given, "--json").json["notes"]) == (0, notes)


@pytest.mark.parametrize("drug", ["Eliquis", "warfarin", "Plavix", "Brilique"])
def test_nobody_infuses_what_is_swallowed(run: Run, drug: str) -> None:
    outcome = run("rate", "1mg/h", "--drug", drug, "--concentration", "1mg/mL")
    assert (outcome.exit_code, outcome.stdout) == (1, "DO NOT USE: 1 mL/h of 1 mg/mL\n")


@pytest.mark.parametrize(("name", "meant"), [("agrastat", "aggrastat"), ("tiro", "tirofiban")])
def test_a_misspelt_drug_is_no_other_drug(run: Run, name: str, meant: str) -> None:
    outcome = run("rate", "10mcg/kg/min", *AT_80, "--drug", name)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert f"did you mean {meant}?" in outcome.stderr


def test_each_line_of_a_stream_is_judged(run: Run) -> None:
    lines = "0.15mcg/kg/min\n9mcg/kg/min\n"
    outcome = run("rate", "-", *OF_TIROFIBAN, stdin=lines)
    assert (outcome.exit_code, outcome.stdout) == (1, "14.4 mL/h\nDO NOT USE: 864 mL/h of 50 mcg/mL\n")
    first, second, found = outcome.stderr.splitlines()
    assert first == "rescuecalc: line 1: read as 0.15 mcg/kg/min, 80 kg, 50 mcg/mL"
    assert second == "rescuecalc: line 2: read as 9 mcg/kg/min, 80 kg, 50 mcg/mL"
    assert found.startswith("rescuecalc: line 2: error RC402 ")
    first, second = (
        json.loads(text) for text in run("rate", "-", *AT_80, "--format", "json", stdin=lines).stdout.splitlines()
    )
    assert [each["code"] for each in first["findings"]] == []
    assert [each["code"] for each in second["findings"]] == ["RC402"]
    assert run("rate", "-", *OF_TIROFIBAN, stdin=f"{lines}80\n").exit_code == 2


def test_a_drug_without_a_limit_is_a_note_once_a_stream(run: Run) -> None:
    outcome = run("rate", "-", *AT_80, "--drug", "dopamine", "--fail-on", "note", stdin="5mcg/kg/min\n6mcg/kg/min\n")
    assert (outcome.exit_code, outcome.stdout) == (1, "480 mL/h\n576 mL/h\n")
    assert outcome.stderr.count("note RC711 the dose was not judged: no dose limit is known for dopamine") == 1


def test_a_line_that_is_too_long_does_not_end_the_others(run: Run) -> None:
    outcome = run("rate", "-", *AT_80, stdin=f"0.15mcg/kg/min\n{'9' * 2_000}\n0.1mcg/kg/min\n0.1mcg/kg/min\n")
    assert (outcome.exit_code, outcome.stdout) == (2, "14.4 mL/h\n\n9.6 mL/h\n9.6 mL/h\n")
    assert "line 2: longer than 1,000 characters; write one rate a line" in outcome.stderr
