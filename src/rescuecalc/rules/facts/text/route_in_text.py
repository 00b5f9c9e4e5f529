"""By which routes a clause of a text gives its order's own drug: every spelling that the field reads is read there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.text.earlier import is_earlier
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.wording import ROUTE_OF
from rescuecalc.rules.facts.order_model.own_words import OF_KIND, is_own_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order

_WORD: Final = lazy_pattern(
    r"\b[iI]/[aA]\b|[^\W\d_]+(?:(?:[.'-]| - )[^\W\d_]+)*(?:(?<=\b\w\.\w)\.)?|,(?![0-9])|[;\n:]|\.(?= |$)"
)
_STOPS: Final = frozenset(";,\n.")
_ROUTES: Final = frozenset(("IV", "IA", "IC", "PO", "PR", "NG", "IM", "SC", "SL", "IO", "IN", "INH", "EPI", "IT", "ID"))
_THINGS: Final = frozenset(
    (
        "arterial",
        "mouth",
        "mask",
        "face mask",
        "nc",
        "nasal cannula",
        "ett",
        "og",
        "gt",
        "jt",
        "sonde",
        "neb",
        "nostril",
    )
)
"""Spellings that name something else in a sentence."""
_ALSO: Final = {
    "IA": (
        "femoral artery|radial artery|carotid artery|vertebral artery|basilar artery|artery|art line|arterial line|"
        "arterial catheter|arterial sheath|a-line|i/a|microcatheter|intra-art\u00e9rielle|intraarterielle"
    ),
    "IT": "i.t.|intra-thecal|intra-thecally|intrathekal|intrath\u00e9cale|intratecal",
    "PR": "suppository|suppositories|rektal",
}
_ROUTE_OF: Final = {
    **{each: route for each, route in ROUTE_OF.items() if route in _ROUTES and each not in _THINGS},
    **{route.lower(): route for route in _ROUTES},
    **{each: route for route, spellings in _ALSO.items() for each in spellings.split("|")},
}


def _any_of(routes: frozenset[str]) -> re.Pattern[str]:
    spellings = sorted((each for each, route in _ROUTE_OF.items() if route in routes), key=len, reverse=True)
    return lazy_pattern(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, spellings))})(?![^\W\d_])", re.IGNORECASE)


_ANY_ROUTE: Final = _any_of(_ROUTES)
_NO_VEIN: Final = _any_of(_ROUTES - {"IV"})
"""What most texts do not hold, so that nothing else is asked of them: one with a number of its own is like the next."""
_MOST_WORDS: Final = 3
"""Words of one spelling."""
_SHORT: Final = 3
"""Letters of a word which is a route in capitals or with points alone: `it` and `im` are none."""
_GIVING: Final = (
    "please give given gives administer administered inject injected infuse infused run it this drug dose entire whole "
    "all as an a the in via by to into be at over for of through per use only route administration goes connect "
    "connected slow slowly now stat full rate is mcg \u00b5g mg g ml kg unit units meq mmol h hr hour hours min mins "
    "minute minutes s sec seconds x once daily twice hand syringe pump if tolerated interventionist operator par voie "
    "la le v\u00eda und et or and but infusion bolus"
)
_OWN: Final = frozenset(_GIVING.split())
_OTHER_MATTERS: Final = frozenset(
    ("check", "alert", "high", "line", "icu", "therapy", "treatment", "continue", "continued")
)
_KINDS: Final = frozenset().union(*OF_KIND.values())
_DENIES: Final = frozenset(("not", "never", "no", "avoid", "without", "instead", "rather", "nicht", "pas"))
_FILLS: Final = frozenset(("of", "than", "by", "via", "the", "given", "give"))


class TextRoute(NamedTuple):
    """A route that a text gives its order's drug by, with its words, and whether another one is named beside it."""

    route: str
    words: str
    is_alternative: bool


def routes_in_text(order: Order) -> Iterator[TextRoute]:
    """Yield the routes of the clauses of a text that speak of nothing but how the order itself is given."""
    text = order.texts.get("text", "")
    if (_NO_VEIN if order.route == "IV" else _ANY_ROUTE).search(text) is None:
        return
    clause: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        if match[0] in _STOPS:
            yield from _of_clause(clause, order)
            clause = []
        elif match[0] != ":":
            clause.append(match)
    yield from _of_clause(clause, order)


def _of_clause(clause: list[re.Match[str]], order: Order) -> Iterator[TextRoute]:
    found: list[TextRoute] = []
    words = [each[0].replace(" - ", "-") for each in clause]
    at, denied, is_alternative = 0, False, "or" in words
    while at < len(words):
        length = next((n for n in range(_MOST_WORDS, 0, -1) if _route_of(words[at : at + n])), 0)
        word = words[at].lower()
        if length:
            spelling = words[at : at + length]
            follows = words[at + length].lower() if at + length < len(words) else ""
            if follows == "given" or is_earlier(order.texts["text"], clause[at].start()):
                return  # it was given so
            if not denied:
                found.append(TextRoute(_route_of(spelling), " ".join(spelling), is_alternative))
            denied = False
        elif word in _DENIES:
            denied = True
        elif word in _FILLS and denied:
            pass
        elif denied or not is_of_giving(word, order):
            return
        at += max(1, length)
    yield from found if not denied else ()


def _route_of(words: list[str]) -> str:
    spelling = " ".join(words)
    is_word = len(spelling) <= _SHORT and spelling.isalpha() and not spelling.isupper()
    return "" if is_word else _ROUTE_OF.get(spelling.lower(), "")


def is_of_giving(word: str, order: Order) -> bool:
    """Whether a word, in small letters, says of an order itself how it is given, and nothing else."""
    if word in _KINDS:
        return word in OF_KIND.get(order.given_as, ())
    return word in _OWN or (word not in _OTHER_MATTERS and is_own_word(word, order))
