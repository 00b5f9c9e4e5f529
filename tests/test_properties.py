"""What holds for every patient: the command line against the Fraction oracle, and against itself."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.oracle import assert_shows, golden, hours, magnitude, plain, seconds
from tests.support import invoke

pytestmark = pytest.mark.core

PROTOCOLS = golden("protocols")
CONCENTRATION = {row["id"]: Fraction(row["concentration_mcg_per_ml"]) for row in golden("products")}
TENTH = Fraction(1, 10)

# what each drug is given from in these tests; the abciximab concentrations are the test's own, as a site's would be
BOLUS_FROM = {
    "tirofiban": (("--bolus-product", "vial-15"), CONCENTRATION["vial-15"]),
    "eptifibatide": (("--bolus-product", "eptifibatide-vial-10"), CONCENTRATION["eptifibatide-vial-10"]),
    "abciximab": (("--bolus-concentration", "2mg/mL"), Fraction(2000)),
    "cangrelor": (("--bolus-concentration", "200mcg/mL"), Fraction(200)),
}
INFUSION_FROM = {
    "tirofiban": (("--infusion-product", "bag-250"), CONCENTRATION["bag-250"], Fraction(250)),
    "eptifibatide": (("--infusion-product", "eptifibatide-bag-100"), Fraction(750), Fraction(100)),
    "abciximab": (("--infusion-concentration", "36mcg/mL"), Fraction(36), None),
    "cangrelor": (("--infusion-product", "cangrelor-200"), Fraction(200), Fraction(250)),
}


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Fraction]:
    """Draw terminating decimals that a person could type."""
    return st.decimals(Decimal(low), Decimal(high), places=places).map(Fraction)


weights = decimals("40", "150", 2)
dose_rates = decimals("0.05", "0.4", 3)


def answered(*args: str) -> Any:
    """Return the JSON answer of a command that must succeed (a finding is allowed)."""
    outcome = invoke(*args, "--format", "json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    return outcome.json


# --- the oracle itself, against the facts' worked examples -----------------------------------------------------------


def test_oracle_reproduces_the_worked_examples() -> None:
    eighty = oracle.pump_rate(Fraction("0.15"), Fraction(80), Fraction(50))
    assert eighty == Fraction("14.4")
    assert oracle.vtbi(eighty, Fraction(24)) == Fraction("345.6")
    assert oracle.bolus_dose(Fraction(10), Fraction(80)) == 800
    assert oracle.volume(Fraction(800), Fraction(50)) == 16
    assert oracle.volume(Fraction(800), Fraction(250)) == Fraction("3.2")
    assert oracle.pump_rate(Fraction("0.15"), Fraction(57), Fraction(50)) == Fraction("10.26")
    assert oracle.pump_rate(Fraction("0.1"), Fraction(70), Fraction(50)) == Fraction("8.4")
    assert oracle.rounded_half_up(Fraction("3.15"), TENTH) == Fraction("3.2")
    assert plain(176 * oracle.KG_PER_LB) == "79.83225712"
    for bolus, priming, empty in ((0, 0, "17:21:40"), (16, 0, "16:15:00"), (0, 20, "15:58:20"), (16, 20, "14:51:40")):
        phases = [oracle.Phase(eighty, Fraction(24))]
        first, second = oracle.container_plan(phases, Fraction(250), Fraction(bolus), Fraction(priming))
        assert first.empty_seconds == seconds(empty)
        assert second.empty_seconds is None


# --- every protocol of the facts, 40 to 150 kg -----------------------------------------------------------------------


def number(row: dict[str, str], column: str) -> Fraction | None:
    """Return a golden number, or None where the source states none."""
    return Fraction(row[column]) if row[column] else None


def renal_cases(row: dict[str, str]) -> list[tuple[tuple[str, ...], bool]]:
    """Return the --crcl options to try, each with whether the protocol's own renal rule applies."""
    if not row["renal_threshold"]:
        return [((), False)]
    at = int(row["renal_threshold"])
    cases = ((at - 1, True), (at, row["renal_side"] == "at-or-below"), (at + 1, False))
    return [(("--crcl", f"{crcl}mL/min"), applies) for crcl, applies in cases]


