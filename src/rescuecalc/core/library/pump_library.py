"""A pump drug library: care areas, entries and the pump's own limits, as they were read from a site's file."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.decimal_text import people_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.findings.source_location import Place
    from rescuecalc.core.orders.order import Condition, Defect
    from rescuecalc.core.quantities.quantity import Concentration, Dose, PumpRate, Volume
    from rescuecalc.core.regimen.protocol import Protocol

PUMP: Final = "pump"
LIMITS: Final = "limits"
KINDS: Final = (PUMP, LIMITS)
"""A pump's library, or a site's own list of limits, which no pump knows."""

DOSE: Final = "dose"
BOLUS: Final = "bolus"
BOLUS_RATE: Final = "bolus_rate"
STRENGTH: Final = "conc"
SETS: Final = (DOSE, BOLUS, BOLUS_RATE, STRENGTH)
"""The quantities that an entry bounds; the names of their columns begin so, but for those of the dose."""

PREFIXES: Final[Mapping[str, str]] = {DOSE: "", BOLUS: "bolus_", BOLUS_RATE: "bolus_rate_", STRENGTH: "conc_"}
"""How the columns of each set begin."""


class Entry(NamedTuple):
    """One entry: a drug in a care area, for a therapy under its conditions, of a concentration.

    ``drug`` is the name that it is judged under, ``name`` the one in the file. ``number`` counts the rows from 0.
    ``limits`` are by SETS. Without ``concentration`` it fits any; ``is_custom`` one that the nurse types in, within
    the limits of ``conc``. ``defects`` are what could not be read: such an entry is not judged.
    """

    number: int
    line: int
    care_area: str
    drug: str
    name: str
    therapy: str
    conditions: tuple[Condition, ...]
    amount: Dose | None
    volume: Volume | None
    concentration: Concentration | None
    stated: Concentration | None
    is_custom: bool
    limits: Mapping[str, LimitSet]
    max_rate: PumpRate | None
    max_vtbi: Volume | None
    code: str
    texts: Mapping[str, str]
    defects: tuple[Defect, ...] = ()

    @property
    def pointer(self) -> str:
        """Where it stands, as pointers of a library name it."""
        return f"/entries/{self.number}"

    def at(self, column: str) -> str:
        """Return the pointer of one of its columns."""
        return f"{self.pointer}/{column}"

    @property
    def strength(self) -> str:
        """What it holds, as a person reads it: ``12.5 mg/250 mL``."""
        if self.is_custom:
            return "custom concentration"
        if self.amount is not None and self.volume is not None:
            one = "" if self.volume.magnitude == 1 else f"{people_number(self.volume.magnitude)} "
            return f"{self.amount}/{one}{self.volume.unit.name}"
        return str(self.concentration) if self.concentration is not None else ""

    @property
    def words(self) -> str:
        """What it is, as a message names it: ``NICU, tirofiban, CrCl <= 60, 12.5 mg/250 mL``."""
        parts = (self.care_area, self.name, self.therapy or _conditions(self.conditions), self.strength)
        return ", ".join(part for part in parts if part)


def _conditions(of: tuple[Condition, ...]) -> str:
    names = {"creatinine_clearance": "CrCl", "weight": "weight"}
    return " and ".join(f"{names.get(each.name, each.name)} {each.text}" for each in of)


class Area(NamedTuple):
    """A care area with its own limits, where it has some; ``weight`` bounds the patient's."""

    name: str
    max_rate: PumpRate | None = None
    max_vtbi: Volume | None = None
    weight: LimitSet | None = None


class UnmatchedName(NamedTuple):
    """A name or a therapy (by ``column``) whose meaning the TOML says and that no row has; the nearest that one has."""

    column: str
    text: str
    near: tuple[str, ...]


class PumpLibrary(NamedTuple):
    """A library as it was read; entries are read where a drug asks for them, since one may have 20,000 rows.

    ``files`` are the names of all files that it was read from, ``file`` the one with the rows, ``areas`` by their names
    in small letters. ``defects`` are rows that are no entry, ``place`` finds a pointer in the file.
    """

    name: str
    file: str
    files: tuple[str, ...]
    source: Source
    entries_of: Callable[[str], tuple[Entry, ...]]
    place: Callable[[str], Place | None]
    version: str = ""
    released: str = ""
    kind: str = PUMP
    max_rate: PumpRate | None = None
    min_rate: PumpRate | None = None
    rate_step: PumpRate | None = None
    max_vtbi: Volume | None = None
    areas: Mapping[str, Area] = MappingProxyType({})
    drugs: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    unmatched: tuple[UnmatchedName, ...] = ()
    passed_over: int = 0
    defects: tuple[Defect, ...] = ()

    @property
    def is_pump(self) -> bool:
        """Whether a pump knows these limits."""
        return self.kind == PUMP

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, in the order of the file."""
        return tuple(sorted((each for drug in self.drugs for each in self.entries_of(drug)), key=_number))

    def area(self, name: str) -> Area | None:
        """Return a care area, whatever the case of its letters; None of an unknown one."""
        return self.areas.get(" ".join(name.split()).casefold())

    def most_rate(self, area: Area | None) -> PumpRate | None:
        """Return the fastest rate in an area; where none is known, in the area with the highest."""
        if area is not None:
            return area.max_rate or self.max_rate
        known = [each.max_rate or self.max_rate for each in self.areas.values()] or [self.max_rate]
        rates = [each for each in known if each is not None]
        if len(rates) < len(known):
            return None
        return max(rates, key=lambda rate: rate.value_in("mL/h"))

    def max_rate_of(self, entry: Entry) -> PumpRate | None:
        """Return the fastest rate of an entry: its own, else its care area's, else the pump's."""
        return entry.max_rate or self.most_rate(self._area_of(entry))

    def max_vtbi_of(self, entry: Entry) -> Volume | None:
        """Return the highest VTBI of an entry: its own, else its care area's, else the pump's."""
        area = self._area_of(entry)
        return entry.max_vtbi or (area.max_vtbi if area is not None else None) or self.max_vtbi

    def _area_of(self, entry: Entry) -> Area | None:
        return self.area(entry.care_area) if entry.care_area else None


def _number(entry: Entry) -> int:
    return entry.number


class LibraryUse(NamedTuple):
    """A library that orders are compared with, or that is judged itself.

    ``area`` is the care area that was typed, or (``is_of_set``) that of an order set; ``older`` the version that it
    replaces, ``protocols`` what it is judged by itself (``are_named`` where somebody chose them), ``drugs`` the only
    ones that are judged (empty: all).
    """

    library: PumpLibrary
    area: Area | None = None
    older: PumpLibrary | None = None
    protocols: tuple[Protocol, ...] = ()
    drugs: frozenset[str] = frozenset()
    are_named: bool = False
    is_of_set: bool = False

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of its care area (those of none are of each) and drugs, in the order of the file."""
        area = self.area.name.casefold() if self.area is not None else None
        return tuple(
            each
            for each in self.library.entries
            if (not self.drugs or each.drug in self.drugs) and (area is None or each.care_area.casefold() in {area, ""})
        )

    @property
    def words(self) -> str:
        """Which library it is, as a person reads it."""
        of = self.library
        clauses = (
            of.name,
            f"version {of.version}" if of.version else "",
            of.released,
            self.area.name if self.area else "",
        )
        kind = "pump library" if of.is_pump else "the site's limits"
        return f"{kind} {', '.join(part for part in clauses if part)}"
