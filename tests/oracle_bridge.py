"""Bridge arithmetic a second time, minute by minute, from the published figures; nothing of the program is imported.

Onsets and the offset window are written here as they were read, so that a slip in the catalogue shows as well.
"""

from __future__ import annotations

from dataclasses import dataclass

HOUR = 60

# Minutes from a dose by mouth to its effect, earliest and latest, by drug and milligrams.
ONSETS = {
    ("clopidogrel", 300): (6 * HOUR, 6 * HOUR),
    ("clopidogrel", 600): (2 * HOUR, 8 * HOUR),
    ("ticagrelor", 180): (30, 2 * HOUR),
    ("prasugrel", 60): (30, 4 * HOUR),
    ("aspirin", 162): (HOUR, HOUR),
    ("aspirin", 300): (HOUR, HOUR),
    ("aspirin", 325): (HOUR, HOUR),
}
BACK = 4 * HOUR
"""Minutes after the stop until platelet function may be back at the earliest."""


@dataclass(frozen=True)
class Dose:
    """A first dose: what, how much, on which route, how many minutes after the start (None: not stated)."""

    drug: str
    milligrams: int
    route: str
    minute: int | None

    @property
    def onset(self) -> tuple[int, int] | None:
        return ONSETS.get((self.drug, self.milligrams)) if self.route == "PO" else None


def uncovered(dose: Dose, stop: int, *, worst: bool) -> int | None:
    """Return how many minutes from the stop on nobody covers but this dose has not set in; None is unknown."""
    if dose.onset is None or dose.minute is None:
        return None
    earliest, latest = dose.onset
    sets_in = dose.minute + (latest if worst else earliest)
    covered_until = stop if worst else stop + BACK
    count = 0
    for minute in range(stop, stop + 100 * HOUR):
        if minute >= covered_until and minute < sets_in:
            count += 1
    return count


def gap(doses: list[Dose], stop: int, *, worst: bool) -> int | None:
    """Return the longest of the doses' gaps, None where one is unknown or there is none."""
    found = [uncovered(dose, stop, worst=worst) for dose in doses]
    known = [each for each in found if each is not None]
    return max(known) if known and len(known) == len(found) else None


# What the sources say of P2Y12 reactivity: name begins with this, lowest and highest that belong to it.
TARGETS = {"60 to 240": (60, 240), "60 to 200": (60, 200), "below 208": (0, 207)}
