"""Whose a number of a text is: the order's drug's, or another one's that is named beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.text_words import SENTENCE
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.facts.text.named_drug import ENDED, first_drug, is_reversal, named_drug

if TYPE_CHECKING:
    from rescuecalc.rules.base.knowledge import Knowledge

_UPON_END: Final = lazy_pattern(
    rf"\b(?:after|once|when|upon|following|transition) (?:{ENDED.pattern})\W*$"
    rf"|(?:{ENDED.pattern}) [0-9][0-9.-]{{0,4}} ?(?:h|hours?|min)\w* after ?$",
    re.IGNORECASE,
)
"""Before a number: it is given at another drug's end, `tirofiban off 4 h after 600 mg`."""


def is_of_another(own: str, before: str, behind: str, earlier: str, knowledge: Knowledge) -> bool:
    """Whether a number is of another drug by the words beside it: the last before it, else the first behind it.

    A clause that begins with the number says nothing of it: then that before is asked. What is given besides
    ("after aspirin push 8 mg") is not what follows.
    """
    if words.IN_DENIED.search(SENTENCE.split(earlier)[-1] + before) is not None:
        return True
    besides = _UPON_END.sub("", words.BESIDES.sub("", before))
    named = [(match.end(), drug) for match in words.NAME.finditer(besides) if (drug := named_drug(match[0], knowledge))]
    follows = words.OF_IT.match(behind)
    if (
        follows is not None
        and named_drug(follows[1], knowledge) == own
        and (not named or besides[named[-1][0] :].strip())
    ):
        return False
    if named:
        return named[-1][1] != own
    if is_reversal(own, SENTENCE.split(earlier)[-1] + before):
        return True
    found = first_drug(behind, knowledge)
    if found or (words.NAME.search(before) is not None and words.GOES_ON.match(before) is None):
        return found not in {"", own}
    return _earlier(_UPON_END.sub("", SENTENCE.split(earlier)[-1]), behind, knowledge) not in {"", own}


def _earlier(sentence: str, behind: str, knowledge: Knowledge) -> str:
    """Return the last drug of what stands before a clause; none that was only stopped before an injection."""
    for match in reversed(list(words.NAME.finditer(sentence))):
        drug = named_drug(match[0], knowledge)
        if drug:
            is_besides = words.BESIDES_END.search(sentence, max(0, match.start() - _NEAR), match.start()) is not None
            return "" if is_besides and words.INJECTED.match(behind) is not None else drug
    return ""


_NEAR: Final = 40
"""Characters before a drug's name that say whether it is given."""
