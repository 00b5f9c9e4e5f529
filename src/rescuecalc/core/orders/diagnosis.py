"""Diagnosis by repair: the smallest change that lets an order's numbers be true at once.

A suspect is a mention without which the rest holds together, or a mention with all that was worked out from it, all off
by one factor: people make one error and then calculate correctly from it. Costs choose between suspects; they never
decide whether there is an error. Each cost is a whole number of hundredths, and ties have a total order.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.repair import rewritten
from rescuecalc.core.orders.signature import fits
from rescuecalc.core.orders.system import CAP_OF, EXACT, PER_KG_OF, consistent_solution, is_consistent, solution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rescuecalc.core.limits import Limits
    from rescuecalc.core.orders.mention import Mention
    from rescuecalc.core.orders.signature import Fit, Setting, Signature
    from rescuecalc.core.orders.system import Solution, System

# Costs in hundredths; docs/decisions/0015 says how they were tuned.
_FIRST: Final = 100
_FOLLOWER: Final = 20
_NO_SIGNATURE: Final = 200
_RARE: Final = 30
_IDENTITY: Final = -30
_UNPUBLISHED: Final = 300
_BEYOND_PUMP: Final = 300
_STATED: Final = 150
_TO_NO_STRENGTH: Final = 100
_FROM_STRENGTH: Final = 70
_LEAVES_NO_STRENGTH: Final = 100
_UNUSUAL_WEIGHT: Final = 200
_VOTE_AGAINST: Final = 300
_VOTE_FOR: Final = -100
_WEAK_AGREES: Final = -50
_WEAK_DIFFERS: Final = 25
_TEXT: Final = -10
_ALTERNATIVE: Final = 15
"""Within so much of the cheapest, a repair is named as an alternative."""

_MOST_ALTERNATIVES: Final = 2
_MOST_REPAIRS: Final = 3

_DISTANCE: Final = {
    of.VOLUME: 0,
    of.PUMP_RATE: 2,
    of.DOSE: 4,
    of.DOSE_RATE: 4,
    of.MAX_DOSE: 6,
    of.MAX_DOSE_RATE: 6,
    of.CONCENTRATION: 8,
    of.TIME: 10,
    of.DOSE_PER_KG: 12,
    of.DOSE_RATE_PER_KG: 12,
    of.WEIGHT: 16,
}
"""How far a variable is from what reaches the patient: of two equal suspects the nearer one is blamed."""

FOLLOWERS: Final = {
    of.DOSE_PER_KG: (of.DOSE, of.VOLUME),
    of.DOSE: (of.VOLUME, of.DOSE_RATE, of.PUMP_RATE),
    of.DOSE_RATE_PER_KG: (of.DOSE_RATE, of.PUMP_RATE, of.VOLUME),
    of.DOSE_RATE: (of.PUMP_RATE, of.VOLUME),
    of.PUMP_RATE: (of.VOLUME,),
    of.TIME: (of.VOLUME,),
    of.CONCENTRATION: (),
    of.MAX_DOSE: (of.DOSE, of.VOLUME),
    of.MAX_DOSE_RATE: (of.DOSE_RATE, of.PUMP_RATE, of.VOLUME),
}
"""What is worked out from each variable, in the order in which it is."""

_WIDEST: Final = Fraction(3, 100)
"""The most by which what is expected is widened for the digits that it would have been written with: 3 %."""

_EXACT_TO: Final = Fraction(2, 100)
"""The most that a number which is taken as exact may have been rounded by where an error was made in it: 2 %."""

_ONE_SIDED: Final = Fraction(3, 2)
"""A bound that is known on one side only is taken for no further than 1.5-fold where an error is named."""


_TOLD: Final = Fraction(21, 20)
"""A right number that is known to 5 % is written as it follows from the others, not as the error would have it."""


CAPS: Final = {cap: amount for amount, cap in CAP_OF.items()}
"""The dose, or dose rate, that each cap bounds."""


class Context(NamedTuple):
    """What is known besides the numbers: of the drug, the pump and the set's other orders.

    ``is_published`` asks whether what a solution gives is a dose of the drug at all, ``is_stated`` whether a source
    states this dose, ``strengths`` are those of the drug's products (mcg/mL); ``votes`` counts the set's other orders
    for and against a weight.
    """

    signatures: tuple[Signature, ...]
    setting: Setting
    limits: Limits
    pump_rate: Fraction
    strengths: frozenset[Fraction] = frozenset()
    is_published: Callable[[Mapping[str, Bounds]], bool] | None = None
    is_stated: Callable[[Mention], bool] | None = None
    usual_weight: Bounds | None = None
    votes: Callable[[Bounds], tuple[int, int]] | None = None
    weak: tuple[Mention, ...] = ()
    fixed: tuple[Mention, ...] = ()
    accepts: Callable[[System], bool] = is_consistent


class Repair(NamedTuple):
    """One way to heal an order: ``blamed`` is wrong, and with it what ``followed`` from it.

    ``right`` is what the rest leaves of it (None: nothing can be told), ``fits`` are the errors that would explain it,
    ``expected`` is the value to write, None where no single one can be told.
    """

    blamed: Mention
    followed: tuple[Mention, ...]
    right: Bounds | None
    fits: tuple[Fit, ...]
    expected: Mention | None
    cost: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the errors that fit, the nearest first."""
        return tuple(dict.fromkeys(each.name for each in self.fits))

    @property
    def factor(self) -> Fraction | None:
        """Found ÷ expected; None where no single number is expected."""
        return self.blamed.value / self.expected.value if self.expected is not None and self.expected.value else None


