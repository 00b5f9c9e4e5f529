"""What an order of a thrombolytic gives: the whole dose, its bolus or the rest, by its fields and by its text.

Each part is a system of the order model, so that a dose is known whichever way it is written: as an amount, per kg, as
a volume of a strength, or as a rate with its time.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value, mention
from rescuecalc.core.orders.model.ratio import total_dose
from rescuecalc.core.orders.model.signature import MASS
from rescuecalc.core.orders.model.solution import solution
from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.free_text import elsewhere
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.orders.text.vocabulary import FLUIDS, VIALS, any_word
from rescuecalc.core.orders.text.weight_table import row_at
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.order_model.order_system import any_usual_weight, text_shares
from rescuecalc.rules.facts.order_model.solved_order import healed
from rescuecalc.rules.facts.order_model.thrombolytic_shares import bolus_shares, part_times, share_of_result
from rescuecalc.rules.facts.reference.local_lysis import is_elsewhere
from rescuecalc.rules.facts.reference.stroke_set import purpose_of
from rescuecalc.rules.facts.text.diluent import is_of_fluid
from rescuecalc.rules.facts.text.number_owner import is_of_another

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.orders.agent_facts import ThrombolyticDose
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.solution import Solution
    from rescuecalc.core.orders.model.system import System
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.orders.text.text_quantity import Said
    from rescuecalc.rules.base.knowledge import Subject
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder


class Role(Enum):
    """Which part of the dose a number is of; an infusion that is not said to be the rest may be the whole."""

    WHOLE = "whole"
    BOLUS = "bolus"
    REST = "rest"


class Part(NamedTuple):
    """A part of a thrombolytic's dose: what is ``known`` of it (mcg, kg, mL, s), and where and how it is written.

    ``is_sure`` tells that its role is said beside it, and not taken from the kind of the order. ``is_for_all`` tells
    that it is no dose of this patient alone: a bound, or what is given in some case; ``is_alone`` that it is the one
    dose that is written at all.
    """

    order: Order
    facts: ThrombolyticDose
    role: Role
    known: Mapping[str, Bounds]
    field: str
    text: str
    is_sure: bool = False
    is_for_all: bool = False
    is_alone: bool = False

    @property
    def in_text(self) -> bool:
        """Whether the text of the order says it."""
        return self.field == "text"

    @property
    def dose(self) -> Bounds | None:
        """What it gives (mcg): as it is written, else by its rate and its time."""
        rate, time = self.known.get(of.DOSE_RATE), self.known.get(of.TIME)
        return self.known.get(of.DOSE) or (rate.times(time) if rate is not None and time is not None else None)

    @property
    def per_kg(self) -> Bounds | None:
        """What it gives per kg (mcg/kg): as it is written, else by its rate and its time, else by the weight."""
        known = self.known.get(of.DOSE_PER_KG)
        rate, time = self.known.get(of.DOSE_RATE_PER_KG), self.known.get(of.TIME)
        if known is None and rate is not None and time is not None:
            return rate.times(time)
        weight, dose = self.known.get(of.WEIGHT), self.dose
        return dose.over(weight) if known is None and dose is not None and weight is not None else known


def thrombolytics(subject: Subject) -> list[Order]:
    """Return the orders of a thrombolytic."""
    return [o for o in subject.order_set.orders if subject.knowledge.is_thrombolytic(o.drug)]


def _of_subject(subject: Subject) -> Iterator[Part]:
    facts = None
    for order in thrombolytics(subject):
        facts = facts or subject.knowledge.agent_facts().thrombolytics
        known, judged = facts.get(order.drug), judged_of(order, subject)
        if known is not None and judged is not None:
            texts = tuple(_of_text(judged, known))
            yield from _of_fields(judged, known, texts)
            yield from texts


PARTS: Final = Shared(_of_subject)
"""The parts of all thrombolytics of an order set, of each order its fields' first."""


def states_part(order: Order, subject: Subject) -> bool:
    """Whether the fields of an order say how much of its drug is given, in a set that is not for something else."""
    if purpose_of(subject).is_another or is_elsewhere(order, subject):
        return False
    (pointers,) = _STATED.of(subject)
    return order.pointer in pointers


