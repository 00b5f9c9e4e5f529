"""The measures of benchmarks/ measure what they say: correct orders are correct, and wrong ones are found."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from typing import TYPE_CHECKING

import pytest

from benchmarks import __main__ as whole
from benchmarks import alike, answers, check, engines, fhir, library, orders, start
from rescuecalc.engine import verdict_cache
from tests.support import WHOLE, invoke

if TYPE_CHECKING:
    from pathlib import Path


def _csv(wrong: float) -> str:
    text = io.StringIO()
    orders.write_csv(text, orders.order_sets(20, 3, wrong))
    return text.getvalue()


def _summary(text: str, name: str) -> dict[str, int]:
    outcome = invoke("check", "-", "--stdin-filename", name, "--isolated", "--format", "json", stdin=text)
    summary: dict[str, int] = json.loads(outcome.stdout)["summary"]
    return summary


@pytest.mark.long
def test_correct_rows_have_notes_alone_and_no_two_are_alike() -> None:
    text = _csv(0.0)
    summary = _summary(text, "a.csv")
    assert (summary["orders"], summary["error"], summary["warning"]) == (40, 0, 0)
    rows = list(csv.reader(io.StringIO(text)))
    assert len({tuple(row) for row in rows}) == 41


@pytest.mark.long
def test_wrong_rows_are_errors() -> None:
    assert _summary(_csv(1.0), "a.csv")["error"] >= 36  # of 40; a fifth more may be a titration


def test_the_same_orders_are_read_as_fhir() -> None:
    text = io.StringIO()
    fhir.write_fhir(text, orders.order_sets(3, 3))
    assert _summary(text.getvalue(), "a.ndjson")["orders"] == 6


def test_a_line_of_the_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(check, "cost", lambda *_: check.Cost(0.5, 40.0))
    assert check.main(["--rows", "20", "--only", "jsonl"]) == 0
    assert "| JSON Lines | 20 | 40 | 20,000 | 40 | – |" in capsys.readouterr().out


@pytest.mark.long
def test_random_rows_have_the_findings_of_the_judge_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verdict_cache, "_FEW", 0)
    rows = "400" if WHOLE else "120"
    assert alike.main(["--rows", rows, "--seed", "5", "--wrong", "0.1"]) == 0
    assert f"{rows} rows: no difference" in capsys.readouterr().out


def test_everything_is_measured_into_one_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(check, "cost", lambda *_: check.Cost(0.5, 40.0))
    monkeypatch.setattr(
        answers, "cost", lambda *words: check.Cost(0.5 if words[-1].endswith(("/2.jsonl", "/50.jsonl")) else 2.5, 40.0)
    )
    monkeypatch.setattr(start, "cost", lambda *words: check.Cost(0.25 if "-c" in words else 0.125, 40.0))
    page = tmp_path / "page.md"
    assert whole.main(["--rows", "100", "--only", "csv,memory,start,answers", "--page", str(page)]) == 0
    text = page.read_text("utf-8")
    assert "| CSV, correct | 200/s | 60,000/s |" in text
    assert "| memory of 250 orders, 5 % wrong | 1.00 × | 1.2 × | 25 orders, 40 MiB | yes |" in text
    assert "| `--help` | 0.50 × | 1.25 × | typer hello, 0.250 s | yes |" in text
    assert "| `dose -`, whole kilograms | 225/s | 5,000/s | 1.00 × the memory of 50 | 4% |" in text
    assert "| `dose -`, all different | 4/s | 5,000/s | 1.00 × the memory of 2 | 0% |" in text
    assert "- CSV, correct: 200/s of 60,000/s: a new row is judged by all rules" in text
    assert "`--help`: 0.50 ×\n" in capsys.readouterr().err
    assert text.splitlines()[2].startswith("Written by `python -m benchmarks`: 20")


def test_an_engine_has_the_lines_of_the_page_and_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "to_arrow_reader(10_000)" in engines.lines_of(engines.ENGINES["duckdb"])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "polars" else name)
    assert engines.missing(engines.ENGINES["polars"]) == "polars"
    assert engines.missing(engines.ENGINES["duckdb"]) == ""


def test_engines_are_compared_with_the_command_finding_by_finding(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'rescuecalc[arrow]'")
    [found] = engines.measured(tmp_path, 40, 4, ("arrow",), shapes=12)
    assert (found.engine, found.orders) == ("arrow", 40)
    lines = (tmp_path / "findings.jsonl").read_text("utf-8").splitlines(keepends=True)
    assert any(json.loads(line)["factor"] for line in lines)
    (tmp_path / "findings.jsonl").write_text("".join(lines[:-1]), encoding="utf-8")
    assert engines.difference(tmp_path)


def test_the_orders_of_the_measures_are_given_by_entries_of_its_libraries(tmp_path: Path) -> None:
    file = library.write_library(tmp_path / "library.csv", 120)
    assert len(file.read_text("utf-8").splitlines()) == 121
    asked = ("--library", str(file), "--isolated", "--format", "json")
    outcome = invoke("check", "-", "--stdin-filename", "a.csv", *asked, stdin=_csv(0.0))
    found = {each["code"] for each in json.loads(outcome.stdout)["findings"]}
    assert not found & {"RC801", "RC802", "RC803", "RC804", "RC805", "RC806", "RC807", "RC808"}
    assert invoke("library", "check", str(file)).exit_code in {0, 1}


def test_what_a_library_costs_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter((1.0, 1.2, 1.1, 1.15))
    monkeypatch.setattr(library, "cost", lambda *_: check.Cost(next(seconds), 40.0))
    monkeypatch.setattr(library, "judged", lambda *_: check.Cost(next(seconds), 40.0))
    monkeypatch.setattr(library, "reading", lambda *_: 0.9)
    assert library.main(["--rows", "20", "--entries", "50", "--pairs", "2"]) == 0
    assert "20 orders, 50 entries: 1.150 × of 1.0 s\n" in capsys.readouterr().out
