"""Orders in record batches have the findings that `check` has for a CSV of the same rows, in the same order."""

from __future__ import annotations

import csv
import io
import json
import pickle
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import orders
from rescuecalc.arrow import CheckReference, check_batches, findings_schema
from rescuecalc.errors import CatalogueError, InputError
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'rescuecalc[arrow]'")

DAY = "2026-03-01"
DRIP = {"drug": "tirofiban", "dose_rate_per_kg": "0.15 mcg/kg/min", "concentration": "50 mcg/mL"}
TEN_TIMES = {**DRIP, "patient_weight": "80 kg", "pump_rate": "144 mL/h"}
RIGHT = {**TEN_TIMES, "pump_rate": "14.4 mL/h"}


def hospital(patients: int, seed: int = 7) -> list[dict[str, Any]]:
    """Return rows of which one in ten is wrong, each with its line in the CSV that ``text`` makes."""
    found = orders.rows(orders.order_sets(patients, seed, 0.1))
    rows = (dict(zip(orders.HEADINGS, row, strict=True)) for row in found)
    return [{"line": at, **{name: text or None for name, text in row.items()}} for at, row in enumerate(rows, start=2)]


def text(rows: list[dict[str, Any]], without: str = "line") -> str:
    """Return the rows as a CSV."""
    made = io.StringIO()
    names = [name for name in rows[0] if name != without]
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([row[name] for name in names] for row in rows)
    return made.getvalue()


def commands(content: str, *options: str) -> list[tuple[Any, ...]]:
    """Return the findings of the command, comparable with those of batches."""
    words = ("check", "-", "--stdin-filename", "a.csv", "--isolated", "--as-of", DAY, "--format", "jsonl", *options)
    lines = invoke(*words, stdin=content).stdout.splitlines()
    return [comparable({**found, "key": found["line"], "sources": ids(found)}) for found in map(json.loads, lines)]


def ids(found: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(each["id"] for each in found["sources"]))


COMPARED = ("key", "code", "name", "severity", "message", "pointer", "found", "expected", "factor", "slip")
DEEP = ("alternatives", "expected_range", "sources", "approval")


def comparable(found: dict[str, Any]) -> tuple[Any, ...]:
    return (*(found[name] for name in COMPARED[:-1]), *(json.dumps(found.get(name)) for name in (COMPARED[-1], *DEEP)))


def judged(batches: Iterable[Any], key: str = "line", reference: CheckReference | None = None) -> list[dict[str, Any]]:
    made = check_batches(batches, reference or CheckReference(as_of=DAY), key=key)
    return [row for batch in made for row in batch.to_pylist()]


def cut(rows: list[dict[str, Any]], size: int) -> Any:
    return pa.Table.from_pylist(rows).to_batches(max_chunksize=size)


def test_the_findings_are_those_of_the_command_whatever_the_size_of_batches() -> None:
    rows = hospital(20)
    of_command = commands(text(rows))
    assert len(of_command) > 15
    for size in (1, 7, 1000):
        assert [comparable(each) for each in judged(cut(rows, size))] == of_command


def test_a_finding_has_the_key_the_order_and_its_order_set() -> None:
    row = {"no": "A-7", "id": "d1", "order_set": "Ward", **TEN_TIMES}
    [found] = judged([pa.RecordBatch.from_pylist([row])], "no", CheckReference(select="RC3"))
    assert {name: found[name] for name in ("key", "order", "order_set", "code", "found", "expected", "factor")} == {
        "key": "A-7",
        "order": "d1",
        "order_set": "Ward",
        "code": "RC304",
        "found": "144 mL/h",
        "expected": "14.4 mL/h",
        "factor": 10.0,
    }


def test_the_schema_is_that_of_the_key() -> None:
    [batch] = check_batches(cut([{"line": 9, **TEN_TIMES}], 1), CheckReference(as_of=DAY), key="line")
    assert batch.schema == findings_schema(pa.int64())
    assert findings_schema().names == [
        *("key", "order_set", "order", "code", "name", "severity", "message", "pointer", "found", "expected"),
        *("factor", "slip", "alternatives", "expected_range", "sources", "approval"),
    ]
    assert findings_schema().field("key").type == pa.string()


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary"])
def test_text_of_every_kind_is_the_same(kind: str) -> None:
    rows = hospital(10)
    table = pa.Table.from_pylist(rows)
    kinds = {"dictionary": pa.dictionary(pa.int32(), pa.large_string()), "string_view": pa.string_view()}
    of = kinds.get(kind) or getattr(pa, kind)()
    for at, name in enumerate(table.column_names[1:], start=1):
        text_column = table.column(name).cast(pa.string())
        made = text_column.dictionary_encode() if kind == "dictionary" else text_column.cast(of)
        table = table.set_column(at, name, made)
    table = table.append_column("key", table.column("line").cast(pa.string()).dictionary_encode())
    found = [comparable({**each, "key": int(each["key"])}) for each in judged(table.drop(["line"]).to_batches(), "key")]
    assert found == commands(text(rows))


def test_typed_columns_are_written_as_a_csv_writes_them() -> None:
    typed = {
        "line": 2,
        **DRIP,
        "id": 41,
        "patient_weight": Decimal("80.50"),
        "run_time": timedelta(hours=18),
        "give_over": timedelta(seconds=330),
        "approved": date(2026, 1, 2),
        "prn": True,
        "pump_rate": 14.0,
        "volume": 1e-7,
    }
    written = {
        "line": 2,
        **DRIP,
        "id": "41",
        "patient_weight": "80.50",
        "run_time": "18 h",
        "give_over": "330 s",
        "approved": "2026-01-02",
        "prn": "yes",
        "pump_rate": "14",
        "volume": "0.0000001",
    }
    found = [comparable(each) for each in judged(cut([typed], 1))]
    assert found == commands(text([written]))
    assert "RC109" in {each[1] for each in found if each[5] == "/patient/weight"}  # a number without a unit