def _pointers(subject: Subject) -> Iterator[frozenset[str]]:
    parts = (each for each in PARTS.of(subject) if not each.in_text)
    yield frozenset(each.order.pointer for each in parts if each.dose is not None or each.per_kg is not None)


_STATED: Final = Shared(_pointers)

_PLACES: Final = ("dose", "dose_per_kg", "dose_rate", "dose_rate_per_kg", "volume", "vtbi", "pump_rate", "max_dose")


def _of_fields(judged: SolvedOrder, facts: ThrombolyticDose, texts: tuple[Part, ...]) -> Iterator[Part]:
    """Yield what the fields of an order give, where they contradict nothing."""
    order, system = judged.order, judged.built.system
    weak = tuple(each for each in judged.built.weak if not system.has(each.variable))
    written = (*system.mentions, *weak)
    solved = solution(system) if judged.solution.conflict is None else judged.solution
    if solved.conflict is not None:
        solved = judged.solution
    elif judged.found:
        solved = _lesser(solved, judged)
    if solved.conflict is not None or not judged.system.mentions:
        return
    if any(each.repair.blamed.place != "text" for each in judged.found):
        return  # which of them gives the dose is told where they contradict
    known = dict(solved.bounds)
    if of.DOSE not in known and of.DOSE_RATE not in known and weak:
        known = dict(solution(_with_all(judged)).bounds)
    field = next((name for name in _PLACES if name in order.fields), None)
    if field is None or all(each.place in {"weight", "text"} for each in written):
        return
    if any(each.kind not in {"", base_value(facts.per_kg)[1]} for each in written):
        return  # in units or mmol: how many mg these are, no source held here says
    role = _role_of_kind(order, facts)
    # A time alone says nothing of how the dose in the fields is divided.
    is_parted = {Role.BOLUS, Role.REST} <= {
        each.role for each in texts if each.is_sure and each.known.keys() - {of.TIME}
    }
    # `63 mg: 10 % as a bolus, the rest over 60 min` is whole where the order is not called a bolus itself.
    is_divided = order.kind in {"", "dose"} and any(
        share == facts.bolus_share for share, _ in bolus_shares(order.texts.get("text", ""))
    )
    per_kg = system.first(of.DOSE_PER_KG)
    is_whole = per_kg is not None and per_kg.value == base_value(facts.per_kg)[0]
    is_parted = is_parted or is_divided or _is_undivided(order, known, facts, judged.subject)
    if (is_parted and not _is_stated_as(role, known, texts)) or (
        role is Role.BOLUS and is_whole and not {"dose", "volume"} & order.fields.keys()
    ):
        role = Role.WHOLE
    yield Part(order, facts, role, known, field, str(order.fields[field]))


def _is_undivided(order: Order, known: Mapping[str, Bounds], facts: ThrombolyticDose, subject: Subject) -> bool:
    """Whether an order states one dose and neither kind nor time: how it is divided is left to the protocol."""
    dose, share = known.get(of.DOSE), facts.bolus_share
    if order.kind not in {"", "dose"} or of.TIME in known or dose is None or share is None:
        return False
    is_alone = sum(each.drug == order.drug and not each.of for each in subject.order_set.orders) == 1
    return is_alone and dose.low > base_value(facts.most)[0] * share


def _lesser(solved: Solution, judged: SolvedOrder) -> Solution:
    """Return what the numbers of an order give, or what they give once repaired where that is less.

    What is blamed in them is reported as that, and what it makes of the dose is the same mistake.
    """
    repaired = healed(judged)
    made = solution(repaired[0]) if repaired is not None else solved
    dose, other = total_dose(solved.bounds), total_dose(made.bounds)
    return made if dose is not None and other is not None and other.middle < dose.middle else solved


def _is_stated_as(role: Role, known: Mapping[str, Bounds], texts: tuple[Part, ...]) -> bool:
    """Whether a text that tells the parts of a dose calls what the fields give the part that it is by its kind."""
    dose = known.get(of.DOSE)
    doses = (each.dose for each in texts if each.is_sure and each.role is role)
    return dose is not None and any(each is not None and each.overlaps(dose) for each in doses)


