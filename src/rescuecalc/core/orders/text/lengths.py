"""Which times of a text say how long its order takes: by the word before them, or by what they are of."""

from __future__ import annotations

import re
from typing import Final

from rescuecalc.core.orders.text import text_words as words
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

GIVE_OVER: Final = "give_over"
RUN_TIME: Final = "run_time"
LENGTHS: Final = frozenset((GIVE_OVER, RUN_TIME))
_BEFORE: Final = {
    **dict.fromkeys(("over", "within", "\u00fcber", "innerhalb", "sur", "en"), GIVE_OVER),
    **dict.fromkeys(
        (
            "f\u00fcr",
            "pendant",
            "durant",
            "for",
            "x",
            "\u00d7",
            "run",
            "runs",
            "running",
            "continue",
            "infuse",
            "lasting",
            "duration",
        ),
        RUN_TIME,
    ),
}
"""The words before a time by which it is that of the order."""
_NAMED: Final = lazy_pattern(
    r"\b(?:duration|run[ -]?time|infusion time|length)(?: of (?:the )?(?:infusion|drip|therapy|treatment))?"
    r"(?: is| of| ?[:=])? ?$",
    re.IGNORECASE,
)
"""Before a time: what it is called."""
_OF_INFUSION: Final = lazy_pattern(
    r"[ -](?:(?:continuous|IV|maintenance|tirofiban) )*(?:infusion|drip)\b(?! (?:sets?|pump|lines?|rate|bags?))",
    re.IGNORECASE,
)
"""Behind a time: what takes so long."""
_TIMES: Final = ("x", "X", "\u00d7")
_FACTOR: Final = lazy_pattern(r" ?(?:[/\u00f7*\u00d7=]|x [0-9])")
"""Behind a time that something is multiplied by: it is a step of a calculation."""
_OF_ANOTHER: Final = lazy_pattern(
    r"\b(?:after|before|following|during|first|previous|prior|of|than|every|within|by|in)(?: (?:an?|the))? ?$",
    re.IGNORECASE,
)
"""Before a time: it is no more than a point of the infusion."""


def length_field(clause: str, begin: int, end: int, before: str, *, of_giving: bool) -> str | None:
    """Return the field that a time of a clause speaks of, None where it is of something else.

    ``before`` is what stands before it, ``of_giving`` that the clause speaks of giving.

    >>> length_field("over 5 min", 5, 10, "over ", of_giving=False)
    'give_over'
    >>> length_field("a 24 h infusion", 2, 6, "a ", of_giving=True)
    'run_time'
    """
    before = words.ABOUT.sub("", before)
    if not clause[:begin].strip() and not clause[end:].strip(" ."):
        return RUN_TIME
    if _NAMED.search(before) is not None:
        return RUN_TIME
    if _OF_INFUSION.match(clause, end) is not None and _OF_ANOTHER.search(before) is None:
        return None if words.NOT_GIVEN.search(before) is not None else RUN_TIME
    is_first = before.strip() == clause.lstrip().partition(" ")[0]
    if not (is_first or (of_giving and words.NOT_GIVING.search(clause, 0, begin) is None)):
        return None
    if before.lower().endswith("within ") and words.SINCE_EVENT.match(clause, end) is not None:
        return None
    name = _BEFORE.get(before.rstrip().rpartition(" ")[2].lower())
    if before.rstrip().endswith(_TIMES) and _FACTOR.match(clause, end) is not None:
        name = None
    is_given = words.NOT_GIVEN.search(before) is None and words.HOW_LONG_OFTEN.search(before) is None
    return name if is_given else None
