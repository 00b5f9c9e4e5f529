"""Doses that an order's text mentions and no field states: another step, a bound, what is given in some case.

Whatever its clause, each is a dose of the order's drug that somebody may follow, unless the text denies it, says it of
another drug, or of what a container holds.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.bounds import between
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value, exact_mention, mention
from rescuecalc.core.orders.model.solution import is_consistent, solution
from rescuecalc.core.orders.order import Order
from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.clauses import clause_at, sentence_at
from rescuecalc.core.orders.text.free_text import elsewhere, time_at
from rescuecalc.core.orders.text.vocabulary import BAGS, one_of
from rescuecalc.core.orders.text.weight_table import row_at
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.facts.order_model.judged_order import ORDERS, judged_made
from rescuecalc.rules.facts.order_model.order_explanation import MOST_CONTAINERS
from rescuecalc.rules.facts.order_model.order_system import any_usual_weight
from rescuecalc.rules.facts.order_model.stated_rounding import is_portion, is_step
from rescuecalc.rules.facts.order_model.text_mentions import spoken
from rescuecalc.rules.facts.reference.product_label import strengths_of
from rescuecalc.rules.facts.text.number_owner import is_of_another
from rescuecalc.rules.facts.text.per_weight import per_kg

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from fractions import Fraction

    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

KIND_OF: Final = {
    **dict.fromkeys(("dose_per_kg", "dose", "max_dose", "volume", "volume_per_kg"), "bolus"),
    **dict.fromkeys(("dose_rate_per_kg", "dose_rate", "max_dose_rate", "pump_rate", "pump_rate_per_kg"), "infusion"),
}
_VARIABLE_OF: Final = {"max_dose": of.DOSE, "max_dose_rate": of.DOSE_RATE}
_IN_VOLUME: Final = frozenset({"volume", "pump_rate", "volume_per_kg", "pump_rate_per_kg"})

_ROUTES: Final = (("IA", words.INTO_ARTERY), ("IV", words.INTO_VEIN))


class TextDose(NamedTuple):
    """A dose of a text as an order of its own; ``is_cap`` tells that it is the most that is given.

    ``is_label`` tells that its clause refers to a label or to the heart: it is compared with every indication's range.
    ``is_measured`` tells that its amount of drug is known: it is none of a volume or a flow without a strength.
    """

    judged: SolvedOrder
    is_cap: bool
    is_label: bool
    is_measured: bool = True


def _of_orders(subject: Subject) -> Iterator[tuple[str, tuple[TextDose, ...]]]:
    for judged in ORDERS.of(subject):
        if subject.knowledge.has_published_range(judged.order.drug):
            yield judged.order.pointer, tuple(doses_of(judged))


_DOSES: Final = Shared(_of_orders)


def text_doses(judged: SolvedOrder) -> tuple[TextDose, ...]:
    """Return the doses that the text of an order mentions, without those that its fields and its system hold."""
    return dict(_DOSES.of(judged.subject)).get(judged.order.pointer, ())


def doses_of(judged: SolvedOrder) -> Iterator[TextDose]:
    """Yield the doses that the text of an order mentions beside its order's own."""
    text = judged.order.texts.get("text", "")
    for said in unclaimed_of_drug(judged, KIND_OF):
        yield from _ends(said, text, judged)


def unclaimed_of_drug(judged: SolvedOrder, fields: Container[str]) -> Iterator[Said]:
    """Yield the quantities of these fields that a text mentions beside its order's own, of the order's drug."""
    text = judged.order.texts.get("text", "")
    for said in unclaimed(judged) if text else ():
        if said.field in fields and not _is_anothers(said, text, judged):
            yield per_kg(said) if said.per_weight else said


def all_of_drug(judged: SolvedOrder, fields: Container[str]) -> Iterator[Said]:
    """Yield the quantities of these fields that the text of an order mentions of its own drug."""
    text = judged.order.texts.get("text", "")
    for said in (*judged.order.numbers_in_text(), *elsewhere(text)):
        if said.field in fields and not _is_anothers(said, text, judged):
            yield said


