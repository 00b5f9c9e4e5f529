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
    """Yield requests of `dose -` for weights of whole kilograms, which come again."""
    return (json.dumps({**_OF_DOSE, "weight": f"{45 + number * 7919 % 70}kg"}) for number in range(count))


def other_dose_requests(count: int) -> Iterator[str]:
    """Yield requests of `dose -` of which no two are for the same weight."""
    return (json.dumps({**_OF_DOSE, "weight": f"{45 + number / 1000:.3f}kg"}) for number in range(count))


def rate_requests(count: int) -> Iterator[str]:
    """Yield rates of `rate -` as protocols have them, of three decimals: they come again."""
    return (f"0.{50 + number * 7919 % 101:03}mcg/kg/min" for number in range(count))


_SCRIPT: Final = "import sys; sys.stdin = open(sys.argv.pop()); from rescuecalc.cli import main; sys.exit(main())"


_OPTIONS: Final = {"dose": (), "rate": ("--weight", "80kg", "--concentration", "50mcg/mL", "--quiet")}


def _answered(path: Path, command: str, lines: Iterable[str]) -> Cost:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return cost(sys.executable, "-c", _SCRIPT, command, "-", *_OPTIONS[command], str(path))


def _line(
    folder: Path, command: str, requests: Callable[[int], Iterator[str]], counts: tuple[int, int], goal: int, of: str
) -> Line:
    few, many = (_answered(folder / f"{count}.jsonl", command, requests(count)) for count in counts)
    more = f"{many.memory / few.memory:.2f} × the memory of {counts[0]:,}"
    # What is started once does not count: the rate is that of the further requests.
    further = Cost(max(many.seconds - few.seconds, 1e-3), many.memory)
    return Line(f"`{command} -`, {of}", counts[1] - counts[0], further, goal, more)


def rate_lines(folder: Path, rows: int) -> Line:
    """Measure `rate -`."""
    return _line(folder, "rate", rate_requests, (rows, rows * 10), 30_000, "rates of three decimals")


def dose_lines(folder: Path, rows: int) -> Line:
    """Measure `dose -` for patients who share their weights."""
    return _line(folder, "dose", dose_requests, (rows // 2, rows * 5), 5_000, "whole kilograms")


def other_dose_lines(folder: Path, rows: int) -> Line:
    """Measure `dose -` for patients who share nothing."""
    return _line(folder, "dose", other_dose_requests, (rows // 50, rows // 10), 5_000, "all different")
