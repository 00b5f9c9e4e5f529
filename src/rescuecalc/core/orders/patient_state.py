"""What is known of the patient beside weight and clearance: laboratory values, blood pressure, history."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.platelet_count import platelets_per_nanolitre
from rescuecalc.core.quantities.decimal_text import number_and_unit, people_number, quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.time_offset import Offset, read_offset
from rescuecalc.core.quantities.wording import ANSWER_OF, folded
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class LabValue(NamedTuple):
    """A laboratory value in the one unit that it is compared in; the unit of an INR is empty."""

    magnitude: Fraction
    unit: str

    def __str__(self) -> str:
        """Return it as a person writes it: ``92 x10^9/L``."""
        return f"{people_number(self.magnitude)} {self.unit}".rstrip()


class BloodPressure(NamedTuple):
    """Systolic and diastolic pressure in mmHg."""

    systolic: Fraction
    diastolic: Fraction

    def __str__(self) -> str:
        """Return it as a person writes it: ``190/100 mmHg``."""
        return f"{people_number(self.systolic)}/{people_number(self.diastolic)} mmHg"


class Anticoagulant(NamedTuple):
    """An anticoagulant that the patient takes, empty for none, and its last dose, None where that is not said."""

    drug: str
    last_dose: Offset | None

    def __str__(self) -> str:
        """Return it as a person writes it: ``apixaban, -12 h``."""
        return (self.drug or NONE) + (f", {self.last_dose}" if self.last_dose is not None else "")


NONE: Final = "none"
UNNAMED: Final = "yes"
"""A thrombocytopenia after a GP IIb/IIIa inhibitor that is not named."""


class PatientState(NamedTuple):
    """What is known of the patient's state; None is "not given".

    ``prior_thrombocytopenia`` names the GP IIb/IIIa inhibitor after which it came, `yes` or `none`.
    """

    platelets: LabValue | None = None
    inr: LabValue | None = None
    blood_pressure: BloodPressure | None = None
    anticoagulant: Anticoagulant | None = None
    dialysis: bool | None = None
    prior_thrombocytopenia: str | None = None
    intracranial_haemorrhage: bool | None = None
    cyp2c19: str | None = None
    haemoglobin: LabValue | None = None


PER_NANOLITRE: Final = "x10^9/L"
_GRAMS: Final = "g/dL"
_HAEMOGLOBIN: Final = {_GRAMS: Fraction(1), "g/L": Fraction(1, 10)}
_PRESSURE: Final = lazy_pattern(r"([0-9]{2,3}) ?/ ?([0-9]{2,3})(?: ?mm ?Hg)?", re.ASCII)
_DRUG: Final = lazy_pattern(r"([A-Za-z][A-Za-z -]{1,39})(?:, *(?:last dose )?([+-].{1,20}))?", re.ASCII)
_METABOLISER: Final = lazy_pattern(
    r"(poor|intermediate|normal|rapid|ultrarapid)(?: metaboli[sz]er)?", re.ASCII | re.IGNORECASE
)
_INITIALS: Final = {
    "PM": "poor",
    "IM": "intermediate",
    "NM": "normal",
    "EM": "normal",
    "RM": "rapid",
    "UM": "ultrarapid",
}
_INHIBITORS: Final = ("tirofiban", "eptifibatide", "abciximab")


def _platelets(text: str) -> LabValue:
    return LabValue(platelets_per_nanolitre(text), PER_NANOLITRE)


def _factor(unit: str, known: Mapping[str, Fraction]) -> Fraction:
    if unit not in known:
        raise InputError(f"{quoted(unit)} is not a unit that is read here" if unit else "it has no unit")
    return known[unit]


_BESIDE_INR: Final = re.compile(r" ?(?:ratio|\((?:ref|normal|range)[^()]{0,30}\))$", re.IGNORECASE)


def _inr(text: str) -> LabValue:
    number, unit = number_and_unit(_BESIDE_INR.sub("", text))
    if unit:
        raise InputError("an INR has no unit")
    return LabValue(number, "")


def _haemoglobin(text: str) -> LabValue:
    number, unit = number_and_unit(text)
    return LabValue(number * _factor(unit, _HAEMOGLOBIN), _GRAMS)


def _pressure(text: str) -> BloodPressure:
    match = _PRESSURE.fullmatch(text)
    if match is None:
        raise InputError("a blood pressure is two whole numbers")
    made = BloodPressure(Fraction(match[1]), Fraction(match[2]))
    if made.diastolic >= made.systolic:
        raise InputError("the systolic pressure comes first and is the higher one")
    return made


def _anticoagulant(text: str) -> Anticoagulant:
    if _answer(text) is False:
        return Anticoagulant("", None)
    match = _DRUG.fullmatch(text)
    if match is None:
        raise InputError("it is not a drug, or a drug and the time of its last dose")
    drug = drug_name(match[1].strip(" "))
    last = read_offset(match[2], "last dose") if match[2] else None
    if _answer(drug) is not None:
        raise InputError("the drug is not named")
    return Anticoagulant(drug, last)


def _answer(text: str) -> bool | None:
    """Return what a yes or a no says, None where a text is neither."""
    word = ANSWER_OF.get(folded(text))
    return None if word is None else word == "yes"


def _flag(text: str) -> bool:
    answer = _answer(text)
    if answer is None:
        raise InputError("it is neither yes nor no")
    return answer


def _thrombocytopenia(text: str) -> str:
    answer, said = _answer(text), drug_name(text)
    if answer is not None:
        return UNNAMED if answer else NONE
    if said not in _INHIBITORS:
        raise InputError("it is neither yes, no nor a GP IIb/IIIa inhibitor")
    return said


def _cyp2c19(text: str) -> str:
    if text.upper() in _INITIALS:
        return _INITIALS[text.upper()]
    match = _METABOLISER.fullmatch(text)
    if match is None:
        raise InputError("it is not a type of metaboliser")
    return match[1].lower()


_READERS: Final[Mapping[str, tuple[Callable[[str], Any], str]]] = {
    "platelets": (_platelets, "one as 92 x10^9/L"),
    "inr": (_inr, "one as 1.6"),
    "blood_pressure": (_pressure, "one as 190/100"),
    "anticoagulant": (_anticoagulant, "apixaban, -12 h, or none"),
    "dialysis": (_flag, "yes or no"),
    "prior_thrombocytopenia": (_thrombocytopenia, f"{', '.join(_INHIBITORS)}, yes or no"),
    "intracranial_haemorrhage": (_flag, "yes or no"),
    "cyp2c19": (_cyp2c19, "poor, intermediate, normal, rapid or ultrarapid"),
    "haemoglobin": (_haemoglobin, "one as 9.8 g/dL"),
}

STATE: Final = tuple(_READERS)
"""The fields of a patient's state, as they are written."""


def read_state(
    name: str, text: str, option: str = "", is_plausible: Callable[[str, Any], bool] = lambda _name, _value: True
) -> Any:
    """Return what is written of one field of the patient's state.

    Raises InputError that quotes the text and shows what to write; ``option`` says where it was written, and
    ``is_plausible`` whether a patient can have a value that is proposed.
    """
    read, example = _READERS[name]
    try:
        return read(text.strip(" "))
    except InputError as reason:
        write = _own_value(name, text, is_plausible) or f"write {example}"
        raise InputError(f"{option or name}: cannot read {quoted(text)}: {reason}; {write}") from None


def _own_value(name: str, text: str, is_plausible: Callable[[str, Any], bool]) -> str:
    """Return a hint with the value that was meant, empty where none is near or it cannot be read either."""
    from rescuecalc.core.orders.state_corrections import state_meant  # noqa: PLC0415  # only a refused text pays for it

    meant = state_meant(name, text)
    try:
        meant = [each for each in meant if is_plausible(name, _READERS[name][0](each))]
    except InputError:
        return ""
    return f"did you mean {' or '.join(meant)}?" if meant else ""
