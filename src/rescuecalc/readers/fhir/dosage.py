"""One Dosage of FHIR as an order: its doses and rates by their units, its times, its words."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.orders.model.agreement import exact
from rescuecalc.core.orders.order import Defect
from rescuecalc.core.orders.text.frequency import times_daily
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Dose, DoseRate, Duration, Quantity
from rescuecalc.fhir.elements import ADMINISTERED, DOSAGE, DOSE_AND_RATE, RANGE
from rescuecalc.readers.document_shape import is_a, known_names, sequence
from rescuecalc.readers.fhir.amount import NOT_READ, Amount, absent, read_amount, read_ratio
from rescuecalc.readers.fhir.dosage_words import Dosed, with_words, words_of
from rescuecalc.readers.fhir.references import NOT_JUDGED
from rescuecalc.readers.fhir.route import route_of, unread_route
from rescuecalc.readers.fhir.timing import STATED_TWICE, Timed, read_timing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.readers.fhir.amount import Divided

DURATION_AS_RATE: Final = "RC234"
RATE_WITHOUT_TIME: Final = "RC235"
MODIFIED: Final = "RC241"
"""The codes of the rules that report what a Dosage does wrong."""

_RATES: Final = frozenset({"dose_rate_per_kg", "dose_rate", "pump_rate"})
_DOSES: Final = frozenset({"dose", "dose_per_kg", "volume"})
_INTO_VESSELS: Final = frozenset({"IV", "IA"})
_INFUSED: Final = frozenset({"", "IV", "IA", "SC"})

_PUSHED: Final = Fraction(600)
"""Seconds: a dose that is given over no longer is a bolus, over longer an infusion; loads run for half an hour."""


class DosageQuantity(NamedTuple):
    """One quantity of a dosage: the field that it fills, where it stands, and which end of a range it is."""

    field: str
    quantity: Quantity
    pointer: str
    end: str = ""


def dosages(data: Any, pointer: str, defects: list[Defect], *, administered: bool) -> Iterator[Dosed]:
    """Yield the orders of a dosage: one, or of a range its two ends."""
    if not is_a(dict, data, pointer, defects):
        return
    known_names(data, ADMINISTERED if administered else DOSAGE, pointer, defects)
    modified(data, pointer, defects)
    quantities = list(
        _administered(data, pointer, defects) if administered else _doses_and_rates(data, pointer, defects)
    )
    quantities += [] if administered else list(_per_lifetime(data, pointer, quantities, defects))
    timed = read_timing(data.get("timing"), f"{pointer}/timing", defects)
    quantities += _per_period(data, pointer, quantities, timed, defects)
    unread = tuple(_unread(data, pointer, quantities, administered=administered))
    unread += () if quantities else tuple(_bounds(data, pointer))
    for end in [end for end in ("low", "high") if timed.is_range or any(each.end == end for each in quantities)] or [
        ""
    ]:
        mine = [each for each in quantities if each.end in {"", end}]
        lasting = timed.at_most() if end == "high" else timed
        yield _ordered(data, pointer, mine, lasting, defects if end != "high" else [])._replace(unread=unread)


def _unread(
    data: dict[str, Any], pointer: str, quantities: list[DosageQuantity], *, administered: bool
) -> Iterator[tuple[str, str]]:
    """Yield the doses and rates that are written and fill no field, each with where it stands."""
    read = [each.pointer for each in quantities]
    for at, each in _quantities(data, pointer, administered=administered):
        if not any(one == at or one.startswith(f"{at}/") for one in read) and not absent(each, at, []):
            yield at, shown_amount(each)


def _bounds(data: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    """Yield the most that is given in a lifetime: where no dose is said, it is all that says how much."""
    if isinstance(data.get(_LIFETIME), dict) and not absent(data[_LIFETIME], pointer, []):
        yield f"{pointer}/{_LIFETIME}", shown_amount(data[_LIFETIME])


def shown_amount(amount: dict[str, Any]) -> str:
    """Return the number and the unit of a Quantity as they stand there, and that one of them is missing."""
    unit = amount.get("unit", amount.get("code"))
    number = amount["value"] if amount.get("value") is not None else "(no number)"
    return f"{number} {unit}" if unit is not None else str(number)


def _quantities(data: dict[str, Any], pointer: str, *, administered: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each Quantity of a dose or a rate; of a Ratio its numerator, under the Ratio's own name."""
    many = data.get("doseAndRate") if not administered else None
    entries = enumerate(many) if isinstance(many, list) else ()
    inside = [(f"{pointer}/doseAndRate/{place}", each) for place, each in entries if isinstance(each, dict)]
    for at, entry in [(pointer, data)] if administered else inside:
        for name in ("doseQuantity", "dose", "rateQuantity"):
            if isinstance(entry.get(name), dict):
                yield f"{at}/{name}", entry[name]
        for name in ("doseRange", "rateRange"):
            for end in ("low", "high") if isinstance(entry.get(name), dict) else ():
                if isinstance(entry[name].get(end), dict):
                    yield f"{at}/{name}/{end}", entry[name][end]
        ratio = entry.get("rateRatio")
        if isinstance(ratio, dict) and isinstance(ratio.get("numerator"), dict):
            yield f"{at}/rateRatio", ratio["numerator"]


