"""RC83x and RC85x, declared: a library itself, and what it does to protocols."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.library.known_library import known_library
from rescuecalc.rules.library.versions.change_rules import CHANGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.rules.base.knowledge import Knowledge, Subject
    from rescuecalc.rules.library.hits import InLibrary

    Check = Callable[[InLibrary, Knowledge], Iterator[Hit]]

_SINCE: Final = "0.2.0"
_FAULTY: Final = "library check docs/pump-library/faulty.csv"
_SOUND: Final = "library check docs/pump-library/adult.toml"
_PROTOCOLS: Final = "Without --protocol the regimens of the drug are compared, labels first, and the finding is a note."


def _of(module: str, name: str) -> Callable[[Subject], Iterator[Hit]]:
    """Return the check of a library that a module of this family has under a name; imported once it is needed."""

    def check(subject: Subject) -> Iterator[Hit]:
        known = known_library(subject)
        if known is not None and known.use.older is None:
            yield from getattr(import_module(f"{__package__}.{module}"), name)(known, subject.knowledge)

    return check


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

_DECLARED = (
    declared(
        "RC830",
        "limit-stops-protocol-dose",
        _ERROR,
        _of("entries.protocol_limits", "stops"),
        "rescuecalc",
        since=_SINCE,
        severities=(_WARNING, _NOTE),
        checks="Each dose of a protocol, also by its renal rule, against the hard limits of the entries that can "
        "give it, in every care area; hard limits outside which all published doses of the drug lie are an error "
        "where no protocol is named, a warning of a thrombolytic.",
        why="The pump does not start the dose of the protocol.",
        fails=f"{_SOUND} --protocol trend-2024",
        passes=f"{_SOUND} --protocol yang-2020-iv",
        remedy="Widen the limit, add an entry for the load, or document how the load is run without it.",
        limits=f"Of several entries in an area the most permissive counts. {_PROTOCOLS}",
    ),
    declared(
        "RC831",
        "limit-alarms-at-protocol-dose",
        _WARNING,
        _of("entries.protocol_limits", "alarms"),
        "rescuecalc",
        since=_SINCE,
        severities=(_NOTE,),
        checks="As RC830, for the soft limits.",
        why="Alarms at the right dose train staff to override alarms.",
        fails="library check docs/pump-library/bolus.csv --protocol trend-2024",
        passes=f"{_SOUND} --protocol yang-2020-iv",
        remedy="Widen the soft limit by one step of the pump.",
        limits="As RC830.",
    ),
    declared(
        "RC832",
        "tenfold-passes",
        _ERROR,
        _of("entries.protocol_limits", "tenfold"),
        "rescuecalc",
        since=_SINCE,
        severities=(_WARNING,),
        checks="Ten times the initial value (without one, or if no source states it, ten times the highest dose of a "
        "protocol or another source that passes without an alarm) against the maxima of the dose rate and of the "
        "bolus; a warning if only a soft maximum stops it, unless a hard maximum is set that ten times what is "
        "published, or ten times the soft maximum, does not pass. Limits without a maximum, those of a bolus without a "
        "hard one (a warning), and a soft maximum a thousand times the soft minimum.",
        why="The limits exist to stop errors of the decimal point.",
        fails=_SOUND,
        passes="library check docs/pump-library/adult.toml --drug tirofiban",
        remedy="Set a hard maximum below ten times the usual dose.",
        limits="Of a drug of which no dose is held an entry without an initial value is judged only by how far "
        "its limits lie apart.",
        yields_to="RC833 RC850 RC851",
    ),
    declared(
        "RC838",
        "initial-outside-published-range",
        _ERROR,
        _of("entries.protocol_limits", "unstated_initial_values"),
        "rescuecalc",
        since=_SINCE,
        severities=(_WARNING,),
        checks="The initial value of a dose rate or a bolus against what is published of the drug, a label's dose or a "
        "range; an amount against that of {limits.usual_weight}. Without an initial value outside, doses far above "
        "what is published that pass without an alarm.",
        why="The pump starts from it where nobody types another.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Check number and unit of the initial value.",
        limits="Drugs whose doses are held here: the inhibitors and the thrombolytics in stroke.",
        yields_to="RC850",
    ),
    declared(
        "RC833",
        "limit-never-binds",
        _WARNING,
        _of("entries.pump_reach", "never_binds"),
        "rescuecalc",
        since=_SINCE,
        severities=(_ERROR,),
        checks="Whether a maximum needs a faster pump at every weight of {limits.usual_weight}. An error is a maximum "
        "or initial value less than the slowest rate or the step of the pump even at the heaviest, a minimum or "
        "initial value that needs a faster pump even at the lightest, a maximum of a drug without a held dose below "
        "which no other lies, and a rate, step, VTBI or weight of the pump or of a care area that "
        "no pump and no patient has.",
        why="A limit that no patient can reach protects nobody, and below the step of the pump nothing can be set.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Check unit and decimal point of the limit, and the concentration.",
        limits="Only if the entry has a concentration.",
        yields_to="RC830 RC838 RC851",
    ),
    declared(
        "RC834",
        "unit-differs-from-source",
        _ERROR,
        _of("entries.limit_slips", "unit_of_source"),
        "rescuecalc",
        since=_SINCE,
        checks="Limits that contain none of the drug's doses, but would contain one after a factor of 60 or 1,000,"
        " or with the weight; limits of a rate where one dose is published.",
        why="The limits were written for another unit than the pump shows.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Correct the unit, or the limits.",
        limits="RC830 and RC831 do not report the same limit again.",
    ),
    declared(
        "RC835",
        "product-without-entry",
        _WARNING,
        _of("entries.entry_products", "products_and_names"),
        "rescuecalc",
        since=_SINCE,
        severities=(_ERROR,),
        checks="The concentrations of the catalogue's products for infusion against those of the drug's entries, "
        "in both directions, also against the limits of an entered concentration. Names that are nearly one of the "
        "catalogue's, or hold one, are an error, since none of its limits is judged; so is a name of [drugs] that no "
        "row has, and one has nearly, and one that [drugs] takes for another drug than it says. A name one letter off "
        "another drug's of the library is a warning. A strength of a product with the "
        "decimal point or the unit moved, ten times off every product, or of an undiluted one is an error, and "
        "so is ten times the most that is given of a thrombolytic.",
        why="A product on the shelf has no entry, or an entry has a concentration that nobody makes.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Add or correct the entry.",
        limits="Only drugs of the catalogue, and thrombolytics.",
        yields_to="RC855",
    ),
    declared(
        "RC836",
        "no-room-for-rounding",
        _NOTE,
        _of("entries.protocol_limits", "limits_without_margin"),
        "rescuecalc",
        since=_SINCE,
        checks="Limits that equal a protocol's dose.",
        why="The pump rounds to its step: at many weights the rounded rate exceeds the limit.",
        fails=f"{_SOUND} --protocol us-label",
        passes="library check docs/pump-library/limits.toml",
        remedy="Widen the limit by one step of the pump.",
        limits="Reported once a limit, for the first protocol that states it.",
    ),
    declared(
        "RC837",
        "condition-gap-or-overlap",
        _WARNING,
        _of("entries.entry_conditions", "conditions"),
        "rescuecalc",
        since=_SINCE,
        severities=(_ERROR,),
        checks="The clearances and weights that the entries of a drug and concentration in an area do not cover, "
        "or cover twice; an entry for lower clearances with a higher maximum than one for higher clearances; "
        "therapies of the mapping that no row has, an error where one has nearly it. A condition that only the name or "
        "the therapy says, an error where the entry's own condition is for others.",
        why="At exactly 60 mL/min no entry applies, or the nurse chooses between two.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Include the end in one of the entries.",
        limits="An entry without a condition covers all that the others do not.",
    ),
    declared(
        "RC850",
        "limits-out-of-order",
        _ERROR,
        _of("entries.contents", "out_of_order"),
        "rescuecalc",
        since=_SINCE,
        checks="Hard minimum, soft minimum, initial value, soft maximum and hard maximum, each at most the next; the "
        "slowest and the fastest rate of the pump; the weights of a care area.",
        why="A soft maximum above the hard one never warns, and an initial value outside alarms at every start.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Correct the limit that is out of order.",
        limits="Reported once a set of limits, unless one of them stops or exceeds all that is published (RC830, "
        "RC838).",
        yields_to="RC830 RC838",
    ),
    declared(
        "RC851",
        "unit-differs-within-drug",
        _ERROR,
        _of("entries.entry_differences", "units_differ"),
        "rescuecalc",
        since=_SINCE,
        severities=(_WARNING, _NOTE),
        checks="The limits of a drug's entries against each other: a factor of 24, 60, 1,000 or 60,000, of 10 or 100 "
        "where three limits or more have it, or the same numbers per kg and not per kg; a single limit that is off by "
        "such a factor, or, as a warning, ten times or more. Ten times the amount in the "
        "same volume, or a tenth of the volume, under one name is a warning, a note in another care area. Strengths of "
        "the same numbers in another unit. Limits in another kind of unit than the strength, as units/h of mg, and in "
        "another unit than the one that the name or the therapy says.",
        why="One of the two entries allows a dose that is too high by this factor.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Find out which unit is right.",
        limits="Single limits are compared among entries for the same therapy and patients. The finding names the "
        "one with which fewer entries agree.",
    ),
    declared(
        "RC852",
        "entry-twice",
        _WARNING,
        _of("entries.contents", "twice"),
        "rescuecalc",
        since=_SINCE,
        checks="Entries of the same care area, drug, therapy, conditions, concentration and volume.",
        why="The nurse cannot distinguish them, and their limits may differ.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Remove one of them.",
        limits="1 g and 1,000 mg in the same volume are the same.",
    ),
    declared(
        "RC853",
        "custom-concentration-open",
        _WARNING,
        _of("entries.contents", "custom_open"),
        "rescuecalc",
        since=_SINCE,
        checks="Entries whose concentration the nurse enters, without a hard minimum for it, or with hard limits ten "
        "times off every product of the drug, or a thousandfold apart.",
        why="If it is entered ten times too low, the pump gives ten times too much.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Set a hard minimum and a soft maximum.",
        limits="Only the pump knows the entered value.",
    ),
    declared(
        "RC854",
        "bolus-limit-beyond-pump",
        _WARNING,
        _of("entries.contents", "bolus_beyond"),
        "rescuecalc",
        since=_SINCE,
        severities=(_ERROR,),
        checks="The bolus rates of an entry against the pump's maximum, up to the heaviest of {limits.usual_weight}. "
        "An error is a maximum at which a bolus takes ten times as long as one may, the soft one where both are set, "
        "and, of a drug without a held dose, a highest bolus that several bags do not hold, even for the lightest.",
        why="The pump cannot run the bolus as fast as its entry asks.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Lower the limit, or use a stronger concentration.",
        limits="Only if the entry has a concentration, or its rates are volumes.",
    ),
    declared(
        "RC855",
        "concentration-contradicts-amount",
        _ERROR,
        _of("entries.contents", "contradicts_amount"),
        "rescuecalc",
        since=_SINCE,
        severities=(_WARNING,),
        checks="The concentration of an entry against its amount divided by its volume, to its last digit, against the "
        "one that its name or its therapy says, and against the strongest that anything injected has; a warning is an "
        "entry of a pump that bounds a dose and has neither amount nor volume, as others of the library have.",
        why="The pump calculates every dose with it.",
        fails=_FAULTY,
        passes=_SOUND,
        remedy="Find out which of the three is wrong.",
        limits="An export rounds: 0.0333 mg/mL is 10 mg in 300 mL.",
    ),
    *CHANGES,
)

RULES = tuple(each._replace(of_library=True) for each in _DECLARED)
"""The rules that judge a library itself, and no order set."""
