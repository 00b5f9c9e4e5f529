"""A second opinion: the formulas of clinical-facts section 4 in exact fractions, importing nothing of rescuecalc.

Every argument names its unit. Nothing here is rounded unless the function's name says so.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

SECONDS_PER_HOUR = 3600
SIGNIFICANT_DIGITS = 15  # of a JSON number, by the command-line contract

KG_PER_LB = Fraction("0.45359237")
CM_PER_INCH = Fraction("2.54")
UMOL_PER_L_IN_ONE_MG_PER_DL = Fraction("88.42")


# --- dose, volume, pump rate -----------------------------------------------------------------------------------------


def capped(amount: Fraction, cap: Fraction | None) -> Fraction:
    """Return the smaller of a formula's amount and the label's fixed amount, both in one unit; no cap, no change."""
    return amount if cap is None else min(amount, cap)


def bolus_dose(mcg_per_kg: Fraction, kg: Fraction) -> Fraction:
    """Return the dose in mcg: dose per kilogram (mcg/kg) x weight (kg)."""
    return mcg_per_kg * kg


def volume(mcg: Fraction, mcg_per_ml: Fraction) -> Fraction:
    """Return the volume in mL that holds a dose: dose (mcg) / concentration (mcg/mL)."""
    return mcg / mcg_per_ml


def pump_rate(mcg_per_kg_min: Fraction, kg: Fraction, mcg_per_ml: Fraction) -> Fraction:
    """Return the pump rate in mL/h: dose rate (mcg/kg/min) x weight (kg) x 60 (min/h) / concentration (mcg/mL)."""
    return mcg_per_kg_min * kg * 60 / mcg_per_ml


def pump_rate_of_total(mcg_per_min: Fraction, mcg_per_ml: Fraction) -> Fraction:
    """Return the pump rate in mL/h of a dose rate that is already for the whole patient (mcg/min)."""
    return mcg_per_min * 60 / mcg_per_ml


def vtbi(ml_per_h: Fraction, hours: Fraction) -> Fraction:
    """Return the volume to be infused in mL: pump rate (mL/h) x run time (h)."""
    return ml_per_h * hours


def rounded_half_up(value: Fraction, step: Fraction) -> Fraction:
    """Return the multiple of the step that is nearest to a value of zero or more; a tie goes up."""
    return math.floor(value / step + Fraction(1, 2)) * step


def deviation_percent(delivered: Fraction, intended: Fraction) -> Fraction:
    """Return how far, in percent of what was intended, a rounded setting is off; positive is more than intended."""
    return (delivered - intended) / intended * 100


# --- containers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phase:
    """One infusion on the pump: its pump rate in mL/h and its run time in hours."""

    ml_per_h: Fraction
    hours: Fraction


@dataclass(frozen=True, slots=True)
class Fill:
    """What one container gives to one phase: mL, and the elapsed whole seconds when that empties it (or None)."""

    phase: int
    container: int
    ml: Fraction
    empty_seconds: int | None


def container_plan(
    phases: list[Phase],
    container_ml: Fraction,
    bolus_ml: Fraction = Fraction(0),
    priming_ml: Fraction = Fraction(0),
) -> list[Fill]:
    """Return the containers in the order they hang; a bolus and the priming (mL) are taken off the first.

    Elapsed 0 is the start of the first phase. A container that is not empty before the stop has no empty time.
    """
    left = container_ml - bolus_ml - priming_ml
    if left <= 0:
        message = "the first container holds nothing for the infusion"
        raise ValueError(message)
    stop = sum((phase.hours for phase in phases), Fraction(0))
    clock, number, plan = Fraction(0), 1, []
    for index, phase in enumerate(phases):
        wanted = vtbi(phase.ml_per_h, phase.hours)
        while wanted > 0:
            if left == 0:
                number, left = number + 1, container_ml
            given = min(left, wanted)
            clock, left, wanted = clock + given / phase.ml_per_h, left - given, wanted - given
            emptied = left == 0 and clock < stop
            plan.append(Fill(index, number, given, math.floor(clock * SECONDS_PER_HOUR) if emptied else None))
    return plan


# --- kidney and body weight ------------------------------------------------------------------------------------------


def cockcroft_gault(age_years: int, kg: Fraction, creatinine_mg_per_dl: Fraction, *, female: bool) -> Fraction:
    """Return creatinine clearance in mL/min: (140 - age) x weight / (72 x creatinine), x 0.85 if female."""
    clearance = (140 - age_years) * kg / (72 * creatinine_mg_per_dl)
    return clearance * Fraction("0.85") if female else clearance


def creatinine_mg_per_dl(umol_per_l: Fraction) -> Fraction:
    """Return serum creatinine in mg/dL of one in umol/L (1 mg/dL is 88.42 umol/L)."""
    return umol_per_l / UMOL_PER_L_IN_ONE_MG_PER_DL


def ideal_weight(height_cm: Fraction, *, female: bool) -> Fraction:
    """Return Devine's ideal weight in kg: 50 (male) or 45.5 (female) + 2.3 per inch over 60; undefined below 60 in."""
    inches = height_cm / CM_PER_INCH
    if inches < 60:
        message = "Devine is not defined below 60 in"
        raise ValueError(message)
    return (Fraction("45.5") if female else Fraction(50)) + Fraction("2.3") * (inches - 60)


