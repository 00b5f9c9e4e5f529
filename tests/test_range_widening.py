"""`protocol check` says of every published range that a file lies outside of what it is and what it would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.clinical.published_ranges import published_ranges
from rescuecalc.core.orders.published_range import Indication
from rescuecalc.core.orders.range_widening import widenings
from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
id = "ours"
title = "Our hospital"
drug = "{drug}"
kind = "site"
confidence = "not graded"
population = "{population}"
antiplatelets = "not stated"
sources = [{{ id = "practice", locator = "SOP 1" }}]
"""
BOLUS = '[[bolus]]\nroute = "{route}"\n{dose}\n'
DRIP = '[[infusion]]\nrole = "maintenance"\ndose_rate_per_kg = "{rate}"\n'


def widened(folder: Path, body: str, drug: str = "tirofiban", population: str = "rescue after thrombectomy") -> Any:
    file = folder / "ours.toml"
    file.write_text(HEAD.format(drug=drug, population=population) + body, "utf-8")
    made = invoke("protocol", "check", str(file), "--format", "json").json
    return {(each["route"], each["phase"], each["variable"], each["indication"]): (each["before"], each["after"])
            for each in made["would_widen"]}  # fmt: skip


def test_a_rate_above_both_ranges_widens_both(tmp_path: Path) -> None:
    assert widened(tmp_path, DRIP.format(rate="0.2 mcg/kg/min")) == {
        ("IV", "maintenance", "dose_rate_per_kg", "any"): (
            "0.075 mcg/kg/min to 0.15 mcg/kg/min", "0.075 mcg/kg/min to 0.2 mcg/kg/min",
        ),
        ("IV", "maintenance", "dose_rate_per_kg", "rescue"): (
            "0.1 mcg/kg/min to 0.15 mcg/kg/min", "0.1 mcg/kg/min to 0.2 mcg/kg/min",
        ),
    }  # fmt: skip


def test_a_rate_inside_the_general_range_widens_that_of_rescue_alone(tmp_path: Path) -> None:
    assert widened(tmp_path, DRIP.format(rate="0.075 mcg/kg/min")) == {
        ("IV", "maintenance", "dose_rate_per_kg", "rescue"): (
            "0.1 mcg/kg/min to 0.15 mcg/kg/min", "0.075 mcg/kg/min to 0.15 mcg/kg/min",
        )
    }  # fmt: skip
    assert widened(tmp_path, DRIP.format(rate="0.075 mcg/kg/min"), population="acute coronary syndrome") == {}


def test_a_dose_below_and_a_span_around_a_range(tmp_path: Path) -> None:
    body = BOLUS.format(route="IA", dose='dose_range = { from = "0.1 mg", to = "2 mg" }')
    assert widened(tmp_path, body) == {("IA", "bolus", "dose", "any"): ("0.25 mg to 1 mg", "0.1 mg to 2 mg")}


def test_a_dose_that_no_range_is_held_for_is_named(tmp_path: Path) -> None:
    body = BOLUS.format(route="IV", dose='dose = "800 mcg"')
    assert widened(tmp_path, body) == {("IV", "bolus", "dose", "any"): (None, "800 mcg")}


@pytest.mark.parametrize("body", [DRIP.format(rate="0.15 mcg/kg/min"), DRIP.format(rate="0.1 mcg/kg/min")])
def test_what_lies_within_widens_nothing(tmp_path: Path, body: str) -> None:
    assert widened(tmp_path, body) == {}


def test_the_page_prints_before_and_after(tmp_path: Path) -> None:
    widened(tmp_path, DRIP.format(rate="0.2 mcg/kg/min"))
    page = " ".join(invoke("protocol", "check", str(tmp_path / "ours.toml")).stdout.split())
    assert "PUBLISHED RANGES THAT DO NOT INCLUDE THESE DOSES (they stay as they are)" in page
    assert "indication rescue: 0.1 mcg/kg/min to 0.15 mcg/kg/min → 0.1 mcg/kg/min to 0.2 mcg/kg/min" in page


def test_the_packaged_ranges_are_as_they_were_behind_it(tmp_path: Path) -> None:
    before = published_ranges()
    widened(tmp_path, DRIP.format(rate="6 mcg/kg/min"))
    assert published_ranges() == before


@pytest.mark.parametrize("name", catalogue.protocol_ids())
def test_no_packaged_protocol_widens_the_general_ranges(name: str) -> None:
    assert widenings(catalogue.protocol(name), published_ranges(), Indication.ANY) == ()
