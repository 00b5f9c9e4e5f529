"""The document of `renal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.backcheck import doses as second_route
from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.core.renal.creatinine_clearance import creatinine_in_mg_per_dl
from rescuecalc.reporters.document.common_parts import Document, finding, header, quantity, sources

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.quantities.quantity import CreatinineClearance
    from rescuecalc.core.renal.creatinine_clearance import RenalConstants, RenalRule
    from rescuecalc.core.renal.patient_clearance import Clearance, Patient


def _derivation(patient: Patient, result: Clearance, constants: RenalConstants) -> list[Document]:
    """Return the steps of the calculation: the dosing weight, the creatinine in mg/dL, the clearance."""
    weight = _weight_derivation(patient, result, constants)
    converted, creatinine = _creatinine_derivation(patient, constants)
    return [*weight, *converted, _clearance_derivation(patient, result, constants, creatinine)]


def _weight_derivation(patient: Patient, result: Clearance, constants: RenalConstants) -> list[Document]:
    """Return the step from the height to an ideal or adjusted weight; none for the actual weight."""
    if result.basis == "actual" or patient.height is None:
        return []
    ideal = constants.ideal_female if patient.sex == "female" else constants.ideal_male
    inches = people_number(patient.height.value_in("in") - constants.above.value_in("in"))
    calculation = f"{ideal} + {constants.per_inch} × {inches} in over {constants.above}"
    if result.basis == "adjusted":
        share = people_number(constants.adjusted_share)
        calculation = f"ideal + {share} × (actual - ideal), where ideal = {calculation}"
    return [{"of": f"{result.basis} weight", "formula": "Devine", "calculation": f"{calculation}: {result.weight}"}]


def _creatinine_derivation(patient: Patient, constants: RenalConstants) -> tuple[list[Document], str]:
    """Return the step that converts umol/L (none for mg/dL), and the creatinine as the next step writes it."""
    creatinine = str(patient.creatinine)
    if patient.creatinine.unit.name == "mg/dL":
        return [], creatinine
    micromol = people_number(constants.umol_per_litre_per_mg_per_dl)
    in_mg = creatinine_in_mg_per_dl(patient.creatinine, constants)
    step = {
        "of": "serum creatinine",
        "formula": f"1 mg/dL = {micromol} umol/L",
        "calculation": f"{creatinine} ÷ {micromol} = {people_number(in_mg)} mg/dL",
    }
    return [step], f"({creatinine} ÷ {micromol})"


def _clearance_derivation(patient: Patient, result: Clearance, constants: RenalConstants, creatinine: str) -> Document:
    """Return the step of Cockcroft and Gault, in words and in numbers."""
    age_from, divisor, female = (
        people_number(each) for each in (constants.age_from, constants.divisor, constants.female_factor)
    )
    sex = f" × {female}" if patient.sex == "female" else ""
    weight = result.weight.to("kg")
    numbers = f"({age_from} - {patient.age_years}) × {weight} ÷ ({divisor} × {creatinine}){sex} = {result.exact}"
    words = f"({age_from} - age) × weight (kg) ÷ ({divisor} × serum creatinine (mg/dL)), × {female} if female"
    return {
        "of": f"creatinine clearance on {result.basis} weight",
        "formula": f"Cockcroft-Gault: {words}",
        "calculation": numbers,
    }


def _basis(each: Clearance, rules: tuple[RenalRule, ...]) -> Document:
    return {
        "basis": each.basis,
        "dosing_weight": quantity(each.weight.to("kg")),
        "creatinine_clearance": quantity(each.rounded),
        "exact_creatinine_clearance": quantity(each.exact),
        "labels": [
            {"id": rule.id, "title": rule.title, "drug": rule.drug, "band": rule.band(each.exact).words}
            for rule in rules
        ],
    }


def _check(made: Document, patient: Patient, constants: RenalConstants, step: CreatinineClearance) -> None:
    second_route.check_clearance(
        made,
        patient.age_years,
        female=patient.sex == "female",
        creatinine=patient.creatinine.text or "",
        constants=constants._asdict(),
        step=step.text or "",
    )


def clearance_working(
    patient: Patient, result: Clearance, constants: RenalConstants, step: CreatinineClearance
) -> Document:
    """Return how a clearance arises, for a document that uses it.

    Raises DoubleCheckFailed where the clearance does not lead back to the creatinine that was given.
    """
    made = {
        **_basis(result, ()),
        "age_years": patient.age_years,
        "sex": patient.sex,
        "creatinine": quantity(patient.creatinine),
        "height": quantity(patient.height),
        "derivation": _derivation(patient, result, constants),
    }
    _check(made, patient, constants, step)
    del made["labels"]
    return made


def renal_document(
    patient: Patient,
    result: Clearance,
    others: tuple[Clearance, ...],
    undefined: dict[str, str],
    rules: tuple[RenalRule, ...],
    constants: RenalConstants,
    step: CreatinineClearance,
    findings: tuple[Finding, ...],
) -> Document:
    """Return the document of `renal`; ``others`` are all defined bases, ``result`` the chosen one.

    ``undefined`` says of each other basis why it is none for this patient.

    Raises DoubleCheckFailed where the printed clearance does not lead back to the creatinine that was given.
    """
    made: Document = {
        **header("renal"),
        **_basis(result, rules),
        "age_years": patient.age_years,
        "sex": patient.sex,
        "creatinine": quantity(patient.creatinine),
        "height": quantity(patient.height),
        "bases": [_basis(each, rules) for each in others],
        "bases_not_defined": [{"basis": basis, "reason": reason} for basis, reason in undefined.items()],
        "derivation": [step for each in others for step in _derivation(patient, each, constants)],
        "findings": [finding(each) for each in findings],
        "sources": sources((*constants.sources, *(source for rule in rules for source in rule.sources))),
    }
    for each in (made, *made["bases"]):
        _check(each, patient, constants, step)
    return made