def unclaimed(judged: SolvedOrder) -> Iterator[Said]:
    """Yield the quantities of a text that agree with no field, that do not stand in the system, and no error blames.

    What stands in the clauses of other patients and other times is compared as well; none at all is no dose.
    """
    order = judged.order
    text = order.texts.get("text", "")
    heard = {each.said.at: each for each in spoken(judged)}
    counted = {each.text for each in judged.system.mentions if each.place == "text"}
    blamed = {each.repair.blamed.text for each in judged.found}
    for said in (*order.numbers_in_text(), *elsewhere(text)):
        known = heard.get(said.at)
        is_held = (known is not None and known.agrees) or said.text in counted
        repeats = order.fields.get(said.field) == said.quantity
        is_told = _is_bound_of_dose(said, judged) if said.is_cap else is_held or repeats
        is_more = said.times > 1 or (said.least is not None and said.text not in counted)
        is_of_row = order.weight_band is None and row_at(text, said.at) is not None
        is_all = is_told and not ((is_more or is_of_row) and said.field in KIND_OF and not said.is_cap)
        if known is not None and known.said.field != said.field:  # the time behind it makes it a rate
            is_all = known.agrees or known.mention.text in blamed
        if said.quantity.magnitude and said.text not in blamed and not is_all:
            yield said


_BOUND_OF: Final = {
    of.MAX_DOSE: of.DOSE_PER_KG,
    of.MAX_DOSE_RATE: of.DOSE_RATE_PER_KG,
    of.PUMP_RATE: of.DOSE_RATE_PER_KG,
}


def _is_bound_of_dose(said: Said, judged: SolvedOrder) -> bool:
    """Whether a cap stands beside the dose per kg that it bounds: whether it can bind is another rule's matter."""
    per_kg = _BOUND_OF.get(said.field)
    return per_kg is not None and judged.system.has(per_kg)


def _is_anothers(said: Said, text: str, judged: SolvedOrder) -> bool:
    """Whether a quantity is none that is given of the order's drug."""
    start = said.at
    clause = clause_at(text, start)
    before, behind = text[clause[0] : start], text[start + len(said.text) : clause[1]]
    is_denied = any(each.search(before) is not None for each in (words.DENIED, words.MEASURED, words.PUMP_LIMIT))
    if is_denied or is_step(said, judged.order) or words.NOT_THIS.match(behind) is not None:
        return True
    if said.field in _IN_VOLUME and _is_of_fluid(said, words.THEN.sub("", before), behind, judged):
        return True
    if KIND_OF.get(said.field) == "infusion" and _is_speed_of_bolus(said, f"{before} {behind}", judged):
        return True
    if is_of_another(judged.order.drug, before, behind, text[: clause[0]], judged.subject.knowledge):
        return True
    if said.field not in {"dose", "volume"} or said.is_cap:
        return False
    return _is_part(said, judged) or _is_for_bag(said, judged) or _is_held(said, before, behind, judged)


def _is_part(said: Said, judged: SolvedOrder) -> bool:
    """Whether an amount is a half or a third of the order's own dose: one of its parts, or a renal half."""
    own = judged.order.fields.get(said.field)
    if (
        own is None
        or own.unit.parts[0].dimension != said.quantity.unit.parts[0].dimension
        or not said.quantity.magnitude
    ):
        return False
    count = own.value_in(said.quantity.unit.name) / said.quantity.magnitude
    return count in _PARTS or is_portion(said, judged.order)


_PARTS: Final = frozenset((2, 3))
"""Into how many equal parts a dose is divided."""


def _is_speed_of_bolus(said: Said, clause: str, judged: SolvedOrder) -> bool:
    """Whether a rate in the text of a bolus is how fast that is given: 16 mL at 320 mL/h."""
    if judged.order.given_as != "bolus" or said.is_step or words.FOLLOWING.search(clause) is not None:
        return False
    made = mention(_variable(said), said.quantity, "text", "", judged.subject.knowledge.limits)
    return made.variable in _SPEEDS and is_consistent(judged.system.with_mention(made))


_SPEEDS: Final = frozenset({of.PUMP_RATE, of.DOSE_RATE})


def _is_of_fluid(said: Said, before: str, behind: str, judged: SolvedOrder) -> bool:
    """Whether a volume or a flow is of a carrier, a flush or a container, or is a clearance."""
    beside = [words.TAKEN_FROM.sub("", each) for each in (before, behind)]
    if any(words.CARRIER.search(each) is not None for each in beside):
        return True
    if "L/min" in said.text and any(words.GAS.search(each) is not None for each in beside):
        return True
    if said.field == "pump_rate":
        return False
    if words.OF_CONTAINER.match(behind) is not None and words.PREPARED.search(before) is None:
        return judged.order.given_as != "bolus"
    if any(words.CONTAINER.search(each) is not None for each in beside):
        return True
    is_injected = judged.order.given_as == "bolus" or words.INJECTED.search(f"{before} {behind}") is not None
    is_given = said.given or words.DRAWN_FROM.search(before) is not None
    return not (is_given and is_injected)


