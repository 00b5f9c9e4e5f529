"""How often a text says that an amount is given: `10 x 800 mcg`, `800 mcg ten times`, `three vials of 3.75 mg`."""

from __future__ import annotations

import re
from math import prod
from typing import Final

from rescuecalc.core.orders.text.text_words import PIECES
from rescuecalc.core.orders.text.vocabulary import BAGS, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.units import usual_unit

# Before and behind an amount: so often it is given, or so many containers of it are. A time, another unit and a formula
# are none: "x 24 h", "x 80 kg", "x 80 / 50".
_BEFORE: Final = lazy_pattern(
    rf"(?<![\w.,/-])([0-9]{{1,3}}) ?(?:[x\u00d7*]|{one_of('times', 'doses', 'bolus(?:es)?', BAGS, PIECES)}"
    r"(?: of| x| \u00d7)?) ?$",
    re.IGNORECASE,
)
_BEHIND: Final = lazy_pattern(
    r"(?:\)| ?\([0-9.]{1,6} ?(?:mL|m?c?g)\))?"
    r"(?: (?:IV|IA|push(?:es)?|bolus(?:es)?|doses?)){0,2}(?: ?,? ?(?:every|q) ?[0-9]{1,3} ?min(?:utes?)?)?,? ?"
    r"(?:(?:[x\u00d7*] ?|times )([0-9]{1,3})(?! ?[/x\u00d7*=]|[\w.,]*[0-9]|"
    r"(?: ?(?:-|\u2013|to) ?[0-9.]{1,6})? ?(?:h|hr|hrs|hours?|min|minutes?|s|sec|d|"
    r"days?|weeks?|months?|kg|kilograms?|m?c?g|ml|lbs?|units?|%)\b)"
    r"|([0-9]{1,3}) ?(?:x|times|-?fold)\b(?! ?(?:[0-9]|/|each|(?:a|per) (?:week|month)|every|weekly)))",
    re.IGNORECASE,
)
_BARE: Final = lazy_pattern(r"(?<![\w.,/-])([0-9]{1,3}) $")
_SEVERAL: Final = lazy_pattern(
    rf" (?:IV )?(?:boluses|doses|pushes|injections|{one_of(BAGS)}|{PIECES})\b", re.IGNORECASE
)
"""Behind an amount: a count before it is of so many: `8 1 mg boluses`."""
_HOURLY: Final = lazy_pattern(
    r"(?: (?:IV|IA|PO|NG|push|bolus))*,? ?(?:hourly|(?:every|q) ?(?P<hours>[1-9][0-9]?)? ?(?:h|hrs?|hours?))\b",
    re.IGNORECASE,
)
_NEAR: Final = 40
"""Characters before a number in which it is said how often it is given."""
_MOST: Final = 15
"""Times of a dose per kg; more are a weight: `10 mcg/kg x 80`."""


def repeats(clause: str, at: int, text: str, field: str) -> tuple[int, str]:
    """Return how often the amount ``text`` at a place of a clause is given, and the words that say so; else 1 and none.

    Where hours are said (`every 6 h`) it is how often in a day.


    >>> repeats("give 10 x 800 mcg", 10, "800 mcg", "dose")
    (10, '10 x 800 mcg')
    """
    end = at + len(text)
    before, behind = _BEFORE.search(clause, max(0, at - _NEAR), at), _BEHIND.match(clause, end)
    if before is None and _SEVERAL.match(clause, end) is not None:
        before = _BARE.search(clause, max(0, at - _NEAR), at)
    every = _HOURLY.match(clause, end) if field in {"dose", "dose_per_kg"} and behind is None else None
    if before is None and every is not None:
        return _in_a_day(int(every["hours"] or 1)), clause[at : every.end()]
    times = prod(int(next(filter(None, found.groups()))) for found in (before, behind) if found is not None)
    if times == 1 or ("per_kg" in field and times > _MOST):
        return 1, ""
    start = before.start() if before is not None else at
    return times, clause[start : behind.end() if behind is not None else end]


def _in_a_day(hours: int) -> int:
    """Return how often what comes every so many hours comes in a day, once at least."""
    day, hour = (usual_unit(name).parts[0].size for name in ("day", "h"))
    return max(1, int(day / hour) // hours)
