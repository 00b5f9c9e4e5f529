"""Published figures that are shown beside a dose."""

from typing import NamedTuple

from rescuecalc.core.quantity import DosePerKg
from rescuecalc.core.source import Source


class BolusHarm(NamedTuple):
    """Harm that a study printed for one bolus of one drug by one route; ``words`` quote its figures."""

    id: str
    drug: str
    route: str
    dose_per_kg: DosePerKg
    words: str
    sources: tuple[Source, ...]
