"""Can the numbers of an order set be true at all? Every way to read them is tried, in floats with a margin.

Nothing of rescuecalc is imported. A set is feasible where some weight (the patient's, one of its band, else 40 to 150
kg) gives each order some way to read it: either what is prescribed is exact and every number that is worked out is read
to half of its last digit, or what is set on the pump or drawn up is exact and the prescribed number is read so, but no
rougher than 5 %. The volume and the dose of an infusion may be those of the whole container. A dose of a drug of the
catalogue has to lie in a published range.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.order_model.facts import Facts, Mention, Order, Span, facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_USUAL: Final = (40.0, 150.0)
_MARGIN: Final = 1e-9
_SHARE: Final = 0.05
_HALF_STEP: Final = 0.05  # of mL/h on a pump, of mL in a syringe
_FASTEST: Final = 999.0  # mL/h
_CONTAINERS: Final = (10.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 100.0, 125.0, 150.0, 200.0, 250.0, 500.0, 1000.0)  # mL
_ANY: Final[Span] = (0.0, float("inf"))


class Verdict(StrEnum):
    """What the oracle says of an order set; `near`: it is feasible if one number is off by at most 5 %."""

    FEASIBLE = "feasible"
    NEAR = "infeasible within 5 %"
    INFEASIBLE = "infeasible"


class Range(NamedTuple):
    """A published dose per kg: mcg/kg of a bolus, mcg/kg/min of an infusion; for at most so many hours."""

    low: float
    high: float
    hours: float = float("inf")


# Clinical facts, section 4, the published ranges; below a clearance of 30 mL/min the European label halves tirofiban.
_RANGES: Final[dict[tuple[str, str, str], tuple[Range, ...]]] = {
    ("tirofiban", "bolus", "IV"): (Range(10, 25),),
    ("tirofiban", "infusion", "IV"): (Range(0.075, 0.15), Range(0.3, 0.4, 0.5)),
    ("eptifibatide", "bolus", "IV"): (Range(135, 180),),
    ("eptifibatide", "bolus", "IA"): (Range(135, 135),),
    ("eptifibatide", "infusion", "IV"): (Range(0.5, 2),),
    ("abciximab", "bolus", "IV"): (Range(250, 250),),
    ("abciximab", "infusion", "IV"): (Range(0.125, 0.125),),
    ("cangrelor", "bolus", "IV"): (Range(15, 30),),
    ("cangrelor", "infusion", "IV"): (Range(2, 4),),
}
_RENAL: Final = (Range(0.05, 0.15), Range(0.2, 0.4, 0.5))
_RENAL_BELOW: Final = 30  # mL/min
_CAPPED: Final = {("abciximab", "infusion", "IV"): 600.0, ("eptifibatide", "infusion", "IV"): 15_000.0}  # mcg/h
# Section 3: the strongest product in mcg/mL, and of it what may hang as an infusion; nothing is diluted to more.
_STRONGEST: Final = {
    ("tirofiban", "bolus"): 250.0, ("tirofiban", "infusion"): 50.0, ("eptifibatide", "bolus"): 2000.0,
    ("eptifibatide", "infusion"): 2000.0, ("cangrelor", "bolus"): 200.0, ("cangrelor", "infusion"): 200.0,
}  # fmt: skip


def verdict(order_set: Mapping[str, Any]) -> Verdict:
    """Return whether the numbers of an order set can be true."""
    found = facts(order_set)
    if _feasible(found, {}):
        return Verdict.FEASIBLE
    places = [(at, name) for at, each in enumerate(found.orders) for name in each.mentions]
    every = dict.fromkeys([*places, (-1, "weight")], _SHARE)
    if _feasible(found, every) and any(_feasible(found, {place: _SHARE}) for place in every):
        return Verdict.NEAR
    return Verdict.INFEASIBLE


def passes_range(order_set: Mapping[str, Any], pointer: str) -> bool:
    """Whether the number at ``pointer`` alone gives a dose that no published range of the order's drug holds.

    Together with the strength and the weight, where it needs them; False where these do not say a dose.
    """
    found, parts = facts(order_set), pointer.split("/")
    if parts[1] != "orders":
        return False
    order = found.orders[int(parts[2])]
    per_kg = {"infusion": "rate_per_kg", "bolus": "dose_per_kg"}.get(order.kind, "")
    alone = _dose_of(parts[3], order)
    if alone is None or (order.drug, order.kind, order.route) not in _RANGES:
        return False
    name, span = alone
    weights = (found.weight, found.weight) if found.weight is not None else order.band or _USUAL
    known: dict[str, Span] = {
        each: (order.mentions[each].value,) * 2 for each in ("strength", "time") if each in order.mentions
    }
    spans = dict(known)
    if name == per_kg:
        spans[name] = span
    known[name] = span
    suiting = _published(order, spans, known, found.clearance)
    return not any(_meet(weights, each) is not None for each in suiting)


def _dose_of(field: str, order: Order) -> tuple[str, Span] | None:
    """Return the dose or dose rate that one field says, as far as it is written."""
    name = {"dose_per_kg": "dose_per_kg", "dose_rate_per_kg": "rate_per_kg", "dose": "dose", "dose_rate": "rate",
            "volume": "volume", "pump_rate": "pump"}.get(field)  # fmt: skip
    each, strength = order.mentions.get(name or ""), order.mentions.get("strength")
    if name is None or each is None or (name == "dose" and order.kind == "infusion"):
        return None
    half = min(each.half, _SHARE * each.value)
    if name in {"volume", "pump"}:
        half = max(half, _HALF_STEP)  # 17.52 mL/h are set as 17.5
    span = (each.value - half, each.value + half)
    if name not in {"volume", "pump"}:
        return name, span
    if strength is None or (name == "pump") is not (order.kind == "infusion"):
        return None
    return ("rate" if name == "pump" else "dose"), (span[0] * strength.value, span[1] * strength.value)


def _feasible(found: Facts, slack: Mapping[tuple[int, str], float]) -> bool:
    """Whether some weight suits all orders of each weight band; ``slack`` is the share by which a number may be off."""
    by_band: dict[Span | None, list[list[Span]]] = {}
    for at, order in enumerate(found.orders):
        off = {name: share for (place, name), share in slack.items() if place == at}
        # A number that is off is off from what is prescribed: two allowances for one number would hide 8 % as 5.
        readings = (False,) if off or (-1, "weight") in slack else (False, True)
        suiting = list(_weights(order, found.clearance, off, readings))
        by_band.setdefault(order.band if found.weight is None else None, []).append(suiting)
    off_weight = slack.get((-1, "weight"), 0.0)
    return all(_one_weight(orders, band, found.weight, off_weight) for band, orders in by_band.items())


def _one_weight(orders: Sequence[Sequence[Span]], band: Span | None, weight: float | None, off: float) -> bool:
    """Whether one weight suits all: where any does, one end of some interval does too."""
    low, high = band or _USUAL
    if weight is not None:
        low, high = weight * (1 - off), weight * (1 + off)
    ends = chain((low, high), *(each for spans in orders for each in spans))
    tried = {end for end in ends if _holds((low, high), end)}
    return any(all(any(_holds(span, each) for span in spans) for spans in orders) for each in tried)


def _holds(span: Span, value: float) -> bool:
    return span[0] * (1 - _MARGIN) <= value <= span[1] * (1 + _MARGIN)


def _meet(one: Span, other: Span) -> Span | None:
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return (low, high) if low <= high * (1 + _MARGIN) else None


def _weights(
    order: Order, clearance: float | None, off: Mapping[str, float], readings: Sequence[bool]
) -> Iterator[Span]:
    """Yield the weights in kg at which some reading of an order holds."""
    if _impossible(order, off):
        return
    for mentions in _roles(order, off):
        for set_exactly in readings:
            spans = _spans(order, mentions, off, set_exactly=set_exactly)
            known = _propagated(spans, order)
            if known is not None:
                yield from _suiting(order, spans, known, clearance)


def _impossible(order: Order, off: Mapping[str, float]) -> bool:
    """Whether no weight can help: two numbers for one thing, a strength or flow that there is not, a cap that hides."""
    found = order.mentions
    for name, each in order.again:
        first, share = found[name], off.get(name, 0.0)
        far = abs(first.value - each.value)
        if far > (first.half + each.half + share * each.value) * (1 + _MARGIN) + _MARGIN * each.value:
            return True
    strongest = _STRONGEST.get((order.drug, order.kind))
    strength = found.get("strength")
    if (
        strongest
        and strength
        and not order.diluted
        and strength.value * (1 - off.get("strength", 0.0)) > strongest * (1 + _MARGIN)
    ):
        return True
    if "pump" in found and found["pump"].value > _FASTEST:
        return True
    pairs = (("dose_per_kg", "dose"), ("rate_per_kg", "rate"))
    return any(
        whole in order.most and per_kg in found and order.most[whole] < _USUAL[0] * found[per_kg].value
        for per_kg, whole in pairs
    )


def _roles(order: Order, off: Mapping[str, float]) -> Iterator[dict[str, Mention]]:
    """Yield what the numbers may be of: a volume or dose of an infusion may be that of its container."""
    yield order.mentions
    if order.kind != "infusion":
        return
    volume, dose, strength = (order.mentions.get(name) for name in ("volume", "dose", "strength"))
    sizes = (*_CONTAINERS, order.container[1]) if order.container else _CONTAINERS
    bag = volume is not None and any(abs(volume.value / each - 1) < _MARGIN for each in sizes)
    if bag:
        yield {name: each for name, each in order.mentions.items() if name != "volume"}
    if dose is None or "dose_per_kg" in order.mentions:
        return
    held = (volume.value,) if bag and volume is not None else sizes
    share = off.get("dose", 0.0) + off.get("strength", 0.0)
    if strength is None or any(
        abs(dose.value - each * strength.value) <= dose.half + share * dose.value for each in held
    ):
        left_out = {"dose", "volume"} if bag else {"dose"}
        yield {name: each for name, each in order.mentions.items() if name not in left_out}


def _prescribed(mentions: Mapping[str, Mention]) -> str | None:
    return next((name for name in ("rate_per_kg", "dose_per_kg", "rate", "dose") if name in mentions), None)


def _spans(
    order: Order, mentions: Mapping[str, Mention], off: Mapping[str, float], *, set_exactly: bool
) -> dict[str, Span]:
    """Return how far each number reaches: exact, or read to half of its last digit."""
    prescribed = _prescribed(mentions)
    drawn_up = {"pump"} if order.kind == "infusion" else {"pump", "volume"}
    exact = {"strength", "time", *(drawn_up if set_exactly else {prescribed})}
    spans: dict[str, Span] = {}
    for name, each in mentions.items():
        half = each.half
        if name in exact:
            half = 0.0
        elif name == prescribed:
            half = min(half, _SHARE * each.value)
        elif name == "pump":
            half = max(half, _HALF_STEP)
        half = max(half, off.get(name, 0.0) * each.value)
        spans[name] = (max(each.value - half, 0.0), each.value + half)
    return spans


# What is worked out = one number × another.
_OF_VOLUME: Final = ("dose", "volume", "strength")
_OF_RATE: Final = ("dose", "rate", "time")
_EQUATIONS: Final = (("rate", "pump", "strength"), ("volume", "pump", "time"))


def _propagated(spans: Mapping[str, Span], order: Order) -> dict[str, Span] | None:
    """Return how far each number can reach by the others; None where two do not meet.

    A written number is not narrowed by its neighbours, it only has to meet them; what is not written is narrowed.
    """
    known = dict(spans)
    equations = (*_EQUATIONS, *_dose_by(order, spans))
    for _ in range(4):
        before = dict(known)
        for whole, one, other in equations:
            a, b, c = (known.get(name, _ANY) for name in (whole, one, other))
            reached = (
                (b[0] * c[0], _product(b[1], c[1])),
                (a[0] / c[1], _quotient(a[1], c[0])),
                (a[0] / b[1], _quotient(a[1], b[0])),
            )
            for name, own, span in zip((whole, one, other), (a, b, c), reached, strict=True):
                met = _meet(own, span)
                if met is None:
                    return None
                if name not in spans:
                    known[name] = met
        if known == before:
            break
    return known


def _dose_by(order: Order, spans: Mapping[str, Span]) -> tuple[tuple[str, str, str], ...]:
    """Return what a dose follows from: where a pump rate is set by one way, or rounding would be asked twice."""
    if "pump" not in spans:
        return _OF_VOLUME, _OF_RATE
    if order.kind == "infusion":
        return (_OF_RATE,) if "volume" in spans or "time" in spans else (_OF_VOLUME, _OF_RATE)
    return (_OF_VOLUME,) if "volume" in spans else (_OF_VOLUME, _OF_RATE)


def _product(one: float, other: float) -> float:
    return float("inf") if float("inf") in (one, other) else one * other


def _quotient(one: float, other: float) -> float:
    return float("inf") if not other or one == float("inf") else one / other


def _suiting(
    order: Order, spans: Mapping[str, Span], known: Mapping[str, Span], clearance: float | None
) -> Iterator[Span]:
    """Yield the weights of a reading: by the dose per kg and the whole dose, and by the published ranges."""
    bounds: Span | None = _ANY
    for per_kg, whole in (("dose_per_kg", "dose"), ("rate_per_kg", "rate")):
        reach, most = known.get(whole, _ANY), order.most.get(whole, float("inf"))
        if whole in spans and spans[whole][0] > most * (1 + _MARGIN):
            return
        if per_kg in spans and bounds is not None:
            bounds = _meet(bounds, _of_dose(spans[per_kg], reach, most))
    if bounds is None:
        return
    for each in _published(order, spans, known, clearance):
        met = _meet(bounds, each)
        if met is not None:
            yield met


def _of_dose(per_kg: Span, whole: Span, most: float) -> Span:
    """Return the weights at which the smaller of per kg × weight and the maximum lies within ``whole``."""
    if whole[0] > most * (1 + _MARGIN):
        return (float("inf"), 0.0)
    heaviest = float("inf") if most <= whole[1] * (1 + _MARGIN) else _quotient(whole[1], per_kg[0])
    return _quotient(whole[0], per_kg[1]), heaviest


def _published(
    order: Order, spans: Mapping[str, Span], known: Mapping[str, Span], clearance: float | None
) -> Iterator[Span]:
    """Yield the weights at which the dose per kg lies in a published range; all where the drug has none."""
    key = (order.drug, order.kind, order.route)
    ranges = _RANGES.get(key)
    if ranges is None:
        yield _ANY
        return
    if key[:2] == ("tirofiban", "infusion") and (clearance is None or clearance < _RENAL_BELOW):
        ranges = (*ranges, *_RENAL)
    infusion = order.kind == "infusion"
    per_hour = 60 if infusion else 1
    whole = known.get("rate" if infusion else "dose", _ANY)
    written = spans.get("rate_per_kg" if infusion else "dose_per_kg")
    lasting = spans.get("time", _ANY)[0]
    step = _HALF_STEP * known.get("strength", _ANY)[0]
    for each in ranges:
        low, high = each.low * per_hour, each.high * per_hour
        if lasting > each.hours * (1 + _MARGIN):
            continue
        if written is not None:
            # The range is widened by half a step of the pump, which is less per kg the heavier the patient is.
            yield from _written_in(written, (low, high), step)
        else:
            top = _CAPPED.get(key, float("inf"))
            heaviest = float("inf") if top <= whole[1] else _quotient(whole[1] + step, low)
            yield _quotient(max(whole[0] - step, 0.0), high), heaviest


def _written_in(written: Span, within: Span, step: float) -> Iterator[Span]:
    """Yield the weights at which a dose per kg that is written lies in a range, widened by a step ÷ weight."""
    above, below = written[0] - within[1], within[0] - written[1]
    outside = max(above, below)
    if outside <= within[1] * _MARGIN:
        yield _ANY
    elif step < float("inf"):
        yield 0.0, step / outside
