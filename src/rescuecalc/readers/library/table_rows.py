"""The rows of a library's CSV: where its headings stand, which rows are bands, repeated headings or entries."""

from __future__ import annotations

import csv
import io
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.library.export import EVERY_COLUMN
from rescuecalc.core.library.limits import ENDS
from rescuecalc.core.library.pump_library import PREFIXES
from rescuecalc.core.orders.order import Defect
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import CatalogueError
from rescuecalc.file_access import content_of
from rescuecalc.readers.document_reading import LONGEST_LINE, UNREADABLE_PART

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rescuecalc.core.library.export import Export

LARGEST: Final = 50_000_000
"""Bytes of a library's CSV; 20,000 rows have some four million."""

MOST_ROWS: Final = 200_000

_HINTED: Final = 20
"""Headings of a refusal: what a file without any of ours holds is not worth more lines."""

_LIMIT_COLUMNS: Final = frozenset(f"{prefix}{name}" for prefix in PREFIXES.values() for name in ENDS)


class Row(NamedTuple):
    """One entry of the file: its cells without space around, the line it begins on, and what the band above says."""

    cells: list[str]
    line: int
    raw: str
    band: Mapping[str, str]


class Rows(NamedTuple):
    """The entries of a file, in which column each field stands, and what else there is.

    ``otherwise`` is the column that counts where the field's own says that nothing is there.
    """

    columns: Mapping[str, int]
    rows: list[Row]
    defects: list[Defect]
    unmapped: tuple[str, ...]
    passed_over: int
    broken: Mapping[int, str]
    otherwise: Mapping[str, int] = MappingProxyType({})


def library_rows(path: Path, export: Export) -> Rows:
    """Return the rows of a library; CatalogueError where the file or its headings cannot be read."""
    numbered = _numbered(_text(path, export.encoding), export.delimiter)
    heads: list[list[str]] = []
    bands = _Bands(export)
    for number, (row, problem) in enumerate(numbered, start=1):
        if problem is not None:
            raise CatalogueError((f"{path}: line {row.line}: {problem}",))
        if number in export.header_rows:
            heads.append([cell.strip() for cell in row.cells])
        else:
            bands.takes(next(filter(None, map(str.strip, row.cells)), ""))
        if number == export.header_rows[-1]:
            break
    if len(heads) < len(export.header_rows):
        raise CatalogueError((f"{path}: ends before its headings, row {export.header_rows[-1]}",))
    columns, unmapped, width = _columns(path, heads, export)
    own = {name: place for name, place in columns.items() if not name.startswith(_OTHERWISE)}
    other = {name.removeprefix(_OTHERWISE): place for name, place in columns.items() if name not in own}
    return _entries(path, numbered, own, unmapped, heads, width, export, bands)._replace(otherwise=other)


_OTHERWISE: Final = "otherwise "
"""How a field begins whose column stands in place of another; no field of a library does."""


def _text(path: Path, encoding: str) -> str:
    content = content_of(path, LARGEST)
    if not content.strip():
        raise CatalogueError((f"{path}: is empty",))
    if content[:2] in {b"PK", b"\xd0\xcf"}:
        raise CatalogueError((f"{path}: is a spreadsheet or an archive; save the sheet as CSV",))
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError as failure:
        start = failure.start if isinstance(failure, UnicodeDecodeError) else 0
        line = content[:start].count(b"\n") + 1
        other = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "cp1252"
        hint = f"; mapping.encoding names another one, as {other}" if encoding == "utf-8" else ""
        raise CatalogueError((f"{path}: line {line} is not {encoding.upper()}{hint}",)) from None
    # Spreadsheets of some systems end rows by a carriage return alone.
    return text.replace("\r", "\n") if "\n" not in text else text


def _numbered(text: str, delimiter: str) -> Iterator[tuple[Row, str | None]]:
    """Yield each row, or why it is none; lines count as they stand in the file."""
    kept: list[str] = []
    total = 0

    def lines() -> Iterator[str]:
        nonlocal total
        for each in io.StringIO(text, newline="\n"):
            total += 1
            kept.append(each)
            yield each

    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    while True:
        first = total + 1
        try:
            cells = next(reader, None)
        except csv.Error as failure:
            yield Row([], first, kept[0] if kept else "", {}), f"the row is not CSV: {failure}"
            kept.clear()
            continue
        if cells is None:
            return
        raw = kept[0] if len(kept) == 1 else "".join(kept)
        kept.clear()
        yield Row(cells, first, raw, {}), None


def _columns(path: Path, heads: list[list[str]], export: Export) -> tuple[dict[str, int], tuple[str, ...], int]:
    """Return the column of each field, the headings that none is mapped to, and how many there are."""
    width = max(map(len, heads))
    padded = [head + [""] * (width - len(head)) for head in heads]
    direct = [_joined(padded, place) for place in range(width)]
    merged = [_joined([*map(_spread, padded[:-1]), padded[-1]], place) for place in range(width)]
    if export.columns is None:
        return _native(path, direct, export), (), width
    found, problems = {}, []
    for field, heading in {**export.columns, **{f"{_OTHERWISE}{k}": v for k, v in export.otherwise.items()}}.items():
        wanted = _folded(heading)
        places = [place for place, name in enumerate(direct) if _folded(name) == wanted]
        places = places or [place for place, name in enumerate(merged) if _folded(name) == wanted]
        if len(places) == 1:
            found[field] = places[0]
            continue
        near = nearest(heading, [name for name in dict.fromkeys((*direct, *merged)) if name], folded=False)
        why = f"stands {len(places)} times" if places else f"is not there{near}"
        problems.append(f"{path}: the heading {quoted(heading)} of {field} {why}")
    twice = {place for place in found.values() if list(found.values()).count(place) > 1}
    problems += [f"{path}: the heading {quoted(direct[place])} is mapped to two columns" for place in sorted(twice)]
    if problems:
        raise CatalogueError(tuple(problems[:_HINTED]))
    used = set(found.values())
    return found, tuple(name for place, name in enumerate(direct) if name and place not in used), width


