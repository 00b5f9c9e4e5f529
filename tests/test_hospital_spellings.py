"""What records of hospitals write for a no, a route, a count or a time: the right ones are read, their neighbours not.

Each test judges all of its spellings in one file.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from rescuecalc.core.orders.condition_text import read_condition, read_thrombolysis
from rescuecalc.core.orders.patient_state import read_state
from rescuecalc.core.orders.text.frequency import is_as_needed
from rescuecalc.core.quantities.wording import routes_of
from rescuecalc.errors import InputError
from tests.support import invoke

Finding = dict[str, Any]


def judged(orders: list[dict[str, str]], **more: Any) -> list[tuple[str, str]]:
    """Return code and pointer of what is found beside notes in a set of other orders."""
    text = json.dumps({"order_set": "Ward", "orders": orders, **more})
    found: list[Finding] = invoke("check", "-", "--format", "json", stdin=text).json["findings"]
    return [(each["code"], each["pointer"]) for each in found if each["severity"] != "note"]


NOT_PRN = ("N", "0", "None", "N/A", "-", "scheduled", "not prn", "no", "false", "Non-PRN")
PRN = ("Y", "yes", "1", "pain", "no pain relief")


def test_prn_says_no_in_every_way_in_which_a_record_says_it() -> None:
    aspirin = {"drug": "aspirin", "route": "PO", "dose": "81 mg", "frequency": "daily"}
    found = judged([{**aspirin, "prn": each, "choose_one": "one"} for each in (*NOT_PRN, *PRN)])
    places = {pointer for code, pointer in found if code == "RC636"}
    assert places == {f"/orders/{place}/prn" for place in range(len(NOT_PRN), len(NOT_PRN) + len(PRN))}
    assert [is_as_needed(each) for each in (*NOT_PRN, *PRN)] == [False] * len(NOT_PRN) + [True] * len(PRN)


def test_a_question_on_the_patient_is_answered_in_every_way_and_left_open_in_none() -> None:
    for name in ("dialysis", "intracranial_haemorrhage"):
        assert [read_state(name, each) for each in ("N", "0", "None", "Y", "1", "True")] == [False] * 3 + [True] * 3
    assert [read_state("prior_thrombocytopenia", each) for each in ("N", "Y", "tirofiban")] == [
        *("none", "yes", "tirofiban")
    ]
    assert [str(read_state("anticoagulant", each)) for each in ("N", "0", "nil")] == ["none"] * 3
    for name, text in (("dialysis", "N/A"), ("dialysis", "no data"), ("anticoagulant", "Y"), ("dialysis", "-")):
        with pytest.raises(InputError):
            read_state(name, text)


def test_a_thrombolysis_that_was_not_given_is_none_and_a_number_is_no_answer() -> None:
    for text in ("N/A", "contraindicated", "none given", "N", "not done", "None"):
        assert read_thrombolysis(text).given is False
    for text in ("0", "1", "unknown", "contraindicated?"):
        with pytest.raises(InputError):
            read_thrombolysis(text)
    with pytest.raises(InputError):
        read_condition("N/A", "thrombolysis")


ROUTES = {
    "PO": ("PO/NG", "PO or NG", "PO (chewed)", "by mouth"),
    "NG": ("NG/OG", "per NGT", "J-tube", "Dobhoff", "enteral tube", "via NG tube"),
    "SC": ("subcut.", "SUBQ", "(subcut)"),
    "IV": ("IV via central line", "PIV", "IV (peripheral)", "Continuous IV infusion", "IV syringe pump", "via PIV"),
    "INH": ("Nebulization",),
    "EYE": ("OU",),
    "IT": ("intraventricular", "EVD", "via EVD", "intrathecal (EVD)"),
}
NO_ROUTES = ("IV (never IT)", "IV or magic", "PO/", "or", "central", "not IV", "IV/left foot")


def test_a_route_is_read_with_its_brackets_its_line_and_its_alternatives() -> None:
    assert {text: routes_of(text) for each in ROUTES.values() for text in each} == {
        text: (route,) for route, each in ROUTES.items() for text in each
    }
    assert [routes_of(each) for each in ("PO or PR", "IV/IM", "IV, PO or PR")] == [
        *(("PO",), ("IV", "IM"), ("IV", "PO", "PR"))
    ]
    assert [routes_of(each) for each in NO_ROUTES] == [()] * len(NO_ROUTES)
    orders = [
        {"drug": "examplin", "route": each, "dose": "4 mg"}
        for each in (*(each for right in ROUTES.values() for each in right), *NO_ROUTES)
    ]
    right = len(orders) - len(NO_ROUTES)
    assert judged(orders) == [("RC107", f"/orders/{right + place}/route") for place in range(len(NO_ROUTES))]


def test_an_order_is_judged_by_each_of_its_routes_and_told_of_a_wrong_one_once() -> None:
    drip = {"kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min", "run_time": "24 h"}
    assert judged([{"drug": "ondansetron", "route": "IV/PO", "dose": "4 mg", "prn": "nausea"}]) == []
    aspirin = {"drug": "aspirin", "dose": "325 mg"}
    assert judged([{**aspirin, "route": "PO or PR"}]) == judged([{**aspirin, "route": "PO"}])
    for wrong in ("IV/PO", "PO or IV"):
        assert judged([{"drug": "clopidogrel", "dose": "300 mg", "route": wrong}]) == [("RC428", "/orders/0/route")]
    for wrong in ("IV/IM", "IM/IV"):
        assert judged([{"drug": "tirofiban", **drip, "route": wrong}]).count(("RC428", "/orders/0/route")) == 1


COUNTS = (
    *("90,000/mm3", "90 x10^3/mm3", "90K/mm3", "90 thou/uL", "90 x10E3/uL", "90 x10(9)/L", "90/nl", "90k", "90 Tsd/µL"),
    *("90,000 cells/mm³", "90 x10^9/L", "90 × 10⁹/L", "90 G/L", "90,000 per microliter", "90 K/mcL"),
)
NO_COUNTS = ("90 x10^9/uL", "90 x10^9", "90 mg/L", "90 g/L", "90 x10^6/uL", "90,00/uL", "90 %")


def test_a_count_of_platelets_has_one_reader_for_the_patient_and_for_a_stop() -> None:
    assert [read_state("platelets", each).magnitude for each in COUNTS] == [90] * 15
    for text in NO_COUNTS:
        with pytest.raises(InputError):
            read_state("platelets", text)
    drip = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}

    def stops(criteria: list[str]) -> list[tuple[str, str]]:
        found = judged([drip], stop_if=criteria)
        return [(code, pointer) for code, pointer in found if code == "RC715"]

    share = ["platelets below 50% of baseline", "PLT < 20 % of baseline", "platelets fall below 70 percent of baseline"]
    assert stops([f"platelets below {each}" for each in COUNTS] + share) == []
    wrong = [f"platelets below {each}" for each in ("50,000/mm3", "90 x10^9/uL", "9 K/mm3", "20k", "90 mg/L", "90 %")]
    assert stops(wrong) == [("RC715", f"/stop_if/{place}") for place in range(len(wrong))]
