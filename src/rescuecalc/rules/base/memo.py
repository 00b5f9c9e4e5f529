"""Work that several rules of a family need of the same subject: done once, not once a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rescuecalc.rules.base.knowledge import Subject

T = TypeVar("T")


class Shared(Generic[T]):
    """What ``work`` makes of a subject; the result for the subject that was asked for last is kept."""

    def __init__(self, work: Callable[[Subject], Iterable[T]]) -> None:
        self._work = work
        self._subject: Subject | None = None
        self._made: tuple[T, ...] = ()

    def of(self, subject: Subject) -> tuple[T, ...]:
        """Return what was made of ``subject``; what the work raises is raised for each rule that asks."""
        if subject is not self._subject:
            made = tuple(self._work(subject))
            self._subject, self._made = subject, made
        return self._made
