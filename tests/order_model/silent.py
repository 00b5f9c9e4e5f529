"""A slip that is not found stays so when a right number is taken away: more numbers never hide an error."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from tests.order_model.judging import judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.order_model.generator import Case
    from tests.order_model.judging import Found

NUMBERS: Final = (
    *("dose_per_kg", "dose", "volume", "dose_rate_per_kg", "dose_rate", "pump_rate", "concentration", "product"),
    *("give_over", "vtbi", "text"),
)
"""Without a cap a right dose may be too little, without its run time a right load too much: those explain others."""


def has_error(found: Iterable[Found]) -> bool:
    """Whether a number is found wrong; that one could not be judged any more (RC712) is another matter."""
    return any(each.severity == "error" and each.code != "RC712" for each in found)


def blames(found: Iterable[Found], case: Case) -> bool:
    """Whether an error is about the order of the slip, or names a number of it as the other that may be wrong."""
    assert case.planted is not None
    order = "/".join(case.planted.pointer.split("/")[:3])
    errors = [each for each in found if has_error((each,))]
    return any(place.startswith(order) for each in errors for place in (each.pointer, *each.alternatives))


_BESIDE: Final = {"vtbi": frozenset({"pump_rate", "product"}), "product": frozenset({"vtbi"})}
"""What decision 0015 names: beside a VTBI the pump rate says what is given and a label what hangs, without it all."""


def without_one_right_field(case: Case) -> Iterator[dict[str, Any]]:
    """Yield the set without each of its right numbers, but for those that decision 0015 names."""
    assert case.planted is not None
    for place, order in enumerate(case.order_set["orders"]):
        kept = frozenset[str]().union(*(names for name, names in _BESIDE.items() if name in order))
        for name in (each for each in NUMBERS if each in order and each not in kept):
            if case.planted.pointer != f"/orders/{place}/{name}":
                changed = json.loads(json.dumps(case.order_set))
                del changed["orders"][place][name]
                yield changed


def removals(cases: Sequence[Case], found: Sequence[Sequence[Found]]) -> Counter[str]:
    """Return how many right numbers were taken from sets in which nothing is found, and after how many the slip is.

    Another order that is wrong without one of its numbers, as a dose that was rounded to 7 mg before a pump rate was
    worked out from it, hides no slip: ``removals elsewhere``.
    """
    silent = [case for case, told in zip(cases, found, strict=True) if not has_error(told)]
    less = [(case, changed) for case in silent for changed in without_one_right_field(case)]
    told_less = list(judged([changed for _, changed in less]))
    wrong = [(case, told) for (case, _), told in zip(less, told_less, strict=True) if has_error(told)]
    slips = sum(blames(told, case) for case, told in wrong)
    return Counter({"removals": len(less), "removals found": slips, "removals elsewhere": len(wrong) - slips})
