"""Whether a text denies one thing: in its clause, in the list that it stands in, or behind it."""

from __future__ import annotations

import re
from typing import Final

from rescuecalc.core.orders.text.clauses import sentence_at
from rescuecalc.core.orders.text.vocabulary import AVOIDED, EXCLUDED, NEGATIONS, WITHHELD, any_word, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

_DENIES: Final = lazy_pattern(
    rf"\b(?:{one_of(NEGATIONS)}|(?P<of_all>{one_of(AVOIDED, WITHHELD, EXCLUDED)}))\b", re.IGNORECASE
)
"""Of what a colon introduces, `of_all` is said and a negation is not: `avoid: flushing`, `not alone: push 8 mL`."""
_IF_NO: Final = lazy_pattern(r"\b(?:if|when|while|until)\b[^.;,:]{0,15}?\b(?:no|not|without)\b", re.IGNORECASE)
"""A condition that is denied denies nothing of what is done then: `if no flow repeat the bolus`."""
_ELSE: Final = r"(?:if|when|while|until|unless|and|but|then|to|or)"
_BEHIND: Final = lazy_pattern(
    rf"(?: (?!{_ELSE}\b)[a-z]{{1,15}}){{0,4}}?\)?(?: ?[:=-])? (?:(?:is|are|was|were|has|been|to|be|should) ){{0,3}}"
    rf"(?:{one_of(WITHHELD)}|none|nil|prohibited|forbidden|contra-?indicated|excluded|ruled out|absent|negative|"
    r"not (?:given|needed|required|permitted|allowed|indicated|used|recommended))\b"
    r"|\W{0,3}(?:(?!" + _ELSE + r" )[a-z]+ )?(?:is |are )?(?:not|never|no)\b(?<!, not)(?<!, no)(?<!, never)",
    re.IGNORECASE,
)
_WITHIN: Final = any_word(NEGATIONS[:-1], "instead of", "rather than")
_ALSO: Final = any_word("or", "nor", "and")
_ENDS: Final = any_word("but", "then")
_GOES_ON: Final = lazy_pattern(r"(?: [a-z]{1,15}){0,3}, (?:or|nor)\b", re.IGNORECASE)
_MOST_BESIDE: Final = 80
"""Characters beside a thing in which it may be denied."""


def is_denied(text: str, begin: int, end: int) -> bool:
    """Whether what stands from ``begin`` to ``end`` of a text is denied.

    >>> is_denied("do not draw, pull or flush", 21, 26), is_denied("flush: none", 0, 5)
    (True, True)
    >>> is_denied("do not disconnect, flush the line", 19, 24)
    False
    """
    first, last = sentence_at(text, begin)
    behind = text[end : max(end, min(last, end + _MOST_BESIDE))]
    if _WITHIN.search(text, begin, end) is not None or _BEHIND.match(behind) is not None:
        return True
    before = _IF_NO.sub(" ", text[max(first, begin - _MOST_BESIDE) : begin])
    found = list(_DENIES.finditer(before))
    if not found:
        return False
    between = before[found[-1].end() :]
    if _ENDS.search(between) is not None:
        return False
    if ":" in between:
        return found[-1]["of_all"] is not None
    return "," not in between or _ALSO.search(between) is not None or _GOES_ON.match(behind) is not None
