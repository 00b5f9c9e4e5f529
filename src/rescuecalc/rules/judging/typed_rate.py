"""One rate that was typed, through the rules that judge an order: range, weight, concentration, pump, rounding."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.order import Order, OrderSet
from rescuecalc.core.quantities.quantity import Concentration, DoseRate, DoseRatePerKg, DosingWeight, PumpRate, Quantity
from rescuecalc.core.quantities.rate_conversion import converted
from rescuecalc.core.quantities.units import MICRO_SIGNS
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.errors import RescuecalcError
from rescuecalc.rules.arithmetic import pump as arithmetic
from rescuecalc.rules.base.hit_finding import finding, weight
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.base.rule import Hit
from rescuecalc.rules.dose import dose_limits, unusual_weight
from rescuecalc.rules.dose import protocol_dose as dose
from rescuecalc.rules.facts.reference.dose_domain import is_plainly_inside
from rescuecalc.rules.judging.judge import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Rule

_RULES: Final = {
    rule.code: rule for rule in (*arithmetic.RULES, *dose.RULES, *dose_limits.RULES, *unusual_weight.RULES)
}
_PUMP: Final = _RULES["RC310"]
_ROUNDING: Final = _RULES["RC311"]
_WEIGHT: Final = _RULES["RC406"]
_RANGES: Final = (_RULES["RC402"], _RULES["RC420"])
_LYSIS: Final = "RC665"
_OF_ORDER: Final = frozenset({"RC425", "RC428"})
"""A cap of the label, and a drug that is not infused."""
_NO_LIMIT: Final = "RC711"
_NOT_JUDGED: Final = "RC712"
_OF_SUPPLY: Final = frozenset({"RC422", "RC423", "RC424"})
_FULL: Final = Fraction(1)

_FIELDS: Final = ((DoseRatePerKg, "dose_rate_per_kg"), (DoseRate, "dose_rate"), (PumpRate, "pump_rate"))
_POINTERS: Final = {
    **dict.fromkeys(("/product", "/concentration"), "/concentration"),
    "/patient/weight": "/dosing_weight",
}


class OneRate(NamedTuple):
    """A rate of ``drug`` as it was typed, and what it comes to: ``exact``, and the ``result`` that is set.

    ``given`` and ``exact`` are each a DoseRatePerKg, DoseRate or PumpRate. An empty ``drug`` is one of which nothing
    is known; ``product`` is the id by which the concentration was typed, if by one.
    """

    drug: str
    given: Quantity
    exact: Quantity
    result: Quantity
    weight: DosingWeight | None
    concentration: Concentration | None
    product: str = ""


def judged_rate(rate: OneRate, knowledge: Knowledge) -> tuple[Finding, ...]:
    """Return all findings of a rate, the heaviest first; pointers are those of the document of `rate`."""
    plain = _plain(rate, knowledge)
    found = list(_of_plain(plain, rate) if plain is not None else _of_typed(rate, knowledge))
    if knowledge.library is not None:
        found += _of_library(rate, knowledge)
    is_wrong_itself = any(each.code in _ROUNDING.follows for each in found)
    if isinstance(rate.result, PumpRate) and not is_wrong_itself:
        hit = arithmetic.deviation("pump_rate", rate.result, rate.exact, "/result", knowledge.limits)
        found += [finding(_ROUNDING, hit, _subject(rate, rate.result, knowledge))] if hit is not None else []
    return tuple(sorted(found, key=weight))


def _plain(rate: OneRate, knowledge: Knowledge) -> Subject | None:
    """Return a rate in which only weight and pump rate can be amiss, as of an order that was made; None of any other.

    Nearly every rate is one, there may be a million of them, and the model takes milliseconds.
    """
    pump = next((each for each in (rate.result, rate.given) if isinstance(each, PumpRate)), None)
    if pump is None and rate.concentration is not None:
        return None
    is_held = not is_thrombolytic(rate.drug, knowledge) and not _is_swallowed(rate.drug, knowledge)
    if not is_held or _is_of_another(rate, knowledge):
        return None
    made = _subject(rate, pump or rate.given, knowledge)
    (order,) = made.order_set.orders
    fields = dict(order.fields)
    if knowledge.has_published_range(rate.drug):
        per_kg = _per_kg(rate)
        if per_kg is None or not _is_infused_as_it_is(rate, knowledge) or _is_capped(rate, per_kg, knowledge):
            return None
        fields["dose_rate_per_kg"] = per_kg
    order = order._replace(fields=fields, texts={})
    made = made._replace(order_set=made.order_set._replace(orders=(order,)))
    return made if is_plainly_inside(made) else None


def _per_kg(rate: OneRate) -> Quantity | None:
    """Return what a rate comes to per kg, None where weight or concentration do not say."""
    try:
        return converted(rate.given, "mcg/kg/min", rate.weight, rate.concentration).exact
    except RescuecalcError:
        return None


def _is_infused_as_it_is(rate: OneRate, knowledge: Knowledge) -> bool:
    """Whether a concentration is that of a product for infusion; none is said, or no product known: fine."""
    if rate.concentration is None or rate.drug not in knowledge.drugs:
        return True
    own = (each for each in knowledge.products_of(rate.drug) if ProductUse.INFUSION in each.serves)
    return any(rate.concentration.equals(each.concentration) for each in own)


def _is_of_another(rate: OneRate, knowledge: Knowledge) -> bool:
    """Whether the concentration was typed by the name of another drug's product, and the drug itself has none."""
    is_other = bool(rate.product) and knowledge.products()[rate.product].drug != rate.drug
    return is_other and not knowledge.products_of(rate.drug)


