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


# One mistake that used to be told several times: what stands of it.
ONCE: list[tuple[str, list[tuple[str, str, str]]]] = [
    # Two halves of a bolus that is right as a whole, in whatever field; and two tenfold ones, which are wrong besides.
    ("{I}, kind: bolus, dose: 400 mcg}, {{I}, kind: bolus, dose: 400 mcg", [("error", "RC634", "1")]),
    ("{I}, kind: bolus, dose_per_kg: 5 mcg/kg}, {{I}, kind: bolus, dose_per_kg: 5 mcg/kg", [("error", "RC634", "1")]),
    (("{I}, kind: bolus, dose_per_kg: 10 mcg/kg, dose: 400 mcg, concentration: 50 mcg/mL, volume: 8 mL}, "
     "{{I}, kind: bolus, dose_per_kg: 10 mcg/kg, dose: 400 mcg, concentration: 50 mcg/mL, volume: 8 mL"),
     [("error", "RC634", "1")]),
    ("{I}, kind: bolus, dose_per_kg: 50 mcg/kg}, {{I}, kind: bolus, dose_per_kg: 50 mcg/kg",
     [("error", "RC404", "dose_per_kg"), ("error", "RC634", "1"), ("error", "RC404", "dose_per_kg")]),
    # Another drug's doses in a whole set, and its name in a text.
    ("{I}, kind: bolus, dose_per_kg: 180 mcg/kg}, {{I}, kind: infusion, dose_rate_per_kg: 2 mcg/kg/min, run_time: 24 h",
     [("error", "RC420", "dose_per_kg")]),
    ("{I}, kind: bolus, dose_per_kg: 10 mcg/kg, text: eptifibatide 180 mcg/kg", [("error", "RC223", "text")]),
    ("{I}, kind: bolus, dose_per_kg: 10 mcg/kg, text: give with eptifibatide 180 mcg/kg", [("error", "RC623", "0")]),
    # A wrong route, a wrong product, a time in hours.
    ("drug: tirofiban, route: PO, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, run_time: 24 h, text: give IV",
     [("error", "RC428", "route")]),
    ("{I}, kind: infusion, product: eptifibatide-bag-100, run_time: 24 h", [("error", "RC423", "product")]),
    ("{I}, kind: bolus, dose_per_kg: 10 mcg/kg, dose: 800 mcg, give_over: 5 h, text: 800 mcg IV over 5 min",
     [("error", "RC305", "give_over")]),
    # The branches of one infusion, none of which ends.
    (('{I}, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, when: {creatinine_clearance: "> 60 mL/min"}}, '
     '{{I}, kind: infusion, dose_rate_per_kg: 0.075 mcg/kg/min, when: {creatinine_clearance: "<= 60 mL/min"}'),
     [("warning", "RC631", "0")]),
]  # fmt: skip


def test_one_mistake_is_told_once_wherever_it_stands() -> None:
    lines = [order.replace("{I}", "drug: tirofiban, route: IV") for order, _ in ONCE]
    notes = frozenset(("RC630", "RC635", "RC513", "RC701", "RC704", "RC408", "RC705", "RC706"))
    found = [[each for each in every if each[1] not in notes] for every in judged(lines)]
    assert found == [expected for _, expected in ONCE]


def test_dialysis_is_told_once_of_a_drug_that_its_label_excludes() -> None:
    drip = "route: IV, kind: infusion, run_time: 24 h, dose_rate_per_kg:"
    lines = [f"drug: eptifibatide, {drip} 2 mcg/kg/min", f"drug: tirofiban, {drip} 0.15 mcg/kg/min"]
    found = judged(lines, "{weight: 80 kg, dialysis: yes}")
    errors = [[each[1:] for each in every if each[0] == "error"] for every in found]
    assert errors == [[("RC653", "dialysis")], [("RC516", "dose_rate_per_kg")]]


# Right orders that were called wrong: no error, and beside each the gross error that is one.
CALLED_WRONG = [
    ("clevidipine, kind: infusion, dose_rate: 1-2 mg/h, titrate: {start: 1 mg/h, max: {}}", "21 mg/h", "0.21 mg/h"),
    ("clevidipine, kind: infusion, dose_rate: 1-2 mg/h, titrate: {start: {}, max: 21 mg/h}", "1-2 mg/h", "30 mg/h"),
    ("propofol, kind: infusion, dose_rate_per_kg: 5-50 mcg/kg/min, titrate: {max: {}}", "50 mcg/kg/min",
     "500 mcg/kg/min"),
    ("alteplase, dose: {}", "72 mg", "720 mg"),
    ("alteplase, kind: dose, dose: {}", "72 mg", "7200 mg"),
    ("alteplase, dose: {}, text: 7.2 mg bolus then 64.8 mg over 60 min", "72 mg", "7.2 g"),
    ("alteplase, kind: bolus, dose: {}", "7.2 mg", "720 mg"),
    ("norepinephrine, kind: infusion, dose_rate: 5 mcg/min, concentration: {}", "1 vial/250 mL", "16 mcg/L/min"),
    ("tirofiban, kind: infusion, dose_rate_per_kg: {}, run_time: 24 h, text: 1 vial/250 mL", "0.1 mcg/kg/min",
     "1 mcg/kg/min"),
]  # fmt: skip


def test_what_was_called_wrong_is_left_alone_and_a_gross_error_is_found() -> None:
    made = [(order, value) for order, *values in CALLED_WRONG for value in values]
    lines = [f"drug: {order.replace('{}', value)}, route: IV" for order, value in made]
    found = judged(lines)
    errors = [any(each[0] == "error" for each in every) for every in found]
    assert errors == [False, True] * len(CALLED_WRONG)


