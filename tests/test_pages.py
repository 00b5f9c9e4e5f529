"""What the pages and documents of several options hold together: pointers, tables, own and site regimens."""

from __future__ import annotations

import csv
import io
import shlex
from pathlib import Path
from typing import Any

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.rules.base.rule import is_command
from rescuecalc.rules.judging.registry import RULES
from tests.support import invoke

SITE = Path(__file__).parent.parent / "docs" / "examples" / "our-hospital.toml"


def answered(command: str) -> Any:
    outcome = invoke(*shlex.split(command), "--format", "json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    return outcome.json


def resolved(document: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


COMMANDS = [
    *(rule.fails for rule in RULES if is_command(rule.fails)),
    "dose yang-2020-ia --weight 35kg --run-time 72h --crcl 20mL/min",
    "table eptifibatide-label --crcl 40mL/min --from 110kg --to 130kg",
    "table yang-2020-iv --from 20kg --to 40kg --crcl 45mL/min",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_pointer_leads_into_its_document(command: str) -> None:
    made = answered(command)
    for finding in made["findings"]:
        if finding["file"] is None:  # what is found in a file points into that file
            resolved(made, finding["pointer"])


def test_a_capped_infusion_is_scheduled_at_its_cap() -> None:
    made = answered("dose abciximab-label --weight 130kg --infusion-concentration 36mcg/mL")
    details = [event["detail"] for event in made["schedule"]]
    assert details[1] == "maintenance infusion, 10 mcg/min (cap) at 16.7 mL/h of 36 mcg/mL"
    assert {"RC416", "RC313"} <= {finding["code"] for finding in made["findings"]}


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ("--bolus 25mcg/kg --route ia", {"RC404", "RC408"}),
        ("--bolus 15mcg/kg --route ia", {"RC404", "RC408"}),
        ("--bolus 10mcg/kg --route ia", {"RC408"}),
        ("--bolus 5mcg/kg --route ia", {"RC404"}),
        ("--bolus 25mcg/kg --route iv", {"RC405"}),
        ("--bolus 26mcg/kg --route iv", {"RC404"}),
        ("--bolus 2mg --route iv", set()),  # 25 mcg/kg at 80 kg
        ("--bolus 2.1mg --route iv", {"RC404"}),
        ("--bolus 250mcg --route iv", {"RC404"}),
        ("--bolus 250mcg --route ia", {"RC409"}),
        ("--bolus 2mg --route ia", {"RC404", "RC408", "RC409"}),  # 25 mcg/kg at 80 kg
    ],
)
def test_an_own_bolus_is_measured_by_its_own_route(options: str, codes: set[str]) -> None:
    found = {finding["code"] for finding in answered(f"dose {options} --weight 80kg")["findings"]}
    assert found & {"RC404", "RC405", "RC408", "RC409"} == codes


def test_a_slip_of_sixty_in_ones_own_regimen_is_an_error() -> None:
    outcome = invoke(*shlex.split("dose --infusion 6mcg/kg/min --run-time 24h --weight 80kg"))
    assert outcome.exit_code == 1
    assert "RC402" in outcome.stdout


def test_a_labels_renal_rule_does_not_change_an_intra_arterial_bolus() -> None:
    columns = answered("dose yang-2020-ia --weight 80kg --run-time 24h --crcl 20mL/min")["renal_columns"]
    eu = next(column for column in columns if column["id"] == "eu-label")
    assert str(eu["boluses"][0]["dose"]["value"]) == "800"
    assert str(eu["infusions"][0]["dose_rate_per_kg"]["value"]) == "0.075"
    iv = answered("dose yang-2020-iv --weight 80kg --run-time 24h --crcl 20mL/min --renal eu-label")["renal_columns"]
    assert [column["id"] for column in iv] == ["eu-label"]
    assert str(iv[0]["boluses"][0]["dose"]["value"]) == "400"


def test_a_column_that_rounds_to_nothing_does_not_refuse_the_dose() -> None:
    made = answered("dose yang-2020-iv --weight 0.5kg --run-time 24h --crcl 45mL/min")
    assert [column["id"] for column in made["renal_columns"]] == ["eu-label"]
    assert any("the adjustment of the US label is not shown" in note for note in made["notes"])
    rows = answered("table yang-2020-iv --from 0.5kg --to 40kg --step 39.5kg --crcl 45mL/min")["rows"]
    assert all([column["id"] for column in row["renal_columns"]] == ["eu-label"] for row in rows)


@pytest.mark.parametrize("shown", ["none", "eu-label", "us-label"])
def test_what_renal_shows_does_not_hide_that_a_label_would_adjust(shown: str) -> None:
    made = answered(f"dose yang-2020-iv --weight 70kg --run-time 24h --crcl 45mL/min --renal {shown}")
    assert "RC501" in {finding["code"] for finding in made["findings"]}
    assert [column["id"] for column in made["renal_columns"]] == ([] if shown == "none" else [shown])


def test_a_fixed_dose_is_measured_by_what_it_is_per_kg_of_this_patient() -> None:
    heavy = answered("dose huo-2021 --weight 101kg --ia-dose 1mg --run-time 24h")
    light = answered("dose huo-2021 --weight 50kg --ia-dose 1mg --run-time 24h")
    assert str(light["boluses"][0]["dose_per_kg_here"]["value"]) == "20"
    assert {"RC409"} == {f["code"] for f in heavy["findings"]} & {"RC408", "RC409"}
    assert {"RC408", "RC409"} == {f["code"] for f in light["findings"]} & {"RC408", "RC409"}
    assert "this dose is 20 mcg/kg" in next(f["message"] for f in light["findings"] if f["code"] == "RC408")


def test_a_drug_without_a_label_rule_promises_none() -> None:
    text = invoke(*shlex.split("dose abciximab-label --weight 80kg --crcl 45mL/min --details")).stdout
    assert "no renal rule of abciximab is held" in text


def test_the_effect_of_a_labels_words_is_said() -> None:
    made = answered("dose huo-2021 --weight 80kg --ia-dose 0.5mg --run-time 24h --crcl 25mL/min")
    [said] = [f["message"] for f in made["findings"] if f["code"] == "RC501"]
    assert "(here the infusion changes and the intra-arterial bolus stays)" in said


def test_renal_none_shows_no_label() -> None:
    made = answered("dose yang-2020-iv --weight 70kg --run-time 24h --crcl 45mL/min --renal none")
    assert made["renal_columns"] == []


def test_a_pumped_bolus_has_a_pump_rate_and_a_vial_count() -> None:
    made = answered(
        "dose yang-2020-iv --weight 80kg --run-time 24h --give-over 5min --infusion-product bag-250 "
        "--bolus-product infusion-container"
    )
    assert str(made["boluses"][0]["pump_rate"]["value"]) == "192"
    vials = answered("dose us-label --weight 160kg --run-time 18h --crcl 90mL/min --bolus-product vial-15")
    assert vials["boluses"][0]["containers"] == 2


def test_the_label_row_gives_its_own_dose_and_deviation() -> None:
    band = answered("dose us-label --weight 80kg --run-time 18h --crcl 60mL/min --label-band")["label_band"]
    row = band["row"]
    assert [str(row[key]["value"]) for key in ("bolus_volume", "bolus_dose", "pump_rate", "delivered")] == [
        "42",
        "2100",
        "7.5",
        "0.078125",
    ]
    assert [str(row[key]) for key in ("bolus_deviation_percent", "deviation_percent")] == ["5", "4.17"]


def test_a_table_says_what_its_numbers_belong_to() -> None:
    text = invoke(*shlex.split("table trend-2024 --from 40kg --to 60kg --infusion-product bag-250 --details")).stdout
    assert "loading infusion IV, 0.4 mcg/kg/min, for 30 min" in text
    assert "infusion of 50 mcg/mL: bag-250" in text
    ia = invoke(*shlex.split("table huo-2021 --ia-dose 0.5mg --from 40kg --to 60kg")).stdout
    assert "dose IA, 0.5 mg" in ia
    assert "bolus" not in ia.replace("intra-arterial bolus", "").replace("not a bolus", "")


def test_a_table_without_a_product_still_has_its_dose_rates() -> None:
    outcome = invoke(*shlex.split("table abciximab-label --from 75kg --to 125kg --step 50kg --format csv"))
    rows = list(csv.DictReader(io.StringIO(outcome.stdout)))
    assert [row["infusion_mcg_per_min"] for row in rows] == ["9.375", "10"]
    assert ["RC416" in row["findings"] for row in rows] == [False, True]


def test_a_csv_says_protocol_and_clearance() -> None:
    command = "table us-label --crcl 45mL/min --from 70kg --to 80kg --step 10kg --infusion-product bag-250 --format csv"
    rows = list(csv.DictReader(io.StringIO(invoke(*shlex.split(command)).stdout)))
    assert [row["protocol"] for row in rows] == ["us-label", "us-label"]
    assert [row["crcl_mL_per_min"] for row in rows] == ["45", "45"]
    assert [row["infusion_mL_per_h_of_50_mcg_per_mL"] for row in rows] == ["6.3", "7.2"]


def test_a_table_shows_what_a_label_would_do_in_a_column_of_its_own() -> None:
    command = "table yang-2020-iv --crcl 45mL/min --from 70kg --to 70kg --infusion-product bag-250 --format csv"
    [row] = csv.DictReader(io.StringIO(invoke(*shlex.split(command)).stdout))
    assert row["infusion_mL_per_h_of_50_mcg_per_mL"] == "12.6"
    assert row["US_label_infusion_mL_per_h_of_50_mcg_per_mL"] == "6.3"
    assert not any(key.startswith("EU_label") for key in row)


def test_a_markdown_table_has_a_cell_for_each_heading() -> None:
    text = invoke(*shlex.split("table rescue-bt-2022 --format markdown --crcl 25mL/min")).stdout
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1
    assert len(lines) == 23


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("dose kang-2018-ia --ia-dose 0.5mg --pump-step 1mL/h", "--pump-step was given"),
        ("dose trend-2024 --weight 80kg --volume-step 0.5mL", "--volume-step was given"),
        ("dose trend-2024 --weight 80kg --ia-dose 0.5mg", "--ia-dose was given"),
        ("dose trend-2024 --weight 80kg --give-over 5min", "--give-over was given"),
        ("dose kang-2018-ia --ia-dose 0.5mg --run-time 24h", "--run-time was given"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --ia-dose 0.5mg", "leave the option out"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --label-band", "has no weight-band table"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --give-over 48h", "outside of 1 s to 60 min"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --priming-volume 900mL", "outside of 1 mL to 100 mL"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --priming-volume 0mL", "outside of 1 mL to 100 mL"),
        ("dose yang-2020-iv --weight 80kg --run-time 200h", "longer than 168 h"),
        ("dose us-label --weight 80kg --run-time 18h --crcl 90mL/min --renal none", "a renal rule of its own"),
        ("dose eptifibatide-low --weight 80kg --run-time 24h --crcl 90mL/min --renal us-label", "rule of tirofiban"),
        ("table yang-2020-iv --step 0.1kg", "1,001 rows"),
        ("table yang-2020-iv --step 0kg", "is zero"),
    ],
)
def test_what_has_no_use_or_no_sense_is_refused(command: str, said: str) -> None:
    outcome = invoke(*shlex.split(command))
    assert (outcome.exit_code, outcome.stdout) == (4, "")
    assert said in outcome.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("dose", "a protocol is missing"),
        ("dose yang-2020-iv --bolus 10mcg/kg --route iv --weight 80kg", "not both"),
        ("dose --route iv --weight 80kg", "--route is given without --bolus"),
        ("dose --bolus 10mcg/kg --weight 80kg", "--route is missing"),
        ("dose --bolus 10mcg/kg --route po --weight 80kg", "write iv or ia"),
        ("dose --infusion 0.1mcg/kg/min --weight 80kg", "--run-time is missing"),
        ("dose --bolus 14.4mL/h --route iv --weight 80kg", "is a pump rate"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --renal us-label", "add --crcl"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --renal uk", "cannot read 'uk'"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --timezone Europe/Berlin", "without --start"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --start 9999-12-31T20:00Z", "cannot read"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --start 2026-03-28T20:00+99:00", "unknown offset"),
        ("dose YANG-2020-IX --weight 80kg --run-time 24h", "did you mean yang-2020-i"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-520", "did you mean bag-"),
        ("dose yang-2020-iv --weight 80kg --run-time 24h --infusion-concentration 50units/mL", "mass of tirofiban"),
        ("rate 0.1mcg/kg/min --weight 80kg --concentration 50mcg/mL --to mcg/min --pump-step 1mL/h", "no pump"),
        ("rate 12mcg/s", "'per s' is not read"),
        ("table yang-2020-iv --from 90kg --to 80kg", "lower weight first"),
        ("renal --age 70", "missing"),
        ("bridges", "unknown command 'bridges'; did you mean bridge?"),
    ],
)
def test_bad_input_is_answered_with_what_to_write(command: str, said: str) -> None:
    outcome = invoke(*shlex.split(command))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert said in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1


