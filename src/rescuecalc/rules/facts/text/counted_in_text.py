"""Tablets and containers that a text counts without saying what is in them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.free_text import elsewhere, said, time_at
from rescuecalc.core.orders.text.giving_words import LASTING
from rescuecalc.core.orders.text.text_words import ARE_TABLETS
from rescuecalc.core.orders.text.vocabulary import BAGS, TABLETS, VIALS, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.core.regimen.product import ProductUse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.bridging.antiplatelet import Antiplatelet
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_CONTAINER: Final = one_of(BAGS, VIALS)
_WHOLE: Final = lazy_pattern(
    rf"\b(?:(?:give|administer|inject) (?:the|an?|[0-9]{{1,3}})|half(?: of)?(?: the| an?)?) {_CONTAINER}\b"
    r"(?! ?(?:\(|of\b|from\b|[0-9]))",
    re.IGNORECASE,
)
_COUNT: Final = lazy_pattern(
    rf"(?<![\w.,/-])([0-9]{{1,3}}) {_CONTAINER}\b(?! of\b)"
    rf"|{_CONTAINER} ?[:=] ?([0-9]{{1,3}})\b(?!\.?[0-9]| ?(?:mL|m?c?g|units?)\b)",
    re.IGNORECASE,
)
_HUNG: Final = lazy_pattern(
    rf"(?:(?:(?<![\w.,/])(?P<count>[0-9]{{1,2}}) (?:new |fresh )?)?{_CONTAINER}(?: ?(?:/|per\b|an?\b|every|each))?|"
    rf"(?<![\w.,/])(?P<volume>[0-9]{{1,5}}) ?mL(?= (?!hourly))) ?(?:IV )?{one_of(LASTING)}? ?"
    r"(?P<number>[0-9]{1,4}(?:\.[0-9]{1,2})?)? ?(?P<unit>h|hrs?|hours?|hourly|heures?|std|stunden?|"
    r"st\u00fcndlich|min|minutes?|minuten)\b",
    re.IGNORECASE,
)
_PIECES: Final = lazy_pattern(
    rf"(?<![\w.,/#-])([0-9]{{1,3}}) ?{one_of(TABLETS)}\b|\b{one_of(TABLETS)}"
    r" ?[x\u00d7*] ?([0-9]{1,3})\b"
    r"(?! ?(?:mc?g|g|days?|weeks?|months?)\b)",
    re.IGNORECASE,
)
_THEN_DAILY: Final = lazy_pattern(
    r"\W{0,3}(?:take )?(?:1|one|half|a half)(?: tab(?:let)?| pill)?(?: a| each| every| once| per)? ?"
    r"(?:daily|day|morning|od)\b",
    re.IGNORECASE,
)
"""Behind a count: how many of them are taken, so that they are a supply."""
_DAILY: Final = lazy_pattern(
    rf"(?<![\w.,/-])(?P<count>[0-9]{{1,2}}) ?{one_of(TABLETS)}(?: PO| by mouth)?"
    r"(?: once| each| every| a| per)? ?(?:daily|day)\b(?! ?[0-9])",
    re.IGNORECASE,
)
"""How many tablets the dose of every day are."""
_HANDED_OUT: Final = lazy_pattern(r"\b(?:dispens\w*|suppl\w*|refill\w*|qty|quantity|stock|per|each)\b", re.IGNORECASE)
_MOST_ASKED: Final = 40

_NO_AMOUNT: Final = "their strength is not stated, so that no dose was compared"


def counted(judged: SolvedOrder) -> Iterator[tuple[str, str]]:
    """Yield the tablets, and the containers, that a text gives beyond its order's dose, and why they are told."""
    order, text = judged.order, judged.order.texts.get("text", "")
    if order.given_as == "bolus":
        yield from ((each[0], _NO_AMOUNT) for each in _asked(_WHOLE, text))
        counts = _asked(_COUNT, text)
        yield from ((each[0], _NO_AMOUNT) for each in counts if _is_more_than_needed(int(each[1] or each[2]), judged))
    elif order.given_as == "infusion":
        why = "a container in that time runs faster than the order's rate"
        rates = {each.at for each in order.numbers_in_text() if each.field == "pump_rate"}
        hung = (each for each in _asked(_HUNG, text) if each.start("volume") not in rates)
        yield from ((each[0], why) for each in hung if _runs_faster(each, judged))
    else:
        yield from _pieces(judged)


