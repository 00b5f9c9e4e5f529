"""From an order to its system of equations: which of its fields, labels and times are mentions of which variable."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.amount_kind import is_in_units
from rescuecalc.core.orders.bounds import Bounds, between, point
from rescuecalc.core.orders.condition_interval import Interval, covered
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import VARIABLE_OF_FIELD, Mention, base_value, exact_mention, mention
from rescuecalc.core.orders.model.signature import MASS, UNITS
from rescuecalc.core.orders.model.system import system_of
from rescuecalc.core.orders.text.text_words import PERCENT
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.facts.order_model.stated_rounding import with_stated_rounding
from rescuecalc.rules.facts.reference.label_rows import row_weights
from rescuecalc.rules.facts.reference.product_label import container_volumes, label_of, product_concentration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.titration import Ends
    from rescuecalc.core.quantities.quantity import DosingWeight
    from rescuecalc.rules.base.knowledge import Knowledge, Subject

WEIGHT_POINTER: Final = "/dosing_weight"

_AMOUNTS: Final = frozenset({of.DOSE, of.VOLUME})


class Built(NamedTuple):
    """The system of an order, with what stands beside it.

    ``weak`` mentions may be of something else; ``left_out`` measure the drug in another kind than the others. ``kind``
    is what the drug is measured as.
    """

    order: Order
    system: System
    weak: tuple[Mention, ...]
    left_out: tuple[Mention, ...]
    kind: str


def built(order: Order, subject: Subject) -> Built:
    """Return the system of an order."""
    found, weak = _distinguished(order, tuple(_of_fields(order, subject)), subject)
    says = found if any(each.kind for each in found) else weak
    kind = MASS if subject.knowledge.has_published_range(order.drug) else _kind(says, order.drug)
    # Units beside mg have no factor between them: they leave the system, and are reported as not judged.
    left_out = tuple(each for each in (*found, *weak) if each.kind not in {"", kind})
    kept = tuple(each for each in found if each.kind in {"", kind})
    weighed = _weight(order, subject)
    seeds: Mapping[str, Bounds] = {}
    lightest = base_value(subject.knowledge.limits.usual_weight.low)[0]
    if isinstance(weighed, Mention):
        # A cap is asked at the patient's own weight where that is lighter than the usual ones: the dose per kg must not
        # hide behind it for this patient.
        kept, lightest = (*kept, weighed), min(lightest, weighed.value)
    else:
        if not subject.knowledge.has_published_range(order.drug):
            lightest = min(lightest, lightest_child(subject.knowledge))
        seeds, lightest = {of.WEIGHT: weighed}, min(lightest, weighed.low)
    weak = tuple(each for each in weak if each.kind in {"", kind})
    made = system_of(kept, seeds, lightest, is_infusion=order.given_as == "infusion")
    return Built(order, made, weak, left_out, kind)


def lightest_child(knowledge: Knowledge) -> Fraction:
    """Return the weight (kg) from which on a cap may be that of children: of a lower one ten times it is an adult's.

    A drug whose doses are held here is for adults.
    """
    return base_value(knowledge.limits.usual_weight.high)[0] / 10


def weight_mention(weight: DosingWeight) -> Mention:
    """Return the mention of the patient's weight: it is taken as exact."""
    return exact_mention(of.WEIGHT, weight, "weight", WEIGHT_POINTER, weight.text or str(weight))


def _weight(order: Order, subject: Subject) -> Mention | Bounds:
    """Return the weight that an order is for: its row's band, the patient's, else any usual one that it allows."""
    weight, band = subject.order_set.weight, order.weight_band
    if band is not None:
        return between(base_value(band.low)[0], base_value(band.high)[0])
    own = _weight_in_text(order, subject) if weight is None and "text" in order.texts else None
    if own is not None:
        return own
    if weight is not None and is_for_others(order, base_value(weight)[0]):
        return usual_weights(order, subject)
    return weight_mention(weight) if weight is not None else _with_row(usual_weights(order, subject), order, subject)