def test_a_protocol_file_and_another_name_are_not_both_taken() -> None:
    outcome = invoke("dose", "yang-2020-iv", "--protocol-file", str(SITE), "--weight", "80kg")
    assert outcome.exit_code == 2
    assert "defines the protocol 'our-hospital'" in outcome.stderr


def test_a_site_page_says_whose_file_it_is() -> None:
    text = invoke("dose", "--protocol-file", str(SITE), "--weight", "80kg", "--run-time", "24h", "--details").stdout
    assert "a site protocol file" in text
    assert "Our hospital's SOP 12, version 3; SOP 12, page 3" in text


def test_lines_are_split_at_line_feeds_only() -> None:
    common = ("rate", "-", "--weight", "80kg", "--concentration", "50mcg/mL", "--drug", "tirofiban")
    outcome = invoke(*common, stdin="\ufeff0.15mcg/kg/min\r\n0.2mcg/kg/min\x1c0.3mcg/kg/min\n\n0.0001mcg/kg/min\n")
    assert outcome.stdout == "14.4 mL/h\n\n\n\n"
    assert outcome.exit_code == 2
    read, *refused = outcome.stderr.splitlines()
    assert [line.split(":")[1] for line in refused] == [" line 2", " line 3", " line 4"]
    assert read == "rescuecalc: line 1: read as 0.15 mcg/kg/min, 80 kg, 50 mcg/mL"


