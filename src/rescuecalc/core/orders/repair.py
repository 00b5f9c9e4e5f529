"""A repair: one way to heal an order, by a number that is wrong and all that was worked out from it."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.bounds import Bounds
from rescuecalc.core.orders.costs import cost_of
from rescuecalc.core.orders.ratio import is_wide, ratio_of
from rescuecalc.core.orders.rewriting import rewritten
from rescuecalc.core.orders.signature import fits
from rescuecalc.core.orders.system import CAP_OF, EXACT, PER_KG_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rescuecalc.core.orders.context import Context
    from rescuecalc.core.orders.mention import Mention
    from rescuecalc.core.orders.signature import Fit
    from rescuecalc.core.orders.system import Solution, System

CAPS: Final = {cap: amount for amount, cap in CAP_OF.items()}
"""The dose, or dose rate, that each cap bounds."""


class Repair(NamedTuple):
    """One way to heal an order: ``blamed`` is wrong, and with it what ``followed`` from it.

    ``right`` is what the rest leaves of it (None: nothing can be told), ``fits`` are the errors that would explain it,
    ``expected`` is the value to write, None where no single one can be told. ``hint`` is the least error that would
    bring it to where ``right`` begins, of which only one side is known: it is named, and is no evidence.
    """

    blamed: Mention
    followed: tuple[Mention, ...]
    right: Bounds | None
    fits: tuple[Fit, ...]
    expected: Mention | None
    cost: int
    hint: tuple[Fit, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the errors that fit, the nearest first."""
        return tuple(dict.fromkeys(each.name for each in self.fits or self.hint))

    @property
    def factor(self) -> Fraction | None:
        """Found ÷ expected; None where no single number is expected."""
        return self.blamed.value / self.expected.value if self.expected is not None and self.expected.value else None


def repair_of(
    suspects: tuple[Mention, ...], rest: System, solved: Solution, system: System, context: Context
) -> Repair:
    """Return the repair of an order by its suspects: the first of them is blamed, the others followed from it.

    ``rest`` is the system without them, and ``solved`` what that leaves.
    """
    blamed, *followed = suspects
    right, ratio = _off(blamed, followed, rest, solved.bounds, context)
    found, hint = _names(blamed, right, ratio, system, solved.bounds, context)
    expected = _expected(blamed, right, found, rest, context) if right is not None else None
    made = Repair(blamed, tuple(followed), right, found, expected, 0, hint)
    return made._replace(cost=cost_of(made, rest, solved.bounds, system, context))


def _off(
    blamed: Mention, followed: Iterable[Mention], rest: System, known: Mapping[str, Bounds], context: Context
) -> tuple[Bounds | None, Bounds | None]:
    """Return what is right for the blamed number, and found ÷ right; None where what followed is off otherwise."""
    right = known.get(blamed.variable) or least_cap(blamed.variable, rest, known)
    tolerances = context.tuning.tolerances
    ratio = ratio_of(blamed, right, tolerances) if right is not None else None
    for each in followed if blamed.variable not in CAPS else ():
        other = known.get(each.variable)
        one = ratio_of(each, other, tolerances) if other is not None else None
        if one is not None and blamed.variable == of.CONCENTRATION:
            one = one.inverse()  # twice the strength asks for half the volume
        ratio = ratio.meet(one) if ratio is not None and one is not None else ratio if other is None else None
        if ratio is None:
            right = None
    return right, ratio


def _names(
    blamed: Mention,
    right: Bounds | None,
    ratio: Bounds | None,
    system: System,
    known: Mapping[str, Bounds],
    context: Context,
) -> tuple[tuple[Fit, ...], tuple[Fit, ...]]:
    """Return the errors that fit; where none does and one side alone is known, the least that would bring it there."""
    if right is None:
        return (), ()
    asked = partial(fits, context.signatures, blamed, system=system, setting=context.setting, known=known)
    found = asked(ratio, is_wide=is_wide(right, context.tuning.tolerances)) if ratio is not None else ()
    beyond = _beyond(blamed, right) if not found else None
    return found, asked(beyond, is_wide=True)[:1] if beyond is not None else ()


def _beyond(blamed: Mention, right: Bounds) -> Bounds | None:
    """Return found ÷ right where only one end of what is right is known; None where both are, or it is not passed."""
    if right.high is None and right.low > blamed.value:
        return Bounds(right.low * 0, blamed.value / right.low, blamed.value / right.low)
    if right.high is not None and right.low <= 0 < right.high < blamed.value:
        return Bounds(blamed.value / right.high, None, blamed.value / right.high)
    return None


def least_cap(variable: str, rest: System, known: Mapping[str, Bounds]) -> Bounds | None:
    """Return what a cap must be at least: no less than the dose that is written, nor than any usual patient's dose."""
    amount = CAPS.get(variable)
    if amount is None:
        return None
    dose = known[amount].middle if rest.has(amount) and amount in known else None
    per_kg = known[PER_KG_OF[amount]].low if rest.has(PER_KG_OF[amount]) else None
    hidden = per_kg * rest.lightest if per_kg is not None and rest.lightest is not None else None
    ends = [each for each in (dose, hidden) if each is not None]
    return Bounds(max(ends), None, max(ends)) if ends else None


def _expected(blamed: Mention, right: Bounds, found: tuple[Fit, ...], rest: System, context: Context) -> Mention | None:
    """Return the mention to write in place of the blamed one; None where no single number can be told."""
    values = [blamed.value / each.factor for each in found]
    tolerances = context.tuning.tolerances
    if is_wide(right, tolerances) and len({_nearly(value) for value in values}) != 1:
        return None  # nothing fits a wide range, or two errors do: the range is what can be said
    is_told = right.high is not None and right.high <= right.low * tolerances.known
    fitting = [value for value in values if right.holds(value)]
    is_worked_out = is_told and blamed.variable not in EXACT
    for value in (right.middle, *values) if is_worked_out else (*fitting, right.middle):
        made = rewritten(blamed, value, context.limits, lambda each: context.accepts(rest.with_mention(each)))
        if made is not None:
            return made
    return None


def _nearly(value: Fraction) -> Fraction:
    return Fraction(f"{float(value):.3g}")
