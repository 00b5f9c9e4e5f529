"""How many orders `check` judges in a second: python -m benchmarks.check [--rows 40000] [--only csv,jsonl] [--seed 1].

Every order differs from every other in weight, clearance, times, numbers and words, and all rules judge. Each line is
the processor's time of a whole process, its start-up included, on a machine that may be busy; what peers need to read
the same file is measured in the same run. Memory is the largest that a process held.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks import fhir, orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.orders import Set

_READ_CSV: Final = "import csv, sys\nfor _ in csv.reader(open(sys.argv[1], encoding='utf-8', newline='')): pass"
_READ_FHIR: Final = (
    "import sys\nfrom fhir.resources.R4B.medicationrequest import MedicationRequest as M\n"
    "for line in open(sys.argv[1], encoding='utf-8'): M.model_validate_json(line)"
)
_SHARE: Final = 0.05
"""Orders with an error, of the lines that have some."""


class Cost(NamedTuple):
    """What a process took: seconds of the processor, and the most memory, in MiB."""

    seconds: float
    memory: float


class Line(NamedTuple):
    """One line of the table: what was judged, in how many orders a second, and what is wanted."""

    name: str
    orders: int
    cost: Cost
    goal: int | None
    peer: str = ""

    @property
    def rate(self) -> float:
        """Orders a second."""
        return self.orders / self.cost.seconds


def compiled() -> dict[str, str]:
    """Return an environment in which modules are compiled once, as users have them, and not at each start."""
    return {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cost(*command: str) -> Cost:
    """Return what a command took; it says nothing, and may find something."""
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=nowhere, stderr=nowhere, env=compiled()) as process:  # this interpreter
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(command)}: exit {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def judged(path: Path, *options: str) -> Cost:
    """Return what `check` takes for a file or a folder."""
    return cost(sys.executable, "-m", "rescuecalc", "check", str(path), "--format", "jsonl", "--isolated", *options)


def sample(folder: Path, rows: int, seed: int) -> Path:
    """Return a CSV of so many orders, one in twenty of them wrong."""
    return _file(folder, f"rows-{rows}.csv", orders.write_csv, orders.order_sets(rows // 2, seed, _SHARE))


def _file(folder: Path, name: str, write: Callable[..., None], found: Iterable[Set]) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        write(file, found)
    return path


def _csv(folder: Path, rows: int, seed: int, wrong: float, name: str, goal: int) -> Line:
    path = _file(folder, "rows.csv", orders.write_csv, orders.order_sets(rows // 2, seed, wrong))
    read = cost(sys.executable, "-c", _READ_CSV, str(path)).seconds - cost(sys.executable, "-c", "pass").seconds
    used = judged(path)
    return Line(name, rows, used, goal, f"{used.seconds / max(read, 1e-9):.0f} × csv.reader")


def correct_rows(folder: Path, rows: int, seed: int) -> Line:
    """Measure correct rows of a CSV."""
    return _csv(folder, rows, seed, 0.0, "CSV, correct", 60_000)


def some_wrong(folder: Path, rows: int, seed: int) -> Line:
    """Measure rows of a CSV of which one in twenty is wrong."""
    return _csv(folder, rows, seed, _SHARE, "CSV, 5 % wrong", 25_000)


def all_wrong(folder: Path, rows: int, seed: int) -> Line:
    """Measure rows of a CSV that are all wrong."""
    return _csv(folder, rows // 10, seed, 1.0, "CSV, wrong rows only", 3_000)


def json_lines(folder: Path, rows: int, seed: int) -> Line:
    """Measure JSON Lines, one patient a line."""
    path = _file(folder, "sets.jsonl", orders.write_lines, orders.order_sets(rows // 2, seed))
    return Line("JSON Lines", rows, judged(path), 20_000)


def fhir_lines(folder: Path, rows: int, seed: int) -> Line:
    """Measure FHIR NDJSON beside a library that parses it."""
    path = _file(folder, "requests.ndjson", fhir.write_fhir, orders.order_sets(rows // 2, seed))
    used = judged(path)
    try:
        peer = f"fhir.resources parses {rows / cost(sys.executable, '-c', _READ_FHIR, str(path)).seconds:,.0f}/s"
    except SystemExit:
        peer = "fhir.resources is not installed"
    return Line("FHIR NDJSON", rows, used, 12_000, peer)


def yaml_folder(folder: Path, rows: int, seed: int) -> Line:
    """Measure a folder of YAML, one patient a file."""
    count = rows // 10
    orders.write_folder(folder / "sets", orders.order_sets(count // 2, seed))
    return Line("YAML folder", count, judged(folder / "sets"), 4_000)


def memory(folder: Path, rows: int, seed: int) -> Line:
    """Compare the memory for ten times as many orders, 5 % of them wrong."""
    few, many = (
        judged(_file(folder, "rows.csv", orders.write_csv, orders.order_sets(count // 2, seed, _SHARE)))
        for count in (rows, rows * 10)
    )
    share = f"{many.memory:.0f} MiB are {many.memory / few.memory:.2f} × of {rows:,} orders; goal 1.2"
    return Line("ten times as many", rows * 10, many, None, share)


MEASURES: Final[dict[str, Callable[[Path, int, int], Line]]] = {
    "csv": correct_rows,
    "wrong5": some_wrong,
    "wrong": all_wrong,
    "jsonl": json_lines,
    "fhir": fhir_lines,
    "yaml": yaml_folder,
    "memory": memory,
}


def table(lines: Iterable[Line]) -> str:
    """Return the lines as a Markdown table."""
    shown = [
        f"| {each.name} | {each.orders:,} | {each.rate:,.0f} | {f'{each.goal:,}' if each.goal else '–'} "
        f"| {each.cost.memory:.0f} | {each.peer or '–'} |"
        for each in lines
    ]
    return "\n".join(["| what | orders | orders/s | goal | MiB | peer |", "|---|---|---|---|---|---|", *shown])


def main(words: list[str] | None = None) -> int:
    """Print the table, its day and its machine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(MEASURES))
    typed = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        lines = [MEASURES[each](Path(name), typed.rows, typed.seed) for each in typed.only.split(",")]
    sys.stdout.write(f"{table(lines)}\n\n{today_and_machine()}, seed {typed.seed}\n")
    return 0


def today_and_machine() -> str:
    """Return when and where is measured."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{datetime.now(UTC).date()}, {python}, {platform.machine()}, {os.cpu_count()} cores"


if __name__ == "__main__":
    sys.exit(main())
