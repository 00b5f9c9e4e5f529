"""A sample of tests/fuzz_check.py, and inputs that are large or deep on purpose."""

from __future__ import annotations

import gc
import json
import random
import time
from typing import TYPE_CHECKING

import pytest

from tests.bench_check import HEADINGS, rows
from tests.fuzz_check import FORMATS, SECONDS, SELECTED, beside, inputs, problem
from tests.fuzz_fhir import inputs as fhir_inputs
from tests.support import WHOLE, invoke

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long


def test_damaged_order_sets_end_as_they_have_to() -> None:
    for number, (ending, data) in enumerate(inputs(2_000 if WHOLE else 120, seed=1)):
        more = SELECTED[number % len(SELECTED)]
        assert problem(ending, data, FORMATS[number % len(FORMATS)], *more) is None, (ending, data)


def test_damaged_settings_baselines_and_protocols_end_as_they_have_to(tmp_path: Path) -> None:
    for number in range(600 if WHOLE else 40):
        assert beside(number, tmp_path) is None, number


def test_damaged_resources_of_fhir_end_as_they_have_to() -> None:
    for number, (ending, data) in enumerate(fhir_inputs(1_000 if WHOLE else 60, seed=2)):
        assert problem(ending, data, FORMATS[number % len(FORMATS)]) is None, (ending, data)


