"""Properties of bridge and plan, compared with an oracle that walks minute by minute."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rescuecalc.rules.judging.registry import RULES
from tests.oracle_bridge import HOUR, TARGETS, Dose, gap
from tests.support import invoke

pytestmark = pytest.mark.core

WITHOUT_CHOICE = ("khachatryan-2023-case", "rescue-bt-2022", "instant-2024", "trend-2024")
OPEN = {"yang-2020-iv": 48, "yang-2020-ia": 48, "us-label": 18, "eu-label-bolus": 48, "eu-label-load": 107}
LOADS = {"clopidogrel": (300, 450, 600), "ticagrelor": (180,), "prasugrel": (60,)}
ALWAYS = {"infusion-start", "infusion-stop", "swallow-screen", "overlap", "assay-valid-from", "platelet-function-back"}


def made(*args: str) -> Any:
    outcome = invoke(*args, "--format", "json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    return outcome.json


@st.composite
def plans(draw: st.DrawFn) -> tuple[tuple[str, ...], list[Dose], int, int]:
    """Return the arguments of a bridge, the first doses that it plans, its stop and its overlap, in minutes."""
    protocol = draw(st.sampled_from(sorted(OPEN)))
    hours = draw(st.integers(12 if protocol.startswith("eu") else 6, OPEN[protocol]))
    hours = max(hours, 48) if protocol == "eu-label-load" else hours
    stop = hours * HOUR + (30 if protocol == "eu-label-load" else 0)
    overlap = draw(st.integers(1, min(stop, 24 * HOUR)))
    weight = draw(st.integers(40, 150))
    args = ["bridge", protocol, "--weight", f"{weight}kg", "--run-time", f"{hours}h", "--overlap", f"{overlap}min"]
    args += ["--crcl", f"{draw(st.integers(10, 150))}mL/min"]
    doses = []
    drug = draw(st.sampled_from(sorted(LOADS)))
    load, route = draw(st.sampled_from(LOADS[drug])), draw(st.sampled_from(["po", "ng"]))
    args += ["--p2y12", drug, "--load", f"{load}mg", "--p2y12-route", route]
    doses.append(Dose(drug, load, route.upper(), stop - overlap))
    if draw(st.booleans()):
        amount, way = draw(st.sampled_from([162, 300, 325])), draw(st.sampled_from(["po", "pr", "ng"]))
        args += ["--aspirin-load", f"{amount}mg", "--aspirin-route", way]
        doses.append(Dose("aspirin", amount, way.upper(), stop - overlap))
    return tuple(args), doses, stop, overlap


@given(plans())
def test_the_gap_is_that_of_an_oracle_that_walks_minute_by_minute(
    drawn: tuple[tuple[str, ...], list[Dose], int, int],
) -> None:
    args, doses, stop, _ = drawn
    found = made(*args)["coverage"]
    # Below 60 mL/min the effect lasts longer, and no source says how long: the best case is unknown.
    is_normal = int(args[args.index("--crcl") + 1].removesuffix("mL/min")) >= 60
    worst, best = gap(doses, stop, worst=True), gap(doses, stop, worst=False) if is_normal else None
    assert (found["gap"]["worst_minutes"], found["gap"]["best_minutes"]) == (worst, best)
    for dose in doses:
        [agent] = [each for each in found["agents"] if each["drug"] == dose.drug]
        assert agent["gap"]["worst_minutes"] == gap([dose], stop, worst=True)
        assert agent["gap"]["best_minutes"] == (gap([dose], stop, worst=False) if is_normal else None)
        if dose.onset is None:
            assert agent["gap"]["worst"] == agent["gap"]["best"] == "unknown"


@given(plans())
def test_a_gap_or_an_unknown_is_a_finding(drawn: tuple[tuple[str, ...], list[Dose], int, int]) -> None:
    args, doses, stop, _ = drawn
    codes = [each["code"] for each in made(*args)["findings"]]
    unknown = [dose for dose in doses if dose.onset is None]
    short = [dose for dose in doses if gap([dose], stop, worst=True)]
    assert codes.count("RC604") == (1 if unknown else 0)  # one note of a set names them all
    assert codes.count("RC603") == len(short)


@given(plans(), st.sampled_from(["none", "-2h", "-90min", "-30h", "+1h"]))
def test_events_are_sorted_and_complete(drawn: tuple[tuple[str, ...], list[Dose], int, int], lysis: str) -> None:
    args, doses, stop, overlap = drawn
    document = made(*args, "--thrombolysis-at", lysis)
    timed = [each["elapsed_seconds"] for each in document["events"] if each["elapsed_seconds"] is not None]
    places = [each["elapsed_seconds"] is None for each in document["events"]]
    assert timed == sorted(timed)
    assert places == sorted(places)
    names = [each["event"] for each in document["events"]]
    assert set(names) >= ALWAYS
    assert ("repeat-imaging" in names) == ("imaging-not-clean" in names) == (lysis != "none")
    assert names.count("neuro-and-bp-checks") == (1 if lysis == "none" else 3)
    assert next(e["elapsed_seconds"] for e in document["events"] if e["event"] == "infusion-stop") == stop * 60
    loads = [each for each in document["events"] if each["event"] == "antiplatelet-load"]
    assert {(each["drug"], each["elapsed_seconds"]) for each in loads} == {
        (d.drug, (stop - overlap) * 60) for d in doses
    }


@given(plans(), st.sampled_from(["none", "-2h", "+1h"]), st.sampled_from(["Europe/Berlin", "America/New_York", "UTC"]))
def test_moving_the_start_moves_every_event_by_the_same_elapsed_time(
    drawn: tuple[tuple[str, ...], list[Dose], int, int], lysis: str, zone: str
) -> None:
    args = (*drawn[0], "--thrombolysis-at", lysis, "--timezone", zone)
    first, second = ("2026-03-28T10:00", "2026-10-24T22:30")
    one, other = (made(*args, "--start", start)["events"] for start in (first, second))
    moved = datetime.fromisoformat(other_at(other)) - datetime.fromisoformat(other_at(one))
    assert [each["elapsed"] for each in one] == [each["elapsed"] for each in other]
    for before, after in zip(one, other, strict=True):
        if before["at"] is not None:
            assert datetime.fromisoformat(after["at"]) - datetime.fromisoformat(before["at"]) == moved
            start = datetime.fromisoformat(other_at(one))
            elapsed = timedelta(seconds=int(before["elapsed_seconds"]))
            assert datetime.fromisoformat(before["at"]) - start == elapsed


def other_at(events: list[Any]) -> str:
    return str(next(each["at"] for each in events if each["event"] == "infusion-start"))


@given(plans())
def test_every_finding_is_a_declared_rule_and_the_same_input_gives_the_same_bytes(
    drawn: tuple[tuple[str, ...], list[Dose], int, int],
) -> None:
    declared = {rule.code: (rule.name, {rule.severity.value, *rule.severities}) for rule in RULES}
    one, other = (invoke(*drawn[0], "--format", "json").stdout for _ in range(2))
    assert one == other
    for finding in made(*drawn[0])["findings"]:
        name, severities = declared[finding["code"]]
        assert finding["name"] == name
        assert finding["severity"] in severities
        assert finding["sources"]


@given(plans(), st.integers(0, 400))
def test_reactivity_is_held_against_each_target_by_name(
    drawn: tuple[tuple[str, ...], list[Dose], int, int], pru: int
) -> None:
    document = made(*drawn[0], "--pru", str(pru))
    [assay] = document["reactivity"]
    inside = {name: low <= pru <= high for name, (low, high) in TARGETS.items()}
    assert {each["name"][:9]: each["inside"] for each in assay["targets"]} == inside
    assert ("RC616" in {each["code"] for each in document["findings"]}) == (not all(inside.values()))


@given(plans())
def test_pages_hold_no_number_that_is_misread(drawn: tuple[tuple[str, ...], list[Dose], int, int]) -> None:
    page = invoke("plan", *drawn[0][1:]).stdout
    assert not re.search(r"\d\.\d*0(?![\d:%])(?= ?(?:mcg|mg|mL|h\b))", page)
    assert not re.search(r"(?<![\w.])\.\d", page)
    assert not re.search("[\u00b5\u03bc]|\\bcc\\b", page)
    assert max(len(line) for line in page.splitlines()) <= 80


@pytest.mark.parametrize(("protocol", "hours"), [("us-label", 18), ("eu-label-bolus", 48)])
def test_the_infusion_never_runs_past_a_labels_maximum(protocol: str, hours: int) -> None:
    args = ("bridge", protocol, "--weight", "80kg", "--crcl", "90mL/min", "--run-time")
    assert invoke(*args, f"{hours}h").exit_code == 0
    beyond = invoke(*args, f"{hours * 60 + 1}min")
    assert (beyond.exit_code, beyond.stdout) == (4, "")
    assert "longer than" in beyond.stderr


def test_a_load_counts_where_the_label_counts_it() -> None:
    args = ("bridge", "eu-label-load", "--weight", "80kg", "--crcl", "90mL/min", "--run-time")
    assert invoke(*args, "6450min").exit_code == 0  # 107.5 h and a load of 30 min are 108 h
    assert invoke(*args, "6451min").exit_code == 4


@pytest.mark.parametrize("protocol", WITHOUT_CHOICE)
def test_a_plan_of_what_its_source_states_alone_fills_nothing_in(protocol: str) -> None:
    document = made("bridge", protocol, "--weight", "80kg")
    for each in document["antiplatelets"]:
        if each["dose"] is None:
            assert "not stated" in each["detail"] or each["stated"] == "not stated"
        if each["elapsed"] is None:
            assert each["time_stated"] == "not stated"
    assert document["coverage"]["gap"]["worst"] == "unknown"
