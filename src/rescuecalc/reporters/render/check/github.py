"""The findings of `check` as annotations of GitHub Actions, one command a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.reporters.render.harmless_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rescuecalc.core.orders.findings.source_location import Located
    from rescuecalc.reporters.document.check import Checked

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def annotation_lines(checked: Checked) -> str:
    """Return one annotation a finding, and one more where not all are listed."""
    lines = annotations_of(checked.located)
    if checked.left_out:
        lines += f"::notice title=rescuecalc::counted and not listed: {checked.left_out} of the findings\n"
    return lines


def annotations_of(found: Iterable[Located]) -> str:
    """Return one annotation a finding, also of findings that are told while the rest is judged."""
    return "".join(f"{_annotation(each)}\n" for each in found)


def _annotation(each: Located) -> str:
    found, place = each.finding, each.place
    properties = {"file": found.file or ""}
    if place is not None:
        properties |= {"line": str(place.line), "col": str(place.column)}
        if place.length:
            properties["endColumn"] = str(place.column + place.length)
    properties["title"] = f"{found.code} {found.name}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[found.severity]} {listed}::{_data(found.message)}"


def _data(text: str) -> str:
    """Return text as a command's data: what would end it, or begin another, is encoded."""
    encoded = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(encoded)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
