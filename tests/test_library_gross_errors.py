"""Gross errors of a pump library are errors, one a mistake, at the number that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support import invoke
from tests.test_library_planted_errors import ED, HEADINGS, entry

COLUMNS = (
    *HEADINGS,
    *("max_vtbi", "bolus_rate_hard_min", "area_weight_unit", "area_weight_hard_from", "area_weight_from"),
    *("area_weight_to", "area_weight_hard_to"),
)
BOLUS = "bolus_unit=mcg/kg; bolus_soft_max=25; bolus_hard_max=30"
UNITS = "bolus_unit=units/kg; bolus_soft_max=80; bolus_hard_max=100"
HIGH = "hard_min=; initial=; soft_min=0.3; soft_max=4; hard_max=5"
FENTANYL = "amount=2.5 mg; volume=250 mL; dose_unit=mcg/h; soft_max=200; hard_max=240"
CUSTOM = "tirofiban; amount=; volume=; concentration=custom; conc_unit=mcg/mL"


def row(said: str) -> str:
    """Return the row of an entry from ``drug; column=text; ...``."""
    drug, *changes = [part.strip() for part in said.split(";")]
    made: dict[str, Any] = entry(drug) | dict(each.split("=", 1) for each in changes)
    assert made.keys() <= set(COLUMNS)
    return ",".join(made.get(name, "") for name in COLUMNS)


def found(folder: Path, said: str, pump: str = "") -> list[str]:
    """Return the errors and warnings of a library as ``RC835e amount 12.5 mg`` (what heals it).

    Its entries are divided by ``||``.
    """
    rows = (",".join(COLUMNS), *map(row, said.split("||")), "")
    (folder / "library.csv").write_text("\n".join(rows), "utf-8")
    (folder / "library.toml").write_text(f'[library]\nname = "L"\nfile = "library.csv"\n{pump}\n', "utf-8")
    findings = invoke("library", "check", str(folder / "library.toml"), "--format", "json").json["findings"]
    return [
        " ".join(
            (each["code"] + each["severity"][0], each["pointer"].rpartition("/")[2], each["expected"] or "")
        ).strip()
        for each in findings
        if each["severity"] != "note"
    ]


ENTRIES = {
    # a strength with the decimal point or the unit moved, amount and volume mixed up, an undiluted product
    "tirofiban; amount=125 mg": "RC835e amount 12.5 mg",
    "tirofiban; amount=1.25 mg": "RC835e amount 12.5 mg",
    "tirofiban; volume=2500 mL": "RC835e volume 250 mL",
    "tirofiban; amount=12.5 g": "RC835e amount 0.0125 g",
    "tirofiban; amount=; volume=; concentration=500 mcg/mL": "RC835e concentration 50 mcg/mL",
    "tirofiban; volume=50 mL": "RC835e amount",
    "tirofiban; volume=500 mL": "RC835w amount",
    "eptifibatide; volume=10 mL": "RC835e volume 100 mL",
    "eptifibatide; amount=20 mg": "RC835e amount 200 mg",
    "cangrelor; amount=500 mg": "RC835e amount 50 mg",
    "alteplase; amount=1000 mg": "RC835e amount",
    "tenecteplase; amount=500 mg": "RC835e amount",
    "tirofiban; volume=": "RC855e volume",
    "nicardipine; amount=": "RC855e amount",
    f"{CUSTOM}; conc_hard_min=5; conc_soft_max=60; conc_hard_max=100": "RC853w conc_hard_min",
    # hard maxima that ten times a published dose does not pass
    "tirofiban; soft_max=1.5; hard_max=1.6": "RC832e hard_max",
    "tirofiban; soft_max=0.15; hard_max=1.5": "RC832e hard_max",
    "tirofiban; soft_max=0.15; hard_max=1.49": "",
    "tirofiban; hard_max=": "RC832w soft_max",
    f"tirofiban; {BOLUS.replace('30', '250')}": "RC832e bolus_hard_max",
    "alteplase; initial=; soft_max=90; hard_max=900": "RC832e hard_max",
    "tenecteplase; dose_unit=mg; initial=; soft_max=90; hard_max=100": "RC838e soft_max",
    "nicardipine; initial=; soft_max=; hard_max=": "RC832e hard_max",
    # limits that let nothing run
    "tirofiban; hard_min=; soft_min=; soft_max=0.04; hard_max=0.05": "RC830e hard_max",
    "tirofiban; hard_max=0": "RC830e hard_max",
    f"tirofiban; {BOLUS}; bolus_rate_unit=mL/h; bolus_rate_hard_max=0.1": "RC854e bolus_rate_hard_max",
    "norepinephrine; dose_unit=mg/kg/min": "RC833e hard_min",
    "alteplase; dose_unit=mcg/h": "RC834e dose_unit mg/h",
    # boluses
    f"tirofiban; {BOLUS}; bolus_hard_min=31": "RC830e bolus_hard_min",
    "tirofiban; bolus_unit=mcg/kg; bolus_soft_max=1; bolus_hard_max=1.5": "RC834e bolus_unit",
    # the pump and the care area
    "tirofiban; max_rate=9990 mL/h": "RC833e max_rate",
    "tirofiban; max_rate=1200 mL/h": "",
    "tirofiban; max_rate=99.9 mL/h": "",
    "tirofiban; max_vtbi=2.5 mL": "RC833e max_vtbi",
    "tirofiban; area_weight_unit=kg; area_weight_from=200; area_weight_to=30": "RC850e area_weight_to",
    "tirofiban; area_weight_unit=kg; area_weight_to=1500": "RC833e area_weight_to",
    "tirofiban; area_weight_unit=kg; area_weight_to=7": "",
    "tirofiban; therapy=CrCl <= 60": "RC837w therapy",
    # a name that no limit of the drug is found by
    "tirofban; amount=12.5 mg; volume=250 mL; dose_unit=mcg/kg/min; soft_max=1.5; hard_max=5": "RC835e drug tirofiban",
    "TIROFIBAN RENAL; dose_unit=mcg/kg/min; soft_max=1.5; hard_max=5": "RC835e drug tirofiban",
    "heparn; dose_unit=units/kg/h; soft_max=30; hard_max=40": "RC835e drug heparin",
    # drugs without a held dose, by the limits alone
    "heparin; initial=; soft_max=30; hard_max=400": "RC832e hard_max",
    "heparin; soft_max=200; hard_max=300": "RC832e hard_max",
    "heparin; initial=; soft_min=0.02; hard_min=0.01": "RC832e soft_max",
    "heparin; bolus_unit=units/kg; bolus_soft_max=80; bolus_hard_max=1000": "RC832e bolus_hard_max",
    "heparin; bolus_unit=units/kg; bolus_initial=8; bolus_soft_max=80; bolus_hard_max=100": "RC832e bolus_hard_max",
    "heparin; initial=0.0001; soft_min=; hard_min=": "RC833e initial",
    "nicardipine; initial=; soft_max=150; hard_max=200": "RC833e soft_max",
    f"heparin; {UNITS.replace('80', '8000').replace('100', '9000')}": "RC854e bolus_soft_max",
    "heparin; bolus_unit=units/kg; bolus_soft_max=80": "RC832w bolus_soft_max",
    f"heparin; {UNITS}; bolus_rate_unit=mL/h; bolus_rate_soft_max=0.3; bolus_rate_hard_max=900": (
        "RC854e bolus_rate_soft_max"
    ),
    "heparin; amount=; volume= || nicardipine": "RC855w amount",
    "norepinephrine; amount=; volume=; concentration=custom; conc_unit=mcg/mL; conc_hard_min=0.01; conc_soft_max=64; "
    "conc_hard_max=128": "RC853w conc_hard_max",
    # what a name says otherwise
    "tirofiban; therapy=CrCl < 30; creatinine_clearance=> 60 mL/min || "
    "tirofiban; therapy=renal; creatinine_clearance=<= 60 mL/min": "RC837e therapy",
    "tirofiban; therapy=CrCl > 60; creatinine_clearance=> 60 mL/min || "
    "tirofiban; therapy=CrCl <= 60; creatinine_clearance=<= 60 mL/min": "",
    "tirofiban; therapy=renal || tirofiban; therapy=full": "RC837w therapy",
    "tirofiban; therapy=25 mg/250 mL": "RC855e therapy",
    "tirofiban; therapy=mcg/kg/h": "RC851e therapy",
    f"labetalol; amount=500 mg; volume=250 mL; dose_unit=mg/h; soft_max=120; hard_max=180 || "
    f"labetalo; {ED}; amount=500 mg; volume=250 mL; dose_unit=mg/h; soft_max=120; hard_max=180": (
        "RC835w drug labetalol"
    ),
    # against the other entries of the drug
    f"heparin || heparin; {ED}; hard_max=300": "RC851e hard_max 30 units/kg/h",
    f"heparin || heparin; {ED}; soft_min=0.6; hard_min= || heparin; care_area=OR": "RC851e soft_min 6 units/kg/h",
    f"heparin; {UNITS} || heparin; {ED}; {UNITS.replace('/kg', '')}": "RC851e bolus_unit units/kg",
    f"heparin; {UNITS} || heparin; {ED}; {UNITS.replace('100', '1000')}": "RC851e bolus_hard_max 100 units/kg",
    f"norepinephrine || norepinephrine; {ED}; {HIGH}": "RC851w soft_min",
    f"heparin || heparin; therapy=flush; {ED}; hard_min=; soft_min=0.4; initial=0.6; soft_max=2; hard_max=3": "",
    f"fentanyl; {FENTANYL} || fentanyl; {ED}; {FENTANYL.replace('200', '10').replace('240', '20')}": "",
    # the limit whose decimal point was moved
    "tirofiban; hard_min=0.25": "RC850e hard_min 0.025 mcg/kg/min",
    "heparin; soft_min=60; initial=": "RC850e soft_min 6 units/kg/h",
}
PUMPS = {
    'max_rate = "9990 mL/h"': "RC833e max_rate",
    'max_rate = "1200 mL/h"': "",
    'max_rate = "2000 mL/h"': "RC833w max_rate",
    'min_rate = "100 mL/h"\nmax_rate = "50 mL/h"': "RC850e min_rate",
    'rate_step = "10 mL/h"': "RC833e rate_step",
    'rate_step = "1 mL/h"': "",
    'max_vtbi = "3 mL"': "RC833e max_vtbi",
    'max_vtbi = "9999 mL"': "",
    'max_vtbi = "99990 mL"': "RC833e max_vtbi",
    '[area."ICU"]\nmax_rate = "9990 mL/h"': "RC833e max_rate",
    '[area."ICUU"]\nmax_rate = "25 mL/h"': "RC833e ICUU",
}


def test_a_gross_error_is_one_error_at_the_number_that_is_wrong(tmp_path: Path) -> None:
    right = {said: [one] if one else [] for said, one in ENTRIES.items()}
    assert {said: found(tmp_path, said) for said in ENTRIES} == right


def test_limits_that_no_pump_has_are_found(tmp_path: Path) -> None:
    right = {pump: [one] if one else [] for pump, one in PUMPS.items()}
    assert {pump: found(tmp_path, "tirofiban", pump) for pump in PUMPS} == right


ELSEWHERE = (
    "alteplase; therapy=EKOS; amount=25 mg; volume=250 mL; soft_min=0.25; initial=1; soft_max=2; hard_max=2.4",
    "alteplase; therapy=MI; dose_unit=mg/kg/h; initial=1.5; soft_max=1.5; hard_max=2; bolus_unit=mg; bolus_initial=15",
    "alteplase; dose_unit=mg/kg; initial=; soft_max=0.9; hard_max=1",
    "tenecteplase; therapy=STEMI; dose_unit=mg; initial=; soft_max=50; hard_max=55",
)


def test_other_indications_of_a_thrombolytic_are_not_judged_by_the_stroke_dose(tmp_path: Path) -> None:
    assert {said: found(tmp_path, said) for said in ELSEWHERE} == {said: [] for said in ELSEWHERE}


def test_tenfold_entries_of_one_drug_are_found(tmp_path: Path) -> None:
    tenfold = {"hard_min": "5", "soft_min": "10", "initial": "50", "soft_max": "150", "hard_max": "200"}
    strong = entry("nicardipine") | {"amount": "250 mg"}
    other = entry("nicardipine") | {"care_area": "ED"} | tenfold
    rows = [",".join(made.get(name, "") for name in COLUMNS) for made in (entry("nicardipine"), strong, other)]
    (tmp_path / "library.csv").write_text("\n".join((",".join(COLUMNS), *rows, "")), "utf-8")
    made = invoke("library", "check", str(tmp_path / "library.csv"), "--format", "json").json["findings"]
    told = [each for each in made if each["code"] != "RC711"]
    assert [(each["code"], each["severity"], each["line"], each["found"], each["expected"]) for each in told] == [
        ("RC851", "warning", 3, "250 mg", None),
        ("RC851", "error", 4, "5 mg/h", "0.5 mg/h"),
    ]


def test_right_libraries_of_twenty_drugs_have_no_error() -> None:
    wrong = {}
    for path in sorted((Path(__file__).parent / "libraries").glob("*.csv")):
        made = invoke("library", "check", str(path), "--format", "json")
        told = [each for each in made.json["findings"] if each["severity"] != "note"]
        wrong[path.stem] = made.exit_code, sorted({f"{each['code']} {each['severity']}" for each in told})
    assert wrong == {
        "cath": (0, ["RC835 warning"]),  # of the two concentrations of eptifibatide it has one
        "ed": (0, ["RC854 warning"]),  # a bolus rate per kg that the pump does not run for the heaviest
        "icu": (0, ["RC835 warning"]),
    }


def ordered(folder: Path, **fields: str) -> list[tuple[str, str, str | None, bool]]:
    """Return the findings of RC8 about one order for 80 kg, and whether each says that the limit is to be checked."""
    rows = [",".join(made.get(name, "") for name in COLUMNS) for made in (entry(LIMITED),)]
    (folder / "library.csv").write_text("\n".join((",".join(COLUMNS), *rows, "")), "utf-8")
    order = {"drug": "tirofiban", "route": "IV", "concentration": "50 mcg/mL", **fields}
    text = f"{{order_set: X, patient: {{weight: 80 kg}}, orders: [{order}]}}"
    made = invoke(
        "check", "-", "--select", "RC8", "--library", str(folder / "library.csv"), "--format", "json", stdin=text
    )
    return [
        (
            each["code"],
            each["pointer"].rpartition("/")[2],
            each["expected"],
            each["message"].endswith("check the limit"),
        )
        for each in made.json["findings"]
        if each["severity"] != "note"
    ]


LIMITED = (
    "tirofiban; hard_min=; soft_min=0.075; soft_max=0.15; hard_max=0.16; "
    "bolus_unit=mcg/kg; bolus_soft_max=25; bolus_hard_max=30; bolus_rate_unit=mL/h; bolus_rate_hard_max=999"
)


def test_the_party_that_is_wrong_is_named(tmp_path: Path) -> None:
    load = {"kind": "infusion", "run_time": "30 min", "pump_rate": "38.4 mL/h"}
    assert ordered(tmp_path, dose_rate_per_kg="0.4 mcg/kg/min", **load) == [("RC804", "dose_rate_per_kg", None, True)]
    drip = {"kind": "infusion", "run_time": "24 h"}
    assert ordered(tmp_path, dose_rate_per_kg="1.5 mcg/kg/min", **drip) == [("RC804", "dose_rate_per_kg", None, False)]


def test_a_bolus_that_is_too_fast_is_its_time_and_one_that_is_too_large_its_dose(tmp_path: Path) -> None:
    bolus = {"kind": "bolus", "product": "bag-250"}
    assert ordered(tmp_path, dose_per_kg="25 mcg/kg", give_over="1 min", **bolus) == [
        ("RC808", "give_over", "3 min", False)
    ]
    assert ordered(tmp_path, dose_per_kg="25 mcg/kg", give_over="3 min", **bolus) == []
    assert ordered(tmp_path, dose_per_kg="250 mcg/kg", give_over="1 min", **bolus) == [
        ("RC807", "dose_per_kg", None, False)
    ]
