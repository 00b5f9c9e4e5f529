"""On a terminal what is missing is asked for, with no default; a script is refused."""

from __future__ import annotations

import os
import pty
import select
import shlex
import signal
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from rescuecalc.cli import command
from rescuecalc.requests.input import clock
from tests.support import Outcome, invoke

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "somebody_answers", lambda: True)


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_now", lambda: datetime(2026, 11, 28, 18, 30, tzinfo=UTC))


def told(typed: str, *answers: str) -> Outcome:
    return invoke(*shlex.split(typed), stdin="".join(f"{each}\n" for each in answers))


@pytest.mark.usefixtures("somebody")
def test_a_dose_is_asked_for_from_the_protocol_to_the_run_time() -> None:
    outcome = told("dose", "17", "1", "vial-15", "80", "80kg", "24h")
    assert outcome.exit_code == 0, outcome.stderr
    whole = "dose yang-2020-iv --infusion-product bag-250 --bolus-product vial-15 --weight 80kg --run-time 24h"
    assert outcome.stdout == invoke(*whole.split()).stdout
    assert "the number has no unit (80kg or 80lb?)" in outcome.stderr
    assert f"the same without questions: rescuecalc {whole}\n" in outcome.stderr


@pytest.mark.usefixtures("somebody")
def test_the_list_names_each_protocol_with_its_drug_and_doses() -> None:
    shown = told("dose").stderr
    assert "  17  yang-2020-iv           tirofiban: IV 10 mcg/kg, then 0.15 mcg/kg/min\n" in shown
    assert "   8  huo-2021               tirofiban: IA 0.25 mg to 1 mg, then 0.1 mcg/kg/min\n" in shown


@pytest.mark.usefixtures("somebody")
def test_nothing_has_a_default() -> None:
    outcome = told("dose", "", "", "99", "yang", "YANG-2020-IV")
    assert outcome.exit_code == 130
    assert outcome.stdout == ""
    assert outcome.stderr.count("PROTOCOL, number or id: ") == 5
    assert "'99' is not in the list; write a number from 1 to 17" in outcome.stderr


@pytest.mark.usefixtures("somebody")
def test_no_product_is_an_answer_too() -> None:
    outcome = told("dose rescue-bt-2022", "80kg", "0", "0")
    assert outcome.stdout == invoke("dose", "rescue-bt-2022", "--weight", "80kg").stdout


@pytest.mark.usefixtures("somebody")
def test_nothing_is_asked_where_nothing_is_missing() -> None:
    whole = "dose yang-2020-iv --weight 80kg --run-time 24h"
    outcome = told(whole)
    assert (outcome.exit_code, outcome.stderr) == (0, "")


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize(
    ("typed", "answers", "whole"),
    [
        ("rate", ("80", "0.15mcg/kg/min", "80kg", "bag-250"), "0.15mcg/kg/min --weight 80kg --concentration bag-250"),
        ("rate 14.4mL/h --to mcg/min", ("50mcg/mL",), "14.4mL/h --to mcg/min --concentration 50mcg/mL"),
        ("renal --age 70", ("f", "80kg", "1.2mg/dL"), "--age 70 --sex f --weight 80kg --creatinine 1.2mg/dL"),
        ("table us-label", ("80mL/min", "0", "0"), "us-label --crcl 80mL/min"),
        ("protocol show", ("17",), "yang-2020-iv"),
        ("stop yang-2020-iv -w 80kg", ("+0h", "0", "0", "+3h"), "yang-2020-iv -w 80kg --started +0h --stopped +3h"),
        (
            "bridge rescue-bt-2022 -w 80kg --load 300mg",
            ("clopidogrel", "0", "0"),
            "rescue-bt-2022 -w 80kg --load 300mg --p2y12 clopidogrel",
        ),
    ],
)
def test_every_command_asks_for_what_it_needs(typed: str, answers: tuple[str, ...], whole: str) -> None:
    named = "protocol show" if typed.startswith("protocol") else typed.split(maxsplit=1)[0]
    outcome = told(typed, *answers)
    assert f"the same without questions: rescuecalc {named} {whole}\n" in outcome.stderr
    assert outcome.stdout == invoke(*named.split(), *whole.split()).stdout


@pytest.mark.usefixtures("somebody", "evening")
def test_the_day_of_a_clock_time_is_asked() -> None:
    typed = "dose trend-2024 -w 80kg --timezone Europe/Berlin --start"
    outcome = told(f"{typed} 20:00", "2", "0")
    assert "   1  2026-11-28T20:00\n   2  2026-11-29T20:00\n" in outcome.stderr
    assert outcome.stdout == invoke(*typed.split(), "2026-11-29T20:00").stdout