def _weight_in_text(order: Order, subject: Subject) -> Bounds | None:
    """Return the weight that a text names right behind a dose per kg: `10 mg/kg (12 kg)` is of a child of 12 kg.

    One of the usual weights is among those that are asked without it.
    """
    text = order.texts["text"]
    if _BEHIND_PER_KG.search(text) is None:
        return None
    weights = [each for each in order.numbers_in_text() if each.field == "weight" and each.least is None]
    named = [each for each in weights if _BEHIND_PER_KG.search(text[: each.at + len(each.text)]) is not None]
    kg = {base_value(each.quantity)[0] for each in named}
    one = next(iter(kg)) if len(kg) == 1 else None
    return None if one is None or any_usual_weight(subject.knowledge).holds(one) else point(one)


_BEHIND_PER_KG: Final = lazy_pattern(
    r"/kg(?:/[a-z]{1,4}){0,2} ?(?:\(|x |\u00d7 ?|for |at )(?:weight )?[0-9.]{1,5} ?kg\b"
)


def is_weighed(order: Order, subject: Subject) -> bool:
    """Whether an order is for some weights by its condition, or for one that its text names beside a dose per kg."""
    is_named = "text" in order.texts and _weight_in_text(order, subject) is not None
    return is_named or any(each.name == "weight" for each in order.when)


def _with_row(usual: Bounds, order: Order, subject: Subject) -> Bounds:
    """Return usual weights with those of the row of the named label's table that an order sets."""
    protocol = subject.protocol
    named = row_weights(order, protocol) if protocol is not None and protocol.drug == order.drug else None
    if named is None or usual.high is None:
        return usual
    return between(min(usual.low, named[0]), max(usual.high, named[1]))


def usual_weights(order: Order, subject: Subject) -> Bounds:
    """Return the usual weights (kg), or those of them that an order is for by its condition."""
    usual = any_usual_weight(subject.knowledge)
    condition = next((each for each in order.when if each.name == "weight"), None)
    if condition is None or usual.high is None:
        return usual
    low, high = usual.low, usual.high
    stated = covered(condition, "kg")
    least, most = max(low, stated.low), high if stated.high is None else min(high, stated.high)
    if least < most:
        return between(least, most)
    return Bounds(stated.low, stated.high, stated.low if stated.low or stated.high is None else stated.high / 2)


def is_for_others(order: Order, kg: Fraction) -> bool:
    """Whether an order is by its condition for other weights than the patient's: a row of a table."""
    condition = next((each for each in order.when if each.name == "weight"), None)
    return condition is not None and covered(condition, "kg").meet(Interval(kg, True, kg, True)).is_empty


def any_usual_weight(knowledge: Knowledge) -> Bounds:
    """Return the usual weights (kg), worked out once."""
    usual = knowledge.limits.usual_weight
    return knowledge.once(("usual weights",), lambda: between(base_value(usual.low)[0], base_value(usual.high)[0]))


def _of_fields(order: Order, subject: Subject) -> Iterator[Mention]:
    limits = subject.knowledge.limits
    for name, quantity in order.fields.items():
        variable = VARIABLE_OF_FIELD.get(name)
        if variable is not None and quantity.magnitude:
            made = mention(variable, quantity, name, order.at(name), limits)
            if "text" in order.texts:
                made = with_stated_rounding(made, order, is_known=_has_known_doses(order, subject))
            yield _ranged(made, order.spans[name]) if name in order.loose else made
    yield from _of_ranges(order, limits)
    strength = product_concentration(order, subject)
    if strength is not None:
        yield exact_mention(of.CONCENTRATION, strength, "product", order.at("product"), order.texts["product"])
    lasts = order.lasts
    if not {"run_time", "give_over"} & order.fields.keys() and lasts is not None and order.given_as == "infusion":
        yield exact_mention(of.TIME, lasts, "stop", order.at("stop"), str(lasts))


def _has_known_doses(order: Order, subject: Subject) -> bool:
    return subject.knowledge.has_stated_doses(order.drug) or subject.knowledge.has_published_range(order.drug)


