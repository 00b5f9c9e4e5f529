"""What monitoring and stop criteria say: platelets and their times, criteria of a stop, targets of blood pressure."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.patient_state import read_state
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.units import how_many
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.orders.watch_words import StatedNumber
    from rescuecalc.rules.base.knowledge import Subject

_PLATELETS: Final = lazy_pattern(
    r"\b(platelets?|plt|cbc|fbc|(full |complete )?blood count|thrombocytes?|Blutbild)\b"
    r"(?! (?:function|reactivity|aggregat\w*|inhibit\w*))",
    re.IGNORECASE,
)
_TIME: Final = lazy_pattern(
    r"(?:(?:(?<![0-9.a-z])|(?<=\bq))(?P<number>[0-9]{1,4}(?:\.[0-9]{1,3})?) ?(?P<unit>h"
    r"|hours?|hrs?|min(?:utes?)?|d(?:ays?)?|weeks?|months?)"
    r"|\bday ?(?P<day>[0-9]{1,3})|(?P<daily>\bdaily))\b",
    re.IGNORECASE,
)
_UNCOUNTED: Final = lazy_pattern(
    r"\b(?:no|not|never|without)\b[^,;(]{0,20}\b(?:platelets?|cbc|counts?|monitor\w*)\b"
    r"|(?:\bnot|n['\u2019]t) (?:be )?(?:required|needed|necessary|indicated|done)\b",
    re.IGNORECASE,
)
_ON_DEMAND: Final = lazy_pattern(
    r"\b(?:if|PRN|unless|when|in case of|never|once(?! (?:a|per|every|daily))"
    r"|as (?:needed|required|indicated|clinically))\b",
    re.IGNORECASE,
)
"""A count that waits until somebody asks for it, where no time stands beside it."""
_NEAR: Final = lazy_pattern(
    r"\b(?:baseline|before|start|daily|admission|hourly|once a day|every day|each day)\b", re.IGNORECASE
)
_FAR: Final = ("w", "mo")
_UNITS: Final = {"h": "h", "m": "min", "d": "day"}


def names_platelets(entry: Mapping[str, str]) -> bool:
    """Whether an entry of monitoring is about platelets."""
    return any(_PLATELETS.search(text) for text in entry.values())


def is_platelet_watch(entry: Mapping[str, str], subject: Subject) -> bool:
    """Whether an entry of monitoring counts platelets, and at no time that watches over nothing."""
    text = " ".join(entry.values())
    if not names_platelets(entry) or _UNCOUNTED.search(text):
        return False
    known = subject.knowledge.watch_words()
    hours = list(hours_in(text))
    near = {match[0].lower() for match in _NEAR.finditer(text)}
    if near - {"start"} or (near and not hours) or any(each <= known.longest.value_in("h") for each in hours):
        return True
    return not hours and not _ON_DEMAND.search(text) and not any(word in text.lower() for word in known.late)


def hours_in(text: str) -> Iterator[Fraction]:
    """Yield the hours that a text names; `daily` is a day, and weeks and months are ten days or more."""
    for match in _TIME.finditer(text):
        unit = (match["unit"] or match["daily"] or "day").lower()
        far = unit.startswith(_FAR)
        yield Fraction(match["number"] or match["day"] or 1) * (
            how_many("h", "day") * 10 if far else how_many("h", _UNITS[unit[0]])
        )


_NEVER: Final = lazy_pattern(
    r"\b(?:never|(?:do|does|must|should) not|don['\u2019]t) (?:be )?(?:stop|hold|discontinue|interrupt)"
)


def is_stop_criterion(text: str, subject: Subject) -> bool:
    """Whether a text is about what an infusion is stopped for."""
    said = text.lower()
    if _NEVER.search(said):
        return False
    return any(re.search(rf"\b{re.escape(word)}", said) for word in subject.knowledge.watch_words().stops)


_BELOW: Final = lazy_pattern(
    r"\b(?:platelets?|plt|thrombocytes?)\b[^0-9;]{0,30}?(?:below|under|less than"
    r"|<=?|(?:fall(?:s|en)?|drop(?:s|ped)?) (?:to|below))\s*"
    r"(?P<count>[0-9][0-9,.]{0,9} ?(?:[x\u00d7] ?10\^?[39]/(?:L|uL|mcL)|G/L|K/uL"
    r"|/uL|/mcL|/mm3|/nL|per (?:micro)?lit(?:er|re)|per mm3)?)",
    re.IGNORECASE,
)


_ABOVE: Final = lazy_pattern(
    r"\b(?:platelets?|plt|thrombocytes?)\b(?:(?!\b(?:fall|drop|decreas|declin|reduc|less|below)\w*)[^0-9;]){0,30}?"
    r"(?:above|over|more than|greater than|exceed\w*|>=?)\s*[0-9][0-9,.]{0,9}(?! ?%)(?![0-9,.])",
    re.IGNORECASE,
)


def stops_above(text: str) -> str:
    """Return where a criterion stops at platelets above a count, the wrong way round; empty where none does."""
    match = _ABOVE.search(text)
    return match[0] if match is not None else ""


_PER: Final = lazy_pattern(r"per (?:microlit(?:er|re)|mm3)", re.IGNORECASE)


def platelet_limits(text: str, subject: Subject) -> Iterator[tuple[Fraction, StatedNumber]]:
    """Yield each count below which a text stops, in x10^9/L, with the least that a label of the ordered drugs has."""
    known = subject.knowledge.watch_words().stop_below
    due = [known[order.drug] for order in subject.order_set.orders if order.drug in known]
    for match in _BELOW.finditer(text) if due else ():
        try:
            written = _PER.sub("/uL", match["count"].strip().rstrip(".,"))
            count = read_state("platelets", written)
        except InputError:
            continue
        yield count.magnitude, min(due, key=_value)


def _value(stated: StatedNumber) -> Fraction:
    return stated.value
