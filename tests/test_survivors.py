"""Places that could be broken and no test noticed, found by `python -m tests.mutation`; each has its test here."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rescuecalc.backcheck.bedside import check_bedside
from rescuecalc.backcheck.doses import DoubleCheckFailed
from rescuecalc.core.bridging.coverage import Gap
from rescuecalc.core.literature.study import whole_numbers
from rescuecalc.core.quantities.label_strength import strength
from tests.support import invoke
from tests.test_nets import findings

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (
            "--pump-step 100mL/h --infusion-product bag-250",
            "the infusion of 12 mcg/min is 14.4 mL/h of 50 mcg/mL and rounds to 0 at a step of 100 mL/h",
        ),
        (
            "--volume-step 10mL --bolus-product vial-15",
            "the bolus of 800 mcg is 3.2 mL of 250 mcg/mL and rounds to 0 at a step of 10 mL",
        ),
    ],
)
def test_what_rounds_to_nothing_is_refused(options: str, refusal: str) -> None:
    outcome = invoke("dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", *options.split())
    assert (outcome.exit_code, outcome.stdout) == (4, "")
    assert refusal in outcome.stderr


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (61, 2), (90, 2), (None, None)])
def test_a_gap_is_rounded_up_to_minutes(seconds: int | None, minutes: int | None) -> None:
    length = None if seconds is None else Fraction(seconds)
    assert Gap(length, None).worst_minutes == minutes
    assert Gap(None, length).best_minutes == minutes


@pytest.mark.parametrize(
    ("percent", "of", "numbers"),
    [("33.3", 3, (1,)), ("33", 3, (1,)), ("12.5", 8, (1,)), ("1", 200, (1, 2)), ("34", 3, ())],
)
def test_the_numbers_that_are_printed_as_a_share(percent: str, of: int, numbers: tuple[int, ...]) -> None:
    assert whole_numbers(percent, of) == numbers


DRIP = (
    "{drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.1 mcg/kg/min, run_time: 24 h, "
    "concentration: 50 mcg/mL}"
)


@pytest.mark.parametrize(
    "first", ["{drug: aspirin, route: PO, dose: 100 mg}", "{drug: ondansetron, route: IV, dose: 4 mg}"]
)
def test_what_the_line_holds_is_said_behind_other_orders_too(first: str) -> None:
    text = f"{{order_set: a, patient: {{weight: 80 kg}}, orders: [{first}, {DRIP}]}}"
    assert [each["pointer"] for each in findings(text, "RC601")] == ["/orders/1"]


@pytest.mark.parametrize(("lysis", "codes"), [
    ("+0 h", ["RC661"]), ("-23 h", ["RC661"]), ("-24 h", []), ("+1 h", ["RC661"]), ("+24 h", [])])  # fmt: skip
def test_eptifibatide_after_a_thrombolysis_from_its_start_to_the_end_of_a_day(lysis: str, codes: list[str]) -> None:
    order = (
        "{drug: eptifibatide, route: IV, kind: infusion, dose_rate_per_kg: 1 mcg/kg/min, start: +0 h, run_time: 24 h}"
    )
    text = f"{{order_set: stroke rescue, patient: {{thrombolysis: {lysis}}}, orders: [{order}]}}"
    assert [each["code"] for each in findings(text, "RC661")] == codes


def test_pounds_are_right_to_half_a_tenth_and_no_further() -> None:
    weight = {"dosing_weight": {"value": "79.991"}}  # 176.34996 lb
    check_bedside({"pounds": {"value": "176.3"}}, weight)
    with pytest.raises(DoubleCheckFailed, match="weight in pounds"):
        check_bedside({"pounds": {"value": "176.4"}}, weight)


@pytest.mark.parametrize("text", ["0 mg in 250 mL", "12.5 mg in 0 mL"])
def test_a_container_without_drug_or_without_volume_has_no_strength(text: str) -> None:
    assert strength(text) is None
