"""The file that -o names: the result of a command, in place of standard output."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from rescuecalc.cli.output import Outcome
from rescuecalc.file_access import refuse_output, write_whole
from rescuecalc.readers.input_paths import SUFFIXES

_OPTION: Final = "--output"


def refuse_result(file: Path, values: Iterable[Any]) -> None:
    """Refuse a file that the command reads, before anything is computed; errors as for ``refuse_output``.

    ``values`` are those of all options: of a folder every file of it may be read.
    """
    refuse_output(file, _OPTION, _inputs(values))


def _inputs(values: Iterable[Any]) -> Iterator[Path]:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _inputs(value)
        elif isinstance(value, (str, Path)):
            try:
                path = Path(value)
                yield from (each for name in SUFFIXES for each in path.rglob(f"*{name}")) if path.is_dir() else (path,)
            except (OSError, ValueError):  # a value that is no name of a file
                continue


def written(outcome: Any, file: Path) -> Any:
    """Write the result of a command into a file, and return what is left to say; CatalogueError where it cannot be."""
    if not isinstance(outcome, Outcome):
        return outcome
    text = outcome.result if isinstance(outcome.result, str) else outcome.result.text()
    write_whole(file, text.encode(), _OPTION)
    return outcome._replace(result="")
