"""RC2: notation: quantities that cannot be read, and what people read as something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import BRANDS
from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.quantities.decimal_text import number_and_unit, quoted
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    Duration,
    PumpRate,
    Quantity,
    Volume,
)
from rescuecalc.core.quantities.spelling import close_values
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import InputError
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.base.reader_defects import of_reader
from rescuecalc.rules.base.rule import Hit, Rule
from rescuecalc.rules.facts.dose_designation import (
    Designation,
    abbreviated_names,
    brands,
    designations,
    of_quantity,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rescuecalc.core.orders.order import Order, OrderSet
    from rescuecalc.rules.base.knowledge import Subject

_FOR_PEOPLE: Final = ("text", "frequency", "prn", "diluted_in")
"""The fields of an order that people read as they stand; ids, dates, times, bands and conditions are not text."""

_BOTH: Final = ("ismp", "joint-commission")
_ISMP: Final = ("ismp",)
_OURS: Final = ("rescuecalc",)

_PEOPLE_WRITE: Final = {"cc": "mL", "u": "units", "iu": "units", "[lb_av]": "lb", "[in_i]": "in", "mcl": "mL"}
_UCUM: Final = frozenset({"[lb_av]", "[in_i]", "[iU]", "[IU]", "[arb'U]", "[USP'U]", "[drp]", "[oz_av]"})


def _orders(subject: Subject) -> Iterator[Order]:
    """Yield the orders as they are written, without the further ends of their ranges."""
    yield from (order for order in subject.order_set.orders if not order.of)


def prose(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield every text for people of the orders, with its pointer; of a set's own parts where it is judged whole."""
    for order in _orders(subject):
        for name in _FOR_PEOPLE:
            text = order.texts.get(name)
            if text is not None:
                yield f"{order.pointer}/{name}", text
        route = order.texts.get("route", "SC")
        if route.strip() != "SC" and not order.coded:  # `SC` is the format's own word
            yield f"{order.pointer}/route", route


def prose_of_set(made: OrderSet) -> Iterator[tuple[str, str]]:
    """Yield the texts for people of an order set itself: its name, indication, monitoring and stop criteria."""
    for name in ("order_set", "indication"):
        if name in made.texts:
            yield f"/{name}", made.texts[name]
    for place, entry in enumerate(made.monitoring):
        yield from ((f"/monitoring/{place}/{name}", text) for name, text in entry.items())
    yield from ((f"/stop_if/{place}", text) for place, text in enumerate(made.stop_if))


def _texts(subject: Subject) -> Iterator[tuple[str, str]]:
    yield from prose_of_set(subject.order_set)
    yield from prose(subject)


def _quantities(order: Order) -> Iterator[tuple[str, str]]:
    for name, text in order.texts.items():
        if name in field.QUANTITIES or name == "product":
            yield f"{order.pointer}/{name}", text


def _unread(subject: Subject, *, for_unit: bool) -> Iterator[Hit]:
    for order in _orders(subject):
        for name, text in order.texts.items():
            role = field.QUANTITIES.get(name)
            if role is None or name in order.fields or not text.strip():
                continue
            value = field.read_named(name, text)
            if isinstance(value, field.Unreadable) and (_unknown_unit(text) is not None) is for_unit:
                instead, expected = _instead(name, text, role)
                message = f"{name}: cannot read {quoted(text)}: {value.reason}; write {instead}"
                yield Hit(message, (), f"{order.pointer}/{name}", text, expected)


def _instead(name: str, text: str, role: type[Quantity]) -> tuple[str, str | None]:
    """Return what to write for a text that cannot be read, as words and as the value: the order's own, corrected."""
    written = _unknown_unit(text) or ""
    hint = _PEOPLE_WRITE.get(written.lower())
    if hint:
        value = f"{text.replace(written, '').strip()} {hint}"
        return value, value
    close = close_values(text, role)
    if close:
        return " or ".join(close), close[0] if len(close) == 1 else None
    for other, its_role in field.QUANTITIES.items():
        if other not in {name, "max_dose", "max_dose_rate"} and isinstance(field.read_field(text, its_role), Quantity):
            return f"it in the field {other!r}, or {role.NAME} here", None
    number = text.strip()
    if number and not number.strip("0123456789."):
        units = " or ".join(f"{number} {each}" for each in _USUAL_UNITS[role])
        return f"it with its unit, as {units}", None
    return f"{role.NAME} in {_listed_units(role)}", None


