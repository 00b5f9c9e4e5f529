"""Kinds of clinical mistakes, each one error at one field, beside what is right: one call for all sets."""

from __future__ import annotations

import json
from typing import Final

from tests.support import invoke
from tests.test_clinical_sets import (
    CANGRELOR,
    DRIP,
    EPTIFIBATIDE,
    HEPARIN,
    LYSED,
    LYSIS,
    STROKE,
    TNK,
    Fields,
    changed,
    iv,
    made,
    oral,
    plain,
    with_order,
)  # fmt: skip

LYSIS_SET: Final = "Stroke thrombolysis"
PEDIATRIC: Final = "not for children under 18 years of age; patient 78 years old, Child-Pugh A"
DIVIDED: Final = "10 % as a bolus over 1 min, the rest over 60 min"
AFTER_BOLUS: Final = "start 3 hours after the bolus"

# Each with its one error: what it is, where it stands and what is expected there; None where a set has none.
ONE: Final[tuple[tuple[Fields, tuple[str, str, str | None] | None], ...]] = (
    # parts of one dose
    (with_order("alteplase", {**LYSIS[0], "id": "again"}), ("RC664", "/orders/0", None)),
    (with_order("alteplase", {**LYSIS[1], "id": "again"}), ("RC664", "/orders/1", None)),
    (plain(LYSIS_SET, {**LYSIS[0], "dose": "64.8 mg"}, {**LYSIS[1], "dose": "7.2 mg"}),
     ("RC665", "/orders/0/dose", None)),
    (plain(LYSIS_SET, iv("alteplase", "bolus", dose="7.2 mg"),
           iv("alteplase", "infusion", dose="64.8 mg", text=AFTER_BOLUS)), ("RC670", "/orders/1/text", None)),
    (plain(LYSIS_SET, iv("alteplase", "bolus", dose="7.2 mg"),
           iv("alteplase", "infusion", dose="64.8 mg", text="start 3 hrs after the bolus")),
     ("RC670", "/orders/1/text", None)),
    (plain(LYSIS_SET, iv("alteplase", "bolus", dose="7.2 mg"),
           iv("alteplase", "infusion", dose="64.8 mg", text="start 1 minute after the bolus")), None),
    (plain(LYSIS_SET, {**LYSIS[0], "dose": "9 mg"}, {**LYSIS[1], "dose": "81 mg"}, patient={"weight": "70 kg"}),
     ("RC665", "/orders/0/dose", None)),
    (plain(LYSIS_SET, {"drug": "alteplase", "route": "IV", "kind": "dose", "dose": "72 mg", "text": DIVIDED}), None),
    (plain(LYSIS_SET, iv("alteplase", "bolus", dose="72 mg", text=DIVIDED)), ("RC665", "/orders/0/dose", None)),
    (plain(LYSIS_SET, iv("tenecteplase", "bolus")), ("RC712", "/orders/0", None)),
    (made(STROKE, {**DRIP, "start": "+0 h"}, iv("alteplase", "bolus", start="-50 h")), None),
    (plain(LYSIS_SET, iv("alteplase", "infusion", dose="72 mg", concentration="1 mg/mL", pump_rate="720 mL/h",
                          run_time="60 min")), ("RC304", "/orders/0/pump_rate", "72 mL/h")),
    # a dose out of range beside the right one in its text, and the other way round
    (plain("Stroke", {**oral("clopidogrel", "750 mg"), "frequency": "daily", "text": "75 mg daily"}),
     ("RC626", "/orders/0/dose", "75 mg")),
    (plain("Stroke", {**oral("clopidogrel", "75 mg"), "frequency": "daily", "text": "750 mg daily"}),
     ("RC308", "/orders/0/text", "75 mg")),
    # a stroke of the past, in a set for the heart
    (plain("PCI", *CANGRELOR, indication="PCI, previous TIA"), ("RC647", "/indication", None)),
    (plain("STEMI", oral("prasugrel", "60 mg"), indication="STEMI; stroke 4 years ago"),
     ("RC647", "/indication", None)),
    (plain("PCI", EPTIFIBATIDE[0], indication="PCI; ischaemic stroke 2 weeks ago"), ("RC647", "/indication", None)),
    (plain("PCI", EPTIFIBATIDE[0], indication="PCI; ischaemic stroke 3 months ago"), None),
    (plain("PCI", *CANGRELOR, indication="PCI, no history of stroke or TIA"), None),
    # children
    (plain("Paediatric stroke", TNK), ("RC407", "/order_set", None)),
    (made("Rescue after stroke thrombectomy, 9-year-old",
          iv("tirofiban", "infusion", dose_rate_per_kg="0.1 mcg/kg/min", run_time="24 h", product="bag-250"),
          patient={"weight": "32 kg", "thrombolysis": "none"}), ("RC407", "/order_set", None)),
    (changed("tenecteplase", 0, text=PEDIATRIC), None),
    (plain("Stroke, Women and Children's Hospital, NICU", TNK), None),
    (plain("PICU catheter occlusion", iv("alteplase", "bolus", dose="0.5 mg"), patient={"weight": "12 kg"}), None),
    # one mistake, and no second finding of it
    (plain("Stroke", oral("clopidogrel", "600 mg", frequency="daily")), ("RC633", "/orders/0/frequency", "once")),
    (plain("Stroke", oral("ticagrelor", "180 mg", frequency="twice daily")),
     ("RC633", "/orders/0/frequency", "once")),
    (plain("Stroke", {**oral("clopidogrel", "600 mg"), "text": "600 mg every morning"}),
     ("RC633", "/orders/0/text", "once")),
    (plain("Stroke", {**oral("clopidogrel", "600 mg"), "kind": "maintenance"}),
     ("RC633", "/orders/0/frequency", "once")),
    (plain("Stroke", {**oral("clopidogrel", "600 mg"), "text": "600 mg maintenance dose"}),
     ("RC633", "/orders/0/text", "once")),
    (plain("Stroke", {**oral("clopidogrel", "75 mg"), "kind": "maintenance"}), None),
    (plain("Stroke", {**oral("ticagrelor", "90 mg"), "kind": "maintenance dose"}), None),
    (plain("Stroke", {**oral("clopidogrel", "600 mg"), "text": "600 mg once, maintenance dose from tomorrow"}), None),
    (changed("clopidogrel 300 mg at hour 16", 0, text="repeat bolus every 30 min until recanalised"),
     ("RC636", "/orders/0/text", None)),
    (made(STROKE, iv("eptifibatide", "bolus", dose_per_kg="135 mcg/kg"), patient=LYSED), ("RC661", "/orders/0", None)),
    (plain("Stroke", iv("aspirin", "dose", dose="250 mg", start="+0 h"),
           patient={"weight": "80 kg", "thrombolysis": "-30 min"}), ("RC612", "/orders/0/start", None)),
    # an artery of a limb, and the start itself without a sign
    (plain("Limb ischaemia", {**iv("alteplase", "infusion", dose_rate="1 mg/h", run_time="24 h"), "route": "IA"}),
     None),
    (changed("clopidogrel 300 mg at hour 16", 1, start="0 h"), None),
)  # fmt: skip


