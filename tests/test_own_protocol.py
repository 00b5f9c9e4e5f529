"""A hospital's own protocol: its template, a second bolus, routes, its own renal rule, and how it is judged."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from rescuecalc.catalogue.files import protocols, renal_rules
from rescuecalc.reporters.render.protocol_template import PROTOCOL_TEMPLATE
from tests.support import Outcome, invoke

HEAD = """
id = "our-own"
title = "Our own"
drug = "{drug}"
kind = "site"
confidence = "not graded"
population = "acute coronary syndrome"
antiplatelets = "not stated"
not_stated = ["antiplatelets"]
{more}
sources = [{{ id = "our-sop", locator = "page 3" }}]

[source.our-sop]
title = "SOP 12"
"""
RULE = """
[renal_rule]
title = "our SOP"
sources = [{ id = "our-sop", locator = "page 4" }]
bands = [
  { up_to = "40 mL/min", includes = true, bolus_factor = "1", infusion_factor = "0.5", words = "40 or less: half" },
  { bolus_factor = "1", infusion_factor = "1", words = "CrCl above 40: full" },
]
"""
BOLUS = '\n[[bolus]]\nroute = "IV"\ndose_per_kg = "180 mcg/kg"\n'
AGAIN = 'repeat = { at = "10 min", words = "once more 10 min after the start" }\n'
INFUSION = """
[[infusion]]
role = "maintenance"
dose_rate_per_kg = "2 mcg/kg/min"
run_time = { taken = "12 h", words = "for 12 h" }
"""
BAND = """
[label_band]
concentration = "0.75 mg/mL"
columns = ["pump_rate"]
sources = [{ id = "our-sop", locator = "table 2" }]
rows = [["70 kg", "79 kg", "12 mL/h"], ["80 kg", "89 kg", "13.5 mL/h"]]
"""
PATIENT = "--weight 80kg --infusion-product eptifibatide-bag-100 --bolus-product eptifibatide-vial-10"


def ours(folder: Path, *parts: str, drug: str = "eptifibatide", more: str = "") -> Path:
    file = folder / "ours.toml"
    file.write_text(HEAD.format(drug=drug, more=more) + "".join(parts), "utf-8")
    return file


def run(command: str) -> Outcome:
    return invoke(*shlex.split(command))


def dose(file: Path, more: str) -> Any:
    outcome = run(f"dose --protocol-file {file} {more} --json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    return outcome.json


def codes(outcome: Outcome) -> list[tuple[str, str]]:
    return [(each["code"], each["severity"]) for each in outcome.json["findings"] if each["severity"] != "note"]


def test_a_second_bolus_has_a_time_of_its_own_on_every_page(tmp_path: Path) -> None:
    file = ours(tmp_path, BOLUS, AGAIN, INFUSION)
    made = dose(file, PATIENT)
    assert [
        (each["dose"]["value"], each["after_start"] and each["after_start"]["value"]) for each in made["boluses"]
    ] == [
        (14400, None),
        (14400, 10),
    ]
    assert [(each["event"], each["elapsed_seconds"]) for each in made["schedule"]] == [
        ("bolus", 0),
        ("infusion-start", 0),
        ("bolus", 600),
        ("container-empty", 28125),
        ("infusion-stop", 43200),
    ]
    assert codes(run(f"dose --protocol-file {file} {PATIENT} --json")) == []
    for command in (f"dose --protocol-file {file} {PATIENT}", f"plan --protocol-file {file} {PATIENT} --details"):
        assert "10 min after the start" in " ".join(run(command).stdout.split())
    quiet = run(f"dose --protocol-file {file} {PATIENT} --quiet").stdout
    assert quiet == "12.8 mL/h @ 0.75 mg/mL\nbolus IV: 7.2 mL @ 2 mg/mL\nbolus IV at 10 min: 7.2 mL @ 2 mg/mL\n"
    assert "10 min after the start" in run(f"protocol show --protocol-file {file}").stdout
    assert "start: +10 min" in run(f"protocol show --protocol-file {file} --as-order-set").stdout


def test_a_second_bolus_counts_at_a_stop_once_it_was_given(tmp_path: Path) -> None:
    file = ours(tmp_path, BOLUS, AGAIN, INFUSION)
    stop = f"stop --protocol-file {file} --weight 80kg --started +0h --json --stopped"
    assert [len(run(f"{stop} +{after}").json["boluses"]) for after in ("5min", "10min", "2h")] == [1, 2, 2]


def test_a_second_bolus_of_a_drug_that_no_source_repeats_is_an_error(tmp_path: Path) -> None:
    bolus = BOLUS.replace("180 mcg/kg", "10 mcg/kg")
    file = ours(tmp_path, bolus, AGAIN, INFUSION.replace("2 mcg", "0.1 mcg"), drug="tirofiban")
    outcome = run(f"dose --protocol-file {file} --weight 80kg --json")
    assert outcome.exit_code == 1
    assert ("RC634", "error") in codes(outcome)
    assert ("RC634", "error") in codes(run(f"protocol check {file} --json"))


@pytest.mark.parametrize("command", ["dose", "plan", "table", "protocol check"])
def test_a_bolus_and_a_load_are_twice_the_dose_for_every_command(command: str, tmp_path: Path) -> None:
    bolus, drip = BOLUS.replace("180 mcg/kg", "10 mcg/kg"), INFUSION.replace("2 mcg", "0.1 mcg")
    words = 'run_time = {taken = "30 min", words = "30 min"}'
    load = f'[[infusion]]\nrole = "load"\ndose_rate_per_kg = "0.4 mcg/kg/min"\n{words}\n'
    file = ours(tmp_path, bolus, load, drip, drug="tirofiban")
    patient = {"dose": "--weight 80kg", "plan": "--weight 80kg"}.get(command, "")
    named = file if command == "protocol check" else f"--protocol-file {file} {patient}"
    outcome = run(f"{command} {named} --json")
    assert (outcome.exit_code, ("RC634", "error") in codes(outcome)) == (1, True)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((BOLUS, BOLUS), "bolus[1].at: is missing"),
        ((BOLUS, 'at = "10 min"\n'), "bolus[0].at: is of a second bolus"),
        ((BOLUS, AGAIN, BOLUS, 'at = "20 min"\n'), "bolus: there are more than two"),
        ((BOLUS, AGAIN.replace("10 min after", "soon after")), "does not say 10 min"),
        ((INFUSION.replace("for 12 h", "for 12 h at 96 mL/h"),), "says 96 mL/h"),
        ((BOLUS, BOLUS.replace("IV", "IA"), 'at = "10 min"\n'), "has the route of the first"),
        ((INFUSION, RULE.replace("0.5", "1.5")), "a factor is above 0 and at most 1"),
        ((INFUSION, RULE.replace('"0.5"', '"1"').replace("half", "reduced")), "no band reduces a dose"),
        ((INFUSION, RULE.replace('up_to = "40 mL/min", ', "")), "bands stand from low to high"),
        (
            (INFUSION, RULE.replace("{ bolus_factor", '{ up_to = "60 mL/min", bolus_factor')),
            "the last band has no up_to",
        ),
        ((INFUSION, 'route = "PO"\n'), "infusion[0].route: 'PO' is not one of IA, IV"),
        ((INFUSION, RULE, BAND), "label_band: beside [renal_rule] it has a halved_pump_rate"),
    ],
)
def test_what_is_not_clear_is_refused(parts: tuple[str, ...], said: str, tmp_path: Path) -> None:
    outcome = run(f"protocol check {ours(tmp_path, *parts)}")
    assert outcome.exit_code == 3
    assert said in outcome.stderr


def test_a_rule_of_its_own_stands_beside_no_label(tmp_path: Path) -> None:
    file = ours(tmp_path, INFUSION, RULE, more='renal = "eptifibatide-label"')
    outcome = run(f"protocol check {file}")
    assert outcome.exit_code == 3
    assert "a protocol has one renal rule" in outcome.stderr


@pytest.mark.parametrize(("crcl", "rate"), [("40", "6.4"), ("40.01", "12.8"), ("90", "12.8")])
def test_a_renal_rule_of_its_own_is_applied(crcl: str, rate: str, tmp_path: Path) -> None:
    file = ours(tmp_path, BOLUS, INFUSION, RULE)
    made = dose(file, f"{PATIENT} --crcl {crcl}mL/min")
    assert str(made["infusions"][0]["pump_rate"]["value"]) == rate
    assert made["boluses"][0]["dose"]["value"] == 14400
    assert run(f"dose --protocol-file {file} {PATIENT}").exit_code == 4
    assert "our SOP applied: " in run(f"dose --protocol-file {file} {PATIENT} --crcl {crcl}mL/min").stdout


def test_a_rule_that_leaves_more_than_the_label_is_warned_of(tmp_path: Path) -> None:
    file = ours(tmp_path, BOLUS, INFUSION, RULE)
    found = {
        crcl: codes(run(f"dose --protocol-file {file} {PATIENT} --crcl {crcl}mL/min --json")) for crcl in (30, 45, 90)
    }
    assert found == {30: [], 45: [("RC501", "warning")], 90: []}
    assert codes(run(f"protocol check {file} --json")) == [("RC517", "warning")]


def test_a_dose_that_its_rule_makes_is_judged_like_a_typed_one(tmp_path: Path) -> None:
    file = ours(tmp_path, INFUSION, RULE.replace("0.5", "0.05").replace("half", "a twentieth"))
    checked = run(f"protocol check {file} --json")
    assert (checked.exit_code, codes(checked)) == (1, [("RC418", "error"), ("RC517", "warning")])
    dosed = run(f"dose --protocol-file {file} --weight 80kg --crcl 30mL/min --json")
    assert dosed.exit_code == 1
    assert ("RC418", "error") in codes(dosed)
    assert run(f"protocol check {ours(tmp_path, INFUSION, RULE)}").exit_code == 0


def test_a_dose_that_is_wrong_by_itself_is_said_once(tmp_path: Path) -> None:
    file = ours(tmp_path, INFUSION.replace("2 mcg", "120 mcg"), RULE)
    assert codes(run(f"protocol check {file} --json")) == [("RC418", "error")]


def test_an_infusion_into_an_artery_says_so_and_no_label_halves_it(tmp_path: Path) -> None:
    file = ours(tmp_path, INFUSION, 'route = "IA"\n', RULE)
    made = dose(file, "--weight 80kg --crcl 30mL/min")
    assert (made["infusions"][0]["route"], made["infusions"][0]["dose_rate"]["value"]) == ("IA", 160)
    assert "IA, 2 mcg/kg/min" in run(f"protocol show --protocol-file {file}").stdout
    assert "route: IA" in run(f"protocol show --protocol-file {file} --as-order-set").stdout


def test_the_weight_that_doses_are_counted_on_is_said(tmp_path: Path) -> None:
    file = ours(tmp_path, INFUSION, more='weight_basis = "ideal"')
    said = " ".join(run(f"dose --protocol-file {file} --weight 80kg").stdout.split())
    assert "(as given; the protocol counts on ideal weight)" in said
    assert "doses are counted on ideal weight" in run(f"protocol show --protocol-file {file}").stdout
    assert "\nweight_basis: ideal\n" in run(f"protocol show --protocol-file {file} --as-order-set").stdout
    lean = ours(tmp_path, INFUSION, more='weight_basis = "lean"')
    assert run(f"protocol check {lean}").exit_code == 3


def test_a_table_by_weight_of_its_own_stands_beside_the_exact_rate(tmp_path: Path) -> None:
    file = ours(tmp_path, INFUSION, BAND)
    row = dose(file, "--weight 80kg --label-band")["label_band"]["row"]
    assert (str(row["pump_rate"]["value"]), str(row["deviation_percent"])) == ("13.5", "5.47")
    assert "13.5 mL/h of 0.75 mg/mL" in run(f"dose --protocol-file {file} --weight 80kg --label-band").stdout


def test_a_table_beside_a_rule_has_its_halved_rows(tmp_path: Path) -> None:
    halved = BAND.replace('["pump_rate"]', '["pump_rate", "halved_pump_rate"]').replace(
        '"13.5 mL/h"]', '"13.5 mL/h", "6.8 mL/h"]'
    )
    file = ours(tmp_path, INFUSION, RULE, halved.replace('"12 mL/h"]', '"12 mL/h", "6 mL/h"]'))
    row = dose(file, "--weight 80kg --crcl 30mL/min --label-band")["label_band"]["row"]
    assert str(row["pump_rate"]["value"]) == "6.8"


def test_a_second_bolus_after_the_stop_is_refused(tmp_path: Path) -> None:
    file = ours(tmp_path, BOLUS, AGAIN.replace("10 min", "13 h"), INFUSION)
    outcome = run(f"plan --protocol-file {file} --weight 80kg")
    assert (outcome.exit_code, outcome.stdout) == (4, "")
    assert "a second bolus at 13 h, after its infusion has stopped" in outcome.stderr


def test_the_template_names_every_key_that_a_file_may_have() -> None:
    fetched = re.compile(r"\.(?:maybe_)?(?:text|texts|quantity|table|tables|flag|whole|rows|number)\(\s*\"(\w+)\"")
    source = "".join(Path(module.__file__ or "").read_text("utf-8") for module in (protocols, renal_rules))
    of_others = {"severity", "time", "source"}
    keys = set(fetched.findall(source)) - of_others
    assert len(keys) > 35
    assert {key for key in keys if not re.search(rf"\b{key}\b", PROTOCOL_TEMPLATE)} == set()


def test_the_template_is_a_file_in_which_nothing_is_filled_in(tmp_path: Path) -> None:
    outcome = run("protocol template")
    assert (outcome.exit_code, outcome.stdout) == (0, PROTOCOL_TEMPLATE)
    assert not re.search(r"[0-9] ?(?:mcg|mg|mL|kg|min|h)\b", PROTOCOL_TEMPLATE)
    file = tmp_path / "ours.toml"
    file.write_text(PROTOCOL_TEMPLATE, "utf-8")
    checked = run(f"protocol check {file}")
    assert checked.exit_code == 3
    assert "title: is not filled in" in checked.stderr


def test_a_template_that_is_filled_in_can_be_read(tmp_path: Path) -> None:
    text = PROTOCOL_TEMPLATE
    for key, value in {
        "id": "our-own",
        "title": "Our own",
        "drug": "tirofiban",
        "confidence": "not graded",
        "population": "rescue after thrombectomy",
        "antiplatelets": "not stated",
    }.items():
        text = text.replace(f'\n{key} = "..."', f'\n{key} = "{value}"', 1)
    text = text.replace('{ id = "...", locator = "..." }', '{ id = "our-sop", locator = "page 3" }', 1)
    text = text.replace("# [source.ID] ", "[source.our-sop] ").replace('# title = "..."', 'title = "SOP 12"', 1)
    text = text.replace("# [[infusion]] ", "[[infusion]] ").replace('# role = "..."', 'role = "maintenance"', 1)
    text = text.replace('# dose_rate_per_kg = "NUMBER mcg/kg/min"', 'dose_rate_per_kg = "0.1 mcg/kg/min"', 1)
    file = tmp_path / "ours.toml"
    file.write_text(text, "utf-8")
    assert run(f"protocol check {file}").exit_code == 0
    assert run(f"dose --protocol-file {file} --weight 80kg --run-time 24h --quiet").stdout == "9.6 mL/h @ 50 mcg/mL\n"


def antiplatelet(drug: str, words: str = "by the neurologist", **stated: str) -> str:
    lines = {"drug": drug, **stated, "words": words}
    return "\n[[antiplatelet]]\n" + "".join(f'{name} = "{value}"\n' for name, value in lines.items())


TIROFIBAN = (BOLUS.replace("180", "10"), INFUSION.replace("2 mcg", "0.1 mcg"))
LOAD = {"dose": "300 mg", "route": "PO", "frequency": "once"}
DAILY = {"dose": "75 mg", "route": "PO", "frequency": "daily"}
TABLE = BAND.replace("0.75 mg", "50 mcg").replace("12 mL", "9 mL").replace("13.5 mL", "10.2 mL")
TWO_BANDS = RULE.replace("40", "60")
SHORT = 'give_over = { taken = "5 min", words = "over 5 min" }\n'


OURS = ("Our own", "rescue after thrombectomy")
HALVED = RULE.replace("40", "60")
REVERSED = HALVED.replace('"1", words', '"0.75", words').replace(
    '"0.5", words = "60 or less: half', '"1", words = "60 or less'
)
ALTERNATIVES = (
    antiplatelet("aspirin", "300 mg PR", dose="300 mg", route="PR", frequency="once"),
    antiplatelet("clopidogrel", "a load of 300 mg by mouth at hour 8", at="8 h", **LOAD) + "optional = true\n",
    antiplatelet("ticagrelor", "or 180 mg", dose="180 mg", route="PO") + "optional = true\n",
    antiplatelet("aspirin", "its dose by the neurologist"),
)

# What each file states beside a bolus and an infusion, its title and population, and the errors of the order set that
# it implies.
JUDGED: list[tuple[tuple[str, ...], tuple[str, str], list[str]]] = [
    ((antiplatelet("clopidogrel", **{**LOAD, "route": "IV"}),), OURS, ["RC428"]),
    ((antiplatelet("clopidogrel", **{**LOAD, "dose": "3000 mg"}),), OURS, ["RC626"]),
    ((antiplatelet("clopidogrel", "600 mg by mouth", **LOAD),), OURS, ["RC308"]),
    ((antiplatelet("clopidogrel", "75 mg three times a day", **DAILY),), OURS, ["RC317"]),
    ((antiplatelet("clopidogrel", "75 mg IV", **DAILY),), OURS, ["RC316"]),
    ((antiplatelet("clopidogrel", "3000 mg by mouth", route="PO"),), OURS, ["RC626"]),
    ((antiplatelet("clopidogrel", **LOAD), antiplatelet("ticagrelor", route="PO")), OURS, ["RC632"]),
    ((antiplatelet("prasugrel", dose="60 mg", route="PO", frequency="once"),), OURS, ["RC620"]),
    ((SHORT.replace("5 min", "5 h"),), OURS, ["RC430"]),
    ((SHORT.replace('"over 5 min"', '"100 mcg/kg over 5 min"'),), OURS, ["RC308"]),
    ((SHORT.replace('"over 5 min"', '"over 5 min into the artery"'),), OURS, ["RC316"]),
    ((TABLE.replace("9 mL", "90 mL"),), OURS, ["RC304"]),
    ((REVERSED,), OURS, ["RC517"]),
    ((), ("Eptifibatide rescue", OURS[1]), ["RC318"]),
    ((), (OURS[0], "cangrelor bridging"), ["RC318"]),
    ((), (OURS[0], "intracranial haemorrhage"), ["RC655"]),
    ((), (OURS[0], "platelets below 50 x10^9/L"), ["RC650"]),
    ((), ("Switch from eptifibatide", "not with platelets below 100 x10^9/L"), []),
    ((), ("Aggrastat 10 mcg/kg", "INR below 1.5, intracranial haemorrhage excluded"), []),
    ((SHORT, TABLE), OURS, []),
    ((HALVED,), ("Our own", "acute coronary syndrome"), []),
    (ALTERNATIVES, OURS, []),
]


def test_a_file_has_the_errors_of_the_order_set_that_it_implies(tmp_path: Path) -> None:
    bolus, drip = TIROFIBAN
    for parts, (title, population), expected in JUDGED:
        first, rest = ((parts[0],), parts[1:]) if parts and parts[0].startswith("give_over") else ((), parts)
        file = ours(tmp_path, bolus, *first, drip, *rest, drug="tirofiban")
        text = file.read_text("utf-8").replace("acute coronary syndrome", population).replace("Our own", title)
        file.write_text(text, "utf-8")
        outcome = run(f"protocol check {file} --json")
        errors = [code for code, severity in codes(outcome) if severity == "error"]
        assert (errors, outcome.exit_code) == (expected, int(bool(expected))), (parts, title, population)


@pytest.mark.parametrize("command", ["dose", "plan", "bridge", "table", "stop", "protocol show"])
def test_every_command_reports_the_errors_of_a_file(command: str, tmp_path: Path) -> None:
    file = ours(tmp_path, *TIROFIBAN, antiplatelet("clopidogrel", "600 mg IV", **LOAD), drug="tirofiban")
    more = {"table": "", "protocol show": "", "stop": "--weight 80kg --started +0h --stopped +2h"}.get(
        command, "--weight 80kg"
    )
    outcome = run(f"{command} --protocol-file {file} {more} --json")
    assert outcome.exit_code == 1
    assert {("RC308", "error"), ("RC316", "error")} <= set(codes(outcome))
    assert "RC316" in run(f"{command} --protocol-file {file} {more}").stdout


def test_texts_of_the_whole_regimen_are_judged_where_they_stand(tmp_path: Path) -> None:
    more = 'remarks = ["stop at once for bleeding", "the infusion is increased to 1 mcg/kg/min after 1 h"]'
    file = ours(tmp_path, *TIROFIBAN, drug="tirofiban", more=more)
    text = file.read_text("utf-8").replace('antiplatelets = "not stated"', 'antiplatelets = "clopidogrel 3000 mg"')
    file.write_text(text.replace('not_stated = ["antiplatelets"]', "not_stated = []"), "utf-8")
    found = run(f"protocol check {file} --json").json["findings"]
    errors = [(each["code"], each["pointer"]) for each in found if each["severity"] == "error"]
    assert errors == [("RC402", "/remarks/1"), ("RC626", "/antiplatelets"), ("RC636", "/remarks/1")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("CrCl 30 mL/min or less: half", "does not fit its clearances: it says 30"),
        ("40 or less: reduced by 25 %", "does not fit its factors: it says 25 %"),
        ("above 40: half", "names the clearances on the other side"),
        ("40 or less: halved", None),
        ("CrCl 40 mL/min or less: 50 %", None),
        ("renal impairment: infusion halved, bolus unchanged", None),
    ],
)
def test_the_words_of_a_band_fit_its_numbers(words: str, said: str | None, tmp_path: Path) -> None:
    outcome = run(f"protocol check {ours(tmp_path, INFUSION, RULE.replace('40 or less: half', words))}")
    assert outcome.exit_code == (0 if said is None else 3)
    assert said is None or said in " ".join(outcome.stderr.split())
