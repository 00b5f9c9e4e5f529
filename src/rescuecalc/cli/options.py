"""Options that several commands share, and how a protocol is found."""

from pathlib import Path
from typing import Annotated

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.core.protocol import USER, BolusStep, InfusionStep, Protocol
from rescuecalc.core.source import Source
from rescuecalc.errors import InputError

_RATE_STEP = "Step of the pump; 0.1mL/h unless given."
_VOLUME_STEP = "Step of a drawn-up volume; 0.1mL unless given."

Weight = Annotated[str | None, typer.Option(metavar="WEIGHT", help="Dosing weight with its unit: 80kg or 176lb.")]
IaDose = Annotated[str | None, typer.Option(metavar="DOSE", help="The dose, where the source states a range: 0.5mg.")]
RunTime = Annotated[str | None, typer.Option(metavar="TIME", help="Run time of the maintenance infusion: 24h.")]
Crcl = Annotated[str | None, typer.Option(metavar="CRCL", help="Creatinine clearance: 45mL/min.")]
BolusProduct = Annotated[
    str | None, typer.Option(metavar="ID", help="Product of the bolus: vial-15, infusion-container, ...")
]
InfusionProduct = Annotated[str | None, typer.Option(metavar="ID", help="Product of the infusion: bag-250, ...")]
BolusConcentration = Annotated[
    str | None, typer.Option(metavar="C", help="Concentration of a bolus of your own making: 50mcg/mL.")
]
InfusionConcentration = Annotated[
    str | None, typer.Option(metavar="C", help="Concentration of an infusion of your own making: 50mcg/mL.")
]
PumpStep = Annotated[str | None, typer.Option(metavar="STEP", help=_RATE_STEP)]
VolumeStep = Annotated[str | None, typer.Option(metavar="STEP", help=_VOLUME_STEP)]
ProtocolFile = Annotated[Path | None, typer.Option(metavar="FILE", help="A protocol of your hospital, one TOML file.")]
TextOrJson = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]


def chosen_protocol(name: str | None, file: Path | None) -> Protocol:
    """Return the named protocol, from ``file`` where one is given; InputError where neither is named or they differ."""
    if file is None:
        if name is None:
            raise InputError("a protocol is missing; `rescuecalc protocol list` shows all, none is picked for you")
        return catalogue.protocol(name)
    found = catalogue.site_protocol(file)
    if name is not None and name != found.id:
        raise InputError(f"{file} defines the protocol {found.id!r}, and {name!r} was asked for")
    return found


def protocol_of_user(boluses: tuple[BolusStep, ...], infusions: tuple[InfusionStep, ...]) -> Protocol:
    """Return a regimen of tirofiban from the command line; its source is the user."""
    return Protocol(
        id="own",
        title="regimen from the command line",
        drug="tirofiban",
        kind="user",
        confidence="not graded",
        population="not stated",
        boluses=boluses,
        infusions=infusions,
        renal=None,
        label_band=None,
        antiplatelets="not stated",
        not_stated=(),
        unclear=(),
        not_rescue=None,
        contraindicated=None,
        sources=(Source("user", "user", "command line"),),
        origin=USER,
    )
