"""What explains an order whose numbers seem to contradict each other: it gives a part of a dose, a source's cap or row.

Of alteplase a tenth is a bolus and the rest an infusion; above 121 kg eptifibatide's label prints a row in place of the
formula; a VTBI may be a whole container. None of it is asked of an order that agrees as it stands.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import Mention, base_value, exact_mention, mention
from rescuecalc.core.orders.model.ratio import MOVED_POINTS, stands_out
from rescuecalc.core.orders.model.solution import is_consistent, solution
from rescuecalc.core.orders.model.system import PER_KG_OF, System
from rescuecalc.core.orders.text.text_words import OVER
from rescuecalc.core.quantities.label_strength import Strength, strength_at
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.rules.facts.order_model.order_system import text_shares
from rescuecalc.rules.facts.order_model.whole_volume import is_given_once, is_minutes_for_hours, is_the_rest
from rescuecalc.rules.facts.reference.product_label import container_volumes, label_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rescuecalc.core.orders.model.tuning import Tuning
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Dose, DosePerKg, DoseRate, DoseRatePerKg, Quantity
    from rescuecalc.core.regimen.protocol import Cap
    from rescuecalc.rules.base.knowledge import Knowledge, Subject
    from rescuecalc.rules.facts.order_model.order_system import Built
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder


MOST_CONTAINERS: Final = 6
"""Containers that are taken to be given one after the other where only what one holds is written."""


class Explained(NamedTuple):
    """A system under which an order agrees with itself.

    ``is_row``: a source's own amount takes the dose's place; ``share`` is the part of the dose that the order gives.
    """

    system: System
    is_row: bool = False
    share: Fraction | None = None


def without_containers(made: Built, subject: Subject) -> System:
    """Return the system of an order without a VTBI that is a whole container: it may be what hangs there."""
    return next(_of_containers(made, subject), made.system)


def explained(made: Built, subject: Subject) -> Explained | None:
    """Return what explains an order, None where nothing does."""
    order, system = made.order, made.system
    ways = (
        *(Explained(each) for each in _of_containers(made, subject)),
        *_of_parts(order, system, subject),
        *(Explained(each, is_row=True) for each in _of_sources(order, system, subject)),
        *(Explained(each) for each in _of_text(order, system, subject)),
    )
    # The first that holds, and only of an order that contradicts itself: an explanation is never looked for where none
    # is needed, since with enough of them anything can be explained.
    return next((each for each in ways if is_consistent(each.system)), None)


def _of_containers(made: Built, subject: Subject) -> Iterator[System]:
    """Yield the system without a VTBI that is a whole container.

    Of a drug whose containers are held it is one of them, and no less than what is given, else it would end the drug
    early; of another drug it is that of the order's label, else one of a usual volume, that can hang for this order.
    """
    order, system = made.order, made.system
    wholes = container_volumes(order.drug, subject.knowledge)
    tuning, label = subject.knowledge.tuning(), label_of(order, subject)
    line = base_value(subject.knowledge.limits.line_volume.high)[0]
    usual = tuning.containers if label is None else (base_value(label.volume)[0],)
    bags = wholes if label is None else usual
    for each in (one for one in system.of(of.VOLUME) if one.place == "vtbi"):
        rest = system.without((each,))
        known = solution(rest).bounds
        given = known.get(of.VOLUME)
        rest = rest._replace(is_one_dose=is_given_once(made, rest, known))
        # A bag that holds less than what is given would end the drug early: then the VTBI is wrong, and not a bag.
        is_enough = given is not None and given.low <= each.value
        is_begun = any(_is_first_bag(each, bag, line, given, tuning) for bag in bags)
        can_hang = _can_hang(each.value, rest, known, tuning) and not _is_not_emptied(each, rest, known, tuning)
        if is_begun or (each.value in wholes and is_enough) or (not wholes and each.value in usual and can_hang):
            yield rest


def _is_first_bag(vtbi: Mention, bag: Fraction, line: Fraction, given: Bounds | None, tuning: Tuning) -> bool:
    """Whether a VTBI is what a labelled bag holds beside the line that it fills, and more bags follow."""
    if given is None or given.low <= vtbi.value or stands_out(vtbi, given, tuning.tolerances):
        return False
    return bag - line <= vtbi.value < bag


def _can_hang(volume: Fraction, rest: System, known: Mapping[str, Bounds], tuning: Tuning) -> bool:
    """Whether a bag suits what is given.

    A bag made for one dose holds it, and little more. The bags of a continuous infusion are changed, or taken down
    before they are empty, but none is empty in less than an hour: who sets 600 mL/h gives the 100 mL once.
    """
    flow, given = known.get(of.PUMP_RATE), known.get(of.VOLUME)
    if rest.is_one_dose:
        return given is None or given.overlaps(Bounds(volume / tuning.tolerances.bag_filled, volume, volume))
    # Who sets 600 mL/h gives 100 mL once; nobody changes a bag every ten minutes for a day.
    return flow is None or flow.low * tuning.container_time <= volume


def may_be_held(dose: Mention, total: Bounds, made: Built, known: Mapping[str, Bounds], subject: Subject) -> bool:
    """Whether an infusion's dose beside its rate, which gives ``total``, may be what a container holds.

    It is one that can hang for the order; several of a label hold what is given, and the last is begun. Of a drug whose
    products are held it is the amount of its own bags. The dose of a coded order is what is given, never a bag.
    """
    # A program wrote it: in FHIR the dose quantity is what is given, by the standard.
    if made.order.coded:
        return False
    # It is ordered by its dose alone, of which its text may say the whole.
    if subject.knowledge.is_thrombolytic(made.order.drug):
        return is_the_rest(dose, total, made.order.drug, subject)
    label, strength = label_of(made.order, subject), known.get(of.CONCENTRATION)
    tuning = subject.knowledge.tuning()
    if is_minutes_for_hours(dose, total, known, tuning):
        return False
    sizes: tuple[Fraction, ...]
    bags = dose.value / base_value(label.amount)[0] if label is not None else 0
    if label is not None and bags.denominator == 1:
        volume, given = base_value(label.volume)[0], known.get(of.VOLUME)
        is_begun = given is None or given.high is None or volume * (bags - 1) < given.high
        is_enough = bags == 1 or given is None or given.low <= volume * bags
        sizes = (volume * bags,) if is_begun and is_enough else ()
    elif made.order.drug in subject.knowledge.drugs and "diluted_in" not in made.order.texts:
        return _fills_needed_bags(dose, total, made, subject)
    else:
        sizes = () if strength is None else tuple(_made_up(dose, total, strength, made, tuning))
    return any(_can_hang(each, made.system, known, tuning) for each in sizes)


def given_once(judged: SolvedOrder) -> Strength | None:
    """Return the label of a bag that is given over a time, by the order's fields or text: `1 g in 250 mL over 1 h`."""
    order = judged.order
    label = label_of(order, judged.subject)
    over_time = judged.system.first(of.TIME)
    in_text = over_time is not None and over_time.place == "text" and judged.system.is_one_dose
    if label is not None and ("give_over" in order.fields or in_text):
        return Strength(label.amount, label.volume, order.texts["product"])
    for each in order.numbers_in_text():
        text = order.texts.get("text", "")
        if each.field == of.CONCENTRATION and OVER.match(text, each.at + len(each.text)) is not None:
            return strength_at(text, each.at)
    return None


