"""What `check` is asked, as texts, and what it found: for the command and for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.core.literature.limits import checked
from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight
from rescuecalc.engine.references import TypedOptions, codes
from rescuecalc.readers.text_decoding import ENCODINGS
from rescuecalc.reporters.document.check import Checked, CodeCount
from rescuecalc.requests.input.clock import day
from rescuecalc.requests.input.inputs import one_of

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.finding import Severity
    from rescuecalc.engine.check_request import CheckRequest
    from rescuecalc.engine.lint_runner import Tally
    from rescuecalc.engine.references import RunReferences
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.requests.input.inputs import Inputs


def typed_options(typed: Inputs, asked: CheckRequest, fail_on: Severity | None = None) -> TypedOptions:
    """Return what is typed of a check, read.

    Raises InputError for unreadable quantities, days and unknown codes, CalculationRefused outside of the limits.
    """
    limits = catalogue.limits()
    weight = typed.maybe(asked.patient_weight, DosingWeight, "--patient-weight")
    clearance = typed.maybe(asked.patient_crcl, CreatinineClearance, "--patient-crcl")
    return TypedOptions(
        select=codes(asked.select or [], "--select"),
        ignore=codes(asked.ignore or [], "--ignore"),
        fail_on=fail_on,
        protocol=asked.protocol,
        weight=checked(weight, limits.weight, "--patient-weight") if weight else None,
        clearance=checked(clearance, limits.clearance, "--patient-crcl") if clearance else None,
        as_of=day(asked.as_of),
        isolated=asked.isolated,
        config=_path(asked.config),
        protocol_files=tuple(map(Path, asked.protocol_file or ())),
        exclude=tuple(asked.exclude or ()),
        library=_path(asked.library),
        care_area=asked.care_area,
        columns=_path(asked.columns),
        encoding=one_of(asked.encoding.lower(), ENCODINGS, "--encoding") if asked.encoding is not None else None,
    )


def _path(text: str | None) -> Path | None:
    return Path(text) if text is not None else None


def checked_of(total: Tally, references: RunReferences, used: Document, excluded: int = 0) -> Checked:
    """Return what a check found, for its reporters; ``used`` is which settings judged."""
    as_of = references.typed.as_of
    return Checked(
        tuple(total.listed),
        total.counts,
        total.files,
        total.orders,
        total.left_out,
        total.unreadable,
        as_of,
        total.suppressed,
        total.known,
        tuple(total.names),
        total.passed_over,
        total.states.counts,
        *total.states.no_limit_for(),
        settings=used,
        not_given=tuple(total.not_given),
        by_code=_by_code(total),
        approved=total.approved,
        excluded=excluded,
        libraries=references.libraries,
        standings=tuple((*each[:4], each.state.value) for each in total.standings),
    )


def _by_code(total: Tally) -> tuple[CodeCount, ...]:
    """Return how many findings each rule has, errors first and the most frequent first."""
    counted = sorted(total.by_code.items(), key=lambda each: (each[0][2].rank, -each[1], each[0][0]))
    return tuple(CodeCount(code, name, severity.value, count) for (code, name, severity), count in counted)
