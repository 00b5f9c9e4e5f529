"""Orders against a pump library: each case with its right answer, at the limits themselves too."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.rules.library.order_limits import orders as library_orders
from rescuecalc.rules.library.order_limits.verdicts import verdict
from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS = "care_area,drug,therapy,creatinine_clearance,amount,volume,dose_unit,soft_min,initial,soft_max,hard_max"
FULL = "NICU,tirofiban,,,12.5 mg,250 mL,mcg/kg/min,0.075,,0.15,0.16"
RENAL = "NICU,tirofiban,CrCl <= 60,<= 60 mL/min,12.5 mg,250 mL,mcg/kg/min,0.05,,0.075,0.076"
TOML = """[library]
name = "LibA"
version = "66"
released = 2026-02-14
file = "liba.csv"
max_rate = "999 mL/h"
rate_step = "0.1 mL/h"
max_vtbi = "3000 mL"
[area."NICU"]
weight = {from = "30 kg", to = "200 kg"}
"""
DRIP = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "concentration": "50 mcg/mL"}
BOLUS = {"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg"}


@pytest.fixture
def liba(tmp_path: Path) -> Path:
    (tmp_path / "liba.csv").write_text(f"{HEADINGS}\n{FULL}\n{RENAL}\n", "utf-8")
    (tmp_path / "liba.toml").write_text(TOML, "utf-8")
    return tmp_path / "liba.toml"


def checked(library: Path, *args: str, clearance: str | None = "90 mL/min", **order: Any) -> list[Any]:
    """Return the findings of the library family about one order; its ``weight`` is the patient's."""
    patient = {"weight": order.pop("weight", "80 kg")}
    more = {"care_area": order.pop("care_area", "NICU")}
    made = {"order_set": "Set", **more, "patient": patient, "orders": [order]}
    if clearance is not None:
        patient["creatinine_clearance"] = clearance
    outcome = invoke("check", "-", "--library", str(library), "--format", "json", *args, stdin=json.dumps(made))
    assert outcome.exit_code in (0, 1), outcome.stderr
    return list(outcome.json["findings"])


def rc8(found: list[Any]) -> list[tuple[str, str]]:
    return [(each["code"], each["severity"]) for each in found if each["code"].startswith("RC8")]


def rate(text: str, pump: str | None = None) -> dict[str, str]:
    return {"dose_rate_per_kg": text, **({"pump_rate": pump} if pump else {})}


CASES: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("D1", rate("0.15 mcg/kg/min", "14.4 mL/h"), []),
    ("D2", rate("0.1 mcg/kg/min", "9.6 mL/h"), []),
    ("D3", {**rate("0.4 mcg/kg/min"), "run_time": "30 min"}, [("RC804", "error")]),
    ("D4", rate("9 mcg/kg/h"), [("RC803", "error")]),
    ("D5", {"dose_rate": "0.72 mg/h"}, [("RC803", "error")]),
    ("D6", {**rate("0.1 mcg/kg/min"), "concentration": "250 mcg/mL"}, [("RC802", "error")]),
    (
        "D6, and beyond the limit",
        {**rate("0.4 mcg/kg/min"), "concentration": "250 mcg/mL"},
        [("RC802", "error"), ("RC804", "error")],
    ),
    ("D7", {**rate("0.15 mcg/kg/min", "10.3 mL/h"), "weight": "57 kg"}, [("RC809", "warning")]),
    ("D8", {"pump_rate": "9 mL/h", "weight": "46 kg"}, [("RC804", "error")]),
    ("D8, 45 kg", {"pump_rate": "7.5 mL/h", "weight": "45 kg"}, []),
    ("D10", rate("1.5 mcg/kg/min"), [("RC804", "error")]),
    ("D13, 0.075", {**rate("0.075 mcg/kg/min"), "clearance": "45 mL/min"}, []),
    ("D13, 0.076", {**rate("0.076 mcg/kg/min"), "clearance": "45 mL/min"}, [("RC805", "warning")]),
    ("D13, 0.0761", {**rate("0.0761 mcg/kg/min"), "clearance": "45 mL/min"}, [("RC804", "error")]),
    ("D14", {**rate("0.1 mcg/kg/min"), "weight": "210 kg"}, [("RC810", "warning")]),
    ("the least weight itself", {**rate("0.1 mcg/kg/min"), "weight": "30 kg"}, []),
    ("D12", {**rate("0.15 mcg/kg/min"), "clearance": None}, [("RC814", "note")]),
    ("a hard limit itself", rate("0.16 mcg/kg/min"), [("RC805", "warning")]),
    ("beyond it", rate("0.1601 mcg/kg/min"), [("RC804", "error")]),
    (
        "a hard limit itself, rounded beyond it",
        rate("0.16 mcg/kg/min", "15.4 mL/h"),
        [("RC805", "warning"), ("RC804", "error")],  # the dose, and the rate that is set for it
    ),
    ("a hard limit itself, rounded below it", rate("0.16 mcg/kg/min", "15.3 mL/h"), [("RC805", "warning")]),
    ("below the soft minimum", rate("0.074 mcg/kg/min"), [("RC805", "warning")]),
    ("exactly 60", {**rate("0.075 mcg/kg/min"), "clearance": "60 mL/min"}, []),
    ("the most volume", {**rate("0.15 mcg/kg/min"), "vtbi": "3000 mL"}, []),
    ("more of it", {**rate("0.15 mcg/kg/min"), "vtbi": "3001 mL"}, [("RC810", "error")]),
]


