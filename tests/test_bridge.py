"""Bridge and plan: other formats, a hospital's own steps, and what the data say of agents."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from rescuecalc.catalogue.clinical.bridging import antiplatelets, bridging, monitoring
from tests.support import invoke

pytestmark = pytest.mark.core

BERLIN = ("--start", "2026-03-28T20:00", "--timezone", "Europe/Berlin")
RESCUE_BT = ("rescue-bt-2022", "--weight", "80kg", "--p2y12", "clopidogrel", "--load", "300mg")
SITE = Path(__file__).parent.parent / "docs" / "examples" / "our-hospital.toml"


def plan(*args: str) -> Any:
    outcome = invoke("plan", *args, "--format", "json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    return outcome.json


def entries(*args: str) -> list[Any]:
    outcome = invoke("plan", *args, "--format", "ics")
    assert outcome.exit_code == 0, outcome.stderr
    return list(Calendar.from_ical(outcome.stdout).walk())[1:]


def test_a_calendar_has_an_entry_for_each_event_at_its_clock_time() -> None:
    args = (*RESCUE_BT, *BERLIN, "--thrombolysis-at", "-2h")
    timed = [each for each in plan(*args)["events"] if each["at"]]
    found = [each for each in entries(*args) if each.name == "VEVENT"]
    assert [each.decoded("dtstart") for each in found] == [datetime.fromisoformat(each["at"]) for each in timed]
    stop = next(each for each in found if "infusion stops" in each["summary"])
    assert stop.decoded("dtstart").isoformat() == "2026-03-29T19:00:00+00:00"


def test_what_has_no_time_is_a_to_do_without_a_date() -> None:
    todos = [each for each in entries("khachatryan-2023-case", "--weight", "80kg", *BERLIN) if each.name == "VTODO"]
    assert len(todos) > 4
    assert all("time not stated" in each["summary"] and "due" not in each and "dtstart" not in each for each in todos)


def test_a_series_in_a_calendar_repeats_in_hours_or_minutes_and_ends() -> None:
    found = entries(*RESCUE_BT, *BERLIN, "--thrombolysis-at", "-2h")
    rules = [dict(each["rrule"]) for each in found if "rrule" in each]
    assert [(rule["FREQ"], rule["INTERVAL"], rule["COUNT"]) for rule in rules] == [
        (["MINUTELY"], [15], [8]),
        (["MINUTELY"], [30], [12]),
        (["HOURLY"], [1], [16]),
    ]
    daily = entries("trend-2024", "--weight", "80kg", *BERLIN)
    [counts] = [dict(each["rrule"]) for each in daily if "rrule" in each]
    assert (counts["FREQ"], counts["INTERVAL"], counts["COUNT"]) == (["HOURLY"], [24], [3])


def test_a_calendar_is_the_same_each_time_and_its_findings_travel_along() -> None:
    args = ("plan", *RESCUE_BT, *BERLIN, "--format", "ics")
    assert invoke(*args).stdout == invoke(*args).stdout
    first = next(each for each in entries(*RESCUE_BT, *BERLIN) if "bolus" in each["summary"])
    assert "WARNING RC603" in first["description"]
    assert len({each["uid"] for each in entries(*RESCUE_BT, *BERLIN)}) == len(entries(*RESCUE_BT, *BERLIN))


def test_a_calendar_names_the_end_of_a_window_by_the_clock() -> None:
    # 6 h after 20:00 in Berlin, on the night in which the clocks go forward
    summaries = [str(each["summary"]) for each in entries(*RESCUE_BT, *BERLIN)]
    assert "blood count, to 2026-03-29 03:00 +02:00" in summaries


def test_a_calendar_needs_a_start() -> None:
    outcome = invoke("plan", *RESCUE_BT, "--format", "ics")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "add --start and --timezone" in outcome.stderr


def test_csv_has_a_row_for_each_event() -> None:
    made = plan(*RESCUE_BT)
    rows = list(csv.DictReader(io.StringIO(invoke("plan", *RESCUE_BT, "--format", "csv").stdout)))
    assert [(row["event"], row["elapsed"]) for row in rows] == [
        (each["event"], each["elapsed"] or "") for each in made["events"]
    ]
    [load] = [row for row in rows if row["event"] == "antiplatelet-load"]
    assert (load["drug"], load["dose"], load["route"], load["stated"]) == ("clopidogrel", "300 mg", "PO", "by the user")


def test_every_format_of_a_wrong_plan_says_so_beside_its_doses() -> None:
    wrong = ("plan", *RESCUE_BT, *BERLIN, "--infusion-product", "bag-250", "--platelets", "40", "--format")
    out = {form: invoke(*wrong, form).stdout for form in ("csv", "markdown", "ics")}
    rows = list(csv.DictReader(io.StringIO(out["csv"])))
    assert "error RC650 platelets 40 x10^9/L: the EU label contraindicates" in rows[0]["read_first"]
    assert "disconnect at the cannula, do not flush" in rows[0]["read_first"]
    for row in rows[1:]:
        given = row["event"] in {"bolus", "infusion-start", "container-empty"} or row["event"].startswith(
            "antiplatelet"
        )
        assert row["read_first"] == ("DO NOT USE: RC650 platelets-below-limit" if given else "")
    assert out["markdown"].splitlines()[2].startswith("- **DO NOT USE**: RC650 platelets 40 x10^9/L")
    assert "SUMMARY:DO NOT USE: infusion starts: tirofiban 0.15 mcg/kg/min IV" in out["ics"]
    assert "SUMMARY:DO NOT USE: blood count" not in out["ics"]
    right = invoke("plan", *RESCUE_BT, *BERLIN, "--format", "ics").stdout
    assert "DO NOT USE" not in right


def test_the_concentration_stands_beside_the_pump_rate_of_an_event() -> None:
    bagged = ("plan", *RESCUE_BT, *BERLIN, "--infusion-product", "bag-250", "--format")
    for form in ("csv", "markdown", "json"):
        assert "0.15 mcg/kg/min at 14.4 mL/h of 50 mcg/mL" in invoke(*bagged, form).stdout
    unfolded = invoke(*bagged, "ics").stdout.replace("\n ", "")
    assert "at 14.4 mL/h of 50 mcg/mL" in unfolded
    assert not re.search(r"mL/h(?! of)", unfolded)


def test_markdown_holds_every_event_and_finding() -> None:
    made, text = plan(*RESCUE_BT, *BERLIN), invoke("plan", *RESCUE_BT, *BERLIN, "--format", "markdown").stdout
    for finding in made["findings"]:
        assert finding["message"] in text
    for event in made["events"]:
        assert event["detail"] in text
    assert "gap worst case 120 min, best case 0 min" in text


def test_every_format_ends_with_the_same_exit_code() -> None:
    prasugrel = ("rescue-bt-2022", "--weight", "80kg", "--p2y12", "prasugrel", "--load", "60mg", *BERLIN)
    codes = {form: invoke("plan", *prasugrel, "--format", form).exit_code for form in ("text", "json", "csv", "ics")}
    assert set(codes.values()) == {1}


def site(folder: Path, *lines: str) -> str:
    path = folder / "own.toml"
    path.write_text(SITE.read_text("utf-8") + "\n".join(("", "[[antiplatelet]]", *lines, "")), encoding="utf-8")
    return str(path)


def test_a_hospitals_own_file_says_its_antiplatelets(tmp_path: Path) -> None:
    lines = ('drug = "aspirin"', 'dose = "325 mg"', 'route = "PO"', 'frequency = "daily"', 'words = "from our SOP"')
    args = ("--protocol-file", site(tmp_path, *lines), "--weight", "80kg", "--run-time", "24h", "--overlap", "4h")
    [dose] = plan(*args)["antiplatelets"]
    assert (dose["drug"], dose["dose"]["value"], dose["elapsed"]) == ("aspirin", 325, "20:00:00")
    assert (dose["stated"], dose["time_stated"]) == ("by the source", "by the user")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (('drug = "asprin"', 'words = "x"'), "unknown antiplatelet 'asprin'; did you mean aspirin?"),
        (('drug = "aspirin"',), "words: is missing"),
        (('drug = "aspirin"', 'words = "x"', 'route = "IM"'), "route: 'IM' is not one of"),
        (('drug = "aspirin"', 'words = "x"', 'dose = "325"'), "dose: cannot read '325'"),
        (('drug = "aspirin"', 'words = "x"', 'hour = "20 h"'), "hour: unknown key"),
    ],
)
def test_a_wrong_antiplatelet_of_a_file_is_refused_by_key(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    outcome = invoke("protocol", "check", site(tmp_path, *lines))
    assert outcome.exit_code == 3
    assert message in " ".join(outcome.stderr.split())


def test_a_sources_hour_is_not_taken_over_to_another_run_time() -> None:
    made = plan("rescue-bt-2022", "--weight", "80kg", "--run-time", "12h", "--p2y12", "clopidogrel", "--load", "300mg")
    [load] = [each for each in made["antiplatelets"] if each["purpose"] == "load"]
    assert (load["elapsed"], load["time_stated"], made["overlap"]) == (None, "not stated", None)
    [overlap] = [each for each in made["events"] if each["event"] == "overlap"]
    assert "is for the run time that it states" in overlap["detail"]


def test_a_clock_time_of_the_thrombolysis_is_counted_from_the_start() -> None:
    lysis = ("--thrombolysis-at", "2026-03-28T17:30")
    made = plan(*RESCUE_BT, *BERLIN, *lysis)
    assert made["thrombolysis"]["elapsed"] == "-02:30:00"
    over_the_change = plan(*RESCUE_BT, "--start", "2026-03-29T08:00", "--timezone", "Europe/Berlin", *lysis)
    assert over_the_change["thrombolysis"]["elapsed"] == "-13:30:00"  # 14.5 h on the wall, an hour is skipped


def test_a_choice_in_place_of_the_sources_drug_is_named() -> None:
    made = plan("khachatryan-2023-case", "--weight", "80kg", "--p2y12", "ticagrelor", "--load", "180mg")
    assert "The review's own case names clopidogrel 75 mg; ticagrelor was chosen in its place" in made["notes"]
    assert "clopidogrel" not in {each["drug"] for each in made["antiplatelets"]}


def test_a_regimen_of_ones_own_is_bridged_too() -> None:
    own = ("--bolus", "10mcg/kg", "--route", "iv", "--infusion", "0.1mcg/kg/min", "--run-time", "24h")
    made = plan(*own, "--weight", "80kg", "--p2y12", "ticagrelor", "--load", "180mg", "--overlap", "2h")
    assert made["protocol"]["id"] is None
    assert {each["stated"] for each in made["events"] if each["drug"] == "tirofiban" and each["dose"]} == {
        "by the user"
    }
    assert made["coverage"]["gap"] == {"worst_minutes": 0, "best_minutes": 0, "worst": "0 min", "best": "0 min"}


def test_the_labels_of_tirofiban_speak_of_tirofiban_alone() -> None:
    assert len(monitoring("tirofiban").checks) == 4
    assert [check.id for check in monitoring("eptifibatide").checks] == ["neuro-and-bp-checks", "platelets-baseline"]
    assert {one.id for each in monitoring("eptifibatide").checks[1:] for one in each.sources} == {"eptifibatide-label"}
    made = plan(
        "eptifibatide-label", "--weight", "80kg", "--run-time", "24h", "--crcl", "90mL/min", "--p2y12", "clopidogrel"
    )
    assert made["coverage"]["offset_earliest_elapsed"] is None
    assert not any(source["id"] == "eu-label" for source in made["sources"])


def test_the_checks_after_a_thrombolysis_are_36() -> None:
    [check] = [each for each in monitoring("tirofiban").checks if each.series]
    assert [each.checks for each in check.series] == [8, 12, 16]


def test_every_agent_has_a_source_and_a_group() -> None:
    assert set(antiplatelets()) == {"aspirin", "clopidogrel", "ticagrelor", "prasugrel", "cangrelor"}
    for agent in antiplatelets().values():
        assert agent.sources
        assert all(onset.sources and onset.words for onset in agent.onsets)
    assert bridging().hold.length.value_in("h") == Fraction(24)


def test_the_infusion_and_the_wall_clock_part_at_a_change_of_the_clocks() -> None:
    events = plan(*RESCUE_BT, *BERLIN)["events"]
    stop = next(each for each in events if each["event"] == "infusion-stop")
    start = next(each for each in events if each["event"] == "infusion-start")
    assert stop["at"] == "2026-03-29T21:00:00+02:00"
    assert datetime.fromisoformat(stop["at"]) - datetime.fromisoformat(start["at"]) == timedelta(hours=24)


BAGS = ("yang-2020-iv", "--weight", "80kg", "--run-time", "40h", "--infusion-product", "bag-250", *BERLIN)


@pytest.mark.parametrize(("options", "minutes"), [((), 30), (("--change-before", "45min"), 45)])
def test_a_change_of_container_calls_before_it_is_empty(options: tuple[str, ...], minutes: int) -> None:
    found = entries(*BAGS, *options)
    changes = [each for each in found if each.name == "VEVENT" and "container empty" in each["summary"]]
    alarms = [each for each in found if each.name == "VALARM"]
    assert [each.decoded("dtstart").isoformat() for each in changes] == [
        "2026-03-29T12:21:40+00:00",
        "2026-03-30T05:43:20+00:00",
    ]
    assert [alarm.decoded("trigger") for alarm in alarms] == [timedelta(minutes=-minutes)] * 2
    assert [alarm["action"] for alarm in alarms] == ["DISPLAY"] * 2
    assert alarms[0]["description"] == (
        f"tirofiban: container 1 is empty: change to container 2 before this time (in {minutes} min); "
        "14.4 mL/h of 50 mcg/mL"
    )


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--change-before", "18h"), 4, "18 h is longer than a container lasts"),
        (("--change-before", "0min"), 4, "is zero, which is not a time"),
        (("--change-before", "30"), 2, "--change-before"),
    ],
)
def test_a_lead_that_is_none_is_refused(options: tuple[str, ...], code: int, said: str) -> None:
    outcome = invoke("plan", *BAGS, "--format", "ics", *options)
    assert (outcome.exit_code, outcome.stdout) == (code, "")
    assert said in outcome.stderr


def test_a_lead_belongs_to_a_calendar() -> None:
    assert invoke("plan", *BAGS, "--change-before", "30min").exit_code == 2
