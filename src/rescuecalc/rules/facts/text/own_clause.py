"""What a clause that speaks of nothing but giving its order's drug says of how, in words that no dose follows from.

A rate, a share or a container can be told in more ways than a pattern for each could list, but few words beside them
leave it open what they are of. So each clause is asked whether all of its words are of giving.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.fluids import is_by_volume
from rescuecalc.core.orders.bounds import between
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import mention
from rescuecalc.core.orders.text.clauses import clause_at, sentence_at
from rescuecalc.core.orders.text.dose_words import NAME
from rescuecalc.core.orders.text.giving_words import COUNTED, GIVING, MULTIPLES, SETTINGS, SPEEDS
from rescuecalc.core.orders.text.text_words import CONDITION
from rescuecalc.core.orders.text.vocabulary import BAGS, SYRINGES, VIALS, any_word, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Duration, PumpRate, Volume, parsed
from rescuecalc.rules.facts.reference.product_label import container_volumes
from rescuecalc.rules.facts.text.own_numbers import RATES
from rescuecalc.rules.facts.text.route_in_text import is_of_giving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

_INFUSED: Final = frozenset({"infusion"})
_INJECTED: Final = frozenset({"bolus"})
_ANY: Final = frozenset({"infusion", "bolus", "dose", "load", "maintenance", ""})
_SHARES: Final = any_word(MULTIPLES)
_SPEEDS: Final = any_word(SPEEDS)
_COUNTED: Final = any_word(COUNTED)
_SUPPLIES: Final = any_word(BAGS, VIALS, SYRINGES)
NO_RATE: Final = "a rate without a number can be compared with no dose"
_WAYS: Final = (
    (_SPEEDS, NO_RATE, _INFUSED | _INJECTED),
    (_SHARES, "a multiple of a dose was compared with no dose", _ANY),
    (_COUNTED, "how much its containers hold was compared with no dose", _INFUSED | _INJECTED),
)
_SET: Final = lazy_pattern(
    rf"\b{one_of(SETTINGS)}(?: (?:of|is|to|at|on|auf|von|sur|\u00e0|de)| ?[:=])* ?"
    r"(?P<number>[0-9]{1,5}(?:\.[0-9]{1,3})?)(?= ?(?:$|,(?![0-9])|[;)\n]|\.(?:\s|$)))",
    re.IGNORECASE,
)
"""A number without a unit to which a pump is set, or that is drawn up."""
_UNITS: Final = ((of.PUMP_RATE, PumpRate, "mL/h"), (of.VOLUME, Volume, "mL"))
_MOST_ASKED: Final = 40


def in_own_clauses(order: Order, text: str, judged: SolvedOrder | None) -> Iterator[tuple[str, str]]:
    """Yield the words of clauses of nothing but giving the drug by which no dose follows, with why."""
    if is_by_volume(order.drug):
        return  # a fluid is run wide open, and by the bag
    for pattern, why, kinds in _WAYS:
        for match in islice(pattern.finditer(text), _MOST_ASKED) if order.given_as in kinds else ():
            if _is_of_giving(order, text, match) and not _is_explained(pattern, order, text, match):
                yield match[0], why
    for match in islice(_SET.finditer(text), _MOST_ASKED):
        if _is_of_giving(order, text, match) and not _is_known(match["number"], order, judged):
            yield match[0], "a number without a unit can be compared with no dose"


def _is_known(number: str, order: Order, judged: SolvedOrder | None) -> bool:
    """Whether a field has that number, or it is the flow or the volume that the fields come to, or a container's."""
    value = Fraction(number)
    ends = (end for each in order.spans.values() for end in (each.low, each.high))
    if any(each.magnitude == value for each in (*order.fields.values(), *ends)):
        return True
    if judged is None:
        return False
    results = (_is_result(name, parsed(role, f"{number} {unit}"), judged) for name, role, unit in _UNITS)
    return any(results) or value in container_volumes(order.drug, judged.subject.knowledge)


def _is_result(variable: str, quantity: Quantity, judged: SolvedOrder) -> bool:
    made = mention(variable, quantity, "text", "", judged.context.limits)
    known = judged.solution.bounds.get(variable)
    return known is not None and known.overlaps(between(made.value - made.rounding, made.value + made.rounding))


def _is_of_giving(order: Order, text: str, match: re.Match[str]) -> bool:
    begin, end = clause_at(text, match.start())
    beside = f"{text[begin : match.start()]} {text[match.end() : end]}"
    return all(each in GIVING or is_of_giving(each, order) for each in map(str.lower, NAME.findall(beside)))


def _is_explained(pattern: re.Pattern[str], order: Order, text: str, match: re.Match[str]) -> bool:
    """Whether words leave nothing open: a bolus without a time may be fast, and a share comes to a number beside it.

    That number is compared. An order for some patients may be half of that of others, and so may a part of one. So many
    bags beside a rate, and no word of giving them, are what the infusion needs.
    """
    if pattern is _SPEEDS:
        time = order.quantity("give_over", Duration)
        return order.given_as == "bolus" and (time is None or time.unit.name == "s")
    begin, end = clause_at(text, match.start())
    numbers = order.numbers_in_text()
    if pattern is _COUNTED and text[begin:end].strip() == match[0] and _SUPPLIES.search(match[0]) is not None:
        return order.given_as == "infusion" and not RATES.isdisjoint({*order.fields, *(each.field for each in numbers)})
    is_of_some = pattern is _SHARES and (
        bool(order.when) or CONDITION.search(text, sentence_at(text, begin)[0], begin) is not None
    )
    return is_of_some or any(begin <= each.at < end for each in numbers)
