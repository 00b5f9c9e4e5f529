"""What has to be covered, of the JSON that coverage writes: ``python -m tests.coverage_gates FILE``.

One analysis serves all bounds. Branches of the core have a bound of their own: its lines make the sum look better.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LINES: Final = ("covered_lines", "num_statements")
BRANCHES: Final = ("covered_branches", "num_branches")
LISTED: Final = 10
"""Of the files that are covered least."""


def percent(summaries: Iterable[Mapping[str, int]], *kinds: tuple[str, str]) -> float:
    """Return how many percent of lines, branches or both are covered; of nothing, none is."""
    pairs = [(each[covered], each[total]) for each in summaries for covered, total in kinds]
    return 100 * sum(covered for covered, _ in pairs) / max(sum(total for _, total in pairs), 1)


def main(report: dict[str, Any]) -> int:
    """Print the files covered least and each bound with what was reached; return 1 where a bound was missed."""
    summaries = {name: each["summary"] for name, each in report["files"].items()}
    core = [each for name, each in summaries.items() if "/core/" in name]
    for name, each in sorted(summaries.items(), key=lambda pair: float(pair[1]["percent_covered"]))[:LISTED]:
        sys.stdout.write(f"{each['percent_covered']:5.1f} %  {name}\n")
    bounds = (
        ("core", 95, percent(core, LINES, BRANCHES)),
        ("branches of core", 95, percent(core, BRANCHES)),
        ("all", 90, percent(summaries.values(), LINES, BRANCHES)),
    )
    for what, least, found in bounds:
        sys.stdout.write(f"{what} covered: {found:.1f} %, at least {least} %\n")
    return int(any(found < least for _, least, found in bounds))


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
