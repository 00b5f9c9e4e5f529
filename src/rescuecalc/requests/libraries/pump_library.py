"""A pump library by the name of its file: a native CSV, or the TOML beside an export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rescuecalc.catalogue.pump_library import csv_without_description, library_file
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.library.pump_library import LibraryUse
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import CatalogueError, InputError
from rescuecalc.readers.library.entries import pump_library

if TYPE_CHECKING:
    from rescuecalc.core.library.pump_library import Area, PumpLibrary
    from rescuecalc.rules.base.knowledge import Knowledge

_SPREADSHEETS = frozenset((".xls", ".xlsx", ".xlsm", ".ods"))


def library_of(path: Path) -> PumpLibrary:
    """Return the library of a file; CatalogueError says what is wrong in it, or that it is none."""
    suffix = path.suffix.lower()
    if suffix in _SPREADSHEETS:
        raise CatalogueError((f"{path}: is a spreadsheet; save the sheet as CSV",))
    if suffix not in {".csv", ".toml"}:
        raise CatalogueError((f"{path}: a library is a CSV, or a TOML that names one with `file`",))
    of = library_file(path) if suffix == ".toml" else csv_without_description(path)
    files = dict.fromkeys((str(path), str(of.rows)))
    return pump_library(of.rows, of.about, of.export, tuple(files))


def library_use(path: Path, area: str | None, option: str = "--care-area") -> LibraryUse:
    """Return a library that orders are compared with, in a care area where one is named; errors as for these."""
    library = readable(library_of(path))
    return LibraryUse(library, area_of(library, area, option) if area is not None else None)


def known_with_library(knowledge: Knowledge, library: Path | None, area: str | None) -> Knowledge:
    """Return what rules may know with a library that was typed, and the pump's own limits by it; errors as for these.

    Raises InputError for a care area without a library.
    """
    if library is None:
        raise InputError("--care-area is given without --library, whose care areas it chooses from")
    from rescuecalc.rules.facts.order_model.pump_entries import in_care_area  # noqa: PLC0415  # a library itself is read without

    use = library_use(library, area)
    return in_care_area(knowledge._replace(library=use), use, use.area)


def readable(library: PumpLibrary) -> PumpLibrary:
    """Return a library whose rows are all read; CatalogueError names the first that is not.

    Orders are never compared with a part of a library: what is missing there would pass as unknown to the pump.
    """
    if library.defects:
        first = library.defects[0]
        line = first.pointer.rpartition("/")[2]
        more = f" (and {len(library.defects) - 1:,} more)" if len(library.defects) > 1 else ""
        raise CatalogueError((f"{library.file}: line {line}: {first.message}{more}",))
    return library


def area_of(library: PumpLibrary, text: str, option: str = "--care-area") -> Area:
    """Return the care area of a library that was typed; InputError names the nearest of an unknown one."""
    found = library.area(text)
    if found is None:
        known = [each.name for each in library.areas.values()]
        hint = nearest(text, known, folded=False) or (f"; known are {', '.join(known[:_LISTED])}" if known else "")
        raise InputError(f"{option}: unknown care area {quoted(text)} in {library.file}{hint}")
    return found


_LISTED = 8
