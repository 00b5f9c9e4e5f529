"""What is typed of a patient besides the regimen: the way to a creatinine clearance, and the patient's state."""

import re
from fractions import Fraction
from typing import Any, Final, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.core.literature.limits import Span, checked
from rescuecalc.core.orders.patient_state import PatientState, read_state
from rescuecalc.core.quantities.decimal_text import people_number, quoted
from rescuecalc.core.quantities.quantity import DosingWeight, Height, SerumCreatinine
from rescuecalc.core.renal.patient_clearance import BASES, Clearance, Patient, clearance_on, every_basis
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.requests.input.inputs import Inputs, one_of
from rescuecalc.requests.input.options import SEXES

_SEXES: Final = {"f": "female", "m": "male", "female": "female", "male": "male"}
_MEANT: Final = {
    **dict.fromkeys(("woman", "w", "girl", "weiblich", "femme", "mujer"), "female"),
    **dict.fromkeys(("man", "boy", "männlich", "homme", "hombre"), "male"),
}


class ClearanceInputs(NamedTuple):
    """What a creatinine clearance is calculated from, as it was typed; None where an option was not given."""

    age: str | None
    sex: str | None
    weight: str | None
    creatinine: str | None
    height: str | None
    basis: str | None


class Worked(NamedTuple):
    """A clearance that was calculated: of whom, on the chosen basis, on every other one, and why on some it is not."""

    patient: Patient
    chosen: Clearance
    others: tuple[Clearance, ...]
    undefined: dict[str, str]


def patient_of(given: ClearanceInputs, typed: Inputs, example: str) -> Patient:
    """Return the patient of a clearance; InputError names every option that is missing, with an example."""
    limits = catalogue.limits()
    options = {"--age": given.age, "--sex": given.sex, "--weight": given.weight, "--creatinine": given.creatinine}
    missing = [name for name, value in options.items() if value is None]
    # What is there is read before anything is asked for: a person is told of a wrong weight when it is typed.
    weight = (
        checked(typed.read(given.weight, DosingWeight, "--weight"), limits.weight, "--weight") if given.weight else None
    )
    age = _age(given.age, limits.age_years) if given.age is not None else None
    sex = _sex(given.sex) if given.sex is not None else None
    creatinine = _creatinine(given.creatinine, typed) if given.creatinine is not None else None
    if age is None or sex is None or weight is None or creatinine is None:
        named = f"{', '.join(missing[:-1])} and {missing[-1]} are" if missing[1:] else f"{missing[0]} is"
        raise InputError(f"{named} missing; write it as in `{example}`", missing=missing[0])
    tall = typed.maybe(given.height, Height, "--height")
    return Patient(
        age_years=age,
        sex=sex,
        weight=weight,
        creatinine=creatinine,
        height=checked(tall, limits.height, "--height") if tall else None,
    )


def worked(patient: Patient, basis: str) -> Worked:
    """Return the clearance of a patient on a basis and on every other one; errors as for ``clearance_on``."""
    constants, step = catalogue.renal_constants(), catalogue.limits().clearance_step
    chosen = clearance_on(basis, patient, constants, step)
    return Worked(patient, chosen, *every_basis(patient, constants, step))


def worked_instead(given: ClearanceInputs, crcl: str | None, typed: Inputs) -> Worked | None:
    """Return the clearance that stands in place of ``--crcl``, None where nothing of it is typed."""
    if (given.age, given.sex, given.creatinine, given.height, given.basis) == (None,) * 5:
        return None
    if crcl is not None:
        raise InputError("--crcl, or --age, --sex and --creatinine to calculate it; not both")
    basis = one_of(given.basis or "actual", BASES, "--basis")
    return worked(patient_of(given, typed, _EXAMPLE), basis)


_EXAMPLE = "--age 70 --sex female --weight 80kg --creatinine 1.2mg/dL"

_OPTIONS = {
    "platelets": "--platelets",
    "inr": "--inr",
    "blood_pressure": "--bp",
    "anticoagulant": "--anticoagulant",
    "prior_thrombocytopenia": "--prior-thrombocytopenia",
    "intracranial_haemorrhage": "--intracranial-haemorrhage",
    "cyp2c19": "--cyp2c19",
    "haemoglobin": "--haemoglobin",
}


def patient_state(texts: dict[str, str | None], *, dialysis: bool | None) -> PatientState | None:
    """Return the patient's state, None where nothing of it is typed.

    Raises InputError for what cannot be read, CalculationRefused for a value that a patient cannot have.
    """
    typed = {name: text for name, text in texts.items() if text is not None}
    found = {name: read_state(name, text, _OPTIONS[name], _is_plausible) for name, text in typed.items()}
    if dialysis is not None:
        found["dialysis"] = dialysis
    state = PatientState(**found) if found else None
    for field, value, span in packaged_knowledge().patient_limits().implausible(state) if state is not None else ():
        between = f"{people_number(span.low)} to {people_number(span.high)}"
        raise CalculationRefused(f"{_OPTIONS[field]}: {value} is outside of {between}; check number and unit")
    return state


def _is_plausible(name: str, value: Any) -> bool:
    """Return whether a patient can have a value of one field of the state."""
    return not any(packaged_knowledge().patient_limits().implausible(PatientState(**{name: value})))


def _sex(text: str) -> str:
    word = text.lower()
    if word in _MEANT:
        raise InputError(f"--sex: cannot read {quoted(text)}; write female or male; did you mean {_MEANT[word]}?")
    return one_of(_SEXES.get(word, text), SEXES, "--sex")


def _age(text: str, allowed: tuple[int, int]) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text, re.ASCII):
        years = re.fullmatch(
            r" *([0-9]{1,3})(?:[.,][0-9]+)?(?: {0,3}(?:a|y|yr|yrs|years?))?(?: old)? *", text, re.ASCII
        )
        hint = f"; did you mean {years[1]}?" if years is not None else ""
        raise InputError(f"--age: cannot read {quoted(text)}; write whole years, as in --age 70{hint}")
    age = int(text)
    if not allowed[0] <= age <= allowed[1]:
        message = f"--age: {age} is outside of {allowed[0]} to {allowed[1]} years, the ages that are calculated for"
        raise CalculationRefused(message)
    return age


def _creatinine(text: str, typed: Inputs) -> SerumCreatinine:
    """Return the creatinine; 106 mg/dL is a value in umol/L with the wrong unit, and refused."""
    creatinine = typed.read(text, SerumCreatinine, "--creatinine")
    known, factor = catalogue.limits(), catalogue.renal_constants().umol_per_litre_per_mg_per_dl
    in_mg = creatinine.unit.name == "mg/dL"
    number = creatinine.magnitude if in_mg else creatinine.value_in("umol/L")
    if not _holds(known.creatinine, number if in_mg else number / factor):
        in_other, unit = (number / factor, "umol/L") if in_mg else (number, "mg/dL")
        meant = f"; did you mean {people_number(number)} {unit}?" if _holds(known.usual_creatinine, in_other) else ""
        beside = "" if in_mg else f" (1 mg/dL is {people_number(factor)} umol/L)"
        message = f"--creatinine: {quoted(text)} is outside of {known.creatinine}{beside}; check number and unit{meant}"
        raise CalculationRefused(message)
    return creatinine


def _holds(span: Span[SerumCreatinine], mg_per_dl: Fraction) -> bool:
    return span.low.magnitude <= mg_per_dl <= span.high.magnitude