class Diagnosis(NamedTuple):
    """The cheapest repair of a ``system`` and the others that are as likely.

    ``is_partial`` tells that more than one mention is wrong.
    """

    repair: Repair
    alternatives: tuple[Repair, ...]
    system: System
    is_partial: bool = False


def diagnoses(system: System, context: Context) -> tuple[Diagnosis, ...]:
    """Return what is wrong in an order whose numbers contradict each other; one diagnosis a mistake.

    Where no single suspect explains it, the mention of a minimal contradiction that is nearest to the patient is
    blamed and left out, and the rest is looked at again, three times at most.
    """
    found: list[Diagnosis] = []
    for _ in range(_MOST_REPAIRS):
        if context.accepts(system):
            break
        repairs = sorted(_repairs(system, context), key=_order)
        if repairs:
            found.append(_best(repairs, system))
            break
        nearest = min(_contradiction(system, context), key=lambda each: (_distance(each), each.pointer))
        rest = system.without((nearest,))
        found.append(Diagnosis(_repair((nearest,), rest, solution(rest), system, context), (), system, is_partial=True))
        system = rest
    return tuple(found)


def best_repairs(system: System, context: Context) -> tuple[Repair, ...]:
    """Return every repair of a system, the cheapest first."""
    return tuple(sorted(_repairs(system, context), key=_order))


def _best(repairs: list[Repair], system: System) -> Diagnosis:
    repairs = _dose_before_cap(repairs, system)
    first, *others = repairs
    seen, near = {first.blamed.pointer}, []
    for each in others:
        if each.cost - first.cost <= _ALTERNATIVE and each.blamed.pointer not in seen:
            seen.add(each.blamed.pointer)
            near.append(each)
    return Diagnosis(first, tuple(near[:_MOST_ALTERNATIVES]), system)


def _dose_before_cap(repairs: list[Repair], system: System) -> list[Repair]:
    """Return the repairs with the dose first where it is above its own cap and no known error tells which is wrong.

    It is what reaches the patient; the cap stays the alternative.
    """
    conflict, first = solution(system).conflict, repairs[0]
    if conflict is None or conflict.cause != "above_cap" or first.fits or first.blamed.variable not in CAPS:
        return repairs
    dose = next((each for each in repairs if each.blamed.variable == conflict.variable and not each.fits), None)
    return [dose._replace(cost=first.cost), *repairs] if dose is not None else repairs


