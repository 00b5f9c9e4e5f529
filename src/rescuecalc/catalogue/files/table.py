"""Reading one TOML file: every value is fetched with its path, so that a problem names table and key."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.literature.limits import Span
from rescuecalc.core.quantities.decimal_text import number_and_unit, quoted
from rescuecalc.core.quantities.quantity import Quantity, read
from rescuecalc.errors import CatalogueError, RescuecalcError
from rescuecalc.file_access import content_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from fractions import Fraction
    from pathlib import Path

Q = TypeVar("Q", bound=Quantity)
T = TypeVar("T")

LARGEST_FILE = 200_000
"""Bytes; a protocol has some thousand."""

LONGEST_LINE = 4_000
"""Characters; beyond it the time to read a line of dotted keys grows with its square."""


SCHEMA_KEY = "$schema"
"""What names a file's JSON Schema for an editor; it says nothing else."""

UNFILLED = "..."
"""What a template has in place of a text."""


class Problem(Exception):
    """One thing that is wrong in a catalogue file, with its path."""


def parse(path: Path) -> dict[str, Any]:
    """Return the file as nested dictionaries; CatalogueError names the file, and the line of a syntax error."""
    try:
        text = content_of(path, LARGEST_FILE).decode("utf-8-sig")
        for number, line in enumerate(text.split("\n"), start=1):
            if len(line) > LONGEST_LINE:
                raise CatalogueError((f"{path}: line {number} is longer than {LONGEST_LINE:,} characters",))
        return tomllib.loads(text)
    except UnicodeDecodeError as failure:
        raise CatalogueError((f"{path}: is not UTF-8 at byte {failure.start}",)) from None
    except ValueError as failure:
        raise CatalogueError((f"{path}: is not TOML: {failure}",)) from None
    except RecursionError:
        raise CatalogueError((f"{path}: is nested too deeply",)) from None


