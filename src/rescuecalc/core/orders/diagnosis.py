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
from rescuecalc.core.quantities.units import how_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.orders.mention import Mention
    from rescuecalc.core.orders.signature import Fit, Setting, Signature
    from rescuecalc.core.orders.system import Solution, System
    from rescuecalc.core.orders.tuning import Tolerances, Tuning

_MOST_ALTERNATIVES: Final = 2
_MOST_REPAIRS: Final = 3

FOLLOWERS: Final = {
    of.DOSE_PER_KG: (of.DOSE, of.VOLUME, of.PUMP_RATE),
    of.DOSE: (of.VOLUME, of.DOSE_RATE, of.PUMP_RATE),
    of.DOSE_RATE_PER_KG: (of.DOSE_RATE, of.PUMP_RATE, of.VOLUME),
    of.DOSE_RATE: (of.PUMP_RATE, of.VOLUME),
    of.PUMP_RATE: (of.VOLUME,),
    of.VOLUME: (of.PUMP_RATE,),
    of.TIME: (of.VOLUME,),
    of.CONCENTRATION: (of.PUMP_RATE, of.VOLUME),
    of.MAX_DOSE: (of.DOSE, of.VOLUME),
    of.MAX_DOSE_RATE: (of.DOSE_RATE, of.PUMP_RATE, of.VOLUME),
}
"""What is worked out from each variable, in the order in which it is."""

_RATES: Final = frozenset({of.DOSE_RATE_PER_KG, of.DOSE_RATE})

CAPS: Final = {cap: amount for amount, cap in CAP_OF.items()}
"""The dose, or dose rate, that each cap bounds."""


class Context(NamedTuple):
    """What is known besides the numbers: of the drug, the pump and the set's other orders.

    ``is_published`` asks whether what a solution gives is a dose of the drug at all, ``is_stated`` whether a source
    states this dose, ``strengths`` are those of the drug's products (mcg/mL); ``votes`` counts the set's other orders
    for and against a weight.
    """

    tuning: Tuning
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

    def distance(self, each: Mention) -> int:
        """Return how far a mention is from what reaches the patient."""
        costs = self.tuning.costs
        return self.tuning.distance[each.variable] + {"text": costs.text, "product": costs.label}.get(each.place, 0)

    def rank(self, each: Repair) -> tuple[int, int, str]:
        """Return what repairs are ordered by: a total order, so that the same input gives the same output."""
        return each.cost, self.distance(each.blamed), each.blamed.pointer


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
        repairs = sorted(_repairs(system, context), key=context.rank)
        if repairs:
            found.append(_best(repairs, system, context.tuning.costs.alternative))
            break
        nearest = min(_contradiction(system, context), key=lambda each: (context.distance(each), each.pointer))
        rest = system.without((nearest,))
        found.append(Diagnosis(_repair((nearest,), rest, solution(rest), system, context), (), system, is_partial=True))
        system = rest
    return tuple(found)


def best_repairs(system: System, context: Context) -> tuple[Repair, ...]:
    """Return every repair of a system, the cheapest first."""
    return tuple(sorted(_repairs(system, context), key=context.rank))


def _best(repairs: list[Repair], system: System, near_to: int) -> Diagnosis:
    repairs = _dose_before_cap(repairs, system)
    first, *others = repairs
    seen, near = {first.blamed.pointer}, []
    for each in others:
        if each.cost - first.cost <= near_to and each.blamed.pointer not in seen:
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


def _repairs(system: System, context: Context) -> Iterator[Repair]:
    conflict = solution(system).conflict
    for suspects in _suspects(system, context):
        rest = system.without(suspects)
        solved = consistent_solution(rest)
        if solved is not None and (context.accepts is is_consistent or context.accepts(rest)):
            repair = _repair(suspects, rest, solved, system, context)
            is_above = (
                conflict is not None and conflict.cause == "above_cap" and repair.blamed.variable == conflict.variable
            )
            if len(suspects) == 1 or is_above or (_is_wrong(repair) and _is_off_by_one_factor(repair, context)):
                yield repair


def _is_wrong(repair: Repair) -> bool:
    """Whether the rest contradicts the blamed mention itself, and not only what would have followed from it."""
    blamed, right = repair.blamed, repair.right
    return right is None or not point(blamed.value).widened(blamed.rounding).overlaps(right)


