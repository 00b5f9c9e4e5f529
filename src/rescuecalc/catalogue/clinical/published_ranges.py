"""The published ranges, and the words that say what an order set is for; read when a dose is first judged by them."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from rescuecalc.catalogue.catalogue import DATA, drugs, sources
from rescuecalc.catalogue.clinical.bridging import antiplatelets
from rescuecalc.catalogue.files.citations import cited
from rescuecalc.catalogue.files.table import Problem, Table, collected, parse
from rescuecalc.core.orders.condition_interval import covered
from rescuecalc.core.orders.condition_text import read_condition
from rescuecalc.core.orders.indication import IndicationWords
from rescuecalc.core.orders.published_range import (
    BOLUS,
    LOAD,
    MAINTENANCE,
    Indication,
    PublishedRange,
    RangeEnd,
    RenalLow,
    StatedPoint,
)
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Dose, DosePerKg, DoseRate, DoseRatePerKg, Duration
from rescuecalc.errors import CatalogueError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from rescuecalc.core.orders.condition_interval import Interval
    from rescuecalc.core.quantities.quantity import Quantity

_PHASES: Final = {"bolus": frozenset({BOLUS}), "infusion": frozenset({LOAD, MAINTENANCE})}
_ROLES: Final[dict[str, dict[str, type[Quantity]]]] = {
    "bolus": {"dose_per_kg": DosePerKg, "dose": Dose},
    "infusion": {"dose_rate_per_kg": DoseRatePerKg, "dose_rate": DoseRate},
}
_WORD: Final = re.compile(r"(?:[A-Za-z]+[0-9]?[ -])*[A-Za-z]+")


@cache
def published_ranges() -> tuple[PublishedRange, ...]:
    """Return the packaged ranges."""
    return read_ranges(DATA / "published_ranges.toml")


def read_ranges(path: Path) -> tuple[PublishedRange, ...]:
    """Return the ranges of a file; CatalogueError lists every problem.

    Refused are an end without a source, an unknown drug or source, a lower end above the upper one, a point outside of
    its range, and a second range of the same doses.
    """
    problems: list[str] = []
    tables = Table(parse(path)).tables("range")
    known = frozenset((*drugs(), *antiplatelets()))
    found = collected([partial(_range, each, known) for each in tables], problems)
    # Of two ranges for the same doses one would judge, and nobody would notice which.
    problems += _doubles(found)
    if problems:
        raise CatalogueError(tuple(f"{path}: {problem}" for problem in problems))
    return found


def _doubles(found: tuple[PublishedRange, ...]) -> list[str]:
    keys = [(each.drug, each.kind, each.route, each.phase, str(each.indication), each.variable) for each in found]
    return [f"range: {' '.join(each)} is there twice" for place, each in enumerate(keys) if each in keys[:place]]


def _range(table: Table, known: frozenset[str]) -> PublishedRange:
    kind = table.text("kind", frozenset(_ROLES))
    variable = table.text("variable", frozenset(_ROLES[kind]))
    role = _ROLES[kind][variable]
    made = PublishedRange(
        drug=table.text("drug", known),
        kind=kind,
        route=table.text("route", frozenset({"IV", "IA"})),
        phase=table.text("phase", _PHASES[kind]),
        indication=Indication(table.text("indication", frozenset(Indication))),
        variable=variable,
        low=_end(table.maybe_table("low"), role),
        high=_end(table.maybe_table("high"), role),
        longest=table.maybe_quantity("longest", Duration),
        renal=tuple(_renal(each, role) for each in table.tables("renal")),
        points=tuple(_point(each, role) for each in table.tables("points")),
    )
    table.finish()
    _check(made, table)
    return made


def _end(table: Table | None, role: type[Quantity]) -> RangeEnd | None:
    if table is None:
        return None
    end = RangeEnd(table.quantity("value", role), cited(table, sources()), table.flag("soft"))
    table.finish()
    return end


def _renal(table: Table, role: type[Quantity]) -> RenalLow:
    words = table.text("below_clearance")
    low = _end(table.table("low"), role)
    table.finish()
    if low is None:
        raise Problem(f"{table.where('low')}: is missing")
    return RenalLow(_clearances(table, "below_clearance", words), words, low)


def _clearances(table: Table, key: str, words: str) -> Interval:
    try:
        return covered(read_condition(words, "creatinine_clearance"), "mL/min")
    except InputError as reason:
        raise Problem(f"{table.where(key)}: {reason}") from None


def _point(table: Table, role: type[Quantity]) -> StatedPoint:
    words = table.maybe_text("clearance")
    clearances = _clearances(table, "clearance", words) if words is not None else None
    point = StatedPoint(table.quantity("value", role), cited(table, sources()), clearances)
    table.finish()
    return point


def _check(made: PublishedRange, table: Table) -> None:
    """Refuse a range that cannot be one."""
    if made.low is None and made.high is None:
        raise Problem(f"{table.where('low')}: a range has a lower or an upper end")
    lows = [made.low, *(each.low for each in made.renal)]
    for low in lows:
        if low is not None and made.high is not None and low.value.exceeds(made.high.value):
            raise Problem(f"{table.where('high')}: {made.high.value} is below {low.value}")
    if (made.longest is None) is (made.phase == LOAD):
        raise Problem(f"{table.where('longest')}: a load has a longest time, and nothing else has")
    # A dose that a source states is never a finding; outside of its own range the range is wrong.
    for point in made.points:
        if made.end_passed(point.value, point.clearances) is not None:
            raise Problem(f"{table.where('points')}: {point.value} lies outside of the range")


@cache
def indication_words() -> IndicationWords:
    """Return the words by which an order set says what it is for."""
    root = Table(parse(DATA / "indications.toml"))
    rescue = root.table("rescue")
    found = IndicationWords(
        negations=root.texts("negations"),
        rescue=rescue.texts("words"),
        coronary=root.table("coronary").texts("words"),
        elsewhere=root.table("elsewhere").texts("words"),
        analgesic=root.table("analgesic").texts("words"),
        weak=frozenset(word.lower() for word in rescue.texts("weak")),
        stroke=rescue.texts("stroke"),
    )
    root.finish()
    for word in (*found.negations, *found.rescue, *found.coronary, *found.elsewhere, *found.analgesic):
        if not _WORD.fullmatch(word):
            raise Problem(f"indications: {quoted(word)} is not made of letters")
    return found
