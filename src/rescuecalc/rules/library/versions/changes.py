"""RC87x: what a new version of a library changes, and what each change does to the protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.library.hits import chosen
from rescuecalc.rules.library.versions.change import ADDED, REMOVED, Change
from rescuecalc.rules.library.versions.change_effects import Effects
from rescuecalc.rules.library.versions.entry_changes import of_entry_maxima, of_pair
from rescuecalc.rules.library.versions.pump_changes import pump_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.library.hits import InLibrary


def changes(known: InLibrary, knowledge: Knowledge) -> tuple[Change, ...]:
    """Return every change from the older library to this one: of the pump, then in the order of the rows."""
    return knowledge.once(("changes of library",), lambda: tuple(_changes(known, knowledge)))


def _changes(known: InLibrary, knowledge: Knowledge) -> Iterator[Change]:
    use = known.use
    if use.older is None:
        return
    yield from pump_changes(known, use.older, knowledge)
    before = chosen(use._replace(library=use.older))
    pairs, added, removed = _paired(before, known.entries)
    does = Effects(before, known.entries, use, knowledge)
    for old, new in pairs:
        own = [*of_pair(old, new, use), *of_entry_maxima(old, new, use, use.older)]
        effects_of_each = does.of_changes(old, new, [each.carried for each in own])
        for each, effect in zip(own, effects_of_each, strict=True):
            hit = Hit(f"{each.message}{effect}", (use.library.source,), new.at(each.column), each.found, each.before)
            yield Change(each.code, hit._replace(severity=each.severity))
    named: dict[Any, Entry] = {}
    for entry in known.entries:
        named.setdefault(_identity(entry), entry)
    for new in added:
        twin = named[_identity(new)]
        beside = f", beside line {twin.line} under the same name: the nurse may take either" if twin is not new else ""
        message = f"{new.words} is new{beside}{does.of(new)}"
        hit = Hit(message, (use.library.source,), new.at("drug"), new.name)
        yield Change(ADDED, hit._replace(severity=Severity.WARNING) if beside else hit)
    for old in removed:
        message = f"{old.words} (line {old.line} of {use.older.name}) is gone{does.of(old)}"
        yield Change(REMOVED, Hit(message, (use.library.source,), "", old.name))


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
    return *_named(entry), strength, base_value(entry.volume) if entry.volume is not None else None


def _named(entry: Entry) -> tuple[Any, ...]:
    conditions = tuple(sorted((each.name, each.text) for each in entry.conditions))
    return entry.care_area.casefold(), entry.drug, entry.therapy.casefold(), conditions, entry.is_custom
