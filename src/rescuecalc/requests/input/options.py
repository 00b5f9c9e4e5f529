"""Options that several requests share."""

from pathlib import Path
from typing import Annotated, NamedTuple

from rescuecalc.requests.input.option import Argument, Option

SEXES = ("female", "male")
ROUTES = ("iv", "ia")
P2Y12_ROUTES = ("po", "ng")
ASPIRIN_ROUTES = (*P2Y12_ROUTES, "pr", "iv")

_RATE_STEP = "Step of the pump; default: 0.1mL/h."
_VOLUME_STEP = "Step of a drawn-up volume; default: 0.1mL."

_WEIGHT = "Dosing weight with its unit: 80kg or 176lb."
Protocol = Annotated[str | None, Argument("A protocol, as `rescuecalc protocol list` names it.", "PROTOCOL", needed="")]
ProtocolOrOwn = Annotated[
    str | None,
    Argument(
        "A protocol, as `rescuecalc protocol list` names it.",
        "PROTOCOL",
        needed=", unless --bolus or --infusion is given",
    ),
]
Weight = Annotated[str | None, Option("WEIGHT", _WEIGHT, short="-w", needed=" where a dose is per kg")]
WeightOfPatient = Annotated[str | None, Option("WEIGHT", _WEIGHT, short="-w", needed="")]
IaDose = Annotated[
    str | None, Option("DOSE", "The intra-arterial dose: 0.5mg.", needed=" where the source states a range")
]
RunTime = Annotated[
    str | None,
    Option("TIME", "Run time of the maintenance infusion: 24h.", needed=" where the source states none or a range"),
]
Crcl = Annotated[
    str | None,
    Option("CRCL", "Creatinine clearance: 45mL/min.", needed=" where the protocol adjusts the dose for it"),
]
AGE = "Age in whole years: 70."
SEX = "Sex, as the formula uses it: female or male (f, m)."
CREATININE = "Serum creatinine: 1.2mg/dL or 106umol/L."
Age = Annotated[str | None, Option("YEARS", AGE)]
Sex = Annotated[str | None, Option("SEX", SEX)]
Creatinine = Annotated[str | None, Option("C", CREATININE)]
BodyHeight = Annotated[str | None, Option("HEIGHT", "Height: 165cm, 1.65m, 65in or 5ft 5in.")]
Basis = Annotated[str | None, Option("BASIS", "Weight basis: actual (default), ideal or adjusted.")]
Renal = Annotated[
    str | None,
    Option(
        "LABEL",
        "Label whose renal rule is shown beside a protocol without one: us-label, eu-label, eptifibatide-label, none.",
    ),
]
OwnBolus = Annotated[str | None, Option("DOSE", "Bolus of a user-defined regimen: 10mcg/kg.")]
OwnRoute = Annotated[str | None, Option("ROUTE", "Route of --bolus: iv or ia.")]
OwnInfusion = Annotated[str | None, Option("RATE", "Infusion of a user-defined regimen: 0.1mcg/kg/min.")]
BolusProduct = Annotated[str | None, Option("ID", "Product of the bolus: vial-15, infusion-container, ...")]
InfusionProduct = Annotated[str | None, Option("ID", "Product of the infusion: bag-250, ...")]
BolusConcentration = Annotated[
    str | None, Option("C", "Concentration of a locally prepared bolus: 50mcg/mL, or 12.5mg/250mL.")
]
InfusionConcentration = Annotated[
    str | None, Option("C", "Concentration of a locally prepared infusion: 50mcg/mL, or 12.5mg/250mL.")
]
PumpStep = Annotated[str | None, Option("STEP", _RATE_STEP)]
VolumeStep = Annotated[str | None, Option("STEP", _VOLUME_STEP)]
Library = Annotated[Path | None, Option("FILE", "A pump library: a native CSV, or the TOML of an export.")]
CareArea = Annotated[str | None, Option("AREA", "The care area of the library, as in NICU.")]
ProtocolFile = Annotated[Path | None, Option("FILE", "A protocol file of your hospital (TOML).")]
Platelets = Annotated[str | None, Option("COUNT", "Platelets: 92 or 92x10^9/L (the number of 10^3/uL).")]
Inr = Annotated[str | None, Option("INR", "INR: 1.6.")]
Bp = Annotated[str | None, Option("BP", "Blood pressure in mmHg: 190/100.")]
Anticoagulant = Annotated[str | None, Option("DRUG", 'Anticoagulant and its last dose: "apixaban, -12h", or none.')]
Dialysis = Annotated[bool | None, Option(None, "On dialysis.", "--dialysis/--no-dialysis")]
PriorThrombocytopenia = Annotated[
    str | None, Option("DRUG", "Previous thrombocytopenia on tirofiban, eptifibatide or abciximab; yes or no.")
]
IntracranialHaemorrhage = Annotated[str | None, Option("YES|NO", "Any previous intracranial haemorrhage.")]
Cyp2c19 = Annotated[str | None, Option("TYPE", "Metaboliser type of CYP2C19: poor, normal, ...")]
Haemoglobin = Annotated[str | None, Option("HB", "Haemoglobin: 9.8g/dL.")]


class PatientDetails(NamedTuple):
    """What is typed of the patient besides weight and clearance."""

    age: Age = None
    sex: Sex = None
    creatinine: Creatinine = None
    height: BodyHeight = None
    basis: Basis = None
    platelets: Platelets = None
    inr: Inr = None
    bp: Bp = None
    anticoagulant: Anticoagulant = None
    dialysis: Dialysis = None
    prior_thrombocytopenia: PriorThrombocytopenia = None
    intracranial_haemorrhage: IntracranialHaemorrhage = None
    cyp2c19: Cyp2c19 = None
    haemoglobin: Haemoglobin = None


class SupplyNames(NamedTuple):
    """What boluses and infusions are drawn from."""

    bolus_product: BolusProduct = None
    infusion_product: InfusionProduct = None
    bolus_concentration: BolusConcentration = None
    infusion_concentration: InfusionConcentration = None


class OwnRegimen(NamedTuple):
    """A regimen that no protocol states."""

    bolus: OwnBolus = None
    route: OwnRoute = None
    infusion: OwnInfusion = None
