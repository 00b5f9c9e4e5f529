"""However a number is written in a text, and whatever multiplies it: a dose is judged, or told as not judged.

Each text stands beside an order whose fields are sound, or is the whole of what an order says.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from rescuecalc.core.orders.plain_numbers import plain_text
from tests.support import invoke

DRIP: Final = {
    "drug": "tirofiban", "route": "IV", "kind": "infusion", "dose_rate_per_kg": "0.15 mcg/kg/min",
    "concentration": "50 mcg/mL", "pump_rate": "14.4 mL/h", "start": "+0 h", "run_time": "24 h",
}  # fmt: skip
BOLUS: Final = {
    "drug": "tirofiban", "route": "IV", "kind": "bolus", "dose_per_kg": "10 mcg/kg", "dose": "800 mcg",
    "volume": "16 mL", "concentration": "50 mcg/mL", "give_over": "3 min",
}  # fmt: skip
PUSH: Final = {"drug": "tirofiban", "route": "IV", "kind": "bolus"}
RUN: Final = {"drug": "tirofiban", "route": "IV", "kind": "infusion"}
DOUBLE: Final = {"drug": "eptifibatide", "route": "IV", "kind": "bolus"}
TABLET: Final = {"drug": "clopidogrel", "route": "PO", "kind": "dose"}
LOAD: Final = {**TABLET, "dose": "300 mg", "frequency": "once"}
DAILY: Final = {**TABLET, "dose": "75 mg", "frequency": "daily"}
ASPIRIN: Final = {"drug": "aspirin", "route": "PO", "kind": "dose", "dose": "325 mg", "frequency": "once"}
ASPIRIN_ALONE: Final = {"drug": "aspirin", "route": "PO", "kind": "dose"}
HEPARIN: Final = {
    "drug": "heparin", "route": "IV", "kind": "infusion", "dose_rate": "1000 units/h", "concentration": "100 units/mL",
    "pump_rate": "10 mL/h",
}  # fmt: skip

WRONG: Final = (
    (BOLUS, (
        *("give 8 000 mcg", "give 8'000 mcg", "give 8\u202f000 mcg", "give 8\u2009000 mcg"),
        *("8\u2019000 mcg IV push", "give 8E3 mcg", "give 8e+3 mcg", "8x10^3 mcg", "8 x 10^3 mcg IV"),
        *("8\u00d710\u00b3 mcg", "8*10^3 mcg", "give 8\u00bd mg", "give 1\u00bd mg", "give 3/2 mg"),
        *("give 16/2 mg", "give 1 1/2 mg", "give \u0668 mg", "give \uff18 mg", "give 8\uff0e0 mg"),
        *("eight mg IV push", "give eight mg", "ten milligrams IV", "give eighty mg", "twenty-five mg"),
        *("one hundred mcg/kg", "mg: 8", "mg = 8", "mcg/kg: 100", "dose (mg): 8", "dose in mg 8"),
        *("Dose mg 8 IV", "8 thousand mcg", "8K mcg", "8 million ng", "give .8e1 mg", "8,0 mg"),
        *("8\u00b70 mg", "give 8 mgs", "8 milligrammes", "8mgm", "8 mgm", "give 8 Mg"),
        *("give \u2154 mg \u00d7 12", "half a dozen mg", "8-mg", "8\u2013mg push", "give 8_mg", "8/1 mg"),
        *("10 x 800 mcg", "give 800 mcg x 10", "repeat x 10", "repeat x10", "repeat ten times"),
        *("repeat 10 times", "three vials of 3.75 mg", "3 vials of 3.75 mg", "push two 12.5 mg vials"),
        *("2 x 12.5 mg vials push", "x3 doses", "800 mcg x3 doses", "give 10 doses", "10 doses of 800 mcg"),
        *("give 800 mcg every 5 min x 10", "give 800 mcg q5min", "32 mL of the vial"),
        *("give 32 mL of the vial", "inject 50 mL of the vial", "800 mcg ten times", "ten times 800 mcg"),
        *("800 mcg tenfold", "double the dose", "triple dose", "twice the dose", "repeat every minute"),
        *("repeat until recanalised", "800 mcg times 10", "800 mcg \u00d7 10", "give dose x10"),
        *("dose \u00d710", "10 boluses", "ten boluses", "800 mcg per minute for 10 min"),
        *("5 ampoules of 12.5 mg", "vials: 3", "give the vial", "give 1 vial", "use 3 vials"),
        *("1 vial IV push", "entire bag", "half a vial IV push", "half the bag", "two bags push"),
        *("2 x 12.5 mg bags", "give 2 x 12.5 mg bags", "0.8-8 mg", "0.8 to 8 mg IV", "dispense 8 mg"),
        *("dispense 8 mg and push", "dispense and give 8 mg", "after aspirin push 8 mg"),
        *("after aspirin, push 8 mg", "after aspirin 300 mg push 8 mg", "with heparin running push 8 mg"),
        *("total daily 8 mg", "480 gtt/min", "discard 2 mL then give 8 mg", "not more than 8 mg"),
        *("bag: push 8 mg", "left arm 8 mg", "8 mg left arm", "8 mg total", "8 mg daily"),
        *("platelets 200; 8 mg", "output: 8 mg", "total 8 mg IV push", "per day 8 mg bolus"),
        *("home dose 8 mg give", "target: 8 mg", "8 mg", "8 mg stat", "previous dose 8 mg repeat"),
        *("8 mg as with alteplase", "hold heparin, 8 mg IV push", "before alteplase push 8 mg"),
        *("8 mg after alteplase", "give with aspirin: 8 mg tirofiban", "waste none give 8 mg"),
        *("remaining 8 mg push", "supply 8 mg push now", "hang and push 8 mg", "stock vial 8 mg IV push now"),
        *("not 0.8 mg but 8 mg", "do not give 0.8 mg; 8 mg", "never 0.8 mg, give 8 mg", "round to 8 mg"),
        *("nearest 8 mg",),
    )),
    (DRIP, (
        *("mcg/kg/min: 1.5", "mL/h = 144", "mL/hr 144", "mL/h: 144", "1\u00bd mcg/kg/min", "3/2 mcg/kg/min"),
        *("1 500 mcg/h", "rate 144 ml per hr", "rate (mL/h): 144", "144 mL/1h", "144 mL q1h"),
        *("144 mL every hour", "one point five mcg/kg/min", "1.5 \u00b5g/kg/min", "1.5 ug.kg-1.min-1"),
        *("1.5 mcg\u00b7kg\u207b\u00b9\u00b7min\u207b\u00b9", "1.5 mcg kg\u207b\u00b9 min\u207b\u00b9"),
        *("1\u066b5 mcg/kg/min", "15 x 10^-1 mcg/kg/min", "1.5e0 mcg/kg/min", "144 gtt/min", "480 gtt/min"),
        *("480 drops/min", "480 drops per minute", "144 mL hourly", "144 cc hourly"),
        *("2 x 12.5 mg bags over 1 h", "run at ten times", "10 x 0.15 mcg/kg/min", "0.15 mcg/kg/min x 10"),
        *("run at double rate", "rate x 10", "increase rate tenfold", "run at 10x", "then bolus x 10"),
        *("three bags over 1 h", "run the bag over 30 min", "whole bag in 1 h"),
        *("run 40 h after clopidogrel load", "continue 4 h after the bolus", "infuse from the 3.75 mg/15 mL vial"),
        *("Bolus, then infusion from the 3.75 mg/15 mL vial",),
        *("after heparin run 1.5 mcg/kg/min", "with saline run 144 mL/h", "line flush then 144 mL/h"),
        *("pump maximum 144 mL/h", "bag at 144 mL/h", "remaining at 144 mL/h", "add to line at 144 mL/h"),
        *("left arm 144 mL/h", "fluids off; 144 mL/h", "CrCl ok 144 mL/h", "renal function ok run 144 mL/h"),
    )),
    (TABLET, (
        *("take 40 tablets", "40 tab", "40 tabs 75 mg", "forty tablets", "take forty 75 mg tablets"),
        *("75 mg x 40", "40 x 75 mg", "take 40", "40 tbl", "take 12 x 75 mg tabs", "75 mg tablets, 40 now"),
        *("20 caps",),
    )),
    (LOAD, (
        *("take 40 tablets", "40 tab", "forty tablets", "40 x 75 mg", "75 mg x 40"),
        *("take 40 x 75 mg tablets", "give 3000 mg", "give three grams", "repeat x 10"),
    )),
    (PUSH, (
        *("0.8-8 mg", "0.8 to 8 mg IV", "10-100 mcg/kg", "0.8 - 8 mg", "0.8\u20138 mg push", "1-10 mg IV"),
        *("between 0.8 and 8 mg", "from 0.8 mg to 8 mg"),
    )),
    (RUN, (
        *("0.1-1.5 mcg/kg/min", "0.15 to 1.5 mcg/kg/min"),
    )),
    (BOLUS, (
        *("40,000 IU", "give 8.000,0 mcg", "8 mg.", "8mg", "8 mg/dose", "8 milligram", "give 8 MG"),
        *("8,000mcg", "8 000mcg", "8.10^3 mcg", "8*10**3 mcg", "8e3mcg", "8 x 1000 mcg", "8 \u00d7 1 mg"),
        *("1 mg \u00d7 8", "1 mg x8", "1mg x 8 doses", "1 mg, repeat 8 times", "give 1 mg eight times"),
        *("eight 1 mg boluses", "8 boluses of 1 mg", "1 mg boluses x 8", "mg 8", "8 [mg]", "[8 mg]"),
        *("8 (mg)", "(8) mg", "8, mg", "8: mg", "8 = mg", "8 to 9 mg", "about 8 mg", "\u22488 mg", "~8 mg"),
        *(">8 mg", "<8 mg", "=8 mg", "+8 mg", "-8 mg", "8+ mg", "8/mg", "8 mg!", "*8 mg*", "**8 mg**"),
        *("8 mg?", "\u00ab8 mg\u00bb", "\u200e8 mg", "8\u00a0mg", "8&nbsp;mg", "eight (8) mg"),
        *("8 (eight) mg", "8\nmg", "8 mcg x 1000", "0.008 g", "0.008 grams", "8000 micrograms"),
        *("8 million nanograms", "eightmg", "100 mcg per kg", "100 mcg / kg", "100mcg per kilo"),
        *("100 mcg/kilo", "100 mcg.kg-1", "100 mcg kg^-1", "100 mcg/kg body weight"),
        *("dose: eight thousand micrograms", "two 4 mg pushes", "4 mg twice", "4 mg bid", "4 mg + 4 mg"),
        *("4 mg and 4 mg", "0.8 mg every minute for 10 min", "0.8 mg/min for 10 min", "160 mL"),
        *("one hundred sixty mL", "160 mL of the bag", "160ml push", "160 cc", "bolus whole bag"),
        *("half bag push", "entire contents", "50 mL from vial", "administer 2 vials"),
        *("empty 2 vials IV push", "2 vials", "two vials IV"),
    )),
    (DRIP, (
        *("1440 mL/h", "144 mL in 1 h", "144 mL over 1 hour", "144 mL/60 min", "2.4 mL/min"),
        *("144 mL every hour", "run 144", "pump at 144", "rate 144", "144 ml/hour", "x10 rate"),
        *("ten-fold rate", "set pump to one hundred forty-four mL/h", "0.15 mg/kg/min", "9 mcg/kg/min"),
        *("9 mcg/kg/h x 10", "double rate x 1 h", "bag over 1 h", "run bag in 30 min", "250 mL over 1 h"),
        *("250 mL in 1 h", "bolus 250 mL", "whole bag now", "fifteen mcg/kg/min"),
        *("1.5 mcg per kilogram per minute", "1.5 mcg/min/kg", "1.5 ug/kg/mn", "1.5 gamma/kg/min"),
        *("48 gtts/min", "rate: wide-open", "run open", "as fast as it goes", "increase to 1.5 mcg/kg/min"),
        *("titrate to 1.5 mcg/kg/min", "may go to 1.5 mcg/kg/min", "target 1.5 mcg/kg/min"),
        *("was 1.5 mcg/kg/min", "up by 1.5 mcg/kg/min", "increase by 1.5 mcg/kg/min q5min"),
    )),
    (LOAD, (
        *("10 tabs", "ten tablets", "300 mg x10", "300 mg ten times a day", "300 mg q1h", "300 mg hourly"),
        *("600 mg twice", "3 g", "3000mg", "give 3,000 mg", "ten 300 mg tablets", "whole bottle"),
    )),
)  # fmt: skip

RIGHT: Final = (
    (DRIP, (
        *("Platelets 212 x 10^9/L, Hb 13.2 g/dL, creatinine 0.9 mg/dL on 2026-11-27 at 06:30",),
        *("Creatinine 80 umol/L, eGFR 78 mL/min/1.73 m2",),
        *("Order no. 4 711 000 placed 27 Nov 2026 14:05 by Dr. Smith, pager 5 4321",),
        *("Patient is a 67 year old man in room 12, bed 3, 80 kg", "Call MD if BP > 180/105 or HR < 50"),
        *("Call MD if systolic blood pressure above 180 mmHg for 5 min",),
        *("Check CBC and platelets at 6 h, 12 h and 24 h; call if below 100,000/mm3",),
        *("Neuro checks q15min x 2 h, then q30min x 6 h, then hourly x 16 h",),
        *("Vitals every 15 min x 4, then every 30 min x 2", "Repeat CT head at 24 h"),
        *("Repeat platelets in 6 h, then daily x 3 days", "troponin x 3, ECG x 2"),
        *("Start after groin closure, at +0 h; stop at +24 h", "Run at 14.4 mL/h = 0.15 mcg/kg/min x 80 kg"),
        *("0.15 mcg/kg/min x 80 kg x 60 / 50 = 14.4 mL/h", "Rate (mL/h): 14.4", "mL/h: 14.4"),
        *("Dose (mcg/kg/min): 0.15", "weight (kg): 80", "Weight kg: 80; Rate mL/h: 14.4"),
        *("premixed bag 12.5 mg/250 mL (50 mcg/mL)", "two bags are needed for 24 h", "2 x 250 mL bags"),
        *("2 bags, change bag at 17 h", "Change bag every 17 h"),
        *("Aspirin 81 mg daily and atorvastatin 80 mg nightly continue", "Ondansetron 4 mg IV prn nausea"),
        *("Labetalol 10 mg IV x 2 if SBP > 180", "heparin 5,000 units SC q8h held"),
        *("No heparin, no alteplase for 24 h", "flush line with 10 mL NS", "KVO 10 mL/h after stop"),
        *("Maintain MAP 65-100 mmHg", "Rx #1234567, NDC 25208-002-02"),
        *("Protocol version 2.3, page 4 of 12, approved 11/2026", "ICD-10 I63.9; NIHSS 14; mRS 0"),
        *("Time of onset 08:15, groin puncture 10:40, TICI 2b at 11:32",),
        *("Half-life 2 h; platelets recover in 4-8 h", "0.15 mcg/kg/min for 24 hours"),
        *("infuse 0.15 mcg/kg/min (14.4 mL/h) over twenty-four hours", "One line only for this infusion"),
        *("second bag at 17 h", "Give via dedicated 20 G line; 2 IV sites"),
        *("Reduce rate by 50% if CrCl 60 mL/min or less: 0.075 mcg/kg/min", "run via pump 3, channel B"),
        *("call 555-0100 with questions", "Start within 5 min of recanalization"),
        *("after the bolus, run 0.15 mcg/kg/min", "HgbA1c 7.2 %, LDL 100 mg/dL, glucose 140 mg/dL"),
        *("0,15 microgramos/kg/min", "double check by 2 nurses", "two-nurse verification, double-check rate"),
        *("Independent double check required", "three-way stopcock; ten-minute time-out done"),
        *("Bleeding: stop and send type and cross 2 units PRBC", "four vessels angiography"),
        *("total 17.28 mg over 24 h", "Total volume 345.6 mL"),
        *("ticagrelor 180 mg load then 90 mg twice daily after swallow screen", "single-dose vial, 1 only"),
        *("Draw aPTT 5 mL tube", "contrast 120 mL given", "urine output 0.5 mL/kg/h"),
        *("Patient received alteplase 72 mg at 10:05", "received tenecteplase 20 mg IV at outside hospital"),
        *("Do not exceed 0.15 mcg/kg/min", "dispense 2 bags of 12.5 mg/250 mL", "Qty 2", "Diet: NPO x 24 h"),
        *("HOB 30 degrees x 24 h", "IV fluids 1 000 mL NS", "O2 2 L/min", "ICU unit 5, bed 12"),
        *("see line 3 of form 8 000", "wt 80 kg, ht 1.75 m, BMI 26", "TBSA 1.9 m2", "age: 67 y; M"),
        *("drip factor n/a, use pump", "Continue 4 h after clopidogrel load", "run 4 h beyond the oral load"),
        *("Bolus from the 3.75 mg/15 mL vial by syringe over 3 min",),
    )),
    (BOLUS, (
        *("800 mcg (16 mL) IV push over 3 min", "10 mcg/kg x 80 kg = 800 mcg", "Draw up 16 mL of 50 mcg/mL"),
        *("Dose (mcg): 800; Volume (mL): 16", "0.8 mg", "once only, do not repeat", "bolus x 1", "x1 dose"),
        *("1 dose", "give 1 x 800 mcg", "single bolus"),
        *("give over three minutes", "8 hundred mcg", "800 mcg at 14:05; 2nd RN verify"),
        *("then 0.15 mcg/kg/min", "then start the infusion at 0.15 mcg/kg/min for 24 h"),
        *("flush with 10 mL NS before and after", "administer via 20 G cannula in left arm"),
        *("left arm, 800 mcg", "not to be given if platelets < 100 x 10^9/L", "call MD if BP > 180"),
        *("after aspirin 300 mg PR give 800 mcg", "age 67, room 8, order 8 000 123"),
        *("aspirin 500 mg IV given at 10:00", "discard 9 mL waste", "use 1 bag", "ten mcg/kg"),
        *("eight hundred mcg IV", "0.8 mg = 800 mcg", "total dose 800 mcg", "round to nearest 0.1 mL"),
        *("bolus from 12.5 mg/250 mL bag",),
    )),
    (PUSH, (
        *("10 mcg/kg IV over 3 min", "10-25 mcg/kg", "0.8 to 1.6 mg", "800 mcg over 3 min"),
        *("dose in mcg/kg: 10", "eight hundred mcg over five minutes"),
    )),
    (RUN, (
        *("0.1-0.15 mcg/kg/min", "0.15 mcg/kg/min for 24 h", "mcg/kg/min: 0.15"),
        *("0.4 mcg/kg/min for 30 min then 0.1 mcg/kg/min", "0.15 mcg/kg/min, two bags"),
    )),
    (DOUBLE, (
        *("180 mcg/kg over 2 min, repeat in 10 min", "180 mcg/kg x 2, 10 minutes apart"),
        *("double bolus 180 mcg/kg, second bolus 10 min later", "14.4 mg"),
    )),
    (LOAD, (
        *("take 4 tablets of 75 mg", "4 x 75 mg tablets", "300 mg once, then 75 mg daily from tomorrow"),
        *("one 300 mg tablet", "1 tablet (300 mg)", "four 75 mg tablets", "4 tablets"),
        *("crush and give via NG with 30 mL water", "after passing swallow screen", "load on arrival, x1"),
    )),
    (DAILY, (
        *("1 tablet daily", "one tablet", "take 1 tab daily x 90 days, 3 refills", "#30"),
        *("30 tablets dispensed", "dispense 90 tablets, refills 3", "start day 2", "75 mg tab"),
    )),
    (TABLET, (
        *("300 mg once", "600 mg load", "4 x 75 mg", "take one 75 mg tablet daily"),
    )),
    (ASPIRIN_ALONE, (
        *("81 mg daily", "325 mg x 1 then 81 mg daily"),
    )),
    (ASPIRIN, (
        *("4 x 81 mg chewable", "chew 4 tablets", "four baby aspirin"),
    )),
    (HEPARIN, (
        *("25,000 units/250 mL", "25 000 units in 250 mL", "Titrate per aPTT nomogram, check q6h x 4"),
        *("10 mL/h", "one thousand units/h", "call if aPTT > 100 s"),
    )),
    (DRIP, (
        *("Mix: 12.5 mg in 250 mL NS = 50 mcg/mL", "premix 250 mL bag, hang 2nd bag at 17 h"),
        *("Infuse 14.4 mL/h x 24 h = 345.6 mL total", "24 h x 14.4 mL/h", "VTBI 345.6 mL"),
        *("Weight 80 kg (176 lb)", "Ht 175 cm, wt 80 kg", "BP 140/80, HR 72, RR 16, T 36.8, SpO2 98 %"),
        *("BP goal 120-140 systolic for 24 h", "K 4.1 mmol/L, Na 139, Cr 0.9", "Hold if platelets < 50,000"),
        *("q4h neuro checks x 24h", "Foley, 2 large-bore IVs (18G x2)", "Repeat NIHSS at 24 h"),
        *("MRI x 1 tomorrow", "2nd line for alteplase", "ASA 81 mg PO daily start day 2"),
        *("start clopidogrel 75 mg at hour 20, overlap 4 h", "give clopidogrel 300 mg 4 h before stop"),
        *("stop 4 h after clopidogrel 300 mg", "Ticagrelor 180 mg PO x1", "Dual therapy x 90 days"),
        *("Follow-up in 30 days", "Age 67 yrs, F, MRN 00412345, DOB 03/04/1959"),
        *("Ordered 11/28/2026 at 1405 by RN 4411", "Dr. Lee x4711", "Consent obtained 2 witnesses"),
        *("Pharmacy to verify; 1 of 2", "ICU bed 4; tele x 24 h", "cath lab 2; 6 Fr sheath"),
        *("Heparin 2,000 units IV given in lab at 10:05", "Heparin drip off", "verapamil 5 mg IA given"),
        *("norepinephrine at 0.05 mcg/kg/min", "propofol 20 mcg/kg/min", "NS at 75 mL/h"),
        *("Maintenance fluids 75 mL/h", "contrast: 150 mL iohexol", "2 passes with stent retriever"),
        *("ICA-T occlusion, M1; ASPECTS 9", "mTICI 3 after 2 passes", "LKW 08:00; 6 h window"),
        *("rate rounded to nearest 0.1 mL/h", "pump step 0.1 mL/h", "alarm limits 5-20 mL/h", "max 18 mL/h"),
        *("soft limit 0.1, hard limit 0.2 mcg/kg/min", "no more than 0.15 mcg/kg/min"),
        *("renal dose 0.075 mcg/kg/min (7.2 mL/h) if CrCl <= 60", "CrCl 88 mL/min: full dose"),
        *("discard after 24 h", "tubing change q96h", "15 mL line volume", "waste remaining 154 mL"),
        *("two RN double check", "dose checked twice", "checked by two nurses x2", "one time"),
        *("total 17.3 mg", "total dose 17.28 mg in 24 h", "12 mcg/min = 720 mcg/h = 14.4 mL/h"),
        *("0.15 mcg/kg/min; 12 mcg/min; 14.4 mL/h", "concentration 0.05 mg/mL", "50 mcg per mL"),
        *("Aggrastat 0.15 mcg/kg/min", "no bolus", "Loading dose already given: 10 mcg/kg"),
        *("s/p bolus 800 mcg IA", "bolus of 16 mL given at 11:32", "transfuse 1 u PRBC if Hb < 7"),
        *("call 911", "see order 12 of 14", "phase 2 of 3, step 1", "Level 1 trauma"),
        *("temp < 38, acetaminophen 1 g q6h", "insulin 4 units SC for glucose > 180"),
        *("magnesium 2 g IV over 2 h", "K replacement 20 mEq PO x 2", "famotidine 20 mg IV q12h"),
        *("mannitol 0.5 g/kg if herniation",),
    )),
    (BOLUS, (
        *("16 mL over 3 min = 320 mL/h", "give slowly over 3-5 min", "10 mcg/kg (max 1 mg)", "max 1000 mcg"),
        *("IV push x1 now", "x1 STAT", "1 dose only", "one bolus only", "bolus once, then drip"),
        *("0.8 mg (16 mL of 50 mcg/mL)", "3.2 mL of 250 mcg/mL vial not used", "from bag via pump"),
        *("after groin puncture at 10:40", "2 min before device passage"),
        *("follow with 0.15 mcg/kg/min for 24 h", "follow with infusion 14.4 mL/h"),
        *("second dose not allowed", "repeat bolus not recommended", "no repeat", "verify weight 80 kg x2"),
        *("flush 20 mL", "NS flush 10 mL x 2", "give with aspirin 500 mg IV", "room 8, bed 2"),
        *("wt 80 kg x 10 mcg/kg = 800 mcg", "80 x 10 = 800 mcg", "BP < 180/105 before bolus"),
        *("platelets 212",),
    )),
    (LOAD, (
        *("4 x 75 mg", "crush 4 tablets", "1 x 300 mg tab", "300 mg x 1"),
        *("loading dose 300 mg (4 tabs of 75 mg)", "then 75 mg daily x 90 days"),
        *("then 75 mg daily for 3 months", "4 tabs now", "give 4 tablets, then 1 tablet daily"),
        *("do not give with omeprazole 20 mg", "4 h before tirofiban stop", "via NG 12 Fr"),
        *("aspirin 325 mg first", "NPO 4 h"),
    )),
    (HEPARIN, (
        *("aPTT 60-80 s, adjust by 100 units/h", "bolus 4,000 units first"),
        *("10 mL/h; 25,000 units in 250 mL D5W", "12 units/kg/h x 80 kg = 960 units/h"),
        *("max 1,000 units/h initially", "check aPTT in 6 h"),
        *("Hold 1 h if aPTT > 100, then decrease by 2 units/kg/h",),
    )),
    (DRIP, (
        *("NS 0.9% at 75 mL/h via second line", "1/2 NS at 50 mL/h"),
        *("acetaminophen 650 mg PO q6h prn, max 3 g per day",),
    )),
)  # fmt: skip


FIELDS: Final = (
    {**PUSH, "dose": "800 mcg", "max_dose": "8 mg"},
    {**PUSH, "dose_per_kg": "10 mcg/kg", "max_dose": "8 mg"},
    {**RUN, "dose_rate_per_kg": "0.15 mcg/kg/min", "max_dose_rate": "14400 mcg/h"},
    {**RUN, "dose_rate": "720 mcg/h", "max_dose_rate": "14400 mcg/h"},
    {**LOAD, "max_dose": "3000 mg"},
    *(
        {**PUSH, "dose": dose}
        for dose in ("8 000 mcg", "8'000 mcg", "8E3 mcg", "\u0668 mg", "eight mg", "10 x 800 mcg")
    ),
    *({**TABLET, "dose": dose} for dose in ("40 tablets", "40 tab")),
)

Order = dict[str, str]


def errors(*orders: Order) -> list[list[tuple[str, str | None]]]:
    """Return the errors of orders that stand each in a set of its own, by one run."""
    sets = ({"order_set": "x", "patient": {"weight": "80 kg"}, "orders": [order]} for order in orders)
    lines = "\n".join(map(json.dumps, sets))
    findings = invoke("check", "-", "--stdin-filename", "a.jsonl", "--format", "json", stdin=lines).json["findings"]
    found: list[list[tuple[str, str | None]]] = [[] for _ in orders]
    for each in findings:
        if each["severity"] == "error":
            found[int(each["line"]) - 1].append((each["code"], each["found"]))
    return found


def _texts(groups: tuple[tuple[Order, tuple[str, ...]], ...]) -> list[Any]:
    return [pytest.param(order, texts, id=f"{order['drug']} {place}") for place, (order, texts) in enumerate(groups)]


@pytest.mark.parametrize(("order", "texts"), _texts(WRONG))
def test_no_dose_of_a_text_passes_however_it_is_written(order: Order, texts: tuple[str, ...]) -> None:
    found = errors(*({**order, "text": text} for text in texts))
    assert [text for text, each in zip(texts, found, strict=True) if not each] == []


@pytest.mark.parametrize(("order", "texts"), _texts(RIGHT))
def test_what_hospitals_write_besides_is_no_error(order: Order, texts: tuple[str, ...]) -> None:
    found = errors(*({**order, "text": text} for text in texts))
    assert {text: each for text, each in zip(texts, found, strict=True) if each} == {}


def test_a_cap_far_above_every_dose_is_an_error_and_so_is_a_field_that_is_no_decimal() -> None:
    assert [order for order, found in zip(FIELDS, errors(*FIELDS), strict=True) if not found] == []


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("10 x 800 mcg", "RC404", "10 x 800 mcg"),
        ("three vials of 3.75 mg", "RC404", "3 vials of 3.75 mg"),
        ("8\u202f000 mcg IV push", "RC308", "8,000 mcg"),
        ("eight mg IV push", "RC308", "8 mg"),
        ("repeat x 10", "RC636", "repeat x 10"),
        ("8K mcg", "RC712", "8K mcg"),
        ("480 gtt/min", "RC712", "480 gtt/min"),
    ],
)
def test_which_rule_tells_it(text: str, code: str, found: str) -> None:
    assert errors({**BOLUS, "text": text}) == [[(code, found)]]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("8 000 mcg, 8'000 mcg, 25 000 units", "8,000 mcg, 8,000 mcg, 25,000 units"),
        ("8E3 mcg, 8 x 10^3 mcg, 8 \u00d7 10\u00b3 mcg", "8000 mcg, 8000 mcg, 8000 mcg"),
        ("1\u00bd mg, 3/2 mg, 1 1/2 mg", "1.5 mg, 1.5 mg, 1.5 mg"),
        ("\u0668 mg, \uff18\uff0e\uff15 \uff4d\uff47", "8 mg, 8.5 mg"),
        ("twenty-five mg, one hundred and fifty mcg/kg", "25 mg, 150 mcg/kg"),
        ("one point five mcg/kg/min, 8 thousand mcg", "1.5 mcg/kg/min, 8000 mcg"),
        ("mcg/kg/min: 1.5; dose (mg): 8; mL/hr 144", "1.5 mcg/kg/min; dose 8 mg; 144 mL/hr"),
        ("1.5 mcg\u00b7kg\u207b\u00b9\u00b7min\u207b\u00b9", "1.5 mcg kg-1 min-1"),
    ],
)
def test_numbers_beside_a_unit_are_read_in_one_way(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        *("day 1 300 mg, day 2 75 mg", "give 2 250 mL bags", "0.15 mcg/kg/min: 14.4 mL/h", "150 x 10^9/L", "BP 120/80"),
        *("one line, two nurses, four-factor PCC", "Rate (mL/h): 14.4 mL/h", "order no. 4 711 000", "ten days"),
    ],
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert plain_text(text) == text


UCUM: Final = "http://unitsofmeasure.org"


def _fhir(**more: Any) -> list[tuple[str, str]]:
    """Return code and pointer of the errors of a sound infusion with something else in its dosage, or beside it."""
    rate = {"value": 0.15, "unit": "mcg/kg/min", "system": UCUM, "code": "ug/kg/min"}
    route = {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]}
    of_request: dict[str, Any] = {
        name: more.pop(name) for name in ("note", "renderedDosageInstruction") if name in more
    }
    dosage = {"route": route, "doseAndRate": [{"rateQuantity": rate}], **more}
    made = {
        "resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "tirofiban"},
        "dosageInstruction": [dosage], **of_request,
    }  # fmt: skip
    outcome = invoke("check", "-", "--stdin-filename", "a.json", "--format", "json", stdin=json.dumps(made))
    findings = outcome.json["findings"]
    return [(each["code"], each["pointer"]) for each in findings if each["severity"] == "error"]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"patientInstruction": "give 8 mg IV push"}, "/dosageInstruction/0/patientInstruction"),
        (
            {"additionalInstruction": [{"text": "give 8 mg IV push"}]},
            "/dosageInstruction/0/additionalInstruction/0/text",
        ),
        (
            {"additionalInstruction": [{"coding": [{"display": "give 8 mg IV push"}]}]},
            "/dosageInstruction/0/additionalInstruction/0/coding/0/display",
        ),
        ({"note": [{"text": "give 8 mg IV push"}]}, "/note/0/text"),
        ({"renderedDosageInstruction": "give 8 mg IV push"}, "/renderedDosageInstruction"),
        ({"text": "0.15 mcg/kg/min", "patientInstruction": "8 mg IV push"}, "/dosageInstruction/0"),
    ],
)
def test_every_text_of_fhir_is_read(more: dict[str, Any], pointer: str) -> None:
    assert _fhir(**more) == [("RC404", pointer)]


def test_a_text_of_fhir_that_is_right_has_no_error() -> None:
    assert _fhir(text="0.15 mcg/kg/min", patientInstruction="call if you bleed", note=[{"text": "pump 3"}]) == []


def test_a_dose_that_the_text_alone_holds_is_said_to_come_from_it() -> None:
    made = {"order_set": "x", "patient": {"weight": "80 kg"}, "orders": [{**PUSH, "text": "8 mg IV push"}]}
    findings = invoke("check", "-", "--format", "json", stdin=json.dumps(made)).json["findings"]
    [error] = [each["message"] for each in findings if each["severity"] == "error"]
    assert error.startswith("the text's IV bolus of 8 mg, at 80 kg 100 mcg/kg, is outside the published range")
