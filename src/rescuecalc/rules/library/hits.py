"""What the rules about a library itself have in common: hits at a cell, the entries of a drug, limits in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.library.pump_library import PREFIXES
from rescuecalc.rules.base.rule import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.core.orders.findings.finding import Severity


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
    area = use.area.name.casefold() if use.area is not None else None
    return tuple(
        each
        for each in use.library.entries
        if not each.defects
        and (not use.drugs or each.drug in use.drugs)
        and (area is None or not each.care_area or each.care_area.casefold() == area)
    )


def number_of(entry: Entry) -> int:
    """Return where an entry stands in the file, to sort by."""
    return entry.number


def sets(entry: Entry) -> Iterator[tuple[str, LimitSet]]:
    """Yield the limits of an entry with how their columns begin."""
    for name, prefix in PREFIXES.items():
        limits = entry.limits.get(name)
        if limits is not None:
            yield prefix, limits


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
