"""One file, or standard input, as readings of order sets; what cannot be read is a reading too."""

from __future__ import annotations

from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

from rescuecalc.core.orders.findings.source_location import Place
from rescuecalc.core.orders.order import Defect, OrderSet
from rescuecalc.file_access import open_regular, reason
from rescuecalc.readers.csv_rows import csv_readings
from rescuecalc.readers.document_reading import (
    LARGEST_JSON,
    LARGEST_YAML,
    LONGEST_LINE,
    UNREADABLE_FILE,
    UNREADABLE_PART,
    DocumentReading,
    FailedReading,
    Lines,
    NotReadable,
    PassedOver,
    Reading,
    Spot,
    Tree,
    starts_of_lines,
)
from rescuecalc.readers.json_tree import json_tree
from rescuecalc.readers.order_sets import doubled_fields, order_sets
from rescuecalc.readers.plain_set import PlainReading, plain_reading
from rescuecalc.readers.text_decoding import UTF_8, Input, decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.findings.suppression import Suppression
    from rescuecalc.fhir.codes import AskedCodes
    from rescuecalc.readers.column_map import ColumnMap
    from rescuecalc.readers.input_paths import File

BYTE_ORDER_MARK = "RC110"
"""The code of the rule that tells of the mark at the beginning of a file."""


def readings(
    file: File, stdin: IO[bytes], codes: AskedCodes, columns: ColumnMap | None = None, encoding: str = UTF_8
) -> Iterator[Reading]:
    """Yield the order sets of a file, one after the other as they are read, and what could not be.

    ``codes`` are what the codes of drugs stand for, asked for where a resource of FHIR is met; ``columns`` says what
    the headings of a table mean.
    """
    if file.problem is not None:
        yield FailedReading(UNREADABLE_FILE, file.problem, None)
        return
    with ExitStack() as opened:
        try:
            stream = stdin if file.path is None else opened.enter_context(open_regular(file.path))
            # A line of JSON Lines is a whole order set, one of a table a few cells.
            longest = LARGEST_JSON if file.suffix in {".jsonl", ".ndjson"} else LONGEST_LINE
            given = Input(stream, encoding, longest)
            if given.has_bom:
                yield _mark()
            yield from _of_format(file.suffix or given.suffix(), given, codes, columns)
        except NotReadable as failure:
            yield _failed(UNREADABLE_FILE, failure, None)
        except OSError as failure:
            yield FailedReading(UNREADABLE_FILE, f"cannot be read: {reason(failure)}", None)


def _mark() -> Reading:
    mark = Defect(BYTE_ORDER_MARK, "the file begins with a byte order mark, which was left out")
    return DocumentReading(OrderSet("", None, None, None, None, (), defects=(mark,)), None, Lines("", [0]))


def _of_format(suffix: str, given: Input, codes: AskedCodes, columns: ColumnMap | None) -> Iterator[Reading]:
    if suffix in {".yaml", ".yml"}:
        yield from _yaml(given.whole(LARGEST_YAML))
    elif suffix == ".json":
        yield from _json(given.whole(LARGEST_JSON), codes)
    elif suffix in {".csv", ".tsv"}:
        yield from _csv(given, columns)
    elif suffix == ".xlsx":
        from rescuecalc.readers.spreadsheet import rows_as_text  # noqa: PLC0415  # only a spreadsheet pays for it

        yield from _table(csv_readings(rows_as_text(given, columns.sheet if columns else ""), columns), [])
    else:
        yield from _json_lines(given, codes)


def _yaml(text: str) -> Iterator[Reading]:
    from rescuecalc.readers.yaml_comments import suppressions  # noqa: PLC0415  # 20 ms that only YAML needs
    from rescuecalc.readers.yaml_tree import yaml_lines, yaml_trees  # noqa: PLC0415

    lines = yaml_lines(text)
    in_comments: tuple[Suppression, ...] | None = None
    empty = True
    try:
        for tree in yaml_trees(text):
            if tree.data != "":  # a document end mark with nothing after it
                empty = False
                for reading in _native(tree, lines):
                    # Once a file, and only where there is an order set: comments of a large file take as long to find
                    # as its sets.
                    in_comments = suppressions(text, lines) if in_comments is None else in_comments
                    reading.suppressions = in_comments
                    yield reading
        if empty:
            raise NotReadable("has only comments and marks: there is nothing to check", 1, 1)  # noqa: TRY301
    except NotReadable as failure:
        yield _failed(UNREADABLE_FILE, failure, lines)