ORDER = "{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, run_time: 24 h, start: +0 h}"
BOLUS = "drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, concentration: 50 mcg/mL, volume: 16 mL"
CIRCLE = (
    '{"resourceType": "RequestGroup", "action": [{"id": "a", "resource": {"reference": "#m"}, "relatedAction": '
    '[{"actionId": "a", "relationship": "after-start"}]}], '
    '"contained": [{"resourceType": "MedicationRequest", "id": "m"}]}'
)
LARGE = {
    "many orders": (".yaml", f"order_set: a\norders: [{', '.join([ORDER] * (2000 if WHOLE else 400))}]"),
    "too many orders": (".yaml", f"order_set: a\norders: [{', '.join(['{drug: a}'] * 2001)}]"),
    "many fields": (
        ".json",
        '{"drug": "a"' + "".join(f', "field{number}": 1' for number in range(30_000 if WHOLE else 4_000)) + "}",
    ),
    "long name": (".json", '{"drug": "a", "' + "dose" * 500_000 + '": 1}'),
    "long drug": (".json", '{"drug": "' + "tirofiban" * 1100 + '"}'),
    "many sets": (".json", "[" + ", ".join(['{"drug": "aspirin", "kind": "drip"}'] * 50_001) + "]"),
    "most sets": (".json", "[" + ", ".join(['{"drug": "aspirin", "kind": "drip"}'] * (2_000 if WHOLE else 300)) + "]"),
    "many documents": (".yaml", "drug: a\n---\n" * (20_000 if WHOLE else 1_000)),
    "one group": (
        ".csv",
        "order_set,id,drug\n" + "".join(f"a,{number},aspirin\n" for number in range(6_000 if WHOLE else 1_000)),
    ),
    "open quote": (".csv", 'drug,text\naspirin,"' + "x\n" * 550_000),
    "wide": (".csv", "drug" + "," * 50_000 + "\naspirin" + "," * 50_000 + "\n"),
    "quotes": (".csv", "drug,text\naspirin," + '"' * 999_000 + "\n"),
    "escapes": (".json", '{"drug": "a", "text": "' + "\\\\" * 4_000 + '", "x": 1}'),
    "commas": (".yaml", "drug: tirofiban\nwhen: {weight: '" + ">1kg," * 1900 + "'}"),
    "deep resource": (
        ".json",
        '{"resourceType": "MedicationRequest", "extension": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ),
    "many actions": (
        ".json",
        '{"resourceType": "PlanDefinition", "action": [' + ", ".join(['{"action": [{}]}'] * 1_500) + "]}",
    ),
    "circle": (".json", CIRCLE),
    "many entries": (
        ".json",
        '{"resourceType": "Bundle", "type": "transaction", "entry": ['
        + ", ".join(
            ['{"resource": {"resourceType": "MedicationRequest", "status": "active"}}'] * (5_000 if WHOLE else 1_500)
        )
        + "]}",
    ),
    "many amounts": (".yaml", f"{{{BOLUS}, text: '{'10 mcg/kg ' * 980}'}}"),
    "many that are denied": (".yaml", f"{{{BOLUS}, text: 'do not give {'8 gamma ' * 1_200}'}}"),
    "spaces": (".yaml", "drug: tirofiban\ntext: '" + " " * 9_900 + "5'\nweight: '" + "1" * 9_000 + "'"),
}


_DOUBLED = '{"order_set": "a", "orders": [{"drug": "a", "orders": {"KEY": 1, "KEY": 2}}]}'
_TEXT = '{"drug": "tirofiban", "dose": "TEXT mg", "text": "TEXT % TEXT mg for TEXT h"}'
ODD = {
    "a band of no weight": '{"drug": "tirofiban", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min", '
    '"weight": "80 kg", "when": {"weight": "< 0 kg"}}',
    "a key that is no number to int": _DOUBLED.replace("KEY", "\u00b2"),
    "a key of many digits": _DOUBLED.replace("KEY", "9" * 5_000),
    "a superscript": _TEXT.replace("TEXT", "\u00b2"),
    "many digits": _TEXT.replace("TEXT", "9" * 4_400).replace('"9', '"1 9'),
    "digits of another script": _TEXT.replace("TEXT", "\u0663"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_looks_like_a_number_and_is_none_ends_as_it_has_to(name: str) -> None:
    assert problem(".json", ODD[name].encode(), "text") is None
    assert problem(".yaml", ODD[name].encode(), "json") is None


FIELDS = {
    "dose_per_kg": ("10 mcg/kg", "0.25 mg/kg", "5 units/kg", "0 mcg/kg", "x"),
    "dose": ("800 mcg", "90 mg", "5000 units", "0 mg", "20 mmol", "325 mg"),
    "dose_rate_per_kg": ("0.15 mcg/kg/min", "0.4 mcg/kg/min", "18 units/kg/h", "0 mcg/kg/min"),
    "dose_rate": ("12 mcg/min", "1440 units/h", "0 mg/h"),
    "max_dose": ("90 mg", "5 units"),
    "max_dose_rate": ("15 mg/h",),
    "concentration": ("50 mcg/mL", "250 mcg/mL", "100 units/mL", "0 mg/mL"),
    "product": ("vial-15", "concentrate-50", "12.5 mg in 50 mL", "0 mg in 5 mL", "5 mg in 0 mL"),
    "diluted_in": ("250 mL saline",),
    "volume": ("16 mL", "0 mL", "1 L"),
    "pump_rate": ("14.4 mL/h", "0 mL/h", "1440 mL/h"),
    "vtbi": ("345.6 mL", "0 mL"),
    "give_over": ("5 min", "0 min"),
    "run_time": ("24 h", "30 min", "0 h"),
    "start": ("+0 h", "-2 h", "soon"),
    "stop": ("+24 h", "+0 h", "-5 h"),
    "frequency": ("daily", "once", "PRN", "QD"),
    "weight": ("46-54 kg", "0-5 kg"),
    "choose_one": ("a", "b"),
    "text": ("10 % bolus max 90 mg", "0.15 mcg/kg/hour for 24 h", "5 mg in 0 mL", "max 0 mg over 0 min", "eGFR 30"),
    "kind": ("bolus", "infusion", "dose", "drip"),
    "route": ("IV", "IA", "PO", "IM", "XX"),
    "when": ({"creatinine_clearance": "> 60 mL/min"}, {"creatinine_clearance": "< 0 mL/min"}, {"weight": "50-60 kg"}),
}
DRUGS = (
    "tirofiban",
    "eptifibatide",
    "abciximab",
    "aspirin",
    "clopidogrel",
    "cangrelor",
    "alteplase",
    "heparin",
    "",
    " ",
)
PROTOCOLS = (None, "yang-2020-iv", "us-label", "trend-2024", "huo-2021", "kang-2018-ia", "eptifibatide-label")
PATIENTS: tuple[dict[str, str], ...] = (
    {},
    {"weight": "80 kg"},
    {"weight": "150 kg", "creatinine_clearance": "30 mL/min", "thrombolysis": "-2 h"},
)


def any_set(chance: random.Random) -> str:
    """Return an order set of fields that need not go together."""
    orders = []
    for _ in range(chance.randint(1, 5)):
        held = {name: chance.choice(values) for name, values in FIELDS.items() if chance.random() < 0.35}
        orders.append({"drug": chance.choice(DRUGS), **held})
    protocol = chance.choice(PROTOCOLS)
    named = {"protocol": protocol} if protocol else {}
    return json.dumps({"order_set": "a", **named, "patient": chance.choice(PATIENTS), "orders": orders}) + "\n"


def test_fields_that_do_not_go_together_end_no_run() -> None:
    chance = random.Random(7)  # noqa: S311  # no secret
    for _ in range(40 if WHOLE else 4):
        assert problem(".jsonl", "".join(any_set(chance) for _ in range(20)).encode(), "json") is None


def _slowness() -> float:
    """Return how many times as long as on the machine of the bound (2026-11) a fixed piece of work takes now."""
    start = time.process_time()
    json.loads(json.dumps([{"a": [str(each)]} for each in range(60_000)]))
    return (time.process_time() - start) / 0.12


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_or_deep_ends_in_time(name: str) -> None:
    """Processor time, twice over: the other worker of a busy machine takes its part of the core.

    What some thousand tests left in this process is frozen: `check` turns the collector on, and a user's process does
    not hold it.
    """
    ending, text = LARGE[name]
    gc.collect()
    gc.freeze()
    slow = _slowness()
    start = time.process_time()
    assert problem(ending, text.encode(), "text") is None
    took, checks = time.process_time() - start, 2
    assert took < 2 * checks * SECONDS * max(1.0, slow, _slowness())


def test_the_orders_of_the_benchmark_are_correct() -> None:
    for distinct in (False, True):
        text = HEADINGS + "".join(rows(200, distinct=distinct))
        outcome = invoke("check", "-", "--stdin-filename", "a.csv", "--fail-on", "warning", stdin=text)
        assert outcome.exit_code == 0
        assert (
            "in 200 orders of 1 file\njudged: 200 doses, 0 arithmetic only, 0 text only, 0 not judged\n"
            in outcome.stdout
        )
