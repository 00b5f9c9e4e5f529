"""What the name and the therapy of an entry say in words, and its row says otherwise: strength, unit, patient, drug."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name, is_joined
from rescuecalc.core.library.limits import VARIABLES
from rescuecalc.core.library.pump_library import BOLUS, BOLUS_RATE, DOSE
from rescuecalc.core.orders.condition_interval import covered
from rescuecalc.core.orders.condition_text import read_condition
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.mention import base_value, last_place
from rescuecalc.core.orders.text.free_text import said
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.quantity import Concentration
from rescuecalc.core.quantities.units import usual_unit
from rescuecalc.errors import InputError
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.library.entries.drug_slips import known_names
from rescuecalc.rules.library.hits import at_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.core.orders.condition_interval import Interval
    from rescuecalc.core.orders.order import Condition
    from rescuecalc.core.quantities.units import Unit
    from rescuecalc.rules.base.knowledge import Knowledge

_COLUMNS: Final = ("drug", "therapy")


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield what an entry is called, by the column that says it."""
    yield from zip(_COLUMNS, (entry.name, entry.therapy), strict=True)


def other_strength(entry: Entry, use: LibraryUse) -> Iterator[Hit]:
    """Yield the name that says another strength than its entry has: the nurse reads one, the pump takes the other."""
    made = entry.concentration
    for column, text in _texts(entry) if made is not None else ():
        known = strengths_said(text) if made is not None and "/" in text else ()
        same = [each for each in known if made is not None and base_value(each)[1] == base_value(made)[1]]
        if made is None or not same or any(_is_same(each, made) for each in same):
            continue
        message = f"the {column} {text} says {same[0]}, and the entry is {made}: {entry.strength}"
        factor = base_value(same[0])[0] / base_value(made)[0]
        yield Hit(message, (use.library.source,), entry.at(column), text, None, factor)


@lru_cache(maxsize=4096)
def strengths_said(text: str) -> tuple[Concentration, ...]:
    """Return the strengths that a name says: ``12.5 mg/250 mL (50 mcg/mL)`` says one of them twice."""
    label = strength(text)
    found = () if label is None else (label.concentration,)
    if "/mL" not in text and "/ml" not in text:
        return found
    rest = text.replace(label.text, "") if label is not None else text
    return (*found, *(each.quantity for each in said(rest) if isinstance(each.quantity, Concentration)))


def _is_same(said_strength: Concentration, made: Concentration) -> bool:
    (value, _), (right, _) = base_value(said_strength), base_value(made)
    if not said_strength.magnitude or said_strength.text is None:
        return value == right
    half = Fraction(10) ** min(last_place(said_strength.text), 0) / 2 * (value / said_strength.magnitude)
    return abs(value - right) <= half


def other_unit(entry: Entry, use: LibraryUse) -> Iterator[Hit]:
    """Yield the unit of a dose that a name says and no limits of its entry are in."""
    own = {limits.unit for name in (DOSE, BOLUS, BOLUS_RATE) if (limits := entry.limits.get(name)) is not None}
    for column, text in _texts(entry) if own else ():
        named = units_said(text) if "/" in text else ()
        if named and own.isdisjoint(named):
            limits = next(each for name in (DOSE, BOLUS, BOLUS_RATE) if (each := entry.limits.get(name)) is not None)
            message = f"the {column} {text} says {named[0].name}, and the limits are in {limits.unit.name}"
            hit = Hit(message, (use.library.source,), entry.at(column), text)
            yield hit._replace(cause=hit.pointer)


_UNIT: Final = re.compile(r"(?<![\w/.])(?<![0-9] )[A-Za-z\u00b5\u03bc]{1,12}(?:/[A-Za-z]{1,6}){1,2}(?![\w/])")


@lru_cache(maxsize=4096)
def units_said(text: str) -> tuple[Unit, ...]:
    """Return the units of a dose or a rate that a name says, and not those of a number in it."""
    return tuple(each for each in map(_unit_of, _UNIT.findall(text)) if each is not None)