def modified(data: dict[str, Any], pointer: str, defects: list[Defect]) -> None:
    """Add a defect for a modifier extension: what it changes is not known."""
    if data.get("modifierExtension"):
        message = "a modifier extension may change what is meant, and was not understood"
        defects.append(Defect(MODIFIED, message, f"{pointer}/modifierExtension"))


def _administered(data: dict[str, Any], pointer: str, defects: list[Defect]) -> Iterator[DosageQuantity]:
    yield from _entry(
        {"doseQuantity": data.get("dose"), **{name: data.get(name) for name in ("rateRatio", "rateQuantity")}},
        pointer,
        defects,
        {"doseQuantity": "dose"},
    )


def _doses_and_rates(data: dict[str, Any], pointer: str, defects: list[Defect]) -> Iterator[DosageQuantity]:
    for place, each in enumerate(sequence(data, "doseAndRate", pointer, defects)):
        at = f"{pointer}/doseAndRate/{place}"
        if is_a(dict, each, at, defects):
            known_names(each, DOSE_AND_RATE, at, defects)
            modified(each, at, defects)
            yield from _entry(each, at, defects, {}, is_push=_PUSHES.search(str(data.get("text", ""))) is not None)
    most = read_amount(data.get("maxDosePerAdministration"), f"{pointer}/maxDosePerAdministration", defects)
    field = most.as_field() if most is not None else None
    if most is not None and field is not None and field[0] == "dose":
        yield DosageQuantity("max_dose", field[1], most.pointer)


def _per_lifetime(
    data: dict[str, Any], pointer: str, quantities: list[DosageQuantity], defects: list[Defect]
) -> Iterator[DosageQuantity]:
    """Yield the most of a lifetime as the most of one dose, where one dose is more: else it bounds nothing here."""
    most = read_amount(data.get(_LIFETIME), f"{pointer}/{_LIFETIME}", defects) if quantities else None
    field = most.as_field() if most is not None else None
    doses = [each.quantity for each in quantities if each.field == "dose"]
    if most is None or field is None or field[0] != "dose" or any(each.field == "max_dose" for each in quantities):
        return
    if any(each.is_mass() is field[1].is_mass() and each.exceeds(field[1]) for each in doses):
        yield DosageQuantity("max_dose", field[1], most.pointer)


_LIFETIME: Final = "maxDosePerLifetime"


def _per_period(
    data: dict[str, Any], pointer: str, quantities: list[DosageQuantity], timed: Timed, defects: list[Defect]
) -> Iterator[DosageQuantity]:
    """Yield the most per time: a Ratio in R4, a list of them in R5. Of what is given once it is the most of that."""
    most, at = data.get("maxDosePerPeriod"), f"{pointer}/maxDosePerPeriod"
    many = most if isinstance(most, list) else [most] if most is not None else []
    is_once = timed.frequency in {None, "once"} and not _is_as_needed(data)
    is_once = is_once and all(each.field in _DOSES for each in quantities)
    name, role = ("max_dose", Dose) if is_once else ("max_dose_rate", DoseRate)
    for place, each in enumerate(many):
        ratio = read_ratio(each, f"{at}/{place}" if isinstance(most, list) else at, defects)
        field = (ratio.numerator if is_once else ratio.quotient).as_field() if ratio is not None else None
        if ratio is not None and field is not None and isinstance(field[1], role):
            yield DosageQuantity(name, field[1], ratio.quotient.pointer)


