"""Orders in record batches of Arrow, judged: for engines that keep tables, as Spark, DuckDB and Polars do.

``check_batches`` takes batches of orders and yields batches of findings: the reader, the rules and the findings are
those of `rescuecalc check` for a CSV of the same rows. Needs pyarrow: ``pip install 'rescuecalc[arrow]'``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.api.arrow_rows import BatchLines, pyarrow
from rescuecalc.api.check_options import asked_of
from rescuecalc.api.order_sets import IN_MEMORY
from rescuecalc.engine.checking import typed_options
from rescuecalc.engine.lint_runner import Tally, steps
from rescuecalc.engine.references import RunReferences
from rescuecalc.errors import InputError
from rescuecalc.readers.document_reading import UNREADABLE_FILE
from rescuecalc.readers.input_paths import File
from rescuecalc.readers.text_decoding import UTF_8
from rescuecalc.reporters.document.common_parts import finding
from rescuecalc.requests.input.clock import day
from rescuecalc.requests.input.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from rescuecalc.api.options import Given
    from rescuecalc.core.orders.findings.source_location import Located

__all__ = ["CheckReference", "check_batches", "findings_schema"]

_ORDERS: Final = File(IN_MEMORY, None, ".csv")

_TOGETHER: Final = 4096
"""Findings of one batch, from which on it is handed over."""


@dataclass(frozen=True, kw_only=True)
class CheckReference:
    """What orders are judged by: the options of `rescuecalc check`, the same ones that ``rescuecalc.check`` takes.

    It holds texts and paths alone, so that it can be sent to other processes and machines; files that it names have to
    be there under the same path. ``as_of`` becomes today where it is not given: every process judges as of one day.
    No settings file is read unless ``config`` names one. ``columns`` is a column map, for columns of other names.

    Raises InputError, CalculationRefused and CatalogueError as ``rescuecalc.check`` does, when it is made.

    >>> CheckReference(protocol="yang-2020-iv", select="RC3", as_of="2026-03-01").select
    ('RC3',)
    """

    protocol: str | None = None
    patient_weight: Given = None
    patient_crcl: Given = None
    as_of: str | date | None = None
    select: str | Iterable[str] = ()
    ignore: str | Iterable[str] = ()
    config: str | Path | None = None
    protocol_file: str | Path | Iterable[str | Path] = ()
    library: str | Path | None = None
    care_area: str | None = None
    columns: str | Path | None = None

    def __post_init__(self) -> None:
        asked = asked_of(**vars(self))
        texts = {
            **{
                name: getattr(asked, name)
                for name in ("patient_weight", "patient_crcl", "config", "library", "columns")
            },
            **{name: tuple(getattr(asked, name)) for name in ("select", "ignore", "protocol_file")},
            "as_of": day(asked.as_of),
        }
        for name, text in texts.items():
            object.__setattr__(self, name, text)
        _references(self)


@lru_cache(maxsize=8)
def _references(reference: CheckReference) -> RunReferences:
    """Return what is read for a reference, once in a process."""
    # Batches are handed to the reader as UTF-8, whatever encoding a column map gives for files.
    asked = asked_of(**vars(reference))._replace(encoding=UTF_8)
    made = RunReferences(typed_options(Inputs(), asked))
    made.of(_ORDERS)
    return made


def findings_schema(key_type: Any = None) -> Any:
    """Return the schema of the batches of findings; ``key`` is of ``key_type``, a text unless it is given.

    ``key`` is the caller's key of the row, null for a finding about the columns or the settings; ``order_set`` and
    ``order`` are the name and id of what it is about, null where it has none. The other columns are the fields of a
    finding in JSON: ``expected_range`` and ``approval`` are structs, null where there is none, ``factor`` is found ÷
    expected, ``sources`` are the ids of sources. Raises InputError where pyarrow is not installed.
    """
    pa = pyarrow()
    text, texts = pa.string(), pa.list_(pa.string())
    place = pa.struct([("pointer", text), ("found", text), ("expected", text), ("slip", texts)])
    return pa.schema(
        [
            ("key", key_type if key_type is not None else text),
            ("order_set", text),
            ("order", text),
            *((name, text) for name in ("code", "name", "severity", "message", "pointer", "found", "expected")),
            ("factor", pa.float64()),
            ("slip", texts),
            ("alternatives", pa.list_(place)),
            ("expected_range", pa.struct([("low", text), ("high", text)])),
            ("sources", texts),
            ("approval", pa.struct([("approver", text), ("until", text), ("reason", text)])),
        ]
    )


def check_batches(batches: Iterable[Any], reference: CheckReference, *, key: str) -> Iterator[Any]:
    """Yield batches of findings for batches of orders, a row an order, with the columns of a native CSV.

    ``batches`` is anything that yields ``pyarrow.RecordBatch`` of one schema, as a ``pyarrow.RecordBatchReader`` does;
    they are taken one at a time, and memory does not grow with their number. ``key`` names the column whose value
    stands in each finding for the line of a file; unless it is also a column of a CSV it is not judged. Columns are
    text, also dictionaries; numbers, dates, times and durations are written as text first, so that a number needs a
    unit as it does in a CSV. The schema of the findings is ``findings_schema`` of the type of that column.

    Rows of one order set have to follow each other, as in a file. What is said of a drug or a column as such is said
    once a call. Without a row nothing is found; what cannot be read is a finding, as of a file.

    Raises InputError where the batches are no table of orders (no column `drug`, no column ``key``, a field of a type
    without a text, batches of different columns), and where pyarrow is not installed.
    """
    pa, references = pyarrow(), _references(reference)
    lines = BatchLines(batches, key, references.of(_ORDERS).columns_of(IN_MEMORY))
    if lines.is_empty:
        return
    schema = findings_schema(lines.key_type)
    found: list[Located] = []
    rows: list[dict[str, Any]] = []
    total, taken, stream = Tally(sink=found.extend), lines.taken, lines
    for _ in steps([_ORDERS], stream, references.of, total):  # type: ignore[arg-type]  # it is read by line
        total.hand_on()
        rows += (_row(each, lines) for each in found)
        found.clear()
        if rows and (len(rows) >= _TOGETHER or lines.taken > taken):
            yield pa.RecordBatch.from_pylist(rows, schema=schema)
            rows.clear()
        taken = lines.taken
    rows += (_row(each, lines) for each in found)
    if rows:
        yield pa.RecordBatch.from_pylist(rows, schema=schema)


def _row(each: Located, lines: BatchLines) -> dict[str, Any]:
    """Return the row of a finding; InputError where nothing could be read: no finding among others may hide that."""
    if each.finding.code == UNREADABLE_FILE:
        raise InputError(f"the batches cannot be judged: the table {each.finding.message}")
    made = finding(each.finding)
    key = lines.key_at(each.finding.line)
    return {
        **made,
        "key": key.as_py() if key is not None else None,
        "order_set": each.order_set or None,
        "order": each.order or None,
        "factor": None if made["factor"] is None else float(made["factor"]),
        "sources": list(dict.fromkeys(one["id"] for one in made["sources"])),
    }
