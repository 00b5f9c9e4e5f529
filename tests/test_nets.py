"""Nets under single numbers and comparisons: each of these tests fails when the one thing that it names is broken."""

from __future__ import annotations

import copy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from rescuecalc.backcheck import doses as second_route
from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.clinical.order_model import signatures
from rescuecalc.core.orders.condition_interval import Interval, covered
from rescuecalc.core.orders.condition_text import read_condition
from rescuecalc.core.orders.model.agreement import exact
from rescuecalc.core.quantities.quantity import Concentration, Dose, DoseRate, PumpRate, read
from rescuecalc.core.quantities.ucum import parsed_code
from rescuecalc.errors import InputError
from rescuecalc.reporters.document.regimen import doses
from rescuecalc.reporters.document.regimen.dose import dose_document
from tests.support import invoke
from tests.test_second_route import check, result_of

pytestmark = pytest.mark.fast


def findings(text: str, *codes: str) -> list[Any]:
    """Return what `check` finds of these codes, in an order set or one order."""
    outcome = invoke("check", "-", "--isolated", "--format", "json", "--select", ",".join(codes), stdin=text)
    return list(outcome.json["findings"])


def order(fields: str, more: str = "") -> str:
    return f"{{order_set: a{more}, orders: [{{{fields}}}]}}"


# --- how many times too much --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "fields", "expected", "factor"),
    [
        (
            "RC306",
            "drug: tirofiban, kind: infusion, dose_rate_per_kg: 6 mcg/kg/h, start: +0 h, stop: +12 h, run_time: 24 h",
            "+24 h",
            "0.5",
        ),
        (
            "RC306",
            "drug: tirofiban, kind: infusion, dose_rate_per_kg: 6 mcg/kg/h, start: +0 h, stop: +48 h, run_time: 24 h",
            "+24 h",
            "2",
        ),
        ("RC309", "drug: magnesium sulfate, kind: infusion, dose: 16 g, dose_rate: 1 g/h, run_time: 4 h", "4 g", "4"),
        ("RC309", "drug: midazolam, kind: infusion, dose: 5 mg, dose_rate: 1 mg/h, run_time: 4 h", "4 mg", "1.25"),
    ],
)
def test_a_finding_says_by_what_factor_a_number_is_wrong(code: str, fields: str, expected: str, factor: str) -> None:
    [found] = findings(order(f"route: IV, {fields}"), code)
    assert (found["expected"], found["factor"]) == (expected, Decimal(factor))


# --- sums ---------------------------------------------------------------------------------------------------

TOTAL = (
    "{{order_set: a, patient: {{weight: 80 kg}}, orders: [{{drug: alteplase, route: IV, kind: bolus, dose: 7 mg, "
    'text: "alteplase 7 mg of total {0} mg"}}, '
    "{{drug: alteplase, route: IV, kind: infusion, dose: 65 mg, run_time: 1 h}}]}}"
)


@pytest.mark.parametrize(
    ("total", "codes"),
    [("72", []), ("71.1", []), ("72.9", []), ("70.4", ["RC308"]), ("69.5", ["RC308"])],
)
def test_a_total_is_a_sum_of_what_both_parts_may_have_been(total: str, codes: list[str]) -> None:
    """7 and 65 mg are 6.5 to 7.5 and 64.5 to 65.5 mg: together 71 to 73 mg."""
    found = findings(TOTAL.format(total), "RC308")
    assert [each["code"] for each in found] == codes
    assert [each["expected"] for each in found] == [None] * len(codes)


# --- caps ---------------------------------------------------------------------------------------------------

EPTIFIBATIDE = ", protocol: eptifibatide-label"


