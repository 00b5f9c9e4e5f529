"""`rescuecalc table`, `renal`, `protocol`, the label's weight bands, every cap and renal boundary, as a manual."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.oracle import assert_shows, golden, hours, magnitude, mcg, plain

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Run

pytestmark = pytest.mark.core

VIAL_AND_BAG = ("--bolus-product", "vial-15", "--infusion-product", "bag-250")
PUMPED_FROM_BAG = ("--bolus-product", "infusion-container", "--infusion-product", "bag-250")
PROTOCOLS = golden("protocols")
ROLES = {"load": "load_mcg_per_kg_min", "maintenance": "rate_mcg_per_kg_min"}


def answered(run: Run, *args: str) -> Any:
    """Return the JSON answer of a command that must succeed."""
    outcome = run(*args, "--format", "json")
    assert outcome.exit_code == 0, outcome.stderr
    return outcome.json


def page(run: Run, *args: str) -> str:
    """Return the text answer of a command that must succeed, with every run of white space as one space."""
    outcome = run(*args)
    assert outcome.exit_code == 0, outcome.stderr
    return " ".join(outcome.stdout.split())


def names(text: str, quantity: str) -> bool:
    """Say whether a text names this quantity and not merely one that ends like it (6 mL/h in 6.6 mL/h)."""
    return re.search(rf"(?<![\d.,]){re.escape(quantity)}(?![\w/])", text) is not None


# --- table -----------------------------------------------------------------------------------------------------------


def test_table_walks_from_40_to_140_kg_in_fives(run: Run) -> None:
    rows = answered(run, "table", "yang-2020-iv", *VIAL_AND_BAG)["rows"]
    assert [magnitude(row["weight"], "kg") for row in rows] == list(range(40, 141, 5))
    (row,) = [row for row in rows if row["weight"]["value"] == 80]
    assert_shows(row["bolus_volume"], "mL", "3.2")
    assert_shows(row["pump_rate"], "mL/h", "14.4")
    assert row["load_pump_rate"] is None


@pytest.mark.parametrize(
    ("weight", "bolus_ml", "ml_per_h"),
    [("40kg", "1.6", "7.2"), ("57kg", "2.3", "10.3"), ("75kg", "3", "13.5"), ("150kg", "6", "27")],
)
def test_table_of_one_row(run: Run, weight: str, bolus_ml: str, ml_per_h: str) -> None:
    (row,) = answered(run, "table", "yang-2020-iv", "--from", weight, "--to", weight, *VIAL_AND_BAG)["rows"]
    assert_shows(row["bolus_volume"], "mL", bolus_ml)
    assert_shows(row["pump_rate"], "mL/h", ml_per_h)


def test_table_of_a_load(run: Run) -> None:
    args = ("table", "trend-2024", "--from", "60kg", "--to", "80kg", "--step", "20kg", "--infusion-product", "bag-250")
    sixty, eighty = answered(run, *args)["rows"]
    assert sixty["bolus_volume"] is None
    assert_shows(sixty["load_pump_rate"], "mL/h", "28.8")
    assert_shows(sixty["pump_rate"], "mL/h", "7.2")
    assert_shows(eighty["load_pump_rate"], "mL/h", "38.4")
    assert_shows(eighty["pump_rate"], "mL/h", "9.6")


def test_table_without_products_picks_none(run: Run) -> None:
    for row in answered(run, "table", "yang-2020-iv")["rows"]:
        assert row["bolus_volume"] is None
        assert row["pump_rate"] is None
        assert row["options"]


@pytest.mark.parametrize(("crcl", "ml_per_h"), [("60mL/min", "7.2"), ("61mL/min", "14.4")])
def test_table_applies_the_labels_renal_rule(run: Run, crcl: str, ml_per_h: str) -> None:
    args = ("table", "us-label", "--from", "80kg", "--to", "80kg", "--crcl", crcl, *VIAL_AND_BAG)
    (row,) = answered(run, *args)["rows"]
    assert_shows(row["bolus_volume"], "mL", "8")
    assert_shows(row["pump_rate"], "mL/h", ml_per_h)


def test_table_as_csv_markdown_and_text_has_the_same_rows(run: Run) -> None:
    args = ("table", "yang-2020-iv", *VIAL_AND_BAG)
    as_csv = list(csv.DictReader(io.StringIO(run(*args, "--format", "csv").stdout)))
    assert len(as_csv) == 21
    assert all(None not in row and None not in row.values() for row in as_csv)
    assert "14.4" in as_csv[8].values()
    bars = [text for text in run(*args, "--format", "markdown").stdout.splitlines() if text.startswith("|")]
    assert len(bars) == 23  # heading, rule, 21 weights
    assert "14.4" in bars[10]
    assert re.search(r"\b80\b.*\b14\.4\b", run(*args).stdout)


@pytest.mark.parametrize("args", [("--step", "0kg"), ("--from", "90kg", "--to", "40kg"), ("--to", "8000kg")])
def test_a_table_without_sensible_rows_is_refused(run: Run, args: tuple[str, ...]) -> None:
    outcome = run("table", "yang-2020-iv", *args)
    assert outcome.exit_code in (2, 4)
    assert outcome.stdout == ""
    assert outcome.stderr.strip()


# --- renal -----------------------------------------------------------------------------------------------------------

WOMAN = ("renal", "--age", "70", "--sex", "female", "--weight", "80kg")
AT_165_CM = ("--creatinine", "1.2mg/dL", "--height", "165cm")


@pytest.mark.parametrize(
    ("args", "shown", "exact", "basis"),
    [
        (("--creatinine", "1.2mg/dL"), "55.1", "55.0925925925926", "actual"),  # 70 x 80 / (72 x 1.2) x 0.85
        (("--creatinine", "106.104umol/L"), "55.1", "55.0925925925926", "actual"),
        (("--creatinine", "1.2mg/dL", "--basis", "actual"), "55.1", "55.0925925925926", "actual"),
        (AT_165_CM, "55.1", "55.0925925925926", "actual"),
        ((*AT_165_CM, "--basis", "ideal"), "39.2", "39.1911134806066", "ideal"),
        ((*AT_165_CM, "--basis", "adjusted"), "45.6", "45.551705125401", "adjusted"),
        (("--creatinine", "0.85mg/dL", "--height", "152.4cm", "--basis", "ideal"), "44.2", "44.2361111111111", "ideal"),
    ],
)
def test_creatinine_clearance(run: Run, args: tuple[str, ...], shown: str, exact: str, basis: str) -> None:
    answer = answered(run, *WOMAN, *args)
    assert answer["basis"] == basis
    assert_shows(answer["creatinine_clearance"], "mL/min", shown)
    assert str(answer["exact_creatinine_clearance"]["value"]) == exact
    assert answer["exact_creatinine_clearance"]["rounded"] is True
    assert basis in page(run, *WOMAN, *args)


def test_clearance_of_a_man_has_no_factor(run: Run) -> None:
    args = ("renal", "--age", "60", "--sex", "male", "--weight", "72kg", "--creatinine", "1mg/dL")
    answer = answered(run, *args)
    assert_shows(answer["creatinine_clearance"], "mL/min", "80")
    assert_shows(answer["exact_creatinine_clearance"], "mL/min", "80")


def test_a_basis_that_changes_the_side_of_a_threshold_is_a_finding(run: Run) -> None:
    # actual 62, adjusted 48, ideal 39 mL/min: one side of 60 and the other
    args = ("renal", "--age", "70", "--sex", "female", "--weight", "90kg", "--creatinine", "1.2mg/dL")
    assert answered(run, *args, "--height", "165cm")["findings"]


# --- renal boundaries in dose ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("protocol", "crcl", "dose_mcg", "rates"),
    [
        ("us-label", "90mL/min", "2000", ("0.15",)),
        ("us-label", "60.0000001mL/min", "2000", ("0.15",)),
        ("us-label", "60mL/min", "2000", ("0.075",)),
        ("us-label", "30mL/min", "2000", ("0.075",)),
        ("us-label", "10mL/min", "2000", ("0.075",)),
        ("eu-label-bolus", "60mL/min", "2000", ("0.15",)),
        ("eu-label-bolus", "30mL/min", "2000", ("0.15",)),
        ("eu-label-bolus", "29.9999999mL/min", "1000", ("0.075",)),
        ("eu-label-load", "30mL/min", None, ("0.4", "0.1")),
        ("eu-label-load", "29.9999999mL/min", None, ("0.2", "0.05")),
        ("eptifibatide-label", "50.0000001mL/min", "14400", ("2",)),
        ("eptifibatide-label", "50mL/min", "14400", ("2",)),
        ("eptifibatide-label", "49.9999999mL/min", "14400", ("1",)),
    ],
)
def test_a_boundary_value_falls_in_exactly_one_band(
    run: Run, protocol: str, crcl: str, dose_mcg: str | None, rates: tuple[str, ...]
) -> None:
    run_time = {"us-label": "18h", "eu-label-bolus": "24h"}.get(protocol, "48h")
    args = ("dose", protocol, "--weight", "80kg", "--run-time", run_time, "--crcl", crcl)
    answer = answered(run, *args)
    if dose_mcg is None:
        assert answer["boluses"] == []
    else:
        assert_shows(answer["boluses"][0]["dose"], "mcg", dose_mcg)
    for infusion, rate in zip(answer["infusions"], rates, strict=True):
        assert_shows(infusion["dose_rate_per_kg"], "mcg/kg/min", rate)
    assert crcl.removesuffix("mL/min") in page(run, *args)


@pytest.mark.parametrize("row", [row for row in PROTOCOLS if not row["renal_threshold"]], ids=lambda row: row["id"])
def test_crcl_never_changes_a_protocol_without_a_renal_rule(run: Run, row: dict[str, str]) -> None:
    if not row["rate_mcg_per_kg_min"]:
        pytest.skip("gives no infusion")
    args = [
        "dose",
        row["id"],
        "--weight",
        "80kg",
        "--run-time",
        f"{row['run_time_h'] or row['run_time_high_h'] or 24}h",
    ]
    args += ["--ia-dose", "0.5mg"] if row["ia_low_mcg"] else []
    plain_answer, with_crcl = answered(run, *args), answered(run, *args, "--crcl", "20mL/min")
    for field in ("boluses", "infusions"):
        assert with_crcl[field] == plain_answer[field]


def test_crcl_changes_nothing_where_the_protocol_is_silent_but_shows_both_labels(run: Run) -> None:
    args = ("dose", "yang-2020-iv", "--weight", "70kg", "--run-time", "24h", *VIAL_AND_BAG, "--crcl", "45mL/min")
    assert_shows(answered(run, *args)["infusions"][0]["pump_rate"], "mL/h", "12.6")
    assert_shows(answered(run, *args, "--renal", "us-label")["infusions"][0]["pump_rate"], "mL/h", "12.6")
    text = page(run, *args)
    assert "12.6 mL/h" in text
    assert "6.3 mL/h" in text


# --- caps ------------------------------------------------------------------------------------------------------------


def dosed(run: Run, *args: str) -> Any:
    """Return the JSON answer of a `dose` that must succeed."""
    return answered(run, "dose", *args)


@pytest.mark.parametrize(
    ("weight", "bolus", "mcg_per_min", "renal_mcg_per_min"),
    [
        ("80kg", "14400", "160", "80"),
        ("121kg", "21780", "242", "121"),
        ("125kg", "22500", "250", "125"),
        ("126kg", "22600", "250", "125"),
        ("150kg", "22600", "250", "125"),
    ],
)
def test_eptifibatide_never_exceeds_the_labels_fixed_amounts(
    run: Run, weight: str, bolus: str, mcg_per_min: str, renal_mcg_per_min: str
) -> None:
    products = ("--bolus-product", "eptifibatide-vial-10", "--infusion-product", "eptifibatide-bag-100")
    args = ("eptifibatide-label", "--weight", weight, "--run-time", "24h", *products)
    healthy, impaired = dosed(run, *args, "--crcl", "90mL/min"), dosed(run, *args, "--crcl", "40mL/min")
    assert_shows(healthy["boluses"][0]["dose"], "mcg", bolus)
    assert_shows(impaired["boluses"][0]["dose"], "mcg", bolus)
    assert_shows(healthy["infusions"][0]["dose_rate"], "mcg/min", mcg_per_min)
    assert_shows(impaired["infusions"][0]["dose_rate"], "mcg/min", renal_mcg_per_min)


def test_eptifibatide_cap_is_on_the_page(run: Run) -> None:
    args = ("dose", "eptifibatide-label", "--weight", "150kg", "--run-time", "24h", "--crcl", "90mL/min")
    for text in (page(run, *args), page(run, *args, "--details")):
        _shows_the_cap(text)


def _shows_the_cap(text: str) -> None:
    assert "22.6 mg" in text
    assert "15 mg/h" in text


@pytest.mark.parametrize(("weight", "mcg_per_min"), [("40kg", "5"), ("80kg", "10"), ("81kg", "10"), ("150kg", "10")])
def test_abciximab_infusion_is_at_most_10_mcg_a_minute_for_12_hours(run: Run, weight: str, mcg_per_min: str) -> None:
    answer = dosed(run, "abciximab-label", "--weight", weight)
    assert_shows(answer["infusions"][0]["dose_rate"], "mcg/min", mcg_per_min)
    assert hours(answer["infusions"][0]["run_time"]) == 12
    assert answer["infusions"][0]["options"] == []  # the facts hold no abciximab product


# --- the label's weight bands ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", golden("label_band"), ids=lambda row: f"{row['from_kg']}-{row['to_kg']} kg")
@pytest.mark.parametrize("edge", ["from_kg", "to_kg"])
def test_label_band_stands_beside_the_exact_value(run: Run, row: dict[str, str], edge: str) -> None:
    args = ("us-label", "--weight", f"{row[edge]}kg", "--run-time", "18h", *PUMPED_FROM_BAG)
    for crcl, column in (("90mL/min", "rate_above_60_ml_h"), ("60mL/min", "rate_at_or_below_60_ml_h")):
        exact = dosed(run, *args, "--crcl", crcl)["infusions"][0]["pump_rate"]
        banded = dosed(run, *args, "--crcl", crcl, "--label-band")["infusions"][0]["pump_rate"]
        assert banded == exact  # the fixed path keeps the exact answer: the two are never mixed
        text = page(run, "dose", *args, "--crcl", crcl, "--label-band")
        assert names(text, f"{row['bolus_ml']} mL")
        assert names(text, f"{row[column]} mL/h")
        assert names(text, f"{plain(magnitude(exact, 'mL/h'))} mL/h")


@pytest.mark.parametrize("weight", ["37.5kg", "29.9kg", "45.5kg", "153.5kg", "154kg"])
def test_between_and_beyond_the_rows_the_band_is_refused_but_the_exact_value_shown(run: Run, weight: str) -> None:
    args = ("us-label", "--weight", weight, "--run-time", "18h", "--crcl", "90mL/min", *VIAL_AND_BAG)
    assert dosed(run, *args, "--label-band")["infusions"] == dosed(run, *args)["infusions"]
    assert re.search(r"\bno (weight-band )?row\b", page(run, "dose", *args, "--label-band"))


def test_37_5_kg_is_exactly_6_75(run: Run) -> None:
    args = ("us-label", "--weight", "37.5kg", "--run-time", "18h", "--crcl", "90mL/min", *VIAL_AND_BAG, "--label-band")
    (infusion,) = dosed(run, *args)["infusions"]
    assert_shows(infusion["exact_pump_rate"], "mL/h", "6.75")
    assert_shows(infusion["pump_rate"], "mL/h", "6.8")


def test_only_a_label_has_weight_bands(run: Run) -> None:
    outcome = run("dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--label-band")
    assert outcome.exit_code in (2, 4)
    assert outcome.stdout == ""


# --- protocol --------------------------------------------------------------------------------------------------------


def test_protocol_list_names_every_regimen_of_the_facts_and_no_other(run: Run) -> None:
    listed = [protocol["id"] for protocol in answered(run, "protocol", "list")["protocols"]]
    assert sorted(listed) == sorted(row["id"] for row in PROTOCOLS)
    text = page(run, "protocol", "list")
    assert all(protocol in text for protocol in listed)


@pytest.mark.parametrize("row", PROTOCOLS, ids=lambda row: row["id"])
def test_protocol_show_holds_the_numbers_of_the_facts(run: Run, row: dict[str, str]) -> None:
    shown = answered(run, "protocol", "show", row["id"])
    assert (shown["id"], shown["drug"]) == (row["id"], row["drug"])
    assert shown["sources"]
    expected = [
        (route, amount, column.endswith("_per_kg"))
        for route, column in (("IA", "ia_fixed_mcg"), ("IA", "ia_mcg_per_kg"), ("IV", "iv_mcg_per_kg"))
        if (amount := row[column])
    ]
    for (route, amount, per_kg), bolus in zip(expected, shown["boluses"], strict=False):
        assert bolus["route"].upper() == route
        assert mcg(bolus["dose_per_kg" if per_kg else "dose"]) == int(amount)
        assert bolus["dose" if per_kg else "dose_per_kg"] is None
    routes = {bolus["route"].upper() for bolus in shown["boluses"]}
    assert routes == {route for route in ("IA", "IV") if any(row[c] for c in row if c.startswith(f"{route.lower()}_"))}
    roles = {infusion["role"]: infusion for infusion in shown["infusions"]}
    assert set(roles) == {role for role, column in ROLES.items() if row[column]}
    for role, infusion in roles.items():
        assert_shows(infusion["dose_rate_per_kg"], "mcg/kg/min", row[ROLES[role]])
    if row["load_min"]:
        assert hours(roles["load"]["run_time"]) * 60 == int(row["load_min"])
    if row["run_time_h"]:
        assert plain(hours(roles["maintenance"]["run_time"])) == row["run_time_h"]


def test_protocol_check_names_the_line_of_a_syntax_error(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "hospital.toml"
    broken.write_text('id = "ours"\ndrug = tirofiban\n', encoding="utf-8")
    outcome = run("protocol", "check", str(broken))
    assert outcome.exit_code == 3
    assert re.search(r"(:2\b|\bline 2\b)", outcome.stdout + outcome.stderr)
    assert "Traceback" not in outcome.stderr


def test_a_protocol_without_a_source_is_refused(run: Run, tmp_path: Path) -> None:
    ours = tmp_path / "hospital.toml"
    ours.write_text('id = "ours"\ndrug = "tirofiban"\n', encoding="utf-8")
    outcome = run("protocol", "check", str(ours))
    assert outcome.exit_code in (1, 3)
    assert "source" in outcome.stdout + outcome.stderr


@pytest.mark.parametrize("args", [("protocol", "check"), ("dose", "ours", "--weight", "80kg", "--protocol-file")])
def test_a_protocol_file_that_is_not_there(run: Run, args: tuple[str, ...]) -> None:
    outcome = run(*args, "nowhere.toml")
    assert outcome.exit_code == 3
    assert outcome.stdout == ""
    assert "nowhere.toml" in outcome.stderr
