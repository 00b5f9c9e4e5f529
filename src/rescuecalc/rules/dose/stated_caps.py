"""RC4: the cap that an order or a protocol file states: one that never binds, and one that hides every dose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.orders.agreement import exact, in_unit_of
from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.quantities.decimal_text import plain, significant
from rescuecalc.core.quantities.quantity import Dose, DosePerKg, DoseRate, DoseRatePerKg
from rescuecalc.rules.base.rule import Hit, Rule, declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject

_DIGITS = 6

_CAPPED = (
    ("max_dose", Dose, "dose_per_kg", DosePerKg),
    ("max_dose_rate", DoseRate, "dose_rate_per_kg", DoseRatePerKg),
)


def _never_binds(subject: Subject) -> Iterator[Hit]:
    heaviest = subject.knowledge.limits.usual_weight.high
    for order in subject.order_set.orders:
        for name, role, field, per_kg_role in _CAPPED:
            cap, per_kg = order.quantity(name, role), order.quantity(field, per_kg_role)
            most = exact(per_kg).times(exact(heaviest)) if per_kg is not None else None
            if cap is None or most is None or most.drug != exact(cap).drug or exact(cap).value <= most.value:
                continue
            number = plain(significant(in_unit_of(most, cap), _DIGITS))
            reached = f"{per_kg} × {heaviest} is {number} {cap.unit.name}"
            message = f"the cap of {cap} can never bind: {reached}, the most that a usual weight gives"
            limits = subject.knowledge.limits
            found = cap.text or str(cap)
            hit = Hit(message, (limits.source,), f"{order.pointer}/{name}", found)
            yield hit._replace(expected_range=(None, f"{number} {cap.unit.name}"))


def _always_binds(subject: Subject) -> Iterator[Hit]:
    """Yield the caps below every usual dose: of a written order the model finds them, with what else is wrong."""
    if subject.written:
        from rescuecalc.rules.facts.contradiction import CAP_BINDS, hits_of  # noqa: PLC0415  # not for a dose at the bedside

        yield from hits_of(CAP_BINDS)(subject)
    limits = subject.knowledge.limits
    lightest = limits.usual_weight.low
    for order in (order for order in subject.order_set.orders if not order.texts):
        for name, role, field, per_kg_role in _CAPPED:
            cap, per_kg = order.quantity(name, role), order.quantity(field, per_kg_role)
            least = exact(per_kg).times(exact(lightest)) if per_kg is not None else None
            if cap is None or least is None or least.drug != exact(cap).drug or exact(cap).value >= least.value:
                continue
            number = f"{plain(significant(in_unit_of(least, cap), _DIGITS))} {cap.unit.name}"
            message = (
                f"the cap of {cap} is below every dose: {per_kg} × {lightest}, the least of a usual weight, is "
                f"{number}, so that {per_kg} is never given"
            )
            hit = Hit(message, (limits.source,), f"{order.pointer}/{name}", str(cap))
            yield hit._replace(expected_range=(number, None))


RULES = (
    Rule(
        code="RC421",
        name="cap-that-never-binds",
        severity=Severity.WARNING,
        since="0.1.0",
        sources=("rescuecalc",),
        checks="A maximum dose or dose rate against what the dose per kg gives at {limits.usual_weight.high}.",
        why="A cap above every dose looks like a safeguard and is none; often it is a slip of unit.",
        fails="{drug: eptifibatide, kind: infusion, dose_rate_per_kg: 2 mcg/kg/min, max_dose_rate: 150 mg/h}",
        passes="{drug: eptifibatide, kind: infusion, dose_rate_per_kg: 2 mcg/kg/min, max_dose_rate: 15 mg/h}",
        remedy="Check number and unit of the cap.",
        limits="No publication states this limit of a usual weight: it is rescuecalc's, and a site may set its own.",
        check=_never_binds,
    ),
    declared(
        "RC427",
        "cap-below-every-dose",
        Severity.ERROR,
        _always_binds,
        "rescuecalc",
        checks="A maximum dose or dose rate against what the dose per kg gives at {limits.usual_weight.low}, or a "
        "lower weight.",
        of_set=True,
        why="A cap that always binds takes the dose per kg away: one tenth of it passes as capped.",
        fails="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, max_dose: 80 mcg}",
        passes="{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, max_dose: 1000 mcg}",
        remedy="Check number and unit of the cap.",
        limits="The limit of a usual weight is rescuecalc's, and a site may set its own; a cap that binds for heavy "
        "patients alone "
        "is not judged, but against those of the sources (RC425).",
    ),
)
