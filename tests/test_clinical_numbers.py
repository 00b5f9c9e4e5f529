"""A number in `data/` that changes without a line under Clinical content fails, and what changed is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clinical_numbers import Row, changes, digest, numbers, record, recorded, written

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
[[infusion]]
role = "maintenance"
dose_rate_per_kg = "{rate} mcg/kg/min"
run_time = {{ taken = "24 h", words = "24 h" }}
sources = [{{ id = "huo-2021", locator = "page 12" }}]
"""


def test_no_number_of_the_data_differs_from_what_was_recorded() -> None:
    told = changes(recorded().rows, numbers())
    how = "write a line under Clinical content, then record with: python -m tests.clinical_numbers"
    assert told == [], f"{how}\n" + "\n".join(told)


def test_what_is_recorded_was_not_written_by_hand() -> None:
    held = recorded()
    assert written(held.rows, held.section).splitlines()[0].endswith(f", rows {held.digest}"), (
        "the digest does not fit the rows: record with python -m tests.clinical_numbers"
    )


@pytest.mark.parametrize(
    "row",
    [
        Row("protocols/yang-2020-iv.toml", "bolus[0].dose_per_kg", "10"),
        Row("protocols/yang-2020-iv.toml", "infusion[0].dose_rate_per_kg", "0.15"),
        Row("protocols/us-label.toml", "label_band.rows[0][2]", "17"),
        Row("bridging.toml", "thrombolysis.hold", "24"),
        Row("bridging.toml", "thrombolysis.gp", "48"),
        Row("renal.toml", "us-label.bands[0].up_to", "60"),
        Row("evidence.toml", "study[yang-2020-ia].outcome[0].figure", "19.1 0"),
        Row("evidence.toml", "study[huo-2021].outcome[0].interval", "1.064 3.110"),
        Row(
            "published_ranges.toml",
            "range[tirofiban infusion IV maintenance rescue dose_rate_per_kg].high.value",
            "0.15",
        ),
    ],
)
def test_numbers_of_each_kind_are_held(row: Row) -> None:
    assert row in numbers()


def a_desk(folder: Path, rate: str, line: str) -> tuple[Path, Path]:
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "one.toml").write_text(FILE.format(rate=rate), "utf-8")
    (folder / "CHANGELOG.md").write_text(f"## [Unreleased]\n\n### Clinical content\n\n- {line}\n\n### Added\n", "utf-8")
    return folder / "data", folder / "CHANGELOG.md"


def test_a_changed_number_is_refused_until_the_changelog_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    assert record(file, *a_desk(tmp_path, "0.1", "New: a rate.")) == []
    held = file.read_text("utf-8")
    told = record(file, *a_desk(tmp_path, "0.15", "New: a rate."))
    assert told[0] == "one.toml: infusion[0].dose_rate_per_kg: 0.1 → 0.15"
    assert "under Clinical content" in told[-1]
    assert file.read_text("utf-8") == held
    assert record(file, *a_desk(tmp_path, "0.15", "Changed: the rate, 0.1 to 0.15.")) == []
    assert Row("one.toml", "infusion[0].dose_rate_per_kg", "0.15") in recorded(file).rows


def test_a_line_about_something_else_is_not_enough(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    record(file, *a_desk(tmp_path, "0.1", "New: a rate."))
    assert record(file, *a_desk(tmp_path, "0.15", "New: a rate.\n- Changed: a run time of 24 h."))
    assert record(file, *a_desk(tmp_path, "0.15", "New: a rate.\n- Changed: 0.1 mcg/kg/min is 0.15.")) == []


def test_a_line_elsewhere_in_the_changelog_is_not_enough(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    record(file, *a_desk(tmp_path, "0.1", "New: a rate."))
    data, changelog = a_desk(tmp_path, "0.15", "New: a rate.")
    changelog.write_text(changelog.read_text("utf-8") + "\n- Changed: the rate.\n", "utf-8")
    assert record(file, data, changelog)


def test_what_has_not_changed_is_recorded_again_without_a_line(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    desk = a_desk(tmp_path, "0.1", "New: a rate.")
    assert record(file, *desk) == record(file, *desk) == []


def test_a_row_that_was_edited_shows_in_the_digest(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    record(file, *a_desk(tmp_path, "0.1", "New: a rate."))
    file.write_text(file.read_text("utf-8").replace("0.1", "0.2"), "utf-8")
    held = recorded(file)
    assert not written(held.rows, held.section).splitlines()[0].endswith(f", rows {held.digest}")


def test_names_and_references_are_no_numbers(tmp_path: Path) -> None:
    a_desk(tmp_path, "0.1", "x")
    assert numbers(tmp_path / "data") == (
        Row("one.toml", "infusion[0].dose_rate_per_kg", "0.1"),
        Row("one.toml", "infusion[0].run_time.taken", "24"),
        Row("one.toml", "infusion[0].run_time.words", "24"),
    )


def test_the_digest_of_a_text_is_its_own() -> None:
    assert digest("a") != digest("b")
