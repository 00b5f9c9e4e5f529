"""A settings file hides nothing in silence: it is named with what it leaves out, and loses to what is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from rescuecalc.settings.configuration import _above
from tests.support import invoke

if TYPE_CHECKING:
    from tests.support import Outcome

DOCS = Path(__file__).parent.parent / "docs"
OURS = (DOCS / "examples" / "our-hospital.toml").read_text("utf-8")
TENFOLD = (
    "{order_set: a, patient: {weight: 80 kg}, orders: [{drug: tirofiban, kind: infusion, dose_rate_per_kg: "
    "0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 144 mL/h, text: tirofiban QD, dose_per_kgg: 1 mcg/kg}]}\n"
)
EVERY = '["RC1", "RC2", "RC3", "RC4", "RC5", "RC6", "RC7", "RC9"]'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with a folder of one order set ten times too fast."""
    monkeypatch.chdir(tmp_path)
    Path("sets").mkdir()
    Path("sets/a.yaml").write_text(TENFOLD, encoding="utf-8")
    return tmp_path


def check(*args: str) -> Outcome:
    _above.cache_clear()  # as a new process would begin
    return invoke("check", "sets", "--as-of", "2026-11-24", *args)


def codes(*args: str) -> set[str]:
    return {each["code"] for each in check("--format", "json", *args).json["findings"]}


def used(*args: str) -> Any:
    return json.loads(check("--format", "json", *args).stdout)["settings"]


HOSTILE = {
    "ignore": ("rescuecalc.toml", f"ignore = {EVERY}\n"),
    "select": ("rescuecalc.toml", 'select = ["RC707"]\n'),
    "per-path-ignores": ("sets/rescuecalc.toml", f'[per-path-ignores]\n"*" = {EVERY}\n'),
    "pyproject.toml": ("pyproject.toml", f"[tool.rescuecalc]\nignore = {EVERY}\n"),
}


@pytest.mark.parametrize("way", HOSTILE)
def test_a_hostile_settings_file_is_named_and_loses_to_what_is_typed(way: str, here: Path) -> None:
    name, text = HOSTILE[way]
    alone = codes()
    Path(name).write_text(text, encoding="utf-8")
    path = str(here / name)

    assert check().exit_code == 1
    assert {"RC304", "RC904"} <= codes()
    assert f"settings:{path}:" in "".join(check().stdout.split())
    [file] = used()["files"]
    assert (file["file"], file["checked"], "RC217" in file["left_out"], "RC304" in file["left_out"]) == (
        path,
        1,
        True,
        False,
    )
    [told] = [each for each in check("--format", "json").json["findings"] if each["code"] == "RC904"]
    assert (told["file"], told["severity"]) == (path, "warning")

    assert {"RC217", "RC104"} <= codes("--select", "RC2")
    assert codes("--isolated") == alone
    assert used("--isolated")["files"] == []
    Path("own.toml").write_text('ignore = ["RC217"]\n', encoding="utf-8")
    assert codes("--config", "own.toml") == alone - {"RC217"}
    [file] = used("--config", "own.toml")["files"]
    assert (file["file"], file["left_out"]) == ("own.toml", ["RC217"])


@pytest.mark.usefixtures("here")
def test_a_protocol_of_the_settings_is_named_and_loses_to_what_is_typed() -> None:
    lax = OURS.replace("0.1 mcg/kg/min", "1.5 mcg/kg/min").replace("0.4 mcg/kg/min", "4 mcg/kg/min")
    Path("ours.toml").write_text(lax, encoding="utf-8")
    Path("rescuecalc.toml").write_text('protocol-files = ["ours.toml"]\n', encoding="utf-8")
    text = TENFOLD.replace("order_set: a", "order_set: a, protocol: our-hospital").replace("0.15", "1.5")
    Path("sets/a.yaml").write_text(text, encoding="utf-8")
    [file] = used()["files"]
    assert [Path(each).name for each in file["protocol_files"]] == ["ours.toml"]
    assert "protocols: " in " ".join(check().stdout.split())
    assert "RC419" not in codes()
    assert "RC419" in codes("--protocol", "rescue-bt-2022")
    assert "RC108" in codes("--isolated")
    Path("typed.toml").write_text(OURS, encoding="utf-8")
    assert "RC419" in codes("--protocol-file", "typed.toml")
    assert used("--protocol-file", "typed.toml")["typed"]["protocol_files"] == ["typed.toml"]