@pytest.mark.parametrize(("order", "right"), [each[1:] for each in CASES], ids=[each[0] for each in CASES])
def test_an_infusion_is_judged_by_its_entry(liba: Path, order: dict[str, Any], right: list[Any]) -> None:
    assert rc8(checked(liba, **{**DRIP, **order})) == right


def test_a_load_beyond_the_hard_limit_says_how_far(liba: Path) -> None:
    [found] = [each for each in checked(liba, **DRIP, **rate("0.4 mcg/kg/min")) if each["code"] == "RC804"]
    assert found["message"] == (
        "the dose rate per kg 0.4 mcg/kg/min is above the hard maximum 0.16 mcg/kg/min of NICU, tirofiban, "
        "12.5 mg/250 mL (LibA, line 2); 2.5 times the limit: the pump stops there"
    )
    assert (found["pointer"], found["found"], found["factor"]) == ("/orders/0/dose_rate_per_kg", "0.4 mcg/kg/min", 2.5)
    assert found["expected_range"] == {"low": "0.075 mcg/kg/min", "high": "0.15 mcg/kg/min"}


@pytest.mark.parametrize(
    ("order", "expected"),
    [(rate("9 mcg/kg/h"), "0.15 mcg/kg/min"), ({"dose_rate": "0.72 mg/h"}, None)],
)
def test_a_unit_of_another_basis_says_what_the_pump_asks_for(liba: Path, order: Any, expected: str | None) -> None:
    [found] = [each for each in checked(liba, **DRIP, **order) if each["code"] == "RC803"]
    assert " = 0.15 mcg/kg/min: the pump asks for mcg/kg/min" in found["message"]
    assert found["expected"] == expected


def test_the_rounded_rate_that_passes_a_limit_is_a_warning_on_the_pump_rate(liba: Path) -> None:
    order = {**DRIP, **rate("0.15 mcg/kg/min", "10.3 mL/h"), "weight": "57 kg"}
    [found] = [each for each in checked(liba, **order) if each["code"] == "RC809"]
    assert "delivers 0.1506 mcg/kg/min, which is above the soft maximum 0.15 mcg/kg/min" in found["message"]
    assert (found["pointer"], found["expected"]) == ("/orders/0/pump_rate", "10.2 mL/h")
    assert rc8(checked(liba, **{**order, "pump_rate": "10.2 mL/h"})) == []


