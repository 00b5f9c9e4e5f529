"""`check --fix` and `--diff`: notation alone is written, in its own place, and everything else is judged as before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from rescuecalc.engine import notation_fixes
from rescuecalc.engine.notation_fixes import FixedFile, write_fixed
from tests.support import invoke, share

SCHEMA: Any = json.loads((Path(__file__).parent / "schema" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
SETS = sorted((Path(__file__).parent / "hospital").rglob("*.yaml"))
YAML = """\
order_set: Stroke unit   # ours
orders:
# the drip
- drug: tirofiban
  kind:   infusion
  route: IV
  dose_rate_per_kg: 0.10 µg/kg/min
  run_time: 24 h
  text: "0.1 µg/kg/min; flush 5cc, if plt <100 call; note QD"
- {drug: aspirin, route: PO, kind: dose, dose: 100.0 mg, frequency: QD, text: give 10000 units QD}
"""
FIXED_YAML = """\
order_set: Stroke unit   # ours
orders:
# the drip
- drug: tirofiban
  kind:   infusion
  route: IV
  dose_rate_per_kg: 0.1 mcg/kg/min
  run_time: 24 h
  text: "0.1 mcg/kg/min; flush 5 mL, if plt less than 100 call; note daily"
- {drug: aspirin, route: PO, kind: dose, dose: 100 mg, frequency: daily, text: give 10,000 units daily}
"""
FILES = {
    "a.yaml": (YAML, FIXED_YAML),
    "b.csv": (
        'drug,route,kind,dose,frequency,text\r\naspirin,PO,dose,100.0 mg,QD,"QD, 10000 units"\r\n',
        'drug,route,kind,dose,frequency,text\r\naspirin,PO,dose,100 mg,daily,"daily, 10,000 units"\r\n',
    ),
    "c.json": (
        '{"drug": "aspirin", "route": "PO", "kind": "dose", "dose": "100.0 mg", "text": "5cc \\u00e9 QD"}',
        '{"drug": "aspirin", "route": "PO", "kind": "dose", "dose": "100 mg", "text": "5 mL \\u00e9 daily"}',
    ),
    "d.jsonl": ('{"drug": "aspirin", "frequency": "QD"}\n', '{"drug": "aspirin", "frequency": "daily"}\n'),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> None:
    Path(name).write_bytes(text.encode())


def content(name: str) -> str:
    return Path(name).read_bytes().decode()


def other_findings(name: str) -> list[tuple[str, str]]:
    found = json.loads(invoke("check", name, "--json").stdout)["findings"]
    return sorted((each["code"], each["pointer"]) for each in found if not each["code"].startswith("RC2"))


@pytest.mark.parametrize("name", FILES)
def test_notation_is_fixed_in_its_place_and_once(name: str) -> None:
    before, after = FILES[name]
    write(name, before)
    told = other_findings(name)
    outcome = invoke("check", name, "--fix")
    assert content(name) == after
    assert f"note: {name}: " in outcome.stderr
    assert " of notation" in outcome.stderr
    assert other_findings(name) == told
    again = invoke("check", name, "--fix")
    assert (content(name), "notation" in again.stderr) == (after, False)
    assert invoke("check", name, "--diff").stdout == ""


def test_a_diff_shows_what_would_be_written_and_writes_nothing() -> None:
    write("d.jsonl", FILES["d.jsonl"][0])
    outcome = invoke("check", ".", "--diff")
    assert outcome.exit_code == 1
    assert outcome.stdout == (
        '--- d.jsonl\n+++ d.jsonl\n@@ -1 +1 @@\n-{"drug": "aspirin", "frequency": "QD"}\n'
        '+{"drug": "aspirin", "frequency": "daily"}\n'
    )
    assert content("d.jsonl") == FILES["d.jsonl"][0]
    write("d.jsonl", FILES["d.jsonl"][1])
    assert invoke("check", ".", "--diff").exit_code == 0


@pytest.mark.parametrize(
    "text",
    [
        "{drug: heparin, route: IV, kind: bolus, dose: 5.000 units}",  # 5 or 5,000
        "{drug: heparin, route: SC, kind: dose, dose: 5000 units}",  # SUBQ, or subcutaneously
        "{drug: heparin, route: IV, kind: bolus, dose: 5 cc}",  # a value that nobody could read
        "{drug: heparin, route: IV, kind: bolus, dose: '1,5 mg'}",
        "{drug: aspirin, text: Aggrastat and ASA}",  # names
        "{drug: aspirin, frequency: at HS}",  # at bedtime, or half-strength
    ],
)
def test_what_has_two_readings_or_is_no_notation_is_left(text: str) -> None:
    write("a.yaml", text)
    assert invoke("check", "a.yaml", "--diff").stdout == ""


def test_a_fix_that_would_be_judged_otherwise_is_left_and_the_others_are_made() -> None:
    rows = "drug,route,kind,dose,text\nheparin,IV,bolus,5000 units,give 10000 units QD\n"
    write("a.csv", rows)
    outcome = invoke("check", "a.csv", "--fix")
    assert content("a.csv") == rows.replace("QD", "daily")
    assert "a.csv: 1 fix of notation" in outcome.stderr
    assert "a.csv: not fixed: 1 would be judged differently" in outcome.stderr


def test_what_is_suppressed_or_accepted_is_left() -> None:
    comment = "# rescuecalc: ignore RC217 until 2099-01-01 because it is printed so\n"
    text = f"{comment}{{drug: aspirin, route: PO, dose: 100.0 mg, frequency: QD}}\n"
    write("a.yaml", text)
    invoke("check", "a.yaml", "--fix")
    assert content("a.yaml") == text.replace("100.0", "100")
    write("b.yaml", "{drug: aspirin, route: PO, dose: 100 mg, frequency: QD}\n")
    assert invoke("check", "b.yaml", "--diff", "--ignore", "RC217").stdout == ""


def test_a_link_and_a_file_that_changed_meanwhile_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.yaml", YAML)
    Path("link.yaml").symlink_to("a.yaml")
    outcome = invoke("check", "link.yaml", "--fix")
    assert "link.yaml: not fixed: it is a link; name the file itself" in outcome.stderr
    assert (content("a.yaml"), Path("link.yaml").is_symlink()) == (YAML, True)

    def changed(made: FixedFile, path: Path) -> str:
        write("a.yaml", "{drug: heparin}\n")
        return write_fixed(made, path)

    monkeypatch.setattr(notation_fixes, "write_fixed", changed)
    outcome = invoke("check", "a.yaml", "--fix")
    assert "a.yaml: not fixed: it changed during the run" in outcome.stderr
    assert content("a.yaml") == "{drug: heparin}\n"


def test_a_file_keeps_its_permissions_and_no_part_of_one_is_left() -> None:
    write("a.yaml", YAML)
    Path("a.yaml").chmod(0o640)
    invoke("check", "a.yaml", "--fix")
    assert Path("a.yaml").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in Path().iterdir()] == ["a.yaml"]


def test_what_is_not_plain_utf_8_is_left() -> None:
    Path("a.csv").write_bytes("drug,frequency,text\naspirin,QD,é\n".encode("cp1252"))
    Path("b.csv").write_bytes("\ufeffdrug,frequency\naspirin,QD\n".encode())
    before = {name: Path(name).read_bytes() for name in ("a.csv", "b.csv")}
    outcome = invoke("check", ".", "--fix")
    assert "b.csv: not fixed: it begins with a byte order mark" in outcome.stderr
    assert {name: Path(name).read_bytes() for name in before} == before


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("-", "--fix"), "- is standard input"),
        (("a.yaml", "--fix", "--diff"), "--fix and --diff are both given"),
        (("a.yaml", "--fix", "--write-baseline", "b.json"), "--write-baseline are both given"),
        (("a.yaml", "a.yaml", "--diff", "--compare"), "--compare are both given"),
    ],
)
def test_what_cannot_be_fixed_is_refused(args: tuple[str, ...], reason: str) -> None:
    write("a.yaml", YAML)
    outcome = invoke("check", *args, stdin="")
    assert (outcome.exit_code, outcome.stdout, reason in outcome.stderr) == (2, "", True)
    assert content("a.yaml") == YAML


def test_sarif_says_the_same_fixes() -> None:
    text = "{drug: aspirin, route: PO, kind: dose, dose: 100.0 mg, frequency: QD, text: 5000U then 5000U}\n"
    write("a.yaml", text)
    document = json.loads(invoke("check", "a.yaml", "--format", "sarif").stdout)
    Draft4Validator(SCHEMA).validate(document)
    replaced = [
        (each["deletedRegion"], each["insertedContent"]["text"])
        for result in document["runs"][0]["results"]
        for made in result.get("fixes", ())
        for change in made["artifactChanges"]
        for each in change["replacements"]
    ]
    assert len(replaced) == 4
    for region, new in sorted(replaced, key=lambda each: -each[0]["startColumn"]):
        assert region["startLine"] == 1
        text = text[: region["startColumn"] - 1] + new + text[region["endColumn"] - 1 :]
    assert text == (
        "{drug: aspirin, route: PO, kind: dose, dose: 100 mg, frequency: daily, text: 5000 units then 5000 units}\n"
    )


@pytest.mark.parametrize("file", share(SETS, 6), ids=lambda each: each.name)
def test_hospital_sets_are_judged_as_before(file: Path) -> None:
    Path(file.name).write_bytes(file.read_bytes())
    told = other_findings(file.name)
    invoke("check", file.name, "--fix")
    assert other_findings(file.name) == told
    assert invoke("check", file.name, "--diff").stdout == ""
