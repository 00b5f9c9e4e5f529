"""The lists of what is broken on purpose are not stale, and numbers of the data are found and changed one by one."""

from __future__ import annotations

import tomllib

import pytest

from tests import mutate, mutate_data

pytestmark = pytest.mark.fast

NUMBERS = list(mutate_data.numbers())


@pytest.mark.parametrize("mutation", [*mutate.ALL, *mutate.NETS], ids=lambda each: f"{each.file}: {each.new}"[:60])
def test_what_is_to_be_broken_is_there_once_changed(mutation: mutate.Mutation) -> None:
    text = (mutate.ROOT / "src" / "rescuecalc" / mutation.file).read_text("utf-8")
    assert mutation.old in text
    assert text.replace(mutation.old, mutation.new) != text


def test_the_score_is_a_share() -> None:
    assert mutate.score(33, 34) == "score: 33 of 34 (97.1%)"
    assert mutate.score(0, 0) == "score: nothing was mutated"


def test_mutations_are_chosen_by_what_is_typed() -> None:
    assert mutate.chosen(["--sample"]) == mutate.SAMPLE
    assert mutate.chosen(["--nets", "ucum"]) == tuple(each for each in mutate.NETS if "ucum" in each.file)
    assert len(mutate.chosen([])) == len(mutate.ALL) + len(mutate.NETS) > 70


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("protocols/us-label.toml", "37.5", '["71 kg", "79 kg", "37.5 mL", "13.5 mL/h", "6.75 mL/h"],'),
        ("protocols/yang-2020-iv.toml", "0.15", 'dose_rate_per_kg = "0.15 mcg/kg/min"'),
        ("formulas.toml", "88.42", 'umol_per_litre_per_mg_per_dl = "88.42"'),
        ("products.toml", "15", 'strength = "3.75 mg in 15 mL"'),
        ("drugs.toml", "2", "boluses = 2"),
        ("limits.toml", "120", "age_years = { from = 18, to = 120 }"),
        ("renal.toml", "60", ""),
        ("error_signatures.toml", "2.2046", ""),
        ("monitoring.toml", "30", ""),
    ],
)
def test_a_number_of_the_data_is_found(file: str, text: str, line: str) -> None:
    assert any((each.file, each.text) == (file, text) and each.line.startswith(line) for each in NUMBERS)


def test_prose_sources_and_figures_of_studies_are_left_out() -> None:
    assert len(NUMBERS) > 600
    assert not any(each.file in mutate_data.NOT_READ for each in NUMBERS)
    names = {"0.1001", "2024.08", "B01", "1737471"}
    assert not names & {each.text for each in NUMBERS}
    assert not any(each.line.startswith(("title", "words", "#", "remarks")) for each in NUMBERS)


def test_every_number_is_changed_at_its_place_and_leaves_a_file_that_can_be_read() -> None:
    for each in NUMBERS[::40]:
        text = (mutate_data.DATA / each.file).read_text("utf-8")
        behind = each.at + len(each.text)
        assert text[each.at : behind] == each.text
        assert each.changed() != each.text
        assert tomllib.loads(text[: each.at] + each.changed() + text[behind:]) != tomllib.loads(text)


@pytest.mark.parametrize(("text", "changed"), [("15", "16"), ("0.15", "0.16"), ("9", "8"), ("60", "61")])
def test_a_number_becomes_the_next_one(text: str, changed: str) -> None:
    assert mutate_data.Number("a", 0, text, "").changed() == changed
