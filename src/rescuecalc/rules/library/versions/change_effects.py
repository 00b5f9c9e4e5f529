"""What a change of an entry does to the doses of protocols: by which change of several the pump does otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.rules.library.order_limits.effects import effects, steps_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.library.order_limits.effects import Step
    from rescuecalc.rules.library.order_limits.verdicts import Verdict


class _Note(NamedTuple):
    """A dose that the pump of a care area treats otherwise than before."""

    step: Step
    area: str
    was: str
    now: str

    @property
    def words(self) -> str:
        """The note as a message has it."""
        return f"{self.step.words}: the pump {self.now} (before: {self.was})"


class Effects:
    """What both versions do to the doses of protocols, by the entries that the nurse would take."""

    def __init__(self, before: Iterable[Entry], after: Iterable[Entry], use: LibraryUse, knowledge: Knowledge) -> None:
        self._notes: dict[int, list[_Note]] = {}
        self._use = use
        self._old, self._new = tuple(before), tuple(after)
        for protocol in use.protocols:
            for step in steps_of(protocol, knowledge):
                first, second = (_by_area(entries, step, use) for entries in (self._old, self._new))
                for area in dict.fromkeys((*first, *second)):
                    self._add(first.get(area), second.get(area), step, area)

    def _add(self, first: Verdict | None, second: Verdict | None, step: Step, area: str) -> None:
        was, now = map(_does, (first, second))
        if was == now:
            return
        note = _Note(step, area, was, now)
        for each in (first, second):
            own = self._notes.setdefault(id(each.entry), []) if each is not None else []
            if note.words not in {one.words for one in own}:
                own.append(note)

    def of(self, *entries: Entry) -> str:
        """Return what a change of these does, as the end of a message; nothing where it does nothing."""
        return _ending(self._of(entries))

    def _of(self, entries: Iterable[Entry]) -> list[_Note]:
        every = {note.words: note for entry in entries for note in self._notes.get(id(entry), ())}
        return list(every.values())

    def of_changes(self, old: Entry, new: Entry, changes: Sequence[Callable[[Entry, Entry], Entry]]) -> list[str]:
        """Return what each of several changes of one entry does: those that alone do it, else all that have a part."""
        notes, shown = self._of((old, new)), [list[_Note]() for _ in changes]
        for note in notes:
            for number in self._causes(note, old, new, changes) if len(changes) > 1 else range(len(changes)):
                shown[number].append(note)
        return list(map(_ending, shown))

    def _causes(
        self, note: _Note, old: Entry, new: Entry, changes: Sequence[Callable[[Entry, Entry], Entry]]
    ) -> Sequence[int]:
        alone = [self._with(note, self._old, old, change(old, new)) for change in changes]
        causes = [number for number, does in enumerate(alone) if does == note.now]
        if causes:
            return causes
        without = [self._with(note, self._new, new, change(new, old)) for change in changes]
        pairs = enumerate(zip(alone, without, strict=True))
        parts = [number for number, (does, left) in pairs if does != note.was or left != note.now]
        return parts or range(len(changes))

    def _with(self, note: _Note, version: tuple[Entry, ...], entry: Entry, changed: Entry) -> str:
        """Return what the pump does by a version of which one entry is another."""
        near = (each for each in version if each.care_area.casefold() in {"", note.area})
        entries = tuple(changed if each is entry else each for each in near)
        return _does(_by_area(entries, note.step, self._use).get(note.area))


def _does(verdict: Verdict | None) -> str:
    return verdict.words if verdict is not None else "has no entry"


def _ending(notes: Sequence[_Note]) -> str:
    more = f"; and {len(notes) - _SHOWN:,} more" if len(notes) > _SHOWN else ""
    return f"; {'; '.join(each.words for each in notes[:_SHOWN])}{more}" if notes else ""


def _by_area(entries: tuple[Entry, ...], step: Step, use: LibraryUse) -> dict[str, Verdict]:
    own = tuple(each for each in entries if each.drug == step.protocol.drug)
    return {each.area: each.verdict for each in effects(own, step, use)}


_SHOWN = 2
"""Doses that a message names."""