@pytest.mark.usefixtures("evening")
@pytest.mark.parametrize(
    ("typed", "write"),
    [
        ("dose trend-2024 -w 80kg --start 20:00", "2026-11-28T20:00 (today) or 2026-11-29T20:00 (tomorrow)"),
        ("dose trend-2024 -w 80kg --start 8pm", "2026-11-28T20:00 (today) or 2026-11-29T20:00 (tomorrow)"),
        ("dose trend-2024 -w 80kg --start 2000", "2026-11-28T20:00 (today) or 2026-11-29T20:00 (tomorrow)"),
        ("dose trend-2024 -w 80kg --start '03/04/2026 20:00'", "2026-04-03T20:00 or 2026-03-04T20:00"),
        ("dose trend-2024 -w 80kg --start '28.11.2026 20:00'", "2026-11-28T20:00"),
        ("stop trend-2024 -w 80kg --started 18:00 --stopped now", "2026-11-27T18:00 (yesterday) or 2026-11-28T18:00 "),
        ("stop trend-2024 -w 80kg --started 21:00 --stopped now", "2026-11-27T21:00 (yesterday)"),
        (
            "stop trend-2024 -w 80kg --started 2026-11-27T20:00 --stopped 03:00",
            "2026-11-28T03:00",
        ),
        (
            "bridge trend-2024 -w 80kg --start 2026-11-28T20:00 --thrombolysis-at 18:00",
            "2026-11-27T18:00 or 2026-11-28T18:00",
        ),
        (
            "bridge trend-2024 -w 80kg --start 2026-11-28T20:00 --pru 57 --assay-at 10:00",
            "2026-11-28T10:00 or 2026-11-29T10:00",
        ),
    ],
)
def test_a_script_is_shown_every_full_value(typed: str, write: str) -> None:
    outcome = invoke(*shlex.split(typed), "--timezone", "Europe/Berlin")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert f"; write {write}" in outcome.stderr


def test_the_day_is_that_of_the_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_now", lambda: datetime(2026, 11, 28, 23, 30, tzinfo=UTC))
    said = told("dose trend-2024 -w 80kg --start 20:00 --timezone Asia/Tokyo").stderr
    assert "2026-11-29T20:00 (today) or 2026-11-30T20:00 (tomorrow)" in said


@pytest.mark.usefixtures("evening")
@pytest.mark.parametrize(
    ("start", "code"), [("2027-11-29T18:30Z", 0), ("2027-11-29T18:31Z", 4), ("2016-11-28T18:30Z", 0)]
)
def test_a_start_is_planned_no_more_than_a_year_ahead(start: str, code: int) -> None:
    outcome = invoke("dose", "trend-2024", "-w", "80kg", "--start", start)
    assert outcome.exit_code == code
    words = f"--start: '{start}' is more than 366 days after today, 2026-11-28; check the year"
    assert (words in outcome.stderr) == (code == 4)


@pytest.mark.parametrize("typed", ["dose", "renal", "rate", "stop yang-2020-iv", "table", "plan rescue-bt-2022"])
def test_a_script_is_never_asked(typed: str) -> None:
    outcome = told(typed, "17", "80kg")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert len(outcome.stderr.splitlines()) == 1


@pytest.mark.usefixtures("somebody")
def test_no_input_asks_for_nothing() -> None:
    outcome = told("dose --no-input", "17")
    assert (outcome.exit_code, outcome.stdout) == (2, "")


@pytest.mark.usefixtures("somebody")
def test_what_was_typed_wrong_is_refused_and_not_asked() -> None:
    outcome = told("dose yang-2020-iv --weight 80", "80kg")
    assert (outcome.exit_code, len(outcome.stderr.splitlines())) == (2, 1)


@pytest.mark.usefixtures("somebody")
def test_what_a_pump_rate_is_to_be_is_asked_for() -> None:
    outcome = told("rate 14.4mL/h --weight 80kg --concentration 50mcg/mL", "mcg/kg/min")
    assert (outcome.exit_code, outcome.stdout) == (0, "0.15 mcg/kg/min\n")
    assert "the same without questions: rescuecalc rate 14.4mL/h" in outcome.stderr


@pytest.mark.usefixtures("somebody")
def test_a_file_is_written_once_all_is_answered(tmp_path: Path) -> None:
    file = tmp_path / "dose.txt"
    outcome = told(f"dose rescue-bt-2022 -o {file}", "80kg", "1", "0")
    assert (outcome.exit_code, outcome.stdout) == (0, "")
    assert "PUMP      bag-250" in file.read_text("utf-8")


_SECONDS, _PATIENCE = 5, 12
"""A minute without a byte is the end: a test that waits for ever stops all the others."""


def on_terminal(*args: str, keys: bytes = b"", **environment: str) -> tuple[str, int]:
    """Run rescuecalc on a terminal of its own, with what is typed at its first question."""
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover  # another process
        os.environ.update({"TERM": "xterm-256color", "COLUMNS": "80", "NO_COLOR": "", **environment})
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell lets what it runs in the background ignore Ctrl-C
        os.execv(sys.executable, [sys.executable, "-m", "rescuecalc", *args])  # noqa: S606
    shown, asked, left = b"", False, _PATIENCE
    while left:
        if not select.select([terminal], [], [], _SECONDS)[0]:
            # What is typed while the terminal is made ready for a line may be lost: people type again, too.
            left -= 1
            os.write(terminal, keys if asked else b"")
            continue
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
        if keys and not asked and shown.endswith(b": "):
            asked = True
            os.write(terminal, keys)
    if not left:
        os.kill(pid, signal.SIGKILL)
    os.close(terminal)
    return shown.decode().replace("\r\n", "\n"), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.process
@pytest.mark.parametrize("keys", [b"\x03", b"\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_an_interrupted_question_is_130(keys: bytes) -> None:
    shown, code = on_terminal("dose", "yang-2020-iv", keys=keys)
    assert code == 130
    assert "--weight is missing" in shown
    assert "internal error" not in shown


@pytest.mark.process
def test_a_terminal_is_asked_and_shows_the_result() -> None:
    shown, code = on_terminal("rate", "0.15mcg/kg/min", "--concentration", "50mcg/mL", keys=b"80kg\n")
    assert code == 0
    assert "--weight: 80kg\n" in shown
    assert "14.4 mL/h\n" in shown
