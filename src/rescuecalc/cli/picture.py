"""Pictures: what draws them is an extra, and where they are written."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rescuecalc.errors import InputError
from rescuecalc.file_access import refuse_output, write_whole

_OPTION: Final = "--picture"

_DRAWING: Final = ("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "matplotlib.figure")

_VARIABLES: Final = ("MPLCONFIGDIR", "MATPLOTLIBRC", "MPLBACKEND", "PATH")


def extra_picture(module: str, function: str, file: Path, inputs: Iterable[Path] = ()) -> Callable[..., Any]:
    """Return what draws into ``file``, before anything is computed.

    Raises InputError that says what to install where the plotting library is missing, and where the picture would
    destroy one of ``inputs`` or go through a link; CatalogueError where what is there is not a regular file.
    """
    refuse_output(file, _OPTION, inputs)
    try:
        with _sealed():
            for each in _DRAWING:
                import_module(each)
        found: Callable[..., Any] = getattr(import_module(module), function)
    except ImportError:
        raise InputError(f"{_OPTION} needs matplotlib: pip install 'rescuecalc[pictures]'") from None
    return found


@contextmanager
def _sealed() -> Iterator[None]:
    """Let matplotlib be imported with a folder of its own to write to, and with no program to be found.

    It keeps a list of the system's fonts in the user's home, asks `fc-list` or `system_profiler` for them, and reads
    a `matplotlibrc` of the working folder. The pictures use the font that it brings along.
    """
    before, here = {name: os.environ.get(name) for name in _VARIABLES}, Path.cwd()
    with TemporaryDirectory(prefix="rescuecalc-") as folder:
        empty = Path(folder, "empty")
        empty.mkdir()
        os.environ |= dict(zip(_VARIABLES, (folder, str(empty), "agg", str(empty)), strict=True))
        os.chdir(empty)
        logging.getLogger("matplotlib").setLevel(logging.CRITICAL)  # that its cache failed is no news
        try:
            yield
        finally:
            os.chdir(here)
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def write_picture(file: Path, content: bytes) -> None:
    """Write a picture over a file of that name, as an output option does; CatalogueError where it cannot be."""
    write_whole(file, content, _OPTION)
