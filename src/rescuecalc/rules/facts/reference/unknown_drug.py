"""Names of drugs that nothing is known of, and nearly those of one: under them no limit of the drug judges a dose."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_name import ABBREVIATIONS, BRANDS, KNOWN, drug_name, is_joined, without_accents
from rescuecalc.core.drugs.suggestions import SIMILARITY, nearest_names
from rescuecalc.core.orders.text.dose_words import DRUG_STEM

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
    if name in _NAMES or name in knowledge.drugs or knowledge.drug_class(name) is not None:
        return None
    holds = next(named_drugs(name, knowledge), None) or _dosed_drug(name, knowledge)
    near = () if holds else _near(name, frozenset(knowledge.drugs))
    return UnknownDrug(holds, near) if holds or near else None


@lru_cache(maxsize=1024)  # of each order of a drug without known doses, by two rules
def _near(name: str, drugs: frozenset[str]) -> tuple[str, ...]:
    return tuple(nearest_names(name, sorted({*_NAMES, *drugs}), cutoff=SIMILARITY))


def named_drugs(name: str, knowledge: Knowledge) -> Iterator[str]:
    """Yield the drugs of the catalogue of which a name, in small letters, holds the name or a brand as a word."""
    words = (BRANDS.get(each, each) for each in _LETTERS.findall(name))
    yield from (each for each in words if each in knowledge.drugs)


def dosed_drugs(name: str, knowledge: Knowledge) -> frozenset[str]:
    """Return the drugs with known doses of which a name holds a name as a word."""
    return frozenset(each for each in map(drug_name, _words(name)) if knowledge.has_stated_doses(each))


def _words(name: str) -> list[str]:
    return [each for each in _LETTERS.findall(without_accents(name)) if len(each) > 1]


def _dosed_drug(name: str, knowledge: Knowledge) -> str | None:
    """Return the one drug with known doses that a name holds, None where it holds another drug, or joins two.

    Under such a name no limit judges a dose. A combination is another medicine, and its doses are its own.
    """
    held = dosed_drugs(name, knowledge)
    if len(held) != 1 or is_joined(name) or _is_combined(name, knowledge):
        return None
    others = (each for each in _words(name) if drug_name(each) not in held and each not in ABBREVIATIONS)
    return None if any(DRUG_STEM.fullmatch(each) for each in others) else next(iter(held))


def _is_combined(name: str, knowledge: Knowledge) -> bool:
    return any(name in each.names for each in knowledge.agent_facts().combinations)
