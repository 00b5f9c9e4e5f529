"""What is computed of the evidence: compared with formulas written out here, and never more than the counts allow."""

from __future__ import annotations

import csv
import io
import math
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from rescuecalc.catalogue.clinical import studies as catalogue_studies
from rescuecalc.catalogue.clinical.studies import studies
from rescuecalc.catalogue.files.table import Problem, Table
from rescuecalc.core.literature.study import Counts, Outcome, whole_numbers
from rescuecalc.evidence.statistics import Estimate, comparison, from_counts, from_interval
from tests.support import invoke

Z = 1.959963984540054
COUNTED = [(study.id, each) for study in studies() for each in study.outcomes if each.counts is not None]
FOREST = Path(__file__).parent.parent / "docs" / "pictures" / "forest.svg"


def compared(*args: str) -> list[Any]:
    return list(invoke("evidence", "compare", *args, "--format", "json").json["comparisons"])


def close(found: Decimal, expected: float) -> bool:
    return abs(float(found) - expected) <= 0.005 * abs(expected) + 1e-9


def test_only_luo_and_li_w_have_counts() -> None:
    assert {name for name, _ in COUNTED} == {"luo-2021", "li-w-2023"}
    assert len(COUNTED) == 4


@pytest.mark.long
@pytest.mark.parametrize(("name", "each"), COUNTED, ids=lambda value: value if isinstance(value, str) else value.label)
def test_ratios_and_intervals_are_those_of_the_written_formulas(name: str, each: Outcome) -> None:
    assert name
    assert each.counts is not None
    (a, b), (n, m) = each.counts.events, each.counts.of
    made = comparison(each.counts)
    odds = (a / (n - a)) / (b / (m - b))
    error = math.sqrt(1 / a + 1 / (n - a) + 1 / b + 1 / (m - b))
    assert close(made.odds_ratio.value, odds)
    assert close(made.odds_ratio.low, math.exp(math.log(odds) - Z * error))
    assert close(made.odds_ratio.high, math.exp(math.log(odds) + Z * error))
    risk = (a / n) / (b / m)
    error = math.sqrt(1 / a - 1 / n + 1 / b - 1 / m)
    assert close(made.risk_ratio.value, risk)
    assert close(made.risk_ratio.low, math.exp(math.log(risk) - Z * error))
    assert close(made.risk_ratio.high, math.exp(math.log(risk) + Z * error))
    low, high = newcombe(a, n, b, m)
    assert close(made.risk_difference.value, 100 * (a / n - b / m))
    assert close(made.risk_difference.low, 100 * low)
    assert close(made.risk_difference.high, 100 * high)


def wilson(events: int, of: int) -> tuple[float, float]:
    share = events / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z / (1 + Z * Z / of) * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return middle - half, middle + half


def newcombe(a: int, n: int, b: int, m: int) -> tuple[float, float]:
    (low1, high1), (low2, high2) = wilson(a, n), wilson(b, m)
    p, q = a / n, b / m
    return (
        p - q - math.sqrt((p - low1) ** 2 + (high2 - q) ** 2),
        p - q + math.sqrt((high1 - p) ** 2 + (q - low2) ** 2),
    )


def test_a_zero_cell_adds_a_half_to_every_cell_of_a_ratio() -> None:
    made = comparison(Counts(("one", "other"), (0, 5), (20, 20)))
    assert close(made.odds_ratio.value, (0.5 / 20.5) / (5.5 / 15.5))
    assert close(made.risk_ratio.value, (0.5 / 21) / (5.5 / 21))
    assert made.risk_difference.value == -25


def test_an_interval_over_a_hundredfold_is_no_information() -> None:
    assert Estimate(Decimal(1), Decimal("0.1"), Decimal(10)).uninformative
    assert not Estimate(Decimal(1), Decimal("0.101"), Decimal(10)).uninformative


def chi_squared(a: int, n: int, b: int, m: int) -> float:
    total, events = n + m, a + b
    statistic = total * (a * (m - b) - b * (n - a)) ** 2 / (n * m * events * (total - events))
    return math.erfc(math.sqrt(statistic / 2))


