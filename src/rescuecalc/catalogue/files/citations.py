"""The sources of an entry, and what a drug's sources say of it; an entry without a source is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue.files.table import Problem, Table
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.literature.source import Source
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.core.regimen.protocol import InStroke, TimeLimit

if TYPE_CHECKING:
    from collections.abc import Mapping


def cited(table: Table, sources: Mapping[str, Source], key: str = "sources") -> tuple[Source, ...]:
    """Return the sources of an entry; an entry without one, or with an unknown one, is refused."""
    found = tuple(_one_source(each, sources) for each in table.tables(key))
    if not found:
        raise Problem(f"{table.where(key)}: is missing; an entry without a source is refused")
    return found


def in_stroke(table: Table | None, sources: Mapping[str, Source]) -> InStroke | None:
    """Return what speaks against a drug in stroke, None where nothing is held."""
    if table is None:
        return None
    severity = table.text("severity", frozenset({"error", "warning"}))
    return InStroke(severity, table.text("words"), cited(table, sources))


def time_limit(table: Table | None, sources: Mapping[str, Source]) -> TimeLimit | None:
    """Return a time that the sources of a drug state, None where none is held."""
    if table is None:
        return None
    return TimeLimit(table.quantity("time", Duration), table.text("words"), cited(table, sources))


def _one_source(table: Table, sources: Mapping[str, Source]) -> Source:
    key, locator = table.text("id"), table.text("locator")
    table.finish()
    if key not in sources:
        hint = f"{nearest(key, sorted(sources))}; a file defines its own under [source.{key}]"
        raise Problem(f"{table.where('id')}: there is no source {quoted(key)}{hint}")
    known = sources[key]
    return Source(key, known.title, locator, known.doi, known.url)


def source_entries(table: Table) -> dict[str, Source]:
    """Return a table of sources by id; what was not read is absent."""
    entries = {}
    for key, entry in table.entries():
        title, doi, url = entry.text("title"), entry.maybe_text("doi"), entry.maybe_text("url")
        entries[key] = Source(key, title, "", doi, url)
        entry.finish()
    return entries
