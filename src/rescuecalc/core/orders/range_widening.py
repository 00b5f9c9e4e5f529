"""Which published ranges a protocol lies outside of: what each would be if the protocol widened it.

No protocol widens a range: what is printed is a question to those who keep the ranges, never a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.orders.published_range import BOLUS, Indication

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.published_range import PublishedRange
    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.protocol import BolusStep, Protocol


class RangeScope(NamedTuple):
    """Which doses a range is of; ``variable`` is ``dose_per_kg``, ``dose`` or ``dose_rate_per_kg``."""

    kind: str
    route: str
    phase: str
    variable: str


class Widening(NamedTuple):
    """What a range is and what it would be; ``before`` is None where no range of such doses is held."""

    place: RangeScope
    indication: Indication
    before: str | None
    after: str


def widenings(protocol: Protocol, table: Iterable[PublishedRange], indication: Indication) -> tuple[Widening, ...]:
    """Return each range that a protocol for ``indication`` would widen, the general ones too."""
    doses = _doses(protocol)
    rows = [each for each in table if each.drug == protocol.drug and each.indication in {Indication.ANY, indication}]
    found = [_widened(row, doses.get(_place(row), ())) for row in rows]
    held = {_place(row) for row in rows}
    unheld = (_without_range(place, values) for place, values in doses.items() if place not in held)
    return (*(each for each in found if each is not None), *unheld)


def _place(row: PublishedRange) -> RangeScope:
    return RangeScope(row.kind, row.route, row.phase, row.variable)


def _doses(protocol: Protocol) -> dict[RangeScope, tuple[Quantity, ...]]:
    found: dict[RangeScope, tuple[Quantity, ...]] = {}
    for place, value in _stated(protocol):
        found[place] = (*found.get(place, ()), value)
    return found


def _stated(protocol: Protocol) -> Iterator[tuple[RangeScope, Quantity]]:
    for bolus in protocol.boluses:
        yield from _of_bolus(bolus)
    for infusion in protocol.infusions:
        yield RangeScope("infusion", infusion.route, infusion.role, "dose_rate_per_kg"), infusion.dose_rate_per_kg


def _of_bolus(step: BolusStep) -> Iterator[tuple[RangeScope, Quantity]]:
    if step.dose_per_kg is not None:
        yield RangeScope("bolus", step.route, BOLUS, "dose_per_kg"), step.dose_per_kg
    fixed = (step.dose, *(step.dose_range or ()))
    yield from ((RangeScope("bolus", step.route, BOLUS, "dose"), each) for each in fixed if each is not None)


def _widened(row: PublishedRange, values: tuple[Quantity, ...]) -> Widening | None:
    low, high = (end.value if end is not None else None for end in (row.low, row.high))
    before = _ends(low, high)
    for each in values:
        low = each if low is not None and low.exceeds(each) else low
        high = each if high is not None and each.exceeds(high) else high
    after = _ends(low, high)
    return Widening(_place(row), row.indication, before, after) if after != before else None


def _without_range(place: RangeScope, values: tuple[Quantity, ...]) -> Widening:
    ordered = sorted(values, key=lambda each: each.value_in(values[0].unit.name))
    return Widening(place, Indication.ANY, None, _ends(ordered[0], ordered[-1]))


def _ends(low: Quantity | None, high: Quantity | None) -> str:
    if low is None or high is None:
        return f"at most {high}" if low is None else f"at least {low}"
    return str(low) if low.equals(high) else f"{low} to {high}"
