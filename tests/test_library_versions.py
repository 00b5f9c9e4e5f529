"""What `library diff` says of a new version: each change once, where it stands, with what it does to protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = {
    "care_area": "NICU",
    "drug": "tirofiban",
    "amount": "12.5 mg",
    "volume": "250 mL",
    "dose_unit": "mcg/kg/min",
    "soft_min": "0.075",
    "initial": "0.1",
    "soft_max": "0.15",
    "hard_max": "0.16",
    "bolus_unit": "mcg/kg",
    "bolus_soft_max": "25",
    "bolus_hard_max": "30",
    "bolus_rate_unit": "mL/h",
    "bolus_rate_hard_max": "600",
    "max_rate": "500 mL/h",
    "max_vtbi": "250 mL",
    "area_weight_unit": "kg",
    "area_weight_from": "30",
    "area_weight_to": "200",
    "code": "T",
    "advisory": "a",
}
COLUMNS = tuple(ENTRY)
PUMP = {"max_rate": "999 mL/h", "min_rate": "0.1 mL/h", "rate_step": "0.1 mL/h", "max_vtbi": "3000 mL"}
AREA = {"max_rate": "500 mL/h", "max_vtbi": "2000 mL"}


def library(
    folder: Path,
    name: str,
    *rows: dict[str, str],
    pump: dict[str, str] | None = None,
    area: dict[str, str] | None = None,
    weight: str = "30 kg",
) -> str:
    """Write a library of entries that differ from ENTRY, with a TOML where the pump is described; return its path."""
    made = [",".join((ENTRY | row).get(column, "") for column in COLUMNS) for row in rows]
    (folder / f"{name}.csv").write_text("\n".join((",".join(COLUMNS), *made, "")), "utf-8")
    if pump is None:
        return str(folder / f"{name}.csv")
    texts = [f'name = "L"\nfile = "{name}.csv"', *(f'{key} = "{text}"' for key, text in (PUMP | pump).items())]
    texts += ["[area.NICU]", *(f'{key} = "{text}"' for key, text in (AREA | (area or {})).items())]
    texts.append(f'weight = {{from = "{weight}", to = "200 kg"}}')
    (folder / f"{name}.toml").write_text("\n".join(("[library]", *texts, "")), "utf-8")
    return str(folder / f"{name}.toml")


def changes(old: str, new: str, *protocols: str) -> list[dict[str, Any]]:
    args = [each for protocol in protocols for each in ("--protocol", protocol)]
    outcome = invoke("library", "diff", old, new, *args, "--format", "json")
    assert outcome.exit_code in {0, 1}, outcome.stderr
    return list(outcome.json["findings"])


NO_BOLUS = dict.fromkeys((column for column in COLUMNS if column.startswith("bolus")), "")
OTHER_BAG = {"amount": "5 mg", "volume": "100 mL"}
CHANGED: list[tuple[dict[str, str], list[str]]] = [
    ({"hard_max": "0.25"}, ["RC872w hard_max"]),
    ({"bolus_hard_max": "26"}, ["RC873n bolus_hard_max"]),
    ({"bolus_unit": "mcg"}, ["RC874e bolus_unit"]),
    ({"amount": "25 mg"}, ["RC875w amount"]),
    (OTHER_BAG, ["RC875n volume"]),
    (NO_BOLUS, ["RC873n bolus_unit"]),
    ({"initial": "0.15"}, ["RC876w initial"]),
    ({"max_rate": "25 mL/h"}, ["RC873n max_rate"]),
    ({"max_rate": "999 mL/h"}, ["RC872w max_rate"]),
    ({"max_vtbi": "100 mL"}, ["RC873n max_vtbi"]),
    ({"max_vtbi": "0.25 L"}, []),
    ({"area_weight_from": "40"}, ["RC873n area_weight_from"]),
    ({"area_weight_to": ""}, ["RC872w area_weight_to"]),
    ({"amount": "0.0125 g"}, []),
    ({"advisory": "b"}, []),
]


def test_each_change_of_a_row_is_one_finding(tmp_path: Path) -> None:
    old = library(tmp_path, "old", {})
    found = [changes(old, library(tmp_path, "new", changed)) for changed, _ in CHANGED]
    named = [
        [f"{each['code']}{each['severity'][0]} {each['pointer'].rpartition('/')[2]}" for each in own] for own in found
    ]
    assert named == [right for _, right in CHANGED]
    back = changes(library(tmp_path, "new", NO_BOLUS), old)
    assert [(each["code"], each["pointer"]) for each in back] == [("RC872", "/entries/0/bolus_unit")]


def test_what_changes_in_a_pump_is_one_finding_for_all_care_areas(tmp_path: Path) -> None:
    plain = {"max_rate": "", "max_vtbi": "", "area_weight_from": "", "area_weight_to": "", "area_weight_unit": ""}
    old = library(tmp_path, "old", plain, pump={})

    def found(**changed: Any) -> list[tuple[str, str]]:
        made = changes(old, library(tmp_path, "new", plain, **{"pump": {}, **changed}))
        return [(each["code"], each["message"]) for each in made]

    assert found() == []
    assert found(pump={"max_rate": "1200 mL/h"}) == []  # the care area has its own
    assert found(pump={"min_rate": "1 mL/h"}) == [
        ("RC873", "the slowest rate of the pump is 1 mL/h, and was 0.1 mL/h"),
    ]
    assert found(pump={"rate_step": "0.01 mL/h"}) == [("RC872", "the step of the pump is 0.01 mL/h, and was 0.1 mL/h")]
    assert found(area={"max_vtbi": "3000 mL"}) == [
        ("RC872", "the highest VTBI of NICU is 3,000 mL, and was 2,000 mL"),
    ]
    assert found(weight="40 kg") == [("RC873", "the soft minimum of the weights of NICU is 40 kg, and was 30 kg")]
    areas = [{**plain, "care_area": f"A{number}"} for number in range(5)]
    first = library(tmp_path, "old", *areas, pump={})
    second = library(tmp_path, "new", *areas, pump={"max_rate": "100 mL/h"})
    [one] = changes(first, second, "trend-2024")
    assert one["message"].startswith("the fastest rate of A0, A1, A2 and 2 more is 100 mL/h, and was 999 mL/h")
    [slow] = changes(first, library(tmp_path, "new", *areas, pump={"max_rate": "25 mL/h"}), "trend-2024")
    assert slow["message"].endswith(
        "; the loading infusion of trend-2024, 0.4 mcg/kg/min: the pump is too slow above 52.08 kg "
        "(before: at no usual weight)"
    )


def test_an_effect_is_told_of_the_change_that_has_it(tmp_path: Path) -> None:
    """Of two changes of an entry one alone stops the load; a third has no effect."""
    old = library(tmp_path, "old", {"hard_max": "0.5", "soft_max": "0.45"})
    new = library(tmp_path, "new", {"hard_max": "0.3", "soft_max": "0.25", "soft_min": "0.05"})
    effects = {each["pointer"].rpartition("/")[2]: each["message"] for each in changes(old, new, "trend-2024")}
    load = "the loading infusion of trend-2024, 0.4 mcg/kg/min: the pump stops (before: starts at another dose)"
    assert {column: load in message for column, message in effects.items()} == {
        "hard_max": True,
        "soft_max": False,
        "soft_min": False,
    }


def test_an_effect_that_no_change_has_alone_is_told_of_all(tmp_path: Path) -> None:
    """A load within both maxima: with one of them as before the pump would still warn or stop."""
    old = library(tmp_path, "old", {"initial": "0.1"})
    new = library(tmp_path, "new", {"initial": "", "soft_max": "0.4", "hard_max": "0.5"})
    found = {each["pointer"].rpartition("/")[2]: each["message"] for each in changes(old, new, "trend-2024")}
    load = "the loading infusion of trend-2024, 0.4 mcg/kg/min: the pump passes it (before: stops)"
    assert {column: load in message for column, message in found.items()} == {
        "initial": True,  # the value that the pump starts with warns beside a load within the limits
        "soft_max": True,
        "hard_max": True,
    }


def test_a_twin_and_an_unread_row_of_the_older_version_are_reported(tmp_path: Path) -> None:
    old, new = library(tmp_path, "old", {}), library(tmp_path, "new", {}, {"hard_max": "0.5"}, {"amount": "50 mg"})
    assert [(each["code"], each["severity"], each["line"]) for each in changes(old, new)] == [
        ("RC870", "warning", 3),
        ("RC870", "note", 4),
    ]
    unread = library(tmp_path, "unread", {}, {"drug": "heparin", "dose_unit": "drops/min"})
    [gone] = changes(unread, old)
    assert (gone["code"], gone["found"], "line 3 of" in gone["message"]) == ("RC202", "drops/min", True)


def test_a_library_that_no_pump_enforces_any_more_is_a_widened_limit(tmp_path: Path) -> None:
    old = library(tmp_path, "old", {}, pump=PUMP)
    new = library(tmp_path, "new", {}, pump=PUMP | {"kind": "limits"})
    kinds = [
        [(each["code"], each["pointer"]) for each in changes(*pair)] for pair in ((old, new), (new, old), (new, new))
    ]
    assert kinds == [[("RC872", "/kind")], [("RC873", "/kind")], []]
