"""RC833, RC850: what a pump is limited to whatever it gives: its rates, its step, its volumes and an area's weights."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.library.export import AREA_WEIGHTS
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.model_wording import rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.core.library.pump_library import Area, Entry, PumpLibrary
    from rescuecalc.core.quantities.quantity import PumpRate, Volume
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.library.hits import InLibrary

_GROSS: Final = 10
_TWICE: Final = 2
"""Pumps differ in how fast they run, by less than this."""


class _StatedLimit(NamedTuple):
    """A limit of the pump, of a care area or of an entry: where it stands, whose it is, and how much."""

    pointer: str
    of: str
    value: PumpRate | Volume


def _rates(known: InLibrary) -> Iterator[_StatedLimit]:
    yield from _owned(known, "max_rate", lambda each: each.max_rate)


def _volumes(known: InLibrary) -> Iterator[_StatedLimit]:
    yield from _owned(known, "max_vtbi", lambda each: each.max_vtbi)


def _owned(
    known: InLibrary, name: str, value_of: Callable[[PumpLibrary | Area | Entry], PumpRate | Volume | None]
) -> Iterator[_StatedLimit]:
    """Yield a limit of the pump, its care areas and its entries; what rows repeat once."""
    library, seen = known.use.library, set()
    # Rows first: what all rows of an area say is the area's too, and stands in the rows.
    owners: list[tuple[str, str, PumpLibrary | Area | Entry]] = [
        (each.at(name), each.words, each) for each in known.entries
    ]
    owners += [(f"/{name}", library.name, library)]
    owners += [(f"/area/{each.name}/{name}", each.name, each) for each in library.areas.values()]
    for pointer, of, owner in owners:
        value = value_of(owner)
        if value is not None and base_value(value) not in seen:
            seen.add(base_value(value))
            yield _StatedLimit(pointer, of, value)


def pump_out_of_order(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the slowest rate that is above a fastest one, and the weights of an area that are out of order."""
    library, sources = known.use.library, (known.use.library.source,)
    slowest = library.min_rate
    if slowest is not None:
        fastest = [*_rates(known), _StatedLimit("/max_rate", "an infusion pump", knowledge.limits.pump_rate)]
        for each in [each for each in fastest if base_value(slowest)[0] > base_value(each.value)[0]][:1]:
            message = f"the slowest rate {slowest} of {library.name} is above the fastest, {each.value} of {each.of}"
            yield Hit(message, sources, "/min_rate", str(slowest))
    for area in library.areas.values():
        ends = list(area.weight.in_order()) if area.weight is not None else []
        for low, high in [pair for pair in pairwise(ends) if pair[0].value > pair[1].value][:1]:
            message = f"the {low.words} {low} of the weights of {area.name} is above the {high.words} {high}"
            yield Hit(message, sources, _of_weight(area, high.name, known), str(high))


def _of_weight(area: Area, end: str, known: InLibrary) -> str:
    """Return where the weight of an area stands: in its first row, else where its TOML says it."""
    first = next((each for each in known.entries if each.care_area.casefold() == area.name.casefold()), None)
    return first.at(AREA_WEIGHTS[end]) if first is not None else f"/area/{area.name}/weight"


