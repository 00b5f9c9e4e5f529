"""The newcomer's ten tasks: each is answered on its first screen, and docs/session.md shows what stands there."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import invoke

ROOT = Path(__file__).parent.parent
TASKS: tuple[Any, ...] = runpy.run_path(str(ROOT / "docs" / "session.py"))["TASKS"]
PAGE = (ROOT / "docs" / "session.md").read_text("utf-8")
SCREEN = 26
FIRST = 24
"""Lines of a terminal; the page of a whole plan goes on below them."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "docs" / "examples", folder / "docs" / "examples")
    return folder


def test_there_are_ten_tasks() -> None:
    assert [task.title for task in TASKS] == [
        "A first dose",
        "Read back a pump",
        "A table for the ward",
        "Creatinine clearance",
        "From the infusion to oral antiplatelets",
        "A plan with its picture and calendar",
        "An order as FHIR, and judged",
        "Your hospital's own protocol",
        "What a protocol means",
        "Stop for a haemorrhage",
    ]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.title)
def test_a_task_is_answered_on_its_first_screen(task: Any, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    for place, command in enumerate(task.commands):
        outcome = invoke(*shlex.split(command))
        assert (outcome.exit_code, "Traceback" in outcome.stderr) == (0, False), outcome.stderr
        lines = outcome.stdout.splitlines()
        assert len(lines) <= (44 if command.startswith("plan ") else SCREEN), command
        assert max(map(len, lines), default=0) <= 80
        for answer in task.answers if place == 0 else ():
            assert answer in "\n".join(lines[:FIRST]), answer
        assert f"$ rescuecalc {command}\n{outcome.stdout}" in PAGE, "stale: run python docs/build.py"
    if "picture" in task.title:
        assert Path("plan.svg").read_bytes().startswith(b"<?xml")
        assert "TRIGGER:-PT30M" in Path("plan.ics").read_text("utf-8")


@pytest.mark.process
def test_the_first_dose_fits_a_terminal_of_24_lines() -> None:
    pty = pytest.importorskip("pty", reason="no pseudo terminals here")
    fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
    main, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, (24).to_bytes(2, sys.byteorder) + (80).to_bytes(2, sys.byteorder) + bytes(4))
    environment = {**os.environ, "TERM": "xterm-256color"}
    environment.pop("COLUMNS", None)
    command = [sys.executable, "-m", "rescuecalc", *shlex.split(TASKS[0].commands[0])]
    subprocess.run(command, stdout=child, env=environment, check=True)
    os.close(child)
    drawn = b""
    while part := _read(main):
        drawn += part
    lines = re.sub(r"\x1b\[[0-9;]*m", "", drawn.decode()).replace("\r\n", "\n").splitlines()
    assert len(lines) <= SCREEN
    assert max(map(len, lines)) <= 80
    read = " ".join(re.sub(r"[\u2500-\u257f]", " ", " ".join(lines[:FIRST])).split())
    for answer in TASKS[0].answers:
        assert " ".join(answer.split()) in read


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so at the end
        return b""
