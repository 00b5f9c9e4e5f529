"""Files in tests/orders/RCnnn/{fails,passes}: each is found, or not, by the rule that its folder is named after."""

from __future__ import annotations

from pathlib import Path

import pytest

from rescuecalc.rules.base.rule import is_command
from rescuecalc.rules.judging.registry import RULES
from tests.support import invoke

ORDERS = Path(__file__).parent / "orders"
FILES = sorted(path for path in ORDERS.glob("RC*/*/*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-3:]))
def test_a_file_is_found_by_the_rule_of_its_folder_or_passes_it(path: Path) -> None:
    outcome = invoke("check", str(path), "--format", "json", "--as-of", "2026-11-24")
    codes = {finding["code"] for finding in outcome.json["findings"]}
    assert (path.parts[-3] in codes) is (path.parts[-2] == "fails"), codes


@pytest.mark.parametrize("code", [rule.code for rule in RULES if not is_command(rule.fails)])
@pytest.mark.parametrize("side", ["fails", "passes"])
def test_every_rule_about_files_has_files_on_both_sides(code: str, side: str) -> None:
    assert any((ORDERS / code / side).iterdir())


def test_no_folder_is_of_a_rule_that_there_is_not_and_none_has_another_side() -> None:
    assert {path.parts[-3] for path in FILES} <= {rule.code for rule in RULES}
    assert {path.parts[-2] for path in FILES} == {"fails", "passes"}


def test_the_whole_set_that_passes_every_rule_has_no_finding_above_a_note() -> None:
    text = (ORDERS / "RC201" / "passes" / "whole.yaml").read_text("utf-8")
    found = invoke("check", "-", "--format", "json", stdin=text).json["findings"]
    assert {finding["severity"] for finding in found} <= {"note"}


CLEAN = [
    "tirofiban 0.15 mcg/kg/min IV for 24 h at 14.4 mL/h, 50 mcg/mL",
    "platelets below 90 x10^9/L, or below 90,000/mcL",
    "version 2.0, page 5.0, see section 10.0.1 of the AHA/ASA guideline",
    "call 555123456 on 2026-03-01 at 20:00, room U12, bed QD12",
    "bolus + infusion, load & maintenance; 12.5 mg in 250 mL",
    "heparin 5,000 units, 18 units/kg/h, aspirin 325 mg daily for 3 days",
    "neurological checks every 15 min for 2 h, then every 30 min for 6 h",
    "CrCl -> see table; A=>B; P2Y12 60-240 PRU; Hct 33 to 52 %",
    "24h infusion, 30min load, 4h overlap",
    "give 100 mg, 0.5 mg, 10.5 mL, 1,000 mcg",
    "IU1, CU 5 beds, D/Canada, unit 5 North, q4h, BID, TID, PRN",
]


@pytest.mark.parametrize("text", CLEAN)
def test_text_that_only_looks_like_a_designation_is_left_alone(text: str) -> None:
    outcome = invoke("check", "-", "--select", "RC2", "--format", "json", stdin=f'{{drug: tirofiban, text: "{text}"}}')
    # A dose of another drug may be told as not judged.
    assert [each for each in outcome.json["findings"] if each["code"] != "RC712"] == []


def test_ids_dates_times_conditions_and_groups_are_no_text_for_people() -> None:
    text = (
        '{order_set: a, version: "5.0", approved: 2026-03-01, orders: [{id: QD 10mg, drug: aspirin, start: +20 h,'
        ' weight: 46-54 kg, choose_one: x3d, dose: 325mg, when: {creatinine_clearance: "> 60 mL/min"}}]}'
    )
    assert invoke("check", "-", "--select", "RC2", "--format", "json", stdin=text).json["findings"] == []
