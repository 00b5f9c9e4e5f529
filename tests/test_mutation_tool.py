"""The tools that break the program: which mutants a module has, and how results are kept."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from rescuecalc.core.orders.model import solution
from rescuecalc.core.orders.model.certainty import certain
from tests.breaks import BREAKS
from tests.campaigns import main, slow_way
from tests.mutate import ROOT
from tests.mutation import runner
from tests.mutation.mutants import mutants
from tests.mutation.runner import Suite, in_fork
from tests.results import BEGIN, END, HEADINGS, PAGE, rows, with_row

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.fast

MODULE = '''"""A module, of which 1 is no mutant."""

from typing import Final

MOST: Final = 15
WORDS: tuple[int, ...] = ()


class Dose:
    """A dose."""

    __slots__ = ("a",)

    def over(self, weight: int = 2) -> int:
        """Return 3."""
        if not weight or self.a < weight <= MOST:
            raise ValueError("9")
        return max(self.a - weight, 0) * 2 if self else -1


SIGN = lambda number: number > 0
'''

CHANGES = [
    "15  ->  16",
    "2  ->  3",
    "not weight or self.a < weight <= MOST  ->  not weight and self.a < weight <= MOST",
    "not weight  ->  weight",
    "self.a < weight <= MOST  ->  self.a <= weight <= MOST",
    "self.a < weight <= MOST  ->  self.a >= weight <= MOST",
    "self.a < weight <= MOST  ->  self.a < weight < MOST",
    "self.a < weight <= MOST  ->  self.a < weight > MOST",
    "raise ValueError('9')  ->  pass",
    "max(self.a - weight, 0) * 2 if self else -1  ->  max(self.a - weight, 0) * 2 if not self else -1",
    "max(self.a - weight, 0) * 2  ->  max(self.a - weight, 0) / 2",
    "max(self.a - weight, 0)  ->  min(self.a - weight, 0)",
    "self.a - weight  ->  self.a + weight",
    "0  ->  1",
    "2  ->  3",
    "-1  ->  1",
    "1  ->  2",
    "number > 0  ->  number >= 0",
    "number > 0  ->  number <= 0",
    "0  ->  1",
]


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "dose.py"
    path.write_text(MODULE, encoding="utf-8")
    return path


def test_a_module_has_a_mutant_for_each_comparison_sign_number_and_condition(module: Path) -> None:
    assert sorted(each.change for each in mutants(module)) == sorted(CHANGES)


def test_a_mutant_says_which_function_holds_it(module: Path) -> None:
    found = {each.change: (each.line, each.function) for each in mutants(module)}
    assert found["15  ->  16"] == (5, None)
    assert found["self.a - weight  ->  self.a + weight"] == (18, ("Dose.over", 14))
    assert found["number > 0  ->  number >= 0"] == (21, ("<lambda>", 21))


def test_a_mutant_is_the_module_with_its_one_change(module: Path) -> None:
    [mutant] = [each for each in mutants(module) if each.change.startswith("number > 0  ->  number >= 0")]
    made: dict[str, object] = {}
    exec(mutant.code(), made)  # noqa: S102  # the text above
    sign = made["SIGN"]
    assert callable(sign)
    assert [sign(number) for number in (-1, 0, 1)] == [False, True, True]
    assert made["MOST"] == 15


def test_a_forked_process_gives_its_answer_and_leaves_nothing_behind() -> None:
    seen: list[int] = []

    def work() -> int:
        seen.append(1)
        return 42

    assert (in_fork(work, 10), seen) == ((0, 42), [])
    assert in_fork(lambda: 1 // 0, 10)[0] == 70


def test_one_that_never_ends_is_stopped() -> None:
    def work() -> None:
        while True:
            pass

    code, found = in_fork(work, 1)
    assert code < 0
    assert found is None


def test_functions_that_a_check_has_frozen_are_found_to_be_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "SOURCE", certain.__code__.co_filename.removesuffix("/core/orders/model/certainty.py"))
    suite = Suite(lambda _: None, warm=False)
    gc.freeze()
    suite.note_functions()
    assert certain in [each for found in suite.functions.values() for each in found]


OLD = "| d | 2 | 1 wrong | 2026-01-02 | abd |"
NEW = "| d | 3 | 0 wrong | 2026-11-28 | abe |"
PAGE_OF_TWO = f"# A\n{BEGIN}{HEADINGS}| b | 1 | 0 wrong | 2026-01-01 | abc |\n{OLD}\n{END}\nrest\n"


def test_a_result_takes_the_place_of_an_older_one_and_leaves_the_others() -> None:
    made = with_row(PAGE_OF_TWO, "d", "3", "0 wrong", "2026-11-28", "abe")
    assert made == PAGE_OF_TWO.replace(OLD, NEW)
    assert list(rows(with_row(made, "c", "3", "0 wrong", "2026-11-28", "abe"))) == ["b", "c", "d"]


def test_every_result_on_the_page_has_a_count_a_date_and_a_commit() -> None:
    found = rows(PAGE.read_text("utf-8"))
    assert {"regimens against the oracle", "a formula, broken on purpose"} <= found.keys()
    for line in found.values():
        _, _, asked, result, day, commit, _ = (part.strip() for part in line.split("|"))
        assert asked
        assert result
        assert (len(day), day[:2]) == (10, "20")
        assert len(commit.split(",")[0]) >= 7


@pytest.mark.parametrize("campaign", ["oracle", "malformed"])
def test_a_campaign_prints_how_many_it_asked(campaign: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([campaign, "34" if campaign == "oracle" else "3"]) == 0
    assert capsys.readouterr().out.startswith(
        "regimens against the oracle: 34, 0 wrong" if campaign == "oracle" else "damaged files: 3, 0 wrong"
    )


def test_a_regimen_that_is_not_the_oracles_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.oracle.volume", lambda dose, strength: dose * strength)
    assert main(["oracle", "17"]) == 1
    assert "yang-2020-iv at" in capsys.readouterr().out


def test_rows_are_judged_alike_by_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rows", "39"]) == 0
    assert capsys.readouterr().out.startswith("rows judged fast and slowly: 40, 0 wrong")
    with slow_way():
        assert vars(solution)["certain"](None, None) is None
    assert vars(solution)["certain"] is certain


@pytest.mark.parametrize("each", BREAKS, ids=lambda each: each.what)
def test_a_break_is_there_to_be_made_and_has_two_nets(each: object) -> None:
    assert isinstance(each, tuple)
    what, mutation, nets = each
    text = (ROOT / "src" / "rescuecalc" / mutation.file).read_text("utf-8")
    assert mutation.old in text, what
    assert len(set(nets)) >= 2
