"""The second route: every number about to be printed is checked backward, from the printed document itself.

Forward, the program goes from the protocol's dose to a pump rate. Here it goes back: from the printed pump rate and
volume to the dose, compared with the protocol's own words, read again. It shares no code with units, notation,
quantity, dosing, infusion or schedule: own reading, own factors, own arithmetic. Where the two disagree nothing is
printed.
"""

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

Document = Mapping[str, Any]

# How many of the dimension's first unit one is: mcg, kg, mL, h, cm.
_SIZES: Final[Mapping[str, Fraction]] = {
    **dict.fromkeys(("mcg", "ug", "\u00b5g", "\u03bcg", "microgram", "micrograms"), Fraction(1)),
    **dict.fromkeys(("ng", "nanogram", "nanograms"), Fraction(1, 10**3)),
    **dict.fromkeys(("mg", "milligram", "milligrams"), Fraction(10**3)),
    **dict.fromkeys(("g", "gram", "grams"), Fraction(10**6)),
    **dict.fromkeys(("units", "unit", "mEq", "mmol", "mOsm"), Fraction(1)),
    **dict.fromkeys(("umol", "\u00b5mol", "\u03bcmol"), Fraction(1, 10**3)),
    **dict.fromkeys(("milliunits", "milliunit"), Fraction(1, 10**3)),
    "kg": Fraction(1),
    "m2": Fraction(1),
    "lb": Fraction("0.45359237"),
    **dict.fromkeys(("mL", "ml", "milliliter", "milliliters", "millilitre", "millilitres"), Fraction(1)),
    **dict.fromkeys(("dL", "dl"), Fraction(100)),
    **dict.fromkeys(("L", "liter", "liters", "litre", "litres"), Fraction(1000)),
    **dict.fromkeys(("h", "hr", "hour", "hours"), Fraction(1)),
    **dict.fromkeys(("min", "minute", "minutes"), Fraction(1, 60)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), Fraction(1, 3600)),
    **dict.fromkeys(("day", "days"), Fraction(24)),
    "cm": Fraction(1),
    **dict.fromkeys(("in", "inch", "inches"), Fraction("2.54")),
}

# A JSON number holds 15 significant digits; two routes agree when they agree to these.
_CLOSE: Final = Fraction(1, 10**14)

_FOREVER: Final = Fraction(10**9)


class DoubleCheckFailed(Exception):
    """The two routes disagree: an internal error, and no number may be printed."""


@lru_cache(maxsize=1024)
def amount(text: str) -> Fraction:
    """Read a quantity again and return it in mcg, kg, mL, h or cm and their quotients.

    >>> amount("0.15 mcg/kg/min")
    Fraction(9, 1)
    """
    match = re.fullmatch(r" *(\d+(?:\.\d+)?) *(\S+) *", text)
    if match is None:
        raise DoubleCheckFailed("reading")
    return Fraction(match[1]) * _size(match[2])


@cache
def _size(unit: str) -> Fraction:
    first, *below = unit.split("/")
    return _SIZES[first] / math.prod(_SIZES[part] for part in below)


class GivenBolus(NamedTuple):
    """What one bolus was made from, as texts: a dose per kg or a fixed dose, a factor, a cap."""

    per_kg: str | None
    fixed: str | None
    factor: Fraction
    cap: str | None
    cap_factor: Fraction


class GivenInfusion(NamedTuple):
    """What one infusion was made from, as texts."""

    per_kg: str
    factor: Fraction
    cap: str | None
    cap_factor: Fraction
    run_time: str | None


class CalculationInputs(NamedTuple):
    """What went into the calculation, in the words of the user and of the catalogue; concentrations by supply."""

    weight: str | None
    boluses: tuple[GivenBolus, ...]
    infusions: tuple[GivenInfusion, ...]
    concentrations: frozenset[Fraction]
    product_volumes: Mapping[str, Fraction]
    volume_step: str
    pump_step: str
    container: str | None
    priming: str | None


def _agree(what: str, printed: Fraction, expected: Fraction) -> None:
    # Relative, since 15 digits of 0.0001 mg and of 800 mcg are not the same amount.
    if abs(printed - expected) > _CLOSE * max(abs(expected), abs(printed)):
        raise DoubleCheckFailed(what)


def printed_amount(quantity: Document) -> Fraction:
    """Return a printed quantity in mcg, kg, mL, h or cm and their quotients."""
    return Fraction(quantity["value"]) * _size(quantity["unit"])


