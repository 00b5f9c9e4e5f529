"""Whether an order's numbers can all be true at once, and what they leave each variable.

Numbers agree in one of two ways: the prescribed dose, the weight, the strength and the time are exact and every number
worked out from them is read to half its last digit; or what is set on the pump is exact and the prescribed dose is read
to half its last digit. Decision 0015 says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.certainty import (
    LOOSE,
    Conflict,
    WayToRead,
    certain,
    is_coarse,
    is_source,
    one_direction_says_all,
)
from rescuecalc.core.orders.model.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from rescuecalc.core.orders.model.certainty import Ends
    from rescuecalc.core.orders.model.mention import Mention
from rescuecalc.core.orders.model.system import (
    CAP_OF,
    KNOWN_EXACTLY,
    PER_KG_OF,
    Equation,
    System,
    first_written,
    prescribed_of,
)

_CAP_AND_DOSE_PER_KG: Final = {amount: (cap, PER_KG_OF[amount]) for amount, cap in CAP_OF.items()}

_SWEEPS: Final = 9
"""Rounds of propagation; a system that still moves after them is never called clean."""


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

    Where they agree in neither, the conflict of the first way. Rules and repairs ask for the same system again.
    """
    return _SOLUTIONS.of(system)


def _solution(system: System) -> Solution:
    prescribed, chosen = prescribed_of(system), chosen_of(system)
    none = frozenset[str]()
    sure = certain(system, WayToRead(KNOWN_EXACTLY | prescribed, none, _CAP_AND_DOSE_PER_KG))
    if sure is not None:
        as_prescribed = Solution(Later(sure.ends, lambda: _solved(system, prescribed, none).bounds), sure.conflict)
        if sure.conflict is None or not prescribed or chosen <= prescribed:
            return as_prescribed
        other = certain(system, WayToRead(KNOWN_EXACTLY | chosen, prescribed, _CAP_AND_DOSE_PER_KG))
        if other is not None and other.conflict is not None:
            return as_prescribed
        if other is not None:
            known = Later(other.ends, lambda: _solved(system, chosen, prescribed).bounds)
            return Solution(known, None, set_is_exact=True)
    return exact_solution(system)


_SOLUTIONS: Final = Kept(_solution)


def exact_solution(system: System) -> Solution:
    """Return the same by exact numbers alone: what floats leave open, and what they are compared with in the tests."""
    prescribed, chosen = prescribed_of(system), chosen_of(system)
    first = _solved(system, prescribed, frozenset())
    if first.conflict is None or not prescribed or chosen <= prescribed:
        return first
    # The other way round: the pump is set to 14 mL/h and the dose per kg was written from it, as 0.146.
    second = _solved(system, chosen, prescribed)
    return second._replace(set_is_exact=True) if second.conflict is None else first


def is_consistent(system: System) -> bool:
    """Whether the numbers of an order can all be true at once."""
    return consistent_solution(system) is not None


def consistent_solution(system: System) -> Solution | None:
    """Return the solution of a system whose numbers can all be true at once, None of any other."""
    solved = solution(system)
    return solved if solved.conflict is None else None


def chosen_of(system: System) -> frozenset[str]:
    """Return the variables that are set: on the pump, drawn up, else the last dose that was worked out."""
    order = (of.PUMP_RATE, of.VOLUME) if system.is_infusion else (of.VOLUME, of.PUMP_RATE)
    return first_written((*order, of.DOSE_RATE, of.DOSE), system)


def _reading(each: Mention, exact: frozenset[str], rough: frozenset[str]) -> Bounds:
    if each.span is not None:
        return each.span
    if each.variable in KNOWN_EXACTLY or each.variable in exact:
        return point(each.value)
    return point(each.value).widened(each.digit if each.variable in rough else each.rounding)


