"""The timeline of a plan: in characters, and as a picture."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from rescuecalc.reporters.render.regimen.timeline_lanes import COVERS, GAP, POSSIBLE, UNKNOWN, Bar, Timeline, timeline
from rescuecalc.reporters.render.regimen.timeline_text import timeline_lines
from tests.support import invoke

pytestmark = pytest.mark.long

HOUR = 3600
BERLIN = ("--start", "2026-03-28T20:00", "--timezone", "Europe/Berlin")
PLAN = (
    *("plan", "rescue-bt-2022", "--weight", "80kg", "--p2y12", "clopidogrel", "--load", "600mg"),
    *("--aspirin-load", "325mg", "--infusion-product", "bag-250", "--thrombolysis-at", "-2h"),
)
PLANS = (
    PLAN,
    (*PLAN, *BERLIN),
    ("plan", "khachatryan-2023-case", "--weight", "80kg"),
    ("plan", "trend-2024", "--weight", "80kg", "--infusion-product", "bag-100"),
    ("plan", "eu-label-load", "--weight", "80kg", "--crcl", "90mL/min", "--run-time", "107h"),
    ("plan", "--infusion", "0.1mcg/kg/min", "--run-time", "20min", "--weight", "80kg", "--thrombolysis-at", "-160h"),
    ("plan", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--p2y12", "cangrelor", "--overlap", "2h"),
)
PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "plan.svg"


def document(*args: str) -> Any:
    return json.loads(invoke(*args, "--format", "json").stdout, parse_float=Decimal)


def drawn(*args: str) -> Timeline:
    made = timeline(document(*args))
    assert made is not None
    return made


def lane(made: Timeline, name: str) -> Any:
    return next(each for each in made.lanes if each.name == name)


def test_bars_stand_at_the_times_of_the_plan() -> None:
    made = drawn(*PLAN)
    assert lane(made, "tirofiban").bars == (Bar(0, 24 * HOUR, COVERS, "14.4 mL/h"),)
    assert [(bar.start, bar.end) for bar in lane(made, "containers").bars] == [(0, 62500), (62500, 86400)]
    assert lane(made, "aspirin").bars == (Bar(21 * HOUR, 32 * HOUR, COVERS),)
    assert lane(made, "clopidogrel").bars == (Bar(22 * HOUR, 28 * HOUR, POSSIBLE), Bar(28 * HOUR, 32 * HOUR, COVERS))
    assert lane(made, "gap, worst case").bars == (Bar(24 * HOUR, 28 * HOUR, GAP, "240 min"),)
    assert [(bar.start, bar.end) for bar in lane(made, "offset").bars] == [(28 * HOUR, 32 * HOUR)]
    assert [mark.at for mark in lane(made, "imaging").marks] == [-2 * HOUR, 22 * HOUR]


def test_the_36_checks_count_from_the_thrombolysis() -> None:
    marks = [mark.at for mark in lane(drawn(*PLAN), "neuro and BP").marks]
    assert len(marks) == 36
    assert marks[:2] == [-6300, -5400]
    assert marks[-1] == 22 * HOUR


def test_what_has_no_time_is_named_and_not_placed() -> None:
    made = drawn("plan", "khachatryan-2023-case", "--weight", "80kg")
    assert {"load: aspirin 300 mg PR", "repeated dose: clopidogrel 75 mg"} <= set(made.unplaced)
    assert not {"aspirin", "clopidogrel"} & {each.name for each in made.lanes}
    assert lane(made, "gap, worst case").bars == (Bar(24 * HOUR, 32 * HOUR, UNKNOWN, "unknown"),)


def test_what_lies_far_outside_is_named_and_not_drawn() -> None:
    made = drawn(
        "plan", "--infusion", "0.1mcg/kg/min", "--run-time", "20min", "--weight", "80kg", "--thrombolysis-at", "-160h"
    )
    assert made.begin == -30 * HOUR
    assert any(each.startswith("thrombolysis: -160:00:00") for each in made.outside)


def test_a_load_and_its_maintenance_are_two_bars() -> None:
    bars = lane(drawn("plan", "trend-2024", "--weight", "80kg", "--infusion-product", "bag-250"), "tirofiban").bars
    assert bars == (Bar(0, 1800, COVERS, "38.4 mL/h"), Bar(1800, 72 * HOUR + 1800, COVERS, "9.6 mL/h"))


def test_clock_readings_stay_true_over_a_change_of_the_clocks() -> None:
    made = drawn(*PLAN, *BERLIN)
    assert f"{made.clock(4 * HOUR):%H:%M}" == "00:00"
    assert f"{made.clock(24 * HOUR):%d %H:%M}" == "29 21:00"
    assert made.change() == (6 * HOUR, "clocks change from +01:00 to +02:00")
    autumn = drawn(*PLAN, "--start", "2026-10-24T20:00", "--timezone", "Europe/Berlin")
    assert autumn.change() == (7 * HOUR, "clocks change from +02:00 to +01:00")
    assert drawn(*PLAN).change() is None


@pytest.mark.parametrize("args", PLANS, ids=lambda args: " ".join(args[1:3]))
@pytest.mark.parametrize("width", [60, 80, 132])
def test_no_line_is_wider_than_the_page(args: tuple[str, ...], width: int) -> None:
    lines = timeline_lines(document(*args), width)
    assert lines
    assert max(len(line) for line in lines) <= width


def test_the_axis_names_hours_and_clock() -> None:
    lines = timeline_lines(document(*PLAN, *BERLIN), 80)
    hours, clock = lines[0].split(), lines[1].split()
    assert hours == ["hours", "0", "4", "8", "12", "16", "20", "24", "28"]
    assert clock == ["clock", "20:00", "00:00", "05:00", "09:00", "13:00", "17:00", "21:00", "01:00"]


def test_the_drawing_has_the_signs_of_its_legend() -> None:
    text = "\n".join(timeline_lines(document(*PLAN), 80))
    [clopidogrel] = [line for line in text.splitlines() if line.startswith("  clopidogrel")]
    assert clopidogrel.index("*") < clopidogrel.index("\u2592") < clopidogrel.index("\u2588")
    assert "X gap" in text


def test_a_bolus_alone_has_no_timeline() -> None:
    made = document("plan", "kang-2018-ia", "--ia-dose", "0.5mg")
    assert timeline(made) is None
    assert timeline_lines(made, 80) == []


def picture(folder: Path, name: str, *args: str) -> bytes:
    file = folder / name
    outcome = invoke(*args, "--picture", str(file), "--details")
    assert outcome.exit_code == 0, outcome.stderr
    assert "TIMELINE" in outcome.stdout
    return file.read_bytes()


def words(svg: bytes) -> list[str]:
    root = ET.fromstring(svg)  # noqa: S314  # our own file
    return ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_an_svg_holds_lanes_title_and_clock_as_text(tmp_path: Path) -> None:
    svg = picture(tmp_path, "plan.svg", *PLAN, *BERLIN)
    said = words(svg)
    lanes = {"tirofiban", "containers", "aspirin", "clopidogrel", "gap, worst case", "imaging", "neuro and BP"}
    assert lanes <= set(said)
    assert {"17:00", "21:00", "240 min", "14.4 mL/h", "clocks change from +01:00 to +02:00 at the dashed line"} <= set(
        said
    )
    assert b"<title>tirofiban: rescue-bt-2022, 80 kg, start 2026-03-28 20:00 +01:00</title>" in svg


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    for suffix in ("svg", "png"):
        one, other = (picture(tmp_path, f"{name}.{suffix}", *PLAN, *BERLIN) for name in ("one", "other"))
        assert one == other
    assert one.startswith(b"\x89PNG")


def test_the_picture_of_the_manual_is_the_one_that_is_drawn(tmp_path: Path) -> None:
    assert words(PICTURE.read_bytes()) == words(picture(tmp_path, "plan.svg", *PLAN, *BERLIN))
    assert PICTURE.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_a_diamond_does_not_lie_on_its_label() -> None:
    """A diamond reaches 3.6 points from its middle; its label begins at the same time and ends above it."""
    root = ET.parse(PICTURE).getroot()  # noqa: S314  # our own file
    svg = "{http://www.w3.org/2000/svg}"
    labels = {"".join(each.itertext()): each for each in root.iter(f"{svg}text")}
    groups = (each for each in root.iter(f"{svg}g") if each.get("id", "").startswith("PathCollection"))
    marks = {(mark.get("x"), float(mark.get("y", "nan"))) for group in groups for mark in group.iter(f"{svg}use")}
    for name in ("bolus 800 mcg", "325 mg", "600 mg"):
        below = [y - float(labels[name].get("y", "nan")) for x, y in marks if x == labels[name].get("x")]
        assert min(gap for gap in below if gap > 0) > 3.6 + 2, name


@pytest.mark.parametrize("name", ["plan.pdf", "plan", "plan.svg.txt"])
def test_another_kind_of_picture_is_refused(tmp_path: Path, name: str) -> None:
    outcome = invoke(*PLAN, "--picture", str(tmp_path / name))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "neither in .svg nor in .png" in outcome.stderr
    assert not list(tmp_path.iterdir())


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "rescuecalc.reporters.render.regimen.timeline_picture", None)
    outcome = invoke(*PLAN, "--picture", str(tmp_path / "plan.svg"))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "pip install 'rescuecalc[pictures]'" in outcome.stderr


def test_a_picture_that_cannot_be_written_is_exit_3(tmp_path: Path) -> None:
    outcome = invoke(*PLAN, "--picture", str(tmp_path / "missing" / "plan.svg"))
    assert (outcome.exit_code, outcome.stdout) == (3, "")
    assert "cannot be written: No such file or directory" in outcome.stderr


def test_a_plan_without_an_infusion_is_not_drawn(tmp_path: Path) -> None:
    outcome = invoke("plan", "kang-2018-ia", "--ia-dose", "0.5mg", "--picture", str(tmp_path / "plan.svg"))
    assert (outcome.exit_code, outcome.stdout) == (4, "")
