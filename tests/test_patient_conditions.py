"""What an indication or a text says of the patient, against the labels of the ordered inhibitors."""

from __future__ import annotations

import pytest

from tests.support import invoke
from tests.test_clinical_kinds import heavy_each, made

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


@pytest.mark.parametrize(
    ("indication", "expected"),
    [
        (
            "active bleeding",
            {"tirofiban": "error", "eptifibatide": "error", "clopidogrel": "warning", "alteplase": "warning"},
        ),
        ("GI bleed 2 weeks ago", {"tirofiban": "note", "eptifibatide": "error", "clopidogrel": "note"}),
        ("GI bleed 2 years ago", {"tirofiban": "note", "eptifibatide": "", "clopidogrel": "note"}),
        ("history of GI bleeding", {"tirofiban": "note", "clopidogrel": "note"}),
        ("GI bleeding, old stroke", {"tirofiban": "error", "clopidogrel": "warning"}),
        ("reocclusion without active bleeding", {"tirofiban": "", "clopidogrel": ""}),
    ],
)
def test_a_bleeding_is_judged_or_said_to_be_not_judged(indication: str, expected: dict[str, str]) -> None:
    doses = {**DOSES, "clopidogrel": "dose: 75 mg", "alteplase": "dose: 7.2 mg"}
    for drug, severity in expected.items():
        text = f"{{order_set: Example, indication: '{indication}', orders: [{{drug: {drug}, {doses[drug]}}}]}}"
        told = invoke("check", "-", "--format", "json", "--select", "RC647", stdin=text).json["findings"]
        assert [each["severity"] for each in told if each["code"] == "RC647"] == ([severity] if severity else []), drug


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
    expected = [(code, severity, "/indication")]
    if drug not in drugs.split():  # no source held says it: reported, and not judged
        expected = [("RC647", "note", "/indication")] if drugs else []
    assert found(drug, "RC647,RC655", indication=indication) == expected


def test_a_thrombocytopenia_on_another_inhibitor_orders_none() -> None:
    said = "thrombocytopenia on abciximab last year"
    expected = {"tirofiban": [("RC654", "error")], "eptifibatide": [("RC671", "warning")]}
    for drug, codes in expected.items():
        order = f"{{drug: {drug}, {DOSES[drug]}, run_time: 24 h, text: '{said}'}}"
        text = f"{{order_set: Rescue, indication: reocclusion, orders: [{order}]}}"
        told = invoke("check", "-", "--format", "json", stdin=text).json["findings"]
        assert [(each["code"], each["severity"]) for each in told if each["pointer"].endswith("/text")] == codes


@pytest.mark.parametrize(
    ("said", "expected"),
    [("history of ICH", ["warning"]), ("ICH excluded on CT", []), ("hold if ICH on CT", []), ("no history of ICH", [])],
)
def test_a_haemorrhage_in_the_text_of_an_oral_agent_is_said_to_be_not_judged(said: str, expected: list[str]) -> None:
    order = f"{{drug: clopidogrel, route: PO, kind: dose, dose: 75 mg, frequency: daily, text: '{said}'}}"
    text = f"{{order_set: Discharge, orders: [{order}]}}"
    told = invoke("check", "-", "--format", "json", "--select", "RC671", stdin=text).json["findings"]
    assert [each["severity"] for each in told if each["code"] == "RC671"] == expected


def test_a_condition_without_a_source_for_one_drug_hides_no_contraindication_of_another() -> None:
    orders = ", ".join(f"{{drug: {each}, {DOSES[each]}}}" for each in ("tirofiban", "eptifibatide", "cangrelor"))
    text = f"{{order_set: Example, indication: bleeding diathesis, orders: [{orders}]}}"
    told = invoke("check", "-", "--format", "json", "--select", "RC647", stdin=text).json["findings"]
    assert [each["severity"] for each in told] == ["error"]
    assert [
        each["message"].partition("contraindicates ")[2].split()[0] for each in told if each["severity"] == "error"
    ] == ["eptifibatide"]


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


SAID = {
    "tirofiban": {
        "actively bleeding from GI": ("RC647", "error"),
        "bleeding duodenal ulcer": ("RC647", "error"),
        "craniotomy yesterday": ("RC647", "warning"),
        "stroke after cardiac surgery 3 days ago": ("RC647", "warning"),
        "decompensated liver cirrhosis": ("RC647", "error"),
        "hypertensive crisis": ("RC647", "error"),
        "thrombocytopenia after tirofiban": ("RC654", "error"),
        "eptifibatide-induced thrombocytopenia": ("RC654", "error"),
        "INR 3": ("RC651", "error"),
        **dict.fromkeys(
            (
                *("intraventricular hemorrhage", "cerebellar haemorrhage", "pontine bleed", "lobar haemorrhage"),
                *("brainstem haemorrhage", "parenchymal haematoma", "SDH on CT", "PH2 on repeat CT", "IVH", "aSAH"),
                *("stroke with haemorrhage", "haemorrhage on CT", "CT shows haemorrhage", "acute subdural"),
            ),
            ("RC655", "error"),
        ),
    },
    "eptifibatide": {
        "actively bleeding from GI": ("RC647", "error"),
        "recent craniotomy": ("RC647", "warning"),
        "rescue in a dialysis patient": ("RC653", "error"),
        "bleeding tendency": ("RC647", "error"),
        "BP 230/130": ("RC671", "warning"),
    },
}
NOT_SAID = (
    "no active bleeding",
    "bleeding ulcer excluded",
    "bridge to surgery planned in 3 days",
    "craniotomy 3 years ago",
    "stop if actively bleeding from GI",
    "Contraindications: active bleeding, recent craniotomy",
    "watch for GI bleeding",
    "active bleeding: stop and call",
    "thrombocytopenia after heparin",
    "no thrombocytopenia after tirofiban",
    "if PH2 on repeat CT: stop",
    "PH2 on CT: stop and call",
    "monitor for thalamic haemorrhage",
)
NO_HAEMORRHAGE = (
    "IVH ruled out", "family history of cerebellar haemorrhage", "stroke without haemorrhage", "no haemorrhage on CT",
    "haemorrhage on CT excluded", "CT shows no haemorrhage", "stop if CT shows haemorrhage", "lobar infarct",
    "exclude ICH before start", "CT to exclude haemorrhage", "CT before start: no PH1 or PH2",
)  # fmt: skip