def _is_off_by_one_factor(repair: Repair, context: Context) -> bool:
    """Whether mentions that follow from each other are off together: in a wide range everything is, unless named."""
    right = repair.right
    if repair.blamed.variable in CAPS:
        return True  # a cap is bounded on one side only, and what follows it is at the cap
    if right is not None and (right.high is None or right.low <= 0):
        return bool(context.fixed)  # what a reference bounds on one side only
    return right is not None and (bool(repair.fits) or not is_wide(right, context.tuning.tolerances))


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
        if each.variable == of.VOLUME and system.is_infusion and not _RATES.isdisjoint(system.variables):
            names = ()  # of what is ordered as a rate the volume follows from the pump's
        followed = tuple(
            other for name in names for other in system.mentions if other.variable == name and id(other) not in fixed
        )
        for length in range(1, len(followed) + 1):
            suspects = (each, *followed[:length])
            if is_consistent(system.only(suspects)):  # what was worked out from one number agrees with itself
                yield suspects


def _repair(suspects: tuple[Mention, ...], rest: System, solved: Solution, system: System, context: Context) -> Repair:
    blamed, *followed = suspects
    right = solved.bounds.get(blamed.variable) or least_cap(blamed.variable, rest, solved.bounds)
    tolerances = context.tuning.tolerances
    ratio = ratio_of(blamed, right, tolerances) if right is not None else None
    for each in followed if blamed.variable not in CAPS else ():
        other = solved.bounds.get(each.variable)
        one = ratio_of(each, other, tolerances) if other is not None else None
        if one is not None and blamed.variable == of.CONCENTRATION:
            one = one.inverse()  # twice the strength asks for half the volume
        ratio = ratio.meet(one) if ratio is not None and one is not None else ratio if other is None else None
        if ratio is None:
            right = None
    found = (
        fits(
            context.signatures,
            blamed,
            ratio,
            system,
            context.setting,
            solved.bounds,
            is_wide=is_wide(right, tolerances),
        )
        if ratio is not None and right is not None
        else ()
    )
    expected = _expected(blamed, right, found, rest, context) if right is not None else None
    beyond = _beyond(blamed, right) if right is not None and not found else None
    hint = (
        fits(context.signatures, blamed, beyond, system, context.setting, solved.bounds, is_wide=True)[:1]
        if beyond is not None
        else ()
    )
    made = Repair(blamed, tuple(followed), right, found, expected, 0, hint)
    return made._replace(cost=_cost(made, rest, solved.bounds, system, context))


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


def ratio_of(each: Mention, right: Bounds, tolerances: Tolerances) -> Bounds | None:
    """Return found ÷ right: the right number would have been written in the digits, or as finely, as the wrong one."""
    in_its_digits = each.rounding * right.middle / each.value
    half = min(max(each.rounding, in_its_digits), right.middle * tolerances.widest)
    low, high = right.low, right.low * tolerances.wide if right.high is None else right.high
    if low <= 0:
        low = high / tolerances.wide
    if high <= 0:
        return None
    wide = Bounds(low, high, min(max(low, right.middle), high)).widened(half)
    read_as = min(each.digit, each.value * tolerances.exact) if each.variable in EXACT else each.rounding
    return point(each.value).widened(read_as).over(wide) if wide.middle > 0 else None


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


def is_wide(right: Bounds, tolerances: Tolerances) -> bool:
    """Whether what is right is not known to 1.5-fold, since no weight is known, or on one side only."""
    return right.high is None or right.low <= 0 or right.high > right.low * tolerances.wide


def _nearly(value: Fraction) -> Fraction:
    return Fraction(f"{float(value):.3g}")


