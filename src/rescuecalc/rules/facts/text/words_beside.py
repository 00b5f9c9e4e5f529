"""What the texts of an order set say of how a drug is given beside an order's `text`: each is read like that text.

A drug's name, a product or a criterion has a reader of its own, which takes what it knows. What is left over is read by
people all the same: `run at 96 mL/h` behind a product sets the pump.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.condition_text import IMAGING
from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.prose import HEADINGS, headings, watched_texts
from rescuecalc.core.orders.text.field_frequency import frequency_in_words
from rescuecalc.core.orders.text.free_text import elsewhere, said
from rescuecalc.core.orders.text.vocabulary import PAST, any_word
from rescuecalc.core.quantities.label_strength import strength
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


class Words(NamedTuple):
    """Words of a text, where it stands, what it is called, and the orders that they may speak of."""

    pointer: str
    name: str
    text: str
    orders: tuple[Order, ...]


_SUPPLIES: Final = {"drug": "drug", "product": "product", "diluted_in": "diluent"}
"""Fields that say what is in a container: an amount or a volume there is what it holds."""
_HELD: Final = frozenset(("dose", "volume", "concentration"))
_ACTED: Final = lazy_pattern(
    r"\b(?:doubl|tripl|increas|rais|repeat|again|another|second|restart|resum|infus|bolus|pump|rate|push|titrat)",
    re.IGNORECASE,
)
"""Words of giving: a text of what is watched says nothing of a dose without them, or a number."""
_TIMES: Final = lazy_pattern(r"\b(?:doubl|tripl|quadrupl|twice|thrice|repeat|half|again)", re.IGNORECASE)
"""A multiple of a dose that has no digit."""
_PAST: Final = any_word(PAST)
_NUMBERED: Final = lazy_pattern(r"[A-Za-z]{1,16}[ _#-]?[0-9]{1,9}", re.ASCII)
"""A name that counts sets, as `patient 12`: it gives nothing, and each row of a file has one."""
_AFTER: Final = lazy_pattern(r"after [0-9]", re.IGNORECASE)
"""A criterion that is a time: of the infusion's end."""


def words_beside(subject: Subject) -> Iterator[Words]:
    """Yield the words beside the orders' texts that may say how a drug is given."""
    for order in subject.order_set.orders:
        if not order.of and not order.coded:
            yield from _of_order(order)
    own = tuple(each for each in subject.order_set.orders if not each.of)
    inhibitors = tuple(each for each in own if subject.knowledge.is_gp_inhibitor(each.drug))
    lysis = tuple(each for each in own if subject.knowledge.is_thrombolytic(each.drug))
    orders = inhibitors or lysis
    if orders and len({each.drug for each in orders}) == 1:
        yield from _of_set(orders, subject)


def _of_order(order: Order) -> Iterator[Words]:
    for field, name in _SUPPLIES.items():
        text = order.texts.get(field, "")
        rest = _without_held(text) if _has_digit(text) else ""
        if _has_digit(rest) and not (field == "drug" and _is_strength(rest, order)):
            yield Words(f"{order.pointer}/{field}", name, rest, (order,))
    for pointer, name, text in _of_course(order):
        if _has_digit(text) and _gives(text):
            yield Words(f"{order.pointer}/{pointer}", name, text, (order,))


_BARE_STRENGTH: Final = lazy_pattern(r"[^0-9]{1,60}?[0-9]{2,4}(?:[ -][A-Za-z. -]{0,30})?", re.ASCII)


def _is_strength(name: str, order: Order) -> bool:
    """Whether the one bare number of a drug's name is how strong its tablet is: `ASS 100`, beside a dose in mass."""
    is_taken = order.given_as in {"", "dose"} and "dose" in order.fields
    return is_taken and _BARE_STRENGTH.fullmatch(name) is not None and not _gives(name)


def _of_course(order: Order) -> Iterator[tuple[str, str, str]]:
    often = order.texts.get("frequency", "")
    if frequency_in_words(often) == often:  # a count such as `1 g\u00e5ng dagligen` is no amount
        yield "frequency", "frequency", often
    yield "prn", "prn", order.texts.get("prn", "")
    yield from (("when/imaging", "condition", each.text) for each in order.when if each.name == IMAGING)


def _of_set(orders: tuple[Order, ...], subject: Subject) -> Iterator[Words]:
    made = subject.order_set
    for pointer, text in headings(made):
        is_of_dose = _has_digit(text) or _TIMES.search(text) is not None
        if is_of_dose and _NUMBERED.fullmatch(text) is None and not _is_past(text, orders[0].drug):
            yield Words(pointer, HEADINGS[pointer], plain_text(text), orders)
    for pointer, text in watched_texts(made):
        is_stop = pointer.startswith("/stop_if")
        is_action = _acts(text) if pointer.endswith("/then") else not is_stop and _sets(text)
        if is_action or (is_stop and (_has_digit(text) or _ACTED.search(text) is not None)):
            words = f"stop {text}" if is_stop and _AFTER.match(text) is not None else text
            yield Words(pointer, "stop criterion" if is_stop else "monitoring", plain_text(words), orders)


_WHILE: Final = lazy_pattern(r"\b(?:while|during|until|till|throughout|as long as|after|of)\b[^,;.]*", re.IGNORECASE)
"""How long a check comes again: an infusion that is named there is no action."""


def _acts(text: str) -> bool:
    """Whether what follows a check gives anything: how often the check comes again is the check's own."""
    return _ACTED.search(_WHILE.sub("", text)) is not None or _gives(text)


def _sets(text: str) -> bool:
    """Whether a check says at which rate the pump runs, or for which weight: a dose may be explained there."""
    if not _has_digit(text) or _COMPARED.search(text) is not None:
        return False
    return any(each.field in _SET for each in said(plain_text(text)))


_SET: Final = frozenset(("pump_rate", "dose_rate", "dose_rate_per_kg", "weight"))
_COMPARED: Final = lazy_pattern(
    r"[<>\u2264\u2265]|\b(?:if|above|below|over|under|less|more|gain|loss|chang\w*|urine|output|fluids?|clearance|CrCl|e?GFR)\b",
    re.IGNORECASE,
)
"""A number of a check that something else is compared with."""


def _is_past(text: str, drug: str) -> bool:
    """Whether a heading names a dose that was given: `rescue after tirofiban 0.4 mcg/kg/min`."""
    before = re.search(rf"\b(?:after|before|despite|on|from) {re.escape(drug)}\b", text, re.IGNORECASE)
    return before is not None or _PAST.search(text) is not None


def _has_digit(text: str) -> bool:
    return any(each.isdigit() for each in text)


def _gives(text: str) -> bool:
    """Whether a text says an amount or a rate, and not only how often or how long."""
    return any(each.field not in {"run_time", "give_over", "weight"} for each in (*said(text), *elsewhere(text)))


def _without_held(text: str) -> str:
    """Return the text of a supply without the amounts and volumes that it holds: blanks stand in their place."""
    text = text.lower() if text.isupper() else text
    label = strength(text)
    rest = text.replace(label.text, " ") if label is not None else text
    for each in sorted((*said(rest), *elsewhere(rest)), key=lambda one: -one.at):
        if each.field in _HELD:
            rest = f"{rest[: each.at]} {rest[each.at + len(each.text) :]}"
    return rest
