"""Which quantities of an order's text are mentions of the order itself, and which of them agree with its fields."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.orders.bounds import Bounds, between, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.certainty import as_float, certainly_near
from rescuecalc.core.orders.model.kept import Kept
from rescuecalc.core.orders.model.mention import VARIABLE_OF_FIELD, Mention, base_value, in_unit_of, mention
from rescuecalc.core.orders.model.ratio import total_dose
from rescuecalc.core.orders.model.signature import MASS
from rescuecalc.core.orders.model.solution import is_consistent, solution
from rescuecalc.core.orders.model.system import EXACT
from rescuecalc.core.orders.text.dose_words import HELD_IN
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import DosePerKg, DoseRatePerKg
from rescuecalc.core.quantities.units import unit
from rescuecalc.rules.facts.order_model import own_words
from rescuecalc.rules.facts.order_model.amount_in_time import as_flow
from rescuecalc.rules.facts.order_model.of_other_drug import is_of_other
from rescuecalc.rules.facts.order_model.order_explanation import may_be_held
from rescuecalc.rules.facts.order_model.order_system import text_shares
from rescuecalc.rules.facts.order_model.other_step import as_own_rate
from rescuecalc.rules.facts.order_model.own_number import is_before_dilution, is_own
from rescuecalc.rules.facts.order_model.thrombolytic_shares import caps_whole, of_other_parts
from rescuecalc.rules.facts.reference.product_label import container_volumes, label_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

RATES: Final = frozenset({of.DOSE_RATE_PER_KG, of.DOSE_RATE, of.PUMP_RATE})
DOSES: Final = RATES | {of.DOSE, of.DOSE_PER_KG}
_CAP_OF: Final = {of.DOSE: of.MAX_DOSE, of.DOSE_RATE: of.MAX_DOSE_RATE}
_SHARED: Final = frozenset({of.DOSE, of.DOSE_PER_KG, of.VOLUME})
# A per cent of a dose, and not of a solution: "10 % bolus", "90% of the total", "the remaining 90%".
_PART: Final = lazy_pattern(
    r"(?:[0-9] ?(?:%|per ?cent) ?(?:\(|=|of\b|as\b|bolus\b|is\b|iv\b|over\b|initial|remain)|"
    r"\b(?:remain\w*|rest|first|initial)\b[^.;]{0,20}[0-9] ?(?:%|per ?cent))",
    re.IGNORECASE,
)
_CAPS: Final = frozenset(_CAP_OF.values())
_VARIABLES: Final = {**VARIABLE_OF_FIELD, "weight": of.WEIGHT}


class Spoken(NamedTuple):
    """A quantity of a text as a mention; ``sure``: the words beside it leave no doubt that it is the order's own.

    ``known`` is what the fields leave of each variable, ``weak`` a mention that may be of something else.
    """

    said: Said
    mention: Mention
    agrees: bool
    sure: bool
    known: Mapping[str, Bounds]
    weak: Mention | None
    has_field: bool

    @property
    def field(self) -> Bounds | None:
        """What the fields leave of its variable, None where nothing."""
        return _field(self.mention.variable, self.known, self.weak)

    @property
    def counts(self) -> bool:
        """Whether the text gives this quantity without doubt."""
        return self.sure and self.said.given


def _field(variable: str, known: Mapping[str, Bounds], weak: Mention | None) -> Bounds | None:
    if variable in known:
        return known[variable]
    total = total_dose(known) if variable == of.DOSE else None
    if total is not None or weak is None:
        return total
    return point(weak.value).widened(weak.rounding)


def _is_known(variable: str, known: Mapping[str, Bounds]) -> bool:
    """Whether the fields say a variable: to be told without working out how much."""
    return variable in known or (variable == of.DOSE and total_dose(known) is not None)


def spoken(judged: SolvedOrder) -> tuple[Spoken, ...]:
    """Return the quantities of an order's text that can be compared with its fields, of each order worked out once."""
    return _MENTIONS.of(judged)


def _all_spoken(judged: SolvedOrder) -> tuple[Spoken, ...]:
    order = judged.order
    if order.spans:
        judged = _ranged(judged)
    found = ((each, _spoken(each, judged)) for each in order.numbers_in_text())
    return tuple(one for each, one in found if one is not None and (one.agrees or _is_compared(each, judged)))


def _is_compared(one: Said, judged: SolvedOrder) -> bool:
    """Whether a number of a text has to be of the order's fields; another amount of a coded one may be of a bag or day.

    How long it runs and for which weight is of the order itself, where a field says that too.
    """
    variable = _VARIABLES[one.field]
    is_own = variable in RATES or (variable in {of.TIME, of.WEIGHT} and judged.system.has(variable))
    return is_own or not judged.order.coded


