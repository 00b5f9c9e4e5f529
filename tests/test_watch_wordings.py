"""Wordings of monitoring, stop criteria and texts that watch over an infusion, and ones that only read like it."""

from __future__ import annotations

import pytest

from tests.test_clinical_kinds import CT, heavy, made, told

GOOD_COUNTS = (
    "before start; 2-6 h after start; q24h",
    "q6h x 24 h then daily",
    "at 4 hours",
    "within 6 h of starting",
    "4-6 h post bolus and every morning",
    "6 hourly",
    "at baseline and 6h, daily thereafter while on infusion",
    "2h, 6h, 12h, 24h",
    "12 hourly after a first at 4 h",
    "twice daily, the first 5 h after start",
)
BAD_COUNTS = (
    "at discharge",
    "every 6 days",
    "next morning",
    "on day 2",
    "as clinically needed",
    "24 h after start",
    "if asked",
    "never",
    "once",
    "when bleeding",
)


@pytest.mark.parametrize("at", GOOD_COUNTS)
def test_a_count_in_time_watches(at: str) -> None:
    assert heavy(made(monitoring=[CT, {"check": "platelet count", "at": at}])) == []


@pytest.mark.parametrize("at", BAD_COUNTS)
def test_a_count_that_comes_late_or_never_is_a_warning(at: str) -> None:
    assert heavy(made(monitoring=[CT, {"check": "platelet count", "at": at}])) == [("RC705", "warning")]


@pytest.mark.parametrize(
    ("check", "is_count"), [("FBC", True), ("Blutbild", True), ("platelet function", False), ("glucose", False)]
)
def test_what_counts_platelets(check: str, *, is_count: bool) -> None:
    found = heavy(made(monitoring=[CT, {"check": check, "at": "4 h after start, daily"}]))
    assert (found == []) is is_count


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ("platelets < 90", []),
        ("platelets fall by more than 25% from baseline", []),
        ("platelets drop to less than 90", []),
        ("thrombocytopenia below 90 x10^9/L", []),
        ("new headache or NIHSS rise by 4", []),
        ("platelets under 90,000/uL", []),
        ("ICH on CT", []),
        ("major bleeding", []),
        ("platelets drop below 90 x 10^9/L, confirmed", []),
        ("severe bleeding, allergic reaction", []),
        ("platelets above 90", [("RC715", "error")]),
        ("platelet count > 90 x10^9/L", [("RC715", "error")]),
        ("platelets below 9", [("RC715", "error")]),
        ("platelets below 20", [("RC715", "warning")]),
        ("patient discharged", [("RC706", "warning")]),
        ("bag empty", [("RC706", "warning")]),
        ("if family asks", [("RC706", "warning")]),
        ("end of shift", [("RC706", "warning")]),
        ("heart rate above 50", [("RC706", "warning")]),
        ("pump alarm", [("RC706", "warning")]),
    ],
)
def test_what_a_criterion_stops_for(criterion: str, expected: list[tuple[str, str]]) -> None:
    assert heavy(made(stop_if=[criterion])) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("withdraw 3.2 mL from premix for the bolus", "RC642"),
        ("run 50 mL saline through the same line after infusion", "RC643"),
        ("repeat bolus x1 if no flow", "RC636"),
        ("uptitrate by 0.05 mcg/kg/min", "RC636"),
        ("taper over 6 h", "RC636"),
        ("use eGFR for dosing", "RC515"),
        ("enoxaparin 1 mg/kg BID", "RC624"),
        ("hold tirofiban 2 h for line placement then resume", "RC644"),
        ("use ReoPro 0.25 mg/kg", "RC660"),
    ],
)
def test_a_text_that_says_it_in_other_words_is_found(text: str, code: str) -> None:
    assert code in dict(told(text))


@pytest.mark.parametrize(
    "text",
    [
        "flush line before connecting; do not flush after",
        "flush a separate IV with saline before starting",
        "restart DOAC day 3 per neurology",
        "do not repeat bolus",
        "eGFR is not used",
        "hold 4 h before lumbar puncture",
        "stop enoxaparin 12 h before the start",
        "aspirin and clopidogrel per set",
        "call neurosurgery if ICH",
        "change bag every 17 h",
    ],
)
def test_a_text_that_only_reads_like_it_is_left_alone(text: str) -> None:
    assert told(text) == []
