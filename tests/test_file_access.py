"""What is read is a regular file and ends; what is written replaces a file as a whole, and never one that is read."""

from __future__ import annotations

import errno
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rescuecalc.errors import CatalogueError
from rescuecalc.file_access import content_of, open_regular, write_whole
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
ORDER = "{drug: aspirin, text: aspirin QD}\n"
OURS = (EXAMPLES / "our-hospital.toml").read_text("utf-8")
PLAN = ("plan", "--weight", "80kg", "--run-time", "24h", "--protocol-file")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with an order set, a protocol and no settings."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(ORDER, encoding="utf-8")
    Path("ours.toml").write_text(OURS, encoding="utf-8")
    return tmp_path


def _linked_fifo(path: Path) -> None:
    os.mkfifo(f"{path}.fifo")
    path.symlink_to(f"{path}.fifo")


NOT_FILES: dict[str, Callable[[Path], None]] = {
    "a FIFO": os.mkfifo,
    "a link to a FIFO": _linked_fifo,
    "an endless device behind a link": lambda path: path.symlink_to("/dev/zero"),
    "an empty device behind a link": lambda path: path.symlink_to("/dev/null"),
    "a folder": Path.mkdir,
    "a file of the system without a size": lambda path: path.symlink_to("/proc/version"),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}
READ_AS = {
    "an order set of a folder": ("sets/it.yaml", ("check", "sets")),
    "order sets line by line": ("it.jsonl", ("check", "it.jsonl")),
    "rows": ("it.csv", ("check", "it.csv")),
    "a baseline": ("it.json", ("check", "a.yaml", "--baseline", "it.json")),
    "a settings file": ("rescuecalc.toml", ("check", "a.yaml")),
    "the settings of a project": ("pyproject.toml", ("check", "a.yaml")),
    "a protocol file": ("it.toml", ("dose", "--protocol-file", "it.toml", "--weight", "80kg")),
    "a protocol file that is checked": ("it.toml", ("protocol", "check", "it.toml")),
}


def _too_long(*_: object) -> None:
    raise TimeoutError


@pytest.mark.parametrize("reader", READ_AS)
@pytest.mark.parametrize("kind", NOT_FILES)
@pytest.mark.usefixtures("here")
def test_what_is_no_regular_file_ends_with_3_at_once(kind: str, reader: str) -> None:
    name, command = READ_AS[reader]
    Path("sets").mkdir()
    NOT_FILES[kind](Path(name))
    signal.signal(signal.SIGALRM, _too_long)  # a FIFO that is waited for would never give the test back
    signal.alarm(10)
    outcome = invoke(*command)
    signal.alarm(0)
    assert outcome.exit_code == 3, outcome.stdout + outcome.stderr


@pytest.mark.parametrize("name", ["a.yaml", "l.yaml"])
@pytest.mark.usefixtures("here")
def test_a_link_to_a_regular_file_is_read(name: str) -> None:
    Path("l.yaml").symlink_to("a.yaml")
    assert invoke("check", name).exit_code == 0


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"x\n" * 10)
    with open_regular(path) as stream:
        assert stream.readline() == b"x\n"
    with open_regular(path) as stream, path.open("ab") as more:
        more.write(b"y\n")
        more.flush()
        with pytest.raises(OSError, match="grows while it is read"):
            list(stream)


def test_reading_is_bounded_by_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert content_of(tmp_path / "a", 5) == b"12345"
    with pytest.raises(CatalogueError, match="is larger than 4 bytes"):
        content_of(tmp_path / "a", 4)


def test_a_line_that_never_ends_at_standard_input_is_refused() -> None:
    command = [sys.executable, "-m", "rescuecalc", "check", "-", "--stdin-filename", "a.csv"]
    with Path("/dev/zero").open("rb") as zeros:
        run = subprocess.run(command, stdin=zeros, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, "a line does not end" in run.stdout) == (3, True)


def test_empty_lines_without_end_at_standard_input_are_refused() -> None:
    command = f"yes '' | {sys.executable} -m rescuecalc check -"
    run = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, "is larger than 1,000,000 bytes" in run.stdout) == (3, True)


