"""From the rows of a library's file to its entries, and where in the file each of them stands."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, TypeVar

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.drugs.suggestions import SIMILARITY, nearest_names
from rescuecalc.core.library.export import AREA_WEIGHTS, PART_COLUMNS, Meaning
from rescuecalc.core.library.limits import ENDS
from rescuecalc.core.library.pump_library import PREFIXES, STRENGTH, Area, Entry, PumpLibrary, UnmatchedName
from rescuecalc.core.orders.condition_text import read_condition
from rescuecalc.core.orders.order import Defect
from rescuecalc.core.orders.order_field import Unreadable, read_field
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.quantity import Concentration, Dose, PumpRate, Quantity, Volume
from rescuecalc.errors import InputError
from rescuecalc.readers.csv_rows import cell_span
from rescuecalc.readers.document_reading import Lines, Spot, starts_of_lines
from rescuecalc.readers.library.cells import MISSING, UNKNOWN_UNIT, UNREADABLE, WEIGHT, Cells, UnreadCell, with_points
from rescuecalc.readers.library.strengths import UNREADABLE_VALUE, parted, quotient
from rescuecalc.readers.library.table_rows import library_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rescuecalc.core.library.export import About, Export
    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.orders.findings.source_location import Place
    from rescuecalc.core.orders.order import Condition
    from rescuecalc.readers.library.table_rows import Row, Rows

    Texts = Mapping[str, str]

Q = TypeVar("Q", bound=Quantity)

_CONDITIONS: Final = ("creatinine_clearance", "weight")
_NO_MEANING: Final = Meaning()
_STRENGTHS: Final = ("amount", "concentration", "volume")
_OF_STRENGTH: Final = ("amount", "volume", "amount_unit", "volume_unit")


def pump_library(path: Path, about: About, export: Export, files: tuple[str, ...]) -> PumpLibrary:
    """Return the library of a CSV; CatalogueError where the file or its headings cannot be read.

    Each drug's entries are read once they are asked for.
    """
    reader = _Reader(library_rows(path, export), export)
    return PumpLibrary(
        name=about.name,
        file=str(path),
        files=files,
        source=about.source,
        entries_of=reader.entries_of,
        place=reader.place,
        version=about.version,
        released=about.released,
        kind=about.kind,
        max_rate=about.max_rate or (None if reader.area_names else reader.most_of("", "max_rate", PumpRate)),
        min_rate=about.min_rate,
        rate_step=about.rate_step,
        max_vtbi=about.max_vtbi or (None if reader.area_names else reader.most_of("", "max_vtbi", Volume)),
        areas=_areas(about.areas, reader),
        drugs=tuple(reader.by_drug),
        unmapped=reader.table.unmapped,
        unmatched=reader.unmatched,
        passed_over=reader.table.passed_over,
        defects=tuple(reader.table.defects),
    )


def _areas(declared: tuple[Area, ...], reader: _Reader) -> dict[str, Area]:
    """Return the care areas of rows and of the TOML, by their names in small letters; what the TOML says counts."""
    found = {name.casefold(): reader.area_of(name) for name in reader.area_names}
    for each in declared:
        own = found.get(each.name.casefold(), each)
        found[each.name.casefold()] = Area(
            each.name, each.max_rate or own.max_rate, each.max_vtbi or own.max_vtbi, each.weight or own.weight
        )
    return found


class _Reader:
    def __init__(self, table: Rows, export: Export) -> None:
        self.table, self._export, self._cells = table, export, Cells(export)
        self._constant = {*export.band, *export.fixed}
        self._columns = tuple(table.columns.items())
        known = {*table.columns, *self._constant}
        self._sets = tuple(
            (name, prefix, unit_of, tuple(f"{prefix}{end}" if f"{prefix}{end}" in known else "" for end in ENDS))
            for name, prefix in PREFIXES.items()
            if not known.isdisjoint({unit_of := f"{prefix or 'dose_'}unit", *(f"{prefix}{end}" for end in ENDS)})
        )
        self._quantities: dict[tuple[str, str, str], Quantity | UnreadCell | None] = {}
        self._quotients: dict[tuple[str, ...], Concentration] = {}
        self.by_drug: dict[str, list[int]] = {}
        self._read: dict[str, tuple[Entry, ...]] = {}
        names: dict[str, str] = {}
        for number, row in enumerate(table.rows):
            name = self._text(row, "drug")
            drug = names.get(name)
            if drug is None:
                drug = names[name] = self._meaning(name).drug or drug_name(name)
            self.by_drug.setdefault(drug, []).append(number)

    @property
    def unmatched(self) -> tuple[UnmatchedName, ...]:
        """The names and therapies of the TOML that no row has."""
        found: list[UnmatchedName] = []
        for column, table in (("drug", self._export.drugs), ("therapy", self._export.therapies)):
            names = {" ".join(self._text(row, column).split()) for row in self.table.rows} if table else set[str]()
            known = {name.casefold() for name in names}
            missing = [key for key in table if key not in known]
            near = {key: tuple(nearest_names(key, sorted(known), SIMILARITY)) for key in missing}
            found += [UnmatchedName(column, key, near[key]) for key in missing]
        return tuple(found)

    @cached_property
    def area_names(self) -> tuple[str, ...]:
        """The care areas of the rows, in their order."""
        names = (" ".join(self._text(row, "care_area").split()) for row in self.table.rows)
        return tuple(dict.fromkeys(name for name in names if name))

    @cached_property
    def _weights(self) -> dict[str, tuple[int, tuple[str, ...]]]:
        """The line that first says the weights of a care area, and its texts, by the area in small letters."""
        columns = tuple(AREA_WEIGHTS.get(end, "") for end in ENDS)
        if {*self.table.columns, *self._constant}.isdisjoint(columns):
            return {}
        found: dict[str, tuple[int, tuple[str, ...]]] = {}
        for row in self.table.rows:
            texts = tuple(self._text(row, column) for column in columns)
            if not all(map(self._cells.is_absent, texts)):
                name = " ".join(self._text(row, "care_area").split()).casefold()
                found.setdefault(name, (row.line, (self._text(row, _WEIGHT_UNIT), *texts)))
        return found

    @cached_property
    def _maxima(self) -> dict[tuple[str, str], set[tuple[str, str]]]:
        """The maxima that the rows of each care area say, with their units, by area (in small letters) and column."""
        known = [name for name in _MAXIMA if name in self.table.columns or name in self._constant]
        found: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for row in self.table.rows if known else ():
            area = " ".join(self._text(row, "care_area").split()).casefold()
            for name in known:
                texts = self._text(row, name), self._text(row, f"{name}_unit")
                found.setdefault((area, name), set()).add(texts)
        return found

    def most_of(self, area: str, name: str, role: type[Q]) -> Q | None:
        """Return the highest of the maxima of a care area, where each of its rows says one."""
        every = self._maxima.get((area.casefold(), name), set())
        read = [self._read_quantity(*texts, role) for texts in every if texts[0]]
        known = [each for each in read if isinstance(each, role)]
        return (
            max(known, key=lambda each: each.value_in("mL/h" if role is PumpRate else "mL"), default=None)
            if len(known) == len(every)
            else None
        )

    def area_of(self, name: str) -> Area:
        """Return a care area as its rows describe it."""
        rate, volume = self.most_of(name, "max_rate", PumpRate), self.most_of(name, "max_vtbi", Volume)
        return Area(name, rate, volume, self.weight_of(name))

    def weight_of(self, area: str) -> LimitSet | None:
        """Return the weights that the rows of a care area say, None where they say none."""
        known = self._weights.get(area.casefold())
        limits = self._cells.limits(WEIGHT, known[1][0], known[1][1:])[0] if known is not None else None
        return limits if limits is not None and limits.ends else None

    def _area_weight(self, texts: Texts, area: str, pointer: str, defects: list[Defect]) -> None:
        """Note what of the weights of a row's care area cannot be read, or is not what another row says of it."""
        known = self._weights.get(area.casefold())
        if known is None:
            return
        line, (unit_text, *first) = known
        ends = {end: texts.get(column, "") for end, column in AREA_WEIGHTS.items()}
        _, unread = self._cells.limits(WEIGHT, texts.get(_WEIGHT_UNIT, ""), tuple(ends.get(end, "") for end in ENDS))
        for end, each in unread:
            column = AREA_WEIGHTS[end] if end else _WEIGHT_UNIT
            defects.append(each.defect(f"{pointer}/{column}", texts.get(column, "")))
        for end, before in zip(ENDS, first, strict=True) if not unread else ():
            now = ends.get(end, "")
            if not self._cells.is_absent(now) and (now, texts.get(_WEIGHT_UNIT, "")) != (before, unit_text):
                message = (
                    f"another weight of the care area {area} stands in line {line}: {before or 'none'} {unit_text}"
                )
                defects.append(Defect(UNREADABLE_VALUE, message.rstrip(), f"{pointer}/{AREA_WEIGHTS[end]}", now))

    def _meaning(self, name: str) -> Meaning:
        return self._export.drugs.get(" ".join(name.split()).casefold(), _NO_MEANING)

    def _text(self, row: Row, name: str) -> str:
        column = self.table.columns.get(name)
        if column is not None:
            cell = row.cells[column]
            return with_points(cell) if self._export.decimal == "," and name not in _NAMES else cell
        if name not in self._constant:
            return ""
        return row.band.get(name) or self._export.fixed.get(name, "")

    def _texts(self, row: Row) -> Texts:
        """Return what a row says by field: its cells, else its band, else what holds for every row."""
        cells = row.cells
        own = {name: cells[column] for name, column in self._columns}
        for name, column in self.table.otherwise.items():
            if self._cells.is_absent(own[name]):
                own[name] = cells[column]
        if self._export.decimal == ",":
            own = {name: text if name in _NAMES else with_points(text) for name, text in own.items()}
        if not self._constant:
            return own
        return {**self._export.fixed, **{name: text for name, text in row.band.items() if text}, **own}

    def entries_of(self, drug: str) -> tuple[Entry, ...]:
        """Return the entries of a drug, none of one that the library does not hold."""
        if drug not in self._read:
            self._read[drug] = tuple(self._entry(number, drug) for number in self.by_drug.get(drug, ()))
        return self._read[drug]

    def _entry(self, number: int, drug: str) -> Entry:
        row, defects = self.table.rows[number], list[Defect]()
        texts = self._texts(row)
        pointer = f"/entries/{number}"
        name, therapy = texts.get("drug", ""), texts.get("therapy", "")
        if not name:
            defects.append(Defect(MISSING, "the row names no drug, and has limits", f"{pointer}/drug", None, "drug"))
        amount = self._quantity(texts, "amount", Dose, pointer, defects)
        volume = self._quantity(texts, "volume", Volume, pointer, defects)
        amount, volume = parted(texts.get("amount", ""), amount, volume, pointer, defects)
        of_row = f"{amount.unit.name}/mL" if amount is not None and volume is not None else ""
        stated = self._quantity(texts, "concentration", Concentration, pointer, defects, of_row)
        limits = self._limits(texts, pointer, defects)
        is_custom = any(map(self._cells.is_custom, (texts.get(each, "") for each in _STRENGTHS)))
        if not (defects or limits or amount or volume or stated or is_custom):
            why = "the row has neither a unit, a limit nor a strength: it is no entry"
            defects.append(Defect(MISSING, why, f"{pointer}/drug", name or None))
        area = " ".join(texts.get("care_area", "").split())
        self._area_weight(texts, area, pointer, defects)
        made = (self._quotient(amount, volume, texts) if amount is not None and volume is not None else None) or stated
        return Entry(
            number=number,
            line=row.line,
            care_area=area,
            drug=drug,
            name=_shown(name),
            therapy=_shown(therapy),
            conditions=self._conditions(texts, name, therapy, pointer, defects),
            amount=amount,
            volume=volume,
            concentration=made,
            stated=stated,
            is_custom=made is None and (is_custom or STRENGTH in limits),
            limits=limits,
            max_rate=self._quantity(texts, "max_rate", PumpRate, pointer, defects),
            max_vtbi=self._quantity(texts, "max_vtbi", Volume, pointer, defects),
            code=texts.get("code", ""),
            texts={each: texts.get(each, "") for each in ("advisory",)},
            defects=tuple(self._as_written(each, row) for each in defects),
        )

    def _as_written(self, defect: Defect, row: Row) -> Defect:
        """Return a defect with the cell as the file has it, where its decimals have a comma."""
        column = self._column(row, defect.pointer.rpartition("/")[2]) if self._export.decimal == "," else None
        if column is None or "," not in with_points(row.cells[column]):
            return defect
        found = row.cells[column]
        why = "a point divides no decimals here (mapping.decimal), and one alone may divide thousands or decimals"
        return defect._replace(message=f"cannot read {quoted(found)}: {why}", found=found[:_LONGEST_NAME])

    def _quotient(self, amount: Dose, volume: Volume, texts: Texts) -> Concentration:
        """Return the concentration of an amount in a volume, worked out once for each that is written."""
        key = tuple([texts.get(each, "") for each in _OF_STRENGTH])
        if key not in self._quotients:
            self._quotients[key] = quotient(amount, volume)
        return self._quotients[key]

    def _limits(self, texts: Texts, pointer: str, defects: list[Defect]) -> dict[str, LimitSet]:
        found = {}
        for name, prefix, unit_column, columns in self._sets:
            unit_text = texts.get(unit_column, "")
            ends = tuple([texts.get(column, "") for column in columns])
            if not unit_text and not any(ends):
                continue
            made, unread = self._cells.limits(name, unit_text, ends)
            for end, each in unread:
                column = f"{prefix}{end}" if end else unit_column
                defects.append(each.defect(f"{pointer}/{column}", texts.get(column, "")))
            # A unit that is fixed for every row says of none that it has such limits.
            if made is not None and (made.ends or unit_column not in self._export.fixed):
                found[name] = made
        return found

    def _quantity(
        self, texts: Texts, name: str, role: type[Q], pointer: str, defects: list[Defect], of_row: str = ""
    ) -> Q | None:
        """Return the quantity of a column: in its own unit, else in that of its unit's column, else ``of_row``."""
        text = texts.get(name, "")
        if not text:
            return None
        key = name, text, (texts.get(f"{name}_unit", "") if f"{name}_unit" in PART_COLUMNS else "") or of_row
        if key not in self._quantities:
            self._quantities[key] = self._read_quantity(text, key[2], role)
        found = self._quantities[key]
        if isinstance(found, UnreadCell):
            defects.append(found.defect(f"{pointer}/{name}", text))
        return found if isinstance(found, role) else None

    def _read_quantity(self, text: str, of: str, role: type[Q]) -> Q | UnreadCell | None:
        if self._cells.is_absent(text) or self._cells.is_custom(text) or (role is Dose and strength(text) is not None):
            return None
        twofold = self._cells.two_readings(text)
        if twofold is not None:
            return twofold
        label = strength(text) if role is Concentration else None
        if label is not None and label.text == text:
            return role(label.concentration.magnitude, label.concentration.unit)
        spelled = self._cells.with_unit(text, of)
        found = read_field(spelled, role)
        if isinstance(found, role) and found.magnitude:
            return found
        reason = found.reason if isinstance(found, Unreadable) else f"zero is not {role.NAME}"
        _, _, name_of_unit = spelled.partition(" ")
        return UnreadCell(
            UNKNOWN_UNIT if isinstance(self._cells.unit(name_of_unit), UnreadCell) else UNREADABLE, reason
        )

    def _conditions(
        self, texts: Texts, name: str, therapy: str, pointer: str, defects: list[Defect]
    ) -> tuple[Condition, ...]:
        of_name = self._meaning(name).conditions
        of_therapy = self._export.therapies.get(" ".join(therapy.split()).casefold(), _NO_MEANING).conditions
        found = [*of_name, *of_therapy]
        for each in _CONDITIONS:
            text = texts.get(each, "")
            if not text or self._cells.is_absent(text):
                continue
            try:
                found.append(_condition(text, each))
            except InputError as reason:
                defects.append(Defect(UNREADABLE_VALUE, str(reason), f"{pointer}/{each}", text[:_LONGEST_NAME]))
        return tuple(found)

    def _column(self, row: Row, name: str) -> int | None:
        column, other = self.table.columns.get(name), self.table.otherwise.get(name)
        return (
            other if column is not None and other is not None and self._cells.is_absent(row.cells[column]) else column
        )

    def place(self, pointer: str) -> Place | None:
        """Return where in the file a pointer stands: its cell, else the beginning of its row."""
        parts = pointer.split("/")
        if parts[1:2] == ["rows"]:
            raw = self.table.broken.get(int(parts[2]), "")
            return Lines(raw, starts_of_lines(raw)).place(Spot(1, 1, 0), int(parts[2]) - 1)
        if parts[1:2] != ["entries"]:
            return None
        row = self.table.rows[int(parts[2])]
        lines = Lines(row.raw, starts_of_lines(row.raw))
        column = self._column(row, parts[3]) if len(parts) > len(("", "entries", "0")) else None
        if column is None or not row.cells[column]:
            return lines.place(Spot(1, 1, 0), row.line - 1)
        return lines.place(lines.spot(*cell_span(row.raw, column, self._export.delimiter)), row.line - 1)


_NAMES: Final = frozenset(("care_area", "drug", "therapy", "code", "advisory"))
"""Columns of names and texts, whose numbers stay as they are written."""

_WEIGHT_UNIT: Final = "area_weight_unit"
_MAXIMA: Final = ("max_rate", "max_vtbi")

_LONGEST_NAME: Final = 60


@lru_cache(maxsize=256)
def _condition(text: str, name: str) -> Condition:
    return read_condition(text, name)


@lru_cache(maxsize=4096)
def _shown(text: str) -> str:
    """Return a name as messages repeat it: cut, and on one line."""
    one = " ".join(text.split())
    return one if len(one) <= _LONGEST_NAME else f"{one[:_LONGEST_NAME]}..."
