"""RC834: limits that were written for another unit than their entry has, by what sources state of the drug."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.library.limits import HARD_MAX, INITIAL, SOFT_MAX
from rescuecalc.core.library.pump_library import BOLUS, DOSE
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.signature import MASS
from rescuecalc.rules.facts.order_model.model_wording import rounded
from rescuecalc.rules.library.entries.published_doses import held_dose, is_of_other_use, published_dose
from rescuecalc.rules.library.entries.stated_doses import stated, stated_in
from rescuecalc.rules.library.entries.unit_slips import OF_ONE_UNIT, meant_unit, per_kg_unit, slips_of
from rescuecalc.rules.library.hits import at_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.core.literature.source import Source
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Hit
    from rescuecalc.rules.library.entries.published_doses import PublishedDose
    from rescuecalc.rules.library.hits import InLibrary

JUDGED: Final = {DOSE: "", BOLUS: "bolus_"}
"""The limits that are compared with published doses, and how their columns begin."""

_PER_KG: Final = {of.DOSE_RATE: of.DOSE_RATE_PER_KG, of.DOSE: of.DOSE_PER_KG}
_NEAR: Final = 10
"""Limits whose highest is further above a dose are not its own: without a minimum every small dose passes."""

_RATES: Final = frozenset((of.DOSE_RATE, of.DOSE_RATE_PER_KG))


class _Dose(NamedTuple):
    """A dose that sources state, in base units, and in words."""

    value: Fraction
    words: str
    sources: tuple[Source, ...]


class _Slip(NamedTuple):
    """What limits are to the doses of sources, and which units were mixed up.

    ``factor`` is there where one explains it, ``unit`` where it is the right one.
    """

    words: str
    slip: str
    sources: tuple[Source, ...]
    factor: Fraction | None = None
    unit: str | None = None


def slipped(known: InLibrary, knowledge: Knowledge) -> frozenset[int]:
    """Return the numbers of the entries whose limits are those of their sources in another unit."""
    return knowledge.once(
        ("slipped in library",), lambda: frozenset(entry.number for entry, *_ in _all(known, knowledge))
    )


def unit_of_source(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the entries whose limits are those of their sources in another unit."""
    for entry, name, found in _all(known, knowledge):
        column, unit = f"{JUDGED[name] or 'dose_'}unit", entry.limits[name].unit.name
        message = f"the limits of {entry.words} in {unit} {found.words}: {found.slip}"
        hit = at_limit(known.use, entry, column, message, None, found.factor)
        sources = (known.use.library.source, *found.sources)
        yield hit._replace(found=unit, expected=found.unit, slip=(found.slip,), sources=sources)


def _all(known: InLibrary, knowledge: Knowledge) -> tuple[tuple[Entry, str, _Slip], ...]:
    def made() -> Iterator[tuple[Entry, str, _Slip]]:
        for entry in known.entries:
            for name in JUDGED:
                limits = entry.limits.get(name)
                found = _slip(entry, limits, known, knowledge) if limits is not None and limits.has_any else None
                if found is not None:
                    yield entry, name, found

    return knowledge.once(("slips in library",), lambda: tuple(made()))


def _slip(entry: Entry, limits: LimitSet, known: InLibrary, knowledge: Knowledge) -> _Slip | None:
    """Return what units were mixed up, where that explains by how much limits are off the doses of their sources."""
    if is_of_other_use(entry, knowledge):
        return None
    held = held_dose(entry, limits, knowledge)
    doses = _doses(entry, limits, held, known, knowledge)
    if any(_is_hard_inside(limits, each.value) for each in doses):
        return _without_weight(entry, limits, held, known, knowledge) if limits.variable in _PER_KG else None
    is_tenfold = any(_fits(limits, each.value * times) for each in doses for times in _DECIMALS)
    for factor, words in slips_of(limits.unit).items():
        for times in (factor, 1 / factor) if factor in OF_ONE_UNIT or not is_tenfold else ():
            one = next((each for each in doses if _fits(limits, each.value * times)), None)
            if one is not None:
                size = f"{rounded(times)} times" if times >= 1 else f"1/{rounded(1 / times)} of"
                right = meant_unit(limits.unit, times)
                return _Slip(f"fit {size} {one.words}", words, one.sources, times, right)
    return (
        _without_weight(entry, limits, held, known, knowledge)
        or _of_amounts(limits, held)
        or _without_time(entry, limits, known, knowledge)
        or _of_one_dose(entry, limits, held, knowledge)
    )