def _json(text: str, codes: AskedCodes, above: int = 0, code: str = UNREADABLE_FILE) -> Iterator[Reading]:
    try:
        tree, lines = json_tree(text)
        if isinstance(tree.data, dict) and "resourceType" in tree.data:
            yield from _fhir(tree, lines, codes, above)
            return
        if _is_not_an_order_set(tree.data):
            yield PassedOver()
            return
        yield from _native(tree, lines, above)
    except NotReadable as failure:
        yield _failed(code, failure, Lines(text, starts_of_lines(text)), above)


def _native(tree: Tree, lines: Lines, above: int = 0) -> Iterator[PlainReading | DocumentReading]:
    plain = plain_reading(tree, lines, above)
    if plain is not None:
        yield plain
        return
    yield from (DocumentReading(made, tree, lines, above) for made in order_sets(tree.data, tree.doubled))


def _is_not_an_order_set(data: Any) -> bool:
    """Whether a document is one that this program writes, a package's own, or a schema: it lies beside order sets."""
    if not isinstance(data, dict) or {"orders", "order_set", "drug"} & data.keys():
        return False
    # Folders hold more than order sets: a report of this program beside them is no order set that cannot be read.
    schema = data.get("schema")
    is_ours = isinstance(schema, str) and schema.startswith("rescuecalc.")
    is_package = {"name", "version"} <= data.keys() and bool(_OF_PACKAGES & data.keys())
    return is_ours or is_package or ("$schema" in data and bool({"properties", "definitions", "anyOf"} & data.keys()))


_OF_PACKAGES = frozenset({"dependencies", "devDependencies", "scripts", "fhirVersions", "canonical", "lockfileVersion"})


def _fhir(tree: Tree, lines: Lines, codes: AskedCodes, above: int) -> Iterator[Reading]:
    from rescuecalc.readers.fhir.reading import FhirReading  # noqa: PLC0415  # only a resource of FHIR pays for it
    from rescuecalc.readers.fhir.resources import order_sets as fhir_order_sets  # noqa: PLC0415

    for made in fhir_order_sets(tree.data, doubled_fields(tree.doubled), codes()):
        yield FhirReading(made, tree, lines, above)


def _json_lines(given: Input, codes: AskedCodes) -> Iterator[Reading]:
    empty = True
    for number, line in given.lines():
        if line is not None and not line.strip():
            continue
        empty = False
        try:
            yield from _json(_text(line, given.encoding, LARGEST_JSON), codes, number - 1, UNREADABLE_PART)
        except NotReadable as failure:
            yield _failed(UNREADABLE_PART, failure, None, number - 1)
    if empty:
        raise NotReadable("is empty: there is nothing to check", 1, 1)


def _text(line: bytes | None, encoding: str, longest: int = LONGEST_LINE) -> str:
    if line is None:
        raise NotReadable(f"the line is longer than {longest:,} bytes and was not read", 1, 1)
    return decoded(line.rstrip(b"\r\n"), encoding)


def _csv(given: Input, columns: ColumnMap | None) -> Iterator[Reading]:
    """Yield the readings of a CSV; a line that is no text becomes an empty one, and is told."""
    lost: list[Reading] = []

    def lines() -> Iterator[str]:
        for number, line in given.lines():
            try:
                yield f"{_text(line, given.encoding)}\n"
            except NotReadable as failure:
                lost.append(_failed(UNREADABLE_PART, failure, None, number - 1))
                yield "\n"

    yield from _table(csv_readings(lines(), columns), lost)


def _table(rows: Iterator[Reading], lost: list[Reading]) -> Iterator[Reading]:
    """Yield the readings of a table, and what was ``lost`` of it meanwhile."""
    empty = True
    try:
        for reading in rows:
            empty = empty and not reading.orders and not isinstance(reading, FailedReading)
            yield from lost
            lost.clear()
            yield reading
    except NotReadable:
        if not lost:  # else the headings are what could not be read
            raise
    yield from lost
    if empty and not lost:
        raise NotReadable("holds no order: there is nothing to check", 1, 1)


def _failed(code: str, failure: NotReadable, lines: Lines | None, above: int = 0) -> Reading:
    if failure.line is None:
        return FailedReading(code, str(failure), None if lines is None else lines.place(Spot(1, 1, 0), above))
    if lines is None:
        return FailedReading(code, str(failure), Place(failure.line + above, failure.column or 1, 0, "", 0))
    return FailedReading(code, str(failure), lines.place(Spot(failure.line, failure.column or 1, 0), above))
