"""Amounts that the text of an infusion says in a time, which are its rate: `9.6 mL hourly`, `11.52 mg in 24 h`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.text.clauses import ahead
from rescuecalc.core.orders.text.free_text import time_at
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose, DosePerKg, DoseRate, DoseRatePerKg, PumpRate, Volume
from rescuecalc.core.quantities.units import unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.core.quantities.quantity import Duration, Quantity
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_IN_TIME: Final = lazy_pattern(
    r"(?: (?:IV|infused?|given|continuously))* ?(?P<per>in|per|/|every|each|q)? ?"
    r"(?:(?P<often>hourly|daily|(?:an? |1 )?(?:hour|hr|h|minute|min|day)\b)"
    r"|(?P<time>[0-9]{1,4}(?:\.[0-9]{1,2})? ?(?:min|minutes?|h|hrs?|hours?|days?)\b))"
    r"(?! (?:if|as|prn|until|later|after|before|intervals?)\b)",
    re.IGNORECASE,
)
"""Behind an amount: the time in which it is given, or how often."""
_ONE: Final = {"h": "1 h", "m": "1 min", "d": "1 day"}
_BY_DAY: Final = frozenset(("daily", "a day", "every day", "each day", "per day"))
"""So often an infusion is given again, or its rate is said by the day."""
_OTHER: Final = lazy_pattern(
    r"\b(?:again|another|repeat\w*|then|more|bolus|push|load\w*|if|when|flush\w*|increas\w*|rais\w*|titrat\w*|"
    r"reduc\w*|decreas\w*|lower\w*|step\w*|by)\b",
    re.IGNORECASE,
)
"""In the clause of an amount: it is given besides, or is a step."""
_RATE_OF: Final[dict[type[Quantity], tuple[str, type[Quantity]]]] = {
    Dose: (of.DOSE_RATE, DoseRate),
    DosePerKg: (of.DOSE_RATE_PER_KG, DoseRatePerKg),
    Volume: (of.PUMP_RATE, PumpRate),
}


def as_flow(one: Said, judged: SolvedOrder) -> Said:
    """Return an amount of an infusion's text as the rate that its time makes it, any other number as it is.

    What is said to be given in the order's own time is the whole, and what hangs so long may be its bag.
    """
    known = _RATE_OF.get(type(one.quantity))
    order = judged.order
    if known is None or not judged.system.is_infusion or order.frequency is not None or one.is_cap:
        return one
    text = order.texts.get("text", "")
    match = _IN_TIME.match(text, one.at + len(one.text))
    time = _time_of(match) if match is not None else None
    if match is None or time is None or known[0] not in judged.solution.bounds:
        return one
    is_own = _is_own_time(time, judged) or match[0].strip().lower() in _BY_DAY
    if (is_own and not repeats_rate(one, judged)) or _OTHER.search(ahead(text, one.at)) is not None:
        return one
    field, role = known
    rate = one.quantity.magnitude / time.value_in("h")
    whole = text[one.at : match.end()].rstrip()
    made = role(rate, unit(f"{one.quantity.unit.name}/h"), whole)
    return one._replace(field=field, quantity=made, text=whole, whole="", times=1, least=None)


def _time_of(match: re.Match[str]) -> Duration | None:
    often = match["often"]
    if match["time"]:
        return time_at(match["time"]) if match["per"] else None
    if often.lower() in {"hourly", "daily"}:
        return time_at(_ONE[often[0].lower()])
    return (
        time_at(_ONE[often.lower().removeprefix("an ").removeprefix("a ").removeprefix("1 ")[0]])
        if match["per"]
        else None
    )


def _is_own_time(time: Duration, judged: SolvedOrder) -> bool:
    known = judged.solution.bounds.get(of.TIME)
    return known is not None and known.holds(base_value(time)[0])


def repeats_rate(one: Said, judged: SolvedOrder) -> bool:
    """Whether an amount is the number of the order's own rate, of which its text leaves the hour out: `1440 units`."""
    known = _RATE_OF.get(type(one.quantity))
    field = judged.order.fields.get(known[0]) if known is not None and judged.system.is_infusion else None
    is_alike = field is not None and one.quantity.unit.parts[0] == field.unit.parts[0]
    return is_alike and field is not None and one.quantity.magnitude == field.magnitude


def rates_in_text(order: Order) -> Iterator[tuple[int, int]]:
    """Yield where the amounts of an infusion's text that a time makes its rate begin, and where that time ends."""
    text = order.texts.get("text", "") if order.given_as == "infusion" else ""
    for one in order.numbers_in_text() if text else ():
        match = _IN_TIME.match(text, one.at + len(one.text)) if type(one.quantity) in _RATE_OF else None
        if match is not None and _time_of(match) is not None:
            yield one.at, match.end()
