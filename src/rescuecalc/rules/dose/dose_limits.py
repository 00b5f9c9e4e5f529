"""RC4: the declared rules about a dose that its reference does not allow: the named protocol, the published range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.reference.dose_domain import (
    BOLUS_RANGE,
    OTHER_DRUG,
    PROTOCOL,
    RATE_RANGE,
    SITE_RANGE,
    is_plainly_inside,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.rules.base.knowledge import Subject


def _hits(code: str) -> Callable[[Subject], Iterator[Hit]]:
    def check(subject: Subject) -> Iterator[Hit]:
        if is_plainly_inside(subject):
            return
        # A dose at the bedside is nearly always inside, and the model takes milliseconds to import.
        from rescuecalc.rules.facts.dose_outside import hits  # noqa: PLC0415
        from rescuecalc.rules.facts.split_bolus import is_part  # noqa: PLC0415

        for hit in hits(code, subject):
            if code not in _OF_BOLUS or not is_part(hit.pointer.rpartition("/")[0], subject):
                yield hit

    return check


_OF_BOLUS: Final = frozenset((BOLUS_RANGE, SITE_RANGE, PROTOCOL))
"""Rules that compare a bolus: of one that is ordered in parts the whole is compared, and RC634 reports the parts."""

_LIMITS: Final = (
    "Outside an end that rests on one small series it is a warning, up to the highest dose that any source gives by "
    "any route. Half a step of the pump, or of the volume, is tolerated, except for a dose per kg without a pump rate "
    "or volume. A hospital's own protocol changes no range."
)
_ARITHMETIC: Final = "RC301 RC302 RC303 RC304 RC305 RC433"
"""Where the order's own numbers, or its table's, show that the same number is wrong, its range says nothing more."""

_BETTER: Final = f"{_ARITHMETIC} RC420 RC223"
"""Nor where the dose is that of another drug, or stands in a text of another drug: one finding says both."""

_STRENGTH: Final = "RC422 RC423 RC424"
"""A dose that is counted with a wrong strength is not wrong once more."""

_REGIMEN: Final = "--route iv --infusion 0.1mcg/kg/min --run-time 24h --weight 80kg"

RULES = (
    declared(
        RATE_RANGE,
        "dose-rate-outside-every-source",
        Severity.ERROR,
        _hits(RATE_RANGE),
        "khachatryan-2023 us-label eu-label trend-2024 instant-2024",
        checks="The dose rate per kg of a regimen without a named protocol, against the published range of the "
        "drug. A load's rate is allowed only for the time of a load. In an order set whose name or "
        "indication mentions stroke or rescue, tirofiban above "
        "{published_ranges.tirofiban.rescue.maintenance.high} is reported. In a file, a dose rate, a pump "
        "rate, or a dose or VTBI over its run time is converted with the weight (without one, with each of "
        "{limits.usual_weight}).",
        why="A rate that no source uses is an error until shown otherwise: a 60-fold rate comes from per hour "
        "read as per minute.",
        fails=f"dose --bolus 10mcg/kg {_REGIMEN.replace('0.1mcg', '6mcg')}",
        passes=f"dose --bolus 10mcg/kg {_REGIMEN}",
        remedy="Check the unit of time and the decimal point.",
        limits="A named protocol is its own reference and is not judged here; RC418 judges a hospital's file. A dose "
        f"or VTBI that equals a whole container is not read as the dose given. {_LIMITS}",
        severities=(Severity.WARNING,),
        of_set=True,
        yields_to=_BETTER,
        follows=_STRENGTH,
    ),
    declared(
        BOLUS_RANGE,
        "bolus-outside-every-source",
        Severity.ERROR,
        _hits(BOLUS_RANGE),
        "khachatryan-2023 us-label eu-label",
        checks="The bolus of a regimen without a named protocol, per kg or fixed, against the drug's published "
        "range by the same route. In an order set whose name or indication mentions stroke or rescue, "
        "tirofiban above {published_ranges.tirofiban.rescue.bolus.high} is reported. A fixed dose that no "
        "source fixes is divided by the weight (for a row by its band, without one by each of "
        "{limits.usual_weight}). In a file, a volume is converted with its concentration.",
        why="A bolus that no source uses is an error until shown otherwise.",
        fails=f"dose --bolus 100mcg/kg {_REGIMEN}",
        passes=f"dose --bolus 10mcg/kg {_REGIMEN}",
        remedy="Check the unit, the decimal point and the drug: eptifibatide's bolus is "
        "{published_ranges.eptifibatide.bolus.IV}.",
        limits="The lowest and highest published dose bound one range; a dose between them may come from no source. "
        f"{_LIMITS}",
        severities=(Severity.WARNING,),
        of_set=True,
        yields_to=f"{_BETTER} RC429",
        follows=_STRENGTH,
    ),
    declared(
        SITE_RANGE,
        "site-dose-outside-every-source",
        Severity.ERROR,
        _hits(SITE_RANGE),
        "khachatryan-2023 us-label eu-label trend-2024 instant-2024",
        checks="The bolus and the dose rates of a hospital's own file against the published range of the drug.",
        why="The same dose on the command line is an error: a 60-fold dose in a hospital's file would reach "
        "every patient.",
        fails="dose --protocol-file docs/examples/outside.toml --weight 80kg --run-time 24h",
        passes="dose --protocol-file docs/examples/our-hospital.toml --weight 80kg --run-time 24h",
        remedy="Check the file against its source.",
        limits="The published range is that of RC402 and RC404.",
        severities=(Severity.WARNING,),
        of_set=True,
        yields_to=_BETTER,
        follows=_STRENGTH,
    ),
    declared(
        PROTOCOL,
        "dose-unlike-protocol",
        Severity.ERROR,
        _hits(PROTOCOL),
        "khachatryan-2023",
        checks="Dose per kg, dose and dose rate per kg of an order against the protocol that it names. If the "
        "order states none, its dose rate, pump rate or volume, or its dose or VTBI over its run time, is "
        "converted with the weight (without one, with each of {limits.usual_weight}).",
        why="Readers expect the doses of the named protocol; "
        "{published_ranges.tirofiban.bolus.IV.any.high:mcg/kg} in place of "
        "{published_ranges.tirofiban.bolus.IV.any.low:mcg/kg} is still a plausible number.",
        fails="{order_set: Example, protocol: yang-2020-iv, orders: [{drug: tirofiban, route: IV, kind: bolus, "
        "dose_per_kg: 25 mcg/kg, give_over: 5 min}]}",
        passes="{order_set: Example, protocol: yang-2020-iv, orders: [{drug: tirofiban, route: IV, kind: bolus, "
        "dose_per_kg: 10 mcg/kg, give_over: 5 min}]}",
        remedy="Correct the dose, or name the protocol that states it.",
        limits="Its caps and the weight-band rows of its label count as stated. Its renal rule applies at the "
        "patient's clearance, or at the clearances of the order's condition; if neither is stated, the full"
        " and the reduced dose are both accepted. A load's rate is accepted for the time of the load.",
        of_set=True,
        yields_to=_BETTER,
        follows=_STRENGTH,
    ),
    declared(
        OTHER_DRUG,
        "dose-of-another-drug",
        Severity.ERROR,
        _hits(OTHER_DRUG),
        "tirofiban-labels eptifibatide-label abciximab-label",
        checks="A dose or dose rate per kg that is outside the range or protocol of its drug and that a source "
        "states for another GP IIb/IIIa inhibitor.",
        why="Tirofiban and eptifibatide lie side by side, and their doses are "
        "{published_ranges.tirofiban.bolus.IV.any.low:mcg/kg} or "
        "{published_ranges.tirofiban.bolus.IV.any.high:mcg/kg} against {published_ranges.eptifibatide.bolus.IV.high}.",
        fails="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg}",
        passes="{drug: eptifibatide, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg}",
        remedy="Find out which drug is meant.",
        limits="For orders in files, in place of RC402, RC404, RC418 and RC419; not if a known error changes a "
        "stated dose of the drug itself into this one.",
        of_set=True,
        yields_to=_ARITHMETIC,
        follows=_STRENGTH,
    ),
)
