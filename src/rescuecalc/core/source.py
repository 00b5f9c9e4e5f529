"""Where a number comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A publication, label, or named judgement; ``locator`` says where in it. What was not read is None."""

    id: str
    title: str
    locator: str
    doi: str | None = None
    url: str | None = None
