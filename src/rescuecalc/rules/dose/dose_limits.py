"""RC4: the declared rules about a dose that its reference does not allow: the named protocol, the published range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.finding import Severity
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.dose_domain import (
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

        yield from hits(code, subject)

    return check


_LIMITS: Final = (
    "Outside of an end that rests on one small series it is a warning, up to the highest dose that any source gives by "
    "any route. Half a step of the pump, or of the volume, is not outside, but of a dose per kg beside no pump rate or "
    "volume. A hospital's own protocol changes no range."
)
_ARITHMETIC: Final = "RC301 RC303"
"""Where the order's own numbers show that the dose per kg is wrong, its range says nothing more."""

_BETTER: Final = f"{_ARITHMETIC} RC420"
"""Nor where the dose is that of another drug: one finding says both."""

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
        checks="The dose rate per kg of a regimen that names no protocol, against the published range of the drug; a "
        "load's rate only for as long as a load runs; above {published_ranges.tirofiban.rescue.maintenance.high} of "
        "tirofiban in an order set whose name or "
        "indication says stroke or rescue. In a file also what a dose rate, a pump rate, or a dose or VTBI "
        "in its run time comes to at the weight (where none is known at any of {limits.usual_weight}).",
        why="A rate that no source uses is an error until shown otherwise: "
        "60 times too high is per hour read as per minute.",
        fails=f"dose --bolus 10mcg/kg {_REGIMEN.replace('0.1mcg', '6mcg')}",
        passes=f"dose --bolus 10mcg/kg {_REGIMEN}",
        remedy="Check the unit of time and the decimal point.",
        limits="A named protocol is its own reference and is not judged here; a hospital's file is, by RC418. A dose "
        f"or VTBI that is a whole container is not taken for what is given. {_LIMITS}",
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
        checks="The bolus of a regimen that names no protocol, per kg or fixed, against the drug's published range "
        "by the same route; above {published_ranges.tirofiban.rescue.bolus.high} of tirofiban in an order set whose "
        "name or indication says stroke or "
        "rescue. A fixed dose, where no source fixes such a one, is divided by the weight (of a row its band, "
        "where none is known any of {limits.usual_weight}). In a file also what a volume of a concentration comes to.",
        why="A bolus that no source uses is an error until shown otherwise.",
        fails=f"dose --bolus 100mcg/kg {_REGIMEN}",
        passes=f"dose --bolus 10mcg/kg {_REGIMEN}",
        remedy="Check the unit, the decimal point and the drug: eptifibatide's bolus is "
        "{published_ranges.eptifibatide.bolus.IV}.",
        limits="The lowest and highest published dose bound one range; what lies between may be no source's own dose. "
        f"{_LIMITS}",
        severities=(Severity.WARNING,),
        of_set=True,
        yields_to=_BETTER,
        follows=_STRENGTH,
    ),
    declared(
        SITE_RANGE,
        "site-dose-outside-every-source",
        Severity.ERROR,
        _hits(SITE_RANGE),
        "khachatryan-2023 us-label eu-label trend-2024 instant-2024",
        checks="The bolus and the dose rates of a hospital's own file against the published range of the drug.",
        why="The same dose typed is an error: one of 60 in a hospital's file would reach every patient.",
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
        checks="Dose per kg, dose and dose rate per kg of an order that was written against the protocol it names; "
        "where it says none, what its dose rate, pump rate or volume, or its dose or VTBI in its run time, comes to at "
        "the weight (where none is known at any of {limits.usual_weight}).",
        why="Under a protocol's name its own doses are expected; "
        "{published_ranges.tirofiban.bolus.IV.any.high:mcg/kg} where "
        "{published_ranges.tirofiban.bolus.IV.any.low:mcg/kg} belongs stays a plausible number.",
        fails="{order_set: Example, protocol: yang-2020-iv, orders: [{drug: tirofiban, route: IV, kind: bolus, "
        "dose_per_kg: 25 mcg/kg, give_over: 5 min}]}",
        passes="{order_set: Example, protocol: yang-2020-iv, orders: [{drug: tirofiban, route: IV, kind: bolus, "
        "dose_per_kg: 10 mcg/kg, give_over: 5 min}]}",
        remedy="Correct the dose, or name the protocol that it comes from.",
        limits="Its caps and its label's weight-band rows are taken as stated. What its own renal rule leaves is the "
        "reference at the patient's clearance, or at those that the order is for; where neither is said, both are. A "
        "load's rate is, for as long as the load runs.",
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
        checks="A dose or dose rate per kg outside the range or the protocol of its drug that is stated of another GP "
        "IIb/IIIa inhibitor.",
        why="Tirofiban and eptifibatide lie side by side, and their doses are "
        "{published_ranges.tirofiban.bolus.IV.any.low:mcg/kg} or "
        "{published_ranges.tirofiban.bolus.IV.any.high:mcg/kg} against {published_ranges.eptifibatide.bolus.IV.high}.",
        fails="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg}",
        passes="{drug: eptifibatide, route: IV, kind: bolus, dose_per_kg: 180 mcg/kg}",
        remedy="Find out which drug is meant.",
        limits="Of an order that was written, in place of RC402, RC404, RC418 and RC419; not where a known error makes "
        "the dose of one that is stated of the drug itself.",
        of_set=True,
        yields_to=_ARITHMETIC,
        follows=_STRENGTH,
    ),
)
