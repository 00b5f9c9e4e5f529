"""Several processes find what one finds, in the same order, whatever their number and however the work is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rescuecalc.engine import parallel
from rescuecalc.engine.jobs import jobs_of
from rescuecalc.errors import InputError
from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS = "order_set,patient_weight,drug,route,kind,dose_rate_per_kg,concentration,pump_rate,run_time\n"
AS_OF = ("--as-of", "2026-11-24")


def row(number: int) -> str:
    """Return the order of a patient; every third pump rate is ten times too high."""
    rate = f"{14.4 if number % 3 else 144} mL/h"
    return f"set {number},80 kg,tirofiban,IV,infusion,0.15 mcg/kg/min,50 mcg/mL,{rate},24 h\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a CSV that several processes share, smaller files, and one that cannot be read."""
    monkeypatch.setattr(parallel, "BLOCK", 2)
    monkeypatch.setattr(parallel, "_SHARED_FROM", 300)
    (tmp_path / "a.csv").write_text(HEADINGS + "".join(map(row, range(9))) + '"never closed\n', encoding="utf-8")
    (tmp_path / "b.csv").write_text(HEADINGS + row(3), encoding="utf-8")
    (tmp_path / "c.jsonl").write_text('{"drug": "tirofiban", "dose": "800 mcg"}\n{"drug"\n', encoding="utf-8")
    (tmp_path / "d.yaml").write_text(
        "orders:\n- {drug: aspirin, dose: 100 mg}  # rescuecalc: ignore RC7 until 2026-12-31 because a trial\n", "utf-8"
    )
    (tmp_path / "e.csv").write_text(HEADINGS + "".join(map(row, range(20, 26))), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("more", [(), ("--show-judged",), ("--max-findings", "3"), ("--select", "RC3")])
def test_any_number_of_processes_prints_the_same(more: tuple[str, ...]) -> None:
    alone = invoke("check", ".", "--json", *AS_OF, *more)
    assert len(alone.json["findings"]) >= 3
    for jobs in ("2", "3"):
        assert invoke("check", ".", "--json", *AS_OF, *more, "--jobs", jobs) == alone


@pytest.mark.usefixtures("folder")
def test_a_baseline_knows_the_same_findings() -> None:
    invoke("check", ".", "--write-baseline", "one.json", "--jobs", "1", *AS_OF)
    invoke("check", ".", "--write-baseline", "two.json", "--jobs", "2", *AS_OF)
    alone, shared = (
        invoke("check", ".", "--exclude", "*.json", "--baseline", name, "--json", "--jobs", jobs, *AS_OF)
        for name, jobs in (("one.json", "1"), ("two.json", "2"))
    )
    assert alone.json["summary"] == shared.json["summary"]


def test_standard_input_is_judged_by_the_process_that_reports() -> None:
    text = HEADINGS + row(3)
    asked = ("check", "-", "--stdin-filename", "a.csv", "--json", *AS_OF)
    assert invoke(*asked, "--jobs", "2", stdin=text) == invoke(*asked, stdin=text)


@pytest.mark.usefixtures("folder")
def test_what_a_process_did_not_finish_is_judged_by_the_one_that_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = invoke("check", ".", "--json", *AS_OF)
    sent = parallel._blocks  # noqa: SLF001

    def broken(*asked: object, **more: object) -> object:
        yield next(sent(*asked, **more))  # type: ignore[arg-type]
        raise MemoryError

    monkeypatch.setattr(parallel, "_blocks", broken)
    assert invoke("check", ".", "--json", *AS_OF, "--jobs", "2") == alone


@pytest.mark.parametrize("text", ["0", "-1", "two", "", "257", "1.5"])
def test_a_number_of_processes_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^--jobs: cannot read .*; write auto, or a whole number from 1 to 256$"):
        jobs_of(text)


def test_auto_is_at_least_one() -> None:
    assert 1 <= jobs_of("auto") <= 256
    assert jobs_of(None) == 1