def _is_capped(rate: OneRate, per_kg: Quantity, knowledge: Knowledge) -> bool:
    """Whether a source states a largest rate of the drug, and this one may be above it."""
    caps = knowledge.once(("caps of rates", rate.drug), lambda: tuple(_caps(rate.drug, knowledge)))
    if not caps or rate.weight is None:
        return bool(caps)
    return per_kg.value_in("mcg/kg/min") * rate.weight.value_in("kg") > min(caps)


def _caps(drug: str, knowledge: Knowledge) -> Iterator[Fraction]:
    """Yield the largest rates, in mcg/min, that the drug's protocols state."""
    for protocol in knowledge.protocols():
        for infusion in protocol.infusions if protocol.drug == drug else ():
            if infusion.cap is not None:
                yield infusion.cap.under(_FULL).value_in("mcg/min")


def _of_plain(made: Subject, rate: OneRate) -> Iterator[Finding]:
    pump = "/result" if isinstance(rate.result, PumpRate) else "/given"
    for each in judge(made, (_WEIGHT, _PUMP)):
        yield each._replace(pointer=pump if each.code == _PUMP.code else "/dosing_weight")


def _of_typed(rate: OneRate, knowledge: Knowledge) -> Iterator[Finding]:
    """Yield the findings of a rate as of an order that was written in a file."""
    from rescuecalc.rules.dose import administration, order_dose, supply  # noqa: PLC0415  # see _plain
    from rescuecalc.rules.judging.written_judge import judge_written, panel  # noqa: PLC0415

    of_supply = (rule for rule in supply.RULES if rule.code in _OF_SUPPLY)
    typed = _subject(rate, rate.given, knowledge)
    of_lysis: tuple[Rule, ...] = ()
    if is_thrombolytic(rate.drug, knowledge):
        from rescuecalc.rules.sequence.thrombolytic_dose import RULES as OF_LYSIS  # noqa: PLC0415  # see _plain

        of_lysis = tuple(rule for rule in OF_LYSIS if rule.code == _LYSIS)
    of_route = tuple(rule for rule in administration.RULES if rule.code in _OF_ORDER)
    found = tuple(judge_written(typed, panel((*_RANGES, *of_lysis, *of_route, _WEIGHT, *of_supply))))
    for each in found:
        yield _placed(each, "/given")
    is_set = isinstance(rate.result, PumpRate)
    place = "/result" if is_set else "/given"
    on_pump = _subject(rate, rate.result, knowledge) if is_set else typed
    for each in judge_written(on_pump, panel((_PUMP,))):
        yield _placed(each, place)
    # By the exact rate: what a pump rounds up is no dose above a cap.
    for rule in (rule for rule in order_dose.RULES if rule.code in _OF_ORDER):
        exact = _subject(rate, rate.exact, knowledge) if is_set else typed
        if not any(each.code in rule.follows for each in found):
            yield from (_placed(each, place) for each in judge_written(exact, panel((rule,))))


def _is_swallowed(drug: str, knowledge: Knowledge) -> bool:
    """Whether a drug is one by mouth that nobody infuses: a rate of it is an error, whatever it is."""
    is_oral = knowledge.drug_class(drug) is DrugClass.P2Y12_ORAL or (
        knowledge.patient_limits().anticoagulants.get(drug) == "oral"
    )
    return drug not in knowledge.drugs and is_oral


def is_thrombolytic(drug: str, knowledge: Knowledge) -> bool:
    """Whether a drug is a thrombolytic whose dose in stroke is held."""
    known = drug not in knowledge.drugs and knowledge.is_thrombolytic(drug)
    return known and drug in knowledge.agent_facts().thrombolytics


