"""Whole order sets: what goes together, said by the same rules for a file and for `bridge`; branches by clearance."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rescuecalc.core.orders.text.frequency import times_daily
from tests.support import invoke

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"

CLEAN: dict[str, Any] = {
    "order_set": "Rescue tirofiban",
    "version": "3",
    "approved": "2026-03-01",
    "protocol": "yang-2020-iv",
    "weight_basis": "actual",
    "patient": {"weight": "80 kg", "thrombolysis": "none"},
    "orders": [
        {"id": "bolus", "drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg",
         "product": "vial-15", "volume": "3.2 mL", "give_over": "5 min"},
        {"id": "drip", "drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min",
         "product": "bag-250", "pump_rate": "14.4 mL/h", "run_time": "24 h", "vtbi": "345.6 mL", "start": "+0 h",
         "text": "second bag before hour 17"},
        {"id": "asa-load", "drug": "aspirin", "route": "PO", "kind": "dose", "dose": "325 mg", "start": "+20 h"},
        {"id": "asa", "drug": "aspirin", "route": "PO", "kind": "dose", "dose": "81 mg", "frequency": "daily",
         "start": "+44 h"},
        {"id": "load", "drug": "ticagrelor", "route": "PO", "kind": "dose", "dose": "180 mg", "start": "+20 h"},
        {"id": "daily", "drug": "ticagrelor", "route": "PO", "kind": "dose", "dose": "90 mg",
         "frequency": "twice daily", "start": "+32 h"},
    ],
    "monitoring": [
        {"check": "platelets", "at": "baseline", "then": "6 h after start and daily"},
        {"check": "CT without haemorrhage", "at": "before the start"},
    ],
    "stop_if": ["platelets below 90 x10^9/L", "neurological deterioration"],
}  # fmt: skip
BRIDGE = "bridge yang-2020-iv --weight 80kg --run-time 24h --give-over 5min"
FOLLOWS = {
    "--thrombolysis-at": "none",
    "--p2y12": "ticagrelor",
    "--load": "180mg",
    "--aspirin": "81mg",
    "--aspirin-load": "325mg",
    "--overlap": "4h",
}


def changed(**orders: Any) -> dict[str, Any]:
    """Return the clean set with the fields of its orders replaced by id; None strikes an order."""
    made: dict[str, Any] = json.loads(json.dumps(CLEAN))
    made["patient"].update(orders.pop("patient", {}))
    for name, fields in orders.items():
        found = [order for order in made["orders"] if order["id"] == name]
        if fields is None:
            made["orders"].remove(found[0])
        elif found:
            found[0].update(fields)
        else:
            made["orders"].append({"id": name, "route": "PO", "kind": "dose", **fields})
    return made


def told(made: dict[str, Any]) -> dict[str, str]:
    """Return the codes found in a set above a note, with their severity."""
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made))
    return {each["code"]: each["severity"] for each in outcome.json["findings"] if each["severity"] != "note"}


def bridged(**options: str) -> dict[str, str]:
    words = [word for pair in {**FOLLOWS, **options}.items() for word in pair if word]
    outcome = invoke(*BRIDGE.split(), *words, "--format", "json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    return {each["code"]: each["severity"] for each in outcome.json["findings"] if each["severity"] != "note"}


def test_the_clean_set_is_clean_for_both() -> None:
    assert told(CLEAN) == bridged() == {}


CLOPIDOGREL = {"load": {"drug": "clopidogrel", "dose": "600 mg"}, "daily": None}
AS_CLOPIDOGREL = {"--p2y12": "clopidogrel", "--load": "600mg"}
PAIRS: dict[str, tuple[str, str, dict[str, Any], dict[str, str]]] = {
    "prasugrel after a stroke": (
        "RC620", "error",
        {"load": {"drug": "prasugrel", "dose": "60 mg"}, "daily": None},
        {"--p2y12": "prasugrel", "--load": "60mg"},
    ),
    "aspirin 325 mg daily with ticagrelor": (
        "RC621", "error", {"asa": {"dose": "325 mg"}}, {"--aspirin": "325mg"},
    ),
    "clopidogrel during cangrelor": (
        "RC622", "error",
        {**CLOPIDOGREL, "can": {
            "drug": "cangrelor", "route": "IV", "kind": "infusion", "start": "+18 h", "run_time": "4 h",
        }},
        {**AS_CLOPIDOGREL, "--beside": "cangrelor"},
    ),
    "two GP IIb/IIIa inhibitors": (
        "RC623", "error",
        {"second": {"drug": "eptifibatide", "route": "IV", "kind": "infusion", "run_time": "24 h"}},
        {"--beside": "eptifibatide"},
    ),
    "heparin beside it": (
        "RC624", "warning", {"hep": {"drug": "heparin", "route": "IV", "kind": "infusion"}}, {"--beside": "heparin"},
    ),
    "a prophylactic low molecular weight heparin": (
        "RC624", "warning", {"hep": {"drug": "LMWH", "route": "SC"}}, {"--beside": "LMWH"},
    ),
    "an NSAID": ("RC638", "warning", {"pain": {"drug": "ibuprofen"}}, {"--beside": "ibuprofen"}),
    "clopidogrel with omeprazole": (
        "RC625", "warning",
        {**CLOPIDOGREL, "ppi": {"drug": "omeprazole"}},
        {**AS_CLOPIDOGREL, "--beside": "omeprazole"},
    ),
    "tirofiban 2 h after a thrombolysis": (
        "RC610", "warning", {"patient": {"thrombolysis": "-2 h"}}, {"--thrombolysis-at": "-2h"},
    ),
    "aspirin inside 24 h of it": (
        "RC611", "warning", {"patient": {"thrombolysis": "-2 h"}}, {"--thrombolysis-at": "-2h"},
    ),
    "intravenous aspirin within 90 min of it": (
        "RC612", "error",
        {"patient": {"thrombolysis": "+19 h"}, "asa-load": {"route": "IV"}, "asa": None},
        {"--thrombolysis-at": "+19h", "--aspirin-route": "iv", "--aspirin": ""},
    ),
    "an overlap shorter than the onset": (
        "RC603", "warning",
        {"load": {"drug": "clopidogrel", "dose": "300 mg"}, "daily": None},
        {"--p2y12": "clopidogrel", "--load": "300mg"},
    ),
    "clopidogrel without a load": (
        "RC604", "note",
        {"load": {"drug": "clopidogrel", "dose": "75 mg", "frequency": "daily"}, "daily": None},
        {"--p2y12": "clopidogrel", "--load": "", "--maintenance": "75mg"},
    ),
    "two P2Y12 inhibitors": (  # `bridge` plans one alone
        "RC632", "error", {"second": {"drug": "clopidogrel", "dose": "600 mg", "start": "+16 h"}}, {},
    ),
    "a dose above every source": (
        "RC626", "error",
        {"load": {"drug": "clopidogrel", "dose": "900 mg"}, "daily": None},
        {"--p2y12": "clopidogrel", "--load": "900mg"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_each_pair_is_found_in_a_file_by_its_rule_with_its_severity(name: str) -> None:
    code, severity, orders, _ = PAIRS[name]
    made = json.dumps(changed(**orders))
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=made)
    assert {each["code"]: each["severity"] for each in outcome.json["findings"]}.get(code) == severity


TWICE: dict[str, dict[str, Any]] = {
    "both bolus routes": {
        "ia": {"drug": "tirofiban", "route": "IA", "kind": "bolus", "dose": "500 mcg", "give_over": "5 min"},
    },
    "two concentrations": {
        "bolus": {"product": "", "concentration": "250 mcg/mL"},
        "drip": {"product": "", "concentration": "50 mcg/mL"},
    },
    "three inhibitors": {
        "ept": {"drug": "eptifibatide", "route": "IV", "kind": "infusion"},
        "abc": {"drug": "abciximab", "route": "IV", "kind": "infusion"},
    },
    "three P2Y12 inhibitors": {
        "a": {"drug": "clopidogrel", "dose": "600 mg", "start": "+16 h"},
        "b": {"drug": "prasugrel", "dose": "60 mg", "start": "+16 h"},
    },
    "branches": {
        "drip": {"when": {"creatinine_clearance": ">= 60 mL/min"}},
        "half": {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min",
                 "run_time": "24 h", "start": "+0 h", "when": {"creatinine_clearance": "<= 60 mL/min"}},
    },
    "two repeated doses": {"again": {"drug": "aspirin", "dose": "100 mg", "frequency": "every morning"}},
    "two thrombolytics": {
        "x": {"drug": "alteplase", "route": "IV", "kind": "infusion", "start": "-30 min", "run_time": "60 min"},
        "y": {"drug": "tenecteplase", "route": "IV", "kind": "bolus", "start": "-2 h"},
    },
    "one id twice": {"other": {"id": "asa", "drug": "paracetamol"}},
}  # fmt: skip


@pytest.mark.parametrize("name", [*PAIRS, *TWICE])
def test_the_order_of_orders_changes_nothing_that_is_found(name: str) -> None:
    made = changed(**(PAIRS[name][2] if name in PAIRS else TWICE[name]))
    found = []
    for orders in (made["orders"], made["orders"][::-1], made["orders"][3:] + made["orders"][:3]):
        text = json.dumps({**made, "orders": orders})
        outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=text)
        fields = ("code", "severity", "message", "found", "expected")
        told_of = [tuple(each[field] for field in fields) for each in outcome.json["findings"]]
        found.append(sorted(told_of, key=str))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("name", [name for name, (*_, options) in PAIRS.items() if options])
def test_the_same_facts_give_the_same_codes_through_bridge(name: str) -> None:
    _, _, orders, options = PAIRS[name]
    kept = {option: value for option, value in options.items() if value}
    dropped = {option for option, value in options.items() if not value}
    words = {option: value for option, value in {**FOLLOWS, **kept}.items() if option not in dropped}
    outcome = invoke(*BRIDGE.split(), *(word for pair in words.items() for word in pair), "--format", "json")
    codes = {each["code"] for each in outcome.json["findings"] if each["severity"] != "note"}
    assert codes == set(told(changed(**orders)))


ABSENT: dict[str, tuple[str, dict[str, Any]]] = {
    "antiplatelets": ("RC630", {"asa-load": None, "asa": None, "load": None, "daily": None}),
    "a concentration": ("RC701", {"drip": {"product": "", "pump_rate": "", "vtbi": ""}}),
    "a second container": ("RC708", {"drip": {"text": ""}}),
}


@pytest.mark.parametrize("name", ABSENT)
def test_what_is_absent_is_a_note(name: str) -> None:
    code, orders = ABSENT[name]
    made = changed(**orders)
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made))
    assert {each["code"]: each["severity"] for each in outcome.json["findings"]}.get(code) == "note"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("weight_basis", "RC704"),
        ("monitoring", "RC635"),
        ("version", "RC707"),
        ("approved", "RC707"),
    ],
)
def test_a_part_of_the_set_that_is_absent_is_a_note(field: str, code: str) -> None:
    def codes(made: dict[str, Any]) -> dict[str, str]:
        outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made))
        return {each["code"]: each["severity"] for each in outcome.json["findings"]}

    assert code not in codes(CLEAN)
    assert codes({name: value for name, value in CLEAN.items() if name != field})[code] == "note"


def severity_of(code: str, made: dict[str, Any]) -> str | None:
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made))
    return {each["code"]: str(each["severity"]) for each in outcome.json["findings"]}.get(code)


@pytest.mark.parametrize(("field", "code"), [("monitoring", "RC705"), ("stop_if", "RC706")])
@pytest.mark.parametrize(
    ("left_out", "severity"),
    [((), "warning"), (("protocol",), "warning"), (("patient",), "warning"), (("patient", "protocol"), "note")],
)
def test_what_is_watched_and_what_stops_is_warned_of_in_a_set_with_a_patient_or_a_protocol(
    field: str, code: str, left_out: tuple[str, ...], severity: str
) -> None:
    made = {name: value for name, value in CLEAN.items() if name != field and name not in left_out}
    assert severity_of(code, made) == severity
    assert severity_of(code, {name: value for name, value in CLEAN.items() if name not in left_out}) is None


@pytest.mark.parametrize(
    ("at", "then", "found"),
    [
        ("baseline", "6 h after start and daily", False),
        ("baseline", "2 to 6 h after the start", False),
        ("before the start", "12 h after the start, then daily", True),
        ("baseline", "daily", True),
        ("24 h", "", True),
        ("baseline", "360 min after the start", False),
        ("baseline", "", True),
    ],
)
def test_a_first_platelet_count_later_than_6_h_is_warned_of(at: str, then: str, found: bool) -> None:
    entry = {"check": "platelets", "at": at, **({"then": then} if then else {})}
    made = {**CLEAN, "monitoring": [entry, {"check": "CT without haemorrhage", "at": "before the start"}]}
    assert told(made) == ({"RC705": "warning"} if found else {})


def test_an_infusion_without_a_stop_is_a_warning_and_in_a_set_that_bridges_an_error() -> None:
    open_ended = {"drip": {"run_time": "", "vtbi": ""}}
    assert severity_of("RC631", changed(**open_ended)) == "error"
    alone = changed(**open_ended, **dict.fromkeys(("asa-load", "asa", "load", "daily")))
    assert severity_of("RC631", alone) == "warning"


@pytest.mark.parametrize(
    ("thrombolysis", "text", "severity"),
    [
        (None, "", "warning"),
        ("none", "", None),
        ("-25 h", "", None),
        (None, "after IVT: hold until the CT at 24 h", None),
        (None, "hold aspirin until 24 h after alteplase", None),
    ],
)
def test_whether_a_thrombolysis_was_given_is_asked_beside_oral_agents(
    thrombolysis: str | None, text: str, severity: str | None
) -> None:
    patient = {**CLEAN["patient"], **({"thrombolysis": thrombolysis} if thrombolysis else {})}
    patient = patient if thrombolysis else {k: v for k, v in patient.items() if k != "thrombolysis"}
    made = changed(**({"asa": {"text": text}} if text else {}))
    assert severity_of("RC613", {**made, "patient": patient}) == severity


@pytest.mark.parametrize(
    ("lysis", "order", "severity"),
    [
        ("-2 h", {"dose": "40 mg", "frequency": "daily"}, "warning"),
        ("-2 h", {"dose_per_kg": "1 mg/kg", "frequency": "every 12 h"}, "error"),
        ("-2 h", {"dose": "80 mg", "frequency": "every 12 h"}, "error"),
        ("-2 h", {"dose": "40 mg", "frequency": "daily", "text": "VTE prophylaxis"}, "warning"),
        ("-2 h", {}, "warning"),  # named alone: it may be prophylaxis
        ("none", {"dose": "40 mg", "frequency": "daily"}, "note"),
        ("none", {"dose_per_kg": "1 mg/kg", "frequency": "every 12 h"}, "warning"),
        ("none", {"dose": "40 mg", "frequency": "daily", "text": "VTE prophylaxis"}, "note"),
        ("-30 h", {"dose": "40 mg", "frequency": "daily"}, "note"),
        ("-30 h", {"dose_per_kg": "1 mg/kg", "frequency": "every 12 h"}, "warning"),
    ],
)
def test_an_anticoagulant_beside_the_infusion_weighs_by_the_thrombolysis_and_by_prophylaxis(
    lysis: str, order: dict[str, str], severity: str
) -> None:
    made = changed(patient={"thrombolysis": lysis}, lmwh={"drug": "enoxaparin", "route": "SC", **order})
    assert severity_of("RC624", made) == severity


@pytest.mark.parametrize(("frequency", "found"), [("every 6 h", True), ("once", False), ("", False)])
def test_a_repeated_bolus_is_an_error(frequency: str, found: bool) -> None:
    made = changed(bolus={"frequency": frequency} if frequency else {"give_over": "5 min"})
    assert (severity_of("RC429", made) == "error") == found


@pytest.mark.parametrize(
    ("clearance", "protocol", "severity"),
    [("25 mL/min", False, "error"), ("25 mL/min", True, "warning"), ("45 mL/min", False, "warning")],
)
def test_a_full_rate_that_every_label_would_halve_is_an_error_without_a_protocol(
    clearance: str, protocol: bool, severity: str
) -> None:
    made = changed(patient={"creatinine_clearance": clearance})
    made = made if protocol else {name: value for name, value in made.items() if name != "protocol"}
    assert severity_of("RC501", made) == severity


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("daily", 1), ("q24h", 1), ("every 48 h", 1), ("every 12 hours", 2), ("BID", 2), ("2x", 2), ("TID", 3),
        ("every 8 h", 3), ("q6h", 4), ("q 6 hourly", 4), ("4 times daily", 4), ("every 5 hrs", 5),
        ("5 \u00d7 a day", 5), ("every 4 h", 6), ("every 4 hourly", 6), ("3 times every 6 h", 12), ("hourly", 24),
        ("every hour", 24), ("once", None), ("as told", None), ("4-hourly", 6), ("every 0 h", None),
        ("every six hours", 4), ("q.d.s.", 4),
        ("every 30 min", 48), ("every 144 minutes", 10), ("q15min", 96), ("every 10 min x 2", 2),
        ("every 4 h, 10 doses", 6), ("3 doses", 3), ("every 0 min", None),
    ],
)  # fmt: skip
def test_how_often_a_day_is_read_as_the_most_that_is_said(text: str, times: int | None) -> None:
    assert times_daily(text) == times


FOUND: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a thrombolytic ordered where none is said of the patient": (
        "RC610", "warning", {"tnk": {"drug": "tenecteplase", "route": "IV", "kind": "bolus", "start": "-2 h"}},
    ),
    "a thrombolytic without its time": ("RC610", "warning", {"tpa": {"drug": "alteplase", "route": "IV"}}),
    "a salt of heparin": ("RC624", "warning", {"hep": {"drug": "heparin sodium", "route": "IV", "kind": "infusion"}}),
    "a salt of omeprazole": ("RC625", "warning", {**CLOPIDOGREL, "ppi": {"drug": "omeprazole magnesium"}}),
    "ticagrelor three times a day": ("RC626", "error", {"daily": {"frequency": "three times daily"}}),
    "clopidogrel twice a day": (
        "RC626", "error",
        {"load": CLOPIDOGREL["load"], "daily": {"drug": "clopidogrel", "dose": "75 mg", "frequency": "BID"}},
    ),
    "ticagrelor every hour": ("RC626", "error", {"daily": {"frequency": "hourly"}}),
    "ticagrelor every four hours": ("RC626", "error", {"daily": {"frequency": "q4h"}}),
    "ticagrelor ten times": ("RC626", "error", {"daily": {"frequency": "10 times daily"}}),
    "aspirin 81 mg twice a day with ticagrelor": ("RC621", "error", {"asa": {"frequency": "twice daily"}}),
    "an intramuscular NSAID": ("RC637", "warning", {"pain": {"drug": "diclofenac", "route": "IM"}}),
}  # fmt: skip
LATER: dict[str, dict[str, Any]] = {
    "an anticoagulant long after the stop": {"doac": {"drug": "apixaban", "dose": "5 mg", "start": "+336 h"}},
    "an NSAID after the stop": {"pain": {"drug": "ibuprofen", "dose": "400 mg", "start": "+48 h"}},
    "an injection after the stop": {"pain": {"drug": "ketamine", "route": "IM", "start": "+48 h"}},
    "another inhibitor in its place": {
        "bolus": {"choose_one": "a"},
        "drip": {"choose_one": "b"},
        "ept": {"drug": "eptifibatide", "route": "IV", "kind": "infusion", "product": "eptifibatide-bag-100",
                "dose_rate_per_kg": "0.5 mcg/kg/min", "run_time": "24 h", "choose_one": "b"},
    },
    "clopidogrel once cangrelor has stopped": {
        **CLOPIDOGREL,
        "load": {"drug": "clopidogrel", "dose": "600 mg", "start": "+16 h"},
        "can": {"drug": "cangrelor", "route": "IV", "kind": "infusion", "start": "-6 h", "stop": "-2 h"},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_is_written_in_another_way_is_found_too(name: str) -> None:
    code, severity, orders = FOUND[name]
    assert told(changed(**orders)).get(code) == severity


@pytest.mark.parametrize("name", LATER)
def test_what_does_not_meet_is_no_finding(name: str) -> None:
    assert told(changed(**LATER[name])).keys() - {"RC603", "RC623", "RC660"} == set()


@pytest.mark.parametrize(
    ("at", "found"), [("+30 h", True), ("24 h after start", True), ("+72 h", False), ("day 4", False)]
)
def test_an_assay_of_the_monitoring_is_found_where_its_hour_is_too_early(at: str, found: bool) -> None:
    made = {**CLEAN, "monitoring": [*CLEAN["monitoring"], {"check": "P2Y12 reactivity", "at": at}]}
    assert told(made) == ({"RC614": "warning"} if found else {})


NAMES = ("tirofiban infusion", "Tirofiban (Aggrastat)", "tirofiban 50 mcg/mL", "TIROFIBAN HCl", "Aggrastat bolus")


@pytest.mark.parametrize("name", NAMES)
def test_a_drug_is_judged_whatever_stands_behind_its_name(name: str) -> None:
    other = {"dose_rate_per_kg": "0.1 mcg/kg/min", "pump_rate": "9.6 mL/h", "vtbi": "230.4 mL"}
    assert told(changed(drip={"drug": name, **other})).get("RC419") == "error"


ONCE = (
    "once",
    "Once",
    "one time",
    "x1",
    "1x",
    "x 1",
    "single dose",
    "once only",
    "STAT",
    "once at hour 20",
    "1 dose",
    "now",
)
AGAIN = (
    "daily",
    "once daily",
    "once a day",
    "once every 24 h",
    "STAT then daily",
    "every 24 h",
    "twice daily",
)
UNCLEAR = ("loading dose", "on arrival", "6 to 24 h before stenting", "once, then 75 mg daily", "tonight")


@pytest.mark.parametrize("often", [*ONCE, *UNCLEAR])
def test_a_load_that_says_once_is_no_repeated_dose(often: str) -> None:
    assert told(changed(**{"asa-load": {"frequency": often}, "load": {"frequency": often}})) == {}


@pytest.mark.parametrize("often", AGAIN)
def test_a_load_that_is_repeated_is_found(often: str) -> None:
    assert {"RC621", "RC633"} <= told(
        changed(**{"asa-load": {"frequency": often}, "load": {"frequency": often}})
    ).keys()


def test_a_volume_without_its_concentration_is_a_warning() -> None:
    assert told(changed(drip={"product": ""})) == {"RC702": "warning"}


def test_the_example_set_gives_what_the_documentation_names() -> None:
    outcome = invoke("check", str(EXAMPLES / "rescue.yaml"), "--format", "json", "--as-of", "2026-11-24")
    found = sorted((each["code"], each["line"]) for each in outcome.json["findings"] if each["severity"] != "note")
    assert found == [("RC512", 12), ("RC603", 14), ("RC610", 7), ("RC611", 13)]
    assert "RC407" in {each["code"] for each in outcome.json["findings"]}


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from([30, 50, 60])), min_size=1, max_size=4)
)
def test_gaps_and_overlaps_are_those_that_every_clearance_shows(conditions: list[tuple[str, int]]) -> None:
    orders = [
        {"drug": "tirofiban", "kind": "infusion", "when": {"creatinine_clearance": f"{sign} {limit} mL/min"}}
        for sign, limit in conditions
    ]
    text = json.dumps({"order_set": "a", "orders": orders})
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--select", "RC5", "--format", "json", stdin=text)
    codes = {each["code"] for each in outcome.json["findings"]}

    def given_at(clearance: Fraction) -> int:
        holds = {"<": clearance.__lt__, "<=": clearance.__le__, ">": clearance.__gt__, ">=": clearance.__ge__}
        return sum(bool(holds[sign](limit)) for sign, limit in conditions)

    points = [Fraction(limit) for limit in (30, 50, 60)]
    stretches = [Fraction(middle) for middle in (10, 40, 55, 90)]
    assert ("RC512" in codes) is any(given_at(each) == 0 for each in stretches)
    alone = [
        point for at, point in enumerate(points)
        if given_at(point) == 0 and given_at(stretches[at]) and given_at(stretches[at + 1])
    ]  # fmt: skip
    assert ("RC510" in codes) is bool(alone)
    assert ("RC511" in codes) is any(given_at(each) > 1 for each in (*points, *stretches))
