"""What a text says of giving a dose again: `repeat in 2 h`, `another 20 mg`, `ten doses`."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.clauses import in_clause
from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.free_text import elsewhere
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order

_IT: Final = (
    r"(?: (?:the|this|that|same|full|whole|dose|bolus|push|injection|load|loading|loading dose|it|once|amount|then|and|"
    r"IV|again|up to|another|[0-9][0-9.,]{0,9} ?(?:mc?g|mL|units?)(?:/kg)?))*"
)
_OFTEN: Final = (
    r"(?:[x\u00d7] ?(?:[2-9]|[1-9][0-9])\b|(?:[2-9]|[1-9][0-9]) ?(?:x|times)\b|hourly|daily|"
    r"(?:every|each|q) ?(?:half )?(?:[a-z0-9]{1,5} ?)?(?:h\b|hours?|hrs?|min|minutes?|sec|seconds?|days?|weeks?|"
    r"morning|evening|night|shift|meal)|nightly|"
    r"until\b|as (?:needed|required|often)|(?:if|when) (?:needed|required|necessary)|prn\b|ad lib)"
)
_REPEATED: Final = (
    r"\b(?:may (?:be )?|can (?:be )?|to be )?(?:repeat(?:ed|ing)?|re-?dos(?:e|ed|ing)|re-?bolus\w*|re-?giv(?:e|en))"
    rf"{_IT}"
)
_AGAIN_OFTEN: Final = lazy_pattern(
    rf"{_REPEATED},? ?{_OFTEN}"
    rf"|\b(?:again|(?:the )?same(?: dose| again| amount)?){_IT},? ?{_OFTEN}"
    r"|^\W*[x\u00d7] ?(?:[2-9]|[1-9][0-9])\W*$"
    r"|(?<![\w.,/-])(?:[x\u00d7] ?)?(?:[3-9]|[1-9][0-9]) (?:doses|boluses|pushes)\b"
    r"|\b(?:dose|bolus|push)(?:es)? (?:every|q) ?[0-9]{1,3} ?(?:min|minutes?|sec|seconds?)\b"
    r"|\b(?:the )?same(?: dose| amount)? again (?:in|after) (?:an?|one|two|half an|[0-9]{1,3}) ?"
    r"(?:h\b|hours?|hrs?|minutes?|min)"
    r"|\b(?:give|given|push|inject)(?: it| this)? (?:twice|thrice|three times|four times)\b(?! (?:a|per|daily|each))",
    re.IGNORECASE,
)
"""Again and again: no source gives a bolus so."""
_ONCE_MORE: Final = lazy_pattern(
    rf"{_REPEATED}(?= ?(?:$|[,;.)\n]|(?:in|after|at|if|once|when|for|[x\u00d7] ?1|tomorrow|tonight)\b))"
    r"|\b(?:another|additional|extra|further|second|2nd|third)(?: (?:IV|IA|full|half|whole|of|dose|bolus|push|load|"
    r"loading))*(?: [0-9][0-9.,]{0,9} ?(?:mc?g|units?)\b| (?:dose|bolus|push|load)\b)"
    r"|(?<![\w.,])[0-9][0-9.,]{0,9} ?(?:mc?g|units?)(?: (?:PO|IV))? again\b",
    re.IGNORECASE,
)
"""Once more: of a drug of which its sources give one dose."""
_AT_ONCE: Final = lazy_pattern(
    r"(?: (?:IV|IA|push|bolus))*,? ?(?:every|q) ?(?:[0-9]{1,3} ?)?(?:min|minutes?|sec|seconds?)\b", re.IGNORECASE
)
"""Behind a bolus: it comes again and again, in less than an hour."""
_LATER: Final = lazy_pattern(
    r"(?: (?:IV|IA|push|bolus|again|more))*,? ?(?:in|after|at) (?:an?|one|two|half an|\+?[0-9]{1,3}(?:\.[0-9])?) ?"
    r"(?:h\b|hours?|hrs?|min\w*|days?)",
    re.IGNORECASE,
)
"""Behind an amount: it is given after that time, or in it; the same amount a second time is given after it."""
_JOINED: Final = lazy_pattern(r" (?:IV |bolus |push )*now,? (?:and|then) ", re.IGNORECASE)
"""Between two amounts: the second follows the first."""
_NAMES_DOSE: Final = lazy_pattern(
    r"\b(?:dose|bolus|load\w*|push\w*|inject\w*|give|given|m?c?g|units?)\b", re.IGNORECASE
)
_MOST_ASKED: Final = 100


def given_again(order: Order, *, once_is_enough: bool, boluses: int, is_one_bolus: bool) -> Iterator[str]:
    """Yield the words of a text by which a dose is given again; where once is enough, also those of once more.

    ``boluses`` is how many the sources of the drug give, 1 where none is known to give more; ``is_one_bolus`` that they
    give the whole dose in one, and no part of it later.
    """
    text = order.texts.get("text", "")
    for pattern in (_AGAIN_OFTEN, *((_ONCE_MORE,) if once_is_enough else ())):
        for match in islice(pattern.finditer(text), _MOST_ASKED):
            if _is_of_dose(text, match):
                yield match[0]
    if order.given_as == "bolus":
        yield from _at_once(order, text)
        yield from _later(order, text, is_one_bolus=is_one_bolus) if boluses == 1 else ()


def _at_once(order: Order, text: str) -> Iterator[str]:
    for each in (*order.numbers_in_text(), *elsewhere(text)):
        often = _AT_ONCE.match(text, each.at + len(each.text)) if each.field in {"dose", "dose_per_kg"} else None
        if often is not None and each.times == 1:
            yield f"{each.text}{often[0]}"


def _later(order: Order, text: str, *, is_one_bolus: bool) -> Iterator[str]:
    """Yield an amount that a text gives now, and again some time later: `20 mg now and 20 mg in 1 hour`."""
    doses = [each for each in (*order.numbers_in_text(), *elsewhere(text)) if each.field in {"dose", "dose_per_kg"}]
    for one, other in pairwise(sorted(doses, key=lambda each: each.at)):
        later = _LATER.match(text, other.at + len(other.text))
        is_same = one.quantity == other.quantity
        is_more = (
            one.field == other.field and is_one_bolus and _JOINED.fullmatch(text, one.at + len(one.text), other.at)
        )
        if later is not None and (is_same or is_more) and not other.restates:
            yield f"{other.text}{later[0]}"


def _is_of_dose(text: str, match: re.Match[str]) -> bool:
    """Whether it is the dose that is given again: not denied, and no check is named behind it, or nearer before it."""
    if is_denied(text, *match.span()) or in_clause(words.CHECKED, text, match.start()):
        return False
    last = max((each.end() for each in words.CHECKED.finditer(text, 0, match.start())), default=0)
    return not last or _NAMES_DOSE.search(text, last, match.start()) is not None
