"""RC308: what an order's text says of other things than its own dose is no contradiction, and a slip in it is one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import invoke

SET = "order_set: x\npatient: {{weight: 57 kg}}\norders:\n  - {{drug: tirofiban, route: IV, {0}, text: '{1}'}}\n"
BOLUS = (
    "kind: bolus, dose_per_kg: 10 mcg/kg, dose: 570 mcg, concentration: 50 mcg/mL, volume: 11.4 mL, give_over: 5 min"
)
DRIP = (
    "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 10.3 mL/h, run_time: 24 h"
)
OF_BOLUS = (
    *("570 mcg = 11.4 mL of 50 mcg/mL", "0.57 mg", "0.6 mg", "10 micrograms/kg, that is 570 micrograms"),
    *("from a bag of 12.5 mg in 250 mL", "12.5 mg/250 mL", "each mL contains 50 mcg", "50 micrograms in 1 mL"),
    *("10 mcg/kg (max 1,000 mcg)", "maximum dose 1.5 mg", "do not exceed 2 mg", "up to 700 mcg", "10 to 12 mcg/kg"),
    *("not 25 mcg/kg", "25 mcg/kg is the dose of the label; here 10 mcg/kg", "half of 1140 mcg"),
    *("570 mcg, then 0.15 mcg/kg/min", "570 mcg over 5 min", "over 300 seconds", "repeat platelets within 6 h"),
    *("ten 57 mcg tablets", "3 x 190 mcg vials", "10% of 5700 mcg"),
    *("draw 570 mcg from 3.75 mg in 15 mL", "second bolus of 570 mcg after 10 min"),
)
OF_DRIP = (
    *("8.55 mcg/min", "513 mcg/h", "0.513 mg/h", "9 mcg/kg/h", "0.009 mg/kg/h", "10.3 mL per hour", "247.2 mL/day"),
    *("0.15 micrograms per kilogram per minute for 24 hours", "250 mL bag of 50 mcg/mL", "12.5 mg in 250 mL"),
    *("half rate (0.075 mcg/kg/min) if CrCl 60 mL/min or less", "after the load of 0.4 mcg/kg/min"),
    *("load first: 0.4 mcg/kg/min for 30 min", "then 0.1 mcg/kg/min after 24 h", "observe for 2 h after"),
    *("hold for 4 h before surgery", "platelets for 3 days", "stop for 1 h", "start within 30 min of the bolus"),
    *("never titrate by 0.05 mcg/kg/min", "in steps of 0.05 mcg/kg/min", "increase by 10 mcg/h"),
    *("aspirin at hour 20", "0.1 to 0.15 mcg/kg/min", "change the bag within 17 h", "for 24 h"),
)
WRONG = (
    (BOLUS, "give 5700 mcg", 10, "decimal point"),
    (BOLUS, "570 mg IV", 1000, "mg for mcg"),
    (BOLUS, "bolus of 25 mcg/kg", 2.5, "25 for 10 mcg/kg"),
    (BOLUS, "570 mcg IV over 5 h", 60, "hours for minutes"),
    (BOLUS, "from the vial of 3.75 mg in 15 mL", 5, "250 for 50 mcg/mL"),
    (DRIP, "0.15 mcg/kg/hour", 1 / 60, "per minute for per hour"),
    (DRIP, "0.15 micrograms per kilogram per hour for 24 h", 1 / 60, "per minute for per hour"),
    (DRIP, "513 mcg per minute", 60, "per hour for per minute"),
    (DRIP, "run at 103 mL/h", 10, "decimal point"),
    (DRIP, "0.15 mcg/kg/min, that is 0.15 mg/kg/min", 1000, "mg for mcg"),
    (DRIP, "infuse for 48 h", 2, None),
    (DRIP, "12.5 mg in 50 mL", 5, "250 for 50 mcg/mL"),
)


def found(fields: str, text: str) -> list[Any]:
    outcome = invoke("check", "-", "--select", "RC308", "--format", "json", stdin=SET.format(fields, text))
    return list(outcome.json["findings"])


@pytest.mark.parametrize("text", OF_BOLUS)
def test_what_a_text_says_beside_its_bolus_is_no_contradiction(text: str) -> None:
    assert found(BOLUS, text) == []


@pytest.mark.parametrize("text", OF_DRIP)
def test_what_a_text_says_beside_its_infusion_is_no_contradiction(text: str) -> None:
    assert found(DRIP, text) == []


@pytest.mark.parametrize(("fields", "text", "factor", "slip"), WRONG)
def test_a_slip_in_a_text_is_found_with_its_factor_and_name(
    fields: str, text: str, factor: float, slip: str | None
) -> None:
    [finding] = found(fields, text)
    assert finding["pointer"] == "/orders/0/text"
    assert float(finding["factor"]) == pytest.approx(factor, rel=0.001)
    assert finding["slip"] == [] if slip is None else slip in finding["slip"]
    assert finding["found"] in text
