"""Order sets of every agent as hospitals write them: none of the right ones is an error, each of the wrong ones is.

The wrong ones are gross: ten times or a tenth, another unit, another kind of order, another time. Each file holds one
order set a line.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import invoke

GOLDEN = Path(__file__).parent / "golden"


def lines(name: str) -> list[str]:
    return (GOLDEN / f"hospital_orders_{name}.txt").read_text("utf-8").splitlines()


def errors(text: str) -> list[str]:
    outcome = invoke("check", "-", "--format", "json", stdin=text)
    assert outcome.exit_code in {0, 1}, outcome.stderr
    return [each["message"] for each in outcome.json["findings"] if each["severity"] == "error"]


@pytest.mark.parametrize("text", lines("right"))
def test_a_right_order_set_is_no_error(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize("text", lines("wrong"))
def test_a_gross_error_is_found(text: str) -> None:
    assert errors(text)


def test_there_are_sixty_of_each() -> None:
    assert min(len(lines("right")), len(lines("wrong"))) >= 60
