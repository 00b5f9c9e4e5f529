"""The one weight that the orders of a set share: the patient's, else what the others imply; and where it is wrong."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.bounds import between
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.diagnosis import Diagnosis, best_repairs, diagnoses
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.solution import is_consistent, solution
from rescuecalc.rules.facts.order_model.order_explanation import explained
from rescuecalc.rules.facts.order_model.order_system import usual_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from fractions import Fraction

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.repair import Repair
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.model.tuning import Tolerances
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_ABSOLUTE: Final = (of.DOSE, of.DOSE_RATE, of.VOLUME, of.PUMP_RATE)
"""What says a weight beside a dose per kg."""

_PER_KG: Final = (of.DOSE_PER_KG, of.DOSE_RATE_PER_KG, of.VOLUME_PER_KG, of.PUMP_RATE_PER_KG)

_MOST_VOTES: Final = 10
"""Orders of a set that are asked whether a weight suits them: a set of thousands of rows is no patient's."""


def with_weight(plain: list[SolvedOrder], subject: Subject) -> Iterator[SolvedOrder]:
    """Yield the orders diagnosed, each with the weight that the patient has, or that the other orders imply."""
    if subject.order_set.weight is None:
        yield from _of_witnesses(plain)
        return
    wrong = [each for each in plain if each.solution.conflict is not None and each.system.has(of.WEIGHT)]
    # Two orders that are wrong at once are rarer than one weight that was typed wrongly: 72 for 80 kg makes every dose
    # of the set look wrong.
    shared = _one_weight(wrong, plain) if len(wrong) > 1 else None
    for each in plain:
        if shared is not None and each in wrong:
            yield each._replace(found=(shared[1],) if each is shared[0] else ())
        else:
            yield _diagnosed(each, plain)


def _diagnosed(each: SolvedOrder, plain: list[SolvedOrder]) -> SolvedOrder:
    if each.solution.conflict is None:
        return each
    context = each.context._replace(votes=lambda weight: _votes(weight, each, plain))
    return each._replace(found=diagnoses(each.system, context))


def _votes(weight: Bounds, asked: SolvedOrder, plain: list[SolvedOrder]) -> tuple[int, int]:
    """Return how many of the set's other orders agree with a weight, and how many do not."""
    near = plain[:_MOST_VOTES]
    others = [each for each in near if each is not asked and each.system.has(of.WEIGHT) and _depends(each)]
    agree = sum(is_consistent(_at_weight(each, weight)) for each in others)
    return agree, len(others) - agree


def _depends(each: SolvedOrder) -> bool:
    """Whether the numbers of an order say something of the weight."""
    return implied_weight(each) is not None


def _at_weight(each: SolvedOrder, weight: Bounds) -> System:
    rest = each.system.without(each.system.of(of.WEIGHT))
    return rest._replace(seeds={of.WEIGHT: weight})


def implied_weight(each: SolvedOrder) -> Bounds | None:
    """Return the weight (kg) that the numbers of an order imply, None where they say nothing of it."""
    limits = each.subject.knowledge.limits
    if not any(each.system.has(name) for name in _PER_KG) or not any(each.system.has(name) for name in _ABSOLUTE):
        return None
    widest = between(base_value(limits.weight.low)[0], base_value(limits.weight.high)[0])
    # The usual weights first: within them an end that is known tells a weight, where over all weights it tells none.
    seeds = [widest] if each.system.has(of.WEIGHT) else [usual_weights(each.order, each.subject), widest]
    for seed in seeds:
        solved = solution(_at_weight(each, seed))
        found = solved.bounds.get(of.WEIGHT)
        if solved.conflict is not None or found is None or found.high is None:
            continue
        # What ends where the usual weights do may go on beyond them: the wider range tells.
        if found.low > seed.low and found.high < (seed.high or found.high + 1):
            return found
    return None