def test_a_column_that_is_no_field_is_reported_once_and_belongs_to_no_row() -> None:
    rows = [{"line": line, "ward": [line], **TEN_TIMES} for line in range(2, 6)]
    found = [each for each in judged(cut(rows, 1)) if "ward" in each["message"]]
    assert [(each["key"], each["code"]) for each in found] == [(None, "RC104")]


def test_what_is_said_of_a_drug_is_said_once_over_all_batches() -> None:
    found = judged(cut([{"line": line, **RIGHT} for line in range(5)], 1))
    assert [each["code"] for each in found].count("RC401") == 1


def test_orders_of_one_set_are_judged_together_across_batches() -> None:
    rows = [{"line": line, "order_set": "A", "id": f"d{line}", "kind": "infusion", **RIGHT} for line in (2, 3)]
    assert "RC640" in {each["code"] for each in judged(cut(rows, 1))}
    assert [comparable(each) for each in judged(cut(rows, 1))] == commands(text(rows))


def test_a_text_of_several_lines_keeps_its_row() -> None:
    rows = [{"line": at, **TEN_TIMES, "text": "first\nsecond\n\nfourth"} for at in (20, 30, 40)]
    found = [each for each in judged(cut(rows, 2)) if each["code"] == "RC304"]
    assert [each["key"] for each in found] == [20, 30, 40]


def test_many_batches_without_findings_keep_no_keys() -> None:
    batch = pa.RecordBatch.from_pylist([{"line": 1, **RIGHT}] * 500)
    last = pa.RecordBatch.from_pylist([{"line": 2, **TEN_TIMES}])
    found = judged(iter([*[batch] * 12, last]), reference=CheckReference(as_of=DAY, select="RC3"))
    assert [each["key"] for each in found] == [2]


def test_a_key_that_is_a_field_is_judged_too() -> None:
    found = judged([pa.RecordBatch.from_pylist([{"id": "x9", **TEN_TIMES}])], "id")
    assert {(each["key"], each["order"]) for each in found if each["code"] == "RC304"} == {("x9", "x9")}


def test_a_reference_is_sent_to_another_process_with_its_day() -> None:
    reference = CheckReference(patient_weight="80 kg", select=["RC3", "RC4"], as_of=date(2026, 3, 1))
    sent = pickle.loads(pickle.dumps(reference))  # noqa: S301  # made here
    assert sent == reference
    assert (sent.as_of, sent.select, sent.patient_weight) == ("2026-03-01", ("RC3", "RC4"), "80 kg")
    assert CheckReference().as_of is not None


def test_a_wrong_reference_is_refused_when_it_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="rule or family 'RC999'"):
        CheckReference(select="RC999")
    with pytest.raises(CatalogueError):
        CheckReference(config=tmp_path / "none.toml")


def test_a_column_map_reads_other_names_and_its_own_decimal_point(tmp_path: Path) -> None:
    columns = tmp_path / "columns.toml"
    columns.write_text(
        'delimiter = "semicolon"\ndecimal = "comma"\n[columns]\ndrug = {value = "Wirkstoff"}\n'
        'pump_rate = { value = "Rate", unit_is = "mL/h" }\npatient_weight = { value = "Gewicht", unit_is = "kg" }\n',
        encoding="utf-8",
    )
    row = {"Nr": 5, "Wirkstoff": "tirofiban", "Gewicht": 80.5, "Rate": 144.9, **DRIP}
    del row["drug"]
    reference = CheckReference(as_of=DAY, columns=columns, select="RC3")
    [found] = judged([pa.RecordBatch.from_pylist([row])], "Nr", reference)
    assert (found["key"], found["code"], found["found"]) == (5, "RC304", "144.9 mL/h")


@pytest.mark.parametrize(
    ("rows", "key", "said"),
    [
        ([{"line": 1, "dose": "1 mg"}], "line", "its first row has no heading 'drug'"),
        ([TEN_TIMES], "line", "the batches have no column 'line'"),
        ([{"line": 1, **DRIP, "dose": ["1 mg"]}], "line", "the column 'dose' is of type list<"),
        ([{"line": 1, **DRIP, "dose": b"1 mg"}], "line", "the column 'dose' is of type binary; cast it to text"),
    ],
)
def test_what_is_no_table_of_orders_is_refused(rows: list[dict[str, Any]], key: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("<", "[<]")):
        judged([pa.RecordBatch.from_pylist(rows)], key)


def test_batches_of_different_columns_are_refused() -> None:
    with pytest.raises(InputError, match="other columns than the first one"):
        judged([*cut([{"line": 1, **DRIP}], 1), *cut([{"line": 1, **TEN_TIMES}], 1)])


def test_without_a_row_there_is_nothing() -> None:
    assert judged([]) == []
    assert judged([pa.RecordBatch.from_pylist([{"line": 1, **DRIP}]).slice(0, 0)]) == []


def test_no_command_line_is_imported() -> None:
    code = (
        "import sys, pyarrow as pa; from rescuecalc.arrow import *\n"
        "row = {'line': 1, 'drug': 'tirofiban', 'dose': '1 mg'}\n"
        "list(check_batches([pa.RecordBatch.from_pylist([row])], CheckReference(), key='line'))\n"
        "print([name for name in sys.modules if name.startswith(('typer', 'rich', 'rescuecalc.cli'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
