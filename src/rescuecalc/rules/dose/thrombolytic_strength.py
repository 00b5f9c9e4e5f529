"""RC424 of thrombolytics: the concentration that an order states, or that its dose and volume imply."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.signature import MASS
from rescuecalc.core.quantities.decimal_text import people_number, quoted
from rescuecalc.core.quantities.units import how_many
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.reference.stroke_set import Purpose, purpose_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_PLACES: Final = ("concentration", "product", "volume", "pump_rate", "vtbi", "text")
_SLIPS: Final = tuple(Fraction(10) ** power for power in (1, 2, 3, -1, -2, -3))


def wrong_strengths(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the concentration of a thrombolytic that no label prepares: stated, or dose ÷ volume.

    In a catheter or a limb it is diluted further: no limit of that is held.
    """
    known = subject.knowledge.agent_facts().thrombolytics.get(order.drug)
    judged = judged_of(order, subject) if known is not None else None
    if known is None or judged is None or not judged.agrees or purpose_of(subject).purpose is Purpose.ELSEWHERE:
        return
    found = judged.solution.bounds.get(of.CONCENTRATION)
    field = next((name for name in _PLACES if name in order.texts or name in order.fields), None)
    if found is None or field is None or any(each.kind not in {"", MASS} for each in judged.system.mentions):
        return
    slack = subject.knowledge.limits.deviation_factor
    weakest, strongest = base_value(known.weakest)[0], base_value(known.strongest)[0]
    is_stronger = found.low > strongest * slack
    if not is_stronger and (found.high is None or found.high * slack >= weakest):
        return
    slip = next((each for each in _SLIPS if _holds(found, strongest * each, slack)), None)
    text = order.texts.get(field) or str(order.fields[field])
    implied = "" if field == "concentration" else f" means {_shown(found.middle)}"
    message = f"{order.drug}, {field.replace('_', ' ')} {quoted(text)}{implied}: {known.said.strength}"
    # Nothing is diluted to a stronger one; what is weaker without a slip may be a pharmacy's own.
    severity = None if is_stronger or slip is not None else Severity.WARNING
    hit = Hit(message, known.strength_sources, order.at(field), text, severity=severity)
    is_known = slip is not None and field == "concentration"
    yield hit._replace(expected=str(known.strongest), factor=slip) if is_known else hit


def _holds(found: Bounds, strength: Fraction, slack: Fraction) -> bool:
    return found.high is not None and found.low <= strength * slack and strength <= found.high * slack


def _shown(strength: Fraction) -> str:
    return f"{people_number(strength / how_many('mcg', 'mg'))} mg/mL"
