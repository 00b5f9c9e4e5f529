"""How an order is repaired by its suspects: what the wrong number should be, and which errors explain it."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.costs import cost_of
from rescuecalc.core.orders.model.ratio import half_of, is_wide, ratio_of
from rescuecalc.core.orders.model.rewriting import rewritten
from rescuecalc.core.orders.model.signature import fits
from rescuecalc.core.orders.model.solution import solution
from rescuecalc.core.orders.model.system import CAP_OF, EXACT
from rescuecalc.core.orders.model.usual import unusual

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rescuecalc.core.orders.model.context import Context
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.signature import Fit
    from rescuecalc.core.orders.model.solution import Solution
    from rescuecalc.core.orders.model.system import System
from rescuecalc.core.orders.model.repair import CAPS, Repair, least_cap, most_per_kg

_MOST_HINTS: Final = 2


def repair_of(
    suspects: tuple[Mention, ...], rest: System, solved: Solution, system: System, context: Context
) -> Repair:
    """Return the repair of an order by its suspects: the first of them is blamed, the others followed from it.

    ``rest`` is the system without them, and ``solved`` what that leaves.
    """
    made = uncosted(suspects, rest, solved, system, context)
    return made._replace(cost=cost_of(made, rest, solved.bounds, system, context))


def uncosted(suspects: tuple[Mention, ...], rest: System, solved: Solution, system: System, context: Context) -> Repair:
    """Return the same without what it costs, which takes longer to tell than whether it is a repair at all."""
    blamed, *followed = suspects
    right, ratio = _off(blamed, followed, rest, solved.bounds, context)
    found, hint = _names(blamed, right, ratio, rest, system, solved.bounds, context)
    if right is not None and not found:
        _, ratio = _off(blamed, followed, rest, solved.bounds, context, context.limits.deviation_percent / 100)
        found = _rounded_before(_names(blamed, right, ratio, rest, system, solved.bounds, context)[0], ratio)
    is_told = right is not None and not any(each.guessed for each in found)
    expected = _expected(blamed, right, found, rest, context) if right is not None and is_told else None
    return Repair(blamed, tuple(followed), right, found, expected, 0, hint)


def _rounded_before(found: tuple[Fit, ...], ratio: Bounds | None) -> tuple[Fit, ...]:
    """Return the errors that fit a number that had been rounded before they were made in it: 19 mL/h for 19.46.

    Not the rare ones, which differ from each other by little more than such rounding.
    """
    if ratio is None or ratio.holds(Fraction(1)):
        return ()
    return tuple(each._replace(indirect=True) for each in found if not each.rare)


def _off(
    blamed: Mention,
    followed: Iterable[Mention],
    rest: System,
    known: Mapping[str, Bounds],
    context: Context,
    apart: Fraction = Fraction(0),
) -> tuple[Bounds | None, Bounds | None]:
    """Return what is right for the blamed number, and found ÷ right; None where what followed is off otherwise."""
    right = known.get(blamed.variable) or least_cap(blamed.variable, rest, known)
    most = most_per_kg(blamed.variable, rest)
    if right is not None and right.low > 0 and most is not None:
        right = right.meet(most)  # the other numbers say its least, the cap its most
    told = _told(blamed, right, context) if right is not None else None
    if right is not None and told is not None:
        right = right.meet(point(told.value).widened(told.rounding)._replace(middle=told.value))
    tolerances = context.tuning.tolerances
    ratio = ratio_of(blamed, right, tolerances, apart) if right is not None else None
    rounded = Fraction(1)
    for each in followed if blamed.variable not in CAPS else ():
        other = known.get(each.variable)
        one = ratio_of(each, other, tolerances, apart) if other is not None else None
        if one is not None and blamed.variable == of.CONCENTRATION:
            one = one.inverse()  # twice the strength asks for half the volume
        if one is not None and right is not None and right.middle:
            # It was worked out from the exact number, or from the rounded one.
            one = one.shared((1 + half_of(blamed, right, tolerances) / right.middle) * rounded)
        rounded *= 1 + each.rounding / each.value  # the next may have been worked out from this one as it is written
        ratio = ratio.meet(one) if ratio is not None and one is not None else ratio if other is None else None
        if ratio is None:
            return None, None
    return right, ratio


def _names(
    blamed: Mention,
    right: Bounds | None,
    ratio: Bounds | None,
    rest: System,
    system: System,
    known: Mapping[str, Bounds],
    context: Context,
) -> tuple[tuple[Fit, ...], tuple[Fit, ...]]:
    """Return the errors that fit; where none does and one side alone is known, the least that would bring it there.

    A reference may be a limit, of which one side is all that is known: any error that brings it within fits.
    """
    if right is None:
        return (), ()
    asked = partial(fits, context.signatures, blamed, system=system, setting=context.setting, known=known)
    beyond = _beyond(blamed, most_per_kg(blamed.variable, rest) or right, context)
    least = _most_usual(asked(beyond, is_wide=True), blamed, rest, context) if beyond is not None else ()
    hints = tuple(sorted(least, key=lambda each: each.indirect))[:_MOST_HINTS]
    if context.fixed and _is_limit(right):
        return hints, ()
    wide = is_wide(right, context.tuning.tolerances)
    found = asked(ratio, is_wide=wide) if ratio is not None else ()
    if not wide:
        return found, hints
    known_doses = (
        found
        if not _is_published(rest, context)
        else tuple(
            each for each in found if each.identity or _is_published(rest.with_mention(_divided(blamed, each)), context)
        )
    )
    return _most_usual(known_doses, blamed, rest, context), hints


def _divided(blamed: Mention, error: Fit) -> Mention:
    return blamed._replace(value=blamed.value / error.factor)


def _most_usual(found: tuple[Fit, ...], blamed: Mention, rest: System, context: Context) -> tuple[Fit, ...]:
    """Return those errors that leave what people order most often, where the rest does not tell which was made."""
    if len(found) <= 1:
        return found
    costs = [
        unusual(solution(rest.with_mention(healed)).bounds, rest, context)
        for healed in (_divided(blamed, each) for each in found)
    ]
    least = min(costs)
    return tuple(each for each, cost in zip(found, costs, strict=True) if cost == least)


def _beyond(blamed: Mention, right: Bounds, context: Context) -> Bounds | None:
    """Return found ÷ right where only one end of what is right is known; None where both are, or it is not passed.

    What is right is no further below its own cap than a light patient's dose is below a heavy one's: 1001 mcg above a
    cap of 1000 is no tenfold error. Below the pump's maximum it may be anything.
    """
    if right.high is None and right.low > blamed.value:
        return Bounds(right.low * 0, blamed.value / right.low, blamed.value / right.low)
    if right.high is not None and right.low <= 0 < right.high < blamed.value:
        ratio, usual = blamed.value / right.high, context.usual_weight
        is_cap = not context.fixed and usual is not None and usual.high is not None
        most = ratio * usual.high / usual.low if is_cap and usual is not None and usual.high is not None else None
        return Bounds(ratio, most, ratio)
    return None


def _told(blamed: Mention, right: Bounds, context: Context) -> Mention | None:
    """Return what another place of the order says of the blamed variable, where the numbers leave it open."""
    weak = (each for each in context.weak if each.variable == blamed.variable and each.pointer != blamed.pointer)
    told = {each.value: each for each in weak if right.holds(each.value)}
    return told.popitem()[1] if len(told) == 1 else None


def _expected(blamed: Mention, right: Bounds, found: tuple[Fit, ...], rest: System, context: Context) -> Mention | None:
    """Return the mention to write in place of the blamed one; None where no single number can be told.

    Of a drug whose doses are published it is never one that no source knows, whatever the rest of the order leaves.
    """
    told = _told(blamed, right, context)
    value = told.value if told is not None else _only_stated(blamed, right, context)
    made = _rewritten(blamed, value, rest, context) if value is not None else None
    made = made or _written(blamed, right, found, rest, context)
    if made is None or _is_published(rest.with_mention(made), context):
        return made
    doses = context.stated(blamed.variable) if context.stated is not None and _is_published(rest, context) else ()
    values = [each for each in doses if right.holds(each)]
    return _rewritten(blamed, values[0], rest, context) if len(values) == 1 else None


def _only_stated(blamed: Mention, right: Bounds, context: Context) -> Fraction | None:
    """Return the one dose per kg that a source states among those that are right: it was prescribed, not worked out."""
    is_per_kg = blamed.variable in {of.DOSE_PER_KG, of.DOSE_RATE_PER_KG}
    if not is_per_kg or context.stated is None or is_wide(right, context.tuning.tolerances):
        return None
    values = [each for each in context.stated(blamed.variable) if right.holds(each)]
    return values[0] if len(values) == 1 else None


def _is_published(system: System, context: Context) -> bool:
    return context.is_published is None or context.is_published(solution(system).bounds)


def _rewritten(blamed: Mention, value: Fraction, rest: System, context: Context) -> Mention | None:
    return rewritten(blamed, value, context.limits, lambda each: context.accepts(rest.with_mention(each)))


def _written(blamed: Mention, right: Bounds, found: tuple[Fit, ...], rest: System, context: Context) -> Mention | None:
    if context.fixed and _is_limit(right):
        return None  # what is within a limit is told by the limit
    values = [blamed.value / each.factor for each in found]
    tolerances = context.tuning.tolerances
    most = most_per_kg(blamed.variable, rest)
    is_open = is_wide(right, tolerances) or (most is not None and right.high == most.high and not values)
    if is_open and len({_nearly(value) for value in values}) != 1:
        return None  # nothing fits a wide range, or two errors do: the range is what can be said
    is_told = right.high is not None and right.high <= right.low * tolerances.known
    fitting = [value for value in values if right.holds(value)]
    is_worked_out = (is_told or _is_at_cap(rest)) and blamed.variable not in EXACT
    for value in (right.middle, *values) if is_worked_out else (*fitting, right.middle):
        made = _rewritten(blamed, value, rest, context)
        if made is not None:
            return made
    return None


def _is_at_cap(rest: System) -> bool:
    """Whether the rest gives what its cap allows: what a factor makes of the wrong number may be more than that."""
    known = solution(rest).bounds
    caps = ((known.get(amount), rest.first(cap)) for amount, cap in CAP_OF.items())
    return any(dose is not None and cap is not None and dose.middle == cap.value for dose, cap in caps)


def _is_limit(right: Bounds) -> bool:
    """Whether one side alone is known of what is right."""
    return right.low <= 0 or right.high is None


def _nearly(value: Fraction) -> Fraction:
    return Fraction(f"{float(value):.3g}")
