"""What the entries of a library do to the doses that protocols state: in each care area, by the mildest entry."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.orders.order import Bound, Condition, Order, OrderSet, stated_orders
from rescuecalc.rules.base.knowledge import Subject
from rescuecalc.rules.facts.order_model.judged_order import judged_made
from rescuecalc.rules.facts.order_model.pump_entries import BY_PUMP, Candidates, conditions_needed
from rescuecalc.rules.library.order_limits.asked_order import MatchedOrder
from rescuecalc.rules.library.order_limits.verdicts import Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder
    from rescuecalc.rules.library.order_limits.limit_hits import Coded


class Step(NamedTuple):
    """One dose of a protocol, as an order that was made: for a band of clearances where a renal rule divides them."""

    protocol: Protocol
    judged: SolvedOrder
    subject: Subject

    @property
    def order(self) -> Order:
        """The order."""
        return self.judged.order

    @property
    def dose(self) -> Quantity | None:
        """The dose, per kg or fixed."""
        names = ("dose_rate_per_kg", "dose_per_kg", "dose")
        return next((self.order.fields[name] for name in names if name in self.order.fields), None)

    @property
    def words(self) -> str:
        """What it is: ``the loading infusion of trend-2024, 0.4 mcg/kg/min``."""
        kind = "loading infusion" if self.order.load else self.order.given_as
        when = "".join(f" at CrCl {each.text}" for each in self.order.when)
        return f"the {kind} of {self.protocol.id}{when}, {self.dose}"


class Effect(NamedTuple):
    """What a care area (in small letters, empty: none) does to a dose of a protocol."""

    step: Step
    area: str
    verdict: Verdict


def steps_of(protocol: Protocol, knowledge: Knowledge) -> tuple[Step, ...]:
    """Return the doses that a protocol states, each once for every band of its own renal rule."""
    key = ("steps in library", protocol.id)
    return knowledge.once(key, lambda: tuple(_steps(protocol, knowledge)))


def _steps(protocol: Protocol, knowledge: Knowledge) -> Iterator[Step]:
    stated = stated_orders(protocol)
    bands = tuple(_bands(protocol, knowledge))
    for order in stated.orders:
        if order.given_as not in {"bolus", "infusion"} or order.drug != protocol.drug:
            continue
        for condition, factors in bands or ((None, {}),):
            factor = factors.get(order.given_as, Fraction(1))
            fields = {name: each.times(factor) for name, each in order.fields.items() if name.startswith("dose")}
            made = order._replace(fields=fields, when=(condition,) if condition is not None else ())
            subject = Subject(OrderSet(protocol.drug, None, None, None, None, (made,)), None, knowledge)
            if fields:
                yield Step(protocol, judged_made(made, subject), subject)


def _bands(protocol: Protocol, knowledge: Knowledge) -> Iterator[tuple[Condition, dict[str, Fraction]]]:
    """Yield the clearances of each band of a protocol's own renal rule, with what it multiplies a dose by."""
    low: Bound | None = None
    for band in knowledge.bands(protocol):
        high = Bound("<=" if band.includes else "<", band.up_to) if band.up_to is not None else None
        bounds = tuple(each for each in (low, high) if each is not None)
        text = " and ".join(f"{each.comparator} {each.quantity}" for each in bounds)
        condition = Condition("creatinine_clearance", bounds, text)
        yield condition, {kind: band.factor(kind) for kind in ("bolus", "infusion")}
        if band.up_to is not None:
            low = Bound(">" if band.includes else ">=", band.up_to)


def effects(entries: tuple[Entry, ...], step: Step, use: LibraryUse) -> Iterator[Effect]:
    """Yield what the entries of each care area do to a dose: by the mildest of those that it may be given by."""
    areas: dict[str, list[Entry]] = {}
    for each in entries:
        areas.setdefault(each.care_area.casefold(), []).append(each)
    mildest = _Mildest(step, use)
    of_any = Candidates(areas.get("", ()), step.order, step.subject)  # of each area, and judged once for all
    by_any: dict[frozenset[str], Verdict | None] = {}
    for area, own in areas.items():
        here = Candidates(own if area else (), step.order, step.subject)
        names = conditions_needed(here, of_any)
        if names not in by_any:
            by_any[names] = mildest.of(of_any, names)
        found = [each for each in (mildest.of(here, names), by_any[names]) if each is not None]
        if found:
            yield Effect(step, area, max(found, key=_mildness))


class _Mildest:
    """The mildest verdict about a dose among entries; those of the same limits are judged once.

    A verdict of another entry than the first of its limits has the messages of that one, which nothing prints.
    """

    def __init__(self, step: Step, use: LibraryUse) -> None:
        self._asked = MatchedOrder(step.judged, use, BY_PUMP)
        self._hits: dict[tuple[int, ...], tuple[Coded, ...]] = {}

    def of(self, candidates: Candidates, names: frozenset[str]) -> Verdict | None:
        """Return the mildest verdict of the entries under these conditions, None where there are none."""
        return max(map(self._verdict, candidates.under(names)), key=_mildness, default=None)

    def _verdict(self, entry: Entry) -> Verdict:
        key = tuple(map(id, entry.limits.values()))  # the reader makes one object of equal limits
        if key not in self._hits:
            self._hits[key] = verdict(entry, self._asked).hits
        return Verdict(entry, self._hits[key])


def _mildness(each: Verdict) -> tuple[int, bool, int, int]:
    """Return what the mildest verdict has most of; of equal ones the first in the file is the mildest."""
    return *each.mildness, -each.entry.number
