"""The bounds of coverage fail where a share is too low, and name what was reached."""

from __future__ import annotations

import sys

import pytest

from tests.coverage_gates import main


def report(branches_of_core: int, lines_elsewhere: int) -> dict[str, object]:
    core = {"covered_lines": 900, "num_statements": 900, "covered_branches": branches_of_core, "num_branches": 100}
    other = {"covered_lines": lines_elsewhere, "num_statements": 900, "covered_branches": 100, "num_branches": 100}
    return {
        "files": {
            "src/rescuecalc/core/dose.py": {"summary": {**core, "percent_covered": 99.5}},
            "src/rescuecalc/cli/app.py": {"summary": {**other, "percent_covered": 80.0}},
        }
    }


@pytest.mark.parametrize(
    ("branches_of_core", "lines_elsewhere", "code", "line"),
    [
        (95, 800, 0, "branches of core covered: 95.0 %, at least 95 %"),
        (94, 800, 1, "branches of core covered: 94.0 %, at least 95 %"),
        (94, 800, 1, "core covered: 99.4 %, at least 95 %"),
        (100, 700, 0, "all covered: 90.0 %, at least 90 %"),
        (100, 699, 1, "all covered: 90.0 %, at least 90 %"),  # 1,799 of 2,000: no rounding makes it enough
    ],
)
def test_each_bound_is_asked_by_itself(
    branches_of_core: int, lines_elsewhere: int, code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(report(branches_of_core, lines_elsewhere)) == code
    shown = capsys.readouterr().out.splitlines()
    assert line in shown
    assert shown[:2] == [" 80.0 %  src/rescuecalc/cli/app.py", " 99.5 %  src/rescuecalc/core/dose.py"]


def test_nothing_counted_is_nothing_covered() -> None:
    assert main({"files": {}}) == 1


@pytest.mark.long
def test_no_tracer_runs_in_a_test_that_is_not_counted() -> None:
    coverage = sys.modules.get("coverage")
    assert coverage is None or coverage.Coverage.current() is None