@pytest.mark.parametrize(
    ("fields", "more", "codes"),
    [
        ("drug: eptifibatide, kind: infusion, dose_rate: 15 mg/h", EPTIFIBATIDE, []),
        ("drug: eptifibatide, kind: infusion, dose_rate: 15.1 mg/h", EPTIFIBATIDE, ["RC425"]),
        ("drug: eptifibatide, kind: bolus, dose: 22.6 mg", EPTIFIBATIDE, []),
        ("drug: eptifibatide, kind: bolus, dose: 22.7 mg", EPTIFIBATIDE, ["RC425"]),
        ("drug: abciximab, kind: infusion, dose_rate: 10 mcg/min", "", []),
        ("drug: abciximab, kind: infusion, dose_rate: 10.1 mcg/min", "", ["RC425"]),
        # Of one source without a cap the dose per kg is the bound, and without a weight there is none.
        ("drug: eptifibatide, kind: infusion, dose_rate: 15.1 mg/h", "", []),
        ("drug: eptifibatide, kind: bolus, dose: 22.7 mg", "", []),
        ("drug: eptifibatide, kind: infusion, dose_rate: 15.1 mg/h", ", patient: {weight: 150 kg}", ["RC425"]),
        ("drug: eptifibatide, kind: infusion, dose_rate: 15 mg/h", ", patient: {weight: 150 kg}", []),
        # The order's own cap, without a weight.
        ("drug: midazolam, kind: bolus, max_dose: 1000 mcg, dose: 1000 mcg", "", []),
        ("drug: midazolam, kind: bolus, max_dose: 1000 mcg, dose: 1002 mcg", "", ["RC425"]),
    ],
)
def test_a_cap_may_be_reached_and_not_passed(fields: str, more: str, codes: list[str]) -> None:
    assert [each["code"] for each in findings(order(f"route: IV, {fields}", more), "RC425")] == codes


@pytest.mark.parametrize(("weight", "formula"), [("80kg", None), ("80.1kg", Decimal("10.0125"))])
def test_a_cap_that_the_formula_just_reaches_does_not_bind(weight: str, formula: Decimal | None) -> None:
    [made] = invoke("dose", "abciximab-label", "--weight", weight, "--format", "json").json["infusions"]
    assert made["dose_rate"]["value"] == 10
    assert (made["formula_dose_rate"] or {}).get("value") == formula


@pytest.mark.parametrize(
    ("args", "applied"),
    [
        (("abciximab-label", "--weight", "80kg"), False),
        (("abciximab-label", "--weight", "80.1kg"), True),
        (("eptifibatide-label", "--weight", "125kg", "--run-time", "24h", "--crcl", "90mL/min"), False),
        (("eptifibatide-label", "--weight", "125.1kg", "--run-time", "24h", "--crcl", "90mL/min"), True),
    ],
)
def test_a_cap_is_called_applied_where_it_is_below_the_formula(args: tuple[str, ...], applied: bool) -> None:
    found = invoke("dose", *args, "--format", "json").json["findings"]
    assert ("RC416" in {each["code"] for each in found}) is applied


# --- conditions ---------------------------------------------------------------------------------------------

BESIDE_EACH_OTHER = ", ".join(
    f"{{{{drug: {drug}, route: IV, kind: infusion, dose_rate_per_kg: {rate} mcg/kg/min, start: +0 h, run_time: 24 h, "
    f'when: {{{{thrombolysis: "{{{place}}}"}}}}}}}}'
    for place, (drug, rate) in enumerate((("tirofiban", "0.1"), ("eptifibatide", "2")))
)


@pytest.mark.parametrize(
    ("one", "other", "codes"),
    [
        ("none", "given", []),
        ("yes", "no", []),
        ("none", "> 24 h", []),
        ("<= 24 h", "no", []),
        ("<= 24 h", "> 24 h", []),
        ("< 24 h", ">= 1 day", []),
        ("<= 24 h", ">= 24 h", ["RC623"]),
        ("given", "given", ["RC623"]),
        ("none", "none", ["RC623"]),
        ("given", "> 24 h", ["RC623"]),
    ],
)
def test_branches_by_thrombolysis_exclude_each_other(one: str, other: str, codes: list[str]) -> None:
    """Two inhibitors are never given together, and one to whom each branch of a set gives one is given one."""
    text = f"{{order_set: a, orders: [{BESIDE_EACH_OTHER.format(one, other)}]}}"
    assert [each["code"] for each in findings(text, "RC623")] == codes


@pytest.mark.parametrize(
    ("code", "low", "high", "words"),
    [("RC510", "< 60", "> 60", "no infusion"), ("RC511", "<= 60", ">= 60", "two infusions")],
)
def test_a_gap_or_an_overlap_of_one_value_is_said_exactly(code: str, low: str, high: str, words: str) -> None:
    orders = ", ".join(
        f"{{drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: {rate}, "
        f"when: {{creatinine_clearance: '{when} mL/min'}}}}"
        for rate, when in (("0.075 mcg/kg/min", low), ("0.15 mcg/kg/min", high))
    )
    [found] = findings(f"{{order_set: a, orders: [{orders}]}}", code)
    assert found["message"] == f"a creatinine clearance of exactly 60 mL/min has {words} of tirofiban"


