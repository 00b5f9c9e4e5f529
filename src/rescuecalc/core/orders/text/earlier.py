"""Whether a number of a text is of a dose that was given before: `s/p 0.5 mg IA`, `72 mg given at 09:10`."""

from __future__ import annotations

import re
from typing import Final

from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.vocabulary import any_word
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

_HAD: Final = lazy_pattern(
    r"\b(?:s/p|status post|received|already|has had|(?:patient|pt) (?:had|got)|bolused|reloaded|preloaded|"
    r"wurden?|erhielt|erhalten|bereits)\b",
    re.IGNORECASE,
)
"""Before a number: it was given."""
_BY_OTHER_WAY: Final = lazy_pattern(
    r"\W*(?:IA|intra-?arterial) (?:(?:total|cumulative)(?: dose)?|dose given)\b", re.IGNORECASE
)
"""At the beginning of a clause: the sum of what went into an artery, which nobody orders so."""
_GIVEN: Final = lazy_pattern(
    r"(?<!be )(?<!is )(?<!are )\b(?:given|administered|loaded|gegeben|verabreicht)\b|\bload\b", re.IGNORECASE
)
_HOUR: Final = "(?:[01]?[0-9]|2[0-3])"
_CLOCK: Final = lazy_pattern(
    rf"(?<![0-9.,:]){_HOUR}:[0-5][0-9](?![0-9:])"
    r"|\bat\b[^;,.0-9]{0,12}(?<![0-9])(?:[01][0-9]|2[0-3])[0-5][0-9](?![0-9.]| ?[a-z%/])",
    re.IGNORECASE,
)
_PLACE: Final = lazy_pattern(
    r"\b(?:in|at|by|from|en route)(?: (?:the|an?|der|dem))?"
    r" (?:ED|ER|A&E|EMS|OSH|OR|IR|NIR|angio\w*|cath\w*|field|ambulance|referring|outside|emergency|(?:para)?medics?)\b"
    r"|\b(?:intra-?op(?:eratively)?|en route|pre-?hospital|on scene)\b",
    re.IGNORECASE,
)
_NOW: Final = any_word(
    *("now", "then", "give", "run", "start", "begin", "continue", "push", "inject", "infuse", "repeat", "set", "hang"),
    *("followed by", "another", "again", "increase", "maintain", "change", "switch", "order", "take", "load with"),
    *("daily", "twice", "every", r"q ?[0-9]{1,2} ?h\w*", "bid", "tid", "qid"),
)
"""What is done now, or comes again, was not given before."""
PAST_DOSE: Final = (_HAD, _BY_OTHER_WAY, _GIVEN, _CLOCK, _PLACE, _NOW)


def is_earlier(text: str, at: int) -> bool:
    """Whether the clause of a text that holds a place tells there of a dose that was given before.

    >>> text = "received 0.75 mg IA at 02:15 by NIR; run 9.6 mL/h"
    >>> is_earlier(text, 9), is_earlier(text, 41)
    (True, False)
    """
    begin, end = clause_at(text, at)
    before = text[begin:at]
    *_, since = _NOW.split(before)
    if _HAD.search(since) is not None:
        return True
    if since != before:
        return False
    behind, *_ = _NOW.split(text[at:end])
    beside = before + behind
    signs = sum(each.search(beside) is not None for each in (_GIVEN, _CLOCK, _PLACE))
    return signs > 1 or _BY_OTHER_WAY.match(text, begin, end) is not None
