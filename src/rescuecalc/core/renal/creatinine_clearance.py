"""Creatinine clearance, ideal and adjusted weight, and the renal rules of the labels."""

from fractions import Fraction
from typing import NamedTuple

from rescuecalc.core.literature.source import Source
from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight, Height, SerumCreatinine
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import CalculationRefused


class RenalBand(NamedTuple):
    """What a label does up to a clearance (None: without an upper end), that value included or not."""

    up_to: CreatinineClearance | None
    includes: bool
    bolus_factor: Fraction
    infusion_factor: Fraction
    words: str

    def holds(self, clearance: CreatinineClearance) -> bool:
        """Whether ``clearance`` lies below this band's upper end (bands are tried from low to high)."""
        if self.up_to is None:
            return True
        # Exactly 60 and exactly 30 are where real forms leave a gap or an overlap (US label: 60 belongs to the lower
        # band; EU: 30 does not). Each band says itself whether its end belongs to it, so that a value falls into just
        # one.
        return self.up_to.exceeds(clearance) or (self.includes and self.up_to.equals(clearance))

    def factor(self, kind: str) -> Fraction:
        """Return by what this band multiplies the dose of a ``bolus``, else of an infusion."""
        return self.bolus_factor if kind == "bolus" else self.infusion_factor

    @property
    def adjusts(self) -> bool:
        """Whether this band changes any dose."""
        return self.bolus_factor != Fraction(1) or self.infusion_factor != Fraction(1)


class RenalRule(NamedTuple):
    """A label's renal rule: bands from low to high, of which exactly one holds any clearance.

    ``load_remark`` says what its use on a loading infusion rests on, where the label has none.
    """

    id: str
    drug: str
    title: str
    bands: tuple[RenalBand, ...]
    load_remark: str | None
    sources: tuple[Source, ...]

    def band(self, clearance: CreatinineClearance) -> RenalBand:
        """Return the one band that ``clearance`` falls into, judged on the unrounded value."""
        # Unrounded: 60.4 that is printed as 60 is above the threshold, and rounding first would halve that infusion.
        return next(band for band in self.bands if band.holds(clearance))

    def boundary_at(self, clearance: CreatinineClearance) -> bool:
        """Whether ``clearance`` is exactly a threshold of this rule."""
        return any(band.up_to is not None and band.up_to.equals(clearance) for band in self.bands)


class RenalConstants(NamedTuple):
    """The constants of the Cockcroft-Gault and Devine formulas and of the creatinine units, from the catalogue."""

    age_from: Fraction
    divisor: Fraction
    female_factor: Fraction
    umol_per_litre_per_mg_per_dl: Fraction
    ideal_male: DosingWeight
    ideal_female: DosingWeight
    per_inch: DosingWeight
    above: Height
    adjusted_share: Fraction
    sources: tuple[Source, ...]


def creatinine_in_mg_per_dl(creatinine: SerumCreatinine, constants: RenalConstants) -> Fraction:
    """Return serum creatinine in mg/dL; umol/L is divided by 88.42 (source: cockcroft-gault)."""
    if creatinine.unit.name == "mg/dL":
        return creatinine.magnitude
    return creatinine.value_in("umol/L") / constants.umol_per_litre_per_mg_per_dl


def creatinine_clearance(
    age_years: int, sex: str, weight: DosingWeight, creatinine: SerumCreatinine, constants: RenalConstants
) -> CreatinineClearance:
    """Return CrCl (mL/min) = (140 - age) x weight (kg) / (72 x creatinine (mg/dL)), x 0.85 if female.

    Source: cockcroft-gault. Raises CalculationRefused where age leaves nothing of 140.
    """
    # Of 140 years: the formula has no meaning beyond, and a negative clearance would fall into the lowest band.
    remaining = constants.age_from - age_years
    if remaining <= 0:
        raise CalculationRefused(f"--age: {age_years} years leave nothing of the formula's {constants.age_from}")
    clearance = remaining * weight.value_in("kg") / (constants.divisor * creatinine_in_mg_per_dl(creatinine, constants))
    sex_factor = constants.female_factor if sex == "female" else Fraction(1)
    return CreatinineClearance(clearance * sex_factor, unit("mL/min"))


def ideal_weight(sex: str, height: Height, constants: RenalConstants) -> DosingWeight:
    """Return the Devine weight: 50 kg (male) or 45.5 kg (female) + 2.3 kg per inch over 60 in (source: devine).

    Raises CalculationRefused below 60 in, where the formula is not defined.
    """
    inches_over = height.value_in("in") - constants.above.value_in("in")
    # Extrapolated below 60 in the weight falls without an end, and a clearance with it: whole bands too low.
    if inches_over < 0:
        shortest = f"{constants.above} ({constants.above.to('cm')})"
        message = f"ideal weight, and adjusted weight with it, is not defined below {shortest}; use --basis actual"
        raise CalculationRefused(message)
    # The constants are data with a source (formulas.toml), also those that everybody knows by heart.
    base = constants.ideal_female if sex == "female" else constants.ideal_male
    return DosingWeight(base.value_in("kg") + constants.per_inch.value_in("kg") * inches_over, unit("kg"))


def adjusted_weight(actual: DosingWeight, ideal: DosingWeight, constants: RenalConstants) -> DosingWeight:
    """Return ideal + 0.4 x (actual - ideal); CalculationRefused where actual is below ideal (source: devine)."""
    # The adjustment takes back a part of what is above the ideal weight; of an underweight patient it would add some.
    if ideal.exceeds(actual):
        message = f"adjusted weight is not defined when actual ({actual}) is below ideal weight ({ideal})"
        raise CalculationRefused(message)
    over = actual.value_in("kg") - ideal.value_in("kg")
    return DosingWeight(ideal.value_in("kg") + constants.adjusted_share * over, unit("kg"))