def test_an_interval_of_one_value_is_a_point() -> None:
    sixty = Interval(Fraction(60), high=Fraction(60), with_high=True)
    assert sixty.is_point
    assert sixty.words("mL/min") == "exactly 60 mL/min"
    assert Interval(Fraction(60), high=Fraction(61), with_high=True).words("mL/min") == "from 60 mL/min to 61 mL/min"


# --- another kind of unit -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ("drug: heparin, kind: infusion, dose_rate: 1000 mg/h, concentration: 100 units/mL", "dose_rate"),
        ("drug: heparin, kind: infusion, dose_rate: 1000 units/h, concentration: 100 mg/mL", "concentration"),
        ("drug: heparin, kind: bolus, dose: 5000 mg", "dose"),
        ("drug: insulin regular, kind: infusion, dose_rate: 5 mg/h", "dose_rate"),
        ("drug: dopamine, kind: infusion, dose_rate: 400 mg/h, concentration: 1600 units/mL", "concentration"),
        ("drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 units/kg/min", "dose_rate_per_kg"),
        ("drug: potassium chloride, kind: infusion, dose_rate: 10 mEq/h, concentration: 0.4 mmol/mL", "concentration"),
    ],
)
def test_a_field_in_another_kind_of_unit_is_found(fields: str, pointer: str) -> None:
    found = [each["pointer"] for each in findings(order(f"route: IV, {fields}"), "RC204") if each["code"] == "RC204"]
    assert found == [f"/orders/0/{pointer}"]


def test_readings_of_two_kinds_of_drug_neither_agree_nor_divide() -> None:
    mass, units = (exact(read(text, Dose, "dose")) for text in ("100 mcg", "100 units"))
    strength = exact(read("100 units/mL", Concentration, "concentration"))
    assert mass.value == units.value
    assert not mass.agrees(units)
    assert mass.over(strength) is None
    assert units.over(strength) == exact(read("1 mL/h", PumpRate, "rate"))._replace(
        middle=100 * 10000, bottom=100 * 10000, top=100 * 10000, per=100 * 10000
    )
    assert exact(read("100 units/h", DoseRate, "rate")).drug == "units"


def test_a_concentration_of_another_kind_gives_no_volume() -> None:
    fields = "drug: heparin, route: IV, kind: bolus, dose: 5000 units, volume: 1 mL, concentration: 5000 {}/mL"
    assert findings(order(fields.format("units")), "RC204", "RC302") == []
    assert [each["code"] for each in findings(order(fields.format("mg")), "RC204", "RC302")] == ["RC204"]


def test_a_condition_is_not_covered_in_a_unit_of_another_kind() -> None:
    condition = read_condition("> 60 mL/min", "creatinine_clearance")
    assert covered(condition, "mL/min") == Interval(Fraction(60), with_low=False)
    with pytest.raises(InputError):
        covered(condition, "kg")


# --- the second route ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 g", 10**6), ("2 grams", 2 * 10**6), ("1 ng", Fraction(1, 1000)), ("1 L", 1000), ("2 dL", 200), ("1 day", 24)],
)
def test_the_second_route_reads_every_size(text: str, value: Fraction) -> None:
    assert second_route.amount(text) == value


def document(protocol: str, **texts: str) -> tuple[dict[str, Any], second_route.CalculationInputs]:
    result = result_of(protocol, **texts)
    made = dose_document(result, (), (), catalogue.limits(), catalogue.drugs()["tirofiban"], None, label_band=False)
    return made, doses.calculation_inputs(result)


@pytest.mark.parametrize(("weight", "vials"), [("150kg", 1), ("151kg", 2), ("300kg", 2)])
def test_the_second_route_counts_vials(weight: str, vials: int) -> None:
    """25 mcg/kg of a vial of 15 mL with 250 mcg/mL: 150 kg is one vial to the drop, 300 kg two."""
    texts = {"weight": weight, "run_time": "18h", "crcl": "90mL/min", "bolus_product": "vial-15"}
    made, given = document("us-label", infusion_product="bag-250", **texts)
    assert made["boluses"][0]["containers"] == vials
    check(made, given)
    for wrong in (vials - 1, vials + 1):
        changed = copy.deepcopy(made)
        changed["boluses"][0]["containers"] = wrong
        with pytest.raises(second_route.DoubleCheckFailed, match="containers of a bolus"):
            check(changed, given)


