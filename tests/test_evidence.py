"""The evidence: every figure of the facts is there, none is invented, and nothing claims more than the review."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.clinical.studies import studies
from rescuecalc.core.literature.study import OUTCOMES, STRATEGIES, TERRITORIES, Study
from tests.support import invoke

FACTS = Path(__file__).parent.parent.parent / "shared" / "clinical-facts.md"
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def words_of(study: Study) -> str:
    """Return everything that an entry says, as one text."""
    outcomes = (part for each in study.outcomes for part in (each.label, each.figure, each.interval, each.p) if part)
    return " ".join((study.name, study.n, study.design, study.compared_with, *study.notes, *outcomes))


def rows() -> list[tuple[str, str]]:
    """Return (references, text) of each row of the facts' own table of the evidence."""
    if not FACTS.exists():
        return []
    section = FACTS.read_text("utf-8").split("\n## 8.")[1].split("\n## ")[0]
    cells = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [(row[0].strip(), " ".join(row[1:])) for row in cells[2:]]


def references(text: str) -> set[str]:
    return set(re.findall(r"\d+|case", text))


ROWS = rows()


@pytest.mark.skipif(not ROWS, reason="the facts file is not beside this checkout")
def test_the_table_of_the_facts_was_found() -> None:
    assert len(ROWS) >= 28


@pytest.mark.parametrize(("refs", "text"), ROWS, ids=[refs for refs, _ in ROWS])
def test_every_figure_of_a_row_is_in_the_data(refs: str, text: str) -> None:
    entries = [study for study in studies() if references(study.ref) & references(refs)]
    assert entries, refs
    said = " ".join(words_of(study) for study in entries)
    # ".021" is written 0.021; a name's year and a reference in the text are not figures.
    numbers = [f"0{n}" if n.startswith(".") else n for n in re.findall(r"(?<![\w.])\.?\d+(?:\.\d+)?", text)]
    missing = [
        n for n in numbers if n not in NUMBER.findall(said) and f"ref {n}" not in text and f"{n}, ref" not in text
    ]
    assert not missing


@pytest.mark.skipif(not ROWS, reason="the facts file is not beside this checkout")
def test_no_figure_is_in_the_data_that_is_not_in_the_facts() -> None:
    known = FACTS.read_text("utf-8")
    numbers = {f"0{n}" if n.startswith(".") else n for n in re.findall(r"\.?\d+(?:\.\d+)?", known)}
    for study in studies():
        for number in NUMBER.findall(words_of(study)):
            assert number in numbers, f"{study.id}: {number}"


@pytest.mark.parametrize("study", studies(), ids=lambda study: study.id)
def test_an_entry_is_whole(study: Study) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", study.id)
    assert set(study.strategies) <= set(STRATEGIES)
    assert study.territory in TERRITORIES
    assert study.sources[0].id in catalogue.sources()
    assert all(each.outcome in OUTCOMES for each in study.outcomes)


def test_ids_are_unique() -> None:
    names = [study.id for study in studies()]
    assert len(set(names)) == len(names)


def test_show_yang_names_both_arms_the_comparator_and_the_reviews_slip() -> None:
    text = " ".join(invoke("evidence", "show", "yang-2020").stdout.split())
    for part in ("19.1 vs 0 %", "95.3 vs 64.1 %", "no tirofiban", "11.1", "10.1161/STROKEAHA.120.029994"):
        assert part in text


def test_an_interval_over_a_hundredfold_is_called_no_information_also_in_the_list() -> None:
    text = " ".join(invoke("evidence", "list", "--outcome", "ich").stdout.split())
    assert "aHR 0.998 (0.021-46.825), p=0.999; an interval over a hundredfold is no information" in text
    wide = [each for study in studies() for each in study.outcomes if each.uninformative]
    assert [each.figure for each in wide] == ["aHR 0.998"]


def test_huos_note_says_it_too() -> None:
    text = " ".join(invoke("evidence", "show", "huo-2021").stdout.split())
    assert "0.021" in text
    assert "46.825" in text
    assert "no information" in text


@pytest.mark.parametrize(
    ("options", "inside", "outside"),
    [
        (("--strategy", "gp-ia"), "yang-2020-ia", "luo-2021"),
        (("--territory", "posterior"), "luo-2021", "yang-2020-ia"),
        (("--outcome", "sich"), "yang-2020-ia", "forbrig-2019"),
    ],
)
def test_the_list_is_filtered(options: tuple[str, ...], inside: str, outside: str) -> None:
    found = {each["id"] for each in invoke("evidence", "list", *options, "--format", "json").json["studies"]}
    assert any(each.startswith(inside) for each in found)
    assert not any(each.startswith(outside) for each in found)


def test_a_filter_by_outcome_leaves_only_its_figures() -> None:
    made = invoke("evidence", "list", "--outcome", "sich", "--format", "json").json
    assert {each["outcome"] for study in made["studies"] for each in study["outcomes"]} == {"sich"}


@pytest.mark.parametrize("key", ["file", "id", "strategy", "territory"])
def test_the_list_is_sorted_and_loses_no_study(key: str) -> None:
    made = invoke("evidence", "list", "--sort", key, "--format", "json").json
    own, beyond = ([each["id"] for each in made[part]] for part in ("studies", "beyond_the_review"))
    assert sorted(own + beyond) == sorted(study.id for study in studies())
    if key == "id":
        assert (own, beyond) == (sorted(own), sorted(beyond))


def test_csv_has_a_row_for_each_figure_and_each_study_without_one() -> None:
    found = list(csv.DictReader(io.StringIO(invoke("evidence", "list", "--format", "csv").stdout)))
    assert len(found) == sum(len(study.outcomes) or 1 for study in studies())
    assert all(len(row) == 11 for row in found)


@pytest.mark.parametrize("output", ["text", "json", "markdown"])
def test_every_output_carries_the_reviews_conclusion_and_no_word_beyond_it(output: str) -> None:
    text = " ".join(invoke("evidence", "list", "--format", output).stdout.split())
    assert (
        "immediate stenting after a successful thrombectomy is still unclear, and randomised trials are needed" in text
    )
    assert not re.search(r"\b(recommend|proves|proven safe|superior|number needed)", text)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("show", "yangg-2020"), "yang-2020-iv or yang-2020-ia"),
        (("list", "--strategy", "aspirin"), "--strategy: cannot read 'aspirin'"),
        (("list", "--outcome", "mrs"), "--outcome: cannot read 'mrs'"),
        (("list", "--territory", "left"), "--territory: cannot read 'left'"),
        (("list", "--sort", "n"), "--sort: cannot read 'n'"),
    ],
)
def test_an_unknown_name_is_answered_with_what_there_is(args: tuple[str, ...], said: str) -> None:
    outcome = invoke("evidence", *args)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert said in outcome.stderr


@pytest.mark.parametrize("name", catalogue.protocol_ids())
def test_a_protocol_links_to_studies_that_exist(name: str) -> None:
    assert set(catalogue.protocol(name).studies) <= {study.id for study in studies()}