def fisher(a: int, n: int, b: int, m: int) -> float:
    def chance(first: int) -> float:
        return math.comb(n, first) * math.comb(m, a + b - first) / math.comb(n + m, a + b)

    possible = range(max(0, a + b - m), min(n, a + b) + 1)
    return sum(chance(each) for each in possible if chance(each) <= chance(a) * (1 + 1e-9))


@pytest.mark.parametrize(("name", "each"), COUNTED, ids=lambda value: value if isinstance(value, str) else value.label)
def test_p_values_are_those_of_the_written_formulas(name: str, each: Outcome) -> None:
    assert each.counts is not None
    assert each.p is not None
    (a, b), (n, m) = each.counts.events, each.counts.of
    words = from_counts(each.counts, each.p).words
    assert f"p={chi_squared(a, n, b, m):.3f} by chi-squared," in words, name
    assert f"p={fisher(a, n, b, m):.3f} by Fisher's exact test" in words


def checks() -> dict[tuple[str, str], Any]:
    made = invoke("evidence", "check", "--format", "json").json
    return {(each["id"], each["label"]): each for each in made["checks"]}


def test_the_disagreements_are_the_known_ones() -> None:
    wrong = {key for key, each in checks().items() if not each["agrees"]}
    assert {name for name, _ in wrong} == {"li-w-2023", "wu-2019", "satis-2011"}
    assert ("li-w-2023", "good outcome") in wrong
    assert "p=0.029 by chi-squared" in checks()["li-w-2023", "good outcome"]["recomputed"]
    assert "p=0.034 by chi-squared" in checks()["li-w-2023", "reocclusion at 24 h"]["recomputed"]
    assert "printed 0.023 is by chi-squared" in checks()["luo-2021", "mRS 0 to 3"]["recomputed"]
    assert "printed 0.006 is by Fisher's exact test" in checks()["luo-2021", "death"]["recomputed"]
    recanalised = checks()["wu-2019", "recanalisation at 24 h"]["recomputed"]
    assert "centre of 4.08 and p=0.001" in recanalised


def test_every_disagreement_is_a_note_in_the_data_and_is_shown() -> None:
    for key, each in checks().items():
        assert each["noted"] == (not each["agrees"]), key
    assert "the interval implies a centre of 4.08" in " ".join(invoke("evidence", "show", "wu-2019").stdout.split())


def test_a_stale_note_ends_the_check_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    [study] = [each for each in studies() if each.id == "wu-2019"]
    changed = study._replace(outcomes=tuple(each._replace(recomputed="x") for each in study.outcomes))
    monkeypatch.setattr("rescuecalc.requests.evidence.studies", lambda: (changed,))
    outcome = invoke("evidence", "check")
    assert (outcome.exit_code, outcome.stdout) == (3, "")
    assert "the note does not say what is recomputed" in outcome.stderr


def test_maingards_pooled_p_is_not_recomputed() -> None:
    assert not {key for key in checks() if key[0] in {"maingard-2019", "yang-2020-ia", "yang-2020-iv"}}


@pytest.mark.parametrize("name", ["yang-2020-ia", "yang-2020-iv", "maingard-2019", "saint-2022", "range-sich"])
def test_nothing_is_computed_where_counts_are_not_printed(name: str) -> None:
    found = [each for each in compared() if each["id"] == name]
    assert found
    for each in found:
        assert each["arms"] == []
        assert each["risk_difference"] is each["risk_ratio"] is each["odds_ratio"] is None
        assert each["not_computed"]


@pytest.mark.parametrize("output", ["text", "json", "markdown", "csv"])
def test_nothing_is_pooled_and_no_number_needed_is_given(output: str) -> None:
    text = invoke("evidence", "compare", "--format", output).stdout
    assert not re.search(r"\bNN[TH]\b|number needed to (?:treat|harm) [=:0-9]|recommend|superior", text)
    if output in {"text", "markdown"}:
        assert "immediate stenting after a successful" in " ".join(text.split())


