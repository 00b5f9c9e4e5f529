"""Drugs that are measured in units, by every label: a dose of one in mg is no dose of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_IN_UNITS: Final = frozenset(
    ("heparin", "ufh", "insulin", "vasopressin", "argipressin", "oxytocin", "dalteparin", "tinzaparin", "reteplase")
)
_MIXED: Final = frozenset(
    ("low-molecular-weight", "low-molecular", "molecular", "lmwh", "protamine", "and", "plus", "with", "+", "&")
)
"""Words of a class of heparins of which one is measured in mg, and of a second drug, which may be the one meant."""


@lru_cache(maxsize=1024)
def is_in_units(drug: str) -> bool:
    """Return whether a drug is measured in units, and never as a mass.

    >>> is_in_units("insulin regular"), is_in_units("enoxaparin"), is_in_units("low molecular weight heparin")
    (True, False, False)
    """
    words = set(drug.lower().replace(",", " ").replace("(", " ").replace(")", " ").split())
    return not words.isdisjoint(_IN_UNITS) and words.isdisjoint(_MIXED)
