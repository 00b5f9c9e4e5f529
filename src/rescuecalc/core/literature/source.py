"""Where a number comes from."""

from typing import NamedTuple


class Source(NamedTuple):
    """A publication, label, or named judgement; ``locator`` says where in it. What was not read is None."""

    id: str
    title: str
    locator: str
    doi: str | None = None
    url: str | None = None