def beyond_any_pump(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the limits of a pump that no pump and no patient has: they bind nobody, or let nothing run."""
    yield from _too_fast(known, knowledge)
    yield from _too_coarse(known, knowledge)
    yield from _too_much(known, knowledge)
    yield from _too_little(known)
    yield from _of_no_patient(known, knowledge)
    yield from _of_no_area(known)


def _too_fast(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    usual = knowledge.limits.pump_rate
    for each in _rates(known):
        factor = base_value(each.value)[0] / base_value(usual)[0]
        if factor > _TWICE:
            severity = Severity.ERROR if factor >= _GROSS else Severity.WARNING
            message = f"the fastest rate {each.value} of {each.of} is {rounded(factor)} times that of a pump, {usual}"
            sources = (known.use.library.source, knowledge.limits.source)
            yield Hit(message, sources, each.pointer, str(each.value), None, factor, severity=severity)


def slowest(known: InLibrary, knowledge: Knowledge) -> PumpRate:
    """Return the slowest rate of a pump: its own, else one step, as long as a pump may have it."""
    library, limits = known.use.library, knowledge.limits
    if library.min_rate is not None and not any(pump_out_of_order(known, knowledge)):
        return library.min_rate
    return limits.pump_step if library.rate_step is None or any(_too_coarse(known, knowledge)) else library.rate_step


def _too_coarse(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    step, usual = known.use.library.rate_step, knowledge.limits.pump_step
    factor = base_value(step)[0] / base_value(usual)[0] if step is not None else Fraction(1)
    if factor > _GROSS:
        message = f"the step {step} of {known.use.library.name} is {rounded(factor)} times that of a pump, {usual}"
        sources = (known.use.library.source, knowledge.limits.source)
        yield Hit(message, sources, "/rate_step", str(step), None, factor, severity=Severity.ERROR)


def _too_much(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the volumes that the fastest pump does not infuse as long as a container may hang."""
    limits = knowledge.limits
    most = base_value(limits.pump_rate)[0] * base_value(limits.container_time)[0]
    for each in _volumes(known):
        if base_value(each.value)[0] > most:
            message = f"the VTBI {each.value} of {each.of} is more than {limits.pump_rate} in {limits.container_time}"
            sources = (known.use.library.source, limits.source)
            yield Hit(message, sources, each.pointer, str(each.value), severity=Severity.ERROR)


def _too_little(known: InLibrary) -> Iterator[Hit]:
    """Yield the volume that is less than a tenth of the bag of an entry, once for each that is set."""
    library, reported = known.use.library, set[str]()
    for entry in known.entries:
        area = library.area(entry.care_area) if entry.care_area else None
        own = [
            (entry.at("max_vtbi"), entry.max_vtbi),
            (f"/area/{area.name}/max_vtbi" if area is not None else "", area.max_vtbi if area is not None else None),
            ("/max_vtbi", library.max_vtbi),
        ]
        pointer, most = next(((where, each) for where, each in own if each is not None), ("", None))
        if most is None or entry.volume is None or pointer in reported:
            continue
        if base_value(most)[0] * _GROSS <= base_value(entry.volume)[0]:
            reported.add(pointer)
            message = f"the VTBI {most} is not a tenth of the {entry.volume} of {entry.words}"
            yield Hit(message, (library.source,), pointer, str(most), severity=Severity.ERROR)


def _of_no_patient(known: InLibrary, knowledge: Knowledge) -> Iterator[Hit]:
    """Yield the weights of an area that nobody has."""
    limits = knowledge.limits
    least, most = base_value(limits.weight.low)[0], base_value(limits.weight.high)[0]
    heavy = base_value(limits.row_weight.high)[0]
    for area in known.use.library.areas.values():
        for end in area.weight.in_order() if area.weight is not None else ():
            is_max = end.name.endswith("max")
            if (end.value > most or end.value < least) if is_max else end.value > heavy:
                message = f"the {end.words} {end} of the weights of {area.name} is the weight of nobody"
                sources = (known.use.library.source, limits.source)
                yield Hit(message, sources, _of_weight(area, end.name, known), str(end), severity=Severity.ERROR)


def _of_no_area(known: InLibrary) -> Iterator[Hit]:
    """Yield the care area that has limits of its own and no row: those limits hold nowhere."""
    library = known.use.library
    of_rows = {each.care_area.casefold(): each.care_area for each in library.entries}
    if "" in of_rows:
        return
    for name, area in library.areas.items():
        if name not in of_rows:
            near = nearest(area.name, list(of_rows.values()), folded=False)
            message = f"the limits of the care area {area.name} hold nowhere: no row of {library.file} is of it{near}"
            severity = Severity.ERROR if near else Severity.WARNING
            yield Hit(message, (library.source,), f"/area/{area.name}", area.name, severity=severity)
