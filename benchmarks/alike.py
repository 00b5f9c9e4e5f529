"""Findings are those of the judge alone: python -m benchmarks.alike [--rows 1000000] [--seed 1] [--wrong 0.05].

Judges random orders, a part of them with an error and with words that rules read, once as `check` does, which
recognises those that are alike, and once each by itself; every byte of the findings has to be the same. Exit 1 where
one differs.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from benchmarks import orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CHUNK: Final = 20_000
"""Rows of a file: what is kept of one is kept for the next order set of the same file."""

_WORDS: Final = (
    *(
        "; hold if bleeding",
        "; start heparin",
        "; max 12 mL/h",
        "; then 5 mL/h",
        "; stop at 14:10",
        "; QD",
        "; see 12/3",
    ),
    *("; draw the bolus from the bag", "; flush the line", "; if CrCl < 60 mL/min halve", "; for NSTEMI", "; 80 kg"),
    *("; bed 12", "; Dr. Ohm (night)", "; two nurses, 22:15", "; Aggrastat", "; 2026-01-02 12 h", "\n14 mL/h"),
)


def made(count: int, seed: int, wrong: float) -> Iterator[dict[str, Any]]:
    """Yield order sets of which some have an error, and some words that rules read."""
    chance = random.Random(seed)  # noqa: S311  # made up orders
    for each in orders.order_sets(count, seed, wrong):
        for order in each["orders"]:
            if chance.random() < wrong:
                order["text"] += chance.choice(_WORDS)
        if chance.random() < wrong:
            each["patient"]["creatinine_clearance"] = f"{chance.randrange(5, 90)} mL/min"
        yield each


def findings(path: Path, of: Callable[..., Any] | None = None) -> str:
    """Return what `check` finds in a file, and its summary; with ``of`` each order set is looked up by it."""
    from rescuecalc.cli import main  # noqa: PLC0415
    from rescuecalc.engine import lint_runner, verdict_cache  # noqa: PLC0415

    kept, most = verdict_cache.Verdicts.of, lint_runner.MOST_LISTED
    out, words = io.StringIO(), sys.argv
    try:
        lint_runner.MOST_LISTED = 10**9  # type: ignore[misc]  # every finding is compared
        verdict_cache.Verdicts.of = of or kept  # type: ignore[method-assign]
        sys.argv = ["rescuecalc", "check", str(path), "--isolated", "--as-of", "2026-03-01", "--format", "json"]
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            main()
    except SystemExit:
        pass
    finally:
        verdict_cache.Verdicts.of, lint_runner.MOST_LISTED = kept, most  # type: ignore[method-assign,misc]
        sys.argv = words
    return out.getvalue()


def alone(verdicts: Any, reading: Any) -> Any:
    """Return what the judge finds of a reading by itself."""
    return verdicts._judge(reading.order_set())  # noqa: SLF001  # the judge itself


def first_difference(path: Path) -> str:
    """Return the first finding of a file that differs, empty where none does."""
    fast, slow = findings(path), findings(path, alone)
    if fast == slow:
        return ""
    both = (json.loads(each) for each in (fast, slow))
    pairs = zip(*(each["findings"] for each in both), strict=False)
    return next((f"{one}\n{other}" for one, other in pairs if one != other), "the summaries differ, or one is longer")


def main(words: list[str] | None = None) -> int:
    """Print how many rows were compared."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", type=float, default=0.05)
    typed = parser.parse_args(words)
    left, seed = typed.rows, typed.seed
    while left > 0:
        count = min(left, _CHUNK)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "rows.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                orders.write_csv(file, made(count // 2, seed, typed.wrong))
            differs = first_difference(path)
        if differs:
            sys.stdout.write(f"seed {seed}: {differs}\n")
            return 1
        left, seed = left - count, seed + 1
        sys.stdout.write(f"{typed.rows - left:,} rows: no difference\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
