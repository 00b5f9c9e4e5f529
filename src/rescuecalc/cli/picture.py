"""Pictures: what draws them is an extra, and where they are written."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from rescuecalc.errors import CatalogueError, InputError


def extra_picture(module: str, function: str) -> Callable[..., Any]:
    """Return what draws; InputError says what to install where the plotting library is missing."""
    try:
        import_module("matplotlib.figure")
        found: Callable[..., Any] = getattr(import_module(module), function)
    except ImportError:
        raise InputError("--picture needs matplotlib: pip install 'rescuecalc[pictures]'") from None
    return found


def write_picture(file: Path, content: bytes) -> None:
    """Write a picture over a file of that name, as an output option does; CatalogueError where it cannot be."""
    try:
        file.write_bytes(content)
    except OSError as failure:
        raise CatalogueError((f"--picture: {file} cannot be written: {failure.strerror}",)) from None
