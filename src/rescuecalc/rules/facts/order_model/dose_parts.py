"""Two orders that give the parts of one dose, as alteplase's bolus and infusion: together they are the whole of it."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.bounds import Bounds, point
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.diagnosis import diagnoses
from rescuecalc.core.orders.model.mention import base_value, exact_mention, in_unit_of
from rescuecalc.core.orders.model.ratio import total_dose
from rescuecalc.core.orders.model.solution import solution
from rescuecalc.core.orders.text.text_words import PERCENT
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.facts.order_model.order_explanation import in_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

# A share of the dose, and no saturation, strength or target.
_PART: Final = lazy_pattern(
    rf"{PERCENT}(?: of (?:the )?(?:total|dose|it)| as (?:an? )?(?:IV )?"
    r"(?:bolus|push|infusion)| (?:IV )?(?:bolus|push|infus\w*|given)| ?[=(] ?[0-9])",
    re.IGNORECASE,
)


class _Pair(NamedTuple):
    """A bolus and an infusion of one drug for the same patient, and what each gives."""

    bolus: SolvedOrder
    infusion: SolvedOrder
    doses: tuple[Bounds, Bounds]

    @property
    def total(self) -> Bounds:
        """What both give together."""
        one, other = self.doses
        high = None if one.high is None or other.high is None else one.high + other.high
        return Bounds(one.low + other.low, high, one.middle + other.middle)


def with_parts(orders: list[SolvedOrder]) -> list[SolvedOrder]:
    """Return the orders with what is wrong where two of them do not add up to the dose that they are parts of."""
    made = list(orders)
    for pair in _pairs(orders):
        shares = _shares(pair)
        if not shares:
            continue
        whole = _whole(pair)
        mismatches = (_mismatch(pair, share, whole) for share in shares)
        share, wrong, _ = min(mismatches, key=lambda each: (len(each[1]), each[2]))
        if wrong:
            blamed = pair.infusion if pair.infusion in wrong else pair.bolus
            place = next(place for place, each in enumerate(orders) if each is blamed)
            made[place] = _diagnosed(blamed, pair, share, whole)
    return made


def _pairs(orders: list[SolvedOrder]) -> Iterator[_Pair]:
    """Yield the bolus and the infusion of each drug and patient, where there is one of each and both give a dose."""
    groups: dict[tuple[str, ...], list[SolvedOrder]] = {}
    for each in orders:
        order = each.order
        key = (order.drug, order.texts.get("weight", ""), *(one.text for one in order.when))
        if order.given_as in {"bolus", "infusion"}:
            groups.setdefault(key, []).append(each)
    for group in groups.values():
        boluses = [each for each in group if each.order.given_as == "bolus"]
        infusions = [each for each in group if each.order.given_as == "infusion"]
        if len(boluses) != 1 or len(infusions) != 1 or any(each.found for each in group):
            continue
        one, other = (_given(each) for each in (boluses[0], infusions[0]))
        if one is not None and other is not None and boluses[0].built.kind == infusions[0].built.kind:
            yield _Pair(boluses[0], infusions[0], (one, other))


def _given(each: SolvedOrder) -> Bounds | None:
    """Return what an order gives, as finely as it is written: 58.3 mg are the rest of 6.5 mg, which are 6.48."""
    dose, written = total_dose(each.solution.bounds), each.system.first(of.DOSE)
    if dose is None or written is None:
        return dose
    as_written = point(written.value).widened(written.rounding)
    return as_written if dose.is_narrower_than(as_written) else dose


def _shares(pair: _Pair) -> tuple[Fraction, ...]:
    """Return what part of the dose the bolus may be, as the two orders say it, or as one was explained."""
    found = [Fraction(int(each), 100) for one in pair[:2] for each in _PART.findall(one.order.texts.get("text", ""))]
    explained = [one.share for one in pair[:2] if one.share is not None]
    shares = [share for share in (*found, *explained) if 0 < share < 1]
    return tuple(dict.fromkeys(each for share in shares for each in (share, 1 - share)))


def _whole(pair: _Pair) -> Bounds | None:
    """Return the dose that the orders give in parts, by dose per kg and weight, or as a text calls it the total."""
    stated = {one.value for each in pair[:2] for one in each.system.of(of.DOSE_PER_KG)}
    # Where each order states the dose per kg of its own part, none of them is that of the whole.
    for each in pair[:2] if len(stated) == 1 else ():
        system = each.system
        written = [one for one in system.mentions if one.variable in {of.DOSE, of.VOLUME, of.PUMP_RATE, of.DOSE_RATE}]
        known = solution(system.without(written)).bounds.get(of.DOSE)
        if system.has(of.DOSE_PER_KG) and system.has(of.WEIGHT) and known is not None:
            return known if each.share is None else _times(known, 1 / each.share)
    totals = (
        base_value(number.quantity)[0]
        for each in pair[:2]
        for number in each.order.numbers_in_text()
        if number.field == of.DOSE and number.share == 1
    )
    total = next(totals, None)
    return Bounds(total, total, total) if total is not None else None


def _mismatch(pair: _Pair, share: Fraction, whole: Bounds | None) -> tuple[Fraction, tuple[SolvedOrder, ...], Fraction]:
    """Return which of the orders is not its part of the whole, and how far the bolus is from the share.

    Where no whole is known the bolus says it.
    """
    total = whole if whole is not None else _times(pair.doses[0], 1 / share)
    parts = (_times(total, share), _times(total, 1 - share))
    wrong = tuple(each for each, dose, part in zip(pair[:2], pair.doses, parts, strict=True) if not dose.overlaps(part))
    return share, wrong, abs(pair.doses[0].middle / pair.total.middle - share)


def _times(whole: Bounds, share: Fraction) -> Bounds:
    return Bounds(whole.low * share, None if whole.high is None else whole.high * share, whole.middle * share)


def _diagnosed(blamed: SolvedOrder, pair: _Pair, share: Fraction, whole: Bounds | None) -> SolvedOrder:
    """Return an order that is not its part of the dose, with the part that it would be."""
    is_bolus = blamed is pair.bolus
    own = share if is_bolus else 1 - share
    # Without the whole the other part says it.
    right = _times(whole, own) if whole is not None else _times(pair.doses[is_bolus], own / (1 - own))
    system = blamed.system if blamed.share is not None else in_part(blamed.system, own)
    written = system.first(of.DOSE)
    if written is None:
        return blamed
    quantity = replace(written.quantity, magnitude=in_unit_of(right.middle, written.quantity), text=None)
    percent = f"{own * 100} % of the dose"
    fixed = exact_mention(of.DOSE, quantity, "reference", "", percent)._replace(span=right)
    context = blamed.context._replace(fixed=(fixed, *system.of(of.DOSE_PER_KG), *system.of(of.WEIGHT)))
    return blamed._replace(found=diagnoses(system.with_mention(fixed), context))
