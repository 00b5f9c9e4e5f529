"""What an indication or a text says of the patient, against the labels of the ordered inhibitors."""

from __future__ import annotations

import pytest

from tests.support import invoke

DOSES = {
    "tirofiban": "dose_rate_per_kg: 0.1 mcg/kg/min, run_time: 24 h",
    "eptifibatide": "dose_rate_per_kg: 0.5 mcg/kg/min",
    "abciximab": "dose_rate_per_kg: 0.125 mcg/kg/min",
    "cangrelor": "dose_rate_per_kg: 4 mcg/kg/min",
}


def found(drug: str, codes: str, *, indication: str = "", text: str = "") -> list[tuple[str, str, str]]:
    more = f', text: "{text}"' if text else ""
    head = f", indication: {indication}" if indication else ""
    order = f"{{drug: {drug}, route: IV, kind: infusion, {DOSES[drug]}{more}}}"
    outcome = invoke(
        "check", "-", "--select", codes, "--format", "json", stdin=f"{{order_set: X{head}, orders: [{order}]}}"
    )
    return [(each["code"], each["severity"], each["pointer"]) for each in outcome.json["findings"]]


@pytest.mark.parametrize("drug", DOSES)
@pytest.mark.parametrize(
    ("indication", "code", "severity", "drugs"),
    [
        ("active bleeding", "RC647", "error", "tirofiban eptifibatide abciximab cangrelor"),
        ("upper GI bleed", "RC647", "error", "tirofiban eptifibatide abciximab cangrelor"),
        ("intracranial haemorrhage", "RC655", "error", "tirofiban eptifibatide abciximab cangrelor"),
        ("severe hepatic insufficiency", "RC647", "error", "tirofiban"),
        ("malignant hypertension", "RC647", "error", "tirofiban eptifibatide cangrelor"),
        ("bleeding diathesis", "RC647", "error", "eptifibatide"),
        ("recent major surgery", "RC647", "warning", "tirofiban eptifibatide cangrelor"),
        ("reocclusion without active bleeding", "RC647", "error", ""),
    ],
)
def test_an_indication_that_a_label_forbids_is_found(
    drug: str, indication: str, code: str, severity: str, drugs: str
) -> None:
    expected = [(code, severity, "/indication")] if drug in drugs.split() else []
    assert found(drug, "RC647,RC655", indication=indication) == expected


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("patient has active bleeding", True),
        ("monitor for active bleeding; stop if active bleeding", False),
        ("if active bleeding stop the infusion", False),
    ],
)
def test_a_text_says_what_the_patient_has(text: str, *, is_found: bool) -> None:
    assert found("tirofiban", "RC647", text=text) == ([("RC647", "error", "/orders/0/text")] if is_found else [])


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("on apixaban", True),
        ("apixaban 5 mg twice daily at home", True),
        ("home med: rivaroxaban 20 mg daily", True),
        ("anticoagulated with dabigatran", True),
        ("not on apixaban", False),
        ("apixaban held since yesterday", False),
    ],
)
def test_an_anticoagulant_that_a_patient_takes_needs_no_verb(text: str, *, is_found: bool) -> None:
    assert bool(found("tirofiban", "RC624", text=text)) is is_found


def test_an_anticoagulant_in_the_indication_is_found() -> None:
    assert found("tirofiban", "RC624", indication="stroke on apixaban") == [("RC624", "warning", "/indication")]


@pytest.mark.parametrize(
    ("drug", "shows", "codes"),
    [
        ("tenecteplase", "haemorrhage", ["RC647"]),
        ("tirofiban", "haemorrhage", ["RC647"]),
        ("aspirin", "ICH", ["RC647"]),
        ("tenecteplase", "no haemorrhage", []),
        ("labetalol", "haemorrhage", []),
    ],
)
def test_a_haemorrhage_is_no_condition_of_what_makes_it_worse(drug: str, shows: str, codes: list[str]) -> None:
    made = f"{{order_set: x, orders: [{{drug: {drug}, kind: bolus, route: IV, when: {{imaging: {shows}}}}}]}}"
    findings = invoke("check", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin=made).json["findings"]
    assert [each["code"] for each in findings if each["code"] == "RC647"] == codes
