"""What a team has settled: suppressions in the file, the baseline, the settings file; and a day of such a team."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import Outcome, invoke

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
ORDER = "{id: a, drug: heparin, route: IV, kind: dose, dose: 5000 units, text: 5000 units QD}"
REASON = "because the system prints daily in full"
DAY = ("--as-of", "2026-11-24")


def codes(outcome: Outcome) -> list[str]:
    return [each["code"] for each in outcome.json["findings"]]


def checked(text: str, *more: str) -> Outcome:
    return invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", *DAY, *more, stdin=text)


COMMENT = f"# rescuecalc: ignore RC217 until 2027-03-31 {REASON}"
PLACES = {
    "behind the order": f"order_set: a\norders:\n  - {ORDER} {COMMENT}\n",
    "above the order": f"order_set: a\norders:\n  # why it stands\n  {COMMENT}\n  # and more\n\n  - {ORDER}\n",
    "above an order of many lines": (
        f"order_set: a\norders:\n  {COMMENT}\n  - id: a\n    drug: heparin\n    text: 1 unit QD\n"
    ),
    "at the top": f"{COMMENT}\norder_set: a\norders:\n  - {ORDER}\n",
    "behind the field": f"order_set: a\norders:\n  - id: a\n    drug: heparin\n    text: 1 unit QD {COMMENT}\n",
    "in small letters": f"order_set: a\norders:\n  - {ORDER} {COMMENT.replace('RC217', 'rc217, RC210')}\n",
}


@pytest.mark.parametrize("name", PLACES)
def test_a_suppression_covers_its_line_the_next_order_or_the_file(name: str) -> None:
    outcome = checked(PLACES[name], "--select", "RC2,RC901", "--fail-on", "warning")
    assert (codes(outcome), outcome.exit_code) == (["RC901"], 0)
    [told] = outcome.json["findings"]
    assert told["severity"] == "note"
    assert told["message"].startswith(f"suppressed until 2027-03-31 {REASON}: RC217 ")
    assert outcome.json["summary"]["suppressed"] == 1


@pytest.mark.parametrize(
    "text",
    [
        f"order_set: a\norders:\n  - {ORDER}\n  {COMMENT}\n  - {{id: b, drug: aspirin}}\n",
        f"order_set: a\n{COMMENT}\nversion: 1\norders:\n  - {ORDER}\n",
        f"order_set: a # {COMMENT.replace('217', '218')}\norders:\n  - {ORDER}\n",
        f"order_set: 'a {COMMENT}'\norders:\n  - {ORDER}\n",
        f"order_set: |\n  a\n  {COMMENT}\norders:\n  - {ORDER}\n",
        f'order_set: "a\n  {COMMENT}"\norders:\n  - {ORDER}\n',
    ],
)
def test_a_suppression_elsewhere_or_inside_a_value_covers_nothing(text: str) -> None:
    assert "RC217" in codes(checked(text, "--select", "RC2"))


def test_an_expired_suppression_is_told_beside_its_finding() -> None:
    text = PLACES["behind the order"]
    outcome = invoke("check", "-", "--format", "json", "--select", "RC2,RC9", "--as-of", "2027-04-01", stdin=text)
    assert sorted(codes(outcome)) == ["RC217", "RC902"]
    last = invoke("check", "-", "--format", "json", "--select", "RC2,RC9", "--as-of", "2027-03-31", stdin=text)
    assert codes(last) == ["RC901"]
    [over] = [each for each in outcome.json["findings"] if each["code"] == "RC902"]
    assert (over["line"], over["severity"]) == (3, "warning")


@pytest.mark.parametrize(
    "said",
    ["ignore RC217", "ignore RC217 until 2027-03-31", f"ignore RC217 {REASON}", f"ignore RC217 until soon {REASON}",
     f"ignore RC999 until 2027-03-31 {REASON}", f"ignore RC2 until 2027-03-31 {REASON}", "please",
     f"ignore RC217 until 2027-02-30 {REASON}"],
)  # fmt: skip
def test_without_reason_end_or_code_a_suppression_has_no_effect(said: str) -> None:
    outcome = checked(f"order_set: a\norders:\n  - {ORDER} # rescuecalc: {said}\n", "--select", "RC2,RC9")
    assert sorted(codes(outcome)) == ["RC217", "RC904"]


def test_a_suppression_that_nothing_needs_is_told_but_not_of_rules_that_are_not_judged() -> None:
    text = f"order_set: a\norders:\n  - {{id: a, drug: heparin}} {COMMENT}\n"
    assert codes(checked(text, "--select", "RC2,RC9")) == ["RC903"]
    assert codes(checked(text, "--select", "RC3,RC9")) == []


def test_what_could_not_be_read_is_never_let_stand() -> None:
    text = f"{COMMENT.replace('RC217', 'RC101')}\norder_set: a\norders: [{{drug: aspirin}}]\n---\n{{\n"
    outcome = checked(text)
    assert outcome.exit_code == 3
    assert "RC101" in codes(outcome)


SET = """order_set: Set {number}
version: "1"
approved: 2026-03-01
patient: {{weight: {weight} kg}}
orders:
  - id: drip
    drug: heparin
    route: IV
    kind: infusion
    dose_rate_per_kg: 12 units/kg/h
    concentration: 100 units/mL
    pump_rate: {rate} mL/h
    text: {text}
