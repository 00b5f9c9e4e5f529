"""RC664: a thrombolysis that is given twice: two drugs, one drug again, or a part of its dose again."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.clauses import ahead
from rescuecalc.core.orders.text.frequency import is_as_needed, is_known_to_recur
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.agents import infused
from rescuecalc.rules.facts.concurrent_orders import both_given, itself, pairs
from rescuecalc.rules.facts.reference.local_lysis import is_into_artery, systemic
from rescuecalc.rules.facts.reference.stroke_set import Purpose, purpose_of
from rescuecalc.rules.facts.text.frequency_in_text import frequency_in_text
from rescuecalc.rules.facts.text.set_texts import beside_doses
from rescuecalc.rules.facts.thrombolytic_parts import PARTS, thrombolytics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


def _two(subject: Subject) -> Iterator[Hit]:
    ordered = systemic(thrombolytics(subject), subject)
    for order in ordered:
        frequency = frequency_in_text(order) if "text" in order.texts else None
        of_text = ("text", frequency.words) if frequency is not None and frequency.recurs else None
        of_field = ("frequency", order.frequency) if is_known_to_recur(order.frequency) else None
        of_need = ("prn", order.texts["prn"]) if is_as_needed(order.texts.get("prn")) else None
        found = of_field or of_text or of_need
        if found is not None:
            place, often = found
            message = f"{order.drug} is given again and again ({often}): no source gives it twice"
            yield Hit(message, (), order.at(place), often, "once")
            return
    for one, other in pairs(ordered, itself):
        if one.drug != other.drug and both_given(one, other):
            names = " and ".join(sorted((one.drug, other.drug)))
            yield Hit(f"two thrombolytics, {names}, are ordered together", (), other.pointer, names)
            return
        in_artery = any(is_into_artery(each, subject) for each in (one, other))
        if not in_artery and _is_again(one, other, subject) and both_given(one, other):
            message = f"{one.drug} is ordered twice: its dose is given once, in one bolus{_rest_of(one, subject)}"
            yield Hit(message, (), other.pointer, one.drug)
            return


_ALTERNATIVE: Final = lazy_pattern(r"\balternative\b", re.IGNORECASE)
"""Before a dose: it is given in place of the order's, `TNK alternative: 0.25 mg/kg`."""


def _before_or_in_text(subject: Subject) -> Iterator[Hit]:
    """Yield an ordered thrombolytic for a patient who has had one, and another one that its text gives."""
    ordered = systemic(thrombolytics(subject), subject)
    thrombolysis = subject.order_set.thrombolysis
    at = thrombolysis.at if thrombolysis is not None and thrombolysis.given else None
    if at is not None and any(_is_itself(order, at, subject) for order in ordered):
        at = None  # the orders are that thrombolysis itself, whose infusion follows its bolus
    for order in ordered:
        is_later = at is not None and at < Offset.start() and (order.start is None or order.start > at)
        if is_later and (order.start is not None or not infused(subject)):
            message = f"{order.drug} is ordered for a patient who had a thrombolysis at {at}: no source gives it twice"
            yield Hit(message, (), order.pointer, order.drug)
            return
    places = {f"{order.pointer}/text": order for order in ordered if "text" in order.texts}
    for other, doses in beside_doses(subject) if places else ():
        own = places.get(other.pointer)
        if all(_ALTERNATIVE.search(ahead(other.texts["text"], each.said.at)) is not None for each in doses):
            continue  # one of the two is given
        if own is not None and other.drug != own.drug and subject.knowledge.is_thrombolytic(other.drug):
            names = " and ".join(sorted((own.drug, other.drug)))
            yield Hit(f"two thrombolytics, {names}, are ordered together", (), other.pointer, names)
            return


def _is_itself(order: Order, at: Offset, subject: Subject) -> bool:
    """Whether an order is the thrombolysis that is said of the patient: given before the set, at about its time."""
    if order.start is None or order.start >= Offset.start():
        return order.start == at
    gap = subject.knowledge.limits.longest_gap
    return order.start.minus(gap) <= at <= order.start.plus(gap)


def _given_twice(subject: Subject) -> Iterator[Hit]:
    yield from islice(chain(_two(subject), _before_or_in_text(subject)), 1)


def _rest_of(order: Order, subject: Subject) -> str:
    known = subject.knowledge.agent_facts().thrombolytics[order.drug]
    return "" if known.is_one_bolus else " and one infusion"


def _is_again(one: Order, other: Order, subject: Subject) -> bool:
    """Whether a part of a thrombolytic's dose is given twice; in other indications than a stroke there are such."""
    known = subject.knowledge.agent_facts().thrombolytics.get(one.drug)
    dosed = all({"dose", "dose_per_kg"} & each.fields.keys() for each in (one, other))
    if known is None or one.drug != other.drug or not dosed:
        return False
    if known.is_one_bolus:
        return True
    roles = {part.order.pointer: part.role for part in PARTS.of(subject) if not part.in_text}
    is_same = roles.get(one.pointer) is roles.get(other.pointer) is not None
    return is_same and purpose_of(subject).purpose in {Purpose.STROKE, Purpose.UNSAID}


_REST: Final = "drug: alteplase, route: IV, kind: infusion, dose: 64.8 mg, run_time: 60 min"

_TNK: Final = "drug: tenecteplase, route: IV, kind: bolus, dose: 20 mg"

RULES = (
    declared(
        "RC664",
        "two-thrombolytics",
        Severity.ERROR,
        _given_twice,
        "thrombolytics",
        checks="Two thrombolytics for one patient, tenecteplase, a bolus or an infusion of alteplase twice, or a "
        "thrombolytic with a frequency.",
        why="No source gives two.",
        fails=example_set(_TNK, _REST),
        passes=example_set(*(f"{each}, choose_one: lysis" for each in (_TNK, _REST))),
        remedy="Remove one, or put both into one `choose_one` group.",
        limits="Alternatives of which one is given are not a pair. Alteplase twice only in a set for a stroke, or for "
        "nothing that is said.",
    ),
)
