"""The equations that bind the numbers of one order.

dose = min(dose per kg × weight, cap); dose rate likewise; dose = volume × concentration; dose rate = pump rate ×
concentration; volume = pump rate × time; dose = dose rate × time. Each is used in its three directions.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.model import mention as of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention


class Equation(NamedTuple):
    """``target`` = ``first`` × ``second``, at most ``cap`` where one is written."""

    target: str
    first: str
    second: str
    cap: str | None = None


DOSE_BY_WEIGHT: Final = Equation(of.DOSE, of.DOSE_PER_KG, of.WEIGHT, of.MAX_DOSE)
RATE_BY_WEIGHT: Final = Equation(of.DOSE_RATE, of.DOSE_RATE_PER_KG, of.WEIGHT, of.MAX_DOSE_RATE)
DOSE_IN_VOLUME: Final = Equation(of.DOSE, of.VOLUME, of.CONCENTRATION)
RATE_IN_FLOW: Final = Equation(of.DOSE_RATE, of.PUMP_RATE, of.CONCENTRATION)
VOLUME_BY_WEIGHT: Final = Equation(of.VOLUME, of.VOLUME_PER_KG, of.WEIGHT)
FLOW_BY_WEIGHT: Final = Equation(of.PUMP_RATE, of.PUMP_RATE_PER_KG, of.WEIGHT)
DOSE_PER_KG_IN_VOLUME: Final = Equation(of.DOSE_PER_KG, of.VOLUME_PER_KG, of.CONCENTRATION)
RATE_PER_KG_IN_FLOW: Final = Equation(of.DOSE_RATE_PER_KG, of.PUMP_RATE_PER_KG, of.CONCENTRATION)
VOLUME_IN_TIME: Final = Equation(of.VOLUME, of.PUMP_RATE, of.TIME)
DOSE_IN_TIME: Final = Equation(of.DOSE, of.DOSE_RATE, of.TIME)

CAP_OF: Final = {of.DOSE: of.MAX_DOSE, of.DOSE_RATE: of.MAX_DOSE_RATE}
PER_KG_OF: Final = {of.DOSE: of.DOSE_PER_KG, of.DOSE_RATE: of.DOSE_RATE_PER_KG}
PER_KG_AS: Final = {"infusion": of.DOSE_RATE_PER_KG, "bolus": of.DOSE_PER_KG}
"""The prescribed variable of each kind of order."""

KNOWN_EXACTLY: Final = frozenset({of.WEIGHT, of.CONCENTRATION, of.TIME, of.MAX_DOSE, of.MAX_DOSE_RATE})
"""The variables that are measured, printed on a label or fixed by a cap: no reading of the order rounds them."""

_PER_KG: Final = frozenset({of.DOSE_PER_KG, of.DOSE_RATE_PER_KG, of.VOLUME_PER_KG, of.PUMP_RATE_PER_KG})
EXACT: Final = KNOWN_EXACTLY | _PER_KG
"""The variables whose numbers are prescribed, measured or printed on a label, and not worked out from others."""


class System(NamedTuple):
    """One order: its mentions, and what is known besides.

    ``equations`` stay those of the whole order where a mention is left out, so that they tell what it should be.
    ``seeds`` are ranges of which some value must fit: a weight that is not known, a weight band. ``lightest`` is the
    least weight (kg) that a cap must leave the dose per kg to; None where that is not asked. ``loose`` are the
    variables whose mention was left out, with half of its last digit: what follows may be from the exact or the rounded
    number. ``unwritten`` are those of the prescribed variables that were left out: all others are worked out from them.
    ``is_one_dose`` tells whether an infusion is ordered as a dose, or as something that is given over a time, and not
    as a rate: it stays so whichever of its numbers is left out.
    """

    is_infusion: bool
    mentions: tuple[Mention, ...]
    seeds: Mapping[str, Bounds]
    equations: tuple[Equation, ...]
    lightest: Fraction | None = None
    loose: Mapping[str, Fraction] = MappingProxyType({})
    unwritten: frozenset[str] = frozenset()
    is_one_dose: bool = False

    def without(self, gone: Iterable[Mention]) -> System:
        """Return the system without these mentions; the equations stay."""
        left_out = {id(each): each for each in gone}
        kept = tuple(each for each in self.mentions if id(each) not in left_out)
        # The exact ones leave no room: a strength that is left out was printed on a label, and not rounded.
        loose = {each.variable: each.rounding for each in left_out.values() if each.variable not in EXACT}
        unwritten = prescribed_of(self) - {each.variable for each in kept}
        return self._replace(mentions=kept, loose={**self.loose, **loose}, unwritten=unwritten)

    def only(self, kept: Iterable[Mention]) -> System:
        """Return the system with these mentions alone; the equations stay."""
        ids = {id(each) for each in kept}
        return self.without(each for each in self.mentions if id(each) not in ids)

    def replaced(self, old: Mention, new: Mention) -> System:
        """Return the system with one mention in place of another."""
        return self._replace(mentions=tuple(new if each is old else each for each in self.mentions))

    def with_mention(self, new: Mention) -> System:
        """Return the system with one more mention, bound by what it brings with it."""
        made = system_of((*self.mentions, new), self.seeds, self.lightest, is_infusion=self.is_infusion)
        equations = tuple(dict.fromkeys((*self.equations, *made.equations)))
        return made._replace(equations=equations, is_one_dose=self.is_one_dose or made.is_one_dose)

    def of(self, variable: str) -> tuple[Mention, ...]:
        """Return the mentions of a variable."""
        return tuple(each for each in self.mentions if each.variable == variable)

    def first(self, variable: str) -> Mention | None:
        """Return the first mention of a variable, None where nothing is written of it."""
        return next((each for each in self.mentions if each.variable == variable), None)

    @property
    def variables(self) -> frozenset[str]:
        """The variables of which something is written."""
        return frozenset(each.variable for each in self.mentions)

    def has(self, variable: str) -> bool:
        """Whether something is written of a variable."""
        return any(each.variable == variable for each in self.mentions)


def system_of(
    mentions: tuple[Mention, ...],
    seeds: Mapping[str, Bounds],
    lightest: Fraction | None = None,
    *,
    is_infusion: bool,
) -> System:
    """Return the system of an order's mentions, with the equations that bind them.

    The dose of an infusion counts only where it is prescribed, else it may be what the bag holds. Where both pump rate
    and volume are written the dose follows from the one that is set: volume × concentration of an infusion, and dose
    rate × time of a bolus, whose rate may be that of the rounded volume, are a second way round it: left out.
    """
    has = {each.variable for each in mentions}
    found: list[Equation] = []
    by_dose = not is_infusion or not has.isdisjoint({of.DOSE, of.DOSE_PER_KG})
    # With both of them volume × concentration is a second way round the rate that is set, and two roundings apart: it
    # called correct orders wrong.
    has_both = {of.PUMP_RATE, of.VOLUME} <= has
    if by_dose:
        found.append(DOSE_BY_WEIGHT)
        if not (is_infusion and has_both):
            found.append(DOSE_IN_VOLUME)
    if is_infusion or not has.isdisjoint(of.FLOWS):
        found += [RATE_BY_WEIGHT, RATE_IN_FLOW, VOLUME_IN_TIME]
        if by_dose and (is_infusion or not has_both):
            found.append(DOSE_IN_TIME)
    if not has.isdisjoint(_FLUIDS):
        found += _of_fluid(has)
    is_one_dose = not has.isdisjoint({of.DOSE, of.DOSE_PER_KG}) or any(each.place == "give_over" for each in mentions)
    return System(is_infusion, mentions, seeds, tuple(found), lightest, is_one_dose=is_one_dose)


_FLUIDS: Final = frozenset({of.VOLUME_PER_KG, of.PUMP_RATE_PER_KG})


def _of_fluid(has: set[str]) -> list[Equation]:
    """Return the equations of what is ordered in mL per kg."""
    found = [VOLUME_BY_WEIGHT, DOSE_PER_KG_IN_VOLUME] if of.VOLUME_PER_KG in has else []
    return [*found, FLOW_BY_WEIGHT, RATE_PER_KG_IN_FLOW] if of.PUMP_RATE_PER_KG in has else found


def prescribed_of(system: System) -> frozenset[str]:
    """Return the variables that were prescribed: per kg, else the dose or the dose rate itself."""
    per_kg = frozenset(each.variable for each in system.mentions) & _PER_KG
    order = (of.DOSE_RATE, of.DOSE) if system.is_infusion else (of.DOSE, of.DOSE_RATE)
    return per_kg | system.unwritten or first_written(order, system)


def first_written(names: Iterable[str], system: System) -> frozenset[str]:
    """Return the first of these variables of which something is written, nothing where none is."""
    return frozenset({next((name for name in names if system.has(name)), "")} - {""})