_DECIMALS: Final = (Fraction(10), 1 / Fraction(10))
"""Limits that are ten times off have their decimal points moved; two units that were mixed up are less likely."""


def _doses(
    entry: Entry, limits: LimitSet, held: PublishedDose | None, known: InLibrary, knowledge: Knowledge
) -> list[_Dose]:
    """Return the doses of protocols, without one what else is published per kg."""
    own = [
        _Dose(number.bounds.low, step.words, tuple(step.protocol.sources))
        for step, number in stated(entry, limits, known, knowledge)
        if number.mention.kind == limits.kind
    ]
    if own or held is None or limits.kind != MASS or limits.variable in _PER_KG:
        return own
    return _ends(held)


def _ends(held: PublishedDose) -> list[_Dose]:
    return [_Dose(each, f"the published {held.words}", held.sources) for each in (held.high, held.low)]


def _without_weight(
    entry: Entry, limits: LimitSet, held: PublishedDose | None, known: InLibrary, knowledge: Knowledge
) -> _Slip | None:
    """Return the slip of limits whose unit has no kg: their numbers are those of the source per kg."""
    variable = _PER_KG.get(limits.variable)
    if variable is None or limits.kind != MASS:
        return None
    ends = [each for name in (INITIAL, SOFT_MAX, HARD_MAX) if (each := limits.get(name)) is not None]
    if held is not None and any(held.holds(each.value) for each in ends):
        return None  # they are doses of a usual weight
    kind = "infusion" if limits.variable in _RATES else "bolus"
    own = [
        _Dose(number.bounds.low, step.words, tuple(step.protocol.sources))
        for step, number in stated_in(variable, kind, entry.drug, known, knowledge)
    ]
    published = published_dose(entry.drug, variable, knowledge) if not own else None
    if published is not None:
        own = _ends(published)
    one = next((each for each in own if _fits(limits, each.value)), None)
    if one is None:
        return None
    return _Slip(f"are the numbers per kg of {one.words}", "not per kg", one.sources, unit=per_kg_unit(limits.unit))


def _of_amounts(limits: LimitSet, held: PublishedDose | None) -> _Slip | None:
    """Return the slip of limits that are not per kg and outside what a usual weight gets, by one factor."""
    ends = [each.value for name in (INITIAL, SOFT_MAX, HARD_MAX) if (each := limits.get(name)) is not None]
    if held is None or limits.variable not in _PER_KG or not ends or any(map(held.holds, ends)):
        return None
    for factor, words in OF_ONE_UNIT.items():
        for times in (factor, 1 / factor):
            if all(held.holds(each / times) for each in ends):
                size = f"{rounded(times)} times" if times >= 1 else f"1/{rounded(1 / times)} of"
                right = meant_unit(limits.unit, times)
                return _Slip(f"fit {size} the published {held.words}", words, held.sources, times, right)
    return None


def _without_time(entry: Entry, limits: LimitSet, known: InLibrary, knowledge: Knowledge) -> _Slip | None:
    """Return the slip of limits whose unit has no time: their numbers are those of the infusion."""
    if limits.variable != of.DOSE_PER_KG or limits.kind != MASS:
        return None
    for step, number in stated_in(of.DOSE_RATE_PER_KG, "infusion", entry.drug, known, knowledge):
        for seconds in _TIMES:
            if _fits(limits, number.bounds.low * seconds):
                return _Slip(f"are the numbers of {step.words}", "not per time", tuple(step.protocol.sources))
    return None


_TIMES: Final = (Fraction(60), Fraction(3600))
"""Seconds of the times that a rate is written by."""


def _of_one_dose(entry: Entry, limits: LimitSet, held: PublishedDose | None, knowledge: Knowledge) -> _Slip | None:
    """Return the slip of limits per time of a drug that sources give as one dose."""
    if held is not None or limits.variable not in _RATES or limits.kind != MASS:
        return None
    one = published_dose(entry.drug, of.DOSE_PER_KG, knowledge)
    if one is None:
        return None
    return _Slip(f"are of a rate, and what is published is one dose, {one.words}", "a rate for a dose", one.sources)


def _fits(limits: LimitSet, value: Fraction) -> bool:
    """Whether a dose is one that limits were made for: within them, and not far below where they have no minimum."""
    highest = max((end.value for end in limits.in_order()), default=value)
    return limits.passed(value) is None and highest <= _NEAR * value


def _is_hard_inside(limits: LimitSet, value: Fraction) -> bool:
    end = limits.passed(value)
    return end is None or not end.is_hard
