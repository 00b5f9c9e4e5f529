"""What systems export: foreign headings, units in a column of their own, spreadsheets, other encodings, large files."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft7Validator

from rescuecalc.readers.database_decimal import original_text
from rescuecalc.settings.configuration import _above
from tests.support import invoke

if TYPE_CHECKING:
    from tests.support import Outcome

MAP = """
delimiter = "semicolon"
decimal = "comma"
encoding = "cp1252"
ignore = ["Station"]
[columns]
drug = "Wirkstoff"
route = "Applikation"
kind = "Art"
patient_weight = {value = "Gewicht", unit_is = "kg"}
concentration = {value = "Konz", unit = "KonzEinheit"}
[[quantities]]
value = "Rate"
unit = "RateEinheit"
[[quantities]]
value = "Pumpe"
unit_is = "mL/h"
[words.route]
"intravenös" = "IV"
[words.kind]
"Dauerinfusion" = "infusion"
"""
HEAD = "Station;Wirkstoff;Applikation;Art;Gewicht;Rate;RateEinheit;Konz;KonzEinheit;Pumpe\n"
ROW = "A;tirofiban;intravenös;Dauerinfusion;80;0,15;mcg/kg/min;50;mcg/mL;14,4\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("map.toml").write_text(MAP, encoding="utf-8")
    _above.cache_clear()


def found(outcome: Outcome) -> list[tuple[str, int, int, str]]:
    return [(each["code"], each["line"], each["column"], each["found"]) for each in outcome.json["findings"]]


def check(text: str, *args: str, name: str = "a.csv", encoding: str = "cp1252") -> Outcome:
    Path(name).write_text(text, encoding=encoding, newline="")
    return invoke("check", name, "--json", "--select", "RC1,RC2,RC3", *args)


def test_an_export_is_read_by_its_map_and_a_finding_stands_in_the_column_as_it_was_written() -> None:
    outcome = check(HEAD + ROW, "--columns", "map.toml")
    assert (outcome.json["findings"], outcome.exit_code) == ([], 0)
    assert outcome.json["summary"]["judged"]["dose"] == 1
    assert found(check(HEAD + ROW.replace("14,4", "144"), "--columns", "map.toml")) == [("RC304", 2, 67, "144 mL/h")]
    assert found(check(HEAD + ROW.replace("0,15", "9"), "--columns", "map.toml"))[0][:3] == ("RC303", 2, 41)


def test_the_unit_tells_the_field_row_by_row() -> None:
    rows = ROW + ROW.replace("0,15;mcg/kg/min", "720;mcg/h") + ROW.replace("0,15;mcg/kg/min", "0,72;mg/h")
    assert check(HEAD + rows, "--columns", "map.toml").json["findings"] == []
    wrong = check(HEAD + ROW.replace("mcg/kg/min", "drops/min"), "--columns", "map.toml")
    assert [each[:2] for each in found(wrong)] == [("RC202", 2)]
    empty = check(HEAD + ROW.replace("0,15;mcg/kg/min", ";"), "--columns", "map.toml")
    assert empty.json["findings"] == []


def test_settings_name_the_map_of_a_folder() -> None:
    Path("rescuecalc.toml").write_text('[columns]\n"*.csv" = "map.toml"\n', encoding="utf-8")
    outcome = check(HEAD + ROW)
    assert outcome.json["findings"] == []
    assert outcome.json["settings"]["files"][0]["columns"][0]["path"] == "*.csv"
    Path("rescuecalc.toml").write_text('[columns]\n"*.csv" = "../map.toml"\n', encoding="utf-8")
    _above.cache_clear()
    refused = check(HEAD + ROW)
    assert (refused.exit_code, "is outside of the folder of these settings" in refused.stderr) == (3, True)


@pytest.mark.parametrize("output", ["map.toml", "./map.toml"])
@pytest.mark.parametrize("option", ["-o", "--write-baseline"])
def test_a_map_is_an_input_and_never_an_output(option: str, output: str) -> None:
    assert check(HEAD + ROW, "--columns", "map.toml", option, output).exit_code == 2
    Path("rescuecalc.toml").write_text('[columns]\n"*.csv" = "map.toml"\n', encoding="utf-8")
    _above.cache_clear()
    assert check(HEAD + ROW, option, output).exit_code == 2
    assert Path("map.toml").read_text("utf-8") == MAP


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('drug = "Wirkstoff"\n', "", "columns.drug: is missing"),
        ("route =", "rout =", "columns.rout: is not a field of an order; did you mean route"),
        ('delimiter = "semicolon"', 'delimiter = "dot"', "delimiter: 'dot' is not one of comma, semicolon, tab, pipe"),
        ('encoding = "cp1252"', 'encoding = "ebcdic"', "encoding: 'ebcdic' is not one of"),
        ('ignore = ["Station"]', "ignored = 1", "ignored: unknown key"),
        ('unit_is = "kg"', 'unit_is = "kg", unit = "x"', "columns.patient_weight: unit names a column"),
    ],
)
def test_a_map_that_cannot_be_read_is_refused(was: str, becomes: str, says: str) -> None:
    Path("map.toml").write_text(MAP.replace(was, becomes), encoding="utf-8")
    outcome = check(HEAD + ROW, "--columns", "map.toml")
    assert (outcome.exit_code, outcome.stdout) == (3, "")
    assert f"map.toml: {says}" in outcome.stderr


def test_what_the_map_does_not_name_is_reported_and_what_it_names_is_there() -> None:
    outcome = check("Ort;" + HEAD + "x;" + ROW, "--columns", "map.toml")
    assert found(outcome) == [("RC104", 1, 1, "Ort")]
    missing = check(HEAD.replace("Gewicht", "kg") + ROW, "--columns", "map.toml")
    assert (missing.exit_code, "has no column 'Gewicht'" in missing.json["findings"][0]["message"]) == (3, True)
    assert invoke("check", "a.csv", "--columns", "nowhere.toml").exit_code == 3


@pytest.mark.parametrize(("name", "divider"), [("a.tsv", "\t"), ("a.csv", ";"), ("a.csv", "|"), ("a.csv", ",")])
def test_what_divides_the_columns_is_told_by_the_first_line(name: str, divider: str) -> None:
    text = "drug,route,kind,dose,text\naspirin,PO,dose,100 cc,x\n".replace(",", divider)
    assert found(check(text, name=name)) == [("RC202", 2, 17, "100 cc")]


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _cell(value: Any) -> str:
    return f"<c><v>{value}</v></c>" if not isinstance(value, str) else f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def spreadsheet(name: str, *rows: list[Any], sheet: str = "Orders") -> None:
    """Write the least that is a spreadsheet."""
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_BOOK}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_BOOK}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>'
        f'<sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>',
    }
    with ZipFile(name, "w") as packed:
        for part, text in parts.items():
            packed.writestr(part, f'<?xml version="1.0" encoding="UTF-8"?>{text}')


def test_a_spreadsheet_is_read_like_a_csv_of_its_rows() -> None:
    head = ["drug", "route", "kind", "dose", "unit", "kg"]
    Path("x.toml").write_text(
        '[columns]\ndrug = "drug"\nroute = "route"\nkind = "kind"\ndose = {value = "dose", unit = "unit"}\n'
        'patient_weight = {value = "kg", unit_is = "kg"}\n',
        encoding="utf-8",
    )
    spreadsheet("a.xlsx", head, ["aspirin", "PO", "dose", 100, "mg", 80], ["aspirin", "PO", "dose", 0.1, "cc", 80.5])
    outcome = invoke("check", "a.xlsx", "--columns", "x.toml", "--json", "--select", "RC1,RC2")
    assert [(each["code"], each["line"], each["found"]) for each in outcome.json["findings"]] == [
        ("RC202", 3, "0.1 cc")
    ]
    assert outcome.json["summary"]["orders"] == 2
    Path("x.toml").write_text('sheet = "Other"\n[columns]\ndrug = "drug"\n', encoding="utf-8")
    outcome = invoke("check", "a.xlsx", "--columns", "x.toml", "--json")
    assert (outcome.exit_code, "has no sheet 'Other'" in outcome.json["findings"][0]["message"]) == (3, True)


@pytest.mark.parametrize("content", [b"", b"drug,dose\n", b"PK\x03\x04junk"])
def test_what_is_no_spreadsheet_is_a_finding(content: bytes) -> None:
    Path("a.xlsx").write_bytes(content)
    outcome = invoke("check", "a.xlsx", "--json")
    assert (outcome.exit_code, [each["code"] for each in outcome.json["findings"]]) == (3, ["RC101"])


def test_a_file_of_windows_is_named_and_read_with_its_encoding() -> None:
    text = "drug,route,kind,dose,text\naspirin,PO,dose,100 mg,für morgen\n"
    outcome = check(text)
    (told,) = outcome.json["findings"]
    assert (told["code"], outcome.exit_code) == ("RC102", 3)
    assert told["message"].endswith("; it looks like cp1252 (Windows): save it as UTF-8, or add --encoding cp1252")
    assert check(text, "--encoding", "CP1252").json["findings"] == []
    assert check(text, "--encoding", "ebcdic").exit_code == 2
    assert "UTF-16" in check(text, encoding="utf-16").json["findings"][0]["message"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("0.1700000048", "0.17"),
        ("0.1500000059 mcg/kg/min", "0.15 mcg/kg/min"),
        ("14.399999999999999 mL/h", "14.4 mL/h"),
        ("0.30000000000000004 mg", "0.3 mg"),
        ("83.9000015258789 kg", "83.9 kg"),
        ("0.166666667 mg", None),
        ("0.1234567 mg", None),
        ("0.15 mcg/kg/min", None),
        ("12.3456789012 mg", None),
        ("14.399999 mL/h", None),
    ],
)
def test_the_noise_of_a_database_is_taken_away_and_no_digit_that_was_written(text: str, read: str | None) -> None:
    assert original_text(text) == read


def test_a_number_of_a_database_is_told() -> None:
    rows = "drug,route,kind,dose_rate_per_kg\ntirofiban,IV,infusion,0.1500000059 mcg/kg/min\n"
    outcome = check(rows)
    assert found(outcome) == [("RC114", 2, 23, "0.1500000059 mcg/kg/min")]
    assert outcome.json["findings"][0]["expected"] == "0.15 mcg/kg/min"


REQUEST = {
    "resourceType": "MedicationRequest",
    "status": "active",
    "medicationCodeableConcept": {"text": "aspirin"},
    "dosageInstruction": [{"text": "x" * 9_000, "route": {"text": "oral"}}],
}


@pytest.mark.long
def test_a_bundle_of_megabytes_is_read() -> None:
    entries = [{"resource": {**REQUEST, "id": f"r{number}"}} for number in range(300)]
    text = json.dumps({"resourceType": "Bundle", "type": "searchset", "entry": entries})
    assert len(text) > 2_600_000
    outcome = check(text, name="a.json")
    assert outcome.json["summary"]["orders"] == 300
    lines = check(f"{text}\n", name="b.ndjson")
    assert [each["code"] for each in lines.json["findings"]] == [each["code"] for each in outcome.json["findings"]]
    assert outcome.json["summary"]["all_read"] is lines.json["summary"]["all_read"] is True


def test_the_documented_map_is_the_example_and_is_valid() -> None:
    docs = Path(__file__).parent.parent / "docs"
    example = (docs / "examples" / "icu-columns.toml").read_text("utf-8")
    assert f"```toml\n{example}```" in (docs / "check.md").read_text("utf-8")
    schema = json.loads(invoke("schema", "columns").stdout)
    assert list(Draft7Validator(schema).iter_errors(tomllib.loads(example))) == []
    assert list(Draft7Validator(schema).iter_errors(tomllib.loads(MAP))) == []
    assert list(Draft7Validator(schema).iter_errors(tomllib.loads(MAP.replace("route =", "rout ="))))
    Path("icu.toml").write_text(example, encoding="utf-8")
    head = "Ward;Encounter;Drug;Route;Weight;Conc;Conc unit;Rate;Rate unit\n"
    text = f"{head}A;1;tirofiban;INTRAVENOUS;80;50;mcg/mL;14,4;mL/h\n"
    assert check(text, "--columns", "icu.toml").json["findings"] == []


PLAIN = """
decimal = "comma"
delimiter = "semicolon"
[columns]
drug = "Drug"
route = "Route"
kind = "Kind"
dose = {value = "Dose", unit = "Dose unit"}
text = "Text"
patient_weight = {value = "kg", unit_is = "kg"}
[[quantities]]
value = "Rate"
unit = "Rate unit"
"""


def plain(dose: str = "", unit: str = "", rate: str = "", per: str = "", **more: str) -> list[tuple[str, str]]:
    Path("plain.toml").write_text(PLAIN, encoding="utf-8")
    row = ("heparin", "IV", "infusion" if per else "bolus", dose, unit, more.get("text", ""), more.get("kg", ""))
    cells = [*row, rate, per, more.get("vtbi", "")]
    text = f"Drug;Route;Kind;Dose;Dose unit;Text;kg;Rate;Rate unit;vtbi\n{';'.join(cells)}\n"
    outcome = check(text, "--columns", "plain.toml", encoding="utf-8")
    return [(each["code"], each["message"].rpartition("; write ")[2]) for each in outcome.json["findings"]]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"dose": "12.000", "unit": "units"}, [("RC201", "12000 units or 12 units")]),
        ({"dose": "1.250", "unit": "mg"}, [("RC201", "1250 mg or 1.25 mg")]),
        ({"rate": "1.200", "per": "units/h"}, [("RC201", "1200 units/h or 1.2 units/h")]),
        ({"vtbi": "1.000 mL", "dose": "5", "unit": "units"}, [("RC201", "1000 mL or 1 mL")]),
        ({"kg": "80.000", "dose": "5", "unit": "units"}, [("RC109", "a weight as 80kg (or 176lb)")]),
        ({"dose": "1.234,5", "unit": "units"}, []),
        ({"dose": "1.234.567", "unit": "units"}, []),
        ({"dose": "12.5", "unit": "units"}, []),
        ({"vtbi": "12,5 mL", "dose": "5", "unit": "units"}, []),
    ],
)
def test_where_decimals_have_a_comma_a_point_before_three_digits_has_two_readings(
    cells: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert plain(**cells) == expected


def test_thousands_beside_a_decimal_comma_are_read() -> None:
    Path("plain.toml").write_text(PLAIN, encoding="utf-8")
    Path("a.csv").write_text("Drug;Route;Kind;Dose;Dose unit;Text;kg;Rate;Rate unit\naspirin;PO;dose;1.325,5;mg;;;;\n")
    outcome = invoke("check", "a.csv", "--columns", "plain.toml", "--json", "--select", "RC626")
    assert "aspirin 1,325.5 mg is outside" in outcome.json["findings"][0]["message"]


def test_a_unit_without_its_number_is_no_silence_where_nothing_else_says_the_dose() -> None:
    assert plain(per="units/h")[0][0] == "RC201"
    assert plain(unit="units")[0][0] == "RC201"
    assert plain(dose="5000", unit="units", per="units/h") == []


_MAPPED = "; a column map (--columns) says what other headings mean"


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ("Order Set,Medication", "its first row has no heading 'drug'"),
        ("Medication,Rate", "its first row holds none of the headings of an order, such as drug and dose" + _MAPPED),
        ("dose,route", "its first row has no heading 'drug'"),
    ],
)
def test_a_table_without_the_headings_of_orders_is_told_which_to_write(first: str, message: str) -> None:
    done = invoke("check", "-", "--stdin-filename", "rows.csv", "--format", "concise", stdin=f"{first}\na,b,c,d\n")
    assert done.exit_code == 3
    assert f"rows.csv:1:1: RC101 {message}\n" in done.stdout


HEADED = (
    "Drug,Route,Dose,Kind\n{}\n,,,\n,,,,\n",
    "DRUG;Route;DOSE;kind\n{}\n;;;\n",
    "sep=;\nDrug;Route;Dose;Kind\n{};\n",
    "Export of ward 5\n\ndrug,route,dose,kind\n{}\n",
)


def test_headings_in_capitals_below_a_title_and_rows_that_a_spreadsheet_leaves_are_read() -> None:
    """Each file has a right order and a tenfold one, and the second is found in its line."""
    for place, text in enumerate(HEADED):
        divided = ";" if ";" in text else ","
        rows = [divided.join(("clopidogrel", "PO", dose, "dose")) for dose in ("300 mg", "3000 mg")]
        Path(f"{place}.csv").write_text(text.replace("{}", "\n".join(rows)), encoding="utf-8")
    found = invoke("check", ".", "--format", "concise").stdout.splitlines()
    assert [each.partition(" clopidogrel")[0] for each in found] == [
        *("0.csv:3:16: RC626", "1.csv:3:16: RC626", "2.csv:4:16: RC626", "3.csv:5:16: RC626")
    ]
    Path("0.csv").write_text("drug,route,dose\nclopidogrel,PO,300 mg,5\n", encoding="utf-8")
    assert invoke("check", "0.csv").exit_code == 3
