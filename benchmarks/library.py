"""What a pump library costs: python -m benchmarks.library [--rows 2000,20000] [--entries 50,2000,20000] [--pairs 3].

The same orders are checked with a library and without one, in turn, and the least of the processor's time of both is
compared. Libraries have the drugs of the orders in each care area, among others that no order asks. Their limits leave
the pump a step: with and without a library, an order set with a finding costs a whole judgement.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.check import cost, judged, sample, today_and_machine

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 1.2
"""Times what a check takes without a library."""

MOST_SECONDS: Final = 1.5
"""What 20,000 entries may take to be read, of the processor's time."""

HEADINGS: Final = (
    *("care_area", "drug", "therapy", "creatinine_clearance", "amount", "volume", "dose_unit"),
    *("hard_min", "soft_min", "initial", "soft_max", "hard_max"),
    *("bolus_unit", "bolus_soft_max", "bolus_hard_max", "bolus_rate_unit", "bolus_rate_hard_max"),
)
_FLOW: Final = ("mL/h", "999")
_TIROFIBAN: Final = ("mcg/kg/min", "0.01", "0.05", "", "0.41", "0.9", "mcg/kg", "27", "40", *_FLOW)
_EPTIFIBATIDE: Final = ("mcg/kg/min", "0.5", "1", "", "2.2", "3", "mcg/kg", "190", "250", *_FLOW)
_RENAL: Final = ("mcg/kg/min", "0.01", "0.05", "", "0.3", "0.4", *("",) * 5)
OF_ORDERS: Final = (
    ("tirofiban", "", "", "12.5 mg", "250 mL", *_TIROFIBAN),
    ("tirofiban", "", "", "5 mg", "100 mL", *_TIROFIBAN),
    ("tirofiban", "vial", "", "12.5 mg", "50 mL", *_TIROFIBAN),
    ("tirofiban", "CrCl <= 60", "<= 60 mL/min", "12.5 mg", "250 mL", *_RENAL),
    ("eptifibatide", "", "", "75 mg", "100 mL", *_EPTIFIBATIDE),
    ("eptifibatide", "vial", "", "20 mg", "10 mL", *_EPTIFIBATIDE),
)
"""The entries of each care area that the made up orders are given by."""

_AN_AREA: Final = 50
"""Entries of a care area, as in real libraries."""


class Ratio(NamedTuple):
    """What `check` costs with a library, as a multiple of what it costs without."""

    orders: int
    entries: int
    times: float
    seconds: float


def write_library(path: Path, entries: int) -> Path:
    """Write a native library of so many entries, fifty a care area; all differ but those of the orders' drugs."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerows(_rows(entries))
    return path


def _rows(entries: int) -> Iterator[tuple[str, ...]]:
    for number in range(entries):
        area, place = divmod(number, _AN_AREA)
        if place < len(OF_ORDERS):
            yield (f"Area {area}", *OF_ORDERS[place])
        else:
            high = number % 997 + 3
            limits = (f"0.{number % 89 + 10}", "1", "1.5", f"{high}", f"{high * 2}")
            yield (f"Area {area}", f"drug {place}", "", "", f"{place * 10} mg", "250 mL", "mg/h", *limits, *("",) * 5)


def measured(folder: Path, orders: int, entries: int, pairs: int, seed: int) -> Ratio:
    """Return how much more a check with a library costs, over pairs of processes."""
    path, library = sample(folder, orders, seed), write_library(folder / f"library-{entries}.csv", entries)
    found = []
    for _ in range(pairs):
        plain = judged(path).seconds
        found.append((judged(path, "--library", str(library)).seconds, plain))
    slow, fast = (min(each) for each in zip(*found, strict=True))
    return Ratio(orders, entries, slow / fast, fast)


def reading(folder: Path, entries: int, pairs: int = 3) -> float:
    """Return the seconds of the processor that a library's file takes to be read, above those of the interpreter."""
    library = write_library(folder / f"library-{entries}.csv", entries)
    begin = (
        "import gc, sys; from pathlib import Path; from rescuecalc.requests.libraries.pump_library import library_of"
    )
    read = f"{begin}; gc.disable(); len(library_of(Path(sys.argv[1])).entries)"
    found = (
        cost(sys.executable, "-c", read, str(library)).seconds - cost(sys.executable, "-c", begin, str(library)).seconds
        for _ in range(pairs)
    )
    return min(found)


def main(words: list[str] | None = None) -> int:
    """Print what libraries cost; 1 where it is more than is wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="2000")
    parser.add_argument("--entries", default="50,2000,20000")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    typed = parser.parse_args(words)
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        for orders in map(int, typed.rows.split(",")):
            for entries in map(int, typed.entries.split(",")):
                each = measured(Path(name), orders, entries, typed.pairs, typed.seed)
                worst = max(worst, each.times)
                said = f"{orders:,} orders, {entries:,} entries: {each.times:.3f} × of {each.seconds:.1f} s"
                sys.stdout.write(f"{said}\n")
                sys.stdout.flush()
        sys.stdout.write(f"reading 20,000 entries: {reading(Path(name), 20_000):.2f} s\n")
    sys.stdout.write(f"{today_and_machine()}, seed {typed.seed}\n")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
