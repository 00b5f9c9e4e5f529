"""Renal rules as a file states them: the labels', and a hospital's own."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rescuecalc.catalogue.table import Problem, Table
from rescuecalc.core.quantities.quantity import CreatinineClearance
from rescuecalc.core.renal.creatinine_clearance import RenalBand, RenalRule

if TYPE_CHECKING:
    from rescuecalc.core.literature.source import Source


def renal_rule_from(key: str, drug: str, table: Table, sources: tuple[Source, ...]) -> RenalRule:
    """Return a renal rule; Problem where a clearance falls into two of its bands, or into none, or a factor above 1."""
    bands = tuple(_band(each) for each in table.tables("bands"))
    rule = RenalRule(key, drug, table.text("title"), bands, table.maybe_text("load_remark"), sources)
    table.finish()
    where = table.where("bands")
    # A clearance between two bands would be dosed in full without a word.
    if not bands or bands[-1].up_to is not None:
        raise Problem(f"{where}: the last band has no up_to, so that every clearance falls into one")
    for below, above in pairwise(bands):
        if below.up_to is None or (above.up_to is not None and not above.up_to.exceeds(below.up_to)):
            raise Problem(
                f"{where}: bands stand from low to high, each but the last with an up_to above the one before"
            )
    # A renal rule takes away; a factor above 1 is a percentage, or bolus and infusion of two protocols mixed up.
    for band in bands:
        if not (0 < band.bolus_factor <= 1 and 0 < band.infusion_factor <= 1):
            raise Problem(f"{where}: a factor is above 0 and at most 1: '0.5' halves")
    return rule


def _band(table: Table) -> RenalBand:
    band = RenalBand(
        table.maybe_quantity("up_to", CreatinineClearance),
        table.flag("includes"),
        table.number("bolus_factor"),
        table.number("infusion_factor"),
        table.text("words"),
    )
    table.finish()
    return band
