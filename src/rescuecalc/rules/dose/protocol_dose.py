"""RC4: the dose against its protocol, against every source's range, and against what its sources say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.literature.limits import Span
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.quantity import Dose, DosePerKg, DoseRate, DoseRatePerKg, Duration
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.regimen.bolus import bolus_dose
from rescuecalc.core.regimen.infusion import dose_rate
from rescuecalc.core.regimen.protocol import PACKAGED, SITE, USER
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.maintenance import maintenance, past_thrombolysis
from rescuecalc.rules.facts.reference.administration import only_protocol
from rescuecalc.rules.facts.reference.dose_domain import by_route, stated
from rescuecalc.rules.facts.reference.label_rows import is_a_labels_row
from rescuecalc.rules.facts.reference.published_envelope import in_hours, is_too_short_by_unit, rescue_range
from rescuecalc.rules.facts.step_tolerance import is_within_a_step
from rescuecalc.rules.facts.text.order_text import place_of_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.protocol import Cap, Protocol, RunTime
    from rescuecalc.rules.base.knowledge import Subject


class _Rescue(NamedTuple):
    """The doses of stroke rescue for a regimen of one's own or of a hospital's own file, both ends belong to them."""

    span: Span[Any]
    sources: tuple[Source, ...]
    is_named: bool  # by the order set: a dose above is an error of its own then

    def leaves_to_the_published_range(self, dose: Quantity) -> bool:
        """Whether a dose above is judged by RC402 or RC404."""
        return self.is_named and dose.exceeds(self.span.high)


def _rescue(variable: str, subject: Subject) -> _Rescue | None:
    if subject.protocol is not None and subject.protocol.origin not in {USER, SITE}:
        return None
    from rescuecalc.rules.facts.reference.set_indication import indication_of, is_coronary  # noqa: PLC0415  # a named protocol is its own

    drug, knowledge = subject.order_set.drug, subject.knowledge
    span = knowledge.once(("rescue", drug, variable), lambda: rescue_range(drug, variable, knowledge))
    if span is None or is_coronary(subject):
        return None
    return _Rescue(span.span, span.sources, bool(indication_of(subject)[1]))


def _shares(order: Order, subject: Subject) -> tuple[Fraction, ...]:
    """Return what a label's renal rule may have left of the dose of an order that was written."""
    if not order.texts:
        return ()
    from rescuecalc.rules.facts.reference.renal_share import renal_shares  # noqa: PLC0415  # of a file's orders alone

    return renal_shares(order, subject)


def _rate_beyond_rescue(subject: Subject) -> Iterator[Hit]:
    ranged = _rescue("dose_rate_per_kg", subject)
    for order in (stated(subject, each) for each in subject.order_set.orders):
        rate = order.quantity("dose_rate_per_kg", DoseRatePerKg)
        if rate is None or ranged is None or order.load or order.given_as == "bolus" or ranged.span.holds(rate):
            continue
        if any(ranged.span.holds(rate.times(1 / share)) for share in _shares(order, subject)):
            continue
        if ranged.leaves_to_the_published_range(rate) or is_within_a_step(order, (ranged.span,), subject):
            continue
        if is_a_labels_row(order, subject.knowledge.protocols()):
            continue
        message = f"the infusion of {rate} is outside of stroke rescue's range, {ranged.span}"
        ends = (str(ranged.span.low), str(ranged.span.high))
        yield Hit(message, ranged.sources, order.at("dose_rate_per_kg"), str(rate), expected_range=ends)


