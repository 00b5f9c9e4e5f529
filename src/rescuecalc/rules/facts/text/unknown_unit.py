"""Numbers of a text that are given in something that is no unit: `run at 96 clicks`, `8000 mikrog`, `5 foo/kg/min`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text import text_words
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.units import usual_unit
from rescuecalc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER: Final = r"(?<![\w.,/:#^-])[0-9]{1,6}(?:,[0-9]{3})*(?:\.[0-9]{1,4})?"
_WORD: Final = r"(?P<unit>[^\W\d_]{2,16})"
_ENDS: Final = r"(?= ?(?:$|[,;)\n]|\.(?:\s|$)|(?:now|stat|once)\b))"
_GIVEN: Final = lazy_pattern(
    rf"(?:\b(?:give|run|running|runs|infuse|push|bolus|inject|administer|set|rate|pump|dose)"
    rf"(?: it)?(?: at| to| of| rate)?[:=]? )(?P<found>{_NUMBER} ?{_WORD}){_ENDS}",
    re.IGNORECASE,
)
"""A number that is given, in a word that ends its clause."""
_STEM: Final = r"(?:m[il]{0,3}|mi[ck]ro?)-?(?:gr?|gr[a-z]{1,6}|l[a-z]{1,7})|mlp?[hm]|mcgp?[hm]|mgp?[hm]"
_LIKE_UNIT: Final = lazy_pattern(
    rf"(?P<found>{_NUMBER} ?(?P<unit>{_STEM})(?![\w/])|"
    rf"{_NUMBER} ?{_WORD.replace('unit', 'word')} ?(?:/|\bper\b) ?(?:kg|kilo\w*|min|minute|h|hr|hour)\b)",
    re.IGNORECASE,
)
"""A number in a word that is like a unit of mass or volume, or that is per kilogram or time."""
_NO_UNITS: Final = (
    "am pm days day weeks week months month years year yo times time doses dose bolus boluses vials vial bags bag "
    "syringe syringes tablets tablet tabs tab pills pill ampoules ampoule amps amp bottles bottle caps capsule "
    "containers container packs cycles courses lumens lumen lines line pumps channels channel beds bed rooms room ext "
    "extension page pages version row rows step steps nurses nurse patients patient degrees beats breaths gauge french "
    "fr cc ccs cm mm mmhg percent points point and or to in of for with at as is the if then until hourly daily "
    "nightly now stat once more fold hundred thousand million drops drop gtt gtts dpm secs sec mins hrs "
    "lb lbs pounds stone inches litres st nd rd th gamma"
)
_HARMLESS: Final = frozenset(_NO_UNITS.split()) | text_words.BESIDE
"""Words behind a number that are no unit of a dose, or that other rules read."""


def in_unknown_unit(text: str) -> Iterator[str]:
    """Yield the numbers of a text in a unit that nobody knows.

    >>> list(in_unknown_unit("run at 96 clicks; change at 20 h"))
    ['96 clicks']
    """
    for pattern in (_GIVEN, _LIKE_UNIT):
        for match in pattern.finditer(text):
            named = match.groupdict()
            word = named.get("unit") or named.get("word") or ""
            if not _is_known(word):
                yield match["found"]


def _is_known(word: str) -> bool:
    if word.lower() in _HARMLESS:
        return True
    for each in (word, word.lower()):
        try:
            usual_unit(each)
        except InputError:
            continue
        return True
    return False
