"""A pump library against what is published of a drug: initial values, tenfold errors, units, and the diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = "drug,amount,volume,dose_unit,soft_min,initial,soft_max,hard_max,bolus_unit,bolus_initial,bolus_hard_max"


def judged(path: Path) -> list[Any]:
    made = invoke("library", "check", str(path), "--format", "json").json
    return [each for each in made["findings"] if each["code"] in {"RC832", "RC834", "RC838"}]


def found(tmp_path: Path, row: str) -> list[tuple[str, str]]:
    path = tmp_path / "library.csv"
    path.write_text(f"{COLUMNS}\n{row}\n", "utf-8")
    return [(each["code"], each["severity"]) for each in judged(path)]


INITIAL = ("RC838", "error")
TENFOLD = ("RC832", "error")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("cangrelor,50 mg,250 mL,mcg/kg/min,2,4,4,8,mcg/kg,30,40", []),
        ("cangrelor,50 mg,250 mL,mcg/kg/min,20,40,40,50,,,", [INITIAL, TENFOLD]),
        ("cangrelor,50 mg,250 mL,mcg/kg/min,0.2,0.4,4,5,,,", [INITIAL]),
        ("cangrelor,50 mg,250 mL,mcg/kg/min,2,4,4,8,mcg/kg,300,400", [INITIAL, TENFOLD]),
        ("eptifibatide,75 mg,100 mL,mcg/kg/min,0.5,2,2,3,mcg/kg,180,200", []),
        ("eptifibatide,75 mg,100 mL,mcg/kg/min,5,20,20,25,,,", [INITIAL, TENFOLD]),
        ("tirofiban,12.5 mg,250 mL,mcg/kg/min,0.05,0.1,0.15,0.4,mcg/kg,10,30", []),
        ("tirofiban,12.5 mg,250 mL,mcg/kg/min,0.05,0.1,0.15,0.4,mg/kg,10,30", [INITIAL, TENFOLD]),
        ("abciximab,9 mg,250 mL,mcg/min,,10,10,12,mg/kg,0.25,0.3", []),
        ("abciximab,9 mg,250 mL,mcg/kg/min,,1.25,1.25,1.5,,,", [INITIAL, TENFOLD]),
        ("alteplase,100 mg,100 mL,mg/kg/h,,0.81,0.81,0.9,mg/kg,0.09,0.1", []),
        ("alteplase,100 mg,100 mL,mg/kg/h,,8.1,8.1,9,,,", [INITIAL, TENFOLD]),
        ("alteplase,100 mg,100 mL,mg/h,,648,810,900,,,", [INITIAL]),
        ("alteplase,100 mg,100 mL,mg/h,,64.8,81,90,mg,7.2,10", []),
    ],
)
def test_entries_are_compared_with_what_is_published(tmp_path: Path, row: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(tmp_path, row)) == sorted(expected)


def test_a_bolus_in_another_unit_is_the_unit(tmp_path: Path) -> None:
    heading = COLUMNS.replace("bolus_initial", "bolus_hard_min,bolus_initial")
    path = tmp_path / "library.csv"
    path.write_text(f"{heading}\ntirofiban,12.5 mg,250 mL,mcg/kg/min,0.05,0.1,0.15,0.4,mg/kg,10,,25\n", "utf-8")
    assert [(each["code"], each["found"], each["slip"]) for each in judged(path)] == [
        ("RC834", "mg/kg", ["mg and mcg mixed up"])
    ]


def test_hard_limits_of_the_pump_tell_which_number_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "library.csv"
    path.write_text(f"{COLUMNS}\nnorepinephrine,4 mg,250 mL,mcg/kg/min,0.02,0.05,0.5,1,,,\n", "utf-8")
    order = {
        "drug": "norepinephrine",
        "route": "IV",
        "kind": "infusion",
        "dose_rate_per_kg": "5 mcg/kg/min",
        "concentration": "16 mcg/mL",
        "pump_rate": "150 mL/h",
    }
    text = f"{{order_set: X, patient: {{weight: 80 kg}}, orders: [{order}]}}"

    def blamed(*args: str) -> list[Any]:
        made = invoke("check", "-", "--select", "RC3", *args, "--format", "json", stdin=text).json
        return [(each["pointer"], each["expected"]) for each in made["findings"]]

    assert blamed() == [("/orders/0/concentration", "160 mcg/mL")]
    assert blamed("--library", str(path)) == [("/orders/0/dose_rate_per_kg", "0.5 mcg/kg/min")]


def test_a_care_area_in_the_settings_without_a_library_is_told(tmp_path: Path) -> None:
    (tmp_path / "rescuecalc.toml").write_text('care-area = "NICU"\n', "utf-8")
    (tmp_path / "set.yaml").write_text("{drug: aspirin, route: PO, kind: dose, dose: 81 mg}", "utf-8")
    outcome = invoke("check", str(tmp_path / "set.yaml"))
    assert outcome.exit_code == 2
    assert "care-area is set, and no library whose care area it is: set library too" in outcome.stderr
