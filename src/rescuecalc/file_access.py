"""Every file that is named or found is opened here, and every file that is written is written here.

Reading takes regular files alone: a FIFO waits for ever, a device never ends. Writing replaces a file as a whole or
leaves it as it was, and never goes through a link.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, Final

from rescuecalc.errors import CatalogueError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# A FIFO that takes the place of the file between the look and the opening must not wait for a writer.
_READING: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_WRITING: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_CHUNK: Final = 65_536

SETTINGS_FILES: Final = ("rescuecalc.toml", "pyproject.toml")
"""Names of settings files, which a team writes and no run does: never an output, also where this run reads none."""

_STDIN: Final = "/dev/stdin"
_NOT_REGULAR: Final = "it is not a regular file"
_GROWS: Final = "it holds more than its size says: it grows while it is read, or it is not a plain file"


class _Bounded(io.FileIO):
    """A file that ends where it ended when it was opened; OSError where more than that can be read."""

    def __init__(self, descriptor: int, size: int) -> None:
        super().__init__(descriptor, "rb")
        self._left = size

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer)
        if count is None:  # nothing there, and no end either
            raise OSError(errno.EINVAL, _NOT_REGULAR)
        self._left -= count
        if self._left < 0:
            raise OSError(errno.EFBIG, _GROWS)
        return count


def open_regular(path: Path) -> IO[bytes]:
    """Return a regular file, opened for reading line by line or ``read(n)``.

    Raises OSError where it cannot be opened, where it is not a regular file (links are followed), and on reading, once
    more comes out of it than it held when it was opened.
    """
    _refuse_other(os.stat(path))
    descriptor = os.open(path, _READING)
    try:
        there = os.fstat(descriptor)
        _refuse_other(there)
        return io.BufferedReader(_Bounded(descriptor, there.st_size), _CHUNK)
    except BaseException:
        os.close(descriptor)
        raise


def _refuse_other(there: os.stat_result) -> None:
    if not stat.S_ISREG(there.st_mode):
        raise OSError(errno.EINVAL, _NOT_REGULAR)


def content_of(path: Path, largest: int) -> bytes:
    """Return the bytes of a file that is read whole; CatalogueError where it is none, or larger than ``largest``."""
    try:
        with open_regular(path) as stream:
            content = stream.read(largest + 1)
    except (OSError, ValueError) as failure:
        raise CatalogueError((f"{path}: cannot be read: {reason(failure)}",)) from None
    if len(content) > largest:
        raise CatalogueError((f"{path}: is larger than {largest:,} bytes",))
    return content


def reason(failure: OSError | ValueError) -> str:
    """Return why a file could not be read or written, in words; a ValueError is a name that no file can have."""
    return (failure.strerror if isinstance(failure, OSError) else None) or "no file can have this name"


def refuse_output(path: Path, option: str, inputs: Iterable[Path]) -> None:
    """Refuse a file to write before anything is done for it.

    Raises InputError for a link, also one of the folders that a relative name goes through, for the name of a settings
    file, and for one of ``inputs`` or what standard input is redirected from, by whatever name: what the run reads
    would be destroyed; CatalogueError for what is there and is not a regular file, or cannot be looked at.
    """
    for folder in path.parents if not path.is_absolute() else ():  # a checkout may bring one along
        if folder.is_symlink():
            raise InputError(f"{option}: {path} goes through the link {folder}; name the folder itself")
    if path.name in SETTINGS_FILES:
        raise InputError(f"{option}: {path} has the name of a settings file; name another file")
    try:
        there = os.lstat(path)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as failure:
        raise CatalogueError((f"{option}: {path} cannot be written: {reason(failure)}",)) from None
    if stat.S_ISLNK(there.st_mode):
        raise InputError(f"{option}: {path} is a link; name the file itself")
    if not stat.S_ISREG(there.st_mode):
        raise CatalogueError((f"{option}: {path} cannot be written: {_NOT_REGULAR}",))
    read: Iterator[str | Path] = chain((_STDIN,), inputs)
    for each in read:
        with contextlib.suppress(OSError, ValueError):
            if os.path.samestat(there, os.stat(each)):
                raise InputError(f"{option}: {path} is read by this run and would be lost; name another file")


def write_whole(path: Path, content: bytes, option: str) -> None:
    """Replace a file, or make it, as ``replacing`` does; CatalogueError where it cannot be written."""
    with replacing(path, option) as stream:
        stream.write(content)


@contextlib.contextmanager
def replacing(path: Path, option: str) -> Iterator[IO[bytes]]:
    """Replace a file, or make it: by a temporary file in the same folder that takes its name once it is on the disk.

    Whatever goes wrong leaves the old file as it was. A link is replaced, and not followed. Raises CatalogueError.
    """
    part = path.parent / f".rescuecalc-{os.urandom(8).hex()}.part"
    try:
        descriptor = os.open(part, _WRITING, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                _keep_mode(path, stream.fileno())
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise
    except (OSError, ValueError) as failure:
        raise CatalogueError((f"{option}: {path} cannot be written: {reason(failure)}",)) from None
    _sync(path.parent)


def _keep_mode(path: Path, descriptor: int) -> None:
    """Give the new file the permissions of the one that it replaces."""
    with contextlib.suppress(OSError, AttributeError):  # none there, or a system without them
        there = os.lstat(path)
        if stat.S_ISREG(there.st_mode):
            os.fchmod(descriptor, stat.S_IMODE(there.st_mode))


def _sync(folder: Path) -> None:
    """Bring the new name to the disk too, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