def _capped(subject: Subject) -> Iterator[Hit]:
    weight, protocol = subject.order_set.weight, subject.protocol
    for order in subject.order_set.orders:
        if not order.capped or weight is None or protocol is None:
            continue
        rate, per_kg = order.quantity("dose_rate", DoseRate), order.quantity("dose_rate_per_kg", DoseRatePerKg)
        dose, dose_per_kg = order.quantity("dose", Dose), order.quantity("dose_per_kg", DosePerKg)
        if rate is not None and per_kg is not None:
            formula, given, name = str(dose_rate(per_kg, weight)), str(rate), "dose_rate"
        elif dose is not None and dose_per_kg is not None:
            formula, given, name = str(bolus_dose(dose_per_kg, weight)), str(dose), "dose"
        else:
            continue
        message = f"a cap applies: {given} instead of the formula's {formula}"
        yield Hit(message, protocol.sources, order.at(name), given, formula)


def _no_label_row(subject: Subject) -> Iterator[Hit]:
    weight, protocol = subject.order_set.weight, subject.protocol
    band = protocol.label_band if protocol is not None else None
    if subject.order_set.label_row_asked and band is not None and weight is not None and band.row(weight) is None:
        message = f"the label's weight-band table has no row for {weight.to('kg')}; the exact values stand alone"
        yield Hit(message, band.sources, "/label_band", str(weight.to("kg")))


def _bolus_beyond_rescue(subject: Subject) -> Iterator[Hit]:
    ranged = _rescue("dose_per_kg", subject)
    for order in (stated(subject, each) for each in subject.order_set.orders):
        per_kg = order.quantity("dose_per_kg", DosePerKg)
        if per_kg is None or ranged is None or ranged.span.holds(per_kg) or order.given_as == "infusion":
            continue
        if any(ranged.span.holds(per_kg.times(1 / share)) for share in _shares(order, subject)):
            continue
        if ranged.leaves_to_the_published_range(per_kg) or is_within_a_step(order, (ranged.span,), subject):
            continue
        if is_a_labels_row(order, subject.knowledge.protocols()) or (order.texts and _is_part(order, subject)):
            continue
        usual = ranged.span.high
        factor = per_kg.value_in(usual.unit.name) / usual.magnitude
        message = f"the {by_route(order)}bolus of {per_kg} is not the {ranged.span} of stroke rescue"
        hit = Hit(message, ranged.sources, order.at("dose_per_kg"), str(per_kg), str(ranged.span), factor)
        # What was worked out from the dose per kg would contradict the one of rescue: no single value heals the order.
        follows = order.texts and not _WORKED_OUT.isdisjoint(order.fields)
        ends = (str(ranged.span.low), str(ranged.span.high))
        yield hit._replace(expected=None, factor=None, expected_range=ends) if follows else hit


def _is_part(order: Order, subject: Subject) -> bool:
    from rescuecalc.rules.facts.split_bolus import is_part  # noqa: PLC0415  # of an unusual bolus alone

    return is_part(order.pointer, subject)


_WORKED_OUT: Final = frozenset({"dose", "volume", "pump_rate"})


def _other_run_time(subject: Subject) -> Iterator[Hit]:
    protocol = subject.protocol
    stated = protocol.maintenance.run_time if protocol and protocol.maintenance else None
    if protocol is None or stated is None:
        return
    for order, run_time in maintenance(subject):
        usual = stated.usual_maximum
        taken = stated.taken if stated.maximum is None else None
        differs = taken is not None and not any(
            each.equals(taken) for each in (run_time, *_with_load(stated, order, run_time, subject))
        )
        short = order.texts and stated.minimum is not None and stated.minimum.exceeds(run_time)
        beyond = usual is not None and run_time.exceeds(usual)
        if differs or short or beyond:
            other = f"longer than the usual time of {protocol.id}" if beyond else f"not what {protocol.id} states"
            message = f"the run time {run_time} is {other}: {stated.words}"
            yield Hit(message, protocol.sources, place_of_time(order), str(run_time), stated.words)
        elif late := past_thrombolysis(order, run_time, protocol, subject):
            yield Hit(late, protocol.sources, place_of_time(order), str(run_time))
        elif stated.maximum is not None and any(each.equals(stated.maximum) for each in in_hours(run_time)):
            message = f"the run time {run_time} is too short by its unit: {protocol.id} states {stated.words}"
            hit = Hit(message, protocol.sources, place_of_time(order), str(run_time), str(stated.maximum))
            yield hit._replace(severity=Severity.ERROR)


