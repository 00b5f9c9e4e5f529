"""The shape of a document: is it a mapping, a list or a text where one is needed, and are its names known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.order import Defect
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.readers.document_reading import LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

DOUBLED: Final = "RC103"
UNKNOWN_FIELD: Final = "RC104"
WRONG_TYPE: Final = "RC105"
MISSING_FIELD: Final = "RC106"
UNKNOWN_VALUE: Final = "RC107"
UNREADABLE_VALUE: Final = "RC109"
CLEARANCE_IS_EGFR: Final = "RC515"
"""The codes of the rules that report what the shape of a document does wrong."""

_NAMES: Final = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false"}
_ENTRY: Final = re.compile("[0-9]{1,9}")
"""The number of an entry; a key of more digits is a name."""

_LIKE: Final = 0.6
_HINTED: Final = 50
"""Unknown fields of one mapping for which the nearest name is looked up: that takes time."""


def unread_clearance(text: str) -> str:
    """Return the code for a creatinine clearance that cannot be read: an eGFR is no notation, but another quantity."""
    return CLEARANCE_IS_EGFR if "1.73" in text or "gfr" in text.lower() else UNREADABLE_VALUE


def escaped(name: str) -> str:
    """Return a name as a part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def is_a(kind: type[Any], value: Any, pointer: str, defects: list[Defect]) -> bool:
    """Whether ``value`` is of ``kind``; a value of another kind is a defect, None and an empty text are not there."""
    if value is None or value == "":
        return False
    if not isinstance(value, kind):
        message = f"{name_of(pointer)} is {_NAMES.get(type(value), 'of another kind')}, and {_NAMES[kind]} is needed"
        defects.append(Defect(WRONG_TYPE, message, pointer, _NAMES.get(type(value))))
        return False
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        message = f"{name_of(pointer)} is longer than {LONGEST_TEXT:,} characters and was not judged"
        defects.append(Defect(WRONG_TYPE, message, pointer))
        return False
    return True


