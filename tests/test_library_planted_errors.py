"""Errors of real libraries, planted one by one, and right libraries of many styles: none is silent, none is false."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

ENDS = ("hard_min", "soft_min", "initial", "soft_max", "hard_max")
HEADINGS = (
    *("care_area", "drug", "therapy", "creatinine_clearance", "weight", "amount", "volume", "concentration"),
    *("dose_unit", *ENDS, "bolus_unit", *(f"bolus_{end}" for end in ENDS)),
    *("bolus_rate_unit", "bolus_rate_soft_min", "bolus_rate_soft_max", "bolus_rate_hard_max"),
    *("conc_unit", "conc_hard_min", "conc_soft_max", "conc_hard_max", "max_rate"),
)
USUAL = {
    "tirofiban": "12.5 mg|250 mL|mcg/kg/min|0.025|0.05||0.4|0.5",
    "eptifibatide": "75 mg|100 mL|mcg/kg/min|0.25|0.5||2|3",
    "cangrelor": "50 mg|250 mL|mcg/kg/min|1|2|4|4|6",
    "abciximab": "7.2 mg|250 mL|mcg/kg/min|0.05|0.1|0.125|0.13|0.2",
    "alteplase": "100 mg|100 mL|mg/h|||81|90|100",
    "tenecteplase": "50 mg|10 mL|mg/kg|||0.25|0.3|0.5",
    "nicardipine": "25 mg|250 mL|mg/h|0.5|1|5|15|20",
    "heparin": "25000 units|250 mL|units/kg/h|2|6|12|20|30",
    "norepinephrine": "4 mg|250 mL|mcg/kg/min|0.01|0.02|0.05|0.3|0.45",
}
"""A right entry of each drug: amount, volume, unit, and limits from low to high."""


def entry(said: str) -> dict[str, str]:
    """Return an entry from ``drug; column=text; ...``: the usual one of the drug with some cells changed."""
    drug, *changes = [part.strip() for part in said.split(";")]
    cells = dict(zip(("amount", "volume", "dose_unit", *ENDS), USUAL.get(drug, "|" * 7).split("|"), strict=True))
    made = {"care_area": "ICU", "drug": drug, **cells, **dict(each.split("=", 1) for each in changes)}
    assert made.keys() <= set(HEADINGS)
    return made


def findings(folder: Path, *said: str) -> list[dict[str, Any]]:
    """Return what is found in a library above a note."""
    rows = [",".join(made.get(name, "") for name in HEADINGS) for made in map(entry, said)]
    path = folder / "library.csv"
    path.write_text("\n".join((",".join(HEADINGS), *rows, "")), "utf-8")
    found = invoke("library", "check", str(path), "--format", "json").json["findings"]
    return [each for each in found if each["severity"] != "note"]


def judged(folder: Path, *said: str) -> set[str]:
    """Return the errors and warnings of a library as ``RC834e``."""
    return {f"{each['code']}{each['severity'][0]}" for each in findings(folder, *said)}


ED = "care_area=ED"
CUSTOM = "tirofiban; amount=; volume=; concentration=custom"
BOLUS = "bolus_unit=mcg/kg; bolus_soft_max=25; bolus_hard_max=30"
FIRST, SECOND = "tirofiban; therapy=a", "tirofiban; therapy=b"

PLANTED = [
    # a unit that is another than the limits were written for
    ("RC834e", "tirofiban; dose_unit=mcg/kg/h"),
    ("RC834e RC851e", "tirofiban", f"tirofiban; {ED}; dose_unit=mcg/kg/h"),
    ("RC834e", "tirofiban; dose_unit=mg/kg/min"),
    ("RC834e", "tirofiban; dose_unit=ng/kg/min"),
    ("RC834e", "tirofiban; dose_unit=mcg/min"),
    ("RC834e", "tirofiban; hard_min=1.5; soft_min=3; soft_max=24; hard_max=30"),
    ("RC834e RC835w", "eptifibatide; dose_unit=mcg/min"),
    ("RC834e", "cangrelor; dose_unit=mcg/kg/h"),
    ("RC834e", "abciximab; dose_unit=mcg/min"),
    ("RC834e", "tenecteplase; dose_unit=mcg/kg"),
    ("RC834e", "tenecteplase; dose_unit=mg"),
    ("RC834e", "tenecteplase; dose_unit=mg/kg/h"),
    ("RC834e", "alteplase; dose_unit=mg/min"),
    ("RC834e", "tirofiban; bolus_unit=mcg; bolus_soft_max=25; bolus_hard_max=30"),
    ("RC851e", "nicardipine", "nicardipine; care_area=ED; dose_unit=mg/min", "nicardipine; care_area=OR"),
    ("RC851e", "heparin", "heparin; care_area=ED; dose_unit=units/kg/min"),
    ("RC851e", "heparin", "heparin; care_area=ED; dose_unit=units/h"),
    ("RC851e", "norepinephrine", "norepinephrine; care_area=ED; dose_unit=mcg/min"),
    # the drug counted in two ways
    ("RC851e", "heparin; amount=25000 mg"),
    ("RC851e", "heparin; dose_unit=mg/kg/h"),
    ("RC851e", "tirofiban; dose_unit=units/kg/min"),
    ("RC851e", "tenecteplase; dose_unit=units"),
    # ten times, and no limit at all
    ("RC832e", "tirofiban; soft_max=4; hard_max=5"),
    ("RC832e", "tirofiban; hard_max=5"),
    ("RC832w", "tirofiban; hard_max="),
    ("RC832e", "tirofiban; soft_max=; hard_max="),
    ("RC832e RC835w", "eptifibatide; soft_max=20; hard_max=30"),
    ("RC830e RC832e RC835w", "eptifibatide; hard_min=2.5; soft_min=5; soft_max=20; hard_max=30"),
    ("RC832e", "tenecteplase; initial=; soft_max=30; hard_max=50"),
    ("RC832e RC838e", "tenecteplase; initial=25; soft_max=30; hard_max=50"),
    ("RC832e", "tenecteplase; dose_unit=mg; initial=; soft_max=250; hard_max=500"),
    ("RC832e", "tenecteplase; dose_unit=g; initial=; soft_max=25; hard_max=50"),
    ("RC832e RC833w", "alteplase; hard_max=1000"),
    ("RC832e", f"tirofiban; {BOLUS.replace('25', '250').replace('30', '300')}"),
    ("RC832e", f"tirofiban; {BOLUS.replace('mcg/kg', 'mg/kg')}"),
    ("RC832w", "nicardipine; hard_max=60"),
    ("RC832e RC838e", "tirofiban; initial=1.5; soft_max=2; hard_max=3"),
    ("RC838e", "tirofiban; hard_min=; soft_min=; initial=0.01"),
    ("RC838e", "tirofiban; initial=1"),
    # limits that let nothing run
    ("RC830e RC835w", "eptifibatide; hard_min=; soft_min=; soft_max=0.4; hard_max=0.45"),
    ("RC830w", "alteplase; initial=; soft_max=9; hard_max=10"),
    ("RC830e", "tirofiban; dose_unit=mL/h; hard_min=0.1; soft_min=0.2; soft_max=0.4; hard_max=0.5"),
    ("RC835e", "alteplase; amount=100 g"),
    ("RC833e", "alteplase; amount=100 mcg"),
    # strengths
    ("RC835e", "tirofiban; amount=12.5 g"),
    ("RC835e", "tirofiban; amount=12.5 mcg"),
    ("RC835e", "tirofiban; amount=250 mg; volume=12.5 mL"),
    ("RC835e", "tirofiban; volume=25 mL"),
    ("RC835e", "cangrelor; amount=50 g"),
    ("RC855e", "tenecteplase; amount=50 g"),
    ("RC855e", "tirofiban; concentration=0.5 mg/mL"),
    ("RC851e", "nicardipine", "nicardipine; care_area=ED; amount=25 g"),
    ("RC835e", "tirofibane; dose_unit=mcg/kg/min; hard_max=0.16"),
    # entered concentrations
    ("RC853w", f"{CUSTOM}; conc_unit=mcg/mL; conc_soft_max=60; conc_hard_max=70"),
    ("RC850e", f"{CUSTOM}; conc_unit=mcg/mL; conc_hard_min=40; conc_soft_max=70; conc_hard_max=60"),
    ("RC835e", f"{CUSTOM}; conc_unit=mg/mL; conc_hard_min=40; conc_soft_max=60; conc_hard_max=70"),
    ("RC835w", f"{CUSTOM}; conc_unit=mcg/mL; conc_hard_min=100; conc_soft_max=200; conc_hard_max=300"),
    # boluses
    ("RC834e", "tirofiban; bolus_unit=mcg/kg; bolus_soft_max=2.5; bolus_hard_max=3"),
    ("RC850e", "tirofiban; bolus_unit=mcg/kg; bolus_soft_max=30; bolus_hard_max=25"),
    ("RC854w", f"tirofiban; {BOLUS}; bolus_rate_unit=mcg/kg/min; bolus_rate_soft_min=30; bolus_rate_hard_max=60"),
    ("RC854w", f"tirofiban; {BOLUS}; bolus_rate_unit=mL/h; bolus_rate_hard_max=9999"),
    # order, twins, conditions
    ("RC850e", "tirofiban; soft_max=0.6"),
    (
        "RC852w",
        "tirofiban",
        "Aggrastat; " + "; ".join(f"{k}={v}" for k, v in entry("tirofiban").items() if k != "drug"),
    ),
    ("RC837w", f"{FIRST}; creatinine_clearance=< 60 mL/min", f"{SECOND}; creatinine_clearance=> 60 mL/min"),
    ("RC837w", f"{FIRST}; creatinine_clearance=< 30 mL/min", f"{SECOND}; creatinine_clearance=> 30 mL/min"),
    ("RC837w", f"{FIRST}; creatinine_clearance=<= 60 mL/min", f"{SECOND}; creatinine_clearance=>= 60 mL/min"),
    ("RC837w", f"{FIRST}; weight=< 100 kg", f"{SECOND}; weight=> 100 kg"),
    (
        "RC837w",
        f"{FIRST}; creatinine_clearance=<= 60 mL/min",
        f"{SECOND}; creatinine_clearance=> 60 mL/min; hard_min=; soft_max=0.2; hard_max=0.25",
    ),
    ("RC202e", "nicardipine; dose_unit=drops/min"),
    ("RC202e", "nicardipine; hard_max=2o"),
]


@pytest.mark.parametrize(
    ("right", "said"), [(each[0], each[1:]) for each in PLANTED], ids=[each[-1] for each in PLANTED]
)
def test_a_planted_error_is_found(tmp_path: Path, right: str, said: tuple[str, ...]) -> None:
    assert judged(tmp_path, *said) == set(right.split())


RENAL = "soft_max=0.2; hard_max=0.25"
RIGHT = [
    ("tirofiban", "tirofiban; amount=5 mg; volume=100 mL"),
    ("tirofiban; initial=0.15",),
    ("tirofiban; initial=0.1; soft_max=0.15; hard_max=0.4",),
    ("tirofiban; hard_min=; soft_min=; soft_max=",),
    ("tirofiban; dose_unit=mcg/kg/h; hard_min=1.5; soft_min=3; soft_max=24; hard_max=30",),
    ("tirofiban; dose_unit=mL/h; hard_min=; soft_min=2; soft_max=40; hard_max=80",),
    (f"{FIRST}; creatinine_clearance=>= 30 mL/min", f"{SECOND}; creatinine_clearance=< 30 mL/min; {RENAL}"),
    (f"{FIRST}; creatinine_clearance=> 60 mL/min", f"{SECOND}; creatinine_clearance=<= 60 mL/min; {RENAL}"),
    (f"{FIRST}; weight=<= 40 kg", f"{SECOND}; weight=> 40 kg"),
    (f"tirofiban; {BOLUS}; bolus_rate_unit=mL/h; bolus_rate_hard_max=999",),
    ("tirofiban; bolus_unit=mg; bolus_soft_max=3; bolus_hard_max=4",),
    ("tirofiban; bolus_unit=mcg; bolus_soft_max=3000; bolus_hard_max=4000",),
    (
        "tirofiban; therapy=load; hard_min=0.1; soft_min=0.3; initial=0.4",
        "tirofiban; therapy=maintenance; hard_min=; initial=0.1; soft_max=0.15; hard_max=0.3",
    ),
    (f"{CUSTOM}; conc_unit=mcg/mL; conc_hard_min=40; conc_soft_max=60; conc_hard_max=70",),
    (f"{CUSTOM}; conc_unit=mg/mL; conc_hard_min=0.01; conc_soft_max=0.06; conc_hard_max=0.3",),
    ("tirofiban", f"tirofiban; {ED}; hard_max=0.45", "tirofiban; care_area=OR"),
    ("tirofiban; concentration=0.05 mg/mL",),
    ("tirofiban; amount=; volume=; concentration=50 mcg/mL",),
    ("eptifibatide", "eptifibatide; amount=200 mg; initial=0.75"),
    ("cangrelor; bolus_unit=mcg/kg; bolus_initial=30; bolus_soft_max=30; bolus_hard_max=40",),
    ("cangrelor; initial=",),
    ("abciximab", f"abciximab; {ED}; dose_unit=mcg/min; hard_min=1; soft_min=5; initial=10; soft_max=10; hard_max=12"),
    ("alteplase", f"alteplase; {ED}; dose_unit=mg/kg/h; initial=0.81; soft_max=0.9; hard_max=1"),
    ("alteplase; bolus_unit=mg; bolus_initial=9; bolus_hard_max=10",),
    ("alteplase; initial=; soft_max=100; hard_max=120",),
    ("alteplase; dose_unit=mg/min; initial=1.35; soft_max=1.5; hard_max=2",),
    ("tenecteplase", f"tenecteplase; {ED}; dose_unit=mg; initial=; soft_max=25; hard_max=50"),
    ("nicardipine", f"nicardipine; {ED}; amount=20 mg; volume=200 mL", "nicardipine; amount=40 mg; volume=200 mL"),
    ("heparin; therapy=DVT", "heparin; therapy=ACS; soft_max=15; hard_max=20"),
    ("norepinephrine", "norepinephrine; amount=8 mg", "norepinephrine; amount=16 mg", "norepinephrine; amount=32 mg"),
    (
        "norepinephrine",
        f"norepinephrine; {ED}; dose_unit=mcg/min; hard_min=0.5; soft_min=1; initial=5; soft_max=30; hard_max=40",
    ),
    ("insulin; amount=100 units; volume=100 mL; dose_unit=units/h; soft_min=0.5; initial=2; soft_max=15; hard_max=19",),
    ("potassium chloride; amount=20 mEq; volume=100 mL; dose_unit=mEq/h; initial=10; soft_max=20; hard_max=40",),
    ("magnesium; amount=4 g; volume=100 mL; dose_unit=g/h; initial=1; soft_max=2; hard_max=4",),
    ("vancomycin; amount=1 g; volume=250 mL; dose_unit=mg; soft_min=250; initial=1000; soft_max=3000; hard_max=4000",),
    ("sodium chloride; dose_unit=mL/h; soft_max=500; hard_max=999",),
    ("argatroban; amount=250 mg; volume=250 mL; dose_unit=mcg/kg/min; initial=2; soft_max=10; hard_max=15",),
    (
        "fentanyl; amount=2500 mcg; volume=250 mL; dose_unit=mcg/h; initial=25; soft_max=200; hard_max=240",
        f"fentanyl; {ED}; amount=2.5 mg; volume=50 mL; dose_unit=mcg/h; initial=25; soft_max=200; hard_max=240",
    ),
    ("ticagrelor; amount=50 mg; volume=250 mL; dose_unit=mg/h; soft_max=4; hard_max=8",),
    ("esmolol; amount=2500 mg; volume=250 mL; dose_unit=mcg/kg/min; initial=50; soft_max=300; hard_max=400",),
]


@pytest.mark.parametrize("said", RIGHT, ids=[each[-1] for each in RIGHT])
def test_a_right_library_has_no_error_and_no_warning(tmp_path: Path, said: tuple[str, ...]) -> None:
    assert judged(tmp_path, *said) == set()


# Limits in another unit than they were written for, and the unit that is expected; written, it heals the entry.
UNITS = {
    "tirofiban; dose_unit=mcg/kg/h": ("dose_unit", "mcg/kg/min"),
    "tirofiban; dose_unit=ng/kg/min": ("dose_unit", "mcg/kg/min"),
    "abciximab; dose_unit=mcg/min": ("dose_unit", "mcg/kg/min"),
    "tenecteplase; dose_unit=mg": ("dose_unit", "mg/kg"),
    "tirofiban; bolus_unit=mcg; bolus_soft_max=25; bolus_hard_max=30": ("bolus_unit", "mcg/kg"),
    "tenecteplase; dose_unit=mg/kg/h": ("dose_unit", None),
}


def test_the_unit_that_the_limits_were_written_for_is_expected_and_heals(tmp_path: Path) -> None:
    for said, (column, right) in UNITS.items():
        [found] = findings(tmp_path, said)
        assert (found["pointer"].rpartition("/")[2], found["expected"]) == (column, right), said
        assert right is None or judged(tmp_path, f"{said}; {column}={right}") == set(), said