_MENTIONS: Final = Kept(_all_spoken)
"""Of an order whose numbers agree four rules ask for the same."""


def _ranged(judged: SolvedOrder) -> SolvedOrder:
    """Return one end of a range with what the whole range leaves of each variable: a text may say any value of it."""
    system, spans = judged.system, judged.order.spans
    mentions = []
    for each in system.mentions:
        ends = spans.get(each.place)
        span = between(base_value(ends.low)[0], base_value(ends.high)[0]) if ends is not None else each.span
        mentions.append(each._replace(span=span))
    whole = system._replace(mentions=tuple(mentions))
    solved = solution(whole)
    return judged._replace(system=whole, solution=solved) if solved.conflict is None else judged


def _spoken(one: Said, judged: SolvedOrder) -> Spoken | None:
    order = judged.order
    one = as_flow(as_own_rate(one, order), judged)
    made = _mention(one, judged) if one.quantity.magnitude else None
    if made is None or made.kind not in {"", judged.built.kind}:
        return None
    variable = made.variable
    if one.quantity.text is None and is_before_dilution(one, order):
        return None  # what is diluted is no more what its label says
    known, weak = judged.solution.bounds, next((each for each in judged.built.weak if each.variable == variable), None)
    if one.is_cap:
        parts = of_other_parts(variable, known.get(variable), judged)
        agrees = _is_kept(made, judged) or any(agree(made, each) for each in parts)
    else:
        agrees = (
            _is_label(made, judged)
            or (made.span is None and one.share is None and _repeats(made, judged.system.of(variable)))
            or any(agree(made, each) for each in _allowed(one, made, known, weak, judged))
            or (one.times > 1 and _are_together(one, made, known, weak))
            or own_words.is_in_filled_bags(made, known.get(variable), order)
        )
        agrees = agrees and not (_is_finer(made, judged) and not is_consistent(beside(made, judged)))
    has_field = weak is not None or _is_known(variable, known)
    if variable == of.WEIGHT:
        has_field = judged.system.has(of.WEIGHT) or order.weight_band is not None
        agrees = agrees and has_field
    sure = agrees or (is_own(one, judged) and not (has_field and _may_be_container(one, made, judged)))
    if one.is_cap and is_of_other(one, order):
        sure = False  # that another drug's bound is kept says nothing
    return Spoken(one, made, agrees, sure, known, weak, has_field)


def _are_together(one: Said, made: Mention, known: Mapping[str, Bounds], weak: Mention | None) -> bool:
    """Whether so many of an amount are what the field says: `5 mL x 2` of 10 mL."""
    field = _field(made.variable, known, weak)
    half = _half(made)
    return field is not None and point(made.value * one.times).widened(half * one.times).overlaps(field)


def _is_kept(made: Mention, judged: SolvedOrder) -> bool:
    """Whether an order keeps to a bound of its text; a bound by which it was explained is kept."""
    system = judged.system
    is_known = any(each.place == "text" for each in system.of(made.variable))
    is_kept = is_known or judged.solution.conflict is not None or is_consistent(system.with_mention(made))
    return is_kept or caps_whole(made, judged)


def _mention(one: Said, judged: SolvedOrder) -> Mention | None:
    """Return the mention of a quantity; a range, or the most of a rate, is a span."""
    limits, variable = judged.subject.knowledge.limits, _VARIABLES[one.field]
    made = mention(variable, one.quantity, "text", f"{judged.order.pointer}/text", limits)._replace(text=one.text)
    if one.per_weight:
        return _by_weight(made, judged)
    if one.is_count:  # four tablets of 81 mg are given for 325 mg
        half = made.value * limits.deviation_percent / 100
        return made._replace(rounding=half, digit=half)
    if one.least is not None:
        return made._replace(span=between(base_value(one.least)[0], made.value))
    if one.is_cap and variable not in _CAPS:
        return made._replace(span=Bounds(made.value * 0, made.value, made.value))
    return made


_PER_KG: Final = {
    of.DOSE: (of.DOSE_PER_KG, DosePerKg, "mcg/kg"),
    of.VOLUME: (of.DOSE_PER_KG, DosePerKg, "mcg/kg"),
    of.DOSE_RATE: (of.DOSE_RATE_PER_KG, DoseRatePerKg, "mcg/kg/min"),
    of.PUMP_RATE: (of.DOSE_RATE_PER_KG, DoseRatePerKg, "mcg/kg/min"),
}


