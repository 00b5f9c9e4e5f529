"""The results of long commands, with date and commit, in docs/safety/verification.md; each command writes its own."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "docs" / "safety" / "verification.md"
BEGIN, END = "<!-- results -->\n", "<!-- end -->"
HEADINGS: Final = "| what | asked | result | date | commit |\n|---|---|---|---|---|\n"


@cache
def commit() -> str:
    """Return the commit that is checked out, with a sign where files differed from it before a result was written."""
    command = ["git", "describe", "--always", "--dirty=, changed", "--abbrev=10", "--exclude=*"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "not known"


def rows(text: str) -> dict[str, str]:
    """Return the rows of a page's results, by what they are of."""
    table = text.partition(BEGIN)[2].partition(END)[0].removeprefix(HEADINGS)
    return {line.split("|")[1].strip(): line for line in table.splitlines()}


def with_row(text: str, what: str, asked: str, result: str, day: str, of_commit: str) -> str:
    """Return the page with one result in place of an older one of the same name."""
    kept = rows(text)
    kept[what] = f"| {what} | {asked} | {result} | {day} | {of_commit} |"
    made = HEADINGS + "".join(f"{kept[name]}\n" for name in sorted(kept))
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: BEGIN + made + END, text, flags=re.DOTALL)


def record(what: str, asked: str, result: str) -> None:
    """Write a result into the page."""
    text = PAGE.read_text("utf-8")
    PAGE.write_text(with_row(text, what, asked, result, f"{datetime.now(UTC):%Y-%m-%d}", commit()), encoding="utf-8")
