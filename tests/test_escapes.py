"""What is echoed is made harmless: for a terminal, the log of GitHub's runner, a browser, a spreadsheet, a URI."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import Outcome, invoke

OURS = (Path(__file__).parent.parent / "docs" / "examples" / "our-hospital.toml").read_text("utf-8")
ESCAPE = "\x1b]0;owned\x07"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("{drug: aspirin}", encoding="utf-8")


def harmless(outcome: Outcome) -> bool:
    """Whether a terminal and GitHub's runner show what was printed as text, and nothing else."""
    lines = (outcome.stdout + outcome.stderr).split("\n")
    return not any(line.lstrip().startswith("::") or "##[" in line or not line.isprintable() for line in lines if line)


TYPED = {
    "a path with an escape sequence": ("check", f"no{ESCAPE}.yaml"),
    "a path that begins a line of its own": ("check", "no\n::error::forged.yaml"),
    "a path that is a command": ("check", "::error::forged.yaml"),
    "a path with an old command": ("check", "no ##[error]forged.yaml"),
    "a baseline": ("check", "a.yaml", "--baseline", f"no{ESCAPE}\n::error::x"),
    "a baseline to write": ("check", "a.yaml", "--write-baseline", f"no{ESCAPE}/x\n::error::x"),
    "a baseline that is written": ("check", "a.yaml", "--write-baseline", f"x{ESCAPE}"),
    "settings": ("check", "a.yaml", "--config", f"no{ESCAPE}\n::error::x"),
    "a protocol file of a check": ("check", "a.yaml", "--protocol-file", f"no{ESCAPE}\n::error::x"),
    "a protocol file": ("dose", "--protocol-file", f"no{ESCAPE}\n::error::x", "--weight", "80kg"),
    "a protocol": ("dose", f"no{ESCAPE}\n::error::x", "--weight", "80kg"),
    "a quantity": ("dose", "us-label", "--weight", f"80{ESCAPE}\n::error::x"),
    "an option": ("dose", f"--no{ESCAPE}\n::error::x"),
    "a command": (f"no{ESCAPE}\n::error::x",),
    "a picture": ("plan", "us-label", "--weight", "80kg", "--picture", f"no{ESCAPE}\n::error::x.png/y.svg"),
    "standard input's name": ("check", "-", "--stdin-filename", f"::error::{ESCAPE}.yaml"),
}


@pytest.mark.parametrize("what", TYPED)
def test_what_is_typed_reaches_no_terminal_raw(what: str) -> None:
    assert harmless(invoke(*TYPED[what], stdin="{drug: aspirin, route: x}"))


KEYS = (
    '"a\\u001b[31m" = 1',
    '"\\n::error::forged" = 1',
    '"##[error]forged" = 1',
    "select = ['\\u001b[31m']",
    "'\\x1b' = [",
)


@pytest.mark.parametrize("name", ["rescuecalc.toml", "ours.toml", "limits"])
@pytest.mark.parametrize("key", KEYS)
def test_the_keys_of_a_settings_or_protocol_file_reach_no_terminal_raw(key: str, name: str) -> None:
    if name == "ours.toml":
        Path(name).write_text(f"{key}\n{OURS}", encoding="utf-8")
        outcomes = [invoke("protocol", "check", name), invoke("protocol", "check", name, "--format", "json")]
    else:
        table = '[limits]\nsource = "x"\n' if name == "limits" else ""
        Path("own.toml").write_text(f"{table}{key}\n", encoding="utf-8")
        outcomes = [invoke("check", "a.yaml", "--config", "own.toml")]
    for outcome in outcomes:
        assert outcome.exit_code == 3
        assert harmless(outcome)


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "sarif", "junit"])
def test_no_finding_writes_a_line_of_its_own_into_a_log(form: str) -> None:
    words = "::error::forged " * 12 + "##[error]forged \x1b[31m"
    order = json.dumps({"drug": "aspirin", "route": words, words: "1", "text": f"5.0 mg {words}"})
    assert harmless(invoke("check", "-", "--stdin-filename", "a.json", "--format", form, stdin=order))


