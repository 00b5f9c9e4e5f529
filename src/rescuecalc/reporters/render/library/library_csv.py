"""A pump library as the native CSV: what `library show` converts an export to, and what `library template` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.library.export import AREA_WEIGHTS, COLUMNS
from rescuecalc.core.library.pump_library import PREFIXES, SETS
from rescuecalc.core.quantities.decimal_text import json_number, plain
from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.reporters.render.text_formats import csv_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.library.pump_library import Entry, PumpLibrary
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.reporters.document.library import LibraryShown


def library_csv(made: LibraryShown) -> str:
    """Return the entries as native CSV; a column of which no entry says anything is left out, but for the limits'."""
    library = made.library
    if library is None:
        return rows_csv(made.rows)
    # A limit that could not be read would be none in the new file.
    return rows_csv([native_row(each, library) for each in made.entries if not each.defects])


def rows_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows by column as native CSV."""
    needed = {"drug", "dose_unit", "soft_min", "soft_max", "hard_max"}
    if any(row.get("bolus_unit") for row in rows):
        needed |= {"bolus_soft_max", "bolus_hard_max"}
    columns = [name for name in COLUMNS if name in needed or any(row.get(name) for row in rows)]
    return csv_text(columns, ([printable(row.get(name, "")) for name in columns] for row in rows))


def native_row(entry: Entry, library: PumpLibrary) -> dict[str, str]:
    """Return the cells of one entry by their columns; the maxima of pump and care area stand in each row."""
    area = library.area(entry.care_area) if entry.care_area else None
    row = {
        "care_area": entry.care_area,
        "drug": entry.drug,
        "therapy": entry.therapy,
        "max_rate": _quantity(library.max_rate_of(entry)),
        "max_vtbi": _quantity(library.max_vtbi_of(entry)),
        "code": entry.code,
        "advisory": entry.texts.get("advisory", ""),
    }
    for name in ("creatinine_clearance", "weight"):
        row[name] = " and ".join(each.text for each in entry.conditions if each.name == name)
    if entry.amount is not None and entry.volume is not None:
        row |= {"amount": _quantity(entry.amount), "volume": _quantity(entry.volume)}
    else:
        row["concentration"] = "custom" if entry.is_custom else _quantity(entry.concentration)
    if area is not None and area.weight is not None:
        row["area_weight_unit"] = area.weight.unit.name
        row |= {AREA_WEIGHTS[end]: _limit(each, area.weight) for end, each in area.weight.ends.items()}
    for name in SETS:
        if name in entry.limits:
            row |= _cells(entry.limits[name], PREFIXES[name])
    return row


def _cells(limits: LimitSet, prefix: str) -> dict[str, str]:
    cells = {f"{prefix or 'dose_'}unit": limits.unit.name}
    return cells | {f"{prefix}{each.name}": _limit(each, limits) for each in limits.ends.values()}


def _limit(each: Limit, limits: LimitSet) -> str:
    return number(each.number) if each.unit == limits.unit else f"{number(each.number)} {each.unit.name}"


def number(value: Fraction) -> str:
    """Return a number as a file has it, without commas."""
    return plain(json_number(value)[0])


def _quantity(value: Quantity | None) -> str:
    return f"{number(value.magnitude)} {value.unit.name}" if value is not None else ""