def name_of(pointer: str) -> str:
    """Return the last name of a pointer, quoted, for a message; of a list which entry it is, counted from 1."""
    above, _, last = pointer.rpartition("/")
    if _ENTRY.fullmatch(last) and above:
        return f"entry {int(last) + 1} of {name_of(above)}"
    return quoted(pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~"))


def texts_of(
    data: dict[str, Any], wanted: Sequence[str], known: Sequence[str], pointer: str, defects: list[Defect]
) -> dict[str, str]:
    """Return the ``wanted`` fields that are texts; a name that is not ``known`` is a defect."""
    unknown = [name for name in data if name not in known]
    defects.extend(
        unknown_field(name, known if place < _HINTED else (), f"{pointer}/{escaped(name)}")
        for place, name in enumerate(unknown)
    )
    return {name: data[name] for name in wanted if is_a(str, data.get(name), f"{pointer}/{name}", defects)}


def known_names(data: dict[str, Any], known: frozenset[str], pointer: str, defects: list[Defect]) -> None:
    """Add a defect for each name that the elements of FHIR do not have; one that begins with ``_`` is an extension."""
    if data.keys() <= known:
        return
    unknown = [name for name in data if name not in known and not name.startswith("_")]
    defects.extend(
        unknown_field(name, tuple(known) if place < _HINTED else (), f"{pointer}/{escaped(name)}")
        for place, name in enumerate(unknown)
    )


def unknown_field(name: str, known: Sequence[str], pointer: str) -> Defect:
    """Return the defect of a field that the format does not have."""
    meant = _USUAL_NAMES.get(name.lower())
    hint = f"; did you mean {meant}?" if meant in known else nearest(name, known, cutoff=_LIKE)
    hint = "" if name.lower() in _OF_NO_FIELD else hint
    return Defect(UNKNOWN_FIELD, f"{quoted(name)} is not a field of the format and was not judged{hint}", pointer, name)


def without_bystanders(data: dict[str, Any], of: str, pointer: str, defects: list[Defect]) -> dict[str, Any]:
    """Return a mapping without the names that no rule asks for, each of which is noted."""
    beside = [name for name, value in data.items() if _stands_beside(name.lower(), value, of, data)]
    for name in beside:
        message = f"{quoted(name)} is not a field of the format: no rule asks for it"
        defects.append(Defect(UNKNOWN_FIELD, message, f"{pointer}/{escaped(name)}", name, is_note=True))
    return {name: value for name, value in data.items() if name not in beside} if beside else data


def _stands_beside(name: str, value: Any, of: str, data: dict[str, Any]) -> bool:
    if name == "allergies" and of == "patient":
        return isinstance(value, str) and " ".join(value.lower().split()) in field.NO_ALLERGIES
    if name in {"creatinine", "egfr"} and of == "patient":
        return "creatinine_clearance" in data  # by which the doses are judged
    return name in field.BYSTANDERS[of]


_OF_NO_FIELD: Final = frozenset(
    (
        *("status", "state", "ideal_weight", "dosing_weight", "adjusted_weight", "diagnosis", "department"),
        *("creatinine", "serum_creatinine", "scr", "egfr"),
    )
)
"""Names that look like a field's and mean another thing."""
_USUAL_NAMES: Final = {
    **dict.fromkeys(("crcl", "clcr", "cockcroft_gault"), "creatinine_clearance"),
    **dict.fromkeys(("plt", "plts", "platelet_count"), "platelets"),
    **dict.fromkeys(("bp", "nibp"), "blood_pressure"),
    **dict.fromkeys(("hb", "hgb"), "haemoglobin"),
    **dict.fromkeys(("tpa", "lysis", "ivt"), "thrombolysis"),
    **dict.fromkeys(("wt", "body_weight"), "weight"),
    **dict.fromkeys(("conc", "strength"), "concentration"),
    **dict.fromkeys(("freq", "interval"), "frequency"),
    **dict.fromkeys(("duration", "runtime", "duration_h", "hours"), "run_time"),
    **dict.fromkeys(("rate", "flow", "flow_rate", "infusion_rate"), "pump_rate"),
    **dict.fromkeys(
        (
            "note",
            "notes",
            "comment",
            "comments",
            "sig",
            "instructions",
            "admin_instructions",
            "remarks",
            "order_comments",
        ),
        "text",
    ),
    **dict.fromkeys(("end", "end_time", "stop_time", "end_date"), "stop"),
    **dict.fromkeys(("start_time", "start_date", "begin", "initial"), "start"),
    **dict.fromkeys(("medication", "med", "medication_name", "drug_name", "name"), "drug"),
    **dict.fromkeys(("total_dose", "loading_dose", "amount", "dose_amount"), "dose"),
    **dict.fromkeys(("max", "maximum_dose", "maximum"), "max_dose"),
    **dict.fromkeys(("goal",), "target"),
    **dict.fromkeys(("increment",), "step"),
    **dict.fromkeys(("diluent", "fluid", "base_solution"), "diluted_in"),
    **dict.fromkeys(("volume_to_be_infused",), "vtbi"),
    **dict.fromkeys(("prn_reason", "as_needed"), "prn"),
}
"""Names of records that are unlike the field's own."""


def unknown_value(value: str, allowed: Sequence[str], pointer: str) -> Defect:
    """Return the defect of a word that is none of those which are known there."""
    listed = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
    return Defect(UNKNOWN_VALUE, f"{name_of(pointer)}: cannot read {quoted(value)}; write {listed}", pointer, value)


def mapping(data: dict[str, Any], name: str, pointer: str, defects: list[Defect]) -> Any:
    """Return the mapping under ``name``, an empty one where there is none."""
    return data[name] if is_a(dict, data.get(name), f"{pointer}/{name}", defects) else {}


def sequence(data: dict[str, Any], name: str, pointer: str, defects: list[Defect]) -> Any:
    """Return the list under ``name``, an empty one where there is none; an entry that says nothing is a defect."""
    if not is_a(list, data.get(name), f"{pointer}/{name}", defects):
        return []
    for place, each in enumerate(data[name]):
        if is_blank(each):
            message = "the order is empty" if name == "orders" else f"an entry of {name!r} is empty"
            defects.append(Defect(MISSING_FIELD, message, f"{pointer}/{name}/{place}"))
    return data[name]


def is_blank(each: Any) -> bool:
    """Whether an entry of a list says nothing: a bare dash, a null of JSON or of YAML, an empty text."""
    return each is None or (isinstance(each, str) and each.strip().lower() in {"", "~", "null"})
