"""Change numbers of `src/rescuecalc/data`, one at a time; each has to turn a test red that was not made from the data.

python tests/mutate_data.py               five numbers; --seed chooses which
python tests/mutate_data.py --sample 50   as many as that
python tests/mutate_data.py --facts       every number that is a fact, by the table of facts alone: seconds
python tests/mutate_data.py --every       every number: minutes, and half an hour for those of order_model.toml
python tests/mutate_data.py TEXT          the numbers of files or lines that hold TEXT

Prose is left out: what a source says in words repeats a number that stands beside it, and is read by people. The record
of all numbers (tests/golden/clinical_numbers.csv) is made from the data, so it is no independent test and is not run.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from rescuecalc.catalogue.files import table
from tests.mutate import ROOT, score  # the path to itself, for it is run as a script
from tests.mutation.runner import KEPT, Suite, in_fork, loaded, say
from tests.results import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DATA: Final = ROOT / "src" / "rescuecalc" / "data"

NOT_READ: Final = frozenset({"sources.toml", "evidence.toml", "strategies.toml", "known_answers.toml"})
"""Titles, years and the answers; figures of studies, which test_evidence compares word by word with the review."""

PROSE: Final = frozenset(
    {
        *("words", "title", "remark", "remarks", "population", "antiplatelets", "not_rescue", "contraindicated"),
        *("confidence", "locator", "id", "doi", "url", "name", "inverse", "label_use", "off_label", "form"),
        *(
            "preparation",
            "load_remark",
            "source",
            "sources",
            "atc",
            "rxnorm",
            "short",
            "drug",
            "drugs",
            "text",
            "label",
        ),
    }
)
_KEY: Final = re.compile(r'(?P<key>[A-Za-z_]+) *= *|(?P<value>"[^"]*")|(?P<bare>(?<![\w.])\d+(?:\.\d+)?(?![\w.]))')
_NUMBER: Final = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
MEASURE: Final = re.compile(r"[<>=+ -]*\d+(?:\.\d+)?(?: ?[A-Za-z/%]+)?(?: in \d+(?:\.\d+)? [A-Za-z]+)?")

FIRST: Final = {
    "protocols/": ("test_spec_table_renal_protocol", "test_selftest", "test_forgotten_steps"),
    "products.toml": ("test_nets", "test_forgotten_steps"),
    "drugs.toml": ("test_nets", "test_other_agents", "test_drug_class"),
    "formulas.toml": ("test_renal",),
    "renal.toml": ("test_renal", "test_spec_table_renal_protocol", "test_selftest"),
    "published_ranges.toml": ("test_published_ranges",),
    "patient_limits.toml": ("test_patient_state",),
    "limits.toml": ("test_renal", "test_spec_bad_input", "test_weights"),
    "error_signatures.toml": ("test_nets", "test_agreement", "test_diagnosis", "test_order_model"),
    "stopping.toml": ("test_spec_stop",),
    "monitoring.toml": ("test_bridge", "test_spec_bridge", "test_content"),
    "bridging.toml": ("test_bridge", "test_spec_bridge", "test_course"),
    "antiplatelets.toml": ("test_bridge", "test_spec_bridge", "test_course"),
}
"""The tests that are asked first about a file; the others follow where these stay green."""

OTHERS: Final = (
    *("test_nets", "test_spec_dose", "test_spec_bridge", "test_spec_stop", "test_agreement", "test_order_model"),
    *("test_other_agents", "test_content", "test_course", "test_thrombolysis_time", "test_published_ranges"),
    *("test_pushed_by_hand", "test_given", "test_diagnosis", "test_text_numbers", "test_false_alarms", "test_selftest"),
    *("test_unjudged", "test_weights", "test_containers", "test_patient_state"),
)


_NEIGHBOURS: Final = 12
"""Tests that noticed other numbers of a file and are asked first about the next: one of them mostly notices it too."""


class Number(NamedTuple):
    """A number of a data file: where it begins, and what it is."""

    file: str
    at: int
    text: str
    line: str

    def changed(self) -> str:
        """Return another number of the same length: its last digit is one more, or one less where it is 9."""
        last = self.text[-1]
        return self.text[:-1] + ("8" if last == "9" else str(int(last) + 1))


def numbers(data: Path = DATA) -> Iterator[Number]:
    """Yield every number of the data files that is not prose."""
    for path in sorted(data.rglob("*.toml")):
        if path.name in NOT_READ:
            continue
        name, start = path.relative_to(data).as_posix(), 0
        for line in path.read_text("utf-8").splitlines(keepends=True):
            yield from (Number(name, start + at, text, line.strip()) for at, text in _of_line(line))
            start += len(line)


def _of_line(line: str) -> Iterator[tuple[int, str]]:
    if line.lstrip().startswith(("#", "[")) and "=" not in line and '"' not in line:
        return
    key = ""
    for match in _KEY.finditer(line.partition("  # ")[0]):
        if match["key"]:
            key = match["key"]
        elif key not in PROSE and (match["bare"] or MEASURE.fullmatch(match["value"].strip('"'))):
            yield from ((match.start() + each.start(), each[0]) for each in _NUMBER.finditer(match[0]))


def asked_tests(number: Number) -> list[str]:
    """Return the files of tests that are asked about a number, those of its own file first."""
    first = next((tests for name, tests in FIRST.items() if number.file.startswith(name)), ())
    return [f"tests/{test}.py" for test in dict.fromkeys(("test_facts", *first, *OTHERS))]


def noticed_by(suite: Suite, number: Number, seconds: int = 300, first: Sequence[str] = ()) -> str:
    """Return the test that turns red where a number is changed, in a forked copy of the loaded suite; empty: none.

    ``first`` are the tests that are asked before all others.
    """
    code, found = in_fork(lambda: _first_red(suite, number, first), seconds)
    if code == -signal.SIGALRM:
        return ""  # the tests took too long, and none of them was red
    return str(found or "") if code == 0 else f"the process ended with {code}"


def _first_red(suite: Suite, number: Number, first: Sequence[str]) -> str | None:
    reader: Any = table
    target, read = DATA / number.file, reader.content_of
    behind = number.at + len(number.text)
    text = target.read_text("utf-8")
    changed = (text[: number.at] + number.changed() + text[behind:]).encode()
    reader.content_of = lambda path, most: changed if path == target else read(path, most)
    suite.forget(KEPT)
    order = asked_tests(number)
    names = sorted(
        (name for name in suite.items if name.partition("::")[0] in order),
        key=lambda name: order.index(name.partition("::")[0]),
    )
    return next((name for name in dict.fromkeys((*first, *names)) if not suite.run(name)), None)


class Run:
    """One run over the numbers that were chosen."""

    def __init__(self, chosen: Sequence[Number], minutes: float | None) -> None:
        self._chosen, self._minutes = chosen, minutes
        self.asked = self.noticed = 0
        self._before: dict[str, list[str]] = {}

    def __call__(self, suite: Suite) -> None:
        """Ask about every number, and say which no test noticed."""
        start = time.monotonic()
        for each in self._chosen:
            if self._minutes and time.monotonic() - start > 60 * self._minutes:
                return
            before = self._before.setdefault(each.file, [])
            found = noticed_by(suite, each, first=before[:_NEIGHBOURS])
            if found in suite.items:
                before[:] = [found, *(name for name in before if name != found)]
            self.asked += 1
            self.noticed += bool(found)
            if not found:
                say(f"SURVIVED: {each.file}: {each.text} -> {each.changed()}: {each.line[:90]}")


def _by_facts(*, record_it: bool) -> int:
    """Ask the table of facts about every number that it holds; return 1 where it misses one."""
    from tests.test_facts import FACTS, differs  # noqa: PLC0415  # which takes what a number is from here

    every = list(numbers())
    held = [each for each in every if each.file in FACTS]
    missed = [each for each in held if not differs(each)]
    for each in missed:
        say(f"SURVIVED: {each.file}: {each.text} -> {each.changed()}: {each.line[:90]}")
    say(score(len(held) - len(missed), len(held)))
    if record_it:
        asked, found = f"{len(held):,} of {len(every):,}", f"{len(held) - len(missed):,} noticed by the table of facts"
        record("numbers of the data that are facts, changed", asked, found)
    return int(bool(missed))


def main(arguments: Sequence[str]) -> int:
    """Print each number that no test notices, and the score; return 1 where there is one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("text", nargs="?", default="")
    parser.add_argument("--sample", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--facts", action="store_true", help="ask the table of facts alone, in seconds")
    parser.add_argument("--minutes", type=float, help="stop after so many")
    parser.add_argument("--record", action="store_true", help="write the score into docs/safety/verification.md")
    asked = parser.parse_args(arguments)
    if asked.facts:
        return _by_facts(record_it=asked.record)
    chosen = [each for each in numbers() if asked.text in f"{each.file} {each.line}"]
    # In no order: what was asked when the time is over tells of every file.
    chosen = random.Random(asked.seed).sample(chosen, len(chosen))  # noqa: S311  # the same numbers for one seed
    if not asked.every and not asked.text:
        chosen = chosen[: asked.sample]
    os.environ.setdefault("HYPOTHESIS_PROFILE", "few")
    run = Run(chosen, asked.minutes)
    files = dict.fromkeys(file for each in chosen for file in asked_tests(each))
    loaded(["-m", "not process", *files], run, warm=False)
    say(score(run.noticed, run.asked))
    if asked.record:
        record("numbers of the data, changed", f"{run.asked:,} of {len(list(numbers())):,}", f"{run.noticed:,} noticed")
    return 0 if run.noticed == run.asked == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
