"""RC308: what an order's text contradicts, and what it says besides its fields."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import partial
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.diagnosis import diagnoses
from rescuecalc.core.orders.model.mention import base_value, mention
from rescuecalc.core.orders.model.solution import is_consistent, solution
from rescuecalc.core.orders.text.free_text import uncapped
from rescuecalc.core.orders.text.text_words import RESTATED, RUNS_AT
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.facts.order_model.amount_in_time import repeats_rate
from rescuecalc.rules.facts.order_model.blamed_text import of_text
from rescuecalc.rules.facts.order_model.legends import without_legends
from rescuecalc.rules.facts.order_model.order_explanation import in_part
from rescuecalc.rules.facts.order_model.order_system import any_usual_weight
from rescuecalc.rules.facts.order_model.other_step import is_of_other_step
from rescuecalc.rules.facts.order_model.own_words import is_run
from rescuecalc.rules.facts.order_model.solved_order import healed
from rescuecalc.rules.facts.order_model.text_mentions import (
    DOSES,
    RATES,
    Spoken,
    agree,
    beside,
    is_container,
    spoken,
)
from rescuecalc.rules.facts.order_model.thrombolytic_shares import as_part, caps_whole, of_whole, own_share
from rescuecalc.rules.facts.reference.administration import as_meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.orders.model.diagnosis import Diagnosis
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.facts.order_model.order_system import Built
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

# Two units taken for each other; any other number beside the right one may be of something else.
_UNIT_FACTORS: Final = tuple(Fraction(*each) for each in ((60, 1), (1, 60), (10**3, 1), (1, 10**3)))


def contradicting(mentions: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
    """Return the quantities of a text that contradict the fields.

    Where a text says the right number too, another may be of something else, and so may one beside which a word stands
    that is not the order's; unless it is that number in another unit, or said to be the same.
    """
    if all(each.agrees for each in mentions):
        return ()
    known = tuple(each for each in mentions if each.has_field or each.said.is_cap)
    right = {each.mention.variable for each in known if each.agrees and not each.said.is_cap}
    if _add_up(known):
        right.add(of.DOSE)
    return tuple(each for each in known if not each.agrees and _contradicts(each, known, right))


def _contradicts(each: Spoken, known: tuple[Spoken, ...], right: set[str]) -> bool:
    is_one = each.said.restates or each.said.share == 1 or each.mention.variable == of.WEIGHT
    own = each.counts and (each.mention.variable not in right or is_one)
    if own and each.mention.variable == of.TIME and _speaks_of_steps(known):
        own = False
    if each.mention.variable == of.TIME and not own and _BOLUS_WORDS.intersection(each.said.of):
        return False  # it is that of the bolus before the infusion
    return own or ((each.said.given or not each.said.doubtful) and _is_in_other_unit(each))


_BOLUS_WORDS: Final = frozenset({"bolus", "push", "load", "loading"})
"""Words before a time that say what else it is of; where the order is a bolus they leave it the order's own."""


def _speaks_of_steps(known: tuple[Spoken, ...]) -> bool:
    """Whether a text says the right dose and another one: how long each of the two takes is not told apart."""
    doses = [each for each in known if each.mention.variable in DOSES and not each.said.is_cap]
    return any(each.agrees for each in doses) and not all(each.agrees for each in doses)


def _is_in_other_unit(each: Spoken) -> bool:
    """Whether a number is the field's in another unit of time or mass; of a doubtful one exactly so."""
    if (
        each.field is None
        or each.mention.span is not None
        or each.mention.variable not in {*DOSES, of.TIME, of.CONCENTRATION}
    ):
        return False
    if not each.sure and each.field.low != each.field.high:
        return False  # some weight of all that are usual makes any number the field's in another unit
    half = each.mention.rounding if each.sure else each.mention.rounding * 0
    reading = point(each.mention.value).widened(half)
    return any(
        reading.overlaps(
            Bounds(each.field.low * factor, each.field.high and each.field.high * factor, each.field.middle * factor)
        )
        for factor in _UNIT_FACTORS
    )


def _add_up(known: tuple[Spoken, ...]) -> bool:
    """Whether the doses that a text says are the parts of the order's dose."""
    doses = [each for each in known if each.mention.variable == of.DOSE]
    field = doses[0].field if doses else None
    if len(doses) < 2 or field is None:  # noqa: PLR2004  # one part is no sum
        return False
    total = sum((each.mention.value for each in doses), Fraction(0))
    half = sum((each.mention.rounding for each in doses), Fraction(0))
    return point(total).widened(half).overlaps(field)