def _joined(heads: list[list[str]], place: int) -> str:
    return " ".join(" ".join(head[place] for head in heads).split())


def _spread(head: list[str]) -> list[str]:
    """Return a row of headings whose merged cells stand over every column that they cover."""
    made, last = [], ""
    for cell in head:
        last = cell or last
        made.append(last)
    return made


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _native(path: Path, headings: list[str], export: Export) -> dict[str, int]:
    """Return the columns of native headings; a misspelt limit would otherwise be no limit."""
    problems = [
        f"{path}: the heading {quoted(name)} is not one of a library{nearest(name, EVERY_COLUMN)}"
        for name in dict.fromkeys(headings)
        if name and name not in EVERY_COLUMN
    ]
    problems += [
        f"{path}: the heading {quoted(name)} stands twice"
        for name in dict.fromkeys(headings)
        if name and headings.count(name) > 1
    ]
    known = {*headings, *export.fixed, *export.band}
    if len(problems) == len(set(filter(None, headings))):
        divided = "; its columns are divided by ';' and not by commas" if ";" in "".join(headings) else ""
        problems = [
            f"{path}: row {export.header_rows[-1]} holds none of the headings of a library, such as drug{divided}"
        ]
    elif not problems:
        problems = [f"{path}: missing heading {name!r}" for name in ("drug", "dose_unit") if name not in known]
        if not problems and known.isdisjoint(_LIMIT_COLUMNS):
            problems = [f"{path}: no heading of a limit, such as soft_max or hard_max"]
    if problems:
        raise CatalogueError(tuple(problems[:_HINTED]))
    return {name: place for place, name in enumerate(headings) if name}


class _Bands:
    """What rows of one cell say of the rows below them."""

    def __init__(self, export: Export) -> None:
        self._patterns = {
            name: re.compile(re.escape(" ".join(text.split())).replace(r"\*", "(.*)"), re.IGNORECASE)
            for name, text in export.band.items()
        }
        self.now: Mapping[str, str] = {}
        self.missed = dict(export.band)

    def takes(self, first: str) -> bool:
        """Whether a row is a band, by its first cell that is not empty; it holds from here on."""
        if not self._patterns:
            return False
        first = " ".join(first.split())
        for name, pattern in self._patterns.items():
            match = pattern.fullmatch(first)
            if match is not None:
                self.now = {**self.now, name: match[1].strip()}
                self.missed.pop(name, None)
                return True
        return False


def _entries(
    path: Path,
    numbered: Iterator[tuple[Row, str | None]],
    columns: dict[str, int],
    unmapped: tuple[str, ...],
    heads: list[list[str]],
    width: int,
    export: Export,
    bands: _Bands,
) -> Rows:
    filled = _Filled(columns, export.fill_down)
    found: list[Row] = []
    defects: list[Defect] = []
    broken: dict[int, str] = {}
    passed = 0
    repeated = [[cell for cell in head if cell] for head in heads]
    limits = [place for name, place in columns.items() if name in _LIMIT_COLUMNS]
    drug = columns.get("drug")
    for row, problem in numbered:
        cells = [*map(str.strip, row.cells)]
        filled_cells = [*filter(None, cells)]
        if problem is None and (not filled_cells or bands.takes(filled_cells[0]) or filled_cells in repeated):
            continue
        while len(cells) > width and not cells[-1]:
            cells.pop()
        is_named = drug is None or (drug < len(cells) and bool(cells[drug]))
        is_empty = not is_named and "drug" not in export.fill_down and not _has(cells, limits)
        why = problem
        if why is None and (is_empty or len(filled_cells) == 1):
            passed += 1  # a title, a foot or a remark: no entry has one cell alone, or neither drug nor limit
            continue
        if why is None and len(cells) != width:
            why = f"the row has {len(cells)} cells, the headings are {width}: cells and headings cannot be matched"
        if why is not None:
            defects.append(Defect(UNREADABLE_PART, why, f"/rows/{row.line}"))
            broken[row.line] = row.raw
            continue
        if len(found) >= MOST_ROWS:
            raise CatalogueError((f"{path}: has more than {MOST_ROWS:,} entries",))
        found.append(row._replace(cells=filled.with_above(cells), band=bands.now))
    for name, text in bands.missed.items():  # without it every entry would be one of no care area
        raise CatalogueError((f"{path}: no row is the band {quoted(text)} of {name}",))
    if not found and not defects:  # an export that was cut off would pass as one without a fault
        skipped = f"; {passed:,} rows have neither a drug nor a limit" if passed else ""
        raise CatalogueError((f"{path}: has headings and no entry{skipped}",))
    return Rows(columns, found, defects, unmapped, passed, broken)


def _has(cells: list[str], places: list[int]) -> bool:
    return any(place < len(cells) and cells[place] for place in places)


class _Filled:
    """Cells that repeat the one above where they are empty, for the fields of which that is declared."""

    def __init__(self, columns: Mapping[str, int], fields: tuple[str, ...]) -> None:
        self._places = [columns[name] for name in fields if name in columns]
        self._above: dict[int, str] = {}

    def with_above(self, cells: list[str]) -> list[str]:
        """Return the cells of a row, its empty ones as above."""
        for place in self._places:
            if cells[place]:
                self._above[place] = cells[place]
            elif place in self._above:
                cells[place] = self._above[place]
        return cells