@pytest.mark.parametrize("name", ["../ours.toml", "{parent}/ours.toml", "link.toml", "linked/ours.toml"])
def test_a_protocol_outside_of_the_settings_is_used_only_when_it_is_typed(name: str, here: Path) -> None:
    (here / "ours.toml").write_text(OURS, encoding="utf-8")
    Path("sets/link.toml").symlink_to(here / "ours.toml")
    Path("sets/linked").symlink_to(here)
    Path("sets/rescuecalc.toml").write_text(f"protocol-files = ['{name.format(parent=here)}']\n", encoding="utf-8")
    outcome = check()
    assert (outcome.exit_code, outcome.stdout) == (3, "")
    assert "is outside of the folder of these settings" in outcome.stderr
    assert "--protocol-file" in outcome.stderr
    assert check("--isolated", "--protocol-file", "ours.toml", "--protocol", "our-hospital").exit_code == 1


@pytest.mark.usefixtures("here")
def test_a_protocol_below_the_settings_is_used() -> None:
    Path("sets/inner").mkdir()
    Path("sets/inner/ours.toml").write_text(OURS, encoding="utf-8")
    Path("sets/rescuecalc.toml").write_text('protocol-files = ["inner/../inner/ours.toml"]\n', encoding="utf-8")
    assert check("--protocol", "our-hospital").exit_code == 1


REASON = '[[suppress]]\npath = "*"\ncode = "RC3"\nuntil = "2027-01-01"\nbecause = "the pump is replaced"\n'


@pytest.mark.usefixtures("here")
def test_arithmetic_and_dose_are_left_out_with_a_reason_and_an_end() -> None:
    Path("rescuecalc.toml").write_text(REASON, encoding="utf-8")
    assert "RC304" not in codes()
    [told] = [each for each in check("--format", "json").json["findings"] if each["code"] == "RC901"]
    assert "RC304" in told["message"]
    [file] = used()["files"]
    assert file["suppress"] == [
        {"path": "*", "order": None, "code": "RC3", "until": "2027-01-01", "because": "the pump is replaced"}
    ]
    assert "suppresses RC3 in *" in check().stdout
    over = invoke("check", "sets", "--as-of", "2027-01-02", "--format", "json").json["findings"]
    assert {"RC304", "RC902"} <= {each["code"] for each in over}


@pytest.mark.usefixtures("here")
def test_settings_cannot_hide_what_was_suppressed() -> None:
    Path("rescuecalc.toml").write_text(f'ignore = ["RC9"]\n{REASON}', encoding="utf-8")
    assert {"RC901", "RC904"} <= codes()
    assert "RC901" not in codes("--ignore", "RC9")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (REASON.replace("RC3", "RC999"), "unknown rule or family 'RC999'"),
        (REASON.replace("RC3", "RC0"), "unknown rule or family 'RC0'"),
        (REASON.replace("RC3", "RC"), "is no rule's code"),
        (REASON.replace('until = "2027-01-01"\n', ""), "until: is missing"),
        ('[per-path-ignores]\n"*" = ["RC31O"]\n', "per-path-ignores: unknown rule or family"),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_the_settings_leave_out_is_a_rule_that_there_is(text: str, said: str) -> None:
    Path("rescuecalc.toml").write_text(text, encoding="utf-8")
    outcome = check()
    assert (outcome.exit_code, said in outcome.stderr) == (3, True)