@pytest.mark.parametrize("weight", ["30 kg", "31 kg", "38 kg", "39 kg", "46 kg"])
def test_rows_of_the_us_label_that_this_pump_stops(liba: Path, weight: str) -> None:
    rows = {"30 kg": "6 mL/h", "31 kg": "6 mL/h", "38 kg": "7.5 mL/h", "39 kg": "7.5 mL/h", "46 kg": "9 mL/h"}
    [found] = [each for each in checked(liba, **DRIP, pump_rate=rows[weight], weight=weight) if each["code"] == "RC804"]
    assert found["severity"] == "error"
    if weight == "46 kg":
        assert "delivers 0.163" in found["message"] or "0.163 mcg/kg/min" in found["message"]


def test_44_of_111_whole_weights_pass_the_soft_limit_by_rounding(liba: Path) -> None:
    set_up = "order_set,care_area,drug,route,kind,dose_rate_per_kg,concentration,pump_rate"
    rows = [f"{set_up},patient_weight,patient_creatinine_clearance"]
    for weight in range(40, 151):
        tenths = (Fraction(15, 100) * weight * 60 / 50 * 10 + Fraction(1, 2)).__floor__()
        rows.append(
            f"S{weight},NICU,tirofiban,IV,infusion,0.15 mcg/kg/min,50 mcg/mL,{tenths // 10}.{tenths % 10} mL/h,"
            f"{weight} kg,90 mL/min"
        )
    outcome = invoke(
        "check",
        "-",
        "--stdin-filename",
        "s.csv",
        "--library",
        str(liba),
        "--select",
        "RC8",
        "--format",
        "json",
        stdin="\n".join(rows) + "\n",
    )
    assert [each["code"] for each in outcome.json["findings"]] == ["RC809"] * 44


def test_a_bolus_that_is_pushed_by_hand_is_none_of_the_pump(tmp_path: Path) -> None:
    """The pump stops 9,000 units of one that it gives, and of one that may be its."""
    file = tmp_path / "lib.csv"
    heads = "drug,amount,volume,dose_unit,hard_max,bolus_unit,bolus_hard_max"
    file.write_text(f"{heads}\nheparin,25000 units,250 mL,units/kg/h,30,units,6000\n", "utf-8")
    bolus = {"drug": "heparin", "route": "IV", "kind": "bolus", "dose": "9000 units"}
    by_hand = ({"route": "IV push"}, {"text": "by syringe, IV push"}, {"text": "manual push"}, {"product": "vial"})
    by_pump: tuple[dict[str, str], ...] = (
        {},
        {"text": "no IV push"},
        {"text": "from the syringe pump"},
        {"pump_rate": "600 mL/h"},
    )
    orders = [
        {**bolus, **each} for each in (*by_hand, {"route": "IV push", "concentration": "1000 units/mL"}, *by_pump)
    ]
    made = json.dumps({"order_set": "Set", "patient": {"weight": "80 kg"}, "orders": orders})
    found = invoke("check", "-", "--library", str(file), "--format", "json", stdin=made).json["findings"]
    stopped = [each["pointer"] for each in found if each["code"] in {"RC802", "RC807"}]
    assert stopped == [f"/orders/{number}/dose" for number in range(5, 9)]


@pytest.mark.parametrize(
    ("more", "right"),
    [
        ({"concentration": "50 mcg/mL", "pump_rate": "192 mL/h"}, [("RC806", "error")]),
        ({"product": "bag-250"}, [("RC806", "error")]),
        ({"product": "vial-15"}, []),
        ({"concentration": "250 mcg/mL"}, []),
        ({}, [("RC806", "note")]),
    ],
)
def test_a_bolus_is_judged_where_the_pump_gives_it(liba: Path, more: dict[str, str], right: list[Any]) -> None:
    assert [each for each in rc8(checked(liba, **BOLUS, **more)) if each[0] != "RC814"] == right


def test_one_mistake_is_told_once_for_each_reference(liba: Path) -> None:
    found = checked(liba, **DRIP, **rate("1.5 mcg/kg/min"))
    errors = [each for each in found if each["severity"] == "error"]
    assert [each["code"] for each in errors] == ["RC402", "RC804"]
    assert errors[0]["slip"] == ["decimal point"]
    assert errors[1]["slip"] == []


