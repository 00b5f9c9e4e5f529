"""What a text works out before it caps it: of `60 units/kg = 6600 units, capped at 4000 units` nobody gives 6600."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.text.text_words import IS_MOST, THEN_CAPPED, THEN_GIVEN, WORKED_OUT

if TYPE_CHECKING:
    from rescuecalc.core.orders.text.text_quantity import Said

_RESULT_OF: Final = {"dose_per_kg": "dose", "dose_rate_per_kg": "dose_rate"}
_CAP_OF: Final = {"dose": "max_dose", "dose_rate": "max_dose_rate"}


def before_caps(text: str, found: tuple[Said, ...]) -> tuple[tuple[Said, Said], ...]:
    """Return each dose per kg of a text with what it would come to, where a cap that is less follows."""
    amounts = [each for each in found if each.field != "weight"]  # "0.25 mg/kg x 110 kg = 27.5 mg, max 25 mg"
    pairs = zip(pairwise(amounts), amounts[2:], strict=False)
    return tuple((per_kg, result) for (per_kg, result), cap in pairs if _is_before_cap(text, per_kg, result, cap))


def _is_before_cap(text: str, per_kg: Said, result: Said, cap: Said) -> bool:
    if result.field != _RESULT_OF.get(per_kg.field):
        return False
    ends = [each.at + len(each.text) for each in (per_kg, result, cap)]
    if cap.is_cap and cap.field == _CAP_OF[result.field]:
        is_capped = THEN_CAPPED.fullmatch(text, ends[1], cap.at) is not None
    else:  # "= 4,800 units, give 4,000 units (max)"
        is_most = cap.field == result.field and IS_MOST.match(text, ends[2]) is not None
        is_capped = is_most and THEN_GIVEN.fullmatch(text, ends[1], cap.at) is not None
    return (
        is_capped
        and WORKED_OUT.fullmatch(text, ends[0], result.at) is not None
        and result.quantity.unit.parts[0].dimension == cap.quantity.unit.parts[0].dimension
        and result.quantity.exceeds(cap.quantity)
    )
