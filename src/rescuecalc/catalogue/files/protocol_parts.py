"""What no single key of a protocol file shows to be wrong: how its parts stand beside each other."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.catalogue.files.table import Problem

if TYPE_CHECKING:
    from rescuecalc.core.regimen.protocol import BolusStep, InfusionStep, LabelBand
    from rescuecalc.core.renal.creatinine_clearance import RenalRule

MOST_BOLUSES: Final = 2


def table_under(rule: RenalRule, band: LabelBand) -> None:
    """Refuse a table by weight whose rows would show a full dose where the renal rule leaves less of it."""
    factors = {band.infusion_factor for band in rule.bands} - {Fraction(1)}
    halves = all(row.halved.pump_rate != row.full.pump_rate for row in band.rows)
    boluses = any(each.bolus_factor != 1 for each in rule.bands) and any(row.full.bolus_volume for row in band.rows)
    if boluses or factors - {Fraction(1, 2)} or (factors and not halves):
        raise Problem("label_band: beside [renal_rule] it has a halved_pump_rate, and the rule halves infusions alone")


def second_bolus(boluses: tuple[BolusStep, ...], band: LabelBand | None) -> None:
    """Refuse boluses of which it is not clear which is given when, and of which no page could show both."""
    if len(boluses) > MOST_BOLUSES:
        raise Problem("bolus: there are more than two; rescuecalc plans a bolus and a second one")
    if boluses and boluses[0].at is not None:
        raise Problem("bolus[0].at: is of a second bolus; the first is given before the infusion starts")
    if len(boluses) == MOST_BOLUSES:
        first, second = boluses
        if second.at is None:
            raise Problem("bolus[1].at: is missing; say when a second bolus is given, as 10 min after the start")
        if first.route != second.route or first.dose_range or second.dose_range or band is not None:
            raise Problem(
                "bolus[1]: a second bolus has the route of the first, no dose_range and no label_band beside it"
            )


def sequence(infusions: tuple[InfusionStep, ...]) -> None:
    """Refuse infusions that are neither one maintenance nor a load and then a maintenance."""
    if [step.role for step in infusions] not in ([], ["maintenance"], ["load", "maintenance"]):
        raise Problem("infusion: is one maintenance, or a load and then a maintenance")
