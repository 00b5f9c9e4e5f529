"""The cells of a library's row: units, limits, strengths and conditions, each read once for every text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from rescuecalc.core.library.limits import ENDS, VARIABLES, LimitSet, limit
from rescuecalc.core.library.pump_library import BOLUS, BOLUS_RATE, DOSE, STRENGTH
from rescuecalc.core.orders.model.agreement import size_of
from rescuecalc.core.orders.order import Defect
from rescuecalc.core.quantities.decimal_text import number_and_unit, quoted
from rescuecalc.core.quantities.units import Unit, folded_unit, usual_unit
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from rescuecalc.core.library.export import Export
    from rescuecalc.core.library.limits import Limit

K = TypeVar("K")
V = TypeVar("V")

UNREADABLE: Final = "RC201"
UNKNOWN_UNIT: Final = "RC202"
MISSING: Final = "RC106"

WEIGHT: Final = "area_weight"
"""The weights of a care area, beside the sets of limits of an entry."""

_LONGEST: Final = 100
"""Characters of a number with its unit; a longer cell is neither."""

_SHAPES: Final[Mapping[str, frozenset[str]]] = {
    DOSE: frozenset(VARIABLES) - {"weight", "amount/volume"},
    BOLUS: frozenset(("amount", "amount/weight", "volume", "volume/weight")),
    BOLUS_RATE: frozenset(("amount/time", "amount/weight/time", "volume/time", "volume/weight/time")),
    STRENGTH: frozenset(("amount/volume",)),
    WEIGHT: frozenset(("weight",)),
}
_KINDS: Final = {
    DOSE: "a dose rate or a dose",
    BOLUS: "a bolus dose",
    BOLUS_RATE: "a bolus rate",
    STRENGTH: "a strength",
    WEIGHT: "a weight",
}


class UnreadCell(NamedTuple):
    """Why a cell could not be read: the code of the rule that says so, and the reason."""

    code: str
    reason: str

    def defect(self, pointer: str, text: str) -> Defect:
        """Return the defect of the cell at ``pointer``."""
        return Defect(self.code, f"cannot read {quoted(text)}: {self.reason}", pointer, text[:_LONGEST])


class Cells:
    """Reads the cells of one library: what its words and units mean is declared once."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._thousands = export.delimiter != ";"  # there a comma most likely divides decimals
        self._is_undeclared = not self._thousands and not export.decimal
        self._units: dict[str, Unit | UnreadCell] = {}
        self._absent: dict[str, bool] = {}
        self._ends: dict[tuple[str, str, Unit], Limit | UnreadCell] = {}
        self._sets: dict[tuple[str, ...], tuple[LimitSet | None, tuple[tuple[str, UnreadCell], ...]]] = {}

    def is_absent(self, text: str) -> bool:
        """Whether a cell says that nothing is there."""
        known = self._absent.get(text)
        if known is None:
            known = not text or " ".join(text.split()).casefold() in self._export.absent
            _keep(self._absent, text, known)
        return known

    def two_readings(self, text: str) -> UnreadCell | None:
        """Return why a number has two readings, None where it has one: ``25.000`` in a file that nobody describes."""
        if self._is_undeclared and _THOUSAND_OR_ONE.match(text):
            return UnreadCell(UNREADABLE, "a point before 000 may divide thousands; declare mapping.decimal")
        return None

    def is_custom(self, text: str) -> bool:
        """Whether a cell says that the nurse types the concentration in."""
        return " ".join(text.split()).casefold() in self._export.custom

    def unit(self, text: str) -> Unit | UnreadCell:
        """Return the unit that a text spells, by what is declared and else as everywhere."""
        known = self._units.get(text)
        if known is None:
            known = self._units[text] = self._unit(text)
        return known

    def _unit(self, text: str) -> Unit | UnreadCell:
        declared = self._export.units.get(text) or self._export.units.get(" ".join(text.split()))
        spelled = declared or "/".join(self._export.units.get(part, part) for part in text.strip().split("/"))
        in_small = "/".join(folded_unit(part) if part.isupper() else part for part in spelled.split("/"))
        try:
            return usual_unit(in_small if len(in_small) <= _LONGEST else in_small[:_LONGEST])
        except InputError as reason:
            return UnreadCell(UNKNOWN_UNIT, str(reason))

    def with_unit(self, text: str, of: str) -> str:
        """Return a number and the unit of another column as one text, in the spelling of the units that are read."""
        number, spelled = _number_and_unit(text)
        number = without_thousands(number, thousands=self._thousands)
        name = spelled or of.strip()
        found = self.unit(name) if name else None
        return f"{number} {found.name}" if isinstance(found, Unit) else f"{number} {name}".strip()

    def limits(
        self, name: str, unit_text: str, texts: tuple[str, ...]
    ) -> tuple[LimitSet | None, tuple[tuple[str, UnreadCell], ...]]:
        """Return a set of limits, and by column what could not be read of it (an empty column is that of the unit)."""
        key = (name, unit_text, *texts)
        known = self._sets.get(key)
        if known is None:
            known = self._limits(name, unit_text, texts)
            _keep(self._sets, key, known)
        return known

    def _limits(
        self, name: str, unit_text: str, texts: tuple[str, ...]
    ) -> tuple[LimitSet | None, tuple[tuple[str, UnreadCell], ...]]:
        written = [(end, text) for end, text in zip(ENDS, texts, strict=True) if not self.is_absent(text)]
        if self.is_absent(unit_text):
            return self._without_unit(name, written)
        of = self.unit(unit_text)
        if isinstance(of, UnreadCell):
            return None, (("", of),)
        if of.shape not in _SHAPES[name]:
            return None, (("", UnreadCell(UNKNOWN_UNIT, f"{of.name} is not a unit of {_KINDS[name]}")),)
        found, unread = {}, []
        for end, text in written:
            each = self._limit(end, text, of)
            if isinstance(each, UnreadCell):
                unread.append((end, each))
            else:
                found[end] = each
        return LimitSet(of, found), tuple(unread)

    def _without_unit(
        self, name: str, written: list[tuple[str, str]]
    ) -> tuple[LimitSet | None, tuple[tuple[str, UnreadCell], ...]]:
        """Return limits that carry their own units, as in ``32 mg/h``; of bare numbers nobody can tell the unit."""
        if not written:
            return None, ()
        own = next((spelled for _, text in written if (spelled := _number_and_unit(text)[1])), "")
        if own and isinstance(self.unit(own), Unit):
            return self._limits(name, own, tuple(dict(written).get(end, "") for end in ENDS))
        return None, tuple((end, UnreadCell(MISSING, "the row names no unit for it")) for end, _ in written)

    def _limit(self, end: str, text: str, of: Unit) -> Limit | UnreadCell:
        key = end, text, of
        known = self._ends.get(key)
        if known is None:
            known = self._read_limit(end, text, of)
            _keep(self._ends, key, known)
        return known

    def _read_limit(self, end: str, text: str, of: Unit) -> Limit | UnreadCell:
        twofold = self.two_readings(text)
        if twofold is not None:
            return twofold
        plain = _integer_ratio(text)
        if plain is not None:
            return limit(end, *plain, of)
        number, spelled = _number_and_unit(text)
        if not number:
            reason = number_of(text, thousands=self._thousands)
            return UnreadCell(UNREADABLE, f"{reason}; a word for no limit is declared in mapping.absent")
        own = self.unit(spelled) if spelled else of
        if isinstance(own, UnreadCell):
            return own
        if own.shape != of.shape or size_of(own)[2] != size_of(of)[2]:
            return UnreadCell(UNKNOWN_UNIT, f"the row is in {of.name}, and {own.name} is another kind of unit")
        value = number_of(number, thousands=self._thousands)
        return UnreadCell(UNREADABLE, value) if isinstance(value, str) else limit(end, *value.as_integer_ratio(), own)