class Table:
    """One table with its path (``infusion[1]``); each key is fetched once, and what is left over is unknown."""

    def __init__(self, values: dict[str, Any], path: str = "") -> None:
        self._values = values
        self._fetched: set[str] = set()
        self.path = path

    def where(self, key: str) -> str:
        """Return the path of ``key``."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._values

    def is_table(self, key: str) -> bool:
        """Whether a table stands under the key."""
        return isinstance(self._values.get(key), dict)

    def keys(self) -> tuple[str, ...]:
        """Return every key of a table whose keys are names of the writer's own."""
        return tuple(self._values)

    def _fetch(self, key: str, kind: type[T], needed: str) -> T | None:
        self._fetched.add(key)
        value = self._values.get(key)
        if value is None:
            return None
        if type(value) is not kind:
            shown = f"{quoted(str(value))} " if isinstance(value, (str, int, float)) else ""
            raise Problem(f"{self.where(key)}: {shown}is not {needed}")
        return value

    def _required(self, key: str, value: T | None) -> T:
        if value is None:
            raise Problem(f"{self.where(key)}: is missing")
        return value

    def maybe_text(self, key: str) -> str | None:
        """Return a text, None where the key is absent."""
        value = self._fetch(key, str, "a text in quotes")
        if value is not None and not value.strip():
            raise Problem(f"{self.where(key)}: is empty")
        if value == UNFILLED:
            raise Problem(f"{self.where(key)}: is not filled in; write it, or leave it out where the source is silent")
        if value is not None and not value.isprintable():
            raise Problem(f"{self.where(key)}: {quoted(value)} holds a character that cannot be printed")
        return value

    def text(self, key: str, among: frozenset[str] | None = None) -> str:
        """Return a text that must be there, one of ``among`` where that is given."""
        value = self.maybe_text(key)
        allowed = f"one of {', '.join(sorted(among))}" if among is not None else ""
        if value is None:
            raise Problem(f"{self.where(key)}: is missing{f'; write {allowed}' if allowed else ''}")
        if among is not None and value not in among:
            raise Problem(f"{self.where(key)}: {quoted(value)} is not {allowed}")
        return value

    def one_of(self, key: str, names: Mapping[str, str]) -> str | None:
        """Return what a name stands for, or that itself, which may be a tab; None where the key is absent."""
        text = self._fetch(key, str, "a text in quotes")
        found = names.get(text.strip().lower(), text) if text is not None else None
        if text is not None and found not in names.values():
            raise Problem(f"{self.where(key)}: {quoted(text)} is not one of {', '.join(names)}")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where the key is absent."""
        values: list[Any] = self._fetch(key, list, "a list of texts") or []
        if not all(isinstance(value, str) and value.isprintable() for value in values):
            raise Problem(f"{self.where(key)}: is not a list of texts")
        return tuple(values)

    def maybe_day(self, key: str) -> str | None:
        """Return a day as ``2026-02-14``, written as a date of TOML or as a text; None where the key is absent."""
        if type(self._values.get(key)) is not date:
            return self.maybe_text(key)
        self._fetched.add(key)
        return str(self._values[key])

    def wholes(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        values: list[Any] = self._fetch(key, list, "a list of whole numbers") or []
        if not all(type(value) is int for value in values):
            raise Problem(f"{self.where(key)}: is not a list of whole numbers")
        return tuple(values)

    def flag(self, key: str, *, absent: bool = False) -> bool:
        """Return true or false."""
        value = self._fetch(key, bool, "true or false")
        return absent if value is None else value

    def integer(self, key: str) -> int:
        """Return a whole number that must be there."""
        return self._required(key, self._fetch(key, int, "a whole number"))

    def maybe_integer(self, key: str) -> int | None:
        """Return a whole number, None where the key is absent."""
        return self._fetch(key, int, "a whole number")

    def number(self, key: str) -> Fraction:
        """Return an exact number, written as text so that it never becomes a binary float."""
        text = self.text(key)
        try:
            value, unit_text = number_and_unit(text)
        except RescuecalcError as reason:
            raise Problem(f"{self.where(key)}: cannot read {quoted(text)}: {reason}") from None
        if unit_text:
            raise Problem(f"{self.where(key)}: {quoted(text)} is not a plain number")
        return value

    def maybe_quantity(self, key: str, role: type[Q]) -> Q | None:
        """Return a quantity of ``role``, None where the key is absent."""
        text = self.maybe_text(key)
        if text is None:
            return None
        try:
            quantity = read(text, role, self.where(key))
        except RescuecalcError as reason:
            raise Problem(str(reason)) from None
        first = quantity.unit.parts[0].dimension
        if first.startswith("drug_") and first != "drug_mass" and "umol" not in quantity.unit.name:
            raise Problem(f"{self.where(key)}: {quoted(text)} is not a mass of drug; write it in mcg or mg")
        return quantity

    def quantity(self, key: str, role: type[Q]) -> Q:
        """Return a quantity that must be there."""
        return self._required(key, self.maybe_quantity(key, role))

    def maybe_table(self, key: str) -> Table | None:
        """Return the table under ``key``, None where it is absent."""
        value = self._fetch(key, dict, "a table")
        return None if value is None else Table(value, self.where(key))

    def table(self, key: str) -> Table:
        """Return a table that must be there."""
        return self._required(key, self.maybe_table(key))

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return the array of tables under ``key``, counted from 0; empty where it is absent."""
        values: list[Any] = self._fetch(key, list, f"an array of tables, [[{key}]]") or []
        if not all(isinstance(value, dict) for value in values):
            raise Problem(f"{self.where(key)}: is not an array of tables, [[{key}]]")
        return tuple(Table(value, f"{self.where(key)}[{place}]") for place, value in enumerate(values))

    def rows(self, key: str, width: int) -> list[list[Any]]:
        """Return a list of rows of ``width`` cells each."""
        rows: list[Any] = self._fetch(key, list, "a list of rows") or []
        for number, row in enumerate(rows):
            if not isinstance(row, list) or len(row) != width:
                raise Problem(f"{self.where(key)}[{number}]: is not a row of {width} cells")
        return rows

    def entries(self) -> Iterator[tuple[str, Table]]:
        """Return every entry as a table, with its key."""
        for key in self._values:
            yield key, self.table(key)

    def span(self, role: type[Q]) -> Span[Q]:
        """Return this table's ``from`` and ``to`` as a range; extra keys are the caller's."""
        low, high = self.quantity("from", role), self.quantity("to", role)
        if low.exceeds(high):
            raise Problem(f"{self.where('to')}: {high} is below {low}")
        return Span(low, high)

    def finish(self) -> None:
        """Refuse keys that nothing has fetched: a misspelt limit would otherwise be no limit."""
        known = sorted(self._fetched)
        for key in self._values:
            if key not in self._fetched:
                raise Problem(f"{self.where(key)}: unknown key{nearest(key, known)}")


def collected(steps: Sequence[Callable[[], T]], problems: list[str]) -> tuple[T, ...]:
    """Return what the steps yield; the problem of each failing step is added to ``problems``."""
    done = []
    for step in steps:
        try:
            done.append(step())
        except Problem as problem:
            problems.append(str(problem))
    return tuple(done)
