"""RC2: what a resource of FHIR says in codes: units by UCUM, rates that are none, drugs by two names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
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
        checks="The code of each dose, rate, strength and weight of a resource against the grammar and units of UCUM.",
        why="The next program refuses an invalid code, or reads it as another: UCUM has no mcg, ml/hr or mEq.",
        fails=_rate(f'"value": 0.15, {_SYSTEM}, "code": "mcg/kg/min"'),
        remedy="Write the code that the message names; `unit` is for people and may say mcg.",
        limits="The quantity is still judged if its unit or code can be read.",
    ),
    _rule(
        "RC231",
        "ucum-code-never-meant",
        Severity.ERROR,
        "ucum",
        checks="Valid UCUM codes that no order means: another unit by a capital letter, or a point for a slash.",
        why="MG is a megagauss, ML a megalitre, and ug/kg.min means micrograms times minutes per kilogram.",
        fails=_rate(f'"value": 0.15, {_SYSTEM}, "code": "ug/kg.min"'),
        remedy="Write the code that the message names.",
        limits="No other rule judges the quantity.",
    ),
    _rule(
        "RC232",
        "unknown-ucum-code",
        Severity.NOTE,
        "ucum",
        checks="Valid UCUM codes that rescuecalc does not know.",
        why="The quantity was not judged.",
        fails=_rate(f'"value": 5, {_SYSTEM}, "code": "mg/m2/h"'),
        remedy="None, if the unit is intended.",
        limits="Known are mass, units, equivalents, substance and volume, per kilogram and per time; amounts per "
        "second, pound or gram are converted to minutes or kilograms.",
    ),
    _rule(
        "RC233",
        "unit-contradicts-code",
        Severity.ERROR,
        "ucum",
        checks="The unit for people against the code for programs.",
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
        checks="Whether a rate is an amount or a volume per time, and not a length of time.",
        why="`20 min` as a rate does not state how fast, and the duration is lost.",
        fails=_rate(f'"value": 20, {_SYSTEM}, "code": "min"'),
        remedy="Write the duration as `timing.repeat.duration`, or as the denominator of `rateRatio`.",
        limits="No other rule judges it.",
    ),
    _rule(
        "RC235",
        "rate-without-time",
        Severity.ERROR,
        "rescuecalc",
        checks="Whether the unit of a rate has a time.",
        why="30 mL/kg is a dose: as a rate it could be per minute or per hour, sixty times apart.",
        fails=_rate(f'"value": 0.15, {_SYSTEM}, "code": "ug/kg"'),
        remedy="Write the unit with its time, or the amount as `doseQuantity`.",
        limits="No other rule judges it.",
    ),
    _rule(
        "RC236",
        "unit-without-system",
        Severity.NOTE,
        "ucum",
        checks="Quantities without a system of units, or without a code in it.",
        why="The next program may read another unit, or none.",
        fails=_rate('"value": 0.15, "unit": "mcg/kg/min"'),
        remedy="Add system and code.",
        limits="The unit is read as people write it, if possible.",
    ),
    _rule(
        "RC237",
        "unit-of-another-system",
        Severity.NOTE,
        "ucum",
        checks="Quantities with a code of another system than UCUM.",
        why="A dose in tablets or in a national unit is not judged.",
        fails=_ORDER.format(
            '"doseAndRate": [{"doseQuantity": {"value": 1, "unit": "TAB", "system": '
            '"http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm", "code": "TAB"}}]'
        ),
        remedy="None, if tablets are intended.",
        limits="The unit is read as people write it, if possible.",
    ),
    _rule(
        "RC238",
        "number-as-text",
        Severity.ERROR,
        "rescuecalc",
        checks="Whether the value of a quantity is a JSON number.",
        why="One program refuses a text; another reads it, and each treats a comma differently.",
        fails=_rate(f'"value": "0.15", {_SYSTEM}, "code": "ug/kg/min"'),
        remedy="Write the number without quotes.",
        limits="No other rule judges the quantity.",
    ),
    _rule(
        "RC239",
        "dosage-said-twice",
        Severity.ERROR,
        "rescuecalc",
        checks="Entries of one dosage that state the same dose, rate, time, route or frequency (numbers, codes, their "
        "names and texts), against each other, and the form of a medication against a route into a vessel.",
        why="If one dosage states two doses, a nurse gives one of them.",
        fails=_ORDER.format(
            f'"doseAndRate": [{{"rateQuantity": {{"value": 0.15, {_SYSTEM}, "code": "ug/kg/min"}}}}, '
            f'{{"rateQuantity": {{"value": 15, {_SYSTEM}, "code": "ug/kg/min"}}}}]'
        ),
        remedy="Remove one, or write two dosages.",
        limits="The first is judged; RC301 to RC307 compare entries in other units, such as per kg and per patient.",
    ),
    _rule(
        "RC240",
        "drug-code-contradicts-name",
        Severity.ERROR,
        "rescuecalc",
        checks="The drug of a code against the drug in its display or text; a second drug that the medication holds, "
        "or by which it may be replaced.",
        why="The pharmacy dispenses by one, and the nurse reads the other.",
        fails='{"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "eptifibatide", "coding": '
        '[{"system": "http://www.whocc.no/atc", "code": "B01AC17"}]}}',
        passes='{"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "tirofiban", "coding": '
        '[{"system": "http://www.whocc.no/atc", "code": "B01AC17"}]}}',
        remedy="Correct the one that is wrong.",
        limits="Codes of the catalogue: ATC of its drugs, RxNorm of some. The code is judged.",
    ),
    _rule(
        "RC241",
        "modifier-not-understood",
        Severity.WARNING,
        "rescuecalc",
        checks="Modifier extensions of requests and dosages.",
        why="FHIR allows a modifier to reverse the meaning: a program that does not know one must not go on.",
        fails=_ORDER.format('"modifierExtension": [{"url": "http://example.org/not-today", "valueBoolean": true}]'),
        remedy="Find out what the modifier means, and judge the order by hand.",
        limits="The rest is judged without the modifier.",
    ),
    _rule(
        "RC242",
        "part-not-judged",
        Severity.NOTE,
        "rescuecalc",
        checks="References to resources outside the file, quantities that cannot be read as one number, routes that "
        "are not known (of a catalogue drug RC712), observations of what is judged of a patient that cannot be read, "
        "and empty Bundles.",
        why="This part was not judged.",
        fails='{"resourceType": "MedicationRequest", "medicationReference": {"reference": "Medication/7"}, '
        '"dosageInstruction": [{"text": "as the pharmacy says"}]}',
        remedy="Include the referenced resources in the Bundle.",
        limits="Only for medications, orders and times.",
    ),
    _rule(
        "RC243",
        "data-absent",
        Severity.NOTE,
        "rescuecalc",
        checks="Drugs and quantities that the resource marks as absent (data-absent-reason).",
        why="An absent value was not judged.",
        fails=_ORDER.format(
            '"doseAndRate": [{"doseQuantity": {"extension": [{"url": '
            '"http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}}]'
        ),
        remedy="None, if the value is unknown.",
        limits="The rest of the resource is judged.",
        since="0.2.0",
    ),
)
