"""What rescuecalc does not take: exit 2 or 4, nothing on standard output, one sentence that quotes what was read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import Outcome, Run, invoke

pytestmark = pytest.mark.core

YANG = ("dose", "yang-2020-iv", "--run-time", "24h")
YANG_80 = (*YANG, "--weight", "80kg")
OWN = ("dose", "--route", "iv", "--run-time", "24h", "--weight", "80kg")
US_LABEL = ("dose", "us-label", "--weight", "80kg", "--run-time", "18h")
WOMAN = ("renal", "--sex", "female", "--weight", "80kg")
RATE_AT_80 = ("rate", "0.15mcg/kg/min", "--weight", "80kg", "--concentration")


def assert_refused(outcome: Outcome, exit_code: int, *said: str) -> None:
    """Hold a refusal against the contract: its exit code, silence on stdout, one sentence with these words in it."""
    assert outcome.exit_code == exit_code, outcome.stderr
    assert outcome.stdout == ""
    assert outcome.stderr.strip()
    assert len(outcome.stderr.strip().splitlines()) == 1
    assert "Traceback" not in outcome.stderr
    for words in said:
        assert words in outcome.stderr


# --- exit 2: what was typed cannot be read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "weight",
    [
        "80", "80 stone", "12,5kg", "1e3kg", "-5kg", "+5kg", "nan", "nankg", "inf", "infkg", ".5kg", "80.kg", "80 k g",
        "80 kgm", "80g", "80000mg", "80mL", "0.15mcg/kg/min", "\u0668\u0660kg", "\uff18\uff10kg", "8_0kg", "2**6kg",
        "0x50kg", "80kg/", "80//kg", "kg", "80kg80kg", "80-90kg", "1234567890kg", "80.1234567891kg", "80 kg please",
    ],
)  # fmt: skip
def test_a_weight_that_is_none_is_quoted(run: Run, weight: str) -> None:
    assert_refused(run(*YANG, f"--weight={weight}"), 2, weight)


def test_a_negative_weight_is_read_as_a_value_and_not_as_an_option(run: Run) -> None:
    assert_refused(run(*YANG, "--weight", "-5kg"), 2, "-5kg")


def test_a_bare_weight_is_shown_the_two_ways_to_say_it(run: Run) -> None:
    outcome = run(*YANG, "--weight", "80")
    assert_refused(outcome, 2)
    assert "80kg" in outcome.stderr.replace(" ", "")
    assert "80lb" in outcome.stderr.replace(" ", "")


@pytest.mark.parametrize(
    ("args", "quoted"),
    [
        (("dose", "huo-2021", "--weight", "80kg", "--run-time", "12h", "--ia-dose", ".5mg"), ".5mg"),
        (("dose", "huo-2021", "--weight", "80kg", "--run-time", "12h", "--ia-dose", "0,5mg"), "0,5mg"),
        (("dose", "huo-2021", "--weight", "80kg", "--run-time", "12h", "--ia-dose", "0.5"), "0.5"),
        (("dose", "huo-2021", "--weight", "80kg", "--run-time", "12h", "--ia-dose", "0.5mL"), "0.5mL"),
        ((*OWN, "--bolus", "10mcg//kg", "--infusion", "0.1mcg/kg/min"), "10mcg//kg"),
        ((*OWN, "--bolus", "10mcg/kg", "--infusion", "0.1mcg/kg/m"), "0.1mcg/kg/m"),
        ((*OWN, "--bolus", "10mcg/kg", "--infusion", "0.1mcg/min/kg/"), "0.1mcg/min/kg/"),
        ((*OWN, "--bolus", "10mcg/kg", "--infusion", "0.1"), "0.1"),
        ((*OWN, "--bolus", "0.1mcg/kg/min", "--infusion", "0.1mcg/kg/min"), "0.1mcg/kg/min"),
        ((*OWN, "--bolus", "10mcg/kg", "--infusion", "10mcg/kg"), "10mcg/kg"),
        ((*YANG_80, "--pump-step", "0.1mL"), "0.1mL"),
        ((*YANG_80, "--volume-step", "0.1mL/h"), "0.1mL/h"),
        ((*YANG_80, "--priming-volume", "20"), "20"),
        ((*YANG_80, "--give-over", "5"), "5"),
        ((*YANG_80, "--give-over", "5m"), "5m"),
        ((*YANG_80, "--infusion-concentration", "50mcg"), "50mcg"),
        ((*YANG_80, "--crcl", "45"), "45"),
        ((*YANG_80, "--crcl", "45mL/min/1.73m2"), "45mL/min/1.73m2"),
        ((*US_LABEL, "--crcl", "45 mL/min/1.73m\u00b2"), "45 mL/min/1.73m\u00b2"),
        ((*US_LABEL, "--crcl", "45mL/h/kg"), "45mL/h/kg"),
        (("dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "24"), "24"),
        (("dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "1e1h"), "1e1h"),
        (("rate", "0.15", "--weight", "80kg", "--concentration", "50mcg/mL"), "0.15"),
        (("rate", "0.15mcg/kg/m", "--weight", "80kg", "--concentration", "50mcg/mL"), "0.15mcg/kg/m"),
        (("rate", "0,15mcg/kg/min", "--weight", "80kg", "--concentration", "50mcg/mL"), "0,15mcg/kg/min"),
        (("rate", "80kg", "--weight", "80kg", "--concentration", "50mcg/mL"), "80kg"),
        ((*RATE_AT_80, "50"), "50"),
        ((*RATE_AT_80, "50mcg/kg"), "50mcg/kg"),
        ((*RATE_AT_80, "50mcg/mL", "--to", "mcg/kg"), "mcg/kg"),
        ((*RATE_AT_80, "50mcg/mL", "--to", "kg"), "kg"),
        ((*WOMAN, "--age", "70", "--creatinine", "1.2"), "1.2"),
        ((*WOMAN, "--age", "70", "--creatinine", "1,2mg/dL"), "1,2mg/dL"),
        ((*WOMAN, "--age", "70", "--creatinine", "1.2mg/mL/h"), "1.2mg/mL/h"),
        ((*WOMAN, "--age", "70.5", "--creatinine", "1.2mg/dL"), "70.5"),
        ((*WOMAN, "--age", "70y", "--creatinine", "1.2mg/dL"), "70y"),
        (("table", "yang-2020-iv", "--from", "40"), "40"),
        (("table", "yang-2020-iv", "--step", "5mg"), "5mg"),
    ],
)
def test_a_quantity_that_is_none_is_quoted(run: Run, args: tuple[str, ...], quoted: str) -> None:
    assert_refused(run(*args), 2, quoted)


@pytest.mark.parametrize("sex", ["woman", "x", "f emale"])
def test_sex_is_female_or_male(run: Run, sex: str) -> None:
    outcome = run("renal", "--age", "70", "--sex", sex, "--weight", "80kg", "--creatinine", "1.2mg/dL")
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert sex in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("dose", "yang-2020-i", "--weight", "80kg", "--run-time", "24h"), ("yang-2020-i", "yang-2020-iv")),
        (("table", "us-lable"), ("us-lable", "us-label")),
        (("protocol", "show", "rescue-bt"), ("rescue-bt", "rescue-bt-2022")),
        ((*YANG_80, "--infusion-product", "bag-25"), ("bag-25", "bag-250")),
        ((*YANG_80, "--bolus-product", "vial-51"), ("vial-51", "vial-15")),
        ((*RATE_AT_80, "50mcg/mL", "--drug", "tirofibam"), ("tirofibam", "tirofiban")),
    ],
)
def test_an_unknown_id_is_answered_with_the_nearest(run: Run, args: tuple[str, ...], said: tuple[str, ...]) -> None:
    assert_refused(run(*args), 2, *said)


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        (YANG, "--weight"),
        (("dose", "khachatryan-2023-case"), "--weight"),
        (("dose", "--bolus", "10mcg/kg", "--run-time", "24h", "--weight", "80kg"), "--route"),
        ((*WOMAN, "--age", "70", "--creatinine", "1.2mg/dL", "--basis", "ideal"), "--height"),
        ((*WOMAN, "--age", "70", "--creatinine", "1.2mg/dL", "--basis", "adjusted"), "--height"),
    ],
)
def test_what_is_missing_is_asked_for(run: Run, args: tuple[str, ...], asked: str) -> None:
    assert_refused(run(*args), 2, asked)


@pytest.mark.parametrize("option", ["--weight", "--run-time", "--bolus-product", "--infusion-product", "--crcl"])
def test_an_empty_value_is_no_value(run: Run, option: str) -> None:
    args = {"--weight": "80kg", "--run-time": "24h"} | {option: ""}
    assert_refused(run("dose", "yang-2020-iv", *(word for pair in args.items() for word in pair)), 2, option)


@pytest.mark.parametrize(
    ("args", "option"),
    [
        ((*YANG_80, "--weight", "80kg"), "--weight"),
        ((*YANG_80, "--weight", "90kg"), "--weight"),
        ((*YANG_80, "--run-time", "12h"), "--run-time"),
        ((*YANG_80, "--infusion-product", "bag-250", "--infusion-product", "bag-100"), "--infusion-product"),
        ((*RATE_AT_80, "50mcg/mL", "--concentration", "250mcg/mL"), "--concentration"),
        ((*WOMAN, "--age", "70", "--age", "71", "--creatinine", "1.2mg/dL"), "--age"),
        (("table", "yang-2020-iv", "--from", "40kg", "--from", "50kg"), "--from"),
    ],
)
def test_an_option_given_twice_is_refused_and_none_of_the_two_taken(
    run: Run, args: tuple[str, ...], option: str
) -> None:
    assert_refused(run(*args), 2, option)


@pytest.mark.parametrize(
    ("start", "more", "said"),
    [
        ("2026-03-28T20:00", (), "--timezone"),
        ("2026-03-29T02:30", ("--timezone", "Europe/Berlin"), "2026-03-29T02:30"),  # skipped
        ("2026-10-25T02:30", ("--timezone", "Europe/Berlin"), "2026-10-25T02:30"),  # happens twice
        ("2026-03-28T20:00+02:00", ("--timezone", "Europe/Berlin"), "+02:00"),  # Berlin is at +01:00 that day
        ("2026-03-28T20:00", ("--timezone", "Europe/Berlln"), "Europe/Berlln"),
        ("2026-02-30T20:00", ("--timezone", "Europe/Berlin"), "2026-02-30T20:00"),
        ("28.03.2026 20:00", ("--timezone", "Europe/Berlin"), "28.03.2026 20:00"),
        ("now", (), "--timezone"),
    ],
)
def test_a_start_that_names_no_single_moment_is_refused(run: Run, start: str, more: tuple[str, ...], said: str) -> None:
    assert_refused(run(*YANG_80, "--start", start, *more), 2, said)


# --- exit 4: understood and refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("weight", ["0kg", "0.4kg", "0.499999999kg", "650.000000001kg", "651kg", "8000kg", "1lb"])
def test_a_weight_outside_half_a_kilogram_to_650_is_refused(run: Run, weight: str) -> None:
    assert_refused(run(*YANG, "--weight", weight), 4, weight.removesuffix("kg").removesuffix("lb"), "650")


@pytest.mark.parametrize("weight", ["0.5kg", "650kg"])
def test_the_ends_of_the_weight_window_are_inside(run: Run, weight: str) -> None:
    outcome = run(*YANG, "--weight", weight, "--format", "json")
    assert outcome.exit_code in (0, 1), outcome.stderr
    assert outcome.stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("yang-2020-iv", "--weight", "80kg"), "--run-time"),  # not stated
        (("yang-2020-ia", "--weight", "80kg"), "--run-time"),
        (("huo-2021", "--weight", "80kg", "--ia-dose", "0.5mg"), "--run-time"),  # 12 to 24 h
        (("us-label", "--weight", "80kg", "--crcl", "90mL/min"), "--run-time"),  # up to 18 h
        (("eu-label-bolus", "--weight", "80kg", "--crcl", "90mL/min"), "--run-time"),
        (("eu-label-load", "--weight", "80kg", "--crcl", "90mL/min"), "--run-time"),
        (("eptifibatide-label", "--weight", "80kg", "--crcl", "90mL/min"), "--run-time"),
        (("eptifibatide-low", "--weight", "80kg"), "--run-time"),
        (("huo-2021", "--weight", "80kg", "--run-time", "12h"), "--ia-dose"),
        (("kang-2018-ia",), "--ia-dose"),
        (("us-label", "--weight", "80kg", "--run-time", "18h"), "--crcl"),
        (("eu-label-bolus", "--weight", "80kg", "--run-time", "24h"), "--crcl"),
        (("eu-label-load", "--weight", "80kg", "--run-time", "48h"), "--crcl"),
        (("eptifibatide-label", "--weight", "80kg", "--run-time", "24h"), "--crcl"),
    ],
)
def test_what_the_source_leaves_open_must_be_chosen(run: Run, args: tuple[str, ...], said: str) -> None:
    assert_refused(run("dose", *args), 4, said)


def test_a_table_of_a_label_needs_the_creatinine_clearance(run: Run) -> None:
    assert_refused(run("table", "us-label"), 4, "--crcl")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("huo-2021", "--ia-dose", "0.5mg", "--run-time", "11.9h"), "11.9"),
        (("huo-2021", "--ia-dose", "0.5mg", "--run-time", "24.1h"), "24.1"),
        (("us-label", "--crcl", "90mL/min", "--run-time", "18.1h"), "18.1"),
        (("eu-label-bolus", "--crcl", "90mL/min", "--run-time", "11.9h"), "11.9"),
        (("eu-label-bolus", "--crcl", "90mL/min", "--run-time", "48.1h"), "48.1"),
        (("eu-label-load", "--crcl", "90mL/min", "--run-time", "47h"), "47"),
        (("eu-label-load", "--crcl", "90mL/min", "--run-time", "108h"), "108"),  # 108.5 h with the load
        (("huo-2021", "--run-time", "12h", "--ia-dose", "0.2mg"), "0.2"),
        (("huo-2021", "--run-time", "12h", "--ia-dose", "1.1mg"), "1.1"),
        (("huo-2021", "--run-time", "12h", "--ia-dose", "250mg"), "250"),
        (("kang-2018-ia", "--ia-dose", "0.4mg"), "0.4"),
        (("kang-2018-ia", "--ia-dose", "1.1mg"), "1.1"),
    ],
)
def test_a_choice_outside_the_sources_range_is_refused(run: Run, args: tuple[str, ...], said: str) -> None:
    assert_refused(run("dose", *args, "--weight", "80kg"), 4, said)


@pytest.mark.parametrize(
    "args",
    [
        ("huo-2021", "--ia-dose", "0.5mg", "--run-time", "12h"),
        ("huo-2021", "--ia-dose", "0.5mg", "--run-time", "24h"),
        ("us-label", "--crcl", "90mL/min", "--run-time", "18h"),
        ("eu-label-bolus", "--crcl", "90mL/min", "--run-time", "12h"),
        ("eu-label-bolus", "--crcl", "90mL/min", "--run-time", "48h"),
        ("eu-label-load", "--crcl", "90mL/min", "--run-time", "48h"),
        ("eu-label-load", "--crcl", "90mL/min", "--run-time", "107.5h"),  # 108 h with the load
        ("kang-2018-ia", "--ia-dose", "0.5mg"),
        ("kang-2018-ia", "--ia-dose", "1mg"),
    ],
)
def test_the_ends_of_the_sources_range_are_inside(run: Run, args: tuple[str, ...]) -> None:
    outcome = run("dose", *args, "--weight", "80kg")
    assert outcome.exit_code == 0, outcome.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--infusion-product", "vial-15"), "vial-15"),
        (("--infusion-product", "concentrate-50"), "concentrate-50"),  # undiluted
        (("--infusion-product", "eptifibatide-bag-100"), "eptifibatide-bag-100"),
        (("--bolus-product", "eptifibatide-vial-10"), "eptifibatide-vial-10"),
        (("--infusion-concentration", "50mg/mL"), "50"),
        (("--bolus-concentration", "250mg/mL"), "250"),
        (("--infusion-product", "bag-250", "--infusion-concentration", "250mcg/mL"), "250"),
        (("--infusion-product", "bag-250", "--infusion-concentration", "50mg/mL"), "50"),
        (("--bolus-product", "vial-15", "--bolus-concentration", "50mcg/mL"), "50"),
    ],
)
def test_a_product_that_does_not_fit_is_refused(run: Run, args: tuple[str, ...], said: str) -> None:
    assert_refused(run(*YANG_80, *args), 4, said)


def test_an_intra_arterial_bolus_is_never_programmed_on_the_pump(run: Run) -> None:
    args = ("--run-time", "24h", "--bolus-product", "infusion-container", "--infusion-product", "bag-250")
    assert_refused(run("dose", "yang-2020-ia", "--weight", "80kg", *args), 4, "infusion-container")


@pytest.mark.parametrize(
    ("weight", "height", "basis"),
    [("80kg", "152.3cm", "ideal"), ("80kg", "152.3cm", "adjusted"), ("50kg", "165cm", "adjusted")],
)
def test_a_basis_that_is_not_defined_is_refused(run: Run, weight: str, height: str, basis: str) -> None:
    args = ("--age", "70", "--sex", "female", "--creatinine", "1.2mg/dL")
    assert_refused(run("renal", *args, "--weight", weight, "--height", height, "--basis", basis), 4, basis)


# --- whatever is typed -----------------------------------------------------------------------------------------------


@given(st.text(max_size=20))
def test_no_text_at_all_makes_a_traceback_or_half_an_answer(text: str) -> None:
    outcome = invoke(*YANG, f"--weight={text}")
    assert outcome.exit_code in (0, 2, 4)
    assert (outcome.stdout == "") is (outcome.exit_code != 0)
    assert "Traceback" not in outcome.stderr


@given(st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3})?[ ]?[a-zA-Z/.,\u00b5]{1,12}", fullmatch=True))
def test_no_near_miss_of_a_rate_makes_a_traceback_or_half_an_answer(text: str) -> None:
    outcome = invoke("rate", text, "--weight", "80kg", "--concentration", "50mcg/mL")
    assert outcome.exit_code in (0, 2, 4)
    assert (outcome.stdout == "") is (outcome.exit_code != 0)
    assert "Traceback" not in outcome.stderr
