"""What the codes of drugs stand for, by code system and code."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class DrugCode(NamedTuple):
    """A drug, and where the code is a product's, that product of the catalogue."""

    drug: str
    product: str | None = None


if TYPE_CHECKING:
    Codes = Mapping[tuple[str, str], DrugCode]
    AskedCodes = Callable[[], Codes]