def test_luo_reads_as_the_hand_has_it() -> None:
    [each] = [one for one in compared("--outcome", "death") if one["id"] == "luo-2021"]
    assert [(arm["events"], arm["of"], arm["percent"]) for arm in each["arms"]] == [(15, 81, "18.5"), (7, 12, "58.3")]
    assert float(each["odds_ratio"]["value"]) == pytest.approx((15 / 66) / (7 / 5), rel=0.005)


def test_a_printed_interval_over_a_hundredfold_is_called_so_in_the_plot() -> None:
    text = invoke("evidence", "compare", "--outcome", "ich").stdout
    assert "|...................o....................|" in text
    assert "an interval over a hundredfold is no information" in " ".join(text.split())


@pytest.mark.parametrize("outcome", ["sich", "death", "good-outcome", "reocclusion", "recanalisation"])
def test_pages_fit_80_columns(outcome: str) -> None:
    assert max(len(line) for line in invoke("evidence", "compare", "--outcome", outcome).stdout.splitlines()) <= 80


def test_csv_has_a_row_for_each_figure() -> None:
    rows = list(csv.DictReader(io.StringIO(invoke("evidence", "compare", "--format", "csv").stdout)))
    assert len(rows) == sum(len(study.outcomes) for study in studies())
    assert all(bool(row["odds_ratio"]) != bool(row["not_computed"]) for row in rows)


@pytest.mark.parametrize(
    ("percent", "of", "numbers"), [("51.9", 81, (42,)), ("16.7", 12, (2,)), ("6.3", 64, (4,)), ("50", 300, (149, 150))]
)
def test_counts_that_follow_from_n_and_per_cent(percent: str, of: int, numbers: tuple[int, ...]) -> None:
    found = whole_numbers(percent, of)
    assert set(numbers) <= set(found)
    if len(numbers) == 1:
        assert found == numbers


@pytest.mark.parametrize(
    ("figure", "events"),
    [("51.9 vs 16.7 %", [41, 2]), ("51.9 vs 16.7 %", [42, 3]), ("52 %", [42, 2]), ("51.9 vs 16.7 %", [42])],
)
def test_counts_that_do_not_follow_are_refused(figure: str, events: list[int]) -> None:
    table = Table({"arms": ["a", "b"], "events": events, "of": [81, 12]}, "counts")
    with pytest.raises(Problem, match="counts"):
        catalogue_studies._counts(table, figure)  # noqa: SLF001  # the loader's own refusal


def test_an_interval_without_a_ratio_is_not_recomputed() -> None:
    assert from_interval(Outcome("other", "x", "88 %", "84-92", None)) is None
    assert from_interval(Outcome("other", "x", "aOR 2", None, None)) is None


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.stats.proportion", None)
    for command in ("compare", "check"):
        outcome = invoke("evidence", command)
        assert (outcome.exit_code, outcome.stdout) == (2, "")
        assert "pip install 'rescuecalc[evidence]'" in outcome.stderr


def words(svg: bytes) -> list[str]:
    root = ET.fromstring(svg)  # noqa: S314  # our own file
    return ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_forest_plot_of_the_manual_is_the_one_that_is_drawn(tmp_path: Path) -> None:
    one, other = tmp_path / "one.svg", tmp_path / "other.svg"
    for file in (one, other):
        assert invoke("evidence", "compare", "--picture", str(file)).exit_code == 0
    assert one.read_bytes() == other.read_bytes()
    assert words(FOREST.read_bytes()) == words(one.read_bytes())
    assert "0.998 (0.021 to 46.825)," in words(one.read_bytes())


