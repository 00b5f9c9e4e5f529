"""Quantities as people write them: what has one reading is read, what has two is refused with both."""

from __future__ import annotations

import re
import shlex

import pytest

import rescuecalc as rc
from tests.support import invoke

SIMILARITY = [
    ("dose trend-2024 --weight 80kg", f"dose {protocol} {weight}")
    for protocol, weight in (
        ("trend-2024", "--weight '80 kgs'"),
        ("trend-2024", "--weight 80KG"),
        ("trend-2024", "-w '80\u00a0kg'"),
        ("trend-2024", "-w '80 kilograms'"),
        ("TREND-2024", "-w 80kg"),
    )
]
SIMILARITY += [("dose trend-2024 --weight 176lb", f"dose trend-2024 -w {weight}") for weight in ("176lbs", "'176 LB'")]
RATE = "rate 0.15mcg/kg/min --weight 80kg --drug tirofiban --concentration"
SIMILARITY += [
    (f"{RATE} 50mcg/mL", f"{RATE} '{strength}'")
    for strength in ("12.5mg/250mL", "12.5 mg in 250 mL", "bag-250", "BAG-250")
]
SIMILARITY += [(f"{RATE} 50mcg/mL", f"{RATE.replace('mcg/kg/min', 'mcg/min/kg')} 50mcg/mL")]
BACK = "rate 14.4mL/h --weight 80kg --concentration 50mcg/mL --to"
SIMILARITY += [(f"{BACK} mcg/kg/min", f"{BACK} mcg/min/kg")]
OWN = "dose trend-2024 --weight 80kg --infusion-concentration"
SIMILARITY += [(f"{OWN} 50mcg/mL", f"{OWN} '{strength}'") for strength in ("12.5mg/250mL", "bag-100")]
RENAL = "renal --age 70 --weight 80kg --creatinine 1.2mg/dL --basis ideal"
TIMED_AS = "dose yang-2020-iv --weight 80kg --run-time"
SIMILARITY += [(f"{TIMED_AS} 750min", f"{TIMED_AS} '{time}'") for time in ("12h30min", "12 h 30 min", "12hrs 30 mins")]
SIMILARITY += [
    (f"{RENAL} --sex female --height 65in", f"{RENAL} --sex f --height '5ft 5in'"),
    (f"{RENAL} --sex male --height 165cm", f"{RENAL} --sex M --height 1.65m"),
    (f"{RENAL} --sex male --height 165cm", f"{RENAL} --sex Male --height 1m65"),
    (f"{RENAL} --sex female --height 65in", f"{RENAL} --sex f --height '5 feet 5 inches'"),
    (f"{RENAL} --sex female --height 65in", f'{RENAL} --sex f --height "5\'5"'),
    (f"{RENAL} --sex female --height 65in", f"{RENAL} --sex f --height 5ft5"),
    (f"{RENAL} --sex female --height 65in", f"{RENAL} --sex f --height '5 FT. 5 IN.'"),
    (f"{RENAL} --sex female --height 65.5in", f"{RENAL} --sex f --height 5\u20325.5\u2033"),
    (f"{RENAL} --sex male --height 165cm", f"{RENAL} --sex Male --height '1.65 metres'"),
]
BRIDGE = "bridge trend-2024 --weight 80kg --thrombolysis-at"
SIMILARITY += [
    (f"{BRIDGE} -150min", f"{BRIDGE} -2h30min"),
    (f"{BRIDGE} -2h", f"{BRIDGE} '-2 hrs'"),
    (f"{BRIDGE} none", f"{BRIDGE} No"),
]


def answered(command: str) -> str:
    outcome = invoke(*shlex.split(command))
    assert outcome.exit_code == 0, outcome.stderr
    return outcome.stdout


@pytest.mark.parametrize(("strict", "written"), SIMILARITY)
def test_another_spelling_gives_the_same_page(strict: str, written: str) -> None:
    assert answered(written) == answered(strict)


DOSE = "dose trend-2024 --weight {}"
TIMED = "dose yang-2020-iv --weight 80kg --run-time {}"
OF = "rate {} --weight 80kg --concentration 50mcg/mL"
IN = "rate 0.1mcg/kg/min --weight 80kg --concentration {}"
TALL = "renal --age 70 --sex f --weight 80kg --creatinine 1.2mg/dL --basis ideal --height {}"
BLOOD = "renal --age 70 --sex f --weight 80kg --creatinine {}"
LYSIS = "bridge trend-2024 --weight 80kg --thrombolysis-at {}"
LOAD = "bridge trend-2024 --weight 80kg --p2y12 clopidogrel --load {}"
CLEARED = "dose us-label --weight 80kg --run-time 18h --crcl {}"
OLD = "renal --age {} --sex f --weight 80kg --creatinine 1.2mg/dL"
SEX = "renal --age 70 --sex {} --weight 80kg --creatinine 1.2mg/dL"