def _cost(made: Repair, rest: System, known: Mapping[str, Bounds], system: System, context: Context) -> int:
    costs = context.tuning.costs
    cost = costs.first + costs.follower * len(made.followed) + context.distance(made.blamed)
    if not made.fits:
        cost += costs.no_signature
    elif made.fits[0].identity:
        cost += costs.identity
    elif made.fits[0].rare:
        cost += costs.rare
    elif made.fits[0].indirect:
        cost += costs.indirect
    healed = dict(known)
    if made.expected is not None and made.right is not None and is_wide(made.right, context.tuning.tolerances):
        healed = dict(solution(rest.with_mention(made.expected)).bounds)
    if context.is_published is not None and not context.is_published(healed):
        cost += costs.unpublished
    flow = flow_of(healed)
    if flow is not None and flow.low > context.pump_rate:
        cost += costs.beyond_pump
    if made.blamed.variable in {of.DOSE_PER_KG, of.DOSE_RATE_PER_KG} and context.is_stated is not None:
        becomes_stated = made.expected is not None and context.is_stated(made.expected)
        cost += costs.stated if context.is_stated(made.blamed) and not becomes_stated else 0
    return cost + _of_strength(made, system, context) + _of_weight(made, context) + _of_weak(healed, context)


def flow_of(known: Mapping[str, Bounds]) -> Bounds | None:
    """Return how fast an order runs, also where only its volume and time say it."""
    volume, time = known.get(of.VOLUME), known.get(of.TIME)
    over_time = volume.over(time) if volume is not None and time is not None and time.middle else None
    return known.get(of.PUMP_RATE) or over_time


def _of_strength(made: Repair, system: System, context: Context) -> int:
    if not context.strengths:
        return 0
    costs = context.tuning.costs
    if made.blamed.variable == of.CONCENTRATION:
        is_one = made.expected is not None and made.expected.value in context.strengths
        return (0 if is_one else costs.to_no_strength) + (
            costs.from_strength if made.blamed.value in context.strengths else 0
        )
    left = system.of(of.CONCENTRATION)
    return costs.leaves_no_strength if any(each.value not in context.strengths for each in left) else 0


def _of_weight(made: Repair, context: Context) -> int:
    if made.blamed.variable != of.WEIGHT or made.right is None:
        return 0
    usual, costs = context.usual_weight, context.tuning.costs
    weight = point(made.expected.value) if made.expected is not None else made.right
    cost = costs.unusual_weight if usual is not None and not weight.overlaps(usual) else 0
    if context.votes is not None:
        agree, against = context.votes(made.right)
        cost += agree * costs.vote_for + against * costs.vote_against
    return cost


def _of_weak(known: Mapping[str, Bounds], context: Context) -> int:
    cost, costs = 0, context.tuning.costs
    for each in context.weak:
        right = total_dose(known) if each.variable == of.DOSE else known.get(each.variable)
        if right is None:
            continue
        if agrees_with(each, right):
            cost += costs.weak_agrees
        else:
            # What still contradicts once this is repaired is the next finding.
            is_next = each.place == "text" or stands_out(each, right, context.tuning.tolerances)
            cost += costs.weak_contradicts if is_next else costs.weak_differs
    return cost


def agrees_with(each: Mention, right: Bounds) -> bool:
    """Whether a mention that was worked out may be of a number within ``right``."""
    return point(each.value).widened(each.rounding).overlaps(right)


def total_dose(known: Mapping[str, Bounds]) -> Bounds | None:
    """Return the dose that an order gives in its time, None where nothing says it."""
    rate, time = known.get(of.DOSE_RATE), known.get(of.TIME)
    return known.get(of.DOSE) or (rate.times(time) if rate is not None and time is not None else None)


_STANDS_OUT: Final = (Fraction(10), Fraction(10**2), Fraction(10**3), how_many("min", "h"), how_many("h", "day"))
"""By what a whole dose is out of line where it is certainly no bag's: a decimal point, a unit of mass or of time."""


def stands_out(each: Mention, right: Bounds, tolerances: Tolerances) -> bool:
    """Whether a number is 10, 100, 1,000, 60 or 24 times what is right, or that part of it."""
    ratio = ratio_of(each, right, tolerances)
    return ratio is not None and any(ratio.holds(one) for factor in _STANDS_OUT for one in (factor, 1 / factor))


def _contradiction(system: System, context: Context) -> tuple[Mention, ...]:
    """Return mentions that contradict each other, none of which can be left out."""
    fixed = {id(each) for each in context.fixed}
    kept = system
    for each in system.mentions:
        rest = kept.without((each,))
        if not context.accepts(rest):
            kept = rest
    return tuple(each for each in kept.mentions if id(each) not in fixed) or system.mentions
