"""Words by which a clause denies, tells of the past, sets a condition or names a fluid mean the same to every rule.

What hospitals write in texts, in monitoring, in stop criteria and above an order set, each in a set of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support import invoke

ROWS = [json.loads(line) for line in (Path(__file__).parent / "golden/words_of_texts.jsonl").read_text().splitlines()]
SET = {"order_set": "Stroke", "version": "1", "indication": "acute ischaemic stroke"}
NOT_OF_TEXTS = "RC705,RC220,RC221,RC224,RC226,RC227"
"""No set says when platelets are counted; how a text is written is another matter."""


def sets(side: str) -> list[dict[str, Any]]:
    with_text = [
        {**row.get("set", {}), "orders": [{**row["order"], "text": text}]} for row in ROWS for text in row.get(side, ())
    ]
    whole = [made for row in ROWS if row.get("is_wrong") is (side == "wrong") for made in row.get("sets", ())]
    return [{**SET, **made} for made in (*with_text, *whole)]


def with_finding(documents: list[dict[str, Any]]) -> dict[int, list[str]]:
    """Return what is found worse than a note, by the place of its document."""
    arguments = ("--stdin-filename", "a.jsonl", "--format", "json", "--isolated", "--ignore", NOT_OF_TEXTS)
    text = "".join(f"{json.dumps(each)}\n" for each in documents)
    found: dict[int, list[str]] = {}
    for each in invoke("check", "-", *arguments, stdin=text).json["findings"]:
        if each["severity"] != "note":
            found.setdefault(int(each["line"]) - 1, []).append(f"{each['code']} {each['message']}")
    return found


def test_what_is_wrong_is_found_whatever_is_denied_beside_it() -> None:
    wrong = sets("wrong")
    assert len(wrong) > 60
    found = with_finding(wrong)
    assert [each for place, each in enumerate(wrong) if place not in found] == []


def test_what_is_denied_past_or_of_a_fluid_is_clean() -> None:
    right = sets("right")
    assert len(right) > 100
    found = with_finding(right)
    assert [(right[place], each) for place, each in found.items()] == []
