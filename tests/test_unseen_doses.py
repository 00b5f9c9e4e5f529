"""No input ends with exit 0 that still holds a dose of a catalogue drug which no rule saw."""

from __future__ import annotations

from typing import Any

import pytest

from tests import unseen_corpora
from tests.support import share
from tests.unseen_doses import KNOWN, SHAPES, damaged, exit_code

EVERY = 13
"""A share of the damages, another one of each shape; all of them by `python -m tests.unseen_doses`."""


@pytest.mark.parametrize("name", SHAPES)
def test_the_dose_is_an_error_as_it_stands(name: str) -> None:
    assert exit_code(SHAPES[name]) == 1


def test_no_dose_of_the_corpora_is_a_thousandfold_in_silence() -> None:
    """A share of them; all by `python -m tests.unseen_doses`."""
    some = [each for each in share(unseen_corpora.cases(), 41) if each[:2] not in unseen_corpora.KNOWN]
    assert len(some) > 30
    assert unseen_corpora.silent(some) == []


def _cases() -> list[Any]:
    every = ((name, *each) for name, document in SHAPES.items() for each in damaged(document))
    return share(every, EVERY)


@pytest.mark.parametrize(("name", "how", "place", "document"), _cases(), ids=lambda each: str(each)[:40])
def test_a_damaged_document_that_holds_the_dose_is_no_silence(name: str, how: str, place: str, document: Any) -> None:
    assert (exit_code(document) == 0) is ((name, how, place) in KNOWN)
