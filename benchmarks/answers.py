"""Requests as JSON Lines: how many `rate -` and `dose -` answer in a second, and whether their memory stays flat."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from benchmarks.check import Cost, Line, cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_OF_DOSE: Final = {"protocol": "yang-2020-iv", "run-time": "24h", "infusion_product": "bag-250"}


def dose_requests(count: int) -> Iterator[str]:
    """Yield requests of `dose -`, each for a patient of another weight than the one before."""
    for number in range(count):
        yield json.dumps({**_OF_DOSE, "weight": f"{(450 + number * 7919 % 700) / 10:g}kg"})


def rate_requests(count: int) -> Iterator[str]:
    """Yield rates of `rate -` as protocols have them, of three decimals: they come again."""
    return (f"0.{50 + number * 7919 % 101:03}mcg/kg/min" for number in range(count))


_SCRIPT: Final = "import sys; sys.stdin = open(sys.argv.pop()); from rescuecalc.cli import main; sys.exit(main())"


_OPTIONS: Final = {"dose": (), "rate": ("--weight", "80kg", "--concentration", "50mcg/mL", "--quiet")}


def _answered(path: Path, command: str, lines: Iterable[str]) -> Cost:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return cost(sys.executable, "-c", _SCRIPT, command, "-", *_OPTIONS[command], str(path))


def _line(folder: Path, command: str, requests: Callable[[int], Iterator[str]], count: int, goal: int) -> Line:
    few = _answered(folder / "few.jsonl", command, requests(count // 5))
    many = _answered(folder / "many.jsonl", command, requests(count))
    more = f"{many.memory / few.memory:.2f} × the memory of {count // 5:,}"
    # What is started once does not count: the rate is that of the further requests.
    further = Cost(many.seconds - few.seconds, many.memory)
    return Line(f"`{command} -`, requests", count - count // 5, further, goal, more)


def rate_lines(folder: Path, rows: int, seed: int) -> Line:  # noqa: ARG001  # nothing is random
    """Measure `rate -`."""
    return _line(folder, "rate", rate_requests, rows, 30_000)


def dose_lines(folder: Path, rows: int, seed: int) -> Line:  # noqa: ARG001  # nothing is random
    """Measure `dose -`."""
    return _line(folder, "dose", dose_requests, max(rows // 20, 50), 5_000)
