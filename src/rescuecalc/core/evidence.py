"""Published figures that are shown beside a dose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rescuecalc.core.quantity import DosePerKg
    from rescuecalc.core.source import Source


@dataclass(frozen=True)
class BolusHarm:
    """Harm that a study printed for one bolus of one drug by one route; ``words`` quote its figures."""

    id: str
    drug: str
    route: str
    dose_per_kg: DosePerKg
    words: str
    sources: tuple[Source, ...]