def _is_held(said: Said, before: str, behind: str, judged: SolvedOrder) -> bool:
    """Whether an amount is what a container holds or is left in it, or the total of what is infused."""
    is_drawn = words.DRAWN_FROM.search(before) is not None
    is_content = words.FROM_HOLDER.search(before) is not None
    is_injected = words.INJECTED.search(before) is not None or words.INJECTED.match(behind) is not None
    if not is_content and (is_drawn or is_injected):
        return False
    if is_content or said.share is not None or words.LEFT_BEFORE.search(before) or words.LEFT_BEHIND.match(behind):
        return True
    beside = f"{before} {behind}"
    if judged.system.is_infusion:
        if words.HOLDING.search(beside) or words.IN_ALL.search(beside) or words.HELD_IN.search(before):
            return True
        return said.field == "dose" and _fills_containers(said.quantity, judged)
    if _is_more_than_needed(said, judged) and words.PREPARED.search(before) is None:
        return False
    return words.HOLDING.search(beside) is not None and _is_of_product(said, judged)


_BAG_PREPARED: Final = lazy_pattern(
    rf"\b(?:remove|withdraw|discard)\b(?![^;\n]{{0,80}}\bbolus)"
    rf"[^;\n]{{0,80}}\b{one_of(BAGS)}\b[^;\n]{{0,40}}$",
    re.IGNORECASE,
)


def _is_for_bag(said: Said, judged: SolvedOrder) -> bool:
    """Whether an amount is injected into the bag of an infusion, of which its volume was taken out before."""
    text = judged.order.texts["text"]
    begin, _ = sentence_at(text, said.at)
    is_prepared = judged.system.is_infusion and _BAG_PREPARED.search(text, begin, said.at) is not None
    return is_prepared and said.field == "dose" and _fills_containers(said.quantity, judged)


def _is_more_than_needed(said: Said, judged: SolvedOrder) -> bool:
    """Whether fewer containers of an amount than a text says hold the order's own dose; one where none is known."""
    dose, amount = judged.solution.bounds.get(of.DOSE), base_value(said.quantity)[0]
    return said.times > 1 and (dose is None or (said.times - 1) * amount >= dose.low)


def _is_of_product(said: Said, judged: SolvedOrder) -> bool:
    """Whether a container of the drug holds an amount, or a volume, or several of them do."""
    own = judged.subject.knowledge.products_of(judged.order.drug)
    held = [base_value(each.amount if said.field == "dose" else each.volume)[0] for each in own]
    counts = [base_value(said.quantity)[0] / each for each in held]
    return any(each.denominator == 1 and each <= MOST_CONTAINERS for each in counts)


def _fills_containers(amount: Quantity, judged: SolvedOrder) -> bool:
    """Whether an amount is what one or several containers of the drug for infusion hold."""
    own = judged.subject.knowledge.products_of(judged.order.drug)
    held = [base_value(each.amount)[0] for each in own if ProductUse.INFUSION in each.serves]
    counts = [base_value(amount)[0] / each for each in held]
    return any(each.denominator == 1 and each <= MOST_CONTAINERS for each in counts)


def _ends(said: Said, text: str, judged: SolvedOrder) -> Iterator[TextDose]:
    """Yield a dose as an order, of a range either end."""
    begin, end = clause_at(text, said.at)
    if words.OF_HEAVIER.search(text, begin, said.at) is not None:
        said = said._replace(is_cap=True)  # of every patient of that weight
    is_label = words.LABEL.search(text[begin:end]) is not None
    quantities = tuple(_given_amounts(said, judged))
    for quantity in quantities:
        made = _as_order(said, text, judged)
        base = judged_made(made, judged.subject)
        limits = judged.subject.knowledge.limits
        spoken_of = mention(_variable(said), quantity, "text", f"{judged.order.pointer}/text", limits)
        system = _system(said, spoken_of._replace(text=said.whole or said.text), base.system, judged)
        if spoken_of.kind in {"", judged.built.kind} and spoken_of.value:
            is_measured = said.field not in _IN_VOLUME or system.has(of.CONCENTRATION)
            solved = base._replace(system=system, solution=solution(system))
            yield TextDose(solved, said.is_cap, is_label, is_measured)


