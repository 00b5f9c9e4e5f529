"""`check --show-settings`: what each file is judged by, and which of the three says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rescuecalc.reporters.document.common_parts import Document, header
from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.reporters.render.page import STRONG, Page
from rescuecalc.settings.configuration import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from rescuecalc.engine.references import RunReferences
    from rescuecalc.readers.input_paths import File

_TYPED, _DEFAULT = "command line", "rescuecalc"


def settings_document(files: Iterable[File], references: RunReferences) -> Document:
    """Return the settings of the files, one entry for all files with the same."""
    grouped: dict[tuple[int, tuple[str, ...]], Document] = {}
    for file in files:
        settings, reference = references.settings_of(file), references.of(file)
        key = (id(settings), settings.ignored_at(file.name))
        if key not in grouped:
            values = _values(settings, references)
            ignored = () if references.typed.select else settings.ignored_at(file.name)[len(settings.ignore) :]
            values["per-path-ignores"] = _one(list(ignored), settings, set_there=bool(ignored))
            name = str(settings.file) if settings.file is not None else None
            grouped[key] = {"settings_file": name, "files": [], "rules": len(reference.rules), "values": values}
        if not references.excludes(file):
            grouped[key]["files"].append(file.name)
    return {**header("settings"), "settings": list(grouped.values())}


def _one(value: Any, settings: Settings, *, set_there: bool, typed: Any = None) -> Document:
    if typed:
        return {"value": typed, "from": _TYPED}
    return {"value": value, "from": str(settings.file) if set_there and settings.file is not None else _DEFAULT}


def _ignored(settings: Settings, references: RunReferences) -> Document:
    """Return what is ignored: a typed --select or --ignore takes the place of the settings' own."""
    typed = references.typed
    if typed.select or typed.ignore:
        return {"value": list(typed.ignore), "from": _TYPED}
    return _one(list(settings.ignore), settings, set_there=bool(settings.ignore))


def _values(settings: Settings, references: RunReferences) -> dict[str, Document]:
    typed = references.typed
    severity = settings.fail_on.value if settings.fail_on is not None else "error"
    typed_severity = typed.fail_on.value if typed.fail_on is not None else None
    shown: dict[str, Document] = {
        "select": _one(list(settings.select), settings, set_there=bool(settings.select), typed=list(typed.select)),
        "ignore": _ignored(settings, references),
        "exclude": _one(list(settings.exclude), settings, set_there=bool(settings.exclude), typed=list(typed.exclude)),
        "fail-on": _one(severity, settings, set_there=settings.fail_on is not None, typed=typed_severity),
        "protocol-files": _one(list(settings.protocols), settings, set_there=bool(settings.protocols)),
        "library": _one(
            _name(settings.library), settings, set_there=settings.library is not None, typed=_name(typed.library)
        ),
        "care-area": _one(
            settings.care_area or "", settings, set_there=bool(settings.care_area), typed=typed.care_area
        ),
        "products": _one(_products(settings.products), settings, set_there=bool(settings.products)),
        **_site_decisions(settings, references),
    }
    return {**shown, **_limits(settings)}


def _site_decisions(settings: Settings, references: RunReferences) -> dict[str, Document]:
    """Return what the site decided about findings, and the columns of its files."""
    typed = references.typed
    return {
        "suppress": _one(
            [f"{'/'.join(each.codes)} in {each.pattern} until {each.until}" for each in settings.suppressions],
            settings,
            set_there=bool(settings.suppressions),
        ),
        "severity": _one(
            [f"{each.code} {each.severity.value}" for each in settings.severities],
            settings,
            set_there=bool(settings.severities),
        ),
        "columns": _one(
            [f"{pattern}: {path}" for pattern, path in settings.columns.items()],
            settings,
            set_there=bool(settings.columns),
            typed=[str(typed.columns)] if typed.columns is not None else None,
        ),
        "approvals": _one(
            [f"{each.code} in {each.order_set}, {each}" for each in settings.approvals],
            settings,
            set_there=bool(settings.approvals),
        ),
    }


def _limits(settings: Settings) -> dict[str, Document]:
    """Return the limits, each with whether the site sets it."""
    limits, shown = settings.limits, {}
    for name in ("usual_weight", "weight", "clearance", "pump_rate", "pump_step", "container_time", "run_time"):
        shown[f"limits.{name}"] = _one(str(getattr(limits, name)), settings, set_there=name in settings.settled_limits)
    share = f"{limits.deviation_percent} %"
    is_set = "deviation_percent" in settings.settled_limits
    return {**shown, "limits.deviation_percent": _one(share, settings, set_there=is_set)}


def _name(path: Path | None) -> str:
    return str(path) if path is not None else ""


def _products(products: Mapping[tuple[str, str], str]) -> list[str]:
    return [f"{drug} {kind}: {name}" for (drug, kind), name in products.items()]


def settings_page(shown: Document, width: int) -> Page:
    """Return the page of the settings."""
    page = Page(width)
    for each in shown["settings"]:
        page.path(printable(each["settings_file"] or "no settings file"))
        files = ", ".join(printable(name) for name in each["files"]) or "no file"
        page.add(f"judges {files} by {each['rules']} rules", STRONG, indent=2)
        for name, value in each["values"].items():
            content = value["value"]
            text = (", ".join(content) or "none") if isinstance(content, list) else content
            where = "" if value["from"] == _DEFAULT else f"  (from {printable(value['from'])})"
            page.add(f"{name:<26}{printable(text)}{where}", indent=2, hang=26)
    return page
