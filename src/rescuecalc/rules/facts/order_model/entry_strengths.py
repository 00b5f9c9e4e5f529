"""The strength of an order that states none in a field: of what its text or its bag says, else of its pump's entry.

The nurse takes the drug's entry, and the pump calculates with the strength of that. What an order says of its strength
in another way is what the entries are compared with.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.library.pump_library import STRENGTH
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.diagnosis import diagnoses
from rescuecalc.core.orders.model.mention import base_value, exact_mention
from rescuecalc.core.orders.model.solution import is_consistent, solution
from rescuecalc.core.quantities.label_strength import Strength
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose, Volume
from rescuecalc.core.quantities.units import unit
from rescuecalc.rules.facts.order_model.pump_entries import BY_PUMP, fitting, given_by, use_of_order
from rescuecalc.rules.facts.order_model.text_mentions import spoken
from rescuecalc.rules.facts.volume_alone import says_strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

LIBRARY: Final = "library"
"""The place of a strength that only the pump's entry says."""


def with_strength_of_entry(system: System, order: Order, subject: Subject) -> System:
    """Return the system of an order that states no strength with that of the entry which it is given by."""
    if system.has(of.CONCENTRATION) or says_strength(order) or not _is_by_pump(order, subject):
        return system
    made = _of_entries(system, order, subject)
    return system.with_mention(made) if made is not None else system


def with_strength_said(each: SolvedOrder) -> SolvedOrder:
    """Return an order with the strength that its text, its bag or its dilution says, else with that of its entry.

    What it says is compared with the entries then, and no number beside it may contradict it.
    """
    order, system, subject = each.order, each.system, each.subject
    if system.has(of.CONCENTRATION) or not (says_strength(order) or "text" in order.texts):
        return each
    if not _is_by_pump(order, subject):
        return each
    entries = _entries(order, subject)
    said = next((one for one in _said(each) if one.kind == each.built.kind), None)
    if said is not None and said.place == "diluted_in" and any(_is_near(one, said, subject) for one in entries):
        said = None  # the volume of what is added, or the overfill of the bag, makes no other strength
    if said is None or not entries:
        said = _of_entries(system, order, subject)
    elif said.place != "diluted_in" and not is_consistent(system.with_mention(said)):
        return each  # the text, or the bag, is reported for what it is
    if said is None:
        return each
    made = system.with_mention(said)
    context = each.context._replace(fixed=(*each.context.fixed, said))
    found = () if is_consistent(made) else diagnoses(made, context)
    return each._replace(system=made, solution=solution(made), context=context, found=found)


def fixed_strengths(system: System) -> tuple[Mention, ...]:
    """Return the mentions that no repair of an order changes: the strength of the entry is not the order's."""
    return tuple(each for each in system.of(of.CONCENTRATION) if each.place == LIBRARY)


def _is_by_pump(order: Order, subject: Subject) -> bool:
    use = subject.knowledge.library
    return use is not None and use.library.is_pump and given_by(order, subject, None) == BY_PUMP


def _said(each: SolvedOrder) -> Iterator[Mention]:
    """Yield the strength that an order says in its text, by the dose and the volume of its bag, or by a dilution."""
    order = each.order
    for one in spoken(each) if "text" in order.texts else ():
        if one.counts and one.mention.variable == of.CONCENTRATION and one.mention.span is None:
            yield one.mention
    dose, volume, place = order.quantity("dose", Dose), order.quantity("volume", Volume), "volume"
    if "diluted_in" in order.texts:
        volume, place = _volume_in(order.texts["diluted_in"]), "diluted_in"
    if dose is not None and volume is not None and dose.magnitude and volume.magnitude:
        held = Strength(dose, volume, f"{dose} in {volume}")
        yield exact_mention(of.CONCENTRATION, held.concentration, place, order.at(place), held.text)


def _volume_in(text: str) -> Volume | None:
    found = _VOLUME.findall(text)
    return Volume(Fraction(found[0]), unit("mL")) if len(found) == 1 else None


_VOLUME: Final = lazy_pattern(r"(?<![0-9.,])([0-9]{1,4}(?:\.[0-9]{1,2})?) ?mL\b")


def _entries(order: Order, subject: Subject) -> tuple[Entry, ...]:
    """Return the entries of an order's drug for its care area and patient."""
    use = subject.knowledge.library
    return fitting(order, subject, use_of_order(order, use), None).condition if use is not None else ()


def _is_near(entry: Entry, said: Mention, subject: Subject) -> bool:
    """Whether an entry has a strength that is off by no more than a bag is filled above what its label says."""
    filled = subject.knowledge.tuning().tolerances.bag_filled
    value, kind = base_value(entry.concentration) if entry.concentration is not None else (Fraction(), "")
    return kind == said.kind and value / filled <= said.value <= value * filled


def _of_entries(system: System, order: Order, subject: Subject) -> Mention | None:
    """Return the only strength of the entries that fits an order's numbers; where none fits, the nearest to them.

    None where several fit, or one that is typed in: the nurse chooses, and the pump calculates with what she takes.
    """
    entries, use = _entries(order, subject), subject.knowledge.library
    if not entries or use is None:
        return None
    implied = solution(system).bounds.get(of.CONCENTRATION)
    if any(each.concentration is None and _may_be_typed(each, implied) for each in entries):
        return None
    made: dict[Fraction, Mention] = {}
    for each in entries:
        if each.concentration is not None:
            text = f"{each.concentration} ({use.library.name}, line {each.line})"
            one = exact_mention(of.CONCENTRATION, each.concentration, LIBRARY, order.pointer, text)
            made.setdefault(one.value, one)
    kinds = {one.kind for one in system.mentions if one.kind}
    own = [one for one in made.values() if not kinds or one.kind in kinds]
    fits = [one for one in own if is_consistent(system.with_mention(one))] if len(own) > 1 else own
    if len(fits) == 1:
        return fits[0]
    if fits or implied is None or not own:
        return None
    return min(own, key=lambda one: _ratio(one.value, implied.middle))


def _may_be_typed(entry: Entry, implied: Bounds | None) -> bool:
    limits = entry.limits.get(STRENGTH)
    passed = limits.passed(implied.middle) if limits is not None and implied is not None else None
    return passed is None or not passed.is_hard


def _ratio(one: Fraction, other: Fraction) -> Fraction:
    return max(one / other, other / one)
