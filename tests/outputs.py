"""Every byte that commands print, before and after a change that must not show.

``python -m tests.outputs record FILE`` keeps what some 600 commands and every order set of ``tests/orders`` print;
``python -m tests.outputs compare FILE`` names each that prints something else now. A move of modules prints nothing.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from tests.support import invoke
from tests.test_docs import DOCUMENTED

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
WEIGHTS = ("47kg", "80kg", "123.4kg")
OF_PATIENT = ("dose", "bridge", "plan")
ASKED = "--run-time 24h --crcl 90mL/min --infusion-product bag-250"
AS_OF = "--as-of 2026-11-24"


def commands() -> Iterator[str]:
    """Yield command lines: those of the documentation, and every protocol for several weights."""
    for line in DOCUMENTED:
        yield line
        yield f"{line} --format json"
    for protocol in catalogue.protocol_ids():
        yield f"protocol show {protocol} --as-order-set"
        for weight in WEIGHTS:
            for command in OF_PATIENT:
                yield f"{command} {protocol} --weight {weight}"
                yield f"{command} {protocol} --weight {weight} {ASKED} --format json"
    for file in sorted((ROOT / "tests" / "orders").rglob("*.*")):
        name = file.relative_to(ROOT).as_posix()
        yield f"check {name} {AS_OF}"
        yield f"check {name} {AS_OF} --format json"


def printed() -> dict[str, list[str]]:
    """Return what each command prints, to stdout and stderr, and how it ends."""
    found = {}
    for line in commands():
        outcome = invoke(*shlex.split(line))
        found[line] = [outcome.stdout, outcome.stderr, str(outcome.exit_code)]
    return found


def main(order: str, name: str) -> int:
    """Record what is printed in a file, or compare it with one."""
    file, now = Path(name), printed()
    if order == "record":
        file.write_text(json.dumps(now, indent=1), "utf-8")
        return 0
    before = json.loads(file.read_text("utf-8"))
    other = [line for line in sorted({*now, *before}) if now.get(line) != before.get(line)]
    sys.stdout.writelines(f"{line}\n" for line in other)
    sys.stdout.write(f"{len(other)} of {len(now)} differ\n")
    return bool(other)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
