"""Warnings that right sets do not get, each beside a wrong neighbour that does: branches, other lines, denied drugs."""

from __future__ import annotations

import json
from typing import Any

from tests.support import invoke

_DRIP = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}


def _enoxaparin(heavy: str) -> list[dict[str, Any]]:
    order = {"drug": "enoxaparin", "route": "SC", "dose": "40 mg", "frequency": "daily"}
    filtered = {"creatinine_clearance": ">= 30 mL/min"}
    return [
        {**order, "dose": "30 mg", "when": {"creatinine_clearance": "< 30 mL/min"}},
        {**order, "when": {**filtered, "weight": "< 120 kg"}},
        {**order, "frequency": "twice daily", "when": {**filtered, "weight": heavy}},
    ]


def _drip(text: str) -> list[dict[str, Any]]:
    return [{**_DRIP, "text": text}]


def _beside(text: str) -> list[dict[str, Any]]:
    return [_DRIP, {"drug": "clopidogrel", "route": "NG", "dose": "75 mg", "frequency": "daily", "text": text}]


CASES: list[tuple[str, list[dict[str, Any]], bool]] = [
    ("RC512", _enoxaparin(">= 120 kg"), False),
    ("RC512", _enoxaparin(">= 150 kg"), True),
    ("RC512", _enoxaparin(">= 120 kg")[1:], True),
    ("RC643", _beside("tirofiban runs; crush and flush via NG tube"), False),
    ("RC643", _beside("use NS flush for arterial line; tirofiban runs"), False),
    ("RC643", _beside("flush saline lock; do not flush tirofiban line"), False),
    ("RC643", _beside("flush the tirofiban line"), True),
    ("RC643", _drip("Heparin flush of the sheath 2 units/mL is allowed"), False),
    ("RC643", _drip("flush the sheath with heparin 2 units/mL"), False),
    ("RC643", _drip("flush the sheath with the remaining drug"), True),
    ("RC655", _drip("Brother had haemorrhagic stroke"), False),
    ("RC655", _drip("Haemorrhagic stroke of sister"), False),
    ("RC655", _drip("Had haemorrhagic stroke"), True),
    ("RC655", _drip("Sister said he had haemorrhagic stroke"), True),
    ("RC655", _drip("Mother of two had haemorrhagic stroke"), True),
    ("RC223", _drip("NO heparin, NO other GP IIb/IIIa inhibitor (eptifibatide), NO cangrelor"), False),
    ("RC223", _drip("no heparin, eptifibatide drip"), True),
    ("RC659", _drip("In severe renal impairment halve to 0.05 mcg/kg/min"), False),
    ("RC659", _drip("patient on dialysis, half rate"), True),
    ("RC647", _drip("If bleeding give TXA 1 g IV over 10 min"), False),
    ("RC647", _drip("If bleeding give TXA 1 g and continue the drip"), True),
    ("RC516", _drip("Dialysis patients: 0.05 mcg/kg/min"), False),
    ("RC517", _drip("Dialysis patients: 0.1 mcg/kg/min"), True),
]


def test_each_set_is_told_of_what_is_wrong_in_it_alone() -> None:
    sets = [{"order_set": "Stroke", "indication": "ischaemic stroke", "orders": orders} for _, orders, _ in CASES]
    text = "".join(f"{json.dumps(each)}\n" for each in sets)
    found = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", "--isolated", stdin=text).json
    told = {(int(each["line"]) - 1, each["code"]) for each in found["findings"]}
    assert [(place, code, (place, code) in told) for place, (code, *_) in enumerate(CASES)] == [
        (place, code, is_wrong) for place, (code, _, is_wrong) in enumerate(CASES)
    ]
