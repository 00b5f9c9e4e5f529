"""The document of `stop`: what was given until the stop, and what is known of the hours after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.backcheck import stop as second_route
from rescuecalc.core.quantities.decimal_text import elapsed_text
from rescuecalc.core.quantities.time_offset import Offset
from rescuecalc.core.regimen import derivation
from rescuecalc.core.regimen.administered_dose import INFUSED_DOSE
from rescuecalc.core.regimen.bolus import delivered_dose
from rescuecalc.core.regimen.derivation import ROLES, DerivationStep
from rescuecalc.core.regimen.infusion import dose_in_line
from rescuecalc.core.regimen.schedule import clock_time
from rescuecalc.core.regimen.timeline import DISCONNECT
from rescuecalc.reporters.document.common_parts import Document, finding, header, quantity, sources
from rescuecalc.reporters.document.regimen import doses
from rescuecalc.reporters.document.regimen.dose import patient_fields, protocol_summary, renal_remarks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rescuecalc.core.bridging.antiplatelet import Advice, Waiting
    from rescuecalc.core.bridging.stopping import CountTime, EffectWindow, StopAdvice, StopFacts
    from rescuecalc.core.literature.limits import Limits
    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.orders.order import Thrombolysis
    from rescuecalc.core.quantities.quantity import Concentration, CreatinineClearance, Duration
    from rescuecalc.core.regimen.administered_dose import AdministeredDose, InfusedDose
    from rescuecalc.core.regimen.infusion import Infusion
    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.core.regimen.regimen import Regimen

_COURSE = "assumes the protocol's doses without a pause; the record of the pump takes precedence"


class Stopped(NamedTuple):
    """An infusion that was stopped ``ran`` after its ``start``: the regimen until then, and what followed from it.

    ``ordered`` is the whole protocol; ``start`` is None where only elapsed times were given.
    """

    regimen: Regimen
    ordered: Protocol
    administered: AdministeredDose
    start: datetime | None
    timezone: str | None
    ran: Duration
    thrombolysis: Thrombolysis | None
    effect: EffectWindow

    @property
    def stop(self) -> Offset:
        """The stop, counted from the start."""
        return Offset.start().plus(self.ran)


def _time(at: Offset | None, start: datetime | None, name: str = "") -> Document:
    seconds = None if at is None else at.seconds.__floor__()
    clock = clock_time(seconds, start) if seconds is not None else None
    before = f"{name}_" if name else ""
    return {
        f"{before}at": clock.isoformat(timespec="seconds") if clock else None,
        f"{before}elapsed": elapsed_text(seconds) if seconds is not None else None,
        f"{before}elapsed_seconds": seconds,
    }


def _infusion(each: Infusion, place: int, given: InfusedDose, ordered: Protocol) -> Document:
    stated = ordered.infusions[place].run_time
    return {
        **doses.infusion(each, place, ()),
        "run_time_stated": stated.words if stated is not None else None,
        "run_time_taken": "until the stop",
        "infused_dose": quantity(given.dose),
        "infused_per_kg": quantity(given.per_kg),
        "delivered_dose": quantity(given.delivered),
    }


def _total(made: AdministeredDose) -> Document:
    return {
        "dose": quantity(made.dose),
        "dose_per_kg": quantity(made.per_kg),
        "delivered": quantity(made.delivered),
        "delivered_per_kg": quantity(made.delivered_per_kg),
        "volumes": [
            {"concentration": quantity(each.concentration), "volume": quantity(each.volume)} for each in made.volumes
        ],
    }


def _strengths(result: Regimen) -> Iterator[Concentration]:
    """Yield each concentration that may be in the line, once."""
    choices, seen = result.choices, set()
    for supply in (choices.infusion_supply,) if choices.infusion_supply else choices.infusion_options:
        if supply.concentration.value_in("mcg/mL") not in seen:
            seen.add(supply.concentration.value_in("mcg/mL"))
            yield supply.concentration


def _line(result: Regimen, limits: Limits) -> list[Document]:
    """Return what the line holds; without a volume for the smallest and the largest usual line."""
    patient, given = result.choices.weight, result.choices.priming_volume
    if patient is None or not result.infusions:
        return []
    volumes = (given,) if given is not None else (limits.line_volume.low, limits.line_volume.high)
    return [
        {
            "line_volume": quantity(volume),
            "concentration": quantity(strength),
            "dose": quantity(delivered_dose(volume, strength)),
            "dose_per_kg": quantity(dose_in_line(volume, strength, patient)),
        }
        for strength in _strengths(result)
        for volume in volumes
    ]


def _effect(made: Stopped) -> Document:
    each = made.effect
    return {
        "state": each.state,
        **_time(each.earliest, made.start, "earliest"),
        **_time(each.latest, made.start, "latest"),
        "words": each.words,
        "caveat": each.caveat,
        "sources": sources(each.sources),
    }


def _count(each: CountTime, start: datetime | None) -> Document:
    ends = (Offset.start().plus(time) if time is not None else None for time in (each.earliest, each.latest))
    earliest, latest = ends
    return {
        "words": each.words,
        **_time(earliest, start),
        **_time(latest, start, "until"),
        "sources": sources(each.sources),
    }


def _advice(each: Advice | Waiting | None) -> Document | None:
    return None if each is None else {"words": each.words, "sources": sources(each.sources)}


def _thrombolysis(made: Stopped, recent: Waiting) -> Document | None:
    """Return the thrombolysis; ``recent`` is null where its time is not known, as where none was given."""
    lysis = made.thrombolysis
    if lysis is None:
        return None
    seconds = None if lysis.at is None else made.stop.seconds.__floor__() - lysis.at.seconds.__floor__()
    near = seconds is not None and seconds <= recent.length.value_in("s")
    return {
        "given": lysis.given,
        **_time(lysis.at, made.start),
        "before_stop_seconds": seconds,
        "recent": None if seconds is None else near,
    }


def _steps(made: Stopped) -> Iterator[DerivationStep]:
    yield from derivation.steps(made.regimen)
    for each, given in zip(made.regimen.infusions, made.administered.infusions, strict=True):
        calculation = f"{each.dose_rate} × {each.run_time} = {given.dose}"
        yield DerivationStep(f"{ROLES[each.step.role]} until the stop", INFUSED_DOSE.words, calculation)
    parts = [*(each.dose for each in made.regimen.boluses), *(each.dose for each in made.administered.infusions)]
    if len(parts) > 1:
        yield DerivationStep("total", "sum of the doses", f"{' + '.join(map(str, parts))} = {made.administered.dose}")


def _sources(
    made: Stopped, facts: StopFacts, advice: StopAdvice, found: tuple[Finding, ...], limits: Limits
) -> list[Document]:
    given: list[Source] = [*made.ordered.sources, *(made.regimen.rule.sources if made.regimen.rule else ())]
    given += made.effect.sources
    for supply in (made.regimen.choices.bolus_supply, made.regimen.choices.infusion_supply):
        given += supply.product.sources if supply is not None and supply.product is not None else ()
    given += [limits.line_volume_source] if made.regimen.infusions else []
    for each in (advice.now, advice.fibrinogen, advice.thrombolysis, *facts.counts, facts.platelets, facts.reversal):
        given += each.sources if each is not None else ()
    given += [one for each in found for one in each.sources]
    return sources(given)


def _clearance_text(clearance: CreatinineClearance) -> str:
    printed = quantity(clearance)
    return f"{printed['value']:f} {printed['unit']}" if printed is not None else ""


def _stop_inputs(made: Stopped, facts: StopFacts, advice: StopAdvice, typed: tuple[str, str]) -> second_route.StopGiven:
    loads = (each.run_time.taken for each in made.ordered.infusions[:-1] if each.run_time is not None)
    clearance = made.regimen.choices.clearance
    return second_route.StopGiven(
        doses=doses.calculation_inputs(made.regimen),
        started=typed[0],
        stopped=typed[1],
        loads=tuple(each.text or "" for each in loads if each is not None),
        # One that was calculated has no text; its own working is checked where it is made.
        clearance=(clearance.text or _clearance_text(clearance)) if clearance is not None else None,
        slower_below=tuple(each.below.text or "" for each in facts.slower),
        recent=advice.thrombolysis.length.text or "",
    )


def _advice_fields(made: Stopped, facts: StopFacts, advice: StopAdvice) -> Document:
    """Return what the sources advise after the stop: at once, and on fibrinogen, platelets and a thrombolytic."""
    return {
        "now": _advice(advice.now),
        "fibrinogen": _advice(advice.fibrinogen),
        "counts": [_count(each, made.start) for each in facts.counts],
        "platelets": _advice(facts.platelets),
        "reversal": _advice(facts.reversal),
        "thrombolysis": _thrombolysis(made, advice.thrombolysis),
        "thrombolysis_reversal": _advice(advice.thrombolysis),
    }


def stop_document(
    made: Stopped,
    facts: StopFacts,
    advice: StopAdvice,
    found: tuple[Finding, ...],
    limits: Limits,
    typed: tuple[str, str],
) -> Document:
    """Return the document of `stop`; ``typed`` is what was typed of start and stop.

    Raises DoubleCheckFailed where a number of it does not lead back to what was given.
    """
    result = made.regimen
    infusions = zip(result.infusions, made.administered.infusions, strict=True)
    document: Document = {
        **header("stop"),
        "protocol": protocol_summary(made.ordered),
        **patient_fields(result, "as given" if result.choices.weight else None),
        "start": made.start.isoformat(timespec="seconds") if made.start else None,
        "timezone": made.timezone,
        **_time(made.stop, made.start, "stop"),
        "ran": quantity(made.ran),
        "boluses": [doses.bolus(each) for each in result.boluses],
        "infusions": [_infusion(each, place, given, made.ordered) for place, (each, given) in enumerate(infusions)],
        "total": _total(made.administered),
        "effect": _effect(made),
        "line": DISCONNECT if result.infusions else None,
        "line_at_stop": _line(result, limits),
        **_advice_fields(made, facts, advice),
        "derivation": [step._asdict() for step in _steps(made)],
        "notes": [_COURSE, *renal_remarks(result)],
        "findings": [finding(each) for each in found],
        "sources": _sources(made, facts, advice, found, limits),
    }
    second_route.check_stop(document, _stop_inputs(made, facts, advice, typed))
    return document
