"""An order that entries of a library are asked about: what each of them needs of it, worked out once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.quantities.quantity import PumpRate, Volume
from rescuecalc.rules.facts.order_model.pump_entries import strength_of
from rescuecalc.rules.facts.reference.product_label import label_of
from rescuecalc.rules.library.numbers import Number, delivered, ordered, says_dose

if TYPE_CHECKING:
    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.label_strength import Strength
    from rescuecalc.core.quantities.quantity import Concentration, Quantity
    from rescuecalc.core.quantities.units import Unit
    from rescuecalc.core.regimen.product import Product
    from rescuecalc.rules.facts.order_model.solved_order import SolvedOrder

FIELDS: Final = {
    "infusion": ("dose_rate_per_kg", "dose_rate", "dose_per_kg", "dose"),
    "bolus": ("dose_per_kg", "dose"),
}
"""The fields that prescribe a dose, by the kind of an order."""


class OtherUnit(NamedTuple):
    """A dose that is not in the unit of an entry: an error on another basis, a note where only the amount's differs."""

    name: str
    quantity: Quantity
    severity: Severity


class MatchedOrder:
    """An order as it was solved, the library it is compared with, and what gives it; the rest is found once.

    A drug may have an entry in every care area, and each of them asks for the same.
    """

    def __init__(self, judged: SolvedOrder, use: LibraryUse, given: str) -> None:
        self.judged, self.use, self.given = judged, use, given
        self._ordered: dict[str, Number | None] = {}
        self._delivered: dict[tuple[str, Concentration | None], Number | None] = {}
        self._units: dict[tuple[str, Unit], OtherUnit | None] = {}

    @property
    def order(self) -> Order:
        """The order."""
        return self.judged.order

    @cached_property
    def strength(self) -> Mention | None:
        """The concentration that it says."""
        return strength_of(self.judged)

    @cached_property
    def label(self) -> Strength | Product | None:
        """The strength that its product's name says."""
        return label_of(self.order, self.judged.subject)

    @cached_property
    def pump_rate(self) -> PumpRate | None:
        """The pump rate that is set."""
        return self.order.quantity("pump_rate", PumpRate)

    @cached_property
    def vtbi(self) -> Volume | None:
        """The volume to be infused that is set."""
        return self.order.quantity("vtbi", Volume)

    @cached_property
    def says_dose(self) -> bool:
        """Whether a dose is written, and not only what is set on the pump."""
        return says_dose(self.judged)

    @cached_property
    def is_allowed(self) -> bool:
        """Whether its dose is one that sources of the drug allow: then the library is wrong, and not the order."""
        judged = self.judged
        if not self.order.texts or judged.solution.conflict is not None:
            return False
        knowledge = judged.subject.knowledge
        from rescuecalc.rules.facts.dose_outside import is_outside  # noqa: PLC0415  # of a limit that is passed alone

        return knowledge.has_published_range(self.order.drug) and not is_outside(self.order, judged.subject)

    def ordered(self, variable: str) -> Number | None:
        """Return what was ordered of a variable."""
        if variable not in self._ordered:
            self._ordered[variable] = ordered(variable, self.judged)
        return self._ordered[variable]

    def most_ordered(self, limits: LimitSet) -> Number | None:
        """Return the highest dose rate that the order names; of a dose per kg it is the cap of the heavy."""
        cap = self.judged.system.first(of.MAX_DOSE_RATE) if limits.variable == of.DOSE_RATE else None
        return (
            Number(point(cap.value), cap) if cap is not None and "dose_rate_per_kg" not in self.order.fields else None
        )

    def delivered(self, variable: str, entry: Entry) -> Number | None:
        """Return what the set pump rate really delivers of a variable, by the entry's strength if none is ordered."""
        own = entry.concentration if self.strength is None else None
        key = variable, own
        if key not in self._delivered:
            value, kind = base_value(own) if own is not None else (None, "")
            is_same = kind == self.judged.built.kind
            self._delivered[key] = delivered(variable, self.judged, value if is_same else None)
        return self._delivered[key]

    def other_unit(self, limits: LimitSet) -> OtherUnit | None:
        """Return the dose that is written in no unit of these limits, None where one is."""
        key = limits.variable, limits.unit
        if key not in self._units:
            self._units[key] = self._other_unit(limits)
        return self._units[key]

    def _other_unit(self, limits: LimitSet) -> OtherUnit | None:
        order, variables = self.order, self.judged.system.variables
        fields = [(name, order.fields[name]) for name in FIELDS[order.given_as] if name in order.fields]
        if not fields or (limits.variable in {of.PUMP_RATE, of.VOLUME} and limits.variable in variables):
            return None
        comparable = [(name, each) for name, each in fields if _has_basis(each.unit, limits.unit)]
        if not comparable:
            return OtherUnit(*fields[0], Severity.ERROR)
        if any(each.unit == limits.unit for _, each in comparable):
            return None
        return OtherUnit(*comparable[0], Severity.NOTE)


def _has_basis(one: Unit, other: Unit) -> bool:
    """Whether two units differ in the size of the amount alone: mg/h and mcg/h do."""
    same = [part.name for part in one.parts[1:]] == [part.name for part in other.parts[1:]]
    return same and one.parts[0].dimension == other.parts[0].dimension
