"""How an export's columns become the fields of an order: foreign headings, value and unit in two columns, own words.

A map is a TOML file (`--columns`), or `columns` in the settings. Without one the headings are the fields themselves.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.order_field import QUANTITIES
from rescuecalc.core.quantities.decimal_text import plain, quoted
from rescuecalc.core.quantities.units import usual_unit
from rescuecalc.errors import InputError
from rescuecalc.readers.document_reading import NotReadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DELIMITERS: Final = (",", ";", "\t", "|")
"""What may divide the columns of a file, the most usual first."""

_DECIMAL_COMMA: Final = re.compile(r"(?<![0-9])([0-9]{1,20}),([0-9]{1,20})", re.ASCII)
_POINTS: Final = re.compile(
    r"(?<![0-9.,])(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,3})(?P<part>,[0-9]{1,20})?(?![0-9.,])", re.ASCII
)
"""A number of a file of decimal commas whose points may divide its thousands."""

_ENDS_WITH_NUMBER: Final = re.compile(r"[0-9]$", re.ASCII)
"""A number, or a range of them, without its unit."""

_NUMBERS: Final = frozenset((*QUANTITIES, "weight", ""))
_NUMBERS_OF: Final = ("patient_", "when_", "titrate_")
"""The fields that hold numbers: the empty name is of a quantity whose unit tells its field."""

_BY_UNIT: Final = (
    *("dose_rate_per_kg", "dose_rate", "dose_per_kg", "dose"),
    *("concentration", "volume", "pump_rate", "run_time"),
)
"""The fields that a quantity may fill whose unit tells which."""

_DOSES: Final = frozenset(("dose_rate_per_kg", "dose_rate", "dose_per_kg", "dose", "volume", "pump_rate", "vtbi"))
"""The fields that say how much is given."""


_NAMED: Final = 12
"""The headings that a message offers another spelling of: those of more would not be read."""


class Column(NamedTuple):
    """Where the text of a field stands: a column, and behind it a unit out of another column, or always the same."""

    value: str
    unit: str = ""
    unit_is: str = ""


class ColumnMap(NamedTuple):
    """The columns of an export by field; ``quantities`` are those whose unit tells their field.

    ``words`` holds, by field, what the export's words are written as here; ``ignore`` are columns that are of no
    concern. ``delimiter`` and ``encoding`` are empty where the file tells, ``decimal`` is a point or a comma.
    """

    columns: Mapping[str, Column]
    quantities: tuple[Column, ...] = ()
    words: Mapping[str, Mapping[str, str]] = {}  # never changed
    ignore: tuple[str, ...] = ()
    delimiter: str = ""
    decimal: str = "."
    encoding: str = ""
    sheet: str = ""

    def headings(self) -> frozenset[str]:
        """Return every heading that the map knows."""
        used = [part for each in (*self.columns.values(), *self.quantities) for part in (each.value, each.unit) if part]
        return frozenset((*used, *self.ignore))


class Picked(NamedTuple):
    """One field of a layout: its heading here, and the places of value and unit in the row."""

    name: str
    value: int
    unit: int | None
    unit_is: str


class Layout:
    """The columns of one file as headings of this format; ``source`` is the place of each in the written row."""

    def __init__(self, written: Sequence[str], columns: ColumnMap | None, delimiter: str) -> None:
        self.delimiter, self.width = delimiter, len(written)
        self._map = columns
        if columns is None:
            self.headings, self._free = list(written), []
            self.source = list(range(len(written)))
            return
        place = {name: at for at, name in enumerate(written)}
        missing = sorted({each.value for each in columns.columns.values()} - place.keys())
        if missing:
            raise NotReadable(f"has no column {missing[0]!r}, which the column map names", 1, 1)
        self._picked = [
            Picked(name, place[each.value], place.get(each.unit), each.unit_is)
            for name, each in columns.columns.items()
        ]
        self._quantities = [
            Picked("", place[each.value], place.get(each.unit), each.unit_is)
            for each in columns.quantities
            if each.value in place
        ]
        own = {each.name for each in self._picked}
        self._free = [name for name in _BY_UNIT if name not in own] if self._quantities else []
        known = columns.headings()
        self._rest = [at for at, name in enumerate(written) if name not in known]
        self.headings = [*(each.name for each in self._picked), *self._free, *(written[at] for at in self._rest)]
        self._doses = [at for at, each in enumerate(self._picked) if each.name in _DOSES]
        self._free_doses = [name for name in self._free if name in _DOSES]
        self._before = len(self.headings) - len(self._rest)
        first = self._quantities[0].value if self._quantities else 0
        self.source = [*(each.value for each in self._picked), *(first for _ in self._free), *self._rest]

    def cells(self, row: list[str]) -> list[str]:
        """Return the cells of a written row, one for each heading."""
        if self._map is None:
            return row
        found = [self._text(each, row) for each in self._picked]
        by_unit = dict.fromkeys(self._free, "")
        for name, each in self._by_unit(row):
            text = self._text(each, row)
            by_unit[name] = f"{by_unit[name]}; {text}" if by_unit[name] else text
        if not any(found[place] for place in self._doses) and not any(by_unit[name] for name in self._free_doses):
            self._mark_missing(found, by_unit, row)
        rest = (self._number(self.headings[place], row[at]) for place, at in enumerate(self._rest, start=self._before))
        return [*found, *by_unit.values(), *rest]

    def source_column(self, column: int, row: list[str]) -> int:
        """Return the place in the written row from which a cell comes."""
        name = self.headings[column]
        if self._map is None or name not in self._free or column >= len(self._picked) + len(self._free):
            return self.source[column]
        return next((each.value for field, each in self._by_unit(row) if field == name), self.source[column])

    def _mark_missing(self, found: list[str], by_unit: dict[str, str], row: list[str]) -> None:
        """Fill in what cannot be read where a row says units of doses alone: that a number is missing is no silence."""
        for at in self._doses:
            found[at] = self._without_number(self._picked[at], row)
        for each in self._quantities:
            text = self._without_number(each, row)
            name = next((name for name in self._free_doses if text and _is_of(text, name)), None)
            if name is not None and not by_unit[name]:
                by_unit[name] = text

    @staticmethod
    def _without_number(picked: Picked, row: list[str]) -> str:
        unit_text = row[picked.unit].strip() if picked.unit is not None else ""
        return f"{_NO_NUMBER}{unit_text}" if unit_text else ""

    def _by_unit(self, row: list[str]) -> Iterator[tuple[str, Picked]]:
        """Yield the field that each quantity of a row fills; one of no field's unit is shown where a dose stands."""
        taken: set[str] = set()
        for each in self._quantities:
            text = self._text(each, row)
            if text and self._free:
                other = "dose" if "dose" in self._free else self._free[0]
                name = next((name for name in self._free if name not in taken and _is_of(text, name)), other)
                taken.add(name)
                yield name, each

    def _text(self, picked: Picked, row: list[str]) -> str:
        """Return what a field holds; where the number stands alone its unit is put behind it."""
        text = self._number(picked.name, row[picked.value].strip())
        assert self._map is not None  # noqa: S101  # without a map no field is picked
        mapped = self._map.words.get(picked.name, {}).get(text, text)
        of = row[picked.unit].strip() if picked.unit is not None else picked.unit_is
        return f"{mapped} {of}" if of and _ENDS_WITH_NUMBER.search(mapped) else mapped

    def _number(self, name: str, text: str) -> str:
        """Return a cell with its decimals behind a point, and both readings of a number that has two."""
        if self._map is None or self._map.decimal != ",":
            return text
        if "." in text:
            is_number = name in _NUMBERS or name.startswith(_NUMBERS_OF)
            text = _POINTS.sub(_both if is_number else _without_points, text)
        return _DECIMAL_COMMA.sub(r"\1.\2", text) if _OR not in text else text


