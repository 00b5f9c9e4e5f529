"""What is decided of an order before a number is written: what is prescribed, what of it is written, how roughly."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.order_model.amounts import Amount, kind_of, plain, read, size, to_digits, to_step

if TYPE_CHECKING:
    from random import Random

    from tests.order_model.regimens import Regimen, Strength

_FASTEST: Final = 900
"""mL/h: what is faster is drawn up in a syringe, and no time is written for it."""

CHAINS: Final[dict[str, dict[str, str]]] = {
    "bolus": {"dose": "dose_per_kg", "volume": "dose", "pump_rate": "volume"},
    "timed": {"dose": "dose_per_kg", "vtbi": "dose", "pump_rate": "vtbi"},
    "infusion": {"dose_rate": "dose_rate_per_kg", "pump_rate": "dose_rate", "vtbi": "pump_rate", "dose": "dose_rate"},
}
"""Of each kind of order: which number is worked out from which."""

_KEPT: Final[dict[str, dict[str, float]]] = {
    "bolus": {"dose_per_kg": 0.92, "dose": 0.75, "volume": 0.7, "pump_rate": 0.12, "time": 0.6, "cap": 0.8},
    "timed": {"dose_per_kg": 0.92, "dose": 0.85, "vtbi": 0.5, "pump_rate": 0.6, "time": 0.85, "cap": 0.8},
    "infusion": {
        "dose_rate_per_kg": 0.92, "dose_rate": 0.5, "pump_rate": 0.9, "vtbi": 0.4, "dose": 0.06, "time": 0.6,
        "cap": 0.8,
    },
}  # fmt: skip
_STRENGTH: Final = 0.95
_LEAST: Final = 2  # numbers that an order says of its dose


class Style(NamedTuple):
    """How a number is rounded: to significant digits, or to a step in the unit that it is written in."""

    digits: int = 0
    step: Fraction = Fraction(0)

    def written(self, value: Fraction, unit: str) -> Amount:
        """Return ``value`` as it is written; what would be zero keeps two digits."""
        exact = value / size(unit)
        rounded = to_digits(exact, self.digits) if self.digits else to_step(exact, self.step)
        text = plain(rounded or to_digits(exact, 2))
        return Amount(text, unit, Fraction(text) * size(unit))


class Recipe(NamedTuple):
    """One order before it is written: weight in kg, the others in mcg (units, mEq), mL and hours.

    ``written_from`` holds the numbers that are worked out from the rounded number before, not from the exact one;
    ``kept`` those that the order says; ``said`` those that its text says.
    """

    regimen: Regimen
    weight: Fraction
    prescribed: Amount
    unit: str
    strength: Strength
    time: Amount
    cap: Amount | None
    styles: dict[str, Style]
    written_from: frozenset[str]
    kept: frozenset[str]
    said: tuple[str, ...]
    delivered: bool
    whole_container: bool
    labelled: str
    stop: bool

    @property
    def root(self) -> str:
        """The field of what is prescribed."""
        per_kg = "/kg" in self.prescribed.unit
        rate = self.regimen.kind == "infusion"
        return ("dose_rate" if rate else "dose") + ("_per_kg" if per_kg else "")

    @property
    def chain(self) -> dict[str, str]:
        """Which number is worked out from which, from what is prescribed on."""
        return {field: source for field, source in CHAINS[self.regimen.kind].items() if field != self.root}


_CHOICES: Final[dict[str, tuple[tuple[int, Style], ...]]] = {
    "dose": (
        (30, Style(digits=3)), (30, Style(digits=4)), (10, Style(step=Fraction(1))), (18, Style(step=Fraction(1, 10))),
        (12, Style(step=Fraction(10))),
    ),
    "dose_rate": (
        (45, Style(digits=3)), (30, Style(digits=4)), (15, Style(step=Fraction(1, 10))), (10, Style(digits=7)),
    ),
    "pump_rate": ((66, Style(step=Fraction(1, 10))), (30, Style(step=Fraction(1))), (4, Style(step=Fraction(1, 100)))),
    "volume": ((68, Style(step=Fraction(1, 10))), (26, Style(step=Fraction(1))), (6, Style(step=Fraction(1, 100)))),
    "vtbi": ((45, Style(step=Fraction(1, 10))), (45, Style(step=Fraction(1))), (10, Style(digits=7))),
}  # fmt: skip
_ROUGHEST: Final = 10
"""A step is taken where so many of it make the number: nobody writes 1 mL for 0.6 but now and then."""

_CARELESS: Final = 0.1


def drawn(chance: Random, regimen: Regimen, weight: Fraction) -> Recipe:
    """Return a random order of a regimen for a patient of ``weight`` kg."""
    prescribed = read(chance.choice(regimen.doses))
    strength = chance.choice(regimen.strengths)
    time = read(chance.choice(regimen.times))
    cap = read(chance.choice(regimen.caps)) if regimen.caps else None
    made = Recipe(
        regimen, weight, prescribed, _unit(chance, regimen, prescribed), strength, time,
        _binding(cap, prescribed, weight), {}, frozenset(each for each in _CHOICES if chance.random() < 0.5),
        frozenset(), (), chance.random() < 0.08, chance.random() < 0.25,
        _labelled(chance, strength), chance.random() < 0.15,
    )  # fmt: skip
    exact = exactly(made)
    kept = _kept(chance, made, exact)
    styles = {field: _style(chance, field, exact[field] / size(unit_of(field, made))) for field in made.chain}
    return made._replace(kept=kept, styles=styles, said=_said(chance, made, kept))


def _unit(chance: Random, regimen: Regimen, prescribed: Amount) -> str:
    """Return the unit of the dose or dose rate for the whole patient, of the kind that is prescribed."""
    units = [each for each in regimen.units if kind_of(each) == kind_of(prescribed.unit)]
    # The unit that the prescription is in, as nearly as it can be, is by far the commonest.
    own = prescribed.unit.replace("/kg", "")
    return own if own in units and chance.random() < 0.6 else chance.choice(units)


def _binding(cap: Amount | None, prescribed: Amount, weight: Fraction) -> Amount | None:
    """Return the cap if it is one of this dose: it binds for a heavy patient only."""
    if cap is None:
        return None
    if "/kg" not in prescribed.unit:
        return cap if cap.value > prescribed.value else None
    heaviest, lightest = 150 * prescribed.value, 40 * prescribed.value
    binds = cap.value < weight * prescribed.value
    return cap if lightest < cap.value < heaviest and (not binds or cap.value > 50 * prescribed.value) else None


def _labelled(chance: Random, strength: Strength) -> str:
    """Return how the strength is told: concentration, product, both, or not at all."""
    if chance.random() > _STRENGTH:
        return ""
    return chance.choice(("concentration", "concentration", "product", "both")) if strength.product else "concentration"


def exactly(recipe: Recipe) -> dict[str, Fraction]:
    """Return every number of an order as it follows exactly from what is prescribed."""
    values = {recipe.root: recipe.prescribed.value}
    for field, source in recipe.chain.items():
        values[field] = worked_out(
            recipe, field, values[source], read(recipe.strength.concentration).value, recipe.time.value
        )
    return values


def worked_out(recipe: Recipe, field: str, source: Fraction, concentration: Fraction, time: Fraction) -> Fraction:
    """Return a number from the one before it in the chain."""
    per_kg = field in {"dose", "dose_rate"} and "per_kg" in recipe.chain.get(field, "")
    if per_kg:
        whole = source * recipe.weight
        return whole if recipe.cap is None else min(whole, recipe.cap.value)
    if recipe.regimen.kind == "infusion":
        return source / concentration if field == "pump_rate" else source * time
    return source / time if field == "pump_rate" else source / concentration


def unit_of(field: str, recipe: Recipe) -> str:
    """Return the unit that a worked-out number is written in."""
    if field == "dose" and recipe.regimen.kind == "infusion":
        return recipe.unit.split("/")[0]
    return {"dose": recipe.unit, "dose_rate": recipe.unit, "pump_rate": "mL/h"}.get(field, "mL")


def _style(chance: Random, field: str, number: Fraction) -> Style:
    choices = [
        (share, style)
        for share, style in _CHOICES[field]
        if style.digits
        or number >= style.step * _ROUGHEST
        or (number >= 2 * style.step and chance.random() < _CARELESS)
    ] or [(1, Style(digits=3))]
    return chance.choices([style for _, style in choices], [share for share, _ in choices])[0]


def _kept(chance: Random, made: Recipe, exact: dict[str, Fraction]) -> frozenset[str]:
    kept = {field for field, share in _KEPT[made.regimen.kind].items() if chance.random() < share}
    if len(made.regimen.times) == 1:
        kept.add("time")  # a load is one only for as long as it runs
    if made.cap is None:
        kept.discard("cap")
    elif made.root.endswith("per_kg") and made.cap.value <= made.weight * made.prescribed.value:
        kept.add("cap")  # a dose below its formula without the maximum beside it is a wrong order
    if made.regimen.kind != "infusion" and exact.get("pump_rate", Fraction(0)) > _FASTEST:
        kept -= {"pump_rate", "time"}
    if made.regimen.kind == "infusion" and made.time.unit == "min":
        kept = (kept - {"vtbi"}) | {"time"}  # a load is one by its time
    numbers = [field for field in exact if field in kept]
    missing = [field for field in (*exact,) if field not in kept and field != "dose"]
    while len(numbers) < _LEAST and missing:
        numbers.append(missing.pop(0))
    return frozenset({*kept, *numbers} & {*exact, "time", "cap"})


def _said(chance: Random, made: Recipe, kept: frozenset[str]) -> tuple[str, ...]:
    """Return the numbers that a text for people repeats; now and then one that stands in no field."""
    if chance.random() > 0.3:
        return ()
    known = [made.root, *(field for field in made.chain if field in kept or chance.random() < 0.1)]
    number = chance.choice((1, 2, 2))
    fields = [field for field in known if field in kept or chance.random() < 0.4]
    unsaid = {"vtbi"} if made.whole_container else set()
    unsaid |= {"pump_rate"} if made.regimen.kind != "infusion" and "pump_rate" not in kept else set()
    fields = [field for field in fields if field not in unsaid]
    first = fields[:1]
    rest = chance.sample(fields[1:], min(len(fields[1:]), number - 1))
    return tuple(first + rest)
