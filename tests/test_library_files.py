"""A pump library itself: what `library check`, `diff`, `show` and `template` say, and how exports are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.reporters.formats import offered
from rescuecalc.rules.base import one_finding
from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS = "care_area,drug,therapy,creatinine_clearance,amount,volume,dose_unit,soft_min,initial,soft_max,hard_max"
FULL = "NICU,tirofiban,,,12.5 mg,250 mL,mcg/kg/min,0.075,,0.15,0.16"
RENAL = "NICU,tirofiban,CrCl <= 60,<= 60 mL/min,12.5 mg,250 mL,mcg/kg/min,0.05,,0.075,0.076"


def written(folder: Path, *rows: str, name: str = "lib.csv", headings: str = HEADINGS) -> str:
    path = folder / name
    path.write_text("\n".join((headings, *rows, "")), "utf-8")
    return str(path)


def judged(file: str, *args: str) -> list[tuple[str, str, int, int]]:
    """Return what is found, without the notes on drugs of which no dose is held."""
    outcome = invoke("library", "check", file, *args, "--format", "json")
    assert outcome.exit_code in (0, 1, 3), outcome.stderr
    found = [each for each in outcome.json["findings"] if each["code"] != "RC711"]
    return [(each["code"], each["severity"], each["line"], each["column"]) for each in found]


def codes(file: str, *args: str) -> list[tuple[str, str]]:
    return [each[:2] for each in judged(file, *args)]


def messages(file: str, code: str, *args: str) -> list[str]:
    found = invoke("library", "check", file, *args, "--format", "json").json["findings"]
    return [each["message"] for each in found if each["code"] == code]


def test_a_load_beyond_the_hard_limit_and_a_maintenance_within(tmp_path: Path) -> None:
    file = written(tmp_path, FULL, RENAL)
    assert judged(file, "--protocol", "trend-2024") == [("RC830", "error", 2, 56)]
    [message] = messages(file, "RC830", "--protocol", "trend-2024")
    assert "stops the loading infusion of trend-2024, 0.4 mcg/kg/min (2.5 times the limit)" in message


def test_limits_that_are_the_labels_doses_leave_no_room(tmp_path: Path) -> None:
    file = written(tmp_path, FULL, RENAL)
    found = judged(file, "--protocol", "us-label")
    assert [each[:3] for each in found if each[0] == "RC836"] == [("RC836", "note", 2), ("RC836", "note", 3)]
    assert [each[:2] for each in found if each[0] != "RC836"] == [("RC806", "note")] * 2


def test_without_a_protocol_every_regimen_of_the_drug_is_a_note(tmp_path: Path) -> None:
    file = written(tmp_path, FULL, RENAL)
    assert {severity for _, severity in codes(file)} == {"note"}
    assert ("RC830", "note") in codes(file)


SHORT = "drug,dose_unit,hard_min,soft_min,initial,soft_max,hard_max"


@pytest.mark.parametrize(
    ("rows", "headings", "right"),
    [
        (("x,mg/h,,,,0.1,0.085",), SHORT, [("RC850", "error")]),
        (("x,mg/h,,,7,6,8",), SHORT, [("RC850", "error")]),
        (("x,mg/h,,,6,6,6",), SHORT, []),
        (("x,mg/h,,1,5,15,",), SHORT, [("RC832", "warning")]),
        (("x,mg/h,,,,,",), SHORT, [("RC832", "error")]),
        (("x,mL/h,,,,,",), SHORT, []),
        (("x,mg/h,,1,5,60,",), SHORT, [("RC832", "error")]),
        (("x,mg/h,,1,5,15,49",), SHORT, []),
        (("x,mg/h,,1,5,15,50",), SHORT, [("RC832", "warning")]),
        (("x,mcg/kg/min,,0.5,,10,", "x,mcg/kg/h,,0.5,,10,"), f"{SHORT}", [("RC851", "error")]),
        (("x,mcg/h,,500,,10000,", "x,mg/h,,500,,10000,"), SHORT, [("RC851", "error")]),
        (("x,mcg/h,,500,,10000,", "x,mg/h,,0.5,,10,"), SHORT, []),
    ],
)
def test_limits_of_one_library(tmp_path: Path, rows: Any, headings: str, right: list[Any]) -> None:
    found = [each for each in codes(written(tmp_path, *rows, headings=headings)) if each[0] != "RC852"]
    assert found == right


def test_a_unit_60_times_off_names_the_factor(tmp_path: Path) -> None:
    file = written(tmp_path, "x,mcg/kg/min,,0.5,,10,", "x,mcg/kg/h,,0.5,,10,", headings=SHORT)
    found = invoke("library", "check", file, "--format", "json").json["findings"]
    [off] = [each for each in found if each["code"] == "RC851"]
    assert "1/60 of those of x (line 2): per hour and per minute mixed up" in off["message"]
    assert (off["line"], off["found"], off["expected"]) == (3, "mcg/kg/h", "mcg/kg/min")


def test_an_entry_that_stands_twice_names_both_lines(tmp_path: Path) -> None:
    file = written(tmp_path, FULL, FULL.replace("0.16", "0.61"))
    [message] = messages(file, "RC852")
    assert message == "NICU, tirofiban, 12.5 mg/250 mL stands twice, in lines 2 and 3, and their limits differ"


@pytest.mark.parametrize(
    ("first", "second", "is_twice"),
    [
        ("tirofiban,12.5 mg,250 mL,mcg/kg/min,0.16,mcg/kg,25", "tirofiban,12.5 mg,250 mL,mcg/kg/min,0.16,,", True),
        ("tirofiban,12.5 mg,250 mL,mcg/kg/min,0.16,,", "tirofiban,12.5 mg,250 mL,mcg/kg/min,0.16,mcg/kg,25", True),
        ("tirofiban,12.5 mg,250 mL,mcg/kg/min,0.16,,", "tirofiban,12.5 mg,250 mL,mcg/min,20,,", False),
        ("tirofiban,12.5 mg,250 mL,,,mcg/kg,25", "tirofiban,12.5 mg,250 mL,mcg/kg/min,0.16,,", False),
    ],
)
def test_entries_of_which_one_has_more_limits_stand_twice(
    tmp_path: Path, first: str, second: str, is_twice: bool
) -> None:
    headings = "drug,amount,volume,dose_unit,hard_max,bolus_unit,bolus_hard_max"
    assert bool(messages(written(tmp_path, first, second, headings=headings), "RC852")) is is_twice


CUSTOM = "drug,amount,volume,concentration,dose_unit,soft_max,hard_max,conc_unit,conc_hard_min,conc_soft_max"


@pytest.mark.parametrize(
    ("row", "right"),
    [
        ("x,,,custom,mg/h,10,20,mg/mL,,1", [("RC853", "warning")]),
        ("x,,,custom,mg/h,10,20,mg/mL,0.1,1", []),
        ("x,12.5 mg,250 mL,0.06 mg/mL,mg/h,10,20,,,", [("RC855", "error")]),
        ("x,12.5 mg,250 mL,0.05 mg/mL,mg/h,10,20,,,", []),
        ("x,10 mg,300 mL,0.0333 mg/mL,mg/h,10,20,,,", []),
        ("x,10 mg,300 mL,0.0334 mg/mL,mg/h,10,20,,,", [("RC855", "error")]),
    ],
)
def test_concentrations(tmp_path: Path, row: str, right: list[Any]) -> None:
    assert codes(written(tmp_path, row, headings=CUSTOM)) == right


def test_a_bolus_rate_that_the_pump_cannot_run_says_from_which_weight(tmp_path: Path) -> None:
    headings = "drug,amount,volume,dose_unit,soft_max,hard_max,bolus_rate_unit,bolus_rate_soft_min"
    file = written(tmp_path, "x,10 mg,100 mL,mcg/kg/min,10,20,mcg/kg/min,30", headings=headings)
    [message] = messages(file, "RC854")
    assert message.endswith("is faster than the pump's 999 mL/h from 55.5 kg on")


def test_a_maximum_that_no_patient_reaches(tmp_path: Path) -> None:
    file = written(tmp_path, FULL.replace("0.15,0.16", ",100"))
    found = codes(file)
    assert ("RC833", "warning") in found
    assert ("RC832", "error") in found
    [message] = messages(file, "RC833")
    assert "is reached only below 8.4 kg at 999 mL/h" in message


@pytest.mark.parametrize(
    ("one", "other", "right"),
    [
        ("< 60 mL/min", "> 60 mL/min", ["no entry of tirofiban is for a CrCl of exactly 60 mL/min"]),
        ("<= 60 mL/min", "> 60 mL/min", []),
        ("<= 60 mL/min", ">= 60 mL/min", ["lines 2 and 3 of tirofiban are both for a CrCl of exactly 60 mL/min"]),
        ("< 60 mL/min", "", []),
    ],
)
def test_conditions_leave_nothing_open_and_cover_nothing_twice(
    tmp_path: Path, one: str, other: str, right: list[str]
) -> None:
    rows = (RENAL.replace("<= 60 mL/min", one), FULL.replace("tirofiban,,,", f"tirofiban,full,{other},"))
    assert messages(written(tmp_path, *rows), "RC837") == right


def test_of_three_conditions_that_meet_each_is_named_once(tmp_path: Path) -> None:
    plain = RENAL.replace("CrCl <= 60", "renal")
    rows = [plain.replace("<= 60 mL/min", f"> {low} mL/min").replace("renal", f"t{low}") for low in (10, 20, 30)]
    assert messages(written(tmp_path, *rows, plain.replace("<= 60 mL/min", "<= 10 mL/min")), "RC837") == [
        "lines 2 and 3 of tirofiban are both for a CrCl above 20 mL/min",
        "lines 2 and 4 of tirofiban are both for a CrCl above 30 mL/min",
    ]


def test_the_unit_that_fewer_entries_have_is_the_wrong_one(tmp_path: Path) -> None:
    rows = [f"x,mcg/kg/{unit},,0.5,,10," for unit in ("h", "min", "min", "h", "min")]
    found = invoke("library", "check", written(tmp_path, *rows, headings=SHORT), "--format", "json").json["findings"]
    off = [(each["line"], each["found"], each["expected"]) for each in found if each["code"] == "RC851"]
    assert off == [(2, "mcg/kg/h", "mcg/kg/min"), (5, "mcg/kg/h", "mcg/kg/min")]


def test_an_entry_of_no_care_area_is_taken_in_each(tmp_path: Path) -> None:
    strict, open_ = FULL.replace("0.16", "0.12").replace("0.15", "0.11"), FULL.replace("NICU,", ",")
    rows = (strict, strict.replace("NICU,", "ED,"), open_)
    assert messages(written(tmp_path, *rows), "RC830", "--protocol", "yang-2020-iv") == []
    renal = written(tmp_path, strict, open_.replace("tirofiban,,", "tirofiban,renal,<= 60 mL/min"))
    [stopped] = messages(renal, "RC830", "--protocol", "us-label")
    assert stopped.startswith("the hard maximum 0.12 mcg/kg/min of NICU, tirofiban, 12.5 mg/250 mL stops the infusion")
    assert "at CrCl > 60 mL/min, 0.15 mcg/kg/min" in stopped
    assert "<=" not in stopped


def test_limits_in_another_unit_than_their_sources(tmp_path: Path) -> None:
    file = written(tmp_path, FULL.replace("mcg/kg/min", "mcg/kg/h"))
    found = codes(file, "--protocol", "yang-2020-iv")
    assert ("RC834", "error") in found
    assert "RC830" not in {code for code, _ in found}


@pytest.mark.parametrize(
    ("toml", "right"),
    [("", [("RC202", 2, 11)]), ('[mapping.units]\n"Einh" = "units"\n', [])],
)
def test_a_unit_is_declared_and_never_guessed(tmp_path: Path, toml: str, right: list[Any]) -> None:
    written(
        tmp_path,
        "heparin,,Einh/hr,400,,2000,4000",
        headings="drug,therapy,dose_unit,soft_min,initial,soft_max,hard_max",
    )
    (tmp_path / "lib.toml").write_text(f'[library]\nname = "L"\nfile = "lib.csv"\n{toml}', "utf-8")
    found = judged(str(tmp_path / "lib.toml"))
    assert [(code, line, column) for code, _, line, column in found] == [
        (code, line, len("heparin,,") + 1) for code, line, _ in right
    ]


def test_a_unit_is_not_declared_as_another_than_it_spells(tmp_path: Path) -> None:
    for text, unit, exit_code in (("Units/kg/h", "units/h", 3), ("UNITS/KG/HR", "units/kg/h", 0), ("u", "units", 0)):
        written(tmp_path, "heparin,units/kg/h,,4,,20,40", headings=SHORT)
        declared = f'[library]\nname = "L"\nfile = "lib.csv"\n[mapping.units]\n"{text}" = "{unit}"\n'
        (tmp_path / "lib.toml").write_text(declared, "utf-8")
        made = invoke("library", "check", str(tmp_path / "lib.toml"))
        assert made.exit_code == exit_code, made.stderr
        assert ("is units/kg/h as it is spelled, and declared as units/h" in made.stderr) is (exit_code > 0)


def test_limits_of_which_no_dose_is_held_are_named_even_where_all_are_ten_times_off(tmp_path: Path) -> None:
    """Nothing held speaks against them: the run says so, and counts them."""
    file = written(
        tmp_path, "heparin,units/kg/h,20,60,120,200,300", f"{FULL.split(',')[1]},mcg/kg/min,,,,,0.16", headings=SHORT
    )
    document = invoke("library", "check", file, "--format", "json").json
    told = [
        (each["severity"], each["line"], each["message"]) for each in document["findings"] if each["code"] == "RC711"
    ]
    message = "no dose of heparin is held: its limits and strengths were compared only with each other and the pump"
    assert told == [("note", 2, message)]
    assert document["summary"]["without_dose"] == 1
    assert "without a held dose: 1 entry (RC711)" in invoke("library", "check", file).stdout


def test_an_entry_that_cannot_be_read_is_not_judged_and_the_others_are(tmp_path: Path) -> None:
    file = written(tmp_path, "x,drops/min,,,,5,4", "y,mg/h,,,,5,4", headings=SHORT)
    assert judged(file) == [("RC202", "error", 2, 3), ("RC850", "error", 3, 13)]
    summary = invoke("library", "check", file, "--format", "json").json["summary"]
    assert (summary["entries"], summary["not_judged"]) == (2, 1)


def test_a_row_of_another_width_ends_with_3_and_the_rest_is_judged(tmp_path: Path) -> None:
    file = written(tmp_path, "x,mg/h,,,,5", "y,mg/h,,,,5,4", headings=SHORT)
    assert judged(file) == [("RC102", "error", 2, 1), ("RC850", "error", 3, 13)]
    assert invoke("library", "check", file).exit_code == 3
    order = json.dumps({"drug": "y", "kind": "infusion", "dose_rate": "1 mg/h"})
    outcome = invoke("check", "-", "--library", file, stdin=order)
    assert (outcome.exit_code, outcome.stdout) == (3, "")
    assert "lib.csv: line 2: the row has 6 cells, the headings are 7" in outcome.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("drug,dose_unit,soft_mx\nx,mg/h,5\n", "the heading 'soft_mx' is not one of a library; did you mean soft_max"),
        ("drug,soft_max\nx,5\n", "missing heading 'dose_unit'"),
        ("drug,dose_unit\nx,mg/h\n", "no heading of a limit"),
        ("drug;dose_unit;soft_max\nx;mg/h;5\n", "its columns are divided by ';' and not by commas"),
        ("drug,dose_unit,soft_max,soft_max\nx,mg/h,5,6\n", "the heading 'soft_max' stands twice"),
        ("", "is empty"),
        ("PK\x03\x04", "is a spreadsheet or an archive; save the sheet as CSV"),
        ('drug,dose_unit,soft_max\n\x00\x00,"', ""),
    ],
)
def test_files_that_are_no_library_end_with_3(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "lib.csv").write_text(content, "utf-8")
    outcome = invoke("library", "check", str(tmp_path / "lib.csv"))
    assert outcome.exit_code == 3
    assert message in outcome.stderr


# --- the shapes of two vendors' exports ----------------------------------------------------------------------------

HEADS = (
    "Profile,Drug Name,Therapy,Drug Amount,Drug Amount Units,Diluent Volume,Volume Units,Concentration,"
    "Dosing Units,Dose Soft Min,Dose Soft Max,Dose Hard Max,Dose Initial,Clinical Advisory,Alias"
)
GUARDRAILS = f"""Drug library report,,,,,,,,,,,,,,
{HEADS}
NICU,TIROFIBAN,,12.5,mg,250,mL,0.05,mcg/kg/min,0.075,0.15,0.16,,Check CrCl,TIRO-1
NICU,TIROFIBAN RENAL,CrCl <= 60,12.5,mg,250,mL,0.05,mcg/kg/min,0.05,0.075,0.076,,,TIRO-2
NICU,niCARdipine,,25,mg,250,mL,0.1,mg/h,1,15,,5,,NICA-1
ICU,heparin,,"25,000",Units,250,mL,100,Units/hr,n/a,"2,000","4,000",,,HEP-1
"""
GUARDRAILS_TOML = """[library]
name = "Adult pumps"
version = "66"
released = 2026-02-14
file = "export.csv"
max_rate = "999 mL/h"
[area."Nursery"]
max_rate = "25 mL/h"
weight = {to = "7 kg"}
[mapping]
header_rows = [2]
absent = ["", "n/a"]
units = {"Units" = "units"}
[mapping.columns]
care_area = "Profile"
drug = "Drug Name"
therapy = "Therapy"
amount = "Drug Amount"
amount_unit = "Drug Amount Units"
volume = "Diluent Volume"
volume_unit = "Volume Units"
dose_unit = "Dosing Units"
soft_min = "Dose Soft Min"
soft_max = "Dose Soft Max"
hard_max = "Dose Hard Max"
initial = "Dose Initial"
advisory = "Clinical Advisory"
code = "Alias"
[drugs]
"TIROFIBAN RENAL" = {drug = "tirofiban"}
[therapies]
"CrCl <= 60" = {creatinine_clearance = "<= 60 mL/min"}
"""

SPECTRUM = """Drug,Amount,Volume,Dose,Rate,Rate,Start,Rate,Rate,VTBI
Name,,,Mode,Lower,Lower,,Upper,Upper,
,,,,Hard,Soft,,Soft,Hard,
,,,,Limit,Limit,,Limit,Limit,
Care Area: NICU,,,,,,,,,
TIROFIBAN,12.5 mg,250 mL,mcg/kg/min,-,0.075,-,0.15,0.16,-
Care Area: ICU,,,,,,,,,
Drug,Amount,Volume,Dose,Rate,Rate,Start,Rate,Rate,VTBI
Name,,,Mode,Lower,Lower,,Upper,Upper,
,,,,Hard,Soft,,Soft,Hard,
,,,,Limit,Limit,,Limit,Limit,
heparin,25000 units,250 mL,units/hr,-,400,1000,2000,4000,-
vasopressin,- -,- -,units/min,-,0.01,0.03,0.04,0.06,-
maintenance,,,mL/hr,-,-,-,250,999,-
End of the library,,,,,,,,,
"""
SPECTRUM_TOML = """[library]
name = "Spectrum"
file = "master.csv"
[mapping]
header_rows = [1, 2, 3, 4]
band = {care_area = "Care Area: *"}
absent = ["", "-"]
custom = ["- -"]
[mapping.columns]
drug = "Drug Name"
amount = "Amount"
volume = "Volume"
dose_unit = "Dose Mode"
hard_min = "Rate Lower Hard Limit"
soft_min = "Rate Lower Soft Limit"
initial = "Start"
soft_max = "Rate Upper Soft Limit"
hard_max = "Rate Upper Hard Limit"
"""


@pytest.fixture
def guardrails(tmp_path: Path) -> str:
    (tmp_path / "export.csv").write_text(GUARDRAILS, "utf-8")
    (tmp_path / "adult.toml").write_text(GUARDRAILS_TOML, "utf-8")
    return str(tmp_path / "adult.toml")


@pytest.fixture
def spectrum(tmp_path: Path) -> str:
    (tmp_path / "master.csv").write_text(SPECTRUM, "utf-8")
    (tmp_path / "master.toml").write_text(SPECTRUM_TOML, "utf-8")
    return str(tmp_path / "master.toml")


def shown(file: str, *args: str) -> Any:
    outcome = invoke("library", "show", file, *args, "--format", "json")
    assert outcome.exit_code == 0, outcome.stderr
    return outcome.json


def test_a_report_with_a_title_row_is_read(guardrails: str) -> None:
    entries = shown(guardrails)["entries"]
    assert [(each["care_area"], each["drug"], each["line"], each["concentration"]) for each in entries] == [
        ("NICU", "tirofiban", 3, "0.05 mg/mL"),
        ("NICU", "tirofiban", 4, "0.05 mg/mL"),
        ("NICU", "nicardipine", 5, "0.1 mg/mL"),
        ("ICU", "heparin", 6, "100 units/mL"),
    ]
    assert entries[1]["creatinine_clearance"] == "<= 60 mL/min"
    assert entries[3]["limits"]["dose"] == {
        "unit": "units/h",
        "hard_min": None,
        "soft_min": None,
        "initial": None,
        "soft_max": "2,000 units/h",
        "hard_max": "4,000 units/h",
    }
    assert shown(guardrails)["unmapped"] == ["Concentration"]


def test_stacked_and_repeated_headings_bands_and_custom_entries_are_read(spectrum: str) -> None:
    made = shown(spectrum)
    assert [(each["care_area"], each["name"], each["line"], each["strength"]) for each in made["entries"]] == [
        ("NICU", "TIROFIBAN", 6, "12.5 mg/250 mL"),
        ("ICU", "heparin", 12, "25,000 units/250 mL"),
        ("ICU", "vasopressin", 13, "custom concentration"),
        ("ICU", "maintenance", 14, None),
    ]
    limits = made["entries"][0]["limits"]["dose"]
    assert (limits["soft_min"], limits["hard_max"], limits["hard_min"]) == ("0.075 mcg/kg/min", "0.16 mcg/kg/min", None)
    assert made["unmapped"] == ["VTBI"]


def test_a_unit_that_is_fixed_for_every_row_makes_no_limits(spectrum: str, tmp_path: Path) -> None:
    fixed = 'fixed = {conc_unit = "mcg/mL", bolus_rate_unit = "mL/h"}\ncustom ='
    (tmp_path / "master.toml").write_text(SPECTRUM_TOML.replace("custom =", fixed), "utf-8")
    assert [sorted(each["limits"]) for each in shown(spectrum)["entries"]] == [["dose"]] * 4
    assert [each for each in judged(spectrum) if each[0] in {"RC851", "RC853"}] == [("RC853", "warning", 13, 1)]


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ('"Care Area: *"', '"Area: *"', "no row is the band 'Area: *' of care_area"),
        (
            "[mapping.columns]",
            '[drugs]\n"TIROFIBEN" = {drug = "tirofiban"}\n[mapping.columns]',
            "RC835 error tirofiban",
        ),
        ("[mapping.columns]", '[drugs]\n"abciximab" = {drug = "abciximab"}\n[mapping.columns]', "RC835 warning None"),
        ("[mapping.columns]", '[therapies]\n"renal" = {weight = "> 3 kg"}\n[mapping.columns]', "RC837 warning None"),
    ],
)
def test_what_a_mapping_names_and_no_row_has(spectrum: str, tmp_path: Path, old: str, new: str, right: str) -> None:
    (tmp_path / "master.toml").write_text(SPECTRUM_TOML.replace(old, new), "utf-8")
    outcome = invoke("library", "check", spectrum, "--format", "json")
    if outcome.exit_code == 3:
        assert right in outcome.stderr
        return
    found = [each for each in outcome.json["findings"] if each["pointer"].startswith(("/drugs", "/therapies"))]
    assert [f"{each['code']} {each['severity']} {each['expected']}" for each in found] == [right]


def test_a_maximum_binds_among_the_patients_of_a_care_area(tmp_path: Path) -> None:
    row = "Nursery,dopamine,40 mg,50 mL,mcg/kg/min,1,20,25,25 mL/h"
    names = "care_area,drug,amount,volume,dose_unit,soft_min,soft_max,hard_max,max_rate"
    assert [each[0] for each in judged(written(tmp_path, row, headings=names))] == ["RC833"]
    weights = f"{names},area_weight_unit,area_weight_from,area_weight_to"
    assert judged(written(tmp_path, f"{row},kg,0.5,7", headings=weights)) == []


def test_a_protocol_without_an_entry_in_the_care_area_is_refused(guardrails: str) -> None:
    outcome = invoke("library", "check", guardrails, "--protocol", "us-label", "--care-area", "ICU")
    assert outcome.exit_code == 2
    assert "us-label is of tirofiban, and ICU of " in outcome.stderr
    summary = invoke("library", "check", guardrails, "--care-area", "ICU", "--format", "json").json["summary"]
    assert (summary["entries"], summary["drugs"]) == (1, 1)


def test_findings_of_an_export_have_its_own_lines_and_columns(spectrum: str) -> None:
    [found] = [each for each in judged(spectrum, "--protocol", "trend-2024") if each[0] == "RC830"]
    assert found == ("RC830", "error", 6, SPECTRUM.splitlines()[5].index("0.16") + 1)


def test_the_load_of_an_export_counts_where_its_bolus_is_not_allowed(tmp_path: Path) -> None:
    names = "Drug,Dose Mode,Upper Hard,Bolus Mode,Bolus Upper Hard,Load Mode,Load Upper Hard"
    rows = ("x,mg/h,5,mg,8,mg,99", "y,mg/h,5,Bolus Not Allowed,Bolus Not Allowed,mg/kg,0.2x")
    written(tmp_path, *rows, name="master.csv", headings=names)
    mapped = """[library]