def test_each_mistake_is_one_error_at_its_field() -> None:
    lines = "\n".join(json.dumps(document) for document, _ in ONE)
    outcome = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", stdin=lines)
    assert outcome.exit_code == 1, outcome.stderr
    found = outcome.json["findings"]
    heavy = [(int(each["line"]), each["code"], each["pointer"], each["expected"]) for each in found
             if each["severity"] == "error"]  # fmt: skip
    assert heavy == [(line, *error) for line, (_, error) in enumerate(ONE, 1) if error is not None]
    softer = {(int(each["line"]), each["code"]) for each in found if each["severity"] == "warning"}
    assert {code for _, code in softer}.isdisjoint({"RC610", "RC611", "RC428", "RC424"})


WARNED: Final[tuple[tuple[Fields, list[str]], ...]] = (
    ({"order_set": LYSIS_SET, "orders": [iv("tenecteplase", "bolus", dose_per_kg="0.25 mg/kg")]}, ["RC665"]),
    ({"order_set": LYSIS_SET, "orders": [iv("tenecteplase", "bolus", dose_per_kg="0.25 mg/kg", max_dose="25 mg")]}, []),
    ({"order_set": LYSIS_SET, "orders": [
        iv("tenecteplase", "bolus", dose_per_kg="0.25 mg/kg", text="0.25 mg/kg, maximum 25 mg")]}, []),
    ({"order_set": LYSIS_SET, "orders": [
        iv("alteplase", "bolus", dose_per_kg="0.09 mg/kg", when={"weight": "< 100 kg"}),
        iv("alteplase", "infusion", dose_per_kg="0.81 mg/kg", run_time="60 min", when={"weight": "< 100 kg"})]}, []),
    (plain("Stroke", HEPARIN, patient=LYSED), ["RC671"]),
    (plain("Stroke", {**HEPARIN, "start": "+30 h"}, patient=LYSED), []),
    (plain("PCI", *CANGRELOR, patient={"weight": "80 kg", "platelets": "20 x10^9/L"}), ["RC671"]),
)  # fmt: skip


def test_what_is_doubtful_is_a_warning() -> None:
    lines = "\n".join(json.dumps(document) for document, _ in WARNED)
    found = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", stdin=lines).json["findings"]
    told = [(int(each["line"]), each["code"]) for each in found if each["severity"] != "note"]
    assert told == [(line, code) for line, (_, codes) in enumerate(WARNED, 1) for code in codes]