def _is(what: str, quantity: Document | None, expected: Fraction | None) -> None:
    if quantity is None or expected is None:
        if quantity is not None or expected is not None:
            raise DoubleCheckFailed(what)
        return
    _agree(what, printed_amount(quantity), expected)


def _rounded(what: str, printed: Fraction, exact: Fraction, step: Fraction) -> None:
    """Check that ``printed`` is the step's multiple at most half a step below and less than half a step above."""
    if (printed / step).denominator != 1 or not printed - step / 2 <= exact < printed + step / 2:
        raise DoubleCheckFailed(what)


def _percent(what: str, printed: Any, ratio: Fraction) -> None:
    """Check a percentage of two decimals, rounded half up away from zero."""
    exact = (ratio - 1) * 100
    # On the amount without its sign: half up of -0.385 would be -0.38, and half away from zero is what people do.
    hundredths = (abs(exact) * 100 + Fraction(1, 2)).__floor__()
    if Fraction(printed) * 100 != (hundredths if exact > 0 else -hundredths):
        raise DoubleCheckFailed(what)


def _concentration(entry: Document, given: CalculationInputs) -> Fraction | None:
    if entry["concentration"] is None:
        return None
    value = printed_amount(entry["concentration"])
    # A concentration that belongs to no product named is not checked against itself: 250 for 50 mcg/mL would else agree
    # with everything that was worked out from it.
    if value not in given.concentrations:
        raise DoubleCheckFailed("concentration")
    return value


def _check_volume(entry: Document, dose: Fraction, give_over: Document | None, given: CalculationInputs) -> None:
    concentration = _concentration(entry, given)
    if concentration is None:
        if entry["volume"] is not None:
            raise DoubleCheckFailed("volume")
        return
    volume, exact = printed_amount(entry["volume"]), printed_amount(entry["exact_volume"])
    # Backward, from the volume to the dose: the same quotient once more would repeat the same mistake.
    _agree("exact volume", exact * concentration, dose)
    _rounded("volume", volume, dose / concentration, amount(given.volume_step))
    _is("delivered dose", entry["delivered"], volume * concentration)
    _percent("bolus deviation", entry["deviation_percent"], volume * concentration / dose)
    if entry["containers"] is not None:
        whole, number = given.product_volumes[entry["product"]], Fraction(entry["containers"])
        if number.denominator != 1 or not (number - 1) * whole < volume <= number * whole:
            raise DoubleCheckFailed("containers of a bolus")
    if entry["pump_rate"] is not None and give_over is not None:
        _agree("bolus pump rate", printed_amount(entry["exact_pump_rate"]) * printed_amount(give_over), volume)
        _rounded(
            "bolus pump rate",
            printed_amount(entry["pump_rate"]),
            volume / printed_amount(give_over),
            amount(given.pump_step),
        )


def _check_bolus(entry: Document, made: GivenBolus, weight: Fraction | None, given: CalculationInputs) -> Fraction:
    if made.per_kg is not None and weight is not None:
        per_kg = amount(made.per_kg) * made.factor
        _is("dose per kg", entry["dose_per_kg"], per_kg)
        dose = per_kg * weight
    elif made.fixed is not None:
        dose = amount(made.fixed) * made.factor
    else:
        raise DoubleCheckFailed("bolus without a dose")
    # A cap that the first route forgot shows here: the text of the source is read again, and it is the least that
    # counts.
    capped = dose if made.cap is None else min(dose, amount(made.cap) * made.cap_factor)
    _is("formula dose", entry["formula_dose"], None if capped == dose else dose)
    dose = capped
    _is("bolus dose", entry["dose"], dose)
    here = dose / weight if made.per_kg is None and weight is not None else None
    _is("fixed dose per kg", entry["dose_per_kg_here"], here)
    for each in (entry, *entry["options"]):
        _check_volume(each, dose, entry["give_over"], given)
    return dose


def _check_setting(
    entry: Document, rate: Fraction, weight: Fraction, hours: Fraction | None, given: CalculationInputs
) -> None:
    """Check one pump setting; ``rate`` is the dose rate in mcg/h."""
    concentration = _concentration(entry, given)
    if concentration is None:
        if entry["pump_rate"] is not None:
            raise DoubleCheckFailed("pump rate")
        return
    setting, exact = printed_amount(entry["pump_rate"]), printed_amount(entry["exact_pump_rate"])
    _agree("exact pump rate", exact * concentration, rate)
    _rounded("pump rate", setting, rate / concentration, amount(given.pump_step))
    _is("delivered rate", entry["delivered"], setting * concentration / weight)
    _percent("pump deviation", entry["deviation_percent"], setting * concentration / rate)
    _is("VTBI", entry["vtbi"], None if hours is None else setting * hours)
    _is("exact VTBI", entry["exact_vtbi"], None if hours is None else rate * hours / concentration)


