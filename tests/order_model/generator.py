"""Random order sets as hospitals write them: correct ones, and ones with a planted slip. Own exact arithmetic only.

The same seed gives the same sets. Nothing here knows how `check` judges: a correct order is one whose numbers follow
from what is prescribed, each rounded as people round.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.order_model.amounts import plain, to_step
from tests.order_model.recipe import Recipe, drawn
from tests.order_model.regimens import COURSES
from tests.order_model.sheet import ROUNDINGS, Sheet, sheet
from tests.order_model.slips import Planted, planted, with_slip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.order_model.regimens import Course, Regimen

_MOST_ORDERS: Final = 4
_LABEL_ROW_ABOVE: Final = 121
"""kg: above it eptifibatide's label prints one dose in place of its formula, which is no correct order then."""
_WEIGHTS: Final = ("known", "known", "known", "known", "known", "known", "band", "unknown", "unknown", "unknown")


class Case(NamedTuple):
    """An order set, and what is known of it: how its weight is told, how roughly it is rounded, what was planted.

    ``rounding`` is `fine` where each number is within 5 % of what it was rounded from, `digit` where the others are
    within half of their last digit, `rough` where one is moved by more than 10 %, which is another dose whatever its
    digits say (3 mL/h for 2.5), else `coarse`.
    """

    order_set: dict[str, Any]
    weight: str
    rounding: str
    planted: Planted | None = None


class Patient(NamedTuple):
    """The weight in kg that all numbers of a set are of, and how the set tells it: known, band or unknown."""

    weight: Fraction
    told: str
    text: str


def correct(seed: int, count: int, begin: int = 0) -> Iterator[Case]:
    """Yield so many correct order sets, from number ``begin`` on."""
    for number in range(begin, begin + count):
        chance = Random(f"correct {seed} {number}")  # noqa: S311  # no secret
        made = _drawn_set(chance)
        yield Case(made.document([each.order for each in made.sheets]), made.patient.told, made.rounding)


def slipped(seed: int, count: int, begin: int = 0) -> Iterator[Case]:
    """Yield so many order sets with one slip each, now and then with all that was calculated from it."""
    for number in range(begin, begin + count):
        chance = Random(f"slipped {seed} {number}")  # noqa: S311  # no secret
        slip = None
        while slip is None:
            made = _drawn_set(chance)
            slip = planted(chance, made.recipes, made.sheets, made.patient.told, made.patient.text)
        sheets = [
            with_slip(*each, place, slip) for place, each in enumerate(zip(made.recipes, made.sheets, strict=True))
        ]
        document = made.document([each.order for each in sheets], slip.written if slip.field == "weight" else "")
        yield Case(document, made.patient.told, made.rounding, slip)


class _Drawn(NamedTuple):
    patient: Patient
    named: dict[str, str]
    recipes: list[Recipe]
    sheets: list[Sheet]

    @property
    def rounding(self) -> str:
        """Return the roughest rounding of the orders."""
        return max((each.rounding for each in self.sheets), key=ROUNDINGS.index)

    def document(self, orders: list[dict[str, str]], weight: str = "") -> dict[str, Any]:
        """Return the order set with these orders, and another patient's weight where one is given."""
        made: dict[str, Any] = {"order_set": "generated", **self.named}
        if self.patient.told == "known":
            made["patient"] = {"weight": weight or self.patient.text, "creatinine_clearance": "90 mL/min"}
        band = {"weight": self.patient.text} if self.patient.told == "band" else {}
        return {**made, "orders": [{**order, **band} for order in orders]}


def _drawn_set(chance: Random) -> _Drawn:
    patient = _patient(chance)
    courses = _courses(chance)
    orders = [regimen for course in courses for regimen in _orders_of(chance, course)][:_MOST_ORDERS]
    if patient.weight > _LABEL_ROW_ABOVE and any(each.drug == "eptifibatide" for each in orders):
        return _drawn_set(chance)
    recipes = [drawn(chance, regimen, patient.weight) for regimen in orders]
    stated = courses[0].protocols
    named = {"protocol": chance.choice(stated)} if stated and chance.random() < 0.3 else {}
    return _Drawn(patient, named, recipes, [sheet(each) for each in recipes])


def _courses(chance: Random) -> list[Course]:
    """Return one course, now and then a second one of another drug."""
    first, second = chance.choices(COURSES, [each.share for each in COURSES], k=2)
    apart = first.regimens[0].drug != second.regimens[0].drug
    return [first, second] if apart and chance.random() < 0.35 else [first]


def _orders_of(chance: Random, course: Course) -> list[Regimen]:
    """Return the whole course, or one order of it."""
    whole = chance.random() < 0.75
    return list(course.regimens) if whole else [chance.choice(course.regimens)]


def _patient(chance: Random) -> Patient:
    """Return an adult of 40 to 150 kg: mostly whole kilograms, else tenths or halves."""
    kg = Fraction(min(150_000, max(40_000, round(chance.gauss(80, 18) * 1000))), 1000)
    weight = to_step(kg, chance.choices((Fraction(1), Fraction(1, 10), Fraction(1, 2)), (65, 25, 10))[0])
    told = chance.choice(_WEIGHTS)
    if told != "band":
        return Patient(weight, told, f"{plain(weight)} kg")
    low = int(weight) - chance.randint(2, 5)
    high = max(low + chance.randint(6, 10), int(weight) + 1)
    return Patient(weight, told, f"{max(low, 1)}-{high} kg")