@pytest.mark.parametrize(
    ("priming", "time"), [(None, "17:21:39"), (None, "17:21:41"), ("20mL", "15:58:19"), ("20mL", "15:58:21")]
)
def test_a_containers_time_is_right_to_the_second(priming: str | None, time: str) -> None:
    more = {"priming_volume": priming} if priming is not None else {}
    made, given = document("yang-2020-iv", weight="80kg", run_time="24h", infusion_product="bag-250", **more)
    second_route.check_containers(made, given)
    made["infusions"][0]["containers"][0]["empty_elapsed"] = time
    with pytest.raises(second_route.DoubleCheckFailed, match="container time"):
        second_route.check_containers(made, given)


def test_a_container_that_is_empty_at_the_stop_passes_the_second_route() -> None:
    """250 mL ÷ 14.4 mL/h is 62,500 s."""
    made, given = document("yang-2020-iv", weight="80kg", run_time="62500s", infusion_product="bag-250")
    [use] = made["infusions"][0]["containers"]
    assert use["vtbi"]["value"] == 250
    second_route.check_containers(made, given)


@pytest.mark.parametrize("sign", [1, -1])
def test_two_routes_agree_to_what_a_json_number_holds(sign: int) -> None:
    digit = sign * Fraction(1, 10**14)
    second_route._agree("last of 15 digits", 1 + digit, Fraction(1))  # noqa: SLF001
    with pytest.raises(second_route.DoubleCheckFailed):
        second_route._agree("last of 14 digits", 1 + 2 * digit, Fraction(1))  # noqa: SLF001


# --- UCUM, routes, texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["mg", "ug/(kg.min)"])
def test_a_code_is_read_to_ten_brackets(code: str) -> None:
    depth = 10 - code.count("(")
    assert parsed_code("(" * depth + code + ")" * depth) == parsed_code(code)
    with pytest.raises(InputError, match="nested too deep"):
        parsed_code("(" * (depth + 1) + code + ")" * (depth + 1))


@pytest.mark.parametrize(
    ("route", "code", "fields"),
    [
        ("IV", "RC425", f"drug: eptifibatide, kind: bolus, dose: 22.7 mg}}]{EPTIFIBATIDE}"),
        ("IA", "RC426", f"drug: eptifibatide, kind: bolus, dose: 22.7 mg}}]{EPTIFIBATIDE}"),
        ("IV", "RC426", "drug: tirofiban, kind: bolus, dose: 250 mcg}], protocol: khachatryan-2023-case"),
        ("IA", None, "drug: tirofiban, kind: bolus, dose: 250 mcg}], protocol: khachatryan-2023-case"),
        ("IV", None, "drug: tirofiban, kind: bolus, dose_per_kg: 25 mcg/kg}]"),
        ("IA", "RC404", "drug: tirofiban, kind: bolus, dose_per_kg: 25 mcg/kg}]"),
    ],
)
def test_a_bolus_is_compared_with_those_of_its_route(route: str, code: str | None, fields: str) -> None:
    found = findings(f"{{order_set: a, orders: [{{route: {route}, {fields}}}", "RC404", "RC425", "RC426")
    assert (
        next((each["code"] for each in found if each["severity"] == "error" or each["code"] == "RC426"), None) == code
    )


@pytest.mark.parametrize(("weight", "dose"), [("170 kg", "22.95 mg"), ("180 kg", "24.3 mg")])
def test_a_cap_is_of_boluses_by_its_route(weight: str, dose: str) -> None:
    """Each is 135 mcg/kg, what is published by the artery, and above the cap of the intravenous bolus."""
    more = f"{EPTIFIBATIDE}, patient: {{weight: {weight}}}"
    fields = f"drug: eptifibatide, kind: bolus, dose: {dose}, route: "
    found = {route: [each["code"] for each in findings(order(fields + route, more), "RC425")] for route in ("IA", "IV")}
    assert found == {"IA": [], "IV": ["RC425"]}


BESIDE = (
    "drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, "
    'pump_rate: 14.4 mL/h, text: "tirofiban 0.15 mcg/kg/min{}"'
)


@pytest.mark.parametrize(
    ("beside", "factor", "slip"),
    [
        (" = 9 mcg/kg/min", "60", "per hour for per minute"),
        (" (0.15 mcg/kg/h)", "0.0166666666666667", "per minute for per hour"),
        (", 12 mcg/h", "0.0166666666666667", "per minute for per hour"),
        # Nothing says that the two are meant to be the same: only the factor of 60 tells a slip from a second step.
        (", then 9 mcg/kg/min", "60", "per hour for per minute"),
        (" and 0.15 mcg/kg/h", "0.0166666666666667", "per minute for per hour"),
        (". Infuse 9 mcg/kg/min", "60", "per hour for per minute"),
        (", 720 mcg/h, 12 mcg/h", "0.0166666666666667", "per minute for per hour"),
    ],
)
def test_a_slip_of_unit_beside_the_right_number_is_found(beside: str, factor: str, slip: str) -> None:
    [found] = findings(order(BESIDE.format(beside), ", patient: {weight: 80 kg}"), "RC308")
    assert (found["factor"], found["slip"]) == (Decimal(factor), [slip])


