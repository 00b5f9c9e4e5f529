"""Orders that state no concentration, texts and initial values against a pump library: wrong ones, and right ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.support import invoke

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS: Final = (
    "care_area,drug,amount,volume,dose_unit,soft_min,initial,soft_max,hard_max,bolus_unit,bolus_initial,bolus_hard_max,"
    "bolus_rate_unit,bolus_rate_initial,bolus_rate_hard_max"
)
ENTRIES: Final = (
    "NICU,norepinephrine,4 mg,250 mL,mcg/kg/min,0.02,0.05,0.4,0.49,,,,,,",
    "NICU,nicardipine,25 mg,250 mL,mg/h,1,5,15,20,,,,,,",
    "NICU,alteplase,100 mg,100 mL,mg/kg/h,0.7,,0.82,0.9,,,,,,",
    "NICU,esmolol,2500 mg,250 mL,mcg/kg/min,25,50,200,300,mcg/kg,500,600,mL/h,240,999",
    "NICU,labetalol,500 mg,250 mL,mg/h,10,30,120,180,mg,200,300,mL/h,999,999",
    "NICU,dopamine,400 mg,250 mL,mcg/kg/min,1,5,15,20,,,,,,",
    "NICU,dopamine,800 mg,250 mL,mcg/kg/min,1,5,15,20,,,,,,",
)
DRIP: Final = {"kind": "infusion"}
NE: Final = {"drug": "norepinephrine", "dose_rate_per_kg": "0.05 mcg/kg/min"}
NI: Final = {"drug": "nicardipine", "dose_rate": "5 mg/h"}
AL: Final = {"drug": "alteplase", "dose_rate_per_kg": "0.81 mg/kg/h"}
DO: Final = {"drug": "dopamine", "dose_rate_per_kg": "5 mcg/kg/min"}
ES: Final = {"drug": "esmolol", "dose_rate_per_kg": "50 mcg/kg/min"}
BOLUS: Final = {"drug": "esmolol", "kind": "bolus", "dose_per_kg": "500 mcg/kg", "pump_rate": "240 mL/h"}

ORDERS: Final[tuple[tuple[dict[str, str], list[str]], ...]] = (
    # the strength of the only entry, or of the only one that fits
    ({**NE, "pump_rate": "15 mL/h"}, []),
    ({**NE, "pump_rate": "150 mL/h"}, ["RC304 pump_rate 15 mL/h"]),
    ({**NE, "text": "at 15 mL/h"}, []),
    ({**NE, "text": "at 500 mL/h"}, ["RC308 text 15 mL/h"]),
    ({"drug": "norepinephrine", "pump_rate": "15 mL/h"}, []),
    ({"drug": "norepinephrine", "pump_rate": "900 mL/h"}, ["RC804 pump_rate"]),
    ({**NE, "volume": "900 mL", "run_time": "1 h"}, ["RC302 volume 15 mL"]),
    ({**NI, "pump_rate": "50 mL/h"}, []),
    ({**NI, "pump_rate": "500 mL/h"}, ["RC304 pump_rate 50 mL/h"]),
    ({**AL, "pump_rate": "64.8 mL/h"}, []),
    ({**AL, "pump_rate": "648 mL/h"}, ["RC304 pump_rate 64.8 mL/h"]),
    ({**DO, "pump_rate": "15 mL/h"}, []),
    ({**DO, "pump_rate": "7.5 mL/h"}, []),
    ({**DO, "pump_rate": "75 mL/h"}, ["RC304 pump_rate 15 mL/h"]),
    ({**DO, "text": "at 150 mL/h"}, ["RC308 text 15 mL/h"]),
    (DO, []),
    # a strength that no field states
    ({**NE, "pump_rate": "15 mL/h", "text": "4 mg in 250 mL"}, []),
    ({**NE, "pump_rate": "1.5 mL/h", "text": "40 mg/250 mL NS"}, ["RC802 text"]),
    ({**NE, "pump_rate": "15 mL/h", "dose": "4 mg", "volume": "250 mL"}, []),
    ({**NE, "pump_rate": "1.5 mL/h", "dose": "40 mg", "volume": "250 mL"}, ["RC802 volume"]),
    ({**NI, "pump_rate": "50 mL/h", "dose": "25 mg", "diluted_in": "240 mL NS"}, []),
    ({**NE, "pump_rate": "30 mL/h", "dose": "4 mg", "diluted_in": "500 mL NS"}, ["RC802 diluted_in"]),
    ({**NE, "pump_rate": "15 mL/h", "text": "dilute 4 mg/4 mL vial in 246 mL NS"}, []),
    # what a text gives beside its order's dose
    ({**NE, "text": "titrate by 0.02 up to 0.49 mcg/kg/min"}, []),
    ({**NE, "text": "titrate by 0.02 up to 5 mcg/kg/min"}, ["RC804 text"]),
    ({**NE, "text": "after 1 h increase to 5 mcg/kg/min"}, ["RC804 text"]),
    ({"drug": "norepinephrine", "text": "titrate 0.05-5 mcg/kg/min"}, ["RC804 text"]),
    ({"drug": "norepinephrine", "text": "titrate 0.05-0.4 mcg/kg/min"}, []),
    ({**ES, "text": "bolus 500 mcg/kg over 1 min, then infusion"}, []),
    ({**ES, "text": "bolus 5000 mcg/kg over 1 min, then infusion"}, ["RC807 text"]),
    ({**ES, "text": "bolus 5000 mcg/kg IV push by syringe, then infusion"}, []),
    # initial values of a bolus and of its rate
    (BOLUS, []),
    ({**BOLUS, "dose_per_kg": "50 mcg/kg"}, ["RC813 dose_per_kg"]),
    ({**BOLUS, "pump_rate": "900 mL/h"}, ["RC813 pump_rate"]),
)


def test_what_an_order_leaves_to_the_entry_is_judged_by_it(tmp_path: Path) -> None:
    library = tmp_path / "library.csv"
    library.write_text("\n".join((HEADINGS, *ENTRIES, "")), "utf-8")
    lines = [
        json.dumps({"order_set": "Set", "patient": {"weight": "80 kg"}, "orders": [{"route": "IV", **DRIP, **order}]})
        for order, _ in ORDERS
    ]
    outcome = invoke(
        *("check", "-", "--stdin-filename", "sets.jsonl", "--isolated", "--library", str(library), "--format", "json"),
        stdin="\n".join(lines),
    )
    found: dict[int, list[str]] = {}
    for each in outcome.json["findings"]:
        if each["severity"] != "note":
            words = (each["code"], each["pointer"].rpartition("/")[2], each["expected"] or "")
            found.setdefault(int(each["line"]), []).append(" ".join(words).strip())
    told: list[Any] = [(order, found.get(line, [])) for line, (order, _) in enumerate(ORDERS, start=1)]
    assert told == [(order, right) for order, right in ORDERS]


NAMES: Final[tuple[tuple[str, str, list[str]], ...]] = (
    ("nicardipine 0.1 mg/mL", "", []),
    ("nicardipine 50 mg/250 mL", "", ["RC855 drug"]),
    ("nicardipine", "50 mg/250 mL", ["RC855 therapy"]),
    ("nicardipine", "mg/h", []),
    ("nicardipine", "non weight-based mcg/min", ["RC851 therapy"]),
    ("nicardipine", "up to 15 mg/h", []),
    ("ncardipine", "", ["RC835 drug"]),
    ("Nicardipin", "", []),
    ("HEPARIN", "", ["RC835 drug"]),
    ("Cardene", "", []),
)


def test_a_name_that_says_otherwise_than_its_row_is_an_error(tmp_path: Path) -> None:
    named = '[library]\nname = "L"\nfile = "library.csv"\n[drugs]\n"HEPARIN" = {drug = "nicardipine"}\n'
    (tmp_path / "library.toml").write_text(named, "utf-8")
    found = []
    for name, therapy, _ in NAMES:
        rows = [f"{name},{therapy},25 mg,250 mL,mg/h,1,5,15,40"]
        rows += ["HEPARIN,,25 mg,250 mL,mg/h,1,5,15,40"] if name != "HEPARIN" else []
        headings = "drug,therapy,amount,volume,dose_unit,soft_min,initial,soft_max,hard_max"
        (tmp_path / "library.csv").write_text("\n".join((headings, *rows, "")), "utf-8")
        made = invoke("library", "check", str(tmp_path / "library.toml"), "--format", "json").json["findings"]
        told = [each for each in made if each["severity"] == "error" and each["pointer"].startswith("/entries/0")]
        found.append((name, therapy, [f"{each['code']} {each['pointer'].rpartition('/')[2]}" for each in told]))
    assert found == [(name, therapy, right) for name, therapy, right in NAMES]