def _order(each: Repair) -> tuple[int, int, str]:
    return each.cost, _distance(each.blamed), each.blamed.pointer


def _distance(each: Mention) -> int:
    return _DISTANCE[each.variable] + (_TEXT if each.place == "text" else 0)


def _repairs(system: System, context: Context) -> Iterator[Repair]:
    for suspects in _suspects(system, context):
        rest = system.without(suspects)
        solved = consistent_solution(rest)
        if solved is not None and (context.accepts is is_consistent or context.accepts(rest)):
            repair = _repair(suspects, rest, solved, system, context)
            if len(suspects) == 1 or repair.right is not None:
                yield repair


def _suspects(system: System, context: Context) -> Iterator[tuple[Mention, ...]]:
    """Yield each mention alone, then each with all that is written of what follows from it."""
    fixed = {id(each) for each in context.fixed}
    for each in system.mentions:
        if id(each) not in fixed:
            yield (each,)
    for each in system.mentions:
        if id(each) in fixed:
            continue
        names = FOLLOWERS.get(each.variable, ())
        if not system.is_infusion:
            names = tuple(name for name in names if name != of.DOSE_RATE or system.has(of.DOSE_RATE))
        followed = tuple(
            other for name in names for other in system.mentions if other.variable == name and id(other) not in fixed
        )
        for length in range(1, len(followed) + 1):
            yield (each, *followed[:length])


def _repair(
    suspects: tuple[Mention, ...], rest: System, solved: Solution, system: System, context: Context
) -> Repair:
    blamed, *followed = suspects
    right = solved.bounds.get(blamed.variable) or least_cap(blamed.variable, rest, solved.bounds)
    ratio = ratio_of(blamed, right) if right is not None else None
    for each in followed if blamed.variable not in CAPS else ():
        other = solved.bounds.get(each.variable)
        one = ratio_of(each, other) if other is not None else None
        ratio = ratio.meet(one) if ratio is not None and one is not None else ratio if other is None else None
        if ratio is None:
            right = None
    found = (
        fits(context.signatures, blamed, ratio, system, context.setting, solved.bounds, is_wide=is_wide(right))
        if ratio is not None and right is not None
        else ()
    ) 
    expected = _expected(blamed, right, found, rest, context) if right is not None else None
    made = Repair(blamed, tuple(followed), right, found, expected, 0)
    return made._replace(cost=_cost(made, rest, solved.bounds, system, context))


def least_cap(variable: str, rest: System, known: Mapping[str, Bounds]) -> Bounds | None:
    """Return what a cap must be at least: no less than the dose that is written, nor than any usual patient's dose."""
    amount = CAPS.get(variable)
    if amount is None:
        return None
    dose = known[amount].low if rest.has(amount) and amount in known else None
    per_kg = known[PER_KG_OF[amount]].low if rest.has(PER_KG_OF[amount]) else None
    hidden = per_kg * rest.lightest if per_kg is not None and rest.lightest is not None else None
    ends = [each for each in (dose, hidden) if each is not None]
    return Bounds(max(ends), None, max(ends)) if ends else None


def ratio_of(each: Mention, right: Bounds) -> Bounds | None:
    """Return found ÷ right: the right number would have been written as finely as the wrong one is."""
    half = min(each.rounding, right.middle * _WIDEST)
    low, high = right.low, right.high
    if high is None:
        high = low * _ONE_SIDED
    elif low <= 0:
        low = high / _ONE_SIDED
    if high is None or high <= 0:
        return None
    wide = Bounds(low, high, min(max(low, right.middle), high)).widened(half)
    read_as = min(each.digit, each.value * _EXACT_TO) if each.variable in EXACT else each.rounding
    return point(each.value).widened(read_as).over(wide) if wide.middle > 0 else None


