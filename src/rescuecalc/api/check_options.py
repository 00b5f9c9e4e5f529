"""The options of `check` as a program gives them, as the texts of its request."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rescuecalc.api.arguments import path_of, text_of
from rescuecalc.engine.check_request import CheckRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.api.options import Given


def asked_of(
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
    columns: str | Path | None = None,
) -> CheckRequest:
    """Return what `check` is asked; without ``config`` no settings file counts.

    Raises InputError for a value of another kind than a text, a path or a quantity.
    """
    own = path_of(config, "config")
    return CheckRequest(
        select=_texts(select),
        ignore=_texts(ignore),
        protocol=protocol,
        patient_weight=text_of(patient_weight, "patient_weight"),
        patient_crcl=text_of(patient_crcl, "patient_crcl"),
        as_of=as_of.isoformat() if isinstance(as_of, date) else as_of,
        isolated=own is None,
        config=_text(own),
        protocol_file=[str(each) for each in _each(protocol_file)],
        library=_text(path_of(library, "library")),
        care_area=care_area,
        columns=_text(path_of(columns, "columns")),
    )


def _text(path: Path | None) -> str | None:
    return str(path) if path is not None else None


def _texts(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _each(value: str | Path | Iterable[str | Path]) -> list[str | Path]:
    return [value] if isinstance(value, (str, Path)) else list(value)