def with_text(judged: SolvedOrder) -> SolvedOrder:
    """Return an order with what its text says of it: a mention like any other.

    What contradicts the fields is diagnosed together with them; what stands in the text alone joins the system.
    """
    if judged.solution.conflict is not None:
        return _beside_another(judged)
    judged = _measured(judged)
    mentions = spoken(judged)
    found = list(judged.found)
    for each in without_legends(contradicting(mentions), mentions, judged.order.texts.get("text", "")):
        asked = _as_own_part(each, judged)
        system = beside(asked, judged)
        for cap in _caps_of(each.mention, mentions, judged):
            system = system.with_mention(cap)
        is_rate = repeats_rate(each.said, judged)  # the text leaves the hour out, and the fields are right
        context = judged.context._replace(fixed=judged.system.mentions) if is_rate else judged.context
        for weak in judged.built.weak:
            if weak.variable == each.mention.variable and weak.variable not in judged.solution.bounds:
                system = system.with_mention(weak)
                context = context._replace(weak=tuple(one for one in context.weak if one is not weak))
        if not is_consistent(system) and not _is_capped_part(system, judged):
            whole = partial(of_whole, is_sum=each.said.share == 1 and own_share(judged) is not None)
            found += (whole(one, asked, each.mention) for one in of_text(system, context, judged))
    if not found:
        wrong = (each for each in _results(judged, mentions) if not is_consistent(each))
        found += (one for each in islice(wrong, 1) for one in diagnoses(each, judged.context))
    return judged._replace(found=_once(found)) if found else _joined(judged, mentions)


def _as_own_part(each: Spoken, judged: SolvedOrder) -> Mention:
    """Return a total that a text says as the part which its order gives, unless that would hide that it is none."""
    share = own_share(judged) if each.said.share == 1 else None
    part = as_part(each.mention, share)
    # It is near this part's share, and is no sum of what the parts are.
    return each.mention if share is not None and is_consistent(beside(part, judged)) else part


def _is_capped_part(system: System, judged: SolvedOrder) -> bool:
    """Whether an order gives its part of a dose per kg and its cap: 81 mg of `0.9 mg/kg, max 90 mg` at 110 kg."""
    share = own_share(judged) if system.has(of.MAX_DOSE) and system.has(of.DOSE_PER_KG) else None
    return share is not None and is_consistent(in_part(system, share))


_CAP_OF: Final = {of.DOSE_PER_KG: of.MAX_DOSE, of.DOSE_RATE_PER_KG: of.MAX_DOSE_RATE}


def _caps_of(per_kg: Mention, mentions: tuple[Spoken, ...], judged: SolvedOrder) -> Iterator[Mention]:
    """Yield the cap that a text states for its dose per kg: `60 units/kg, max 4,000 units` beside 4,000 units.

    One that would bind at every usual weight hides an error of the dose per kg, and is none.
    """
    cap_of = _CAP_OF.get(per_kg.variable)
    lightest = any_usual_weight(judged.subject.knowledge).low
    for each in mentions:
        is_cap = each.said.is_cap and each.agrees and each.mention.variable == cap_of
        if is_cap and not judged.system.has(each.mention.variable) and per_kg.value * lightest <= each.mention.value:
            yield each.mention


def _results(judged: SolvedOrder, mentions: tuple[Spoken, ...]) -> Iterator[System]:
    """Yield what a text works out itself, each with the weight and the caps: `0.9 mg/kg = 81 mg`, whatever follows."""
    text = judged.order.texts.get("text", "")
    weights = judged.system.only(judged.system.of(of.WEIGHT))
    for capped in uncapped(text):  # what a cap keeps from being given is worked out right all the same
        worked_out = [_plain_mention(each, judged) for each in capped]
        yield weights.with_mention(worked_out[0]).with_mention(worked_out[1])
    known = (*judged.system.of(of.WEIGHT), *judged.system.of(of.MAX_DOSE))
    caps = [each.mention for each in mentions if each.mention.variable == of.MAX_DOSE]
    for first, second in pairwise(mentions):
        pair = (first.mention.variable, second.mention.variable)
        end = first.said.at + len(first.said.text)
        if pair != (of.DOSE_PER_KG, of.DOSE) or not (
            second.said.is_result and first.said.given and not first.said.doubtful
        ):
            continue
        if RESTATED.fullmatch(text, end, second.said.at) is None:
            continue
        system = judged.system.only(known)
        for each in (first.mention, second.mention, *caps):
            system = system.with_mention(each)
        yield system


def _plain_mention(each: Said, judged: SolvedOrder) -> Mention:
    limits = judged.subject.knowledge.limits
    return mention(each.field, each.quantity, "text", f"{judged.order.pointer}/text", limits)._replace(text=each.text)