def _has_rate(system: System) -> bool:
    return not of.RATES.isdisjoint(system.variables)


def _is_not_emptied(whole: Mention, system: System, known: Mapping[str, Bounds], tuning: Tuning) -> bool:
    """Whether a bag of which ten times as much is given, or a tenth, hangs for hours alone: those empty it."""
    given, time = known.get(of.VOLUME), known.get(of.TIME)
    is_short = time is not None and time.high is not None and time.high <= tuning.one_bag
    return given is not None and is_short and not _has_rate(system) and stands_out(whole, given, tuning.tolerances)


def may_be_emptied(whole: Mention, system: System, known: Mapping[str, Bounds], tuning: Tuning) -> bool:
    """Whether a volume beside a dose that is given once may be that of its bag, or of each of a few such bags."""
    if _is_not_emptied(whole, system, known, tuning):
        return False
    given = known.get(of.VOLUME)
    if given is None or not system.is_one_dose or _has_rate(system):
        return True  # of what is ordered as a rate bag follows bag
    filled = Bounds(whole.value / tuning.tolerances.bag_filled, whole.value, whole.value)
    return any(given.overlaps(filled.times(point(Fraction(count)))) for count in range(1, MOST_CONTAINERS + 1))


def _fills_needed_bags(dose: Mention, total: Bounds, made: Built, subject: Subject) -> bool:
    """Whether a dose is that of so many of the drug's own bags as an infusion that gives ``total`` may need.

    A drug of which no bag is held is given whole: its dose is what the patient gets.
    """
    strength = made.system.first(of.CONCENTRATION)
    products = subject.knowledge.products_of(made.order.drug)
    infused = (one for one in products if strength is None or ProductUse.INFUSION in one.serves)
    amounts = {
        base_value(one.amount)[0]
        for one in infused
        if strength is None or base_value(one.concentration)[0] == strength.value
    }
    least = total.low if any(each.place == "vtbi" for each in made.system.mentions) else 0
    return any(
        not dose.value % each and dose.value >= least and (total.high is None or dose.value < total.high + each)
        for each in amounts
    )


