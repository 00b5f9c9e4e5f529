"""Every figure of the order model against its goal: python -m tests.order_model.campaign --sets 20000 --seed 1.

Makes so many correct order sets and as many with one slip, compares a quarter as many in their other forms, asks the
incidents, and counts the clean orders that floats cannot decide. Prints each figure beside its goal and ends with 1
where one is missed. `--record` writes the figures into docs/safety/verification.md, with date and commit; `--minutes`
ends after so many, with what was made by then.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Final

from tests.order_model import parity
from tests.order_model.asked import share_asked
from tests.order_model.generator import correct
from tests.order_model.goals import OF_FORMS, OF_INCIDENTS, OF_SETS, Goal, lines, missed
from tests.order_model.incidents import tried
from tests.order_model.measure import figures, tally
from tests.results import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.order_model.measure import Figures

GOALS: Final = (*OF_SETS, *OF_FORMS, *OF_INCIDENTS)
_PART: Final = 1000
_FORMS_OF: Final = 4
_CLEAN: Final = 2000
_RECORDED: Final = (
    *("slipped: nobody can see it %", "correct, rounded by 5 % or half a digit: errors %"),
    *("correct, rounded by 5 % or half a digit: warnings %", "visible: found as an error %"),
    *("visible: right field first %", "visible: right field first or its alternative %", "visible: alternatives a set"),
    *("slip named, of those planted with a name %", "slip named, where the right field is first %"),
    *("writing expected heals, and brings nothing new %", "found only once a right number is taken away %"),
)


def of_forms(seed: int, count: int) -> Figures:
    """Return how many of so many sets are judged otherwise in another form."""
    made = parity.sets(seed, count)
    counts = Counter(name for name, *_ in parity.differences(made))
    return {
        "forms: sets": len(made),
        "forms: sets that differ with their orders or fields turned round, or as CSV": sum(
            counts[name] for name in parity.FORMS
        ),
        "forms: sets of which FHIR says all": sum(map(parity.in_fhir, made)),
        "forms: sets that differ as FHIR": counts["FHIR"],
    }


def of_incidents() -> Figures:
    """Return how the frozen orders of incidents are judged."""
    found = {name: value or 0 for name, value in tried().items()}
    return {
        "incidents: faulty orders without an error": found["faulty orders"] - found["found"],
        "incidents: right orders with an error": found["right orders that look strange"] - found["without an error"],
    }


def of_clean(seed: int, count: int) -> Figures:
    """Return of how many clean orders the exact numbers are asked: one rounded from half a digit is on a border."""
    asked, orders = share_asked([each.order_set for each in correct(seed, count)])
    return {
        "clean orders, no two alike": orders,
        "clean orders, no two alike: on a border, decided by exact numbers %": round(100 * asked / orders, 3),
    }


def measured(sets: int, seed: int, minutes: float | None) -> Figures:
    """Return the figures of so many correct and slipped sets, or of those that are made in the time."""
    counts: Counter[str] = Counter()
    start = time.monotonic()
    for begin in range(0, sets, _PART):
        counts += tally(min(_PART, sets - begin), seed, begin)
        if minutes and time.monotonic() - start > 60 * minutes:
            break
    return figures(counts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where a goal is missed."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sets", type=int, default=20_000, help="how many correct, and as many slipped")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--minutes", type=float, help="make sets for so long at most")
    words.add_argument("--json", action="store_true")
    words.add_argument("--record", action="store_true", help="write the figures into docs/safety/verification.md")
    asked = words.parse_args(arguments)
    made = measured(asked.sets, asked.seed, asked.minutes)
    done = int(made["correct sets"] or 0)
    made |= of_forms(asked.seed, max(done // _FORMS_OF, 1)) | of_incidents() | of_clean(asked.seed, min(done, _CLEAN))
    wrong = missed(made, GOALS)
    if asked.json:
        sys.stdout.write(f"{json.dumps({'figures': made, 'missed': wrong}, indent=1)}\n")
    else:
        sys.stdout.writelines(chain(lines(made, GOALS), [f"{len(GOALS) - len(wrong)} of {len(GOALS)} goals met\n"]))
    if asked.record:
        _record(made, asked.seed)
    return int(bool(wrong))


def _record(made: Figures, seed: int) -> None:
    """Write a row for each figure that has a goal in per cent, and one for the forms."""
    limits = {goal.figure: goal for goal in GOALS}
    for name in _RECORDED:
        count = made["visible slips" if name.startswith(("visible", "slip named")) else "correct sets"]
        record(f"order sets: {name}", f"{count:,} (seed {seed})", f"{made[name]} ({_words(limits[name])})")
    of_any = "forms: sets that differ with their orders or fields turned round, or as CSV"
    record("order sets in other forms", f"{made['forms: sets']:,} (seed {seed})", f"{made[of_any]} differ")
    fhir = made["forms: sets that differ as FHIR"]
    record("order sets as FHIR", f"{made['forms: sets of which FHIR says all']:,} (seed {seed})", f"{fhir} differ")


def _words(goal: Goal) -> str:
    return f"goal: {goal.words}"


if __name__ == "__main__":
    sys.exit(main())
