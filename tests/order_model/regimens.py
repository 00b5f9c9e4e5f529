"""What hospitals order: drug, dose, strength and time, as examples to build orders from and never as advice."""

from __future__ import annotations

from typing import Final, NamedTuple


class Strength(NamedTuple):
    """A concentration, and the label text of a container that has it (empty where none is usual)."""

    concentration: str
    product: str = ""


class Regimen(NamedTuple):
    """One way to order a drug. ``doses`` are prescribed: a dose (mg), or per kg, or per time, or both.

    ``units`` are those in which the dose or dose rate for the whole patient is written; ``cap`` is its maximum;
    ``times`` are run times, of a bolus the times that it is given over.
    """

    drug: str
    kind: str
    doses: tuple[str, ...]
    units: tuple[str, ...]
    strengths: tuple[Strength, ...]
    times: tuple[str, ...]
    caps: tuple[str, ...] = ()
    route: str = "IV"


class Course(NamedTuple):
    """Regimens that are ordered together, how often, and the protocols that state just these doses."""

    share: int
    regimens: tuple[Regimen, ...]
    protocols: tuple[str, ...] = ()


_BAG: Final = (Strength("50 mcg/mL", "12.5 mg in 250 mL"), Strength("50 mcg/mL", "5 mg in 100 mL"))
_VIAL: Final = (Strength("250 mcg/mL", "3.75 mg in 15 mL"), Strength("50 mcg/mL"), Strength("250 mcg/mL"))
_TIROFIBAN: Final = ("mcg/min", "mg/h", "mcg/h")


def _tirofiban(rate: str, times: tuple[str, ...]) -> Regimen:
    return Regimen("tirofiban", "infusion", (rate,), _TIROFIBAN, _BAG, times)


def _bolus(
    drug: str, doses: tuple[str, ...], units: tuple[str, ...], *strengths: Strength, **more: tuple[str, ...]
) -> Regimen:
    return Regimen(drug, "bolus", doses, units, strengths, more.get("times", ("2 min", "5 min")), more.get("caps", ()))


_RESCUE_BOLUS: Final = Regimen("tirofiban", "bolus", ("10 mcg/kg",), ("mcg", "mg"), _VIAL, ("3 min", "5 min"))
_LABEL_BOLUS: Final = Regimen("tirofiban", "bolus", ("25 mcg/kg",), ("mcg", "mg"), _VIAL, ("3 min", "5 min"))
_LOAD: Final = _tirofiban("0.4 mcg/kg/min", ("30 min",))

_EPTIFIBATIDE: Final = (Strength("0.75 mg/mL", "75 mg in 100 mL"), Strength("2 mg/mL", "200 mg in 100 mL"))
_HEPARIN: Final = (Strength("100 units/mL", "25000 units in 250 mL"), Strength("50 units/mL", "25000 units in 500 mL"))
_NOREPINEPHRINE: Final = (
    Strength("16 mcg/mL", "4 mg in 250 mL"),
    Strength("32 mcg/mL", "8 mg in 250 mL"),
    Strength("64 mcg/mL", "16 mg in 250 mL"),
)
_DAY: Final = ("12 h", "24 h", "48 h")