def _with_all(judged: SolvedOrder) -> System:
    system = judged.built.system
    for each in judged.built.weak:
        if not system.has(each.variable):
            system = system.with_mention(each)
    return system


def _role_of_kind(order: Order, facts: ThrombolyticDose) -> Role:
    """Return which part an order gives: what is given over as long as the rest of the dose is no bolus."""
    if facts.is_one_bolus:
        return Role.WHOLE
    over = order.fields.get("give_over")
    is_rest = over is not None and facts.rest_over is not None and base_value(over)[0] >= base_value(facts.rest_over)[0]
    return Role.BOLUS if order.given_as == "bolus" and not is_rest else Role.REST


_DOSES: Final = frozenset(
    ("dose", "dose_per_kg", "dose_rate", "dose_rate_per_kg", "volume", "pump_rate", "max_dose", "max_dose_rate")
)
_TIMES: Final = frozenset(("give_over", "run_time"))
_AMOUNTS: Final = frozenset(("dose", "volume"))
_IN_VOLUME: Final = frozenset(("volume", "pump_rate"))
_NOT_GIVEN: Final = any_word(
    *(VIALS, FLUIDS, r"reconstitut\w*", r"discard\w*", r"wast\w*", r"remov\w*", r"withdraw\w*", "excess", "kit"),
    *("package", r"flush\w*", r"prim\w*", r"contain\w*", "swirl"),
)
_BEHIND: Final = lazy_pattern(
    r"\W*(?:\([^()]{0,40}\)\W*)?(?:(?:as|is|given|IV|an?|the|initial|slow|by|of|dose|intravenous|continuous|via|pump|"
    r"rapid|fast|direct|will be|to be|administer(?:ed)?)\W+){0,4}"
    r"(?:(?P<bolus>bolus|push|loading|load|(?:over|in) (?:(?:1|one) ?min(?:ute)?|[0-9 to-]{1,8}s(?:ec(?:ond)?s?)?)\b)"
    r"|(?P<rest>infus\w*|drip|(?:over|for|in) (?:60|sixty) ?min\w*|(?:over|for|in) (?:an|1|one) ?h(?:ou)?r?\b)"
    r"|(?P<whole>total|in all|altogether))",
    re.IGNORECASE,
)
_BEFORE: Final = lazy_pattern(
    r"(?:(?P<whole>\b(?:rest|remain\w*|balance|part) of|% of|\b(?:total|max\w*|overall|whole|full))"
    r"|\b(?P<bolus>bolus|push|initial|first|loading)|\b(?P<rest>then|follow\w*|rest|remain\w*|infus\w*|drip|balance))\b",
    re.IGNORECASE,
)
_TOTAL: Final = lazy_pattern(
    r"(?:\b(?:total|whole|full)(?: dose)?(?: is| of|:| =)?|(?:%|[0-9] ?mg) of(?: the| a)?) ?$", re.IGNORECASE
)
_OF_WHOLE: Final = lazy_pattern(r" of (?:an?|the)? ?(?:total (?:of )?)?", re.IGNORECASE)
_APART: Final = lazy_pattern(r"[,;&+]|\band\b|\bplus\b")
_STRENGTH: Final = lazy_pattern(r" ?(?:of |@ ?|at )?\(?[0-9][0-9.]* ?m?c?g ?/ ?mL\)?", re.IGNORECASE)
_SAME: Final = lazy_pattern(r"\W{0,9}(?:=|\(|\bi\.?e\.?|that is|or|\u2192)\W{0,9}", re.IGNORECASE)