def _expected(
    blamed: Mention, right: Bounds, found: tuple[Fit, ...], rest: System, context: Context
) -> Mention | None:
    """Return the mention to write in place of the blamed one; None where no single number can be told."""
    values = [blamed.value / each.factor for each in found]
    if is_wide(right) and len({_nearly(value) for value in values}) != 1:
        return None  # nothing fits a wide range, or two errors do: the range is what can be said
    is_told = right.high is not None and right.high <= right.low * _TOLD
    fitting = [value for value in values if right.holds(value)]
    for value in (right.middle, *values) if is_told else (*fitting, right.middle):
        made = rewritten(blamed, value, context.limits, lambda each: context.accepts(rest.with_mention(each)))
        if made is not None:
            return made
    return None


def is_wide(right: Bounds) -> bool:
    """Whether what is right is not known to 1.5-fold, since no weight is known, or on one side only."""
    return right.high is None or right.low <= 0 or right.high > right.low * _ONE_SIDED


def _nearly(value: Fraction) -> Fraction:
    return Fraction(f"{float(value):.3g}")


def _cost(made: Repair, rest: System, known: Mapping[str, Bounds], system: System, context: Context) -> int:
    cost = _FIRST + _FOLLOWER * len(made.followed) + _distance(made.blamed)
    if not made.fits:
        cost += _NO_SIGNATURE
    elif made.fits[0].identity:
        cost += _IDENTITY
    elif made.fits[0].rare:
        cost += _RARE
    healed = dict(known)
    if made.expected is not None and made.right is not None and is_wide(made.right):
        healed = dict(solution(rest.with_mention(made.expected)).bounds)
    if context.is_published is not None and not context.is_published(healed):
        cost += _UNPUBLISHED
    flow = healed.get(of.PUMP_RATE)
    if flow is not None and flow.low > context.pump_rate:
        cost += _BEYOND_PUMP
    if made.blamed.variable in {of.DOSE_PER_KG, of.DOSE_RATE_PER_KG} and context.is_stated is not None:
        cost += _STATED if context.is_stated(made.blamed) else 0
    return cost + _of_strength(made, system, context) + _of_weight(made, context) + _of_weak(healed, context)


def _of_strength(made: Repair, system: System, context: Context) -> int:
    if not context.strengths:
        return 0
    if made.blamed.variable == of.CONCENTRATION:
        is_one = made.expected is not None and made.expected.value in context.strengths
        return (0 if is_one else _TO_NO_STRENGTH) + (_FROM_STRENGTH if made.blamed.value in context.strengths else 0)
    left = system.of(of.CONCENTRATION)
    return _LEAVES_NO_STRENGTH if any(each.value not in context.strengths for each in left) else 0


def _of_weight(made: Repair, context: Context) -> int:
    if made.blamed.variable != of.WEIGHT or made.right is None:
        return 0
    usual = context.usual_weight
    weight = point(made.expected.value) if made.expected is not None else made.right
    cost = _UNUSUAL_WEIGHT if usual is not None and not weight.overlaps(usual) else 0
    if context.votes is not None:
        agree, against = context.votes(made.right)
        cost += agree * _VOTE_FOR + against * _VOTE_AGAINST
    return cost


def _of_weak(known: Mapping[str, Bounds], context: Context) -> int:
    cost = 0
    for each in context.weak:
        right = known.get(each.variable)
        if right is not None:
            cost += _WEAK_AGREES if point(each.value).widened(each.rounding).overlaps(right) else _WEAK_DIFFERS
    return cost


def _contradiction(system: System, context: Context) -> tuple[Mention, ...]:
    """Return mentions that contradict each other, none of which can be left out."""
    fixed = {id(each) for each in context.fixed}
    kept = system
    for each in system.mentions:
        rest = kept.without((each,))
        if not context.accepts(rest):
            kept = rest
    return tuple(each for each in kept.mentions if id(each) not in fixed) or system.mentions
