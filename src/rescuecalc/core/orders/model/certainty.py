"""What is certain of an order's numbers by binary floats alone: nearly all orders agree, and well inside every border.

The equations of `system` in the same order, on floats with a margin: where every comparison comes out clear of it, the
exact solution takes the same way, and each variable lies within the ends that are returned. Whatever is near a border
is left to the exact numbers: floats decide nothing there, and print nothing.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.model import mention as of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.system import Equation, System

Ends = tuple[float, float]
"""The low and the high end (infinite where there is none) of what a variable may be."""

MARGIN: Final = 10.0**-9
"""By what share two numbers have to be apart: far more than some ten operations on floats can be wrong."""

_LESS: Final = 1 - MARGIN
_MORE: Final = 1 + MARGIN

_NOISE: Final = 10.0**-14
"""A change by no more than this share is the floats' own."""

_MOST_SWEEPS: Final = 4
"""Rounds of propagation, fewer than the exact solution may take."""

LOOSE: Final = Fraction(3, 100)
"""The most by which what a left-out number should be may differ for its own rounding: 3 %."""

_LOOSE_SHARE: Final = float(LOOSE)

_COARSE: Final = Fraction("1/20")
"""Where half of a last digit is more than this share of its number, it hides another dose: 1 mg may have been 1.4."""


class Conflict(NamedTuple):
    """Why a system cannot be true: two mentions of one ``variable``, or an equation that does not hold.

    ``cause`` is ``mentions``, ``equation``, ``above_cap``, ``cap_always_binds`` or ``unsettled``.
    """

    cause: str
    variable: str
    equation: Equation | None = None


class Certain(NamedTuple):
    """What is certain of a system read in one way: the ``ends`` of each variable, and the first conflict.

    Where there is one the ends are those that were known when it was met.
    """

    ends: dict[str, Ends]
    conflict: Conflict | None


class WayToRead(NamedTuple):
    """One way to read an order's numbers: which are ``exact``, which ``rough`` ones are read as prescribed doses.

    ``cap_of`` names the cap of each dose, and its dose per kg.
    """

    exact: frozenset[str]
    rough: frozenset[str]
    cap_of: Mapping[str, tuple[str, str]]


class _Written(NamedTuple):
    """What is written: the ``ends`` of each variable, and the numbers of the ``coarse`` ones."""

    ends: dict[str, Ends]
    coarse: dict[str, float]


def is_coarse(each: Mention) -> bool:
    """Whether a number has so few digits that what follows from it must be near it, or near the exact one."""
    return each.span is None and each.rounding > each.value * _COARSE


def one_direction_says_all(equation: Equation, written: Container[str], coarse: Container[str]) -> bool:
    """Whether all numbers of an equation are written, and neither factor is narrowed by the product."""
    is_whole = equation.target in written and equation.first in written and equation.second in written
    return is_whole and equation.first not in coarse and equation.second not in coarse


def is_source(equation: Equation, name: str) -> bool:
    """Whether what an equation says of a variable comes before it: a dose is not worked out of its volume.

    A volume follows from a pump rate and both from a dose, which were rounded before: they narrow none of these.
    """
    if name == equation.target:
        return equation.first not in {of.VOLUME, of.PUMP_RATE} or equation.target == of.VOLUME
    return not (equation.target == of.VOLUME and name == of.PUMP_RATE)


def certainly_near(value: float, other: float, most: float) -> bool:
    """Whether two numbers are for certain no further apart than ``most``."""
    return abs(value - other) <= most - (abs(value) + abs(other)) * MARGIN


def certainly_deviates_little(each: Mention, right: Ends, apart: float, share: float) -> bool:
    """Whether a number deviates by no more than ``share`` from every one that it may stand for, for certain.

    These have to be within a ratio of ``apart``: else nobody can say what it was rounded from.
    """
    if type(each.value) is not Fraction:
        return False  # a number that remembers what is asked of it is compared exactly
    low, high = right
    value, most = as_float(each.value), share - MARGIN
    return high <= low * apart * _LESS and high * (1 - most) <= value <= low * (1 + most)


