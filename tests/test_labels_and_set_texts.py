"""What labels and the texts of a set say of another drug, strength, form or rate than the orders."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.support import invoke

DRIP: Final = {
    "drug": "tirofiban",
    "route": "IV",
    "kind": "infusion",
    "dose_rate_per_kg": "0.1 mcg/kg/min",
    "concentration": "50 mcg/mL",
    "pump_rate": "9.6 mL/h",
    "run_time": "24 h",
}
BOLUS: Final = {
    "drug": "tirofiban",
    "route": "IV",
    "kind": "bolus",
    "dose_per_kg": "10 mcg/kg",
    "concentration": "250 mcg/mL",
    "volume": "3.2 mL",
    "give_over": "3 min",
}
HEPARIN: Final = {
    "drug": "heparin",
    "route": "IV",
    "kind": "bolus",
    "dose": "6400 units",
    "concentration": "1000 units/mL",
    "volume": "6.4 mL",
    "give_over": "3 min",
}
NOREPINEPHRINE: Final = {
    "drug": "norepinephrine",
    "route": "IV",
    "kind": "infusion",
    "dose_rate_per_kg": "0.1 mcg/kg/min",
    "concentration": "64 mcg/mL",
    "pump_rate": "7.5 mL/h",
}
TABLET: Final = {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "300 mg", "start": "+18 h"}
DAILY: Final = {**TABLET, "dose": "75 mg", "frequency": "daily"}


def found(*sets: tuple[dict[str, Any], ...]) -> list[list[tuple[str, str, str]]]:
    """Return what is said of the fields of the orders of each set: severity, code and place."""
    rows = [
        {"order_set": "a", "patient": {"weight": "80 kg"}, "orders": tuple(map(_written, orders))} for orders in sets
    ]
    text = "".join(f"{json.dumps(each)}\n" for each in rows)
    told: list[list[tuple[str, str, str]]] = [[] for _ in sets]
    for each in invoke("check", "-", "--stdin-filename", "a.jsonl", "--json", stdin=text).json["findings"]:
        is_of_later = each["severity"] == "warning" and each["pointer"].startswith("/orders/")
        # How long a bolus takes is another matter.
        if (each["pointer"].startswith("/orders/0/") or is_of_later) and each["code"] != "RC710":
            told[int(each["line"]) - 1].append((each["severity"], each["code"], each["pointer"]))
    return told


def _written(order: dict[str, Any]) -> dict[str, Any]:
    return {name: text for name, text in order.items() if text}


PRODUCT: Final = "/orders/0/product"
WRONG: Final = (
    (({**DRIP, "product": "heparin 25,000 units in 250 mL"},), ("error", "RC423", PRODUCT)),
    (({**NOREPINEPHRINE, "product": "epinephrine 16 mg in 250 mL"},), ("error", "RC423", PRODUCT)),
    (({**TABLET, "product": "prasugrel 10 mg tablet"},), ("error", "RC423", PRODUCT)),
    (({**NOREPINEPHRINE, "product": "phenylephrine 16 mg in 250 mL"},), ("note", "RC712", PRODUCT)),
    (({**BOLUS, "drug": "tirofiban 0.05 mg/mL"},), ("error", "RC307", "/orders/0/drug")),
    (({**HEPARIN, "product": "heparin 10,000 units/mL"},), ("error", "RC307", PRODUCT)),
    (({**HEPARIN, "product": "heparin 10 units/mL"},), ("error", "RC307", PRODUCT)),
    (({**HEPARIN, "product": "heparin 5,000 units/mL"},), ("note", "RC712", PRODUCT)),
    (({**DRIP, "drug": "tirofiban 250 mcg/mL"},), ("note", "RC712", "/orders/0/drug")),
    (({**DRIP, "drug": "tirofiban tablets"},), ("error", "RC428", "/orders/0/drug")),
    (({**TABLET, "product": "clopidogrel 3000 mg"},), ("error", "RC712", PRODUCT)),
    (({**TABLET, "kind": "infusion"},), ("error", "RC428", "/orders/0/route")),
    (
        ({**HEPARIN, "give_over": "", "dose_rate": "1440 units/h"},),
        ("error", "RC712", "/orders/0/dose_rate"),
    ),
    (({**BOLUS, "vtbi": "32 mL"},), ("error", "RC305", "/orders/0/vtbi")),
    ((TABLET, {**DAILY, "start": "+2 h"}), ("warning", "RC633", "/orders/1/start")),
)
RIGHT: Final = (
    ({**DRIP, "product": "Aggrastat bag 12.5 mg/250 mL"},),
    ({**DRIP, "product": "NaCl 0.9 % 250 mL with 12.5 mg"},),
    ({**NOREPINEPHRINE, "product": "Levophed 16 mg in 250 mL"},),
    ({**NOREPINEPHRINE, "product": "norepinephrine 1 mg/mL vial"},),
    ({**BOLUS, "drug": "tirofiban 250 mcg/mL", "vtbi": "3.2 mL"},),
    ({**HEPARIN, "product": "heparin 5,000 units/mL vial", "diluted_in": "NaCl 0.9 %"},),
    ({**HEPARIN, "drug": "heparin 1,000 units/mL"},),
    ({**TABLET, "product": "clopidogrel 75 mg tablet"},),
    (TABLET, {**DAILY, "start": "+42 h"}),
    (TABLET, {**DAILY, "start": "-72 h"}),
)


def test_a_label_that_contradicts_its_order_is_told_at_the_label() -> None:
    assert found(*(orders for orders, _ in WRONG)) == [[told] for _, told in WRONG]


def test_a_label_that_says_the_same_in_other_words_is_none() -> None:
    assert found(*RIGHT) == [[] for _ in RIGHT]


def of_sets(*sets: dict[str, Any]) -> list[list[tuple[str, str, str | None]]]:
    """Return what is an error in the texts of each set around an infusion: code, place and what is expected."""
    own = {"order_set": "Rescue tirofiban", "patient": {"weight": "80 kg"}, "orders": (BOLUS, DRIP)}
    text = "".join(f"{json.dumps({**own, **each})}\n" for each in sets)
    told: list[list[tuple[str, str, str | None]]] = [[] for _ in sets]
    for each in invoke("check", "-", "--stdin-filename", "a.jsonl", "--json", stdin=text).json["findings"]:
        if each["severity"] == "error":
            told[int(each["line"]) - 1].append((each["code"], each["pointer"], each["expected"]))
    return told


def watched(check: str, at: str = "hourly", **more: str) -> dict[str, Any]:
    return {"monitoring": [{"check": check, "at": at, **more}]}


WRONG_TEXTS: Final = (
    (watched("pump: 96 mL/h"), ("RC308", "/monitoring/0/check", "9.6 mL/h")),
    (watched("infusion rate", "set 96 mL/h"), ("RC308", "/monitoring/0/at", "9.6 mL/h")),
    (watched("weight 180 kg"), ("RC308", "/monitoring/0/check", "80 kg")),
    (watched("aPTT", then="target 50-70 s, titrate tirofiban"), ("RC636", "/monitoring/0/then", None)),
    ({"stop_if": ["give 10 mcg/kg bolus"]}, ("RC706", "/stop_if/0", None)),
    ({"stop_if": ["if no neurological deterioration"]}, ("RC706", "/stop_if/0", None)),
    ({"order_set": "Rescue tirofiban, 72 h"}, ("RC308", "/order_set", "24 h")),
    ({"order_set": "Rescue argatroban after thrombectomy"}, ("RC318", "/order_set", "tirofiban")),
)
RIGHT_TEXTS: Final = (
    watched("infusion pump 9.6 mL/h of 50 mcg/mL, 0.1 mcg/kg/min"),
    watched("urine output below 0.5 mL/kg/h"),
    watched("norepinephrine 0.1 mcg/kg/min running"),
    watched("maintenance fluid 100 mL/h"),
    watched("BP", then="titrate labetalol"),
    watched("weight 80 kg"),
    {"stop_if": ["give protamine if heparin was given", "repeat imaging shows haemorrhage", "increase in bleeding"]},
    {"order_set": "Rescue tirofiban (24 h)"},
    {"order_set": "Rescue tirofiban, 1 day"},
    {"order_set": "Rescue tirofiban, 12 h", "orders": (BOLUS, {**DRIP, "run_time": "12 to 24 h"})},
    {"order_set": "Rescue after heparin failure"},
)


def test_a_text_of_a_set_that_contradicts_its_orders_is_told_where_it_stands() -> None:
    assert of_sets(*(each for each, _ in WRONG_TEXTS)) == [[told] for _, told in WRONG_TEXTS]


def test_a_text_of_a_set_that_fits_its_orders_is_none() -> None:
    assert of_sets(*RIGHT_TEXTS) == [[] for _ in RIGHT_TEXTS]
