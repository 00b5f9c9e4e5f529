"""A fifth set of frozen order sets, written from docs/check.md alone before anything was changed for them."""

from __future__ import annotations

from pathlib import Path

from tests.hospital.test_fourth import checked

FIFTH = Path(__file__).parent / "fifth"

# What the ISMP list says of them is true, and what a set leaves out is left out.
TRUE = frozenset(("RC217", "RC219", "RC222", "RC613"))

STATED = frozenset(
    (
        "01_rescue_nicu.yaml RC104",  # a comma without quotes in a list of YAML
        "15_stroke_unit_deutsch.yaml RC627",  # aspirin into a vein: no source held here states a dose
    )
)

FALSE: dict[str, list[str]] = {
    # Which day is the first is not said; for a dose of every day after a load it hardly matters.
    "error": ["23_acs_orals.yaml RC109"],
    "warning": [],
}


def test_few_findings_on_sets_that_are_right_are_false() -> None:
    false: dict[str, list[str]] = {"error": [], "warning": []}
    orders = 0
    for path in sorted(each for each in FIFTH.iterdir() if each.suffix != ".toml"):
        made = checked(path)
        orders += made["summary"]["orders"]
        for each in made["findings"]:
            found = f"{path.name} {each['code']}"
            if each["severity"] in false and each["code"] not in TRUE and found not in STATED:
                false[each["severity"]].append(found)
    assert false == FALSE
    assert orders == 273
    assert len(false["error"]) * 100 <= 1 * orders
    assert len(false["warning"]) * 100 <= 5 * orders
