"""The parts that every document is made of: quantities, findings, sources."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from rescuecalc import __version__
from rescuecalc.core.quantities.decimal_text import json_number, people_number, plain, significant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.findings.approval import Approval
    from rescuecalc.core.orders.findings.finding import Alternative, ExpectedRange, Finding
    from rescuecalc.core.quantities.quantity import Quantity

ABOUT: Final = "about "
"""Before a number of which digits were left off."""

_MOST_DIGITS: Final = 5
"""Significant digits that a screen shows as they are; a number with more is "about" so much, and exact elsewhere."""

Document = dict[str, Any]


def header(kind: str, version: int = 1) -> Document:
    """Return what every document begins with: its schema in its ``version``, and the program's that wrote it."""
    return {"schema": f"rescuecalc.{kind}.{version}", "rescuecalc": __version__}


class QuantityPart(dict[str, Any]):
    """A quantity of a document that remembers its ``exact`` magnitude, which 15 digits may not hold."""

    __slots__ = ("exact",)

    exact: Fraction


def quantity(value: Quantity | None) -> QuantityPart | None:
    """Return a quantity as ``{value, unit, ucum}``, with ``rounded`` where 15 digits do not hold it."""
    if value is None:
        return None
    number, rounded = json_number(value.magnitude)
    made = QuantityPart(value=number, unit=value.unit.name, ucum=value.unit.ucum)
    made.exact = value.magnitude
    if rounded:
        made["rounded"] = True
    return made


def percent(value: Fraction) -> Decimal:
    """Return a percentage with two decimals, rounded half up away from zero."""
    # Without its sign first, so that +0.385 and -0.385 get the same digits.
    hundredths = (abs(value) * 100 + Fraction(1, 2)).__floor__()
    shown = Decimal(plain(Decimal(hundredths).scaleb(-2)))
    return -shown if value < 0 and hundredths else shown


def signed(number: Decimal) -> str:
    """Return a number of a document with its sign: ``+0.39``; zero has none."""
    sign = "+" if number > 0 else "-" if number < 0 else ""
    return f"{sign}{people_number(abs(number))}"


def people(made: Document | None) -> str:
    """Return a document's quantity as a person reads it; "not stated" where there is none."""
    if made is None:
        return "not stated"
    return f"{people_number(made['value'], rounded=bool(made.get('rounded')))} {made['unit']}"


def has_many_digits(made: Document) -> bool:
    """Whether a quantity has more significant digits than a person reads on a screen."""
    return len(f"{made['value']}".replace(".", "").strip("0")) > _MOST_DIGITS


def people_near(made: Document, digits: int = 4) -> str:
    """Return a quantity as a screen shows it: "about" so many digits where it has many; the whole page is exact."""
    if not has_many_digits(made):
        return people(made)
    return f"{ABOUT}{people_number(significant(Fraction(made['value']), digits))} {made['unit']}"


def source(each: Source) -> Document:
    """Return a source with its locator."""
    return {"id": each.id, "title": each.title, "doi": each.doi, "url": each.url, "locator": each.locator}


def sources(each: Iterable[Source]) -> list[Document]:
    """Return sources without repeats."""
    # By locator too: two places of one paper are two things to look up.
    return [source(one) for one in {(one.id, one.locator): one for one in each}.values()]


def finding(each: Finding) -> Document:
    """Return a finding in the shape that all commands share; ``approval`` is there where the site accepts it."""
    made = {
        "code": each.code,
        "name": each.name,
        "severity": each.severity.value,
        "message": each.message,
        "file": each.file,
        "line": each.line,
        "column": each.column,
        "pointer": each.pointer,
        "found": each.found,
        "expected": each.expected,
        "factor": None if each.factor is None else json_number(each.factor)[0],
        "slip": list(each.slip),
        "alternatives": [_alternative(one) for one in each.alternatives],
        "expected_range": _range(each.expected_range),
        "sources": sources(each.sources),
    }
    return made if each.approval is None else {**made, "approval": _approval(each.approval)}


def _approval(each: Approval) -> Document:
    return {"approver": each.approver, "until": each.until, "reason": each.reason}


def _alternative(each: Alternative) -> Document:
    return {"pointer": each.pointer, "found": each.found, "expected": each.expected, "slip": list(each.slip)}


def _range(ends: ExpectedRange | None) -> Document | None:
    if ends is None:
        return None
    low, high = ends
    return {"low": low, "high": high}


def key_in_words(word: str) -> str:
    """Return a key of the catalogue as people say it."""
    return {"give_over": "time to give it over", "run_time": "run time"}.get(word, word)
