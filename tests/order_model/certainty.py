"""What floats call certain is so by exact numbers: python -m tests.order_model.certainty --systems 1000000 --seed 1.

Makes so many random systems of equations, correct ones, ones with a slip, and ones that lie exactly on a border or a
trillionth beside it; exit 1 where the floats' answer is not the exact one. Prints how many of those that agree are
left to the exact numbers.
"""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.catalogue.catalogue import limits
from rescuecalc.core.orders.bounds import Bounds, between
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import Mention, exact_mention, mention
from rescuecalc.core.orders.model.solution import Later, exact_solution, solution
from rescuecalc.core.orders.model.system import System, system_of
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    DosingWeight,
    Duration,
    PumpRate,
    Quantity,
    Volume,
    parsed,
)
from rescuecalc.core.quantities.units import unit
from tests.order_model.amounts import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEAR: Final = 10.0**-9
"""By what share the ends of floats may differ from the exact ones."""

_ROLES: Final[dict[str, tuple[type[Quantity], str]]] = {
    of.WEIGHT: (DosingWeight, "kg"),
    of.DOSE_PER_KG: (DosePerKg, "mcg/kg"),
    of.DOSE_RATE_PER_KG: (DoseRatePerKg, "mcg/kg/min"),
    of.DOSE: (Dose, "mcg"),
    of.DOSE_RATE: (DoseRate, "mcg/min"),
    of.CONCENTRATION: (Concentration, "mcg/mL"),
    of.VOLUME: (Volume, "mL"),
    of.PUMP_RATE: (PumpRate, "mL/h"),
    of.TIME: (Duration, "h"),
    of.MAX_DOSE: (Dose, "mcg"),
    of.MAX_DOSE_RATE: (DoseRate, "mcg/min"),
}
_SLIPS: Final = tuple(Fraction(each) for each in ("10", "0.1", "60", "24", "2.2", "1.02", "1.06", "0.97", "1.5"))
_BESIDE: Final = (Fraction(0), Fraction(1, 10**12), Fraction(-1, 10**12), Fraction(1, 10**7), Fraction(-1, 10**7))


class Count(NamedTuple):
    """How many systems agree with themselves, and of how many of those the floats are not certain."""

    agree: int
    asked: int


def systems(seed: int, count: int) -> Iterator[System]:
    """Yield random systems, the same for the same seed."""
    chance = Random(seed)  # noqa: S311  # no secret
    for _ in range(count):
        yield _system(chance)


def _system(chance: Random) -> System:
    is_infusion, said = chance.random() < 0.6, {}
    numbers = _numbers(chance, is_infusion=is_infusion)
    for name, number in numbers.items():
        if chance.random() < (0.35 if name in {of.MAX_DOSE, of.MAX_DOSE_RATE} else 0.75):
            said[name] = _written(name, number, chance)
    mentions = [each for each in said.values() if each is not None]
    _spoil(mentions, chance)
    seeds: dict[str, Bounds] = {}
    if of.WEIGHT not in {each.variable for each in mentions}:
        seeds[of.WEIGHT] = between(Fraction(40), Fraction(150))
    made = system_of(tuple(mentions), seeds, Fraction(40), is_infusion=is_infusion)
    if mentions and chance.random() < 0.3:
        return made.without((chance.choice(mentions),))
    return made


def _numbers(chance: Random, *, is_infusion: bool) -> dict[str, Fraction]:
    """Return the numbers of an order, in the units in which they are written, each worked out from the others."""
    weight = Fraction(chance.randint(4000, 15000), 100)
    per_kg = Fraction(chance.choice(("0.1", "0.15", "0.075", "2", "10", "25", "180", "0.4")))
    strength = Fraction(chance.choice((5, 50, 250, 750, 1000, 2000)))
    hours = Fraction(chance.choice(("0.5", "1", "12", "18", "24", "48")))
    amount = per_kg * weight
    cap = amount * Fraction(chance.choice(("0.5", "0.9", "1", "1.01", "2")))
    if not is_infusion:
        dose = min(amount, cap) if chance.random() < 0.3 else amount
        return {
            of.WEIGHT: weight,
            of.DOSE_PER_KG: per_kg,
            of.DOSE: dose,
            of.CONCENTRATION: strength,
            of.VOLUME: dose / strength,
            of.MAX_DOSE: cap,
        }
    rate = min(amount, cap) if chance.random() < 0.3 else amount
    pump = rate * 60 / strength
    set_rate = Fraction(round(pump * 10), 10) or Fraction(1, 10)
    flow = pump if chance.random() < 0.4 else set_rate
    return {
        of.WEIGHT: weight,
        of.DOSE_RATE_PER_KG: per_kg,
        of.DOSE_RATE: rate,
        of.CONCENTRATION: strength,
        of.PUMP_RATE: set_rate,
        of.TIME: hours,
        of.VOLUME: flow * hours,
        of.MAX_DOSE_RATE: cap,
        of.DOSE: rate * 60 * hours,
    }


