"""What people expect of any linter: formats of their tools, counts, exclusions, a quiet run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from jsonschema import Draft7Validator

from tests.support import Outcome, invoke

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA: Any = json.loads((Path(__file__).parent / "schema" / "gitlab-code-quality.json").read_text("utf-8"))

WRONG = (
    "order_set: a\nversion: 1\norders:\n- {drug: heparin, kind: bolus, route: IV, dose: 5000 units, text: 5000 U QD}\n"
)
CLEAN = "{drug: heparin, kind: dose, route: SC, dose: 5000 units, frequency: daily}\n"


def checked(*args: str, stdin: str = WRONG, name: str = "a.yaml") -> Outcome:
    return invoke("check", "-", "--stdin-filename", name, *args, stdin=stdin)


def test_a_finding_is_one_line_with_file_line_column_code_and_message() -> None:
    outcome = checked("--format", "concise", "--select", "RC217")
    assert outcome.stdout == "a.yaml:4:67: RC217 'QD' in '5000 U QD': write daily\n"
    assert outcome.stderr.startswith("rescuecalc: note: 1 warning in 1 order of 1 file\n")
    assert checked("--format", "concise", "--select", "RC217", "--quiet").stderr == ""


def test_a_file_that_cannot_be_opened_has_a_line_that_an_editor_can_go_to() -> None:
    outcome = invoke("check", "nowhere.yaml", "--format", "concise")
    assert outcome.stdout == "nowhere.yaml:1:1: RC101 no such file or folder\n"
    assert outcome.exit_code == 3
    for missing in ("docs/examples/rescu.yaml", "docs/exmples/rescue.yaml"):
        meant = invoke("check", missing, "--format", "concise").stdout
        assert meant == f"{missing}:1:1: RC101 no such file or folder; did you mean docs/examples/rescue.yaml?\n"


@pytest.mark.parametrize("name", ["a\nb: 1.yaml", "\x1b[31m.yaml", "::error::.yaml"])
def test_no_name_of_a_file_breaks_a_line(name: str) -> None:
    outcome = checked("--format", "concise", "--select", "RC217", name=name)
    assert len(outcome.stdout.splitlines()) == 1
    assert "\x1b" not in outcome.stdout
    assert not outcome.stdout.startswith("::")


def test_a_report_of_gitlab_is_valid_and_its_fingerprints_differ() -> None:
    issues = json.loads(checked("--format", "gitlab").stdout)
    Draft7Validator(SCHEMA).validate(issues)
    assert len({each["fingerprint"] for each in issues}) == len(issues) > 1
    assert [each["severity"] for each in issues if each["check_name"] == "RC217"] == ["minor"]
    assert json.loads(checked("--format", "gitlab", "--ignore", "RC711", stdin=CLEAN).stdout) == []


def test_gitlab_takes_paths_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "a.yaml").write_text(WRONG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for typed in ("./sets/a.yaml", str(tmp_path / "sets" / "a.yaml")):
        issues = json.loads(invoke("check", typed, "--format", "gitlab").stdout)
        assert {each["location"]["path"] for each in issues} == {"sets/a.yaml"}


JUNIT = {
    "testsuites": ({"name"}, {"time", "tests", "failures", "disabled", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests"},
        {"failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id", "package"},
        {"testcase", "properties", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "classname"},
        {"time", "assertions", "status", "class", "file", "line", "group"},
        {"failure", "error", "skipped", "system-out", "system-err"},
    ),
    "failure": (set(), {"message", "type"}, set()),
    "error": (set(), {"message", "type"}, set()),
    "system-out": (set(), set(), set()),
}
"""Of each element: attributes that it must have, that it may have, and its elements."""


def unlike_junit(element: Element) -> Iterator[str]:
    must, may, inside = JUNIT[element.tag]
    yield from (f"{element.tag}: {each}" for each in must - set(element.keys()))
    yield from (f"{element.tag}: {each}" for each in set(element.keys()) - must - may)
    for each in element:
        yield from unlike_junit(each) if each.tag in inside else [f"{element.tag}: {each.tag}"]


@pytest.mark.parametrize("stdin", [WRONG, CLEAN, "{drug: [", 'drug: "a\\0b"\n'])
def test_junit_holds_what_its_schema_knows_and_its_counts_are_right(stdin: str) -> None:
    root = fromstring(checked("--format", "junit", "--fail-on", "warning", stdin=stdin).stdout)  # noqa: S314
    assert list(unlike_junit(root)) == []
    for suite in root:
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))


def test_markdown_breaks_out_of_no_table_and_holds_no_html() -> None:
    stdin = '{drug: aspirin, route: PO, kind: "<img src=x>|[a](http://b)", dose: 100 mg}\n'
    shown = checked("--format", "markdown", stdin=stdin).stdout
    rows = [line for line in shown.splitlines() if "RC107" in line]
    assert "<img" not in shown
    assert any("'&lt;img src=x>\\|\\[a\\](http://b)'" in line for line in rows)
    assert "| RC107 | error | 1 | unknown-word |" in rows


def test_statistics_count_by_rule_and_list_no_finding() -> None:
    rows = "drug,route,kind,dose,frequency,text\n" + "heparin,SC,dose,5000 units,daily,QD\n" * 3
    outcome = checked("--statistics", "--select", "RC217", stdin=rows, name="a.csv")
    assert outcome.stdout.splitlines()[0] == "3  WARNING RC217  error-prone-frequency"
    assert "a.csv" not in outcome.stdout
    counted = json.loads(checked("--select", "RC217", "--json", stdin=rows, name="a.csv").stdout)["summary"]["by_code"]
    assert counted == [{"code": "RC217", "name": "error-prone-frequency", "severity": "warning", "count": 3}]
    assert checked("--statistics", "--format", "sarif").exit_code == 2


def test_exit_zero_hides_findings_from_the_exit_code_and_not_what_was_not_read() -> None:
    assert checked("--fail-on", "warning").exit_code == 1
    outcome = checked("--fail-on", "warning", "--exit-zero")
    assert (outcome.exit_code, "RC217" in outcome.stdout) == (0, True)
    assert checked("--exit-zero", stdin="{drug: [").exit_code == 3


def test_of_more_findings_than_are_wanted_the_heaviest_are_listed_and_all_are_counted() -> None:
    everything = json.loads(checked("--json", "--fail-on", "note").stdout)
    outcome = checked("--json", "--fail-on", "note", "--max-findings", "1")
    assert [each["severity"] for each in outcome.json["findings"]] == [
        min((each["severity"] for each in everything["findings"]), key=["error", "warning", "note"].index)
    ]
    assert outcome.json["summary"]["left_out"] == len(everything["findings"]) - 1 > 0
    assert outcome.exit_code == 1
    assert "beyond --max-findings 1" in outcome.stderr
    assert checked("--json", "--max-findings", "0").json["findings"] == []
    refused = checked("--max-findings", "-1")
    assert (refused.exit_code, "--max-findings: cannot read '-1'" in refused.stderr) == (2, True)


def test_a_quiet_run_prints_what_ends_it_and_nothing_where_all_is_well() -> None:
    lines = checked("--quiet", "--fail-on", "warning", "--select", "RC217,RC7").stdout.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("a.yaml:") for line in lines[:-1])
    assert lines[-1].endswith("in 1 order of 1 file")
    assert checked("--quiet", stdin=CLEAN).stdout == ""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("new/a.yaml", "old/b.yaml", "new/old/c.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(CLEAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        ("old", 1),
        ("old/", 1),
        ("new/old", 2),
        ("./new/*", 1),
        ("*.yaml", 0),
        ("b.yaml", 2),
        ("nothing", 3),
    ],
)
def test_excluded_files_are_not_read_and_are_counted(folder: Path, pattern: str, kept: int) -> None:
    outcome = invoke("check", str(folder), "--exclude", pattern, "--json")
    if not kept:
        assert (outcome.exit_code, outcome.stdout) == (2, "")
        assert "excludes every file; nothing would be judged" in outcome.stderr
        return
    assert (outcome.json["summary"]["files"], outcome.json["summary"]["excluded"]) == (kept, 3 - kept)


def test_settings_exclude_from_their_own_folder_and_the_page_says_how_many(folder: Path) -> None:
    (folder / "new" / "rescuecalc.toml").write_text('exclude = ["old"]\n', encoding="utf-8")
    outcome = invoke("check", ".")
    assert "; 1 file excluded" in outcome.stdout
    assert "excludes old" in " ".join(outcome.stdout.split())
    [shown] = json.loads(invoke("check", "new", "--show-settings", "--json").stdout)["settings"]
    exclude = shown["values"]["exclude"]
    assert (exclude["value"], Path(exclude["from"]).name) == (["old"], "rescuecalc.toml")
    assert shown["files"]
    assert not [name for name in shown["files"] if "old" in name]
    assert invoke("check", ".", "--format", "sarif").stderr.count("excluded: 1 file") == 1
