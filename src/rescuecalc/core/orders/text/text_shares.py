"""Which part of the dose a text gives at which clearance, in words: `half if CrCl < 30, else full`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_N: Final = r"[0-9]{1,3}(?:\.[0-9])?"
_NAMED: Final = lazy_pattern(
    r"\b(?:CrCl|ClCr|CCr|e?GFR|clearance|renal|kidneys?|dialysis|ESRD|ESKD|CKD|end-stage)\b", re.IGNORECASE
)
"""A text that speaks of the kidneys."""
_CONDITION: Final = lazy_pattern(
    rf"(?:<=?|\u2264|\b(?:below|under|less than|lower than|at most)(?: or equal(?: to)?)?) ?(?P<below>{_N})(?! ?kg)"
    rf"|(?:>=?|\u2265|\b(?:above|over|more than|greater than|higher than|at least)(?: or equal(?: to)?)?) ?"
    rf"(?P<above>{_N})(?! ?(?:kg|min\b|h\b))"
    rf"|(?<![0-9.])(?P<low>{_N}) ?(?:-|\u2013|to) ?(?P<high>{_N})(?= ?(?:mL/min|:|=|$))"
    rf"|(?<![0-9.])(?P<most>{_N})(?: ?mL/min)? (?:or|and) (?:less|lower|below|under)"
    rf"|(?<![0-9.])(?P<least>{_N})(?: ?mL/min)? (?:or|and) (?:more|higher|above|over)"
    r"|(?P<again>\b(?:if|when|and) (?:(?:it is|it's) )?(?:(?P<lower>below|under|lower|less)|above|over|higher|more)\b)"
    r"|(?P<poor>\b(?:ha?emo|peritoneal )?dialysis\b|\bESRD\b|\bESKD\b|\bend-stage\b|\bCKD\b|"
    r"\b(?:renal|kidney) (?:failure|impairment|insufficiency|dysfunction|disease)\b|\bpoor (?:renal|kidney)\w*|"
    r"\b(?:renal|kidney) function (?:is )?(?:poor|impaired|reduced|bad)\b|\b(?:impaired|bad) (?:renal|kidney)\w*)"
    r"|(?P<good>\bnormal (?:renal|kidney)\w*|\b(?:renal|kidney) function (?:is )?(?:normal|good)\b|"
    r"\b(?:if|when) normal\b)",
    re.IGNORECASE,
)
_SHARES: Final = lazy_pattern(
    r"(?P<more>\bdoubl\w*|\btwice\b|\btwo-?fold\b)"
    r"|(?P<full>\b(?:no|without|not)\b(?: (?:dose|dosage|rate|renal|need|require\w*|for|any|further|a|be|to|it|the))* "
    r"(?:adjust\w*|reduc\w*|chang\w*|halv\w*)|"
    r"(?<!\bbolus )(?<!\bload )\b(?:full|unadjusted|unchanged|same|usual|whole)\b(?! (?:IV )?(?:bolus|load))|"
    r"\bnormal (?:dose|rate|infusion)\b)"
    r"|(?P<half>\bhalf\b|\bhalv\w*|\b50 ?%|\breduc\w*|\blower(?:ed)? (?:dose|rate)\b)",
    re.IGNORECASE,
)
_STOPS: Final = lazy_pattern(r"[;\n]|[.,](?![0-9])|\b(?=(?:else|otherwise)\b)", re.IGNORECASE)
_ELSE: Final = lazy_pattern(r"\W*(?:else|otherwise|all others?|others?)\b", re.IGNORECASE)
_UNLESS: Final = lazy_pattern(r"\b(?:unless|except)\b", re.IGNORECASE)
_OTHER: Final = lazy_pattern(
    r"\b(?:contrast|metformin|enoxaparin|heparin|never|do not|avoid|stop\w*|hold|recheck|consult|call|pharmacy)\b",
    re.IGNORECASE,
)
"""What the sentence is about is not the dose alone, or is denied."""


class TextShare(NamedTuple):
    """The part of the dose that a text gives from ``low`` to ``high`` (None: open), and the words that say so."""

    low: Fraction | None
    high: Fraction | None
    share: Fraction
    words: str

    @property
    def rank(self) -> tuple[bool, Fraction]:
        """Where it lies among others: what has no upper end above all."""
        return self.high is None, self.low or Fraction(0)


class _Band(NamedTuple):
    low: Fraction | None
    high: Fraction | None

    def rest(self) -> _Band | None:
        """Return all other clearances, None where they are none, or on both sides."""
        if (self.low is None) is (self.high is None):
            return None
        return _Band(self.high, None) if self.low is None else _Band(None, self.low)


def text_shares_by_clearance(text: str) -> tuple[TextShare, ...]:
    """Return the parts of the dose that a text gives by clearance, empty where it does not say so in words.

    >>> [str(each.share) for each in text_shares_by_clearance("CrCl < 30: full, else half")]
    ['1', '1/2']
    """
    return tuple(_branches(text)) if _NAMED.search(text) is not None and _OTHER.search(text) is None else ()


_OF_ONE: Final = lazy_pattern(
    rf"\b(?:CrCl|ClCr|CCr|clearance)(?: ?(?:of|is|at|[:=~]))? ?(?P<at>{_N})(?![0-9.]| ?(?:-|\u2013|to)\b)",
    re.IGNORECASE,
)
_RENAL_DOSE: Final = lazy_pattern(r"\brenal(?:ly)?[ -](?:dos\w+|adjust\w+|reduc\w+)", re.IGNORECASE)


def highest_clearance(text: str) -> Fraction | None:
    """Return the highest clearance, in mL/min, for which a text says that its order is; None of none, or of two.

    >>> str(highest_clearance("half rate, CrCl below 60 mL/min")), highest_clearance("no renal dose adjustment")
    ('60', None)
    """
    found = [
        end
        for clause in (_STOPS.split(text) if _NAMED.search(text) is not None else ())
        if _NAMED.search(clause) is not None and (end := _end_of(clause)) is not None
    ]
    return found[0] if len(found) == 1 and found[0] >= 0 else None


def _end_of(clause: str) -> Fraction | None:
    """Return the upper end of the clearances that a clause names; below zero where they have none."""
    condition, one, share = _CONDITION.search(clause), _OF_ONE.search(clause), _share(clause)
    band = _band(condition, None) if condition is not None else None
    if share is not None and share >= 1:
        return _OPEN
    if band is not None:
        return band.high if band.high is not None else _OPEN
    if one is not None:
        return Fraction(one["at"])
    return Fraction(0) if _RENAL_DOSE.search(clause) is not None else None


_OPEN: Final = Fraction(-1)


def _branches(text: str) -> Iterator[TextShare]:
    last: _Band | None = None
    waiting: tuple[_Band, str] | None = None
    for clause in _STOPS.split(text):
        condition, share = _CONDITION.search(clause), _share(clause)
        band = _band(condition, last) if condition is not None else None
        if band is None and _ELSE.match(clause) is not None and last is not None:
            band = last.rest()
        if band is not None and _UNLESS.search(clause) is not None:
            band = band.rest()
        if band is not None and share is None:
            waiting, last = (band, clause.strip()), band
            continue
        if band is None and share is not None and waiting is not None:
            yield TextShare(*waiting[0], share, f"{waiting[1]}, {clause.strip()}")
        elif band is not None and share is not None:
            yield TextShare(*band, share, clause.strip())
            last = band
        waiting = None


def _share(clause: str) -> Fraction | None:
    found = _SHARES.search(clause)
    if found is None:
        return None
    return {"more": Fraction(2), "full": Fraction(1), "half": Fraction(1, 2)}[found.lastgroup or ""]


def _band(match: re.Match[str], last: _Band | None) -> _Band | None:
    """Return the clearances of a condition; `if above` is what the condition before left."""
    low, high = match["above"] or match["least"] or match["low"], match["below"] or match["most"] or match["high"]
    if low or high:
        return _Band(Fraction(low) if low else None, Fraction(high) if high else None)
    if match["again"]:
        end = (last.high or last.low) if last is not None else None
        return None if end is None else _Band(None, end) if match["lower"] else _Band(end, None)
    return _Band(None, Fraction(0)) if match["poor"] else _Band(Fraction(0), None)