_USUAL_UNITS: Final[Mapping[type[Quantity], tuple[str, ...]]] = {
    DosePerKg: ("mcg/kg", "mg/kg"),
    Dose: ("mcg", "mg", "units"),
    DoseRatePerKg: ("mcg/kg/min", "mg/kg/h"),
    DoseRate: ("mcg/min", "mg/h", "units/h"),
    Concentration: ("mcg/mL", "mg/mL"),
    Volume: ("mL",),
    PumpRate: ("mL/h",),
    Duration: ("min", "h"),
}


def _listed_units(role: type[Quantity]) -> str:
    return " or ".join(_USUAL_UNITS[role])


def _unknown_unit(text: str) -> str | None:
    """Return the unit of ``text`` where its number can be read and its unit is none that there is."""
    try:
        written = number_and_unit(text)[1]
    except InputError:
        return None
    try:
        unit(written)
    except InputError:
        return written or None
    return None


def _unreadable_quantity(subject: Subject) -> Iterator[Hit]:
    yield from _unread(subject, for_unit=False)
    yield from of_reader("RC201")(subject)


def _no_such_unit(subject: Subject) -> Iterator[Hit]:
    yield from _unread(subject, for_unit=True)


def _not_ucum(subject: Subject) -> Iterator[Hit]:
    for order in _orders(subject):
        for name, text in order.texts.items():
            written = _unknown_unit(text) if name in field.QUANTITIES and "[" in text else None
            for part in (written or "").split("/"):
                if part.startswith("[") and part not in _UCUM:
                    message = f"{name}: {quoted(part)} is written as a UCUM code, and UCUM has no such code"
                    yield Hit(message, (), f"{order.pointer}/{name}", part)


def _hit(found: Designation, pointer: str, text: str) -> Hit:
    around = "" if found.written == text else f" in {quoted(text)}"
    return Hit(f"{quoted(found.written)}{around}: write {found.instead}", (), pointer, found.written, found.instead)


def _scanned(subject: Subject) -> Iterator[tuple[str, str, str, Designation]]:
    for pointer, text in _texts(subject):
        for code, each in designations(text).items():
            yield from ((code, pointer, text, found) for found in each)
    for order in _orders(subject):
        for pointer, text in () if order.coded else _quantities(order):
            if "." in text or not text.isascii():
                yield from ((code, pointer, text, found) for code, found in of_quantity(text))


_SCANNED: Final = Shared(_scanned)


def _listed(code: str) -> Callable[[Subject], Iterator[Hit]]:
    """Return the check for the designations of ``code``, in text for people and, where they can be read, quantities."""

    def check(subject: Subject) -> Iterator[Hit]:
        for listed, pointer, text, found in _SCANNED.of(subject):
            if listed == code:
                yield _hit(found, pointer, text)

    return check


def _short_name(subject: Subject) -> Iterator[Hit]:
    for pointer, text in (*_texts(subject), *_drugs(_orders(subject))):
        yield from (_hit(found, pointer, text) for found in abbreviated_names(text))


def _drugs(orders: Iterable[Order]) -> Iterator[tuple[str, str]]:
    yield from ((f"{order.pointer}/drug", order.texts["drug"]) for order in orders if "drug" in order.texts)


def _brand_alone(subject: Subject) -> Iterator[Hit]:
    for pointer, text in (*prose_of_set(subject.order_set), *_drugs(_orders(subject))):
        yield from (_hit(found, pointer, text) for found in brands(text))
    for order in _orders(subject):
        named = order.texts.get("drug", "").lower()
        for name in _FOR_PEOPLE:
            text = order.texts.get(name, "")
            alone = (found for found in brands(text) if found.instead not in named)
            yield from (_hit(found, f"{order.pointer}/{name}", text) for found in alone)


_TOLD_APART: Final = re.compile(
    r"\b(?:not|confuse\w*|never|instead|unlike|alternative\w*|HIT|alike|sounds|beside|consider|replaces|switch\w*|caution)\b",
    re.IGNORECASE,
)


def _confused(subject: Subject) -> Iterator[Hit]:
    for order in _orders(subject):
        text = order.texts.get("text", "").lower()
        if order.drug not in _CONFUSED or _TOLD_APART.search(text):
            continue
        other = next((name for name, drug in _NAMES if drug != order.drug and name in text), None)
        if other is not None and order.drug not in text:
            message = f"the order is of {order.drug}, and its text names {other}: one is easily taken for the other"
            yield Hit(message, (), f"{order.pointer}/text", order.texts["text"], order.drug)


_CONFUSED: Final = frozenset({"tirofiban", "argatroban", "eptifibatide", "abciximab"})
_NAMES: Final = (*((name, name) for name in sorted(_CONFUSED)), *((b, d) for b, d in BRANDS.items() if d in _CONFUSED))