def _unit_of(text: str) -> Unit | None:
    try:
        found = usual_unit(text)
    except InputError:
        return None
    return found if found.shape in VARIABLES and found.shape != "amount/volume" else None


def other_condition(entry: Entry, use: LibraryUse) -> Iterator[Hit]:
    """Yield the patients that a name says its entry is for, where its conditions are for others."""
    own = {each.name: each for each in entry.conditions}
    for column, text in _texts(entry):
        for each in conditions_said(text) if own else ():
            held = own.get(each.name)
            if held is None:
                message = f"the condition {each.text} of {entry.words} is only in its name, and was not read: state it"
                hit = at_limit(use, entry, column, f"{message} in `therapies`", None, severity=Severity.WARNING)
                yield hit._replace(found=text)
            elif not _is_within(*(covered(one, _UNITS[each.name]) for one in (held, each))):
                message = f"the {column} {text} is for {each.text}, and the entry for {held.text}"
                yield at_limit(use, entry, column, message, None, severity=Severity.ERROR)._replace(found=text)


def _is_within(one: Interval, other: Interval) -> bool:
    """Whether an interval lies within another one; ends that names leave out of it or take into it are the same."""
    is_below = other.high is None or (one.high is not None and one.high <= other.high)
    return one.low >= other.low and is_below


_UNITS: Final = {"creatinine_clearance": "mL/min", "weight": "kg"}
_SAID: Final = re.compile(
    r"\b(?:(?P<clearance>CrCl|CLCr|creatinine clearance|clearance|e?GFR)|(?P<weight>weight|wt|BW))?\s{0,3}"
    r"(?P<sign>[<>]=?|\u2264|\u2265)\s{0,3}(?P<number>[0-9]{1,3}(?:\.[0-9])?)\s{0,2}(?P<kg>kg\b)?",
    re.IGNORECASE,
)
_SIGNS: Final = {"\u2264": "<=", "\u2265": ">="}


@lru_cache(maxsize=4096)
def conditions_said(text: str) -> tuple[Condition, ...]:
    """Return the clearances and the weights that a name says: ``CrCl <= 60``, ``Stroke < 101 kg``."""
    found = []
    for each in _SAID.finditer(text):
        name = "creatinine_clearance" if each["clearance"] else "weight" if each["weight"] or each["kg"] else ""
        if name:
            sign = _SIGNS.get(each["sign"], each["sign"])
            found.append(read_condition(f"{sign} {each['number']} {_UNITS[name]}", name))
    return tuple(found)


def other_drug(entry: Entry, use: LibraryUse, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the name of one known drug that [drugs] says is another."""
    named = drug_name(entry.name)
    if named == entry.drug or is_joined(entry.name):
        return
    words = {drug_name(each) for each in (entry.name, *entry.name.lower().split())}
    held = sorted(words & known_names(knowledge))
    if held and entry.drug not in words:
        message = f"{entry.name} is {held[0]} by its name, and [drugs] says that it is {entry.drug}"
        yield at_limit(use, entry, "drug", message, None, severity=Severity.ERROR)._replace(found=entry.name)


def without_strength(entries: tuple[Entry, ...], use: LibraryUse) -> Iterator[Hit]:
    """Yield the entries of a pump that bound a dose without a strength, where the others have one."""
    bare = [each for each in entries if _is_bare(each)] if use.library.is_pump else []
    for each in bare if len(bare) < len(entries) else ():
        message = f"{each.words} has no amount and no volume: it is taken for a bag of any strength"
        yield at_limit(use, each, "amount", message, None, severity=Severity.WARNING)


def _is_bare(entry: Entry) -> bool:
    dose = entry.limits.get(DOSE)
    if entry.is_custom or entry.concentration is not None or dose is None or not dose.kind:
        return False
    return entry.amount is None and entry.volume is None
