"""CSV, one order a row, streamed: memory holds the rows of one order set, whatever the length of the file."""

from __future__ import annotations

import csv
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.order import Defect, OrderSet
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.readers.column_map import Layout, before_headings, own_heading, refuse_foreign
from rescuecalc.readers.database_decimal import defect, original_text
from rescuecalc.readers.document_reading import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_ORDERS,
    UNREADABLE_PART,
    FailedReading,
    Lines,
    NativeReading,
    NotReadable,
    Reading,
    Shape,
    Spot,
    same_names,
    starts_of_lines,
)
from rescuecalc.readers.document_shape import DOUBLED, WRONG_TYPE, unknown_field
from rescuecalc.readers.order_fields import linked, order_of
from rescuecalc.readers.order_sets import order_set_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from rescuecalc.core.orders.findings.source_location import Place
    from rescuecalc.core.orders.traced_order import Taken
    from rescuecalc.core.orders.traced_text import Rest
    from rescuecalc.readers.column_map import ColumnMap
    from rescuecalc.readers.row_shape import Form

_SET, _PATIENT, _WHEN, _TITRATE, _ORDER = "set", "patient", "when", "titrate", "order"

HEADINGS: Final = {
    **{name: (_SET, name) for name in field.SET_TEXTS},
    **{f"patient_{name}": (_PATIENT, name) for name in field.PATIENT},
    **{f"patient_{name}": (_PATIENT, own) for name, own in field.AMERICAN.items()},
    **{f"when_{name}": (_WHEN, name) for name in field.WHEN},
    **{f"titrate_{name}": (_TITRATE, name) for name in field.TITRATE},
    **{name: (_ORDER, name) for name in field.ORDER if name not in {"when", "titrate"}},
}
"""Every heading, with the part that it belongs to and its field there."""

_KNOWN: Final = frozenset(HEADINGS)

_INSIDE: Final = {name: f"/{name}/{{0}}" for name in (_PATIENT, _WHEN, _TITRATE)}
_POINTERS: Final = {_SET: "/{0}", **_INSIDE, _ORDER: "/{0}"}
_HINTED: Final = 100
"""Headings for which the nearest name is looked up: that takes time."""

_OPEN: Final = f"a quote opens in this row and does not close within {LONGEST_LINE:,} characters"
_SHOWN: Final = 1_000

_TOGETHER: Final = 5_000_000
"""Characters of the rows of one order set."""


class _CsvRow(NamedTuple):
    cells: list[str]
    line: int
    raw: str


class _Headings:
    """The headings of one file: which column is which field."""

    def __init__(self, layout: Layout) -> None:
        headings = layout.headings
        self.layout, self.headings = layout, headings
        self.columns = [(place, *HEADINGS[name]) for place, name in enumerate(headings) if name in HEADINGS]
        self.nameless = [place for place, name in enumerate(headings) if not name]
        self.id = _last(headings, "id")
        self.name = _last(headings, "order_set")
        ours = [place for place, part, _ in self.columns if part in {_SET, _PATIENT}]
        self.common: Callable[[list[str]], Any] = itemgetter(*ours) if ours else lambda _: ()
        self._ours = ours
        places = [place for place, *_ in self.columns if place not in (self.id, self.name)]
        self.content: Callable[[list[str]], Any] = itemgetter(*places) if places else lambda _: ()
        self._content_places = places

    def shared_cells(self, cells: list[str]) -> list[str]:
        """Return what a row says of the order set and of the patient."""
        return [cells[place] for place in self._ours]

    @cached_property
    def form(self) -> Form | None:
        """Which columns hold numbers that may be taken out, None where one of two columns is not judged."""
        from rescuecalc.readers.row_shape import form_of  # noqa: PLC0415  # of many rows alone

        return form_of(self.headings, self._content_places) if len(set(self.headings)) == len(self.headings) else None

    def pointer_columns(self) -> dict[str, int]:
        """Return the column of each field, by the end of its pointer."""
        return {_POINTERS[part].format(name): place for place, part, name in self.columns}


def _last(names: list[str], name: str) -> int | None:
    return max((place for place, each in enumerate(names) if each == name), default=None)


