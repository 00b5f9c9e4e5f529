"""Which settings a check was judged by, and what they leave out: a settings file must not hide a finding in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter

    from rescuecalc.core.orders.findings.finding import Severity
    from rescuecalc.engine.reference import Reference
    from rescuecalc.engine.references import RunReferences
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.settings.configuration import Settings


def settings_used(references: RunReferences, unread: Counter[str]) -> Document:
    """Return the settings of a run, one entry a settings file, and what was typed over them.

    ``unread`` are the findings of what could not be read whose rules are left out, counted by code.
    """
    typed = references.typed
    by_settings: dict[int, list[Reference]] = {}
    for each in references.every:
        by_settings.setdefault(id(each.settings), []).append(each)
    used = [(each, references.files[id(each[0].settings)]) for each in by_settings.values()]
    return {
        "isolated": typed.isolated,
        "typed": {
            "columns": str(typed.columns) if typed.columns is not None else None,
            "encoding": typed.encoding,
            "config": str(typed.config) if typed.config is not None else None,
            "select": list(typed.select),
            "ignore": list(typed.ignore),
            "exclude": list(typed.exclude),
            "fail_on": _severity(typed.fail_on),
            "protocol": typed.protocol,
            "protocol_files": [str(each) for each in typed.protocol_files],
        },
        "files": [_file(each, number) for each, number in used if each[0].settings.file is not None],
        "unread_left_out": dict(sorted(unread.items())),
    }


def _severity(severity: Severity | None) -> str | None:
    return severity.value if severity is not None else None


def _file(used: list[Reference], checked: int) -> Document:
    settings: Settings = used[0].settings
    return {
        "file": str(settings.file),
        "checked": checked,
        "select": list(settings.select),
        "ignore": list(settings.ignore),
        "exclude": list(settings.exclude),
        "per_path_ignores": [{"path": path, "codes": list(codes)} for path, codes in settings.per_path.items()],
        "left_out": sorted(frozenset().union(*(each.left_out for each in used))),
        "without_effect": [{"key": key, "codes": list(codes)} for key, codes in used[0].without_effect],
        "suppress": [
            {
                "path": each.pattern,
                "order": each.order or None,
                "code": "/".join(each.codes),
                "until": each.until,
                "because": each.because,
            }
            for each in settings.suppressions
        ],
        "severity": [
            {
                "code": each.code,
                "severity": each.severity.value,
                "until": each.until or None,
                "because": each.because or None,
            }
            for each in settings.severities
        ],
        "columns": [{"path": pattern, "file": str(path)} for pattern, path in settings.columns.items()],
        "approvals": [each._asdict() for each in settings.approvals],
        "fail_on": _severity(settings.fail_on),
        "limits": list(settings.settled_limits),
        "products": [f"{drug} {kind}: {name}" for (drug, kind), name in settings.products.items()],
        "protocol_files": [str(each) for each in settings.protocol_files],
    }
