"""Exports of many hands: line ends, encodings, decimal commas, bare concentrations, and files without an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

ROWS = "drug,amount,volume,dose_unit,soft_max,hard_max\ntirofiban,12.5 mg,250 mL,mcg/kg/min,0.15,0.16\n"
COMMAS = """Name;Menge;Volumen;Einheit;Soft;Hard
tirofiban;12,5 mg;250 mL;mcg/kg/min;0,15;0,16
heparin;25000 units;250 mL;units/h;2000;4.000,5
"""
MAPPED = """[library]
name = "L"
file = "lib.csv"
[mapping]
delimiter = ";"
decimal = ","
[mapping.columns]
drug = "Name"
amount = "Menge"
volume = "Volumen"
dose_unit = "Einheit"
soft_max = "Soft"
hard_max = "Hard"
"""


def limits(file: Path) -> dict[str, Any]:
    """Return strength, soft and hard maximum of each entry, by its drug."""
    outcome = invoke("library", "show", str(file), "--format", "json")
    assert outcome.exit_code == 0, outcome.stderr + outcome.stdout
    ends = {each["drug"]: (each["strength"], each["limits"]["dose"]) for each in outcome.json["entries"]}
    return {drug: (strength, each["soft_max"], each["hard_max"]) for drug, (strength, each) in ends.items()}


def unread(file: Path) -> list[tuple[str, int, int, str]]:
    found = invoke("library", "check", str(file), "--format", "json").json["findings"]
    return [
        (each["code"], each["line"], each["column"], each["found"]) for each in found if each["severity"] == "error"
    ]


TIROFIBAN = {"tirofiban": ("12.5 mg/250 mL", "0.15 mcg/kg/min", "0.16 mcg/kg/min")}


@pytest.mark.parametrize(
    "content", [ROWS.encode("utf-8-sig"), ROWS.replace("\n", "\r\n").encode(), ROWS.replace("\n", "\r").encode()]
)
def test_line_ends_and_marks_of_other_systems_are_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lib.csv").write_bytes(content)
    assert limits(tmp_path / "lib.csv") == TIROFIBAN


def test_a_file_of_two_bytes_a_character_names_the_encoding_to_declare(tmp_path: Path) -> None:
    (tmp_path / "lib.csv").write_bytes(ROWS.encode("utf-16"))
    outcome = invoke("library", "check", str(tmp_path / "lib.csv"))
    assert (outcome.exit_code, "mapping.encoding names another one, as utf-16" in outcome.stderr) == (3, True)
    (tmp_path / "lib.toml").write_text('[library]\nname="L"\nfile="lib.csv"\n[mapping]\nencoding="utf-16"\n', "utf-8")
    assert limits(tmp_path / "lib.toml") == TIROFIBAN


def test_decimal_commas_are_declared_and_a_point_beside_them_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "lib.csv").write_text(COMMAS, "utf-8")
    (tmp_path / "lib.toml").write_text(MAPPED, "utf-8")
    assert limits(tmp_path / "lib.toml") == {
        **TIROFIBAN,
        "heparin": ("25,000 units/250 mL", "2,000 units/h", "4,000.5 units/h"),
    }
    for written, number in (("0.16", "0.16"), ("0.160", "0.160"), ("25.000", "25.000")):
        (tmp_path / "lib.csv").write_text(COMMAS.replace("0,16", written), "utf-8")
        assert unread(tmp_path / "lib.toml") == [("RC201", 2, 42, number)]
    (tmp_path / "lib.csv").write_text(COMMAS.replace(";2000", ";2.000"), "utf-8")
    (tmp_path / "lib.toml").write_text(MAPPED.replace('decimal = ","\n', ""), "utf-8")
    assert [each[:3] for each in unread(tmp_path / "lib.toml")] == [
        ("RC201", 2, 11),
        ("RC201", 2, 37),
        ("RC201", 2, 42),
        ("RC201", 3, 36),
        ("RC201", 3, 42),
    ]
    (tmp_path / "lib.toml").write_text(MAPPED.replace('delimiter = ";"\n', ""), "utf-8")
    outcome = invoke("library", "check", str(tmp_path / "lib.toml"))
    assert (outcome.exit_code, "mapping.decimal: the comma divides cells" in outcome.stderr) == (3, True)


@pytest.mark.parametrize(
    ("amount", "concentration", "right"),
    [
        ("25,000", "100", []),
        ("25,000", "1000", [("RC855", "100 units/mL")]),
        ("10,000", "33.333", []),
        ("10,000", "33.334", [("RC855", "33.33 units/mL")]),
    ],
)
def test_a_bare_concentration_is_in_the_units_of_its_row(
    tmp_path: Path, amount: str, concentration: str, right: list[Any]
) -> None:
    volume = "250" if amount == "25,000" else "300"
    head = "drug,amount,volume,concentration,dose_unit,soft_max,hard_max"
    row = f'heparin,"{amount} units",{volume} mL,{concentration},units/kg/h,30,40'
    (tmp_path / "lib.csv").write_text(f"{head}\n{row}\n", "utf-8")
    found = invoke("library", "check", str(tmp_path / "lib.csv"), "--format", "json").json["findings"]
    assert [(each["code"], each["expected"]) for each in found if each["severity"] == "error"] == right


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("", "has headings and no entry"),
        ("Page 1 of 1,,,,,\n,,,,,\n", "has headings and no entry; 1 rows have neither a drug nor a limit"),
    ],
)
def test_a_library_without_an_entry_is_none(tmp_path: Path, rows: str, message: str) -> None:
    """An export that was cut off must not pass as one in which nothing is wrong."""
    (tmp_path / "lib.csv").write_text(ROWS.split("\n", maxsplit=1)[0] + "\n" + rows, "utf-8")
    for command in (("library", "check"), ("library", "show"), ("check", "-", "--library")):
        outcome = invoke(*command, str(tmp_path / "lib.csv"), stdin="{drug: tirofiban}")
        assert (outcome.exit_code, message in outcome.stderr) == (3, True)


def test_words_in_place_of_a_limit_are_not_taken_for_units(tmp_path: Path) -> None:
    rows = "x,1 mg,1 mL,mg/h,unlimited,5\ny,1 mg,1 mL,mg/h,2,-5\n"
    (tmp_path / "lib.csv").write_text(ROWS.split("\n", maxsplit=1)[0] + "\n" + rows, "utf-8")
    assert unread(tmp_path / "lib.csv") == [("RC201", 2, 18, "unlimited"), ("RC201", 3, 20, "-5")]


@pytest.mark.parametrize("delimiter", ["tab", "\\t"])
def test_a_band_above_the_headings_and_tabs_between_cells(tmp_path: Path, delimiter: str) -> None:
    heads, row = ROWS.replace(",", "\t").splitlines()
    bands = [line for area in ("ICU", "Stroke") for line in (f"Care Area: {area}", heads, row)]
    (tmp_path / "lib.csv").write_text("\n".join(bands), "utf-8")
    fields = heads.split("\t")
    mapping = (
        f'header_rows = [2]\ndelimiter = "{delimiter}"\nband = {{care_area = "Care Area: *"}}\n[mapping.columns]\n'
    )
    columns = "".join(f'{each} = "{each}"\n' for each in fields)
    (tmp_path / "lib.toml").write_text(f'[library]\nname="L"\nfile="lib.csv"\n[mapping]\n{mapping}{columns}', "utf-8")
    entries = invoke("library", "show", str(tmp_path / "lib.toml"), "--format", "json").json["entries"]
    assert [each["care_area"] for each in entries] == ["ICU", "Stroke"]
    assert limits(tmp_path / "lib.toml") == TIROFIBAN


def test_units_are_read_in_the_spellings_that_orders_have(tmp_path: Path) -> None:
    """One letter that may be another unit stays unread."""
    right = (
        "MCG/KG/MIN",
        "mcg/Kg/Min",
        "mcg / kg / min",
        "mcg per kg per min",
        "mcg/min/kg",
        "µg/kg/min",
        "MCG / KG / MIN",
    )
    rows = [f"tirofiban,12.5 mg,250 mL,{each},0.15,0.16" for each in (*right, "Mg/kg/min", "U/kg/min", "mcg/kg/M")]
    (tmp_path / "lib.csv").write_text("\n".join((ROWS.splitlines()[0], *rows)), "utf-8")
    assert [each[:2] for each in unread(tmp_path / "lib.csv") if each[0] == "RC202"] == [
        ("RC202", 9),
        ("RC202", 10),
        ("RC202", 11),
    ]


def test_a_row_of_totals_at_the_end_is_no_entry(tmp_path: Path) -> None:
    """An entry without a limit whose strength is known, or is typed in, is one."""
    heads, row = ROWS.splitlines()
    rows = (row, "saline,,500 mL,,,", "heparin,custom,custom,,,", "Total,-,-,,,", "Printed by J. Smith,,,,,-")
    (tmp_path / "lib.csv").write_text("\n".join((heads, *rows)), "utf-8")
    found = [each for each in unread(tmp_path / "lib.csv") if each[0] == "RC106"]
    assert found == [("RC106", 5, 1, "Total"), ("RC106", 6, 1, "Printed by J. Smith")]