def certain(system: System, way: WayToRead) -> Certain | None:
    """Return what is certain of a system, None where a comparison is too near its border."""
    written: dict[str, Ends] = {}
    coarse: dict[str, float] = {}
    first: dict[str, Mention] = {}
    for each in system.mentions:
        found = _read(each, way)
        before = written.get(each.variable)
        if found is None:
            return None
        if before is not None:
            meets = _is_same(first[each.variable], each) or _meet(before, found)
            if not meets:
                return None if meets is None else Certain(written, Conflict("mentions", each.variable))
            if each.variable in coarse and not _is_same(first[each.variable], each):
                return None
            found = max(before[0], found[0]), min(before[1], found[1])
        else:
            first[each.variable] = each
            if found[1] > found[0] and each.variable not in way.rough and is_coarse(each):
                coarse[each.variable] = as_float(each.value)
        written[each.variable] = found
    for fits, conflict in _asked_of_caps(system, written, way.cap_of):
        if not fits:
            return None if fits is None else Certain(written, conflict)
    known = {name: _ends(each) for name, each in system.seeds.items() if name not in written}
    # Around zero a share means nothing: 1e-9 of it is no margin.
    if any(low <= 0 for low, _ in known.values()):
        return None
    known.update(written)
    return _propagated(system, known, _Written(written, coarse))


def _is_same(first: Mention, each: Mention) -> bool:
    """Whether two mentions say one number: a concentration, and the label of its product."""
    return first.span is None and each.span is None and first.value == each.value


def _read(each: Mention, way: WayToRead) -> Ends | None:
    """Return what a mention may have been, None where its low end is too near zero to be told from it."""
    if each.span is not None:
        found = _ends(each.span)
    elif type(each.value) is not Fraction:
        return None
    else:
        value, half = as_float(each.value), 0.0
        if each.variable not in way.exact:
            half = as_float(each.digit if each.variable in way.rough else each.rounding)
        found = (value - half, value + half)
    return found if found[0] > found[1] * MARGIN else None


def _ends(of_bounds: Bounds) -> Ends:
    return as_float(of_bounds.low), inf if of_bounds.high is None else as_float(of_bounds.high)


def as_float(number: Fraction) -> float:
    """Return the float next to a Fraction, as `float` does in four times the time."""
    return number.numerator / number.denominator


def _meet(one: Ends, other: Ends) -> bool | None:
    """Whether two ranges of positive numbers overlap; None where that is not certain."""
    if one[0] <= other[1] * _LESS and other[0] <= one[1] * _LESS:
        return True
    return False if one[0] > other[1] * _MORE or other[0] > one[1] * _MORE else None


def _at_most(value: float, most: float) -> bool | None:
    return True if value <= most * _LESS else False if value > most * _MORE else None


def _asked_of_caps(
    system: System, written: Mapping[str, Ends], cap_of: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[bool | None, Conflict]]:
    """Yield whether each cap leaves room for its dose, and for the dose per kg, with the conflict that it else is."""
    for amount, (cap, per_kg) in cap_of.items():
        most = written.get(cap)
        if most is None:
            continue
        if amount in written:
            yield _at_most(written[amount][0], most[1]), Conflict("above_cap", amount)
        if per_kg in written and system.lightest is not None:
            least = written[per_kg][0] * float(system.lightest)
            yield _at_most(least, most[1]), Conflict("cap_always_binds", cap)


def _propagated(system: System, known: dict[str, Ends], written: _Written) -> Certain | None:
    """Narrow ``known`` until nothing moves.

    An equation is asked again only once one of its numbers has changed: of what follows from it alone it says nothing
    new.
    """
    seen: dict[Equation, tuple[Ends | None, ...]] = {}
    for _ in range(_MOST_SWEEPS):
        moved = False
        for equation in system.equations:
            now = tuple([known.get(name) if name is not None else None for name in equation])
            if seen.get(equation) == now:
                continue
            wrong = _asked(equation, now, known, written, system)
            if wrong is not None:
                return Certain(known, Conflict("equation", wrong, equation)) if wrong else None
            after = tuple([known.get(name) if name is not None else None for name in equation])
            moved = moved or after != now
            seen[equation] = now if written.coarse else after  # a cap narrows what is written and coarse after all
        if not moved:
            return Certain(known, None)
    return None


