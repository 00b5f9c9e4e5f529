"""A bolus that is ordered in parts: each is below every published dose, and all of them together are one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.facts.agents import infused
from rescuecalc.rules.facts.concurrent_orders import both_given
from rescuecalc.rules.facts.order_model.dose_slack import given_per_kg
from rescuecalc.rules.facts.order_model.judged_order import judged_made
from rescuecalc.rules.facts.order_model.order_explanation import is_one_bolus
from rescuecalc.rules.facts.reference.dose_domain import domains

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_AMOUNTS: Final = ("dose", "dose_per_kg", "volume")
_MOST_PARTS: Final = 4
"""More boluses are no parts of one."""


def _parts(subject: Subject) -> Iterator[frozenset[str]]:
    boluses: dict[tuple[str, str | None], list[Order]] = {}
    for order in infused(subject):
        if order.given_as == "bolus" and is_one_bolus(order.drug, subject.knowledge) and not order.of:
            boluses.setdefault((order.drug, order.route), []).append(order)
    for parts in boluses.values():
        if 1 < len(parts) <= _MOST_PARTS and all(both_given(parts[0], each) for each in parts[1:]):
            whole = _whole(parts)
            if whole is not None and _is_allowed(whole, subject):
                yield frozenset(each.pointer for each in parts)


PARTS: Final = Shared(_parts)
"""The pointers of the boluses of a subject that are parts of one, of each group."""


def is_part(pointer: str, subject: Subject) -> bool:
    """Whether the order at a place is a part of a bolus that is right as a whole."""
    return any(pointer in parts for parts in PARTS.of(subject))


def _whole(parts: list[Order]) -> Order | None:
    """Return the order that gives at once what its parts give, None where they are not ordered alike."""
    first = parts[0]
    name = next((each for each in _AMOUNTS if all(each in order.fields for order in parts)), None)
    if name is None or any(order.fields[name].unit != first.fields[name].unit for order in parts):
        return None
    total = sum((order.fields[name].magnitude for order in parts), Fraction(0))
    kept = {key: value for key, value in first.fields.items() if key not in _AMOUNTS}
    return first._replace(fields={**kept, name: replace(first.fields[name], magnitude=total, text=None)}, spans={})


def _is_allowed(whole: Order, subject: Subject) -> bool:
    judged, held = judged_made(whole, subject), domains(whole, subject)
    given = given_per_kg(judged.system, judged.solution.bounds)
    return bool(held) and all(each.is_asked(given) and each.allows(given, {}) for each in held)