def _rule(
    code: str, name: str, why: str, fails: str, passes: str, sources: tuple[str, ...] = _ISMP, **more: str
) -> Rule:
    """Return a rule of a listed designation."""
    return Rule(
        code=code,
        name=name,
        severity=Severity.WARNING,
        since="0.1.0",
        sources=sources,
        checks=more["checks"],
        why=why,
        fails=fails,
        passes=passes,
        remedy=more.get("remedy", "Write what the message says."),
        limits=more.get("limits", "Only in text for people: `text`, `frequency`, `diluted_in`, names and monitoring."),
        check=_listed(code),
    )


def _order(text: str) -> str:
    return f"{{drug: tirofiban, text: '{text}'}}"


RULES = (
    Rule(
        code="RC201",
        name="unreadable-quantity",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=_OURS,
        checks="Whether the text of a quantity field is one number and one unit of the right kind.",
        why="What a program cannot read in one way only, a hurried reader reads in another.",
        fails="{drug: tirofiban, dose: '1,5 mg'}",
        passes="{drug: tirofiban, dose: 1.5 mg}",
        remedy="Write one decimal number with a point, and its unit, as the message shows.",
        limits="A field that cannot be read is judged by no other rule.",
        check=_unreadable_quantity,
    ),
    Rule(
        code="RC202",
        name="unknown-unit",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=_OURS,
        checks="Whether the unit of a quantity field is one of the closed table of units.",
        why="A unit that does not exist is guessed at: `mcg/kg/m` by 60, `gamma` by 1,000.",
        fails="{drug: tirofiban, volume: 5 cc}",
        passes="{drug: tirofiban, volume: 5 mL}",
        remedy="Write the unit that the message names.",
        limits="The table holds what orders of doses, volumes, rates and times need.",
        check=_no_such_unit,
    ),
    Rule(
        code="RC203",
        name="not-ucum",
        severity=Severity.ERROR,
        since="0.1.0",
        sources=("ucum",),
        checks="Units in square brackets, which UCUM writes so, against the codes that UCUM has.",
        why="A code that is none is refused, or read as another, by the next program.",
        fails="{drug: heparin, dose: '5000 [units]'}",
        passes="{drug: heparin, dose: 5000 units}",
        remedy="In these files write the unit as people do.",
        limits="Only the codes for pounds, inches, ounces, drops and kinds of units are known.",
        check=_not_ucum,
    ),
    _rule(
        "RC210",
        "micro-sign",
        "Written by hand or badly printed it is read as m: a thousand times the dose.",
        "{drug: tirofiban, dose: 800 \u00b5g}",
        "{drug: tirofiban, dose: 800 mcg}",
        checks="The micro sign and the Greek mu before g, mol or L, in quantities and in text.",
        limits="In a quantity it is read as mcg all the same.",
    ),
    _rule(
        "RC211",
        "naked-decimal-point",
        "The point is overlooked: .5 mg becomes 5 mg.",
        _order("give .5 mg"),
        _order("give 0.5 mg"),
        _BOTH,
        checks="A decimal point without a digit before it, in text.",
        limits="In a quantity field it cannot be read at all (RC201).",
    ),
    _rule(
        "RC212",
        "trailing-zero",
        "The point is overlooked: 5.0 mg becomes 50 mg.",
        "{drug: tirofiban, dose: 5.0 mg}",
        "{drug: tirofiban, dose: 5 mg}",
        _BOTH,
        checks="A zero at the end of a decimal number, in quantities and before a unit in text.",
        limits="Numbers without a unit, and laboratory values such as mmol/L, are left alone.",
    ),
    _rule(
        "RC213",
        "cubic-centimetre",
        "It is read as u, for units.",
        _order("bolus 16 cc"),
        _order("bolus 16 mL"),
        checks="cc after a number, in text.",
        limits="In a quantity field it is an unknown unit (RC202).",
    ),
    _rule(
        "RC214",
        "letter-for-units",
        "U is read as 0, 4 or cc, and IU as IV or 10.",
        _order("heparin 5 U"),
        _order("heparin 5 units"),
        _BOTH,
        checks="U, u and IU after a number, in text.",
        limits="In a quantity field it is an unknown unit (RC202).",
    ),
    _rule(
        "RC215",
        "number-and-unit-run-together",
        "The first letter of the unit is read as a zero or two: 10mg becomes 100 mg.",
        _order("give 10mg"),
        _order("give 10 mg"),
        checks="A number and its unit, or a drug's name and a number, without a space, in text.",
        limits="In a quantity field the space may be left out; times such as 24h are left alone.",
    ),
    _rule(
        "RC216",
        "no-thousands-comma",
        "A zero more or less is not seen: 100000 becomes 10,000 or 1,000,000.",
        _order("stop below 100000/mcL"),
        _order("stop below 100,000/mcL"),
        checks="Numbers from 10,000 up without commas, before a unit or behind `below`, in text.",
        limits="In a quantity field a comma is refused, since it may divide decimals.",
    ),
    _rule(
        "RC217",
        "error-prone-frequency",
        "QD is read as QID and QOD as QD: a fourth or a multiple of what is meant.",
        "{drug: aspirin, frequency: QD}",
        "{drug: aspirin, frequency: daily}",
        _BOTH,
        checks="QD, QOD, q1d, OD, i/d, HS, qhs, qn, q6PM, UD, BIW and TIW, in text and in `frequency`.",
    ),
    _rule(
        "RC218",
        "discharge-or-discontinue",
        "It is read as the other of discontinue and discharge.",
        _order("D/C after 24 h"),
        _order("discontinue after 24 h"),
        checks="D/C, in text.",
    ),
    _rule(
        "RC219",
        "greater-or-less-sign",
        "The signs are taken for each other, and < 10 for 40.",
        _order("if CrCl > 60 mL/min"),
        _order("if CrCl is greater than 60 mL/min"),
        checks="< and > before a number, in text.",
        limits="Comparators in `when` are no text for people and are left alone.",
    ),
    _rule(
        "RC220",
        "days-or-doses",
        "x3d is read as 3 doses where 3 days are meant.",
        _order("aspirin x3d"),
        _order("aspirin for 3 days"),
        checks="x, a number and d, in text.",
    ),
    _rule(
        "RC224",
        "error-prone-route",
        "SC is read as SL, sub q as every, and per os as the left eye.",
        _order("5,000 units SQ"),
        _order("5,000 units SUBQ"),
        checks="SC, SQ, sub q and per os, in text.",
        limits="Only in text: the format's own word for the route is SC.",
    ),
    _rule(
        "RC225",
        "error-prone-symbol",
        "@ is read as 2, a degree sign as 0, an arrow as the other one, a point as 1, K and M as each other.",
        _order("run @ 14.4 mL/h"),
        _order("run at 14.4 mL/h"),
        checks="@ before a number, a degree sign for hours, arrows, a point behind a unit, K, M and MM for thousands "
        "and millions, in text.",
        limits="& and + are left alone: too often they are meant.",
    ),
    _rule(
        "RC226",
        "error-prone-unit",
        "l is read as 1, and ng as mg.",
        _order("bolus 16 ml"),
        _order("bolus 16 mL"),
        checks="ml and l for litres, and ng, after a number, in text.",
        limits="In a quantity field all spellings of a unit are read; ng of a laboratory's value is left alone.",
    ),
    _rule(
        "RC227",
        "decimal-comma",
        "Where people read commas between thousands, 0,15 is read as 15.",
        _order("tirofiban 0,15 mcg/kg/min"),
        _order("tirofiban 0.15 mcg/kg/min"),
        _OURS,
        checks="A comma with one, two or more than three digits behind it, or a zero before it, in a number with a "
        "unit, in text.",
        limits="In a quantity field a comma is refused (RC201); 1,500 mg is taken for thousands.",
    ),
    _rule(
        "RC221",
        "drug-name-abbreviation",
        "tPA and TNK are two drugs with doses of their own that have been taken for each other.",
        "{drug: TNK}",
        "{drug: tenecteplase}",
        checks="Abbreviated drug names, in `drug` and in text: ASA, tPA, TNK, MS, MSO4, MgSO4, HCTZ, NOAC, nitro drip.",
    )._replace(check=_short_name),
    _rule(
        "RC222",
        "brand-name-alone",
        "Brands differ between countries, and Aggrastat looks like argatroban.",
        "{drug: Aggrastat}",
        "{drug: tirofiban, text: Aggrastat}",
        ("ismp-names",),
        checks="A brand name that stands without the drug's own name.",
        limits="Brands of the drugs that rescue orders name; the order is judged under the drug's own name.",
    )._replace(check=_brand_alone),
    _rule(
        "RC223",
        "look-alike-names",
        "Aggrastat and argatroban are on the list of confused drug names, and bags of the others lie side by side.",
        "{drug: tirofiban, text: argatroban 800 mcg}",
        "{drug: tirofiban, text: tirofiban 800 mcg}",
        ("ismp-names",),
        checks="An order of tirofiban, eptifibatide, abciximab or argatroban whose text names another of them, or its "
        "brand, and not its own drug.",
        remedy="Find out which of the two is meant.",
        limits="A text that tells the two apart (`not`, `do not confuse`, `instead`, `HIT`) is left alone.",
    )._replace(check=_confused),
)
