"""What an anticoagulant is for: prophylaxis, by what its order says or by how it is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text.denial import is_denied
from rescuecalc.core.orders.text.frequency import times_daily
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from rescuecalc.core.orders.order import Order


def is_prophylaxis(order: Order) -> bool:
    """Whether an order of an anticoagulant says that it is for prophylaxis."""
    return any(
        not is_denied(text, match.start(), match.end())
        for text in order.texts.values()
        for match in _PROPHYLAXIS.finditer(text)
    )


def is_given_as_prophylaxis(order: Order) -> bool:
    """Whether an order is under the skin, a fixed dose, and no low-molecular-weight heparin more than once a day.

    No source held here states such a dose: how it is given is all that tells it, and the finding says so.
    """
    is_fixed = order.route == "SC" and "dose" in order.fields and "dose_per_kg" not in order.fields
    if not is_fixed or any(_THERAPY.search(text) for text in order.texts.values()):
        return False
    return order.drug in _UNFRACTIONATED or times_daily(order.frequency or "") == 1


_UNFRACTIONATED: Final = frozenset({"heparin", "ufh", "unfractionated heparin"})
_THERAPY: Final = lazy_pattern(r"prophyla|\bppx\b|prevent|therap|treat|full[- ]dose", re.IGNORECASE)
"""Words of what it is for: what is_prophylaxis read is not asked again, and what it denied is none."""

_PROPHYLAXIS: Final = lazy_pattern(
    r"prophyla\w*|\bppx\b|\b(?:DVT|VTE|PE|clots?|thrombosis|thromboembolism) prevention"
    r"|\bprevent\w* (?:of )?(?:DVT|VTE|PE|clots?|thrombo\w+)\b",
    re.IGNORECASE,
)
