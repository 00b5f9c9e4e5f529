"""A long check says on a terminal how far it is: on standard error, on one line, and nowhere else."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.cli import progress as shown
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.engine.lint_runner import Tally
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def screen_of(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Let standard error be a terminal: within the test, since pytest puts its own there before."""
    made = Screen()
    monkeypatch.setattr(sys, "stderr", made)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return made


def judged(total: Tally, seconds: float, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Judge 4 readings of 500 orders, each of which takes so many seconds."""
    now = [0.0]
    monkeypatch.setattr(shown, "monotonic", lambda: now[0])

    def judge(*_: Any) -> Iterator[int]:
        for number in range(4):
            now[0] += seconds
            total.orders += 500
            total.counts[Severity.ERROR] += 1
            yield number

    nothing: Any = None
    with shown.progress(judge, total) as watched:
        return list(watched(nothing, nothing, nothing))


def test_a_long_check_shows_orders_findings_and_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = screen_of(monkeypatch)
    assert judged(Tally(), 1.0, monkeypatch) == [0, 1, 2, 3]
    text = screen.getvalue()
    assert "2,000 orders judged, 4 findings, 500 orders/s; Ctrl-C stops" in text
    assert text.rstrip("\r").endswith("\x1b[2K")  # the line is taken away


def test_a_short_check_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = screen_of(monkeypatch)
    assert judged(Tally(), 0.2, monkeypatch) == [0, 1, 2, 3]
    assert screen.getvalue() == ""


@pytest.mark.parametrize(
    ("term", "streamed", "stdout", "shows"),
    [
        ("xterm", False, Screen(), True),
        ("xterm", True, io.StringIO(), True),
        ("xterm", True, Screen(), False),
        ("dumb", False, Screen(), False),
    ],
)
def test_it_is_shown_where_nothing_else_is_written(
    monkeypatch: pytest.MonkeyPatch, term: str, streamed: bool, stdout: io.StringIO, shows: bool
) -> None:
    screen = screen_of(monkeypatch)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "stdout", stdout)
    assert shown.shows_progress(streamed=streamed) is shows
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert not shown.shows_progress(streamed=streamed)
    assert screen.getvalue() == ""


def test_a_pipe_gets_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "_AFTER", -1.0)
    outcome = invoke("check", "docs/examples/rows.csv", "--isolated")
    assert "Ctrl-C" not in outcome.stdout + outcome.stderr
