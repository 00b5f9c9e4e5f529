"""When a thrombolysis was given: as it is said of the patient, or as an order of the set itself has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.rules.facts.agents import antiplatelet_orders, infused, of_class
from rescuecalc.rules.facts.concurrent_orders import both_given, end_of
from rescuecalc.rules.facts.reference.local_lysis import systemic
from rescuecalc.rules.facts.text.after_thrombolysis import since_thrombolysis

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Duration
    from rescuecalc.rules.base.knowledge import Subject


_LYSED_WORD: Final = lazy_pattern(
    r"\b(?:thrombolys\w*|thrombolytic\w*|lys(?:is|ed)|r?t-?PA|IVT|alteplase|tenecteplase|TNK)\b", re.IGNORECASE
)


class LysisTime(NamedTuple):
    """A thrombolysis that was given; ``at`` None: its time is not said.

    ``counted`` says from what moment of an order hours are counted, and is empty where the time is said of the patient.
    ``begins`` is the start of the first order of one, where hours are counted from its end.
    """

    at: Offset | None
    counted: str
    pointer: str
    begins: Offset | None = None

    def until(self, length: Duration) -> Offset | None:
        """Return the end of a time that has to pass after it, None where its own time is not said."""
        return None if self.at is None else self.at.plus(length)


def lysis_time(subject: Subject) -> LysisTime | None:
    """Return the thrombolysis of a set, None where none is said or ordered, nor said by an order to come after one.

    An order for one counts also where the patient is said to have had none.
    """
    stated = subject.order_set.thrombolysis
    ordered = systemic(of_class(subject, DrugClass.THROMBOLYTIC), subject)
    if stated is not None and stated.given:
        return LysisTime(stated.at, "", "/thrombolysis")
    if not ordered:
        return _of_orders(subject)
    timed = [(moment, order) for order in ordered if (moment := end_of(order) or order.start) is not None]
    if not timed:
        return LysisTime(None, "", ordered[0].pointer)
    at, last = max(timed, key=lambda each: each[0])
    begins = min((order.start for _, order in timed if order.start is not None), default=None)
    return LysisTime(at, _counted(at, last), ordered[0].pointer, begins)


def mentions_thrombolysis(subject: Subject) -> bool:
    """Whether an order, a condition or a text of the set says anything of a thrombolysis."""
    orders = subject.order_set.orders
    if of_class(subject, DrugClass.THROMBOLYTIC) or any(
        each.name == "thrombolysis" for order in orders for each in order.when
    ):
        return True
    texts = (*subject.order_set.texts.values(), *subject.order_set.stop_if)
    entries = (text for entry in subject.order_set.monitoring for text in entry.values())
    return any(
        _LYSED_WORD.search(text) for text in (*texts, *entries, *(order.texts.get("text", "") for order in orders))
    )


def hold_end(subject: Subject) -> Offset | None:
    """Return the end of the hold after a set's thrombolysis, None where there was none or its time is not said."""
    lysis = lysis_time(subject)
    return lysis.until(subject.knowledge.bridging().hold.length) if lysis is not None else None


def is_too_soon(order: Order, lysis: LysisTime, subject: Subject) -> bool:
    """Whether an inhibitor comes within the time after a thrombolysis in which a source advises against it (RC661).

    One that runs when the thrombolysis is given is as near to it.
    """
    drug = subject.knowledge.drugs.get(order.drug)
    wait = drug.after_thrombolysis if drug is not None else None
    if wait is None or lysis.at is None:
        return wait is not None
    start = order.start or Offset.start()
    return lysis.at <= start < lysis.at.plus(wait.time) or runs_at(order, lysis.at, subject)


def not_too_soon(subject: Subject) -> list[Order]:
    """Return the GP IIb/IIIa inhibitors that come at no time of which their own source says more (RC661)."""
    lysis = lysis_time(subject)
    return [each for each in infused(subject) if lysis is None or not is_too_soon(each, lysis, subject)]


def runs_at(order: Order, at: Offset, subject: Subject) -> bool:
    """Whether a drug has been started at a time, and its infusion is not over; one without an end goes on."""
    course = [each for each in subject.order_set.orders if each.drug == order.drug and each.given_as == "infusion"]
    ends = [end_of(each if each.start is not None else each._replace(start=Offset.start())) for each in course]
    last = max((end for end in ends if end is not None), default=None)
    is_over = bool(ends) and None not in ends and last is not None and last <= at
    return (order.start or Offset.start()) < at and bool(course) and not is_over


def is_chosen_instead(order: Order, subject: Subject) -> bool:
    """Whether a set orders its thrombolysis only in place of an inhibitor: no patient gets both."""
    ordered = of_class(subject, DrugClass.THROMBOLYTIC) if subject.order_set.thrombolysis is None else []
    return bool(ordered) and not any(both_given(order, each) for each in ordered)


def _of_orders(subject: Subject) -> LysisTime | None:
    """Return the thrombolysis that an inhibitor's or an antiplatelet's order says to have been given before it."""
    inhibitors = infused(subject)
    for order in (*inhibitors, *(each for each, _ in antiplatelet_orders(subject))):
        since = since_thrombolysis(order, subject)
        if since is not None:
            start = order.start or (Offset.start() if order in inhibitors else None)
            at = start.minus(since.length) if start is not None and since.length is not None else None
            return LysisTime(at, "", since.pointer)
    return None


def _counted(at: Offset, order: Order) -> str:
    moment = "the end" if order.start is None or order.start < at else "the start"
    return f" (counted from {moment} of {order.drug} at {at.spoken})"


def length_between(later: Offset, earlier: Offset) -> str:
    """Return the time from one moment to a later one in words, without a sign."""
    return Offset(later.seconds - earlier.seconds).spoken.removeprefix("+")