"""


def write_sets(folder: Path) -> None:
    """Write 40 order sets; 25 of them hold one old finding each."""
    for number in range(40):
        weight = 50 + number
        text = "heparin infusion QD" if number < 15 else "heparin infusion"
        rate = weight * 12 / 100 * (10 if 15 <= number < 25 else 1)
        made = SET.format(number=number, weight=weight, rate=f"{rate:g}", text=text)
        (folder / f"set-{number:02}.yaml").write_text(made, encoding="utf-8")


def test_a_teams_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "orders"
    folder.mkdir()
    write_sets(folder)
    monkeypatch.chdir(tmp_path)
    run = ("check", "orders", "--format", "json", *DAY)
    old = invoke(*run)
    assert old.exit_code == 1
    assert sum(each["severity"] != "note" for each in old.json["findings"]) == 25

    wrote = invoke(*run, "--write-baseline", "baseline.json")
    assert wrote.exit_code == 0
    assert "findings written as the baseline" in wrote.stderr
    quiet = invoke(*run, "--baseline", "baseline.json")
    assert (quiet.exit_code, quiet.json["findings"]) == (0, [])
    assert quiet.json["summary"]["in_baseline"] == len(old.json["findings"])

    slipped = folder / "set-30.yaml"
    good = slipped.read_text("utf-8")
    slipped.write_text(good.replace("pump_rate: 9.6 ", "pump_rate: 96 "), encoding="utf-8")
    moved = folder / "set-20.yaml"
    moved.write_text("# moved\n\n\n" + moved.read_text("utf-8"), encoding="utf-8")
    new = invoke(*run, "--baseline", "baseline.json")
    assert new.exit_code == 1
    [finding] = new.json["findings"]
    assert (finding["code"], finding["file"], finding["factor"]) == ("RC304", str(Path("orders") / "set-30.yaml"), 10)

    slipped.write_text(good, encoding="utf-8")
    fixed = invoke(*run, "--baseline", "baseline.json")
    assert (fixed.exit_code, fixed.json["findings"]) == (0, [])

    mended = folder / "set-03.yaml"
    mended.write_text(mended.read_text("utf-8").replace("QD", "daily"), encoding="utf-8")
    told = invoke(*run, "--baseline", "baseline.json")
    assert told.exit_code == 0
    assert [(each["code"], each["file"]) for each in told.json["findings"]] == [
        ("RC905", str(Path("orders") / "set-03.yaml"))
    ]
    # The same files from another folder, and only some of them.
    monkeypatch.chdir(folder)
    assert codes(invoke("check", "set-20.yaml", "--format", "json", *DAY, "--baseline", "../baseline.json")) == []


def test_a_finding_that_is_known_once_is_new_when_it_comes_twice(tmp_path: Path) -> None:
    file, base = tmp_path / "a.csv", str(tmp_path / "b.json")
    row = "heparin,5000 units QD\n"
    file.write_text("drug,text\n" + row, encoding="utf-8")
    run = ("check", str(file), "--format", "json", "--select", "RC217", *DAY)
    invoke(*run, "--write-baseline", base)
    assert codes(invoke(*run, "--baseline", base)) == []
    file.write_text("drug,text\nheparin,\n" + row + row, encoding="utf-8")
    [new] = invoke(*run, "--baseline", base).json["findings"]
    assert new["line"] == 4


BASELINE = (
    '{"schema": "rescuecalc.baseline.1", "findings": [{"file": %s, "code": "b", "fingerprint": "c", "count": %s}]}'
)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "rescuecalc.baseline.2", "findings": []}', "[" * 100_000,
             BASELINE % ('"a"', 0), BASELINE % (1, 1), BASELINE % ('"a"', "1" + "0" * 30)],
)  # fmt: skip
def test_a_baseline_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    file.write_text(text, encoding="utf-8")
    outcome = invoke("check", "-", "--baseline", str(file), stdin="{drug: aspirin}")
    assert (outcome.exit_code, outcome.stdout) == (3, "")
    assert "is not a baseline" in outcome.stderr


def test_baselines_that_are_missing_or_given_both_ways_are_refused(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.json")
    assert invoke("check", "-", "--baseline", missing, stdin="{drug: aspirin}").exit_code == 3
    both = invoke("check", "-", "--baseline", missing, "--write-baseline", missing, stdin="{drug: aspirin}")
    assert both.exit_code == 2
    nowhere = invoke("check", "-", "--write-baseline", str(tmp_path / "no" / "b.json"), stdin="{drug: aspirin}")
    assert nowhere.exit_code == 3


def test_a_baseline_keeps_nothing_of_the_patient(tmp_path: Path) -> None:
    base = tmp_path / "b.json"
    text = "{order_set: Meier, patient: {weight: 81.7 kg}, orders: [{id: x, drug: heparin, text: 81.7 kg QD}]}"
    invoke("check", "-", "--write-baseline", str(base), stdin=text)
    assert "81.7" not in base.read_text("utf-8")
    assert "Meier" not in base.read_text("utf-8")


SLIP = "{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, text: tirofiban QD}\n"


def site(tmp_path: Path, text: str, name: str = "rescuecalc.toml") -> Path:
    folder = tmp_path / "sets"
    folder.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    (folder / "a.yaml").write_text(SLIP, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "head"), [("rescuecalc.toml", ""), ("pyproject.toml", "[project]\nname = 'x'\n[tool.rescuecalc]\n")]
)
def test_settings_select_ignore_and_fail(name: str, head: str, tmp_path: Path) -> None:
    text = 'select = ["RC2", "RC3", "RC4"]\nignore = ["RC210"]\nfail-on = "warning"\n'
    folder = site(tmp_path, head + text, name)
    (folder / "a.yaml").write_text(SLIP.replace("tirofiban QD", "800 \u00b5g QD"), encoding="utf-8")
    outcome = invoke("check", str(folder), "--format", "json")
    assert (codes(outcome), outcome.exit_code) == (["RC401", "RC217"], 1)
    assert invoke("check", str(folder), "--fail-on", "error").exit_code == 0
    assert "RC210" in codes(invoke("check", str(folder), "--format", "json", "--ignore", "RC217"))
    assert "RC210" in codes(invoke("check", str(folder), "--format", "json", "--select", "RC2"))
    assert codes(invoke("check", str(folder), "--format", "json", "--select", "RC406")) == []


def test_the_nearest_settings_count_for_each_file(tmp_path: Path) -> None:
    folder = site(tmp_path, 'select = ["RC2", "RC3", "RC4"]\nfail-on = "warning"\n')
    inner = folder / "inner"
    inner.mkdir()
    (inner / "rescuecalc.toml").write_text('select = ["RC3", "RC4"]\n', encoding="utf-8")
    (inner / "b.yaml").write_text(SLIP, encoding="utf-8")
    outcome = invoke("check", str(folder), "--format", "json")
    assert [(each["code"], each["file"][-6:]) for each in outcome.json["findings"]] == [
        ("RC401", "a.yaml"),
        ("RC217", "a.yaml"),
        ("RC401", "b.yaml"),
    ]
    assert outcome.exit_code == 1
    assert invoke("check", str(inner), "--format", "json").exit_code == 0


def test_ignores_and_suppressions_of_a_path(tmp_path: Path) -> None:
    folder = site(tmp_path, '[per-path-ignores]\n"sets/*.yaml" = ["RC2"]\n"other/**" = ["RC4"]\n')
    assert "RC217" not in codes(invoke("check", str(folder), "--format", "json"))
    said = '[[suppress]]\npath = "sets"\ncode = "RC217"\nuntil = "2027-01-01"\nbecause = "old system"\n'
    site(tmp_path, said)
    settled()
    (folder / "a.json").write_text('{"drug": "heparin", "text": "5 units QD"}', encoding="utf-8")
    outcome = invoke("check", str(folder), "--format", "json", "--select", "RC217,RC9", *DAY)
    assert codes(outcome) == ["RC901", "RC901"]
    over = invoke("check", str(folder), "--format", "json", "--select", "RC217,RC9", "--as-of", "2027-01-02")
    assert sorted(codes(over)) == ["RC217", "RC217", "RC902", "RC902"]
    unused = invoke("check", str(folder / "a.json"), "--format", "json", "--select", "RC217,RC9", *DAY)
    assert codes(unused) == ["RC901"]
    (folder / "a.json").write_text('{"drug": "heparin"}', encoding="utf-8")
    unused = invoke("check", str(folder / "a.json"), "--format", "json", "--select", "RC217,RC9", *DAY)
    assert [(each["code"], each["file"][-15:]) for each in unused.json["findings"]] == [("RC903", "rescuecalc.toml")]


def settled() -> None:
    """Forget what was read of settings files, as a new process would."""
    from rescuecalc.settings.configuration import _above  # noqa: PLC0415

    _above.cache_clear()


@pytest.fixture(autouse=True)
def _fresh() -> None:
    settled()


LIMITS = (
    '[limits]\nsource = "Pump policy 2026-04"\nusual_weight = {from = "45 kg", to = "120 kg"}\npump_rate = "500 mL/h"\n'
)


def test_site_limits_are_the_measure_and_are_cited(tmp_path: Path) -> None:
    folder = site(tmp_path, LIMITS)
    text = "{order_set: a, patient: {weight: 130 kg}, orders: [{drug: heparin, kind: infusion, pump_rate: 600 mL/h}]}"
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    found = {each["code"]: each for each in invoke("check", str(folder), "--format", "json").json["findings"]}
    assert {"RC406", "RC310"} <= found.keys()
    assert (found["RC310"]["expected"], found["RC310"]["expected_range"]["high"]) == (None, "500 mL/h")
    assert found["RC406"]["sources"][0]["title"] == "Pump policy 2026-04"
    (tmp_path / "rescuecalc.toml").unlink()
    settled()
    assert not {"RC406", "RC310"} & set(codes(invoke("check", str(folder), "--format", "json")))


def test_site_protocols_and_products_are_known(tmp_path: Path) -> None:
    folder = site(tmp_path, 'protocol-files = ["ours.toml"]\n[products.tirofiban]\ninfusion = "bag-250"\n')
    (tmp_path / "ours.toml").write_text((EXAMPLES / "our-hospital.toml").read_text("utf-8"), encoding="utf-8")
    text = (
        "{order_set: a, protocol: our-hospital, patient: {weight: 80 kg}, orders: [{drug: tirofiban, kind: infusion,"
        " dose_rate_per_kg: 0.1 mcg/kg/min, pump_rate: 96 mL/h, run_time: 24 h}]}"
    )
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    outcome = invoke("check", str(folder), "--format", "json", "--select", "RC1,RC3")
    [finding] = outcome.json["findings"]
    assert (finding["code"], finding["factor"]) == ("RC304", 10)
    assert finding["message"].endswith("taken as bag-250, from rescuecalc.toml")
    settled()
    assert codes(invoke("check", "-", "--format", "json", "--select", "RC1,RC3", stdin=text)) == ["RC108"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("selekt = []\n", "did you mean select"),
        ("select = 'RC2'\n", "is not a list of texts"),
        ('select = ["RC31O"]\n', "did you mean"),
        ('fail-on = "sometimes"\n', "fail-on"),
        ('[limits]\npump_rate = "500 mL/h"\n', "limits.source: is missing"),
        ('[limits]\nsource = "x"\npump_rat = "500 mL/h"\n', "did you mean pump_rate"),
        ('[limits]\nsource = "x"\npump_rate = "500"\n', "limits.pump_rate"),
        ('[[suppress]]\npath = "*"\ncode = "RC204"\nuntil = "2027-01-01"\n', "because: is missing"),
        ('[[suppress]]\npath = "*"\ncode = "RC204"\nuntil = "soon"\nbecause = "x"\n', "as a date"),
        ('[products.tirofiban]\ninfusion = "bag-25"\n', "unknown product"),
        ('protocol-files = ["nowhere.toml"]\n', "nowhere.toml: cannot be read"),
        ('[columns]\nlibrary = "a.csv"\n', "columns.library: is a setting of the whole file"),
        ('[per-path-ignores]\nselect = ["RC2"]\n', "write it above the first [table]"),
        ("select = [\n", "is not TOML"),
    ],
)
def test_settings_that_cannot_be_read_are_refused(text: str, said: str, tmp_path: Path) -> None:
    outcome = invoke("check", str(site(tmp_path, text)))
    assert outcome.exit_code == 3
    assert said in outcome.stderr
    assert "rescuecalc.toml" in outcome.stderr or "nowhere.toml" in outcome.stderr


def test_the_documented_settings_are_read(tmp_path: Path) -> None:
    page = (EXAMPLES.parent / "settings.md").read_text("utf-8")
    folder = site(tmp_path, page.split("```toml\n")[1].split("```")[0])
    (tmp_path / "our-hospital.toml").write_text((EXAMPLES / "our-hospital.toml").read_text("utf-8"), encoding="utf-8")
    rows = "care_area,drug,amount,volume,dose_unit,hard_max\nNICU,tirofiban,12.5 mg,250 mL,mcg/kg/min,0.2\n"
    (tmp_path / "library.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "icu-columns.toml").write_text((EXAMPLES / "icu-columns.toml").read_text("utf-8"), encoding="utf-8")
    [shown] = invoke("check", str(folder), "--show-settings", "--format", "json").json["settings"]
    packaged = {name for name, value in shown["values"].items() if value["from"] == "rescuecalc"}
    assert shown["values"]["protocol-files"]["value"] == ["our-hospital"]
    assert shown["values"]["limits.pump_rate"]["value"] == "500 mL/h"
    assert "select" not in packaged
    assert {name for name in packaged if not name.startswith("limits.")} == {"per-path-ignores"}
    [written] = [part.split("```")[0] for part in page.split("```yaml\n")[1:]]
    assert codes(checked(written, "--select", "RC2,RC9")) == ["RC901"]


def test_settings_are_shown_with_where_each_comes_from(tmp_path: Path) -> None:
    folder = site(tmp_path, 'ignore = ["RC2"]\n' + LIMITS)
    outcome = invoke("check", str(folder), "--show-settings", "--format", "json", "--fail-on", "note")
    [shown] = outcome.json["settings"]
    file = str(tmp_path / "rescuecalc.toml")
    assert shown["settings_file"] == file
    assert shown["values"]["ignore"] == {"value": ["RC2"], "from": file}
    assert shown["values"]["fail-on"] == {"value": "note", "from": "command line"}
    assert shown["values"]["limits.pump_rate"] == {"value": "500 mL/h", "from": file}
    assert shown["values"]["limits.pump_step"]["from"] == "rescuecalc"
    page = invoke("check", str(folder), "--show-settings")
    assert (page.exit_code, max(map(len, page.stdout.splitlines())) <= 80 + len(file)) == (0, True)
    assert invoke("check", "--show-settings").exit_code == 0
    assert invoke("check").exit_code == 2


def test_junit_carries_every_finding_and_counts_what_fails(tmp_path: Path) -> None:
    folder = site(tmp_path, "")
    (folder / "b.yaml").write_text("order_set: [", encoding="utf-8")
    (folder / "c.yaml").write_text("{drug: aspirin}", encoding="utf-8")
    plain = invoke("check", str(folder), "--format", "json", "--fail-on", "warning").json["findings"]
    root = ET.fromstring(invoke("check", str(folder), "--format", "junit", "--fail-on", "warning").stdout)  # noqa: S314
    suites = {suite.get("name", "")[-6:]: suite for suite in root}
    assert set(suites) == {"a.yaml", "b.yaml", "c.yaml"}
    cases = [case for suite in root for case in suite]
    assert sum("no findings" not in (case.get("name") or "") for case in cases) == len(plain)
    assert [case.get("name") for case in suites["c.yaml"]] == ["no findings"]
    assert (suites["b.yaml"].get("errors"), len(suites["b.yaml"].findall("testcase/error"))) == ("1", 1)
    heavy = [each for each in plain if each["severity"] != "note" and each["file"].endswith("a.yaml")]
    assert suites["a.yaml"].get("failures") == str(len(heavy))
    assert len(suites["a.yaml"].findall("testcase/failure")) == len(heavy)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_junit_is_xml_whatever_stands_in_the_file(text: str) -> None:
    order = json.dumps({"drug": "aspirin", "kind": text, text: "1"})
    out = invoke("check", "-", "--stdin-filename", "a.json", "--format", "junit", stdin=order).stdout
    assert ET.fromstring(out).tag == "testsuites"  # noqa: S314


def test_every_format_tells_of_suppressed_findings() -> None:
    text = PLACES["behind the order"]
    for name in ("text", "json", "jsonl", "junit", "sarif", "github"):
        outcome = invoke("check", "-", "--format", name, "--select", "RC217,RC9", *DAY, stdin=text)
        assert "RC901" in outcome.stdout