def test_a_product_that_need_not_be_chosen_is_a_note(liba: Path) -> None:
    """Of a bolus without a product a page shows the vial too, which no pump gives."""
    args = ("--weight", "80kg", "--run-time", "24h", "--infusion-product", "bag-250", "--library", str(liba))
    severities = {}
    for product in (None, "infusion-container", "vial-15"):
        chosen = ("--bolus-product", product) if product else ()
        made = invoke("dose", "yang-2020-iv", "--crcl", "90mL/min", *args, *chosen, "--format", "json").json
        severities[product] = [each["severity"] for each in made["findings"] if each["code"] == "RC806"]
    assert severities == {None: ["note"], "infusion-container": ["error"], "vial-15": []}


def test_the_only_care_area_of_a_library_judges_the_weight_unnamed(liba: Path) -> None:
    made = {"patient": {"weight": "210 kg"}, "orders": [{**DRIP, **rate("0.1 mcg/kg/min")}]}
    found = invoke(
        "check", "-", "--library", str(liba), "--format", "json", stdin=json.dumps({"order_set": "Set", **made})
    )
    assert ("RC810", "warning") in rc8(found.json["findings"])


def test_a_drug_that_no_entry_holds_is_an_error_whatever_product_is_chosen(tmp_path: Path) -> None:
    file = tmp_path / "nicardipine.csv"
    file.write_text("drug,amount,volume,dose_unit,hard_max\nnicardipine,25 mg,250 mL,mg/h,20\n")
    args = ("--weight", "80kg", "--run-time", "24h", "--library", str(file), "--format", "json")
    found = invoke("dose", "yang-2020-iv", *args).json["findings"]
    assert {each["severity"] for each in found if each["code"] == "RC801"} == {"error"}
    # The pump's step is the library's; a regimen that has no infusion is not rounded to it.
    local = invoke("dose", "kang-2018-ia", "--ia-dose", "0.5mg", "--library", str(file))
    assert (local.exit_code, local.stderr) == (0, "")


def test_a_drug_that_the_library_does_not_hold(liba: Path) -> None:
    order = {"drug": "eptifibatide", "kind": "infusion", "dose_rate_per_kg": "2 mcg/kg/min"}
    [found] = [each for each in checked(liba, **order) if each["code"].startswith("RC8")]
    assert (found["code"], found["severity"], found["pointer"]) == ("RC801", "error", "/orders/0/drug")
    assert found["message"] == "eptifibatide is not in LibA: the pump has no entry and no limits for it"


def test_the_care_area_of_a_set_is_a_finding_and_a_typed_one_ends_with_2(liba: Path) -> None:
    found = checked(liba, **DRIP, **rate("0.1 mcg/kg/min"), care_area="ICU")
    assert rc8(found)[0] == ("RC812", "error")
    assert [each["pointer"] for each in found if each["code"] == "RC812"] == ["/care_area"]
    outcome = invoke("check", "-", "--library", str(liba), "--care-area", "ICU", stdin="{}")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "unknown care area 'ICU'" in outcome.stderr
    assert rc8(checked(liba, "--care-area", "nicu", **DRIP, **rate("0.1 mcg/kg/min"))) == []


