"""RC6: doses of antiplatelets that no source states."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.bridging.antiplatelet import ASPIRIN, P2Y12
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.order_field import ADMINISTERED
from rescuecalc.core.orders.text.frequency import exactly_daily, is_known_to_recur, times_daily
from rescuecalc.core.quantities.quantity import Dose
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.agents import antiplatelet_orders, text_dose
from rescuecalc.rules.facts.analgesic_use import analgesic_use
from rescuecalc.rules.facts.combined_dose import combined_dose
from rescuecalc.rules.facts.reference.stroke_set import purpose_of
from rescuecalc.rules.facts.text.frequency_in_text import place_of_frequency, with_text_frequency
from rescuecalc.rules.sequence.bridge import timed_orders
from rescuecalc.rules.sequence.oral_in_text import above_as_cap, above_in_text, counted_words, steps_in_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.bridging.antiplatelet import Antiplatelet
    from rescuecalc.core.literature.limits import Span
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.combined_dose import CombinedDose

_BY_MOUTH: Final = frozenset({"", "PO", "NG"})


def _timed(subject: Subject) -> Iterator[tuple[Order, Antiplatelet]]:
    """Yield the antiplatelets that are planned, each as often as its field says, else its text."""
    return ((with_text_frequency(order), agent) for order, agent in timed_orders(subject))


def _ranges(subject: Subject) -> Iterator[tuple[Order, Dose, Span[Dose], Hit]]:
    for order, agent in _timed(subject):
        dose = order.quantity("dose", Dose)
        span, purpose = (agent.load, "load") if order.frequency is None else (agent.maintenance, "maintenance dose")
        if order.route not in _BY_MOUTH:
            span, purpose = (agent.rectal if order.route == "PR" else None), f"{order.route} dose"
        if dose is None or not dose.is_mass() or analgesic_use(order, subject):
            continue
        if span is None:
            yield from _above_load(order, dose, agent)
            continue
        if span.holds(dose) or (ADMINISTERED in order.texts and agent.maintenance and agent.maintenance.holds(dose)):
            continue
        is_by_mouth = order.route in _BY_MOUTH and agent.load is not None
        if (
            is_by_mouth
            and agent.load is not None
            and agent.load.holds(dose)
            and (not is_known_to_recur(order.frequency or "daily") or dose.exceeds(span.high))
        ):
            continue  # of `on arrival` it is not said whether it comes again; a load that does is RC633's
        message = f"{order.drug} {dose} is outside of the {purpose} that sources state, {span}"
        yield order, dose, span, Hit(message, agent.sources, order.at("dose"), str(dose), str(span))
    yield from _of_texts(subject)


def _above_load(order: Order, dose: Dose, agent: Antiplatelet) -> Iterator[tuple[Order, Dose, Span[Dose], Hit]]:
    """Yield a repeated dose above the load of an agent of which no maintenance dose is held."""
    if (
        order.route in _BY_MOUTH
        and agent.maintenance is None
        and agent.load is not None
        and dose.exceeds(agent.load.high)
    ):
        message = (
            f"{order.drug} {dose} {order.frequency} is above every dose that sources state, a load of {agent.load}"
        )
        yield order, dose, agent.load, Hit(message, agent.sources, order.at("dose"), str(dose))


def _of_texts(subject: Subject) -> Iterator[tuple[Order, Dose, Span[Dose], Hit]]:
    """Yield the doses that a text alone says, and that are neither a load nor a maintenance dose of the drug."""
    for order, agent in antiplatelet_orders(subject):
        spans = [each for each in (agent.load, agent.maintenance, agent.rectal) if each is not None]
        if not spans or analgesic_use(order, subject):
            continue
        span = spans[-1] if agent.rectal is None else spans[-2]
        stated = " or ".join(str(each) for each in spans)
        for dose in _doses_of_text(order, spans, subject):
            shown = f"{counted_words(order)}{dose} of {order.drug}"
            message = f"the text says {shown}, which is outside of the doses that sources state, {stated}"
            yield order, dose, span, Hit(message, agent.sources, order.at("text"), str(dose), None)


def _doses_of_text(order: Order, spans: list[Span[Dose]], subject: Subject) -> Iterator[Dose]:
    """Yield the doses of a text outside of all spans; of several those above all are told elsewhere."""
    only = text_dose(order, subject)
    if only is not None:
        yield from (only,) if not any(span.holds(only) for span in spans) else ()
        return
    from rescuecalc.rules.facts.agent_doses import agent_doses  # noqa: PLC0415  # of an order with a text alone

    for each in agent_doses(order, subject):
        for end in (each.least, each.quantity):
            dose = end.times(Fraction(each.times)) if isinstance(end, Dose) else None
            is_above = dose is not None and each.field != "dose_rate" and all(dose.exceeds(span.high) for span in spans)
            if dose is not None and not is_above and not any(span.holds(dose) for span in spans):
                yield dose


def _above_sources(subject: Subject) -> Iterator[Hit]:
    found = [
        *(hit for _, dose, span, hit in _ranges(subject) if dose.exceeds(span.high)),
        *_combined(subject),
        *above_in_text(subject),
        *(hit for hit, is_above in steps_in_text(subject) if is_above),
        *above_as_cap(subject),
    ]
    yield from found
    reported = {hit.pointer for hit in found if hit.pointer.endswith("/text")}
    yield from (hit for hit in _too_often(subject) if hit.pointer not in reported)


def _combined(subject: Subject) -> Iterator[Hit]:
    """Yield the doses of a combination of two antiplatelets that no source states."""
    for order in subject.order_set.orders:
        found = combined_dose(order, subject) if "dose" in order.texts and "dose" not in order.fields else None
        if found is None:
            continue
        if len(found.agents) < len(found.doses):
            yield from _above_as_either(order, found)
            continue
        if found.is_stated:
            yield from _combined_too_often(order, found)
            continue
        stated = ", ".join(f"{each.id} {each.load} or {each.maintenance}" for each in found.agents)
        sources = tuple(source for each in found.agents for source in each.sources)
        message = f"{order.drug} {found.text}: sources state {stated}"
        yield Hit(message, sources, order.at("dose"), found.text)


def _above_as_either(order: Order, found: CombinedDose) -> Iterator[Hit]:
    """Yield a combination of which one agent alone is known, where no dose of it can be that agent's of a day."""
    least = min(found.doses, key=lambda each: each.value_in("mg"))
    a_day = least.times(Fraction(times_daily(order.frequency or "") or 1))
    for agent in found.agents:
        spans = [each for each in (agent.load, agent.maintenance) if each is not None]
        if spans and all(a_day.exceeds(each.high) for each in spans):
            message = (
                f"{order.drug} {found.text} {order.frequency or ''}".rstrip() + f" gives {agent.id} {a_day} or more a "
                f"day: sources state {' or '.join(map(str, spans))}"
            )
            yield Hit(message, agent.sources, order.at("dose"), found.text)


