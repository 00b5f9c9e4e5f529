"""Measure everything and write docs/benchmarks.md: python -m benchmarks [--rows 40000] [--seed 1] [--only csv,start].

Each line stands beside its goal and its peer, with the day and the machine; a goal that is missed says why.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks import answers, check, engines, library, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE: Final = Path(__file__).parent.parent / "docs" / "benchmarks.md"
"""The page that is written; read by docs/build_site.py."""


class Row(NamedTuple):
    """A row of the table; ``share`` is how much of the goal is reached, None where there is none."""

    what: str
    now: str
    goal: str
    peer: str
    share: float | None = None


def _of_line(line: check.Line) -> Row:
    goal = f"{line.goal:,}/s" if line.goal else "–"
    share = line.rate / line.goal if line.goal else None
    return Row(line.name, f"{line.rate:,.0f}/s", goal, line.peer or "–", share)


def _rows(name: str, folder: Path, rows: int, seed: int) -> Iterator[Row]:
    yield _of_line(check.MEASURES[name](folder, rows, seed))


def _memory(folder: Path, rows: int, seed: int) -> Iterator[Row]:
    line = check.memory(folder, rows // 4, seed)
    few = check.judged(check.sample(folder, rows // 4, seed))
    times = line.cost.memory / few.memory
    what = f"memory of {line.orders:,} orders, 5 % wrong"
    yield Row(what, f"{times:.2f} ×", "1.2 ×", f"{rows // 4:,} orders, {few.memory:.0f} MiB", 1.2 / times)


def _growth(folder: Path, rows: int, seed: int) -> Iterator[Row]:
    """Compare the time for a further order in a file of many with that in one of a quarter: 1 is linear growth."""
    counts = (rows // 16, rows // 4, rows)
    small, middle, large = (check.judged(check.sample(folder, count, seed)).seconds for count in counts)
    first, further = (middle - small) / (counts[1] - counts[0]), (large - middle) / (counts[2] - counts[1])
    what = f"time for a further order, up to {rows:,}"
    yield Row(what, f"{further / first:.2f} ×", "1 × (linear)", f"up to {counts[1]:,} orders", first / further)


def _jobs(folder: Path, rows: int, seed: int) -> Iterator[Row]:
    """Compare one process with two by the clock: on a machine that others use, two get less than two cores."""
    path, seconds = check.sample(folder, rows, seed), []
    for jobs in ("1", "2"):
        begun = time.monotonic()
        check.judged(path, "--jobs", jobs)
        seconds.append(time.monotonic() - begun)
    factor = seconds[0] / seconds[1]
    load = os.getloadavg()[0]
    yield Row("`--jobs 2`, by the clock", f"{factor:.2f} ×", "1.8 ×", f"one process; load {load:.1f}", factor / 1.8)


def _library(folder: Path, rows: int, seed: int) -> Iterator[Row]:
    """Compare checks with a pump library with those without one, and read a large one."""
    for entries in (50, 2_000, 20_000):
        found = library.measured(folder, rows // 20, entries, 3, seed)
        what = f"`check --library` of {entries:,} entries, {found.orders:,} orders"
        yield Row(what, f"{found.times:.2f} ×", f"{library.MOST} ×", "without it", library.MOST / found.times)
    seconds = library.reading(folder, 20_000)
    yield Row("a library of 20,000 entries is read", f"{seconds:.2f} s", "1.5 s", "–", library.MOST_SECONDS / seconds)


def _start(folder: Path, _: int, __: int) -> Iterator[Row]:
    for each in start.start_up(folder):
        yield Row(each.name, f"{each.value:.2f} ×", f"{each.goal} ×", each.peer, each.goal / each.value)


def _answers(folder: Path, rows: int, _: int) -> Iterator[Row]:
    for measure in (answers.rate_lines, answers.dose_lines, answers.other_dose_lines):
        yield _of_line(measure(folder, rows))


def _engines(folder: Path, rows: int, seed: int) -> Iterator[Row]:
    for each in engines.measured(folder, rows // 2, seed, ("arrow", "duckdb", "polars")):
        yield Row(
            f"`check_batches`, {each.engine}", f"{each.orders / (each.seconds or each.clock):,.0f}/s", "–", each.peer
        )


MEASURES: Final[dict[str, Callable[[Path, int, int], Iterator[Row]]]] = {
    **{
        name: lambda folder, rows, seed, name=name: _rows(name, folder, rows, seed)  # type: ignore[misc]
        for name in ("csv", "wrong5", "wrong", "jsonl", "fhir", "yaml")
    },
    "jobs": _jobs,
    "memory": _memory,
    "growth": _growth,
    "library": _library,
    "start": _start,
    "answers": _answers,
    "engines": _engines,
}

WHY: Final = {
    "CSV": "a new row is judged by all rules in exact fractions, which takes milliseconds",
    "JSON Lines": "each line is read into a tree with the location of each field, and is judged by all rules",
    "FHIR": "each resource becomes a tree with the location of each field, then an order, and is judged by all rules",
    "YAML": "PyYAML takes most of the time, because it reports the location of each field",
    "`--jobs": "every process reads the whole file and judges a part of it; other work used the machine too",
    "time for": "the sample is small: further orders are compared with the cached shapes",
    "memory": "verdicts of equal order sets are cached, up to a bound that the smaller file does not reach",
    "`check --library": "the library is read first, and few orders follow",
    "`check one": "all rules and the catalogue are imported for one order set; for FHIR its reader too",
    "`rule": "the settings and the numbers in the rule's text are read",
    "`protocol": "every protocol is read and checked",
    "`--": "the interpreter, and typer where it is needed",
    "`rate": "a rate that is new is judged and computed twice; one that came before is written at once, and flushed",
    "`dose -": "each answer is a document of 15 kB: derivations, second route, rules and JSON, in exact fractions",
    "`dose --": "the catalogue and the rules are read",
}
"""Why a goal is missed, by how its line begins; from profiles of the day."""


def page(rows: list[Row], said: str) -> str:
    """Return the page: the table, and below it the goals that are missed, with the reason."""
    shown = [f"| {each.what} | {each.now} | {each.goal} | {each.peer} | {_met(each)} |" for each in rows]
    missed = [each for each in rows if each.share is not None and each.share < 1]
    why = [f"- {each.what}: {each.now} of {each.goal}: {_why(each.what)}." for each in missed]
    return "\n".join(
        [
            "# Benchmarks",
            "",
            f"Written by `python -m benchmarks`: {said}.",
            "Rates and ratios are of the processor's time, unless a line says otherwise. Every order differs from",
            "every other in weight, clearance, times, numbers and words, and all rules judge.",
            "",
            "| what | now | goal | beside | goal met |",
            "|---|---|---|---|---|",
            *shown,
            "",
            *(["## Goals that are missed", "", *why, ""] if why else []),
        ]
    )


def _met(row: Row) -> str:
    return "–" if row.share is None else "yes" if row.share >= 1 else f"{row.share:.0%}"


def _why(what: str) -> str:
    return next((why for begins, why in WHY.items() if what.startswith(begins)), "not looked into")


def main(words: list[str] | None = None) -> int:
    """Measure, write the page, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(MEASURES))
    parser.add_argument("--page", type=Path, default=PAGE)
    typed = parser.parse_args(words)
    found: list[Row] = []
    for name in typed.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            for row in MEASURES[name](Path(folder), typed.rows, typed.seed):
                found.append(row)
                sys.stderr.write(f"{row.what}: {row.now}\n")
    said = f"{check.today_and_machine()}, {typed.rows:,} orders, seed {typed.seed}"
    text = page(found, said)
    typed.page.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
