"""Options that several requests share."""

from pathlib import Path
from typing import Annotated

from rescuecalc.requests.option import Argument, Option

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
ProtocolFile = Annotated[Path | None, Option("FILE", "A protocol file of your hospital (TOML).")]
