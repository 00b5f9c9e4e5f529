"""What a first screen says beside the document of its command: pounds, the first blood count, what stops the infusion.

Of the JSON it is the part `never_hidden`, which does not depend on how much a person is shown.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.backcheck.bedside import check_bedside
from rescuecalc.core.quantities.decimal_text import elapsed_text, rounded_to_step
from rescuecalc.core.quantities.quantity import DosingWeight
from rescuecalc.core.quantities.units import unit
from rescuecalc.core.regimen.schedule import clock_time
from rescuecalc.reporters.document.common_parts import Document, quantity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rescuecalc.core.bridging.antiplatelet import Check, Monitoring
    from rescuecalc.core.quantities.quantity import Duration

_TENTH = Fraction(1, 10)

ALWAYS_SHOWN: Final = frozenset({"RC311", "RC313", "RC408", "RC410"})
"""Rounding that changes the dose, the printed harm of an intra-arterial bolus, a label's contraindication."""

OF_STATE: Final = frozenset(
    {"RC501", "RC516", "RC610", "RC624", "RC660", "RC661", *(f"RC{number}" for number in range(650, 658))}
)
"""What was typed of the patient, or is in his veins, against a label: what a screen has room for first."""


def of_severity(made: Document, severity: str) -> list[Document]:
    """Return the findings of a severity, in order."""
    return [each for each in made["findings"] if each["severity"] == severity]


def bedside_document(made: Document, watched: Monitoring, label_use: str, start: datetime | None) -> Document:
    """Return what the screen of ``made``, a document of `dose`, `bridge` or `plan`, needs beside it.

    Raises DoubleCheckFailed where a number of it does not lead back to ``made``.
    """
    facts: Document = {
        "label_use": label_use,
        "pounds": _pounds(made.get("dosing_weight")),
        "counts": [_count(each, start) for each in _blood_counts(watched)],
        "stops": [{"when": each.when, "then": each.then} for each in watched.conditions if each.stops],
    }
    check_bedside(facts, made)
    return facts


def _pounds(weight: Document | None) -> Document | None:
    if weight is None:
        return None
    exact = DosingWeight(Fraction(weight["value"]), unit("kg")).value_in("lb")
    return quantity(DosingWeight(rounded_to_step(exact, _TENTH), unit("lb")))


def _blood_counts(watched: Monitoring) -> Iterable[Check]:
    """Return the counts before the start and after it; those that go on day by day are on the whole page."""
    return (each for each in watched.checks if each.counts_from == "start" and each.every is None)


def _count(check: Check, start: datetime | None) -> Document:
    return {
        "words": check.words,
        "after": quantity(check.at),
        "until": quantity(check.to),
        **_time(check.at, start, ""),
        **_time(check.to, start, "until_"),
    }


def _time(after: Duration | None, start: datetime | None, name: str) -> Document:
    seconds = None if after is None else after.value_in("s").__floor__()
    at = None if seconds is None else clock_time(seconds, start)
    return {
        f"{name}at": at.isoformat(timespec="seconds") if at else None,
        f"{name}elapsed": None if seconds is None else elapsed_text(seconds),
        f"{name}elapsed_seconds": seconds,
    }
