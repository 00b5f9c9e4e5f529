"""The functions that calculate: `dose`, `rate`, `table`, `renal`, `bridge`, `plan` and `stop`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from rescuecalc.api.arguments import request_of, text_of
from rescuecalc.api.dose_results import DoseResult, RateResult, RenalResult, TableResult
from rescuecalc.api.options import BridgeOptions, DosingOptions, StopOptions, TableOptions, takes
from rescuecalc.api.plan_results import BridgeResult, PlanResult
from rescuecalc.api.result import result_of
from rescuecalc.api.stop_results import StopResult
from rescuecalc.api.view import view
from rescuecalc.reporters.render.conversions.rate_text import rate_line
from rescuecalc.reporters.render.conversions.renal_text import renal_page
from rescuecalc.reporters.render.regimen.dose_text import dose_page
from rescuecalc.reporters.render.regimen.plan_text import bridge_page, plan_page
from rescuecalc.reporters.render.regimen.table_text import table_page
from rescuecalc.reporters.render.stop_text import stop_page
from rescuecalc.requests.bedside import bedside_facts
from rescuecalc.requests.bridging import BridgeRequest, planned
from rescuecalc.requests.dosing import DosingRequest, dose_of
from rescuecalc.requests.input.inputs import Inputs
from rescuecalc.requests.rate import RateRequest, rate_setting, rated
from rescuecalc.requests.renal import RenalRequest, renal_of
from rescuecalc.requests.stopping import StopRequest, stop_of
from rescuecalc.requests.table import TableRequest, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Unpack

    from rescuecalc.api.options import Given
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.reporters.render.page import Page

B = TypeVar("B", bound=BridgeResult)


@takes(DosingOptions)
def dose(protocol: str | None = None, *, label_band: bool = False, **options: Unpack[DosingOptions]) -> DoseResult:
    """Return one patient's doses, volumes, pump rates, containers and times.

    Name a protocol, or define a tirofiban regimen with ``bolus``, ``route``, ``infusion`` and ``run_time``.
    The options are those of `rescuecalc dose`; each quantity is text or a quantity of ``rescuecalc.units``.

    >>> import rescuecalc as rc
    >>> patient = rc.dose("yang-2020-iv", weight="80 kg", run_time="24 h", infusion_product="bag-250")
    >>> print(patient.infusions[0].pump_rate)
    14.4 mL/h

    Raises InputError for what is missing, unreadable or unknown; CalculationRefused for what is outside of the limits,
    and for a choice that the source leaves open or excludes; CatalogueError for a ``protocol_file`` that is none.
    """
    typed = Inputs()
    asked = request_of(DosingRequest, {"protocol": protocol, **options}, "dose")
    return result_of(
        DoseResult, dose_of(asked, typed, label_band=label_band), _beside(dose_page, asked.timezone), typed.notes
    )


@takes(BridgeOptions)
def bridge(protocol: str | None = None, **options: Unpack[BridgeOptions]) -> BridgeResult:
    """Return the sequence from the infusion to oral antiplatelets: the origin of each step, and the coverage.

    The options are those of `rescuecalc bridge`. A value that neither the source nor you state is None. Errors as
    for ``dose``.
    """
    return _planned(BridgeResult, "bridge", bridge_page, {"protocol": protocol, **options})


@takes(BridgeOptions)
def plan(protocol: str | None = None, **options: Unpack[BridgeOptions]) -> PlanResult:
    """Return the plan of the whole course: doses, pump rates, containers, antiplatelets, imaging, assay and monitoring.

    The options are those of `rescuecalc plan`. Errors as for ``dose``.
    """
    return _planned(PlanResult, "plan", plan_page, {"protocol": protocol, **options})


@takes(StopOptions)
def stop(protocol: str | None = None, **options: Unpack[StopOptions]) -> StopResult:
    """Return what was given until an infusion was stopped, and the effect after it.

    The options are those of `rescuecalc stop`: ``started`` and ``stopped`` are clock times, or offsets as ``"+3.5h"``.

    >>> import rescuecalc as rc
    >>> stopped = rc.stop("yang-2020-iv", weight="80 kg", started="+0h", stopped="+3.5h")
    >>> print(stopped.total.dose, stopped.total.dose_per_kg, sep=" = ")
    3,320 mcg = 41.5 mcg/kg

    Errors as for ``dose``; CalculationRefused too for a stop that is not after the start, or too long after it.
    """
    typed = Inputs()
    asked = request_of(StopRequest, {"protocol": protocol, **options}, "stop")
    return result_of(StopResult, stop_of(asked, typed), _beside(stop_page, asked.timezone), typed.notes)


def _planned(kind: type[B], name: str, page: Callable[[Document, Document], Page], values: Mapping[str, Any]) -> B:
    typed = Inputs()
    after = {key: value for key, value in values.items() if key in BridgeRequest._fields}
    dosing = request_of(DosingRequest, {key: value for key, value in values.items() if key not in after}, name)
    made = planned(name, dosing, request_of(BridgeRequest, after, name), typed)
    return result_of(kind, made, _beside(page, dosing.timezone), typed.notes)


def _beside(page: Callable[[Document, Document], Page], timezone: str | None = None) -> Callable[[Document], Page]:
    """Return a page that makes what stands beside its document when it is printed."""
    return partial(_with_facts, page, timezone)


def _with_facts(page: Callable[[Document, Document], Page], timezone: str | None, made: Document) -> Page:
    return page(made, bedside_facts(made, timezone))


def rate(
    value: Given,
    *,
    weight: Given = None,
    concentration: Given = None,
    to: str | None = None,
    drug: str | None = None,
    pump_step: Given = None,
    library: str | Path | None = None,
    care_area: str | None = None,
) -> RateResult:
    """Return one rate in another unit (mL/h unless ``to`` names another), judged like that of an order.

    A result in mL/h is rounded half up to ``pump_step``, 0.1 mL/h unless given, with the exact value beside it.

    >>> import rescuecalc as rc
    >>> print(rc.rate("0.15 mcg/kg/min", weight="57 kg", concentration="50 mcg/mL"))
    10.3 mL/h (exact 10.26 mL/h, +0.39 %)

    Raises InputError for what is missing or unreadable, CalculationRefused for what is outside of the limits and for
    1,000 times a catalogue concentration.
    """
    typed = Inputs()
    given: dict[str, Any] = {
        "weight": weight,
        "concentration": concentration,
        "to": to,
        "drug": drug,
        "pump_step": pump_step,
    }
    given |= {"library": library, "care_area": care_area}
    setting = rate_setting(request_of(RateRequest, given, "rate"), typed)
    made, conversion = rated(text_of(value, "value") or "", setting, typed, "rate")
    line = partial(rate_line, made, conversion)
    return view(RateResult, made, _document=made, _page=line, notes_on_input=tuple(typed.notes))


@takes(TableOptions)
def table(protocol: str | None = None, **options: Unpack[TableOptions]) -> TableResult:
    """Return bolus volumes and pump rates of a protocol for weights from ``low`` to ``high`` by ``step``.

    They are 40 to 140 kg by 5 kg unless given; the other options are those of `rescuecalc table`. Errors as for dose.
    """
    typed = Inputs()
    made = table_of(request_of(TableRequest, {"protocol": protocol, **options}, "table"), typed)
    return result_of(TableResult, made, _beside(table_page), typed.notes)


def renal(
    *,
    age: str | int,
    sex: str,
    weight: Given,
    creatinine: Given,
    height: Given = None,
    basis: str = "actual",
) -> RenalResult:
    """Return the creatinine clearance (Cockcroft-Gault) on a weight basis: ``actual``, ``ideal`` or ``adjusted``.

    ``age`` is in whole years, ``sex`` is female or male as the formula means it, ``creatinine`` in mg/dL or umol/L.

    >>> import rescuecalc as rc
    >>> print(rc.renal(age=70, sex="female", weight="80 kg", creatinine="1.2 mg/dL").creatinine_clearance)
    55.1 mL/min

    Raises InputError for an unreadable value, CalculationRefused for one outside the limits.
    """
    typed = Inputs()
    given = {"age": age, "sex": sex, "weight": weight, "creatinine": creatinine, "height": height, "basis": basis}
    return result_of(RenalResult, renal_of(request_of(RenalRequest, given, "renal"), typed), renal_page, typed.notes)