def _of_library(rate: OneRate, knowledge: Knowledge) -> Iterator[Finding]:
    """Yield what a pump library says of a rate: of the dose with the pump rate that is set for it."""
    from rescuecalc.rules.judging.written_judge import judge_written, panel  # noqa: PLC0415  # see _plain
    from rescuecalc.rules.library.order_limits.order_rules import RULES  # noqa: PLC0415

    typed = _subject(rate, rate.given, knowledge)
    if isinstance(rate.result, PumpRate):
        (order,) = typed.order_set.orders
        fields = {**order.fields, "pump_rate": rate.result}
        order = order._replace(fields=fields, texts={**order.texts, "pump_rate": str(rate.result)})
        typed = typed._replace(order_set=typed.order_set._replace(orders=(order,)))
    for each in judge_written(typed, panel(RULES)):
        is_set = isinstance(rate.result, PumpRate) and each.pointer == "/pump_rate"
        yield _placed(each, "/result" if is_set else "/given")


def unjudged(rate: OneRate, knowledge: Knowledge) -> str | None:
    """Return why the dose of a rate cannot be compared with what is published, None where it can."""
    if not knowledge.has_published_range(rate.drug) and not is_thrombolytic(rate.drug, knowledge):
        if _is_in_library(rate, knowledge):
            return None
        return f"no dose limit is known for {rate.drug}"
    says_dose = rate.concentration if isinstance(rate.given, PumpRate) else rate.given
    if says_dose is None:
        return "without a concentration no dose follows from a pump rate"
    if says_dose.unit.parts[0].dimension != "drug_mass":
        return f"{rate.drug} is not measured in {says_dose.unit.parts[0].name}"
    return None


def partly_judged(rate: OneRate, knowledge: Knowledge) -> Iterator[str]:
    """Yield what of a rate whose dose was judged was compared with nothing."""
    is_lysis = is_thrombolytic(rate.drug, knowledge)
    if is_lysis and not isinstance(rate.given, DoseRatePerKg):
        yield f"{rate.drug} was compared with its highest dose alone: a rate not per kg may be too low in stroke"
    is_held = is_lysis or knowledge.has_published_range(rate.drug)  # another one's is that of a pump library
    if is_held and rate.concentration is not None and not knowledge.products_of(rate.drug):
        yield f"the concentration was not judged: no product of {rate.drug} is held"


def _is_in_library(rate: OneRate, knowledge: Knowledge) -> bool:
    """Whether a pump library bounds the dose of a rate."""
    if knowledge.library is None:
        return False
    from rescuecalc.rules.facts.order_model.pump_entries import has_dose_limit  # noqa: PLC0415  # of a run with a library

    return has_dose_limit(_subject(rate, rate.given, knowledge).order_set.orders[0], knowledge)


def unjudged_drug(rate: OneRate, reason: str, knowledge: Knowledge) -> Finding:
    """Return the finding of a rate of a named drug whose dose was not judged, as `check` has it of an order."""
    from rescuecalc.rules.completeness.not_judged import RULES  # noqa: PLC0415  # of an unknown drug alone

    code = (
        _NOT_JUDGED if knowledge.has_published_range(rate.drug) or is_thrombolytic(rate.drug, knowledge) else _NO_LIMIT
    )
    rule = next(each for each in RULES if each.code == code)
    hit = Hit(f"the dose was not judged: {reason}", (), "/given", str(rate.given))
    return finding(rule, hit, _subject(rate, rate.given, knowledge))


def _field(rate: Quantity) -> str:
    return next(name for role, name in _FIELDS if isinstance(rate, role))


def _subject(rate: OneRate, set_as: Quantity, knowledge: Knowledge) -> Subject:
    """Return a rate as an order set of one infusion; what was typed is judged as what is written in a file."""
    fields = {_field(set_as): _spelled(set_as)}
    if rate.concentration is not None:
        fields["concentration"] = _spelled(rate.concentration)
    texts = {name: each.text or str(each) for name, each in fields.items()}
    texts |= {"product": rate.product} if _is_of_another(rate, knowledge) else {}
    order = Order("rate", rate.drug, "IV", "infusion", "", fields, texts=texts)
    return Subject(OrderSet(rate.drug, None, rate.weight, None, None, (order,)), None, knowledge)


def _spelled(typed: Quantity) -> Quantity:
    """Return what was typed without a micro sign, which may be read but is never written."""
    if typed.text is None or not set(MICRO_SIGNS) & set(typed.text):
        return typed
    return replace(typed, text=typed.text.translate(dict.fromkeys(map(ord, MICRO_SIGNS), "mc")))


def _placed(each: Finding, pointer: str) -> Finding:
    """Return a finding with its pointers in the document of `rate`, where the judged rate stands at ``pointer``."""
    others = tuple(one._replace(pointer=_POINTERS.get(one.pointer, pointer)) for one in each.alternatives)
    return each._replace(pointer=_POINTERS.get(each.pointer, pointer), alternatives=others)
