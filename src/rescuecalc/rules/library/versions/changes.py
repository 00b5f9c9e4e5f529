"""RC87x: what a new version of a library changes, and what each change does to the protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rescuecalc.core.library.limits import INITIAL, WORDS
from rescuecalc.core.library.pump_library import PREFIXES, LibraryUse
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.library.hits import chosen
from rescuecalc.rules.library.order_limits.effects import effects, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.library.limits import Limit, LimitSet
    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.library.hits import InLibrary
    from rescuecalc.rules.library.order_limits.effects import Step
    from rescuecalc.rules.library.order_limits.verdicts import Verdict

ADDED = "RC870"
REMOVED = "RC871"
WIDENED = "RC872"
TIGHTENED = "RC873"
UNIT = "RC874"
STRENGTH = "RC875"
INITIALS = "RC876"


class Change(NamedTuple):
    """One change: the code of the rule that reports it, and its hit."""

    code: str
    hit: Hit


def changes(known: InLibrary, knowledge: Knowledge) -> tuple[Change, ...]:
    """Return every change from the older library to this one, in the order of the rows."""
    return knowledge.once(("changes of library",), lambda: tuple(_changes(known, knowledge)))


def _changes(known: InLibrary, knowledge: Knowledge) -> Iterator[Change]:
    use = known.use
    if use.older is None:
        return
    before = chosen(use._replace(library=use.older))
    pairs, added, removed = _paired(before, known.entries)
    does = Effects(before, known.entries, use, knowledge)
    for old, new in pairs:
        effect = does.of(old, new)
        for each in _of_pair(old, new, use):
            yield each._replace(hit=each.hit._replace(message=f"{each.hit.message}{effect}"))
    for new in added:
        yield Change(ADDED, _hit(use, new, "drug", f"{new.words} is new{does.of(new)}", new.name))
    for old in removed:
        message = f"{old.words} (line {old.line} of {use.older.name}) is gone{does.of(old)}"
        yield Change(REMOVED, Hit(message, (use.library.source,), "", old.name))


def _hit(use: LibraryUse, entry: Entry, column: str, message: str, found: str | None, before: str | None = None) -> Hit:
    return Hit(message, (use.library.source,), entry.at(column), found, before)


def _paired(
    before: Iterable[Entry], after: Iterable[Entry]
) -> tuple[list[tuple[Entry, Entry]], list[Entry], list[Entry]]:
    """Return the entries of both that are the same, by all that names them, then without strength; and the rest."""
    old, new = list(before), list(after)
    pairs: list[tuple[Entry, Entry]] = []
    for key in (_identity, _named):
        waiting: dict[Any, list[Entry]] = {}
        for each in old:
            waiting.setdefault(key(each), []).append(each)
        left = []
        for each in new:
            same = waiting.get(key(each))
            if same:
                pairs.append((same.pop(0), each))
            else:
                left.append(each)
        paired = {id(one) for one, _ in pairs}
        old, new = [each for each in old if id(each) not in paired], left
    return pairs, new, old


def _identity(entry: Entry) -> Any:
    strength = base_value(entry.concentration) if entry.concentration is not None else None
    return *_named(entry), strength, entry.volume


def _named(entry: Entry) -> tuple[Any, ...]:
    conditions = tuple(sorted((each.name, each.text) for each in entry.conditions))
    return entry.care_area.casefold(), entry.drug, entry.therapy.casefold(), conditions, entry.is_custom


def _of_pair(old: Entry, new: Entry, use: LibraryUse) -> Iterator[Change]:
    if old.concentration != new.concentration:
        message = f"{new.words} is {new.concentration}, and was {old.concentration}"
        same_amount = old.amount is not None and old.amount == new.amount
        column = "volume" if same_amount else "amount" if new.amount is not None else "concentration"
        found, before = (str(getattr(each, column)) for each in (new, old))
        yield Change(STRENGTH, _hit(use, new, column, message, found, before))
    for name, prefix in PREFIXES.items():
        first, second = old.limits.get(name), new.limits.get(name)
        if first is not None and second is not None and first.unit != second.unit:
            column = f"{prefix or 'dose_'}unit"
            message = f"the unit of {new.words} is {second.unit.name}, and was {first.unit.name}"
            yield Change(UNIT, _hit(use, new, column, message, second.unit.name, first.unit.name))
            continue
        yield from _of_limits(first, second, prefix, new, use)


def _of_limits(
    first: LimitSet | None, second: LimitSet | None, prefix: str, new: Entry, use: LibraryUse
) -> Iterator[Change]:
    for name, words in WORDS.items():
        old = first.get(name) if first is not None else None
        now = second.get(name) if second is not None else None
        if (old.value if old is not None else None) == (now.value if now is not None else None):
            continue
        what = f"{prefix.replace('_', ' ')}{words}"
        message = f"the {what} of {new.words} is {now or 'not set any more'}, and was {old or 'not set'}"
        code = INITIALS if name == INITIAL else WIDENED if _is_wider(name, old, now) else TIGHTENED
        found, before = str(now) if now else None, str(old) if old else None
        yield Change(code, _hit(use, new, f"{prefix}{name}", message, found, before))


def _is_wider(name: str, old: Limit | None, now: Limit | None) -> bool:
    if old is None or now is None:
        return now is None
    return now.value > old.value if name.endswith("max") else now.value < old.value


class Effects:
    """What both versions do to the doses of protocols, by the entries that the nurse would take."""

    def __init__(self, before: Iterable[Entry], after: Iterable[Entry], use: LibraryUse, knowledge: Knowledge) -> None:
        self._notes: dict[int, list[str]] = {}
        old, new = tuple(before), tuple(after)
        for protocol in use.protocols:
            for step in steps_of(protocol, knowledge):
                first, second = (_by_area(entries, step, use) for entries in (old, new))
                for area in dict.fromkeys((*first, *second)):
                    self._add(first.get(area), second.get(area), step)

    def _add(self, first: Verdict | None, second: Verdict | None, step: Step) -> None:
        was, now = (each.words if each is not None else "has no entry" for each in (first, second))
        if was == now:
            return
        words = f"{step.words}: the pump {now} (before: {was})"
        for each in (first, second):
            if each is not None and words not in self._notes.setdefault(id(each.entry), []):
                self._notes[id(each.entry)].append(words)

    def of(self, *entries: Entry) -> str:
        """Return what a change of these does, as the end of a message; nothing where it does nothing."""
        notes = list(dict.fromkeys(each for entry in entries for each in self._notes.get(id(entry), ())))
        more = f"; and {len(notes) - _SHOWN:,} more" if len(notes) > _SHOWN else ""
        return f"; {'; '.join(notes[:_SHOWN])}{more}" if notes else ""


def _by_area(entries: tuple[Entry, ...], step: Step, use: LibraryUse) -> dict[str, Verdict]:
    own = tuple(each for each in entries if each.drug == step.protocol.drug)
    return {each.area: each.verdict for each in effects(own, step, use)}


_SHOWN = 2
"""Doses that a message names."""
