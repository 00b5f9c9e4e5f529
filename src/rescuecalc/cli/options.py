"""Options that several commands share, and how a protocol is found."""

from pathlib import Path
from typing import Annotated

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.core.literature.source import Source
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import CreatinineClearance
from rescuecalc.core.regimen.protocol import USER, BolusStep, InfusionStep, Protocol
from rescuecalc.core.regimen.regimen import Regimen, under_rule
from rescuecalc.core.renal.creatinine_clearance import RenalRule
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.document.common_parts import Document

_RATE_STEP = "Step of the pump; 0.1mL/h unless given."
_VOLUME_STEP = "Step of a drawn-up volume; 0.1mL unless given."

Weight = Annotated[str | None, typer.Option(metavar="WEIGHT", help="Dosing weight with its unit: 80kg or 176lb.")]
IaDose = Annotated[
    str | None, typer.Option(metavar="DOSE", help="The dose, where the source states a range, as in 0.5mg.")
]
RunTime = Annotated[str | None, typer.Option(metavar="TIME", help="Run time of the maintenance infusion: 24h.")]
Crcl = Annotated[str | None, typer.Option(metavar="CRCL", help="Creatinine clearance: 45mL/min.")]
Age = Annotated[str | None, typer.Option(metavar="YEARS", help="Age in whole years: 70.")]
Sex = Annotated[str | None, typer.Option(metavar="SEX", help="female or male, as the formula means it.")]
Creatinine = Annotated[str | None, typer.Option(metavar="C", help="Serum creatinine: 1.2mg/dL or 106umol/L.")]
BodyHeight = Annotated[str | None, typer.Option("--height", metavar="HEIGHT", help="Height: 165cm or 65in.")]
Basis = Annotated[
    str | None, typer.Option(metavar="BASIS", help="Weight basis: actual (unless given), ideal, adjusted.")
]
Renal = Annotated[
    str | None,
    typer.Option(
        metavar="LABEL",
        help="Whose renal rule is shown beside a protocol that has none: us-label, eu-label, eptifibatide-label, none.",
    ),
]
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


def label_rules(protocol: Protocol, clearance: CreatinineClearance | None, picked: str | None) -> tuple[RenalRule, ...]:
    """Return the labels' rules to show beside a protocol that has none of its own.

    Raises InputError for an unknown label or a missing clearance, CalculationRefused for a rule that cannot apply.
    """
    if picked is None and (clearance is None or protocol.renal is not None):
        return ()
    rules = catalogue.renal_rules()
    if picked is not None and picked not in (*rules, "none"):
        raise InputError(f"--renal: cannot read {quoted(picked)}; write {', '.join(rules)} or none")
    if protocol.renal is not None:
        if picked not in (None, protocol.renal):
            raise CalculationRefused(f"--renal: {protocol.id} has a renal rule of its own, and that is applied")
        return ()
    if picked is not None and picked != "none":
        if rules[picked].drug != protocol.drug:
            drug = rules[picked].drug
            raise CalculationRefused(f"--renal: {picked} is a rule of {drug}, and the protocol gives {protocol.drug}")
        if clearance is None:
            raise InputError(f"--renal {picked} needs the creatinine clearance: add --crcl, as in --crcl 45mL/min")
    if clearance is None or picked == "none":
        return ()
    return tuple(rule for rule in rules.values() if rule.drug == protocol.drug and picked in (None, rule.id))


def label_columns(
    result: Regimen, rules: tuple[RenalRule, ...]
) -> tuple[tuple[tuple[RenalRule, Regimen], ...], list[str]]:
    """Return what each label would do, and a note for each whose numbers cannot be given: it never refuses the dose."""
    columns, notes = [], []
    for rule in rules:
        try:
            columns.append((rule, under_rule(result, rule, catalogue.limits())))
        except CalculationRefused as reason:
            notes.append(f"what the {rule.title} would do is left out: {reason}")
    return tuple(columns), notes


def protocol_of_user(boluses: tuple[BolusStep, ...], infusions: tuple[InfusionStep, ...]) -> Protocol:
    """Return a regimen of tirofiban from the command line; its source is the user."""
    return Protocol(
        id="your regimen",
        title="as typed, of no source",
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
        remarks=(),
        studies=(),
        not_rescue=None,
        contraindicated=None,
        sources=(Source("user", "user", "command line"),),
        origin=USER,
    )


def as_fhir(made: Document) -> str:
    """Return the document of `dose` or `plan` as a Bundle of FHIR R4."""
    from rescuecalc.catalogue.codes import drug_codes  # noqa: PLC0415  # only this format pays for it
    from rescuecalc.reporters.render.fhir_bundle import fhir_bundle  # noqa: PLC0415

    return fhir_bundle(made, drug_codes())
