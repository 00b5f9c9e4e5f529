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
