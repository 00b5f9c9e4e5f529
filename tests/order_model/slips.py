"""Slips of the pen as people make them, planted into an order, now and then with all that is worked out from them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.order_model.amounts import Amount, is_mass, plain, read, size
from tests.order_model.sheet import Sheet, said, sheet, time_field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

    from tests.order_model.recipe import Recipe

_PATIENT: Final = -1
_LEAST: Final = Fraction(6, 100)
"""A slip moves a number by more than this; less nobody can tell from rounding."""

_LB: Final = Fraction("2.2046")
_FOLLOWED: Final = 0.45
_ALL_FOLLOWED: Final = 0.25
"""Of a slip in what is prescribed: where all is worked out from it nobody can see it but by the doses of the drug."""


class Planted(NamedTuple):
    """A slip: in which order (-1: the patient) and field, found ÷ true, its name (empty: none has one), both texts."""

    order: int
    field: str
    factor: Fraction
    name: str
    true: str
    written: str
    followed: bool = False

    @property
    def pointer(self) -> str:
        """Where it stands, as a JSON pointer into the order set."""
        return "/patient/weight" if self.order == _PATIENT else f"/orders/{self.order}/{self.field}"


class Candidate(NamedTuple):
    """A number that could be written wrong: its name in the chain (`time`, `cap` and so on) and both values."""

    field: str
    true: Amount
    wrong: Amount
    name: str


class Place(NamedTuple):
    """An order that a slip may be made in: as decided, and as written."""

    recipe: Recipe
    sheet: Sheet

    @property
    def numbers(self) -> Iterator[tuple[str, Amount]]:
        """The numbers that the order says, by their names in the chain."""
        for field in ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "volume", "pump_rate", "vtbi"):
            if field in self.sheet.order:
                yield field, read(self.sheet.order[field])
        said = self.sheet.order.keys()
        # A strength or a time that nothing else depends on may be anything: people slip there, and nobody sees it.
        if "concentration" in said and said & set(_DOSES) and said & {"volume", "vtbi", "pump_rate"}:
            yield "concentration", read(self.sheet.order["concentration"])
        if time_field(self.recipe) in said and "pump_rate" in said and said & {"volume", "vtbi"}:
            yield "time", self.recipe.time
        if "cap" in self.recipe.kept and self.recipe.cap is not None:
            yield "cap", self.recipe.cap

    def held(self, *fields: str) -> Iterator[tuple[str, Amount]]:
        """Return those of ``fields`` that the order says."""
        return ((field, number) for field, number in self.numbers if field in fields)


def _times(number: Amount, factor: Fraction) -> Amount:
    """Return a number times a factor, written about as finely as it was."""
    value = Fraction(number.number) * factor
    decimals = max(len(number.number.partition(".")[2]), 1)
    while value < Fraction(10, 10**decimals):
        decimals += 1
    text = plain(value, decimals)
    return Amount(text, number.unit, Fraction(text) * size(number.unit))


def _shifted(number: Amount, factor: Fraction) -> Amount:
    text = plain(Fraction(number.number) * factor)
    return Amount(text, number.unit, Fraction(text) * size(number.unit))


def _in_unit(number: Amount, unit: str) -> Amount:
    return Amount(number.number, unit, Fraction(number.number) * size(unit))


def _point(place: Place, factors: tuple[Fraction, ...]) -> Iterator[Candidate]:
    for field, number in place.numbers:
        for factor in factors[-1:] if field == "cap" else factors:
            yield Candidate(field, number, _shifted(number, factor), "decimal point")


def _tenfold(place: Place) -> Iterator[Candidate]:
    return _point(place, (Fraction(10), Fraction(10), Fraction(1, 10)))


def _hundredfold(place: Place) -> Iterator[Candidate]:
    return _point(place, (Fraction(100), Fraction(1, 100)))


_DOSES: Final = ("dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate")


def _unit_of_mass(place: Place) -> Iterator[Candidate]:
    for field, number in place.held(*_DOSES, "concentration"):
        first, *below = number.unit.split("/")
        if is_mass(number.unit) and first in {"mcg", "mg"}:
            other, name = ("mg", "mg for mcg") if first == "mcg" else ("mcg", "mcg for mg")
            yield Candidate(field, number, _in_unit(number, "/".join((other, *below))), name)


def _unit_of_time(place: Place) -> Iterator[Candidate]:
    for field, number in place.held("dose_rate_per_kg", "dose_rate"):
        above, _, time = number.unit.rpartition("/")
        if time in {"min", "h"}:
            yield Candidate(field, number, _in_unit(number, f"{above}/{'h' if time == 'min' else 'min'}"), _sixty(time))
    if place.recipe.prescribed.unit.endswith("/min"):
        for field, number in place.held("pump_rate"):
            yield Candidate(field, number, _times(number, Fraction(1, 60)), "per minute for per hour")
    for field, number in place.held("time"):
        if number.unit in {"min", "h"}:
            other = "h" if number.unit == "min" else "min"
            yield Candidate(
                field, number, _in_unit(number, other), "hours for minutes" if other == "h" else "minutes for hours"
            )


def _sixty(right: str) -> str:
    """Return the name where this unit of a rate is the right one: 12 units/h written per minute is sixty times more."""
    return "per hour for per minute" if right == "h" else "per minute for per hour"


def _day(place: Place) -> Iterator[Candidate]:
    for field, number in place.held("dose_rate_per_kg", "dose_rate"):
        if number.unit.endswith("/h"):
            yield Candidate(field, number, _in_unit(number, f"{number.unit[:-1]}day"), "per hour for per day")
    if place.recipe.regimen.kind == "infusion":
        for field, number in place.held("pump_rate"):
            yield Candidate(field, number, _times(number, Fraction(24)), "per day for per hour")


def _pounds(place: Place) -> Iterator[Candidate]:
    if place.recipe.root.endswith("per_kg"):
        for field, number in place.held("dose", "dose_rate", "pump_rate", "volume"):
            yield Candidate(field, number, _times(number, _LB), "lb for kg")
            yield Candidate(field, number, _times(number, 1 / _LB), "lb for kg")


def _dose_rate_set(place: Place) -> Iterator[Candidate]:
    rate = place.sheet.numbers.get("dose_rate")
    for field, number in place.held("pump_rate"):
        if rate is not None and place.recipe.regimen.kind == "infusion":
            yield Candidate(field, number, _in_unit(rate, "mL/h"), f"{rate.unit} set as mL/h")


def _volume_set(place: Place) -> Iterator[Candidate]:
    volume = place.sheet.numbers.get("volume" if place.recipe.regimen.kind == "bolus" else "vtbi")
    for field, number in place.held("pump_rate"):
        if volume is not None and place.recipe.regimen.kind != "infusion":
            yield Candidate(field, number, _in_unit(volume, "mL/h"), "the volume set as mL/h")


def _weight_forgotten(place: Place) -> Iterator[Candidate]:
    if place.recipe.root.endswith("per_kg"):
        for field, number in place.held("dose", "dose_rate"):
            per_kg = place.recipe.prescribed
            yield Candidate(field, number, _in_unit(per_kg, per_kg.unit.replace("/kg", "")), "per kg forgotten")


def _weight_twice(place: Place) -> Iterator[Candidate]:
    for field, number in place.held("dose_per_kg", "dose_rate_per_kg"):
        whole = place.sheet.numbers.get(field.removesuffix("_per_kg"))
        if whole is not None:
            first, *time = whole.unit.split("/")
            yield Candidate(field, number, _in_unit(whole, "/".join((first, "kg", *time))), "multiplied by the weight")


def _strength(place: Place) -> Iterator[Candidate]:
    if place.recipe.regimen.drug != "tirofiban":
        return
    for field, number in place.held("concentration"):
        if number.text in {"50 mcg/mL", "250 mcg/mL"}:
            more = number.number == "50"
            yield Candidate(
                field, number, _shifted(number, Fraction(5) if more else Fraction(1, 5)), _fivefold(more=more)
            )
    for field, number in place.held("volume", "pump_rate"):
        more = read(place.recipe.strength.concentration).number == "250"
        yield Candidate(field, number, _times(number, Fraction(5) if more else Fraction(1, 5)), _fivefold(more=more))


def _fivefold(*, more: bool) -> str:
    return "250 for 50 mcg/mL" if more else "50 for 250 mcg/mL"


def _other_dose(place: Place) -> Iterator[Candidate]:
    if place.recipe.regimen.drug != "tirofiban":
        return
    doses = {
        "10 mcg/kg": ("25 mcg/kg", "25 for 10 mcg/kg"),
        "25 mcg/kg": ("10 mcg/kg", "10 for 25 mcg/kg"),
        "0.1 mcg/kg/min": ("0.15 mcg/kg/min", "0.15 for 0.1 mcg/kg/min"),
        "0.15 mcg/kg/min": ("0.1 mcg/kg/min", "0.1 for 0.15 mcg/kg/min"),
    }
    true = place.recipe.prescribed
    if true.text in doses:
        text, name = doses[true.text]
        for field, number in place.held(*_DOSES, "volume", "pump_rate"):
            yield Candidate(field, number, _times(number, read(text).value / true.value), name)


def _salt(place: Place) -> Iterator[Candidate]:
    if place.recipe.regimen.drug == "tirofiban":
        for field, number in place.held("dose", "dose_rate", "volume", "pump_rate"):
            yield Candidate(field, number, _times(number, Fraction("1.1236")), "salt for base")


def _renal(place: Place) -> Iterator[Candidate]:
    if place.recipe.regimen.drug in {"tirofiban", "eptifibatide"} and place.recipe.regimen.kind == "infusion":
        for field, number in place.held("dose_rate", "pump_rate"):
            yield Candidate(field, number, _times(number, Fraction(2)), "renal half left out")
            yield Candidate(field, number, _times(number, Fraction(1, 2)), "renal half")


def _mass_and_time(place: Place) -> Iterator[Candidate]:
    for field, number in place.held("dose_rate_per_kg"):
        if number.unit == "mcg/kg/min":
            yield Candidate(field, number, _in_unit(number, "mg/kg/h"), "mg/kg/h read as mcg/kg/min")


def _turned(place: Place) -> Iterator[Candidate]:
    """Two neighbouring digits change places: 14.4 becomes 41.4."""
    for field, number in place.held(*_DOSES, "volume", "pump_rate", "vtbi"):
        for at in range(len(number.number) - 1):
            one, two = number.number[at], number.number[at + 1]
            if one != two and "." not in one + two and (at or two != "0"):
                text = number.number[:at] + two + one + number.number[at + 2 :]
                if Fraction(text) and plain(Fraction(text)) == text:
                    yield Candidate(field, number, Amount(text, number.unit, Fraction(text) * size(number.unit)), "")


def _other_row(place: Place) -> Iterator[Candidate]:
    """A number is read from the row of another weight."""
    if place.recipe.root.endswith("per_kg"):
        for field, number in place.held("dose", "dose_rate", "volume", "pump_rate"):
            for factor in (Fraction(7, 10), Fraction(17, 20), Fraction(23, 20), Fraction(13, 10)):
                yield Candidate(field, number, _times(number, factor), "")


_KINDS: Final[tuple[tuple[int, Callable[[Place], Iterator[Candidate]]], ...]] = (
    (270, _tenfold), (40, _hundredfold), (120, _unit_of_mass), (120, _unit_of_time), (30, _day), (70, _pounds),
    (60, _dose_rate_set), (25, _volume_set), (40, _weight_forgotten), (20, _weight_twice), (60, _strength),
    (25, _other_dose), (10, _salt), (15, _renal), (10, _mass_and_time), (35, _turned), (35, _other_row),
)  # fmt: skip
_OF_PATIENT: Final = 35
_OF_TEXT: Final = 0.12
_OF_PRODUCT: Final = 0.12


def planted(
    chance: Random, recipes: Sequence[Recipe], sheets: Sequence[Sheet], told: str, weight: str
) -> Planted | None:
    """Return a slip that could have been made in these orders; None where the kind that comes up cannot be made."""
    total = sum(share for share, _ in _KINDS)
    if told == "known" and chance.random() * (total + _OF_PATIENT) < _OF_PATIENT:
        by_weight = any(each.root in each.kept and each.root.endswith("per_kg") for each in recipes)
        return _of_patient(chance, weight) if by_weight else None
    at = chance.randrange(len(recipes))
    place = Place(recipes[at], sheets[at])
    make = chance.choices([make for _, make in _KINDS], [share for share, _ in _KINDS])[0]
    found = [each for each in make(place) if abs(each.wrong.value / each.true.value - 1) > _LEAST and each.wrong.value]
    if not found:
        return None
    return _as_written(chance, at, place, chance.choice(found))


def _of_patient(chance: Random, weight: str) -> Planted:
    """Return a wrong weight of the patient: pounds, or that of another day or patient."""
    true = read(weight)
    if chance.random() < 0.6:
        wrong, name = _times(true, _LB), "lb for kg"
    else:
        wrong, name = _times(true, Fraction(chance.choice((60, 70, 80, 125, 140, 160)), 100)), ""
    return Planted(_PATIENT, "weight", wrong.value / true.value, name, true.text, wrong.text)


def _as_written(chance: Random, at: int, place: Place, chosen: Candidate) -> Planted:
    field, factor = _field(place, chosen.field), chosen.wrong.value / chosen.true.value
    text = place.sheet.order.get("text", "")
    if chosen.true.text in text and chance.random() < _OF_TEXT:
        wrong = text.replace(chosen.true.text, chosen.wrong.text, 1)
        return Planted(at, "text", factor, chosen.name, text, wrong)
    product = place.sheet.order.get("product", "")
    if product and chance.random() < _OF_PRODUCT and chosen.field != "cap":
        changed = _product(chance, product)
        if changed is not None:
            return changed._replace(order=at)
    share = _ALL_FOLLOWED if chosen.field == place.recipe.root else _FOLLOWED
    followed = chance.random() < share and bool(_descendants(place, chosen.field))
    return Planted(at, field, factor, chosen.name, chosen.true.text, chosen.wrong.text, followed)


def _product(chance: Random, product: str) -> Planted | None:
    """Return a slip in a product's label: its amount ten times off, or in mcg for mg."""
    amount, _, volume = product.partition(" in ")
    true = read(amount)
    if true.unit == "mg" and chance.random() < 0.4:
        wrong, name = _in_unit(true, "mcg"), "mcg for mg"
    else:
        wrong, name = _shifted(true, chance.choice((Fraction(10), Fraction(1, 10)))), "decimal point"
    return Planted(0, "product", wrong.value / true.value, name, product, f"{wrong.text} in {volume}")