def run_time(row: dict[str, str]) -> tuple[tuple[str, ...], Fraction]:
    """Return the --run-time option to use (none where the source states one time) and the hours that follow."""
    if row["run_time_h"]:
        return (), Fraction(row["run_time_h"])
    chosen = row["run_time_low_h"] or row["run_time_high_h"] or "24"
    return ("--run-time", f"{chosen}h"), Fraction(chosen)


def assert_bolus(row: dict[str, str], bolus: Any, kg: Fraction, *, impaired: bool) -> None:
    """Hold one bolus against the golden row and the oracle."""
    route = "IA" if any(row[column] for column in ("ia_fixed_mcg", "ia_low_mcg", "ia_mcg_per_kg")) else "IV"
    assert bolus["route"].upper() == route
    concentration = BOLUS_FROM[row["drug"]][1]
    per_kg = number(row, "ia_mcg_per_kg") or number(row, "iv_mcg_per_kg")
    dose = number(row, "ia_fixed_mcg") or number(row, "ia_high_mcg")
    if per_kg:
        per_kg *= Fraction(row["renal_bolus_factor"]) if impaired else 1
        dose = oracle.capped(oracle.bolus_dose(per_kg, kg), number(row, "cap_bolus_mcg"))
    assert dose is not None
    exact = oracle.volume(dose, concentration)
    given = oracle.rounded_half_up(exact, TENTH)
    assert_shows(bolus["dose"], "mcg", dose)
    assert_shows(bolus["exact_volume"], "mL", exact)
    assert_shows(bolus["volume"], "mL", given)
    assert_shows(bolus["delivered"], "mcg", given * concentration)
    assert abs(Fraction(bolus["deviation_percent"]) - oracle.deviation_percent(given, exact)) <= Fraction("0.005")


def assert_infusion(row: dict[str, str], infusion: Any, kg: Fraction, rate: Fraction, cap: Fraction | None) -> Fraction:
    """Hold one infusion against the oracle and return the pump rate that is set, in mL/h."""
    concentration = INFUSION_FROM[row["drug"]][1]
    total = oracle.capped(rate * kg, cap)
    exact = oracle.pump_rate_of_total(total, concentration)
    setting = oracle.rounded_half_up(exact, TENTH)
    assert_shows(infusion["dose_rate"], "mcg/min", total)
    assert_shows(infusion["exact_pump_rate"], "mL/h", exact)
    assert_shows(infusion["pump_rate"], "mL/h", setting)
    assert_shows(infusion["delivered"], "mcg/kg/min", setting * concentration / 60 / kg)
    assert abs(Fraction(infusion["deviation_percent"]) - oracle.deviation_percent(setting, exact)) <= Fraction("0.005")
    assert_shows(infusion["vtbi"], "mL", oracle.vtbi(setting, hours(infusion["run_time"])))
    assert_shows(infusion["exact_vtbi"], "mL", oracle.vtbi(exact, hours(infusion["run_time"])))
    return setting


def assert_containers(infusions: Any, plan: list[oracle.Fill]) -> None:
    """Hold the containers of all infusions against the oracle's plan."""
    shown = [(index, container) for index, infusion in enumerate(infusions) for container in infusion["containers"]]
    assert [(index, container["container"]) for index, container in shown] == [(f.phase, f.container) for f in plan]
    for (_, container), fill in zip(shown, plan, strict=True):
        assert_shows(container["vtbi"], "mL", fill.ml)
        empty = container["empty_elapsed"]
        assert (None if empty is None else seconds(empty)) == fill.empty_seconds


