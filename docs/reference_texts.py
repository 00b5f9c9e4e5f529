"""What each field is, for people, with an example that can be read: the one part of the reference that is written."""

from __future__ import annotations

from typing import Final

SET_TEXTS: Final = {
    "order_set": (
        "its name; the words stroke, rescue or thrombectomy in it set the indication",
        "Rescue after thrombectomy",
    ),
    "version": ("its version", "2026-03"),
    "approved": ("the day of its approval", "2026-03-01"),
    "indication": ("what it is for", "failed thrombectomy from atherosclerosis"),
    "protocol": ("the protocol that it follows; its doses are then compared with this protocol", "rescue-bt-2022"),
    "weight_basis": ("the basis of the dosing weight: actual, ideal or adjusted", "actual"),
    "care_area": ("the care area of a pump library", "NICU"),
    "patient": ("the patient's values, see below", "{weight: 80 kg}"),
    "orders": ("the orders, see below", "[{drug: tirofiban}]"),
    "monitoring": ("the monitoring: a list of check, at, then", "[{check: platelets, at: baseline, then: daily}]"),
    "stop_if": ("the criteria for stopping the infusion", "[platelets below 90 x10^9/L]"),
}
"""The fields of an order set, each with what it is and an example."""

TYPES: Final = {
    "approved": "a date",
    "weight_basis": "one of three words",
    "patient": "a mapping",
    "orders": "a list of mappings",
    "monitoring": "a list of mappings",
    "stop_if": "a list of texts",
    "weight": "a weight: kg or lb",
    "creatinine_clearance": "a clearance: mL/min",
    "thrombolysis": "a word, or a time",
    "platelets": "a count: x10^9/L, x10^3/uL or /uL",
    "inr": "a number",
    "blood_pressure": "two numbers: mmHg",
    "dialysis": "yes or no",
    "intracranial_haemorrhage": "yes or no",
    "haemoglobin": "a concentration: g/dL or g/L",
}
"""The types of the fields of a set and of its patient; any other is text."""

PATIENT_EXAMPLES: Final = {
    "weight": ("the dosing weight", "80 kg"),
    "creatinine_clearance": ("by Cockcroft-Gault", "90 mL/min"),
    "thrombolysis": ("none, given, or its time, counted from the start of the infusion", "-2 h"),
    "platelets": ("a count without a unit is read as x10^9/L", "92 x10^9/L"),
    "inr": ("the INR", "1.6"),
    "blood_pressure": ("systolic over diastolic, in mmHg", "190/100"),
    "anticoagulant": ("the drug, with the time of its last dose if known, or none", "apixaban, -12 h"),
    "dialysis": ("yes or no", "no"),
    "prior_thrombocytopenia": ("the GP IIb/IIIa inhibitor that caused it, yes or no", "eptifibatide"),
    "intracranial_haemorrhage": ("yes or no", "no"),
    "cyp2c19": ("metaboliser: poor, intermediate, normal, rapid or ultrarapid", "poor"),
    "haemoglobin": ("the haemoglobin; no packaged source states a limit", "9.8 g/dL"),
}
"""The fields of a patient, each with what it is and an example."""

FIELD_TEXTS: Final = {
    "id": ("its name within the set, unique", "drip"),
    "drug": ("the drug; brands and usual abbreviations are read", "tirofiban"),
    "route": ("how it enters the body, see the words below", "IV"),
    "kind": ("bolus, infusion or dose, see the words below", "infusion"),
    "dose_per_kg": ("dose per kilogram of dosing weight", "10 mcg/kg"),
    "dose": ("amount of drug", "800 mcg"),
    "dose_rate_per_kg": ("dose rate per kilogram of dosing weight", "0.15 mcg/kg/min"),
    "dose_rate": ("drug per time", "12 mcg/min"),
    "max_dose": ("the cap of a dose, whatever the weight", "1.8 mg"),
    "max_dose_rate": ("the cap of a dose rate, whatever the weight", "15 mg/h"),
    "concentration": ("drug per volume; a label's strength is read too", "50 mcg/mL"),
    "volume": ("volume of a bolus, or of the container", "3.2 mL"),
    "pump_rate": ("volume per time as set on the pump", "14.4 mL/h"),
    "vtbi": ("volume to be infused, as set on the pump", "345.6 mL"),
    "give_over": ("the time over which a bolus is given", "3 min"),
    "run_time": ("how long an infusion runs", "24 h"),
    "product": ("a label's strength, or a product of the catalogue", "12.5 mg in 250 mL"),
    "diluted_in": ("the diluent", "250 mL sodium chloride 0.9 %"),
    "start": ("when it starts, counted from the start of the first infusion, or by the clock", "+20 h"),
    "stop": ("when it stops, in the same form", "+24 h"),
    "frequency": ("how often; without one it is given once", "daily"),
    "prn": ("yes, or the reason for giving it as needed", "no"),
    "titrate": (
        "how the dose is titrated: start, step, every, min, max, target",
        "{start: 5 mcg/kg/min, step: 5 mcg/kg/min, every: 5 min, max: 50 mcg/kg/min, target: RASS -1}",
    ),
    "care_area": ("the care area of a pump library", "NICU"),
    "weight": ("the weight band that the order is for", "46-54 kg"),
    "when": (
        "the condition for giving it: creatinine_clearance, weight, thrombolysis, imaging",
        '{creatinine_clearance: "> 60 mL/min"}',
    ),
    "choose_one": ("the name of a group of which one order is given", "load"),
    "text": ("text for people; its numbers are compared with the fields", "run for 24 h"),
}
"""The fields of an order, each with what it is and an example."""
