"""RC712: what of a drug without known doses was compared with nothing: a volume without a strength, another unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.fluids import is_by_volume
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.text_mentions import spoken
from rescuecalc.rules.facts.volume_alone import is_strength_stated, states_dose, volume_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder


def unjudged_volume(order: Order, judged: SolvedOrder, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of a drug that is measured out in mL, though nothing says how much of it a mL holds.

    A note where a dose is stated besides, a warning where no dose is.
    """
    if judged.found or judged.system.has(of.CONCENTRATION):
        return  # its numbers contradict each other whatever the strength is, or the pump's entry says it
    name = volume_alone(order, subject)
    if name is not None:
        text = order.texts.get(name) or str(order.fields[name])
        yield _hit(f"the {name.replace('_', ' ')} {text}", text, order.at(name), order)
    elif not any(each in order.fields for each in _IN_VOLUME):
        yield from _in_text(order, judged, subject)


_IN_VOLUME: Final = ("pump_rate", "volume", "vtbi", "pump_rate_per_kg", "volume_per_kg")


def _in_text(order: Order, judged: SolvedOrder, subject: Subject) -> Iterator[Hit]:
    if "text" not in order.texts or order.given_as == "infusion" or is_by_volume(order.drug):
        return
    drawn = [each for each in spoken(judged) if each.said.field == "volume" and each.counts]
    if drawn and not is_strength_stated(order, subject):
        text = drawn[0].mention.text
        yield _hit(f"the {text} of the text", text, f"{order.pointer}/text", order)


def _hit(what: str, text: str, pointer: str, order: Order) -> Hit:
    is_dosed = states_dose(order)
    why = "was not compared with its dose" if is_dosed else "was not judged: no dose follows from it"
    message = f"{what} of {order.drug} {why}, since no concentration is stated"
    return Hit(message, (), pointer, text, severity=Severity.NOTE if is_dosed else Severity.WARNING)


def unjudged_unit(judged: SolvedOrder) -> Iterator[Hit]:
    """Yield the hits of what measures a drug in another kind of unit than its other numbers."""
    for one in judged.built.left_out:
        message = f"the {one.place.replace('_', ' ')} {one.text} is in another kind of unit and was not judged"
        yield Hit(message, (), one.pointer, one.text, severity=Severity.NOTE)