def _by_weight(made: Mention, judged: SolvedOrder) -> Mention | None:
    """Return what a number comes to that is to be multiplied by the weight.

    Without the weight it is a dose per kg, read to half of its last digit; None where no strength is known either.
    """
    weight = judged.system.first(of.WEIGHT)
    if weight is not None:
        quantity = replace(made.quantity, magnitude=made.number * weight.value, text=None)
        half = made.digit * weight.value
        return made._replace(value=made.value * weight.value, rounding=half, digit=half, quantity=quantity)
    strength = judged.solution.bounds.get(of.CONCENTRATION)
    in_volume = made.variable in {of.VOLUME, of.PUMP_RATE}
    if judged.built.kind != MASS or (in_volume and strength is None):
        return None
    each = strength.middle if in_volume and strength is not None else Fraction(1)
    variable, role, name = _PER_KG[made.variable]
    one = role(Fraction(1), unit(name))
    value, half = made.value * each, made.digit * each
    quantity = replace(one, magnitude=in_unit_of(value, one))
    return made._replace(
        variable=variable,
        value=value,
        rounding=half,
        digit=half,
        quantity=quantity,
        span=point(value).widened(half),
        kind=MASS,
    )


def _half(each: Mention) -> Fraction:
    """Return half of the last digit to which a number is read: 0.1 mcg/kg/min is not 0.15, whatever its digits."""
    return each.digit if each.variable in EXACT else each.rounding


def _repeats(made: Mention, written: tuple[Mention, ...]) -> bool:
    """Whether a text says a field's number again, for certain: nearly all do."""
    if made.quantity.is_traced or any(each.quantity.is_traced for each in written):
        return False
    is_exact, value = made.variable in EXACT, as_float(made.value)
    halves = (each.digit if is_exact else each.rounding for each in (made, *written))
    half, *others = map(as_float, halves)
    return any(
        certainly_near(value, as_float(each.value), half + other) for each, other in zip(written, others, strict=True)
    )


def _is_label(made: Mention, judged: SolvedOrder) -> bool:
    """Whether a number is the amount or the volume of the order's own product."""
    label = label_of(judged.order, judged.subject) if made.variable in {of.DOSE, of.VOLUME} else None
    if label is None:
        return False
    return made.value == base_value(label.amount if made.variable == of.DOSE else label.volume)[0]


def _is_finer(made: Mention, judged: SolvedOrder) -> bool:
    return made.span is None and not made.quantity.is_traced and any(_rougher(made, judged))


def _rougher(made: Mention, judged: SolvedOrder) -> Iterator[Mention]:
    """Yield the fields that say a number of the text in fewer digits."""
    same = (each for each in judged.system.of(made.variable) if each.span is None and each.value != made.value)
    return (
        each for each in same if each.rounding > made.rounding and agree(made, point(each.value).widened(_half(each)))
    )


def beside(made: Mention, judged: SolvedOrder) -> System:
    """Return an order's numbers with what its text says of one, in place of a field that says it in fewer digits.

    Of 1.04 mL a field of 1 mL is right, and a text of `1.3 mL` is not.
    """
    rougher = tuple(_rougher(made, judged)) if _is_finer(made, judged) else ()
    rest = judged.system.without(rougher) if rougher else judged.system
    return rest.with_mention(made)


def _allowed(
    one: Said, made: Mention, known: Mapping[str, Bounds], weak: Mention | None, judged: SolvedOrder
) -> Iterator[Bounds]:
    """Yield what the text may say: the field, as written or as it follows, its cap, or a part of it."""
    order, system = judged.order, judged.system
    field = _field(made.variable, known, weak)
    text = order.texts.get("text", "")
    shares = text_shares(text) if made.variable in _SHARED and _PART.search(text) else ()
    is_whole = one.share == 1
    if field is not None:
        for share in shares:
            parts = () if is_whole else (share, (1 - share) / share)
            total = (1 / share,) if is_whole or _may_be_total(one, text) else ()
            yield from (field.scaled(each) for each in (*parts, *total))
    if one.share in {None, 1}:  # "10 % bolus = 65 mg" is the bolus, and no other part
        yield from of_other_parts(made.variable, field, judged)
    if is_whole and made.variable == of.DOSE and field is not None:
        yield from _with_the_rest(field, judged)
        yield from _of_several(field, text, judged)
    if is_whole and shares:
        return  # the whole of what is given in parts is none of them
    beside = (*judged.built.weak, *judged.built.system.mentions, *system.mentions)
    names = {made.variable, _CAP_OF.get(made.variable, "")}
    yield from (each.span or point(each.value).widened(_half(each)) for each in beside if each.variable in names)
    if made.variable == of.TIME:
        times = (order.fields.get(name) for name in ("give_over", "run_time"))
        yield from (point(base_value(each)[0]) for each in times if each is not None)
        if order.lasts is not None:
            yield point(base_value(order.lasts)[0])
    if field is not None:
        yield field


