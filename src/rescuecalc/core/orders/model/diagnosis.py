"""Diagnosis by repair: the smallest change that lets an order's numbers be true at once.

A suspect is a mention without which the rest holds together, or a mention with all that was worked out from it, all off
by one factor: people make one error and then calculate correctly from it. Costs choose between suspects; they never
decide whether there is an error. Each cost is a whole number of hundredths, and ties have a total order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.costs import cost_of
from rescuecalc.core.orders.model.ratio import is_wide
from rescuecalc.core.orders.model.repair import CAPS
from rescuecalc.core.orders.model.solution import consistent_solution, is_consistent, solution
from rescuecalc.core.orders.model.suspect_repair import repair_of, uncosted
from rescuecalc.core.orders.model.system import EXACT, PER_KG_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.model.context import Context
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.repair import Repair
    from rescuecalc.core.orders.model.system import System

_MOST_ALTERNATIVES: Final = 2
_MOST_REPAIRS: Final = 3

FOLLOWERS: Final = {
    of.DOSE_PER_KG: (of.DOSE, of.VOLUME, of.PUMP_RATE),
    of.VOLUME_PER_KG: (of.VOLUME, of.PUMP_RATE),
    of.PUMP_RATE_PER_KG: (of.PUMP_RATE, of.VOLUME),
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
    system = _in_order(system, context)
    for _ in range(_MOST_REPAIRS):
        # Checked anew in each round: the repair before may have healed all there was.
        if context.accepts(system):
            break
        repairs = sorted(_repairs(system, context), key=context.rank)
        if repairs:
            found.append(_best(repairs, system, context))
            break
        # Nearest to the patient: of numbers that cannot all be right this one is set on the pump or drawn up.
        nearest = min(_contradiction(system, context), key=lambda each: (context.distance(each), each.pointer))
        rest = system.without((nearest,))
        found.append(
            Diagnosis(repair_of((nearest,), rest, solution(rest), system, context), (), system, is_partial=True)
        )
        system = rest
    return tuple(found)


def best_repairs(system: System, context: Context) -> tuple[Repair, ...]:
    """Return every repair of a system, the cheapest first."""
    return tuple(sorted(_repairs(system, context), key=context.rank))


def _in_order(system: System, context: Context) -> System:
    """Return a system whose mentions are in an order of their own: that of the fields in a file says nothing."""
    mentions = sorted(system.mentions, key=lambda each: (context.distance(each), each.pointer, each.value))
    return system._replace(mentions=tuple(mentions))


def _best(repairs: list[Repair], system: System, context: Context) -> Diagnosis:
    near_to = context.tuning.costs.alternative
    repairs = _rounded_first(_dose_before_cap(repairs, system), context)
    first, *others = repairs
    seen, near = {first.blamed.pointer}, []
    for each in others:
        # Two places that are nearly as likely are both named: in one error of eight the numbers do not tell which is
        # wrong, and a confident wrong place sends the reader to a number that is right.
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


def _rounded_first(repairs: list[Repair], context: Context) -> list[Repair]:
    """Return the repairs with a number that was worked out first where rounding alone may be what is wrong.

    A dose is rounded to whole vials, and all that follows from it; nobody rounds the dose per kg that is prescribed.
    """
    first = repairs[0]
    if first.blamed.variable not in {of.DOSE_PER_KG, of.DOSE_RATE_PER_KG} or not _may_be_rounded(first, context):
        return repairs
    worked_out = (each for each in repairs if each.blamed.variable not in EXACT and _may_be_rounded(each, context))
    rounded = next(worked_out, None)
    return repairs if rounded is None else [rounded._replace(cost=first.cost), *repairs]


def _may_be_rounded(each: Repair, context: Context) -> bool:
    """Whether a number is off by no more than rounding may cause, and no known error fits."""
    blamed = point(each.blamed.value).shared(context.limits.deviation_factor)
    return not each.fits and each.right is not None and blamed.overlaps(each.right)


def _repairs(system: System, context: Context) -> Iterator[Repair]:
    conflict = solution(system).conflict
    for suspects in _suspects(system, context):
        rest = system.without(suspects)
        solved, eased = consistent_solution(rest), False
        if solved is None and len(suspects) == 1 and not context.fixed:
            capped = _capped(suspects[0], rest)
            eased = capped is None
            rest = capped or _eased(rest, context) or rest
            solved = consistent_solution(rest)
        if solved is None or not (context.accepts is is_consistent or context.accepts(rest)):
            continue
        repair = uncosted(suspects, rest, solved, system, context)
        if eased and (repair.expected is None or _is_near(repair, context)):
            continue
        is_above = (
            conflict is not None and conflict.cause == "above_cap" and repair.blamed.variable == conflict.variable
        )
        if len(suspects) == 1 or is_above or (_is_wrong(repair) and _is_off_by_one_factor(repair, system, context)):
            cost = cost_of(repair, rest, solved.bounds, system, context)
            yield repair._replace(cost=cost + context.tuning.costs.unexplained * eased)


def _capped(blamed: Mention, rest: System) -> System | None:
    """Return the rest with a cap at the dose that it gives, where its formula would give more; None where it does not.

    Of 12 units/kg/h at 103 kg a cap of 1,000 units/h leaves 1,000, and a mistyped 100 explains neither.
    """
    amount = CAPS.get(blamed.variable)
    if amount is None:
        return None
    given = solution(rest.without(rest.of(PER_KG_OF[amount]))).bounds.get(amount)
    if given is None or not given.middle:
        return None
    made = rest.with_mention(blamed._replace(value=given.middle))
    return made if is_consistent(made) else None


def _eased(rest: System, context: Context) -> System | None:
    """Return what a suspect leaves with one number read as roughly as what nobody has to explain; None without one.

    A number that is off by at most 5 % is no error (RC314), and may stand beside one.
    """
    share = context.limits.deviation_percent / 100

    def read_roughly(each: Mention) -> Mention:
        return each._replace(rounding=max(each.rounding, each.value * share), digit=max(each.digit, each.value * share))

    worked_out = [each for each in rest.mentions if each.variable not in EXACT and each.span is None]
    all_of_them = rest
    for each in worked_out:
        all_of_them = all_of_them.replaced(each, read_roughly(each))
    if not worked_out or not is_consistent(all_of_them):
        return None  # most are not even then
    ways = (rest.replaced(each, read_roughly(each)) for each in sorted(worked_out, key=context.distance))
    return next((each for each in ways if is_consistent(each)), None)


def _is_near(repair: Repair, context: Context) -> bool:
    """Whether a number is off by no more than what nobody has to explain: two of these would hide what is not so."""
    deviation = context.limits.deviation_factor
    return repair.right is None or point(repair.blamed.value).shared(deviation).overlaps(repair.right)


def _is_wrong(repair: Repair) -> bool:
    """Whether the rest contradicts the blamed mention itself, and not only what would have followed from it."""
    blamed, right = repair.blamed, repair.right
    return right is None or not point(blamed.value).widened(blamed.rounding).overlaps(right)


def _is_off_by_one_factor(repair: Repair, system: System, context: Context) -> bool:
    """Whether mentions that follow from each other are off together: in a wide range everything is, unless named."""
    right = repair.right
    if repair.blamed.variable in CAPS:
        return _are_at_cap(repair, system)
    if right is not None and (right.high is None or right.low <= 0):
        return bool(context.fixed)  # what a reference bounds on one side only
    return right is not None and (bool(repair.fits) or not is_wide(right, context.tuning.tolerances))


def _are_at_cap(repair: Repair, system: System) -> bool:
    """Whether what followed from a cap is just what the cap gives: it is bounded on one side only."""
    beside = (*system.of(of.CONCENTRATION), *system.of(of.TIME))
    given = repair.blamed._replace(variable=CAPS[repair.blamed.variable])
    return is_consistent(system.only((*repair.followed, *beside)).with_mention(given))


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
        if each.variable == of.VOLUME and system.is_infusion and not of.RATES.isdisjoint(system.variables):
            names = ()  # of what is ordered as a rate the volume follows from the pump's
        followed = tuple(
            other for name in names for other in system.mentions if other.variable == name and id(other) not in fixed
        )
        for length in range(1, len(followed) + 1):
            suspects = (each, *followed[:length])
            if is_consistent(system.only(suspects)):  # what was worked out from one number agrees with itself
                yield suspects


def _contradiction(system: System, context: Context) -> tuple[Mention, ...]:
    """Return mentions that contradict each other, none of which can be left out."""
    fixed = {id(each) for each in context.fixed}
    kept = system
    for each in system.mentions:
        rest = kept.without((each,))
        if not context.accepts(rest):
            kept = rest
    own = (tuple(each for each in made.mentions if id(each) not in fixed) for made in (kept, system))
    return next((each for each in own if each), system.mentions)