@pytest.mark.parametrize("beside", [" (9 mcg/kg/h)", ", 12 mcg/min", ", 0.72 mg/h"])
def test_the_right_number_in_another_unit_is_none(beside: str) -> None:
    assert findings(order(BESIDE.format(beside), ", patient: {weight: 80 kg}"), "RC308") == []


# --- numbers of the data ------------------------------------------------------------------------------------

STRENGTHS = {
    "bag-250": ("12.5 mg in 250 mL", 12500, 250, 50),
    "bag-100": ("5 mg in 100 mL", 5000, 100, 50),
    "vial-15": ("3.75 mg in 15 mL", 3750, 15, 250),
    "concentrate-50": ("12.5 mg in 50 mL", 12500, 50, 250),
    "concentrate-50-diluted": ("12.5 mg in 250 mL", 12500, 250, 50),
    "eptifibatide-bag-100": ("75 mg in 100 mL", 75000, 100, 750),
    "eptifibatide-vial-10": ("20 mg in 10 mL", 20000, 10, 2000),
    "eptifibatide-vial-100": ("200 mg in 100 mL", 200000, 100, 2000),
    "cangrelor-200": ("50 mg in 250 mL", 50000, 250, 200),
}
"""The strength on each label with mcg, mL and mcg/mL."""


def test_a_products_strength_amount_volume_and_concentration_are_those_of_its_label() -> None:
    found: dict[str, Any] = {
        name: (
            each.strength,
            each.amount.value_in("mcg"),
            each.volume.value_in("mL"),
            each.concentration.value_in("mcg/mL"),
        )
        for name, each in catalogue.products().items()
    }
    assert found == STRENGTHS


def test_how_many_boluses_the_sources_of_a_drug_give() -> None:
    found = {name: each.boluses for name, each in catalogue.drugs().items()}
    assert found == {"tirofiban": 1, "eptifibatide": 2, "abciximab": 1, "cangrelor": 1}


@pytest.mark.parametrize(
    ("drug", "dose", "times", "codes"),
    [
        ("tirofiban", "10 mcg/kg", "2 doses", ["RC429"]),
        ("eptifibatide", "180 mcg/kg", "2 doses", []),
        ("eptifibatide", "180 mcg/kg", "3 doses", ["RC429"]),
        ("abciximab", "0.25 mg/kg", "2 doses", ["RC429"]),
        ("cangrelor", "30 mcg/kg", "2 doses", ["RC429"]),
    ],
)
def test_a_bolus_is_repeated_as_often_as_a_source_repeats_it(
    drug: str, dose: str, times: str, codes: list[str]
) -> None:
    found = findings(order(f"drug: {drug}, route: IV, kind: bolus, dose_per_kg: {dose}, frequency: {times}"), "RC429")
    assert [each["code"] for each in found] == codes


SLIPS = {
    "per hour for per minute": {"60"},
    "hours for minutes": {"60"},
    "per day for per hour": {"24"},
    "mg for mcg": {"1000"},
    "g for mg": {"1000"},
    "decimal point": {"10", "100"},
    "lb for kg": {"2.2046"},
    "mg/kg/h read as mcg/kg/min": {"50/3"},
    "250 for 50 mcg/mL": {"5"},
    "25 for 10 mcg/kg": {"2.5"},
    "0.15 for 0.1 mcg/kg/min": {"1.5"},
    "renal half left out": {"2"},
    "salt for base": {"1.1236"},
    "50 mL drawn out": {"1.2"},
    "30 min load read as a bolus": {"30"},
}
"""What each error leaves behind: 1000 mcg are a mg, 60 min an hour, 5.618 mg of salt 5 mg of base, 300 mL for 250."""


def test_each_error_signature_has_the_factor_that_the_error_leaves() -> None:
    found: dict[str, set[Fraction]] = {}
    for each in signatures():
        found.setdefault(each.name, set()).add(each.factor)
    assert found == {name: {Fraction(text) for text in factors} for name, factors in SLIPS.items()}
    assert {each.least for each in signatures() if each.name == "lb for kg"} == {Fraction("2.2")}