def test_the_care_area_of_an_order_counts_before_that_of_its_set(tmp_path: Path) -> None:
    """NICU stops above 1, ICU above 4 mcg/kg/min; only ICU bounds the flow, and the patient's weight."""
    rows = [
        f"{area},norepinephrine,,,4 mg,250 mL,mcg/kg/min,0.01,,{most},{most}"
        for area, most in (("NICU", 1), ("ICU", 4))
    ]
    (tmp_path / "two.csv").write_text("\n".join((HEADINGS, *rows, "")), "utf-8")
    own = '[library]\nname = "Two"\nfile = "two.csv"\n[area."ICU"]\nmax_rate = "400 mL/h"\n'
    own += 'weight = {hard_to = "150 kg"}\n'
    (tmp_path / "two.toml").write_text(own, "utf-8")
    heads = "drug,route,kind,dose_rate_per_kg,concentration,patient_weight,care_area"
    drip = "norepinephrine,IV,infusion,{} mcg/kg/min,16 mcg/mL,{} kg,{}"
    lines = [
        (1.3, 80, "NICU"),
        (1.3, 80, "icu"),
        (1.3, 80, "PACU"),
        (1.5, 80, "ICU"),
        (0.5, 160, "ICU"),
        (0.5, 160, "NICU"),
    ]
    text = "\n".join((heads, *(drip.format(*each) for each in lines)))
    (tmp_path / "orders.csv").write_text(text, "utf-8")
    args = ("check", str(tmp_path / "orders.csv"), "--library", str(tmp_path / "two.toml"), "--format", "json")
    found = invoke(*args).json["findings"]
    told = [(each["code"], each["line"]) for each in found if each["severity"] == "error" and each["code"][2] == "8"]
    assert sorted(told) == [("RC804", 2), ("RC804", 5), ("RC810", 6), ("RC812", 4)]
    typed = invoke(*args, "--care-area", "NICU").json["findings"]
    assert sorted({each["line"] for each in typed if each["code"] == "RC804"}) == [2, 3, 4, 5]
    order_set = {"order_set": "Set", "care_area": "ICU", "patient": {"weight": "80 kg"}}
    orders = [{**DRIP, "drug": "norepinephrine", "concentration": "16 mcg/mL", **rate("1.2 mcg/kg/min")}] * 2
    made = json.dumps({**order_set, "orders": [orders[0], {**orders[1], "care_area": "NICU"}]})
    found = invoke("check", "-", "--library", str(tmp_path / "two.toml"), "--format", "json", stdin=made).json[
        "findings"
    ]
    assert [each["pointer"] for each in found if each["code"] == "RC804"] == ["/orders/1/dose_rate_per_kg"]


def test_the_judging_library_is_in_the_summary(liba: Path) -> None:
    outcome = invoke("check", "-", "--library", str(liba), "--format", "json", stdin=json.dumps({"drug": "tirofiban"}))
    [used] = outcome.json["summary"]["libraries"]
    assert used == {
        "name": "LibA",
        "version": "66",
        "released": "2026-02-14",
        "kind": "pump",
        "file": str(liba.with_suffix(".csv")),
        "care_area": None,
    }


def test_an_entry_in_each_of_many_care_areas_is_asked_about_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted(entry: Any, order: Any) -> Any:
        asked.append(entry.line)
        return verdict(entry, order)

    monkeypatch.setattr(library_orders, "verdict", counted)
    areas = [f"A{number},{row.partition(',')[2]}" for number in range(200) for row in (FULL, RENAL)]
    (tmp_path / "many.csv").write_text("\n".join([HEADINGS, *areas, ""]), "utf-8")
    order = {**DRIP, **rate("0.1 mcg/kg/min", "9.6 mL/h"), "care_area": "a7"}
    assert rc8(checked(tmp_path / "many.csv", **order)) == []
    assert asked == [16]
    asked.clear()
    made = {"order_set": "Set", "patient": {"weight": "80 kg"}, "orders": [{**DRIP, **rate("0.15 mcg/kg/min")}]}
    outcome = invoke("check", "-", "--library", str(tmp_path / "many.csv"), "--format", "json", stdin=json.dumps(made))
    assert rc8(outcome.json["findings"]) == [("RC814", "note")]
    assert asked == [2, 3]


CUSTOM = """drug,concentration,dose_unit,hard_max,conc_unit,conc_hard_min,conc_soft_min,conc_soft_max,conc_hard_max
tirofiban,custom,mcg/kg/min,0.16,mcg/mL,25,40,60,100
"""


