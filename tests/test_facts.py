"""Every number of the data that is not prose, against a table that was compared with the sources by people.

No command writes `golden/facts.csv`: a number that changes is changed there by hand, beside its source. Numbers of
`order_model.toml` are no facts; they decide which of two explanations is told.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from rescuecalc.catalogue.files import table
from rescuecalc.catalogue.files.table import parse
from tests.mutate_data import DATA, MEASURE, NOT_READ, PROSE, Number, numbers
from tests.support import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.fast


def facts() -> dict[str, list[tuple[str, str]]]:
    """Return keys and values of the table by file."""
    found: dict[str, list[tuple[str, str]]] = {}
    with (Path(__file__).parent / "golden" / "facts.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["file"], []).append((row["key"], row["is"]))
    return found


FACTS: Final = facts()


def flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the key and the text of every number, with its unit, of a TOML file."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in PROSE:
                yield from flat(each, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from flat(each, f"{key}[{place}]")
    elif not isinstance(value, bool) and MEASURE.fullmatch(str(value)):
        yield key, str(value)


def differs(number: Number) -> bool:
    """Whether the table notices a number that is another in its last digit."""
    reader: Any = table
    text, read = (DATA / number.file).read_text("utf-8"), reader.content_of
    changed = (text[: number.at] + number.changed() + text[number.at + len(number.text) :]).encode()
    reader.content_of = lambda *_: changed
    try:
        return dict(flat(parse(DATA / number.file))) != dict(FACTS[number.file])
    finally:
        reader.content_of = read


@pytest.mark.parametrize("file", FACTS)
def test_the_numbers_of_a_file_are_those_of_its_sources(file: str) -> None:
    assert dict(flat(parse(DATA / file))) == dict(FACTS[file]), f"tests/golden/facts.csv and {file} differ"


def test_every_number_stands_in_the_table() -> None:
    files = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.toml") if path.name not in NOT_READ}
    read = {each.file for each in numbers()}
    expected = (files & read) - {"order_model.toml"}
    assert FACTS.keys() == expected, f"tests/golden/facts.csv and {', '.join(sorted(FACTS.keys() ^ expected))} differ"
    held = sum(len(re.findall(r"\d+(?:\.\d+)?", text)) for rows in FACTS.values() for _, text in rows)
    assert held == sum(1 for each in numbers() if each.file != "order_model.toml")
    assert held > 550


def test_a_number_that_changes_by_one_in_its_last_digit_is_noticed() -> None:
    chosen = [each for each in numbers() if each.file in FACTS][:: 1 if WHOLE else 9]
    assert len(chosen) > 60
    assert [each for each in chosen if not differs(each)] == []
