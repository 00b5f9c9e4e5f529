"""The document of `check`, and what it is made of."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.reporters.document.common_parts import Document, finding, header
from rescuecalc.rules.facts.judged_state import JudgedState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.library.pump_library import LibraryUse, PumpLibrary
    from rescuecalc.core.orders.findings.source_location import Located


class CodeCount(NamedTuple):
    """How many findings a rule has at one severity."""

    code: str
    name: str
    severity: str
    findings: int


class Checked(NamedTuple):
    """What a check found: the listed findings in the order of their places, and all of them counted.

    ``suppressed`` are findings that were let stand, told as RC901; ``known`` those that the baseline took away;
    ``names`` are the files, ``passed_over`` counts resources of FHIR that have nothing to do with medication,
    ``settings`` is which settings judged and what they leave out.
    ``judged`` counts orders by how far they could be judged; ``no_limit_for`` names drugs without a known limit, and
    there are others where ``more_drugs`` says so. ``not_given`` names what at least one order set with an intravenous
    inhibitor does not say of its patient, so that nothing could be judged by it. ``standings`` are file, line, id, drug
    and state of each order, where they were asked for.
    ``by_code`` counts every finding by its rule, ``excluded`` the files that a pattern left out,
    ``approved`` the findings that the site accepts: they are listed, and do not end the run with exit 1.
    """

    located: tuple[Located, ...]
    counts: Mapping[Severity, int]
    files: int
    orders: int
    left_out: int
    unreadable: bool
    as_of: str
    suppressed: int = 0
    known: int = 0
    names: tuple[str, ...] = ()
    passed_over: int = 0
    judged: Mapping[JudgedState, int] = MappingProxyType({})
    no_limit_for: tuple[str, ...] = ()
    more_drugs: bool = False
    settings: Document = {}  # noqa: RUF012  # never changed
    not_given: tuple[str, ...] = ()
    by_code: tuple[CodeCount, ...] = ()
    excluded: int = 0
    approved: int = 0
    libraries: tuple[LibraryUse, ...] = ()
    standings: tuple[tuple[str, int | None, str, str, str], ...] = ()


def check_document(checked: Checked) -> Document:
    """Return the outcome of a check; ``summary`` counts every finding, also those that are not listed."""
    return {
        **header("check", 2),
        "as_of": checked.as_of,
        "findings": [finding(each.finding) for each in checked.located],
        "summary": {
            "files": checked.files,
            "excluded": checked.excluded,
            "orders": checked.orders,
            "passed_over": checked.passed_over,
            "judged": {state.value: checked.judged.get(state, 0) for state in JudgedState},
            **{severity.value: checked.counts[severity] for severity in Severity},
            "suppressed": checked.suppressed,
            "approved": checked.approved,
            "in_baseline": checked.known,
            "left_out": checked.left_out,
            "all_read": not checked.unreadable,
            "not_given": list(checked.not_given),
            "by_code": [
                {"code": each.code, "name": each.name, "severity": each.severity, "count": each.findings}
                for each in checked.by_code
            ],
            "libraries": [library_part(each) for each in checked.libraries],
        },
        "judged_orders": [
            dict(zip(("file", "line", "id", "drug", "state"), each, strict=True)) for each in checked.standings
        ],
        "settings": checked.settings,
    }


def library_part(use: LibraryUse) -> Document:
    """Return which pump library judged, and in which care area."""
    return library_head(use.library) | {"care_area": use.area.name if use.area is not None else None}


def library_head(of: PumpLibrary) -> Document:
    """Return what a pump library says of itself, and its file."""
    return {
        "name": of.name,
        "version": of.version or None,
        "released": of.released or None,
        "kind": of.kind,
        "file": of.file,
    }
