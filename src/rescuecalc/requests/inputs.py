"""The reading of texts: quantities with a note of each micro sign, and one word of several."""

from __future__ import annotations

from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Q, micro_note, read
from rescuecalc.errors import InputError


def one_of(value: str, allowed: tuple[str, ...], name: str) -> str:
    """Return ``value`` where it is allowed; InputError lists what is."""
    if value not in allowed:
        raise InputError(f"{name}: cannot read {quoted(value)}; write {', '.join(allowed[:-1])} or {allowed[-1]}")
    return value


class Inputs:
    """Reads what was typed, and keeps a note of each micro sign."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def read(self, text: str, role: type[Q], name: str, example: str = "") -> Q:
        """Return ``text`` as a quantity; errors as for ``quantity.read``."""
        quantity = read(text, role, name, example)
        self.note(text, name)
        return quantity

    def note(self, text: str, name: str) -> None:
        """Keep a note where ``text`` holds a micro sign."""
        note = micro_note(text)
        if note:
            self.notes.append(f"{name}: {note}")

    def maybe(self, text: str | None, role: type[Q], name: str, example: str = "") -> Q | None:
        """Return ``text`` as a quantity, None where the option was not given."""
        return None if text is None else self.read(text, role, name, example)
