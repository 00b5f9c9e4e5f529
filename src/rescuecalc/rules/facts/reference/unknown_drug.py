"""Names of drugs that nothing is known of, and nearly those of one: under them no limit of the drug judges a dose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import BRANDS, KNOWN
from rescuecalc.core.drugs.suggestions import SIMILARITY, nearest_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.rules.base.knowledge import Knowledge

_NAMES: Final = KNOWN | BRANDS.keys()
_LETTERS: Final = re.compile("[a-z]+")


class UnknownDrug(NamedTuple):
    """What an unknown name may mean: the drug that it ``holds`` as a word, else those that it is a slip of."""

    holds: str | None
    near: tuple[str, ...]


def unknown_drug(name: str, knowledge: Knowledge) -> UnknownDrug | None:
    """Return what an unknown name may mean, None where it is known, or like none that is known."""
    if name in _NAMES or name in knowledge.drugs:
        return None
    holds = next(named_drugs(name, knowledge), None)
    near = () if holds else tuple(nearest_names(name, sorted({*_NAMES, *knowledge.drugs}), cutoff=SIMILARITY))
    return UnknownDrug(holds, near) if holds or near else None


def named_drugs(name: str, knowledge: Knowledge) -> Iterator[str]:
    """Yield the drugs of the catalogue of which a name, in small letters, holds the name or a brand as a word."""
    words = (BRANDS.get(each, each) for each in _LETTERS.findall(name))
    yield from (each for each in words if each in knowledge.drugs)