def _combined_too_often(order: Order, found: CombinedDose) -> Iterator[Hit]:
    """Yield a combination that is given more often a day than each of its agents."""
    per_day = exactly_daily(order.frequency or "") or times_daily(order.frequency or "")
    usual = [times for each in found.agents if (times := times_daily(each.frequency or "")) is not None]
    if per_day is not None and usual and per_day > max(usual):
        often = next(each.frequency for each in found.agents if times_daily(each.frequency or "") == max(usual))
        message = f"{order.drug} {found.text} {order.frequency} is more often a day than sources state, {often}"
        sources = tuple(source for each in found.agents for source in each.sources)
        yield Hit(message, sources, order.at("frequency"), order.frequency, often)


class _Daily(NamedTuple):
    """A repeated dose beside the maintenance doses of its agent: how often it and they are given a day."""

    order: Order
    agent: Antiplatelet
    dose: Dose
    span: Span[Dose]
    said: Fraction
    usual: Fraction

    def hit(self, compared: str, stated: str) -> Hit:
        """Return the hit of a dose that is ``compared`` a day to what sources state."""
        message = (
            f"{self.order.drug} {self.dose} {self.order.frequency} is {compared} a day than sources state, {stated}"
        )
        return Hit(message, self.agent.sources, place_of_frequency(self.order), self.order.frequency, stated)


def _at_a_time(order: Order, subject: Subject) -> Dose | None:
    """Return what a text alone gives at a time: of `75 mg four times a day` the four are how often, and no count."""
    dose, numbers = text_dose(order, subject), order.numbers_in_text()
    if dose is None or len(numbers) != 1 or numbers[0].times == 1:
        return dose
    one = numbers[0].quantity
    return one if isinstance(one, Dose) and exactly_daily(order.frequency or "") == numbers[0].times else dose


def _daily(subject: Subject) -> Iterator[_Daily]:
    for order, agent in _timed(subject):
        dose, span = order.quantity("dose", Dose) or _at_a_time(order, subject), agent.maintenance
        often = order.frequency or ""
        # Less than once a day is told exactly; of a range of times the most counts.
        times, usual = exactly_daily(often) or times_daily(often), times_daily(agent.frequency or "")
        by_mouth = order.route in _BY_MOUTH and not analgesic_use(order, subject)
        if (
            by_mouth
            and dose is not None
            and span is not None
            and dose.is_mass()
            and times is not None
            and usual is not None
        ):
            yield _Daily(order, agent, dose, span, Fraction(times), Fraction(usual))


def _too_often(subject: Subject) -> Iterator[Hit]:
    """Yield the maintenance doses that are right each and too many a day."""
    for each in _daily(subject):
        most, in_text = each.span.high, "dose" not in each.order.fields
        if (in_text or not each.dose.exceeds(most)) and each.dose.times(each.said).exceeds(most.times(each.usual)):
            yield each.hit("more", f"at most {most} {each.agent.frequency}")


def _too_seldom(subject: Subject) -> Iterator[Hit]:
    """Yield the maintenance doses that are right each and too few a day."""
    for each in _daily(subject):
        if not each.span.holds(each.dose) or not is_known_to_recur(each.order.frequency):
            continue
        if each.span.low.times(each.usual).exceeds(each.dose.times(each.said)):
            yield each.hit("less", f"{each.span} {each.agent.frequency}")