@pytest.mark.parametrize("command", ["rate - --weight 80kg --concentration 50mcg/mL", "dose -"])
def test_an_empty_input_is_no_clean_answer(command: str) -> None:
    outcome = invoke(*command.split(), stdin="")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr == "rescuecalc: standard input is empty; write one request a line into it\n"


def test_rate_says_on_stderr_what_a_page_would_find() -> None:
    common = ("--weight", "80kg", "--concentration", "50mcg/mL")
    assert "faster than 999 mL/h" in invoke("rate", "99mcg/kg/min", *common, "--drug", "vasopressin").stderr
    assert "outside the published range" in invoke("rate", "99mcg/kg/min", *common).stderr
    assert "more than 10 %" in invoke("rate", "0.15mcg/kg/min", *common, "--pump-step", "10mL/h").stderr
    assert "more than 5 %" in invoke("rate", "0.15mcg/kg/min", *common, "--pump-step", "4.5mL/h").stderr
    assert (
        invoke("rate", "7mL/h", *common, "--to", "mcg/kg/min").stdout
        == "0.0729167 mcg/kg/min (rounded to six digits)\n"
    )


def test_the_micro_sign_is_read_with_a_note_and_never_written() -> None:
    for sign in "\u00b5\u03bc":
        outcome = invoke("rate", f"0.15{sign}g/kg/min", "--weight", "80kg", "--concentration", f"50{sign}g/mL")
        assert outcome.stdout == "14.4 mL/h\n"
        assert "was read as mcg/kg/min" in outcome.stderr
        assert sign not in outcome.stderr


