"""Options that several requests share."""

from pathlib import Path
from typing import Annotated

from rescuecalc.requests.option import Option

_RATE_STEP = "Step of the pump; 0.1mL/h unless given."
_VOLUME_STEP = "Step of a drawn-up volume; 0.1mL unless given."

Weight = Annotated[str | None, Option("WEIGHT", "Dosing weight with its unit: 80kg or 176lb.", short="-w")]
IaDose = Annotated[str | None, Option("DOSE", "The dose, where the source states a range, as in 0.5mg.")]
RunTime = Annotated[str | None, Option("TIME", "Run time of the maintenance infusion: 24h.")]
Crcl = Annotated[str | None, Option("CRCL", "Creatinine clearance: 45mL/min.")]
Age = Annotated[str | None, Option("YEARS", "Age in whole years: 70.")]
Sex = Annotated[str | None, Option("SEX", "female or male (f, m), as the formula means it.")]
Creatinine = Annotated[str | None, Option("C", "Serum creatinine: 1.2mg/dL or 106umol/L.")]
BodyHeight = Annotated[str | None, Option("HEIGHT", "Height: 165cm, 1.65m, 65in or 5ft 5in.")]
Basis = Annotated[str | None, Option("BASIS", "Weight basis: actual (unless given), ideal, adjusted.")]
Renal = Annotated[
    str | None,
    Option(
        "LABEL",
        "Whose renal rule is shown beside a protocol that has none: us-label, eu-label, eptifibatide-label, none.",
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
Library = Annotated[Path | None, Option("FILE", "A pump library: a native CSV, or the TOML of an export.")]
CareArea = Annotated[str | None, Option("AREA", "The care area of the library, as in NICU.")]
ProtocolFile = Annotated[Path | None, Option("FILE", "A protocol of your hospital, one TOML file.")]
