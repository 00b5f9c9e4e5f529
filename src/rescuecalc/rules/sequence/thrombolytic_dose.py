"""RC6: doses of thrombolytics in stroke: two of them, too much of one, and parts that exceed the whole."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    Duration,
    PumpRate,
)
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.concurrent_orders import both_given, itself, pairs
from rescuecalc.rules.facts.order_text import with_text
from rescuecalc.rules.facts.stroke_set import is_for_heart, is_for_stroke

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.agent_facts import ThrombolyticDose
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_WHOLE: Final = Fraction(1)

_PERCENT: Final = Fraction(1, 100)


def _thrombolytics(subject: Subject) -> list[Order]:
    return [o for o in subject.order_set.orders if subject.knowledge.drug_class(o.drug) is DrugClass.THROMBOLYTIC]


def _two(subject: Subject) -> Iterator[Hit]:
    for one, other in pairs(_thrombolytics(subject), itself):
        if one.drug != other.drug and both_given(one, other):
            names = " and ".join(sorted((one.drug, other.drug)))
            yield Hit(f"two thrombolytics, {names}, are ordered together", (), other.pointer, names, "one of the two")
            return
        if _is_again(one, other, subject) and both_given(one, other):
            message = f"{one.drug} is ordered twice: the whole dose is one bolus"
            yield Hit(message, (), other.pointer, one.drug, "one of the two")
            return


def _is_again(one: Order, other: Order, subject: Subject) -> bool:
    """Whether a thrombolytic of which the whole dose is one bolus is given in two."""
    known = subject.knowledge.agent_facts().thrombolytics.get(one.drug)
    dosed = all({"dose", "dose_per_kg"} & each.fields.keys() for each in (one, other))
    return one.drug == other.drug and known is not None and known.bolus_share is None and dosed


def _severity(known: ThrombolyticDose, subject: Subject) -> Severity | None:
    """Return how heavy a dose above those in stroke is, None where the set is for something else."""
    if is_for_stroke(subject):
        return Severity.ERROR
    if is_for_heart(subject):
        return None
    return Severity.WARNING if known.elsewhere else Severity.ERROR


def _beyond(subject: Subject) -> Iterator[Hit]:
    orders = [with_text(order) for order in _thrombolytics(subject)]
    facts = subject.knowledge.agent_facts().thrombolytics if orders else {}
    for order in orders:
        known = facts.get(order.drug)
        severity = _severity(known, subject) if known is not None else None
        if known is None or severity is None:
            continue
        if known.bolus_share is None and order.given_as == "infusion":
            message = f"{order.drug} as an infusion: {known.words}"
            yield Hit(message, known.sources, order.pointer, "infusion", "bolus", severity=severity)
        lasts = order.lasts
        if (
            known.rest_over is not None
            and order.given_as == "infusion"
            and lasts is not None
            and known.rest_over.exceeds(lasts)
        ):
            message = f"{order.drug} over {lasts}: {known.words}"
            field = "run_time" if "run_time" in order.fields else "give_over"
            yield Hit(message, known.sources, order.at(field), str(lasts), str(known.rest_over), severity=severity)
        yield from _above(order, known, severity, subject)


def _above(order: Order, known: ThrombolyticDose, severity: Severity, subject: Subject) -> Iterator[Hit]:
    """Yield the hit of a dose above the whole one, or of a bolus above its share; one digit of rounding is none."""
    share = known.bolus_share if known.bolus_share is not None and _given_as(order, known) == "bolus" else _WHOLE
    slack = 1 + subject.knowledge.limits.deviation_percent * _PERCENT
    dose, per_kg = order.quantity("dose", Dose), order.quantity("dose_per_kg", DosePerKg)
    weight = subject.order_set.weight
    of = "a bolus of " if share != _WHOLE else ""
    if dose is not None and dose.is_mass():
        most = known.most.value_in("mg") * share
        if weight is not None:
            most = min(most, known.per_kg.value_in("mg/kg") * weight.value_in("kg") * share * slack)
        if dose.value_in("mg") > most:
            yield Hit(
                f"{order.drug}, {of}{dose}: {known.words}",
                known.sources,
                order.at(order.said_in("dose")),
                str(dose),
                severity=severity,
            )
        return  # the dose per kg beside a part is that of the whole
    share = _WHOLE if per_kg is not None and per_kg.equals(known.per_kg) else share
    if per_kg is not None and per_kg.is_mass() and per_kg.exceeds(known.per_kg.times(share * slack)):
        message = f"{order.drug}, {of}{per_kg}: {known.words}"
        yield Hit(message, known.sources, order.at(order.said_in("dose_per_kg")), str(per_kg), severity=severity)


def _given_as(order: Order, known: ThrombolyticDose) -> str:
    """Return what a part is: what is given over as long as the rest of the dose is no bolus."""
    over = order.quantity("give_over", Duration)
    is_rest = over is not None and known.rest_over is not None and not known.rest_over.exceeds(over)
    return "infusion" if is_rest else order.given_as


def _parts(subject: Subject) -> Iterator[Hit]:
    """Yield an infusion that is the whole dose although a part of it was given as a bolus."""
    orders = [*_thrombolytics(subject), *(step for each in _thrombolytics(subject) for step in _steps(each))]
    facts = subject.knowledge.agent_facts().thrombolytics if orders else {}
    for bolus, drip in (pair for each in pairs(orders, itself) for pair in (each, each[::-1])):
        if bolus.drug != drip.drug:
            continue
        known = facts.get(drip.drug)
        if known is None or known.bolus_share is None or is_for_heart(subject):
            continue
        if (_given_as(bolus, known), _given_as(drip, known)) != ("bolus", "infusion"):
            continue
        field = next((name for name in _WHOLES if all(_amount(each, name) for each in (bolus, drip))), None)
        if field is not None and both_given(bolus, drip):
            yield from _sum(bolus, drip, field, known, subject)


def _steps(order: Order) -> Iterator[Order]:
    """Yield what the text of a bolus gives after it: `then 72 mg over 60 min` is the infusion."""
    if order.given_as != "bolus" or "dose" not in order.fields:
        return
    for each in order.numbers_in_text():
        if each.field == "dose" and each.is_step and not each.is_cap:
            texts = {"text": each.text}
            yield order._replace(kind="infusion", fields={"dose": each.quantity}, texts=texts, said=())
            return


_WHOLES: Final = {"dose": "mg", "dose_per_kg": "mg/kg"}


def _amount(order: Order, field: str) -> Fraction:
    """Return how much an order gives, by the unit of its field; 0 where that is not stated in mass.

    A dose follows from flow, strength and time as well.
    """
    flow, strength, lasts = (
        order.quantity("pump_rate", PumpRate),
        order.quantity("concentration", Concentration),
        order.lasts,
    )
    if (
        field == "dose"
        and field not in order.fields
        and flow is not None
        and strength is not None
        and lasts is not None
    ):
        return (
            flow.value_in("mL/h") * lasts.value_in("h") * strength.value_in("mg/mL")
            if strength.is_mass()
            else Fraction(0)
        )
    value = order.quantity(field, Dose) or order.quantity(field, DosePerKg)
    return value.value_in(_WHOLES[field]) if value is not None and value.is_mass() else Fraction(0)


def _sum(bolus: Order, drip: Order, field: str, known: ThrombolyticDose, subject: Subject) -> Iterator[Hit]:
    slack = 1 + subject.knowledge.limits.deviation_percent * _PERCENT
    first, rest = (each.fields.get(field, each.texts.get("pump_rate", "")) for each in (bolus, drip))
    if _amount(bolus, field) + _amount(drip, field) > _whole(bolus, field, known, subject) * slack:
        message = (
            f"{drip.drug} {first} and {rest} add up to more than the whole dose: the infusion is what is left after "
            f"the bolus ({known.words})"
        )
        yield Hit(
            message,
            known.sources,
            drip.at(field if field in drip.texts else "text" if "text" in drip.texts else "pump_rate"),
            str(rest),
        )


def _whole(bolus: Order, field: str, known: ThrombolyticDose, subject: Subject) -> Fraction:
    """Return the whole dose: per kg, by the weight, else by the bolus, which is a share of it; never above the most."""
    if field == "dose_per_kg":
        return known.per_kg.value_in("mg/kg")
    weight = subject.order_set.weight
    by_bolus = _amount(bolus, field) / (known.bolus_share or _WHOLE)
    by_weight = known.per_kg.value_in("mg/kg") * weight.value_in("kg") if weight is not None else by_bolus
    return min(known.most.value_in("mg"), by_weight)


_BOLUS: Final = "drug: alteplase, route: IV, kind: bolus, dose: 7.2 mg"

_REST: Final = "drug: alteplase, route: IV, kind: infusion, dose: {0} mg, run_time: 60 min"

_TNK: Final = "drug: tenecteplase, route: IV, kind: bolus, dose: {0} mg"

RULES = (
    declared(
        "RC664",
        "two-thrombolytics",
        Severity.ERROR,
        _two,
        "thrombolytics",
        checks="Two thrombolytics for one patient, or tenecteplase twice.",
        why="No source gives two.",
        fails=example_set(_TNK.format("20"), _REST.format("64.8")),
        passes=example_set(*(f"{each}, choose_one: lysis" for each in (_TNK.format("20"), _REST.format("64.8")))),
        remedy="Remove one, or put both into one `choose_one` group.",
        limits="Alternatives of which one is given are not a pair.",
    ),
    declared(
        "RC665",
        "thrombolytic-above-stroke-dose",
        Severity.ERROR,
        _beyond,
        "thrombolytics",
        severities=(Severity.WARNING,),
        checks="Alteplase above 0.9 mg/kg or 90 mg, its bolus above a tenth of that, tenecteplase above 0.3 mg/kg or "
        "25 mg or as an infusion, alteplase in less than an hour.",
        why="The two have different doses and have been confused; more of either causes bleeding.",
        fails=example_set(_TNK.format("50")),
        passes=example_set(_TNK.format("50"), more=", indication: myocardial infarction"),
        remedy="Check drug and dose.",
        limits="Sets for coronary disease are not judged; alteplase without a stated indication is a warning. "
        "Lower doses are not judged.",
        yields_to="RC301 RC308",
    ),
    declared(
        "RC666",
        "thrombolytic-parts-above-total",
        Severity.ERROR,
        _parts,
        "thrombolytics",
        checks="Whether bolus and infusion of alteplase add up to more than the total dose.",
        why="The infusion is the rest after the bolus: 7.2 mg and 64.8 mg at 80 kg, not 7.2 mg and 72 mg.",
        fails=example_set(_BOLUS, _REST.format("72"), more=", patient: {weight: 80 kg}"),
        passes=example_set(_BOLUS, _REST.format("64.8"), more=", patient: {weight: 80 kg}"),
        remedy="Order the rest of the dose as the infusion.",
        limits="Without a weight the total dose is ten times the bolus.",
        yields_to="RC301 RC665",
    ),
)