def test_a_rate_without_end_at_standard_input_is_refused() -> None:
    command = f"cat /dev/zero | {sys.executable} -m rescuecalc rate - --weight 80kg --concentration 50mcg/mL"
    run = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stdout, "a line does not end" in run.stderr) == (2, "", True)


def test_rates_without_end_are_answered_until_nobody_reads_them() -> None:
    command = (
        f"yes 0.15mcg/kg/min | {sys.executable} -m rescuecalc rate - --quiet --weight 80kg --concentration 50mcg/mL"
    )
    run = subprocess.run(["/bin/sh", "-c", f"{command} | head -n 2"], capture_output=True, timeout=60, check=False)
    assert run.stdout == b"14.4 mL/h @ 50 mcg/mL\n" * 2


@pytest.mark.long
@pytest.mark.parametrize("depth", [1_000, 2_500])
def test_a_checkout_of_a_thousand_folders_is_searched_to_its_end(depth: int, here: Path) -> None:
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path("deep.yaml").write_text(ORDER, encoding="utf-8")
    os.chdir(here)
    outcome = invoke("check", "d")
    subprocess.run(["/bin/rm", "-rf", "d"], check=True)  # pytest's own way of clearing up is not up to it
    # The system itself opens no path of more than 4,096 bytes: that too is said, and the rest is judged.
    assert outcome.exit_code == (0 if depth == 1_000 else 3)
    assert ("in 1 order of 1 file" in outcome.stdout) is (depth == 1_000)
    assert ("File name too long" in outcome.stdout) is (depth == 2_500)


OUTPUTS = {
    "an order set that is checked": "a.yaml",
    "an order set of the checked folder": "sets/b.json",
    "an order set by another name": "hard.json",
    "an order set that is not checked": "other.json",
    "the settings": "rescuecalc.toml",
    "settings that do not judge": "sets/pyproject.toml",
    "settings that are not there yet": "sets/rescuecalc.toml",
    "a protocol of the settings": "ours.toml",
    "a link to an order set": "link.yaml",
    "a link to a baseline": "link.json",
    "a link to nothing": "dangling.json",
    "a folder behind a link": "elsewhere/new.json",
}


@pytest.mark.parametrize("option", ["--write-baseline", "--output"])
@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.usefixtures("here")
def test_nothing_is_written_over_what_is_read_and_through_a_link(kind: str, option: str) -> None:
    Path("sets").mkdir()
    for name in ("sets/b.json", "other.json"):
        Path(name).write_text('{"drug": "aspirin"}', encoding="utf-8")
    Path("rescuecalc.toml").write_text('protocol-files = ["ours.toml"]\n', encoding="utf-8")
    Path("sets/pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    Path("old.json").write_text('{"schema": "rescuecalc.baseline.1", "findings": []}', encoding="utf-8")
    Path("hard.json").hardlink_to("a.yaml")
    Path("link.yaml").symlink_to("a.yaml")
    Path("link.json").symlink_to("old.json")
    Path("elsewhere").symlink_to(tempfile.mkdtemp(dir=Path().absolute().parent))
    Path("dangling.json").symlink_to("nowhere.json")
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    if kind == "settings that are not there yet":
        assert not Path(OUTPUTS[kind]).exists()
    outcome = invoke("check", "a.yaml", "sets", option, OUTPUTS[kind])
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"rescuecalc: {option}: {OUTPUTS[kind]} ")
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


RESULTS = {
    "the settings of a run without them": "check a.yaml --isolated -o rescuecalc.toml",
    "a protocol of settings that are shown": "check a.yaml --show-settings -o ours.toml",
    "a protocol of the settings of a rule": "rule RC301 -o ours.toml",
    "settings that the command never reads": "dose rescue-bt-2022 -w 80kg -o rescuecalc.toml",
    "settings of another tool": "rate '14.4 mL/h' --weight 80kg --concentration 50mcg/mL -o pyproject.toml",
    "the baseline": "check a.yaml --write-baseline new.json -o new.json",
    "the baseline by another name": "check a.yaml --write-baseline new.json -o ./new.json",
    "the picture": "plan rescue-bt-2022 --weight 80kg --picture a.svg -o a.svg",
}