def _one_weight(wrong: list[SolvedOrder], plain: list[SolvedOrder]) -> tuple[SolvedOrder, Diagnosis] | None:
    """Return the diagnosis of the weight where all orders that contradict it imply one other weight.

    It is that of the order which tells most of it, whatever stands first.
    """
    implied = [implied_weight(each) for each in wrong]
    met: Bounds | None = implied[0]
    for each in implied[1:]:
        met = met.meet(each) if met is not None and each is not None else None
    if met is None:
        return None
    accepts = _all_accept(wrong)
    tellers = [(each, _weight_repair(each, plain, accepts)) for each in wrong[:_MOST_VOTES]]
    known = [(each, repair) for each, repair in tellers if repair is not None]
    if not known:
        return None
    first, repair = min(known, key=lambda pair: _vagueness(pair[1]))
    alone = [diagnoses(each.system, each.context) for each in wrong]
    # One finding on the weight only where it is cheaper than a repair of its own for each order.
    apart = sum(found[0].repair.cost for found in alone if found)
    return (first, Diagnosis(repair, (), first.system)) if repair.cost <= apart else None


def _weight_repair(each: SolvedOrder, plain: list[SolvedOrder], accepts: Callable[[System], bool]) -> Repair | None:
    """Return the likeliest repair of the weight that an order asks for, and all that contradict it accept."""
    context = each.context._replace(votes=lambda weight: _votes(weight, each, plain), accepts=accepts)
    repairs = best_repairs(each.system, context)
    return next((one for one in repairs if one.blamed.variable == of.WEIGHT), None)


def _vagueness(repair: Repair) -> tuple[bool, bool, bool, Fraction | int]:
    """Return how little a repair says: without a known error, without a weight to write, in a wide range."""
    right = repair.right
    width = right.high / right.low if right is not None and right.high is not None and right.low else None
    return not repair.fits, repair.expected is None, width is None, width or 0


def _all_accept(wrong: list[SolvedOrder]) -> Callable[[System], bool]:
    def accepts(system: System) -> bool:
        weights = system.of(of.WEIGHT)
        if not weights or not is_consistent(system):
            return is_consistent(system)
        weight = weights[0]
        return all(is_consistent(each.system.without(each.system.of(of.WEIGHT)).with_mention(weight)) for each in wrong)

    return accepts


def _of_witnesses(plain: list[SolvedOrder]) -> Iterator[SolvedOrder]:
    """Yield the orders of a patient who is not known, each judged at the weight that the others imply.

    An order that suits no usual weight says nothing of the patient's, unless none of the set's suits one, or it is one
    of two and suits a patient that there may be.
    """
    implied = {
        place: found
        for place, each in enumerate(plain)
        if _shares_weight(each) and (found := implied_weight(each)) is not None
    }
    # An order that contradicts itself is no witness of the weight, as long as another is not.
    sound = {place: found for place, found in implied.items() if plain[place].solution.conflict is None}
    witnesses = _witnesses(sound, implied, plain)
    if len(witnesses) == 2:  # noqa: PLR2004  # two witnesses, of whom one is wrong
        judged = _of_two(*((place, plain[place], witnesses[place]) for place in witnesses))
        if judged is not None:
            yield from (
                judged[1] if place == judged[0] else _found_alone(each, plain, is_witness=place in witnesses)
                for place, each in enumerate(plain)
            )
            return
    for place, each in enumerate(plain):
        tellers = (sound or implied) if place in implied else sound
        weight = _implied_by(place, tellers, each.context.tuning.tolerances) if _shares_weight(each) else None
        yield _with_seed(each, weight) if weight is not None else _diagnosed(each, plain)


def _witnesses(
    sound: Mapping[int, Bounds], implied: Mapping[int, Bounds], plain: list[SolvedOrder]
) -> Mapping[int, Bounds]:
    """Return the orders that say what the patient weighs: those of usual weights, else all.

    Where one of two suits a usual weight and the other one that few patients have, nobody can tell which is wrong.
    """
    if len(sound) != 1 or len(implied) != 2:  # noqa: PLR2004  # one of two
        return sound or implied
    rare = plain[0].subject.knowledge.limits.row_weight
    possible = between(base_value(rare.low)[0], base_value(rare.high)[0])
    return implied if all(each.overlaps(possible) for each in implied.values()) else sound


