"""How many clean orders floats cannot decide, so that the exact numbers are asked."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rescuecalc.core.orders.model import solution
from rescuecalc.rules.facts.order_model import judged_order
from tests.order_model.judging import judged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextmanager
def watched() -> Iterator[list[bool]]:
    """Yield a list to which each order adds whether the exact numbers were asked of it."""
    asked: list[bool] = []
    code: Any = solution
    model: Any = judged_order
    exact, plain = code.exact_solution, model._plain  # noqa: SLF001

    def seen(*given: Any) -> Any:
        asked.append(False)
        return plain(*given)

    def decided(system: Any) -> Any:
        if asked:
            asked[-1] = True
        return exact(system)

    code.exact_solution, model._plain = decided, seen  # noqa: SLF001
    try:
        yield asked
    finally:
        code.exact_solution, model._plain = exact, plain  # noqa: SLF001


def share_asked(sets: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """Return of how many orders of the clean sets the exact numbers were asked, and how many orders there are."""
    clean = [made for made, found in zip(sets, judged(sets), strict=True) if not found]
    with watched() as asked:
        for _ in judged(clean):
            pass
    return sum(asked), len(asked)
