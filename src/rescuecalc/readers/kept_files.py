"""What a file that is there already holds, where people keep it: no result is written over an order set or settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.file_access import open_regular

if TYPE_CHECKING:
    from pathlib import Path

_LOOKED_AT: Final = 65_536
"""Bytes: what a file is shows in its beginning."""

ORDER_SET: Final = "an order set"
LIBRARY: Final = "a pump library"

_ALWAYS: Final = {".toml": "settings, a protocol or a library (TOML)", ".xlsx": "a spreadsheet"}
"""What no command writes as a result, by the ending of its name."""

_YAML: Final = re.compile(r"^(?:- +)?\{? *(?:order_set|orders|drug) *:", re.MULTILINE)
_JSON: Final = re.compile(r'"(?:resourceType|order_set|orders|drug)"\s*:')
_OURS: Final = re.compile(r'"schema"\s*:\s*"rescuecalc\.|"\$schema"\s*:\s*"https?://json[.-]schema')
"""A document of this program, a schema that it printed, or its SARIF."""
_OF_ORDERS: Final = frozenset(
    ("kind", "order_set", "dose_per_kg", "dose_rate", "dose_rate_per_kg", "concentration", "pump_rate")
)
_OF_LIBRARY: Final = frozenset(("dose_unit", "soft_max", "hard_max"))


def kept(path: Path) -> str | None:
    """Return in words what a file holds that people write and keep, None where it holds nothing of that kind.

    A result of an earlier run is nothing of that kind, but for an order set or a library that it made.
    """
    try:
        with open_regular(path) as stream:
            text = stream.read(_LOOKED_AT).decode("utf-8", "replace")
    except (OSError, ValueError):
        return None
    suffix = path.suffix.lower()
    if not text.strip():
        return None
    if suffix in _ALWAYS:
        return _ALWAYS[suffix]
    if suffix in {".yaml", ".yml"}:
        return ORDER_SET if _YAML.search(text) else None
    return _table(text) if suffix in {".csv", ".tsv"} else _document(suffix, text)


def _document(suffix: str, text: str) -> str | None:
    is_json = suffix in {".json", ".jsonl", ".ndjson"}
    return ORDER_SET if is_json and _JSON.search(text) and not _OURS.search(text) else None


def _table(text: str) -> str | None:
    headings = {each.strip().strip('"') for each in re.split(r"[,;\t|]", text.partition("\n")[0])}
    if "drug" not in headings:
        return None
    if headings & _OF_LIBRARY:
        return LIBRARY
    return ORDER_SET if headings & _OF_ORDERS else None