def _below_sources(subject: Subject) -> Iterator[Hit]:
    for order, dose, span, hit in _ranges(subject):
        if not dose.exceeds(span.high):
            yield _of_less(order, dose, span, hit, subject)
    yield from (hit for hit, is_above in steps_in_text(subject) if not is_above)
    yield from _of_unknown_route(subject)
    yield from _too_seldom(subject)


_SLIP: Final = Fraction(9)
"""A dose that is so many times off is a slip of the point (8.1 mg for 81 mg) or of the unit."""


def _of_less(order: Order, dose: Dose, span: Span[Dose], hit: Hit, subject: Subject) -> Hit:
    """Return the hit of a dose below the least, by what made it so: a slip, the dose of another agent, or a choice.

    In a set for another known indication than a stroke no lower dose is held: there a choice is a note.
    """
    rounded = span.low.times(subject.knowledge.limits.deviation_factor)
    if not dose.times(_SLIP).exceeds(rounded):
        return hit._replace(severity=Severity.ERROR)
    other = _dose_of_another(order, dose, subject)
    if other is not None:
        return hit._replace(message=f"{hit.message}; it is a dose of {other}", severity=Severity.ERROR)
    return hit._replace(severity=Severity.NOTE if purpose_of(subject).is_another else None)


def _dose_of_another(order: Order, dose: Dose, subject: Subject) -> str | None:
    """Return the P2Y12 inhibitor whose own load, or maintenance dose of a repeated one, an order of another has."""
    known = subject.knowledge.bridging().antiplatelets
    own, recurs = known[order.drug], order.frequency is not None
    for each in known.values():
        span = each.maintenance if recurs else each.load
        is_like = each.id != own.id and each.group == own.group == P2Y12 and each.drug_class is own.drug_class
        if is_like and span is not None and span.holds(dose):
            return each.id
    return None


def _of_unknown_route(subject: Subject) -> Iterator[Hit]:
    """Yield a dose by a route of which none is held; a route that no source uses is RC428's."""
    for order, agent in timed_orders(subject):
        dose = order.quantity("dose", Dose)
        is_known = order.route in _BY_MOUTH or (order.route == "PR" and agent.rectal is not None)
        is_usual = order.route in {"PR", "SL"} or (order.route == "IV" and agent.id == ASPIRIN)
        if dose is not None and is_usual and not is_known and not agent.infused:
            is_slip = _is_slip_of_any(dose, agent)
            message = (
                f"no source held here states a dose of {order.drug} by the route {order.route}: {dose} was not judged"
                f"{', and is ten times off every dose that is held' if is_slip else ''}"
            )
            severity = Severity.ERROR if is_slip else None
            yield Hit(message, agent.sources, order.at("dose"), str(dose), severity=severity)


def _is_slip_of_any(dose: Dose, agent: Antiplatelet) -> bool:
    """Whether a dose is so far from every one of its agent that no route explains it."""
    spans = [each for each in (agent.load, agent.maintenance) if each is not None]
    return dose.is_mass() and all(
        dose.exceeds(each.high.times(_SLIP)) or each.low.exceeds(dose.times(_SLIP)) for each in spans
    )


_PLAN = "bridge rescue-bt-2022 --weight 80kg --thrombolysis-at none"

RULES = (
    declared(
        "RC626",
        "antiplatelet-dose-above-sources",
        Severity.ERROR,
        _above_sources,
        "antiplatelet-doses",
        checks="A load or maintenance dose above every one that the sources state.",
        why="A thousandfold mistake of mg and g can look plausible.",
        fails=f"{_PLAN} --p2y12 clopidogrel --load 3000mg",
        passes=f"{_PLAN} --p2y12 clopidogrel --load 300mg",
        remedy="Check number and unit.",
        yields_to="RC318",
        limits="Single doses are compared with loads, repeated ones with maintenance doses, both as single doses "
        "and as daily doses. Aspirin for pain, fever or pericarditis is not judged outside of a set for stroke.",
    ),
    declared(
        "RC627",
        "antiplatelet-dose-below-sources",
        Severity.WARNING,
        _below_sources,
        "antiplatelet-doses",
        severities=(Severity.ERROR, Severity.NOTE),
        checks="A load or maintenance dose below every one that the sources state, or a maintenance dose given "
        "less often.",
        why="No source states the onset and the effect of such a dose.",
        fails=f"{_PLAN} --p2y12 clopidogrel --load 75mg",
        passes=f"{_PLAN} --p2y12 clopidogrel --load 300mg",
        remedy="Check the number, and the purpose of the dose.",
        yields_to="RC318",
        limits="A tenth of the lowest or less, another P2Y12 inhibitor's dose, and by a route of which none is held "
        "ten times off every dose, is an error; in a set for another "
        "known indication than a stroke the rest is a note. Rectal doses are compared with stated rectal doses; RC428 "
        "covers injections.",
    ),
)
