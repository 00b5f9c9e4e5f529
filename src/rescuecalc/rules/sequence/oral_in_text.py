"""Doses of an antiplatelet that its order's text mentions beside the dose of its field, and its cap."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.earlier import is_earlier
from rescuecalc.core.orders.text.frequency import exactly_daily, times_daily
from rescuecalc.core.orders.text.text_words import OF_TABLETS
from rescuecalc.core.orders.text.vocabulary import VIALS, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose, DoseRate
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.agents import antiplatelet_orders, text_dose
from rescuecalc.rules.facts.text.set_texts import beside_doses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.bridging.antiplatelet import Antiplatelet
    from rescuecalc.core.literature.limits import Span
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.base.knowledge import Subject


def above_in_text(subject: Subject) -> Iterator[Hit]:
    """Yield the doses of a text that lie above every load and maintenance dose that sources state of the agent."""
    yield from _beside_other_drugs(subject)
    for order, agent in antiplatelet_orders(subject):
        spans = [each for each in (agent.load, agent.maintenance) if each is not None]
        if agent.infused or not spans or "text" not in order.texts:
            continue
        from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415  # of an order with a text alone
        from rescuecalc.rules.facts.text.text_doses import all_of_drug, unclaimed_of_drug  # noqa: PLC0415

        only = text_dose(order, subject)
        judged, of_drug = judged_of(order, subject), unclaimed_of_drug if "dose" in order.fields else all_of_drug
        for number in of_drug(judged, {"dose", "max_dose"}) if judged is not None else ():
            if not isinstance(number.quantity, Dose) or not number.quantity.is_mass():
                continue
            dose, found = number.quantity.times(Fraction(number.times)), number.whole or number.text
            if _is_held(number, order) or _is_range_into_vein(number, order):
                continue
            if only is not None and only.equals(dose):
                continue  # the one dose of a text is judged as the order's own
            if all(dose.exceeds(each.high) for each in spans):
                message = f"the text gives {order.drug} {found}: sources state {' or '.join(map(str, spans))}"
                yield Hit(message, agent.sources, f"{order.pointer}/text", found)


_HALF_OF: Final = lazy_pattern(
    r"(?:\b(?:half|1/2|0\.5)|\u00bd|\u00e0)(?: (?:an?|of|the|vial|ampoule|amp\.?|ampulle|"
    r"suppository|tablet|tab|tbl\.?)){0,3} ?(?:\u00e0 ?)?$",
    re.IGNORECASE,
)
_OF_VIAL: Final = lazy_pattern(rf"[ -]{one_of(VIALS)}\b", re.IGNORECASE)
"""Before and behind an amount: what a container holds of which a part is given, `half of 600 mg`, `500 mg vial`."""
_MOST_PARTS: Final = 4
_NEAR: Final = 40


def _is_held(one: Said, order: Order) -> bool:
    """Whether an amount is what one container holds, of which the dose of the order's field is a half or a third."""
    own, text = order.quantity("dose", Dose), order.texts["text"]
    if own is None or not own.is_mass() or not own.magnitude:
        return False
    count = one.quantity.value_in("mg") / own.value_in("mg")
    before = _HALF_OF.search(text, max(0, one.at - _NEAR), one.at)
    is_named = before is not None or _OF_VIAL.match(text, one.at + len(one.text)) is not None
    return is_named and count.denominator == 1 and 1 < count <= _MOST_PARTS


def _is_range_into_vein(one: Said, order: Order) -> bool:
    """Whether a range into a vein, by which no source held here gives it, holds the dose of the order's field."""
    own, low = order.quantity("dose", Dose), one.least
    if order.route != "IV" or own is None or low is None or not own.is_mass():
        return False
    ends, dose = [each.value_in("mg") for each in (low, one.quantity)], own.value_in("mg")
    return ends[0] <= dose <= ends[1] <= dose * _MOST_PARTS


def steps_in_text(subject: Subject) -> Iterator[tuple[Hit, bool]]:
    """Yield the repeated doses that a text gives after the first, and that no source states; each whether it is above.

    `300 mg once, then 180 mg twice daily` is a load and a maintenance dose, and each is compared with its own.
    """
    for order, agent in antiplatelet_orders(subject):
        span, usual = agent.maintenance, times_daily(agent.frequency or "")
        if agent.infused or span is None or usual is None or "text" not in order.texts or order.of:
            continue
        for step in _steps(order, subject):
            a_day = step.dose.times(step.times)
            is_above = step.dose.exceeds(span.high) or a_day.exceeds(span.high.times(Fraction(usual)))
            is_all_above = all(step.a_day.exceeds(each.high) for each in (agent.load or span, span))
            if (is_above and not is_all_above) or span.low.exceeds(step.dose.times(_SLIP)):
                stated = f"{span} {agent.frequency}"
                message = (
                    f"the text gives {order.drug} {step.words}: the maintenance dose that sources state is {stated}"
                )
                hit = Hit(message, agent.sources, f"{order.pointer}/text", step.words)
                yield (hit if is_above else hit._replace(severity=Severity.ERROR)), is_above


_SLIP: Final = Fraction(9)
"""A dose so many times below the least is a slip of the point."""


class _Step(NamedTuple):
    """A dose of a text that comes again, how often a day, and its words; ``a_day`` is what its number was read as."""

    dose: Dose
    times: Fraction
    words: str
    a_day: Dose


