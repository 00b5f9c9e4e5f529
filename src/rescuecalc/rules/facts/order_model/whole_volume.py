"""The volume beside what an infusion gives: that of a bag which can hang for it, or of nothing that is ordered."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.diagnosis import diagnoses
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.ratio import agrees_with, ratio_of, total_dose
from rescuecalc.core.orders.model.solution import is_consistent
from rescuecalc.core.quantities.units import how_many
from rescuecalc.rules.facts.reference.product_label import container_volumes, label_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.model.tuning import Tuning
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.order_system import Built
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_LARGER: Final = 2
"""A dose that is given once hangs in the smallest usual bag that holds it, or in the next."""


def with_whole_volume(each: SolvedOrder) -> SolvedOrder:
    """Return an infusion with the volume beside its flow, where that is neither what is given nor a bag for it."""
    volumes = [weak for weak in each.built.weak if weak.variable == of.VOLUME] if each.system.is_infusion else []
    given = each.solution.bounds.get(of.VOLUME) if volumes and not each.found else None
    time = each.system.first(of.TIME)
    # Of a time that only the text says, it is the text that contradicts the bag.
    if given is None or "diluted_in" in each.order.texts or (time is not None and time.place == "text"):
        return each
    for volume in volumes:
        system = each.system.with_mention(volume)
        is_lost = is_minutes_for_hours(volume, given, each.solution.bounds, each.context.tuning)
        is_given = agrees_with(volume, given) or is_the_rest(volume, given, each.order.drug, each.subject)
        if is_consistent(system) or (not is_lost and (is_given or _is_bag(volume, given, each))):
            continue
        context = each.context._replace(weak=tuple(one for one in each.context.weak if one is not volume))
        return each._replace(found=diagnoses(system, context))
    return each


def _is_bag(volume: Mention, given: Bounds, each: SolvedOrder) -> bool:
    """Whether a volume is that of the order's label, of as many of the drug's own bags as are needed, or can hang."""
    order, subject = each.order, each.subject
    label = label_of(order, subject)
    if label is not None:
        return not volume.value % base_value(label.volume)[0]
    wholes = container_volumes(order.drug, subject.knowledge)
    if wholes:
        return any(_is_needed(volume.value, one, given) for one in wholes)
    return _can_hang(volume.value, given, each)


def _is_needed(volume: Fraction, bag: Fraction, given: Bounds) -> bool:
    """Whether a volume is that of so many bags as are needed at most for what is given, and one that is in reserve."""
    return not volume % bag and (given.high is None or volume < given.high + 2 * bag)


def _can_hang(volume: Fraction, given: Bounds, each: SolvedOrder) -> bool:
    """Whether a usual bag suits what is given: what is given once fits into it, and is not lost in it."""
    if not is_given_once(each.built, each.system, each.solution.bounds):
        return True
    enough = (one for one in each.context.tuning.containers if given.low <= one)
    return volume in islice(enough, _LARGER)


def is_minutes_for_hours(whole: Mention, given: Bounds, known: Mapping[str, Bounds], tuning: Tuning) -> bool:
    """Whether just a 60th of a container is given in a short time: its minutes are hours, and it is emptied in them."""
    time = known.get(of.TIME)
    if time is None or time.high is None or time.high > tuning.one_bag:
        return False
    ratio = ratio_of(whole, given, tuning.tolerances)
    return ratio is not None and ratio.holds(how_many("min", "h"))


def is_the_rest(given: Mention, whole: Bounds, drug: str, subject: Subject) -> bool:
    """Whether a dose or volume is what a thrombolytic's bolus leaves of the whole, which the text says."""
    known = subject.knowledge.agent_facts().thrombolytics.get(drug)
    share = known.bolus_share if known is not None else None
    return share is not None and agrees_with(given, whole.scaled(1 - share))


def is_given_once(made: Built, system: System, known: Mapping[str, Bounds]) -> bool:
    """Whether an infusion is of one dose: it is ordered as such, or the dose beside its flow is what that gives."""
    if system.is_one_dose:
        return True
    total = total_dose(known)
    doses = (one for one in made.weak if one.variable == of.DOSE)
    return total is not None and any(agrees_with(one, total) for one in doses)