@pytest.mark.parametrize(
    ("settings", "in_vain"),
    [
        ('ignore = ["RC2", "RC405"]', {"ignore": ["RC405"]}),
        ('select = ["RC2"]', {"select": ["RC3", "RC4"]}),
        ('select = ["RC3", "RC4"]', {}),
        ('[per-path-ignores]\n"elsewhere" = ["RC304", "RC2"]', {"per-path-ignores": ["RC304"]}),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_is_left_out_in_vain_is_reported(settings: str, in_vain: dict[str, list[str]]) -> None:
    Path("rescuecalc.toml").write_text(f"{settings}\n", encoding="utf-8")
    [file] = used()["files"]
    assert {each["key"]: each["codes"] for each in file["without_effect"]} == in_vain
    assert ("RC904" in codes()) is bool(in_vain)
    assert used("--select", "RC3")["files"][0]["without_effect"] == []


@pytest.mark.parametrize("form", ["jsonl", "sarif", "junit", "github"])
@pytest.mark.usefixtures("here")
def test_every_other_format_has_the_settings_on_stderr(form: str) -> None:
    Path("rescuecalc.toml").write_text('ignore = ["RC217"]\n', encoding="utf-8")
    outcome = check("--format", form)
    assert "rescuecalc.toml: leaves out RC217" in outcome.stderr
    assert check("--format", form, "--isolated").stderr == ""


@pytest.mark.usefixtures("here")
def test_the_settings_fit_the_schema_of_the_document() -> None:
    Path("rescuecalc.toml").write_text(f'ignore = ["RC3", "RC1"]\nfail-on = "note"\n{REASON}', encoding="utf-8")
    [schema] = (DOCS / "schema").glob("rescuecalc.check.*.json")
    for args in ((), ("--isolated",), ("--select", "RC2", "--fail-on", "note", "--protocol", "us-label")):
        jsonschema.validate(json.loads(check("--format", "json", *args).stdout), json.loads(schema.read_text("utf-8")))


@pytest.mark.usefixtures("here")
def test_no_settings_and_the_settings_of_a_file_exclude_each_other() -> None:
    Path("pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert check("--isolated", "--config", "pyproject.toml").exit_code == 2
    assert check("--config", "pyproject.toml").exit_code == 3
    assert check("--config", "nowhere.toml").exit_code == 3


NAMED = "{order_set: a, version: 1, approved: 2026-01-01"
UNREAD = {
    "an unknown field": ("{drug: tirofiban, dose_per_kgg: 10 mcg/kg}", "RC104"),
    "a decimal comma": ("{drug: tirofiban, dose: '8,00 mcg'}", "RC201"),
    "an unknown unit": ("{drug: tirofiban, volume: 5 cc}", "RC202"),
    "a list for a text": ("{drug: tirofiban, dose: [800 mcg]}", "RC105"),
    "a field written twice": ("{drug: tirofiban, dose: 800 mcg, dose: 80 mcg}", "RC103"),
    "a route that is none": ("{drug: tirofiban, route: drip}", "RC107"),
    "a time without a sign": ("{drug: tirofiban, start: 20 h}", "RC109"),
    "an empty entry": (f"{NAMED}, orders: [{{drug: aspirin}}, null]}}", "RC106"),
    "an order without a drug": (f"{NAMED}, orders: [{{route: IV, kind: bolus, dose: 9 g}}]}}", "RC106"),
    "a protocol that there is not": (
        f"{NAMED}, protocol: rescue-bt-2023, orders: [{{drug: aspirin}}]}}",
        "RC108",
    ),
    "a drug misspelt": ("{drug: tirofibon}", "RC112"),
    "a flow without a strength": ("{drug: tirofiban, kind: infusion, route: IV, pump_rate: 900 mL/h}", "RC712"),
    "an eGFR": ("{drug: tirofiban, when: {creatinine_clearance: '> 60 mL/min/1.73m2'}}", "RC515"),
}


@pytest.mark.parametrize("kind", UNREAD)
def test_what_could_not_be_read_is_reported_whatever_is_selected(kind: str) -> None:
    text, code = UNREAD[kind]
    for select in ("RC3", "RC707"):
        found = invoke("check", "-", "--select", select, "--format", "json", stdin=text)
        assert (found.exit_code, [each["code"] for each in found.json["findings"]]) == (1, [code])


@pytest.mark.parametrize("kind", UNREAD)
def test_what_could_not_be_read_and_is_ignored_is_counted(kind: str) -> None:
    text, code = UNREAD[kind]
    made = invoke("check", "-", "--select", "RC3", "--ignore", code, "--format", "json", stdin=text).json
    assert (made["findings"], made["settings"]["unread_left_out"]) == ([], {code: 1})
    page = " ".join(invoke("check", "-", "--select", "RC3", "--ignore", code, stdin=text).stdout.split())
    assert f"not listed: 1 finding about what could not be read and was not judged ({code})" in page


@pytest.mark.usefixtures("here")
def test_what_could_not_be_read_and_is_suppressed_is_counted() -> None:
    entry = '[[suppress]]\npath = "*"\ncode = "RC2"\nuntil = "9999-12-31"\nbecause = "x"\n'
    Path("rescuecalc.toml").write_text(entry, encoding="utf-8")
    Path("sets/a.yaml").write_text("{drug: tirofiban, kind: bolus, dose: '8,00 mcg'}", encoding="utf-8")
    made = check("--select", "RC3", "--format", "json").json
    assert (made["findings"], made["settings"]["unread_left_out"]) == ([], {"RC201": 1})
    assert "could not be read and was not judged (RC201)" in " ".join(check("--select", "RC3").stdout.split())


@pytest.mark.usefixtures("here")
def test_a_table_of_settings_that_is_none_is_refused() -> None:
    Path("pyproject.toml").write_text("[tool]\nrescuecalc = 5\n", encoding="utf-8")
    outcome = check()
    assert (outcome.exit_code, "tool.rescuecalc is not a table" in outcome.stdout + outcome.stderr) == (3, True)


@pytest.mark.parametrize(
    ("name", "text", "pointer"),
    [
        ("a.yaml", "order_set: a\norders:\n-\n- {drug: aspirin}\n", "/orders/0"),
        ("a.yaml", "order_set: a\norders: [{drug: aspirin}, null]\n", "/orders/1"),
        ("a.yaml", "order_set: a\norders: [{drug: aspirin}, ~]\n", "/orders/1"),
        ("a.yaml", "order_set: a\norders: [{drug: aspirin}, '']\n", "/orders/1"),
        ("a.json", '{"order_set": "a", "orders": [null, {"drug": "aspirin"}]}', "/orders/0"),
        ("a.json", '{"order_set": "a", "orders": ["", {"drug": "aspirin"}]}', "/orders/0"),
        ("a.json", '{"order_set": "a", "orders": [" ", {"drug": "aspirin"}]}', "/orders/0"),
        ("a.json", '{"order_set": "a", "orders": [[], {"drug": "aspirin"}]}', "/orders/0"),
        ("a.json", '{"order_set": "a", "orders": [{}, {"drug": "aspirin"}]}', "/orders/0"),
        ("a.jsonl", '{"order_set": "a", "orders": [null, {"drug": "aspirin"}]}\n', "/orders/0"),
        ("a.json", '{"resourceType": "Bundle", "type": "collection", "entry": [null]}', "/entry/0"),
        ("a.json", '{"resourceType": "PlanDefinition", "action": [null, {"title": "x"}]}', "/action/0"),
        (
            "a.json",
            (
                '{"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "aspirin"}, '
                '"dosageInstruction": [null]}'
            ),
            "/dosageInstruction/0",
        ),
        ("a.yaml", "order_set: a\norders: [{drug: aspirin}]\nmonitoring:\n-\n", "/monitoring/0"),
        ("a.yaml", "order_set: a\norders: [{drug: aspirin}]\nstop_if: [bleeding, ]\n", None),
        ("a.yaml", "order_set: a\norders: [{drug: aspirin}]\nstop_if: [bleeding, '']\n", "/stop_if/1"),
    ],
)
def test_an_empty_entry_is_a_missing_field_and_not_passed_over(name: str, text: str, pointer: str | None) -> None:
    outcome = invoke("check", "-", "--stdin-filename", name, "--select", "RC1", "--format", "json", stdin=text)
    at = [each["pointer"] for each in outcome.json["findings"] if each["code"] == "RC106"]
    assert (at, outcome.exit_code) == (([pointer], 1) if pointer else ([], 0))
