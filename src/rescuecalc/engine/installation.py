"""What runs on this machine: versions, the platform, and the digest of the packaged catalogue."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).parent.parent / "data"
"""Not taken from the catalogue: a record is made also where the catalogue cannot be read."""

LIBRARIES: Final = ("typer", "rich", "pint", "pyyaml", "tzdata", "icalendar")
"""What rescuecalc needs; the optional ones draw pictures and recompute statistics, and calculate no dose."""


def installation() -> dict[str, Any]:
    """Return the digests of the packaged catalogue, the versions of Python and of the libraries, and the platform."""
    files = _digests(DATA)
    return {
        "catalogue": {"sha256": _total(files), "files": files},
        "python": {"version": platform.python_version(), "implementation": platform.python_implementation()},
        "libraries": [{"name": name, "version": _version(name)} for name in LIBRARIES],
        "platform": {"system": platform.system(), "release": platform.release(), "machine": platform.machine()},
    }


def _digests(data: Path) -> list[dict[str, str]]:
    found = sorted((path.relative_to(data).as_posix(), path) for path in data.rglob("*.toml"))
    return [{"file": name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for name, path in found]


def _total(files: list[dict[str, str]]) -> str:
    """Return one digest of all files: of the lines ``digest  name``, as `sha256sum` writes them."""
    lines = "".join(f"{each['sha256']}  {each['file']}\n" for each in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
