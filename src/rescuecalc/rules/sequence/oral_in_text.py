"""Doses of an antiplatelet that its order's text mentions beside the dose of its field, and its cap."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.dose_words import NAME
from rescuecalc.core.orders.free_text import clause_at, elsewhere
from rescuecalc.core.orders.frequency import times_daily
from rescuecalc.core.quantities import wording
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose, DoseRate
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.facts.agents import antiplatelet_orders, text_dose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.bridging.antiplatelet import Antiplatelet
    from rescuecalc.core.literature.limits import Span
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


def above_in_text(subject: Subject) -> Iterator[Hit]:
    """Yield the doses of a text that lie above every load and maintenance dose that sources state of the agent."""
    yield from _beside_other_drugs(subject)
    for order, agent in antiplatelet_orders(subject):
        spans = [each for each in (agent.load, agent.maintenance) if each is not None]
        if agent.infused or not spans or "text" not in order.texts:
            continue
        from rescuecalc.rules.facts.order_model import judged_of  # noqa: PLC0415  # of an order with a text alone
        from rescuecalc.rules.facts.text_doses import all_of_drug, unclaimed_of_drug  # noqa: PLC0415

        only = text_dose(order, subject)
        judged, of_drug = judged_of(order, subject), unclaimed_of_drug if "dose" in order.fields else all_of_drug
        for said in of_drug(judged, {"dose", "max_dose"}) if judged is not None else ():
            if not isinstance(said.quantity, Dose) or not said.quantity.is_mass():
                continue
            dose, found = said.quantity.times(Fraction(said.times)), said.whole or said.text
            if only is not None and only.equals(dose):
                continue  # the one dose of a text is judged as the order's own
            if all(dose.exceeds(each.high) for each in spans):
                message = f"the text gives {order.drug} {found}: sources state {' or '.join(map(str, spans))}"
                yield Hit(message, agent.sources, f"{order.pointer}/text", found)


_INTO_VEIN: Final = lazy_pattern(r" ?(?:IV|intravenous\w*)\b", re.IGNORECASE)
"""Behind a dose: no source held here states one of an oral agent by this route, so that none is compared."""


def _beside_other_drugs(subject: Subject) -> Iterator[Hit]:
    """Yield the doses above all that sources state of an antiplatelet that the text of another drug's order names."""
    texts = [order for order in subject.order_set.orders if "text" in order.texts and not order.of]
    known = subject.knowledge.bridging().antiplatelets if texts else {}
    for order in texts:
        text = order.texts["text"]
        for said in (*order.numbers_in_text(), *elsewhere(text)):
            if said.field != "dose" or not isinstance(said.quantity, Dose) or not said.quantity.is_mass():
                continue
            drug = _named_beside(text[clause_at(text, said.at)[0] : said.at])
            is_judged = drug != order.drug and _INTO_VEIN.match(text, said.at + len(said.text)) is None
            agent = known.get(drug) if is_judged else None
            spans = [each for each in (agent.load, agent.maintenance) if each is not None] if agent is not None else []
            if agent is not None and spans and all(said.quantity.exceeds(each.high) for each in spans):
                message = f"the text gives {drug} {said.text}: sources state {' or '.join(map(str, spans))}"
                yield Hit(message, agent.sources, f"{order.pointer}/text", said.text)


def _named_beside(before: str) -> str:
    """Return the drug that the last word before a dose names: `aspirin 325 mg`, `clopidogrel PO 75 mg`."""
    words = [each for each in NAME.findall(before) if wording.folded(each) not in wording.ROUTE_OF]
    return drug_name(words[-1]) if words else ""


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
