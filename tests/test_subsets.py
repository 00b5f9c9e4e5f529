"""A slip is found in whatever subset of fields it stands, for drugs outside the catalogue and in other units too."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations
from typing import Any, NamedTuple

import pytest

from tests.corpus import number
from tests.support import WHOLE, invoke, share

pytestmark = pytest.mark.long


class Consistent(NamedTuple):
    """A drug, whether the patient of 80 kg is known, the kind of order, and fields that all agree."""

    drug: str
    weighed: bool
    kind: str
    fields: dict[str, str]


ORDERS = (
    Consistent("heparin", True, "infusion", {
        "dose_rate_per_kg": "18 units/kg/h", "dose_rate": "1440 units/h", "concentration": "100 units/mL",
        "pump_rate": "14.4 mL/h", "run_time": "24 h", "vtbi": "345.6 mL",
    }),
    Consistent("norepinephrine", True, "infusion", {
        "dose_rate_per_kg": "0.05 mcg/kg/min", "dose_rate": "240 mcg/h", "concentration": "0.016 mg/mL",
        "pump_rate": "15 mL/h", "run_time": "600 min", "vtbi": "0.15 L",
    }),
    Consistent("alteplase", True, "bolus", {
        "dose_per_kg": "0.9 mg/kg", "dose": "72 mg", "concentration": "1 mg/mL", "volume": "72 mL",
    }),
    Consistent("nicardipine", False, "infusion", {
        "dose_rate": "5 mg/h", "concentration": "0.1 mg/mL", "pump_rate": "50 mL/h", "run_time": "4 h",
        "vtbi": "200 mL",
    }),
    Consistent("labetalol", False, "bolus", {"dose": "20 mg", "concentration": "5 mg/mL", "volume": "4 mL"}),
    Consistent("potassium chloride", False, "infusion", {
        "dose_rate": "10 mmol/h", "concentration": "0.1 mmol/mL", "pump_rate": "100 mL/h", "run_time": "2 h",
        "vtbi": "200 mL",
    }),
    Consistent("insulin", True, "infusion", {
        "dose_rate_per_kg": "0.05 units/kg/h", "dose_rate": "4 units/h", "concentration": "1 units/mL",
        "pump_rate": "4 mL/h", "run_time": "10 h", "vtbi": "40 mL",
    }),
    Consistent("tirofiban", True, "infusion", {
        "dose_rate_per_kg": "0.009 mg/kg/h", "dose_rate": "720 mcg/h", "concentration": "0.05 mg/mL",
        "pump_rate": "14.4 mL/h", "run_time": "24 h", "vtbi": "0.3456 L",
    }),
    Consistent("tirofiban", True, "bolus", {
        "dose_per_kg": "0.01 mg/kg", "dose": "0.8 mg", "concentration": "0.25 mg/mL", "volume": "0.0032 L",
    }),
)  # fmt: skip

FACTORS = {
    "dose_per_kg": ("10", "1/10", "1000"),
    "dose": ("1000", "1/1000", "10", "5", "2.2046", "2"),
    "volume": ("5", "1/5", "10", "1000"),
    "dose_rate_per_kg": ("60", "1/60", "1000", "10"),
    "dose_rate": ("60", "1/60", "1000", "10", "2.2046", "2"),
    "concentration": ("5", "1/5", "1000", "10"),
    "pump_rate": ("60", "10", "1/10", "2", "1/2", "2.2046"),
    "run_time": ("60", "24"),
    "vtbi": ("24", "10", "1/10"),
}


def bound(fields: frozenset[str], *, weighed: bool) -> frozenset[str]:
    """Return the fields of which another follows, written from the formulas."""
    found: set[str] = set()
    for per_kg, dose, volume in (("dose_per_kg", "dose", "volume"), ("dose_rate_per_kg", "dose_rate", "pump_rate")):
        amounts = {dose} | ({per_kg} if weighed else set())
        if weighed and {per_kg, dose} <= fields:
            found |= {per_kg, dose}
        if {volume, "concentration"} <= fields and amounts & fields:
            found |= {volume, "concentration", *amounts}
    if {"run_time", "vtbi"} <= fields:
        if "pump_rate" in fields:
            found |= {"pump_rate", "run_time", "vtbi"}
        elif "concentration" in fields and ({"dose_rate"} | ({"dose_rate_per_kg"} if weighed else set())) & fields:
            found |= {"run_time", "vtbi", "concentration", "dose_rate", "dose_rate_per_kg"}
    return frozenset(found & fields)


# Of a run time against one VTBI, and of a concentration against one volume, nobody can say which of the two is wrong;
# nor of a dose where no dose per kg stands beside it.
TOLD_APART = {"dose_per_kg", "dose_rate_per_kg", "volume", "pump_rate", "vtbi"}


class Slip(NamedTuple):
    """An order with one slip: in which field, and by what factor."""

    made: dict[str, Any]
    field: str
    factor: Fraction
    alone: bool


def order_set(each: Consistent, fields: dict[str, str]) -> dict[str, Any]:
    order = {"drug": each.drug, "route": "IV", "kind": each.kind, **fields}
    return {"order_set": "x", **({"patient": {"weight": "80 kg"}} if each.weighed else {}), "orders": [order]}


def subsets(each: Consistent) -> list[dict[str, str]]:
    return [
        dict(chosen) for size in range(2, len(each.fields) + 1) for chosen in combinations(each.fields.items(), size)
    ]


def slipped(each: Consistent, fields: dict[str, str]) -> list[Slip]:
    made = []
    for field in sorted(bound(frozenset(fields), weighed=each.weighed)):
        value, unit = fields[field].split(" ", 1)
        for factor in map(Fraction, FACTORS[field]):
            wrong = number(Fraction(value) * factor, 1 if field == "pump_rate" else 6)
            if Fraction(wrong) and Fraction(wrong) / Fraction(value) / factor < Fraction(6, 5):
                changed = order_set(each, {**fields, field: f"{wrong} {unit}"})
                made.append(Slip(changed, field, factor, len(fields) == len(each.fields)))
    return made


def checked(sets: list[dict[str, Any]]) -> list[list[Any]]:
    found: list[list[Any]] = [[] for _ in sets]
    for begin in range(0, len(sets), 1_000):
        text = "".join(json.dumps(each) + "\n" for each in sets[begin : begin + 1_000])
        args = ("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", "--select", "RC2,RC3")
        for finding in invoke(*args, stdin=text).json["findings"]:
            if finding["severity"] != "note" and finding["code"] != "RC712":  # without a strength nothing is wrong
                found[begin + int(finding["line"]) - 1].append(finding)
    return found


def blames(errors: list[Any]) -> list[str]:
    """Return what errors blame, and what else they say may be wrong."""
    return [each["pointer"] for error in errors for each in (error, *error["alternatives"])]


def test_every_subset_of_agreeing_fields_is_clean() -> None:
    sets = [order_set(each, fields) for each in ORDERS for fields in subsets(each)]
    assert len(sets) > 200
    wrong = [(made, each) for made, each in zip(sets, checked(sets), strict=True) if each]
    assert wrong == []


def test_a_slip_is_found_in_every_subset_from_which_it_follows() -> None:
    slips = share((slip for each in ORDERS for fields in subsets(each) for slip in slipped(each, fields)), 4)
    assert len(slips) > (2_000 if WHOLE else 500)
    missed, elsewhere = [], []
    for slip, findings in zip(slips, checked([each.made for each in slips]), strict=True):
        errors = [each for each in findings if each["severity"] == "error"]
        if not errors:
            missed.append((slip.field, str(slip.factor), slip.made))
        elif (
            slip.alone
            and slip.field in TOLD_APART
            and not any(blamed.endswith(f"/{slip.field}") for blamed in blames(errors))
        ):
            elsewhere.append((slip.field, str(slip.factor), slip.made, [each["pointer"] for each in errors]))
    assert missed == []
    assert elsewhere == []