def _may_be_total(one: Said, text: str) -> bool:
    """Whether a number may be the total of which the order gives a part: in "10 % bolus = 6.5 mg" it is not.

    The total stands before the share, or behind "of".
    """
    part = _PART.search(text)
    return part is not None and (one.at <= part.start() or " of " in text[part.start() : one.at])


_AGAIN: Final = lazy_pattern(
    r"\b(?:then|follow\w*|repeat\w*|again|second|later|further|now and)\b|\b[x\u00d7] ?[2-9]\b"
    r"|\bin [2-9] (?:divided |equal )?doses\b",
    re.IGNORECASE,
)
_SEVERAL: Final = 9
"""So many times its first dose a total is at most; from ten times on it is a slip of the point."""


def _of_several(field: Bounds, text: str, judged: SolvedOrder) -> Iterator[Bounds]:
    """Yield the total of a first dose and those that a text gives after it; of a drug with known doses none."""
    knowledge = judged.subject.knowledge
    is_known = knowledge.has_known_doses(judged.order.drug) or knowledge.drug_class(judged.order.drug) is _LYSIS
    if not is_known and field.high is not None and _AGAIN.search(text) is not None:
        yield Bounds(field.low, field.high * _SEVERAL, field.middle)


_LYSIS: Final = DrugClass.THROMBOLYTIC


def _with_the_rest(field: Bounds, judged: SolvedOrder) -> Iterator[Bounds]:
    """Yield what an order gives together with another one of its drug, of the other kind: both may be rounded."""
    written = (each for each in judged.system.of(of.DOSE) if each.span is None)
    field = next((point(each.value).widened(each.rounding) for each in written), field)
    for other in judged.subject.order_set.orders:
        rest = other.fields.get("dose")
        if rest is not None and other.drug == judged.order.drug and other.given_as != judged.order.given_as:
            made = mention(of.DOSE, rest, "dose", other.pointer, judged.subject.knowledge.limits)
            more = point(made.value).widened(made.rounding)
            high = None if field.high is None or more.high is None else field.high + more.high
            yield Bounds(field.low + more.low, high, field.middle + more.middle)


def agree(made: Mention, other: Bounds) -> bool:
    """Whether what a text says overlaps with ``other``."""
    half = _half(made)
    return (made.span or point(made.value).widened(half)).overlaps(other)


_NEAR: Final = 40


def _may_be_container(one: Said, made: Mention, judged: SolvedOrder) -> bool:
    """Whether an amount or a volume in an infusion's text may be what a container holds, and not what is given."""
    beside = (*judged.system.mentions, *judged.built.weak)
    if not judged.system.is_infusion or any(each.variable == made.variable for each in beside):
        known = judged.solution.bounds.get(made.variable)  # what is given is written in a field
        return own_words.is_one_bag(made, known, judged.order, judged.subject.knowledge)
    text = judged.order.texts.get("text", "")
    is_result = one.is_result and HELD_IN.search(text, max(0, one.at - _NEAR), one.at) is None
    if one.share is not None or is_result or one.is_cap or one.per_weight or own_words.is_run(one, judged.order):
        return False
    return is_container(made, judged, judged.solution.bounds)


def is_container(made: Mention, judged: SolvedOrder, known: Mapping[str, Bounds]) -> bool:
    """Whether an infusion's amount or volume in a text may be that of a container that can hang for it."""
    if made.variable == of.DOSE:
        total, subject = total_dose(known), judged.subject
        if total is None:
            return any(
                made.value == base_value(each.amount)[0] for each in subject.knowledge.products_of(judged.order.drug)
            )
        return may_be_held(made, total, judged.built, known, subject)
    if made.variable != of.VOLUME:
        return False
    own = container_volumes(judged.order.drug, judged.subject.knowledge)
    if own:
        return any(not made.value % each for each in own)
    usual, given = sorted(judged.subject.knowledge.tuning().containers), known.get(of.VOLUME)
    if made.value not in usual or given is None:
        return made.value in usual
    # Bags are changed, and of what is given at once the smallest bag that holds it is taken.
    enough = next((each for each in usual if each >= given.low), usual[-1])
    return made.value <= enough
