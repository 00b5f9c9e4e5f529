"""Every first screen within its bound: `python -m tests.sweep_screens [EVERY [OFFSET]]`, of all screens each EVERYth.

Every protocol with every product that can serve it, at every side of the renal thresholds, with and without a
thrombolysis, a start and a bridge, for a light and a heavy patient, at 80 and at 60 columns.
"""

from __future__ import annotations

import shlex
import sys
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.catalogue import catalogue
from rescuecalc.core.regimen.product import ProductUse
from rescuecalc.errors import CalculationRefused
from rescuecalc.reporters.render.regimen.dose_screen import dose_screen
from rescuecalc.reporters.render.regimen.plan_screen import bridge_screen, plan_screen
from rescuecalc.requests.bedside import bedside_facts
from rescuecalc.requests.bridging import BridgeRequest, planned
from rescuecalc.requests.dosing import DosingRequest, dose_of
from rescuecalc.requests.input.inputs import Inputs
from rescuecalc.requests.input.option import options_of, request_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LINES: Final = {"dose": 26, "bridge": 26, "plan": 44}
"""Lines of each screen at 80 columns; of a bridge with one error 21 are aimed at."""

WIDTHS: Final = (80, 60)
_DRAWS: Final = {"dose": dose_screen, "bridge": bridge_screen, "plan": plan_screen}

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
    "--thrombolysis-at -2h --beside alteplase --beside heparin",
)
STARTS: Final = ("", "--start 2026-10-24T22:40 --timezone Europe/Berlin")
BRIDGES: Final = (
    "",
    "--p2y12 clopidogrel --load 300mg --aspirin 81mg --aspirin-load 325mg",
    "--p2y12 ticagrelor --aspirin 325mg --overlap 1h --pru 57",
    "--p2y12 prasugrel --load 60mg --aspirin 325mg --overlap 1h",
)
WEIGHTS: Final = ("33.3kg", "152.75kg")
STATES: Final = (
    "",
    "--platelets 120 --bp 190/100",
    "--platelets 40 --inr 3 --bp 230/130 --anticoagulant apixaban,-3h --haemoglobin 9.8g/dL",
)
STEPS: Final = ("", "--volume-step 1mL --pump-step 1mL/h")


def screens() -> Iterator[str]:
    """Yield every command whose first screen is bounded; what refuses is one too, and ends with 4."""
    for protocol in map(catalogue.protocol, catalogue.protocol_ids()):
        own = [each for each in catalogue.products().values() if each.drug == protocol.drug]
        bags = ["", *(f"--infusion-product {each.id}" for each in own if ProductUse.INFUSION in each.serves)]
        vials = ["", "--bolus-product infusion-container"]
        vials += [f"--bolus-product {each.id}" for each in own if each.serves & {ProductUse.SYRINGE, ProductUse.PUMP}]
        patients = product(CLEARANCES, STARTS, WEIGHTS, STATES, STEPS)
        for (bag, vial), (clearance, start, weight, state, step) in product(product(bags, vials), tuple(patients)):
            if "infusion-container" in vial and not bag:  # refused: which container is not named
                continue
            crcl = f"--crcl {clearance}" if clearance else ""
            words = (
                protocol.id,
                f"--weight {weight}",
                CHOSEN.get(protocol.id, ""),
                bag,
                vial,
                crcl,
                start,
                state,
                step,
            )
            typed = " ".join(each for each in words if each)
            yield from (f"dose {typed} {each}".strip() for each in THROMBOLYSIS if "--beside" not in each)
            for command, thrombolysis, bridge in product(("bridge", "plan"), THROMBOLYSIS, BRIDGES):
                yield " ".join(each for each in (command, typed, thrombolysis, bridge) if each)


def drawn(command: str) -> dict[int, list[str]]:
    """Return the first screen of a command at each width; RescuecalcError where it refuses."""
    name, *rest = shlex.split(command)
    dosing, following = _requests(rest)
    made = dose_of(dosing, Inputs(), label_band=False) if name == "dose" else planned(name, dosing, following, Inputs())
    facts = bedside_facts(made, dosing.timezone)
    return {width: _DRAWS[name](made, facts, width).text().splitlines() for width in WIDTHS}


def _requests(words: list[str]) -> tuple[DosingRequest, BridgeRequest]:
    """Return what is typed as the requests that the command line makes of it, without making the command line."""
    own = words[0].startswith("--")  # a regimen of one's own
    typed: dict[str, Any] = {} if own else {"protocol": words[0]}
    options = words if own else words[1:]
    for option, value in zip(options[::2], options[1::2], strict=True):
        name = option.removeprefix("--").replace("-", "_")
        typed[name] = [*typed.get(name, ()), value] if name == "beside" else value
    return _request(DosingRequest, typed), _request(BridgeRequest, typed)


def _request(kind: Any, typed: dict[str, Any]) -> Any:
    # An option of which the request does not know would be left out in silence, and the screen be another one.
    own = options_of(kind)
    assert typed.keys() <= options_of(DosingRequest).keys() | options_of(BridgeRequest).keys()
    return request_from(kind, {name: typed.get(name, default) for name, (_, default) in own.items()})


def problem_of(command: str) -> str | None:
    """Return what is wrong with the screens of a command, None where they keep to their bounds or it refuses."""
    try:
        screen = drawn(command)
    except CalculationRefused:
        return None
    except Exception as failure:  # noqa: BLE001  # a sweep goes on, and says what broke
        return f"{type(failure).__name__}: {failure}"
    for width, lines in screen.items():
        widest = max(map(len, lines))
        if widest > width:
            return f"{widest} columns of {width}: {max(lines, key=len)}"
    number = len(screen[80])
    return f"{number} lines" if number > LINES[command.split(maxsplit=1)[0]] else None


def problems(chosen: Iterable[str]) -> Iterator[str]:
    """Yield the screens that do not keep to their bound, and how."""
    for command in chosen:
        problem = problem_of(command)
        if problem is not None:
            yield f"{command}: {problem}"


def main() -> int:
    """Draw as many screens as are asked for, print what is wrong; 1 where anything is."""
    numbers = [int(each) for each in sys.argv[1:]]
    every, offset = (*numbers, *(1, 0)[len(numbers) :])
    chosen = list(screens())[offset::every]
    found = 0
    for each in problems(chosen):
        found += 1
        sys.stdout.write(f"{each}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(chosen):,} screens at {' and '.join(map(str, WIDTHS))} columns, {found} problems\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