def _entry(
    each: dict[str, Any], pointer: str, defects: list[Defect], names: dict[str, str], *, is_push: bool = False
) -> Iterator[DosageQuantity]:
    def at(name: str) -> str:
        return f"{pointer}/{names.get(name, name)}"

    dose = read_amount(each.get("doseQuantity"), at("doseQuantity"), defects)
    if dose is not None:
        yield from _readable_quantities(dose, defects, "")
    yield from _ends(each.get("doseRange"), at("doseRange"), defects, rate=False)
    rate = read_amount(each.get("rateQuantity"), at("rateQuantity"), defects)
    if rate is not None:
        yield from _rate(rate, "rateQuantity", defects, "")
    yield from _ends(each.get("rateRange"), at("rateRange"), defects, rate=True)
    ratio = _rate_ratio(each.get("rateRatio"), at("rateRatio"), defects)
    if ratio is None:
        return
    time = ratio.denominator.as_field()
    over = time[1] if time is not None and isinstance(time[1], Duration) else None
    given = (
        dose is not None and over is not None and (_same(dose, ratio.numerator) or _is_pushed(over, is_push=is_push))
    )
    if given and over is not None:
        yield DosageQuantity("over", over, ratio.denominator.pointer)
        if over.value_in("s") <= _PUSHED:
            yield from _readable_quantities(ratio.numerator, defects, "")
            return
    yield from _rate(ratio.quotient, "rateRatio", defects, "")


def _rate_ratio(data: Any, pointer: str, defects: list[Defect]) -> Divided | None:
    """Return a ratio that is a rate; without a denominator, or one of no unit, it says nothing of time."""
    given = data if isinstance(data, dict) else {}
    below = given.get("denominator")
    timeless = below is None or (isinstance(below, dict) and not {"unit", "code"} & below.keys())
    if isinstance(given.get("numerator"), dict) and timeless:
        message = "the rate has no time below the line (rateRatio)"
        defects.append(Defect(RATE_WITHOUT_TIME, message, pointer))
        return None
    return read_ratio(data, pointer, defects)


def _is_pushed(over: Duration, *, is_push: bool) -> bool:
    """Whether it is the time of a push, and not one unit of time: 16 mL in 5 min is given, 14.4 mL in 1 h a rate.

    One minute is either, as the text says: ``6.3 mg bolus over 1 minute``.
    """
    return (over.magnitude != 1 or is_push) and over.value_in("s") <= _PUSHED


_PUSHES: Final = lazy_pattern(r"\b(?:bolus|push|pushed)\b", re.IGNORECASE)


def _same(one: Amount, other: Amount) -> bool:
    return one.unit is not None and one.unit == other.unit and one.value == other.value


def _ends(data: Any, pointer: str, defects: list[Defect], *, rate: bool) -> Iterator[DosageQuantity]:
    """Yield the ends of a Range; of one that is open the end that is there."""
    if not is_a(dict, data, pointer, defects):
        return
    known_names(data, RANGE, pointer, defects)
    both = data.get("low") is not None and data.get("high") is not None
    ends = {end: read_amount(data.get(end), f"{pointer}/{end}", defects) for end in ("low", "high")}
    low, high = ends["low"], ends["high"]
    if low is not None and high is not None and low.unit == high.unit and low.value > high.value:
        message = f"the range begins at {low.shown} and ends at {high.shown}, which is less"
        defects.append(Defect(NOT_READ, message, pointer, low.shown, f"at most {high.shown}"))
    name = pointer.rpartition("/")[2]
    if not rate and low is not None and high is not None and not low.value and high.value:
        del ends["low"]  # none, or up to so much: a scale that begins at nothing
        both = False
    for end, amount in ends.items():
        if amount is not None:
            yield from (
                _rate(amount, name, defects, end)
                if rate
                else _readable_quantities(amount, defects, end if both else "")
            )


def _readable_quantities(amount: Amount, defects: list[Defect], end: str) -> Iterator[DosageQuantity]:
    field = amount.as_field()
    if field is None:
        if amount.powers is not None:  # of a unit that is not known it was said
            message = f"{amount.shown} is neither a dose nor a rate of an order, and was not judged"
            defects.append(Defect(NOT_JUDGED, message, amount.pointer, amount.shown))
        return
    name, quantity = field
    if not quantity.magnitude and not quantity.MAY_BE_ZERO:
        defects.append(Defect(NOT_READ, f"zero is not {quantity.NAME}", f"{amount.pointer}/value", amount.shown))
    elif name in _DOSES | _RATES:
        yield DosageQuantity(name, quantity, amount.pointer, end)


def _rate(amount: Amount, name: str, defects: list[Defect], end: str) -> Iterator[DosageQuantity]:
    """Yield a rate; a length of time, and what has no time below the line, is none."""
    if amount.unit is not None and amount.unit.shape == "time":
        message = f"{amount.shown} is a length of time where a rate belongs ({name})"
        defects.append(Defect(DURATION_AS_RATE, message, amount.pointer, amount.shown))
    elif _is_timeless(amount):
        message = f"the rate {amount.shown} has no time below the line ({name})"
        defects.append(Defect(RATE_WITHOUT_TIME, message, amount.pointer, amount.shown))
    else:
        yield from _readable_quantities(amount, defects, end)


def _is_timeless(amount: Amount) -> bool:
    return amount.powers is not None and not {"s", "min", "h", "day"} & amount.powers.keys()