_OR: Final = " or "
_NO_NUMBER: Final = "(no number) "


def _without_points(match: re.Match[str]) -> str:
    """Return a number without the points between its thousands; one point alone may stand before decimals too."""
    whole, part = match["whole"], match["part"] or ""
    return f"{whole.replace('.', '')}{part}" if part or whole.count(".") > 1 else whole


def _both(match: re.Match[str]) -> str:
    """Return ``12.000`` as `12,000 or 12`, which no rule reads as one number (RC201)."""
    text = _without_points(match)
    return f"{text.replace('.', ',')}{_OR}{plain(Decimal(text))}" if text == match["whole"] else text


def _is_of(text: str, name: str) -> bool:
    """Whether a quantity's unit is one of a field."""
    _, _, written = text.rpartition(_OR)[2].removeprefix("(no ").partition(" ")
    try:
        return QUANTITIES[name].accepts(usual_unit(written))
    except InputError:
        return False


def delimiter_of(line: str, columns: ColumnMap | None, known: frozenset[str]) -> str:
    """Return what divides the headings: what the map says, else what leaves the most of them known."""
    if columns is not None and columns.delimiter:
        return columns.delimiter
    names = columns.headings() if columns is not None else known
    counted = {
        each: sum(own_heading(part.strip().strip('"'), names) in names for part in line.split(each))
        for each in DELIMITERS
    }
    return max(DELIMITERS, key=lambda each: counted[each])