def test_a_typed_in_concentration_stops_alarms_or_passes(tmp_path: Path) -> None:
    (tmp_path / "custom.csv").write_text(CUSTOM, "utf-8")
    found = {}
    for text in ("24.9", "25", "39.9", "40", "60", "60.1", "100", "100.1"):
        order = {**DRIP, **rate("0.1 mcg/kg/min"), "concentration": f"{text} mcg/mL"}
        found[text] = [each for each in checked(tmp_path / "custom.csv", **order) if each["code"].startswith("RC8")]
    assert {text: rc8(own) for text, own in found.items()} == {
        "24.9": [("RC802", "error")],
        "25": [("RC805", "warning")],
        "39.9": [("RC805", "warning")],
        "40": [],
        "60": [],
        "60.1": [("RC805", "warning")],
        "100": [("RC805", "warning")],
        "100.1": [("RC802", "error")],
    }
    [beyond] = found["100.1"]
    assert "it has custom concentration (hard minimum 25 mcg/mL, hard maximum 100 mcg/mL)" in beyond["message"]
    assert beyond["expected_range"] == {"low": "40 mcg/mL", "high": "60 mcg/mL"}


DOPAMINE = "dopamine,40 mg,50 mL,mcg/kg/min,200,250"
FAST = {"drug": "dopamine", "kind": "infusion", "concentration": "0.8 mg/mL", "dose_rate_per_kg": "150 mcg/kg/min"}


@pytest.mark.parametrize("kind", ["native", "toml"])
def test_the_maximum_of_a_care_area_holds_for_a_flow_that_no_order_states(tmp_path: Path, kind: str) -> None:
    """33.75 mL/h follow from dose, weight and concentration; a nursery's pump runs 25 mL/h."""
    head, areas = "care_area,drug,amount,volume,dose_unit,soft_max,hard_max", {"Nursery": "25", "ICU": "999"}
    columns = [f"{head},max_rate", *(f"{name},{DOPAMINE},{most} mL/h" for name, most in areas.items())]
    if kind == "toml":
        columns = [head, *(f"{name},{DOPAMINE}" for name in areas)]
        text = '[library]\nname = "L"\nfile = "lib.csv"\nmax_rate = "999 mL/h"\n[area.Nursery]\nmax_rate = "25 mL/h"\n'
        (tmp_path / "lib.toml").write_text(text, "utf-8")
    (tmp_path / "lib.csv").write_text("\n".join((*columns, "")), "utf-8")
    file = tmp_path / ("lib.toml" if kind == "toml" else "lib.csv")

    def codes(area: str, **order: str) -> list[tuple[str, str]]:
        found = checked(file, **{**FAST, **order}, weight="3 kg", care_area=area)
        return [(each["code"], each["severity"]) for each in found if each["code"] in {"RC310", "RC804", "RC814"}]

    assert codes("Nursery") == codes("Nursery", pump_rate="33.75 mL/h") == [("RC310", "error")]
    assert codes("Nursery", dose_rate_per_kg="111 mcg/kg/min") == []
    assert codes("ICU") == []
    made = {"order_set": "S", "patient": {"weight": "3 kg"}, "orders": [FAST]}
    found = invoke("check", "-", "--library", str(file), "--format", "json", stdin=json.dumps(made)).json["findings"]
    assert rc8(found) == [("RC814", "note")]  # by the entry of the nursery the pump would stop


def test_an_entry_of_its_own_maximum_stops_a_flow_once(tmp_path: Path) -> None:
    rows = (f"ICU,{DOPAMINE},25 mL/h", "ICU,heparin,25000 units,250 mL,units/kg/h,30,40,999 mL/h")
    head = "care_area,drug,amount,volume,dose_unit,soft_max,hard_max,max_rate"
    (tmp_path / "lib.csv").write_text("\n".join((head, *rows, "")), "utf-8")
    for order, pointer in (
        ({}, "dose_rate_per_kg"),
        ({"pump_rate": "33.75 mL/h"}, "pump_rate"),
        ({"dose_rate_per_kg": "2000 mcg/kg/min"}, "dose_rate_per_kg"),
    ):
        found = checked(tmp_path / "lib.csv", **{**FAST, **order}, weight="3 kg", care_area="ICU")
        told = [(each["code"], each["pointer"]) for each in found if each["code"] == "RC804"]
        assert told == [("RC804", f"/orders/0/{pointer}")]