@pytest.mark.parametrize("row", PROTOCOLS, ids=lambda row: row["id"])
@pytest.mark.parametrize("weight", range(40, 151, 10))
def test_every_protocol_from_40_to_150_kg(row: dict[str, str], weight: int) -> None:
    kg, rate = Fraction(weight), number(row, "rate_mcg_per_kg_min")
    timing, chosen_hours = run_time(row) if rate else ((), Fraction(0))
    has_bolus = any(row[column] for column in ("ia_fixed_mcg", "ia_low_mcg", "ia_mcg_per_kg", "iv_mcg_per_kg"))
    args = ["dose", row["id"], "--weight", f"{weight}kg", *timing]
    args += ["--ia-dose", f"{row['ia_high_mcg']}mcg"] if row["ia_low_mcg"] else []
    args += BOLUS_FROM[row["drug"]][0] if has_bolus else ()
    args += INFUSION_FROM[row["drug"]][0] if rate else ()
    for crcl, impaired in renal_cases(row):
        outcome = invoke(*args, *crcl, "--format", "json")
        # The bolus of cangrelor within 1 min is 9 mL/h per kg: above 111 kg faster than a pump of 999 mL/h.
        too_fast = row["drug"] == "cangrelor" and weight > 111
        assert outcome.exit_code == (1 if too_fast else 0), outcome.stderr
        answer = outcome.json
        assert bool(answer["boluses"]) is has_bolus
        for bolus in answer["boluses"]:
            assert_bolus(row, bolus, kg, impaired=impaired)
        factor = Fraction(row["renal_infusion_factor"]) if impaired else Fraction(1)
        load = number(row, "load_mcg_per_kg_min")
        expected = [part * factor for part in (load, rate) if part is not None]
        cap = number(row, "cap_renal_mcg_min" if impaired else "cap_mcg_min")
        settings = [
            assert_infusion(row, infusion, kg, part, cap)
            for infusion, part in zip(answer["infusions"], expected, strict=True)
        ]
        for infusion, part in zip(answer["infusions"], expected, strict=True):
            assert_shows(infusion["dose_rate_per_kg"], "mcg/kg/min", part)
        container_ml = INFUSION_FROM[row["drug"]][2]
        if settings and container_ml is not None:
            times = ([Fraction(row["load_min"]) / 60] if load else []) + [chosen_hours]
            phases = [oracle.Phase(*phase) for phase in zip(settings, times, strict=True)]
            assert_containers(answer["infusions"], oracle.container_plan(phases, container_ml))


# --- dose ------------------------------------------------------------------------------------------------------------


@given(
    kg=weights,
    bolus=decimals("1", "30", 1),
    rate=dose_rates,
    time=decimals("1", "72", 1),
    from_bag=st.booleans(),
    priming=st.none() | decimals("10", "30", 1),
)
def test_a_regimen_of_ones_own_is_the_oracles(
    kg: Fraction, bolus: Fraction, rate: Fraction, time: Fraction, from_bag: bool, priming: Fraction | None
) -> None:
    products = ("--bolus-product", "infusion-container" if from_bag else "vial-15", "--infusion-product", "bag-250")
    answer = answered(
        "dose", "--route", "iv", "--bolus", f"{plain(bolus)}mcg/kg", "--infusion", f"{plain(rate)}mcg/kg/min",
        "--weight", f"{plain(kg)}kg", "--run-time", f"{plain(time)}h", *products,
        *(() if priming is None else ("--priming-volume", f"{plain(priming)}mL")),
    )  # fmt: skip
    (given_bolus,), (infusion,) = answer["boluses"], answer["infusions"]
    exact_ml = oracle.volume(oracle.bolus_dose(bolus, kg), Fraction(50 if from_bag else 250))
    exact = oracle.pump_rate(rate, kg, Fraction(50))
    bolus_ml, setting = oracle.rounded_half_up(exact_ml, TENTH), oracle.rounded_half_up(exact, TENTH)
    assert_shows(given_bolus["dose"], "mcg", bolus * kg)
    assert_shows(given_bolus["exact_volume"], "mL", exact_ml)
    assert_shows(given_bolus["volume"], "mL", bolus_ml)
    assert_shows(infusion["exact_pump_rate"], "mL/h", exact)
    assert_shows(infusion["pump_rate"], "mL/h", setting)
    assert_shows(infusion["vtbi"], "mL", setting * time)
    taken_off = bolus_ml if from_bag else Fraction(0)
    plan = oracle.container_plan([oracle.Phase(setting, time)], Fraction(250), taken_off, priming or Fraction(0))
    assert_containers(answer["infusions"], plan)