def _asked(
    equation: Equation,
    now: tuple[Ends | None, ...],
    known: dict[str, Ends],
    written: _Written,
    system: System,
) -> str | None:
    """Narrow what one equation bounds; the variable of which it does not hold, empty where that is not certain."""
    target, one, other, cap = now
    # Three answers, since "too near to tell" must never become a yes: the exact solver decides it then.
    agrees: bool | None = False
    if one is not None and other is not None:
        product = (one[0] * other[0], one[1] * other[1])
        if cap is not None:
            product = (min(product[0], cap[0]), min(product[1], cap[1]))
        agrees = None if target is None else _meet(target, product)
        holds = _taken(equation.target, product, agrees, known, written, system, equation)
        if not holds:
            return _UNSURE if holds is None else equation.target
        if one_direction_says_all(equation, written.ends, written.coarse):
            return None
    if target is None:
        return _UNSURE if cap is not None and (one is None or other is None) else None  # a cap alone begins at zero
    return _asked_backward(equation, now, agrees=agrees is True, known=known, written=written, system=system)


def _asked_backward(
    equation: Equation,
    now: tuple[Ends | None, ...],
    *,
    agrees: bool,
    known: dict[str, Ends],
    written: _Written,
    system: System,
) -> str | None:
    """Narrow the factors of an equation; where their product ``agrees`` with its target each of them goes with it."""
    target, one, other, cap = now
    binds = _binds(target, cap) if target is not None else None
    if target is None or binds is None:
        return _UNSURE
    for name, left in _shares(equation, target, (one, other), binds=binds):
        old = known.get(name)
        meets = True if old is None or agrees else _meet(old, left)
        holds = _taken(name, left, meets, known, written, system, equation) if left[0] > 0 else None
        if not holds:
            return _UNSURE if holds is None else name
    return None


_UNSURE: Final = ""


def _binds(target: Ends, cap: Ends | None) -> bool | None:
    if cap is None:
        return False
    is_below = _at_most(target[1], cap[0])
    return None if is_below is None else not is_below


def _shares(
    equation: Equation, target: Ends, factors: tuple[Ends | None, Ends | None], *, binds: bool
) -> Iterator[tuple[str, Ends]]:
    """Yield what the target leaves of each factor of which the other is known."""
    for name, beside in ((equation.first, factors[1]), (equation.second, factors[0])):
        if beside is not None:
            yield name, (target[0] / beside[1], inf if binds else target[1] / beside[0])


def _taken(
    name: str,
    found: Ends,
    meets: bool | None,
    known: dict[str, Ends],
    written: _Written,
    system: System,
    equation: Equation,
) -> bool | None:
    """Take what an equation says of a variable; whether it goes with what is known, None where that is not certain."""
    old = known.get(name)
    if old is None:
        known[name] = found
    elif meets and name not in written.ends:
        known[name] = _narrowed(old, found)
    elif meets and name in written.coarse and is_source(equation, name):
        number = written.coarse[name]
        known[name] = _narrowed(old, (min(found[0], number), max(found[1], number)))
    elif meets is False and name not in written.ends and name in system.loose:
        return _goes_loosely(old, found, float(system.loose[name]))
    return True if old is None else meets


def _goes_loosely(old: Ends, found: Ends, most: float) -> bool | None:
    """Whether what is left of a number and what it should be differ by its own rounding alone."""
    halves = {
        min(most, found[0] * _LOOSE_SHARE),
        min(most, found[1] * _LOOSE_SHARE),
    }  # of whatever number between both ends
    answers = {_meet((old[0] - half, old[1] + half), found) for half in halves}
    return answers.pop() if len(answers) == 1 else None


def _narrowed(old: Ends, found: Ends) -> Ends:
    """Return what two ranges leave that are known to meet; the old one where only the floats' noise is between."""
    low, high = max(old[0], min(found[0], old[1])), min(old[1], max(found[1], old[0]))
    if low - old[0] <= old[0] * _NOISE and (old[1] == high or old[1] - high <= old[1] * _NOISE):
        return old
    return low, high
