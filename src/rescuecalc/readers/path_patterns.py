"""Which files a pattern as `archive/*.csv` stands for: by their path from a folder, or by a part of it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path


def path_from(name: str, folder: Path) -> str:
    """Return the path of a file from a folder, or its whole path where it does not lie there."""
    path = Path(name).absolute()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def fits(name: str, pattern: str, folder: Path) -> bool:
    """Whether a file, by its path from ``folder``, fits a pattern such as ``archive/*.csv``, or a folder."""
    inside = path_from(name, folder)
    return fnmatchcase(inside, pattern) or fnmatchcase(inside, f"{pattern.rstrip('/')}/*")


def is_excluded(name: str, patterns: tuple[str, ...], folder: Path) -> bool:
    """Whether a file fits one of ``patterns``; one without a slash names a file or a folder at any depth.

    >>> is_excluded("/a/orders/old/x.yaml", ("old",), Path("/a")), is_excluded("/a/x.yaml", ("orders/*",), Path("/a"))
    (True, False)
    """
    for each in patterns:
        pattern = each.removeprefix("./")
        if fits(name, pattern, folder):
            return True
        if "/" not in pattern.rstrip("/"):
            parts = path_from(name, folder).split("/")
            if any(fnmatchcase(part, pattern.rstrip("/")) for part in parts):
                return True
    return False
