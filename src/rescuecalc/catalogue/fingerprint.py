"""What a printed card says that its numbers were made of, so that a later one can be compared with it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import DATA
from rescuecalc.catalogue.files.table import LARGEST_FILE
from rescuecalc.file_access import content_of

if TYPE_CHECKING:
    from pathlib import Path


def fingerprint(file: Path | None = None) -> str:
    """Return 12 hexadecimal digits of the packaged catalogue, or of ``file``, a protocol of a site.

    Raises CatalogueError where a file cannot be read.
    """
    made = sha256()
    # Sorted, since the order of a folder is that of the file system, and the digits are compared between machines.
    for each in sorted(DATA.rglob("*.toml")) if file is None else [file]:
        made.update(content_of(each, LARGEST_FILE))
    return made.hexdigest()[:12]
