"""A sample of tests/fuzz_check.py, and inputs that are large or deep on purpose."""

from __future__ import annotations

import sys
import time

import pytest

from tests.bench_check import HEADINGS, rows
from tests.fuzz_check import FORMATS, SECONDS, inputs, problem
from tests.support import invoke


def test_damaged_order_sets_end_as_they_have_to() -> None:
    for number, (ending, data) in enumerate(inputs(400, seed=1)):
        assert problem(ending, data, FORMATS[number % len(FORMATS)]) is None, (ending, data)


ORDER = "{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, run_time: 24 h, start: +0 h}"
LARGE = {
    "many orders": (".yaml", f"order_set: a\norders: [{', '.join([ORDER] * 2000)}]"),
    "too many orders": (".yaml", f"order_set: a\norders: [{', '.join(['{drug: a}'] * 2001)}]"),
    "many fields": (".json", '{"drug": "a"' + "".join(f', "field{number}": 1' for number in range(30_000)) + "}"),
    "long name": (".json", '{"drug": "a", "' + "dose" * 500_000 + '": 1}'),
    "long drug": (".json", '{"drug": "' + "tirofiban" * 1100 + '"}'),
    "many sets": (".json", "[" + ", ".join(['{"drug": "aspirin", "kind": "drip"}'] * 20_000) + "]"),
    "most sets": (".json", "[" + ", ".join(['{"drug": "aspirin", "kind": "drip"}'] * 2_000) + "]"),
    "many documents": (".yaml", "drug: a\n---\n" * 20_000),
    "one group": (".csv", "order_set,id,drug\n" + "".join(f"a,{number},aspirin\n" for number in range(20_000))),
    "open quote": (".csv", 'drug,text\naspirin,"' + "x\n" * 550_000),
    "wide": (".csv", "drug" + "," * 50_000 + "\naspirin" + "," * 50_000 + "\n"),
    "quotes": (".csv", "drug,text\naspirin," + '"' * 999_000 + "\n"),
    "escapes": (".json", '{"drug": "a", "text": "' + "\\\\" * 4_000 + '", "x": 1}'),
    "commas": (".yaml", "drug: tirofiban\nwhen: {weight: '" + ">1kg," * 1900 + "'}"),
    "spaces": (".yaml", "drug: tirofiban\ntext: '" + " " * 9_900 + "5'\nweight: '" + "1" * 9_000 + "'"),
}


_DOUBLED = '{"order_set": "a", "orders": [{"drug": "a", "orders": {"KEY": 1, "KEY": 2}}]}'
_TEXT = '{"drug": "tirofiban", "dose": "TEXT mg", "text": "TEXT % TEXT mg for TEXT h"}'
ODD = {
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


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_or_deep_ends_in_time(name: str) -> None:
    """Processor time, since a busy machine is no fault of ours; counting lines for coverage costs about four times."""
    ending, text = LARGE[name]
    start = time.process_time()
    assert problem(ending, text.encode(), "text") is None
    checks = 2
    assert time.process_time() - start < checks * SECONDS * (4 if sys.gettrace() else 1)


def test_the_orders_of_the_benchmark_are_correct() -> None:
    for distinct in (False, True):
        text = HEADINGS + "".join(rows(2_000, distinct=distinct))
        outcome = invoke("check", "-", "--stdin-filename", "a.csv", "--fail-on", "warning", stdin=text)
        assert (outcome.exit_code, outcome.stdout.splitlines()[-1][-25:]) == (0, "in 2,000 orders of 1 file")