def yang(kg: Fraction, *more: str) -> Any:
    """Return Yang's intravenous regimen for a weight, from vial and bag, for 24 hours."""
    products = ("--bolus-product", "vial-15", "--infusion-product", "bag-250")
    return answered("dose", "yang-2020-iv", "--weight", f"{plain(kg)}kg", "--run-time", "24h", *products, *more)


@given(kg=decimals("40", "75", 2))
def test_dose_volume_and_pump_rate_are_linear_in_weight(kg: Fraction) -> None:
    one, two = yang(kg), yang(2 * kg)
    for part, field, unit in (
        ("boluses", "dose", "mcg"),
        ("boluses", "exact_volume", "mL"),
        ("infusions", "dose_rate", "mcg/min"),
        ("infusions", "exact_pump_rate", "mL/h"),
        ("infusions", "exact_vtbi", "mL"),
    ):
        assert magnitude(two[part][0][field], unit) == 2 * magnitude(one[part][0][field], unit)


@given(kg=weights, mcg_dose=st.integers(min_value=250, max_value=1000))
def test_mcg_and_mg_are_two_spellings_of_one_dose(kg: Fraction, mcg_dose: int) -> None:
    args = ("dose", "huo-2021", "--weight", f"{plain(kg)}kg", "--run-time", "12h", "--bolus-product", "vial-15")
    in_mcg = answered(*args, "--ia-dose", f"{mcg_dose}mcg")
    in_mg = answered(*args, "--ia-dose", f"{plain(Fraction(mcg_dose, 1000))}mg")
    assert in_mcg["boluses"] == in_mg["boluses"]
    assert in_mcg["infusions"] == in_mg["infusions"]


@given(kg=weights, mcg_per_ml=st.integers(min_value=20, max_value=400).filter(lambda n: n != 250))  # the undiluted vial
def test_mcg_and_mg_are_two_spellings_of_one_concentration(kg: Fraction, mcg_per_ml: int) -> None:
    args = ("dose", "yang-2020-iv", "--weight", f"{plain(kg)}kg", "--run-time", "24h", "--infusion-concentration")
    in_mcg = answered(*args, f"{mcg_per_ml}mcg/mL")
    in_mg = answered(*args, f"{plain(Fraction(mcg_per_ml, 1000))}mg/mL")
    for field in ("dose_rate", "pump_rate", "exact_pump_rate", "vtbi", "exact_vtbi", "delivered"):
        assert in_mcg["infusions"][0][field] == in_mg["infusions"][0][field]


@given(lb=decimals("90", "330", 1))
def test_pounds_are_exact(lb: Fraction) -> None:
    kg = lb * oracle.KG_PER_LB
    answer = answered("dose", "yang-2020-iv", "--weight", f"{plain(lb)}lb", "--run-time", "24h")
    assert_shows(answer["dosing_weight"], "kg", kg)
    assert_shows(answer["boluses"][0]["dose"], "mcg", 10 * kg)


@given(kg=weights)
def test_the_same_question_has_the_same_bytes_for_an_answer(kg: Fraction) -> None:
    args = ("dose", "yang-2020-iv", "--weight", f"{plain(kg)}kg", "--run-time", "24h", "--format", "json")
    assert invoke(*args).stdout == invoke(*args).stdout