# A strength that nothing states and that follows: of no product, off one by a known error; and each right beside it.
IMPLIED = [
    ("tirofiban, kind: bolus, dose: 800 mcg, volume: {}", ("3.2 mL", "16 mL"), ("32 mL", "0.32 mL", "160 mL")),
    ("eptifibatide, kind: bolus, dose_per_kg: 180 mcg/kg, dose: 14.4 mg, volume: {}", ("7.2 mL",), ("0.72 mL",)),
    ("tirofiban, kind: infusion, dose_rate_per_kg: 0.1 mcg/kg/min, pump_rate: {}", ("9.6 mL/h",),
     ("96 mL/h", "48 mL/h", "1.92 mL/h")),
    ("cangrelor, kind: infusion, dose_rate_per_kg: 4 mcg/kg/min, pump_rate: {}", ("96 mL/h",), ("9.6 mL/h",)),
]  # fmt: skip


def test_a_strength_that_follows_is_one_of_a_product() -> None:
    lines = [
        (
            f"drug: {order.replace('{}', value)}, route: IV{', run_time: 2 h' if 'infusion' in order else ''}",
            value in wrong,
        )
        for order, right, wrong in IMPLIED
        for value in (*right, *wrong)
    ]
    found = judged([line for line, _ in lines])
    errors = [[each[1] for each in every if each[0] == "error"] for every in found]
    assert errors == [["RC424"] if is_wrong else [] for _, is_wrong in lines]


# The same beside another order of the drug that states its strength: that one may be this order's too, but no other.
_BOLUS = "{drug: tirofiban, route: IV, kind: bolus, dose_per_kg: 10 mcg/kg, "
_OF_ITS_BAG = f"{_BOLUS}concentration: 50 mcg/mL, volume: 16 mL}}"
_DILUTED = f"{_BOLUS}concentration: 100 mcg/mL, diluted_in: 50 mL saline, volume: 8 mL}}"
BESIDE = [
    (_OF_ITS_BAG, "9.6 mL/h", False), (_OF_ITS_BAG, "96 mL/h", True), (_OF_ITS_BAG, "1.92 mL/h", True),
    (_DILUTED, "4.8 mL/h", False), (_DILUTED, "9.6 mL/h", False), (_DILUTED, "0.48 mL/h", True),
]  # fmt: skip


def test_a_strength_that_follows_is_one_of_a_product_or_of_another_order() -> None:
    drip = "drug: tirofiban, route: IV, kind: infusion, run_time: 24 h, dose_rate_per_kg: 0.1 mcg/kg/min, pump_rate:"
    found = judged([f"{drip} {rate}}}, {other.removesuffix('}')}" for other, rate, _ in BESIDE])
    errors = [[each[1:] for each in every if each[0] == "error"] for every in found]
    assert errors == [[("RC424", "pump_rate")] if is_wrong else [] for _, _, is_wrong in BESIDE]


_AL = "alteplase, concentration: 1 mg/mL, pump_rate: 64.8 mL/h, run_time: 60 min, volume: 64.8 mL"
_TI = "tirofiban, concentration: 50 mcg/mL, dose_rate_per_kg: 0.15 mcg/kg/min, pump_rate: 14.4 mL/h, run_time: 24 h"
_EP = "eptifibatide, concentration: 0.75 mg/mL, dose_rate_per_kg: 2 mcg/kg/min, pump_rate: 12.8 mL/h, run_time: 24 h"
_KC = "potassium chloride, concentration: 0.2 mEq/mL, dose_rate: 10 mEq/h, pump_rate: 50 mL/h, run_time: 2 h"
_NE = "norepinephrine, concentration: 16 mcg/mL, dose_rate: 8 mcg/min, pump_rate: 30 mL/h, run_time: 24 h"
# An infusion's dose is what is given or what its bags hold: the drug's own, the written volume, else a usual one.
OF_A_BAG = [
    (_AL, ("64.8 mg",), ("100 mg", "500 mg", "648 mg")),
    (_TI, ("17.28 mg", "12.5 mg", "25 mg"), ("1.25 mg", "50 mg", "172.8 mg")),
    (f"{_TI}, vtbi: 345.6 mL", ("17.28 mg", "25 mg"), ("5 mg", "12.5 mg", "50 mg")),
    (_EP, ("230.4 mg", "75 mg", "225 mg"), ("15 mg", "750 mg")),
    (_KC, ("20 mEq",), ("200 mEq", "2 mEq")),
    (f"{_KC}, volume: 100 mL", ("20 mEq",), ("200 mEq", "50 mEq", "40 mEq", "10 mEq")),
    (_NE, ("11.52 mg", "4 mg", "16 mg"), ("115.2 mg", "9 mg")),
    (f"{_NE}, volume: 250 mL", ("4 mg",), ("8 mg", "40 mg")),
]  # fmt: skip


def test_an_infusions_dose_is_what_is_given_or_what_a_bag_holds() -> None:
    made = [(order, dose, dose in wrong) for order, right, wrong in OF_A_BAG for dose in (*right, *wrong)]
    found = judged([f"route: IV, kind: infusion, dose: {dose}, drug: {order}" for order, dose, _ in made])
    errors = [[each[1:] for each in every if each[0] == "error"] for every in found]
    # What is infused of a thrombolytic is its dose, and no bag's content.
    codes = ["RC301" if order is _AL else "RC309" for order, _, _ in made]
    assert errors == [[(code, "dose")] if is_wrong else [] for code, (_, _, is_wrong) in zip(codes, made, strict=True)]
