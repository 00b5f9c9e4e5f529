"""What fields alone decide: a number that nothing is compared with is named, and one mistake is one finding."""

from __future__ import annotations

import json
from typing import Any

from tests.support import invoke

LEFT_OUT = frozenset(("RC401", "RC407", "RC707", "RC710", "RC711"))


def judged(lines: list[str], patient: str = "{weight: 80 kg}") -> list[list[tuple[str, str, str]]]:
    """Return what is found in each order, of all of them judged at once: severity, code and field."""
    sets = (f"---\n{{order_set: one, patient: {patient}, orders: [{{{each}}}]}}\n" for each in lines)
    outcome = invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin="".join(sets))
    found: list[list[tuple[str, str, str]]] = [[] for _ in lines]
    every: list[Any] = json.loads(outcome.stdout)["findings"]
    for each in every:
        if each["code"] not in LEFT_OUT:
            found[each["line"] // 2 - 1].append((each["severity"], each["code"], each["pointer"].rpartition("/")[2]))
    return found


# A drug that is measured out in mL, and what nothing says the strength of; then the same with it, and fluids.
UNJUDGED: list[tuple[str, list[tuple[str, str, str]]]] = [
    ("drug: fentanyl, route: IV, kind: infusion, pump_rate: 10 mL/h", [("warning", "RC712", "pump_rate")]),
    ("drug: morphine, route: IV, kind: bolus, volume: 2 mL", [("warning", "RC712", "volume")]),
    ("drug: insulin, route: SC, kind: dose, text: draw 1 mL", [("warning", "RC712", "text")]),
    ("drug: insulin, route: SC, kind: dose, dose: 10 units, text: draw 1 mL", [("note", "RC712", "text")]),
    ("drug: fentanyl, route: IV, kind: infusion, dose_rate: 50 mcg/h, pump_rate: 10 mL/h",
     [("note", "RC712", "pump_rate")]),
    ("drug: labetalol, route: IV, kind: bolus, dose: 10 mg, volume: 20 mL", [("note", "RC712", "volume")]),
    ("drug: fentanyl, route: IV, kind: infusion, pump_rate: 10 mL/h, concentration: 10 mcg/mL", []),
    ("drug: fentanyl, route: IV, kind: infusion, pump_rate: 10 mL/h, product: 1000 mcg in 100 mL", []),
    ("drug: fentanyl, route: IV, kind: infusion, pump_rate: 10 mL/h, text: fentanyl 10 mcg/mL", []),
    ("drug: insulin, route: SC, kind: dose, dose: 10 units, concentration: 100 units/mL, text: draw 0.1 mL", []),
    ("drug: sodium chloride 0.9%, route: IV, kind: infusion, pump_rate: 75 mL/h", []),
    ("drug: Lactated Ringer's, route: IV, kind: bolus, volume: 500 mL, give_over: 30 min", []),
    ("drug: lidocaine 1%, route: SC, kind: dose, volume: 5 mL", []),
    ("drug: lactulose, route: PO, kind: dose, volume: 30 mL", []),
    ("drug: cefazolin, route: IV, kind: dose, dose: 2 g, volume: 100 mL", []),
    ("drug: vancomycin, route: IV, kind: infusion, dose: 1 g, volume: 250 mL, pump_rate: 125 mL/h", []),
]  # fmt: skip

# A time in a text that its bag cannot run in, and one that it can.
GIVEN_OVER: list[tuple[str, list[tuple[str, str, str]]]] = [
    ("dose: 1250 mg, volume: 250 mL, pump_rate: 250 mL/h, text: infuse over 10 min", [("error", "RC308", "text")]),
    ("volume: 250 mL, pump_rate: 250 mL/h, text: over 10 min", [("error", "RC308", "text")]),
    ("dose: 1250 mg, product: 1250 mg in 250 mL, pump_rate: 250 mL/h, text: infuse over 10 min",
     [("error", "RC309", "dose")]),
    ("dose: 1250 mg, volume: 250 mL, pump_rate: 250 mL/h, text: infuse over 60 min", []),
    ("dose: 1250 mg, volume: 250 mL, pump_rate: 125 mL/h, text: infuse over 2 h", []),
    ("dose: 1250 mg, product: 1250 mg in 250 mL, pump_rate: 250 mL/h, text: infuse over 1 h", []),
    ("volume: 250 mL, pump_rate: 250 mL/h, text: at 250 mL/h for 10 min", [("warning", "RC712", "pump_rate")]),
]  # fmt: skip


def test_a_volume_without_a_strength_is_named_as_not_judged() -> None:
    assert judged([order for order, _ in UNJUDGED]) == [found for _, found in UNJUDGED]


def test_a_time_in_a_text_has_to_empty_what_is_given_over_it() -> None:
    lines = [f"drug: vancomycin, route: IV, kind: infusion, {fields}" for fields, _ in GIVEN_OVER]
    assert judged(lines) == [found for _, found in GIVEN_OVER]