def _check_infusion(entry: Document, made: GivenInfusion, weight: Fraction, given: CalculationInputs) -> None:
    per_kg = amount(made.per_kg) * made.factor
    _is("dose rate per kg", entry["dose_rate_per_kg"], per_kg)
    rate = per_kg * weight
    # The cap is read again from the source's text, and applied here and not taken from the first route.
    capped = rate if made.cap is None else min(rate, amount(made.cap) * made.cap_factor)
    _is("formula dose rate", entry["formula_dose_rate"], None if capped == rate else rate)
    rate = capped
    _is("dose rate", entry["dose_rate"], rate)
    hours = None if made.run_time is None else amount(made.run_time)
    _is("run time", entry["run_time"], hours)
    for each in (entry, *entry["options"]):
        _check_setting(each, rate, weight, hours, given)


def check_doses(boluses: Sequence[Document], infusions: Sequence[Document], given: CalculationInputs) -> None:
    """Raise DoubleCheckFailed where a printed bolus or infusion does not lead back to what was given."""
    weight = None if given.weight is None else amount(given.weight)
    for entry, bolus in zip(boluses, given.boluses, strict=True):
        _check_bolus(entry, bolus, weight, given)
    for entry, infusion in zip(infusions, given.infusions, strict=True):
        if weight is None:
            raise DoubleCheckFailed("infusion without a weight")
        _check_infusion(entry, infusion, weight, given)


def seconds_of(elapsed: str) -> int:
    """Return a printed ``17:21:40`` as seconds."""
    hours, minutes, seconds = elapsed.lstrip("-").split(":")
    total = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return -total if elapsed.startswith("-") else total


def _given_until(infusions: Sequence[Document], hours: Fraction) -> Fraction:
    """Return the mL that have run in after so many hours at the printed pump rates."""
    volume = Fraction(0)
    for entry in infusions:
        span = min(hours, printed_amount(entry["run_time"]))
        volume += printed_amount(entry["pump_rate"]) * span
        hours -= span
    return volume


def check_containers(document: Document, given: CalculationInputs) -> None:
    """Raise DoubleCheckFailed where a printed container volume or time does not add up.

    At a container's printed time exactly what all containers until then hold has run in, to the second.
    """
    infusions = document["infusions"]
    uses = [use for entry in infusions for use in entry["containers"]]
    if not uses:
        return
    if given.container is None:
        raise DoubleCheckFailed("containers")
    whole = amount(given.container)
    # Priming and a bolus out of the bag never reach the patient at the pump rate: they shorten the time of the first
    # one.
    lost = Fraction(0) if given.priming is None else amount(given.priming)
    lost += sum(printed_amount(entry["volume"]) for entry in document["boluses"] if entry["from_container"])
    for entry in infusions:
        _is(
            "container VTBI",
            entry["vtbi"],
            sum((printed_amount(use["vtbi"]) for use in entry["containers"]), Fraction(0)),
        )
    number = Fraction(1)
    for use in uses:
        if use["container"] != number:
            raise DoubleCheckFailed("container number")
        if use["empty_elapsed"] is not None:
            _check_empty(infusions, seconds_of(use["empty_elapsed"]), number * whole - lost)
            number += 1
    last = uses[-1]
    if last["remaining"] is not None:
        _is("remaining volume", last["remaining"], last["container"] * whole - lost - _given_until(infusions, _FOREVER))


def _check_empty(infusions: Sequence[Document], seconds: int, volume: Fraction) -> None:
    before, after = (_given_until(infusions, Fraction(each, 3600)) for each in (seconds, seconds + 1))
    # At the printed second the container still holds something or is just empty, and a second later it is: that is what
    # "rounded down" promises.
    if not (before <= volume and (volume < after or volume == _given_until(infusions, _FOREVER))):
        raise DoubleCheckFailed("container time")


def check_schedule(document: Document) -> None:
    """Raise DoubleCheckFailed where an event's two times differ, or a container's time or the stop is not in it."""
    events = document["schedule"]
    for event in events:
        if seconds_of(event["elapsed"]) != event["elapsed_seconds"]:
            raise DoubleCheckFailed("elapsed time")
    times = {
        name: [e["elapsed_seconds"] for e in events if e["event"] == name]
        for name in ("container-empty", "infusion-stop")
    }
    if document["infusions"]:
        # Hours, as `amount` returns them; the schedule is in whole seconds, rounded down.
        run = sum(printed_amount(entry["run_time"]) for entry in document["infusions"]) * 3600
        # One stop, at the end of all run times: a second one in the schedule would be followed, or missed.
        if times["infusion-stop"] != [run.__floor__()]:
            raise DoubleCheckFailed("stop")
    printed = {
        seconds_of(u["empty_elapsed"]) for e in document["infusions"] for u in e["containers"] if u["empty_elapsed"]
    }
    if not set(times["container-empty"]) <= printed:
        raise DoubleCheckFailed("container change")


