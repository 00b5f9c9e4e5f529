"""Which files are read: those that are named, and of a folder those whose names end as an order set's do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, NamedTuple

SUFFIXES: Final = (".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".xlsx")

STDIN: Final = "-"

_LIKE: Final = 0.8
"""From this likeness on a name in a folder is named beside a missing one."""


class File(NamedTuple):
    """A file to read; ``problem`` says why it cannot be, ``suffix`` is empty where its contents have to tell."""

    name: str
    path: Path | None
    suffix: str
    problem: str | None = None


HERE: Final = File("./*", None, "")
"""What stands for a file of the working folder, where none is named."""


def files(names: list[str], stdin_name: str | None) -> list[File]:
    """Return the files that ``names`` stand for, each once and in the order of their names.

    Folders are searched with all their folders, but for names that begin with a point.
    """
    found: dict[str, File] = {}
    for name in names:
        for file in [_standard_input(stdin_name)] if name == STDIN else _named(name):
            found.setdefault(str(file.path.resolve()) if file.path and not file.problem else file.name, file)
    return sorted(found.values(), key=lambda file: file.name)


def _standard_input(name: str | None) -> File:
    suffix = Path(name).suffix.lower() if name else ""
    return File(name or "<stdin>", None, suffix, _no_format(suffix) if name and suffix not in SUFFIXES else None)


def _no_format(suffix: str) -> str:
    return f"ends in {suffix or 'nothing'!r}; what is read is {', '.join(f'*{each}' for each in SUFFIXES)}"


def _near(path: Path) -> str:
    """Return a hint with the existing path that a misspelt one is like, an empty text where there is none."""
    from rescuecalc.core.drugs.suggestions import nearest_names  # noqa: PLC0415  # only a missing path pays for it

    folder = next((each for each in path.parents if each.is_dir()), None)
    if folder is None:
        return ""
    missing, *rest = path.relative_to(folder).parts
    names = nearest_names(missing, sorted(each.name for each in folder.iterdir()), _LIKE, folded=False)
    meant = [str(each) for each in (folder.joinpath(name, *rest) for name in names) if each.exists()]
    return f"; did you mean {' or '.join(meant)}?" if meant else ""


def _named(name: str) -> list[File]:
    path = Path(name)
    try:
        if path.is_dir():
            inside = sorted(_inside(path))
            return inside or [File(name, path, "", "is a folder with nothing to check")]
        if not path.exists():
            return [File(name, path, "", f"no such file or folder{_near(path)}")]
    except (OSError, ValueError):  # a name that no file can have
        return [File(name, None, "", "no such file or folder")]
    suffix = path.suffix.lower()
    return [File(name, path, suffix, None if suffix in SUFFIXES else _no_format(suffix))]


def _inside(folder: Path) -> list[File]:
    """Return the files of a folder and of all its folders, however deep; what cannot be looked into is a problem."""
    found, left = [], [str(folder)]
    while left:
        above = left.pop()
        try:
            with os.scandir(above) as entries:
                listed = [each for each in entries if not each.name.startswith(".")]
        except OSError as failure:
            found.append(File(above, None, "", f"cannot be read: {failure.strerror}"))
            continue
        for each in listed:
            if each.is_dir(follow_symlinks=False):
                left.append(each.path)
            elif (suffix := Path(each.name).suffix.lower()) in SUFFIXES:
                path = Path(above) / each.name
                found.append(
                    File(str(path), path, suffix, None if path.is_file() else "is not a file that can be read")
                )
    return found