@given(kg=st.integers(min_value=40, max_value=149))
def test_a_table_row_is_what_dose_says(kg: int) -> None:
    products = ("--bolus-product", "vial-15", "--infusion-product", "bag-250")
    ends = ("--from", f"{kg}kg", "--to", f"{kg + 1}kg", "--step", "1kg")
    for row in answered("table", "yang-2020-iv", *ends, *products)["rows"]:
        dose = yang(magnitude(row["weight"], "kg"))
        assert row["bolus_volume"] == dose["boluses"][0]["volume"]
        assert row["pump_rate"] == dose["infusions"][0]["pump_rate"]


# --- rate ------------------------------------------------------------------------------------------------------------


def typeable(value: Fraction) -> bool:
    """Say whether a value can be typed: a decimal of at most nine places."""
    return (value * 10**9).denominator == 1


@given(rate=dose_rates, kg=weights, mcg_per_ml=st.sampled_from([50, 100, 250]), unit=st.sampled_from(oracle.RATE_UNITS))
def test_there_and_back_is_identity(rate: Fraction, kg: Fraction, mcg_per_ml: int, unit: str) -> None:
    patient = ("--weight", f"{plain(kg)}kg", "--concentration", f"{mcg_per_ml}mcg/mL")
    common = (*patient, "--drug", "dopamine", "--to")
    there = answered("rate", f"{plain(rate)}mcg/kg/min", *common, unit)["exact"]
    expected = oracle.converted_rate(rate, "mcg/kg/min", unit, kg, Fraction(mcg_per_ml))
    assert_shows(there, unit, expected)
    assume(typeable(expected))
    back = answered("rate", f"{plain(expected)}{unit}", *common, "mcg/kg/min")["exact"]
    assert_shows(back, "mcg/kg/min", rate)


@given(
    value=decimals("0.01", "500", 2),
    kg=weights,
    mcg_per_ml=st.integers(min_value=10, max_value=2000),
    unit=st.sampled_from(oracle.RATE_UNITS),
    to=st.sampled_from(oracle.RATE_UNITS),
)
def test_any_rate_in_any_unit_is_the_oracles(
    value: Fraction, kg: Fraction, mcg_per_ml: int, unit: str, to: str
) -> None:
    patient = ("--weight", f"{plain(kg)}kg", "--concentration", f"{mcg_per_ml}mcg/mL", "--drug", "dopamine")
    args = (f"{plain(value)}{unit}", *patient, "--to", to)
    exact = oracle.converted_rate(value, unit, to, kg, Fraction(mcg_per_ml))
    if to == "mL/h" and oracle.rounded_half_up(exact, TENTH) == 0:
        assert invoke("rate", *args).exit_code == 4  # a pump rate of 0 is no answer
        return
    answer = answered("rate", *args)
    assert_shows(answer["exact"], to, exact)
    if to == "mL/h":
        assert_shows(answer["result"], to, oracle.rounded_half_up(exact, TENTH))