def _of_ranges(order: Order, limits: Limits) -> Iterator[Mention]:
    """Yield the ranges of which some value has to fit the numbers beside them."""
    for name in sorted(order.loose - order.fields.keys()):
        variable, ends = VARIABLE_OF_FIELD.get(name), order.spans[name]
        if variable is not None and ends.low.magnitude:
            yield _ranged(mention(variable, ends.high, name, order.at(name), limits), ends)


def _ranged(made: Mention, ends: Ends) -> Mention:
    low, high = base_value(ends.low)[0], base_value(ends.high)[0]
    return made._replace(span=between(low, high), text=f"{ends.low} to {ends.high}")


def _distinguished(
    order: Order, mentions: tuple[Mention, ...], subject: Subject
) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Return the mentions of what is given, and the weak ones, which may be of the container or the step before."""
    # Beside the run time of an infusion a give-over is of its load, and beside that of a bolus the run time is of the
    # drip.
    second = "give_over" if order.given_as == "infusion" else "run_time"
    first = "run_time" if order.given_as == "infusion" else "give_over"
    names = {each.place for each in mentions}
    weak: list[Mention] = []
    for each in mentions:
        is_second = each.place == second and first in names
        if is_second or (order.given_as == "infusion" and _may_be_container(each, mentions, order, subject)):
            weak.append(each)
    dropped = {id(each) for each in weak}
    return tuple(each for each in mentions if id(each) not in dropped), tuple(weak)


def _may_be_container(each: Mention, mentions: tuple[Mention, ...], order: Order, subject: Subject) -> bool:
    """Whether an infusion's dose or volume may be what the bag holds, and not what is given."""
    if each.variable not in _AMOUNTS:
        return False
    has, label = {other.variable for other in mentions}, label_of(order, subject)
    # What its own label says to the digit is the bag, whatever else is written.
    if label is not None and each.value == base_value(label.amount if each.variable == of.DOSE else label.volume)[0]:
        return True
    # A thrombolytic is ordered by its dose alone: what is written beside its rate is what is given, and no bag.
    is_lysis = subject.knowledge.is_thrombolytic(order.drug)
    if is_lysis and all(other.place != "vtbi" for other in mentions):
        return False
    # What is set on the pump is given; and a dose beside a dose per kg was worked out from it.
    if each.place == "vtbi" or (each.variable == of.DOSE and of.DOSE_PER_KG in has):
        return False
    both = {"dose", "volume"} <= {other.place for other in mentions}
    if both or has.isdisjoint(of.FLOWS):
        return both or _is_whole(each, order, subject)
    return each.variable == of.DOSE or _fills_bags(each.value, order, subject) or _is_whole(each, order, subject)


def _fills_bags(volume: Fraction, order: Order, subject: Subject) -> bool:
    """Whether a volume is that of a usual container, or of some of the drug's own."""
    own = container_volumes(order.drug, subject.knowledge)
    return volume in subject.knowledge.tuning().containers or any(not volume % each for each in own)


def _is_whole(each: Mention, order: Order, subject: Subject) -> bool:
    """Whether a number is the amount or the volume of one of the drug's containers."""
    products = subject.knowledge.products_of(order.drug)
    return any(each.value == base_value(one.amount if each.variable == of.DOSE else one.volume)[0] for one in products)


def _kind(mentions: tuple[Mention, ...], drug: str) -> str:
    """Return what a drug is measured as: units where it always is, else what most mentions measure it as."""
    kinds = [each.kind for each in mentions if each.kind]
    if not kinds:
        return MASS
    return UNITS if is_in_units(drug) else max(sorted(set(kinds)), key=kinds.count)


_PERCENT: Final = re.compile(PERCENT, re.ASCII)


def text_shares(text: str) -> tuple[Fraction, ...]:
    """Return the shares that the order's own text mentions, and what they leave: alteplase's bolus is 10 %."""
    if "%" not in text and "cent" not in text:
        return ()
    shares = [Fraction(int(percent), 100) for percent in _PERCENT.findall(text)]
    return tuple(each for share in shares if 0 < share < 1 for each in (share, 1 - share))
