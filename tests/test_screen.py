"""The first screens: their order, their bounds, and what no option hides."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from rescuecalc.catalogue import catalogue
from tests.support import Outcome, invoke
from tests.sweep_screens import drawn, problems, screens

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ("dose", "plan", "bridge", "table", "renal")
LINES = {"dose": 26, "bridge": 26, "plan": 44}
BUSY = (
    "--crcl 25mL/min",
    "--crcl 45mL/min --infusion-product {bag} --start 2026-11-28T22:40 --timezone Europe/Berlin",
)
BRIDGED = "--p2y12 clopidogrel --load 300mg --thrombolysis-at -2h --aspirin 81mg --aspirin-load 325mg --beside heparin"
CHOSEN = {
    "cangrelor-label": "--run-time 2h",
    "advent": "--run-time 24h",
    "rescue-as": "--run-time 24h",
    "eptifibatide-label": "--run-time 24h",
    "eptifibatide-low": "--run-time 24h",
    "eu-label-bolus": "--run-time 24h",
    "eu-label-load": "--run-time 48h",
    "huo-2021": "--run-time 24h --ia-dose 0.5mg",
    "kang-2018-ia": "--ia-dose 0.5mg",
    "us-label": "--run-time 18h",
    "yang-2020-ia": "--run-time 24h",
    "yang-2020-iv": "--run-time 24h",
}
BAGS = {"tirofiban": "bag-250", "eptifibatide": "eptifibatide-bag-100"}


def run(command: str) -> Outcome:
    return invoke(*shlex.split(command))


def screen(command: str) -> list[str]:
    outcome = run(command)
    assert outcome.exit_code in (0, 1), outcome.stderr
    return outcome.stdout.splitlines()


def words(command: str) -> str:
    return " ".join(" ".join(screen(command)).split())


def patients(protocol: str) -> list[str]:
    """Return what is typed of light and heavy patients, alone and with everything that lengthens a screen."""
    drug, chosen = catalogue.protocol(protocol).drug, CHOSEN.get(protocol, "")
    busy = BUSY if drug in BAGS and catalogue.protocol(protocol).infusions else BUSY[:1]
    needed = "--crcl 90mL/min" if catalogue.protocol(protocol).renal else ""
    return [
        f"{protocol} --weight {weight} {chosen} {more}".format(bag=BAGS.get(drug))
        for weight in ("57kg", "123.4kg")
        for more in (needed, *busy)
    ]


def columns(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    for name in COMMANDS:
        monkeypatch.setattr(import_module(f"rescuecalc.cli.commands.{name}"), "page_width", lambda: width)


@pytest.mark.parametrize("protocol", catalogue.protocol_ids())
def test_a_dose_is_one_screen_at_80_columns(protocol: str) -> None:
    for patient in patients(protocol):
        lines = screen(f"dose {patient}")
        assert len(lines) <= 26, patient
        assert max(map(len, lines)) <= 80, patient


@pytest.mark.parametrize("protocol", catalogue.protocol_ids())
@pytest.mark.parametrize("command", ["plan", "bridge"])
def test_a_plan_and_a_bridge_keep_to_their_lines(command: str, protocol: str) -> None:
    for patient in patients(protocol)[-1:]:
        for more in ("", BRIDGED):
            lines = screen(f"{command} {patient} {more}")
            assert len(lines) <= LINES[command], (patient, more)
            assert max(map(len, lines)) <= 80, (patient, more)


@pytest.mark.parametrize("protocol", catalogue.protocol_ids())
def test_nothing_overflows_60_columns(protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    columns(monkeypatch, 60)
    patient = patients(protocol)[-1]
    for command in (f"dose {patient}", f"plan {patient} {BRIDGED}", f"bridge {patient}"):
        assert max(map(len, screen(command))) <= 60, command
    needed = "--crcl 45mL/min" if catalogue.protocol(protocol).infusions else ""
    dose = "--ia-dose 0.5mg" if "--ia-dose" in CHOSEN.get(protocol, "") else ""
    assert max(map(len, screen(f"table {protocol} --step 50kg {needed} {dose}"))) <= 60


def test_a_sample_of_every_screen_keeps_to_its_bound() -> None:
    assert list(problems(list(screens())[::28_001])) == []  # all of them: python -m tests.sweep_screens


NIGHT = "--start 2026-10-24T22:40 --timezone Europe/Berlin"
HIGH_ASPIRIN = "--thrombolysis-at -2h --p2y12 ticagrelor --aspirin 325mg --overlap 1h --pru 57"
HEAVY = "--weight 152.75kg --run-time 24h"
DILUTED = "--infusion-product concentrate-50-diluted"
FULLEST = (
    f"dose yang-2020-ia {HEAVY} {DILUTED} --bolus-product vial-15 --crcl 45mL/min",
    f"dose eptifibatide-label {HEAVY} --crcl 15mL/min",
    f"dose rescue-bt-2022 --weight 152.75kg {DILUTED} --crcl 15mL/min",
    f"dose rescue-bt-2022 --weight 33.3kg {DILUTED} --bolus-product infusion-container --crcl 60mL/min {NIGHT}",
    f"bridge huo-2021 --weight 33.3kg --run-time 24h --ia-dose 0.5mg --crcl 60mL/min {NIGHT} {HIGH_ASPIRIN}",
    f"bridge eptifibatide-label {HEAVY} --crcl 15mL/min {NIGHT} {HIGH_ASPIRIN} --beside alteplase --beside heparin",
)
"""Screens that took 27 to 30 lines: errors, and warnings that are never hidden."""


@pytest.mark.parametrize("command", FULLEST)
def test_the_fullest_screens_keep_to_26_lines(command: str) -> None:
    assert list(problems([command])) == []
    assert screen(command) == drawn(command)[80]


GROSS = "--bolus 100mcg/kg --route ia --infusion 1mcg/kg/min --run-time 160h"
UNDILUTED = "--bolus-concentration 5mg/mL --infusion-concentration 0.5mcg/mL --crcl 30mL/min"
ILL = "--platelets 20 --anticoagulant heparin,-1h --haemoglobin 5g/dL"
OVERLOADED = "--p2y12 ticagrelor --load 1800mg --aspirin 1g --aspirin-load 5g"
LYSED = "--beside eptifibatide --beside alteplase"
WRONGEST = (
    f"dose --weight 260kg {GROSS} {UNDILUTED} {ILL} {NIGHT} --thrombolysis-at none",
    f"bridge --weight 400lb {GROSS} {UNDILUTED} {ILL} {NIGHT} --renal eu-label {LYSED} {HIGH_ASPIRIN}",
    f"plan --weight 8kg {GROSS} --infusion-product bag-100 --crcl 15mL/min {ILL} {NIGHT} {LYSED} {OVERLOADED}",
)
"""Screens that took up to 46 lines: seven errors and more beside everything that is never hidden."""


@pytest.mark.parametrize("command", WRONGEST)
def test_a_screen_with_many_errors_names_each_and_hides_nothing_that_must_be_read(command: str) -> None:
    assert list(problems([command])) == []
    shown, found = words(command), run(f"{command} --json").json["findings"]
    errors = [each["code"] for each in found if each["severity"] == "error"]
    assert len(errors) >= 7
    assert set(errors) <= set(re.findall(r"RC\d{3}", shown.rpartition(" DO NOT USE: ")[0]))
    assert "death in hospital in 23.6 vs 0 % (p<0.001)" in shown
    assert "disconnect at the cannula, do not flush" in shown
    assert "EU label: contraindicated within 30 days of a stroke" in shown
    assert "next 2026-10-25 00:40 +02:00 to 03:40 +01:00; stop if platelets confirmed below 90" in shown
    assert "haemoglobin 5 g/dL" in shown


PRASUGREL = "--p2y12 prasugrel --load 60mg --aspirin 325mg --overlap 1h --thrombolysis-at -2h --beside heparin"


def test_a_bridge_with_an_error_fits_a_terminal_of_24_lines_with_its_prompt() -> None:
    lines = screen(f"bridge yang-2020-iv --weight 80kg --run-time 24h --beside alteplase {PRASUGREL}")
    assert len(lines) <= 21  # the first is framed there, and the prompt takes one
    assert lines[0] == "DO NOT USE: RC620 prasugrel is contraindicated after stroke or TIA"
    assert lines[-1] == "DO NOT USE: RC620 prasugrel-after-stroke"
    assert "bridge    aspirin 325 mg PO daily, at 23:00:00 (by the user)" in lines


def test_a_table_names_its_run_time_and_its_weights_on_the_second_line() -> None:
    assert screen("table us-label --crcl 90mL/min")[1] == "TIROFIBAN  us-label; run time up to 18 h; 40 kg to 140 kg"
    assert screen("table kang-2018-ia --ia-dose 0.5mg --to 60kg")[1] == "TIROFIBAN  kang-2018-ia; 40 kg to 60 kg"


def test_a_table_with_a_label_column_takes_two_stacks() -> None:
    lines = screen("table yang-2020-iv --crcl 45mL/min")
    assert len(lines) <= 33
    assert " 80     16    3.2     14.4      7.2 |135     27    5.4     24.3     12.2" in lines
    assert "        50    250       50       50 |        50    250       50       50" in lines
    assert len(screen("table yang-2020-iv --crcl 15mL/min")) <= 44  # the EU label's three columns leave room for one


def test_a_weight_in_pounds_is_rounded_visibly_and_exact_on_the_whole_page() -> None:
    dose = "yang-2020-iv -w 176lb --run-time 24h"
    text = words(f"dose {dose}")
    assert "about 79.83 kg = 176 lb (as given)" in text
    assert "mL/h 14.4 mL/h of 50 mcg/mL (exact about 14.37 mL/h, +0.21 %)" in text
    assert "BOLUS IV about 798.3 mcg (10 mcg/kg)" in text
    assert "79.83225712 kg" in words(f"dose {dose} --details")
    assert "79.83225712" not in text + words(f"stop {dose.replace('--run-time 24h', '')} --started +0h --stopped +3h")


def test_windows_of_a_plan_are_clock_times_where_the_start_has_one() -> None:
    bridge = "--p2y12 clopidogrel --load 300mg --aspirin 81mg --overlap 4h --thrombolysis-at -2h"
    plan = f"plan yang-2020-iv -w 80kg --run-time 24h --infusion-product bag-250 --bolus-product vial-15 {bridge}"
    text = words(f"{plan} {NIGHT} --details")
    assert "container 1 VTBI 250 mL of 50 mcg/mL, empty at 2026-10-25 15:01:40 +01:00" in text
    assert "blood count, to 2026-10-25 03:40 +01:00" in text
    assert "2026-10-25 17:40 +01:00 to 2026-10-25 21:40 +01:00 tirofiban infusion; unknown: aspirin" in text
    assert (
        "that CT is due at +22 h (10-25 19:40 +01:00) and leaves an overlap of 2 h before the stop at +24 h (" in text
    )
    without = words(f"{plan} --details")
    assert "blood count, to 06:00:00" in without
    assert "that CT is due at +22 h and leaves an overlap" in without


def test_a_table_of_a_drug_without_a_product_shows_its_doses_and_what_is_not_calculated() -> None:
    lines = screen("table abciximab-label --to 80kg")  # 0.25 mg/kg; 0.125 mcg/kg/min, at most 10 mcg/min
    assert "mL/h not calculated: no product is held; add --infusion-concentration" in lines
    assert any(line.split("|")[-1].split() == ["80", "20,000", "10"] for line in lines)


@pytest.mark.parametrize("command", ["dose", "plan", "table"])
def test_abciximab_is_never_without_its_warning_of_harm_in_stroke(command: str) -> None:
    weight = "" if command == "table" else "--weight 80kg"
    lines = screen(f"{command} abciximab-label {weight}")
    assert lines[0].startswith("READ FIRST: ")
    assert "WARNING RC410: AHA/ASA 2026: intravenous abciximab in acute ischaemic stroke is" in lines


def test_a_full_screen_leaves_out_the_exact_value_that_is_nearly_the_rounded_one() -> None:
    assert "volume    30.6 mL of 50 mcg/mL: by pump from its own container, not by syringe" in screen(FULLEST[2])
    assert "volume 30.6 mL of 50 mcg/mL (exact 30.55 mL, +0.16 %): by pump" in words("dose rescue-bt-2022 -w 152.75kg")


def test_beside_an_error_the_reassurance_leaves_room_and_the_error_stays_last() -> None:
    lines = screen(FULLEST[-1])
    assert lines[0].startswith("DO NOT USE: RC621 aspirin 325 mg daily with ticagrelor")
    assert lines[-1] == "DO NOT USE: RC621, RC661"
    assert "arithmetic checked" not in " ".join(lines)


def test_a_last_container_that_is_empty_at_the_stop_is_not_changed() -> None:
    events = invoke(*shlex.split(f"plan {EMPTY_AT_THE_STOP} --format json")).json["events"]
    assert [each["elapsed"] for each in events if each["event"] == "container-empty"] == []
    assert [each["elapsed"] for each in events if each["event"] == "infusion-stop"] == ["48:30:00"]


EMPTY_AT_THE_STOP = "eu-label-load --weight 33.3kg --run-time 48h --crcl 15mL/min --infusion-product bag-100"
"""4 mL of the load and 96 mL after it, out of 100 mL."""

DOSE = """\
no error and no warning in the given values
TIROFIBAN  yang-2020-iv; 80 kg = 176.4 lb (as given); run time 24 h;
  thrombolysis unknown; CrCl unknown