@pytest.mark.parametrize("drug", SAID)
def test_a_condition_is_found_in_other_words_wherever_it_stands(drug: str) -> None:
    order = {"drug": drug, "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.5 mcg/kg/min"}
    sets = [
        {"order_set": "Rescue", "orders": [order]}
        | ({name: text} if name != "text" else {"orders": [{**order, name: text}]})
        for text in SAID[drug]
        for name in ("order_set", "indication", "text")
    ]
    places = ("/order_set", "/indication", "/orders/0/text")
    expected = [{(code, severity, place)} for code, severity in SAID[drug].values() for place in places]
    assert [
        set(each) & {(*found, place) for found in SAID[drug].values() for place in places} for each in heavy_each(sets)
    ] == expected


def test_a_condition_that_is_denied_listed_or_waited_for_is_none() -> None:
    order = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}
    sets = [{"order_set": "Rescue", "orders": [{**order, "text": text}]} for text in NOT_SAID]
    sets += [{"order_set": "Rescue", "orders": [{**order, "text": text}]} for text in NO_HAEMORRHAGE]
    indications = (*NOT_SAID[:4], *NO_HAEMORRHAGE)
    sets += [{"order_set": "Rescue", "indication": text, "orders": [order]} for text in indications]
    judged = {"RC647", "RC651", "RC653", "RC654", "RC655"}
    codes = [{code for code, _, _ in each} & judged for each in heavy_each(sets)]
    assert codes == [set()] * len(sets)


def test_a_clearance_that_nobody_has_is_an_error() -> None:
    found = heavy_each([made(patient={"creatinine_clearance": each}) for each in ("900 mL/min", "300 mL/min")])
    assert found == [[("RC658", "error", "/patient/creatinine_clearance")], []]


BESIDE_A_FIELD = (
    ("intracranial_haemorrhage", "no", "ICH on CT this morning", "RC655"),
    ("platelets", "210 x10^9/L", "platelets today 45 x10^9/L", "RC650"),
    ("platelets", "120 x10^9/L", "platelets 45 x10^9/L", "RC650"),
    ("inr", "1.0", "INR 3.2 today", "RC651"),
    ("blood_pressure", "140/80", "BP now 220/120", "RC652"),
    ("dialysis", "no", "patient on haemodialysis", "RC659"),
    ("intracranial_haemorrhage", "no", "if ICH: stop", ""),
    ("platelets", "210 x10^9/L", "platelets were 45 on admission", ""),
    ("platelets", "210 x10^9/L", "hold if platelets 45 x10^9/L", ""),
    ("inr", "1.0", "INR 3.2 yesterday, reversed", ""),
    ("blood_pressure", "140/80", "BP 220/120 on arrival", ""),
    ("dialysis", "no", "not on dialysis", ""),
)


def test_no_field_silences_a_text_that_says_otherwise() -> None:
    order = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}
    sets = [
        {"order_set": "Rescue", "patient": {field: value}, "orders": [{**order, "text": text}]}
        for field, value, text, _ in BESIDE_A_FIELD
    ]
    places = ("/orders/0/text", "/patient")
    codes = [[code for code, _, at in each if at.startswith(places)] for each in heavy_each(sets)]
    assert codes == [[code] if code else [] for _, _, _, code in BESIDE_A_FIELD]


OF_STROKE = {
    "RC647": ("TIA", "PCI after TIA", "ACS with acute TIA", "transient ischaemic attack"),
    "RC655": ("STEMI, history of ICH",),
    "RC620": ("M1 occlusion", "Tandem occlusion", "Posterior circulation occlusion", "AIS", "lacunar infarct"),
    "": ("STEMI", "STEMI, no TIA", "PCI, family history of TIA", "coronary M1 occlusion"),
}


def test_a_stroke_or_tia_that_a_set_names_forbids_prasugrel() -> None:
    order = {"drug": "prasugrel", "route": "PO", "kind": "load", "dose": "60 mg"}
    named = [(code, text) for code, texts in OF_STROKE.items() for text in texts]
    sets = [{"order_set": "Load", "indication": text, "orders": [order]} for _, text in named]
    texts = ("Not if weight below 60 kg or prior stroke/TIA", "not for patients with prior stroke, TIA, age over 75")
    sets += [{"order_set": "PCI", "orders": [{**order, "text": text}]} for text in texts]
    named += [("", text) for text in texts]
    found = heavy_each(sets)
    codes = [[code for code, severity, _ in each if code in OF_STROKE and severity == "error"] for each in found]
    assert codes == [[code] if code else [] for code, _ in named]