def adjusted_weight(actual_kg: Fraction, ideal_kg: Fraction) -> Fraction:
    """Return the adjusted weight in kg: ideal + 0.4 x (actual - ideal); undefined when actual is below ideal."""
    if actual_kg < ideal_kg:
        message = "adjusted weight is not defined below the ideal weight"
        raise ValueError(message)
    return ideal_kg + Fraction("0.4") * (actual_kg - ideal_kg)


# --- the eight units of a rate ---------------------------------------------------------------------------------------

RATE_UNITS = ("mcg/kg/min", "mcg/kg/h", "mcg/min", "mcg/h", "mg/min", "mg/h", "mL/min", "mL/h")


def mcg_per_min_in_one(unit: str, kg: Fraction, mcg_per_ml: Fraction) -> Fraction:
    """Return how many mcg/min one of a rate unit is, for a weight (kg) and a concentration (mcg/mL)."""
    return {
        "mcg/kg/min": kg,
        "mcg/kg/h": kg / 60,
        "mcg/min": Fraction(1),
        "mcg/h": Fraction(1, 60),
        "mg/min": Fraction(1000),
        "mg/h": Fraction(1000, 60),
        "mL/min": mcg_per_ml,
        "mL/h": mcg_per_ml / 60,
    }[unit]


def converted_rate(value: Fraction, unit: str, to: str, kg: Fraction, mcg_per_ml: Fraction) -> Fraction:
    """Return a rate in another of the eight units, for a weight (kg) and a concentration (mcg/mL)."""
    return value * mcg_per_min_in_one(unit, kg, mcg_per_ml) / mcg_per_min_in_one(to, kg, mcg_per_ml)


# --- reading an answer -----------------------------------------------------------------------------------------------


def json_number(value: Fraction) -> tuple[Fraction, bool]:
    """Return a value (zero or more) as the contract prints it, and whether 15 significant digits cut something off."""
    if value == 0:
        return value, False
    exponent = 0
    while Fraction(10) ** (exponent + 1) <= value:
        exponent += 1
    while Fraction(10) ** exponent > value:
        exponent -= 1
    shown = rounded_half_up(value, Fraction(10) ** (exponent + 1 - SIGNIFICANT_DIGITS))
    return shown, shown != value


def magnitude(quantity: Any, unit: str) -> Fraction:
    """Return the number of a JSON quantity, which must be in this very unit and carry this unit's UCUM code."""
    assert quantity is not None, f"null instead of a quantity in {unit}"
    assert quantity["unit"] == unit
    assert quantity["ucum"] == unit.replace("mcg", "ug")
    return Fraction(quantity["value"])


def assert_shows(quantity: Any, unit: str, exact: Fraction | str) -> None:
    """Hold a JSON quantity against the exact value, with the contract's 15 digits and its `rounded` mark."""
    shown, cut = json_number(Fraction(exact))
    assert magnitude(quantity, unit) == shown
    assert quantity.get("rounded", False) is cut


_MINUTES = {"s": Fraction(1, 60), "min": Fraction(1), "h": Fraction(60)}


def hours(quantity: Any) -> Fraction:
    """Return a JSON time in hours, in whichever unit of time it is written."""
    return Fraction(quantity["value"]) * _MINUTES[quantity["unit"]] / 60


def mcg(quantity: Any) -> Fraction:
    """Return a JSON quantity whose unit begins with mcg or mg, as if it had been written with mcg."""
    return Fraction(quantity["value"]) * {"mcg": 1, "mg": 1000}[quantity["unit"].split("/")[0]]


def seconds(elapsed: str) -> int:
    """Return the seconds of an elapsed time such as 17:21:40."""
    hour, minute, second = (int(part) for part in elapsed.split(":"))
    return hour * SECONDS_PER_HOUR + minute * 60 + second


def plain(value: Fraction | Decimal) -> str:
    """Return a terminating decimal as a person types it: no exponent, no trailing zero."""
    exact = Fraction(value)
    places = 0
    while (exact * 10**places).denominator != 1:
        places += 1
        if places > 40:
            message = f"{exact} has no finite decimal"
            raise ValueError(message)
    return f"{Decimal(int(exact * 10**places)).scaleb(-places):f}"


def golden(name: str) -> list[dict[str, str]]:
    """Return the rows of a golden table that was transcribed by hand from clinical-facts sections 1 to 4."""
    with (Path(__file__).parent / "golden" / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
