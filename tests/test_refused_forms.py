"""What a refused text may mean, and what it never means: values, conditions, states and shares of a dose."""

from __future__ import annotations

import pytest

from rescuecalc.core.orders.condition_text import read_open, shows_clean
from rescuecalc.core.orders.state_corrections import state_meant
from rescuecalc.core.orders.text.frequency import exactly_daily
from rescuecalc.core.orders.text.text_shares import text_shares_by_clearance
from rescuecalc.core.quantities.corrections import values_meant
from rescuecalc.core.quantities.quantity import (
    Concentration,
    CreatinineClearance,
    Dose,
    DosingWeight,
    Duration,
    Height,
    Quantity,
    SerumCreatinine,
)
from tests.support import invoke

MEANT: list[tuple[str, type[Quantity], list[str]]] = [
    ("12 st 8 lb", DosingWeight, ["176lb"]),
    ("11 stone", DosingWeight, ["154lb"]),
    ("80-90kg", DosingWeight, []),
    ("80000 g", DosingWeight, ["80 kg"]),
    ("2:30", Duration, ["2h30min"]),
    ("24 h 0 min", Duration, ["24h"]),
    ("1,000 or 1.0 units", Dose, ["1000 units", "1.0 units"]),
    ("1.000,5 mg", Dose, []),
    ("80000 grams", DosingWeight, ["80 kg"]),
    ("\ufeff80\uff4b\uff47", DosingWeight, ["80kg"]),
    ("\u0668\u0660 kg", DosingWeight, ["80 kg"]),
    ("80kg 176lb", DosingWeight, []),
    ("50mcg\u2215mL", Concentration, ["50mcg/mL"]),
    ("12.5mg+250mL", Concentration, ["12.5mg/250mL"]),
    ("12.5 mg in 250 mL 0.9% NaCl", Concentration, ["12.5 mg in 250 mL"]),
    ("12.5mg/250mL NaCl 0.9%", Concentration, ["12.5mg/250mL"]),
    ("1.2 mg", SerumCreatinine, ["1.2 mg/dL"]),
    ("45mL", CreatinineClearance, ["45mL/min"]),
    ("6 feet", Height, ["72 in"]),
]


def test_a_refused_value_is_proposed_as_what_it_may_be() -> None:
    assert [values_meant(text, role) for text, role, _ in MEANT] == [meant for *_, meant in MEANT]


def test_a_band_that_is_none_is_not_read() -> None:
    read = [[(each.comparator, str(each.quantity)) for each in read_open(text, DosingWeight)] for text in (
        *("> 60 mg", "60 mg to 70 mg", "70 kg to 60 kg", "< 60 kg to 70 kg"), "from 60 kg to below 70 kg",
    )]  # fmt: skip
    assert read == [[], [], [], [], [(">=", "60 kg"), ("<", "70 kg")]]


def test_imaging_that_is_not_clean_is_none_that_excludes_a_haemorrhage() -> None:
    assert [shows_clean(text) for text in ("CT not clean of blood", "no haemorrhage", "repeat CT")] == [
        False,
        True,
        None,
    ]


def test_a_haemoglobin_with_a_comma_or_in_capitals_has_one_reading() -> None:
    texts = ("9,8", "98", "7 g/DL", "98 G/L", "twelve", "9.8 mmol/L")
    assert [state_meant("haemoglobin", each) for each in texts] == [
        ["9.8 g/dL"], ["98 g/dL", "98 g/L"], ["7 g/dL"], ["98 g/L"], [], [],
    ]  # fmt: skip


def test_how_often_is_not_known_of_no_hours_and_of_a_day_without_a_count() -> None:
    assert [exactly_daily(each) for each in ("every 0 h", "a day", "3 a day")] == [None, None, 3]


def test_a_share_between_two_clearances_leaves_no_one_rest() -> None:
    found = text_shares_by_clearance("CrCl 30 to 60: half; otherwise full")
    assert [(str(each.low), str(each.high), str(each.share)) for each in found] == [("30", "60", "1/2")]


REFUSED = {
    ("-w", "kg 80"): "did you mean 80 kg?",
    ("-w", "wt 80 kg"): "did you mean 80 kg?",
    ("-w", "\u201c80kg\u201d"): "did you mean 80kg?",
    ("-w", "80-90kg"): "write a weight as 80kg (or 176lb)\n",
    ("--crcl", "CrCl 45 mL/min"): "did you mean 45 mL/min?",
    ("--crcl", "45,125mL/min"): "did you mean 45.125mL/min?",
    ("--crcl", "eGFR 45"): "write a creatinine clearance as 45mL/min; an eGFR is not a creatinine clearance and",
    ("--infusion-concentration", "bag"): "did you mean bag-250 or bag-100?",
    ("--infusion-concentration", "tirofiban 50 mcg/mL"): "did you mean 50 mcg/mL?",
    ("--give-over", "5"): "did you mean 5min?",
    ("--bp", "25/13 kPa"): "a blood pressure is two whole numbers; write one as 190/100",
    ("--haemoglobin", "98"): "did you mean 98 g/L?",
    ("--haemoglobin", "14"): "did you mean 14 g/dL?",
}


@pytest.mark.parametrize(("option", "text"), REFUSED)
def test_a_refusal_proposes_the_persons_own_value_where_a_patient_can_have_it(option: str, text: str) -> None:
    weight = () if option == "-w" else ("-w", "80kg")
    outcome = invoke("dose", "yang-2020-iv", "--run-time", "24h", *weight, option, text)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert REFUSED[option, text] in outcome.stderr


def test_a_refused_rate_shows_its_own_kind() -> None:
    at = ("--weight", "80kg", "--concentration", "50mcg/mL")
    pump = invoke("rate", "14,4mL/h", *at, "--to", "mcg/kg/min").stderr
    assert "write a pump rate as 14.4mL/h; did you mean 14.4mL/h?" in pump
    assert "'m' may be minute, metre or milli" in invoke("rate", "0.1mcg/kg/m", *at).stderr
    assert "did you mean 0.1mcg/kg/min?" in invoke("rate", "0.1mcg/kg/m", *at).stderr


@pytest.mark.parametrize(("name", "zone"), [("Cuba", "America/Havana"), ("NZ", "Pacific/Auckland")])
def test_a_zone_without_a_region_names_the_one_to_write(name: str, zone: str) -> None:
    dose = ("dose", "yang-2020-iv", "-w", "80kg", "--run-time", "24h", "--start", "2026-11-30T10:00")
    assert f"is not a time zone with a region; write {zone}\n" in invoke(*dose, "--timezone", name).stderr


def test_words_of_options_are_read_in_any_case() -> None:
    renal = ("renal", "--age", "70", "--weight", "80kg", "--creatinine", "1.2mg/dL")
    upper = invoke(*renal, "--sex", "F", "--basis", "ACTUAL", "--format", "JSON", "--fail-on", "ERROR")
    assert upper.stdout == invoke(*renal, "--sex", "female", "--json").stdout