CORRECTED = [
    (DOSE, "12,5kg", "12.5kg"),
    (DOSE, "80,5 kg", "80.5 kg"),
    (DOSE, ".5kg", "0.5kg"),
    (DOSE, "80.kg", "80kg"),
    (DOSE, "1,000kg", "1kg"),
    (DOSE, "80.5.kg", "80.5kg"),
    (DOSE, "1e2kg", "100kg"),
    (DOSE, "-80kg", "80kg"),
    (DOSE, "~80 kg", "80 kg"),
    (DOSE, "8O kg", "80 kg"),
    (DOSE, "80kq", "80kg"),
    (DOSE, "80 K", "80 kg"),
    (DOSE, "80kg.", "80kg"),
    (DOSE, "176#", "176lb"),
    (DOSE, "80 kg (actual)", "80 kg"),
    (DOSE, "\uff18\uff10kg", "80kg"),
    (DOSE, "80000 g", "80 kg"),
    (DOSE, "12 st", "168lb"),
    (DOSE, "12st 8lb", "176lb"),
    (TIMED, "24", "24h or 24min"),
    (TIMED, "24,5h", "24.5h"),
    (TIMED, "24:00", "24h"),
    (TIMED, "24 H", "24 h"),
    (TIMED, "12:30", "12h30min"),
    (TIMED, "24:00h", "24h"),
    (TIMED, "12h30", "12h30min"),
    (TIMED, "24 h max", "24 h"),
    (OF, "0,15mcg/kg/min", "0.15mcg/kg/min"),
    (OF, "1.5e-1mcg/kg/min", "0.15mcg/kg/min"),
    (OF, "0.15MCG/KG/MIN", "0.15mcg/kg/min"),
    (OF, "0.15mcg/kg/mn", "0.15mcg/kg/min"),
    (OF, "0.15 mcg kg min", "0.15 mcg/kg/min"),
    (OF, "0.15 mcg·kg-1·min-1", "0.15 mcg/kg/min"),
    (OF, "0.15mgc/kg/min", "0.15mcg/kg/min or 0.15mg/kg/min"),
    (OF, "0.15gamma/kg/min", "0.15mcg/kg/min"),
    (OF, "14.4 cc/h", "14.4 mL/h"),
    (OF, "0.15 mcg/kg/min IV", "0.15 mcg/kg/min"),
    (OF, "5.000mcg/kg/min", "5mcg/kg/min or 5000mcg/kg/min"),
    ("rate {} --concentration '100 units/mL' --drug heparin", "5.000 units/h", "5 units/h or 5000 units/h"),
    (IN, "50", "50mcg/mL"),
    (IN, "12,5mg/250mL", "12.5mg/250mL"),
    (IN, "12.5mg/250", "12.5mg/250mL"),
    (IN, "bag250", "bag-250"),
    (IN, "12.5mg 250mL", "12.5mg/250mL"),
    (TALL, "165", "165cm"),
    (TALL, "65", "65in"),
    (TALL, "1,65m", "1.65m"),
    (TALL, "1.65", "1.65m"),
    (TALL, "5ft", "60in"),
    (BLOOD, "1.2", "1.2mg/dL"),
    (BLOOD, "106", "106umol/L"),
    (BLOOD, "1,2mg/dL", "1.2mg/dL"),
    (BLOOD, "1.2 mg%", "1.2 mg/dL"),
    (BLOOD, "0.106 mmol/L", "106 umol/L"),
    (BLOOD, "106 micromol/L", "106 umol/L"),
    (BLOOD, "12 mg/L", "1.2 mg/dL"),
    (BLOOD, "1.2mg/100mL", "1.2mg/dL"),
    (LYSIS, "-2,5h", "-2.5h"),
    (LYSIS, "-150", "-150h or -150min"),
    (LYSIS, "-2:30", "-2h30min"),
    (LYSIS, "2h ago", "-2h"),
    (LYSIS, "\u22122h", "-2h"),
    (LYSIS, "2h", "-2h (before the start) or +2h (after it)"),
    (LOAD, "300", "300mg or 300mcg"),
    (LOAD, "300 MG", "300 mg"),
    (LOAD, "300mg PO", "300mg"),
    (LOAD, "3OOmg", "300mg"),
    (CLEARED, "45", "45mL/min"),
    (CLEARED, "1.5 mL/s", "90 mL/min"),
    (f"{DOSE.format('80kg')} --platelets {{}}", "245,000", "245 x10^9/L"),
    (f"{DOSE.format('80kg')} --platelets {{}}", "245,5", "245.5 x10^9/L"),
    (f"{DOSE.format('80kg')} --inr {{}}", "INR 1,3", "1.3"),
    (f"{DOSE.format('80kg')} --bp {{}}", "170 over 90", "170/90"),
    (f"{DOSE.format('80kg')} --bp {{}}", "90/170", "170/90"),
    (f"{DOSE.format('80kg')} --haemoglobin {{}}", "12,1 g/dl", "12.1 g/dL"),
    (f"{DOSE.format('80kg')} --haemoglobin {{}}", "81", "81 g/L"),
    (f"{DOSE.format('80kg')} --anticoagulant {{}}", "apixaban 5mg, 12h ago", "apixaban, -12h"),
    (SEX, "weiblich", "female"),
    (OLD, "70.5", "70"),
    (OLD, "70y", "70"),
    (OLD, "70 years", "70"),
    (SEX, "mael", "male"),
    (SEX, "woman", "female"),
    ("dose --bolus {} --route ia --weight 80kg", ".5mg", "0.5mg"),
    (
        "dose yang-2020-iv -w 80kg --run-time 24h --infusion-product {}",
        "12.5 mg in 250 mL",
        "bag-250 or concentrate-50-diluted",
    ),
    ("dose yang-2020-iv -w 80kg --run-time 24h --bolus-product {}", "3.75mg/15mL", "vial-15"),
    ("rate 14.4mL/h -w 80kg --concentration bag-250 --to {}", "MCG/KG/MIN", "mcg/kg/min"),
    ("check - --as-of {}", "29.11.2026", "2026-11-29"),
    ("check - --as-of {}", "3/4/2026", "2026-04-03 or 2026-03-04"),
    (
        "dose yang-2020-iv --weight 80kg --run-time 24h --infusion-product {}",
        "bag-25O",
        "bag-250",
    ),
]


