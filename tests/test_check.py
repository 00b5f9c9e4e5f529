"""`check`: what it reads, what it says of it, how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.engine import lint_runner, verdict_cache
from tests.support import Outcome, invoke

if TYPE_CHECKING:
    from rescuecalc.readers.document_reading import Reading

SET = """\
order_set: Rescue
patient: {weight: 80 kg}
orders:
  - {id: drip, drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min,
     concentration: 50 mcg/mL, pump_rate: 144 mL/h}
"""
AS_JSON = {
    "order_set": "Rescue",
    "patient": {"weight": "80 kg"},
    "orders": [
        {
            "id": "drip",
            "drug": "tirofiban",
            "kind": "infusion",
            "dose_rate_per_kg": "0.15 mcg/kg/min",
            "concentration": "50 mcg/mL",
            "pump_rate": "144 mL/h",
        }
    ],
}
AS_CSV = (
    "order_set,patient_weight,id,drug,kind,dose_rate_per_kg,concentration,pump_rate\n"
    "Rescue,80 kg,drip,tirofiban,infusion,0.15 mcg/kg/min,50 mcg/mL,144 mL/h\n"
)


def checked(text: str, *more: str, name: str = "set.yaml") -> Outcome:
    return invoke("check", "-", "--stdin-filename", name, "--format", "json", *more, stdin=text)


def found(text: str, *more: str, name: str = "set.yaml") -> list[Any]:
    return list(checked(text, *more, name=name).json["findings"])


@pytest.mark.parametrize(
    ("text", "name", "line", "column"),
    [
        (SET, "set.yaml", 5, 43),
        (json.dumps(AS_JSON, indent=2), "set.json", 13, 20),
        (json.dumps(AS_JSON), "set.jsonl", 1, json.dumps(AS_JSON).index('"144 mL/h"') + 1),
        (AS_CSV, "set.csv", 2, 64),
    ],
)
def test_the_same_set_in_every_format_has_the_same_finding_at_its_place(
    text: str, name: str, line: int, column: int
) -> None:
    [finding] = found(text, "--select", "RC304", name=name)
    assert (finding["line"], finding["column"]) == (line, column)
    assert finding["pointer"] == "/orders/0/pump_rate"
    assert (finding["found"], finding["expected"], finding["file"]) == ("144 mL/h", "14.4 mL/h", name)


@pytest.mark.parametrize("text", [SET, json.dumps(AS_JSON), json.dumps(AS_JSON) + "\n" + json.dumps(AS_JSON), AS_CSV])
def test_the_format_of_standard_input_is_told_by_its_first_line(text: str) -> None:
    outcome = invoke("check", "-", "--format", "json", "--select", "RC304", stdin=text)
    assert {finding["code"] for finding in outcome.json["findings"]} == {"RC304"}


UNREADABLE = [
    ("set.yaml", "", 1),
    ("set.yaml", "   \n\n", 1),
    ("set.yaml", "# nothing yet\n", 1),
    ("set.yaml", "---\n---\n", 1),
    ("set.yaml", "order_set: [}", 1),
    ("set.yaml", "orders: &a []\nother: *a", 1),
    ("set.yaml", "drug: tirofiban\ndose: !!str 5 mg", 2),
    ("set.yaml", "drug: tirofiban\n? [a]\n: b", 2),
    ("set.yaml", "[" * 100_000, 1),
    ("set.yaml", "drug: tirofiban\ndose: \x07", None),
    ("set.yaml", "just a text", 1),
    ("set.yaml", "[]", 1),
    ("set.yaml", "services: {db: {image: postgres}}", 1),
    ("set.yaml", "drug: " + "x" * 10_000_000, None),
    ("set.json", "", 1),
    ("set.json", "[" + '{"drug": "a"},' * 50_000 + '{"drug": "a"}]', 1),
    ("set.yaml", "drug: a\n---\n" * 2_001, None),
    ("set.yaml", "order_set: a\norders: [" + "{drug: a}, " * 2_001 + "]", 1),
    ("set.json", '{"drug": "tirofiban"', 1),
    ("set.json", '{"drug": "tirofiban",}', 1),
    ("set.json", '[{"drug": "tirofiban"}, 5]', 1),
    ("set.json", "[" * 100_000, 1),
    ("set.json", '{"drug": ' + "[" * 70 + "]" * 70 + "}", 1),
    ("set.json", '{"drug": "' + "x" * 32_000_000 + '"}', None),
    ("set.jsonl", '{"drug": "tirofiban"}\n{"drug"\n', 2),
    ("set.jsonl", '{"drug": "tirofiban"}\n\n[]\n', 3),
    ("set.jsonl", "x" * 32_000_001, 1),
    ("set.jsonl", "\n", 1),
    ("set.csv", "", 1),
    ("set.csv", "a,b\n1,2\n", 1),
    ("set.csv", "Wirkstoff;Dosis\ntirofiban;800 mcg\n", 1),
    ("set.csv", "drug,dose\n", 1),
    ("set.csv", "drug,dose\ntirofiban,800 mcg\naspirin\n", 3),
    ("set.csv", "drug,dose\ntirofiban,800 mcg,IV\n", 2),
    ("set.csv", 'drug,dose\n"tirofiban,800 mcg\naspirin,300 mg\n', 2),
    ("set.csv", "drug,dose\n" + "x" * 10_000_000 + ",1\naspirin,300 mg\n", 2),
    ("set.csv", "drug,,dose\ntirofiban,here,800 mcg\n", 2),
    ("set.txt", "drug: tirofiban", None),
]


@pytest.mark.parametrize(("name", "text", "line"), UNREADABLE, ids=[f"{n}:{t[:20]!r}" for n, t, _ in UNREADABLE])
def test_what_cannot_be_read_is_a_finding_and_exit_3(name: str, text: str, line: int | None) -> None:
    outcome = checked(text, "--select", "RC4", name=name)
    assert outcome.exit_code == 3, outcome.stderr
    told = [f for f in outcome.json["findings"] if f["code"] in ("RC101", "RC102")]
    assert told
    assert told[0]["line"] == line or line is None
    assert outcome.json["summary"]["all_read"] is False


def test_bytes_that_are_no_text_are_named_by_their_place(tmp_path: Path) -> None:
    for name, line in (("set.yaml", 2), ("set.json", 2), ("set.jsonl", 2), ("set.csv", 2)):
        file = tmp_path / name
        file.write_bytes(b'{"drug": "tirofiban"}\n\xff\n' if "json" in name else b"drug,dose\n\xff,1\naspirin,300 mg\n")
        outcome = invoke("check", str(file), "--format", "json")
        assert outcome.exit_code == 3
        assert [f["line"] for f in outcome.json["findings"] if f["code"] in ("RC101", "RC102")] == [line]


def test_a_byte_order_mark_and_carriage_returns_change_no_place(tmp_path: Path) -> None:
    for name, text in (("a.yaml", SET), ("a.csv", AS_CSV), ("a.json", json.dumps(AS_JSON, indent=1))):
        plain, marked = tmp_path / f"plain-{name}", tmp_path / f"marked-{name}"
        plain.write_bytes(text.encode())
        marked.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        one, other = (invoke("check", str(file), "--format", "json").json["findings"] for file in (plain, marked))
        assert [f["code"] for f in other if f["code"] == "RC110"] == ["RC110"]
        at = [[(f["code"], f["line"], f["column"]) for f in each if f["code"] != "RC110"] for each in (one, other)]
        assert at[0] == at[1]


DEFECTS = [
    ("drug: tirofiban\ndose: 5 mg\ndose: 6 mg", "RC103", 3),
    ("drug: tirofiban\npump_rte: 5 mL/h", "RC104", 2),
    ("drug: tirofiban\ndose: [5 mg]", "RC105", 2),
    ("drug: tirofiban\ndose:\n  value: 5", "RC105", 3),
    ("drug: tirofiban\ntext: " + "x" * 10_001, "RC105", 2),
    ("order_set: a\norders: {}", "RC105", 2),
    ("order_set: a\norders:\n- 5", "RC105", 3),
    ("order_set: a\norders:\n- {}", "RC106", 3),
    ("orders:\n- {drug: aspirin}", "RC106", 1),
    ("order_set: a", "RC106", 1),
    ("order_set: a\norders:\n- {dose: 5 mg}", "RC106", 3),
    ("drug: tirofiban\nkind: drop", "RC107", 2),
    ("order_set: a\nweight_basis: lean\norders: [{drug: aspirin}]", "RC107", 2),
    ("order_set: a\nprotocol: yang\norders: [{drug: aspirin}]", "RC108", 2),
    ("drug: tirofiban\nstop: 20 h", "RC109", 2),
    ("drug: tirofiban\nweight: 54-46 kg", "RC109", 2),
    ("drug: tirofiban\nweight: 0 kg", "RC109", 2),
    ("drug: tirofiban\nwhen: {creatinine_clearance: 'over 60'}", "RC109", 2),
    ("drug: tirofiban\nwhen: {age: 5}", "RC104", 2),
    ("order_set: a\napproved: March\norders: [{drug: aspirin}]", "RC109", 2),
    ("order_set: a\npatient: {weight: 80}\norders: [{drug: aspirin}]", "RC109", 2),
    ("order_set: a\npatient: {weight: 0 kg}\norders: [{drug: aspirin}]", "RC109", 2),
    ("order_set: a\npatient: {thrombolysis: soon}\norders: [{drug: aspirin}]", "RC109", 2),
    ("order_set: a\norders: [{drug: aspirin}]\nmonitoring: [platelets]", "RC105", 3),
    ("order_set: a\norders: [{drug: aspirin}]\nstop_if: bleeding", "RC105", 3),
]


@pytest.mark.parametrize(("text", "code", "line"), DEFECTS, ids=[f"{c}:{t[:40]!r}" for t, c, _ in DEFECTS])
def test_a_defect_of_the_document_is_found_at_its_line_and_the_rest_is_judged(text: str, code: str, line: int) -> None:
    outcome = checked(text, "--select", "RC1")
    assert outcome.exit_code == 1
    assert [(f["code"], f["line"]) for f in outcome.json["findings"]] == [(code, line)]


def test_json_and_csv_name_what_is_written_twice() -> None:
    text = '{"drug": "tirofiban",\n "dose": "5 mg",\n "dose": "6 mg"}'
    assert [(f["code"], f["line"], f["column"]) for f in found(text, "--select", "RC1", name="a.json")] == [
        ("RC103", 3, 10)
    ]
    rows = "drug,dose,dose,doze\ntirofiban,5 mg,6 mg,7 mg\n"
    at = [(f["code"], f["line"], f["column"]) for f in found(rows, "--select", "RC1", name="a.csv")]
    assert at == [("RC103", 1, 11), ("RC104", 1, 16)]


def test_ten_files_of_which_one_cannot_be_read(tmp_path: Path) -> None:
    for number in range(10):
        text = SET if number != 4 else "order_set: ["
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    outcome = invoke("check", str(tmp_path), "--format", "json", "--select", "RC304")
    assert outcome.exit_code == 3
    assert [f["code"] for f in outcome.json["findings"]].count("RC304") == 9
    assert [f["file"][-6:] for f in outcome.json["findings"] if f["code"] == "RC101"] == ["4.yaml"]
    assert outcome.json["summary"]["files"] == 10


def test_a_path_that_is_not_there_and_a_folder_with_nothing_in_it_are_exit_3(tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_text(SET, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    outcome = invoke("check", str(good), str(tmp_path / "empty"), "nowhere.yaml", "\x00", "--format", "json")
    assert outcome.exit_code == 3
    assert [f["code"] for f in outcome.json["findings"]].count("RC101") == 3
    assert "RC304" in {f["code"] for f in outcome.json["findings"]}


def test_in_a_folder_nothing_is_skipped_in_silence(tmp_path: Path) -> None:
    for name in (".git/hidden.yaml", ".hidden.yaml", "deep/er/a.yaml", "notes.txt", "b.YML"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{drug: aspirin, kind: drop}", encoding="utf-8")
    (tmp_path / "broken.csv").symlink_to("nowhere")
    (tmp_path / "folder.json").mkdir()
    outcome = invoke("check", str(tmp_path), "--format", "json")
    told = [(f["file"].removeprefix(f"{tmp_path}/"), f["code"]) for f in outcome.json["findings"]]
    assert told == [("b.YML", "RC107"), ("broken.csv", "RC101"), ("deep/er/a.yaml", "RC107")]
    assert outcome.exit_code == 3


ROWS = Path(__file__).parent / "orders" / "rows.csv"


def test_rows_and_single_orders_that_are_right_have_no_finding_above_a_note() -> None:
    outcome = invoke("check", str(ROWS), "--format", "json")
    assert [f for f in outcome.json["findings"] if f["severity"] != "note"] == []
    head, *rows = ROWS.read_text("utf-8").splitlines()
    for row in rows:
        cells = zip(head.split(","), row.split(","), strict=True)
        single = {name: text for name, text in cells if text and name not in ("protocol", "patient_weight")}
        alone = found(json.dumps(single), "--ignore", "RC403,RC412", name="a.json")
        assert [f for f in alone if f["severity"] != "note"] == []


def test_units_that_cannot_be_combined_are_said_and_keep_no_other_order_from_being_judged() -> None:
    text = (
        "order_set: a\npatient: {weight: 80 kg}\norders:\n"
        "- {drug: tirofiban, kind: infusion, dose_rate_per_kg: 5 units/kg/h, run_time: 24 h}\n"
        "- {drug: tirofiban, kind: infusion, dose_rate_per_kg: 6 mcg/kg/min, run_time: 24 h}\n"
        "- {drug: tirofiban, kind: bolus, route: IV, dose_per_kg: 5 mmol/kg}\n"
    )
    told = {(f["code"], f["line"]) for f in found(text) if f["severity"] == "error"}
    assert told == {("RC204", 4), ("RC402", 5), ("RC204", 6)}


def test_several_documents_and_lists_of_orders_are_all_judged() -> None:
    text = "drug: aspirin\nkind: drop\n---\n- {drug: aspirin, kind: drop}\n- {drug: aspirin, kind: drop}\n"
    assert [(f["line"], f["pointer"]) for f in found(text)] == [(2, "/kind"), (4, "/0/kind"), (5, "/1/kind")]


def test_a_file_named_twice_is_judged_once_and_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.csv"
    one.write_text(SET, encoding="utf-8")
    other.write_text(AS_CSV, encoding="utf-8")
    forward = invoke("check", str(one), str(other), "--format", "json")
    backward = invoke("check", str(other), str(one), str(tmp_path), str(one), "--format", "json")
    assert forward.stdout == backward.stdout
    assert forward.json["summary"]["files"] == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), 1),
        (("--ignore", "RC3"), 0),
        (("--fail-on", "warning"), 1),
        (("--ignore", "RC304,RC311", "--fail-on", "warning"), 1),
        (("--ignore", "RC304,RC311,RC631,RC705,RC706", "--fail-on", "warning"), 0),
        (("--ignore", "rc1,RC3", "--ignore", "RC4,RC631,RC7", "--fail-on", "warning"), 0),
        (("--select", "RC4", "--fail-on", "warning"), 0),
        (("--select", "RC0"), 2),
        (("--select", "RC31"), 2),
        (("--ignore", "RC3,,RC4"), 2),
        (("--select", ""), 2),
        (("--format", "xml"), 2),
        (("--protocol", "yang"), 2),
        (("--patient-weight", "80"), 2),
        (("--patient-weight", "8000 kg"), 4),
        (("--as-of", "tomorrow"), 2),
        (("--as-of", "2026-02-30"), 2),
        (("--patient-weight", "80kg", "--patient-weight", "90kg"), 2),
    ],
)
def test_options_and_exit_codes(more: tuple[str, ...], code: int) -> None:
    assert invoke("check", "-", *more, stdin=SET).exit_code == code


def test_an_unknown_code_is_answered_with_the_nearest() -> None:
    outcome = invoke("check", "-", "--select", "RC31O", stdin=SET)
    assert "did you mean RC31" in outcome.stderr
    assert invoke("check", "a.yaml", "--stdin-filename", "b.yaml").exit_code == 2


def test_what_the_command_line_says_of_the_patient_wins() -> None:
    [finding] = found(SET, "--patient-weight", "160kg", "--select", "RC304")
    assert finding["expected"] == "28.8 mL/h"
    [weight] = found(SET, "--patient-weight", "160kg", "--select", "RC406")
    assert (weight["pointer"], weight["line"]) == ("/patient/weight", 2)


def test_rows_of_one_order_set_and_one_patient_are_judged_together_and_others_alone() -> None:
    head = "order_set,patient_weight,id,drug\n"
    together, apart = (
        "a,80 kg,x,aspirin\na,80 kg,x,aspirin\n",
        "a,80 kg,x,aspirin\na,90 kg,x,aspirin\nb,90 kg,x,aspirin\n",
    )
    assert [f["code"] for f in found(head + together, name="a.csv")] == ["RC111"]
    assert found(head + apart, name="a.csv") == []
    assert found("id,drug\nx,aspirin\nx,aspirin\n", name="a.csv") == []


def test_what_was_judged_before_is_placed_anew_under_its_own_name() -> None:
    rows = "".join(f"{name},80 kg,{name},infusion,0.15 mcg/kg/min,50 mcg/mL,144 mL/h\n" for name in ("a", "b"))
    text = "id,patient_weight,drug,kind,dose_rate_per_kg,concentration,pump_rate\n"
    same = text + rows.replace(",a,inf", ",tirofiban,inf").replace(",b,inf", ",tirofiban,inf")
    at = [(f["line"], f["column"]) for f in found(same, "--select", "RC304", name="a.csv")]
    assert at == [(2, 54), (3, 54)]
    twice = "order_set,id,drug\na,x,aspirin\na,x,aspirin\nb,y,aspirin\nb,y,aspirin\n"
    assert ["'x'" in f["message"] for f in found(twice, name="a.csv")] == [True, False]


def test_a_cell_is_found_behind_quotes_commas_and_line_feeds() -> None:
    text = 'text,drug,kind\n"a ""b"", c\nd",tirofiban,drop\n'
    [finding] = found(text, "--select", "RC107", name="a.csv")
    assert (finding["line"], finding["column"]) == (3, 14)


@pytest.mark.long
def test_the_list_is_bounded_and_says_so() -> None:
    text = "drug,kind\n" + "aspirin,drop\n" * 10_500
    outcome = checked(text, name="a.csv")
    summary = outcome.json["summary"]
    assert (len(outcome.json["findings"]), summary["error"], summary["left_out"]) == (10_000, 10_500, 500)
    assert "counted and not listed: 500 of the findings" in outcome.stderr


def test_text_cuts_long_lines_around_the_caret_and_escapes_what_a_terminal_acts_upon() -> None:
    text = "text: '" + "x" * 300 + "', drug: a".replace("', ", "'\n") + '\nkind: "drip\\e[31m"  # ' + "y" * 300
    outcome = invoke("check", "-", "--select", "RC107", stdin=text)
    lines = outcome.stdout.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert "\x1b" not in outcome.stdout
    caret = next(place for place, line in enumerate(lines) if "^" in line)
    assert lines[caret - 1][lines[caret].index("^") :].startswith('"drip')


def test_jsonl_and_text_carry_the_findings_of_the_document() -> None:
    document = checked(SET).json["findings"]
    lines = invoke("check", "-", "--stdin-filename", "set.yaml", "--format", "jsonl", stdin=SET).stdout.splitlines()
    assert [json.loads(line) for line in lines] == json.loads(checked(SET).stdout)["findings"]
    text = invoke("check", "-", "--stdin-filename", "set.yaml", stdin=SET).stdout
    shown = re.findall(r"\bRC[0-9]{3}\b", text)
    assert set(shown) == {each["code"] for each in document}
    heavy = sorted(each["code"] for each in document if each["severity"] != "note")
    assert sorted(code for code in shown if code in heavy) == heavy


def test_the_set_of_findings_does_not_depend_on_the_order_of_orders_and_fields() -> None:
    first = "{drug: tirofiban, kind: infusion, dose_rate_per_kg: 6 mcg/kg/min, run_time: 24 h, pump_rate: 1000 mL/h}"
    second = "{drug: aspirin, route: drip, dose: 5 mg}"
    third = "{kind: bolus, route: IV, drug: tirofiban, dose_per_kg: 100 mcg/kg, give_over: 3 min}"
    orders = [first, second, third]
    sets = [
        f"{{order_set: a, patient: {{weight: 80 kg}}, orders: [{', '.join(each)}]}}"
        for each in (orders, orders[::-1], [orders[1], orders[0], orders[2]])
    ]
    turned = first.strip("{}").split(", ")
    sets.append(
        f"{{orders: [{second}, {{{', '.join(turned[::-1])}}}, {third}], patient: {{weight: 80 kg}}, order_set: a}}"
    )
    told = [{(f["code"], f["message"], f["found"]) for f in found(each)} for each in sets]
    assert told[0] == told[1] == told[2] == told[3]
    assert len(told[0]) > 4


def test_orders_of_other_drugs_are_judged_by_no_protocol_of_tirofiban() -> None:
    text = SET.replace("order_set: Rescue", "order_set: Rescue\nprotocol: yang-2020-iv") + (
        "  - {drug: alteplase, route: IV, kind: bolus, dose_per_kg: 0.09 mg/kg, dose: 7.2 mg, give_over: 1 min}\n"
        "  - {drug: insulin, route: IV, kind: infusion, dose_rate_per_kg: 0.1 units/kg/h, run_time: 24 h}\n"
    )
    of_protocol = [f for f in found(text, "--ignore", "RC6") if f["pointer"].startswith("/orders")]
    assert {f["pointer"][:9] for f in of_protocol} == {"/orders/0"}
    # That a thrombolytic stands beside it is said of the alteplase itself.
    assert [f["code"] for f in found(text) if f["pointer"].startswith("/orders/1")] == ["RC610"]


def test_a_row_that_leaves_out_the_patient_belongs_to_the_rows_before_it() -> None:
    heading = "order_set,protocol,patient_weight,drug,route,kind,dose_rate_per_kg,concentration,pump_rate\n"
    first = "bed1,yang-2020-iv,80 kg,paracetamol,PO,dose,,,\n"
    empty = "bed1,yang-2020-iv,,tirofiban,IV,infusion,0.15 mcg/kg/min,50 mcg/mL,28 mL/h\n"
    other = "bed2,,,tirofiban,IV,infusion,0.15 mcg/kg/min,50 mcg/mL,28 mL/h\n"

    def errors(*rows: str) -> list[tuple[str, int]]:
        text = heading + "".join(rows)
        outcome = invoke("check", "-", "--stdin-filename", "a.csv", "--select", "RC3", "--format", "json", stdin=text)
        return [(each["code"], each["line"]) for each in outcome.json["findings"] if each["severity"] == "error"]

    assert errors(first, empty) == [("RC304", 3)]
    assert errors(empty, first) == [("RC304", 2)]
    assert errors(first, other) == []
    assert errors(first, empty.replace("bed1,yang-2020-iv,,", "bed1,yang-2020-iv,81 kg,"), empty) == [
        ("RC304", 3),
        ("RC304", 4),
    ]


def _rows_with_errors(count: int) -> str:
    rows = "".join(f"p{n},{80 + n} kg,tirofiban,IV,infusion,0.15 mcg/kg/min,9 mcg/min\n" for n in range(count))
    return f"order_set,patient_weight,drug,route,kind,dose_rate_per_kg,dose_rate\n{rows}"


@pytest.mark.parametrize("form", ["jsonl", "github"])
def test_lines_are_never_cut_and_stand_in_the_order_of_the_file(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint_runner, "MOST_LISTED", 3)
    monkeypatch.setattr(lint_runner, "_HANDED_ON", 7)
    command = ("check", "-", "--stdin-filename", "a.csv", "--isolated", "--select", "RC3", "--format", form)
    outcome = invoke(*command, stdin=_rows_with_errors(40))
    assert outcome.exit_code == 1
    lines = [int(each) for each in re.findall(r'line"?[=:] ?([0-9]+)', outcome.stdout)]
    assert lines == sorted(lines)
    assert lines == list(range(2, 42))
    assert "not listed" not in outcome.stdout + outcome.stderr


def _interrupt_at_the_eleventh(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = verdict_cache.Verdicts.of
    rows = iter(range(11))

    def interrupted(verdicts: verdict_cache.Verdicts, reading: Reading) -> verdict_cache.Judgement:
        if next(rows) == 10:
            raise KeyboardInterrupt
        return judged(verdicts, reading)

    monkeypatch.setattr(verdict_cache.Verdicts, "of", interrupted)


def test_an_interrupted_run_leaves_what_was_judged_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, out = tmp_path / "a.csv", tmp_path / "found.jsonl"
    file.write_text(_rows_with_errors(40), "utf-8")
    _interrupt_at_the_eleventh(monkeypatch)
    command = ("check", str(file), "--isolated", "--select", "RC3", "--format", "jsonl", "-o", str(out))
    outcome = invoke(*command)
    assert outcome.exit_code == 130
    assert [json.loads(line)["line"] for line in out.read_text("utf-8").splitlines()] == list(range(2, 12))
    assert "interrupted in" in outcome.stderr
    assert "10 orders of 1 file were judged, no others" in outcome.stderr


@pytest.mark.parametrize(("form", "shown"), [("text", 10), ("concise", 10), ("json", 0), ("sarif", 0), ("markdown", 0)])
def test_an_interrupted_page_shows_what_was_found_and_a_document_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, shown: int
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(_rows_with_errors(40), "utf-8")
    _interrupt_at_the_eleventh(monkeypatch)
    outcome = invoke("check", str(file), "--isolated", "--select", "RC3", "--format", form)
    assert outcome.exit_code == 130
    assert outcome.stdout.count("RC303") == shown
    assert "interrupted in" in outcome.stderr
    assert "10 orders of 1 file were judged, no others" in outcome.stderr
