"""RC316: the route in the text of an order, in the words that the field reads; right neighbours beside the wrong."""

from __future__ import annotations

import json
from typing import Any

from tests.support import invoke

DRIP = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}
BOLUS = {"drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg"}
LYSIS = {"drug": "alteplase", "route": "IV", "kind": "infusion", "dose": "64.8 mg", "run_time": "60 min"}
TABLET = {"drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "75 mg", "frequency": "daily"}
UNDER_SKIN = {"drug": "enoxaparin", "route": "SC", "kind": "dose", "dose": "80 mg"}
WRONG: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
    (
        DRIP,
        (
            *("Tirofiban IM 0.1 mcg/kg/min", "Tirofiban infusion (IA) 0.1 mcg/kg/min", "IA infusion", "PO", "i.a."),
            *("Tirofiban infusion IT: 0.1 mcg/kg/min for 24 h by pump", "0.1 mcg/kg/min IM if tolerated", "via artery"),
            *("through the microcatheter at 0.1 mcg/kg/min", "connect to arterial line", "intrathekal", "i/a", "oral"),
        ),
    ),
    (
        BOLUS,
        (
            *(
                "I.A.",
                "i.m.",
                "p.o.",
                "i.t.",
                "IV/IA",
                "IV or IA",
                "intra-thecal",
                "intra - arterial",
                "femoral artery",
            ),
            *("route: IA", "Route = IM", "not IV but IA", "IA (not IV)", "IA instead of IV", "intramuskulär"),
            *("Inject 10 mcg/kg intra-arterially", "The bolus goes intra-arterially", "par voie intra-artérielle"),
        ),
    ),
    (LYSIS, ("Alteplase infusion IA 64.8 mg over 60 min", "Alteplase IM 64.8 mg", "vía intraarterial", "subkutan")),
    (TABLET, ("i.v.", "Clopidogrel IV 75 mg", "route: IV", "intravenös")),
    (UNDER_SKIN, ("IV", "IT")),
)
RIGHT: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
    (
        DRIP,
        (
            *("Tirofiban infusion IV: 0.1 mcg/kg/min", "i.v.", "route: IV", "IV, not IA", "not intra-arterially"),
            *("after the IA dose", "IA given earlier", "IA thrombectomy first", "i.a. dose given before", "never IM"),
            *("arterial line for blood pressure", "check the arterial line", "femoral artery puncture site hourly"),
            *("remove arterial sheath after 4 h", "IA bolus", "oral load of clopidogrel later", "nil by mouth", "NPO"),
            *("run it at once", "keep it in the pump", "give it IV", "im Perfusor", "no i.m. injections"),
        ),
    ),
    (TABLET, ("p.o.", "by NG tube", "PO or NG", "crush for NG tube", "after IV tirofiban stops", "remove IV")),
    (UNDER_SKIN, ("s.c. into the abdomen", "subcut", "not IV", "never IM")),
)


def found_in(cases: tuple[tuple[dict[str, str], tuple[str, ...]], ...]) -> tuple[list[str], list[str]]:
    """Return all texts of cases, and those of them in which another route is found."""
    made = [{**order, "text": text, "choose_one": "one"} for order, texts in cases for text in texts]
    text = json.dumps({"order_set": "S", "orders": made})
    outcome = invoke("check", "-", "--format", "json", "--select", "RC316", stdin=text)
    findings: list[dict[str, Any]] = outcome.json["findings"]
    found = {each["pointer"] for each in findings}
    texts = [each["text"] for each in made]
    return texts, [each for place, each in enumerate(texts) if f"/orders/{place}/text" in found]


def test_a_route_in_a_text_is_read_in_every_word_that_the_field_reads() -> None:
    texts, found = found_in(WRONG)
    assert [each for each in texts if each not in found] == []


def test_a_route_of_something_else_or_that_is_denied_is_none_of_the_order() -> None:
    assert found_in(RIGHT)[1] == []