def _asked(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    for place, match in enumerate(pattern.finditer(text)):
        if place >= _MOST_ASKED:
            return
        before = text[clause_at(text, match.start())[0] : match.start()]
        if not any(each.search(before) for each in (words.DENIED, words.PREPARED, words.CHECKED)):
            yield match


def _is_more_than_needed(count: int, judged: SolvedOrder) -> bool:
    """Whether fewer of the smallest containers hold the order's dose, its most where it is a span."""
    amounts = [base_value(each.amount)[0] for each in judged.subject.knowledge.products_of(judged.order.drug)]
    dose = judged.solution.bounds.get(of.DOSE)
    if dose is None or not amounts:
        return count > 1
    return (count - 1) * min(amounts) >= (dose.low if dose.high is None else dose.high)


def _runs_faster(match: re.Match[str], judged: SolvedOrder) -> bool:
    """Whether the smallest bag in the time that is said runs faster than the order, or its rate is not known."""
    own = judged.subject.knowledge.products_of(judged.order.drug)
    volumes = [base_value(each.volume)[0] for each in own if ProductUse.INFUSION in each.serves]
    if match["volume"] is not None and volumes:
        volumes = [Fraction(match["volume"])]
    rate = judged.solution.bounds.get(of.PUMP_RATE)
    time = time_at(f"{match['number'] or 1} {'min' if match['unit'].lower().startswith('m') else 'h'}")
    if not volumes or rate is None or rate.high is None or time is None:
        return bool(volumes)
    flow = min(volumes) * int(match["count"] or 1) / base_value(time)[0]
    return flow > rate.high * judged.context.limits.deviation_factor


def _pieces(judged: SolvedOrder) -> Iterator[tuple[str, str]]:
    order, text = judged.order, judged.order.texts.get("text", "")
    agent = judged.subject.knowledge.bridging().antiplatelets.get(order.drug)
    amounts = [each.at for each in (*order.numbers_in_text(), *elsewhere(text)) if each.field in {"dose", "max_dose"}]
    for match in _asked(_PIECES, text) if agent is not None and agent.maintenance is not None else ():
        begin, end = clause_at(text, match.start())
        count = int(match[1] or match[2])
        is_stock = _HANDED_OUT.search(text[begin:end]) is not None or _THEN_DAILY.match(text, match.end()) is not None
        is_read = match[1] is not None and any(begin <= at < end for at in amounts)
        if agent is not None and not (is_stock or is_read) and count and not _may_be(count, order, agent):
            yield match[0], _NO_AMOUNT


def _may_be(count: int, order: Order, agent: Antiplatelet) -> bool:
    """Whether so many tablets are a dose of the order: each holds half a maintenance dose or more, as is sold."""
    dose = order.quantity("dose", Dose)
    named = [each.quantity for each in said(f"{order.texts.get('drug', '')}; {order.texts.get('product', '')}")]
    strengths = [each for each in named if isinstance(each, Dose) and each.is_mass()]
    in_text = [] if dose is not None else list(_strengths_in_text(order))
    if in_text and not strengths and count == 1:
        return True  # that one tablet is the dose of the text
    strengths = strengths or in_text
    spans = [each for each in (agent.load, agent.maintenance) if each is not None]
    if dose is not None and dose.is_mass() and strengths:
        return _mass(strengths[0]) * count <= _mass(dose)
    if dose is not None and dose.is_mass() and agent.maintenance is not None:
        daily = _DAILY.search(order.texts.get("text", "")) if agent.load is not None else None
        a_day = int(daily["count"]) if daily is not None else 0
        if agent.load is not None and 0 < a_day < count:  # more than those of every day are the load
            if order.texts.get("frequency", "once") == "once" and _is_split_load(dose, count, a_day, agent):
                return True
            is_load = _mass(dose) / a_day * count <= _mass(agent.load.high)
            return is_load and _may_be(a_day, order, agent)
        return _mass(dose) * 2 >= _mass(agent.maintenance.low) * count
    return bool(strengths) and any(_mass(strengths[0]) * count <= _mass(span.high) for span in spans)


def _is_split_load(dose: Dose, count: int, a_day: int, agent: Antiplatelet) -> bool:
    """Whether a dose is a load of ``count`` tablets, of which ``a_day`` are a maintenance dose."""
    if agent.load is None or agent.maintenance is None:
        return False
    daily = _mass(dose) / count * a_day
    is_load = _mass(agent.load.low) <= _mass(dose) <= _mass(agent.load.high)
    return is_load and _mass(agent.maintenance.low) <= daily <= _mass(agent.maintenance.high)


def _strengths_in_text(order: Order) -> Iterator[Dose]:
    text = order.texts.get("text", "")
    for each in order.numbers_in_text():
        is_piece = isinstance(each.quantity, Dose) and ARE_TABLETS.match(text, each.at + len(each.text)) is not None
        if is_piece and isinstance(each.quantity, Dose) and each.quantity.is_mass():
            yield each.quantity


def _mass(dose: Dose) -> Fraction:
    return base_value(dose)[0]
