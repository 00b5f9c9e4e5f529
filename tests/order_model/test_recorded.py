"""Today's findings differ from the recorded ones only where `differences.toml` says so, and why."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.order_model.compare import Difference, Group, Pair, differences, grouped, listed, problems
from tests.support import WHOLE

pytestmark = pytest.mark.long

GROUP = Group("generated, slipped", "RC304 error", "RC303 error")
ENTRY = {"most": 2, "reason": "the dose rate is what was slipped in"}


def test_a_sample_of_every_corpus_is_found_as_it_was_but_for_what_is_listed() -> None:
    assert list(problems(differences(every=27 if WHOLE else 81), listed(), whole=False)) == []


def pair(old: list[tuple[str, str, str]], new: list[tuple[str, str, str]]) -> Pair:
    return Pair("a", "1", Counter(tuple(each) for each in old), Counter(tuple(each) for each in new))


PUMP, DOSE = ("RC304", "error", "/orders/0/pump_rate"), ("RC301", "error", "/orders/0/dose")


def test_only_what_differs_makes_a_group() -> None:
    assert grouped(pair([PUMP, DOSE], [DOSE, PUMP])) is None
    assert grouped(pair([PUMP, DOSE], [DOSE])) == Group("a", "RC304 error", "none")
    assert grouped(pair([], [PUMP, PUMP])) == Group("a", "none", "RC304 error, RC304 error")
    moved = ("RC304", "error", "/orders/1/pump_rate")
    assert grouped(pair([PUMP], [moved])) == Group("a", "RC304 error", "RC304 error elsewhere")


@pytest.mark.parametrize(
    ("sets", "entry", "whole", "said"),
    [
        (2, ENTRY, True, 0),
        (3, ENTRY, True, "3 and not 2"),
        (2, {**ENTRY, "reason": " "}, True, "without a reason"),
        (2, None, True, "not listed"),
        (0, ENTRY, True, "no longer so"),
        (0, ENTRY, False, 0),
    ],
)
def test_the_list_can_only_shrink(sets: int, entry: dict[str, object] | None, whole: bool, said: str | int) -> None:
    found = [Difference(GROUP, sets, "7")] if sets else []
    told = list(problems(found, {} if entry is None else {GROUP: entry}, whole=whole))
    assert len(told) == bool(said)
    assert not said or str(said) in told[0]
