"""One order is judged alike in every form; the 5,000 sets are `python -m tests.order_model.parity --sets 5000`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.order_model import parity

pytestmark = pytest.mark.long

SETS = parity.sets(23, 30)


def test_a_set_gets_the_same_findings_in_every_form() -> None:
    assert sum(map(parity.in_fhir, SETS)) > 2
    assert list(parity.differences(SETS)) == []


def test_sets_that_differ_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison sees findings at all, and where they are."""

    def without_the_last_order(made: dict[str, Any]) -> dict[str, Any]:
        return {**made, "orders": made["orders"][:-1]}

    monkeypatch.setattr(parity, "reordered", without_the_last_order)
    assert {name for name, *_ in parity.differences(SETS[:10])} == {"its fields turned round"}