def _measured(judged: SolvedOrder) -> SolvedOrder:
    """Return an order whose fields do not say what its drug is measured as with what its text says."""
    built = judged.built
    if judged.subject.knowledge.has_published_range(judged.order.drug):
        return judged
    if any(each.kind for each in (*built.system.mentions, *built.weak)):
        return judged
    kinds = (base_value(each.quantity)[1] for each in judged.order.numbers_in_text())
    kind = next((each for each in kinds if each), built.kind)
    setting = judged.context.setting._replace(kind=kind)
    return judged._replace(built=built._replace(kind=kind), context=judged.context._replace(setting=setting))


def _once(found: list[Diagnosis]) -> tuple[Diagnosis, ...]:
    once = {each.repair.blamed.pointer + (each.repair.blamed.text): each for each in reversed(found)}
    return tuple(reversed(once.values()))


def _beside_another(judged: SolvedOrder) -> SolvedOrder:
    """Return an order that contradicts itself with what its text contradicts besides, once that is repaired.

    A text that repeats the wrong number says nothing new.
    """
    made = healed(judged)
    if made is None:
        return judged
    system, known = made
    whole = judged._replace(system=system, solution=judged.solution._replace(bounds=known, conflict=None))
    written = {each.variable: each for each in judged.built.system.mentions}
    found = list(judged.found)
    for each in contradicting(spoken(whole)):
        field = written.get(each.mention.variable)
        asked = system.with_mention(each.mention)
        repeats = field is not None and agree(each.mention, point(field.value).widened(field.rounding))
        if not repeats and not is_consistent(asked):
            found += [one for one in diagnoses(asked, judged.context) if one.repair.blamed.place == "text"]
    return judged._replace(found=tuple(found))


_AMOUNTS: Final = frozenset({of.DOSE, of.VOLUME})


def _joined(judged: SolvedOrder, mentions: tuple[Spoken, ...]) -> SolvedOrder:
    """Return an order with what stands in its text alone, where the text says it without doubt.

    What contradicts the rest is diagnosed; what may be of another step is left out then.
    """
    if judged.order.coded and judged.order.fields:
        return judged
    alone = [_whole(each) for each in mentions if each.counts and _stands_alone(each, judged)]
    if not alone:
        return judged  # whose numbers agree by themselves
    firm = [each for each in alone if _is_firm(each, judged, mentions) and _says_one_thing(each, mentions)]
    system = judged.system
    for each in (one for one in firm if one.mention.variable not in _AMOUNTS):
        system = system.with_mention(each.mention)
    is_one_dose = system.is_one_dose or any(_is_given_over(each, judged) for each in firm)
    system = system._replace(is_one_dose=is_one_dose) if is_one_dose is not system.is_one_dose else system
    known = solution(system).bounds
    held = []
    for each in (one for one in firm if one.mention.variable in _AMOUNTS):
        if judged.order.given_as == "bolus" or not _may_be_container(each, judged, known):
            system = system.with_mention(each.mention)
        else:
            held.append(each.mention)
    if held:
        judged = judged._replace(built=judged.built._replace(weak=(*judged.built.weak, *held)))
    if not is_consistent(system):
        return judged._replace(system=system, solution=solution(system), found=diagnoses(system, judged.context))
    for loose in (one.mention for one in alone if one not in firm and _is_loose(one, mentions)):
        more = system.with_mention(loose)
        system = more if is_consistent(more) else system
    if system is judged.system:
        return judged
    made = judged._replace(system=system, solution=solution(system), built=_timed(judged, firm))
    return _with_formulas(made)


_BEFORE_TIME: Final = lazy_pattern(r"\b(?:over|within) (?:about |at least )?$", re.IGNORECASE)
_MOST_BEFORE: Final = 20
"""Characters before a time in which these words stand."""


def _is_given_over(each: Spoken, judged: SolvedOrder) -> bool:
    """Whether a text gives an order's dose or volume over a time, as `give_over` does: the bag is emptied in it."""
    text = judged.order.texts.get("text", "")
    begin = max(0, each.said.at - _MOST_BEFORE)
    return each.mention.variable == of.TIME and _BEFORE_TIME.search(text, begin, each.said.at) is not None


def _timed(judged: SolvedOrder, firm: list[Spoken]) -> Built:
    """Return an order with the time that its text alone says: what it may be given depends on how long it runs."""
    order = judged.order
    time = next((each.said.quantity for each in firm if each.mention.variable == of.TIME), None)
    if time is None or order.lasts is not None or order.given_as != "infusion":
        return judged.built
    return judged.built._replace(
        order=as_meant(order._replace(fields={**order.fields, "run_time": time}), judged.subject)
    )