COURSES: Final = (
    Course(14, (_RESCUE_BOLUS, _tirofiban("0.15 mcg/kg/min", _DAY)), ("yang-2020-iv", "rescue-bt-2022")),
    Course(4, (_RESCUE_BOLUS, _tirofiban("0.1 mcg/kg/min", _DAY))),
    Course(5, (_LABEL_BOLUS, _tirofiban("0.15 mcg/kg/min", ("12 h", "18 h"))), ("us-label",)),
    Course(4, (_LOAD, _tirofiban("0.1 mcg/kg/min", ("47.5 h", "48 h"))), ("eu-label-load",)),
    Course(3, (_tirofiban("0.15 mcg/kg/min", _DAY),)),
    Course(2, (_tirofiban("0.075 mcg/kg/min", _DAY),)),
    Course(2, (_RESCUE_BOLUS,)),
    Course(
        6,
        (
            _bolus(
                "eptifibatide",
                ("180 mcg/kg",),
                ("mg", "mcg"),
                Strength("2 mg/mL", "20 mg in 10 mL"),
                Strength("2 mg/mL"),
            ),
            Regimen(
                "eptifibatide", "infusion", ("2 mcg/kg/min", "1 mcg/kg/min"), ("mg/h", "mcg/min"), _EPTIFIBATIDE, _DAY
            ),
        ),
    ),
    Course(
        2,
        (
            _bolus("abciximab", ("0.25 mg/kg",), ("mg",), Strength("2 mg/mL", "10 mg in 5 mL"), Strength("2 mg/mL")),
            Regimen(
                "abciximab",
                "infusion",
                ("0.125 mcg/kg/min",),
                ("mcg/min",),
                (Strength("36 mcg/mL", "9 mg in 250 mL"),),
                ("12 h",),
                ("10 mcg/min",),
            ),
        ),
    ),
    Course(
        2,
        (
            _bolus("cangrelor", ("30 mcg/kg",), ("mg", "mcg"), Strength("200 mcg/mL", "50 mg in 250 mL")),
            Regimen(
                "cangrelor",
                "infusion",
                ("4 mcg/kg/min",),
                ("mcg/min", "mg/h"),
                (Strength("200 mcg/mL", "50 mg in 250 mL"),),
                ("2 h",),
            ),
        ),
    ),
    Course(
        9,
        (
            _bolus(
                "heparin",
                ("60 units/kg", "70 units/kg", "80 units/kg"),
                ("units",),
                Strength("1000 units/mL"),
                Strength("5000 units/mL"),
                caps=("5000 units", "10000 units"),
            ),
            Regimen(
                "heparin",
                "infusion",
                ("12 units/kg/h", "18 units/kg/h"),
                ("units/h",),
                _HEPARIN,
                _DAY,
                ("1000 units/h", "2000 units/h"),
            ),
        ),
    ),
    Course(2, (Regimen("heparin", "infusion", ("1000 units/h", "850 units/h"), ("units/h",), _HEPARIN, _DAY),)),
    Course(
        6,
        (
            _bolus("alteplase", ("0.09 mg/kg",), ("mg",), Strength("1 mg/mL"), times=("1 min",), caps=("9 mg",)),
            Regimen(
                "alteplase",
                "timed",
                ("0.81 mg/kg",),
                ("mg",),
                (Strength("1 mg/mL", "100 mg in 100 mL"),),
                ("60 min", "1 h"),
                ("81 mg",),
            ),
        ),
    ),
    Course(
        2, (_bolus("tenecteplase", ("0.25 mg/kg",), ("mg",), Strength("5 mg/mL"), times=("10 s",), caps=("25 mg",)),)
    ),
    Course(
        5,
        (
            Regimen(
                "nicardipine",
                "infusion",
                ("5 mg/h", "2.5 mg/h", "7.5 mg/h"),
                ("mg/h",),
                (Strength("0.1 mg/mL", "25 mg in 250 mL"), Strength("0.2 mg/mL", "40 mg in 200 mL")),
                _DAY,
                ("15 mg/h",),
            ),
        ),
    ),
    Course(
        4,
        (
            Regimen(
                "norepinephrine",
                "infusion",
                ("2 mcg/min", "5 mcg/min", "8 mcg/min"),
                ("mcg/min", "mg/h"),
                _NOREPINEPHRINE,
                _DAY,
            ),
        ),
    ),
    Course(
        5,
        (
            Regimen(
                "norepinephrine",
                "infusion",
                ("0.05 mcg/kg/min", "0.1 mcg/kg/min", "0.2 mcg/kg/min"),
                ("mcg/min",),
                _NOREPINEPHRINE,
                _DAY,
            ),
        ),
    ),
    Course(
        5,
        (
            Regimen(
                "propofol",
                "infusion",
                ("10 mcg/kg/min", "25 mcg/kg/min", "50 mcg/kg/min", "3 mg/kg/h"),
                ("mg/h", "mcg/min"),
                (Strength("10 mg/mL", "1000 mg in 100 mL"),),
                ("12 h", "24 h"),
            ),
        ),
    ),
    Course(
        4,
        (
            Regimen(
                "insulin",
                "infusion",
                ("4 units/h", "2.5 units/h"),
                ("units/h",),
                (Strength("1 units/mL", "100 units in 100 mL"),),
                _DAY,
            ),
        ),
    ),
    Course(
        3,
        (
            Regimen(
                "insulin",
                "infusion",
                ("0.1 units/kg/h",),
                ("units/h",),
                (Strength("1 units/mL", "100 units in 100 mL"),),
                _DAY,
            ),
        ),
    ),
    Course(
        4,
        (
            Regimen(
                "amiodarone", "timed", ("150 mg",), ("mg",), (Strength("1.5 mg/mL", "150 mg in 100 mL"),), ("10 min",)
            ),
            Regimen(
                "amiodarone",
                "infusion",
                ("1 mg/min", "0.5 mg/min"),
                ("mg/min", "mg/h"),
                (Strength("1.8 mg/mL", "900 mg in 500 mL"),),
                ("6 h", "18 h"),
            ),
        ),
    ),
    Course(
        5,
        (
            Regimen(
                "dopamine",
                "infusion",
                ("2 mcg/kg/min", "5 mcg/kg/min", "10 mcg/kg/min"),
                ("mcg/min", "mg/h"),
                (Strength("1600 mcg/mL", "400 mg in 250 mL"), Strength("3.2 mg/mL", "800 mg in 250 mL")),
                _DAY,
            ),
        ),
    ),
    Course(
        3,
        (
            Regimen(
                "dobutamine",
                "infusion",
                ("2.5 mcg/kg/min", "5 mcg/kg/min"),
                ("mcg/min", "mg/h"),
                (Strength("1 mg/mL", "250 mg in 250 mL"),),
                _DAY,
            ),
        ),
    ),
    Course(
        3,
        (
            Regimen(
                "magnesium sulfate",
                "timed",
                ("4 g", "2 g"),
                ("g",),
                (Strength("40 mg/mL", "4 g in 100 mL"),),
                ("20 min", "30 min"),
            ),
            Regimen(
                "magnesium sulfate",
                "infusion",
                ("1 g/h", "2 g/h"),
                ("g/h",),
                (Strength("40 mg/mL", "20 g in 500 mL"),),
                _DAY,
            ),
        ),
    ),
    Course(
        3,
        (
            Regimen(
                "potassium chloride",
                "timed",
                ("20 mEq", "40 mEq", "10 mEq"),
                ("mEq",),
                (Strength("0.2 mEq/mL", "20 mEq in 100 mL"), Strength("0.1 mEq/mL", "10 mEq in 100 mL")),
                ("2 h", "4 h"),
            ),
        ),
    ),
    Course(
        3,
        (
            Regimen(
                "vancomycin",
                "timed",
                ("15 mg/kg", "20 mg/kg", "25 mg/kg"),
                ("mg", "g"),
                (Strength("5 mg/mL"),),
                ("90 min", "2 h"),
                ("2000 mg", "3000 mg"),
            ),
        ),
    ),
    Course(
        3,
        (
            Regimen(
                "fentanyl",
                "infusion",
                ("50 mcg/h", "25 mcg/h", "1 mcg/kg/h"),
                ("mcg/h",),
                (Strength("10 mcg/mL", "2500 mcg in 250 mL"),),
                _DAY,
            ),
        ),
    ),
    Course(
        3, (_bolus("morphine", ("0.1 mg/kg", "4 mg", "2.5 mg"), ("mg",), Strength("10 mg/mL"), Strength("1 mg/mL")),)
    ),
    Course(2, (_bolus("labetalol", ("10 mg", "20 mg", "0.25 mg/kg"), ("mg",), Strength("5 mg/mL")),)),
    Course(
        3,
        (
            Regimen(
                "dexmedetomidine",
                "infusion",
                ("0.2 mcg/kg/h", "0.5 mcg/kg/h", "0.7 mcg/kg/h"),
                ("mcg/h",),
                (Strength("4 mcg/mL", "400 mcg in 100 mL"),),
                ("12 h", "24 h"),
            ),
        ),
    ),
    Course(
        2,
        (
            Regimen(
                "vasopressin",
                "infusion",
                ("0.03 units/min",),
                ("units/min", "units/h"),
                (Strength("0.2 units/mL", "20 units in 100 mL"),),
                _DAY,
            ),
        ),
    ),
)
"""`timed` is an infusion that is ordered as a dose over a time; the others are ordered as a rate."""
