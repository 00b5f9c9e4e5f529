"""What monitoring and stop criteria are compared with: words, and the limits of the labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.quantities.quantity import Duration


class StatedNumber(NamedTuple):
    """A number that a source states, in its own unit."""

    value: Fraction
    words: str
    sources: tuple[Source, ...]


class StoppedBelow(NamedTuple):
    """The platelets (x10^9/L) below which a label ends a drug, and the fall (%) that does as much, where it has one."""

    value: Fraction
    words: str
    sources: tuple[Source, ...]
    fall: Fraction | None


class WatchedMeasure(NamedTuple):
    """What is a reason to stop where it gets worse: its names, and the parts of words that say so."""

    names: tuple[str, ...]
    worse: tuple[str, ...]


class WatchWords(NamedTuple):
    """``events`` are parts of words of reasons to stop, ``late`` times of a count that watch over nothing.

    ``stop_below`` is by drug the platelets (x10^9/L) below which it ends, ``longest`` the time between two counts,
    ``systolic`` the pressure (mmHg) that is no target after a successful thrombectomy.
    """

    events: tuple[str, ...]
    measures: tuple[WatchedMeasure, ...]
    late: tuple[str, ...]
    stop_below: Mapping[str, StoppedBelow]
    longest: Duration
    systolic: StatedNumber
