"""Column maps, read from TOML: how the columns of an export become the fields of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.catalogue.files.table import SCHEMA_KEY, Problem, Table, parse
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.errors import CatalogueError
from rescuecalc.readers.column_map import Column, ColumnMap
from rescuecalc.readers.csv_rows import HEADINGS
from rescuecalc.readers.text_decoding import ENCODINGS

if TYPE_CHECKING:
    from pathlib import Path

_NAMES: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


def column_map(path: Path) -> ColumnMap:
    """Return the column map of a file; CatalogueError says what is wrong in it."""
    try:
        return _column_map(Table(parse(path)))
    except Problem as problem:
        raise CatalogueError((f"{path}: {problem}",)) from None


def _column_map(table: Table) -> ColumnMap:
    table.maybe_text(SCHEMA_KEY)
    own = table.table("columns")
    columns = {name: _column(own, name) for name in own.keys()}  # noqa: SIM118  # a table is no dictionary
    unknown = next((name for name in columns if name not in HEADINGS), None)
    if unknown is not None:
        raise Problem(f"columns.{unknown}: is not a field of an order{nearest(unknown, sorted(HEADINGS))}")
    if "drug" not in columns:
        raise Problem("columns.drug: is missing; an order names its drug")
    words = table.maybe_table("words")
    made = ColumnMap(
        columns,
        tuple(_of_table(each) for each in table.tables("quantities")),
        {field: _words(each) for field, each in words.entries()} if words is not None else {},
        table.texts("ignore"),
        table.one_of("delimiter", _NAMES) or "",
        table.one_of("decimal", {"point": ".", "comma": ","}) or ".",
        table.one_of("encoding", {each: each for each in ENCODINGS}) or "",
        table.maybe_text("sheet") or "",
    )
    table.finish()
    return made


def _column(table: Table, name: str) -> Column:
    """Return where a field stands: a heading, or a table with value and unit."""
    return _of_table(table.table(name)) if table.is_table(name) else Column(table.text(name))


def _of_table(table: Table) -> Column:
    made = Column(table.text("value"), table.maybe_text("unit") or "", table.maybe_text("unit_is") or "")
    if made.unit and made.unit_is:
        raise Problem(f"{table.path}: unit names a column and unit_is a unit; write one of them")
    table.finish()
    return made


def _words(table: Table) -> dict[str, str]:
    return {word: table.text(word) for word in table.keys()}  # noqa: SIM118  # a table is no dictionary
