"""Orders judged in table engines: python -m benchmarks.engines [--rows 200000] [--shapes 0] [--only duckdb,spark].

Writes orders as Parquet, judges them by the lines of docs/engines.md in a process of each engine, and compares every
finding with those of the command line. With --shapes N only N patients differ, and come again: a table out of
templates. Engines that are not installed are named and left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks import orders
from benchmarks.check import compiled, today_and_machine

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = Path(__file__).parent.parent / "docs" / "engines.md"
_DAY: Final = "2026-03-01"
_OF_FILE: Final = ("", "/protocol")
"""Pointers of what is said once a call, whatever row it is said at."""

_ARROW: Final = f"""
import pyarrow.parquet as pq
import pyarrow as pa
from rescuecalc.arrow import CheckReference, check_batches, findings_schema
batches = pq.ParquetFile("orders.parquet").iter_batches(10_000)
found = check_batches(batches, CheckReference(as_of="{_DAY}"), key="line")
pq.write_table(pa.Table.from_batches(found, schema=findings_schema(pa.int64())), "findings.parquet")
"""


class Engine(NamedTuple):
    """An engine: the heading of its lines, empty for Arrow alone, and what has to be installed."""

    heading: str
    needs: tuple[str, ...]


ENGINES: Final = {
    "arrow": Engine("", ()),
    "duckdb": Engine("DuckDB", ("duckdb",)),
    "polars": Engine("Polars", ("polars",)),
    "spark": Engine("Spark", ("pyspark", "pandas")),
}


class Measured(NamedTuple):
    """What an engine took: seconds of the processor of all its processes, and by the clock."""

    engine: str
    orders: int
    seconds: float
    clock: float
    peer: str


def lines_of(engine: Engine) -> str:
    """Return the lines that the page says to paste for an engine."""
    if not engine.heading:
        return _ARROW
    part = PAGE.read_text("utf-8").partition(f"\n## {engine.heading}\n")[2]
    found = re.search(r"```python\n(.*?)```", part, re.DOTALL)
    if found is None:
        raise SystemExit(f"{PAGE} has no lines for {engine.heading}")
    return found[1]


def missing(engine: Engine) -> str:
    """Return what is not installed, empty where all is there."""
    gone = [name for name in ("pyarrow", *engine.needs) if importlib.util.find_spec(name) is None]
    gone += ["java"] if "pyspark" in engine.needs and shutil.which("java") is None else []
    return ", ".join(gone)


def _sets(rows: int, seed: int, shapes: int) -> Iterator[dict[str, Any]]:
    """Yield order sets, 5 % of their orders wrong; with ``shapes`` so many patients, again and again."""
    made = orders.order_sets(shapes or rows // 2, seed, 0.05)
    again = itertools.islice(itertools.cycle(list(made)), rows // 2) if shapes else made
    for number, each in enumerate(again):
        named = [{**order, "id": f"{order['id'][0]}{number}"} for order in each["orders"]]
        yield {**each, "order_set": f"patient {number}", "orders": named}


def write(folder: Path, rows: int, seed: int, shapes: int = 0) -> None:
    """Write the same orders as CSV and as Parquet, a row with the number of its line in the CSV."""
    import pyarrow as pa  # noqa: PLC0415  # of an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        orders.write_csv(file, _sets(rows, seed, shapes))
    columns = list(zip(*orders.rows(_sets(rows, seed, shapes)), strict=True))
    table = {name: [cell or None for cell in cells] for name, cells in zip(orders.HEADINGS, columns, strict=True)}
    pq.write_table(pa.table({"line": range(2, rows // 2 * 2 + 2), **table}), folder / "orders.parquet")


def ran(folder: Path, *command: str) -> tuple[float, float]:
    """Return the seconds of the processor, children included, and of the clock that a command took."""
    before, begun = os.times(), time.monotonic()
    found = os.pathsep.join(filter(None, sys.path))
    environment = {**compiled(), "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": found}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    after, clock = os.times(), time.monotonic() - begun
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{command[-1][:60]}: exit {done.returncode}\n{done.stderr[-2000:]}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    if "--format" in command:
        (folder / "findings.jsonl").write_text(done.stdout, encoding="utf-8")
    return used, clock


def of_command(folder: Path) -> tuple[float, float]:
    """Judge the CSV by the command line, into findings.jsonl."""
    words = ("check", "orders.csv", "--isolated", "--as-of", _DAY, "--format", "jsonl")
    return ran(folder, sys.executable, "-m", "rescuecalc", *words)


def _comparable(found: dict[str, Any]) -> str:
    names = ("code", "severity", "message", "pointer", "found", "expected", "factor", "slip", "alternatives")
    made = {name: found[name] for name in (*names, "expected_range")}
    made["factor"] = None if made["factor"] is None else float(made["factor"])
    row = None if found["pointer"] in _OF_FILE else found.get("key", found.get("line"))
    return json.dumps({"row": row, **made}, default=str, sort_keys=True)


def difference(folder: Path) -> str:
    """Return the first finding that only the command line or only the engine has, empty where there is none."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # of an extra

    lines = (folder / "findings.jsonl").read_text("utf-8").splitlines()
    wanted = sorted(_comparable(json.loads(line)) for line in lines)
    made = sorted(_comparable(each) for each in pq.read_table(folder / "findings.parquet").to_pylist())
    # What is said once a call comes once from each partition of Spark, whose rows it then stands for.
    once = [set(filter(_is_of_file, each)) for each in (wanted, made)]
    rows = [[each for each in one if not _is_of_file(each)] for one in (wanted, made)]
    if rows[0] == rows[1] and once[0] == once[1]:
        return ""
    differ = sorted((set(rows[0]) ^ set(rows[1])) | (once[0] ^ once[1]))
    return differ[0] if differ else f"{len(rows[0])} findings, and {len(rows[1])}"


