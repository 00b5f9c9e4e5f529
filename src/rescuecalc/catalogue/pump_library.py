"""The TOML beside a pump library's rows: its name, the pump's own limits, care areas, and how an export is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.catalogue.files.table import SCHEMA_KEY, Problem, Table, parse
from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.library.export import (
    ABSENT,
    CUSTOM,
    DECIMALS,
    DELIMITERS,
    ENCODINGS,
    EVERY_COLUMN,
    About,
    Export,
    Meaning,
)
from rescuecalc.core.library.limits import HARD_MAX, HARD_MIN, SOFT_MAX, SOFT_MIN, LimitSet, limit
from rescuecalc.core.library.pump_library import KINDS, PUMP, Area
from rescuecalc.core.literature.source import Source
from rescuecalc.core.orders.condition_text import read_condition
from rescuecalc.core.orders.model.agreement import size_of
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import DosingWeight, PumpRate, Volume
from rescuecalc.core.quantities.units import folded_unit, unit, usual_unit
from rescuecalc.errors import CatalogueError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rescuecalc.core.orders.order import Condition
    from rescuecalc.core.quantities.units import Unit

_WEIGHTS: Final = {"from": SOFT_MIN, "to": SOFT_MAX, "hard_from": HARD_MIN, "hard_to": HARD_MAX}
_CONDITIONS: Final = ("creatinine_clearance", "weight")
_MOST_HEADER_ROWS: Final = 20


class LibraryFile(NamedTuple):
    """What a library's TOML says, and the CSV with its rows."""

    about: About
    export: Export
    rows: Path


def library_file(path: Path) -> LibraryFile:
    """Return what a library's TOML says; CatalogueError names table and key of what is wrong."""
    try:
        return _file(path, Table(parse(path)))
    except Problem as problem:
        raise CatalogueError((f"{path}: {problem}",)) from None


def rows_named(path: Path) -> Path | None:
    """Return the CSV that a TOML names as a library's rows, None of one that is not a library, whatever it is."""
    try:
        return library_file(path).rows
    except CatalogueError:
        return None


def csv_without_description(path: Path) -> LibraryFile:
    """Return what is said of a native CSV without a TOML: a pump library that is named by its file."""
    return LibraryFile(About(path.name, Source("site", path.name, "pump library"), PUMP), Export(), path)


def _file(path: Path, root: Table) -> LibraryFile:
    root.maybe_text(SCHEMA_KEY)
    table = root.table("library")
    rows = path.parent / table.text("file")
    name = table.text("name")
    version, released = table.maybe_text("version") or "", table.maybe_day("released") or ""
    described = ", ".join(part for part in (name, version and f"version {version}", released) if part)
    about = About(
        name=name,
        source=Source("site", table.maybe_text("source") or described, f"{path.name}: {described}"),
        kind=table.text("kind", frozenset(KINDS)) if table.has("kind") else PUMP,
        version=version,
        released=released,
        max_rate=table.maybe_quantity("max_rate", PumpRate),
        min_rate=table.maybe_quantity("min_rate", PumpRate),
        rate_step=_above_zero(table, "rate_step"),
        max_vtbi=table.maybe_quantity("max_vtbi", Volume),
        areas=tuple(_areas(root)),
    )
    table.finish()
    mapping = root.maybe_table("mapping")
    export = _with_aliases(_mapping(mapping) if mapping is not None else Export(), root)
    root.finish()
    return LibraryFile(about, export, rows)


def _above_zero(table: Table, key: str) -> PumpRate | None:
    step = table.maybe_quantity(key, PumpRate)
    if step is not None and not step.magnitude:
        raise Problem(f"{table.where(key)}: zero is not a step")
    return step


def _areas(root: Table) -> Iterator[Area]:
    areas = root.maybe_table("area")
    for name, table in areas.entries() if areas is not None else ():
        weight = table.maybe_table("weight")
        yield Area(
            " ".join(name.split()),
            table.maybe_quantity("max_rate", PumpRate),
            table.maybe_quantity("max_vtbi", Volume),
            _weights(weight) if weight is not None else None,
        )
        table.finish()


def _weights(table: Table) -> LimitSet:
    """Return the weights of an area: ``from`` and ``to`` warn, ``hard_from`` and ``hard_to`` stop."""
    found = {}
    for key, name in _WEIGHTS.items():
        end = table.maybe_quantity(key, DosingWeight)
        if end is not None:
            found[name] = limit(name, *end.magnitude.as_integer_ratio(), end.unit)
    table.finish()
    return LimitSet(unit("kg"), found)