def _written(name: str, number: Fraction, chance: Random) -> Mention | None:
    """Return a number as it is written with some decimals, None where that leaves nothing of it."""
    role, unit_name = _ROLES[name]
    if name == of.CONCENTRATION and chance.random() < 0.2:
        label = role(number, unit(unit_name))
        return exact_mention(name, label, "product", "/product", str(label))
    decimals = chance.choice((0, 1, 1, 2, 2, 3)) if name != of.DOSE_RATE_PER_KG else 3
    rounded = Fraction(round(number * 10**decimals), 10**decimals)
    if not rounded:
        return None
    return mention(name, parsed(role, f"{plain(rounded)} {unit_name}"), name, f"/{name}", limits())


def _spoil(mentions: list[Mention], chance: Random) -> None:
    """Plant a slip into one of the mentions, or move it to where it just meets what the others leave, or say it twice.

    The last is what a text does.
    """
    kind = chance.random()
    if not mentions or kind < 0.4:
        return
    place = chance.randrange(len(mentions))
    each = mentions[place]
    if kind < 0.6:
        mentions[place] = each._replace(value=each.value * chance.choice(_SLIPS))
    elif kind < 0.7:
        mentions.append(each._replace(place="text", value=each.value * chance.choice((1, 1, 1 + Fraction(1, 10**9)))))
    else:
        rest = system_of(tuple(mentions), {}, is_infusion=chance.random() < 0.5).without((each,))
        left = exact_solution(rest).bounds.get(each.variable)
        if left is not None and left.high is not None:
            end = chance.choice((left.low, left.high, left.high + each.rounding, left.low - each.rounding))
            moved = end * (1 + chance.choice(_BESIDE))
            mentions[place] = each._replace(value=moved) if moved > 0 else each


def difference(system: System) -> str | None:
    """Return how the floats' answer differs from the exact one, None where it does not."""
    quick, exact = solution(system), exact_solution(system)
    if (quick.conflict, quick.set_is_exact) != (exact.conflict, exact.set_is_exact):
        return f"{quick.conflict} {quick.set_is_exact} for {exact.conflict} {exact.set_is_exact}"
    if dict(quick.bounds) != dict(exact.bounds):
        return "other bounds"
    if not isinstance(quick.bounds, Later):
        return None
    if quick.bounds.ends.keys() != exact.bounds.keys():
        return "bounds of other variables"
    for name, (low, high) in quick.bounds.ends.items():
        right = exact.bounds[name]
        most = float(right.high) if right.high is not None else float("inf")
        if not _is_near(low, float(right.low)) or not _is_near(high, most):
            return f"{name} from {low} to {high} for {float(right.low)} to {most}"
    return None


def _is_near(one: float, other: float) -> bool:
    return one == other or abs(one - other) <= abs(other) * _NEAR


def counted(seed: int, count: int) -> Count:
    """Return the counts of so many systems; AssertionError at the first that differs."""
    agree = asked = 0
    for number, system in enumerate(systems(seed, count)):
        wrong = difference(system)
        if wrong is not None:
            raise AssertionError(f"system {number} of seed {seed}: {wrong}: {system}")
        found = solution(system)
        agree += found.conflict is None
        asked += found.conflict is None and not isinstance(found.bounds, Later)
    return Count(agree, asked)


def main() -> int:
    """Print the counts; 1 where an answer differs."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--systems", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    try:
        found = counted(asked.seed, asked.systems)
    except AssertionError as failure:
        sys.stdout.write(f"{failure}\n")
        return 1
    sys.stdout.write(
        f"{asked.systems:,} systems, {found.agree:,} agree; of those the floats left {found.asked:,} to exact numbers\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
