"""RC80x, declared: an order set against a pump library or a site's list of limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.rules.base.rule import Hit, declared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.rules.base.knowledge import Subject


def hits(code: str) -> Callable[[Subject], Iterator[Hit]]:
    """Return the check of the rule of ``code``: of a run without a library nothing of it is even read."""

    def check(subject: Subject) -> Iterator[Hit]:
        if subject.knowledge.library is None:
            return
        from rescuecalc.rules.library.order_limits.orders import FOUND  # noqa: PLC0415

        yield from (each.hit for each in FOUND.of(subject) if each.code == code)

    return check


_SINCE: Final = "0.2.0"
_LIBRARY: Final = "--library docs/pump-library/adult.toml"
_RATE: Final = "--weight 80kg --concentration 50mcg/mL"
_WITHIN: Final = f"rate 0.1mcg/kg/min {_RATE} {_LIBRARY}"
_DOSE: Final = f"dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product bag-250 {_LIBRARY}"
_ARITHMETIC: Final = "RC301 RC302 RC303 RC304 RC307 RC308 RC314"
"""Where the order's own numbers show that a number is wrong, the library says nothing more of it."""

_CHOICE: Final = (
    "Of the entries that fit by care area, condition and concentration the most permissive counts; unknown values of "
    "the patient leave all of them (RC814)."
)

