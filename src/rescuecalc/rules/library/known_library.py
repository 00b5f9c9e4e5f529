"""The library that is judged itself, with its entries, read once and only where a rule asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.library.hits import InLibrary


def known_library(subject: Subject) -> InLibrary | None:
    """Return the library of a subject with its entries, read once."""
    use = subject.knowledge.library
    if use is None:
        return None
    from rescuecalc.rules.library.hits import InLibrary, chosen  # noqa: PLC0415  # of `library` alone

    return subject.knowledge.once(("judged library",), lambda: InLibrary(use, chosen(use)))
