"""The equations of one order, and whether its numbers can all be true at once.

dose = min(dose per kg × weight, cap); dose rate likewise; dose = volume × concentration; dose rate = pump rate ×
concentration; volume = pump rate × time; dose = dose rate × time. Each is used in its three directions.

Numbers agree in one of two ways: the prescribed dose, the weight, the strength and the time are exact and every number
worked out from them is read to half its last digit; or what is set on the pump is exact and the prescribed dose is read
to half its last digit. Decision 0015 says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.certainty import LOOSE, Conflict, WayToRead, certain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from fractions import Fraction

    from rescuecalc.core.orders.certainty import Ends
    from rescuecalc.core.orders.mention import Mention


class Equation(NamedTuple):
    """``target`` = ``first`` × ``second``, at most ``cap`` where one is written."""

    target: str
    first: str
    second: str
    cap: str | None = None


DOSE_BY_WEIGHT: Final = Equation(of.DOSE, of.DOSE_PER_KG, of.WEIGHT, of.MAX_DOSE)
RATE_BY_WEIGHT: Final = Equation(of.DOSE_RATE, of.DOSE_RATE_PER_KG, of.WEIGHT, of.MAX_DOSE_RATE)
DOSE_IN_VOLUME: Final = Equation(of.DOSE, of.VOLUME, of.CONCENTRATION)
RATE_IN_FLOW: Final = Equation(of.DOSE_RATE, of.PUMP_RATE, of.CONCENTRATION)
VOLUME_BY_WEIGHT: Final = Equation(of.VOLUME, of.VOLUME_PER_KG, of.WEIGHT)
FLOW_BY_WEIGHT: Final = Equation(of.PUMP_RATE, of.PUMP_RATE_PER_KG, of.WEIGHT)
DOSE_PER_KG_IN_VOLUME: Final = Equation(of.DOSE_PER_KG, of.VOLUME_PER_KG, of.CONCENTRATION)
RATE_PER_KG_IN_FLOW: Final = Equation(of.DOSE_RATE_PER_KG, of.PUMP_RATE_PER_KG, of.CONCENTRATION)
VOLUME_IN_TIME: Final = Equation(of.VOLUME, of.PUMP_RATE, of.TIME)
DOSE_IN_TIME: Final = Equation(of.DOSE, of.DOSE_RATE, of.TIME)

CAP_OF: Final = {of.DOSE: of.MAX_DOSE, of.DOSE_RATE: of.MAX_DOSE_RATE}
PER_KG_OF: Final = {of.DOSE: of.DOSE_PER_KG, of.DOSE_RATE: of.DOSE_RATE_PER_KG}
_CAP_AND_DOSE_PER_KG: Final = {amount: (cap, PER_KG_OF[amount]) for amount, cap in CAP_OF.items()}

_SWEEPS: Final = 9
"""Rounds of propagation; a system that still moves after them is never called clean."""

_KNOWN: Final = frozenset({of.WEIGHT, of.CONCENTRATION, of.TIME, of.MAX_DOSE, of.MAX_DOSE_RATE})
_PER_KG: Final = frozenset({of.DOSE_PER_KG, of.DOSE_RATE_PER_KG, of.VOLUME_PER_KG, of.PUMP_RATE_PER_KG})
EXACT: Final = _KNOWN | _PER_KG
"""The variables whose numbers are prescribed, measured or printed on a label, and not worked out from others."""


class System(NamedTuple):
    """One order: its mentions, and what is known besides.

    ``equations`` stay those of the whole order where a mention is left out, so that they tell what it should be.
    ``seeds`` are ranges of which some value must fit: a weight that is not known, a weight band. ``lightest`` is the
    least weight (kg) that a cap must leave the dose per kg to; None where that is not asked. ``loose`` are the
    variables whose mention was left out, with half of its last digit: what follows may be from the exact or the rounded
    number. ``unwritten`` are those of the prescribed variables that were left out: all others are worked out from them.
    """

    is_infusion: bool
    mentions: tuple[Mention, ...]
    seeds: Mapping[str, Bounds]
    equations: tuple[Equation, ...]
    lightest: Fraction | None = None
    loose: Mapping[str, Fraction] = MappingProxyType({})
    unwritten: frozenset[str] = frozenset()

    def without(self, gone: Iterable[Mention]) -> System:
        """Return the system without these mentions; the equations stay."""
        left_out = {id(each): each for each in gone}
        kept = tuple(each for each in self.mentions if id(each) not in left_out)
        loose = {each.variable: each.rounding for each in left_out.values() if each.variable not in EXACT}
        unwritten = prescribed_of(self) - {each.variable for each in kept}
        return self._replace(mentions=kept, loose={**self.loose, **loose}, unwritten=unwritten)

    def only(self, kept: Iterable[Mention]) -> System:
        """Return the system with these mentions alone; the equations stay."""
        ids = {id(each) for each in kept}
        return self.without(each for each in self.mentions if id(each) not in ids)

    def replaced(self, old: Mention, new: Mention) -> System:
        """Return the system with one mention in place of another."""
        return self._replace(mentions=tuple(new if each is old else each for each in self.mentions))

    def with_mention(self, new: Mention) -> System:
        """Return the system with one more mention, bound by what it brings with it."""
        made = system_of((*self.mentions, new), self.seeds, self.lightest, is_infusion=self.is_infusion)
        return made._replace(equations=tuple(dict.fromkeys((*self.equations, *made.equations))))

    def of(self, variable: str) -> tuple[Mention, ...]:
        """Return the mentions of a variable."""
        return tuple(each for each in self.mentions if each.variable == variable)

    def first(self, variable: str) -> Mention | None:
        """Return the first mention of a variable, None where nothing is written of it."""
        return next((each for each in self.mentions if each.variable == variable), None)

    @property
    def is_one_dose(self) -> bool:
        """Whether an infusion is ordered as a dose, or as something that is given over a time, and not as a rate."""
        is_dose = self.has(of.DOSE) or self.has(of.DOSE_PER_KG)
        return is_dose or any(each.place == "give_over" for each in self.of(of.TIME))

    @property
    def variables(self) -> frozenset[str]:
        """The variables of which something is written."""
        return frozenset(each.variable for each in self.mentions)

    def has(self, variable: str) -> bool:
        """Whether something is written of a variable."""
        return any(each.variable == variable for each in self.mentions)


def system_of(
    mentions: tuple[Mention, ...],
    seeds: Mapping[str, Bounds],
    lightest: Fraction | None = None,
    *,
    is_infusion: bool,
) -> System:
    """Return the system of an order's mentions, with the equations that bind them.

    The dose of an infusion counts only where it is prescribed, else it may be what the bag holds. Where both pump rate
    and volume are written the dose follows from the one that is set: volume × concentration of an infusion, and dose
    rate × time of a bolus, whose rate may be that of the rounded volume, are a second way round it: left out.
    """
    has = {each.variable for each in mentions}
    found: list[Equation] = []
    by_dose = not is_infusion or not has.isdisjoint({of.DOSE, of.DOSE_PER_KG})
    has_both = {of.PUMP_RATE, of.VOLUME} <= has
    if by_dose:
        found.append(DOSE_BY_WEIGHT)
        if not (is_infusion and has_both):
            found.append(DOSE_IN_VOLUME)
    if is_infusion or not has.isdisjoint(of.FLOWS):
        found += [RATE_BY_WEIGHT, RATE_IN_FLOW, VOLUME_IN_TIME]
        if by_dose and (is_infusion or not has_both):
            found.append(DOSE_IN_TIME)
    if not has.isdisjoint(_FLUIDS):
        found += _of_fluid(has)
    return System(is_infusion, mentions, seeds, tuple(found), lightest)


_FLUIDS: Final = frozenset({of.VOLUME_PER_KG, of.PUMP_RATE_PER_KG})


def _of_fluid(has: set[str]) -> list[Equation]:
    """Return the equations of what is ordered in mL per kg."""
    found = [VOLUME_BY_WEIGHT, DOSE_PER_KG_IN_VOLUME] if of.VOLUME_PER_KG in has else []
    return [*found, FLOW_BY_WEIGHT, RATE_PER_KG_IN_FLOW] if of.PUMP_RATE_PER_KG in has else found


class Later(Mapping[str, Bounds]):
    """The bounds of a system whose numbers agree for certain, worked out once somebody asks for them.

    ``ends`` are the same as floats, for what is asked of every order.
    """

    __slots__ = ("_found", "_work", "ends")

    def __init__(self, ends: Mapping[str, Ends], work: Callable[[], Mapping[str, Bounds]]) -> None:
        self.ends, self._work = ends, work
        self._found: Mapping[str, Bounds] | None = None

    def _exact(self) -> Mapping[str, Bounds]:
        if self._found is None:
            self._found = self._work()
        return self._found

    def __getitem__(self, name: str) -> Bounds:
        if name not in self.ends:
            raise KeyError(name)  # nothing has to be worked out to say so
        return self._exact()[name]

    def __contains__(self, name: object) -> bool:
        return name in self.ends

    def __iter__(self) -> Iterator[str]:
        return iter(self._exact())

    def __len__(self) -> int:
        return len(self.ends)


class Solution(NamedTuple):
    """What each variable can be, and in which of the two ways the numbers agree; or the conflict."""

    bounds: Mapping[str, Bounds]
    conflict: Conflict | None
    set_is_exact: bool = False


def solution(system: System) -> Solution:
    """Return what the system leaves each variable, in the first of the two ways in which its numbers agree.

    Where they agree in neither, the conflict of the first way.
    """
    prescribed, chosen = prescribed_of(system), _set(system)
    none = frozenset[str]()
    sure = certain(system, WayToRead(_KNOWN | prescribed, none, _CAP_AND_DOSE_PER_KG))
    if sure is not None:
        as_prescribed = Solution(Later(sure.ends, lambda: _solved(system, prescribed, none).bounds), sure.conflict)
        if sure.conflict is None or not prescribed or chosen <= prescribed:
            return as_prescribed
        other = certain(system, WayToRead(_KNOWN | chosen, prescribed, _CAP_AND_DOSE_PER_KG))
        if other is not None and other.conflict is not None:
            return as_prescribed
        if other is not None:
            known = Later(other.ends, lambda: _solved(system, chosen, prescribed).bounds)
            return Solution(known, None, set_is_exact=True)
    return exact_solution(system)


def exact_solution(system: System) -> Solution:
    """Return the same by exact numbers alone: what floats leave open, and what they are compared with in the tests."""
    prescribed, chosen = prescribed_of(system), _set(system)
    first = _solved(system, prescribed, frozenset())
    if first.conflict is None or not prescribed or chosen <= prescribed:
        return first
    second = _solved(system, chosen, prescribed)
    return second._replace(set_is_exact=True) if second.conflict is None else first


def is_consistent(system: System) -> bool:
    """Whether the numbers of an order can all be true at once."""
    return consistent_solution(system) is not None


def consistent_solution(system: System) -> Solution | None:
    """Return the solution of a system whose numbers can all be true at once, None of any other."""
    solved = solution(system)
    return solved if solved.conflict is None else None


def prescribed_of(system: System) -> frozenset[str]:
    """Return the variables that were prescribed: per kg, else the dose or the dose rate itself."""
    per_kg = frozenset(each.variable for each in system.mentions) & _PER_KG
    order = (of.DOSE_RATE, of.DOSE) if system.is_infusion else (of.DOSE, of.DOSE_RATE)
    return per_kg | system.unwritten or _first(order, system)


def _set(system: System) -> frozenset[str]:
    """Return the variables that are set: on the pump, drawn up, else the last dose that was worked out."""
    order = (of.PUMP_RATE, of.VOLUME) if system.is_infusion else (of.VOLUME, of.PUMP_RATE)
    return _first((*order, of.DOSE_RATE, of.DOSE), system)


def _first(names: Iterable[str], system: System) -> frozenset[str]:
    return frozenset({next((name for name in names if system.has(name)), "")} - {""})


def _reading(each: Mention, exact: frozenset[str], rough: frozenset[str]) -> Bounds:
    if each.span is not None:
        return each.span
    if each.variable in _KNOWN or each.variable in exact:
        return point(each.value)
    return point(each.value).widened(each.digit if each.variable in rough else each.rounding)


def _solved(system: System, exact: frozenset[str], rough: frozenset[str]) -> Solution:
    """Solve with ``exact`` variables as they are written and ``rough`` ones read as prescribed doses."""
    written: dict[str, Bounds] = {}
    for each in system.mentions:
        reading = _reading(each, exact, rough)
        known = written.get(each.variable)
        met = reading if known is None else known.meet(reading)
        if met is None:
            return Solution(written, Conflict("mentions", each.variable))
        written[each.variable] = met
    conflict = _of_caps(system, written)
    return Solution(written, conflict) if conflict is not None else _propagated(system, written)


def _of_caps(system: System, written: Mapping[str, Bounds]) -> Conflict | None:
    """Return the conflict of a cap with the dose that it bounds, or with the dose per kg that it hides."""
    for amount, cap in CAP_OF.items():
        most = written.get(cap)
        if most is None or most.high is None:
            continue
        dose, per_kg = written.get(amount), written.get(PER_KG_OF[amount])
        if dose is not None and dose.low > most.high:
            return Conflict("above_cap", amount)
        if per_kg is not None and system.lightest is not None and per_kg.low * system.lightest > most.high:
            return Conflict("cap_always_binds", cap)
    return None


def _propagated(system: System, written: Mapping[str, Bounds]) -> Solution:
    known = {**{name: each for name, each in system.seeds.items() if name not in written}, **written}
    changed = set(known)
    for _ in range(_SWEEPS):
        moved: set[str] = set()
        for equation in system.equations:
            if (changed | moved).isdisjoint({equation.target, equation.first, equation.second, equation.cap or ""}):
                continue
            for name, found in _directions(equation, known, written):
                old = known.get(name)
                met = _met(name, old, found, written, system)
                if met is None:
                    return Solution(known, Conflict("equation", name, equation))
                if met is not old and (old is None or met.low != old.low or met.high != old.high):
                    known[name] = met
                    moved.add(name)
        if not moved:
            return Solution(known, None)
        changed = moved
    return Solution(known, Conflict("unsettled", ""))


def _met(name: str, old: Bounds | None, found: Bounds, written: Mapping[str, Bounds], system: System) -> Bounds | None:
    """Return what is left of a variable, None where nothing is: a written one stays as it is read."""
    if old is None:
        return found
    if name in written:
        return old if old.overlaps(found) else None
    met = old.meet(found)
    if met is None and name in system.loose:
        half = min(system.loose[name], found.middle * LOOSE)
        return old if old.widened(half).overlaps(found) else None
    return met


def _directions(
    equation: Equation, known: Mapping[str, Bounds], written: Mapping[str, Bounds]
) -> Iterable[tuple[str, Bounds]]:
    """Yield what an equation says of each of its variables of which the others are known."""
    target, first, second = (known.get(name) for name in equation[:3])
    cap = known.get(equation.cap) if equation.cap is not None else None
    if first is not None and second is not None:
        found = first.times(second)
        yield equation.target, found if cap is None else found.at_most(cap)
        if target is None or {*equation[:3]} <= written.keys():
            return  # one direction says it all
    elif cap is not None and target is None:
        yield equation.target, Bounds(cap.low * 0, cap.high, cap.middle)
    if target is None:
        return
    binds = cap is not None and (target.high is None or target.high >= cap.low)
    for name, one, other in ((equation.first, first, second), (equation.second, second, first)):
        if other is not None and not (one is None and other.middle <= 0):
            share = target.over(other)
            # Behind a cap that may bind the product is only bounded below.
            yield name, share._replace(high=None) if binds else share