def _made_up(dose: Mention, total: Bounds, strength: Bounds, made: Built, tuning: Tuning) -> Iterator[Fraction]:
    """Yield the volumes in which a dose makes the strength that runs: the one that is written, else a usual one.

    What is set to be infused fits into it. Exactly ten times what is given is a slip, and not a larger bag.
    """
    written = (*made.system.mentions, *made.weak)
    volume = next((each.value for each in written if each.place == "volume"), None)
    least = next((each.value for each in written if each.place == "vtbi"), Fraction(0))
    slips = (point(dose.value / power).widened(dose.rounding / power) for power in MOVED_POINTS)
    if volume is None and any(each.overlaps(total) for each in slips):
        return
    whole = point(dose.value).widened(dose.rounding)
    for each in (volume,) if volume is not None else tuning.held:
        if each >= least and strength.times(point(each)).overlaps(whole):
            yield each


def _of_parts(order: Order, system: System, subject: Subject) -> Iterator[Explained]:
    """Yield the system of an order that gives a part of a dose: by its text, or where others give the rest."""
    for whole in (system, *_of_text(order, system, subject)):
        shares = (*text_shares(order.texts.get("text", "")), *_shares_of_total(order, whole, subject))
        for share in shares if whole.has(of.DOSE_PER_KG) else ():
            yield Explained(in_part(whole, share), share=share)


def in_part(whole: System, share: Fraction) -> System:
    """Return the system of an order that gives a part of its dose per kg, or of its cap."""
    scaled = whole
    for each in (*whole.of(of.DOSE_PER_KG), *whole.of(of.MAX_DOSE)):
        scaled = scaled.replaced(each, _scaled(each, share))
    return scaled._replace(lightest=None)


def _scaled(each: Mention, share: Fraction) -> Mention:
    return each._replace(value=each.value * share, digit=each.digit * share, rounding=each.rounding * share)


def _shares_of_total(order: Order, system: System, subject: Subject) -> Iterator[Fraction]:
    """Yield the share of its total dose that an order gives where another order of the drug gives the rest of it."""
    dose = system.first(of.DOSE)
    whole = solution(system.without(system.of(of.DOSE) + system.of(of.VOLUME))).bounds.get(of.DOSE)
    if dose is None or whole is None or not whole.middle:
        return
    for other in subject.order_set.orders:
        rest = other.fields.get("dose")
        if rest is None or other.pointer == order.pointer or other.drug != order.drug:
            continue
        if other.kind == order.kind and not (order.given_as == "bolus" and is_one_bolus(order.drug, subject.knowledge)):
            continue  # each of two doses is a whole one
        more = mention(of.DOSE, rest, "dose", other.pointer, subject.knowledge.limits)
        total = Bounds(
            dose.value + more.value - dose.rounding - more.rounding,
            dose.value + more.value + dose.rounding + more.rounding,
            dose.value + more.value,
        )
        same = {"", other.texts.get("dose_per_kg", ""), order.texts.get("dose_per_kg", "")}
        if more.kind == dose.kind and total.overlaps(whole) and _of_one_total(order, other, len(same)):
            yield dose.value / whole.middle


