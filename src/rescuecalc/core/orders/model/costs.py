"""What a repair costs: the less, the likelier it is. Each cost is a whole number of hundredths, and data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.ratio import agrees_with, is_wide, stands_out, total_dose
from rescuecalc.core.orders.model.signature import MASS
from rescuecalc.core.orders.model.solution import solution
from rescuecalc.core.orders.model.system import CAP_OF, PER_KG_OF
from rescuecalc.core.orders.model.usual import flows, unusual

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.context import Context
    from rescuecalc.core.orders.model.repair import Repair
    from rescuecalc.core.orders.model.system import System


def cost_of(made: Repair, rest: System, known: Mapping[str, Bounds], system: System, context: Context) -> int:
    """Return what a repair costs; ``rest`` is the system without its suspects, ``known`` what that leaves."""
    costs = context.tuning.costs
    cost = costs.first + costs.follower * len(made.followed) + context.distance(made.blamed)
    # A wrong number that no known error explains is possible, and rarer than any that one explains.
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
    # A repair that leads to a dose that no source states leads into the next finding.
    if context.is_published is not None and not context.is_published(healed):
        cost += costs.unpublished
    # Nor is one right after which no pump could run the order.
    if not _is_pushed(healed, system, context) and any(each.low > context.pump_rate for each in flows(healed)):
        cost += costs.beyond_pump
    if made.blamed.variable in {of.DOSE_PER_KG, of.DOSE_RATE_PER_KG} and context.is_stated is not None:
        becomes_stated = made.expected is not None and context.is_stated(made.expected)
        # A dose per kg that a source states was most likely copied rightly; then something else is wrong.
        cost += costs.stated if context.is_stated(made.blamed) and not becomes_stated else 0
    cost += _of_strength(made, system, context) + _of_weight(made, context) + _of_weak(healed, context)
    cost += costs.idle_cap * _leaves_idle_cap(healed, context)
    return cost + _of_usual(made, healed, system, context)


def _is_pushed(healed: Mapping[str, Bounds], system: System, context: Context) -> bool:
    """Whether a bolus of a drug without products is pushed by hand, which no pump has to run: 4 mL in 5 s."""
    volume = healed.get(of.VOLUME)
    if system.is_infusion or system.has(of.PUMP_RATE) or context.strengths or volume is None:
        return False
    return volume.low <= context.tuning.syringe


def _leaves_idle_cap(healed: Mapping[str, Bounds], context: Context) -> bool:
    """Whether a cap is left that the dose per kg reaches at no usual weight: it was made for a larger one."""
    usual = context.usual_weight
    for amount, name in CAP_OF.items():
        cap, per_kg = healed.get(name), healed.get(PER_KG_OF[amount])
        if usual is None or usual.high is None or cap is None or per_kg is None or per_kg.high is None:
            continue
        if per_kg.high * usual.high < cap.low:
            return True
    return False


def _of_strength(made: Repair, system: System, context: Context) -> int:
    costs, right = context.tuning.costs, made.right
    is_of_mass = made.blamed.variable == of.CONCENTRATION and made.blamed.kind == MASS
    if is_of_mass and right is not None and right.low > context.tuning.strongest:
        return costs.impossible
    if not context.strengths:
        return 0
    if made.blamed.variable == of.CONCENTRATION:
        is_one = made.expected is not None and made.expected.value in context.strengths
        return (0 if is_one else costs.to_no_strength) + (
            costs.from_strength if made.blamed.value in context.strengths else 0
        )
    left = system.of(of.CONCENTRATION)
    # What no product holds stays wrong whatever else is repaired.
    return costs.leaves_no_strength if any(each.value not in context.strengths for each in left) else 0


def _of_usual(made: Repair, healed: Mapping[str, Bounds], system: System, context: Context) -> int:
    """Return what numbers cost that people do not order; a small error brings none across where that ends."""
    # What followed from the error was rounded as it stands: only the blamed number is another once it is repaired.
    rest = system.without((made.blamed,))
    tuning, found = context.tuning, point(made.blamed.value)
    if made.right is not None and found.shared(tuning.tolerances.wide).overlaps(made.right):
        return 0
    is_time = made.blamed.variable == of.TIME
    is_usual_time = is_time and tuning.usual.has_time(found, is_infusion=rest.is_infusion)
    return unusual(healed, rest, context) + tuning.costs.from_usual_time * is_usual_time


def _of_weight(made: Repair, context: Context) -> int:
    if made.blamed.variable != of.WEIGHT or made.right is None:
        return 0
    usual, costs = context.usual_weight, context.tuning.costs
    weight = point(made.expected.value) if made.expected is not None else made.right
    cost = costs.unusual_weight if usual is not None and not weight.overlaps(usual) else 0
    if context.votes is not None:
        agree, against = context.votes(made.right)
        # Two orders that fit another weight are two witnesses; one alone may have made the error itself.
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