def _is_of_file(found: str) -> bool:
    return json.loads(found)["row"] is None


def measured(folder: Path, rows: int, seed: int, names: tuple[str, ...], shapes: int = 0) -> Iterator[Measured]:
    """Yield what each engine took; SystemExit where its findings are not those of the command line."""
    if missing(ENGINES["arrow"]):
        sys.stderr.write("pyarrow is not installed: no engine was measured\n")
        return
    write(folder, rows, seed, shapes)
    alone, _ = of_command(folder)
    for name in names:
        engine = ENGINES[name]
        if missing(engine):
            sys.stderr.write(f"{name}: not installed: {missing(engine)}\n")
            continue
        if (folder / "findings.parquet").is_dir():
            shutil.rmtree(folder / "findings.parquet")
        seconds, clock = ran(folder, sys.executable, "-c", lines_of(engine))
        differs = difference(folder)
        if differs:
            raise SystemExit(f"{name}: {differs}")
        yield Measured(name, rows, seconds, clock, f"`check` of the CSV {rows / alone:,.0f}/s, the same findings")


def main(words: list[str] | None = None) -> int:
    """Print a line for each engine: orders a second, core-hours of 100 million, and that nothing differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--shapes", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(ENGINES))
    typed = parser.parse_args(words)
    print_row = "| {} | {:,} | {:,.0f} | {:,.0f} | {:,.0f} |\n".format
    sys.stdout.write(
        f"{today_and_machine()}, seed {typed.seed}, {typed.shapes or 'no two'} patients alike\n\n"
        "| engine | orders | orders/s of the processor | by the clock | core-hours of 100 M |\n|---|---|---|---|---|\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        for each in measured(Path(folder), typed.rows, typed.seed, tuple(typed.only.split(",")), typed.shapes):
            hours = each.seconds / each.orders * 1e8 / 3600
            row = (each.engine, each.orders, each.orders / each.seconds, each.orders / each.clock, hours)
            sys.stdout.write(print_row(*row))
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
