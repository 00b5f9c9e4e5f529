"""The function `check`: order sets out of files or out of the program's own dictionaries, judged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rescuecalc.api.arguments import text_of
from rescuecalc.api.check_options import asked_of
from rescuecalc.api.check_results import CheckResult
from rescuecalc.api.view import view
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.engine.checking import checked_of, typed_options
from rescuecalc.engine.lint_runner import tally
from rescuecalc.engine.references import RunReferences
from rescuecalc.engine.settings_report import settings_used
from rescuecalc.errors import InputError
from rescuecalc.readers.input_paths import STDIN, File, files
from rescuecalc.reporters.document.check import Checked, check_document
from rescuecalc.reporters.render.check.check_text import check_page
from rescuecalc.requests.input.inputs import Inputs

if TYPE_CHECKING:
    from rescuecalc.api.options import Given
    from rescuecalc.engine.check_request import CheckRequest

    OrderSets = str | Path | Mapping[str, Any] | Iterable[str | Path] | Iterable[Mapping[str, Any]]

IN_MEMORY: Final = "<orders>"
"""What stands for a file's name where order sets are the program's own."""


def check(
    orders: OrderSets,
    *,
    protocol: str | None = None,
    patient_weight: Given = None,
    patient_crcl: Given = None,
    as_of: str | date | None = None,
    select: str | Iterable[str] = (),
    ignore: str | Iterable[str] = (),
    config: str | Path | None = None,
    protocol_file: str | Path | Iterable[str | Path] = (),
    library: str | Path | None = None,
    care_area: str | None = None,
) -> CheckResult:
    """Return the findings of order sets, as `rescuecalc check`.

    ``orders`` are paths of files and folders, or order sets themselves: a dictionary in the shape of the native format
    or a resource of FHIR, or a list of these. A dictionary is judged as the JSON that it makes (indented by 2), a list
    as JSON Lines: ``line`` of a finding is its position in the list, from 1; the file is called `<orders>`. Quantities
    of ``rescuecalc.units`` and dates are written as text. The other arguments are the options of the command.

    No settings file is read unless ``config`` names one: the same call gives the same findings in any folder, as the
    command does with --isolated. ``as_of`` is today unless given.

    >>> import rescuecalc as rc
    >>> drip = {"drug": "tirofiban", "dose_rate_per_kg": "0.15 mcg/kg/min", "concentration": "50 mcg/mL"}
    >>> orders = {"order_set": "Rescue", "patient": {"weight": "80 kg"}, "orders": [{**drip, "pump_rate": "144 mL/h"}]}
    >>> for each in rc.check(orders, select="RC3").findings:
    ...     print(each.code, each.severity, each.pointer, each.found, each.expected, each.factor, each.slip)
    RC304 error /orders/0/pump_rate 144 mL/h 14.4 mL/h 10 ('decimal point',)

    Raises InputError for an argument that is missing, unreadable or unknown, CalculationRefused for a patient outside
    of the limits, CatalogueError for a settings or protocol file that is none. What is wrong with order sets, also that
    they cannot be read, is never raised: it is a finding.
    """
    asked = asked_of(
        protocol=protocol,
        patient_weight=patient_weight,
        patient_crcl=patient_crcl,
        as_of=as_of,
        select=select,
        ignore=ignore,
        config=config,
        protocol_file=protocol_file,
        library=library,
        care_area=care_area,
    )
    return _result(orders, asked)


def _result(orders: OrderSets, asked: CheckRequest) -> CheckResult:
    """Return the result of a request: options are read first, so that a wrong one is raised before a file is read."""
    typed = Inputs()
    references = RunReferences(typed_options(typed, asked))
    found = _judged(orders, references)
    made = check_document(found)
    return view(CheckResult, made, _document=made, _page=partial(_page, found), notes_on_input=tuple(typed.notes))


def _judged(orders: OrderSets, references: RunReferences) -> Checked:
    named, stream = _read(orders)
    total = tally(named, stream, references.of)
    return checked_of(total, references, settings_used(references, total.unread))


def _page(found: Checked) -> str:
    return check_page(found).text().rstrip("\n")


def _read(orders: Any) -> tuple[list[File], BytesIO]:
    """Return the files to read and their contents in memory; InputError for what is neither path nor order set."""
    if isinstance(orders, Mapping):
        return [File(IN_MEMORY, None, ".json")], BytesIO(_json(orders, indent=2))
    several = [orders] if isinstance(orders, (str, Path)) else _listed(orders)
    if not several:
        raise InputError("orders: the list is empty: there is nothing to check")
    if all(isinstance(each, Mapping) for each in several):
        return [File(IN_MEMORY, None, ".jsonl")], BytesIO(b"\n".join(map(_json, several)))
    if not all(isinstance(each, (str, Path)) for each in several):
        raise InputError("orders: paths or dictionaries are needed, not both and nothing else")
    names = [str(each) for each in several]
    if any("\n" in name for name in names):  # nor is it quoted: it may be about a patient
        raise InputError(
            "orders: a text is the path of a file, and this one has lines; read it into a dictionary first"
        )
    if STDIN in names:
        raise InputError(f"orders: {quoted(STDIN)} is standard input of the command; give a path or a dictionary")
    return files(names, None), BytesIO()


def _listed(orders: Any) -> list[Any]:
    if not isinstance(orders, Iterable) or isinstance(orders, (bytes, bytearray)):
        raise InputError(f"orders: a path, a dictionary or a list of these is needed, not a {type(orders).__name__}")
    return list(orders)


def _json(orders: Mapping[str, Any], indent: int | None = None) -> bytes:
    try:
        return json.dumps(dict(orders), default=_plain, allow_nan=False, indent=indent).encode()
    except (TypeError, ValueError, RecursionError) as failure:
        raise InputError(f"orders: cannot be written as JSON: {failure}") from None


def _plain(value: Any) -> Any:
    """Return what JSON has no word for as an order set writes it: quantities and dates as text."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date):
        return value.isoformat()
    return text_of(value, "orders")
