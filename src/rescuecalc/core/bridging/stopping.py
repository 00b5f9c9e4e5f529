"""The hours after an infusion is stopped for a haemorrhage: how long its effect lasts, what to count, what reverses."""

from typing import Final, NamedTuple

from rescuecalc.core.bridging.antiplatelet import Advice, OffsetWindow, SlowerClearance, Waiting
from rescuecalc.core.literature.source import Source
from rescuecalc.core.quantities.quantity import CreatinineClearance, Duration
from rescuecalc.core.quantities.time_offset import Offset

EXPECTED: Final = "expected"
LONGER: Final = "longer, unknown"
NOT_HELD: Final = "not held"
"""What is known of the time until which an effect is to be expected."""


class CountTime(NamedTuple):
    """When a label counts platelets, after the start of the infusion; None: it counts from something else."""

    words: str
    earliest: Duration | None
    latest: Duration | None
    sources: tuple[Source, ...]


class StopFacts(NamedTuple):
    """What is held of a drug after its stop; what no source held here states is None or empty."""

    slower: tuple[SlowerClearance, ...]
    slower_sources: tuple[Source, ...]
    counts: tuple[CountTime, ...]
    platelets: Advice | None
    reversal: Advice | None


class StopAdvice(NamedTuple):
    """What holds for every drug: what is done now, fibrinogen, and a thrombolysis that was given before."""

    now: Advice
    fibrinogen: Advice
    thrombolysis: Waiting


class EffectWindow(NamedTuple):
    """Until when an effect is to be expected: from ``earliest`` to ``latest``, None where nobody states an end.

    ``caveat`` is what would change it and was not given.
    """

    state: str
    earliest: Offset | None
    latest: Offset | None
    words: str
    caveat: str | None
    sources: tuple[Source, ...]


def effect(
    drug: str,
    stop: Offset,
    window: OffsetWindow | None,
    facts: StopFacts,
    clearance: CreatinineClearance | None,
    *,
    infused: bool,
    dialysis: bool = False,
) -> EffectWindow:
    """Return how long the effect lasts after ``stop``: without an end below a bound of the clearance, or on dialysis.

    Without an infusion nothing is held: the sources count from the stop of one.
    """
    if window is None:
        return _not_held(f"no source read here states how long the effect of {drug} lasts after the stop")
    if not infused:
        return _not_held(f"the source counts from the stop of an infusion, and no infusion of {drug} was given")
    sources = (*window.sources, *facts.slower_sources)
    longer = window.of_patient(clearance, dialysis=dialysis).longer
    # No end is drawn: the label says how much slower the drug is cleared (US 12.3), and no source says how long it then
    # acts. A made-up hour would be planned by.
    if longer:
        return EffectWindow(LONGER, None, None, longer, None, sources)
    caveat = None
    if clearance is None and facts.slower:
        caveat = f"CrCl not given: below {facts.slower[-1].below} or on haemodialysis longer, unknown"
    return EffectWindow(EXPECTED, stop.plus(window.earliest), stop.plus(window.latest), window.words, caveat, sources)


def _not_held(words: str) -> EffectWindow:
    return EffectWindow(NOT_HELD, None, None, words, None, ())