def _given_amounts(said: Said, judged: SolvedOrder) -> Iterator[Quantity]:
    """Yield what a text may give: of a range either end, of one in which the order's own dose lies the most."""
    named = judged.subject.knowledge.drugs.get(judged.order.drug)
    if said.times > (named.boluses if named is not None else 1):  # as many as a source gives are judged one by one
        yield replace(said.quantity, magnitude=said.quantity.magnitude * said.times)
        return
    known = judged.solution.bounds.get(_variable(said))
    if said.least is not None and not said.is_cap:
        ends = between(base_value(said.least)[0], base_value(said.quantity)[0])
        if known is None or not ends.overlaps(known):
            yield said.least
    yield said.quantity


def _variable(said: Said) -> str:
    return _VARIABLE_OF.get(said.field, said.field)


def _as_order(said: Said, text: str, judged: SolvedOrder) -> Order:
    """Return the order that a dose of a text makes: its route and its time as they stand beside it."""
    order, kind = judged.order, KIND_OF[said.field]
    begin, end = clause_at(text, said.at)
    clause = text[begin:end]
    route = next((name for name, pattern in _ROUTES if pattern.search(clause)), "")
    if not route and order.given_as in {"", "dose", kind}:
        route = order.route
    time = words.LASTING.match(text, said.at + len(said.text))
    lasts = time_at(text, time.end()) if time is not None else None
    fields = {"run_time": lasts} if lasts is not None and kind == "infusion" else {}
    return Order(
        order.id,
        order.drug,
        route if kind == "bolus" else "IV",
        kind,
        order.pointer,
        fields,
        load=True,
        weight_band=order.weight_band,
    )


def _system(said: Said, dose: Mention, system: System, judged: SolvedOrder) -> System:
    """Return the dose with the weight, and where it is a volume or a flow with the strength of what is given."""
    text = judged.order.texts["text"]
    row = row_at(text, said.at)
    if said.is_cap or row is not None:  # a cap is for every patient, a row of a table for those of its weight
        usual = any_usual_weight(judged.subject.knowledge)
        bare = system.only(())
        system = bare._replace(seeds={**bare.seeds, of.WEIGHT: usual if row is None else row.within(usual)})
    made = system.with_mention(dose)
    if said.field not in _IN_VOLUME:
        return made
    follows = KIND_OF[said.field] == "infusion" and judged.order.given_as == "bolus"
    strengths = () if follows else judged.system.of(of.CONCENTRATION)
    if strengths and (said.field in {"pump_rate", "pump_rate_per_kg"} or row is not None):
        return made.with_mention(strengths[0])
    known = _strengths(said, judged)
    beside = [each for each in judged.order.numbers_in_text() if each.field == of.CONCENTRATION]
    if len(beside) == 1:
        return made.with_mention(mention(of.CONCENTRATION, beside[0].quantity, "text", "", judged.context.limits))
    if not known:
        return made.with_mention(strengths[0]) if strengths else made
    span = between(known[0], known[-1])
    return made._replace(seeds={**made.seeds, of.CONCENTRATION: span})


def _strengths(said: Said, judged: SolvedOrder) -> list[Fraction]:
    """Return the strengths that a volume in a text may be of, of a vial those that are not infused as they are."""
    knowledge, drug, text = judged.subject.knowledge, judged.order.drug, judged.order.texts["text"]
    held, infused = strengths_of(drug, knowledge), strengths_of(drug, knowledge, "infusion")
    if said.field in {"pump_rate", "pump_rate_per_kg"} and judged.order.given_as == "bolus":
        return sorted(infused)  # of the infusion that follows
    is_vial = words.OF_VIAL.search(text, *clause_at(text, said.at)) is not None
    return sorted((is_vial and held - infused) or held)


def cap_of_field(judged: SolvedOrder, variable: str) -> TextDose | None:
    """Return a cap that stands in a field of an order that says no dose, as an order of the most that may be given."""
    cap = judged.system.first(variable)
    if cap is None:
        return None
    kind = "bolus" if variable == of.MAX_DOSE else "infusion"
    order = judged.order._replace(kind=kind, fields={}, texts={}, load=True)
    base = judged_made(order, judged.subject)
    amount = exact_mention(of.DOSE if kind == "bolus" else of.DOSE_RATE, cap.quantity, cap.place, cap.pointer, cap.text)
    bare = base.system.only(())
    seeds = {**bare.seeds, of.WEIGHT: any_usual_weight(judged.subject.knowledge)}
    system = bare._replace(seeds=seeds).with_mention(amount)
    return TextDose(base._replace(system=system, solution=solution(system)), is_cap=True, is_label=False)