@pytest.mark.parametrize("kind", RESULTS)
@pytest.mark.usefixtures("here")
def test_a_result_goes_into_a_file_of_its_own(kind: str) -> None:
    Path("rescuecalc.toml").write_text('protocol-files = ["ours.toml"]\n', encoding="utf-8")
    before = {path: path.read_bytes() for path in Path().rglob("*")}
    outcome = invoke(*shlex.split(RESULTS[kind]))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("rescuecalc: --output")
    assert {path: path.read_bytes() for path in Path().rglob("*")} == before


@pytest.mark.usefixtures("here")
def test_the_result_of_many_requests_is_not_written_over_a_file_that_one_names() -> None:
    before = Path("ours.toml").rename("ours.txt").read_text("utf-8")
    first = {"protocol": "yang-2020-iv", "weight": "80 kg", "run_time": "24 h"}
    second = {"protocol_file": "ours.txt", "weight": "80 kg", "run_time": "24 h"}
    text = "".join(f"{json.dumps(each)}\n" for each in (first, second))
    outcome = invoke("dose", "-", "-o", "ours.txt", stdin=text)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "ours.txt is read by this run and would be lost" in outcome.stderr
    assert Path("ours.txt").read_text("utf-8") == before
    assert sorted(path.name for path in Path().iterdir()) == ["a.yaml", "ours.txt"]
    assert invoke("dose", "-", "-o", "doses.jsonl", stdin=text).exit_code == 0
    assert len(Path("doses.jsonl").read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize("command", ["check - -o given", "rate - -o given", "check - --write-baseline given"])
@pytest.mark.usefixtures("here")
def test_nothing_is_written_over_what_standard_input_is_redirected_from(command: str) -> None:
    Path("given").write_text("drug: aspirin\n", encoding="utf-8")
    shell = f'exec "{sys.executable}" -B -m rescuecalc {command} < given'
    run = subprocess.run(["/bin/bash", "-c", shell], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert "given is read by this run and would be lost" in run.stderr
    assert Path("given").read_text("utf-8") == "drug: aspirin\n"


@pytest.mark.usefixtures("here")
def test_what_is_no_regular_file_is_not_written_to() -> None:
    os.mkfifo("out.json")
    Path("folder.json").mkdir()
    for name in ("out.json", "folder.json", "nowhere/out.json"):
        assert invoke("check", "a.yaml", "--write-baseline", name).exit_code == 3


@pytest.mark.usefixtures("here")
def test_a_baseline_is_written_anew_and_keeps_its_permissions() -> None:
    assert invoke("check", "a.yaml", "--write-baseline", "base.json").exit_code == 0
    Path("base.json").chmod(0o640)
    assert invoke("check", "a.yaml", "--write-baseline", "base.json").exit_code == 0
    assert Path("base.json").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in Path().iterdir()) == ["a.yaml", "base.json", "ours.toml"]
    Path("empty.json").touch()
    assert invoke("check", "a.yaml", "--write-baseline", "empty.json").exit_code == 0


@pytest.mark.usefixtures("here")
def test_a_full_disk_leaves_the_old_baseline_as_it_was() -> None:
    orders = "".join(f"- {{id: a{number}, drug: heparin, text: QD}}\n" for number in range(40))
    Path("old.yaml").write_text(f"order_set: a\norders:\n{orders}", encoding="utf-8")
    assert invoke("check", "a.yaml", "--write-baseline", "base.json").exit_code == 0
    before = Path("base.json").read_bytes()
    # A limit on what a process may write cuts a file as a full disk does; stdout is a pipe, and has none.
    command = f'ulimit -f 1; exec "{sys.executable}" -B -m rescuecalc check old.yaml --write-baseline base.json'
    run = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, Path("base.json").read_bytes()) == (3, before)
    assert "--write-baseline: base.json cannot be written: File too large" in run.stderr
    assert sorted(path.name for path in Path().iterdir()) == ["a.yaml", "base.json", "old.yaml", "ours.toml"]


def test_a_failure_at_any_step_of_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for step in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, step, full)
            with pytest.raises(CatalogueError, match=r"--x: .*: No space left on device"):
                write_whole(path, b"new", "--x")
        assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"old"]
    write_whole(path, b"new", "--x")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"new"]


