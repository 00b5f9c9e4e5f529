"""A sample of broken pump libraries; `python -m tests.mutate_library` judges ten thousand."""

from __future__ import annotations

import pytest

from tests.mutate_library import problems

pytestmark = pytest.mark.long


def test_no_broken_library_ends_in_a_traceback() -> None:
    assert problems(40, seed=7) == []
