"""Change numbers of `src/rescuecalc/data`, one at a time; each has to turn a test red that was not made from the data.

python tests/mutate_data.py               five numbers; --seed chooses which
python tests/mutate_data.py --sample 50   as many as that
python tests/mutate_data.py --every       every number: hours
python tests/mutate_data.py TEXT          the numbers of files or lines that hold TEXT

Prose is left out: what a source says in words repeats a number that stands beside it, and is read by people. The record
of all numbers (tests/golden/clinical_numbers.csv) is made from the data, so it is no independent test and is not run.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.mutate import ROOT, failed, score  # the path to itself, for it is run as a script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DATA: Final = ROOT / "src" / "rescuecalc" / "data"

NOT_READ: Final = frozenset({"sources.toml", "evidence.toml", "strategies.toml", "known_answers.toml"})
"""Titles, years and the answers; figures of studies, which test_evidence compares word by word with the review."""

_PROSE: Final = frozenset(
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
_MEASURE: Final = re.compile(r"[<>=+ -]*\d+(?:\.\d+)?(?: ?[A-Za-z/%]+)?(?: in \d+(?:\.\d+)? [A-Za-z]+)?")

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
        elif key not in _PROSE and (match["bare"] or _MEASURE.fullmatch(match["value"].strip('"'))):
            yield from ((match.start() + each.start(), each[0]) for each in _NUMBER.finditer(match[0]))


def is_noticed(number: Number) -> bool:
    """Return whether a test turns red where a number is changed."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        file = source / "rescuecalc" / "data" / number.file
        text = file.read_text("utf-8")
        behind = number.at + len(number.text)
        file.write_text(text[: number.at] + number.changed() + text[behind:], encoding="utf-8")
        first = next((tests for name, tests in FIRST.items() if number.file.startswith(name)), ())
        return any(failed(source, tuple(f"tests/{test}.py" for test in tests), 1) for tests in (first, OTHERS) if tests)


def main(arguments: Sequence[str]) -> int:
    """Print each number that no test notices, and the score; return 1 where there is one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("text", nargs="?", default="")
    parser.add_argument("--sample", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", action="store_true")
    asked = parser.parse_args(arguments)
    chosen = [each for each in numbers() if asked.text in f"{each.file} {each.line}"]
    if not asked.every and not asked.text and len(chosen) > asked.sample:
        chosen = random.Random(asked.seed).sample(chosen, asked.sample)  # noqa: S311  # the same numbers for one seed
    noticed = 0
    for each in chosen:
        found = is_noticed(each)
        noticed += found
        verdict = "ok" if found else "SURVIVED"
        sys.stdout.write(f"{verdict}: {each.file}: {each.text} -> {each.changed()}: {each.line[:90]}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{score(noticed, len(chosen))}\n")
    return 0 if noticed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