RULES = (
    declared(
        "RC801",
        "drug-not-in-library",
        Severity.ERROR,
        hits("RC801"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        checks="Whether the pump library holds the drug of an infusion, or of a bolus that a pump gives, in the care "
        "area "
        "and for the patient (IHE 9010).",
        why="Without an entry the pump runs without limits, or the order cannot be sent to it.",
        fails=f"rate 2mcg/kg/min --drug eptifibatide --weight 80kg --concentration 0.75mg/mL {_LIBRARY}",
        passes=_WITHIN,
        remedy="Add the entry to the library, or the name to [drugs] of its mapping.",
        limits="Whole names are compared, including brands, in upper or lower case; a near name is only suggested."
        " A site's list of limits need not hold every drug.",
    ),
    declared(
        "RC802",
        "concentration-not-in-library",
        Severity.ERROR,
        hits("RC802"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        severities=(Severity.NOTE,),
        checks="The concentration against those of the drug's entries, or against the limits of an entered one "
        "(IHE 9018), also where only the text, the dose and volume of the bag or `diluted_in` say it; a note if both "
        "are equal and the amount has another unit.",
        why="The nurse picks the nearest entry, and the pump calculates with its concentration.",
        fails=f"rate 0.1mcg/kg/min --weight 80kg --concentration 25mcg/mL {_LIBRARY}",
        passes=_WITHIN,
        remedy="Order a concentration of the library, or have it added.",
        limits="An order without a concentration is judged with that of the only entry, or of the only one that fits "
        "its numbers; if several fit, the nurse chooses.",
    ),
    declared(
        "RC803",
        "unit-not-of-library",
        Severity.ERROR,
        hits("RC803"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        severities=(Severity.NOTE,),
        checks="The unit of the ordered dose against that of the entry: per kg or not, per hour or minute, mass or"
        " units (IHE 9009); a note if only the size of the amount differs.",
        why="Somebody has to convert at the bedside, with errors of 60 and 1,000.",
        fails=f"rate 9mcg/kg/h {_RATE} {_LIBRARY}",
        passes=_WITHIN,
        remedy="Order in the unit of the pump.",
        limits="One stated dose in the pump's unit is enough.",
    ),
    declared(
        "RC804",
        "beyond-hard-limit",
        Severity.ERROR,
        hits("RC804"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        severities=(Severity.WARNING, Severity.NOTE),
        checks="The ordered dose, and the dose that the set pump rate really delivers, against the hard limits of "
        "the entry, which are inclusive (IHE 9005); the flow against the minimum and the maximum of the "
        "entry. A maximum, a later dose or a range in the text, if every entry stops it.",
        why="The pump does not start.",
        fails=f"rate 0.4mcg/kg/min {_RATE} {_LIBRARY}",
        passes=_WITHIN,
        remedy="Check the dose; if it is right, have the limit changed.",
        limits=f"A warning if only some weights of a band are stopped. {_CHOICE}",
        yields_to=_ARITHMETIC,
    ),
    declared(
        "RC805",
        "beyond-soft-limit",
        Severity.WARNING,
        hits("RC805"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        checks="The ordered dose, or an entered concentration, against the soft limits of the entry, which are "
        "inclusive.",
        why="The pump alarms at every start; staff stop reading alarms that are always overridden.",
        fails=f"rate 0.155mcg/kg/min {_RATE} {_LIBRARY}",
        passes=_WITHIN,
        remedy="Check the dose; if it is right, have the limit changed.",
        limits=_CHOICE,
        yields_to=_ARITHMETIC,
    ),
    declared(
        "RC806",
        "bolus-not-in-entry",
        Severity.ERROR,
        hits("RC806"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        severities=(Severity.NOTE,),
        checks="Whether the entry allows the bolus that a pump gives; a note if the order does not state what "
        "gives it.",
        why="The nurse has to run the bolus as an infusion, without its limits.",
        fails=f"{_DOSE} --bolus-product infusion-container",
        passes=f"{_DOSE} --bolus-product vial-15",
        remedy="Add bolus limits to the entry, or give the bolus from a vial.",
        limits="A bolus from a syringe is not judged.",
    ),
    declared(
        "RC807",
        "bolus-dose-beyond-limit",
        Severity.ERROR,
        hits("RC807"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        severities=(Severity.WARNING, Severity.NOTE),
        checks="The bolus that a pump gives against the bolus limits of the entry: an error for a hard limit, a "
        "warning for a soft one; also a bolus in the text of an infusion against the hard ones.",
        why="The pump stops or alarms when the bolus is needed.",
        fails="dose us-label --weight 80kg --crcl 90mL/min --run-time 18h --bolus-product bag-250 --library "
        "docs/pump-library/bolus.csv",
        passes="dose yang-2020-iv --weight 80kg --run-time 24h --bolus-product infusion-container --infusion-product "
        "bag-250 --library docs/pump-library/bolus.csv",
        remedy="Check the dose; if it is right, have the limit changed.",
        limits=_CHOICE,
        yields_to=_ARITHMETIC,
    ),
    declared(
        "RC808",
        "bolus-rate-beyond-limit",
        Severity.ERROR,
        hits("RC808"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        severities=(Severity.WARNING, Severity.NOTE),
        checks="A bolus divided by its time, against the bolus rates of the entry.",
        why="A bolus that cannot run as fast as ordered is given by hand, or late.",
        fails="dose yang-2020-iv --weight 80kg --run-time 24h --bolus-product infusion-container --infusion-product "
        "bag-250 "
        "--give-over 1min --library docs/pump-library/bolus.csv",
        passes="dose yang-2020-iv --weight 80kg --run-time 24h --bolus-product infusion-container --infusion-product "
        "bag-250 "
        "--give-over 5min --library docs/pump-library/bolus.csv",
        remedy="Give it over a longer time, or have the limit changed.",
        limits="Only if the time of the bolus is stated.",
        yields_to=_ARITHMETIC,
    ),
    declared(
        "RC809",
        "set-rate-delivers-beyond-limit",
        Severity.WARNING,
        hits("RC809"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        checks="The dose that the rounded pump rate delivers, if the ordered dose is within the soft limits.",
        why="A limit equal to the dose leaves no margin for the pump's step: the pump alarms without a mistake.",
        fails=f"rate 0.15mcg/kg/min --weight 57kg --concentration 50mcg/mL {_LIBRARY}",
        passes=_WITHIN,
        remedy="Set the next lower step, or have the limit widened by one step.",
        limits="If the rounded rate exceeds a hard limit, RC804 reports it.",
        yields_to=_ARITHMETIC,
    ),
    declared(
        "RC810",
        "beyond-area-limit",
        Severity.ERROR,
        hits("RC810"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        severities=(Severity.WARNING,),
        checks="The patient's weight and the VTBI against the limits of the care area (IHE 9014).",
        why="The pump refuses the patient's weight, or stops before the bag is empty.",
        fails="rate 0.1mcg/kg/min --weight 210kg --concentration 50mcg/mL --care-area NICU "
        "--library docs/pump-library/adult.toml",
        passes=f"{_WITHIN} --care-area NICU",
        remedy="Check the weight and the care area.",
        limits="A weight is judged if the care area is known, or the library has one only.",
    ),
    declared(
        "RC811",
        "weight-missing",
        Severity.NOTE,
        hits("RC811"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        checks="A dose that is not per kg, without a weight, for an entry per kg (IHE 9019).",
        why="Its limits could not be compared.",
        fails=f"rate 12mcg/min --concentration 50mcg/mL {_LIBRARY}",
        passes=_WITHIN,
        remedy="State the weight, or the dose per kg.",
        limits="If no usual weight puts the dose within the limits, RC804 reports it.",
    ),
    declared(
        "RC812",
        "care-area-not-in-library",
        Severity.ERROR,
        hits("RC812"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        checks="The care area that an order set, or one of its orders, names against those of the library (IHE 9021).",
        why="The limits of another area are not those of this patient.",
        fails="check docs/pump-library/ward.yaml --library docs/pump-library/adult.toml",
        passes="check docs/pump-library/rescue.yaml --library docs/pump-library/adult.toml",
        remedy="Write the area as the library does.",
        limits="Upper and lower case are equal. All entries count then. An unknown area on the command line ends "
        "with exit 2.",
    ),
    declared(
        "RC813",
        "pump-prefills-another-dose",
        Severity.WARNING,
        hits("RC813"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        checks="The ordered dose, bolus dose and bolus rate against the initial values of the pump.",
        why="Confirming the displayed value gives another dose than ordered.",
        fails="rate 2.5mg/h --drug nicardipine --concentration 0.1mg/mL --library docs/pump-library/adult.toml",
        passes="rate 5mg/h --drug nicardipine --concentration 0.1mg/mL --library docs/pump-library/adult.toml",
        remedy="Have the initial value changed or removed, or state it in the order.",
        limits="Not beside a limit that is exceeded.",
        yields_to=_ARITHMETIC,
    ),
    declared(
        "RC814",
        "entry-left-to-the-nurse",
        Severity.NOTE,
        hits("RC814"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        checks="Whether several entries fit an order and the pump would act differently with each, or one cannot "
        "be read.",
        why="The nurse chooses, and with another entry the pump may stop.",
        fails=_WITHIN,
        passes="rate 5mg/h --drug nicardipine --concentration 0.1mg/mL --library docs/pump-library/adult.toml",
        remedy="State the care area and the creatinine clearance, or give the entries distinct names.",
        limits="The findings beside it are those of the most permissive entry.",
    ),
    declared(
        "RC816",
        "limit-list-only",
        Severity.NOTE,
        hits("RC816"),
        "rescuecalc",
        since=_SINCE,
        of_set=True,
        checks="Whether the limits are those of a site's list and not of a pump.",
        why="No pump enforces them.",
        fails="rate 5mg/h --drug nicardipine --concentration 0.1mg/mL --library docs/pump-library/limits.toml",
        passes=_WITHIN,
        remedy="Remember that only this check compares them.",
        limits="Only limits are compared: another unit is converted with the weight, and neither concentrations "
        "nor boluses nor missing drugs are reported.",
    ),
)
