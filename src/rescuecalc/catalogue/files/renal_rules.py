"""Renal rules as a file states them: the labels', and a hospital's own."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rescuecalc.catalogue.files.table import Problem, Table
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import CreatinineClearance
from rescuecalc.core.renal.creatinine_clearance import RenalBand, RenalRule

if TYPE_CHECKING:
    from rescuecalc.core.literature.source import Source


def renal_rule_from(key: str, drug: str, table: Table, sources: tuple[Source, ...]) -> RenalRule:
    """Return a renal rule; Problem where a clearance is in two bands or none, or where the factors reduce no dose."""
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
    if not any(band.adjusts for band in bands):
        raise Problem(f"{where}: no band reduces a dose: write the factor that does, or remove the renal rule")
    for place, (low, band) in enumerate(zip((None, *(each.up_to for each in bands)), bands, strict=False)):
        contradicted = _contradicted(band, low)
        if contradicted:
            raise Problem(f"{where}[{place}].words: {quoted(band.words)} {contradicted}")
    return rule


def _contradicted(band: RenalBand, low: CreatinineClearance | None) -> str:
    """Return what the words of a band contradict, empty where nothing: they are printed beside the dose it makes."""
    ends = [end.value_in("mL/min") for end in (low, band.up_to) if end is not None]
    factors = (band.bolus_factor, band.infusion_factor)
    shares = {share * 100 for factor in factors for share in (factor, 1 - factor)}
    for number, per_cent in _NUMBER.findall(band.words):
        if Fraction(number) not in (shares if per_cent else ends):
            return f"does not fit its {'factors' if per_cent else 'clearances'}: it says {number}{per_cent}"
    is_above, is_below = (pattern.search(band.words) is not None for pattern in (_ABOVE, _BELOW))
    if (low is None and is_above and not is_below) or (band.up_to is None and is_below and not is_above):
        return "names the clearances on the other side"
    if _HALF.search(band.words) and Fraction(1, 2) not in factors:
        return "halves, and no factor of the band does"
    return "says the full dose, and no factor of the band is 1" if _FULL.search(band.words) and 1 not in factors else ""


_NUMBER: Final = re.compile(r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)( ?%)?(?! ?(?:mcg|mg|mL(?!/min)|kg|h\b|x))")
_ABOVE: Final = re.compile(r"\b(?:above|over|more|greater|higher)\b|[>\u2265]", re.IGNORECASE)
_BELOW: Final = re.compile(r"\b(?:below|under|less|lower|up to|at most|to)\b|[<\u2264]", re.IGNORECASE)
_HALF: Final = re.compile(r"\b(?:half|halve[sd]?)\b", re.IGNORECASE)
_FULL: Final = re.compile(r"\b(?:full|unchanged|not reduced|no reduction)\b", re.IGNORECASE)


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