def test_outcomes_of_one_direction_stand_together_and_say_which_side_favours_what(tmp_path: Path) -> None:
    lines = [line.strip() for line in invoke("evidence", "compare").stdout.splitlines()]
    wanted, unwanted = lines.index("WANTED OUTCOMES"), lines.index("UNWANTED OUTCOMES")
    assert lines[wanted + 1] == "favours the comparator < > favours the first arm"
    assert lines[unwanted + 1] == "favours the first arm < > favours the comparator"
    assert wanted < lines.index("odds ratio: mRS 0 to 3; stent vs no stent") < unwanted
    assert unwanted < lines.index("odds ratio: death; stent vs no stent")
    drawn_rows = lines[wanted : lines.index("METHODS (95 % intervals)")]
    assert not any(line.startswith(("luo-2021", "wu-2019")) for line in drawn_rows)
    assert invoke("evidence", "compare", "--outcome", "death", "--picture", str(tmp_path / "x.svg")).exit_code == 0
    drawn = words((tmp_path / "x.svg").read_bytes())
    assert [each for each in drawn if each.endswith("OUTCOMES")] == ["UNWANTED OUTCOMES"]
    assert {"\u2190 favours the first arm", "favours the comparator \u2192", "Luo 2021, basilar"} <= set(drawn)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("compare", "--picture", "x.png"), 2, "does not end in .svg"),
        (("compare", "--picture", "/nowhere/x.svg"), 3, "cannot be written"),
        (("compare", "--outcome", "technical", "--picture", "x.svg"), 4, "nothing to draw"),
        (("compare", "--outcome", "mrs"), 2, "--outcome: cannot read 'mrs'"),
        (("compare", "--strategy", "drug"), 2, "--strategy: cannot read 'drug'"),
    ],
)
def test_bad_input_is_answered(args: tuple[str, ...], code: int, said: str) -> None:
    outcome = invoke("evidence", *args)
    assert (outcome.exit_code, outcome.stdout) == (code, "")
    assert said in outcome.stderr


SITUATIONS = {
    "failed-thrombectomy": {"drug": "may help", "balloon": "may help", "stent": "may help"},
    "reocclusion": {"drug": "what the review's case did", "balloon": "may help", "stent": "may help"},
    "residual-stenosis": {
        "drug": "may help",
        "balloon": "balloon angioplasty is named as a first step",
        "stent": "not stated",
    },
    "proximal-thrombus": {
        "drug": "among the indications of Huo and of Yang",
        "balloon": "not stated",
        "stent": "not stated",
    },
    "incomplete-recanalisation": {
        "drug": "among the indications of Huo",
        "balloon": "not stated",
        "stent": "not stated",
    },
    "after-success": {"stenting-after-success": "still unclear, and randomised trials are needed"},
}


@pytest.mark.parametrize(("situation", "said"), SITUATIONS.items())
def test_a_strategy_is_said_of_a_situation_as_the_conclusion_says_it(situation: str, said: dict[str, str]) -> None:
    made = invoke("strategy", "--situation", situation, "--format", "json").json
    [found] = made["situations"]
    told = {each["strategy"]: each["says"] for each in found["strategies"]}
    assert all(told[strategy].startswith(words) for strategy, words in said.items())
    assert found["listed"] == (situation != "after-success")
    assert "immediate stenting after a successful thrombectomy is still unclear" in made["conclusion"]


@pytest.mark.parametrize("output", ["text", "markdown", "json", "csv"])
def test_no_strategy_is_recommended(output: str) -> None:
    text = invoke("strategy", "--format", output).stdout
    assert not re.search(r"\b(should|recommended for|superior|best|safe|first choice|prefer)\b", text)


def test_contexts_are_chosen() -> None:
    made = invoke("strategy", "--territory", "posterior", "--thrombolysis", "yes", "--format", "json").json
    assert [each["id"] for each in made["contexts"]] == ["posterior", "after-thrombolysis"]
    assert "luo-2021" in {one["id"] for each in made["contexts"] for one in each["studies"]}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--situation", "stroke"), "--situation: cannot read 'stroke'"),
        (("--territory", "left"), "--territory: cannot read 'left'"),
        (("--thrombolysis", "maybe"), "--thrombolysis: cannot read 'maybe'"),
    ],
)
def test_an_unknown_situation_is_answered(args: tuple[str, ...], said: str) -> None:
    outcome = invoke("strategy", *args)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert said in outcome.stderr