def _mapping(table: Table) -> Export:
    columns = table.maybe_table("columns")
    made = Export(
        columns=_by_field(columns) if columns is not None else None,
        header_rows=_header_rows(table),
        band=_band(table.maybe_table("band")),
        fixed=_by_field(table.maybe_table("fixed")),
        otherwise=_by_field(table.maybe_table("otherwise")),
        fill_down=tuple(_fields(table, "fill_down")),
        absent=frozenset(map(_folded, table.texts("absent"))) | {""} if table.has("absent") else ABSENT,
        custom=frozenset(map(_folded, table.texts("custom"))) if table.has("custom") else CUSTOM,
        units=_words(table.maybe_table("units")),
        delimiter=table.one_of("delimiter", DELIMITERS) or ",",
        encoding=table.text("encoding", frozenset(ENCODINGS)) if table.has("encoding") else "utf-8",
        decimal=table.text("decimal", frozenset(DECIMALS)) if table.has("decimal") else "",
    )
    table.finish()
    known = {*(made.columns or {}), *made.band, *made.fixed}
    if made.columns is not None and "drug" not in known:
        raise Problem(f"{table.where('columns')}.drug: is missing; name the heading of the drug's column")
    if made.decimal == made.delimiter:
        raise Problem(f"{table.where('decimal')}: the comma divides cells; name the delimiter, as ';'")
    alone = [name for name in made.otherwise if name not in (made.columns or {})]
    if alone:
        raise Problem(f"mapping.otherwise.{alone[0]}: stands in place of a column, and columns names none")
    return made


def _header_rows(table: Table) -> tuple[int, ...]:
    rows = table.wholes("header_rows") or (1,)
    if any(row < 1 for row in rows) or list(rows) != sorted(set(rows)) or len(rows) > _MOST_HEADER_ROWS:
        raise Problem(f"{table.where('header_rows')}: is not a list of rows from 1 on, from top to bottom")
    return rows


def _field(table: Table, key: str) -> str:
    if key not in EVERY_COLUMN:
        raise Problem(f"{table.where(key)}: is not a column of a library{nearest(key, EVERY_COLUMN)}")
    return key


def _by_field(table: Table | None) -> dict[str, str]:
    return {} if table is None else {_field(table, key): table.text(key) for key in table.keys()}  # noqa: SIM118


def _band(table: Table | None) -> dict[str, str]:
    made = _by_field(table)
    for key, text in made.items():
        if text.count("*") != 1:
            raise Problem(f"mapping.band.{key}: {quoted(text)} has not one * in place of what varies")
    return made


def _fields(table: Table, key: str) -> Iterator[str]:
    for name in table.texts(key):
        if name not in EVERY_COLUMN:
            raise Problem(f"{table.where(key)}: {quoted(name)} is not a column of a library")
        yield name


def _words(table: Table | None) -> dict[str, str]:
    """Return the units that words of the file stand for, by their spelling there."""
    if table is None:
        return {}
    found = {key: table.text(key) for key in table.keys()}  # noqa: SIM118
    for key, text in found.items():
        try:
            declared = unit(text)
        except InputError as reason:
            raise Problem(f"{table.where(key)}: {reason}") from None
        spelled = _spelled_unit(key)
        if spelled is not None and _are_apart(spelled, declared):
            raise Problem(f"{table.where(key)}: is {spelled.name} as it is spelled, and declared as {declared.name}")
    return found


def _are_apart(one: Unit, other: Unit) -> bool:
    """Whether two units of one kind of amount are not the same: units and IU may be."""
    (*size, kind), (*of_other, kind_of_other) = size_of(one), size_of(other)
    return one.shape != other.shape or (kind == kind_of_other and size != of_other)


def _spelled_unit(text: str) -> Unit | None:
    """Return the unit that a word of the file spells by itself, in any letters; None where it is none."""
    try:
        return usual_unit("/".join(folded_unit(part) for part in text.split("/")))
    except InputError:
        return None


def _with_aliases(export: Export, root: Table) -> Export:
    """Return an export with what its names and therapies mean."""
    drugs, therapies = root.maybe_table("drugs"), root.maybe_table("therapies")
    return export._replace(
        drugs={_folded(key): _meaning(each, names_drug=True) for key, each in _entries(drugs)},
        therapies={_folded(key): _meaning(each, names_drug=False) for key, each in _entries(therapies)},
    )


def _entries(table: Table | None) -> Iterator[tuple[str, Table]]:
    yield from table.entries() if table is not None else ()


def _meaning(table: Table, *, names_drug: bool) -> Meaning:
    drug = drug_name(table.text("drug")) if names_drug else ""
    conditions = tuple(_conditions(table))
    table.finish()
    return Meaning(drug, conditions)


def _conditions(table: Table) -> Iterator[Condition]:
    for name in _CONDITIONS:
        text = table.maybe_text(name)
        if text is None:
            continue
        try:
            yield read_condition(text, name)
        except InputError as reason:
            raise Problem(f"{table.where(name)}: {reason}") from None


def _folded(text: Any) -> str:
    return " ".join(str(text).split()).casefold()
