"""What holds of any order: more numbers never hide an error, and no single cost decides which one is blamed."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.catalogue.clinical import order_model
from rescuecalc.core.orders.model.tuning import Costs
from tests.order_model.generator import slipped
from tests.order_model.judging import judged
from tests.order_model.silent import has_error, without_one_right_field
from tests.support import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.order_model.generator import Case
    from tests.order_model.judging import Found

pytestmark = pytest.mark.long

SEED = 4711
SETS = 300 if WHOLE else 60


@cache
def drawn() -> tuple[tuple[Case, tuple[Found, ...]], ...]:
    """Return order sets with one slip each, and what is found in them."""
    cases = list(slipped(SEED, SETS))
    return tuple(zip(cases, map(tuple, judged([each.order_set for each in cases])), strict=True))


def test_no_slip_is_found_only_once_a_right_number_is_taken_away() -> None:
    silent = [case for case, found in drawn() if not has_error(found)]
    assert len(silent) > SETS // 40
    less = [changed for case in silent for changed in without_one_right_field(case)]
    assert len(less) > SETS // 4
    assert [each for each, found in zip(less, judged(less), strict=True) if has_error(found)] == []


def test_a_number_that_contradicts_all_others_hides_no_error() -> None:
    wrong = [case.order_set for case, found in drawn() if has_error(found)]
    more = [_with_text(each) for each in wrong]
    assert len(more) > SETS // 2
    assert [each for each, found in zip(more, judged(more), strict=True) if not has_error(found)] == []


def _with_text(order_set: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(order_set))
    for order in changed["orders"]:
        order["text"] = f"{order['drug']} at 0.7 mL/h" if order["kind"] == "infusion" else f"{order['drug']} 7777 mL"
    return changed


@pytest.mark.parametrize("share", [80, 120])
def test_no_single_cost_decides_who_is_blamed(share: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cost a fifth dearer or cheaper blames another field first in fewer than 2 of 100 sets."""
    chosen = [(case.order_set, _first(found)) for case, found in drawn() if has_error(found)][: 40 if WHOLE else 10]
    sets = [each for each, _ in chosen]
    tuning = order_model.tuning()
    moved = 0
    for name in Costs._fields:
        costs = tuning.costs._replace(**{name: getattr(tuning.costs, name) * share // 100})
        monkeypatch.setattr(order_model, "tuning", lambda costs=costs: tuning._replace(costs=costs))
        moved += sum(_first(found) != first for found, (_, first) in zip(judged(sets), chosen, strict=True))
    assert moved < len(sets) * len(Costs._fields) * 2 // 100


def _first(found: Iterable[Found]) -> str:
    return next((each.pointer for each in found if each.severity == "error"), "")