def _solved(system: System, exact: frozenset[str], rough: frozenset[str]) -> Solution:
    """Solve with ``exact`` variables as they are written and ``rough`` ones read as prescribed doses."""
    written: dict[str, Bounds] = {}
    coarse: set[str] = set()
    as_they_are = KNOWN_EXACTLY | exact | rough
    for each in system.mentions:
        reading = _reading(each, exact, rough)
        known = written.get(each.variable)
        met = reading if known is None else known.meet(reading)
        if met is None:
            return Solution(written, Conflict("mentions", each.variable))
        written[each.variable] = met
        if each.variable not in as_they_are and is_coarse(each):
            coarse.add(each.variable)
    conflict = _of_caps(system, written)
    return Solution(written, conflict) if conflict is not None else _propagated(system, written, coarse)


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


def _propagated(system: System, written: Mapping[str, Bounds], coarse: Container[str]) -> Solution:
    known = {**{name: each for name, each in system.seeds.items() if name not in written}, **written}
    changed = set(known)
    # Each round goes once over all equations. What still moves after the last one goes round a loop of roundings: it is
    # reported, never called clean.
    for _ in range(_SWEEPS):
        moved: set[str] = set()
        for equation in system.equations:
            if (changed | moved).isdisjoint({equation.target, equation.first, equation.second, equation.cap or ""}):
                continue
            for name, found in directions(equation, known, written, coarse):
                old = known.get(name)
                met = None
                if old is not None and name in coarse and is_source(equation, name):
                    met = _toward(old, found)
                met = met or _met(name, old, found, written, system)
                if met is None:
                    return Solution(known, Conflict("equation", name, equation))
                if met is not old and (old is None or met.low != old.low or met.high != old.high):
                    known[name] = met
                    moved.add(name)
        if not moved:
            return Solution(known, None)
        changed = moved
    return Solution(known, Conflict("unsettled", ""))


def _toward(written: Bounds, found: Bounds) -> Bounds | None:
    """Return what lies between a number of few digits and what it follows from, None where it cannot follow from it.

    The next may have been worked out from the exact or from the rounded one, and from nothing beyond: 1 mg is written
    for 1.4 mg, and no 1.4 mg are drawn up for 1 mg.
    """
    if not written.overlaps(found):
        return None
    number = written.middle
    reach = Bounds(min(found.low, number), None if found.high is None else max(found.high, number), number)
    met = written.meet(reach)
    return met if met is None else met._replace(middle=number)


def _met(name: str, old: Bounds | None, found: Bounds, written: Mapping[str, Bounds], system: System) -> Bounds | None:
    """Return what is left of a variable, None where nothing is: a written one stays as it is read."""
    if old is None:
        return found
    if name in written:
        # Not narrowed: the next number may have been worked out from the exact or from the rounded one, and both are
        # right. Narrowing every interval calls correct orders wrong (decision 0015).
        return old if old.overlaps(found) else None
    met = old.meet(found)
    if met is None and name in system.loose:
        # What follows from a number that was left out may be from its rounded form: it is given that much room, and no
        # more.
        half = min(system.loose[name], found.middle * LOOSE)
        return old if old.widened(half).overlaps(found) else None
    return met


def directions(
    equation: Equation, known: Mapping[str, Bounds], written: Mapping[str, Bounds], coarse: Container[str] = ()
) -> Iterable[tuple[str, Bounds]]:
    """Yield what an equation says of each of its variables of which the others are known."""
    target, first, second = (known.get(name) for name in equation[:3])
    cap = known.get(equation.cap) if equation.cap is not None else None
    if first is not None and second is not None:
        found = first.times(second)
        yield equation.target, found if cap is None else found.at_most(cap)
        if target is None or one_direction_says_all(equation, written, coarse):
            return
    elif cap is not None and target is None:
        yield equation.target, Bounds(cap.low * 0, cap.high, cap.middle)
    if target is None:
        return
    binds = cap is not None and (target.high is None or target.high >= cap.low)
    for name, other in ((equation.first, second), (equation.second, first)):
        if other is not None and other.middle > 0:  # zero, as of a band `< 0 kg`, divides nothing
            share = target.over(other)
            # Behind a cap that may bind the product is only bounded below.
            yield name, share._replace(high=None) if binds else share