@pytest.mark.parametrize("suffix", [".svg", ".png"])
@pytest.mark.usefixtures("here")
def test_a_picture_is_drawn_over_no_protocol_and_through_no_link(suffix: str) -> None:
    protocol, link, hard = Path(f"protocol{suffix}"), Path(f"link{suffix}"), Path(f"hard{suffix}")
    protocol.write_text(OURS, encoding="utf-8")
    link.symlink_to("ours.toml")
    hard.hardlink_to("ours.toml")
    for file, name in (("ours.toml", link), ("ours.toml", hard), (str(protocol), protocol)):
        outcome = invoke(*PLAN, file, "--picture", str(name))
        assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert invoke("evidence", "compare", "--picture", "link.svg").exit_code == (2 if suffix == ".svg" else 0)
    assert {Path("ours.toml").read_text("utf-8"), protocol.read_text("utf-8")} == {OURS}
    assert link.is_symlink()


def test_a_picture_writes_nothing_else_and_starts_no_other_program(here: Path) -> None:
    home = here / "home"
    home.mkdir()
    (here / "bin").mkdir()
    for name in ("fc-list", "system_profiler", "latex"):
        program = here / "bin" / name
        program.write_text(f"#!/bin/sh\necho {name} >> {here}/started\n", encoding="utf-8")
        program.chmod(0o755)
    Path("matplotlibrc").write_text("text.usetex: True\nsvg.fonttype: path\n", encoding="utf-8")
    before = set(here.rglob("*"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG", "MPL"))}
    environment = {**kept, "HOME": str(home), "PATH": f"{here / 'bin'}:{os.environ['PATH']}"}
    run = subprocess.run(
        [sys.executable, "-B", "-m", "rescuecalc", *PLAN, "ours.toml", "--picture", "a.svg"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    assert set(here.rglob("*")) - before == {here / "a.svg"}
    assert "<text" in (here / "a.svg").read_text("utf-8")  # as the settings of the working folder would not have it


KEPT = {
    "order set.yaml": "order_set: A\norders:\n- {drug: aspirin}\n",
    "list.yml": "- {drug: aspirin}\n",
    "one.json": '{"orders": [{"drug": "aspirin"}]}',
    "bundle.json": '{"resourceType": "Bundle"}',
    "lines.ndjson": '{"drug": "aspirin"}\n',
    "rows.csv": "order_set,drug,dose\nA,aspirin,81 mg\n",
    "rows.tsv": "drug\tkind\n",
    "library.csv": "care_area,drug,dose_unit,hard_max\n",
    "protocol.toml": OURS,
    "settings.toml": 'ignore = ["RC4"]\n',
    "sheet.xlsx": "PK",
}
NOT_KEPT = {
    "empty.yaml": "\n",
    "page.yaml": "no findings in 1 order of 1 file\n",
    "found.json": '{"schema": "rescuecalc.check.2", "orders": 1}',
    "schema.json": '{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"orders": {}}}',
    "found.sarif": '{"version": "2.1.0"}',
    "plan.csv": "at,elapsed,until,event,drug,dose\n",
    "table.csv": "weight_kg,bolus_mcg\n",
    "notes.txt": "drug: aspirin\n",
}


@pytest.mark.parametrize("name", KEPT)
def test_no_result_is_written_over_what_people_keep(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(KEPT[name], encoding="utf-8")
    outcome = invoke("rule", "RC101", "-o", str(path))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "which would be lost; name another file, or remove it first" in outcome.stderr
    assert path.read_text("utf-8") == KEPT[name]


@pytest.mark.parametrize("name", NOT_KEPT)
def test_a_result_replaces_another_result(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(NOT_KEPT[name], encoding="utf-8")
    assert invoke("rule", "RC101", "-o", str(path)).exit_code == 0
    assert path.read_text("utf-8").startswith("RC101 ")


def test_an_order_set_that_was_made_is_made_anew(tmp_path: Path) -> None:
    made, bundle = str(tmp_path / "made.yaml"), str(tmp_path / "bundle.json")
    dose = ("dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--format", "fhir", "-o", bundle)
    for _ in range(2):
        assert invoke("protocol", "show", "rescue-bt-2022", "--as-order-set", "-o", made).exit_code == 0
        assert invoke(*dose).exit_code == 0
    assert invoke("rule", "RC101", "-o", made).exit_code == 2
