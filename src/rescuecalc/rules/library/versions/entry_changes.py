"""What an entry of a library says otherwise than in the older version: strength, units, limits, maxima."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from rescuecalc.core.library.limits import INITIAL, WORDS, LimitSet
from rescuecalc.core.library.pump_library import BOLUS, BOLUS_RATE, PREFIXES
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.rules.library.versions.change import (
    INITIALS,
    STRENGTH,
    TIGHTENED,
    UNIT,
    WIDENED,
    EntryChange,
    of_maximum,
    wider_or_tighter,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from rescuecalc.core.library.pump_library import Entry, LibraryUse, PumpLibrary
    from rescuecalc.core.quantities.quantity import PumpRate, Volume

_BOLUSES: Final = (BOLUS, BOLUS_RATE)


def of_pair(old: Entry, new: Entry, use: LibraryUse) -> Iterator[EntryChange]:
    """Yield what is different in an entry of two versions."""
    yield from _of_strength(old, new)
    moved = _of_boluses(old, new) if use.library.is_pump else None
    if moved is not None:
        yield moved
    for name, prefix in PREFIXES.items():
        first, second = old.limits.get(name), new.limits.get(name)
        if moved is not None and name in _BOLUSES:
            continue
        if first is not None and second is not None and first.unit != second.unit:
            message = f"the unit of {new.words} is {second.unit.name}, and was {first.unit.name}"
            column, carried = f"{prefix or 'dose_'}unit", partial(_with_sets, (name,))
            yield EntryChange(UNIT, column, message, second.unit.name, first.unit.name, carried)
            continue
        yield from _of_limits(first, second, name, new)


def _of_strength(old: Entry, new: Entry) -> Iterator[EntryChange]:
    """Yield another concentration, or as a note the same one out of another container."""
    if _strength(old) != _strength(new):
        message = f"{new.words} is {new.concentration}, and was {old.concentration}"
        same_amount = old.amount is not None and old.amount == new.amount
        column = "volume" if same_amount else "amount" if new.amount is not None else "concentration"
        found, before = (str(getattr(each, column)) for each in (new, old))
        yield EntryChange(STRENGTH, column, message, found, before, _with_strength)
    elif _volume(old) != _volume(new) and new.volume is not None:
        message = f"{new.words} was {old.strength}, of the same concentration"
        volume = str(old.volume) if old.volume is not None else None
        yield EntryChange(STRENGTH, "volume", message, str(new.volume), volume, _with_strength, Severity.NOTE)


def _strength(entry: Entry) -> tuple[Fraction, str] | None:
    return base_value(entry.concentration) if entry.concentration is not None else None


def _volume(entry: Entry) -> Fraction | None:
    return base_value(entry.volume)[0] if entry.volume is not None else None


def _of_boluses(old: Entry, new: Entry) -> EntryChange | None:
    """Return the change of an entry that allowed no bolus, or allows none any more: all of its limits are one."""
    was, now = (any(name in each.limits and each.limits[name].has_any for name in _BOLUSES) for each in (old, new))
    if was is now:
        return None
    message = f"{new.words} allows a bolus, and did not" if now else f"{new.words} allows no bolus, and did"
    return EntryChange(WIDENED if now else TIGHTENED, "bolus_unit", message, None, None, partial(_with_sets, _BOLUSES))


def _of_limits(first: LimitSet | None, second: LimitSet | None, name: str, new: Entry) -> Iterator[EntryChange]:
    prefix = PREFIXES[name]
    for end, words in WORDS.items():
        old = first.get(end) if first is not None else None
        now = second.get(end) if second is not None else None
        if (old.value if old is not None else None) == (now.value if now is not None else None):
            continue
        what = f"{prefix.replace('_', ' ')}{words}"
        message = f"the {what} of {new.words} is {now or 'not set any more'}, and was {old or 'not set'}"
        code = INITIALS if end == INITIAL else wider_or_tighter(end, old, now)
        found, before = str(now) if now else None, str(old) if old else None
        yield EntryChange(code, f"{prefix}{end}", message, found, before, partial(_with_end, name, end))


def of_entry_maxima(old: Entry, new: Entry, use: LibraryUse, older: PumpLibrary) -> Iterator[EntryChange]:
    """Yield the fastest rate and the highest VTBI of an entry that are not those of its care area or pump."""
    versions = ((older, old), (use.library, new))
    rates = [library.max_rate_of(each) for library, each in versions]
    of_area = [library.max_rate_of(each._replace(max_rate=None)) for library, each in versions]
    yield from _of_maximum("max_rate", "fastest rate", rates, of_area, new)
    volumes = [library.max_vtbi_of(each) for library, each in versions]
    of_area_volumes = [library.max_vtbi_of(each._replace(max_vtbi=None)) for library, each in versions]
    yield from _of_maximum("max_vtbi", "highest VTBI", volumes, of_area_volumes, new)


def _of_maximum(
    column: str,
    words: str,
    maxima: Sequence[PumpRate | Volume | None],
    of_area: Sequence[PumpRate | Volume | None],
    new: Entry,
) -> Iterator[EntryChange]:
    """Yield the change of a maximum, unless it is that of its care area, which is reported once."""
    old, now = maxima
    first, second = _values(maxima)
    if first == second or _values(maxima) == _values(of_area):
        return
    message = f"the {words} of {new.words} is {now or 'not set any more'}, and was {old or 'not set'}"
    found, before = (str(each) if each is not None else None for each in (now, old))
    yield EntryChange(of_maximum(first, second), column, message, found, before, _as_it_is)


def _values(quantities: Sequence[PumpRate | Volume | None]) -> list[Fraction | None]:
    return [base_value(each)[0] if each is not None else None for each in quantities]


# --- one change without the others --------------------------------------------------------------------------------


def _as_it_is(entry: Entry, _: Entry) -> Entry:
    return entry


def _with_strength(entry: Entry, other: Entry) -> Entry:
    return entry._replace(
        amount=other.amount, volume=other.volume, concentration=other.concentration, stated=other.stated
    )


def _with_sets(names: tuple[str, ...], entry: Entry, other: Entry) -> Entry:
    kept = {name: limits for name, limits in entry.limits.items() if name not in names}
    return entry._replace(limits=kept | {name: other.limits[name] for name in names if name in other.limits})


def _with_end(name: str, end: str, entry: Entry, other: Entry) -> Entry:
    own, others = entry.limits.get(name), other.limits.get(name)
    unit = (own or others or next(iter(entry.limits.values()))).unit
    ends = {key: each for key, each in (own.ends if own is not None else {}).items() if key != end}
    if others is not None and end in others.ends:
        ends[end] = others.ends[end]
    return entry._replace(limits={**entry.limits, name: LimitSet(unit, ends)})
