"""Record batches of Arrow as the lines of a CSV, so that one reader judges both; each line knows the caller's key.

pyarrow is an extra: it is imported where it is needed.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections import deque
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import InputError
from rescuecalc.readers.csv_rows import HEADINGS
from rescuecalc.readers.document_reading import MOST_ORDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rescuecalc.readers.column_map import ColumnMap

NEEDED: Final = "rescuecalc.arrow needs pyarrow: pip install 'rescuecalc[arrow]'"


def pyarrow() -> Any:
    """Return the library, InputError where it is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415  # an extra
    except ImportError:
        raise InputError(NEEDED) from None
    return pa


class _Taken(NamedTuple):
    """A batch that was taken: the line on which each of its rows begins, the line after them, and their keys."""

    starts: list[int]
    end: int
    keys: Any


class BatchLines:
    """Batches as one stream of CSV: its first line holds the headings, and each batch is taken when it is needed.

    ``taken`` counts the batches. Raises InputError for a batch of other columns than the first, for a column of a type
    that cannot be written as text, and where there is no column ``key``.
    """

    def __init__(self, batches: Iterable[Any], key: str, columns: ColumnMap | None) -> None:
        self._batches = (batch for batch in batches if batch.num_rows)
        self._key, self._columns = key, columns
        self._text = io.BytesIO()
        self._kept: deque[_Taken] = deque()
        self._line = 1
        self.taken = 0
        self.key_type: Any = None
        first = next(self._batches, None)
        self.is_empty = first is None
        if first is not None:
            self._begin(first.schema)
            self._take(first)

    def readline(self, size: int = -1) -> bytes:
        """Return the next line, at most ``size`` bytes of it, as a file does."""
        while not (line := self._text.readline(size)):
            batch = next(self._batches, None)
            if batch is None:
                return b""
            if batch.schema.names != self._names or batch.schema.types != self._types:
                raise InputError("a batch has other columns than the first one; give all batches one schema")
            self._forget()
            self._take(batch)
        return line

    def key_at(self, line: int | None) -> Any:
        """Return the key of the row to which a line belongs, None where it belongs to none: the headings, no line."""
        if line is None:
            return None
        found = next((each for each in self._kept if each.starts[0] <= line < each.end), None)
        return found.keys[bisect_right(found.starts, line) - 1] if found is not None else None

    def _begin(self, schema: Any) -> None:
        self._names, self._types = schema.names, schema.types
        if self._names.count(self._key) != 1:
            raise InputError(f"key: the batches have no column {quoted(self._key)}, or more than one")
        at = self._names.index(self._key)
        known = set(HEADINGS) | (self._columns.headings() if self._columns is not None else set())
        own = [place for place, name in enumerate(self._names) if place != at or name in known]
        point = self._columns.decimal if self._columns is not None else "."
        self._writes = [(place, _writer(self._names[place], self._types[place], point, known)) for place in own]
        self.key_type = self._types[at].value_type if _is_dictionary(self._types[at]) else self._types[at]
        self._add([[self._names[place] for place in own]])

    def _take(self, batch: Any) -> None:
        self.taken += 1
        columns = [write(batch.column(place)) for place, write in self._writes]
        starts = self._add(list(zip(*columns, strict=True)) if columns else [[]] * batch.num_rows)
        keys = batch.column(self._key)
        self._kept.append(_Taken(starts, self._line, keys.dictionary_decode() if _is_dictionary(keys.type) else keys))

    def _add(self, rows: list[Any]) -> list[int]:
        """Add rows to what is read next, and return the line on which each begins."""
        delimiter = (self._columns.delimiter if self._columns is not None else "") or ","
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n", delimiter=delimiter)
        starts, before = [], self._line
        for row in rows:
            starts.append(self._line)
            writer.writerow(row)
            self._line += 1
        made = text.getvalue()
        if made.count("\n") > len(rows):  # a text of several lines: each row by itself
            self._line = before
            starts = list(self._begins(rows, delimiter))
        left = self._text.read()
        self._text = io.BytesIO(left + made.encode())
        return starts

    def _begins(self, rows: list[Any], delimiter: str) -> Iterator[int]:
        for row in rows:
            yield self._line
            text = io.StringIO()
            csv.writer(text, lineterminator="\n", delimiter=delimiter).writerow(row)
            self._line += text.getvalue().count("\n")

    def _forget(self) -> None:
        """Let go of the keys of rows that are judged: an order set holds only so many, and one row is read ahead."""
        rows = sum(len(each.starts) for each in self._kept)
        while self._kept and rows - len(self._kept[0].starts) > MOST_ORDERS + 1:
            rows -= len(self._kept.popleft().starts)


def _is_dictionary(kind: Any) -> bool:
    found: bool = pyarrow().types.is_dictionary(kind)
    return found


def _writer(name: str, kind: Any, point: str, known: set[str] | frozenset[str]) -> Callable[[Any], list[str | None]]:
    """Return what writes a column as texts; one that is no field is empty: its heading alone is reported."""
    if name not in known:
        return lambda column: [None] * len(column)
    if _is_dictionary(kind):
        write = _writer(name, kind.value_type, point, known)
        return lambda column: write(column.dictionary_decode())
    shown = _shown(kind, point)
    if shown is None:
        raise InputError(f"the column {quoted(name)} is of type {kind}; cast it to text")
    return lambda column: [None if each is None else shown(each) for each in column.to_pylist()]


def _shown(kind: Any, point: str) -> Callable[[Any], str] | None:
    """Return how a value of a type is written in a CSV, None where it cannot be."""
    types = pyarrow().types
    if any(is_text(kind) for is_text in (types.is_string, types.is_large_string, types.is_string_view, types.is_null)):
        return str
    if types.is_boolean(kind):
        return lambda value: "yes" if value else "no"
    if types.is_integer(kind):
        return str
    if types.is_floating(kind) or types.is_decimal(kind):
        return lambda value: _number(value).replace(".", point)
    if types.is_temporal(kind):
        return _duration if types.is_duration(kind) else lambda value: str(value.isoformat())
    return None


def _number(value: float | Decimal) -> str:
    """Return a number without an exponent, and a whole one without a point; no digit is lost."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    return f"{exact:f}" if exact % 1 else f"{int(exact)}"


def _duration(value: timedelta) -> str:
    seconds = Decimal(value // timedelta(microseconds=1)).scaleb(-6)
    for unit, size in (("h", 3600), ("min", 60)):
        if not seconds % size:
            return f"{_number(seconds / size)} {unit}"
    return f"{_number(seconds)} s"
