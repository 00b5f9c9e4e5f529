"""Under which heading of a command's help each option stands."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

_NAMED: Final = {
    "Patient": (
        *("weight", "crcl", "renal", "age", "sex", "creatinine", "height", "basis", "platelets", "inr", "bp"),
        *("anticoagulant", "dialysis", "prior_thrombocytopenia", "intracranial_haemorrhage", "cyp2c19", "haemoglobin"),
        *("patient_weight", "patient_crcl"),
    ),
    "Products": (
        *("bolus_product", "infusion_product", "bolus_concentration", "infusion_concentration", "concentration"),
        *("priming_volume", "pump_step", "volume_step", "library", "care_area"),
    ),
    "Regimen": ("protocol", "protocol_file", "ia_dose", "bolus", "route", "infusion", "drug"),
    "Weights": ("low", "high", "step"),
    "Time": (
        "run_time",
        "give_over",
        "start",
        "timezone",
        "started",
        "stopped",
        "thrombolysis_at",
        "as_of",
        "change_before",
    ),
    "Antiplatelets": (
        *("p2y12", "load", "maintenance", "p2y12_route", "aspirin", "aspirin_load", "aspirin_route", "overlap"),
        *("imaging", "beside", "pru", "assay_at"),
    ),
    "Rules and settings": (
        "select",
        "ignore",
        "exclude",
        "config",
        "isolated",
        "show_settings",
        "baseline",
        "stdin_filename",
    ),
    "Selection": ("strategy", "outcome", "territory", "situation", "thrombolysis", "sort"),
    "Output": (
        *("to", "details", "quiet", "label_band", "as_order_set", "picture", "write_baseline", "fail_on", "output"),
        *("as_json", "result_file", "no_input"),
    ),
}
_ORDER: Final = tuple(_NAMED)
_GROUPS: Final = {name: group for group, names in _NAMED.items() for name in names}
_OTHER: Final = "Output"
"""Where an option stands that no group names; ``--help`` is one of every command."""


def grouped(params: Iterable[Any], ctx: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each heading with the lines under it: the arguments, then the options by group, in the command's order."""
    arguments: list[tuple[str, str]] = []
    options: dict[str, list[tuple[str, str]]] = {}
    for each in params:
        record = each.get_help_record(ctx)
        if record is not None and each.param_type_name == "argument":
            arguments.append(record)
        elif record is not None:
            options.setdefault(_GROUPS.get(each.name, _OTHER), []).append(record)
    if arguments:
        yield "Arguments", arguments
    yield from ((group, options[group]) for group in _ORDER if group in options)
