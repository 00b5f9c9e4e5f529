"""Break core, rules and backcheck in every small way; print which breaks no test notices, and each room's score.

python -m tests.mutation                    every mutant: an hour or more
python -m tests.mutation core/regimen       of the modules that begin so
python -m tests.mutation --each 10          ten of each module, chosen by --seed
python -m tests.mutation --changed main     of the modules that differ from a commit, ten of each
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.mutation.explained import EXPLAINED
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.runner import (
    KILLED,
    ROOT,
    SOURCE,
    STOPPED,
    Asked,
    Budget,
    Reached,
    Suite,
    loaded,
    reached_by_all,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOMS: Final = ("core", "rules", "backcheck")
LEAST: Final = 95.0
"""Percent of a room's mutants that have to be noticed."""

SLOW: Final = frozenset(
    {
        *("test_corpus", "test_alike", "test_fuzz", "test_one_judge", "test_process", "test_supply_chain", "test_docs"),
        *("test_mutations", "test_proofs", "test_types", "test_help", "test_pages", "test_library_mutations"),
    }
)
"""What takes long for what it tells of one line, or starts other programs."""


def test_files() -> list[str]:
    """Return the files of tests that are asked, and the doctests of the core."""
    found = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(path.relative_to(ROOT)) for path in found if path.stem not in SLOW] + ["src/rescuecalc/core"]


def chosen(asked: argparse.Namespace) -> list[Mutant]:
    """Return the mutants that the command line chooses."""
    names = [path.relative_to(SOURCE).as_posix() for room in ROOMS for path in sorted((SOURCE / room).rglob("*.py"))]
    if asked.changed:
        names = [name for name in names if name in set(_changed_since(asked.changed))]
    if asked.modules:
        names = [name for name in names if name.startswith(tuple(asked.modules))]
    return [mutant for name in names for mutant in _some(name, asked.each, asked.seed)]


def _some(name: str, most: int | None, seed: int) -> list[Mutant]:
    found = list(mutants(SOURCE / name))
    if most is None or len(found) <= most:
        return found
    picked = random.Random(f"{seed} {name}").sample(range(len(found)), most)  # noqa: S311  # the same for one seed
    return [found[place] for place in sorted(picked)]


def _changed_since(commit: str) -> Iterator[str]:
    command = ["git", "diff", "--name-only", commit, "--", "src/rescuecalc"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    yield from (line.removeprefix("src/rescuecalc/") for line in done.stdout.splitlines())


def reached(suite: Suite) -> Reached:
    """Return what each test reaches; kept beside the temporary files for as long as no file changes."""
    digest = hashlib.sha256()
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.toml"), *(ROOT / "tests").rglob("test_*.py")]):
        digest.update(path.as_posix().encode() + path.read_bytes())
    digest.update("\n".join(suite.items).encode())
    kept = Path(tempfile.gettempdir()) / f"rescuecalc-reached-{os.getuid()}-{digest.hexdigest()[:16]}"
    if kept.exists():
        found: Reached = pickle.loads(kept.read_bytes())  # noqa: S301  # written below
        return found
    found = reached_by_all(suite)
    kept.write_bytes(pickle.dumps(found))
    return found


class Run:
    """One run over the mutants that were chosen."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self._asked = asked
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.survivors: list[str] = []

    def __call__(self, suite: Suite) -> None:
        """Ask about every mutant, and say each that no test noticed."""
        start = time.monotonic()
        known = reached(suite)
        _say(f"{len(known.seconds)} of {len(suite.items)} tests green, {sum(known.seconds.values()):.0f} s")
        ask = Asked(suite, known, Budget(seconds=self._asked.seconds))
        found = chosen(self._asked)
        # In no order: what was asked when the time is over tells of every room.
        random.Random(self._asked.seed).shuffle(found)  # noqa: S311
        for number, mutant in enumerate(found):
            if self._asked.minutes and time.monotonic() - start > 60 * self._asked.minutes:
                _say(f"stopped after {self._asked.minutes} minutes, with {number:,} of {len(found):,} mutants")
                break
            self._one(ask, mutant)

    def _one(self, ask: Asked, mutant: Mutant) -> None:
        verdict, by = ask.verdict(mutant)
        module = mutant.path.relative_to(SOURCE).as_posix()
        text = f"{module}:{mutant.line}: {mutant.change}"
        if f"{module}: {mutant.change}" in EXPLAINED:
            verdict = "explained" if verdict != KILLED else verdict
        self.counts[module][verdict] += 1
        if verdict not in {KILLED, STOPPED, "explained"}:
            self.survivors.append(text)
            _say(f"{verdict.upper()}: {text}")
        if self._asked.log:
            with Path(self._asked.log).open("a", encoding="utf-8") as log:
                log.write(json.dumps({"mutant": text, "verdict": verdict, "by": by}) + "\n")


_TOLD: Final = os.dup(2)
"""Where this is printed: pytest takes the streams for itself."""


def _say(text: str) -> None:
    os.write(_TOLD, f"{text}\n".encode())


def scores(counts: dict[str, Counter[str]]) -> dict[str, tuple[int, int]]:
    """Return for each room how many mutants were noticed, of how many that are no explained ones."""
    found: dict[str, tuple[int, int]] = {}
    for module, each in counts.items():
        room = "/".join(module.split("/")[: 1 if module.startswith("backcheck") else 2])
        for name in (room, room.split("/")[0]):
            good, total = found.get(name, (0, 0))
            asked = sum(each.values()) - each["explained"]
            found[name] = good + each[KILLED] + each[STOPPED], total + asked
            if name == room == room.split("/")[0]:
                break
    return dict(sorted(found.items()))


def main(arguments: Sequence[str]) -> int:
    """Print the survivors and the scores; return 1 where a room's score is below LEAST."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("modules", nargs="*")
    words.add_argument("--each", type=int, help="so many mutants of each module")
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--changed", metavar="COMMIT", help="modules that differ from a commit")
    words.add_argument("--seconds", type=float, default=8.0, help="of tests, asked about one mutant")
    words.add_argument("--minutes", type=float, help="stop after so many")
    words.add_argument("--tests", nargs="*", help="files of tests, in place of all")
    words.add_argument("--log", help="a file that gets a line for each mutant")
    asked = words.parse_args(arguments)
    if asked.changed and asked.each is None:
        asked.each = 10
    os.environ.setdefault("HYPOTHESIS_PROFILE", "few")
    run = Run(asked)
    loaded(["-m", "not process", *(asked.tests or test_files())], run)
    found = scores(run.counts)
    for room, (good, total) in found.items():
        _say(f"{room}: {good} of {total} noticed ({100 * good / max(total, 1):.1f} %)")
    rooms = [(good, total) for room, (good, total) in found.items() if room in ROOMS]
    return int(any(100 * good < LEAST * total for good, total in rooms))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
