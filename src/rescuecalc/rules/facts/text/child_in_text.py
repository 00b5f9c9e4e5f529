"""Whether an order set says that its patient is a child: by a word, or by an age below that of an adult."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text.clauses import clause_at, in_clause
from rescuecalc.core.orders.text.vocabulary import AVOIDED, EXCLUDED, NEGATIONS, WITHHELD, any_word
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Subject

_CHILD: Final = lazy_pattern(
    r"\b(?:pa?ediatric\w*|child(?:ren)?(?![- ]?(?:pugh|turcotte|class|score|[ABC]\b)|['\u2019]s hospital)"
    r"(?:['\u2019]s)?|infants?|toddlers?|neonat\w*|newborns?|adolescents?|kids|bab(?:y|ies)|all ages|PICU|PALS|APLS)\b",
    re.IGNORECASE,
)
_YEARS: Final = lazy_pattern(
    r"\b(?:age[d]?|of age)[ :=]{0,3}(?P<age>[0-9]{1,3}) ?(?:years?|yrs?|y|yo)?\b(?![0-9.]|[- ]?(?:to|or|-|\+))"
    r"|\b(?P<old>[0-9]{1,3})[- ]?(?:years?|yrs?|y)[- ]?(?:old|o\b)|\b(?P<yo>[0-9]{1,3}) ?yo\b"
    r"|\b(?P<young>[0-9]{1,2})[- ]?(?:months?|weeks?|days?)[- ]?old\b",
    re.IGNORECASE,
)
_NO: Final = (NEGATIONS, AVOIDED, WITHHELD, EXCLUDED, "non", "unless")
_DENIED_BEHIND: Final = any_word(*_NO)
_DENIED: Final = any_word(*_NO, "above", "over", "under", "below", "if", "older", "younger", "than")
_NO_PATIENT: Final = any_word(
    *("call", "contact", r"consult\w*", "page", r"notify", r"hospitals?", r"clinics?", "ward", "wards", "team"),
    *("reach", "sight", "keep out", "store", "tubing", r"syringes?", r"catheters?", r"lines?", r"sets?", r"cuffs?"),
    *(r"formula", r"scales?", "GCS", "established", "mother", r"history"),
)
"""Words of a clause of an order's text by which a word for a child is no patient: `call paediatrics`."""
_OF_SET: Final = ("order_set", "indication", "care_area")


def names_child(text: str) -> bool:
    """Whether a text has a word for a child."""
    return _CHILD.search(text) is not None


def _is_denied(text: str, match: re.Match[str]) -> bool:
    """Whether a clause denies a word for a child; behind it `under 12` says how old it is."""
    begin, end = clause_at(text, match.start())
    return (
        _DENIED.search(text, begin, match.start()) is not None
        or _DENIED_BEHIND.search(text, match.end(), end) is not None
    )


def child_said(subject: Subject) -> tuple[str, str] | None:
    """Return where an order set says that its patient is a child, and how; None where it says nothing of it."""
    return next(_said(subject), None)


def _said(subject: Subject) -> Iterator[tuple[str, str]]:
    made, adult = subject.order_set, subject.knowledge.limits.age_years[0]
    for name in _OF_SET:
        text = made.texts.get(name, "")
        for match in _CHILD.finditer(text):
            if not _is_denied(text, match):
                yield f"/{name}", match[0]
    for order in made.orders:
        text = order.texts.get("text", "")
        for match in _CHILD.finditer(text) if text and not order.of else ():
            if not _is_denied(text, match) and not in_clause(_NO_PATIENT, text, match.start()):
                yield f"{order.pointer}/text", match[0]
    places = [(f"/{name}", made.texts.get(name, "")) for name in _OF_SET]
    places += [(f"{order.pointer}/text", order.texts.get("text", "")) for order in made.orders]
    for pointer, text in places:
        for match in _YEARS.finditer(text) if text else ():
            age = match["age"] or match["old"] or match["yo"]
            if (age is None or int(age) < adult) and not in_clause(_DENIED, text, match.start()):
                yield pointer, match[0]
