"""What `dose -` is asked, a JSON object a line, and the line that answers it: a document, or why there is none."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rescuecalc import __version__
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import CatalogueError, ExitCode, InputError, RescuecalcError
from rescuecalc.requests.dosing import DosingRequest, dose_of
from rescuecalc.requests.input.inputs import Inputs
from rescuecalc.requests.input.option import options_of, request_from, values_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rescuecalc.reporters.document.common_parts import Document

_FLAGS: Final = frozenset({"dialysis", "label_band"})
_FILES: Final = frozenset({"protocol_file", "library"})
_KEYS: Final = (*options_of(DosingRequest), "label_band")
_EXAMPLE: Final = '{"protocol": "yang-2020-iv", "weight": "80kg", "run-time": "24h"}'


def answered(
    line: bytes | None, number: int, shared: DosingRequest, typed: Inputs, reads: Callable[[Path], None]
) -> Document:
    """Return the document of one request, or an error document with the exit code that it would end with.

    ``line`` is None where it is too long; ``shared`` is what was typed for every line; ``reads`` is told each file that
    the line names. What no line should be able to cause is an error document too, without the text of the exception:
    it may quote the patient.
    """
    try:
        given = _request(line)
        label_band = given.pop("label_band", False)
        asked = _joined(given, shared)
        for name in _FILES & given.keys():
            reads(Path(given[name]))
        return dose_of(asked, typed, label_band=label_band)
    except RescuecalcError as failure:
        problems = list(failure.problems) if isinstance(failure, CatalogueError) else [str(failure)]
        return _error(number, failure.exit_code, problems)
    except Exception as failure:  # noqa: BLE001  # one line never ends the others
        place = traceback.extract_tb(failure.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return _error(number, ExitCode.INTERNAL, [f"internal error, {type(failure).__name__} at {where}"])


def _error(number: int, code: ExitCode, problems: list[str]) -> Document:
    return {
        "schema": "rescuecalc.dose-error.1",
        "rescuecalc": __version__,
        "line": number,
        "exit_code": int(code),
        "kind": code.name.lower().replace("_", "-"),
        "problems": problems,
    }


def _request(line: bytes | None) -> dict[str, Any]:
    """Return the options of a line by their names; InputError for a line that is not an object of texts."""
    if line is None:
        raise InputError("the line is too long; a request has at most 10,000 bytes")
    try:
        # A number keeps the digits that stand there: 80 is refused as on the command line, 1.6 is an INR.
        made = json.loads(
            line.decode("utf-8-sig"), object_pairs_hook=_options, parse_float=str, parse_int=str, parse_constant=str
        )
    except UnicodeDecodeError:
        raise InputError("the line is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise InputError(f"the line is not a JSON object; write one as {_EXAMPLE}") from None
    if not isinstance(made, dict):
        raise InputError(f"the line is not a JSON object; write one as {_EXAMPLE}")
    return made


def _options(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        name = key.replace("-", "_")
        if name not in _KEYS:
            known = [each.replace("_", "-") for each in _KEYS]
            raise InputError(f"{quoted(key)} is not an option of dose{nearest(key, known)}")
        if name in made:
            raise InputError(f"{quoted(key)} is given more than once; give it once")
        made[name] = _value(name, key, value)
    return {key: value for key, value in made.items() if value is not None}


def _value(name: str, key: str, value: Any) -> Any:
    if name in _FLAGS:
        if value is not None and not isinstance(value, bool):
            raise InputError(f"{quoted(key)} is true or false")
        return value
    if value is not None and not isinstance(value, str):
        raise InputError(f"{quoted(key)} is not a text; write it as on the command line, as in {_EXAMPLE}")
    if value == "":
        raise InputError(f"{quoted(key)} has an empty value; write one, or leave it out")
    return Path(value) if name == "protocol_file" and value is not None else value


def _joined(given: dict[str, Any], shared: DosingRequest) -> DosingRequest:
    """Return a request of both; what stands in both is refused: neither is the one that was meant."""
    options = values_of(shared)
    typed = {key for key, value in options.items() if value is not None}
    both = sorted(typed & given.keys())
    if both:
        raise InputError(f"{quoted(both[0])} stands in the line and on the command line; write it once")
    made: DosingRequest = request_from(DosingRequest, options | given)
    return made
