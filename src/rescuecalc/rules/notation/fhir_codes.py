"""RC2: what a resource of FHIR says in codes: units by UCUM, rates that are none, drugs by two names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.finding import Severity
from rescuecalc.rules.base.reader_defects import of_reader
from rescuecalc.rules.base.rule import declared

if TYPE_CHECKING:
    from rescuecalc.rules.base.rule import Rule

_SYSTEM: Final = '"system": "http://unitsofmeasure.org"'
_ORDER: Final = (
    '{{"resourceType": "MedicationRequest", "medicationCodeableConcept": {{"text": "tirofiban"}}, '
    '"dosageInstruction": [{{{0}}}]}}'
)


def _rate(quantity: str, more: str = "") -> str:
    return _ORDER.format(f'"doseAndRate": [{{"rateQuantity": {{{quantity}}}{more}}}]')


_RIGHT: Final = _rate(f'"value": 0.15, "unit": "mcg/kg/min", {_SYSTEM}, "code": "ug/kg/min"')


def _rule(code: str, name: str, severity: Severity, sources: str, *, preview: bool = False, **texts: str) -> Rule:
    texts = {"passes": _RIGHT, **texts}
    return declared(
        code,
        name,
        severity,
        of_reader(code),
        sources,
        of_defects=True,
        severities=(),
        of_set=False,
        preview=preview,
        **texts,
    )


RULES = (
    _rule(
        "RC230",
        "invalid-ucum-code",
        Severity.ERROR,
        "ucum",
        checks="The code of each dose, rate, strength and weight of a resource against UCUM's grammar and units.",
        why="A code that is none is refused by the next program, or read as another: UCUM has no mcg, ml/hr or mEq.",
        fails=_rate(f'"value": 0.15, {_SYSTEM}, "code": "mcg/kg/min"'),
        remedy="Write the code that the message names; `unit` is for people and may say mcg.",
        limits="What the code is meant to be is judged all the same, where unit or code can be read.",
    ),
    _rule(
        "RC231",
        "ucum-code-never-meant",
        Severity.ERROR,
        "ucum",
        checks="Codes that UCUM has and no order means: another unit by a capital letter, or a point for a slash.",
        why="MG is a megagauss, ML a megalitre, and ug/kg.min says micrograms times minutes per kilogram.",
        fails=_rate(f'"value": 0.15, {_SYSTEM}, "code": "ug/kg.min"'),
        remedy="Write the code that the message names.",
        limits="The quantity is judged by no other rule.",
    ),
    _rule(
        "RC232",
        "unknown-ucum-code",
        Severity.NOTE,
        "ucum",
        checks="Codes that are valid UCUM, and that rescuecalc does not know.",
        why="What was not judged has to be said.",
        fails=_rate(f'"value": 5, {_SYSTEM}, "code": "mg/m2/h"'),
        remedy="None, where the unit is meant.",
        limits="Known are mass, units, equivalents, substance and volume, per kilogram and per time; what is said per "
        "second, pound or gram is counted per minute or kilogram.",
    ),
    _rule(
        "RC233",
        "unit-contradicts-code",
        Severity.ERROR,
        "ucum",
        checks="The unit that people see against the code that programs read.",
        why="The nurse reads one and the pump gets the other.",
        fails=_rate(f'"value": 0.15, "unit": "mg/kg/min", {_SYSTEM}, "code": "ug/kg/min"'),
        remedy="Correct the one that is wrong.",
        limits="Units in other words or languages are not compared.",
    ),
    _rule(
        "RC234",
        "duration-as-rate",
        Severity.ERROR,
        "rescuecalc",
        checks="Whether a rate is an amount or a volume per time, and no length of time.",
        why="`20 min` as a rate says nothing about how fast, and hides how long.",
        fails=_rate(f'"value": 20, {_SYSTEM}, "code": "min"'),
        remedy="Write the length as `timing.repeat.duration`, or as the denominator of `rateRatio`.",
        limits="It is judged by no other rule.",
    ),
    _rule(
        "RC235",
        "rate-without-time",
        Severity.ERROR,
        "rescuecalc",
        checks="Whether a rate has a time below the line.",
        why="30 mL/kg is a dose: as a rate it may be per minute or per hour, sixty times apart.",
        fails=_rate(f'"value": 0.15, {_SYSTEM}, "code": "ug/kg"'),
        remedy="Write the unit with its time, or the amount as `doseQuantity`.",
        limits="It is judged by no other rule.",
    ),
    _rule(
        "RC236",
        "unit-without-system",
        Severity.NOTE,
        "ucum",
        checks="Quantities that name no system of units, or no code in it.",
        why="The next program may read the unit in another way, or not at all.",
        fails=_rate('"value": 0.15, "unit": "mcg/kg/min"'),
        remedy="Add system and code.",
        limits="The unit is read as people write it, where it can be.",
    ),
    _rule(
        "RC237",
        "unit-of-another-system",
        Severity.NOTE,
        "ucum",
        checks="Quantities that are coded in another system than UCUM.",
        why="A dose in tablets or in a national unit is not judged, and that has to be said.",
        fails=_ORDER.format(
            '"doseAndRate": [{"doseQuantity": {"value": 1, "unit": "TAB", "system": '
            '"http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm", "code": "TAB"}}]'
        ),
        remedy="None, where tablets are meant.",
        limits="The unit is read as people write it, where it can be.",
    ),
    _rule(
        "RC238",
        "number-as-text",
        Severity.ERROR,
        "rescuecalc",
        checks="Whether the value of a quantity is a JSON number.",
        why="A text is refused by one program and read by another, with a comma in its own way.",
        fails=_rate(f'"value": "0.15", {_SYSTEM}, "code": "ug/kg/min"'),
        remedy="Write the number without quotes.",
        limits="The quantity is judged by no other rule.",
    ),
    _rule(
        "RC239",
        "dosage-said-twice",
        Severity.ERROR,
        "rescuecalc",
        checks="Entries of one dosage that say the same dose, rate or time, against each other.",
        why="Of two doses in one dosage a nurse gives one.",
        fails=_ORDER.format(
            f'"doseAndRate": [{{"rateQuantity": {{"value": 0.15, {_SYSTEM}, "code": "ug/kg/min"}}}}, '
            f'{{"rateQuantity": {{"value": 15, {_SYSTEM}, "code": "ug/kg/min"}}}}]'
        ),
        remedy="Leave one out, or write two dosages.",
        limits="The first is judged; entries in other units, as per kg and per patient, are compared by "
        "RC301 to RC307.",
    ),
    _rule(
        "RC240",
        "drug-code-contradicts-name",
        Severity.ERROR,
        "rescuecalc",
        checks="The drug that a code stands for against the drug that its display or text names.",
        why="The pharmacy dispenses by one and the nurse reads the other.",
        fails='{"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "eptifibatide", "coding": '
        '[{"system": "http://www.whocc.no/atc", "code": "B01AC17"}]}}',
        passes='{"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "tirofiban", "coding": '
        '[{"system": "http://www.whocc.no/atc", "code": "B01AC17"}]}}',
        remedy="Correct the one that is wrong.",
        limits="Codes that the catalogue holds: ATC of its drugs, RxNorm of some. The code is judged.",
    ),
    _rule(
        "RC241",
        "modifier-not-understood",
        Severity.WARNING,
        "rescuecalc",
        checks="Modifier extensions of requests and dosages.",
        why="By FHIR's own rule they may turn the meaning round: a program that does not know one must not go on.",
        fails=_ORDER.format('"modifierExtension": [{"url": "http://example.org/not-today", "valueBoolean": true}]'),
        remedy="Find out what it says, and judge the order by hand.",
        limits="The rest is judged as if it were not there.",
    ),
    _rule(
        "RC242",
        "part-not-judged",
        Severity.NOTE,
        "rescuecalc",
        checks="What a resource refers to and is not in the file, what cannot be read as one number, and a Bundle that "
        "holds nothing.",
        why="What was not judged has to be said.",
        fails='{"resourceType": "MedicationRequest", "medicationReference": {"reference": "Medication/7"}, '
        '"dosageInstruction": [{"text": "as the pharmacy says"}]}',
        remedy="Put what is referred to into the same Bundle.",
        limits="Only of medications, orders and times.",
    ),
    _rule(
        "RC243",
        "data-absent",
        Severity.NOTE,
        "rescuecalc",
        checks="Drugs and quantities that the resource itself says are not there (data-absent-reason).",
        why="What is not given was not judged.",
        fails=_ORDER.format(
            '"doseAndRate": [{"doseQuantity": {"extension": [{"url": '
            '"http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}}]'
        ),
        remedy="None, where it is not known.",
        limits="What the rest of the resource says is judged.",
        since="0.2.0",
    ),
)
