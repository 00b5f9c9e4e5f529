"""The case for which the text of an order says that it is: `if passes swallow`, `option B`, `if ticagrelor was chosen`.

Two orders of which the texts state cases that exclude each other are never given together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order

_IF: Final = r"\b(?:if|when|once|unless|after|wenn|falls|bei|nach|si|until)\b[^.;,\n]{0,20}?"
_SWALLOWS: Final = lazy_pattern(
    rf"{_IF}(?:\bpass(?:es|ed|ing)?\b|\bable\b|\bcan (?:swallow|take)|\bsafe\b|\btolerat\w*|\bbestanden\b)"
    r"|\bpass(?:es|ed) (?:the )?(?:bedside )?(?:swallow|dysphagia)",
    re.IGNORECASE,
)
_FAILS: Final = lazy_pattern(
    rf"{_IF}(?:\bfail(?:s|ed|ing|ure)?\b|\bunable\b|\bnot able\b|\bcannot\b|\bNPO\b|\bNBM\b|\bnil by mouth\b|"
    r"\bunsafe\b|\b(?:not|nicht) (?:passed|bestanden|safe)\b|\bdysphagi\w*)",
    re.IGNORECASE,
)
_OPTION: Final = lazy_pattern(
    r"\b(?P<of>option|choice|arm|alternative|regimen|variante?|pathway) ?(?P<which>[A-E]|[1-5])\b(?! ?m?[cg])",
    re.IGNORECASE,
)
_CHOSEN: Final = lazy_pattern(
    r"\bif (?:loaded with |on |using )?(?P<drug>[A-Za-z]{4,30})(?: load)?"
    r"(?: (?:was|is|has been|had been))? (?:chosen|selected|given|used|loaded|started|ordered|preferred)\b",
    re.IGNORECASE,
)
"""A condition by which one of several drugs was taken."""


class _Case(NamedTuple):
    """Of what a text says a case, and which."""

    of: str
    which: str


def _cases(text: str) -> dict[str, str]:
    return dict(each for each in (_swallowing(text), _option(text), _chosen(text)) if each is not None)


def _swallowing(text: str) -> _Case | None:
    """Return whether an order is for a patient who can swallow; one that is for both, or names neither, is for none."""
    passes, fails = _SWALLOWS.search(text) is not None, _FAILS.search(text) is not None
    if fails:  # "if not able" and "nicht bestanden" hold a word of the other
        return _Case("swallowing", "fails")
    return _Case("swallowing", "passes") if passes else None


def _option(text: str) -> _Case | None:
    match = _OPTION.search(text)
    return _Case(match["of"].lower(), match["which"].lower()) if match is not None else None


def _chosen(text: str) -> _Case | None:
    match = _CHOSEN.search(text)
    return _Case("drug", drug_name(match["drug"])) if match is not None else None


def exclude_each_other(one: Order, other: Order) -> bool:
    """Whether the texts of two orders state cases of which one patient is in one alone.

    >>> from rescuecalc.core.orders.order import Order
    >>> texts = ("if passes swallow", "if fails swallow", "if NPO")
    >>> orders = [Order("", "aspirin", "", "", "", {}, texts={"text": each}) for each in texts]
    >>> exclude_each_other(orders[0], orders[1]), exclude_each_other(orders[1], orders[2])
    (True, False)
    """
    if "text" not in one.texts or "text" not in other.texts:
        return False
    mine, theirs = _cases(one.texts["text"]), _cases(other.texts["text"])
    return any(which != theirs.get(of, which) for of, which in mine.items())