def check_line(document: Document, given: CalculationInputs) -> None:
    """Raise DoubleCheckFailed where what a line holds does not lead back to its volume."""
    for content in document["line_at_stop"]:
        if given.weight is None:
            raise DoubleCheckFailed("line")
        volume, concentration = printed_amount(content["line_volume"]), printed_amount(content["concentration"])
        _agree("line dose", printed_amount(content["dose_per_kg"]) * amount(given.weight), volume * concentration)
        _agree("line dose", printed_amount(content["dose"]), volume * concentration)


def check_label_band(document: Document) -> None:
    """Raise DoubleCheckFailed where a label's row does not hold the weight, or does not give what is said of it."""
    band = document["label_band"]
    if band is None or band["row"] is None:
        return
    row, weight = band["row"], printed_amount(document["dosing_weight"])
    if not printed_amount(row["from"]) <= weight <= printed_amount(row["to"]):
        raise DoubleCheckFailed("label row")
    concentration = printed_amount(band["concentration"])
    if bool(document["boluses"]) != (row["bolus_volume"] is not None):
        raise DoubleCheckFailed("label bolus")
    for bolus in document["boluses"]:
        dose = printed_amount(row["bolus_volume"]) * concentration
        _is("label bolus", row["bolus_dose"], dose)
        _percent("label bolus", row["bolus_deviation_percent"], dose / printed_amount(bolus["dose"]))
    for infusion in document["infusions"]:
        setting = row["load"] if infusion["role"] == "load" else row
        rate = printed_amount(setting["pump_rate"]) * concentration / weight
        _is("label rate", setting["delivered"], rate)
        _percent("label rate", setting["deviation_percent"], rate / printed_amount(infusion["dose_rate_per_kg"]))


def check_rate(
    result: Document, exact: Document, given: str, weight: str | None, concentration: str | None, step: str | None
) -> None:
    """Raise DoubleCheckFailed where a converted rate, converted back, is not the rate that was given.

    ``step`` is the pump's; without one the result is rounded to six significant digits.
    """
    _agree("rate", _per_hour(exact, weight, concentration), _per_hour(_as_document(given), weight, concentration))
    if step is not None:
        _rounded("rounded rate", printed_amount(result), printed_amount(exact), amount(step))
    elif abs(printed_amount(result) - printed_amount(exact)) > printed_amount(exact) / 200_000:
        raise DoubleCheckFailed("rounded rate")


def _as_document(text: str) -> Document:
    match = re.fullmatch(r" *(\d+(?:\.\d+)?) *(\S+) *", text)
    if match is None:
        raise DoubleCheckFailed("reading")
    return {"value": match[1], "unit": match[2]}


def _per_hour(quantity: Document, weight: str | None, concentration: str | None) -> Fraction:
    """Return a rate of any kind as drug per hour, or as mL per hour where no concentration is known."""
    value = printed_amount(quantity)
    first, *below = quantity["unit"].split("/")
    if below[0] == "kg" and weight is not None:
        value *= amount(weight)
    if first in {"mL", "ml", "L"} and concentration is not None:
        value *= amount(concentration)
    return value


def check_clearance(
    document: Document, age: int, *, female: bool, creatinine: str, constants: Mapping[str, Fraction], step: str
) -> None:
    """Raise DoubleCheckFailed where the printed clearance does not lead back to the creatinine that was given."""
    weight, exact = printed_amount(document["dosing_weight"]), document["exact_creatinine_clearance"]
    share = constants["female_factor"] if female else Fraction(1)
    back = (constants["age_from"] - age) * weight * share / (Fraction(exact["value"]) * constants["divisor"])
    given = _as_document(creatinine)
    scale = constants["umol_per_litre_per_mg_per_dl"] if "mol" in given["unit"] else 1
    _agree("creatinine", back, Fraction(given["value"]) / scale)
    true = (constants["age_from"] - age) * weight * share * scale / (Fraction(given["value"]) * constants["divisor"])
    _rounded(
        "clearance", Fraction(document["creatinine_clearance"]["value"]), true, Fraction(_as_document(step)["value"])
    )
