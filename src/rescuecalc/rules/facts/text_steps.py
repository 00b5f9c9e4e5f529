"""What an order's text alone prescribes in several numbers: the ends of a range, and steps that follow each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.solution import solution
from rescuecalc.rules.facts.order_model import judged_made
from rescuecalc.rules.facts.text_mentions import RATES, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.mention import Mention
    from rescuecalc.rules.facts.solved_order import SolvedOrder

_PRESCRIBED: Final = (of.DOSE_PER_KG, of.DOSE_RATE_PER_KG)


def ends(judged: SolvedOrder) -> Iterator[SolvedOrder]:
    """Yield an order at either end of the range of doses that its text says: each of them may be given."""
    for each in judged.system.mentions:
        if each.place == "text" and each.span is not None and each.span.high and each.variable in _PRESCRIBED:
            for value in (each.span.low, each.span.high):
                end = each._replace(value=value, span=None)
                system = judged.system.replaced(each, end)
                yield judged._replace(system=system, solution=solution(system))


def steps(judged: SolvedOrder) -> Iterator[SolvedOrder]:
    """Yield each rate per kg of a text that says several: what no step of the drug has is wrong whichever it is."""
    order = judged.order
    if (order.coded and order.fields) or judged.found or any(judged.system.has(name) for name in RATES):
        return
    rates = [each for each in spoken(judged) if each.mention.variable == of.DOSE_RATE_PER_KG]
    for each in rates:
        if each.sure and (each.said.given or each.said.is_step) and not each.said.is_cap:
            yield _alone(each.mention, judged)


def _alone(rate: Mention, judged: SolvedOrder) -> SolvedOrder:
    order = judged.order._replace(kind="infusion", load=True, fields={})
    made = judged_made(order, judged.subject)
    system = made.system.with_mention(rate)
    return made._replace(system=system, solution=solution(system))
