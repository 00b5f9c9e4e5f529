"""What the rules about a library itself have in common: hits at a cell, the entries of a drug, limits in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.library.pump_library import PREFIXES
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.rules.base.rule import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse


class InLibrary(NamedTuple):
    """A library that is judged itself, with its entries in the chosen care area and of the chosen drugs."""

    use: LibraryUse
    entries: tuple[Entry, ...]

    def by_drug(self) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """Yield the entries of each drug."""
        found: dict[str, list[Entry]] = {}
        for each in self.entries:
            found.setdefault(each.drug, []).append(each)
        yield from ((drug, tuple(each)) for drug, each in found.items())


def chosen(use: LibraryUse) -> tuple[Entry, ...]:
    """Return the entries of a library that are judged: those that were read, of its care area and drugs."""
    return tuple(each for each in use.entries if not each.defects)


def number_of(entry: Entry) -> int:
    """Return where an entry stands in the file, to sort by."""
    return entry.number


def sets(entry: Entry) -> Iterator[tuple[str, LimitSet]]:
    """Yield the limits of an entry with how their columns begin."""
    for name, prefix in PREFIXES.items():
        limits = entry.limits.get(name)
        if limits is not None:
            yield prefix, limits


def unmatched(column: str, table: str, use: LibraryUse) -> Iterator[Hit]:
    """Yield what the TOML says of a name or a therapy that no row has; an error where one has nearly it."""
    library = use.library
    for each in library.unmatched:
        if each.column == column:
            hint = f"; did you mean {' or '.join(each.near)}?" if each.near else ""
            message = f"no row of {library.file} has the {column} {quoted(each.text)} of [{table}]{hint}"
            severity = Severity.ERROR if each.near else Severity.WARNING
            expected = each.near[0] if len(each.near) == 1 else None
            yield Hit(message, (library.source,), f"/{table}/{each.text}", each.text, expected, severity=severity)


def at_limit(
    use: LibraryUse,
    entry: Entry,
    column: str,
    message: str,
    end: Limit | None,
    factor: Fraction | None = None,
    severity: Severity | None = None,
) -> Hit:
    """Return the hit of an entry at one of its columns."""
    found = str(end) if end is not None else None
    return Hit(message, (use.library.source,), entry.at(column), found, factor=factor, severity=severity)