def _with_load(stated: RunTime, order: Order, run_time: Duration, subject: Subject) -> Iterator[Duration]:
    """Yield the time of maintenance and load together, where the source leaves open which of the two it states."""
    loads = [each.lasts for each in subject.order_set.orders if each.load and each.lasts is not None]
    if stated.load_unclear and order.texts:
        ends = (Offset.start().plus(run_time).plus(each).after(Offset.start()) for each in loads)
        yield from (each for each in ends if each is not None)


def _ends_of_run_times(subject: Subject) -> Iterator[tuple[Order, Duration]]:
    """Yield the maintenance infusions with how long they run; of a protocol file that states a range both ends."""
    for order, run_time in maintenance(subject):
        yield order, run_time
        stated = subject.protocol.maintenance if subject.protocol is not None and not order.texts else None
        least = stated.run_time.minimum if stated is not None and stated.run_time is not None else None
        if least is not None and run_time == stated_longest(subject.protocol):
            yield order, least


def stated_longest(protocol: Protocol | None) -> Duration | None:
    """Return the longest run time that a protocol states of its maintenance infusion, None where it states none."""
    last = protocol.maintenance if protocol is not None else None
    return last.run_time.maximum if last is not None and last.run_time is not None else None


def _run_time_beyond_class(subject: Subject) -> Iterator[Hit]:
    yield from _shorter_than_any(subject)
    protocol, drug = subject.protocol, subject.knowledge.drugs.get(subject.order_set.drug)
    ranged = drug.rescue_run_time if drug else None
    stated = protocol is not None and protocol.maintenance is not None and protocol.maintenance.run_time is not None
    if ranged is None or (stated and protocol is not None and protocol.origin == PACKAGED):
        return
    for order, run_time in _ends_of_run_times(subject):
        if not ranged.span.holds(run_time):
            outside = "is outside of the review's range for GP IIb/IIIa inhibitors"
            message = f"the run time {run_time} {outside}, {ranged.span}"
            ends = (str(ranged.span.low), str(ranged.span.high))
            hit = Hit(message, ranged.sources, place_of_time(order), str(run_time), expected_range=ends)
            is_slip = is_too_short_by_unit(run_time, ranged.span, order, subject.knowledge)
            yield hit._replace(severity=Severity.ERROR) if is_slip else hit


def _shorter_than_any(subject: Subject) -> Iterator[Hit]:
    """Yield the infusions of drugs beside tirofiban that run shorter than any source runs them."""
    last = subject.protocol.maintenance if subject.protocol is not None else None
    is_stated = last is not None and last.run_time is not None
    for order, run_time in maintenance(subject) if not is_stated else ():
        drug = subject.knowledge.drugs.get(order.drug)
        least = drug.shortest if drug is not None else None
        if drug is None or least is None or not least.time.exceeds(run_time):
            continue
        longest = drug.usual_longest or drug.longest
        span = Span(least.time, longest.time if longest is not None else least.time)
        is_slip = is_too_short_by_unit(run_time, span, order, subject.knowledge)
        message = f"the run time {run_time} is shorter than any source runs {order.drug}: {least.words}"
        severity = Severity.ERROR if is_slip else Severity.WARNING
        yield Hit(message, least.sources, place_of_time(order), str(run_time), severity=severity)


