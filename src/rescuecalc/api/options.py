"""The options of the library's functions, as types: each is one of the command's, its dashes underscores."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rescuecalc.api.exact_quantity import ExactQuantity
    from rescuecalc.core.quantities.units import PintQuantity

    Given = str | ExactQuantity | PintQuantity | None

F = TypeVar("F", bound="Callable[..., Any]")


class ProductOptions(TypedDict, total=False):
    """What `dose` and `table` have in common."""

    crcl: Given
    renal: str | None
    ia_dose: Given
    bolus_product: str | None
    infusion_product: str | None
    bolus_concentration: Given
    infusion_concentration: Given
    pump_step: Given
    volume_step: Given
    protocol_file: str | Path | None


class PatientOptions(TypedDict, total=False):
    """What is known of the patient besides weight and clearance."""

    age: str | int | None
    sex: str | None
    creatinine: Given
    height: Given
    basis: str | None
    platelets: str | int | None
    inr: str | None
    bp: str | None
    anticoagulant: str | None
    dialysis: bool | None
    prior_thrombocytopenia: str | None
    intracranial_haemorrhage: str | None
    cyp2c19: str | None
    haemoglobin: str | None


class DosingOptions(ProductOptions, PatientOptions, total=False):
    """The options of `dose`, which `bridge` and `plan` have too."""

    weight: Given
    run_time: Given
    give_over: Given
    priming_volume: Given
    start: str | None
    timezone: str | None
    thrombolysis_at: str | None
    bolus: Given
    route: str | None
    infusion: Given
    library: str | Path | None
    care_area: str | None


class BridgeOptions(DosingOptions, total=False):
    """The options of `bridge` and `plan`."""

    imaging: str | None
    p2y12: str | None
    load: Given
    maintenance: Given
    p2y12_route: str | None
    aspirin: Given
    aspirin_load: Given
    aspirin_route: str | None
    overlap: Given
    beside: str | Iterable[str] | None
    pru: str | int | None
    assay_at: str | None


class StopOptions(PatientOptions, total=False):
    """The options of `stop`."""

    started: str | None
    stopped: str | None
    timezone: str | None
    thrombolysis_at: str | None
    weight: Given
    crcl: Given
    ia_dose: Given
    bolus_product: str | None
    infusion_product: str | None
    bolus_concentration: Given
    infusion_concentration: Given
    priming_volume: Given
    pump_step: Given
    volume_step: Given
    protocol_file: str | Path | None
    bolus: Given
    route: str | None
    infusion: Given


class TableOptions(ProductOptions, total=False):
    """The options of `table`; ``low`` and ``high`` are the command's --from and --to."""

    low: Given
    high: Given
    step: Given


def takes(options: type) -> Callable[[F], F]:
    """Let `help` and notebooks show the options of a function one by one, and not as ``**options``."""

    def shown(function: F) -> F:
        own = inspect.signature(function)
        named = [each for each in own.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
        more = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation.__forward_arg__)
            for name, annotation in options.__annotations__.items()
        ]
        function.__signature__ = own.replace(parameters=[*named, *more])  # type: ignore[attr-defined]
        return function

    return shown
