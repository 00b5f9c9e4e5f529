"""What an order prescribes as a range: its two ends, or a titration from one dose to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rescuecalc.core.quantities.quantity import Duration, Quantity


class Ends(NamedTuple):
    """The lower and the upper end of a range."""

    low: Quantity
    high: Quantity


class Titration(NamedTuple):
    """How a dose is titrated: each its own end, ``starts`` and ``steps`` may be ranges; ``every`` so often.

    ``target`` is what it is titrated to, as it is written.
    """

    field: str = ""
    starts: tuple[Quantity, ...] = ()
    steps: tuple[Quantity, ...] = ()
    least: Quantity | None = None
    most: Quantity | None = None
    every: tuple[Duration, ...] = ()
    target: str = ""