def test_the_catalogue_is_read_without_a_trace_of_state() -> None:
    before = catalogue.protocol("huo-2021")
    invoke(*shlex.split("dose huo-2021 --weight 80kg --ia-dose 0.5mg --run-time 24h --crcl 20mL/min"))
    assert catalogue.protocol("huo-2021") is before
    assert before.renal is None


def test_a_bolus_pump_rate_is_rounded_with_the_exact_one_beside() -> None:
    command = "dose yang-2020-iv --weight 81kg --run-time 24h --give-over 7min --bolus-product bag-100"
    made = answered(command)["boluses"][0]
    # 16.2 mL in 7 min = 138.857142... mL/h
    assert str(made["pump_rate"]["value"]) == "138.9"
    assert made["exact_pump_rate"]["rounded"] is True
    assert "138.857 mL/h rounded half up" in invoke(*shlex.split(command), "--details").stdout.replace("about ", "")


def test_a_stated_run_time_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "long.toml"
    text = SITE.read_text("utf-8")
    stated = 'from = "12 h", to = "24 h", words = "12 to 24 h"'
    assert stated in text
    file.write_text(text.replace(stated, 'taken = "300 h", words = "for 300 h"'), "utf-8")
    outcome = invoke("dose", "--protocol-file", str(file), "--weight", "80kg")
    assert outcome.exit_code == 4
    assert "longer than the 168 h" in outcome.stderr


def test_a_label_that_changes_nothing_here_is_said_to_change_nothing() -> None:
    made = answered("dose kang-2018-ia --ia-dose 0.5mg --crcl 20mL/min")
    assert [column["adjusts"] for column in made["renal_columns"]] == [False, False]
    assert "RC502" in {finding["code"] for finding in made["findings"]}


def test_what_a_labels_words_do_not_cover_is_said() -> None:
    eu = answered("dose huo-2021 --weight 80kg --ia-dose 0.5mg --run-time 24h --crcl 20mL/min --renal eu-label")
    assert "intra-arterial and stays" in eu["renal_columns"][0]["remarks"][0]
    us = answered("dose trend-2024 --weight 70kg --crcl 45mL/min --renal us-label")
    assert "no loading infusion" in us["renal_columns"][0]["remarks"][0]


def test_a_table_in_pounds_has_exact_rows_however_many_decimals_they_take() -> None:
    rows = answered("table yang-2020-iv --from 88.25lb --to 90.25lb --step 1.125lb --bolus-product vial-15")["rows"]
    # 88.25 lb and 89.375 lb of 0.45359237 kg, written out by hand
    assert [str(row["weight"]["value"]) for row in rows] == ["40.0295266525", "40.53981806875"]
    assert [str(row["bolus_dose"]["value"]) for row in rows] == ["400.295266525", "405.3981806875"]
