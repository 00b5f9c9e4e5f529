"""Every first screen within its bound: `python -m tests.sweep_screens [EVERY [OFFSET]]`, of all screens each EVERYth.

Every protocol with every product that can serve it, at every side of the renal thresholds, with and without a
thrombolysis, a start and a bridge, for a light and a heavy patient, at 80 and at 60 columns.
"""

from __future__ import annotations

import shlex
import sys
from importlib import import_module
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.catalogue import catalogue
from rescuecalc.core.regimen.product import ProductUse
from tests.support import invoke

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LINES: Final = {"dose": 26, "bridge": 26, "plan": 44}
CHOSEN: Final = {
    **dict.fromkeys(("yang-2020-ia", "yang-2020-iv", "advent", "rescue-as"), "--run-time 24h"),
    **dict.fromkeys(("eptifibatide-label", "eptifibatide-low", "eu-label-bolus"), "--run-time 24h"),
    "cangrelor-label": "--run-time 2h",
    "eu-label-load": "--run-time 48h",
    "huo-2021": "--run-time 24h --ia-dose 0.5mg",
    "kang-2018-ia": "--ia-dose 0.5mg",
    "us-label": "--run-time 18h",
}
CLEARANCES: Final = ("", "15mL/min", "30mL/min", "45mL/min", "60mL/min", "90mL/min")
THROMBOLYSIS: Final = (
    *("", "--thrombolysis-at none", "--thrombolysis-at -2h", "--thrombolysis-at -30h"),
    "--thrombolysis-at -2h --beside alteplase --beside heparin --beside clopidogrel",
)
STARTS: Final = ("", "--start 2026-10-24T22:40 --timezone Europe/Berlin")
BRIDGES: Final = (
    "",
    "--p2y12 clopidogrel --load 300mg --aspirin 81mg --aspirin-load 325mg",
    "--p2y12 ticagrelor --aspirin 325mg --overlap 1h --pru 57",
)
WEIGHTS: Final = ("33.3kg", "152.75kg")


_BOUND: Final = 80
_OF_ERRORS: Final = 4
"""Lines that errors add, which are always shown in full: above the page, and again at its end."""


def screens() -> Iterator[str]:
    """Yield every command whose first screen is bounded; what refuses is one too, and ends with 4."""
    for protocol in map(catalogue.protocol, catalogue.protocol_ids()):
        own = [each for each in catalogue.products().values() if each.drug == protocol.drug]
        bags = ["", *(f"--infusion-product {each.id}" for each in own if ProductUse.INFUSION in each.serves)]
        vials = ["", "--bolus-product infusion-container"]
        vials += [f"--bolus-product {each.id}" for each in own if each.serves & {ProductUse.SYRINGE, ProductUse.PUMP}]
        patients = product(bags, vials, CLEARANCES, THROMBOLYSIS, STARTS, WEIGHTS)
        for bag, vial, clearance, thrombolysis, start, weight in patients:
            crcl = f"--crcl {clearance}" if clearance else ""
            words = (protocol.id, f"--weight {weight}", CHOSEN.get(protocol.id, ""), bag, vial, crcl, thrombolysis)
            typed = " ".join(each for each in (*words, start) if each)
            yield f"dose {typed}"
            for bridge in BRIDGES:
                yield f"bridge {typed} {bridge}".rstrip()
                yield f"plan {typed} {bridge}".rstrip()


def problem_of(command: str, width: int) -> str | None:
    """Return what is wrong with a screen, None where it keeps to its bound or refuses."""
    outcome = invoke(*shlex.split(command))
    if outcome.exit_code in {2, 4} and not outcome.stdout and "Traceback" not in outcome.stderr:
        return None
    if outcome.exit_code not in {0, 1}:
        return f"ends with {outcome.exit_code}: {outcome.stderr}"
    lines = outcome.stdout.splitlines()
    widest = max(map(len, lines))
    if widest > width:
        return f"{widest} columns: {max(lines, key=len)}"
    most = LINES[command.split(maxsplit=1)[0]] + (_OF_ERRORS if lines[0].startswith("DO NOT USE") else 0)
    return f"{len(lines)} lines" if width == _BOUND and len(lines) > most else None


def set_width(width: int, patch: Any = setattr) -> None:
    """Have every page set to so many columns."""
    for name in LINES:
        patch(import_module(f"rescuecalc.cli.{name}"), "page_width", lambda: width)


def problems(chosen: Iterable[str], width: int) -> Iterator[str]:
    """Yield the screens that do not keep to their bound, and how."""
    for command in chosen:
        problem = problem_of(command, width)
        if problem is not None:
            yield f"{width} columns: {command}: {problem}"


def main() -> int:
    """Draw as many screens as are asked for, print what is wrong; 1 where anything is."""
    numbers = [int(each) for each in sys.argv[1:]]
    every, offset = (*numbers, *(1, 0)[len(numbers) :])
    chosen = list(screens())[offset::every]
    found = 0
    for width in (_BOUND, 60):
        set_width(width)
        for each in problems(chosen, width):
            found += 1
            sys.stdout.write(f"{each}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{2 * len(chosen):,} screens, {found} problems\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
