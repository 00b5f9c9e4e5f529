"""The findings of `check` as a Code Quality report of GitLab, which a merge request shows beside its changes."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.reporters.render.check.fingerprint import fingerprints
from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.reporters.render.json_text import dumps

if TYPE_CHECKING:
    from rescuecalc.core.orders.findings.source_location import Located
    from rescuecalc.reporters.document.check import Checked
    from rescuecalc.reporters.document.common_parts import Document

_SEVERITIES: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def gitlab_report(checked: Checked) -> str:
    """Return the findings as a JSON list; GitLab takes paths from the root of the repository, where checks run."""
    prints = fingerprints(checked.located)
    return f"{dumps([_issue(each, print_) for each, print_ in zip(checked.located, prints, strict=True)])}\n"


def _issue(each: Located, fingerprint: str) -> Document:
    found = each.finding
    return {
        "description": printable(f"{found.code} {found.message}"),
        "check_name": found.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[found.severity],
        "location": {"path": _path(found.file or ""), "lines": {"begin": found.line or 1}},
    }


def _path(name: str) -> str:
    """Return a file's path from the working folder, as far as it lies there."""
    path = PurePath(name)
    here = Path.cwd()
    inside = path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path
    return printable(os.fsencode(inside.as_posix()).decode("utf-8", "replace"))