@settings(max_examples=settings().max_examples // 4)  # each is up to eight commands
@given(st.lists(dose_rates, min_size=1, max_size=8))
def test_a_stream_says_what_single_commands_say(rates: list[Fraction]) -> None:
    common = ("--weight", "80kg", "--concentration", "50mcg/mL", "--format", "json")
    typed = [f"{plain(rate)}mcg/kg/min" for rate in rates]
    streamed = invoke("rate", "-", *common, stdin="".join(f"{text}\n" for text in typed)).stdout.splitlines()
    for text, shown in zip(typed, streamed, strict=True):
        single = json.loads(invoke("rate", text, *common).stdout)
        assert json.loads(shown)["exact"] == single["exact"]
        assert json.loads(shown)["result"] == single["result"]


# --- renal -----------------------------------------------------------------------------------------------------------


@given(
    age=st.integers(min_value=18, max_value=100),
    kg=weights,
    creatinine=decimals("0.3", "8", 2),
    height=decimals("152.4", "210", 1),
    sex=st.sampled_from(["female", "male"]),
    basis=st.sampled_from(["actual", "ideal", "adjusted"]),
)
def test_clearance_is_the_oracles(
    age: int, kg: Fraction, creatinine: Fraction, height: Fraction, sex: str, basis: str
) -> None:
    female = sex == "female"
    ideal = oracle.ideal_weight(height, female=female)
    assume(basis != "adjusted" or kg >= ideal)
    weight = {"actual": kg, "ideal": ideal}.get(basis) or oracle.adjusted_weight(kg, ideal)
    exact = oracle.cockcroft_gault(age, weight, creatinine, female=female)
    patient = ("--age", str(age), "--sex", sex, "--weight", f"{plain(kg)}kg", "--height", f"{plain(height)}cm")
    answer = answered("renal", *patient, "--creatinine", f"{plain(creatinine)}mg/dL", "--basis", basis)
    assert answer["basis"] == basis
    assert_shows(answer["exact_creatinine_clearance"], "mL/min", exact)
    assert_shows(answer["creatinine_clearance"], "mL/min", oracle.rounded_half_up(exact, TENTH))


# --- how numbers are written (ISMP) ----------------------------------------------------------------------------------

NOT_A_DOSE = re.compile(r'https?://\S+|10\.\d{4,9}/\S+|"schema": *"[^"]*"')


def assert_safely_written(text: str) -> None:
    """Hold a page or a document against the error-prone notations: 12.60, .5, the micro sign, cc."""
    text = NOT_A_DOSE.sub("", text)
    assert not re.findall(r"(?<![\w.])\d[\d,]*\.\d*0(?![\d.])", text)
    assert not re.findall(r"(?<![\w)\]])\.\d", text)
    assert not re.findall("[\u00b5\u03bc]", text)
    assert not re.findall(r"(?<=[\d\s])cc\b", text)
    assert not re.findall(r"(?<=\d)[eE][+-]?\d", text)


@given(kg=weights, form=st.sampled_from(["text", "json"]))
def test_dose_is_safely_written(kg: Fraction, form: str) -> None:
    args = ("--weight", f"{plain(kg)}kg", "--run-time", "24h", "--crcl", "45mL/min", "--format", form)
    assert_safely_written(invoke("dose", "yang-2020-iv", *args).stdout)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("row", PROTOCOLS, ids=lambda row: row["id"])
def test_every_protocol_is_safely_written(row: dict[str, str], form: str) -> None:
    assert_safely_written(invoke("protocol", "show", row["id"], "--format", form).stdout)
    timing = run_time(row)[0] if row["rate_mcg_per_kg_min"] else ()
    args = ["dose", row["id"], "--weight", "57.5kg", "--crcl", "45mL/min", *timing, "--format", form]
    outcome = invoke(*args, *(("--ia-dose", "0.5mg") if row["ia_low_mcg"] else ()))
    assert outcome.exit_code == 0, outcome.stderr
    assert_safely_written(outcome.stdout)


@pytest.mark.parametrize("form", ["text", "json", "csv", "markdown"])
def test_tables_are_safely_written(form: str) -> None:
    outcome = invoke("table", "yang-2020-iv", "--step", "2.5kg", "--format", form)
    assert outcome.exit_code == 0, outcome.stderr
    assert_safely_written(outcome.stdout)


@given(rate=dose_rates, kg=weights, form=st.sampled_from(["text", "json"]))
def test_rates_are_safely_written(rate: Fraction, kg: Fraction, form: str) -> None:
    args = (f"{plain(rate)}mcg/kg/min", "--weight", f"{plain(kg)}kg", "--concentration", "50mcg/mL", "--format", form)
    assert_safely_written(invoke("rate", *args).stdout)