label use: off label (US); EU label: contraindicated within 30 days of a stroke
PUMP      bag-250 (12.5 mg in 250 mL): 50 mcg/mL
weight    80 kg; dose rate 0.15 mcg/kg/min = 12 mcg/min
mL/h      14.4 mL/h of 50 mcg/mL
VTBI      345.6 mL of 50 mcg/mL; container empty 17:21:40
stop      24:00:00: disconnect at the cannula, do not flush
BOLUS IV  800 mcg (10 mcg/kg); give over: not stated
volume    3.2 mL of 250 mcg/mL, vial-15: by syringe from the vial, not drawn
          from the bag
platelets baseline, before the start; next 2 h to 6 h after the start
stop if   platelets confirmed below 90 x10^9/L, pseudothrombocytopenia excluded;
          neurological deterioration
not given and so not judged: CrCl, platelets, INR, blood pressure, thrombolysis,
  anticoagulant, oral antiplatelets (see `rescuecalc bridge`)
hidden: 8 notes, 6 sources, 6 steps; see --details
arithmetic checked by two routes; weight, product and order not verified: an
independent double check is needed
"""


def test_both_bolus_volumes_stand_while_no_product_is_chosen() -> None:
    lines = screen("dose rescue-bt-2022 --weight 80kg")
    assert "volume    16 mL of 50 mcg/mL: by pump from its own container, not by syringe" in lines
    assert "or        3.2 mL of 250 mcg/mL: by syringe from the vial, not drawn from the bag" in lines


def test_a_dose_reads_in_the_order_in_which_the_pump_is_keyed() -> None:
    command = "dose yang-2020-iv --weight 80kg --run-time 24h --bolus-product vial-15 --infusion-product bag-250"
    assert run(command).stdout == DOSE


def test_clock_times_have_their_date_and_follow_a_change_of_the_clocks() -> None:
    shown = words(
        "dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250 --start 2026-03-28T20:00 "
        "--timezone Europe/Berlin"
    )
    assert "container empty 2026-03-29 14:21:40 +02:00" in shown
    assert "stop 2026-03-29 21:00 +02:00: disconnect at the cannula, do not flush" in shown
    assert "next 2026-03-28 22:00 +01:00 to 2026-03-29 03:00 +02:00" in shown


def test_blood_counts_of_one_day_name_it_once() -> None:
    shown = words("dose trend-2024 --weight 80kg --start 2026-11-28T10:00 --timezone Europe/Berlin")
    assert "platelets baseline, before the start; next 2026-11-28 12:00 to 16:00 +01:00" in shown


def test_a_labels_row_is_said_as_the_label_gives_it() -> None:
    load = "dose eu-label-load --weight 80kg --run-time 48h --crcl 90mL/min --label-band"
    row = "80 kg to 87 kg: load 40 mL/h of 50 mcg/mL; 10 mL/h of 50 mcg/mL; never mix the two"
    assert f"label row {row}" in words(load)
    assert f"label row: {row}" in words(f"{load} --quiet")
    bolus = "dose us-label --weight 80kg --run-time 18h --crcl 90mL/min --label-band"
    assert "label row 80 kg to 87 kg: bolus 42 mL of 50 mcg/mL in 5 min; 15 mL/h of 50 mcg/mL" in words(bolus)


def test_a_load_stands_before_its_maintenance_infusion() -> None:
    lines = screen("dose trend-2024 --weight 80kg --infusion-product bag-250")
    assert "mL/h      38.4 mL/h of 50 mcg/mL, then 9.6 mL/h of 50 mcg/mL" in lines
    assert "weight    80 kg; dose rate 0.4 mcg/kg/min = 32 mcg/min for 30 min, then" in lines


@pytest.mark.parametrize(
    ("weight", "shown"), [("80kg", "80 kg = 176.4 lb (as given)"), ("176lb", "about 79.83 kg = 176 lb (as given)")]
)
def test_a_weight_is_said_in_both_units(weight: str, shown: str) -> None:
    assert shown in words(f"dose trend-2024 --weight {weight}")


def test_an_error_is_the_first_line_and_the_last() -> None:
    outcome = run("dose --infusion 10mcg/kg/min --run-time 24h --weight 80kg")
    lines = outcome.stdout.splitlines()
    assert outcome.exit_code == 1
    assert lines[0].startswith("DO NOT USE: RC402 the infusion of 10mcg/kg/min is outside the published range of")
    assert lines[-1] == "DO NOT USE: RC402 dose-rate-outside-every-source"


def test_every_error_is_shown_and_in_full_where_the_screen_has_room() -> None:
    wrong = "dose yang-2020-iv -w 80kg --run-time 24h --platelets 40 --inr 3 --anticoagulant apixaban,-3h"
    for command, whole in ((f"{wrong} --thrombolysis-at -2h", ""), (WRONG_THRICE, "--details")):
        assert len(screen(command)) <= 26
        errors = [each for each in run(f"{command} --json").json["findings"] if each["severity"] == "error"]
        assert len(errors) > 1
        shown, full = words(command), words(f"{command} {whole}")
        for each in errors:
            assert f"{each['code']} {' '.join(each['message'].split())}" in full
            assert f"{each['code']} {' '.join(each['message'].split())[:40]}" in shown


WRONG_THRICE = "dose --bolus 1mg/kg --route iv --infusion 10mcg/kg/min --run-time 24h --weight 8kg"


def test_what_a_label_would_do_stands_under_the_pump_rate() -> None:
    lines = screen("dose yang-2020-iv --weight 70kg --run-time 24h --infusion-product bag-250 --crcl 45mL/min")
    assert "mL/h      12.6 mL/h of 50 mcg/mL" in lines
    assert "US label: 6.3 mL/h of 50 mcg/mL (0.075 mcg/kg/min); not applied" in lines


def test_warnings_without_room_are_counted_by_code() -> None:
    command = "dose yang-2020-ia --weight 80kg --run-time 24h --crcl 25mL/min"
    assert screen(command)[0] == "READ FIRST: 2 warnings, no error"
    assert "hidden: 1 warning (RC501), 7 notes, 6 sources, 5 steps; see --details" in screen(command)


NEVER_HIDDEN = (
    ("dose rescue-bt-2022 --weight 80kg", "by pump from its own container, not by syringe"),
    ("dose rescue-bt-2022 --weight 80kg", "by syringe from the vial, not drawn from the bag"),
    ("dose rescue-bt-2022 --weight 80kg", "disconnect at the cannula, do not flush"),
    ("dose rescue-bt-2022 --weight 80kg", "next 2 h to 6 h after the start"),
    ("dose rescue-bt-2022 --weight 80kg", "platelets confirmed below 90 x10^9/L, pseudothrombocytopenia excluded"),
    (
        "dose rescue-bt-2022 --weight 80kg",
        "not given and so not judged: CrCl, platelets, INR, blood pressure, thrombolysis",
    ),
    ("dose yang-2020-ia --weight 80kg --run-time 24h --crcl 25mL/min", "death in hospital in 23.6 vs 0 % (p<0.001)"),
    (
        "dose eu-label-bolus --weight 80kg --run-time 24h --crcl 25mL/min",
        "the EU label lists stroke within 30 days as a contraindication",
    ),
    (
        "dose instant-2024 --weight 40kg --infusion-product bag-250 --pump-step 1mL/h",
        "the pump rate 4 mL/h deviates by +11.11 % from the exact 3.6 mL/h",
    ),
    ("plan rescue-bt-2022 --weight 80kg", "disconnect at the cannula, do not flush"),
    ("bridge yang-2020-ia --weight 80kg --run-time 24h", "death in hospital in 23.6 vs 0 % (p<0.001)"),
    ("table yang-2020-ia", "death in hospital in 23.6 vs 0 % (p<0.001)"),
    ("table rescue-bt-2022", "by syringe from the vial, not drawn from the bag"),
)


@pytest.mark.parametrize(("command", "said"), NEVER_HIDDEN)
@pytest.mark.parametrize("option", ["", "--quiet"])
def test_no_option_hides_what_must_not_be_missed(command: str, said: str, option: str) -> None:
    outcome = run(f"{command} {option}")
    assert said in " ".join(f"{outcome.stdout} {outcome.stderr}".split())


@pytest.mark.parametrize(
    ("command", "numbers"),
    [
        (
            "dose yang-2020-iv --weight 80kg --run-time 24h --bolus-product vial-15",
            "14.4 mL/h @ 50 mcg/mL\nbolus IV: 3.2 mL @ 250 mcg/mL\n",
        ),
        ("dose --infusion 0.15mcg/kg/min --run-time 24h --weight 80kg", "14.4 mL/h @ 50 mcg/mL\n"),
        ("dose --infusion 10mcg/kg/min --run-time 24h --weight 80kg", "DO NOT USE: 960 mL/h @ 50 mcg/mL\n"),
        ("dose trend-2024 --weight 80kg", "loading 30 min: 38.4 mL/h @ 50 mcg/mL\n9.6 mL/h @ 50 mcg/mL\n"),
        (
            "dose rescue-bt-2022 --weight 80kg",
            "14.4 mL/h @ 50 mcg/mL\nbolus IV: 16 mL @ 50 mcg/mL or 3.2 mL @ 250 mcg/mL\n",
        ),
        (
            "bridge rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg",
            "clopidogrel 300 mg PO once, at 20:00:00 (by the user)\n",
        ),
        ("renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL", "55.1 mL/min on actual weight 80 kg\n"),
    ],
)
def test_quiet_prints_numbers_and_never_a_bare_one(command: str, numbers: str) -> None:
    assert run(f"{command} --quiet").stdout.startswith(numbers)


@pytest.mark.parametrize("command", ["dose rescue-bt-2022 --weight 80kg", "table rescue-bt-2022 --step 50kg"])
def test_json_does_not_depend_on_what_a_person_is_shown(command: str) -> None:
    plain = run(f"{command} --format json").stdout
    assert plain.startswith("{\n")
    for option in ("--details", "--quiet"):
        assert run(f"{command} --format json {option}").stdout == plain
    assert run(f"{command} --json").stdout == plain


def test_details_and_quiet_together_are_refused() -> None:
    outcome = run("dose rescue-bt-2022 --weight 80kg --details --quiet")
    assert (outcome.exit_code, outcome.stdout) == (2, "")


def test_a_table_sets_as_many_weights_on_a_line_as_fit() -> None:
    lines = screen("table rescue-bt-2022 --from 40kg --to 140kg --step 20kg")
    assert " 40         8        1.6       7.2 |100        20          4        18" in lines
    assert len(screen("table rescue-bt-2022")) == 28
    assert " 80        16        3.2      14.4 |140        28        5.6      25.2" in lines


@pytest.mark.parametrize("protocol", catalogue.protocol_ids())
def test_a_table_of_21_weights_is_about_one_screen(protocol: str) -> None:
    needed = "--crcl 90mL/min" if catalogue.protocol(protocol).renal else ""
    dose = "--ia-dose 0.5mg" if "--ia-dose" in CHOSEN.get(protocol, "") else ""
    lines = screen(f"table {protocol} {needed} {dose}")
    assert len(lines) <= 34
    assert max(map(len, lines)) <= 80


def test_a_clearance_is_one_screen_with_what_each_label_does() -> None:
    lines = screen("renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL --height 165cm")
    assert len(lines) <= 26
    assert lines[1] == "CrCl 55.1 mL/min (exact: about 55.0926 mL/min), on actual weight 80 kg"
    assert "tirofiban, US label: CrCl 60 mL/min or less: infusion halved, bolus unchanged" in lines


def test_json_and_another_format_are_refused() -> None:
    outcome = run("table rescue-bt-2022 --format csv --json")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "--json and --format name two formats" in outcome.stderr


def test_a_result_goes_into_the_file_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "dose.json"
    command = "dose rescue-bt-2022 -w 80kg --json"
    outcome = run(f"{command} -o {file}")
    assert (outcome.exit_code, outcome.stdout) == (0, "")
    assert file.read_text("utf-8") == run(command).stdout


@pytest.mark.parametrize("command", ["dose --protocol-file {} --weight 80kg --run-time 24h", "check {}"])
def test_a_result_never_replaces_what_is_read(command: str, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("order_set: x\n", "utf-8")
    outcome = run(f"{command.format(file)} --output {file}")
    assert outcome.exit_code == 2
    assert "would be lost" in outcome.stderr
    assert file.read_text("utf-8") == "order_set: x\n"


def test_a_folder_that_is_checked_keeps_its_order_sets(tmp_path: Path) -> None:
    file = tmp_path / "set.yaml"
    file.write_text("order_set: x\n", "utf-8")
    assert run(f"check {tmp_path} -o {file}").exit_code == 2
    assert run(f"check {tmp_path} -o {tmp_path / 'report.txt'}").stdout == ""


@pytest.mark.parametrize("command", ["dose", "plan", "bridge"])
@pytest.mark.parametrize("crcl", ["", "--crcl 25mL/min"])
def test_what_the_labels_say_of_stroke_is_never_hidden(command: str, crcl: str) -> None:
    said = "label use: off label (US); EU label: contraindicated within 30 days of a stroke"
    assert said in words(f"{command} yang-2020-iv --weight 80kg --run-time 24h {crcl}")


def test_a_table_has_what_a_ward_asks_of_a_sheet_on_the_wall() -> None:
    said = words("table trend-2024")
    assert "TIROFIBAN trend-2024; run time 30 min, then 72 h; 40 kg to 140 kg TREND 2024: loading infusion IV" in said
    assert "date ______________ approved by ________________________________" in said
    lines = screen("table instant-2024 --crcl 45mL/min --from 80kg --to 80kg")
    head = lines.index("       loading  infusion    US label  US label")
    assert lines[head : head + 5] == [
        "       loading  infusion    US label  US label",
        "   30 min only           30 min only",
        "kg     mL/h of   mL/h of     mL/h of   mL/h of",
        "     50 mcg/mL 50 mcg/mL   50 mcg/mL 50 mcg/mL",
        "80        28.8       7.2        14.4       3.6",
    ]


@pytest.mark.parametrize("option", ["", "--details", "--format markdown"])
@pytest.mark.parametrize("product", ["", "--bolus-product vial-15"])
def test_a_table_says_where_a_bolus_takes_several_vials(option: str, product: str) -> None:
    shown = words(f"table us-label --crcl 90mL/min --from 145kg --to 160kg {product} {option}")
    assert "one bolus takes 2 of vial-15 at 155 to 160 kg" in shown
    assert "takes 1 of" not in shown


def test_a_dose_beside_a_thrombolysis_is_judged_and_says_when_it_was() -> None:
    dose = "dose yang-2020-iv -w 80kg --run-time 24h --infusion-product bag-250"
    given, none, unknown = (words(f"{dose} {each}") for each in ("--thrombolysis-at -2h", "--thrombolysis-at none", ""))
    assert "thrombolysis at -02:00:00; CrCl unknown" in given
    assert "WARNING RC610: tirofiban starts 2 h after the thrombolysis" in given
    assert "no thrombolysis; CrCl unknown" in none
    assert "RC610" not in none + unknown
    assert "thrombolysis unknown" in unknown
    night = f"{dose} --start 2026-01-01T02:00 --timezone UTC"
    assert "thrombolysis at 2025-12-31 23:00 +00:00" in words(f"{night} --thrombolysis-at 2025-12-31T23:00")
    wrong_year = run(f"{night} --thrombolysis-at 2025-01-01T01:00")
    assert (wrong_year.exit_code, wrong_year.stdout) == (4, "")
    assert "'2025-01-01T01:00' is more than 7 days from the start, 2026-01-01T02:00+00:00" in wrong_year.stderr


def test_a_warning_takes_the_lines_that_are_left() -> None:
    lines = screen("dose rescue-bt-2022 -w 80kg --crcl 25mL/min --infusion-product bag-250")
    begun = lines.index("WARNING RC501: CrCl 25 mL/min: US label: CrCl 60 mL/min or less: infusion")
    assert lines[begun + 1] == "  halved, bolus unchanged (here the infusion changes) ..."
    assert len(lines) == 26


def test_a_clearance_that_was_calculated_says_on_which_weight() -> None:
    patient = "--age 70 --sex f --creatinine 1.2mg/dL"
    assert "CrCl 55.1 mL/min (calculated on actual weight)" in words(f"dose us-label -w 80kg --run-time 12h {patient}")


def test_a_table_names_the_weights_at_which_a_cap_holds() -> None:
    capped = "table eptifibatide-label --crcl 80mL/min --from 100kg --to {} --step 10kg"  # 22.6 mg and 15 mg/h
    assert "a cap applies at 130 to 140 kg, instead of the dose per kg" in words(capped.format("140kg"))
    assert "cap" not in words(capped.format("120kg"))


def test_that_no_source_states_the_next_count_is_said() -> None:
    said = words("dose eptifibatide-label -w 80kg --run-time 24h --crcl 80mL/min")
    assert "platelets baseline, before the start; next: no source is held" in said
    assert "next: no source" not in words("dose rescue-bt-2022 -w 80kg") + words("dose abciximab-label -w 80kg")


def test_a_bolus_by_pump_names_its_rate_before_how_it_is_given() -> None:
    own = "--bolus-product bag-100 --infusion-product bag-100"
    said = words(f"dose us-label -w 120kg --run-time 18h --crcl 80mL/min {own}")
    assert "60 mL of 50 mcg/mL, bag-100, at 720 mL/h: by pump from its own container, not by syringe" in said


def test_a_protocol_is_one_screen_that_counts_what_it_hides() -> None:
    for name in catalogue.protocol_ids():
        screen, whole = (invoke("protocol", "show", name, *more).stdout for more in ((), ("--details",)))
        lines = screen.splitlines()
        assert (len(lines) <= 26, max(map(len, lines)) <= 80) == (True, True), name
        before = screen.partition("BEFORE THE START")[2]
        assert before.count("\n  - ") == whole.partition("BEFORE THE START")[2].count("\n  - ")
        begun = sum(line.endswith(" ...") for line in lines)
        assert (f"the rest of {begun} line" in lines[-1]) is (begun > 0), name
        assert ("; see --details" in lines[-1]) is (screen != whole), name


def test_a_protocols_screen_leaves_remarks_out_before_a_contraindication() -> None:
    lines = invoke("protocol", "show", "eptifibatide-label").stdout.splitlines()
    assert "    surgery within 6 weeks, or severe uncontrolled hypertension (US label)" in lines
    assert lines[-1] == "hidden: the rest of 1 line (...), 1 remark, 4 sources; see --details"
    assert "  - tubes and catheters placed before ..." in lines
    whole = invoke("protocol", "show", "us-label", "--details").stdout
    assert "THE LABEL'S WEIGHT-BAND TABLE, 50 mcg/mL" in whole
    assert "the label's table" in invoke("protocol", "show", "us-label").stdout.splitlines()[-1]
    both = invoke("protocol", "show", "us-label", "--details", "--as-order-set")
    assert (both.exit_code, "ask for different pages" in both.stderr) == (2, True)
