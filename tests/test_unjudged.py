"""What would go unjudged in silence is refused, and a hint never leads to another drug."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.support import Outcome, invoke

if TYPE_CHECKING:
    from pathlib import Path


def run(command: str) -> Outcome:
    return invoke(*shlex.split(command))


@pytest.mark.parametrize("drug", ["alteplase", "tPA", "tenecteplase"])
def test_no_thrombolysis_beside_a_thrombolytic_is_refused(drug: str) -> None:
    outcome = run(f"bridge trend-2024 --weight 80kg --thrombolysis-at none --beside {drug}")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "contradict each other" in outcome.stderr


@pytest.mark.parametrize(
    ("at", "code"),
    [("-168h", 0), ("-169h", 4), ("2026-11-21T22:00", 0), ("2026-11-21T21:59", 4), ("2025-11-28T20:00", 4)],
)
def test_a_thrombolysis_more_than_a_week_away_is_refused(at: str, code: int) -> None:
    start = "--start 2026-11-28T22:00 --timezone Europe/Berlin"
    assert run(f"bridge trend-2024 --weight 80kg {start} --thrombolysis-at={at}").exit_code == code


def test_a_stop_refuses_a_thrombolysis_more_than_a_week_away_too() -> None:
    stop = "stop trend-2024 --weight 80kg --started +0h --stopped +3h --thrombolysis-at"
    assert run(f"{stop} -168h").exit_code in (0, 1)
    assert run(f"{stop} -169h").exit_code == 4


def test_a_wrong_year_is_refused_with_both_dates() -> None:
    start = "--start 2026-11-28T22:00 --timezone Europe/Berlin"
    said = run(f"bridge trend-2024 --weight 80kg {start} --thrombolysis-at 2025-11-28T20:00").stderr
    assert "'2025-11-28T20:00' is more than 7 days from the start, 2026-11-28T22:00+01:00" in said


def test_a_year_that_is_not_that_of_the_start_is_printed() -> None:
    start = "--start 2026-12-31T20:00 --timezone Europe/Berlin"
    page = run(f"bridge rescue-bt-2022 --weight 80kg {start} --thrombolysis-at -2h --details").stdout
    assert "thrombolysis    at -02:00:00 = 12-31 18:00 +01:00" in page
    assert "24:00:00  2027-01-01 20:00 +01:00  infusion stops" in page


@pytest.mark.parametrize(
    ("zone", "write"),
    [
        ("EST", "write America/New_York"),
        ("localtime", "write one as Europe/Berlin, or UTC"),
        ("Factory", "write one as Europe/Berlin, or UTC"),
        ("posix/Europe/Berlin", "write Europe/Berlin"),
        ("Etc/GMT+5", "write one as Europe/Berlin, or UTC"),
        ("Europe", "write one as Europe/Berlin, or UTC"),
        ("Etc/UTC", "write UTC"),
        ("utc", "write UTC"),
        ("US/Eastern", "write America/New_York"),
        ("europe/berlin", "write Europe/Berlin"),
        ("Europe/Berlni", "write Europe/Berlin"),
        ("Berlin", "write Europe/Berlin"),
        ("New York", "write America/New_York"),
        ("Europe/Munich", "write Europe/Berlin"),
        ("America/Boston", "write America/New_York"),
        ("Amsterdm", "write Europe/Amsterdam"),
        ("CEST", "write Europe/Berlin"),
        ("UTC+1", "write one as Europe/Berlin, or UTC"),
        ("WAST", "write one as Europe/Berlin, or UTC"),
    ],
)
def test_a_zone_without_a_region_is_refused_with_the_name_to_write(zone: str, write: str) -> None:
    outcome = run(f"dose trend-2024 --weight 80kg --start 2026-11-28T22:00 --timezone '{zone}'")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert write in outcome.stderr


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia"])
def test_a_zone_with_a_region_is_taken(zone: str) -> None:
    assert run(f"dose trend-2024 --weight 80kg --start 2026-11-28T22:00 --timezone {zone}").exit_code == 0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("bridge trend-2024 -w 80kg --anticoagulant none --beside heparin", "contradict each other"),
        ("plan trend-2024 -w 80kg --anticoagulant no --beside Eliquis", "--beside apixaban contradict each other"),
        ("check docs/examples --show-settings --write-baseline known.json", "--show-settings judges nothing"),
        (
            "dose trend-2024 --weight 80kg --dialysis --no-dialysis",
            "--dialysis and --no-dialysis contradict each other",
        ),
    ],
)
def test_options_that_contradict_each_other_are_refused(command: str, said: str) -> None:
    outcome = run(command)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert said in outcome.stderr


def test_a_wrong_dose_is_one_error_while_no_product_is_chosen() -> None:
    found = run("dose --bolus 80mg --route iv --weight 80kg --json").json["findings"]
    assert [each["code"] for each in found if each["severity"] == "error"] == ["RC404"]


OWN = """
id = "ours"
title = "Ours"
drug = "tirofiban"
kind = "site"
confidence = "not graded"
population = "rescue after thrombectomy"
antiplatelets = "not stated"
not_stated = ["antiplatelets"]
sources = [{ id = "our-sop", locator = "page 3" }]
[source.our-sop]
title = "Our SOP"
"""


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        (
            '[[infusion]]\nrole = "maintenance"\ndose_rate_per_kg = "6 mcg/kg/min"',
            "--infusion 6mcg/kg/min --run-time 24h",
        ),
        ('[[bolus]]\nroute = "IV"\ndose = "80 mg"', "--bolus 80mg --route iv"),
        ('[[bolus]]\nroute = "IV"\ndose_per_kg = "100 mcg/kg"', "--bolus 100mcg/kg --route iv"),
        ('[[bolus]]\nroute = "IA"\ndose_range = { from = "0.5 mg", to = "50 mg" }', "--bolus 50mg --route ia"),
    ],
)
def test_what_is_an_error_typed_is_one_from_a_file(step: str, typed: str, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(OWN + step, "utf-8")
    assert run(f"dose --weight 80kg {typed}").exit_code == 1
    assert run(f"protocol check {file}").exit_code == 1
    chosen = f"{'--run-time 24h' if 'infusion' in step else ''} {'--ia-dose 50mg' if 'range' in step else ''}"
    assert run(f"dose --protocol-file {file} --weight 80kg {chosen}").exit_code == 1


def test_a_cap_that_can_never_bind_is_an_error_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    cap = 'cap = { amount = "8 mg", words = "at most 8 mg" }'
    file.write_text(f'{OWN}[[bolus]]\nroute = "IV"\ndose_per_kg = "10 mcg/kg"\n{cap}', "utf-8")
    for command in (f"protocol check {file}", f"dose --protocol-file {file} --weight 80kg"):
        outcome = run(f"{command} --json")
        assert outcome.exit_code == 1
        assert [each["code"] for each in outcome.json["findings"] if each["severity"] == "error"] == ["RC421"]


def test_a_selection_of_no_rule_is_refused() -> None:
    outcome = run("check docs/examples --select RC301 --ignore RC3")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "excludes every rule that --select chooses" in outcome.stderr


def test_to_leave_out_every_family_is_an_empty_selection() -> None:
    families = ",".join(f"RC{number}" for number in range(1, 10))
    outcome = invoke("check", "-", "--ignore", families, stdin="{}")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "--ignore excludes every rule; nothing would be judged" in outcome.stderr


def test_a_concentration_in_place_of_a_product_names_its_option() -> None:
    outcome = run("dose yang-2020-iv -w 80kg --run-time 24h --infusion-product 50mcg/mL")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "a concentration is written with --infusion-concentration" in outcome.stderr


@pytest.mark.parametrize(
    ("weight", "severity", "code"), [("44kg", None, 0), ("42kg", "warning", 0), ("40kg", "error", 1)]
)
def test_rounding_above_10_percent_is_an_error(weight: str, severity: str | None, code: int) -> None:
    # 0.075 mcg/kg/min set to 4 mL/h: +1.01 % of 3.96 mL/h, +5.82 % of 3.78 mL/h, +11.11 % of 3.6 mL/h
    outcome = run(f"dose instant-2024 --weight {weight} --infusion-product bag-250 --pump-step 1mL/h --json")
    found = [each["severity"] for each in outcome.json["findings"] if each["code"] == "RC311"]
    assert outcome.exit_code == code
    assert found == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("--pump-step 10mL/h", [("error", "10 mL/h")]),  # of three products, one concentration: 14.4 mL/h
        ("--volume-step 5mL", [("error", "5 mL"), ("warning", "15 mL")]),  # 3.2 mL of one, 16 mL of three
    ],
)
def test_one_step_that_is_too_coarse_is_one_finding(step: str, found: list[tuple[str, str]]) -> None:
    outcome = run(f"dose yang-2020-iv --weight 80kg --run-time 24h {step} --json")
    rounded = [each for each in outcome.json["findings"] if each["code"] == "RC311"]
    assert [(each["severity"], each["found"]) for each in rounded] == found


def test_the_rounding_of_a_wrong_dose_is_no_second_finding() -> None:
    # 0.1 mcg/kg/h for per min: 0.16 mL/h, which the pump sets to 0.2 mL/h
    outcome = run("dose --infusion 0.1mcg/kg/h --run-time 24h --weight 80kg --json")
    assert [each["code"] for each in outcome.json["findings"] if each["severity"] == "error"] == ["RC402"]


@pytest.mark.parametrize("name", ["tirofiban", "tiro", "tirofiban-label", "Aggrastat", "tirofibn", "Tirofban-label"])
def test_a_drug_in_place_of_a_protocol_lists_those_of_the_drug(name: str) -> None:
    said = run(f"dose {name} --weight 80kg").stderr
    assert "those of tirofiban are advent, eu-label-bolus, eu-label-load" in said
    assert "eptifibatide" not in said
    assert "abciximab" not in said


def test_a_hint_stays_with_the_drug_of_the_nearest_protocol() -> None:
    said = run("dose eptifibatide-lable --weight 80kg").stderr
    assert "those of eptifibatide are eptifibatide-label, eptifibatide-low" in said


@pytest.mark.parametrize(
    ("brand", "judged"),
    [
        ("Aggrastat", "tirofiban"),
        ("Integrilin", "eptifibatide"),
        ("ReoPro", "abciximab"),
        ("Kengreal", "cangrelor"),
        ("Plavix", None),
        ("Brilique", None),
        ("Eliquis", None),
        ("tPA", "alteplase"),
    ],
)
def test_brands_are_known(brand: str, judged: str | None) -> None:
    outcome = run(f"rate 0.1mcg/kg/min --weight 80kg --concentration 50mcg/mL --drug {brand} --json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    assert outcome.json["judged_as"] == judged


def test_a_rate_says_what_it_read_and_what_it_was_judged_as() -> None:
    outcome = run("rate 0.15mcg/kg/min --weight 80kg --concentration 50mcg/mL")
    assert outcome.stdout == "14.4 mL/h\n"
    assert "read as 0.15 mcg/kg/min, 80 kg, 50 mcg/mL" in outcome.stderr
    assert "judged as tirofiban: no drug named" in outcome.stderr
    made = run("rate 0.15mcg/kg/min --weight 80kg --concentration 50mcg/mL --json").json
    assert made["notes"] == ["judged as tirofiban: no drug named"]


def test_each_quiet_line_of_a_stream_has_its_concentration() -> None:
    command = "rate - --weight 80kg --concentration 50mcg/mL --quiet"
    outcome = invoke(*shlex.split(command), stdin="0.15mcg/kg/min\n10mcg/kg/min\n")
    assert outcome.stdout == "14.4 mL/h @ 50 mcg/mL\nDO NOT USE: 960 mL/h @ 50 mcg/mL\n"


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        ("rate 0.15mcg/kg/min --weight 80kg --concentration 50mcg/mL", "14.4 mL/h @ 50 mcg/mL\n"),
        ("rate 10mcg/kg/min --weight 80kg --concentration 50mcg/mL", "DO NOT USE: 960 mL/h @ 50 mcg/mL\n"),
        ("rate 0.15mcg/kg/min --weight 80kg --to mcg/min", "12 mcg/min @ 80 kg\n"),
        ("rate 12mcg/min --to mcg/h", "720 mcg/h @ 12 mcg/min\n"),
    ],
)
def test_a_quiet_rate_is_never_a_bare_number(command: str, printed: str) -> None:
    assert run(f"{command} --quiet").stdout == printed


@pytest.mark.parametrize("drug", ["clopidogrel", "Plavix", "Brilique", "prasugrel"])
@pytest.mark.parametrize("stdin", [None, "75mg/h\n"])
def test_a_rate_of_what_is_swallowed_is_an_error(drug: str, stdin: str | None) -> None:
    typed = "-" if stdin else "75mg/h"
    outcome = invoke(*shlex.split(f"rate {typed} --concentration 1mg/mL --drug {drug} --json"), stdin=stdin)
    assert (outcome.exit_code, [each["code"] for each in outcome.json["findings"]]) == (1, ["RC428"])


@pytest.mark.parametrize(("weight", "severity"), [("9.9kg", "error"), ("10kg", "warning"), ("350kg", "warning"),
                                                  ("351kg", "error")])  # fmt: skip
@pytest.mark.parametrize(
    "command",
    ["rate 0.15mcg/kg/min --concentration 50mcg/mL --pump-step 0.01mL/h", "dose trend-2024"],
)
def test_a_weight_that_no_adult_has_is_an_error_beside_an_inhibitor(command: str, weight: str, severity: str) -> None:
    found = invoke(*shlex.split(f"{command} --weight {weight} --json")).json["findings"]
    assert [each["severity"] for each in found if each["code"] == "RC406"] == [severity]


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        ("dose rescuebt -w 80kg", "did you mean rescue-bt-2022?"),
        ("dose outside", "unknown protocol 'outside'; `rescuecalc protocol list` shows all"),
        ("bridge prasugrel", "has no protocol of prasugrel; `rescuecalc protocol list` shows all"),
        ("dose us_label -w 80kg", "did you mean us-label?"),
        ("dose rescue-bt-2023 -w 80kg", "did you mean rescue-bt-2022?"),
        ("dose rescue-bt-2022 -w 80kg --infusion-product bag-500", "did you mean bag-250 or bag-100?"),
        ("dose rescue-bt-2022 -w 80kg --infusion-product bag250", "did you mean bag-250?"),
        (
            "dose rescue-bt-2022 -w 80kg --infusion-product vial",
            "the catalogue has bag-250, bag-100, concentrate-50-diluted",
        ),
        ("rule RC4O2", "did you mean RC402?"),
        ("bridge rescue-bt-2022 -w 80kg --p2y12 clopidogrl", "did you mean clopidogrel?"),
    ],
)
def test_a_hint_names_what_can_have_been_meant_alone(command: str, hint: str) -> None:
    outcome = run(command)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr.strip().endswith(hint)


@pytest.mark.parametrize("name", ["Aggrastat (eptifibatide)", "tirofiban (Integrilin)", "Kengreal/tirofiban"])
def test_a_name_of_two_drugs_is_an_error(name: str) -> None:
    made = {"order_set": "a", "orders": [{"drug": name, "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg"}]}
    found = invoke("check", "-", "--format", "json", "--isolated", stdin=json.dumps(made)).json["findings"]
    assert ("RC112", "/orders/0/drug") in [(each["code"], each["pointer"]) for each in found]
