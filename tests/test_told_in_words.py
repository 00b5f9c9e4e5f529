"""Doses that a text or FHIR tells in words, rows, titles and times, each an error; and what hospitals write besides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.text.piped_table import with_units
from tests.support import invoke

LINES = [json.loads(line) for line in (Path(__file__).parent / "golden/texts_that_give.jsonl").read_text().splitlines()]


def _silent(documents: list[object]) -> list[object]:
    """Return the documents in which no error is found, of all of them judged at once."""
    text = "".join(f"{json.dumps(each)}\n" for each in documents)
    outcome = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", "--isolated", stdin=text)
    found = {each["line"] for each in json.loads(outcome.stdout)["findings"] if each["severity"] == "error"}
    return [each for line, each in enumerate(documents, start=1) if line not in found]


def test_what_gives_a_dose_in_any_words_is_never_silent() -> None:
    wrong = [document for kind, document in LINES if kind == "error"]
    assert len(wrong) == 67
    assert _silent(wrong) == []


def test_what_hospitals_write_besides_is_no_error() -> None:
    right = [document for kind, document in LINES if kind == "right"]
    assert len(right) == 56
    assert _silent(right) == right


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("40x75mg", "40 x 75 mg"),
        ("weight (kg) x 0.18 mL/h", "0.18 x weight (kg) mL/h"),
        ("4 million units", "4,000,000 units"),
        ("80 kg x 0.18", "80 kg x 0.18"),
        (
            "| kg | mL/h |\n| 60 | 10.8 |\n| 70-79 | 12.6 |",
            "| kg | mL/h |\n| 60 kg | 10.8 mL/h |\n| 70-79 kg | 12.6 mL/h |",
        ),
    ],
)
def test_a_number_is_written_beside_its_unit(text: str, plain: str) -> None:
    assert plain_text(text) == plain


def test_a_table_without_units_in_its_heading_keeps_its_numbers() -> None:
    assert with_units("weight|rate\n60|108") == "weight|rate\n60|108"
