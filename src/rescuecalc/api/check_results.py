"""The result of `check`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rescuecalc.api.result import ReportedFinding, Result, sources_of
from rescuecalc.core.literature.source import Source
from rescuecalc.core.orders.findings.finding import Severity


@dataclass(frozen=True)
class JudgedOrders:
    """How many orders could be judged by a known dose, by their arithmetic alone, and not at all.

    Of ``fields_only`` the dose in the text was compared with nothing.
    """

    dose: int
    arithmetic: int
    fields_only: int
    text_only: int
    not_judged: int


@dataclass(frozen=True)
class CodeFindings:
    """How many findings a rule has at one severity."""

    code: str
    name: str
    severity: Severity
    count: int


@dataclass(frozen=True)
class LibraryUsed:
    """A pump library that order sets were compared with; ``kind`` is ``limits`` of a site's list, else ``pump``."""

    name: str
    version: str | None
    released: str | None
    kind: str
    file: str
    care_area: str | None


@dataclass(frozen=True)
class CheckSummary:
    """What was counted: also findings that are not listed (``left_out``), suppressed or ``in_baseline``.

    ``all_read`` is whether every file and every part of it could be read; ``passed_over`` counts resources of FHIR that
    have nothing to do with medication, ``excluded`` files that the settings leave out, ``approved`` findings that the
    site accepts. ``not_given`` names what at least one order set does not say of its patient.
    """

    files: int
    excluded: int
    orders: int
    passed_over: int
    judged: JudgedOrders
    error: int
    warning: int
    note: int
    suppressed: int
    approved: int
    in_baseline: int
    left_out: int
    all_read: bool
    not_given: tuple[str, ...]
    by_code: tuple[CodeFindings, ...]
    libraries: tuple[LibraryUsed, ...]


@dataclass(frozen=True)
class OptionsUsed:
    """What the call said of rules, severity and protocols."""

    columns: str | None
    encoding: str | None
    config: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    exclude: tuple[str, ...]
    fail_on: str | None
    protocol: str | None
    protocol_files: tuple[str, ...]


@dataclass(frozen=True)
class PathIgnores:
    """The codes that a settings file leaves out of the files of a pattern."""

    path: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class KeyWithoutEffect:
    """A key of a settings file that leaves out rules which may not be left out so."""

    key: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class SuppressionUsed:
    """A suppression of a settings file."""

    path: str
    order: str | None
    code: str
    until: str
    because: str


@dataclass(frozen=True)
class SeverityUsed:
    """The severity that a settings file gives to a rule or a family."""

    code: str
    severity: Severity
    until: str | None
    because: str | None


@dataclass(frozen=True)
class ApprovalUsed:
    """An approval of a settings file: whose findings, in which order set, why, by whom and until when."""

    code: str
    order_set: str
    reason: str
    approver: str
    until: str


@dataclass(frozen=True)
class ColumnsUsed:
    """The column map of the files of a pattern."""

    path: str
    file: str


@dataclass(frozen=True)
class SettingsFile:
    """A settings file that judged, and what it leaves out."""

    file: str
    checked: int
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    exclude: tuple[str, ...]
    per_path_ignores: tuple[PathIgnores, ...]
    left_out: tuple[str, ...]
    without_effect: tuple[KeyWithoutEffect, ...]
    suppress: tuple[SuppressionUsed, ...]
    severity: tuple[SeverityUsed, ...]
    columns: tuple[ColumnsUsed, ...]
    approvals: tuple[ApprovalUsed, ...]
    fail_on: str | None
    limits: tuple[str, ...]
    products: tuple[str, ...]
    protocol_files: tuple[str, ...]


@dataclass(frozen=True)
class SettingsUsed:
    """Which settings judged; ``isolated`` is whether no settings file was looked for."""

    isolated: bool
    typed: OptionsUsed
    files: tuple[SettingsFile, ...]
    unread_left_out: Mapping[str, int]


@dataclass(frozen=True)
class JudgedOrder:
    """How far one order could be judged, where that was asked for; ``state`` is one of those of the summary."""

    file: str
    line: int | None
    id: str
    drug: str
    state: str


@dataclass(frozen=True, repr=False)
class CheckResult(Result):
    """What was found in order sets, and how far each order could be judged."""

    as_of: str
    findings: tuple[ReportedFinding, ...]
    summary: CheckSummary
    judged_orders: tuple[JudgedOrder, ...]
    settings: SettingsUsed

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of its findings."""
        return sources_of(self.findings)
