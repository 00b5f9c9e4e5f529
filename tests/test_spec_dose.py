"""`rescuecalc dose`, as its manual: what goes in, and every number that must come out. No number here is computed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.oracle import assert_shows, golden, hours, mcg, seconds

if TYPE_CHECKING:
    from tests.support import Run

pytestmark = pytest.mark.core

YANG_80 = ("yang-2020-iv", "--weight", "80kg", "--run-time", "24h")
VIAL_AND_BAG = ("--bolus-product", "vial-15", "--infusion-product", "bag-250")
PUMPED_FROM_BAG = ("--bolus-product", "infusion-container", "--infusion-product", "bag-250")


def dosed(run: Run, *args: str) -> Any:
    """Return the JSON answer of a `dose` that must succeed."""
    outcome = run("dose", *args, "--format", "json")
    assert outcome.exit_code == 0, outcome.stderr
    return outcome.json


def page(run: Run, *args: str) -> str:
    """Return the whole page of a `dose` that must succeed, with every run of white space as one space."""
    outcome = run("dose", *args, "--details")
    assert outcome.exit_code == 0, outcome.stderr
    return " ".join(outcome.stdout.split())


def finding_codes(run: Run, *args: str) -> set[str]:
    """Return the codes of the findings of a `dose`, whatever their severity."""
    outcome = run("dose", *args, "--format", "json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    return {finding["code"] for finding in outcome.json["findings"]}


# --- the worked example: 80 kg, Yang's intravenous regimen -----------------------------------------------------------


def test_80_kg_from_vial_and_bag(run: Run) -> None:
    answer = dosed(run, *YANG_80, *VIAL_AND_BAG)
    assert answer["protocol"]["id"] == "yang-2020-iv"
    assert_shows(answer["dosing_weight"], "kg", "80")
    (bolus,) = answer["boluses"]
    assert bolus["route"].upper() == "IV"
    assert_shows(bolus["dose"], "mcg", "800")
    assert mcg(bolus["dose_per_kg"]) == 10
    assert bolus["product"] == "vial-15"
    assert mcg(bolus["concentration"]) == 250
    assert_shows(bolus["volume"], "mL", "3.2")
    assert_shows(bolus["exact_volume"], "mL", "3.2")
    assert_shows(bolus["delivered"], "mcg", "800")
    assert bolus["deviation_percent"] == 0
    (infusion,) = answer["infusions"]
    assert_shows(infusion["dose_rate_per_kg"], "mcg/kg/min", "0.15")
    assert_shows(infusion["dose_rate"], "mcg/min", "12")
    assert infusion["product"] == "bag-250"
    assert mcg(infusion["concentration"]) == 50
    assert_shows(infusion["pump_rate"], "mL/h", "14.4")
    assert_shows(infusion["exact_pump_rate"], "mL/h", "14.4")
    assert hours(infusion["run_time"]) == 24
    assert_shows(infusion["vtbi"], "mL", "345.6")
    assert_shows(infusion["delivered"], "mcg/kg/min", "0.15")
    assert infusion["deviation_percent"] == 0


def test_bolus_programmed_out_of_the_bag_is_16_ml_of_50(run: Run) -> None:
    (bolus,) = dosed(run, *YANG_80, *PUMPED_FROM_BAG)["boluses"]
    assert_shows(bolus["dose"], "mcg", "800")
    assert mcg(bolus["concentration"]) == 50
    assert_shows(bolus["volume"], "mL", "16")


@pytest.mark.parametrize(
    ("products", "priming", "first_empty", "first_ml", "second_ml"),
    [
        (VIAL_AND_BAG, (), "17:21:40", "250", "95.6"),
        (PUMPED_FROM_BAG, (), "16:15:00", "234", "111.6"),
        (VIAL_AND_BAG, ("--priming-volume", "20mL"), "15:58:20", "230", "115.6"),
        (PUMPED_FROM_BAG, ("--priming-volume", "20mL"), "14:51:40", "214", "131.6"),
    ],
)
def test_two_bags_and_when_the_first_is_empty(
    run: Run, products: tuple[str, ...], priming: tuple[str, ...], first_empty: str, first_ml: str, second_ml: str
) -> None:
    first, second = dosed(run, *YANG_80, *products, *priming)["infusions"][0]["containers"]
    assert (first["container"], second["container"]) == (1, 2)
    assert first["empty_elapsed"] == first_empty
    assert second["empty_elapsed"] is None
    assert_shows(first["vtbi"], "mL", first_ml)
    assert_shows(second["vtbi"], "mL", second_ml)
    assert first_empty in page(run, *YANG_80, *products, *priming)


def test_without_products_every_option_is_shown_and_none_picked(run: Run) -> None:
    answer = dosed(run, *YANG_80)
    (bolus,), (infusion,) = answer["boluses"], answer["infusions"]
    for field in ("product", "concentration", "volume"):
        assert bolus[field] is None
    for field in ("product", "concentration", "pump_rate", "vtbi"):
        assert infusion[field] is None
    assert not infusion.get("containers")
    by_bolus = {option["product"]: option for option in bolus["options"]}
    shelf = [row for row in golden("products") if row["drug"] == "tirofiban"]
    assert set(by_bolus) == {row["id"] for row in shelf if row["serves_iv_bolus"] == "yes"}
    assert_shows(by_bolus["vial-15"]["volume"], "mL", "3.2")
    assert mcg(by_bolus["vial-15"]["concentration"]) == 250
    for product in ("bag-250", "bag-100", "concentrate-50-diluted"):
        assert_shows(by_bolus[product]["volume"], "mL", "16")
        assert_shows(by_bolus[product]["exact_volume"], "mL", "16")
    by_infusion = {option["product"]: option for option in infusion["options"]}
    assert set(by_infusion) == {row["id"] for row in shelf if row["serves_infusion"] == "yes"}
    assert {"bag-250", "bag-100", "concentrate-50-diluted"} <= set(by_infusion)
    for option in by_infusion.values():
        assert mcg(option["concentration"]) == 50
        assert_shows(option["pump_rate"], "mL/h", "14.4")
        assert_shows(option["exact_pump_rate"], "mL/h", "14.4")
        assert_shows(option["vtbi"], "mL", "345.6")


def test_page_without_products_names_both_volumes_with_their_concentrations(run: Run) -> None:
    text = page(run, *YANG_80)
    for words in ("800 mcg", "16 mL", "3.2 mL", "50 mcg/mL", "250 mcg/mL", "14.4 mL/h", "345.6 mL", "24 h"):
        assert words in text
    assert re.search(r"\bor\b", text)


@pytest.mark.parametrize("products", [(), VIAL_AND_BAG, PUMPED_FROM_BAG])
def test_page_fits_80_columns(run: Run, products: tuple[str, ...]) -> None:
    outcome = run("dose", *YANG_80, *products, "--start", "2026-03-28T20:00", "--timezone", "Europe/Berlin")
    assert max(len(line) for line in outcome.stdout.splitlines()) <= 80


def test_page_says_what_it_assumes_of_the_line_unless_priming_is_given(run: Run) -> None:
    assumed, advice = "full container, line primed from elsewhere", "change before this time"
    without = page(run, *YANG_80, *VIAL_AND_BAG)
    assert assumed in without
    assert advice in without
    assert assumed not in page(run, *YANG_80, *VIAL_AND_BAG, "--priming-volume", "20mL")


def test_page_says_what_the_line_still_holds_at_the_stop(run: Run) -> None:
    text = page(run, *YANG_80, *VIAL_AND_BAG, "--priming-volume", "20mL")
    assert "12.5 mcg/kg" in text  # 1,000 mcg: more than the bolus that the protocol gives


# --- rounding is never silent ----------------------------------------------------------------------------------------


def test_57_kg_shows_the_set_rate_and_the_exact_one(run: Run) -> None:
    args = ("yang-2020-iv", "--weight", "57kg", "--run-time", "24h", *VIAL_AND_BAG)
    (infusion,) = dosed(run, *args)["infusions"]
    assert_shows(infusion["exact_pump_rate"], "mL/h", "10.26")
    assert_shows(infusion["pump_rate"], "mL/h", "10.3")
    assert str(infusion["delivered"]["value"]) == "0.150584795321637"
    assert infusion["delivered"]["rounded"] is True
    assert str(infusion["deviation_percent"]) == "0.39"
    assert_shows(infusion["vtbi"], "mL", "247.2")
    assert_shows(infusion["exact_vtbi"], "mL", "246.24")
    (container,) = infusion["containers"]
    assert container["empty_elapsed"] is None
    text = page(run, *args)
    for words in ("10.26", "10.3 mL/h", "0.39"):
        assert words in text


def test_70_kg_at_0_075_is_exactly_6_3_with_nothing_behind_it(run: Run) -> None:
    outcome = run("dose", "us-label", "--weight", "70kg", "--crcl", "45mL/min", "--run-time", "18h", *VIAL_AND_BAG,
                  "--format", "json")  # fmt: skip
    (infusion,) = outcome.json["infusions"]
    assert_shows(infusion["exact_pump_rate"], "mL/h", "6.3")
    assert_shows(infusion["pump_rate"], "mL/h", "6.3")
    assert "6.30" not in outcome.stdout
    assert "6.29" not in outcome.stdout


@pytest.mark.parametrize(("step", "expected"), [("0.1mL/h", "10.3"), ("1mL/h", "10"), ("0.01mL/h", "10.26")])
def test_pump_step_is_the_users(run: Run, step: str, expected: str) -> None:
    answer = dosed(run, "yang-2020-iv", "--weight", "57kg", "--run-time", "24h", *VIAL_AND_BAG, "--pump-step", step)
    assert_shows(answer["infusions"][0]["pump_rate"], "mL/h", expected)


@pytest.mark.parametrize(("step", "expected"), [("0.1mL", "2.3"), ("0.5mL", "2.5"), ("0.01mL", "2.28")])
def test_volume_step_is_the_users(run: Run, step: str, expected: str) -> None:
    answer = dosed(run, "yang-2020-iv", "--weight", "57kg", "--run-time", "24h", *VIAL_AND_BAG, "--volume-step", step)
    assert_shows(answer["boluses"][0]["volume"], "mL", expected)
    assert_shows(answer["boluses"][0]["exact_volume"], "mL", "2.28")


def test_pounds_are_converted_exactly(run: Run) -> None:
    answer = dosed(run, "yang-2020-iv", "--weight", "176lb", "--run-time", "24h")
    assert_shows(answer["dosing_weight"], "kg", "79.83225712")


# --- the other regimens ----------------------------------------------------------------------------------------------


def test_case_report_gives_a_fixed_intra_arterial_dose_and_24_hours(run: Run) -> None:
    answer = dosed(run, "khachatryan-2023-case", "--weight", "80kg", *VIAL_AND_BAG)
    (bolus,), (infusion,) = answer["boluses"], answer["infusions"]
    assert bolus["route"].upper() == "IA"
    assert_shows(bolus["dose"], "mcg", "250")
    assert bolus["dose_per_kg"] is None
    assert_shows(bolus["volume"], "mL", "1")
    assert_shows(infusion["pump_rate"], "mL/h", "14.4")
    assert hours(infusion["run_time"]) == 24


def test_intra_arterial_bolus_comes_from_the_vial_only(run: Run) -> None:
    (bolus,) = dosed(run, "yang-2020-ia", "--weight", "80kg", "--run-time", "24h")["boluses"]
    assert [option["product"] for option in bolus["options"]] == ["vial-15"]
    assert_shows(bolus["options"][0]["volume"], "mL", "3.2")


def test_kang_needs_no_weight(run: Run) -> None:
    answer = dosed(run, "kang-2018-ia", "--ia-dose", "0.5mg", "--bolus-product", "vial-15")
    assert answer["dosing_weight"] is None
    assert answer["infusions"] == []
    assert_shows(answer["boluses"][0]["dose"], "mcg", "500")
    assert_shows(answer["boluses"][0]["volume"], "mL", "2")


@pytest.mark.parametrize(("typed", "dose"), [("0.25mg", "250"), ("250mcg", "250"), ("1mg", "1000"), ("0.7 mg", "700")])
def test_huo_takes_the_dose_that_was_chosen_from_its_range(run: Run, typed: str, dose: str) -> None:
    answer = dosed(run, "huo-2021", "--weight", "80kg", "--ia-dose", typed, "--run-time", "12h", *VIAL_AND_BAG)
    assert_shows(answer["boluses"][0]["dose"], "mcg", dose)
    assert_shows(answer["infusions"][0]["pump_rate"], "mL/h", "9.6")
    assert_shows(answer["infusions"][0]["vtbi"], "mL", "115.2")


def test_trend_load_and_maintenance_share_the_containers(run: Run) -> None:
    answer = dosed(run, "trend-2024", "--weight", "80kg", "--infusion-product", "bag-250")
    load, maintenance = answer["infusions"]
    assert answer["boluses"] == []
    assert_shows(load["dose_rate_per_kg"], "mcg/kg/min", "0.4")
    assert_shows(load["pump_rate"], "mL/h", "38.4")
    assert_shows(load["vtbi"], "mL", "19.2")
    assert hours(load["run_time"]) * 60 == 30
    assert_shows(maintenance["pump_rate"], "mL/h", "9.6")
    assert_shows(maintenance["vtbi"], "mL", "691.2")
    assert hours(maintenance["run_time"]) == 72
    assert [(c["container"], c["empty_elapsed"]) for c in load["containers"]] == [(1, None)]
    assert_shows(load["containers"][0]["vtbi"], "mL", "19.2")
    assert [(c["container"], c["empty_elapsed"]) for c in maintenance["containers"]] == [
        (1, "24:32:30"), (2, "50:35:00"), (3, None),
    ]  # fmt: skip
    for container, ml in zip(maintenance["containers"], ("230.8", "250", "210.4"), strict=True):
        assert_shows(container["vtbi"], "mL", ml)
    assert [(event["event"], event["elapsed_seconds"]) for event in answer["schedule"]] == [
        ("infusion-start", 0), ("pump-rate-change", 1800), ("container-empty", 88350),
        ("container-empty", 182100), ("infusion-stop", 261000),
    ]  # fmt: skip


def test_instant_runs_47_and_a_half_hours_after_its_load(run: Run) -> None:
    load, maintenance = dosed(run, "instant-2024", "--weight", "80kg", "--infusion-product", "bag-250")["infusions"]
    assert_shows(load["pump_rate"], "mL/h", "28.8")
    assert_shows(maintenance["pump_rate"], "mL/h", "7.2")
    assert_shows(maintenance["vtbi"], "mL", "342")
    assert [container["empty_elapsed"] for container in maintenance["containers"]] == ["33:13:20", None]


def test_a_regimen_of_ones_own(run: Run) -> None:
    answer = dosed(run, "--bolus", "10mcg/kg", "--route", "iv", "--infusion", "0.1mcg/kg/min", "--run-time", "24h",
                   "--weight", "80kg", *VIAL_AND_BAG)  # fmt: skip
    assert answer["protocol"]["id"] is None
    assert_shows(answer["boluses"][0]["volume"], "mL", "3.2")
    assert_shows(answer["infusions"][0]["pump_rate"], "mL/h", "9.6")
    assert "user" in {source["id"] for source in answer["sources"]}


def test_a_sites_own_bag(run: Run) -> None:
    (infusion,) = dosed(run, *YANG_80, "--infusion-concentration", "100mcg/mL")["infusions"]
    assert infusion["product"] is None
    assert_shows(infusion["pump_rate"], "mL/h", "7.2")
    assert_shows(infusion["vtbi"], "mL", "172.8")


# --- time ------------------------------------------------------------------------------------------------------------


def moments(answer: Any) -> list[tuple[str, int, str | None]]:
    """Return the schedule as (event, elapsed seconds, clock time)."""
    return [(event["event"], int(event["elapsed_seconds"]), event["at"]) for event in answer["schedule"]]


def test_schedule_without_a_start_has_no_clock_times(run: Run) -> None:
    answer = dosed(run, *YANG_80, *VIAL_AND_BAG)
    assert moments(answer)[0][0] == "bolus"
    assert moments(answer)[1:] == [
        ("infusion-start", 0, None), ("container-empty", 62500, None), ("infusion-stop", 86400, None),
    ]  # fmt: skip
    assert [event["elapsed"] for event in answer["schedule"]][2:] == ["17:21:40", "24:00:00"]
    for event in answer["schedule"][1:]:
        assert seconds(event["elapsed"]) == event["elapsed_seconds"]


@pytest.mark.parametrize(
    ("start", "empty", "stop"),
    [
        # the night in which Berlin loses an hour: 24 hours of infusion end at nine, not at eight
        ("2026-03-28T20:00", "2026-03-29T14:21:40+02:00", "2026-03-29T21:00:00+02:00"),
        ("2026-03-28T20:00+01:00", "2026-03-29T14:21:40+02:00", "2026-03-29T21:00:00+02:00"),
        # the night in which it gains one
        ("2026-10-24T20:00", "2026-10-25T12:21:40+01:00", "2026-10-25T19:00:00+01:00"),
        ("2026-07-01T08:00", "2026-07-02T01:21:40+02:00", "2026-07-02T08:00:00+02:00"),
    ],
)
def test_clock_times_are_true_across_daylight_saving(run: Run, start: str, empty: str, stop: str) -> None:
    args = (*YANG_80, *VIAL_AND_BAG, "--start", start, "--timezone", "Europe/Berlin")
    assert moments(dosed(run, *args))[2:] == [("container-empty", 62500, empty), ("infusion-stop", 86400, stop)]
    text = page(run, *args)
    assert empty[11:16] in text
    assert stop[11:16] in text


def test_a_start_with_an_offset_needs_no_zone(run: Run) -> None:
    answer = dosed(run, *YANG_80, *VIAL_AND_BAG, "--start", "2026-03-28T20:00+01:00")
    assert moments(answer)[1] == ("infusion-start", 0, "2026-03-28T20:00:00+01:00")
    assert moments(answer)[-1] == ("infusion-stop", 86400, "2026-03-29T20:00:00+01:00")


def test_bolus_stands_before_the_infusion_by_as_much_as_it_takes(run: Run) -> None:
    answer = dosed(run, *YANG_80, *VIAL_AND_BAG, "--give-over", "5min",
                   "--start", "2026-07-01T08:00", "--timezone", "Europe/Berlin")  # fmt: skip
    assert hours(answer["boluses"][0]["give_over"]) * 60 == 5
    assert moments(answer)[:2] == [
        ("bolus", -300, "2026-07-01T07:55:00+02:00"), ("infusion-start", 0, "2026-07-01T08:00:00+02:00"),
    ]  # fmt: skip


# --- findings, sources, derivation -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clean", "found"),
    [
        (("--weight", "40kg"), ("--weight", "39kg")),
        (("--weight", "150kg"), ("--weight", "151kg")),
        (("--weight", "80kg", "--give-over", "5min"), ("--weight", "80kg", "--give-over", "0.5min")),
    ],
    ids=["below 40 kg", "above 150 kg", "bolus faster than 999 mL/h"],
)
def test_a_limit_crossed_adds_a_finding(run: Run, clean: tuple[str, ...], found: tuple[str, ...]) -> None:
    common = ("yang-2020-iv", "--run-time", "24h", *PUMPED_FROM_BAG)
    assert finding_codes(run, *common, *found) - finding_codes(run, *common, *clean)


def test_deviation_above_5_percent_is_a_finding(run: Run) -> None:
    args = ("yang-2020-iv", "--run-time", "24h", *VIAL_AND_BAG, "--weight", "42kg")  # exact 7.56 mL/h
    coarse = ("--pump-step", "1mL/h")  # 8 mL/h: +5.82 %
    assert finding_codes(run, *args, *coarse) - finding_codes(run, *args)


@pytest.mark.parametrize("rate", ["0.09mcg/kg/min", "0.2mcg/kg/min"])
def test_own_infusion_outside_the_rescue_range_is_a_finding(run: Run, rate: str) -> None:
    own = ("--bolus", "10mcg/kg", "--route", "iv", "--run-time", "24h", "--weight", "80kg", "--infusion")
    inside = finding_codes(run, *own, "0.1mcg/kg/min")
    assert inside == finding_codes(run, *own, "0.15mcg/kg/min")
    assert finding_codes(run, *own, rate) - inside


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (YANG_80, r"off[- ]label"),
        (("rescue-bt-2022", "--weight", "80kg"), r"not a rescue trial"),
        (("yang-2020-ia", "--weight", "80kg", "--run-time", "24h"), r"19\.1"),
        (("khachatryan-2023-case", "--weight", "80kg"), r"Yang"),
        (("kang-2018-ia", "--ia-dose", "0.5mg"), r"Yang"),
        (("trend-2024", "--weight", "80kg", "--infusion-product", "bag-250"), r"\b24 h"),  # one bag outlasts a day
    ],
)
def test_page_carries_the_warning_that_belongs_to_the_protocol(run: Run, args: tuple[str, ...], words: str) -> None:
    assert re.search(words, page(run, *args), re.IGNORECASE)


def test_bleeding_figures_belong_to_the_intra_arterial_bolus(run: Run) -> None:
    assert "19.1" not in page(run, *YANG_80)


@pytest.mark.parametrize("args", [YANG_80, ("kang-2018-ia", "--ia-dose", "0.5mg"), ("trend-2024", "--weight", "80kg")])
def test_every_answer_carries_derivation_findings_and_sources(run: Run, args: tuple[str, ...]) -> None:
    answer = dosed(run, *args)
    assert answer["schema"]
    assert answer["derivation"]
    assert answer["sources"]
    for source in answer["sources"]:
        assert {"id", "title", "doi", "url", "locator"} <= set(source)
    for finding in answer["findings"]:
        assert re.fullmatch(r"RC\d{3}", finding["code"])
        assert finding["severity"] in ("error", "warning", "note")
        assert finding["message"]
