"""On a terminal there are panels, tables and colour; the words are those of the plain text."""

from __future__ import annotations

import io
import re
import shlex
from importlib import import_module

import pytest

from rescuecalc.cli import output
from rescuecalc.cli.output import message_line
from tests.support import invoke

CODES = re.compile(r"\x1b\[[0-9;]*m")
LINES = str.maketrans(dict.fromkeys("┏┓┗┛━┃│─┼|", " "))
PAGES = [
    "dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250",
    "dose --bolus 1mg/kg --route iv --infusion 10mcg/kg/min --run-time 24h --weight 8kg",
    "dose yang-2020-ia --weight 80kg --run-time 24h --crcl 25mL/min --details",
    "plan rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg --thrombolysis-at -2h",
    "plan rescue-bt-2022 --weight 80kg --infusion-product bag-250 --details",
    "table rescue-bt-2022",
    "table us-label --crcl 80mL/min --details",
    "renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL",
    "stop yang-2020-iv --weight 80kg --started +0h --stopped +3.5h",
    "protocol list",
    "protocol show us-label",
    "check docs/examples/rescue.yaml",
    "rule RC501",
]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(output, "draws", lambda: True)


def words(text: str) -> list[str]:
    return [each for each in CODES.sub("", text).translate(LINES).split() if each]


def on(command: str) -> str:
    return invoke(*shlex.split(command)).stdout


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("command", PAGES)
def test_a_terminal_shows_the_words_of_the_plain_text(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = on(command)
    assert "\x1b[" in shown
    assert max(len(CODES.sub("", line)) for line in shown.splitlines()) <= 80
    monkeypatch.setattr(output, "draws", lambda: False)
    plain = on(command)
    assert "\x1b" not in plain
    assert words(shown) == words(plain)


@pytest.mark.usefixtures("terminal")
def test_errors_stand_in_a_panel() -> None:
    lines = CODES.sub("", on("dose --infusion 10mcg/kg/min --run-time 24h --weight 80kg")).splitlines()
    assert lines[0].startswith("┏━━━")
    assert lines[1].startswith("┃ DO NOT USE: RC402 the infusion of 10mcg/kg/min is outside the published")
    assert lines[7].endswith("━━━┛")


@pytest.mark.usefixtures("terminal")
def test_errors_that_fill_a_screen_stand_without_a_frame() -> None:
    gross = (
        "--bolus 100mcg/kg --route ia --infusion 1mcg/kg/min --run-time 160h -w 260kg --platelets 20 --crcl 15mL/min"
    )
    lines = CODES.sub("", on(f"dose {gross}")).splitlines()
    assert lines[0].startswith("DO NOT USE: RC402")
    assert len(lines) <= 26


@pytest.mark.usefixtures("terminal")
def test_a_table_has_lines() -> None:
    lines = CODES.sub("", on("table rescue-bt-2022")).splitlines()
    assert " 80        16        3.2      14.4 │135        27        5.4      24.3" in [each.rstrip() for each in lines]
    assert any(re.fullmatch(r"─+┼─+", each.rstrip()) for each in lines)


@pytest.mark.usefixtures("terminal")
def test_without_colour_the_words_and_the_weights_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = on(PAGES[1])
    assert re.search(r"\x1b\[[0-9;]*3[0-7]", coloured)
    monkeypatch.setenv("NO_COLOR", "1")
    shown = on(PAGES[1])
    assert not re.search(r"\x1b\[(?:[0-9]+;)*3[0-7]", shown)
    assert CODES.sub("", shown) == CODES.sub("", coloured)


def test_a_pipe_and_a_dumb_terminal_get_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    assert not output.draws()
    monkeypatch.setenv("TERM", "xterm")
    assert output.draws()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_encoding_without_blocks_gets_an_ascii_timeline(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = on("plan rescue-bt-2022 --weight 80kg --infusion-product bag-250 --details")
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    monkeypatch.setattr("sys.stdout", stream)
    output.emit(output.CommandResult(page))
    written = stream.buffer.getvalue().decode(encoding)
    assert "  tirofiban       *############################################\n" in written
    assert "  # covers  ~ may cover  ? unknown  X gap  - window  * dose  | check or change\n" in written
    assert "\\" not in written


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize(
    "command",
    [
        "renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL --height 165cm",
        "stop yang-2020-iv --weight 80kg --started +0h --stopped +3.5h --infusion-product bag-250",
        "dose --bolus 1mg/kg --route iv --infusion 10mcg/kg/min --run-time 24h --weight 8kg",
    ],
)
def test_no_page_overflows(command: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("commands.renal", "commands.dose", "commands.stop", "options"):
        monkeypatch.setattr(import_module(f"rescuecalc.cli.{module}"), "page_width", lambda: width)
    assert max(map(len, on(command).splitlines())) <= width


def test_a_message_is_folded_on_a_terminal_and_one_line_for_a_script(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "--weight: cannot read '80': the number has no unit (80kg or 80lb?); write a weight as 80 kg (or 176 lb)"
    assert message_line(text) == f"rescuecalc: {text}\n"
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    assert message_line(text).splitlines() == [
        "rescuecalc: --weight: cannot read '80': the number has no",
        "  unit (80kg or 80lb?); write a weight as 80 kg (or 176 lb)",
    ]