def _of_text(judged: SolvedOrder, facts: ThrombolyticDose) -> Iterator[Part]:
    """Yield the parts that the text of an order mentions."""
    order = judged.order
    text = order.texts.get("text", "")
    if not text:
        return
    doubted = {id(each) for each in elsewhere(text)}
    numbers = sorted((*order.numbers_in_text(), *elsewhere(text)), key=lambda each: each.at)
    own = [each for each in numbers if each.field in _DOSES and each.quantity.magnitude and _is_own(each, text, judged)]
    roles = _roles(own, text, facts)
    is_parted = facts.bolus_share in text_shares(text) or any(role in {Role.BOLUS, Role.REST} for role in roles)
    is_basis, usual = False, any_usual_weight(judged.subject.knowledge)
    is_alone = len([one for one in own if not one.is_cap]) == 1 and _GIVEN.isdisjoint(order.fields)
    is_capped = any(each.is_cap and each.field == "max_dose" for each in own)
    yield from _timed_alone(judged, facts)
    for place, (each, role) in enumerate(zip(own, roles, strict=True)):
        end = own[place + 1].at if place + 1 < len(own) else len(text)
        time = next((one for one in numbers if one.field in _TIMES and each.at < one.at < end), None)
        if is_parted and role not in {Role.BOLUS, Role.REST}:
            time = None  # it is that of a part which the text gives as a share alone
        is_for_all = each.is_cap or id(each) in doubted or (is_capped and each.field == "dose_per_kg")
        of_any = is_for_all or (is_alone and not judged.built.system.has(of.WEIGHT))
        row = row_at(text, each.at)
        weights = row.within(usual) if row is not None else usual if of_any else None
        known = _known(each, time, judged, weights)
        # What the part in the fields is taken of: `0.9 mg/kg`, and what it comes to, `x 80 kg = 72 mg`.
        is_basis = (each.quantity == facts.per_kg and not _AMOUNTS.isdisjoint(order.fields)) or (
            is_basis and each.is_result
        )
        if role is Role.WHOLE and _is_share_of_fields(each, order, text, facts):
            role = _role_of_kind(order, facts)  # noqa: PLW2901  # "10% of the total dose (7.2 mg)"
        taken = role or (Role.WHOLE if is_parted or is_basis or each.is_cap else _role_of_kind(order, facts))
        if known is not None and facts.is_one_bolus:
            taken = Role.WHOLE
        if known is not None:
            is_one = is_alone and not is_for_all
            yield Part(order, facts, taken, known, "text", each.text, role is not None, is_for_all, is_one)


def _is_share_of_fields(each: Said, order: Order, text: str, facts: ThrombolyticDose) -> bool:
    """Whether a number that is called the whole, beside a share, is the part that a field of the order gives."""
    repeats = order.fields.get(each.field) == each.quantity
    return (
        repeats
        and facts.bolus_share is not None
        and bool({facts.bolus_share, 1 - facts.bolus_share} & {*text_shares(text)})
    )


_GIVEN: Final = frozenset(("dose", "dose_per_kg", "dose_rate", "dose_rate_per_kg", "volume", "vtbi", "pump_rate"))


def _timed_alone(judged: SolvedOrder, facts: ThrombolyticDose) -> Iterator[Part]:
    """Yield the times that a text gives a part of which it need not state the dose: `remainder over 60 min`."""
    limits, pointer = judged.subject.knowledge.limits, f"{judged.order.pointer}/text"
    for name, time, found in part_times(judged.order.texts["text"]):
        lasting = mention(of.TIME, time, "text", pointer, limits)
        role = Role.WHOLE if facts.is_one_bolus else Role(name)
        yield Part(judged.order, facts, role, {of.TIME: point(lasting.value)}, "text", found, is_sure=True)


def _is_own(each: Said, text: str, judged: SolvedOrder) -> bool:
    """Whether a number of a text is given of the order's drug."""
    begin, end = clause_at(text, each.at)
    before, behind = text[begin : each.at], text[each.at + len(each.text) : end]
    if (
        any(one.search(before) is not None for one in (words.DENIED, words.MEASURED, words.STEPWISE))
        and not each.is_cap
    ):
        return False
    is_fluid = each.field in _IN_VOLUME and is_of_fluid(before, behind)
    if is_fluid or _NOT_GIVEN.search(before) is not None or _NOT_GIVEN.match(behind.lstrip(" (")) is not None:
        return False
    return not is_of_another(judged.order.drug, before, behind, text[:begin], judged.subject.knowledge)