def test_the_only_commands_of_the_github_format_are_its_own() -> None:
    order = json.dumps({"drug": "aspirin", "route": "a\n::error::forged"})
    lines = invoke("check", "-", "--stdin-filename", "a.json", "--format", "github", stdin=order).stdout.splitlines()
    assert {line.partition(" file=")[0] for line in lines} == {"::error"}


PLAN = ("plan", "--protocol-file", "ours.toml", "--weight", "80kg", "--run-time", "24h", "--format")
HOSTILE = "<script>alert(1)</script> [x](javascript:alert) `b` <img src=x>"


def test_a_title_is_no_html_and_no_link_in_markdown() -> None:
    text = OURS.replace("Our hospital, rescue after thrombectomy", HOSTILE)
    assert text != OURS
    Path("ours.toml").write_text(text, encoding="utf-8")
    for command in (PLAN, ("table", "--protocol-file", "ours.toml", "--run-time", "24h", "--format")):
        made = invoke(*command, "markdown")
        if made.exit_code == 2:
            made = invoke(*command[:3], "--format", "markdown")
        assert "alert(1)" in made.stdout
        assert "<" not in made.stdout.replace("\\<", "")
        assert "&lt;script>alert(1)&lt;/script> \\[x\\](javascript:alert) \\`b\\`" in made.stdout


@pytest.mark.parametrize("words", ["=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(A1)", "=1"])
def test_no_cell_of_a_csv_is_a_formula(words: str) -> None:
    source = next(line for line in OURS.splitlines() if line.startswith("title") and "source" not in line)
    text = OURS.replace(OURS[OURS.index("[source") :].split('title = "')[1].split('"')[0], words)
    assert source in OURS
    assert text != OURS
    Path("ours.toml").write_text(text, encoding="utf-8")
    rows = list(csv.reader(io.StringIO(invoke(*PLAN, "csv").stdout)))
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith(f"'{words}") for cell in cells)
    assert not any(cell.startswith(("=", "@")) for cell in cells)
    assert {cell for cell in cells if cell.startswith("-")} <= {"-00:05:00"}


@pytest.mark.parametrize("form", ["sarif", "json", "text", "junit", "github"])
@pytest.mark.parametrize("absolute", [False, True])
def test_a_name_that_is_not_utf_8_is_the_uri_of_its_bytes(form: str, absolute: bool) -> None:
    Path("sets").mkdir()
    name = os.fsencode("sets/r") + b"\xff ?.yaml"
    Path(os.fsdecode(name)).write_text("{drug: aspirin, route: x}", encoding="utf-8")
    target = os.path.join(os.getcwdb(), b"sets") if absolute else b"sets"  # noqa: PTH109, PTH118  # bytes
    run = subprocess.run(
        [sys.executable, "-m", "rescuecalc", "check", target, "--format", form], capture_output=True, check=False
    )
    assert (run.returncode, run.stderr) == (1, b"")
    run.stdout.decode("utf-8")
    if form == "sarif":
        [uri] = {
            each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for each in json.loads(run.stdout)["runs"][0]["results"]
        }
        assert uri.endswith("sets/r%FF%20%3F.yaml")
        assert uri.startswith("file:///") is absolute


def test_what_a_caret_cuts_in_two_is_escaped_as_well() -> None:
    text = "order_set: a\npatient: {weight: 80 *a}\norders:\n  - {drug: heparin, pump_rate: 1.44 mL/##[error]}\n"
    assert harmless(invoke("check", "-", "--stdin-filename", "a.yaml", stdin=text))
    assert harmless(
        invoke("check", "-", "--stdin-filename", "a.yaml", stdin="orders:\n  - {drug: a, dose_##[error]: 1}\n")
    )
