"""The entries of a drug in a care area, put together so that an order asks of each kind once, and not of each entry."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from rescuecalc.core.library.pump_library import STRENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rescuecalc.core.library.pump_library import Area, Entry, PumpLibrary
    from rescuecalc.rules.base.knowledge import Knowledge


class EquivalentEntries(NamedTuple):
    """Entries of one strength under the same conditions: an order may be given by all of them or by none.

    ``distinct`` are the first of each by which the pump does the same: care areas share their limits.
    """

    first: Entry
    distinct: tuple[Entry, ...]


class HeldEntries(NamedTuple):
    """What a library holds of a drug; ``in_area`` was read and is of the care area, ``groups`` are those of it.

    ``kinds`` numbers what the pump does by an entry, by the number of its row: two of one kind do the same.
    """

    every: tuple[Entry, ...]
    unread: tuple[Entry, ...]
    in_area: tuple[Entry, ...]
    groups: tuple[EquivalentEntries, ...]
    kinds: Mapping[int, int]

    def distinct(self, groups: Iterable[EquivalentEntries]) -> tuple[Entry, ...]:
        """Return the first entry of each kind among groups, in the order of the file."""
        found: dict[int, Entry] = {}
        for each in sorted((each for group in groups for each in group.distinct), key=attrgetter("number")):
            found.setdefault(self.kinds[each.number], each)
        return tuple(found.values())


_NONE = HeldEntries((), (), (), (), {})


def held_entries(drug: str, area: Area | None, knowledge: Knowledge) -> HeldEntries:
    """Return the entries of a drug in a care area, None: in any; they are put together once."""
    use = knowledge.library
    if use is None:
        return _NONE
    key = ("held entries", drug, area.name if area is not None else "")
    return knowledge.once(key, lambda: _held(use.library, drug, area))


def _held(library: PumpLibrary, drug: str, area: Area | None) -> HeldEntries:
    every = library.entries_of(drug)
    name = area.name.casefold() if area is not None else None
    read = (each for each in every if not each.defects)
    in_area = tuple(each for each in read if name is None or not each.care_area or each.care_area.casefold() == name)
    numbers: dict[Any, int] = {}
    kinds = {each.number: numbers.setdefault(_kind(each, library), len(numbers)) for each in in_area}
    groups: dict[Any, dict[int, Entry]] = {}
    for each in in_area:
        groups.setdefault(_strength(each), {}).setdefault(kinds[each.number], each)
    groups_of_equal = tuple(EquivalentEntries(next(iter(own.values())), tuple(own.values())) for own in groups.values())
    return HeldEntries(every, tuple(each for each in every if each.defects), in_area, groups_of_equal, kinds)


def _kind(entry: Entry, library: PumpLibrary) -> Any:
    limits = tuple(map(id, entry.limits.values()))  # the reader makes one object of equal limits
    amount = entry.amount.unit if entry.amount is not None else None
    return limits, entry.concentration, library.max_rate_of(entry), library.max_vtbi_of(entry), amount


def _strength(entry: Entry) -> Any:
    return entry.conditions, entry.concentration, entry.amount, entry.volume, id(entry.limits.get(STRENGTH))
