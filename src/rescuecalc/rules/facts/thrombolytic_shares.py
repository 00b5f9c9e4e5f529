"""What else the text of a thrombolytic's order may say: the whole dose, its other part, and the times of both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.mention import base_value
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.rules.facts.solved_order import SolvedOrder

_AMOUNTS: Final = frozenset({of.DOSE, of.DOSE_PER_KG, of.VOLUME})
_TELLS_MORE: Final = lazy_pattern(
    r"\b(?:total|whole|rest|remain\w*|then|follow\w*|infus\w*)\b|/ ?kg\b|% of\b", re.IGNORECASE
)
"""A text that speaks of more than the amount of its order."""


def of_other_parts(variable: str, field: Bounds | None, judged: SolvedOrder) -> Iterator[Bounds]:
    """Yield the numbers (mcg, mcg/kg, mL, s) that are right beside a bolus or a rest, as `0.9 mg/kg, max 90 mg` is.

    A text that calls the whole dose a bolus is RC665's matter.
    """
    known = judged.subject.knowledge.agent_facts().thrombolytics.get(judged.order.drug)
    if known is None or known.bolus_share is None:
        return
    if variable == of.TIME:
        yield from (point(base_value(each)[0]) for each in (known.bolus_over, known.rest_over) if each is not None)
    elif field is not None and variable in _AMOUNTS and _TELLS_MORE.search(judged.order.texts.get("text", "")):
        own = known.bolus_share if judged.order.given_as == "bolus" else 1 - known.bolus_share
        for part in (1 / own, (1 - own) / own):
            yield field.scaled(part)
