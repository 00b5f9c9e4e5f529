"""The drug that a word of a text names, and the one that a text names first or last."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.text import dose_words as words
from rescuecalc.core.orders.text.text_words import NEUTRAL
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.rules.facts.imaging_gate import AT_BLOOD, GIVES
from rescuecalc.rules.facts.order_model.own_words import OF_KIND, OWN

if TYPE_CHECKING:
    from rescuecalc.rules.base.knowledge import Knowledge


def named_drug(word: str, knowledge: Knowledge) -> str:
    """Return the drug that a word names; of one that only ends like a drug's name, the word."""
    name = drug_name(word)
    if name in knowledge.drugs or knowledge.drug_class(name) is not None:
        return name
    return name if name != word.lower() or words.DRUG_STEM.fullmatch(word) is not None else ""


def last_drug(text: str, knowledge: Knowledge) -> str:
    """Return the drug that a text names last, or an empty text."""
    return next((each for word in reversed(words.NAME.findall(text)) if (each := named_drug(word, knowledge))), "")


def first_drug(text: str, knowledge: Knowledge) -> str:
    """Return the drug that the first words of a text name, or an empty text; what is given with it is none of them."""
    first = takewhile(lambda word: word.lower() not in _BESIDES, words.NAME.findall(_NEXT.split(text)[0])[:3])
    return next((each for word in first if (each := named_drug(word, knowledge))), "")


_BESIDES: Final = frozenset(
    {
        *("with", "and", "plus", "then", "after", "before", "once", "when", "until", "till", "while", "following"),
        *("as", "during", "prior", "nach", "vor", "sobald", "dann", "apr\u00e8s", "avant", "puis"),
    }
)
"""A drug behind one of them is given besides, or says when: `600 mg 4 h before tirofiban is stopped`."""
_NEXT: Final = lazy_pattern(" [+&] ")


ENDED: Final = lazy_pattern(
    r"\b(?:stop\w*|end(?:ing|s)?|discontinu\w*|(?:transition|switch|chang)\w* from|off)(?: (?:the|of|from))* "
    r"[A-Za-z-]{4,30}(?: (?:infusion|drip))?(?=[^\w;]*$)"
    r"|\b(?!after|before|once|when|upon)[A-Za-z-]{4,30}(?: (?:infusion|drip))?(?: (?:is|has|been|was))* "
    r"(?:stop\w*|off|ends|ended|discontinued)\b",
    re.IGNORECASE,
)
"""A drug that ends: the dose beside it is of what follows, `immediately after stopping cangrelor: 600 mg`."""


_OBJECT: Final = lazy_pattern(
    r"(?:\b(?:[Gg]ive|[Cc]onsider|[Aa]dminister|[Ss]tart|[Tt]ransfuse|[Ii]nfuse|with|and|plus|or)|[:,(]) ?"
    r"(?P<name>[A-Z][A-Za-z0-9-]{2,20})(?: (?:IV|at|of|dose))* $"
)
"""Before a number: a name in capitals, or with one, that is given."""
_NO_NAMES: Final = frozenset(
    {*OWN, *NEUTRAL, *OF_KIND["bolus"], *OF_KIND["infusion"], "stat", "half", "another", "load"}
)


def is_reversal(own: str, sentence: str) -> bool:
    """Whether a number behind a sentence on a haemorrhage is of an unknown drug: what is given against it.

    >>> is_reversal("tirofiban", "If ICH: give FEIBA "), is_reversal("tirofiban", "If ICH: give Tirofibn ")
    (True, False)
    """
    match = _OBJECT.search(sentence) if AT_BLOOD.search(sentence) is not None else None
    name = match["name"].lower() if match is not None else ""
    return bool(name) and name not in _NO_NAMES and name[:3] != own[:3] and drug_name(name) != own


def gives_another(own: str, sentence: str, knowledge: Knowledge) -> bool:
    """Whether all that a sentence gives is another drug: `if bleeding give desmopressin 0.3 mcg/kg`."""
    verbs = list(GIVES.finditer(sentence))
    if len(verbs) != 1 or any(named_drug(word, knowledge) == own for word in words.NAME.findall(sentence)):
        return False
    behind = sentence[verbs[0].end() :]
    digit = next((place for place, sign in enumerate(behind) if sign.isdigit()), len(behind))
    return first_drug(behind, knowledge) not in {"", own} or is_reversal(own, sentence[: verbs[0].end() + digit])