def own_heading(name: str, known: frozenset[str]) -> str:
    """Return the heading that a name spells in other letters: ``Drug``, ``Order Set``; any other name stays.

    >>> own_heading("Order Set", frozenset({"order_set"})), own_heading("Medication", frozenset({"drug"}))
    ('order_set', 'Medication')
    """
    folded = "_".join(name.casefold().replace("-", " ").split())
    return folded if name not in known and folded in known else name


_DIVIDES: Final = re.compile(r'\s*"?sep=(.)"?[;,\s]*', re.IGNORECASE)
"""The first line of a file that Excel writes or reads: what divides its cells."""
_TITLES: Final = 5
"""Lines above the headings, as a title and a date, through which headings are looked for."""


def before_headings(
    lines: Iterator[str], columns: ColumnMap | None, known: frozenset[str]
) -> tuple[int, list[str], str]:
    """Return how many lines stand before the headings, the lines read from those on, and what divides their cells."""
    ahead: list[str] = []
    stated = ""
    for line in islice(lines, _TITLES + 1):
        ahead.append(line)
        divides = _DIVIDES.fullmatch(line) if len(ahead) == 1 else None
        stated = divides[1] if divides is not None else stated
        delimiter = stated or delimiter_of(line, columns, known)
        names = columns.headings() if columns is not None else _DRUG
        if any(own_heading(each.strip().strip('"'), names) in names for each in line.split(delimiter)):
            return len(ahead) - 1, ahead[-1:], delimiter
    return 0, ahead, stated or delimiter_of(ahead[0] if ahead else "", columns, known)


_DRUG: Final = frozenset({"drug"})


def refuse_foreign(headings: list[str], known: frozenset[str]) -> None:
    """Raise NotReadable for a first row that is no heading of orders; headings that only look otherwise are named."""
    if "drug" in headings:
        return
    fields = {name: name.casefold().replace(" ", "_") for name in headings[:_NAMED]}
    spelled = [f"{field} for {quoted(name)}" for name, field in fields.items() if name != field and field in known]
    mapped = "a column map (--columns) says what other headings mean"
    if spelled:
        drug = "" if "drug" in fields.values() else "; a heading 'drug' is missing too"
        raise NotReadable(f"its headings are spelled differently: write {', '.join(spelled)}{drug}; {mapped}", 1, 1)
    if not known & set(headings):
        says = "its first row holds none of the headings of an order, such as drug and dose"
        raise NotReadable(f"{says}; {mapped}", 1, 1)
    raise NotReadable("its first row has no heading 'drug'", 1, 1)
