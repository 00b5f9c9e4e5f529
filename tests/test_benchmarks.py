"""The measures of benchmarks/ measure what they say: correct orders are correct, and wrong ones are found."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from benchmarks import alike, check, fhir, orders
from rescuecalc.engine import verdict_cache
from tests.support import WHOLE, invoke

if TYPE_CHECKING:
    import pytest


def _csv(wrong: float) -> str:
    text = io.StringIO()
    orders.write_csv(text, orders.order_sets(20, 3, wrong))
    return text.getvalue()


def _summary(text: str, name: str) -> dict[str, int]:
    outcome = invoke("check", "-", "--stdin-filename", name, "--isolated", "--format", "json", stdin=text)
    summary: dict[str, int] = json.loads(outcome.stdout)["summary"]
    return summary


def test_correct_rows_have_notes_alone_and_no_two_are_alike() -> None:
    text = _csv(0.0)
    summary = _summary(text, "a.csv")
    assert (summary["orders"], summary["error"], summary["warning"]) == (40, 0, 0)
    rows = list(csv.reader(io.StringIO(text)))
    assert len({tuple(row) for row in rows}) == 41


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


def test_random_rows_have_the_findings_of_the_judge_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verdict_cache, "_FEW", 0)
    rows = "400" if WHOLE else "120"
    assert alike.main(["--rows", rows, "--seed", "5", "--wrong", "0.1"]) == 0
    assert f"{rows} rows: no difference" in capsys.readouterr().out