def _with_formulas(judged: SolvedOrder) -> SolvedOrder:
    """Return an order with what is to be multiplied by the weight, once its strength is known from the text."""
    for each in spoken(judged):
        system = judged.system.with_mention(each.mention)
        if each.said.per_weight and each.counts and not is_consistent(system):
            return judged._replace(found=diagnoses(system, judged.context))
    return judged


def _whole(each: Spoken) -> Spoken:
    """Return a part of a dose as the whole that it is a part of."""
    share = each.said.share
    if share is None or share == 1:
        return each
    made = each.mention
    return each._replace(
        mention=made._replace(value=made.value / share, rounding=made.rounding / share, digit=made.digit / share)
    )


def _stands_alone(each: Spoken, judged: SolvedOrder) -> bool:
    """Whether the fields say nothing of a number of the text, nor of a bound that it states."""
    return (
        not any(one.place == "text" for one in judged.system.of(each.mention.variable))
        and not caps_whole(each.mention, judged)
        if each.said.is_cap
        else (not each.has_field)
    )


def _is_loose(each: Spoken, mentions: tuple[Spoken, ...]) -> bool:
    """Whether a text says one dose of another kind than the order's: the dose beside a rate, the rate of a bolus."""
    return each.mention.variable in DOSES and not each.said.is_cap and _says_one_thing(each, mentions)


def _may_be_container(each: Spoken, judged: SolvedOrder, known: Mapping[str, Bounds]) -> bool:
    number = each.said
    if number.share is not None or number.is_result or number.per_weight or is_run(number, judged.order):
        return False
    return is_container(each.mention, judged, known)


def _is_firm(each: Spoken, judged: SolvedOrder, mentions: tuple[Spoken, ...]) -> bool:
    """Whether a number in a text alone can be of nothing but the order itself.

    A dose beside an infusion's rate may be of its bolus, a rate beside a bolus of what follows it.
    """
    variable = each.mention.variable
    if variable == of.TIME:
        times = [one for one in mentions if one.mention.variable == of.TIME]
        own = [one for one in times if one.sure or not is_of_other_step(one.said, judged.order)]
        return len(own) == 1 and not _speaks_of_several(mentions)
    if judged.system.is_infusion and variable in {of.DOSE, of.DOSE_PER_KG, of.MAX_DOSE}:
        marked = each.said.share is not None or each.said.is_result
        rates = any(judged.system.has(name) for name in RATES) or any(one.mention.variable in RATES for one in mentions)
        return not rates or (marked and variable == of.DOSE) or _runs_at_a_rate(each, judged, mentions)
    if not judged.system.is_infusion and variable in {of.DOSE_RATE, of.DOSE_RATE_PER_KG, of.MAX_DOSE_RATE}:
        return not any(judged.system.has(name) for name in (of.DOSE, of.DOSE_PER_KG, of.VOLUME)) and not any(
            one.mention.variable in {of.DOSE, of.DOSE_PER_KG} for one in mentions
        )
    return True


def _runs_at_a_rate(each: Spoken, judged: SolvedOrder, mentions: tuple[Spoken, ...]) -> bool:
    """Whether a text says at which rate a dose is given: `4 g over 30 min at 8 g/h`."""
    text, end = judged.order.texts.get("text", ""), each.said.at + len(each.said.text)
    rates = (one.said.at for one in mentions if one.mention.variable in RATES and one.said.at > end)
    return not each.said.is_cap and any(RUNS_AT.fullmatch(text, end, at) is not None for at in rates)


def _speaks_of_several(mentions: tuple[Spoken, ...]) -> bool:
    """Whether a text says two doses of one kind: which of them a time is of is not told."""
    doses = [each.mention.variable for each in mentions if each.mention.variable in DOSES and not each.said.is_cap]
    return len(set(doses)) < len(doses)


def _says_one_thing(each: Spoken, mentions: tuple[Spoken, ...]) -> bool:
    """Whether all that a text says of a variable is one number, or is meant to be: else there are two steps."""
    own = (_whole(one) for one in mentions if one.counts or not one.said.given)
    same = [one for one in own if one.mention.variable == each.mention.variable and one.said.is_cap == each.said.is_cap]
    return all(
        one.said is each.said
        or one.said.restates
        or each.said.restates
        or (one.said.share is not None and each.said.share is not None)
        or _overlap(one.mention, each.mention)
        for one in same
    )


def _overlap(one: Mention, other: Mention) -> bool:
    return agree(one, other.span or point(other.value).widened(max(other.digit, other.rounding)))
