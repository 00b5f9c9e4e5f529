"""What `check` is asked, as texts, and what it found: for the command and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.core.literature.limits import checked
from rescuecalc.core.quantities.quantity import CreatinineClearance, DosingWeight
from rescuecalc.engine.references import TypedOptions, codes
from rescuecalc.readers.text_decoding import ENCODINGS
from rescuecalc.reporters.document.check import Checked, CodeCount
from rescuecalc.requests.clock import day
from rescuecalc.requests.inputs import one_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rescuecalc.core.orders.finding import Severity
    from rescuecalc.engine.lint_runner import Tally
    from rescuecalc.engine.references import RunReferences
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.requests.inputs import Inputs


def typed_options(
    typed: Inputs,
    *,
    select: Sequence[str],
    ignore: Sequence[str],
    fail_on: Severity | None,
    protocol: str | None,
    patient_weight: str | None,
    patient_crcl: str | None,
    as_of: str | None,
    isolated: bool,
    config: Path | None,
    protocol_files: tuple[Path, ...],
    exclude: Sequence[str] = (),
    library: Path | None = None,
    care_area: str | None = None,
    columns: Path | None = None,
    encoding: str | None = None,
) -> TypedOptions:
    """Return the options of a check.

    Raises InputError for unreadable quantities, days and unknown codes, CalculationRefused outside of the limits.
    """
    limits = catalogue.limits()
    weight = typed.maybe(patient_weight, DosingWeight, "--patient-weight")
    clearance = typed.maybe(patient_crcl, CreatinineClearance, "--patient-crcl")
    return TypedOptions(
        select=codes(list(select), "--select"),
        ignore=codes(list(ignore), "--ignore"),
        fail_on=fail_on,
        protocol=protocol,
        weight=checked(weight, limits.weight, "--patient-weight") if weight else None,
        clearance=checked(clearance, limits.clearance, "--patient-crcl") if clearance else None,
        as_of=day(as_of),
        isolated=isolated,
        config=config,
        protocol_files=protocol_files,
        exclude=tuple(exclude),
        library=library,
        care_area=care_area,
        columns=columns,
        encoding=one_of(encoding.lower(), ENCODINGS, "--encoding") if encoding is not None else None,
    )


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
