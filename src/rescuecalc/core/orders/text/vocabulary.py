"""Words by which a text denies, tells of the past, sets a condition, or names a fluid or a container.

Every pattern that needs one of them takes it from here, so that a word that one rule knows is known to all. A rule adds
the words of its own subject. Whether one thing is denied `denial.py` says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.fluids import NAMED_FLUIDS
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

NEGATIONS: Final = (
    "no",
    "not",
    "never",
    "none",
    "nothing",
    "nil",
    "nor",
    "neither",
    "without",
    "cannot",
    r"[a-z]{2,6}n['\u2019]t",
)
AVOIDED: Final = (
    *(r"avoid\w*", r"refrain\w*", r"prohibit\w*", r"forb[ai]d\w*", r"contra-?indicat\w*"),
    *("instead of", "rather than", "in place of", "in lieu of", "other than", "except"),
)
WITHHELD: Final = (
    *(r"hold(?:s|ing)?(?! (?:pressure|for)\b)", "held", r"withh[eo]ld\w*"),
    *(r"omit\w*", r"skip\w*", r"paus(?:ed?|ing)", r"suspend\w*"),
)
ENDED: Final = (r"stop\w*", r"discontinu\w*", r"ceas(?:ed?|ing)")
EXCLUDED: Final = (r"exclu[ds]\w*", "rule[ds]? out", "absent", "absence", "free of", "free from", "negative")
PAST: Final = (
    *("had", "was", "were", "received", "given", "got", "took", "taken", "completed", "already", "earlier", "prior"),
    *(r"previous\w*", "history"),
)
IN_SOME_CASE: Final = ("if", "unless", "when", "whenever")
CONDITIONS: Final = (*IN_SOME_CASE, "once", "until", "till", "in case", "in the event")
ALTERNATIVES: Final = ("instead", r"alternative\w*", "otherwise")

FLUIDS: Final = (*NAMED_FLUIDS, "SWFI", r"diluents?", "sodium", "water")
VIALS: Final = (r"vials?", r"amp(?:oule|ule)?s?", r"ampullen?", r"flacons?")
BAGS: Final = (r"bags?", r"bottles?", r"containers?", "beutel", "poches?", "flaschen?")
SYRINGES: Final = (r"syringes?", r"[a-z]{0,12}spritzen?", "seringues?")
TABLETS: Final = (r"tab(?:let)?s?", r"tbls?", r"caps(?:ules?)?", r"pills?")

_IN_UNITS: Final = (
    *("ki", "kg", "pou", "lb", "mi", "mn", "ml", "ho?u", "hr", "sec", "day", "da[il]{2}", "wee", "mont", "dos", "bol"),
    *("tab", "cap", "pil", "via", "bag", "syr", "amp", "bot", "lit", "cc", "body", "weig", "patient", "lume", "squ"),
    *("gra", "ston", "shif", "nigh", "morn", "even", "meal", "sess", "epis", "cycl", "cour", "attem", "pass", "prob"),
)
"""How words begin that stand below a unit's stroke, misspelt or not, or that say how often."""
_SHORT: Final = (
    "dr",
    "md",
    "do",
    "rn",
    "np",
    "ng",
    "og",
    "ngt",
    "ogt",
    "peg",
    "os",
    "ir",
    "nir",
    "ed",
    "er",
    "or",
    "icu",
)
BY_WHOM: Final = rf"(?:(?!{'|'.join(_IN_UNITS)})[a-z]{{4,20}}|(?:{'|'.join(_SHORT)}|sop|mar|pcp|ehr|emr|pta))\b"
"""Behind `per`: who orders it, what says so or how it goes in, and no part of a unit: `81 mg per neurology`."""


def one_of(*words: Iterable[str] | str) -> str:
    r"""Return a pattern of any of these words and lists of words.

    >>> one_of(("bags?", "vials?"), "line")
    '(?:bags?|vials?|line)'
    """
    return f"(?:{'|'.join(each if isinstance(each, str) else '|'.join(each) for each in words)})"


def any_word(*words: Iterable[str] | str) -> re.Pattern[str]:
    """Return a pattern that finds any of these words.

    >>> any_word(NEGATIONS).search("it doesn't")[0]
    "doesn't"
    """
    return lazy_pattern(rf"\b{one_of(*words)}\b", re.IGNORECASE)
