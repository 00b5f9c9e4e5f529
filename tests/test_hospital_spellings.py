"""What records of hospitals write for a no, a route, a count or a time: the right ones are read, their neighbours not.

Each test judges all of its spellings in one file.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from rescuecalc.core.orders.condition_text import read_band, read_condition, read_open, read_thrombolysis
from rescuecalc.core.orders.patient_state import read_state
from rescuecalc.core.orders.text.field_frequency import frequency_in_words
from rescuecalc.core.orders.text.frequency import exactly_daily, is_as_needed
from rescuecalc.core.quantities.quantity import DosingWeight
from rescuecalc.core.quantities.wording import kind_of, routes_of
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


COUNTED = ("plts", "Hemogram", "haemogram", "blood counts", "full blood examination", "CBCd", "FBE", "platelets")
TIMES = ("baseline/6h/24h", "baseline, 6 h, daily", "baseline/6 h/24 h", "baseline; 4h; q24h")
NOT_COUNTED = ({"check": "blood cultures", "at": TIMES[0]}, {"check": "plts", "at": "baseline/24h"})


def test_a_count_is_known_by_its_names_and_its_times() -> None:
    drip = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}

    def late(entry: dict[str, str]) -> bool:
        return "RC705" in dict(judged([drip], monitoring=[entry], patient={"weight": "80 kg"}))

    assert [each for each in COUNTED if late({"check": each, "at": "6 h after start, daily"})] == []
    assert [each for each in TIMES if late({"check": "CBC", "at": each})] == []
    assert [each for each in NOT_COUNTED if not late(each)] == []


OFTEN = {
    **dict.fromkeys(("qAM", "qPM", "OM", "Q24", "per day", "1/d", "0900"), 1),
    **dict.fromkeys(("0900, 2100", "Q12", "2/d"), 2),
}


def test_a_frequency_of_a_record_is_as_often_as_it_says() -> None:
    assert {each: exactly_daily(frequency_in_words(each)) for each in OFTEN} == OFTEN
    aspirin = {"drug": "aspirin", "route": "PO", "dose": "81 mg", "choose_one": "one"}
    right = [{**aspirin, "frequency": each} for each, times in OFTEN.items() if times == 1]
    wrong = [{**aspirin, "frequency": each} for each in ("2575", "in the OM", "q0")]
    assert judged([*right, *wrong]) == [
        ("RC712", f"/orders/{place}/frequency") for place in range(len(right), len(right) + len(wrong))
    ]
    twice = [{**aspirin, "drug": "clopidogrel", "dose": "75 mg", "frequency": each} for each in ("0900, 2100", "Q12")]
    assert [pointer for _, pointer in judged(twice)] == [f"/orders/{place}/frequency" for place in (0, 1)]


IN_WORDS_ONCE = ("une fois", "1 fois", "einmal", "una vez")
IN_WORDS_TWICE = ("matin et soir", "morgens und abends", "2dd1", "2 x day")
IN_WORDS_DAILY = ("q a.m.", "1 time per day", "matin", "1 x day", "1 g\u00e5ng dagligen")
IN_WORDS_NEEDED = ("si besoin", "bei Bedarf", "b. Bed.")


def test_a_frequency_in_words_is_as_often_as_it_says_and_an_unknown_one_is_no_daily_one() -> None:
    load = {"drug": "clopidogrel", "route": "PO", "dose": "300 mg", "choose_one": "one"}
    daily = {**load, "dose": "75 mg"}
    asked = [(load, each, "") for each in IN_WORDS_ONCE] + [(daily, each, "") for each in IN_WORDS_DAILY]
    asked += [(load, each, "RC633") for each in (*IN_WORDS_DAILY, *IN_WORDS_TWICE)] + [
        (daily, each, "RC626") for each in IN_WORDS_TWICE
    ]
    asked += [(daily, each, "RC636") for each in IN_WORDS_NEEDED] + [(daily, "every blue moon", "RC712")]
    found = judged([{**order, "frequency": each} for order, each, _ in asked])
    assert found == [(code, f"/orders/{place}/frequency") for place, (*_, code) in enumerate(asked) if code]
    orders = [{**daily, "frequency": "every blue moon"}]
    text = json.dumps({"order_set": "Ward", "orders": orders})
    [unknown] = [
        each
        for each in invoke("check", "-", "--format", "json", stdin=text).json["findings"]
        if each["code"] == "RC712"
    ]
    assert unknown["expected"] is None


INTO_A_VEIN = (
    *("intravenous (IV)", "IV (intravenous)", "Intravenous route (qualifier value)", "IV CONT", "IV Soln", "INTRAVEN"),
    *("IV-Perfusor", "i.v. Perfusor", "Perfusor", "i. v.", "i. v. Kurzinfusion"),
)
NO_ROUTE_FOR_ALL = ("parenteral", "IV (never IT)", "IV (IT)", "IV over magic")
OF_INFUSION = (
    *("infusion (continuous)", "drip (titrated)", "maintenance drip", "fixed-rate infusion", "weight-based infusion"),
    *("Infusion kontinuierlich", "perf", "kontinuierlich", "loading dose infusion"),
)
OF_BOLUS = ("i.v.-Bolus", "Bolus-Gabe", "bolus (load)", "Push dose")
OF_DOSE = ("Dosis", "Einzeldosis", "Gabe", "Tablette", "Oral", "suppository")
OF_NO_KIND = ("bolus then infusion", "infusion 24 h", "magic infusion")


def test_a_route_and_a_kind_are_read_among_words_that_change_nothing_of_them() -> None:
    assert [routes_of(each) for each in INTO_A_VEIN] == [("IV",)] * len(INTO_A_VEIN)
    assert [routes_of(each) for each in NO_ROUTE_FOR_ALL] == [()] * len(NO_ROUTE_FOR_ALL)
    kinds = {"infusion": OF_INFUSION, "bolus": OF_BOLUS, "dose": OF_DOSE, None: OF_NO_KIND}
    assert {kind: {kind_of(each) for each in words} for kind, words in kinds.items()} == {k: {k} for k in kinds}
    drip = {"drug": "tirofiban", "route": "IV", "choose_one": "one"}
    orders = [{**drip, "kind": each, "dose_rate_per_kg": "1 mcg/kg/min", "run_time": "24 h"} for each in OF_INFUSION]
    orders += [{**drip, "kind": each, "dose_per_kg": "100 mcg/kg"} for each in OF_BOLUS]
    codes = ["RC402"] * len(OF_INFUSION) + ["RC404"] * len(OF_BOLUS)
    assert [code for code, _ in judged(orders)] == codes


def test_the_time_behind_a_route_is_that_of_its_field() -> None:
    dose = {"drug": "levetiracetam", "dose": "1500 mg", "route": "IV over 15 min"}
    drip = {"drug": "tirofiban", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}
    assert judged([dose, {**dose, "give_over": "30 min"}]) == [("RC107", "/orders/1/route")]
    assert [code for code, _ in judged([{**drip, "route": "IV over 240 h"}])] == ["RC662"]
    eye = {"drug": "latanoprost", "route": "OD", "dose": "1 drop", "frequency": "nightly"}
    assert judged([eye, {**eye, "route": "PO", "frequency": "OD"}]) == [("RC217", "/orders/1/frequency")]


NOT_UNDERSTOOD = (
    *("as told", "every blue moon", "now and daily", "daily and prn", "once, repeat once", "repeat x1", "now + 6 h"),
    *(
        "repeat in 6 h",
        "once in 6 hours",
        "three",
        "24 h",
        "if pain",
        "per protocol",
        "stat and in 6 h",
        "at each pass",
    ),
)
TOO_OFTEN = (
    *("q.d.s.", "every six hours", "6 hrly", "6/24", "four hourly", "x4 daily", "4 per day", "daily, twice", "8-14-20"),
    *("daily at 08:00 and 20:00", "mane et nocte", "nightly and morning", "before each meal", "once per hour", "2-0-0"),
    *("at 8, 14 and 20 h", "every quarter hour", "AM & PM"),
)
UNDERSTOOD = (
    *("q.d.", "o.d.", "every 24 hrs", "Daily, First dose on Mon 6/1 at 0900", "daily, first dose now", "1-0-0", "0900"),
    *("at bedtime", "once daily with food for 21 days", "daily starting tomorrow", "in the morning", "each day"),
)
ONCE_IN_ALL = (
    *(
        "once",
        "stat",
        "1 doses",
        "Once - PACU",
        "once in ED",
        "on arrival",
        "loading dose",
        "pre-op",
        "once at hour 18",
    ),
    *("before the infusion", "ONCE PRE-PCI", "6 to 24 h before stenting", "once over 3 min"),
)


def test_a_frequency_of_which_a_word_is_not_read_is_never_silent() -> None:
    daily = {"drug": "clopidogrel", "route": "PO", "dose": "75 mg", "start": "+24 h", "choose_one": "one"}
    often = [(each, "RC712") for each in NOT_UNDERSTOOD] + [(each, "RC626") for each in TOO_OFTEN]
    made = [{**daily, "frequency": each} for each in (*(each for each, _ in often), *UNDERSTOOD)]
    found = [each for each in judged(made) if each[0] != "RC217"]
    assert sorted(found) == sorted((code, f"/orders/{place}/frequency") for place, (_, code) in enumerate(often))


@pytest.mark.parametrize("drug", ["tirofiban", "cangrelor"])
def test_a_bolus_with_a_frequency_that_is_not_surely_once_is_found(drug: str) -> None:
    bolus = {"drug": drug, "route": "IV", "kind": "bolus", "choose_one": "one"}
    made = [{**bolus, "frequency": each} for each in (*NOT_UNDERSTOOD, "as needed", *ONCE_IN_ALL)]
    places = {pointer for _, pointer in judged(made) if pointer.endswith("/frequency")}
    assert places == {f"/orders/{place}/frequency" for place in range(len(NOT_UNDERSTOOD) + 1)}


def test_a_second_bolus_is_known_of_eptifibatide_and_prasugrel_more_often_than_daily_is_not() -> None:
    bolus = {"drug": "eptifibatide", "route": "IV", "kind": "bolus", "choose_one": "one"}
    right = ("twice, 10 min apart", "2 doses", "every 10 min x 2", "repeat once after 10 min")
    made = [{**bolus, "frequency": each} for each in (*right, "at each pass", "repeat in 6 h")]
    prasugrel = {"drug": "prasugrel", "route": "PO", "dose": "10 mg", "choose_one": "one"}
    made += [{**prasugrel, "frequency": each} for each in ("every 6 h", "daily")]
    found = judged(made, indication="acute coronary syndrome")
    assert {pointer for _, pointer in found if pointer.endswith("/frequency")} == {
        f"/orders/{place}/frequency" for place in (4, 5, 6)
    }


def test_a_value_of_the_patient_is_read_as_records_write_it() -> None:
    assert str(read_state("blood_pressure", "150 / 80")) == "150/80 mmHg"
    for text in ("80 / 150", "150 80", "150 // 80"):
        with pytest.raises(InputError):
            read_state("blood_pressure", text)


OTHER_DOSES = (
    ("lactulose", "PO", "30 mL"),
    ("saline flush", "IV", "10 mL"),
    ("albuterol", "INH", "2.5 mg/3 mL"),
    ("nicotine", "patch", "21 mg/24 h"),
    ("fentanyl", "TD", "25 mcg/h"),
    ("co-trimoxazole", "PO", "800-160 mg"),
    ("insulin lispro", "SC", "per scale"),
)
NO_DOSES = (
    ("clopidogrel", "PO", "30 mL"),
    ("tirofiban", "IV", "10 mL"),
    ("clopidogrel", "PO", "per scale"),
    ("clopidogrel", "PO", "300-75 mg"),
    ("nicardipine", "IV", "5 mg/h"),
    ("lactulose", "PO", "30 xL"),
)


def test_a_drug_without_a_held_dose_is_given_by_volume_patch_or_scale_and_no_other() -> None:
    orders = [{"drug": drug, "route": route, "dose": dose} for drug, route, dose in (*OTHER_DOSES, *NO_DOSES)]
    found = [each for each in judged(orders) if each[0] in {"RC201", "RC202"}]
    wrong = range(len(OTHER_DOSES), len(orders))
    assert [pointer for _, pointer in found] == [f"/orders/{place}/dose" for place in wrong]


def test_a_weight_says_that_it_was_measured_and_a_name_of_records_leads_to_the_field() -> None:
    patients = ({"weight": "75 kg (actual)"}, {"weight": "75 kg (ideal)"}, {"crcl": "70 mL/min"}, {"plt": "200"})
    text = json.dumps([{"order_set": "Ward", "patient": each, "orders": [{"drug": "examplin"}]} for each in patients])
    found = invoke("check", "-", "--format", "json", stdin=text).json["findings"]
    told = [(each["code"], each["pointer"], each["message"].partition("; ")[2]) for each in found]
    assert [each for each in told if "/patient" in each[1]] == [
        ("RC109", "/1/patient/weight", "write a weight as 80kg (or 176lb)"),
        ("RC104", "/2/patient/crcl", "did you mean creatinine_clearance?"),
        ("RC104", "/3/patient/plt", "did you mean platelets?"),
    ]


def requests(*each: tuple[str, str, list[dict[str, Any]]]) -> list[tuple[str, str, str]]:
    """Return code, severity and message of what is found in requests of a drug by a route, each in its own line."""
    lines = [
        {
            "resourceType": "MedicationRequest",
            "id": str(place),
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": drug},
            "dosageInstruction": [{"route": {"text": route}, **dosage} for dosage in dosages],
        }
        for place, (drug, route, dosages) in enumerate(each)
    ]
    text = "\n".join(map(json.dumps, lines))
    found: list[Finding] = invoke("check", "-", "--stdin-filename", "a.ndjson", "--format", "json", stdin=text).json[
        "findings"
    ]
    return [(each["code"], each["severity"], each["message"]) for each in found if each["severity"] == "error"]


def coded(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def lysis(bolus: str) -> list[dict[str, Any]]:
    push = {"numerator": coded(6.3, "mL"), "denominator": coded(1, "min")}
    rest = {"doseQuantity": coded(56.7, "mg"), "rateQuantity": coded(56.7, "mL/h")}
    return [
        {"sequence": 1, "text": bolus, "doseAndRate": [{"doseQuantity": coded(6.3, "mg"), "rateRatio": push}]},
        {"sequence": 2, "text": "56.7 mg infusion over 60 minutes", "doseAndRate": [rest]},
    ]


def test_a_bolus_of_a_minute_a_scale_from_nothing_and_pieces_of_any_spelling_are_read() -> None:
    def pieces(count: int, unit: str) -> list[dict[str, Any]]:
        return [{"timing": {"repeat": {"count": 1}}, "doseAndRate": [{"doseQuantity": {"value": count, "unit": unit}}]}]

    def scale(low: float, high: float) -> list[dict[str, Any]]:
        ends = {"low": coded(low, "[iU]"), "high": coded(high, "[iU]")}
        return [{"doseAndRate": [{"doseRange": ends}]}]

    assert requests(("alteplase", "Intravenous", lysis("6.3 mg bolus over 1 minute"))) == []
    assert [code for code, *_ in requests(("alteplase", "Intravenous", lysis("6.3 mg infusion")))] == ["RC664"]
    assert requests(("insulin lispro", "Subcutaneous", scale(0, 10))) == []
    assert [code for code, *_ in requests(("insulin lispro", "Subcutaneous", scale(0, 0)))][:1] == ["RC201"]
    aspirin, suppository = "aspirin 81 mg chewable tablet", "aspirin 300 mg suppository"
    assert requests((aspirin, "Oral", pieces(4, "tab(s)")), (suppository, "Rectal", pieces(1, "{Suppository}"))) == []
    wrong = requests((aspirin, "Oral", pieces(40, "tab(s)")), (suppository, "Rectal", pieces(10, "suppositories")))
    assert [code for code, *_ in wrong] == ["RC626", "RC626"]


DRIP = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "run_time": "24 h"}
RATE_PER_KG = (
    *("0.1 MCG/KG/MIN", "0.1 MCG/kg/min", "0.1 mcg/kg/min.", "0.1 mikrogramm/kg/min", "0.1 µg·kg⁻¹·min⁻¹"),
    *("0.1 mcg kg-1 min-1", "0.1 mcg/kg*min", "0.1 µg/kg/Min.", "0.1 mcg/(kg min)", "0.1 mcg/kg BW/min"),
    *("0.1 µg/kg KG/min", "0.1 mcg/kg/min IV", "0.1 mcg/kg/min (ABW)", "0.1 mcg/kg/min (0.0001 mg/kg/min)"),
)
PUMPED = ("9.6 mL/HR", "9.6 ML/HR", "9.6 mL/Hr", "9.6 ml/Std.", "9.6 mL/hr.", "9.6 cm3/h")
STRENGTHS = (
    *("12.5 mg/250 mL (50 mcg/mL)", "50 mcg/mL (12.5 mg/250 mL)", "12.5 mg/250 mL NS", "5 mg/100 mL premix"),
    *("50 mcg/ml premixed bag", "50 MCG/ML", "12.5 mg dans 250 mL", "12.5 mg ad 250 mL", "12.5 MG:250 ML"),
)
RUNS = ("24 Hours", "24 HRS", "x 24 h", "max 24 h", "≤ 24 h", "24 hours then stop", "24 Std.", "1440 MIN")
WEIGHTS = (
    *("~80 kg", "80 kg (est.)", "80 kg stated", "80 kg actual", "ca. 80 kg", "80 KG (bed scale)", "80 kg (176 lb)"),
)
REFUSED = {
    "dose_rate_per_kg": ("0.1 MCG/KG/M", "0.1 mcg/kg/min (IBW)", "0.1 mcg/kg/min (1 mg/kg/min)", "0.1 MU/kg/min"),
    "pump_rate": ("9.6 ML/M", "9.6 mL/h (96 mL/h)", "9,6 mL/h"),
    "concentration": ("12.5 mg/250 mL (500 mcg/mL)", "12,5 mg/250 ml", "50 MCG"),
    "run_time": ("24 M", "24 h (2 days)", "24 h or until 4 h after DAPT"),
}


def test_units_of_a_record_in_capitals_or_with_what_stands_around_them_are_judged_as_the_plain_ones() -> None:
    plain = {**DRIP, "dose_rate_per_kg": "0.1 mcg/kg/min", "concentration": "50 mcg/mL", "pump_rate": "9.6 mL/h"}
    right = [
        {**plain, "choose_one": "one", field: each}
        for field, spellings in (
            ("dose_rate_per_kg", RATE_PER_KG),
            ("pump_rate", PUMPED),
            ("concentration", STRENGTHS),
            ("run_time", RUNS),
        )
        for each in spellings
    ]
    refused = [{**plain, "choose_one": "one", field: each} for field, texts in REFUSED.items() for each in texts]
    places = [
        f"/orders/{len(right) + place}/{field}"
        for place, (field, each) in enumerate((field, each) for field, texts in REFUSED.items() for each in texts)
    ]
    found = judged([*right, *refused], patient={"weight": "80 kg"})
    assert [each for each in found if each[0][:3] in {"RC1", "RC2", "RC3", "RC4"} and each[0] != "RC210"] == [
        *(
            ("RC202" if "," not in each else "RC201", place)
            for place, each in zip(places, (each for texts in REFUSED.values() for each in texts), strict=True)
        )
    ]
    for weight in WEIGHTS:
        assert [code for code, _ in judged([plain], patient={"weight": weight}) if code < "RC4"] == []
    for weight in ("80 kg (ideal)", "80 kg (80 lb)", "80,0 kg", "80"):
        assert ("RC109", "/patient/weight") in judged([plain], patient={"weight": weight})


def test_a_tenfold_number_in_capitals_or_beside_its_second_statement_is_found() -> None:
    plain = {**DRIP, "dose_rate_per_kg": "0.1 mcg/kg/min", "concentration": "50 mcg/mL", "pump_rate": "9.6 mL/h"}
    wrong = [{**plain, "pump_rate": "96 ML/HR"}, {**plain, "dose_rate_per_kg": "1 MCG/KG/MIN", "choose_one": "one"}]
    found = [judged([each], patient={"weight": "80 kg (176 lb)"}) for each in wrong]
    assert [[each for each in some if each[0] < "RC6"] for some in found] == [
        [("RC304", "/orders/0/pump_rate")],
        [("RC303", "/orders/0/dose_rate_per_kg")],
    ]
    dose = {"drug": "famotidine", "route": "IV", "concentration": "10 MG/ML"}
    orders = [{**dose, "dose": each} for each in ("20 mg (2 mL)", "20 MG = 2 mL", "20 mg (20 mL)", "20 mg = 0.2 ML")]
    assert [code for code, _ in judged(orders)] == ["RC302", "RC302"]


OF_TABLETS = (
    ("aspirin 81 mg tablet", "4 tablets"),
    ("aspirin 81 MG chewable tablet", "4 TAB"),
    ("ASS 100 mg", "3 Tbl."),
)
WRONG_TABLETS = (("aspirin 81 mg tablet", "40 tablets"), ("clopidogrel 75 mg", "40 tabs"), ("ASS 100 mg", "30 Stück"))


def test_tablets_are_the_dose_that_the_strength_in_the_name_makes_them() -> None:
    orders = [
        {"drug": drug, "route": "PO", "dose": dose, "frequency": "once", "choose_one": "one"}
        for drug, dose in (*OF_TABLETS, *WRONG_TABLETS)
    ]
    assert [each for each in judged(orders) if each[0] != "RC112"] == [
        ("RC626", f"/orders/{len(OF_TABLETS) + place}/dose") for place in range(len(WRONG_TABLETS))
    ]


DAILY = (
    *("1x tgl.", "1 x tgl", "1x täglich", "1 dose/day", "einmal täglich", "morgens", "abends", "1–0–0", "1 - 0 - 0"),
    *("tgl.", "täglich", "une fois par jour", "1 fois/j", "le matin", "/j", "in AM", "AC breakfast", "Mon-Sun"),
    *("1 keer per dag", "1 vez al día", "cada 24 h", "una volta al giorno", "1dd", "1/jour"),
)
TWICE_DAILY = (
    "zweimal täglich",
    "2 fois par jour",
    "2/Tag",
    "cada 12 horas",
    "2dd",
    "2x tgl.",
    "1–0–1",
    "alle 12 Std.",
)
ONCE = ("einmalig", "sofort", "dose unique")


def test_a_frequency_in_another_language_is_as_often_as_it_says_and_no_load() -> None:
    def found(dose: str, often: tuple[str, ...]) -> list[tuple[str, str]]:
        order = {"drug": "clopidogrel", "route": "PO", "dose": dose, "start": "+24 h", "choose_one": "one"}
        return judged([{**order, "frequency": each} for each in often])

    assert found("75 mg", DAILY) == []
    assert found("300 mg", ONCE) == []
    assert [code for code, _ in found("300 mg", DAILY)] == ["RC633"] * len(DAILY)
    assert [pointer for _, pointer in found("75 mg", TWICE_DAILY)] == [
        f"/orders/{place}/frequency" for place in range(len(TWICE_DAILY))
    ]
    assert [code for code, _ in found("75 mg", ("alle 2 Monde", "2dd3", "tgl. oder nie"))] == ["RC712"] * 3


SLOW_OR_LOCAL = {
    "IV": ("slow IV", "SIVP", "IV inj", "IV infusion pump", "intravenös", "CVC", "IVSE"),
    "IA": ("Intra Arterial", "IA (microcatheter)", "intra-arterial via microcatheter", "intra-arteriell"),
    "NG": ("Nasogastric tube", "NG-tube", "PO via tube", "Magensonde", "SNG"),
    "SC": ("SubQ inj", "SubQ injection", "subkutan"),
    "MUC": ("Mouth/Throat", "swish and spit"),
    "LOCAL": ("intrapleural", "Irrigation", "Intracatheter"),
    "": ("Misc", "Does not apply", "Injection"),
}


def test_a_route_with_its_speed_its_site_or_in_another_language_is_read_and_a_wrong_one_found() -> None:
    assert {text: routes_of(text) for each in SLOW_OR_LOCAL.values() for text in each} == {
        text: (route,) for route, each in SLOW_OR_LOCAL.items() for text in each
    }
    drip = {"drug": "tirofiban", "kind": "Perfusor", "dose_rate_per_kg": "0.1 mcg/kg/min", "choose_one": "one"}
    wrong = [{**drip, "route": each} for each in ("SubQ inj", "Mouth/Throat", "Magensonde")]
    assert [code for code, pointer in judged(wrong) if pointer.endswith("/route")] == ["RC428"] * len(wrong)


CLEARANCES = {
    ("> 60", "60"): (">60 mL/min", "above 60 mL/min", "more than 60 mL/min", "greater than 60 mL/min"),
    ("<= 60", "60"): (
        "<=60 mL/min",
        "60 mL/min or below",
        "60 mL/min or less",
        "less than or equal to 60 mL/min",
        "not more than 60 mL/min",
    ),
    (">= 60", "60"): ("at least 60 mL/min", "60 mL/min and above", "greater than or equal to 60 mL/min"),
    ("< 60", "60"): ("under 60 mL/min", "below 60 mL/min", "less than 60 mL/min"),
}


def test_a_condition_on_the_clearance_is_read_in_words_and_never_the_other_way_round() -> None:
    for (said, number), texts in CLEARANCES.items():
        for text in texts:
            (bound,) = read_condition(text, "creatinine_clearance").bounds
            assert (text, bound.comparator, str(bound.quantity)) == (text, said.split()[0], f"{number} mL/min")
    for text in ("≤ 30 (not on dialysis)", "over 60 years", "> 60 mL/min/1.73m2", "60 m", "> 60", "over 60"):
        with pytest.raises(InputError, match="write one as <= 60 mL/min or as > 60 mL/min"):
            read_condition(text, "creatinine_clearance")


def test_bands_values_and_times_of_a_record_are_read_and_their_doubtful_neighbours_are_not() -> None:
    bands = ("between 76 and 84 kg", "76 ≤ wt < 84 kg", "76-84 kg (167-185 lb)", "80 KG", "~80 kg")
    rows = [{**DRIP, "dose_rate_per_kg": "0.1 mcg/kg/min", "weight": each} for each in (*bands, "76-84 kg (76-84 lb)")]
    assert [each for each in judged(rows) if each[0] == "RC109"] == [("RC109", f"/orders/{len(bands)}/weight")]
    for text in ("220 10^3/uL", "220 10*9/L", "220 E9/L", "220 bil/L"):
        assert str(read_state("platelets", text)) == "220 x10^9/L"
    assert [str(read_state("inr", each)) for each in ("1.0 ratio", "1.7 (ref 0.9-1.1)")] == ["1", "1.7"]
    assert [read_thrombolysis(each).given for each in ("No tPA", "tenecteplase -30 h", "30 h ago")] == [
        False,
        True,
        True,
    ]
    patients: dict[str, str] = {"creatinine_clearance": "> 60 mL/min", "hemoglobin": "9.8 g/dL", "inr": "pending"}
    drip = {**DRIP, "dose_rate_per_kg": "0.1 mcg/kg/min"}
    assert [each for each in judged([drip], patient=patients) if each[0] < "RC4"] == []
    for wrong in ("< 60 mL/min", "normal", "> 60 mL/min/1.73m2"):
        found = judged([drip], patient={"creatinine_clearance": wrong})
        assert [each for each in found if each[1].endswith("clearance")] != []


CLOCKS = (
    *("2026-03-01T14:10:00Z", "2026-03-01T15:10:00+01:00", "2026-03-01 14:10:00.000", "01.03.2026 14:10", "1410"),
    *("2:10 PM", "14h10", "14:10 Uhr"),
)


def test_a_time_of_a_database_is_the_time_that_it_says() -> None:
    drip = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}
    load = {"drug": "clopidogrel", "route": "PO", "dose": "300 mg"}
    for each in CLOCKS:
        found = judged([{**drip, "start": "2026-03-01 14:10", "stop": "2026-03-02 14:10"}, {**load, "start": each}])
        assert [pointer for code, pointer in found if code == "RC109"] == [], each
    refused = ("03/01/2026 14:10", "44 h", "after CT", "tomorrow 0900", "13:10 PM", "2475")
    orders = [{**load, "start": each, "choose_one": "one"} for each in refused]
    assert [each for each in judged(orders) if each[0] == "RC109"] == [
        ("RC109", f"/orders/{place}/start") for place in range(len(refused))
    ]
    text = json.dumps({"order_set": "Ward", "orders": [{**load, "start": "44 h"}]})
    assert "write +44 h or -44 h, or a time as 14:10" in invoke("check", "-", "--format", "json", stdin=text).stdout
    famotidine = {"drug": "famotidine", "route": "IV", "dose": "20 mg", "start": "2026-03-01 14:00"}
    assert judged([famotidine]) == []


STOPS = ("Thrombozyten < 100/nl", "Blutung", "plaquettes < 100 G/L", "hémorragie", "Thrombozytenabfall > 50 %")
NO_STOPS = ("keine Blutung", "klinische Kontrolle", "pas de saignement")
AGAIN = ("daily while on infusion", "Q12H while on drip", "every 12 h until infusion stops", "daily for 3 days")
ACTS = ("daily, then double the rate", "repeat bolus daily", "run at 1 mcg/kg/min")
FOREIGN_COUNTS = (("NFS plaquettes", "H0, H2, H6, H24"), ("Haematology", "baseline, q6h"), ("Thrombos", "4 h, daily"))


def test_stops_and_checks_of_other_languages_are_read_and_a_check_that_comes_again_is_no_dose() -> None:
    drip = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}

    def codes(**more: Any) -> set[str]:
        text = json.dumps({"order_set": "Ward", "orders": [drip], **more})
        return {each["code"] for each in invoke("check", "-", "--format", "json", stdin=text).json["findings"]}

    assert [each for each in STOPS if "RC706" in codes(stop_if=[each])] == []
    assert [each for each in NO_STOPS if "RC706" not in codes(stop_if=[each])] == []
    assert "RC715" in codes(stop_if=["Thrombozyten < 50/nl"])
    then = [{"check": "CBC", "at": "baseline, 4 h, daily", "then": each} for each in (*AGAIN, *ACTS)]
    assert [pointer for code, pointer in judged([drip], monitoring=then) if code in {"RC636", "RC308"}] == [
        f"/monitoring/{place}/then" for place in range(len(AGAIN), len(then))
    ]
    assert [
        each for each in FOREIGN_COUNTS if "RC705" in codes(monitoring=[dict(zip(("check", "at"), each, strict=True))])
    ] == []
    assert "RC705" in codes(monitoring=[{"check": "heme panel", "at": "baseline, Q60"}])


NAMED = (
    *("tirofiban in 0.9% sodium chloride", "Tirofiban-HCl", "Tirofiban - maintenance", "Tirofiban Perfusor"),
    *(
        "tirofiban gtt",
        "chlorhydrate de tirofiban",
        "Tirofibanhydrochlorid",
        "tirofiban-0.9% sodium chloride 12.5 mg/250 mL",
    ),
)
SUPPLIED = (
    *("250 mL bag 50 mcg/mL", "12.5 mg ad 250 mL", "Aggrastat 0,05 mg/ml Infusionslösung", "12.5 MG/250 ML IV SOLN"),
    "tirofiban 50 mcg/mL (250 mL)",
)


def test_a_drug_is_known_by_its_salt_its_carrier_and_its_form_and_its_product_says_its_strength() -> None:
    rate = {"route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min", "choose_one": "one"}
    fields = [{**rate, "drug": each, "concentration": "50 mcg/mL"} for each in NAMED[:-1]]
    fields += [{**rate, "drug": "tirofiban", "product": each} for each in SUPPLIED]
    for pumped, expected in (("9.6 mL/h", []), ("96 mL/h", ["RC304"] * len(fields))):
        found = judged([{**each, "pump_rate": pumped} for each in fields], patient={"weight": "80 kg"})
        assert [code for code, _ in found if code in {"RC112", "RC702", "RC304", "RC712"}] == expected
    named = [{"drug": each, "route": "PO", "frequency": "daily"} for each in ("aspirin 81 mg", "aspirin 810 mg")]
    assert judged([{**each, "choose_one": "one"} for each in named]) == [("RC626", "/orders/1/dose")]


PIECES_AND_REST = (
    *(("examplin", "PO", each) for each in ("1/2 tab", "½ tablet", "1.5 tabs", "1 packet", "1 each", "5-10 mL")),
    *(("examplin", "PO", each) for each in ("per protocol", "as directed", "2 gtt")),
    *(("hepatitis B vaccine", "IM", "1 mL"), ("insulin aspart", "SC", "0-12 units")),
)
NO_PIECES = (("clopidogrel", "PO", "1 packet"), ("clopidogrel", "PO", "per protocol"), ("examplin", "IV", "1 mL"))


def test_pieces_and_scales_are_notes_of_a_drug_without_held_doses_alone() -> None:
    orders = [{"drug": drug, "route": route, "dose": dose} for drug, route, dose in (*PIECES_AND_REST, *NO_PIECES)]
    found = [pointer for code, pointer in judged(orders) if code in {"RC201", "RC202"}]
    assert found == [f"/orders/{len(PIECES_AND_REST) + place}/dose" for place in range(len(NO_PIECES))]


def test_a_factor_per_kg_and_a_titration_down_to_nothing_are_read_and_the_tenfold_factor_is_found() -> None:
    drip = {**DRIP, "dose_rate_per_kg": "0.1 mcg/kg/min", "concentration": "50 mcg/mL"}
    bolus = {
        "drug": "tirofiban",
        "route": "IV",
        "kind": "bolus",
        "dose_per_kg": "10 mcg/kg",
        "concentration": "250 mcg/mL",
    }
    for factor, expected in ((("0.12 mL/kg/h", "0.04 mL/kg"), []), (("1.2 mL/kg/h", "0.4 mL/kg"), ["RC301", "RC303"])):
        orders = [{**drip, "pump_rate": factor[0]}, {**bolus, "volume": factor[1]}]
        found = judged(orders, patient={"weight": "80 kg"})
        assert sorted(code for code, _ in found if code < "RC4") == expected
    steps: Any = {"start": "2 mUnits/min", "every": "q15min", "min": "0 mUnits/min", "max": "20 mUnits/min"}
    oxytocin: dict[str, Any] = {"drug": "oxytocin", "route": "IV", "kind": "infusion", "dose_rate": "2 mUnits/min"}
    norepinephrine = {"drug": "norepinephrine", "route": "IV", "kind": "infusion", "dose_rate": "0-30 mcg/min"}
    assert judged([{**oxytocin, "titrate": steps}, norepinephrine]) == []
    wrong: list[dict[str, Any]] = [
        {**oxytocin, "titrate": {**steps, "start": "40 mUnits/min"}},
        {**DRIP, "dose_rate_per_kg": "0-0.1 mcg/kg/min"},
    ]
    assert [code for code, _ in judged(wrong) if code < "RC4"] == ["RC315", "RC202"]


PATIENTS = (
    *({"inr": "< 1.2"}, {"inr": "1.1 (02:00)"}, {"blood_pressure": "BP 140/80"}, {"blood_pressure": "140/80 (97)"}),
    *(
        {"platelets": "220.000 /\u00b5l"},
        {"platelets": "220 Gpt/l"},
        {"platelets": "220 (06:00)"},
        {"dialysis": "No HD"},
    ),
    *(
        {"haemoglobin": "9.8 g/dl"},
        {"anticoagulant": "unknown"},
        {"cyp2c19": "not tested"},
        {"thrombolysis": "unknown"},
    ),
    *({"prior_thrombocytopenia": "never"}, {"age": "60", "sex": "f", "nihss": "12", "allergies": "NKDA"}),
    {"creatinine": "1.1 mg/dL", "creatinine_clearance": "90 mL/min"},
)
WRONG_PATIENTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"inr": "3.5 (02:00)"}, "RC651 inr"),
    ({"blood_pressure": "BP 200/110 (140)"}, "RC652 blood_pressure"),
    ({"platelets": "90.000/\u00b5l"}, "RC650 platelets"),
    ({"anticoagulant": "apixaban, last dose 12 h ago"}, "RC656 anticoagulant"),
    ({"prior_thrombocytopenia": "HIT"}, "RC109 prior_thrombocytopenia"),
    ({"thrombolysis": "within 24 h"}, "RC109 thrombolysis"),
    ({"thrombolysis": "2026-05-01 10:00"}, "RC610 thrombolysis"),
    ({"thrombolysis": "tPA given"}, "RC610 thrombolysis"),
    ({"allergies": "aspirin"}, "RC104 allergies"),
    ({"ideal_weight": "60 kg"}, "RC104 ideal_weight"),
    ({"creatinine": "3 mg/dL"}, "RC104 creatinine"),
)


def test_what_a_record_says_of_a_patient_is_read_noted_or_refused_with_what_to_write() -> None:
    drip = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}
    dated = {**drip, "start": "2026-05-01 14:00", "run_time": "24 h"}

    def of_patient(patient: dict[str, str]) -> list[Finding]:
        made = {"order_set": "Ward", "author": "X", "patient": patient, "orders": [{**dated, "priority": "STAT"}]}
        found: list[Finding] = invoke("check", "-", "--format", "json", stdin=json.dumps(made)).json["findings"]
        return [each for each in found if each["severity"] != "note" and each["pointer"].startswith("/patient")]

    assert [each for each in PATIENTS if of_patient(each)] == []
    found = [of_patient(each) for each, _ in WRONG_PATIENTS]
    assert [[f"{one['code']} {one['pointer'][9:]}" for one in each] for each in found] == [
        [each] for _, each in WRONG_PATIENTS
    ]
    messages = {each["pointer"]: each["message"] for one in found for each in one}
    assert messages["/patient/ideal_weight"].endswith("was not judged")
    assert found[5][0]["message"].endswith("write none, given, or when, as -2 h")
    date = {"order_set": "Ward", "approved": "05/01/2026", "orders": [drip]}
    [approved] = [
        each
        for each in invoke("check", "-", "--format", "json", stdin=json.dumps(date)).json["findings"]
        if each["pointer"] == "/approved"
    ]
    assert approved["expected"] is None


RATES_IN_WORDS = (
    *("between 0.1 and 0.15 mcg/kg/min", "fixed 0.1 mcg/kg/min", "= 0.1 mcg/kg/min", "0.1 gamma/kg/min"),
    "0.1 mcg/kg-min",
)
TIMES_IN_WORDS = ("about 24 h", "24 (hours)", "ca. 24 h")


def test_a_quantity_among_words_that_change_nothing_of_it_is_read_and_its_tenfold_found() -> None:
    drip = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "run_time": "24 h", "choose_one": "one"}
    right = [{**drip, "dose_rate_per_kg": each} for each in RATES_IN_WORDS]
    right += [{**drip, "dose_rate_per_kg": "0.1 mcg/kg/min", "run_time": each} for each in TIMES_IN_WORDS]
    wrong = [{**drip, "dose_rate_per_kg": each.replace("0.1 ", "1 ")} for each in RATES_IN_WORDS[1:]]
    wrong += [{**right[0], "run_time": each.replace("24", "240")} for each in TIMES_IN_WORDS]
    assert judged(right) == []
    assert [code for code, _ in judged(wrong)] == ["RC402"] * 4 + ["RC662"] * 3
    assert judged([{**drip, "dose_rate_per_kg": "0.1 mcg/kg/min", "run_time": "at least 12 h"}])[0][0] == "RC201"


CLEARANCES_IN_WORDS = {
    **dict.fromkeys(("CrCl > 60 mL/min", "\u00fcber 60 ml/min", "beyond 60 mL/min"), ">"),
    **dict.fromkeys(
        ("\u2264 60 mL/min (not on dialysis)", "60 mL/min or less, including dialysis", "bis 60 ml/min"), "<="
    ),
}
BANDS_IN_WORDS = {"bis 84 kg": ["<="], "\u00fcber 76 kg": [">"], "ab 76 kg": [">="], "60 kg bis 84 kg": [">=", "<="]}


def test_a_condition_and_a_band_in_words_have_the_sign_of_their_words() -> None:
    read = {each: read_condition(each, "creatinine_clearance").bounds[0].comparator for each in CLEARANCES_IN_WORDS}
    assert read == CLEARANCES_IN_WORDS
    assert {
        each: [bound.comparator for bound in read_open(each, DosingWeight)] for each in BANDS_IN_WORDS
    } == BANDS_IN_WORDS
    assert str(read_band("76 bis 84 kg", DosingWeight, "weight").high) == "84 kg"
    answers = {"no thrombolysis": False, "if no tPA": False, "if given": True}
    assert {each: read_condition(each, "thrombolysis").given for each in answers} == answers
    shown = {"keine Blutung": True, "pas d'h\u00e9morragie": True, "Hirnblutung": False}
    assert {each: read_condition(each, "imaging").given for each in shown} == shown
    for text, name in (("> 60", "creatinine_clearance"), ("none or > 24 h", "thrombolysis"), ("stable CT", "imaging")):
        with pytest.raises(InputError):
            read_condition(text, name)


def test_a_start_and_a_titration_are_read_as_records_write_them() -> None:
    aspirin = {"drug": "aspirin", "route": "PO", "dose": "81 mg", "frequency": "daily", "choose_one": "one"}
    starts = ("05/20/2026 10:00", "1 Mar 2026 14:10", "20260301141000", "H+20", "T+24", "now", "STAT")
    assert judged([{**aspirin, "start": each} for each in starts]) == []
    ambiguous = {**aspirin, "start": "05/02/2026 10:00"}
    assert judged([ambiguous, {**ambiguous, "drug": "famotidine", "dose": "20 mg"}]) == [("RC109", "/orders/0/start")]
    drip = {"drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.1 mcg/kg/min"}
    late = [{**drip, "run_time": "24 h", "start": "H+0"}, {**aspirin, "start": "H+30"}]
    assert [code for code, _ in judged(late)] == [
        code for code, _ in judged([{**late[0], "start": "+0 h"}, {**late[1], "start": "+30 h"}])
    ]
    titrated: dict[str, Any] = {"drug": "nicardipine", "route": "IV", "kind": "infusion", "dose_rate": "5-15 mg/h"}
    steps = ({"step": "by 2.5 mg/h"}, {"step": "+/- 2.5 mg/h"}, {"step": "2.5 mg/h up"}, {"start": "0 mg/h"})
    every = ({"every": "no faster than 15 min"},)
    orders = [{**titrated, "choose_one": "one", "titrate": each} for each in (*steps, *every, {"step": "double"})]
    found = [each for each in judged(orders) if each[0] != "RC711"]
    assert found == [("RC201", f"/orders/{len(orders) - 1}/titrate/step")]
