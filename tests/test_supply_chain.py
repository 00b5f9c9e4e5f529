"""What a run may touch, what is delivered, and what is said where nothing could be audited."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import environments, supply_chain

ROOT = Path(__file__).parent.parent

TRACED = """
import json, os, sys

HERE = os.getcwd()
ASKED = json.loads(sys.argv[1])
sockets, written = [], []
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")

def watch(event, args):
    if event.startswith(("socket.", "ssl.", "urllib.", "http.", "ftplib.", "smtplib.")):
        sockets.append(event)
    elif event == "open":
        path, mode, flags = args
        opened = any(sign in mode for sign in "wax+") if isinstance(mode, str) else bool(flags & WRITES)
        if opened and path != os.devnull and not isinstance(path, int):  # a descriptor that was opened before
            written.append(f"open {path}")
    elif event in CHANGES or event in STARTS:
        written.append(f"{event} {args[0]}")

sys.dont_write_bytecode = True
sys.addaudithook(watch)
from typer.testing import CliRunner
from rescuecalc.cli.app import app
codes = []
for arguments, stdin in ASKED:
    sockets_before, files_before = len(sockets), len(written)
    codes.append(CliRunner().invoke(app, arguments, input=stdin, prog_name="rescuecalc").exit_code)
import socket
found_by_the_hook = len(sockets)
socket.socket().close()
assert len(sockets) > found_by_the_hook, "the hook sees no socket"
with open("seen", "w"):
    pass
assert written.pop() == "open seen", "the hook sees no file"
print(json.dumps({"codes": codes, "sockets": sockets[:found_by_the_hook], "written": written}))
"""

RUNS = [
    ("dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250 --start now --timezone UTC", None),
    ("dose us-label --weight 8000kg", None),
    ("rate 0.15mcg/kg/min --weight 80kg --concentration 50mcg/mL", None),
    ("table rescue-bt-2022 --from 40kg --to 60kg --format markdown", None),
    ("renal --age 70 --sex female --weight 80kg --creatinine 1.2mg/dL", None),
    ("bridge rescue-bt-2022 --weight 80kg --p2y12 clopidogrel --load 300mg", None),
    ("plan rescue-bt-2022 --weight 80kg --start 2026-03-28T20:00Z --format ics", None),
    ("evidence compare", None),
    ("dose rescue-bt-2022 --weight 80kg --infusion-product bag-250 --format fhir", None),
    ("stop yang-2020-iv --weight 80kg --started +0h --stopped +3.5h", None),
    ("check - --isolated --format sarif", "{drug: tirofiban, kind: bolus, dose_per_kg: 10 mcg/kg, dose: 8 mg}"),
    ("check - --isolated --format json", "drug,dose\ntirofiban,80"),
    ("check set.yaml --isolated", None),
    ("protocol show us-label", None),
    ("evidence list --format csv", None),
    ("strategy", None),
    ("rule RC501", None),
]


def traced(folder: Path, runs: list[tuple[str, str | None]]) -> dict[str, Any]:
    """Return what a process of rescuecalc opened while it did all of ``runs``."""
    (folder / "set.yaml").write_text("{drug: tirofiban, kind: bolus, dose_per_kg: 10 mcg/kg}\n", encoding="utf-8")
    asked = json.dumps([(text.split(), stdin) for text, stdin in runs])
    paths = os.pathsep.join(part for part in (str(ROOT / "src"), os.environ.get("PYTHONPATH", "")) if part)
    done = subprocess.run(
        [sys.executable, "-B", "-c", TRACED, asked],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def quiet_runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what runs that are told to write nothing opened; the process is started once."""
    return traced(tmp_path_factory.mktemp("desk"), RUNS)


@pytest.mark.process
def test_no_run_opens_a_socket(quiet_runs: dict[str, Any]) -> None:
    assert quiet_runs["sockets"] == []
    assert len(quiet_runs["codes"]) == len(RUNS)
    assert set(quiet_runs["codes"]) <= {0, 1, 3, 4}


@pytest.mark.process
def test_no_run_writes_a_file_that_it_was_not_told_to(quiet_runs: dict[str, Any]) -> None:
    assert quiet_runs["written"] == []


@pytest.mark.process
def test_a_run_that_is_told_to_write_writes_there_alone(tmp_path: Path) -> None:
    found = traced(tmp_path, [("rate 0.15mcg/kg/min --weight 80kg --concentration 50mcg/mL -o result.txt", None)])
    assert found["codes"] == [0]
    assert (found["sockets"], len(found["written"])) == ([], 2)
    opened, renamed = found["written"]
    assert opened.startswith("open .rescuecalc-")
    assert renamed.startswith("os.rename .rescuecalc-")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["result.txt", "seen", "set.yaml"]
    assert (tmp_path / "result.txt").read_text("utf-8") == "14.4 mL/h\n"


