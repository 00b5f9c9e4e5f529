"""Creatinine clearance of one patient on a named weight basis, and where the bases would disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.quantities.decimal_text import rounded_to_step
from rescuecalc.core.quantities.quantity import CreatinineClearance
from rescuecalc.core.renal.creatinine_clearance import (
    adjusted_weight,
    creatinine_clearance,
    creatinine_in_mg_per_dl,
    ideal_weight,
)
from rescuecalc.errors import CalculationRefused, InputError

if TYPE_CHECKING:
    from fractions import Fraction

    from rescuecalc.core.quantities.quantity import DosingWeight, Height, SerumCreatinine
    from rescuecalc.core.renal.creatinine_clearance import RenalConstants

BASES = ("actual", "ideal", "adjusted")


class Patient(NamedTuple):
    """What the formula needs; ``height`` is None where it was not given."""

    age_years: int
    sex: str
    weight: DosingWeight
    creatinine: SerumCreatinine
    height: Height | None


class Clearance(NamedTuple):
    """The clearance on one basis: exact, and rounded half up for people; thresholds are judged on the exact one.

    ``creatinine`` is what it was calculated from, as it was given; ``mg_per_dl`` the same in mg/dL.
    """

    basis: str
    weight: DosingWeight
    exact: CreatinineClearance
    rounded: CreatinineClearance
    creatinine: SerumCreatinine
    mg_per_dl: Fraction


def weight_on(basis: str, patient: Patient, constants: RenalConstants) -> DosingWeight:
    """Return the actual, ideal (Devine) or adjusted weight.

    Raises InputError where the height is missing, CalculationRefused where the basis is not defined.
    """
    if basis == "actual":
        return patient.weight
    if patient.height is None:
        message = f"--basis {basis} needs the height: add --height, as in --height 165cm"
        raise InputError(message, missing="--height")
    ideal = ideal_weight(patient.sex, patient.height, constants)
    return ideal if basis == "ideal" else adjusted_weight(patient.weight, ideal, constants)


def clearance_on(basis: str, patient: Patient, constants: RenalConstants, step: CreatinineClearance) -> Clearance:
    """Return the Cockcroft-Gault clearance (mL/min) on ``basis``, exact and rounded half up to ``step``."""
    weight = weight_on(basis, patient, constants)
    exact = creatinine_clearance(patient.age_years, patient.sex, weight, patient.creatinine, constants)
    # Rounded for people alone: 29.6 mL/min may print as 30, and is below 30.
    rounded = CreatinineClearance(rounded_to_step(exact.magnitude, step.magnitude), exact.unit)
    mg_per_dl = creatinine_in_mg_per_dl(patient.creatinine, constants)
    return Clearance(basis, weight, exact, rounded, patient.creatinine, mg_per_dl)


def every_basis(
    patient: Patient, constants: RenalConstants, step: CreatinineClearance
) -> tuple[tuple[Clearance, ...], dict[str, str]]:
    """Return the clearance on every basis that is defined for this patient, and for each other one why it is not."""
    found, undefined = [], {}
    for basis in BASES:
        try:
            found.append(clearance_on(basis, patient, constants, step))
        # A basis that is not defined here is no failure of the others; why not is shown in its place.
        except (InputError, CalculationRefused) as reason:
            undefined[basis] = str(reason)
    return tuple(found), undefined