def _label_row(subject: Subject) -> Iterator[Hit]:
    protocol, weight = subject.protocol, subject.order_set.weight
    if protocol is None or weight is None:
        return
    boluses = [(step.cap, "dose") for step in protocol.boluses]
    for cap, name in (*boluses, *((step.cap, "dose_rate") for step in protocol.infusions)):
        if cap is None or cap.row_above is None or not weight.exceeds(cap.row_above):
            continue
        for order in subject.order_set.orders:
            given = order.quantity(name, Dose) or order.quantity(name, DoseRate)
            if given is not None and order.kind == ("bolus" if name == "dose" else "infusion"):
                shown = given.to(cap.amount.unit.name)
                # A file says nothing of a cap: its dose is the row where it is the row's number, and above it RC425's.
                is_above = order.texts and shown.magnitude > cap.amount.magnitude
                if order.capped or is_above or shown.magnitude in _rows(cap, name, protocol, subject):
                    continue
                message = f"{cap.words}; shown here is the smaller of formula and row, {shown}"
                row = None if order.texts else str(cap.amount)  # beside its formula it would contradict that
                yield Hit(message, protocol.sources, order.at(name), str(shown), row)


def _rows(cap: Cap[Any], name: str, protocol: Protocol, subject: Subject) -> set[Fraction]:
    """Return what the label's row may say: its amount, and that under each band of the protocol's renal rule."""
    factors = subject.knowledge.factors(protocol, "bolus" if name == "dose" else "infusion")
    return {cap.under(factor).magnitude for factor in factors}


