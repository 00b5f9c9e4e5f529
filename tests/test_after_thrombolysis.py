"""Orders that say of themselves that a thrombolysis came before them, or that they are given at a haemorrhage."""

from __future__ import annotations

from typing import Any

from tests.test_clinical_kinds import ASPIRIN, BOLUS, CLOPIDOGREL, DRIP, heavy_each, made, with_text

AFTER = (
    "start 1 h after tPA", "start 30 minutes after thrombolysis", "give with alteplase",
    "start 2 hrs after tPA", "start 30 mins after alteplase",
    "start during the tPA infusion", "immediately after tenecteplase", "tPA was given 3 h ago", "received IV tPA",
    "start despite recent tPA", "give within 24 h of tPA",
)  # fmt: skip
NOT_AFTER = (
    "start 24 h after tPA", "not before 24 h after tPA", "do not give within 24 h of alteplase",
    "not compatible with alteplase", "hold if tPA given", "received IV tPA 30 h ago", "no tPA given",
    "checks every 15 min for 2 h after tPA",
)  # fmt: skip


def unsaid(orders: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a set that says nothing of a thrombolysis but what its orders say."""
    return {**made(orders), "patient": {"weight": "80 kg"}}


def test_a_text_tells_of_a_thrombolysis_before_its_order() -> None:
    texts = (*AFTER, *NOT_AFTER)
    of_drip = heavy_each([unsaid(with_text(each, DRIP)) for each in texts])
    of_load = heavy_each([unsaid(with_text(each, CLOPIDOGREL)) for each in texts])
    told = [
        ("RC610", "warning", "/orders/1/text") in each and "RC611" in {code for code, _, _ in each} for each in of_drip
    ]
    loads = [{"RC610", "RC611"} <= {code for code, _, _ in each} for each in of_load]
    expected = [True] * len(AFTER) + [False] * len(NOT_AFTER)
    assert dict(zip(texts, zip(told, loads, strict=True), strict=True)) == dict(
        zip(texts, zip(expected, expected, strict=True), strict=True)
    )


def test_a_branch_for_a_patient_with_a_thrombolysis_is_judged_as_one() -> None:
    branches = ("given", "< 24 h", "none", "> 24 h", ">= 24 h")
    found = heavy_each(
        [unsaid([BOLUS, {**DRIP, "when": {"thrombolysis": each}}, ASPIRIN, CLOPIDOGREL]) for each in branches]
    )
    told = [("RC610", "warning", "/orders/1/when/thrombolysis"), ("RC611", "warning", "/orders/2/start")]
    assert dict(zip(branches, found, strict=True)) == {
        "given": told,
        "< 24 h": told,
        "none": [],
        "> 24 h": [],
        ">= 24 h": [],
    }


GIVEN_AT_BLOOD = (
    "give if CT shows haemorrhage", "start when ICH is seen on CT", "give even if haemorrhage",
    "if CT is positive for bleed, give",
)  # fmt: skip
NOT_AT_BLOOD = (
    "give if CT shows no haemorrhage", "give only if CT excludes haemorrhage", "hold if CT shows haemorrhage",
    "do not give if haemorrhage", "give unless CT shows haemorrhage", "if haemorrhage stop and give protamine",
)  # fmt: skip


def test_what_is_given_because_of_a_haemorrhage_is_an_error_and_no_gate() -> None:
    texts = (*GIVEN_AT_BLOOD, *NOT_AT_BLOOD)
    found = heavy_each([made(with_text(each, of)) for each in texts for of in (DRIP, CLOPIDOGREL)])
    expected = [[("RC647", "error", f"/orders/{at}/text")] for _ in GIVEN_AT_BLOOD for at in (1, 3)] + [
        [] for _ in NOT_AT_BLOOD * 2
    ]
    assert found == expected
    goes_on = [made(with_text("continue if CT shows haemorrhage", of)) for of in (DRIP, CLOPIDOGREL)]
    told = [[("RC706", "error", "/orders/1/text")], [("RC647", "error", "/orders/3/text")]]
    assert heavy_each(goes_on) == told
