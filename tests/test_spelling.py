"""Quantities as people write them: what has one reading is read, what has two is refused with both."""

from __future__ import annotations

import shlex

import pytest

from tests.support import invoke

ALIKE = [
    ("dose trend-2024 --weight 80kg", f"dose {protocol} {weight}")
    for protocol, weight in (
        ("trend-2024", "--weight '80 kgs'"),
        ("trend-2024", "--weight 80KG"),
        ("trend-2024", "-w '80\u00a0kg'"),
        ("trend-2024", "-w '80 kilograms'"),
        ("TREND-2024", "-w 80kg"),
    )
]
ALIKE += [("dose trend-2024 --weight 176lb", f"dose trend-2024 -w {weight}") for weight in ("176lbs", "'176 LB'")]
RATE = "rate 0.15mcg/kg/min --weight 80kg --drug tirofiban --concentration"
ALIKE += [
    (f"{RATE} 50mcg/mL", f"{RATE} '{strength}'")
    for strength in ("12.5mg/250mL", "12.5 mg in 250 mL", "bag-250", "BAG-250")
]
ALIKE += [(f"{RATE} 50mcg/mL", f"{RATE.replace('mcg/kg/min', 'mcg/min/kg')} 50mcg/mL")]
BACK = "rate 14.4mL/h --weight 80kg --concentration 50mcg/mL --to"
ALIKE += [(f"{BACK} mcg/kg/min", f"{BACK} mcg/min/kg")]
OWN = "dose trend-2024 --weight 80kg --infusion-concentration"
ALIKE += [(f"{OWN} 50mcg/mL", f"{OWN} '{strength}'") for strength in ("12.5mg/250mL", "bag-100")]
RENAL = "renal --age 70 --weight 80kg --creatinine 1.2mg/dL --basis ideal"
ALIKE += [
    (f"{RENAL} --sex female --height 65in", f"{RENAL} --sex f --height '5ft 5in'"),
    (f"{RENAL} --sex male --height 165cm", f"{RENAL} --sex M --height 1.65m"),
]
BRIDGE = "bridge trend-2024 --weight 80kg --thrombolysis-at"
ALIKE += [(f"{BRIDGE} -150min", f"{BRIDGE} -2h30min")]


def answered(command: str) -> str:
    outcome = invoke(*shlex.split(command))
    assert outcome.exit_code == 0, outcome.stderr
    return outcome.stdout


@pytest.mark.parametrize(("strict", "written"), ALIKE)
def test_another_spelling_gives_the_same_page(strict: str, written: str) -> None:
    assert answered(written) == answered(strict)


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        ("dose trend-2024 --weight 12,5kg", "did you mean 12.5kg or 125kg?"),
        ("dose trend-2024 --weight .5kg", "did you mean 0.5kg?"),
        ("dose trend-2024 --weight 80.kg", "did you mean 80kg?"),
        ("dose trend-2024 --weight 1e2kg", "did you mean 100kg?"),
        ("dose trend-2024 --weight 80", "80kg or 80lb?"),
        ("dose --bolus .5mg --route ia --weight 80kg", "did you mean 0.5mg?"),
        ("rate 0,15mcg/kg/min --weight 80kg --concentration 50mcg/mL", "did you mean 0.15mcg/kg/min or"),
        ("rate 0.1mcg/kg/min -w 80kg --concentration 12,5mg/250mL", "did you mean 12.5mg/250mL or 125mg/250mL?"),
        ("rate 0.1mcg/kg/min -w 80kg --concentration 10mg/30mL", "no decimal number of mcg/mL"),
    ],
)
def test_a_refusal_proposes_the_value_that_was_meant(command: str, hint: str) -> None:
    outcome = invoke(*shlex.split(command))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert hint in outcome.stderr


@pytest.mark.parametrize("rate", ["0.15mcg/kg/m", "0.15mcg/kg", "80"])
def test_what_has_no_reading_gets_no_proposal(rate: str) -> None:
    outcome = invoke("rate", rate, "--weight", "80kg", "--concentration", "50mcg/mL")
    assert outcome.exit_code == 2
    assert "did you mean" not in outcome.stderr
