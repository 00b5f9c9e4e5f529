"""`check` in every format: the same findings, each format valid by its own rules."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft4Validator

from rescuecalc.engine import lint_runner
from rescuecalc.rules.judging.registry import RULES
from tests.support import invoke, share

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import OrderSet
    from rescuecalc.engine.reference import Reference
    from rescuecalc.engine.verdict_cache import Judgement

pytestmark = pytest.mark.long

ORDERS = Path(__file__).parent / "orders"
SOME = share(sorted(each for each in ORDERS.iterdir() if each.is_dir()), 6)
SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent / "schema" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))


JUDGED: dict[str, Judgement] = {}
"""What was found of each order set: the formats are compared, and none of them asks the judge for more."""


@cache
def printed(form: str) -> str:
    judge = lint_runner._judged  # noqa: SLF001  # each order set is judged once for all formats

    def judged_once(order_set: OrderSet, reference: Reference) -> Judgement:
        key = repr(order_set)
        if key not in JUDGED:
            JUDGED[key] = judge(order_set, reference)
        return JUDGED[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lint_runner, "_judged", judged_once)
        return invoke("check", *map(str, SOME), "--format", form, "--as-of", "2026-11-24").stdout


def sarif(*args: str, stdin: str | None = None) -> Any:
    return json.loads(invoke("check", *args, "--format", "sarif", stdin=stdin).stdout)


def test_every_format_carries_the_same_findings() -> None:
    document = json.loads(printed("json"))
    told = [(f["severity"], f["code"], f["file"], f["line"], f["column"]) for f in document["findings"]]
    assert len(told) > 100
    assert [json.loads(line) for line in printed("jsonl").splitlines()] == document["findings"]
    results = json.loads(printed("sarif"))["runs"][0]["results"]
    assert [(r["level"], r["ruleId"]) for r in results] == [each[:2] for each in told]
    assert [r["message"]["text"] for r in results] == [f["message"] for f in document["findings"]]
    lines = printed("github").splitlines()
    named = {"error": "error", "warning": "warning", "notice": "note"}
    parts = [
        re.fullmatch(r"::(error|warning|notice) file=([^,]*),.*title=(RC\d{3}) [a-z-]+::.+", each) for each in lines
    ]
    assert [(named[p[1]], p[3], p[2]) for p in parts if p] == [each[:3] for each in told]
    concise = [re.fullmatch(r"(.*?):(\d+):(\d+): (RC\d{3}) (.+)", each) for each in printed("concise").splitlines()]
    assert [(c[4], c[1], int(c[2]), int(c[3])) for c in concise if c] == [
        (e[1], e[2], e[3] or 1, e[4] or 1) for e in told
    ]
    of_gitlab = {"critical": "error", "minor": "warning", "info": "note"}
    issues = json.loads(printed("gitlab"))
    places = [(each["location"]["path"], each["location"]["lines"]["begin"]) for each in issues]
    assert [(of_gitlab[each["severity"]], each["check_name"]) for each in issues] == [each[:2] for each in told]
    assert places == [(str(Path(each[2]).relative_to(Path.cwd())), each[3] or 1) for each in told]
    rows = re.findall(r"^\| (?:\d+:\d+|-) \| (error|warning|note) \| (RC\d{3}) \|", printed("markdown"), re.MULTILINE)
    assert rows == [each[:2] for each in told]
    text = re.findall(r"^  (?:(\d+):(\d+)|-) +(ERROR|WARNING) +(RC\d{3})  ", printed("text"), re.MULTILINE)
    assert [(t[2].lower(), t[3], int(t[0] or 0), int(t[1] or 0)) for t in text] == [
        (e[0], e[1], e[3] or 0, e[4] or 0) for e in told if e[0] != "note"
    ]
    # On the page notes of a kind are one line of a set: every one is there with its place.
    page = " ".join(printed("text").split())
    for _, code, _, line, column in (each for each in told if each[0] == "note"):
        assert code in page
        assert line is None or f"{line}:{column}" in page


def test_text_is_at_most_80_columns_wide_and_its_carets_stand_under_the_place() -> None:
    lines = printed("text").splitlines()
    assert max(len(line) for line in lines) <= 80
    carets = [place for place, line in enumerate(lines) if re.fullmatch(r" {6} \| +\^+", line)]
    assert len(carets) > 50
    assert all(re.match(r" *[0-9]+ \| ", lines[place - 1]) for place in carets)


NAMES = {
    "no separator": "a" * 300 + ".yaml",
    "long folders": "/home/somebody" + "/a-folder-of-the-hospital" * 12 + "/orders.yaml",
    "spaces": "/home/" + "some  body /" * 30 + " orders  of today .yaml",
    "a space at each place": "a " * 100 + ".yaml",
    "wide": "/\u8133\u5352\u4e2d" * 60 + ".yaml",
    "of Windows": "C:" + "\\Users\\somebody" * 12 + "\\orders.yaml",
    "just a line": "/home/" + "b" * 69 + ".yaml",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_path_is_folded_and_can_be_put_together_again(name: str) -> None:
    page = invoke("check", "-", "--stdin-filename", NAMES[name], stdin="{drug: aspirin, kind: drop}").stdout
    lines = page.splitlines()
    heading = lines[: next(place for place, line in enumerate(lines) if re.match(r"  1:\d+ +ERROR", line))]
    assert max(columns(line) for line in lines) <= 80
    assert all(line.startswith("    ") and not line.endswith(" ") for line in heading[1:])
    assert heading[0] + "".join(line[4:] for line in heading[1:]) == NAMES[name]
    assert (len(heading) == 1) == (name == "just a line")


def test_sarif_is_valid_against_its_schema() -> None:
    document = json.loads(printed("sarif"))
    Draft4Validator(SCHEMA).validate(document)
    run = document["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.code for rule in RULES]
    assert all(run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    assert run["invocations"][0]["executionSuccessful"] is False
    Draft4Validator(SCHEMA).validate(sarif("nowhere.yaml", "\x00", "a b%.csv"))
    Draft4Validator(SCHEMA).validate(sarif("-", stdin="{drug: aspirin}"))


def prints(text: str, name: str = "a.yaml") -> list[str]:
    run = sarif("-", "--stdin-filename", name, "--select", "RC1,RC2", stdin=text)["runs"][0]
    return [result["partialFingerprints"]["rescuecalc/v1"] for result in run["results"]]


ORDER = "{id: ID, drug: aspirin, kind: drop, text: 5 cc}"


def test_a_fingerprint_stays_when_lines_move_and_changes_with_what_is_found() -> None:
    one = f"order_set: a\norders:\n- {ORDER.replace('ID', 'x')}\n"
    moved = f"# new\norder_set: a\n\norders:\n- {{id: y, drug: aspirin}}\n\n- {ORDER.replace('ID', 'x')}\n"
    assert prints(one) == prints(moved)
    assert len(set(prints(one))) == 3
    assert set(prints(one)).isdisjoint(prints(one.replace("drop", "drap").replace("5 cc", "6 cc more")))
    assert set(prints(one)).isdisjoint(prints(one, name="b.yaml"))


def test_equal_findings_have_fingerprints_of_their_own() -> None:
    rows = "drug,kind\n" + "aspirin,drop\n" * 3
    assert len(set(prints(rows, "a.csv"))) == 3
    assert set(prints(rows, "a.csv")) < set(prints(rows + "aspirin,drop\n", "a.csv"))


@pytest.mark.parametrize("name", ["a:b,c%.yaml", "a\nb.yaml", "::error::x.yaml"])
def test_an_annotation_cannot_be_broken_out_of(name: str) -> None:
    text = '{drug: aspirin, kind: "x\\n::error::boo%0A", bogus%0A: 1}'
    out = invoke("check", "-", "--stdin-filename", name, "--format", "github", stdin=text).stdout
    lines = out.splitlines()
    assert len(lines) == 2
    for line in lines:
        properties, _, message = line.removeprefix("::error ").partition("::")
        assert line.startswith("::error file=")
        assert re.fullmatch(r"file=[^,:]*,line=\d+,col=\d+,endColumn=\d+,title=RC10\d [a-z-]+", properties)
        assert "%" not in re.sub("%(25|0A|0D|3A|2C)", "", message)


def test_the_caret_stands_under_the_designation_in_a_longer_text() -> None:
    text = '{drug: heparin, route: IV, kind: dose, text: "5000 units IV QD for a week"}\n'
    lines = invoke("check", "-", "--stdin-filename", "a.yaml", "--select", "RC217", stdin=text).stdout.splitlines()
    caret = next(line for line in lines if "^" in line)
    source = lines[lines.index(caret) - 1]
    assert source[caret.index("^") : caret.rindex("^") + 1] == "QD"


def columns(text: str) -> int:
    """Return the columns of a terminal: told apart here by what the characters are, not by their properties."""
    return sum(0 if each in "\u0301\ufe0f" else 2 if "\u3000" <= each <= "\u9fff" else 1 for each in text)


LINES = {
    "tabs": ('- {drug: tirofiban,\ttext: "x\ty",\tkind: drop}', "drop"),
    "wide": ('- {drug: tirofiban, text: "\u8133\u5352\u4e2d", kind: drop}', "drop"),
    "marks": ('- {drug: tirofiban, text: "e\u0301e\u0301", kind: drop}', "drop"),
    "long before": ("- {drug: tirofiban, text: '" + "word " * 60 + "', kind: drop, id: '" + "z" * 90 + "'}", "drop"),
    "wide before": ('- {drug: tirofiban, text: "' + "\u8133" * 300 + '", kind: drop}', "drop"),
    "a long value": ("- {drug: tirofiban, kind: '" + "z" * 300 + "'}", None),
    "a wide value": ("- {drug: tirofiban, kind: '" + "\u8133" * 300 + "'}", None),
}


@pytest.mark.parametrize("name", LINES)
def test_a_caret_stands_under_its_columns_whatever_the_line_holds(name: str) -> None:
    line, marked = LINES[name]
    lines = invoke("check", "-", "--stdin-filename", "a.yaml", "--select", "RC107", stdin=line).stdout.splitlines()
    assert max(columns(each) for each in lines) <= 80
    caret = next(place for place, each in enumerate(lines) if "^" in each)
    above = lines[caret - 1]
    left = next(place for place in range(len(above)) if columns(above[:place]) == lines[caret].index("^"))
    assert marked is None or above[left:].startswith(marked)
    assert columns(above) >= len(lines[caret])