@pytest.mark.process
def test_a_picture_opens_no_socket_and_writes_its_file_alone(tmp_path: Path) -> None:
    """What matplotlib keeps stands in a temporary folder that is gone afterwards; `fc-list` is looked for in vain."""
    command = "plan rescue-bt-2022 --weight 80kg --run-time 24h --infusion-product bag-250 --picture plan.svg"
    found = traced(tmp_path, [(command, None)])
    assert (found["codes"], found["sockets"]) == ([0], [])
    elsewhere = [
        each
        for each in found["written"]
        if tempfile.gettempdir() not in each and not each.startswith(("open .rescuecalc-", "os.rename .rescuecalc-"))
    ]
    # Within the temporary folder names are relative to it.
    assert all(each.startswith(("subprocess.Popen fc-list", "os.rmdir ", "os.remove fontlist")) for each in elsewhere)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["plan.svg", "seen", "set.yaml"]


@pytest.mark.long
@pytest.mark.process
def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    """From two folders, whose files have other dates; without a network, hatchling builds with what is installed."""
    pytest.importorskip("hatchling")
    digests = []
    for name, date in (("one", 1_000_000_000), ("another-and-longer", 1_500_000_000)):
        source = supply_chain.copied(tmp_path / name)
        for path in source.rglob("*"):
            os.utime(path, (date, date))
        made = supply_chain.wheel(tmp_path / f"{name}-dist", source)
        assert made is not None
        digests.append((made.name, hashlib.sha256(made.read_bytes()).hexdigest()))
    assert digests[0] == digests[1]


def wanted(*extras: str) -> list[Requirement]:
    """Return what pyproject.toml asks for, with what those extras ask for besides."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for each in extras for line in project["optional-dependencies"][each])]
    return [found for found in map(Requirement, lines) if found.name != "rescuecalc"]


EXTRAS = ("arrow", "dev", "docs", "engines", "evidence", "pictures", "supply", "test", "xlsx")


@pytest.mark.parametrize(("name", "extras"), [("run", ()), ("all", EXTRAS)])
def test_what_is_locked_is_what_the_project_asks_for(name: str, extras: tuple[str, ...]) -> None:
    """A stale one is written anew by `nox -s lock`."""
    found: dict[str, list[str]] = {}
    for each in supply_chain.locked(name):
        found.setdefault(each.name, []).append(each.version)
    for asked in wanted(*extras):
        versions = found.get(canonicalize_name(asked.name))
        assert versions, f"requirements/{name}.txt is stale: it has no {asked.name}"
        assert all(asked.specifier.contains(each) for each in versions), f"requirements/{name}.txt is stale: {asked}"


@pytest.mark.parametrize("name", ["run", "all"])
def test_every_package_that_is_locked_has_its_hashes_and_what_needed_it(name: str) -> None:
    packages = supply_chain.locked(name)
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert len(packages) == sum(line[:1].isalnum() for line in text.splitlines())
    assert len(packages) >= {"run": 15, "all": 100}[name]
    for each in packages:
        assert each.hashes, each.name
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", hash_) for hash_ in each.hashes)
    assert "://" not in text


def test_what_runs_is_locked_alike_for_users_and_contributors() -> None:
    both = {(each.name, each.version) for each in supply_chain.locked("all")}
    run = {(each.name, each.version) for each in supply_chain.locked("run")}
    assert run <= both
    assert {"typer", "rich", "pint", "pyyaml", "tzdata", "icalendar"} <= {name for name, _ in run}
    assert not {"pytest", "matplotlib", "ruff"} & {name for name, _ in run}


def test_what_is_needed_is_listed_with_its_version() -> None:
    found = supply_chain.needed()
    assert {"typer", "rich", "pint", "pyyaml", "tzdata", "icalendar"} <= found.keys()
    assert not {"rescuecalc", "pytest", "ruff", "hypothesis"} & found.keys()
    assert f"pint=={found['pint']}\n" in supply_chain.pinned()


@pytest.mark.parametrize(
    ("code", "err", "ends"),
    [
        (0, "No known vulnerabilities found", 0),
        (1, "Found 1 known vulnerability in 1 package", 1),
        (1, "requests.exceptions.ConnectionError: Max retries exceeded", 3),
        (1, "pip_audit._service.interface.ServiceError: timed out", 3),
        (1, "ERROR: pint: Dependency not found on PyPI and could not be audited: pint (0.25.3)", 3),
    ],
)
def test_an_audit_that_reached_nobody_is_no_clean_result(
    code: int, err: str, ends: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert supply_chain.audited(code, "", err) == ends
    assert ("NOTHING WAS AUDITED" in capsys.readouterr().err) is (ends == 3)


@pytest.mark.parametrize(
    ("command", "package"), [(["sbom", "x.json"], "cyclonedx-bom"), (["audit"], "pip-audit"), (["lock"], "uv")]
)
def test_a_program_that_is_not_installed_is_named(
    command: list[str], package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert supply_chain.main(command) == 2
    assert capsys.readouterr().err == f"{package} is not installed: pip install {package}\n"


def test_an_unknown_command_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert supply_chain.main(["sell"]) == 2
    assert "CycloneDX" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("last_line", "expected"),
    [
        ("1234 passed, 5 skipped in 61.20s (0:01:01)", (1234, "0 failed, 5 skipped")),
        ("2 failed, 10 passed, 1 error in 3.10s", (13, "3 failed, 0 skipped")),
        ("no tests ran in 0.01s", None),
    ],
)
def test_the_counts_of_a_run_are_those_of_pytests_last_line(last_line: str, expected: tuple[int, str] | None) -> None:
    assert environments.summary(last_line) == expected