def is_one_bolus(drug: str, knowledge: Knowledge) -> bool:
    """Whether every source of a drug gives one bolus of it at most."""
    known = knowledge.drugs.get(drug)
    return known is not None and known.boluses == 1


def _of_one_total(order: Order, other: Order, texts: int) -> bool:
    """Whether two orders can be parts of one dose: they state the same dose per kg, or only one states any."""
    mine, theirs = order.fields.get("dose_per_kg"), other.fields.get("dose_per_kg")
    return texts <= 2 or (mine is not None and theirs is not None and mine == theirs)  # noqa: PLR2004  # and the empty


class _SourceRow(NamedTuple):
    """The amount, or rate, that a source states in place of its formula: at which dose per kg, and from which weight.

    Without ``above`` it holds where the formula gives more.
    """

    amount: Quantity
    per_kg: Fraction
    above: Fraction | None
    words: str


def _of_sources(order: Order, system: System, subject: Subject) -> Iterator[System]:
    """Yield the system with a source's cap, or its label's row, in place of what the formula gives."""
    if order.drug not in subject.knowledge.drugs:
        return
    amount = of.DOSE_RATE if order.given_as == "infusion" else of.DOSE
    per_kg = system.first(PER_KG_OF[amount])
    if per_kg is None:
        return
    weight, seed = system.first(of.WEIGHT), system.seeds.get(of.WEIGHT)
    low = weight.value if weight is not None else seed.high if seed is not None else None
    for row in rows(order, subject):
        value = base_value(row.amount)[0]
        in_its_place = low is not None and (per_kg.value * low > value or (row.above is not None and low > row.above))
        if in_its_place and point(per_kg.value).widened(per_kg.digit).holds(row.per_kg):
            fixed = exact_mention(amount, row.amount, "cap", order.pointer, row.words)
            yield system.replaced(per_kg, fixed)


def rows(order: Order, subject: Subject) -> Iterator[_SourceRow]:
    """Yield the caps and label rows of every protocol of an order's drug, at each band of its renal rule."""
    for protocol in subject.knowledge.protocols():
        if protocol.drug != order.drug:
            continue
        shares = subject.knowledge.factors(protocol, order.given_as)
        if order.given_as == "bolus":
            for bolus in protocol.boluses:
                yield from _of_step(bolus.cap, bolus.dose_per_kg, shares)
        else:
            for infusion in protocol.infusions:
                yield from _of_step(infusion.cap, infusion.dose_rate_per_kg, shares)


def _of_step(
    cap: Cap[Dose] | Cap[DoseRate] | None, per_kg: DosePerKg | DoseRatePerKg | None, shares: Iterable[Fraction]
) -> Iterator[_SourceRow]:
    if cap is None or per_kg is None:
        return
    above = base_value(cap.row_above)[0] if cap.row_above is not None else None
    for share in sorted(shares, reverse=True):
        yield _SourceRow(cap.under(share), base_value(per_kg)[0] * share, above, cap.words)


def _of_text(order: Order, system: System, subject: Subject) -> Iterator[System]:
    """Yield the system with the bound that the order's text states: a maximum that stands in no field."""
    numbers = order.numbers_in_text() if not system.has(of.MAX_DOSE) else ()
    for each in numbers:
        if each.field == of.MAX_DOSE and each.quantity.magnitude:
            yield system.with_mention(
                mention(of.MAX_DOSE, each.quantity, "text", f"{order.pointer}/text", subject.knowledge.limits)
            )