class RowsReading(NativeReading):
    """The neighbouring rows of one order set and one patient.

    ``filled`` tells that every row says all that another one says of set and patient.
    """

    def __init__(self, table: _Headings, rows: list[_CsvRow], *, filled: bool) -> None:
        self._table, self._rows, self._is_filled = table, rows, filled
        self.orders = len(rows)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The ids of its orders."""
        column = self._table.id
        return tuple(row.cells[column] for row in self._rows) if column is not None else ("",) * len(self._rows)

    @property
    def title(self) -> str:
        """The name under which the rows stand together."""
        return self._rows[0].cells[self._table.name] if self._table.name is not None else ""

    @property
    def key(self) -> Hashable:
        """All that is written but the names; of those, which are the same."""
        if len(self._rows) == 1:
            content: Hashable = self._table.content(self._rows[0].cells)
            return content
        if len(self._rows) > _COMPARED:
            return None
        return same_names(self.names), *(self._table.content(row.cells) for row in self._rows)

    @property
    def shape(self) -> Shape | None:
        """All that is written but the names and some numbers, and those."""
        if self._table.form is None or not self._is_filled or sum([len(row.raw) for row in self._rows]) > _LONGEST:
            return None
        shape = self._table.form.shape([row.cells for row in self._rows])
        return shape._replace(key=(same_names(self.names), shape.key)) if shape is not None else None

    def taken(self) -> tuple[tuple[Taken, ...], tuple[Rest, ...]]:
        """Return what the numbers of its shape are the numbers of, and the texts of which it holds the beginning."""
        form, rows = self._table.form, [row.cells for row in self._rows]
        return (form.taken(rows), form.rests(rows)) if form is not None else ((), ())

    def order_set(self) -> OrderSet:
        """Return the order set of the rows."""
        defects: list[Defect] = []
        orders = []
        parts: dict[str, dict[str, str]] = {_SET: {}, _PATIENT: {}}
        for place, row in enumerate(self._rows):
            parts |= {_WHEN: {}, _TITRATE: {}, _ORDER: {}}
            for column, part, name in self._table.columns:
                text = row.cells[column]
                if len(text) > LONGEST_TEXT:
                    defects.append(_too_long(name, f"/orders/{place}{_POINTERS[part].format(name)}"))
                elif text:
                    pointer = f"/orders/{place}{_POINTERS[part].format(name)}"
                    parts[part][name] = _before_database(name, text, pointer, defects) if part != _SET else text
            orders.append(order_of(parts[_ORDER], parts[_WHEN], f"/orders/{place}", defects, parts[_TITRATE]))
        return order_set_of(parts[_SET], parts[_PATIENT], linked(orders, defects), "", defects)

    def place(self, pointer: str) -> Place | None:
        """Return the place of the pointer: its cell, or the beginning of its row."""
        row, rest = self._rows[0], pointer
        if pointer.startswith("/orders/"):
            number, _, rest = pointer.removeprefix("/orders/").partition("/")
            row, rest = self._rows[int(number)], f"/{rest}"
        lines = Lines(row.raw, starts_of_lines(row.raw))
        column = self._table.pointer_columns().get(rest)
        if column is None or not row.cells[column]:
            return lines.place(Spot(1, 1, 0), row.line - 1)
        layout = self._table.layout
        written = next(csv.reader([row.raw], delimiter=layout.delimiter), [])
        at = layout.source_column(column, written) if len(written) == layout.width else layout.source[column]
        return lines.place(lines.spot(*cell_span(row.raw, at, layout.delimiter)), row.line - 1)


_COMPARED: Final = 32
"""Rows of an order set that is remembered; larger ones do not come again."""

_LONGEST: Final = 4_000
"""Characters of rows that have a shape; longer ones do not come again."""


def _before_database(name: str, text: str, pointer: str, defects: list[Defect]) -> str:
    """Return a cell with its number as it was before a database kept it, which is told."""
    read = original_text(text) if len(text) >= _NOISY else None
    if read is None:
        return text
    defects.append(defect(name, text, read, pointer))
    return read


_NOISY: Final = 9
"""Characters from which on a number may be noisy: one digit, a point, seven decimals."""


def _too_long(name: str, pointer: str) -> Defect:
    message = f"{name!r} is longer than {LONGEST_TEXT:,} characters and was not judged"
    return Defect(WRONG_TYPE, message, pointer)


def cell_span(raw: str, column: int, delimiter: str = ",") -> tuple[int, int]:
    """Return where a cell begins and ends in its row, its quotes included."""
    start = 0
    for _ in range(column):
        start = _end(raw, start, delimiter) + 1
    return start, _end(raw, start, delimiter)


def _end(raw: str, start: int, delimiter: str = ",") -> int:
    if raw.startswith('"', start):
        end = raw.find('"', start + 1)
        while end >= 0 and raw.startswith('"', end + 1):
            end = raw.find('"', end + 2)
        start = end if end >= 0 else len(raw)
    comma = raw.find(delimiter, start)
    return comma if comma >= 0 else len(raw.rstrip("\r\n"))


class _Feed:
    """The lines of a file, one at a time, kept until the row that they belong to is complete."""

    def __init__(self, lines: Iterator[str], before: int) -> None:
        self._lines = lines
        self.kept: list[str] = []
        self.number = before

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number += 1
            self.kept.append(line)
            yield line

    def taken(self) -> str:
        """Return the lines since the last row."""
        text = self.kept[0] if len(self.kept) == 1 else "".join(self.kept)
        self.kept.clear()
        return text


def csv_readings(lines: Iterator[str], columns: ColumnMap | None = None) -> Iterator[Reading]:
    """Yield the order sets of a CSV; NotReadable where its first row is no heading."""
    csv.field_size_limit(LONGEST_LINE)
    before, first, delimiter = before_headings(lines, columns, _KNOWN)
    feed = _Feed(chain(first, lines), before)
    rows = csv.reader(feed, strict=True, delimiter=delimiter)
    try:
        headings = [name.strip() for name in next(rows, [])]
        if columns is None:
            headings = [own_heading(name, _KNOWN) for name in headings]
    except csv.Error as failure:
        raise NotReadable(f"is not CSV: {failure}", 1, 1) from None
    raw = feed.taken() if feed.kept else ""
    layout = Layout(headings, columns, delimiter)
    refuse_foreign(layout.headings, _KNOWN)
    table = _Headings(layout)
    wrong = list(_wrong_headings(layout.headings))
    if wrong:
        yield _HeadingReading(wrong, raw, layout, before)
    yield from _grouped(table, feed, rows)


def _wrong_headings(headings: list[str]) -> Iterator[Defect]:
    seen: set[str] = set()
    for place, name in enumerate(headings):
        if name and name not in HEADINGS:
            yield unknown_field(name, tuple(HEADINGS) if place < _HINTED else (), f"/{place}")
        if name and name in seen:
            yield Defect(DOUBLED, f"the heading {quoted(name)} is written twice; the last one was judged", f"/{place}")
        seen.add(name)


class _HeadingReading(NativeReading):
    """What is wrong with the headings; a pointer counts the column."""

    key = None
    orders = 0
    names = ()
    title = ""

    def __init__(self, defects: list[Defect], raw: str, layout: Layout, above: int) -> None:
        self._defects, self._raw, self._layout, self._above = defects, raw, layout, above

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._raw, starts_of_lines(self._raw))

    @cached_property
    def _cells(self) -> list[tuple[int, int]]:
        """Where each heading stands, found in one pass: there may be as many findings as headings."""
        found, start = [], 0
        for _ in range(self._layout.width):
            found.append((start, _end(self._raw, start, self._layout.delimiter)))
            start = found[-1][1] + 1
        return found

    def order_set(self) -> OrderSet:
        return OrderSet("", None, None, None, None, (), defects=tuple(self._defects))

    def place(self, pointer: str) -> Place | None:
        column = self._layout.source[int(pointer.lstrip("/") or 0)]
        return self._lines.place(self._lines.spot(*self._cells[column]), self._above)


def _grouped(table: _Headings, feed: _Feed, rows: Any) -> Iterator[Reading]:
    """Yield the rows that stand together: those of one named order set and one patient."""
    group: list[_CsvRow] = []
    common: Any = None
    known: list[str] | None = None  # what the rows of a group say together, where one of them leaves something out
    title, size = "", 0
    for row in _sound(table, feed, rows):
        if isinstance(row, FailedReading):
            yield row
            continue
        name = row.cells[table.name] if table.name is not None else ""
        if name and group and name == title and len(group) < MOST_ORDERS and size < _TOGETHER:
            belongs = known is None and common == table.common(row.cells)
            if not belongs:
                before, shared = known or table.shared_cells(group[0].cells), table.shared_cells(row.cells)
                belongs = _goes_with(before, shared)
                known = _filled(before, shared) if belongs else known
            if belongs:
                group.append(row)
                size += len(row.raw)
                continue
        if group:
            yield RowsReading(table, group, filled=known is None)
        group, title, size, known = [row], name, len(row.raw), None
        common = table.common(row.cells) if name else None
    if group:
        yield RowsReading(table, group, filled=known is None)


def _goes_with(known: list[str], row: list[str]) -> bool:
    """Whether a row says of set and patient nothing else than the rows before it; it may leave something out."""
    return all(one == other or not one or not other for one, other in zip(known, row, strict=True))


def _filled(known: list[str], row: list[str]) -> list[str]:
    return [one or other for one, other in zip(known, row, strict=True)]


def _sound(table: _Headings, feed: _Feed, rows: Any) -> Iterator[_CsvRow | FailedReading]:
    """Yield each row that has a cell for every heading; what else there is, as a reading that failed."""
    width = table.layout.width
    while True:
        before = feed.number
        try:
            cells = next(rows, None)
        except csv.Error as failure:
            raw = feed.taken() if feed.kept else ""
            if len(raw) > LONGEST_LINE:  # what follows would be cut in its middle, and each line of it be a finding
                yield _failed(f"{_OPEN}: the rest of the file was not read", before + 1, raw[:_SHOWN])
                return
            yield _failed(f"the row is not CSV: {failure}", before + 1, raw)
            continue
        if cells is None:
            return
        raw = feed.taken()
        if not any(map(str.strip, cells)):  # a row that a spreadsheet leaves behind the last one
            continue
        if len(cells) > width and not any(map(str.strip, cells[width:])):
            cells = cells[:width]
        if len(cells) == width:
            mapped = table.layout.cells(cells)
            if not any(mapped[place] for place in table.nameless):
                yield _CsvRow(mapped, before + 1, raw)
                continue
        words = "a cell under no heading" if len(cells) == width else f"{len(cells)} cells, the headings are {width}"
        yield _failed(f"the row has {words}: cells and headings cannot be matched", before + 1, raw)


def _failed(message: str, line: int, raw: str) -> FailedReading:
    lines = Lines(raw, starts_of_lines(raw))
    return FailedReading(UNREADABLE_PART, message, lines.place(Spot(1, 1, 0), line - 1))
