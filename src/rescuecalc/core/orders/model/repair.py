"""A repair: one way to heal an order, by a number that is wrong and all that was worked out from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.bounds import Bounds
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.system import CAP_OF, PER_KG_OF

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.signature import Fit
    from rescuecalc.core.orders.model.system import System

CAPS: Final = {cap: amount for amount, cap in CAP_OF.items()}
"""The dose, or dose rate, that each cap bounds."""

_WHOLE_OF: Final = {per_kg: amount for amount, per_kg in PER_KG_OF.items()}


class Repair(NamedTuple):
    """One way to heal an order: ``blamed`` is wrong, and with it what ``followed`` from it.

    ``right`` is what the rest leaves of it (None: nothing can be told), ``fits`` are the errors that would explain it,
    ``expected`` is the value to write, None where no single one can be told. ``hint`` is the least error that would
    bring it to where ``right`` begins, of which only one side is known: it is named, and is no evidence.
    """

    blamed: Mention
    followed: tuple[Mention, ...]
    right: Bounds | None
    fits: tuple[Fit, ...]
    expected: Mention | None
    cost: int
    hint: tuple[Fit, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the errors that fit, the nearest first."""
        return tuple(dict.fromkeys(each.name for each in self.fits or self.hint))

    @property
    def factor(self) -> Fraction | None:
        """Found ÷ expected; None where no single number is expected."""
        return self.blamed.value / self.expected.value if self.expected is not None and self.expected.value else None


def most_per_kg(variable: str, rest: System) -> Bounds | None:
    """Return what a dose per kg may be at most so that its cap does not hide it for every patient."""
    amount = _WHOLE_OF.get(variable)
    cap = rest.first(CAP_OF[amount]) if amount is not None else None
    if cap is None or not rest.lightest:
        return None
    most = cap.value / rest.lightest
    return Bounds(most * 0, most, most)


def least_cap(variable: str, rest: System, known: Mapping[str, Bounds]) -> Bounds | None:
    """Return what a cap must be at least: no less than the dose that is written, nor than any usual patient's dose."""
    amount = CAPS.get(variable)
    if amount is None:
        return None
    is_told = rest.has(amount) or rest.has(of.PUMP_RATE) or rest.has(of.VOLUME)
    dose = known[amount].middle if is_told and amount in known else None
    per_kg = known[PER_KG_OF[amount]].low if rest.has(PER_KG_OF[amount]) else None
    hidden = per_kg * rest.lightest if per_kg is not None and rest.lightest is not None else None
    ends = [each for each in (dose, hidden) if each is not None]
    return Bounds(max(ends), None, max(ends)) if ends else None