def _ordered(
    data: dict[str, Any], pointer: str, quantities: list[DosageQuantity], timed: Timed, defects: list[Defect]
) -> Dosed:
    found = _merged(quantities, defects)
    route = route_of(data, pointer, defects)
    kind = _kind(found, route, timed)
    _assign_volume(found, kind)
    timed = _within_bounds(timed, defects) if kind == "infusion" else timed
    _assign_time(found, kind, timed, defects)
    texts = {name: each.quantity.text or str(each.quantity) for name, each in found.items()}
    at = {name: each.pointer for name, each in found.items()}
    for name, text in (("text", data.get("text")), ("frequency", _often(data, kind, timed))):
        if is_a(str, text, f"{pointer}/{name}", defects):
            texts[name], at[name] = str(text), f"{pointer}/text" if name == "text" else timed.at.get(name, pointer)
    dosed = Dosed(kind, route, {name: each.quantity for name, each in found.items()}, texts, at, timed, pointer)
    dosed = dosed._replace(unread_route=unread_route(data, pointer) if not route else None)
    return with_words(dosed, words_of(data, pointer))


def _merged(quantities: list[DosageQuantity], defects: list[Defect]) -> dict[str, DosageQuantity]:
    """Return each field once; several entries of one dosage say the same dose in several ways."""
    found: dict[str, DosageQuantity] = {}
    for each in quantities:
        first = found.setdefault(each.field, each)
        if first is not each and not exact(first.quantity).agrees(exact(each.quantity)):
            message = f"one dosage says {first.quantity} and {each.quantity}"
            defects.append(Defect(STATED_TWICE, message, each.pointer, str(each.quantity), str(first.quantity)))
    return found


def _kind(found: dict[str, DosageQuantity], route: str, timed: Timed) -> str:
    """Return whether it is an infusion, a bolus or a dose; empty where nothing says so."""
    short = timed.duration is not None and timed.duration.value_in("s") <= _PUSHED
    if _RATES & found.keys() and route in _INFUSED and not (short and {"dose", "dose_per_kg"} & found.keys()):
        return "infusion"
    if route in _INTO_VESSELS and _DOSES & found.keys():
        return "bolus"
    return "dose" if route and route not in _INTO_VESSELS else ""


def _assign_volume(found: dict[str, DosageQuantity], kind: str) -> None:
    """The volume of an infusion is what is to be infused."""
    if kind == "infusion" and "volume" in found:
        found["vtbi"] = found.pop("volume")._replace(field="vtbi")


def _assign_time(found: dict[str, DosageQuantity], kind: str, timed: Timed, defects: list[Defect]) -> None:
    name = "run_time" if kind == "infusion" else "give_over"
    lengths = [(timed.duration, timed.at.get("duration", ""))]
    over = found.pop("over", None)
    if over is not None and isinstance(over.quantity, Duration):
        lengths.append((over.quantity, over.pointer))
    if kind == "infusion":
        lengths.append((timed.bounds, timed.at.get("bounds", "")))
    known = [DosageQuantity(name, length, pointer) for length, pointer in lengths if length is not None]
    if kind == "infusion" and len(known) > 1:
        known = known[:1]  # the bounds of a course may be longer than one administration
    if known:
        found |= _merged(known, defects)
    elif kind == "infusion" and timed.unread_period is not None:
        message = "the period (boundsPeriod) says no two times with their offsets: how long it runs was not judged"
        defects.append(Defect(NOT_JUDGED, message, timed.unread_period))


def _within_bounds(timed: Timed, defects: list[Defect]) -> Timed:
    """Return the times of an infusion; a defect where it is given once, for another time than its bounds."""
    length, bounds = timed.duration, timed.bounds
    if length is None or bounds is None or timed.frequency not in {None, "once"} or length.equals(bounds):
        return timed
    message = f"one dosage says that it takes {length}, and that it lasts {bounds}"
    defects.append(Defect(STATED_TWICE, message, timed.at["bounds"], str(bounds), str(length)))
    return timed._replace(bounds=None, stop=None)


def _often(data: dict[str, Any], kind: str, timed: Timed) -> str | None:
    """Return how often; of an infusion only that it is given as needed, or several times a day."""
    often = timed.frequency if kind != "infusion" or (times_daily(timed.frequency or "") or 0) > 1 else None
    return " ".join(part for part in (often, "as needed" if _is_as_needed(data) else None) if part) or None


def _is_as_needed(data: dict[str, Any]) -> bool:
    names = ("asNeededBoolean", "asNeeded", "asNeededCodeableConcept", "asNeededFor")
    return any(data.get(name) not in (None, False, []) for name in names)
