"""A set whose name or indication states another dose than its orders give."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.prose import HEADINGS, headings
from rescuecalc.core.orders.text.free_text import time_at
from rescuecalc.core.orders.text.vocabulary import ALTERNATIVES, AVOIDED, ENDED, NEGATIONS, PAST, WITHHELD, any_word
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.rule import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.core.quantities.quantity import Duration, Quantity
    from rescuecalc.rules.base.knowledge import Subject

_OF_DOSE: Final = (
    *(*NEGATIONS, *AVOIDED, *WITHHELD, *ENDED, *PAST, *ALTERNATIVES, "home", "takes", "taking", "if", "unless", "vs"),
    *("versus", "compared", "existing", "maintained"),
)
_NOT_ORDERED: Final = any_word(_OF_DOSE, "after", "before", "despite", "on", r"fail\w*", "from")
"""In a heading, ahead of a dose: it is one that the patient has had, or another patient's."""
_NOT_NOW: Final = any_word(_OF_DOSE)
"""The same behind a dose, where `after failed thrombectomy` says when it is given."""


def heading_doses(subject: Subject) -> Iterator[Hit]:
    """Yield the doses of a set's name and indication that no order of the drug gives, where one states another."""
    if not any(each.isdigit() for _, text in headings(subject.order_set) for each in text):
        return
    from rescuecalc.rules.facts.text.set_texts import named_doses  # noqa: PLC0415  # of few sets

    yield from _length(subject)
    drugs = {order.drug for order in subject.order_set.orders}
    for pointer, text in ((pointer, plain_text(written)) for pointer, written in headings(subject.order_set)):
        for named in named_doses(text, subject.knowledge):
            if _NOT_ORDERED.search(text[: named.said.at]) or _NOT_NOW.search(text[named.said.at :]):
                continue
            drug = named.drug or (next(iter(drugs)) if len(drugs) == 1 else "")
            own = [order for order in subject.order_set.orders if order.drug == drug]
            stated = [each for order in own if (each := _stated(order, named.said)) is not None]
            is_clear = named.said.given and not named.said.doubtful
            if stated and is_clear and not _agrees(named.said, stated, own, subject):
                message = f"the {HEADINGS[pointer]} states {named.said.text} of {drug}, and its orders {stated[0]}"
                yield Hit(message, (), pointer, named.said.text, str(stated[0]) if len(stated) == 1 else None)


_LENGTH: Final = lazy_pattern(r"(?:,|\bfor|\bover|\() ?(?P<length>[0-9]{1,3} ?(?:h|hours?|days?))\)?$", re.IGNORECASE)
"""At the end of a name: how long its infusion runs."""
_WINDOW: Final = any_word(
    *("within", "window", "onset", "up to", "first", "less than", "last", r"every\w*"),
    *("then", "followed", "DAPT", "oral", r"antiplatelet\w*"),
)


def _length(subject: Subject) -> Iterator[Hit]:
    """Yield how long an infusion runs by the name of its set, where no infusion runs for so long."""
    name = subject.order_set.texts.get("order_set", "")
    match = _LENGTH.search(name)
    length = time_at(match["length"]) if match is not None and _WINDOW.search(name) is None else None
    runs = [(each, lasts) for each in subject.order_set.orders if each.given_as == "infusion" and (lasts := each.lasts)]
    if match is None or length is None or not runs or any(_lasts(each, length) for each, _ in runs):
        return
    if length.value_in("s") == sum(lasts.value_in("s") for _, lasts in runs):
        return  # a load and what follows it
    message = f"the {HEADINGS['/order_set']} states {match['length']}, and its infusion runs {runs[-1][1]}"
    yield Hit(message, (), "/order_set", match["length"], str(runs[0][1]) if len(runs) == 1 else None)


def _lasts(order: Order, length: Duration) -> bool:
    """Whether an order may run for so long, by its run time or the range of it."""
    ends, lasts = order.spans.get("run_time"), order.lasts
    low, high = (ends.low, ends.high) if ends is not None else (lasts, lasts)
    return low is not None and high is not None and low.value_in("s") <= length.value_in("s") <= high.value_in("s")


def _stated(order: Order, number: Said) -> Quantity | None:
    """Return what a field of an order states of the same kind as a dose of a text."""
    field = order.fields.get(number.field)
    return (
        field
        if field is not None and field.unit.parts[0].dimension == number.quantity.unit.parts[0].dimension
        else None
    )


def _agrees(number: Said, stated: list[Quantity], own: list[Order], subject: Subject) -> bool:
    """Whether a dose is that of an order or of its text, lies in a range, or is the sum of the orders' parts."""
    unit, slack = number.quantity.unit.name, subject.knowledge.limits.deviation_factor
    low, high = (number.least or number.quantity).value_in(unit) / slack, number.quantity.value_in(unit) * slack
    values = [each.value_in(unit) for each in stated]
    in_texts = (each.quantity for order in own for each in order.numbers_in_text() if each.field == number.field)
    values += [
        sum(values, Fraction(0)),
        *(each.value_in(unit) for each in in_texts if each.unit.parts[0] == number.quantity.unit.parts[0]),
    ]
    ends = (order.spans.get(number.field) for order in own)
    is_in_range = any(each.low.value_in(unit) <= high and low <= each.high.value_in(unit) for each in ends if each)
    return is_in_range or any(low <= each <= high for each in values)
