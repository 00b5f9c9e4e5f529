"""Whether a number is near whatever the others leave of it, however they are solved: one question in place of many.

The solution asks which of two ranges is the narrower, and each answer is a way of its own through the rules for orders
that are judged once for all that are like them. Nearly all are near by what holds of every way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.model.solution import chosen_of, directions
from rescuecalc.core.orders.model.system import KNOWN_EXACTLY, prescribed_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.system import System

_NONE: frozenset[str] = frozenset()


def surely_near(each: Mention, rest: System, share: Fraction) -> bool:
    """Whether no solution of ``rest`` leaves a number from which ``each`` is more than ``share``.

    Two things hold of each. The prescribed numbers read as exact, it leaves no more than the first equation says that
    tells anything, since others narrow it. The other way round it counts where all agree: then it leaves no more than
    an equation says between this number, one that is written, and one that is exact.
    """
    if each.span is not None:
        return False
    if rest.has(each.variable):  # what is written is not narrowed
        return _is_near(each, _read(rest, _NONE)[each.variable], share)
    prescribed = prescribed_of(rest)
    first = _first_said(each.variable, rest, prescribed)
    if first is None or not _is_near(each, first, share):
        return False
    if not prescribed or chosen_of(rest) <= prescribed:
        return True  # there is no other way round
    return any(_is_near(each, said, share) for said in _said_by_written(each.variable, rest))


def _is_near(each: Mention, said: Bounds, share: Fraction) -> bool:
    """Whether a number is within ``share`` of all that may be meant."""
    if said.high is None:
        return False
    return said.high * (1 - share) <= each.value <= said.low * (1 + share)


def _read(system: System, exact: frozenset[str]) -> dict[str, Bounds]:
    """Return what may be meant by each number that is written, at most: of two of one variable by the first."""
    found: dict[str, Bounds] = {}
    for each in system.mentions:
        if each.variable not in found:
            is_exact = each.variable in KNOWN_EXACTLY or each.variable in exact
            by_hand = point(each.value) if is_exact else point(each.value).widened(each.rounding)
            found[each.variable] = by_hand if each.span is None else each.span
    return found


def _first_said(name: str, system: System, exact: frozenset[str]) -> Bounds | None:
    """Return what the first equation that tells anything says of a variable; None where a cap may hide it."""
    written = _read(system, exact)
    known = {**system.seeds, **written}
    for _ in system.equations:
        for equation in system.equations:
            if equation.cap is not None and equation.cap in known:
                return None
            for variable, found in directions(equation, known, written):
                known.setdefault(variable, found)
            if name in known:
                return known[name]
    return None


def _said_by_written(name: str, system: System) -> Iterator[Bounds]:
    """Yield what each equation says of a factor whose product is written, and whose other factor is exact."""
    written = _read(system, _NONE)
    for target, first, second, cap in system.equations:
        if name in {first, second} and target in written and cap is None:
            other = system.first(second if name == first else first)
            if other is not None and other.span is None and other.variable in KNOWN_EXACTLY and other.value > 0:
                yield written[target].over(point(other.value))