def _field(place: Place, name: str) -> str:
    if name == "time":
        return time_field(place.recipe)
    return ("max_dose_rate" if place.recipe.regimen.kind == "infusion" else "max_dose") if name == "cap" else name


def _descendants(place: Place, name: str) -> set[str]:
    """Return the numbers that the order says and that are worked out from this one."""
    chain, found = place.recipe.chain, {name}
    if name == "concentration":
        found |= {"pump_rate"} if place.recipe.regimen.kind == "infusion" else {"volume", "vtbi"}
    for field, source in chain.items():
        if source in found:
            found.add(field)
    return {field for field in found - {name} if field in place.sheet.order}


def with_slip(recipe: Recipe, right: Sheet, at: int, slip: Planted) -> Sheet:
    """Return an order with the slip, if it was made in this one."""
    if slip.order != at:
        return right
    if not slip.followed:
        return right._replace(order={**right.order, slip.field: slip.written})
    wrong = {slip.field: read(slip.written)}
    made = sheet(recipe._replace(delivered=False), wrong)
    # What was not worked out from it stays as it was: a number rewritten as delivered is of before.
    kept = (
        {} if slip.field == recipe.root else {name: right.order[name] for name in (recipe.root,) if name in right.order}
    )
    text = {"text": said(recipe, made.numbers)} if recipe.said else {}
    return made._replace(order={**made.order, **kept, **text})
