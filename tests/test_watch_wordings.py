"""Wordings of monitoring, stop criteria and texts that watch over an infusion, and ones that only read like it."""

from __future__ import annotations

import pytest

from tests.test_clinical_kinds import CT, DRIP, heavy, heavy_each, made, told, with_text

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
        ("platelets below 20", [("RC715", "error")]),
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
        "stop at 24 hr",
        "off at 24 hours",
        "remove 50 mL from a 250 mL NS bag, add 50 mL concentrate",
    ],
)
def test_a_text_that_only_reads_like_it_is_left_alone(text: str) -> None:
    assert told(text) == []


STOPS = (
    "platelets < 90 G/L", "plt below 90", "platelets <90,000", "platelets of 90 or less",
    "platelets 50% below baseline", "platelets below the normal range",
    "pseudothrombocytopenia excluded and platelets below 90 x10^9/L", "Hb drop > 2 g/dL",
    "decreased level of consciousness", "NIHSS worse by 4 or more: stop, CT", "pupil change", "gross haematuria",
    "seizure", "new neurologic deficit", "uncontrolled bleeding", "bleeding that does not stop with compression",
    "bleeding not controlled by compression", "STOP if bleeding; do not restart without neurology",
    "do not continue if haematoma", "stop the infusion and call the stroke team if bleeding",
)  # fmt: skip
NO_STOPS = (
    "continue if platelets stable", "continue if bleeding is minor", "only if both platelets below 90 and bleeding",
    "stop only if bleeding is fatal", "restart if bleeding stops", "ignore minor bleeding", "weekly", "platelets",
    "platelet count", "platelets normal", "platelets recover", "platelets less than nine",
    "platelets between 100 and 150", "no bleeding", "absence of bleeding", "if no neurological deterioration",
    "bleeding assessed daily", "discuss bleeding with the physician", "bleeding stopped", "headache resolves",
    "NIHSS improves", "GCS 15", "blood sugar low", "blood drawn", "haemoglobin above 12",
)  # fmt: skip
NO_REASONS = (
    "restart if bleeding stops", "no bleeding", "absence of bleeding", "bleeding stopped", "headache resolves",
    "NIHSS improves", "if no neurological deterioration",
)  # fmt: skip
NO_COUNTS = ("platelets below 90%", "platelets below 90 mg/dL", "platelets below 90 days", "platelets < 90 x10^12/L")


def test_a_criterion_is_an_event_or_a_measure_that_gets_worse() -> None:
    found = heavy_each([made(stop_if=[each]) for each in (*STOPS, *NO_STOPS, *NO_COUNTS)])
    expected = [
        *([] for _ in STOPS),
        *(
            [("RC706", "error", "/stop_if/0") if each in NO_REASONS else ("RC706", "warning", "/stop_if")]
            for each in NO_STOPS
        ),
        *([("RC715", "warning", "/stop_if/0")] for _ in NO_COUNTS),
    ]
    assert dict(zip((*STOPS, *NO_STOPS, *NO_COUNTS), found, strict=True)) == dict(
        zip((*STOPS, *NO_STOPS, *NO_COUNTS), expected, strict=True)
    )


EARLY = (
    "at 2, 6 and 24 h", "baseline, four hours after start, daily", "6-hourly for 24 h", "at 0, 6, 24 h",
    "H+6 and H+24", "hour 6 and hour 24", "+4 h", "240 min", "pre-infusion, 6 h post, daily",
    "at 6 h then daily if the infusion continues",
)  # fmt: skip
NOT_EARLY = (
    "q week", "every other week", "every other day", "alternate days", "twice a week", "Mon/Wed/Fri", "POD 2",
    "every 6", "q6", "6 mL", "every 6 min", "at 6 pm", "at 06:00", "in the morning", "per protocol", "routine",
    "regularly", "optional", "baseline only", "admission", "6 h before the start", "6 h before discharge",
    "if the patient bleeds within 6 h", "no need at 6 h", "hour 30", "36 checks", "daily", "BID",
)  # fmt: skip


def test_a_count_in_time_has_a_unit_after_the_start_and_no_condition() -> None:
    entries = [{"check": "platelet count", "at": each} for each in (*EARLY, *NOT_EARLY)] + [{"check": "platelet count"}]
    found = heavy_each([made(monitoring=[CT, each]) for each in entries])
    late = [("RC705", "warning", "/monitoring/1/at")]
    assert dict(zip(EARLY, found[: len(EARLY)], strict=True)) == {each: [] for each in EARLY}
    assert dict(zip(NOT_EARLY, found[len(EARLY) : -1], strict=True)) == dict.fromkeys(NOT_EARLY, late)
    assert found[-1] == [("RC705", "warning", "/monitoring/1/check")]


GOES_ON = (
    "do not stop for bleeding", "never hold the infusion if haemorrhage",
    "continue despite neurological deterioration", "continue the infusion if bleeding",
    "keep running even if platelets fall below 50", "ignore thrombocytopenia",
)  # fmt: skip
ENDS = (
    "do not stop for minor bleeding", "minor oozing at the puncture site: continue the infusion",
    "continue if no bleeding", "do not continue if bleeding", "do not stop for transport; if bleeding, stop and call",
    "do not stop for platelets above 90", "continue until bleeding", "stop if bleeding", "never ignore a headache",
)  # fmt: skip


def test_a_text_that_goes_on_through_a_reason_to_stop_is_an_error() -> None:
    found = heavy_each([made(with_text(each, DRIP)) for each in (*GOES_ON, *ENDS)])
    at_text = [("RC706", "error", "/orders/1/text")]
    assert dict(zip(GOES_ON, found[: len(GOES_ON)], strict=True)) == dict.fromkeys(GOES_ON, at_text)
    assert dict(zip(ENDS, found[len(GOES_ON) :], strict=True)) == {each: [] for each in ENDS}
    assert heavy(made(stop_if=["platelets below 90 x10^9/L", "do not stop for bleeding"])) == [("RC706", "error")]