def _steps(order: Order, subject: Subject) -> Iterator[_Step]:
    from rescuecalc.rules.facts.order_model.judged_order import judged_of  # noqa: PLC0415  # of an order with a text alone
    from rescuecalc.rules.facts.text.text_doses import all_of_drug  # noqa: PLC0415

    judged, text = judged_of(order, subject), order.texts["text"]
    own = order.quantity("dose", Dose)
    starts = [each.at for each in order.numbers_in_text()]
    for number in all_of_drug(judged, {"dose"}) if judged is not None else ():
        dose, end = number.quantity, number.at + len(number.text)
        if not isinstance(dose, Dose) or not dose.is_mass():
            continue
        behind = text[end : min([clause_at(text, number.at)[1], *(at for at in starts if at > end)])]
        times = exactly_daily(behind)
        whole = dose.times(Fraction(number.times if number.times != times else 1))
        is_other = number.times == 1 if own is None else not own.equals(whole)
        if times and (number.is_step or is_other):
            given = whole if own is not None else dose
            words = number.whole if number.whole and number.times != times else number.text
            yield _Step(given, times, f"{words}{behind}".strip(), whole)
        own = own or dose


def counted_words(order: Order) -> str:
    """Return the tablets that a text counts, as `10 tablets of 75 mg, `; empty where it counts none."""
    text = order.texts.get("text", "")
    for each in order.numbers_in_text():
        found = OF_TABLETS.search(text, 0, each.at) if each.is_count else None
        if found is not None:
            return f"{text[found.start() : each.at + len(each.text)]}, "
    return ""


_INTO_VEIN: Final = lazy_pattern(r" ?(?:IV|intravenous\w*)\b", re.IGNORECASE)
"""Behind a dose: no source held here states one of an oral agent by this route, so that none is compared."""


def _beside_other_drugs(subject: Subject) -> Iterator[Hit]:
    """Yield the doses above all that sources state of an antiplatelet that the text of another drug's order names."""
    for order, doses in beside_doses(subject):
        agent = subject.knowledge.bridging().antiplatelets.get(order.drug)
        spans = [each for each in (agent.load, agent.maintenance) if each is not None] if agent is not None else []
        for _, number, behind in doses if spans else ():
            dose = number.quantity
            if not isinstance(dose, Dose) or not dose.is_mass() or _INTO_VEIN.match(behind) is not None:
                continue
            if is_earlier(order.texts["text"], number.at):
                continue
            if agent is not None and all(dose.exceeds(each.high) for each in spans):
                message = f"the text gives {order.drug} {number.text}: sources state {' or '.join(map(str, spans))}"
                yield Hit(message, agent.sources, order.pointer, number.text)
            elif agent is not None and _is_above_a_day(dose, behind, agent):
                stated = f"the maintenance dose that sources state is {agent.maintenance} {agent.frequency}"
                message = f"the text gives {order.drug} {number.text}{behind.rstrip()}: {stated}"
                yield Hit(message, agent.sources, order.pointer, number.text)


_OFTEN: Final = lazy_pattern(
    r" ?(?:PO |NG |PR |orally )?(?P<often>(?:(?:once|twice|three times|four times) )?(?:daily|a day|per day)|"
    r"(?:every|each|q) ?(?:[0-9]{1,2} ?h(?:ours?|rs?)?\b|day|morning)|[bt]id|qid)\b(?![^;.]*\b(?:then|total)\b)",
    re.IGNORECASE,
)
"""Directly behind a dose: how often it is given."""


def _is_above_a_day(dose: Dose, behind: str, agent: Antiplatelet) -> bool:
    """Whether a dose that is given every day comes to more than the maintenance doses of a day."""
    often, span, usual = _OFTEN.match(behind), agent.maintenance, times_daily(agent.frequency or "")
    times = times_daily(often["often"]) if often is not None else None
    if span is None or usual is None or times is None:
        return False
    return dose.times(Fraction(times)).exceeds(span.high.times(Fraction(usual)))


def above_as_cap(subject: Subject) -> Iterator[Hit]:
    """Yield the caps of fields that lie above every load and maintenance dose that sources state of the agent."""
    for order, agent in antiplatelet_orders(subject):
        cap = order.quantity("max_dose", Dose)
        spans = [each for each in (agent.load, agent.maintenance) if each is not None]
        yield from _above_daily(order, agent, spans)
        if cap is not None and spans and cap.is_mass() and all(cap.exceeds(each.high) for each in spans):
            stated = " or ".join(map(str, spans))
            message = f"the most of {order.drug} is {cap}: sources state {stated}"
            yield Hit(message, agent.sources, order.at("max_dose"), cap.text or str(cap))


def _above_daily(order: Order, agent: Antiplatelet, spans: list[Span[Dose]]) -> Iterator[Hit]:
    """Yield a cap per time that allows more a day than any load and the maintenance doses of a day."""
    cap, often = order.quantity("max_dose_rate", DoseRate), times_daily(agent.frequency or "") or Fraction(1)
    if cap is None or not spans or not cap.is_mass():
        return
    most = max(span.high.value_in("mg") * (often if span is agent.maintenance else 1) for span in spans)
    if cap.value_in("mg/h") * _HOURS > most:
        found, stated = order.texts.get("max_dose_rate", str(cap)), " or ".join(map(str, spans))
        message = f"the most of {order.drug} is {found}: sources state {stated}"
        yield Hit(message, agent.sources, order.at("max_dose_rate"), found)


_HOURS: Final = 24
"""Of a day."""