name = "Spectrum"
file = "master.csv"
[mapping]
absent = ["-", "Bolus Not Allowed"]
otherwise = {bolus_unit = "Load Mode", bolus_hard_max = "Load Upper Hard"}
[mapping.columns]
drug = "Drug"
dose_unit = "Dose Mode"
hard_max = "Upper Hard"
bolus_unit = "Bolus Mode"
bolus_hard_max = "Bolus Upper Hard"
"""
    (tmp_path / "master.toml").write_text(mapped, "utf-8")
    file = str(tmp_path / "master.toml")
    assert [each for each in judged(file) if each[0] == "RC202"] == [("RC202", "error", 3, 52)]
    (tmp_path / "master.csv").write_text("\n".join((names, *rows, "")).replace("0.2x", "0.2"), "utf-8")
    limits = [each["limits"]["bolus"] for each in shown(file)["entries"]]
    assert [(each["unit"], each["hard_max"]) for each in limits] == [("mg", "8 mg"), ("mg/kg", "0.2 mg/kg")]
    (tmp_path / "master.toml").write_text(
        mapped.replace("otherwise = {", 'otherwise = {soft_max = "Load Mode", '), "utf-8"
    )
    outcome = invoke("library", "check", file)
    assert (outcome.exit_code, "mapping.otherwise.soft_max: stands in place of a column" in outcome.stderr) == (3, True)


def test_every_format_has_the_line_and_column_of_the_export(spectrum: str, tmp_path: Path) -> None:
    file, column = str(tmp_path / "master.csv"), SPECTRUM.splitlines()[5].index("0.16") + 1

    def told(name: str) -> str:
        return invoke("library", "check", spectrum, "--protocol", "trend-2024", "--format", name).stdout

    assert f"{file}:6:{column}: RC830 " in told("concise")
    assert f"::error file={file},line=6,col={column},endColumn={column + 4},title=RC830" in told("github")
    assert f'<testcase classname="{file}" name="6:{column} RC830' in told("junit")
    [line] = [each for each in map(json.loads, told("jsonl").splitlines()) if each.get("code") == "RC830"]
    assert (line["file"], line["line"], line["column"]) == (file, 6, column)
    [issue] = [each for each in json.loads(told("gitlab")) if each["check_name"] == "RC830"]
    assert issue["location"] == {"path": file, "lines": {"begin": 6}}
    [result] = [each for each in json.loads(told("sarif"))["runs"][0]["results"] if each["ruleId"] == "RC830"]
    region = {"startLine": 6, "startColumn": column, "endColumn": column + 4}
    assert result["locations"][0]["physicalLocation"]["region"] == region


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"Rate Upper Hard Limit"', '"Rate Uper Hard Limit"', "is not there; did you mean Rate Upper Hard Limit"),
        ("Upper,Upper", "Upper,Lower", "the heading 'Rate Upper Hard Limit' of hard_max is not there"),
        ("Lower,Lower,,Upper,Upper", "Upper,Lower,,Upper,Upper", "'Rate Upper Hard Limit' of hard_max stands 2 times"),
    ],
)
def test_a_heading_that_is_not_found_once_ends_with_3(
    spectrum: str, tmp_path: Path, old: str, new: str, message: str
) -> None:
    for name, text in (("master.csv", SPECTRUM), ("master.toml", SPECTRUM_TOML)):
        (tmp_path / name).write_text(text.replace(old, new), "utf-8")
    outcome = invoke("library", "check", spectrum)
    assert outcome.exit_code == 3
    assert message in outcome.stderr


def test_a_converted_export_says_the_same(guardrails: str, tmp_path: Path) -> None:
    native = invoke("library", "show", guardrails, "--format", "csv")
    (tmp_path / "native.csv").write_text(native.stdout, "utf-8")
    keys = ("care_area", "drug", "creatinine_clearance", "strength", "limits", "code")
    first, second = shown(guardrails)["entries"], shown(str(tmp_path / "native.csv"))["entries"]
    assert [[each[key] for key in keys] for each in first] == [[each[key] for key in keys] for each in second]
    outcome = invoke("library", "diff", guardrails, str(tmp_path / "native.csv"))
    assert outcome.stdout.startswith("no changes in 4 entries of 3 drugs\n")


WEIGHTS = f"{HEADINGS},area_weight_unit,area_weight_hard_from,area_weight_from,area_weight_to,area_weight_hard_to"


def test_the_weights_of_a_care_area_stand_in_columns_and_survive_conversion(tmp_path: Path) -> None:
    file = written(tmp_path, f"{FULL},kg,,30,200,0250", f"{FULL.replace('NICU', 'ED')},,,-,,n/a", headings=WEIGHTS)
    first = shown(file)["care_areas"]
    assert [(each["name"], each["weight"] and each["weight"]["soft_max"]) for each in first] == [
        ("NICU", "200 kg"),
        ("ED", None),
    ]
    native = tmp_path / "native.csv"
    native.write_text(invoke("library", "show", file, "--format", "csv").stdout, "utf-8")
    assert shown(str(native))["care_areas"] == first
    orders = "{care_area: nicu, patient: {weight: 251 kg}, orders: [{drug: tirofiban, dose_rate: 1 mcg/min}]}"
    found = invoke("check", "-", "--library", str(native), "--format", "json", stdin=orders).json["findings"]
    assert [(each["code"], each["severity"]) for each in found if each["code"] == "RC810"] == [("RC810", "error")]


@pytest.mark.parametrize(
    ("second", "right"),
    [
        (",kg,,30,200,", []),
        (",kg,,30,150,", [("RC109", 3, 91)]),
        (",lb,,30,200,", [("RC109", 3, 88), ("RC109", 3, 91)]),
        (",,,,,", []),
        (",stone,,30,,", [("RC202", 3, 84)]),
    ],
)
def test_a_weight_of_a_care_area_that_rows_do_not_agree_on_is_found(tmp_path: Path, second: str, right: Any) -> None:
    file = written(tmp_path, f"{FULL},kg,,30,200,", f"{RENAL}{second}", headings=WEIGHTS)
    found = [(each[0], *each[2:]) for each in judged(file) if each[0] in {"RC109", "RC202", "RC106"}]
    assert sorted(found) == right


def test_the_weights_of_care_areas_come_from_the_columns_of_an_export(spectrum: str, tmp_path: Path) -> None:
    more = {"Drug,": "Patient,Patient", "Name,": "Weight,Weight", ",,,,Hard": "Lower,Upper", "TIRO": "0,7"}
    rows = [
        f"{row},{next((more[each] for each in more if row.startswith(each)), ',')}" for row in SPECTRUM.splitlines()
    ]
    (tmp_path / "master.csv").write_text("\n".join(rows), "utf-8")
    mapped = '\narea_weight_from = "Patient Weight Lower"\narea_weight_to = "Patient Weight Upper"\n'
    head = SPECTRUM_TOML.replace("custom =", 'fixed = {area_weight_unit = "kg"}\ncustom =')
    (tmp_path / "master.toml").write_text(head + mapped, "utf-8")
    areas = shown(spectrum)["care_areas"]
    assert [(each["name"], each["weight"] and each["weight"]["soft_max"]) for each in areas] == [
        ("NICU", "7 kg"),
        ("ICU", None),
    ]


# --- what a new version changes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("0.15,0.16", "0.15,0.25", [("RC872", "warning")]),
        ("0.15,0.16", "0.15,0.155", [("RC873", "note")]),
        ("0.15,0.16", "0.15,", [("RC872", "warning")]),
        ("mcg/kg/min,0.075", "mcg/kg/h,0.075", [("RC874", "error")]),
        ("12.5 mg", "25 mg", [("RC875", "warning")]),
        ("0.075,,0.15", "0.075,0.1,0.15", [("RC876", "warning")]),
        ("0.075,,0.15", "0.08,,0.15", [("RC873", "note")]),
    ],
)
def test_a_change_is_a_finding(tmp_path: Path, old: str, new: str, right: list[Any]) -> None:
    before = written(tmp_path, FULL, RENAL, name="old.csv")
    after = written(tmp_path, FULL.replace(old, new), RENAL, name="new.csv")
    outcome = invoke("library", "diff", before, after, "--format", "json")
    assert [(each["code"], each["severity"]) for each in outcome.json["findings"]] == right


def test_a_changed_volume_is_named(tmp_path: Path) -> None:
    files = [
        written(tmp_path, row, name=name) for name, row in (("a.csv", FULL), ("b.csv", FULL.replace("250", "500")))
    ]
    [found] = invoke("library", "diff", *files, "--format", "json").json["findings"]
    assert (found["pointer"], found["found"]) == ("/entries/0/volume", "500 mL")


def test_a_row_that_goes_or_comes_and_a_text_for_people(tmp_path: Path) -> None:
    advised = f"{HEADINGS},advisory"
    before = written(tmp_path, f"{FULL},a", f"{RENAL},", name="old.csv", headings=advised)
    after = written(tmp_path, f"{FULL},b", name="new.csv", headings=advised)
    gone = invoke("library", "diff", before, after, "--format", "json").json["findings"]
    assert [each["code"] for each in gone] == ["RC871"]
    come = invoke("library", "diff", after, before, "--format", "json").json["findings"]
    assert [each["code"] for each in come] == ["RC870"]


def test_a_change_says_what_it_does_to_a_protocol(tmp_path: Path) -> None:
    before = written(tmp_path, FULL, name="old.csv")
    after = written(tmp_path, FULL.replace("0.16", "0.4"), name="new.csv")
    outcome = invoke("library", "diff", before, after, "--protocol", "trend-2024", "--format", "json")
    [found] = outcome.json["findings"]
    assert found["message"].endswith(
        "; the loading infusion of trend-2024, 0.4 mcg/kg/min: the pump warns (before: stops)"
    )


# --- template, outputs, settings -------------------------------------------------------------------------------------


def test_the_template_of_a_protocol_is_a_native_library_with_open_limits(tmp_path: Path) -> None:
    outcome = invoke("library", "template", "us-label", "trend-2024")
    first = outcome.stdout.splitlines()[1]
    assert first == (
        "tirofiban,CrCl <= 60 mL/min,<= 60 mL/min,12.5 mg,250 mL,mcg/kg/min,,0.075,,,mcg/kg,25,,,"
        '"us-label: infusion 0.075 mcg/kg/min, bolus 25 mcg/kg"'
    )
    (tmp_path / "template.csv").write_text(outcome.stdout, "utf-8")
    assert len(shown(str(tmp_path / "template.csv"))["entries"]) == 6
    found = judged(str(tmp_path / "template.csv"))
    assert {(code, severity) for code, severity, *_ in found if severity != "note"} == {("RC832", "error")}
    assert "bolus_soft_max,bolus_hard_max,advisory" in outcome.stdout


def test_a_template_of_several_protocols_starts_from_what_all_start_from() -> None:
    rows = invoke("library", "template", "trend-2024", "yang-2020-iv", "khachatryan-2023-case").stdout.splitlines()
    assert rows[1].startswith("tirofiban,12.5 mg,250 mL,mcg/kg/min,,,,mcg/kg,10,,,")
    assert "khachatryan-2023-case: infusion 0.15 mcg/kg/min, intra-arterial 250 mcg by hand" in rows[1]
    [head, first, *_] = invoke("library", "template", "khachatryan-2023-case").stdout.splitlines()
    assert "bolus" not in head  # the dose of a catheter is none of the pump
    assert first.startswith("tirofiban,12.5 mg,250 mL,mcg/kg/min,,0.15,,,")


def test_what_a_csv_cannot_hold_is_named_and_unread_rows_are_left_out(tmp_path: Path) -> None:
    written(tmp_path, FULL, RENAL.replace("0.076", "0.07b"))
    text = '[library]\nname = "L"\nfile = "lib.csv"\nmin_rate = "1 mL/h"\nrate_step = "1 mL/h"\n'
    (tmp_path / "lib.toml").write_text(text, "utf-8")
    outcome = invoke("library", "show", str(tmp_path / "lib.toml"), "--format", "csv")
    assert (outcome.exit_code, outcome.stdout.count("tirofiban")) == (3, 1)
    assert "1 entries or rows cannot be read whole and are left out" in outcome.stderr
    assert "not in the CSV: min_rate 1 mL/h, rate_step 1 mL/h; keep them in a TOML that names it" in outcome.stderr


@pytest.mark.parametrize("option", ["-o", "--write-baseline"])
@pytest.mark.parametrize("name", ["adult.toml", "export.csv"])
def test_nothing_is_written_over_a_library(guardrails: str, tmp_path: Path, option: str, name: str) -> None:
    before = (tmp_path / name).read_bytes()
    order = json.dumps({"drug": "tirofiban"})
    for command in (("library", "check", guardrails), ("check", "-", "--library", guardrails)):
        outcome = invoke(*command, option, str(tmp_path / name), stdin=order)
        assert outcome.exit_code == 2, outcome.stderr
        assert (tmp_path / name).read_bytes() == before


def test_a_baseline_takes_away_what_is_known(tmp_path: Path) -> None:
    file = written(tmp_path, FULL, FULL.replace("0.16", "0.61"))
    known = str(tmp_path / "known.json")
    assert invoke("library", "check", file, "--write-baseline", known).exit_code == 0
    written(tmp_path, "", FULL, FULL.replace("0.16", "0.61"), FULL.replace("tirofiban", "other").replace("0.16", "0.1"))
    found = invoke("library", "check", file, "--baseline", known, "--format", "json").json["findings"]
    assert {each["code"] for each in found} == {"RC711", "RC850"}


@pytest.mark.usefixtures("guardrails")
def test_settings_name_a_library_and_its_care_area(tmp_path: Path) -> None:
    (tmp_path / "rescuecalc.toml").write_text('library = "adult.toml"\ncare-area = "NICU"\n', "utf-8")
    orders = tmp_path / "orders.jsonl"
    orders.write_text(json.dumps({"drug": "eptifibatide", "kind": "infusion", "dose_rate": "1 mg/h"}), "utf-8")
    outcome = invoke("check", str(tmp_path), "--select", "RC8", "--format", "json")
    assert [each["code"] for each in outcome.json["findings"]] == ["RC801"]
    assert outcome.json["summary"]["files"] == 1  # the library's own CSV lies there too, and is no order set
    [used] = outcome.json["summary"]["libraries"]
    assert (used["name"], used["care_area"]) == ("Adult pumps", "NICU")


def test_the_pumps_maximum_takes_the_place_of_the_usual(guardrails: str) -> None:
    args = ("rate", "0.1mcg/kg/min", "--weight", "80kg", "--concentration", "12.5mcg/mL", "--library", guardrails)
    outcome = invoke(*args, "--care-area", "Nursery", "--format", "json")
    [found] = [each for each in outcome.json["findings"] if each["code"] == "RC310"]
    assert "faster than 25 mL/h, the maximum of Nursery in Adult pumps" in found["message"]
    assert found["sources"][0]["title"] == "Adult pumps, version 66, 2026-02-14"


def test_a_sites_list_of_limits_is_converted_and_cited(tmp_path: Path) -> None:
    rows = ("nicardipine,mg/h,,1,,15,20", "heparin,units/kg/h,,4,,30,40")
    written(tmp_path, *rows, headings=SHORT)
    toml = '[library]\nname = "Ours"\nkind = "limits"\nsource = "Drug committee, 12"\nfile = "lib.csv"\n'
    (tmp_path / "lib.toml").write_text(toml, "utf-8")
    order = {"drug": "heparin", "kind": "infusion", "dose_rate": "3600 units/h", "concentration": "100 units/mL"}
    made = {"order_set": "S", "patient": {"weight": "80 kg"}, "orders": [order]}
    outcome = invoke("check", "-", "--library", str(tmp_path / "lib.toml"), "--format", "json", stdin=json.dumps(made))
    found = [each for each in outcome.json["findings"] if each["code"].startswith("RC8")]
    assert sorted((each["code"], each["severity"]) for each in found) == [("RC804", "error"), ("RC816", "note")]
    hard = next(each for each in found if each["code"] == "RC804")
    assert "45 units/kg/h" in hard["message"]
    assert hard["sources"][0]["title"] == "Drug committee, 12"
    assert outcome.json["summary"]["judged"]["dose"] == 1


def test_clevidipine_at_2000_mg_is_stopped_by_a_library_alone(tmp_path: Path) -> None:
    file = written(tmp_path, "clevidipine,mg/h,,1,2,16,32", headings=SHORT)
    order = json.dumps({"drug": "clevidipine", "kind": "infusion", "dose_rate": "2000 mg/h"})
    alone = [each["code"] for each in invoke("check", "-", "--format", "json", stdin=order).json["findings"]]
    assert "RC711" in alone
    found = invoke("check", "-", "--library", file, "--format", "json", stdin=order).json["findings"]
    assert "RC804" in [each["code"] for each in found]
    assert "RC711" not in [each["code"] for each in found]
    rate = ("rate", "20mg/h", "--drug", "clevidipine", "--concentration", "0.5mg/mL", "--format", "json")
    assert "RC711" in [each["code"] for each in invoke(*rate).json["findings"]]
    assert {each["code"] for each in invoke(*rate, "--library", file).json["findings"]} == {"RC805"}


@pytest.mark.parametrize(
    ("areas", "hard", "right"),
    [
        (60, lambda _: "20", []),
        (60, lambda n: str(20 + n), ["20 more entries were not compared: name the care area"]),
    ],
)
def test_entries_that_were_not_compared_are_counted(areas: int, hard: Any, right: list[str], tmp_path: Path) -> None:
    file = written(
        tmp_path,
        *(f"A{n},x,mg/h,15,{hard(n)}" for n in range(areas)),
        headings="care_area,drug,dose_unit,soft_max,hard_max",
    )
    order = json.dumps({"drug": "x", "kind": "infusion", "dose_rate": "10 mg/h"})
    found = invoke("check", "-", "--library", file, "--format", "json", stdin=order).json["findings"]
    assert [each["message"].partition("; ")[2] for each in found if each["code"] == "RC814"] == right


def test_an_amount_in_another_unit_is_a_note(tmp_path: Path) -> None:
    file = written(tmp_path, "x,1 g,250 mL,mg/h,10,20", headings="drug,amount,volume,dose_unit,soft_max,hard_max")
    order = {"drug": "x", "kind": "infusion", "dose_rate": "10 mg/h", "product": "1000 mg/250 mL"}
    found = invoke("check", "-", "--library", file, "--format", "json", stdin=json.dumps(order)).json["findings"]
    assert [(each["code"], each["severity"]) for each in found if each["code"].startswith("RC8")] == [("RC802", "note")]


def test_a_bolus_with_limits_counts_as_judged(tmp_path: Path) -> None:
    headings = "drug,dose_unit,soft_max,hard_max,bolus_unit,bolus_hard_max"
    file = written(tmp_path, "heparin,units/kg/h,18,24,units/kg,80", headings=headings)
    order = json.dumps({"drug": "heparin", "route": "IV", "kind": "bolus", "dose_per_kg": "81 units/kg"})
    outcome = invoke("check", "-", "--library", file, "--format", "json", stdin=order)
    found = outcome.json["findings"]
    assert [(each["code"], each["severity"]) for each in found if each["code"][:3] == "RC8"] == [("RC807", "error")]
    assert outcome.json["summary"]["judged"]["dose"] == 1


def test_what_a_converted_library_says_is_harmless(tmp_path: Path) -> None:
    file = written(tmp_path, "a\x1bb,mg/h,,,,5,10", headings=SHORT)
    assert "a\\x1bb" in invoke("library", "show", file, "--format", "csv").stdout


@pytest.mark.parametrize("command", ["check", "diff"])
def test_every_format_of_a_library_carries_its_findings(command: str, tmp_path: Path) -> None:
    head = "drug,amount,volume,dose_unit,soft_max,hard_max\n"
    for name, hard in (("old.csv", "0.2"), ("new.csv", "0.1")):
        (tmp_path / name).write_text(f"{head}tirofiban,12.5 mg,250 mL,mcg/kg/min,0.15,{hard}\n", encoding="utf-8")
    files = [str(tmp_path / name) for name in ("old.csv", "new.csv")][command == "check" :]
    told = {form: invoke("library", command, *files, "--format", form) for form in offered(f"library {command}")}
    code = {"check": "RC850", "diff": "RC873"}[command]
    assert set(told) == {"text", "json", "concise", "jsonl", "sarif", "junit", "github", "gitlab"}
    assert {form: (each.exit_code in {0, 1}, code in each.stdout) for form, each in told.items()} == dict.fromkeys(
        told, (True, True)
    )


def test_findings_of_a_large_library_are_not_compared_in_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library of 20,000 rows may have as many findings: each is compared with those about the same cell alone."""
    compared: list[str] = []
    goes_before = one_finding._goes_before  # noqa: SLF001

    def counted(other: Any, each: Any, rules: Any) -> bool:
        compared.append(each.code)
        return goes_before(other, each, rules)

    monkeypatch.setattr(one_finding, "_goes_before", counted)
    rows = [f"q{chr(97 + number // 26)}{chr(97 + number % 26)}z,mg/h,,1,5,60," for number in range(150)]
    found = [each[0] for each in judged(written(tmp_path, *rows, headings=SHORT))]
    assert found == ["RC832"] * 150
    assert len(compared) <= 150
