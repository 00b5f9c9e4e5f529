"""Designations of the lists of ISMP and the Joint Commission are found, and what only looks like one is not."""

from __future__ import annotations

import json

import pytest

from tests.support import invoke

FOUND = {
    "RC210": ("800 \u00b5g", "0.15 \u03bcg/kg/min", "5 \u00b5L", "dose in \u00b5g"),
    "RC211": (".5 mg", "(.5 mg)", "0.1-.15 mcg/kg/min", "over .5 h", "titrate to .5", "cut to .25, then stop"),
    "RC212": (
        *("5.0 mg", "1.0 mcg/kg", "10.0 mL/h", "12.50 mg", "0.150 mcg/kg/min", "5.0 units", "(5.0 mg)", "5.0mg"),
        *("over 5.0 min", "1.0 h", "2.0 milligrams", "0.10-0.15 mcg/kg/min", "0.1-0.150 mcg/kg/min", "1.0 to 2 mg"),
    ),
    "RC213": ("16 cc", "16cc", "16 CC", "5 cc/h", "5 c.c.", "250cc bag"),
    "RC214": ("5 U", "5000U", "5,000 u", "10 IU", "18 U/kg/h", "4 i.u.", "5 U."),
    "RC215": ("10mg", "0.15mcg/kg/min", "5-10mg", "10 mg/5mL", "tirofiban800 mcg", "aspirin325 mg"),
    "RC216": ("100000 units", "25000 units in 250 mL", "100000/mcL", "90000 per mcL", "platelets below 100000"),
    "RC217": (
        *("QD", "q.d.", "Q.D.", "qd", "QOD", "q.o.d.", "O.D.", "OD", "od", "o.d.", "q1d", "i/d", "HS", "h.s.", "qhs"),
        *("q.h.s.", "qn", "q6PM", "q 6 pm", "BIW", "tiw", "UD", "ut dict", "81 mg (qd)"),
    ),
    "RC218": ("D/C", "d/c after 24 h", "D/C'd"),
    "RC219": ("> 60 mL/min", "CrCl<60", "if CrCl >=60", "SBP > 180"),
    "RC220": ("x3d", "x 3 d", "\u00d73d"),
    "RC221": ("ASA 325 mg", "tPA", "rt-PA", "t-PA", "TNK", "MSO4", "MgSO4", "MS 2 mg", "HCTZ", "NOAC", "nitro drip"),
    "RC224": ("SQ", "SC injection", "sub q", "s.c.", "per os"),
    "RC225": (
        *("run @ 14.4 mL/h", "q6\u00b0", "5K units", "platelets 100K", "1 M units", "\u2191 the rate", "BP \u2193"),
        "10 mg. daily",
    ),
    "RC226": ("16 ml", "16ml/h", "2 l/min", "5 ng/kg/min", "20 ng"),
}
SILENT = (
    *("platelets below 90 x10^9/L", "x10^9/L", "0.15 mcg/kg/min", "9 mcg/kg/h", "CO2", "IV", "IA", "QT 450 ms", "QTc"),
    *("D5W 250 mL", "5-HT3 antagonist", "Vitamin D", "AHA/ASA guideline", "ASA class III", "P2Y12", "GP IIb/IIIa"),
    *("version 5.0", "v2.0", "section 5.0", "step 1.0", "phone 555-1234", "pager 12345", "call 0123 456789"),
    *("over 5 min", "approved 2026-03-01", "in 2026", "room 10250", "MRN 1234567", "10,000 units", "9999 units"),
    *("12.5 mg", "10.5 mL/h", "0.15 mg", "100,000/mcL", "U-100 insulin", "U.S. label", "U of X", "COD", "BOD", "PODS"),
    *("24 h", "24h", "+20 h", "at +20 h", "mTICI 2b", "mRS 0-2", "M1 occlusion", "M2 segment", "SBP 140 to 180 mmHg"),
    *("180/105 mmHg", "K 4.5 mmol/L", "K+ 4 mmol/L", "80 Kg", "15 ML", "38 \u00b0C", "head of bed 30\u00b0", "1:1000"),
    *("hs-CRP", "hs troponin", "hs-cTnT", "HS-12", "SC-12", "TIW-7", "5.0 F catheter", "stent 4.0 x 20 mm"),
    *("Hb 10.0 g/dL", "glucose 10.0 mmol/L", "creatinine 1.0 mg/dL", "INR 1.0", "pH 7.40", "troponin 14 ng/L"),
    *("doi 10.1161/STROKEAHA.120.029994", "https://example.org/a?x=1.0mg", "stroke@1b.example.org", "ICU@3", "Q&A"),
    *("MS patient", "multiple sclerosis (MS)", "EXTEND-IA TNK trial", "TNK-tPA trial", "tirofiban HCl", "Hct", "HCT"),
    *("RESCUE BT", "every 15 min"),
    *("q15min", "q 6 h", "BID", "TID", "qid", "daily", "nightly", "twice daily", "once daily"),
    *("->", "-> 60"),
    *("=> 5 mL", "4->5", "a < b", "cc pharmacy", "cc: ward", "Dr. D. C. Smith", "Washington DC", "AC/DC"),
    *("x3", "x 3 doses"),
    *("x3 days", "2x daily", "CT x-ray", "3D CT", "1st", "2nd bag", "3rd", "24/7", "50/50", "per oscar"),
    *("0.9 % NaCl", "5 % glucose", "10 mM", "5 MHz", "2 L", "250 mL", "1 g", "give 5 mg. Then stop", "SUBQ", "subcut"),
)  # fmt: skip


def told(text: str, field: str = "text") -> list[str]:
    order = json.dumps({"drug": "tirofiban", "route": "IV", field: text})
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--select", "RC2", "--format", "json", stdin=order)
    # A text alone may leave its dose unjudged, which no selection hides.
    return [each["code"] for each in outcome.json["findings"] if each["code"] != "RC712"]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, each in FOUND.items() for text in each])
def test_an_error_prone_designation_is_found(code: str, text: str) -> None:
    assert code in told(text)


@pytest.mark.parametrize("text", SILENT)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "found"), [("12.5mg/250mL", []), ("12.50mg/250mL", ["RC212"]), ("5.0mg/L", ["RC212"])]
)
def test_a_strength_without_spaces_ends_its_first_number_at_the_bar(text: str, found: list[str]) -> None:
    assert told(text, "concentration") == found


@pytest.mark.parametrize("field", ["id", "choose_one"])
def test_a_name_for_machines_is_no_text_for_people(field: str) -> None:
    every = " ".join(text for each in FOUND.values() for text in each)
    assert told(every[:9_000], field) == []