def _roles(own: list[Said], text: str, facts: ThrombolyticDose) -> list[Role | None]:
    """Return of each number which part it is called, None of one of which nothing is said."""
    roles: list[Role | None] = []
    for place, each in enumerate(own):
        start = own[place - 1].at + len(own[place - 1].text) if place else 0
        end = own[place + 1].at if place + 1 < len(own) else len(text)
        gap = text[start : each.at]
        if roles and roles[-1] is not None and _is_same(gap) and own[place - 1].is_cap is each.is_cap:
            roles.append(roles[-1])
            continue
        behind = _STRENGTH.sub("", text[each.at + len(each.text) : end])
        roles.append(_called(each, SENTENCE.split(gap)[-1], behind, facts, is_behind=place > 0))
    for place, each in enumerate(own):
        share = share_of_result(SENTENCE.split(text[: each.at])[-1]) if each.is_result else None
        if roles[place] is None and share is not None and facts.bolus_share in {share, 1 - share}:
            roles[place] = Role.BOLUS if share == facts.bolus_share else Role.REST
    for place in reversed(range(len(own) - 1)):  # "7.2 mg (7.2 mL) bolus": the second says what the first is
        gap = text[own[place].at + len(own[place].text) : own[place + 1].at]
        if roles[place] is None and _is_same(gap):
            roles[place] = roles[place + 1]
    return roles


def _is_same(gap: str) -> bool:
    """Whether what stands between two numbers says that the second is the first again."""
    return _SAME.fullmatch(gap) is not None


def _called(each: Said, before: str, behind: str, facts: ThrombolyticDose, *, is_behind: bool) -> Role | None:
    if is_behind and _OF_WHOLE.fullmatch(before) is not None:
        return Role.WHOLE
    total = _TOTAL.search(before)
    if total is not None and (before[: total.start()].strip() or not is_behind):
        return Role.WHOLE  # whatever follows: "total 72 mg; bolus 7.2 mg", and not "72 mg total: 7.2 mg bolus"
    match = _BEHIND.match(behind)
    if match is not None and match["whole"] is None and not each.is_cap:
        return Role(match.lastgroup)
    if each.share is not None:
        return Role.WHOLE if each.share == 1 else Role.BOLUS if each.share == facts.bolus_share else Role.REST
    near = _APART.split(before)[-1]
    if match is None or each.is_cap:
        match = next(reversed(list(_BEFORE.finditer(near if near.strip() else before))), None)
    return Role(match.lastgroup) if match is not None else None


def _known(each: Said, time: Said | None, judged: SolvedOrder, weights: Bounds | None) -> Mapping[str, Bounds] | None:
    """Return what a number of a text comes to, with its time, the weight and the strength; None where nothing.

    ``weights`` are those of the patients that it is for, None where it is for the order's own.
    """
    limits, pointer = judged.subject.knowledge.limits, f"{judged.order.pointer}/text"
    variable = {"max_dose": of.DOSE, "max_dose_rate": of.DOSE_RATE}.get(each.field, each.field)
    made = mention(variable, each.quantity, "text", pointer, limits)
    if made.kind not in {"", MASS}:
        return None
    base = judged.built.system
    system = base.only(base.of(of.WEIGHT) if weights is None else ())
    if weights is not None:
        system = system._replace(seeds={**system.seeds, of.WEIGHT: weights})
    system = system.with_mention(made)
    if each.field in _IN_VOLUME:
        strengths = base.of(of.CONCENTRATION) or [
            mention(of.CONCENTRATION, one.quantity, "text", pointer, limits)
            for one in judged.order.numbers_in_text()
            if one.field == of.CONCENTRATION
        ]
        if len({one.value for one in strengths}) != 1:
            return None
        system = system.with_mention(strengths[0])
    if time is not None:
        system = system.with_mention(mention(of.TIME, time.quantity, "text", pointer, limits))
    solved = solution(system)
    return solved.bounds if solved.conflict is None else None
