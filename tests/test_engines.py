"""What docs/engines.md says to paste: on each engine the findings are those of the command line, row for row."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.test_arrow import commands, comparable, hospital, text

if TYPE_CHECKING:
    from collections.abc import Iterable

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'rescuecalc[arrow]'")

PAGE: Final = Path(__file__).parent.parent / "docs" / "engines.md"
ROWS: Final = hospital(60)
OF_FILE: Final = ("", "/protocol")
"""Pointers of what is said once a call, whatever row it is said at."""


def lines_to_paste(heading: str) -> str:
    """Return the lines of Python beneath a heading of the page."""
    part = PAGE.read_text("utf-8").partition(f"\n## {heading}\n")[2]
    found = re.search(r"```python\n(.*?)```", part, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work where the orders lie as Parquet."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # of an extra

    monkeypatch.chdir(tmp_path)
    pq.write_table(pa.Table.from_pylist(ROWS), "orders.parquet")
    return tmp_path


@pytest.fixture(scope="module")
def of_command() -> list[tuple[Any, ...]]:
    found = commands(text(ROWS))
    assert len(found) > 40
    return found


def read(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq  # noqa: PLC0415  # of an extra

    return pq.read_table(path).to_pylist()  # type: ignore[no-any-return]


def by_row(found: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return findings in the order of rows; what is said once a call once, without its row."""
    rows = [each for each in found if each[5] not in OF_FILE]
    once = {each[1:] for each in found if each[5] in OF_FILE}
    return [*sorted(rows, key=repr), *sorted(once, key=repr)]


def pasted(heading: str, **names: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"__name__": "pasted", **names}
    exec(compile(lines_to_paste(heading), heading, "exec"), made)  # noqa: S102  # what the page says to paste
    return made


@pytest.mark.long
def test_duckdb_finds_in_parquet_what_the_command_finds(desk: Path, of_command: list[tuple[Any, ...]]) -> None:
    pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install duckdb")
    pasted("DuckDB")
    assert [comparable(each) for each in read(desk / "findings.parquet")] == of_command


def test_polars_finds_what_the_command_finds(desk: Path, of_command: list[tuple[Any, ...]]) -> None:
    pytest.importorskip("polars", reason="Polars is not installed: pip install polars")
    pasted("Polars")
    assert [comparable(each) for each in read(desk / "findings.parquet")] == of_command


@pytest.mark.filterwarnings("ignore")  # Spark's own, of pandas 3
def test_spark_finds_what_the_command_finds(
    desk: Path, of_command: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed: pip install pyspark pandas")
    pytest.importorskip("pandas", reason="PySpark needs pandas: pip install pandas")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install default-jre-headless")
    from pyspark.sql import SparkSession  # noqa: PLC0415  # of an extra

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    # What is imported here has to be imported by Spark's processes too.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(each for each in sys.path if each))
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        pasted("Spark")
    finally:
        spark.stop()
    found = [comparable(each) for each in read(desk / "findings.parquet")]
    assert by_row(found) == by_row(of_command)


@pytest.mark.process
def test_processes_that_share_a_table_agree_with_the_command(desk: Path, of_command: list[tuple[Any, ...]]) -> None:
    """As a script: each process gets the function by its name."""
    pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install duckdb")
    script = f"{lines_to_paste('Several processes on one machine')}\nimport json\nprint(json.dumps(findings))\n"
    (desk / "script.py").write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, "script.py"], capture_output=True, text=True, check=True)
    found = [comparable(each) for each in json.loads(done.stdout)]
    assert by_row(found) == by_row(of_command)
