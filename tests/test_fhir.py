"""What `check` reads of FHIR: each shape of a dose, each way to be wrong, R4 and R5 alike, and what is left alone."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.reporters.render.json_text import dumps
from tests.corpus import order_sets, planted
from tests.fhir_corpus import bundle, quantity, ratio, request
from tests.support import invoke, judged_sets, share

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.core

EXAMPLES = Path(__file__).parent.parent.parent / "shared" / "fhir"
UCUM = "http://unitsofmeasure.org"


def check(resource: dict[str, Any] | str, *more: str, name: str = "order.json") -> Any:
    stdin = resource if isinstance(resource, str) else dumps(resource, indent=1)
    outcome = invoke("check", "-", "--stdin-filename", name, "--format", "json", *more, stdin=stdin)
    assert outcome.exit_code in (0, 1, 3), outcome.stderr
    return outcome.json


def found(resource: dict[str, Any] | str, *more: str) -> list[Any]:
    return list(check(resource, *more)["findings"])


def errors(findings: Iterable[Any]) -> list[tuple[str, str]]:
    return [(each["code"], each["pointer"]) for each in findings if each["severity"] == "error"]


def drip(**fields: str) -> dict[str, Any]:
    return {"id": "drip", "drug": "tirofiban", "route": "IV", "kind": "infusion", **fields}


# Of each official example: which of its elements contradict their own text, are no UCUM or no rate. Read by eye.
WRONG: dict[str, list[tuple[str, str]]] = {
    "MedicationAdministration-medadmin0303": [("RC308", "/dosage/text")],
    "MedicationAdministration-medadmin0305": [("RC234", "/dosage/rateQuantity")],
    "MedicationRequest-medrx0322": [
        ("RC230", "/contained/0/ingredient/0/strength/numerator/code"),
        ("RC230", "/dosageInstruction/0/doseAndRate/0/doseQuantity/code"),
    ],
}


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the official examples are not on this machine")
def test_of_the_official_examples_only_what_is_wrong_in_them_is_called_an_error() -> None:
    told = {}
    for path in sorted(EXAMPLES.glob("*.json")):
        outcome = invoke("check", str(path), "--format", "json")
        told[path.stem] = errors(outcome.json["findings"])
        assert outcome.json["summary"]["all_read"]
        assert outcome.json["summary"]["orders"] > 0
    assert {name: each for name, each in told.items() if each} == WRONG


def test_a_rate_that_is_sixty_times_the_text_is_found_at_the_text_with_its_line() -> None:
    wrong = request(drip(dose_rate_per_kg="0.15 mcg/kg/min", text="tirofiban 0.15 mcg/kg/h"))
    [finding] = [each for each in found(wrong) if each["code"] == "RC308"]
    assert finding["pointer"] == "/dosageInstruction/0/text"
    assert finding["slip"] == ["per minute for per hour"]
    line = dumps(wrong, indent=1).splitlines()[int(finding["line"]) - 1]
    assert line[int(finding["column"]) - 1 :].startswith('"tirofiban 0.15 mcg/kg/h"')


def test_of_a_text_rates_alone_are_held_against_the_codes() -> None:
    fields = drip(
        dose_rate_per_kg="0.15 mcg/kg/min", text="12.5 mg in 250 mL at 0.15 mcg/kg/min, 50 mcg/mL, max 900 mcg"
    )
    right = request({**fields, "concentration": "250 mcg/mL"})
    assert "RC308" not in {each["code"] for each in found(right)}


SHAPES = {
    "doseQuantity and rateQuantity": [{"doseQuantity": quantity("345.6 mL"), "rateQuantity": quantity("14.4 mL/h")}],
    "rateRatio": [{"rateRatio": ratio("14.4 mL/h")}],
    "rateRatio over its time": [
        {"rateRatio": {"numerator": quantity("345.6 mL"), "denominator": quantity("24 h")}},
        {"doseQuantity": quantity("345.6 mL")},
    ],
    "entries of several kinds": [
        {"rateQuantity": quantity("0.15 mcg/kg/min")},
        {"rateQuantity": quantity("12 mcg/min")},
        {"rateQuantity": quantity("14.4 mL/h")},
    ],
    "kilogram and minute in the denominator": [
        {
            "rateRatio": {
                "numerator": quantity("0.15 mcg"),
                "denominator": {"value": 1, "system": UCUM, "code": "kg.min"},
            }
        },
        {"rateQuantity": quantity("14.4 mL/h")},
    ],
}


def weighed(requested: dict[str, Any]) -> dict[str, Any]:
    made = bundle({"patient": {"weight": "80 kg"}, "orders": []})
    made["entry"] = [made["entry"][0], {"resource": requested}]
    return made


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_of_a_dose_is_read_and_agrees_with_itself(name: str) -> None:
    right = request(drip(concentration="50 mcg/mL", run_time="24 h"))
    right["dosageInstruction"][0]["doseAndRate"] = SHAPES[name]
    made = check(weighed(right))
    assert errors(made["findings"]) == []
    assert made["summary"]["orders"] == 1


@pytest.mark.parametrize("name", SHAPES)
def test_a_tenfold_rate_is_found_in_every_shape(name: str) -> None:
    wrong = request(drip(concentration="50 mcg/mL", run_time="24 h"))
    text = dumps(SHAPES[name]).replace("14.4", "144").replace('"value": 345.6', '"value": 3456', 1)
    wrong["dosageInstruction"][0]["doseAndRate"] = json.loads(text, parse_float=Decimal)
    assert {code for code, _ in errors(found(weighed(wrong)))} & {"RC402", "RC304", "RC305"}


def test_the_ends_of_a_range_are_judged_each_and_are_no_two_orders() -> None:
    ranged = request(drip(concentration="50 mcg/mL"))
    low, high = quantity("0.1 mcg/kg/min"), quantity("9 mcg/kg/min")
    ranged["dosageInstruction"][0]["doseAndRate"] = [{"rateRange": {"low": low, "high": high}}]
    made = check(ranged)
    assert made["summary"]["orders"] == 1
    told = [(each["code"], each["pointer"]) for each in made["findings"] if each["severity"] == "error"]
    assert told == [("RC402", "/dosageInstruction/0/doseAndRate/0/rateRange/high")]


def test_a_range_that_ends_below_its_begin_is_found() -> None:
    ranged = request(drip(concentration="50 mcg/mL"))
    ends = {"low": quantity("0.15 mcg/kg/min"), "high": quantity("0.1 mcg/kg/min")}
    ranged["dosageInstruction"][0]["doseAndRate"] = [{"rateRange": ends}]
    assert errors(found(ranged)) == [("RC201", "/dosageInstruction/0/doseAndRate/0/rateRange")]


def test_a_dose_over_minutes_is_a_bolus_and_over_hours_an_infusion() -> None:
    def given(over: str) -> dict[str, Any]:
        made = request(drip(concentration="250 mcg/mL"))
        dose = quantity("800 mcg")
        made["dosageInstruction"][0]["doseAndRate"] = [
            {"doseQuantity": dose, "rateRatio": {"numerator": dose, "denominator": quantity(over)}}
        ]
        return made

    assert "RC422" not in {each["code"] for each in found(given("5 min"))}
    assert "RC422" in {each["code"] for each in found(given("2 h"))}


def test_the_maximum_of_r4_is_one_and_of_r5_a_list() -> None:
    capped = drip(dose_rate_per_kg="0.15 mcg/kg/min", dose_rate="10 mcg/min", max_dose_rate="10 mcg/min")
    for r5 in (False, True):
        assert "RC303" not in {each["code"] for each in found(weighed(request(capped, r5=r5)))}
        uncapped = {name: text for name, text in capped.items() if name != "max_dose_rate"}
        assert "RC303" in {each["code"] for each in found(weighed(request(uncapped, r5=r5)))}


def test_load_and_maintenance_in_one_request_are_one_course() -> None:
    course = request(drip(concentration="50 mcg/mL"))
    [load] = request(drip(dose_rate_per_kg="0.4 mcg/kg/min", run_time="30 min"))["dosageInstruction"]
    [then] = request(drip(dose_rate_per_kg="0.1 mcg/kg/min", run_time="48 h"))["dosageInstruction"]
    course["dosageInstruction"] = [{"sequence": 2, **then}, {"sequence": 1, **load}]
    assert errors(found(course)) == []


def test_a_text_alone_is_an_order_and_a_resource_without_one_says_so() -> None:
    plain = request(drip())
    plain["dosageInstruction"] = [{"text": "tirofiban by protocol"}]
    assert errors(found(plain)) == []
    del plain["dosageInstruction"]
    assert [each["code"] for each in found(plain)] == ["RC242"]


def test_weight_comes_from_the_observation_of_the_same_patient_alone() -> None:
    wrong = request(drip(dose_rate_per_kg="0.15 mcg/kg/min", dose_rate="13.5 mcg/min"))  # that of 90 kg
    made = weighed(wrong)
    [finding] = [each for each in found(made) if each["code"] == "RC303"]
    assert finding["expected"] == "12 mcg/min"
    made["entry"][0]["resource"]["subject"] = {"reference": "Patient/2"}
    assert errors(found(made)) == []
    assert [each["code"] for each in found(made, "--patient-weight", "80kg") if each["severity"] == "error"] == [
        "RC303"
    ]


@pytest.mark.parametrize(
    ("value", "unit"),
    [("176.37 lb", "[lb_av]"), ("80000 g", "g"), ("80 kg", "kg")],
    ids=["pounds", "grams", "kilograms"],
)
def test_a_weight_is_read_in_its_own_unit(value: str, unit: str) -> None:
    made = weighed(request(drip(dose_rate_per_kg="0.15 mcg/kg/min", dose_rate="12 mcg/min")))
    made["entry"][0]["resource"]["valueQuantity"] = {**quantity(value), "code": unit}
    assert errors(found(made)) == []


def test_of_several_weights_the_latest_counts_and_none_where_no_time_tells() -> None:
    made = weighed(request(drip(dose_rate_per_kg="0.15 mcg/kg/min", dose_rate="13.5 mcg/min")))
    older = made["entry"][0]["resource"]
    newer = {**older, "id": "newer", "valueQuantity": quantity("90 kg")}
    made["entry"].append({"resource": newer})
    told = found(made)
    assert [each["code"] for each in told if each["severity"] == "error"] == ["RC109"]
    older["effectiveDateTime"], newer["effectiveDateTime"] = "2026-03-01T08:00:00Z", "2026-03-02T08:00:00+01:00"
    assert errors(found(made)) == []
    older["effectiveDateTime"], newer["effectiveDateTime"] = "2026-03-01", "2026-03-02"
    assert errors(found(made)) == []
    newer["effectiveDateTime"] = "2026-03-01T08:00:00Z"
    assert [each["code"] for each in found(made) if each["severity"] == "error"] == ["RC109"]


def test_a_resource_that_has_nothing_to_do_with_medication_is_passed_over_and_counted() -> None:
    made = check({"resourceType": "Patient", "id": "1", "name": [{"family": "Doe"}]})
    assert made["findings"] == []
    assert (made["summary"]["orders"], made["summary"]["passed_over"]) == (0, 1)


def test_a_type_of_resource_that_there_is_not_is_unreadable_and_the_others_go_on() -> None:
    made = weighed(request(drip(dose_rate_per_kg="9 mcg/kg/min")))
    made["entry"].append({"resource": {"resourceType": "MedicationReqest", "id": "x"}})
    outcome = invoke("check", "-", "--stdin-filename", "b.json", "--format", "json", stdin=dumps(made, indent=1))
    assert outcome.exit_code == 3
    told = {each["code"]: each for each in outcome.json["findings"]}
    assert told["RC102"]["pointer"] == "/entry/2/resource/resourceType"
    assert "MedicationRequest" in told["RC102"]["message"]
    assert "RC402" in told


def test_of_ndjson_a_line_that_cannot_be_read_keeps_no_other_from_being_judged() -> None:
    right = dumps(request(drip(dose_rate_per_kg="0.15 mcg/kg/min")), indent=None)
    wrong = dumps(request(drip(dose_rate_per_kg="9 mcg/kg/min")), indent=None)
    deep = '{"resourceType": "MedicationRequest", "extension": ' + "[" * 90 + "]" * 90 + "}"
    patient = '{"resourceType": "Patient", "id": "1"}'
    lines = [right, "{not json", wrong, deep, patient, '{"resourceType": 7}', right]
    outcome = invoke("check", "-", "--stdin-filename", "b.ndjson", "--format", "json", stdin="\n".join(lines))
    assert outcome.exit_code == 3
    told = {(each["line"], each["code"]) for each in outcome.json["findings"] if each["severity"] == "error"}
    assert told == {(2, "RC102"), (3, "RC402"), (4, "RC102"), (6, "RC102")}
    assert outcome.json["summary"]["orders"] == 3
    assert outcome.json["summary"]["passed_over"] == 1


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("dosageInstruction",), {}, "RC105"),
        (("dosageInstruction", 0), "text", "RC105"),
        (("dosageInstruction", 0, "doseAndRate"), {"doseQuantity": {}}, "RC105"),
        (("dosageInstruction", 0, "doseAndRate", 0, "rateQuantity"), 7, "RC105"),
        (("dosageInstruction", 0, "doseAndRate", 0, "rateQuantity", "value"), True, "RC105"),
        (("dosageInstruction", 0, "doseAndRate", 0, "rateQuantity", "value"), -1, "RC201"),
        (("dosageInstruction", 0, "doseAndRate", 0, "rateQuantity", "value"), 0, "RC201"),
        (("dosageInstruction", 0, "doseAndRate", 0, "rateQuantity", "comparator"), "<", "RC201"),
        (("dosageInstruction", 0, "doseAndRate", 0, "rateQantity"), {}, "RC104"),
        (("dosageInstructions",), [], "RC104"),
        (("dosageInstruction", 0, "timing"), {"repeat": {"duration": 3, "durationUnit": "hr"}}, "RC107"),
        (("dosageInstruction", 0, "timing"), {"event": ["2026-03-28T25:00:00Z"]}, "RC109"),
        (("medicationReference",), {"reference": "Medication/9"}, "RC242"),
    ],
)
def test_what_is_wrong_in_a_resource_is_told_at_its_place(path: tuple[Any, ...], value: Any, code: str) -> None:
    made = request(drip(dose_rate_per_kg="0.15 mcg/kg/min"))
    inside: Any = made
    for each in path[:-1]:
        inside = inside[each]
    inside[path[-1]] = value
    told = [each for each in found(made) if each["code"] == code]
    assert told, found(made)
    assert told[0]["pointer"].startswith("/" + "/".join(str(each) for each in path[:1]))


def test_a_number_keeps_its_digits_and_a_zero_at_its_end_is_no_finding() -> None:
    text = dumps(request(drip(dose_rate_per_kg="0.15 mcg/kg/min")), indent=1).replace("0.15", "0.150")
    assert {each["code"] for each in found(text)} == {"RC401"}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999999999", "1" * 400, "0." + "1" * 60])
def test_a_number_that_is_none_or_too_long_is_told_and_never_judged(number: str) -> None:
    text = dumps(request(drip(dose_rate_per_kg="0.15 mcg/kg/min")), indent=1).replace("0.15", number)
    assert {code for code, _ in errors(found(text))} & {"RC201", "RC238"}


def test_an_exponent_is_a_number_of_json() -> None:
    text = dumps(request(drip(dose_rate_per_kg="0.15 mcg/kg/min")), indent=1).replace("0.15", "1.5e-1")
    assert {each["code"] for each in found(text)} == {"RC401"}


def test_what_is_written_twice_in_a_resource_is_told() -> None:
    text = dumps(request(drip(dose_rate_per_kg="0.15 mcg/kg/min")), indent=1).replace(
        '"value": 0.15', '"value": 15, "value": 0.15'
    )
    [finding] = [each for each in found(text) if each["code"] == "RC103"]
    assert finding["pointer"] == "/dosageInstruction/0/doseAndRate/0/rateQuantity/value"


def _coded(value: float, code: str) -> dict[str, Any]:
    return {"value": Decimal(str(value)), "system": UCUM, "code": code}


def _told_of(entry: dict[str, Any]) -> dict[str, str]:
    made = request(drip(dose_rate_per_kg="0.15 mcg/kg/min"))
    made["dosageInstruction"][0]["doseAndRate"] = [entry]
    return {each["code"]: each["message"] for each in found(made, "--patient-weight", "80kg")}


# By hand: 0.15 a second is 9 a minute, 60 s are one minute; 0.15 per lb is 0.15 ÷ 0.45359237 = 0.330693... per kg.
@pytest.mark.parametrize(
    ("above", "below", "rate"),
    [
        ((0.15, "ug/kg"), (1, "s"), "9 mcg/kg/min"),
        ((0.15, "mg/kg"), (60, "s"), "0.15 mg/kg/min"),
        ((12, "mg"), (1, "s"), "720 mg/min"),
        ((0.15, "ug/[lb_av]"), (1, "min"), "about 0.330693 mcg/kg/min"),
    ],
)
def test_a_ratio_is_divided_whatever_its_denominator(
    above: tuple[float, str], below: tuple[float, str], rate: str
) -> None:
    told = _told_of({"rateRatio": {"numerator": _coded(*above), "denominator": _coded(*below)}})
    assert rate in told["RC402"]


def test_a_volume_per_second_is_a_pump_rate() -> None:
    told = _told_of({"rateRatio": {"numerator": _coded(14.4, "mL"), "denominator": _coded(1, "s")}})
    assert "864 mL/min" in told["RC310"]
    right = {"rateRatio": {"numerator": _coded(14.4, "mL"), "denominator": _coded(3600, "s")}}
    assert "RC310" not in _told_of(right)


@pytest.mark.parametrize(
    ("code", "rate"),
    [("ug/kg/s", "9 mcg/kg/min"), ("ug/g/min", "150 mcg/kg/min"), ("ug/[lb_av]/min", "about 0.330693 mcg/kg/min")],
)
def test_a_code_per_second_pound_or_gram_is_judged_and_is_not_the_unit_beside_it(code: str, rate: str) -> None:
    told = _told_of({"rateQuantity": {**_coded(0.15, code), "unit": "mcg/kg/min"}})
    assert rate in told["RC402"]
    assert code in told["RC233"]
    assert "RC232" not in told


def test_a_ratio_that_is_no_rate_is_told() -> None:
    told = _told_of({"rateRatio": {"numerator": _coded(3, "kg"), "denominator": _coded(1, "min")}})
    assert "RC242" in told


@pytest.mark.parametrize(
    ("more", "codes"),
    [({"entry": []}, {"RC242"}), ({}, {"RC242"}), ({"entries": [{"resource": {}}]}, {"RC104", "RC242"})],
)
def test_a_bundle_without_an_entry_does_not_pass_in_silence(more: dict[str, Any], codes: set[str]) -> None:
    assert {each["code"] for each in found({"resourceType": "Bundle", "type": "collection", **more})} == codes


def test_a_misspelt_field_of_an_entry_is_told() -> None:
    made = bundle({"patient": {"weight": "80 kg"}, "orders": [drip(dose_rate_per_kg="0.15 mcg/kg/min")]})
    made["entry"][0]["resourse"] = made["entry"][0].pop("resource")
    assert ("RC104", "/entry/0/resourse") in errors(found(made))


@pytest.mark.parametrize(
    "repeat",
    [
        {"frequency": 5, "period": 1, "periodUnit": "d"},
        {"frequency": 24, "period": 1, "periodUnit": "d"},
        {"frequency": 1, "period": 6, "periodUnit": "h"},
        {"frequency": 1, "period": 1, "periodUnit": "h"},
        {"frequency": 1, "period": Decimal("0.25"), "periodUnit": "d"},
        {"frequency": 1, "period": 90, "periodUnit": "min"},
        {"frequency": 1, "frequencyMax": 4, "period": 1440, "periodUnit": "min"},
        {"timeOfDay": ["06:00:00", "12:00:00", "18:00:00", "23:00:00"]},
        {"period": 1, "periodUnit": "d", "when": ["MORN", "NOON", "EVE", "NIGHT"]},
    ],
)
def test_a_maintenance_dose_that_comes_too_often_is_found(repeat: dict[str, Any]) -> None:
    made = request({"id": "a", "drug": "clopidogrel", "route": "PO", "dose": "75 mg"})
    made["dosageInstruction"][0]["timing"] = {"repeat": repeat}
    assert "RC626" in {code for code, _ in errors(found(made))}


@pytest.mark.parametrize(
    ("repeat", "frequency"),
    [
        ({"count": 1, "period": 1, "periodUnit": "d"}, None),
        ({"frequency": 1}, None),
        ({"timeOfDay": ["08:00:00"]}, "daily"),
        ({"timeOfDay": ["08:00:00"], "count": 1}, None),
        ({"boundsDuration": {"value": 3, "system": UCUM, "code": "d"}}, None),
        ({"count": 10}, "10 doses"),
        ({"countMax": 4}, "4 doses"),
        ({"frequency": 1, "period": 1440, "periodUnit": "min"}, "daily"),
        ({"frequency": 1, "period": Decimal("0.1"), "periodUnit": "d"}, "every 144 minutes"),
        ({"frequency": 1, "period": 10, "periodUnit": "min", "count": 3}, "every 10 minutes, 3 doses"),
        ({"when": ["MORN", "EVE"]}, "twice daily"),
    ],
)
def test_a_bolus_that_is_repeated_is_found_however_it_is_said(repeat: dict[str, Any], frequency: str | None) -> None:
    made = request({"id": "a", "drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg"})
    made["dosageInstruction"][0]["timing"] = {"repeat": repeat}
    told = [each for each in found(made) if each["code"] == "RC429"]
    assert [each["found"] for each in told] == ([] if frequency is None else [frequency])


@pytest.mark.parametrize("text", ["once", "One time", "STAT", "x1"])
def test_a_load_whose_code_says_once_is_no_repeated_dose(text: str) -> None:
    made = request({"id": "a", "drug": "clopidogrel", "route": "PO", "dose": "600 mg"})
    for repeat in ({}, {"repeat": {"count": 1}}):
        made["dosageInstruction"][0]["timing"] = {"code": {"text": text}, **repeat}
        assert {each["code"] for each in found(made)}.isdisjoint({"RC626", "RC627", "RC633"})


def test_requests_of_a_search_are_judged_alone_and_those_of_one_transaction_together() -> None:
    asa = {"id": "a", "drug": "aspirin", "route": "PO", "dose": "100 mg"}
    made = weighed(request(asa))
    made["entry"].append({"resource": request({**asa, "id": "b"})})
    for each in made["entry"][1:]:
        each["resource"]["dosageInstruction"][0]["timing"] = {
            "repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}
        }
    assert "RC632" in {each["code"] for each in found(made)}
    assert "RC632" not in {each["code"] for each in found({**made, "type": "searchset"})}


def test_alternatives_of_a_plan_are_no_duplicates() -> None:
    two = [drip(dose_rate_per_kg="0.1 mcg/kg/min"), {**drip(dose_rate_per_kg="0.15 mcg/kg/min"), "id": "other"}]
    for each in two:
        each |= {"concentration": "50 mcg/mL", "run_time": "24 h"}
    made = bundle({"patient": {"weight": "80 kg"}, "orders": two})
    group = made["entry"][-1]["resource"]
    group["action"] = [{"selectionBehavior": "exactly-one", "action": group["action"]}]
    assert errors(found(made)) == []


def test_a_plan_definition_of_type_order_set_is_judged_with_its_activities() -> None:
    activity = {
        "resourceType": "ActivityDefinition",
        "id": "drip",
        "status": "draft",
        "kind": "MedicationRequest",
        "productCodeableConcept": {"text": "tirofiban"},
        "dosage": request(drip(dose_rate_per_kg="9 mcg/kg/min", run_time="24 h"))["dosageInstruction"],
    }
    plan = {
        "resourceType": "PlanDefinition",
        "status": "draft",
        "title": "Rescue",
        "type": {"coding": [{"code": "order-set"}]},
        "contained": [activity],
        "action": [{"title": "Tirofiban", "action": [{"definitionCanonical": "#drip"}]}, {"title": "platelets at 6 h"}],
    }
    told = found(plan)
    assert ("RC402", "/contained/0/dosage/0/doseAndRate/0/rateQuantity") in errors(told)
    codes = {each["code"] for each in told}
    assert "RC707" in codes
    assert "RC705" not in codes


SETS = list(order_sets())


@pytest.mark.parametrize("place", range(0, len(SETS), 23))
def test_r4_and_r5_of_a_correct_set_say_what_the_native_set_says(place: int) -> None:
    native = {each["code"] for each in found(json.dumps(SETS[place])) if each["severity"] != "note"}
    for r5 in (False, True):
        for ratios in (False, True):
            told = {
                each["code"] for each in found(bundle(SETS[place], r5=r5, ratios=ratios)) if each["severity"] != "note"
            }
            assert told <= native, (r5, ratios)


# A Medication has one strength: of a label beside a concentration there is none to be written.
SLIPS = share([each for each in planted() if each.field != "concentration"][::61], 2, few=6)


def _of_fields(findings: list[Any]) -> set[tuple[Any, ...]]:
    return {
        (f["code"], tuple(f["slip"]), str(f["factor"]))
        for f in findings
        if f["code"][2] in "34" and f["severity"] == "error"
    }


@pytest.mark.parametrize("place", range(len(SLIPS)))
def test_a_planted_slip_is_found_in_r4_and_r5_as_in_the_native_set(place: int) -> None:
    each = SLIPS[place]
    native = _of_fields(found(json.dumps(each.order_set)))
    assert native
    r4, r5 = (_of_fields(found(bundle(each.order_set, r5=r5))) for r5 in (False, True))
    assert r4 == r5
    # A label is exact where a concentration is read to its last digit: a VTBI may be told beside its pump rate.
    assert {code for code, *_ in native} <= {code for code, *_ in r4} <= {code for code, *_ in native} | {"RC305"}


def _drips(count: int) -> str:
    """Return requests that differ in their numbers; of some the pump rate or the text has a slip."""
    lines = []
    for number in range(count):
        weight = 40 + number % 97
        pump = Decimal(weight * 18) / 100
        said = pump * 60 if number % 13 == 0 else pump
        fields = {
            "dose_rate_per_kg": "0.15 mcg/kg/min",
            "dose_rate": f"{Decimal(weight * 15) / 100} mcg/min",
            "pump_rate": f"{pump * (10 if number % 7 == 0 else 1)} mL/h",
            "text": f"tirofiban at {said} mL/h",
        }
        lines.append(dumps(request({**drip(concentration="50 mcg/mL", **fields), "id": f"r{number}"}), indent=None))
    return "\n".join(lines)


@pytest.mark.long
def test_requests_of_one_shape_have_the_findings_that_each_has_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _drips(200)
    told = invoke("check", "-", "--stdin-filename", "x.ndjson", "--format", "json", stdin=text)
    monkeypatch.setattr("rescuecalc.engine.verdict_cache._FEW", 10**6)
    monkeypatch.setattr("rescuecalc.engine.verdict_cache._EQUAL", 0)
    alone = invoke("check", "-", "--stdin-filename", "x.ndjson", "--format", "json", stdin=text)
    assert told.stdout == alone.stdout
    codes = {each["code"] for each in told.json["findings"] if each["severity"] == "error"}
    assert codes == {"RC304", "RC308"}


@pytest.mark.long
def test_of_requests_that_differ_in_their_numbers_few_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = judged_sets(monkeypatch)
    check(_drips(1_000), name="x.ndjson")
    assert len(judged) < 400


def test_two_names_of_two_drugs_are_told_wherever_they_stand() -> None:
    made = request(drip(dose_rate_per_kg="2 mcg/kg/min"))
    made["medicationReference"]["display"] = "eptifibatide"
    assert ("RC240", "/contained/0/code/text") in errors(found(made))
    made = request(drip(dose_rate_per_kg="0.15 mcg/kg/min", concentration="50 mcg/mL"))
    made["contained"][0]["ingredient"][0]["itemCodeableConcept"] = {"text": "eptifibatide"}
    assert ("RC240", "/contained/0/ingredient/0") in errors(found(made))


def test_a_coded_strength_of_the_concentrate_is_what_hangs_on_the_pump() -> None:
    fields = {"dose_rate_per_kg": "0.15 mcg/kg/min", "pump_rate": "14.4 mL/h", "product": "12.5 mg in 50 mL"}
    told = found(weighed(request(drip(**fields))))
    assert [each["slip"] for each in told if each["code"] == "RC307"] == [["250 for 50 mcg/mL"]]


def test_two_actions_of_one_id_are_two_orders() -> None:
    two = [drip(dose_rate_per_kg="9 mcg/kg/min"), {**drip(dose_rate_per_kg="0.15 mcg/kg/min"), "id": "other"}]
    made = bundle({"patient": {"weight": "80 kg"}, "orders": two})
    for action in made["entry"][-1]["resource"]["action"]:
        action["id"] = "x"
    told = check(made)
    assert told["summary"]["orders"] == 2
    assert ("RC402", "/entry/1/resource/dosageInstruction/0/doseAndRate/0/rateQuantity") in errors(told["findings"])


@pytest.mark.parametrize(("above", "below"), [("16 mL", "5 min"), ("800 mcg", "5 min"), ("0.8 mg", "300 s")])
def test_a_dose_and_what_is_given_in_some_minutes_are_one_bolus(above: str, below: str) -> None:
    bolus = request({"id": "b", "drug": "tirofiban", "route": "IV", "kind": "bolus", "concentration": "50 mcg/mL"})
    rate = {"numerator": quantity(above), "denominator": quantity(below)}
    bolus["dosageInstruction"][0]["doseAndRate"] = [{"doseQuantity": quantity("800 mcg"), "rateRatio": rate}]
    told = found(weighed(bolus))
    assert errors(told) == []
    assert "RC710" not in {each["code"] for each in told}


def test_two_weights_at_one_time_are_none() -> None:
    made = weighed(request(drip(dose_rate_per_kg="0.15 mcg/kg/min", dose_rate="13.5 mcg/min")))
    older = made["entry"][0]["resource"]
    older["effectiveDateTime"] = "2026-03-01T08:00:00Z"
    made["entry"].append({"resource": {**older, "id": "newer", "valueQuantity": quantity("90 kg")}})
    assert [code for code, _ in errors(found(made))] == ["RC109"]


def test_what_is_not_judged_is_said() -> None:
    group = bundle({"patient": {"weight": "80 kg"}, "orders": [drip(dose_rate_per_kg="0.15 mcg/kg/min")]})
    group["entry"][-1]["resource"]["action"][0]["modifierExtension"] = [{"url": "http://example.org/a"}]
    assert "RC241" in {each["code"] for each in found(group)}
    plan = {"resourceType": "CarePlan", "contained": [request(drip(dose_rate_per_kg="9 mcg/kg/min"))]}
    assert "RC402" in {each["code"] for each in found(plan)}
    unknown = request(drip(dose_rate_per_kg="9 mcg/kg/min"))
    del unknown["medicationReference"]
    unknown["medicationCodeableConcept"] = {"coding": [{"system": "http://snomed.info/sct", "code": "372662007"}]}
    assert "RC242" in {each["code"] for each in found(unknown)}
    unknown["medicationCodeableConcept"]["coding"][0] = {"system": "http://www.whocc.no/atc/", "code": "B01AC17"}
    assert "RC402" in {each["code"] for each in found(unknown)}
    alone = request(drip())
    for below in ({}, {"denominator": {"value": 1}}):
        alone["dosageInstruction"][0]["doseAndRate"] = [{"rateRatio": {"numerator": quantity("14400 mL"), **below}}]
        assert "RC235" in {each["code"] for each in found(alone)}


CLOPIDOGREL = {"id": "c", "drug": "clopidogrel", "route": "PO", "kind": "dose", "dose": "75 mg", "frequency": "daily"}
GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"


def per_day(text: str) -> dict[str, Any]:
    return {"numerator": quantity(text), "denominator": quantity("1 day")}


@pytest.mark.parametrize(
    ("element", "value", "code"),
    [
        ("maxDosePerPeriod", per_day("50 mg"), "RC425"),
        ("maxDosePerPeriod", per_day("75 mg"), None),
        ("maxDosePerPeriod", per_day("300 mg"), None),
        ("maxDosePerPeriod", per_day("750 mg"), "RC626"),
        ("maxDosePerLifetime", quantity("10 mg"), "RC425"),
        ("maxDosePerLifetime", quantity("7500 mg"), None),
        ("method", {"coding": [{"display": "Inject"}]}, "RC316"),
        ("method", {"coding": [{"display": "Swallow"}]}, None),
        ("route", {"coding": [{"system": "http://snomed.info/sct", "code": "26643006"}], "text": "IV"}, "RC239"),
        ("route", {"coding": [{"system": "http://snomed.info/sct", "code": "26643006"}], "text": "by mouth"}, None),
    ],
)
def test_what_a_dosage_says_twice_has_to_agree(element: str, value: Any, code: str | None) -> None:
    made = request(CLOPIDOGREL)
    made["dosageInstruction"][0][element] = value
    assert [each for each, _ in errors(found(made))] == ([code] if code else [])


@pytest.mark.parametrize(("coded", "code"), [("QD", None), ("BID", "RC239"), ("TID", "RC239")])
def test_a_code_of_a_timing_agrees_with_its_numbers(coded: str, code: str | None) -> None:
    made = request(CLOPIDOGREL)
    repeat = {"frequency": 1, "period": 1, "periodUnit": "d"}
    made["dosageInstruction"][0]["timing"] = {"repeat": repeat, "code": {"coding": [{"system": GTS, "code": coded}]}}
    assert [each for each, _ in errors(found(made))] == ([code] if code else [])


@pytest.mark.parametrize(("method", "code"), [("IV push", "RC321"), ("push", "RC321"), ("Infuse", None)])
def test_the_method_of_an_infusion_is_no_push(method: str, code: str | None) -> None:
    made = request(drip(dose_rate_per_kg="0.1 mcg/kg/min", run_time="24 h"))
    made["dosageInstruction"][0]["method"] = {"text": method}
    assert [each for each, _ in errors(found(made))] == ([code] if code else [])
