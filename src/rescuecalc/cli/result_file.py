"""The file that -o names: the result of a command, in place of standard output."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from rescuecalc.cli.output import CommandResult, Streamed
from rescuecalc.errors import InputError
from rescuecalc.file_access import refuse_output, replacing, write_whole
from rescuecalc.readers.input_paths import SUFFIXES
from rescuecalc.readers.kept_files import LIBRARY, ORDER_SET, kept

_OPTION: Final = "--output"

_OTHER_OUTPUTS: Final = {"picture": "--picture", "write_baseline": "--write-baseline"}

_NOTED: Final = "rescuecalc.result_file"


def refuse_result(ctx: Any, file: Path) -> None:
    """Refuse a file that the command reads, or writes for another option, before anything is computed.

    Of a folder that an option names every file may be read. What is found to be read later is refused then, by
    ``refuse_what_settings_name`` and ``refuse_read``. Errors as for ``refuse_output``.
    """
    params: Mapping[str, Any] = ctx.params
    for name, option in _OTHER_OUTPUTS.items():
        other = params.get(name)
        if other is not None and _resolved(Path(other)) == _resolved(file):
            raise InputError(f"{_OPTION} and {option} name the same file; name two")
    refuse_output(file, _OPTION, _inputs(each for name, each in params.items() if name not in _OTHER_OUTPUTS))
    _refuse_kept(file, _OPTION, made=_kept_kind(ctx))
    ctx.meta[_NOTED] = file


def _refuse_kept(file: Path, option: str, made: str | None = None) -> None:
    """Refuse a file that holds what people keep, unless the result is ``made`` of the same kind: it is made anew."""
    holds = kept(file)
    if holds is not None and holds != made:
        raise InputError(f"{option}: {file} holds {holds}, which would be lost; name another file, or remove it first")


def _kept_kind(ctx: Any) -> str | None:
    """Return what the result of a command is, where that is of a kind that people keep."""
    output = ctx.params.get("output")
    if output == "fhir" or ctx.params.get("as_order_set"):
        return ORDER_SET
    return LIBRARY if output == "csv" and ctx.info_name in {"show", "template"} else None


def refuse_what_settings_name(ctx: Any, inputs: Iterable[Path]) -> None:
    """Refuse a file that is read and was not typed: settings and what they name; errors as for ``refuse_output``."""
    if _NOTED in ctx.meta:
        refuse_output(ctx.meta[_NOTED], _OPTION, inputs)


def refuse_read(ctx: Any, files: Iterable[Path]) -> None:
    """Refuse a file that a request reads, with the rows that a library of it names; errors as ``refuse_output``."""
    refuse_what_settings_name(ctx, (each for file in files for each in (file, *_rows_of(file))))


def _resolved(path: Path) -> Path:
    """Return where a file is or would be; its own name is not followed, for no output goes through a link."""
    return path.parent.resolve() / path.name


def _inputs(values: Iterable[Any]) -> Iterator[Path]:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _inputs(value)
        elif isinstance(value, (str, Path)):
            try:
                path = Path(value)
                yield from _rows_of(path)
                yield from (each for name in SUFFIXES for each in path.rglob(f"*{name}")) if path.is_dir() else (path,)
            except (OSError, ValueError):  # a value that is no name of a file
                continue


def _all_of(stream: IO[bytes], text: str) -> None:
    stream.write(text.encode())


def _rows_of(path: Path) -> Iterator[Path]:
    """Yield the CSV that the TOML of a pump library names: it is read too."""
    if path.suffix.lower() != ".toml":
        return
    from rescuecalc.catalogue.pump_library import rows_named  # noqa: PLC0415  # of a run with a TOML and -o

    rows = rows_named(path)
    if rows is not None:
        yield rows


def written(outcome: Any, file: Path) -> Any:
    """Write the result of a command into a file, and return what is left to say; CatalogueError where it cannot be."""
    if isinstance(outcome, Streamed):
        with replacing(file, _OPTION) as stream:
            return outcome.run(lambda text: _all_of(stream, text))
    if not isinstance(outcome, CommandResult):
        return outcome
    text = outcome.result if isinstance(outcome.result, str) else outcome.result.text()
    write_whole(file, text.encode(), _OPTION)
    return outcome._replace(result="")