_MOST_KEPT: Final = 50_000


def _keep(kept: dict[K, V], key: K, made: V) -> None:
    """Remember what was made of a text, within a bound."""
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = made


_DIGITS: Final = 9
"""Digits on each side of the point that the grammar of numbers reads."""


def _integer_ratio(text: str) -> tuple[int, int] | None:
    """Return a plain decimal number as a quotient of two whole ones, None of any other text.

    Nearly every limit is one, and a library has a hundred thousand of them.
    """
    whole, point, decimals = text.partition(".")
    if not (text.isascii() and whole.isdigit() and len(whole) <= _DIGITS and len(decimals) <= _DIGITS):
        return None
    if not point:
        return int(whole), 1
    return (int(whole + decimals), 10 ** len(decimals)) if decimals.isdigit() else None


@lru_cache(maxsize=1 << 14)
def _number_and_unit(text: str) -> tuple[str, str]:
    """Return the number and the unit of a cell, each as it is written."""
    stripped = text.strip()
    number = stripped[: len(stripped) - len(stripped.lstrip("0123456789.,"))]
    return number, stripped[len(number) :].strip()


_NUMBERS: Final = re.compile(r"[0-9][0-9.,]*", re.ASCII)
_WITH_COMMA: Final = re.compile(
    r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}|[0-9]+(?:,[0-9]+)?", re.ASCII
)
_THOUSAND_OR_ONE: Final = re.compile(r"[1-9][0-9]{0,2}\.000(?![0-9.,])", re.ASCII)


@lru_cache(maxsize=1 << 14)
def with_points(text: str) -> str:
    """Return a cell of a file that divides decimals by a comma, and thousands by a point, as every other has it.

    A number with one point, `0.15` or `25.000`, gets a comma, which is not read: another hand may have divided decimals
    by it.
    """
    return _NUMBERS.sub(_with_point, text)


def _with_point(found: re.Match[str]) -> str:
    number = found[0]
    if _WITH_COMMA.fullmatch(number):
        return number.replace(".", "").replace(",", ".")
    return number.replace(".", ",")


_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII)


def without_thousands(text: str, *, thousands: bool) -> str:
    """Return a number without the commas that divide its thousands, where commas divide nothing else."""
    return text.replace(",", "") if thousands and _THOUSANDS.fullmatch(text) else text


@lru_cache(maxsize=1 << 14)
def number_of(text: str, *, thousands: bool = True) -> Fraction | str:
    """Return the exact number of a text, or why it is none."""
    try:
        value, rest = number_and_unit(without_thousands(text[:_LONGEST], thousands=thousands))
    except InputError as reason:
        return str(reason)
    return "the number is not one plain decimal number" if rest else value