def test_of_two_therapies_the_one_whose_limits_are_kept_is_the_mildest(tmp_path: Path) -> None:
    """25 units/kg/h are above the soft maximum of one entry; of the other only the initial value is another."""
    rows = "heparin,ACS,25000 units,250 mL,units/kg/h,12,20,30\nheparin,DVT,25000 units,250 mL,units/kg/h,18,30,40\n"
    head = "drug,therapy,amount,volume,dose_unit,initial,soft_max,hard_max\n"
    (tmp_path / "lib.csv").write_text(head + rows, "utf-8")
    order = {"drug": "heparin", "kind": "infusion", "concentration": "100 units/mL"}
    found = {dose: checked(tmp_path / "lib.csv", **order, **rate(f"{dose} units/kg/h")) for dose in (18, 25, 35, 45)}
    assert {dose: sorted(rc8(own)) for dose, own in found.items()} == {
        18: [("RC814", "note")],
        25: [("RC813", "warning"), ("RC814", "note")],
        35: [("RC805", "warning"), ("RC814", "note")],
        45: [("RC804", "error")],
    }
    [choice] = [each for each in found[25] if each["code"] == "RC814"]
    assert (
        "(line 3) the pump starts at another dose; heparin, ACS, 25,000 units/250 mL (line 2) warns"
        in choice["message"]
    )


def test_a_dose_whose_limits_need_a_weight_is_not_called_judged(tmp_path: Path) -> None:
    (tmp_path / "lib.csv").write_text("drug,dose_unit,soft_max,hard_max\nheparin,units/kg/h,30,40\n", "utf-8")
    (tmp_path / "lib.toml").write_text('[library]\nname = "L"\nkind = "limits"\nfile = "lib.csv"\n', "utf-8")
    order = {"drug": "heparin", "kind": "infusion", "dose_rate": "3200 units/h"}
    found = {}
    for weight in ({}, {"weight": "80 kg"}):
        made = json.dumps({"order_set": "S", "patient": weight, "orders": [order]})
        args = ("check", "-", "--library", str(tmp_path / "lib.toml"), "--format", "json")
        document = invoke(*args, stdin=made).json
        codes = {each["code"] for each in document["findings"]} & {"RC711", "RC805", "RC811"}
        found[bool(weight)] = (codes, int(document["summary"]["judged"]["dose"]))
    assert found == {False: ({"RC811"}, 0), True: ({"RC805"}, 1)}


def test_a_rate_that_is_not_per_kg_is_compared_as_it_is_written(tmp_path: Path) -> None:
    """At 80 kg 3,204 units/h are 40.05 units/kg/h, 2,404 are 30.05; the pump rates are rounded to 32 and 24 mL/h."""
    file = tmp_path / "lib.csv"
    file.write_text("drug,dose_unit,soft_min,soft_max,hard_max\nheparin,units/kg/h,4,30,40\n", "utf-8")
    args = ("--weight", "80kg", "--drug", "heparin", "--concentration", "100units/mL", "--library", str(file))
    for dose, right in (("3204", "RC804"), ("3200", "RC805"), ("2404", "RC805"), ("2400", None)):
        found = invoke("rate", f"{dose}units/h", *args, "--format", "json").json["findings"]
        assert [each["code"] for each in found if each["code"] in {"RC804", "RC805", "RC809"}] == [
            *filter(None, [right])
        ]


def test_a_titration_beyond_the_hard_limit_is_stopped(tmp_path: Path) -> None:
    file = tmp_path / "lib.csv"
    file.write_text("drug,amount,volume,dose_unit,soft_max,hard_max\nnicardipine,25 mg,250 mL,mg/h,15,20\n", "utf-8")
    drip = {**DRIP, "drug": "nicardipine", "concentration": "0.1 mg/mL", "dose_rate": "5 mg/h"}
    found = [rc8(checked(file, **drip, care_area="", max_dose_rate=f"{most} mg/h")) for most in (15, 20, 200)]
    assert found == [[], [], [("RC804", "error")]]