@pytest.mark.parametrize(("command", "value", "readings"), CORRECTED)
def test_a_refusal_proposes_the_value_that_was_meant(command: str, value: str, readings: str) -> None:
    outcome = invoke(*shlex.split(command.format(shlex.quote(value))))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert f"did you mean {readings}?" in outcome.stderr
    for each in re.sub(r" \(.*?\)", "", readings).split(" or "):  # what is proposed can be read
        assert "cannot read" not in invoke(*shlex.split(command.format(shlex.quote(each)))).stderr


@pytest.mark.parametrize(
    ("command", "value", "said"),
    [
        (BLOOD, "106 mL", "that is a volume in mL, and a serum creatinine is needed"),
        ("bridge trend-2024 -w 80kg --p2y12 {}", "clopidogrel 300mg", "write clopidogrel (its dose with --load"),
        ("bridge trend-2024 -w 80kg --beside {}", "heparin 5000 units", "write heparin (doses of it are not judged"),
        ("bridge trend-2024 -w 80kg --p2y12 {}", "ASA", "write its dose with --aspirin"),
        (f"{OF.format('5mcg/kg/min')} --drug {{}}", "dopamine 400mg", "write dopamine (its strength with --conc"),
        (LYSIS, "unknown", "leave --thrombolysis-at out: it is not judged then"),
        (f"{DOSE.format('80kg')} --bp {{}}", "170", "write one as 190/100"),
        (DOSE, "80", "80kg or 80lb?"),
        (IN, "10mg/30mL", "not a decimal number of mcg/mL"),
        (CLEARED, "45mL/min/1.73m2", "an eGFR per 1.73 m2 is not a creatinine clearance"),
    ],
)
def test_a_refusal_says_why(command: str, value: str, said: str) -> None:
    outcome = invoke(*shlex.split(command.format(shlex.quote(value))))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert said in outcome.stderr


@pytest.mark.parametrize("rate", ["0.15mcg/kg", "80", "0.15", "15%", "0.15mg"])
def test_what_has_no_reading_gets_no_proposal(rate: str) -> None:
    outcome = invoke("rate", rate, "--weight", "80kg", "--concentration", "50mcg/mL")
    assert outcome.exit_code == 2
    assert "did you mean" not in outcome.stderr


@pytest.mark.parametrize("weight", ["80-90kg", "80/90 kg"])
def test_no_one_weight_gets_no_proposal(weight: str) -> None:
    outcome = invoke(*shlex.split(DOSE.format(shlex.quote(weight))))
    assert outcome.exit_code == 2
    assert "did you mean" not in outcome.stderr


@pytest.mark.parametrize(
    ("field", "value", "expected", "words"),
    [
        ("dose_rate_per_kg", "0,15 mcg/kg/min", "0.15 mcg/kg/min", "write 0.15 mcg/kg/min"),
        ("dose_rate_per_kg", "0.15 mcg/kg/mn", "0.15 mcg/kg/min", "write 0.15 mcg/kg/min"),
        ("dose", "12,5 mg", "12.5 mg", "write 12.5 mg"),
        ("dose", "8O0 mcg", "800 mcg", "write 800 mcg"),
        ("dose", "1.000,5 mg", None, "write a dose in mcg or mg or units"),
        ("volume", "2 l", "2 L", "write 2 L"),
        ("volume", "16", None, "write it with its unit, as 16 mL"),
    ],
)
def test_an_order_is_corrected_as_an_option_is(field: str, value: str, expected: str | None, words: str) -> None:
    """One corrector for both faces; a number alone is asked for its unit, since a file is read without its writer."""
    orders = {"order_set": "Rescue", "orders": [{"drug": "tirofiban", field: value}]}
    found = [each for each in rc.check(orders, select=["RC201", "RC202"]).findings if each.pointer.endswith(field)]
    assert [each.expected for each in found] == [expected]
    assert words in found[0].message
