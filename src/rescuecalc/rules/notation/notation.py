"""RC2: notation: designations that people read as something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.other_language import is_in_other_language
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.base.memo import Shared
from rescuecalc.rules.base.rule import Hit, Rule
from rescuecalc.rules.facts.text.dose_designation import (
    Designation,
    designations,
    of_quantity,
)
from rescuecalc.rules.notation.prose import every_text, whole_orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject


_BOTH: Final = ("ismp", "joint-commission")
_ISMP: Final = ("ismp",)


def _quantities(order: Order) -> Iterator[tuple[str, str]]:
    for name, text in order.texts.items():
        if name in field.QUANTITIES or name == "product":
            yield f"{order.pointer}/{name}", text


def designation_hit(found: Designation, pointer: str, text: str) -> Hit:
    """Return what is found of one designation of a text."""
    around = "" if found.written == text else f" in {quoted(text)}"
    instead = None if _OPEN.search(found.instead) else found.instead
    return Hit(f"{quoted(found.written)}{around}: write {found.instead}", (), pointer, found.written, instead)


_OPEN: Final = lazy_pattern(r", |^an? |^the | and a space| or [0-9]")
"""In what is to be written instead: people have to choose, or to read it."""


def _scanned(subject: Subject) -> Iterator[tuple[str, str, str, Designation]]:
    for pointer, text in every_text(subject):
        for code, each in designations(text).items():
            yield from ((code, pointer, text, found) for found in each)
    for order in whole_orders(subject):
        for pointer, text in () if order.coded else _quantities(order):
            if "." in text or not text.isascii() or "IU" in text or "iu" in text:
                yield from ((code, pointer, text, found) for code, found in of_quantity(text))


_SCANNED: Final = Shared(_scanned)


def _language(subject: Subject) -> Iterator[bool]:
    """Yield whether a set is written in another language than English."""
    yield is_in_other_language(text for _, text in every_text(subject))


_IN_OTHER_LANGUAGE: Final = Shared(_language)
_OF_ENGLISH: Final = frozenset({"RC210", "RC224", "RC226", "RC227"})
"""Designations that a list for English readers names, and that other languages write by their own rules."""
_USUAL: Final = "In a set that is written in German, French or another language with this notation it is a note."


def _listed(code: str) -> Callable[[Subject], Iterator[Hit]]:
    """Return the check for the designations of ``code``, in text for people and, where they can be read, quantities."""

    def check(subject: Subject) -> Iterator[Hit]:
        for listed, pointer, text, found in _SCANNED.of(subject):
            if listed == code:
                hit = designation_hit(found, pointer, text)
                is_usual = code in _OF_ENGLISH and any(_IN_OTHER_LANGUAGE.of(subject))
                yield hit._replace(severity=Severity.NOTE) if is_usual else hit

    return check


def designation_rule(
    code: str, name: str, why: str, fails: str, passes: str, sources: tuple[str, ...] = _ISMP, **more: str
) -> Rule:
    """Return a rule of a listed designation."""
    limits = more.get("limits", "Only in text for people: `text`, `frequency`, `diluted_in`, names and monitoring.")
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
        limits=f"{limits} {_USUAL}" if code in _OF_ENGLISH else limits,
        check=_listed(code),
        severities=(Severity.NOTE,) if code in _OF_ENGLISH else (),
    )


def _order(text: str) -> str:
    return f"{{drug: tirofiban, text: '{text}'}}"


RULES = (
    designation_rule(
        "RC210",
        "micro-sign",
        "In handwriting or bad print it is read as m: a thousand times the dose.",
        "{drug: tirofiban, dose: 800 \u00b5g}",
        "{drug: tirofiban, dose: 800 mcg}",
        checks="The micro sign and the Greek mu before g, mol or L, in quantities and in text.",
        limits="In a quantity it is still read as mcg.",
    ),
    designation_rule(
        "RC211",
        "naked-decimal-point",
        "The point is overlooked: .5 mg becomes 5 mg.",
        _order("give .5 mg"),
        _order("give 0.5 mg"),
        _BOTH,
        checks="A decimal point without a digit before it, in text.",
        limits="In a quantity field it cannot be read at all (RC201).",
    ),
    designation_rule(
        "RC212",
        "trailing-zero",
        "The point is overlooked: 5.0 mg becomes 50 mg.",
        "{drug: tirofiban, dose: 5.0 mg}",
        "{drug: tirofiban, dose: 5 mg}",
        _BOTH,
        checks="A zero at the end of a decimal number, in quantities and before a unit in text.",
        limits="Numbers without a unit, and laboratory values such as mmol/L, are not reported.",
    ),
    designation_rule(
        "RC213",
        "cubic-centimetre",
        "It is read as u, for units.",
        _order("bolus 16 cc"),
        _order("bolus 16 mL"),
        checks="cc after a number, in text.",
        limits="In a quantity field it is an unknown unit (RC202).",
    ),
    designation_rule(
        "RC214",
        "letter-for-units",
        "U is read as 0, 4 or cc, and IU as IV or 10.",
        _order("heparin 5 U"),
        _order("heparin 5 units"),
        _BOTH,
        checks="U, u and IU after a number, in text; IU in quantities.",
        limits="In a quantity field U and u are unknown units (RC202).",
    ),
    designation_rule(
        "RC215",
        "number-and-unit-run-together",
        "The first letter of the unit is read as a zero or two: 10mg becomes 100 mg.",
        _order("give 10mg"),
        _order("give 10 mg"),
        checks="A number and its unit, or a drug's name and a number, without a space, in text.",
        limits="In a quantity field the space may be left out; times such as 24h are not reported.",
    ),
    designation_rule(
        "RC216",
        "no-thousands-comma",
        "A missing or extra zero is overlooked: 100000 becomes 10,000 or 1,000,000.",
        _order("stop below 100000/mcL"),
        _order("stop below 100,000/mcL"),
        checks="Numbers from 10,000 up without commas, before a unit or after `below`, in text.",
        limits="In a quantity field a comma is refused, because it may be a decimal comma.",
    ),
    designation_rule(
        "RC217",
        "error-prone-frequency",
        "QD is read as QID and QOD as QD: a multiple or a fraction of the intended dose.",
        "{drug: aspirin, frequency: QD}",
        "{drug: aspirin, frequency: daily}",
        _BOTH,
        checks="QD, QOD, q1d, OD, i/d, HS, qhs, qn, q6PM, UD, BIW and TIW, in text and in `frequency`.",
    ),
    designation_rule(
        "RC218",
        "discharge-or-discontinue",
        "It is read as discharge in place of discontinue, or the other way round.",
        _order("D/C after 24 h"),
        _order("discontinue after 24 h"),
        checks="D/C, in text.",
    ),
    designation_rule(
        "RC219",
        "greater-or-less-sign",
        "Readers confuse the two signs, and read < 10 as 40.",
        _order("if CrCl > 60 mL/min"),
        _order("if CrCl is greater than 60 mL/min"),
        checks="< and > before a number, in text.",
        limits="Comparators in `when` are not text for people and are not reported.",
    ),
    designation_rule(
        "RC220",
        "days-or-doses",
        "x3d is read as 3 doses where 3 days are meant.",
        _order("aspirin x3d"),
        _order("aspirin for 3 days"),
        checks="x, a number and d, in text.",
    ),
    designation_rule(
        "RC224",
        "error-prone-route",
        "SC is read as SL, sub q as every, and per os as the left eye.",
        _order("5,000 units SQ"),
        _order("5,000 units SUBQ"),
        checks="SC, SQ, sub q and per os, in text.",
        limits="Only in text: SC is the word of the format for the route.",
    ),
    designation_rule(
        "RC225",
        "error-prone-symbol",
        "@ is read as 2, a degree sign as 0, an up arrow as a down arrow, a full stop as 1, K and M as each other.",
        _order("run @ 14.4 mL/h"),
        _order("run at 14.4 mL/h"),
        checks="@ before a number, a degree sign for hours, arrows, a full stop after a unit, K, M and MM for "
        "thousands and millions, in text.",
        limits="& and + are not reported: they are often intended.",
    ),
    designation_rule(
        "RC226",
        "error-prone-unit",
        "l is read as 1, and ng as mg.",
        _order("bolus 16 ml"),
        _order("bolus 16 mL"),
        checks="ml and l for litres, and ng, after a number, in text.",
        limits="In a quantity field all spellings of a unit are read; ng of a laboratory value is not reported.",
    ),
    designation_rule(
        "RC227",
        "decimal-comma",
        "Readers who use commas for thousands read 0,15 as 15.",
        _order("tirofiban 0,15 mcg/kg/min"),
        _order("tirofiban 0.15 mcg/kg/min"),
        ("rescuecalc",),
        checks="A comma with one, two or more than three digits after it, or a zero before it, in a number with a "
        "unit, in text.",
        limits="In a quantity field a comma is refused (RC201); 1,500 mg is read as thousands.",
    ),
)