def _other_give_over(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        given, protocol = order.quantity("give_over", Duration), subject.protocol or only_protocol(order, subject)
        for step in protocol.boluses if protocol is not None and given is not None else ():
            if step.give_over is None or given is None or protocol is None:
                continue
            taken, most = step.give_over.taken, step.give_over.maximum
            if (taken and not given.equals(taken)) or (most and given.exceeds(most)):
                message = f"the bolus is given over {given}, and {protocol.id} states {step.give_over.words}"
                yield Hit(message, protocol.sources, order.at("give_over"), str(given), step.give_over.words)


_YANG = "dose yang-2020-iv --weight 80kg --run-time 24h"
_OTHER_REFERENCE: Final = (
    "Not in a set for coronary disease that does not mention stroke, nor for a row of a label's table."
)
_OWN = "--route iv --infusion 0.1mcg/kg/min --run-time 24h --weight 80kg"

RULES = (
    declared(
        "RC403",
        "dose-rate-outside-rescue-range",
        Severity.WARNING,
        _rate_beyond_rescue,
        "khachatryan-2023",
        checks="The maintenance infusion of a user-defined tirofiban regimen, or of a hospital's own file, against "
        "{published_ranges.tirofiban.rescue.maintenance}.",
        why="Other rates come from other patients: from a renal rule, or from medical stroke trials.",
        fails=f"dose --bolus 10mcg/kg {_OWN.replace('0.1mcg', '0.075mcg')}",
        passes=f"dose --bolus 10mcg/kg {_OWN}",
        remedy="Name the protocol that states the rate, or correct the rate.",
        limits=f"Only for tirofiban without a named packaged protocol. {_OTHER_REFERENCE}",
        yields_to="RC303 RC402 RC418 RC419 RC420",
    ),
    declared(
        "RC405",
        "bolus-not-of-rescue",
        Severity.WARNING,
        _bolus_beyond_rescue,
        "khachatryan-2023",
        checks="The bolus per kg of a user-defined tirofiban regimen, or of a hospital's own file, against "
        "{published_ranges.tirofiban.rescue.bolus}.",
        why="{published_ranges.tirofiban.bolus.IV.any.high} is the coronary dose, "
        "{published_ranges.tirofiban.rescue.bolus} that of stroke rescue.",
        fails=f"dose --bolus 25mcg/kg {_OWN}",
        passes=f"dose --bolus 10mcg/kg {_OWN}",
        remedy="Name the protocol that states the bolus, or correct the bolus.",
        limits="Only for tirofiban without a named packaged protocol; a fixed dose is not judged here. "
        f"{_OTHER_REFERENCE}",
        yields_to="RC301 RC404 RC418 RC419 RC420",
    ),
    declared(
        "RC411",
        "run-time-not-of-source",
        Severity.WARNING,
        _other_run_time,
        "khachatryan-2023 trend-2024 instant-2024 eu-label abciximab-label",
        severities=(Severity.ERROR,),
        checks="A run time given by the user against the run time that the source states; an error where its hours are "
        "written as minutes.",
        why="The dose then differs from the protocol.",
        fails="dose khachatryan-2023-case --weight 80kg --run-time 12h",
        passes="dose khachatryan-2023-case --weight 80kg",
        remedy="Remove --run-time, or name a protocol with that run time.",
        limits="A run time beyond a stated range or maximum is refused (exit 4), not reported as a finding.",
        yields_to="RC305",
    ),
    declared(
        "RC412",
        "run-time-outside-review-range",
        Severity.WARNING,
        _run_time_beyond_class,
        "khachatryan-2023 most-2024 abciximab-label cangrelor-label",
        severities=(Severity.ERROR,),
        checks="The maintenance infusion, if no packaged source states its run time, against "
        "{drugs.tirofiban.rescue_run_time.span}; that of eptifibatide, abciximab and cangrelor against the shortest "
        "that a source runs them ({drugs.eptifibatide.shortest.time}, {drugs.abciximab.shortest.time}, "
        "{drugs.cangrelor.shortest.time}); an error where its hours are written as minutes.",
        why="The review states this range for its class of drugs; no source outside it was read.",
        fails="dose yang-2020-iv --weight 80kg --run-time 72h",
        passes=_YANG,
        remedy="Check the run time.",
        limits="The range of the review is for the class and is compared for tirofiban; RC662 covers a run time that "
        "is too long.",
        yields_to="RC305 RC662",
    ),
    declared(
        "RC413",
        "label-row-and-formula-differ",
        Severity.WARNING,
        _label_row,
        "eptifibatide-label",
        checks="Weights for which a label prints a fixed row beside its formula.",
        why="Formula and row are both from the label and differ for some weights; neither may be chosen silently.",
        fails="dose eptifibatide-label --weight 122kg --run-time 24h --crcl 90mL/min",
        passes="dose eptifibatide-label --weight 80kg --run-time 24h --crcl 90mL/min",
        remedy="Decide which of the two you use, and document it.",
        limits="The smaller of the two is calculated.",
    ),
    declared(
        "RC414",
        "bolus-time-not-of-source",
        Severity.WARNING,
        _other_give_over,
        "us-label eu-label",
        checks="--give-over against the time that the protocol's source states; of a drug with one protocol, as "
        "cangrelor, also where none is named.",
        why="The bolus time is part of the regimen.",
        fails="dose eu-label-bolus --weight 80kg --run-time 24h --crcl 90mL/min --give-over 10min",
        passes="dose eu-label-bolus --weight 80kg --run-time 24h --crcl 90mL/min",
        remedy="Remove --give-over, or give the stated time.",
        limits="The stroke sources state none.",
        yields_to="RC430",
    ),
    declared(
        "RC416",
        "cap-applied",
        Severity.NOTE,
        _capped,
        "abciximab-label eptifibatide-label",
        checks="Whether a cap of a protocol replaces the result of the formula.",
        why="The printed dose per kg is then not the dose given.",
        fails="dose abciximab-label --weight 100kg",
        passes="dose abciximab-label --weight 80kg",
        remedy="None: note that weight no longer changes the dose.",
        limits="Caps of the catalogue and of a hospital's own file.",
    ),
    declared(
        "RC417",
        "no-label-row",
        Severity.WARNING,
        _no_label_row,
        "us-label",
        checks="--label-band for a weight without a row in the label's table.",
        why="The rows have whole kilograms: between two rows, and beyond the table, the label states nothing.",
        fails="dose us-label --weight 37.5kg --run-time 18h --crcl 90mL/min --label-band",
        passes="dose us-label --weight 38kg --run-time 18h --crcl 90mL/min --label-band",
        remedy="Use the exact values, or round the weight by local policy and give the rounded one.",
        limits="Rows are not interpolated.",
    ),
)
