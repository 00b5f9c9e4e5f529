"""One wrong cell in an entry of each drug of a library: one error each, at that cell, and what is expected heals it."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from tests.support import invoke
from tests.test_library_gross_errors import COLUMNS
from tests.test_library_planted_errors import entry

if TYPE_CHECKING:
    from pathlib import Path

BOLUS = "bolus_unit=mcg/kg; bolus_soft_max=25; bolus_hard_max=30"
INSULIN = "amount=100 units; volume=100 mL; dose_unit=units/h; soft_min=0.2; initial=2; soft_max=15; hard_max=19"
ESMOLOL = "amount=2500 mg; volume=250 mL; dose_unit=mcg/kg/min; soft_min=25; initial=50; soft_max=200; hard_max=300"
WRONG = {
    "tirofiban": (
        *("hard_max=4.5", "hard_max=0.05", "soft_max=4", "soft_min=0.5", "hard_min=0.25", "initial=1", "initial=10"),
        *("dose_unit=mcg/kg/h", "dose_unit=mcg/min", "dose_unit=mg/kg/min", "amount=125 mg", "amount=12.5 g"),
        *("volume=2500 mL", "volume=25 mL", "concentration=0.5 mg/mL", "max_rate=9999 mL/h"),
        "soft_min=; hard_min=; soft_max=0.04",
        "soft_min=; hard_min=; initial=0.001",
        f"{BOLUS}; bolus_hard_max=300",
        f"{BOLUS}; bolus_soft_max=250",
        f"{BOLUS}; bolus_initial=100",
        f"{BOLUS}; bolus_rate_unit=mL/h; bolus_rate_hard_max=0.5",
    ),
    "alteplase": ("initial=810", "dose_unit=mg/min"),
    "tenecteplase": ("dose_unit=mg", "hard_max=5", "initial=2.5"),
    "cangrelor": ("hard_max=60", "dose_unit=mcg/kg/h", "amount=500 mg"),
    "heparin": (
        *("hard_max=300", "hard_max=3", "soft_max=2", "soft_max=200", "soft_min=60", "initial=120"),
        *("dose_unit=mg/kg/h", "amount=25000 mg"),
    ),
    "insulin": ("hard_max=190", "soft_max=150", "initial=20", "soft_min=; initial=0.002", "volume="),
    "nicardipine": ("soft_max=1.5", "initial=50", "initial=; hard_max=; soft_max=150"),
    "esmolol": ("hard_max=3000", "soft_max=20"),
    "norepinephrine": ("concentration=0.16 mg/mL",),
}
"""Changes of the usual entry of each drug; the last of each is the wrong cell."""

OF_OTHERS = {"insulin": INSULIN, "esmolol": ESMOLOL}


def usual(drug: str) -> dict[str, str]:
    return entry("; ".join(filter(None, (drug, OF_OTHERS.get(drug, "")))))


def with_changes(cells: dict[str, str], said: str) -> dict[str, str]:
    return cells | dict(each.strip().split("=", 1) for each in said.split(";"))


def judged(folder: Path, rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return the errors and warnings of a library, but for the products that no entry is for."""
    cells = [",".join(each.get(name, "") for name in COLUMNS) for each in rows]
    (folder / "library.csv").write_text("\n".join((",".join(COLUMNS), *cells, "")), "utf-8")
    made = invoke("library", "check", str(folder / "library.csv"), "--format", "json").json["findings"]
    return [each for each in made if each["severity"] != "note"]


def test_each_wrong_cell_is_one_error_and_what_is_expected_heals_it(tmp_path: Path) -> None:
    assert judged(tmp_path, [usual(drug) for drug in WRONG]) == []
    for planted in zip_longest(*WRONG.values()):
        changes = [(drug, said) for drug, said in zip(WRONG, planted, strict=True) if said is not None]
        rows = [with_changes(usual(drug), said) for drug, said in changes]
        right = [said.rpartition(";")[2].strip().partition("=")[0] for _, said in changes]
        found = judged(tmp_path, rows)
        cells = sorted((int(each["pointer"].split("/")[2]), each["pointer"].split("/")[3]) for each in found)
        assert cells == list(enumerate(right)), changes
        assert {each["severity"] for each in found} == {"error"}, changes
        healed = set()
        for each in found:
            number, column = int(each["pointer"].split("/")[2]), each["pointer"].split("/")[3]
            if each["expected"]:
                rows[number][column] = each["expected"]
                healed.add(number)
        left = {int(each["pointer"].split("/")[2]) for each in judged(tmp_path, rows)} if healed else set()
        assert not left & healed, changes