def _found_alone(each: SolvedOrder, plain: list[SolvedOrder], *, is_witness: bool) -> SolvedOrder:
    return each._replace(found=()) if is_witness else _diagnosed(each, plain)


def _shares_weight(each: SolvedOrder) -> bool:
    """Whether an order is for the patient that the others are for: not for the weights of a band or a condition."""
    return each.order.weight_band is None and not any(one.name == "weight" for one in each.order.when)


def _implied_by(asked: int, implied: Mapping[int, Bounds], tolerances: Tolerances) -> Bounds | None:
    """Return the weight that other orders imply, None where they do not agree within 10 %."""
    others = [each for place, each in islice(implied.items(), _MOST_VOTES) if place != asked]
    highs = [each.high for each in others if each.high is not None]
    if not others or len(highs) < len(others):
        return None
    # Rounded volumes imply weights a few per cent apart; further apart they are of two patients, or one is wrong.
    if max(each.low for each in others) > min(highs) * tolerances.weights_agree:
        return None
    return between(min(each.low for each in others), max(highs))


def _with_seed(each: SolvedOrder, weight: Bounds) -> SolvedOrder:
    """Return an order judged at the weight that the other orders imply."""
    system = each.system._replace(seeds={**each.system.seeds, of.WEIGHT: weight})
    solved = solution(system)
    if solved.conflict is None:
        return each._replace(system=system, solution=solved)
    way = explained(each.built._replace(system=system), each.subject) if each.share is None else None
    if way is not None:
        return each._replace(system=way.system, solution=solution(way.system), is_row=way.is_row, share=way.share)
    setting = each.context.setting._replace(weight=weight.middle)
    context = each.context._replace(setting=setting)
    return each._replace(system=system, solution=solved, found=diagnoses(system, context))


def _of_two(
    first: tuple[int, SolvedOrder, Bounds], second: tuple[int, SolvedOrder, Bounds]
) -> tuple[int, SolvedOrder] | None:
    """Return the order of two that is judged by the other where they imply two weights; None where they agree.

    The other's repair is the alternative of the one that is blamed. An unusual weight makes it the less likely of the
    two, and no less an alternative: there are patients of 36 kg.
    """
    one = _with_seed(first[1], second[2])
    other = _with_seed(second[1], first[2])
    if bool(one.found) is not bool(other.found):
        # One of them suits the other's weight: it gives a part, or what a source states in place of its dose.
        return (second[0], other) if one.found else (first[0], one)
    if not one.found or not other.found:
        return None
    ranked = sorted(
        ((first[0], one, other, second[2]), (second[0], other, one, first[2])),
        key=lambda each: (each[1].found[0].repair.cost + _unusual(each[3], each[1]), *_by_content(each[1]), -each[0]),
    )
    place, blamed, rival, _ = ranked[0]
    diagnosis = blamed.found[0]
    near: tuple[Repair, ...] = diagnosis.alternatives
    if rival.found[0].repair.cost - diagnosis.repair.cost <= blamed.context.tuning.costs.other_order:
        # The other order comes before the alternatives within the first: it is as likely to hold the mistake.
        near = (rival.found[0].repair, *near)[:2]
    return place, blamed._replace(found=(diagnosis._replace(alternatives=near), *blamed.found[1:]))


def _by_content(each: SolvedOrder) -> tuple[bool, str, str]:
    """Return by what one of two equally likely orders is blamed first, whatever stands first: what a pump is set to."""
    blamed = each.found[0].repair.blamed
    return not each.system.is_infusion, blamed.variable, blamed.text


def _unusual(weight: Bounds, each: SolvedOrder) -> int:
    """Return what it costs that an order is repaired to a weight that few patients have."""
    usual = each.context.usual_weight
    return each.context.tuning.costs.unusual_weight if usual is not None and not weight.overlaps(usual) else 0
