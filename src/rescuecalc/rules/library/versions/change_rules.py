"""RC87x, declared: what a new version of a library changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.library.known_library import known_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.rules.base.knowledge import Subject

_SINCE: Final = "0.2.0"
_DIFF: Final = "library diff docs/pump-library/adult.toml docs/pump-library/changed.toml"
_SAME: Final = "library diff docs/pump-library/adult.toml docs/pump-library/adult.toml"


def _changed(code: str) -> Callable[[Subject], Iterator[Hit]]:
    def check(subject: Subject) -> Iterator[Hit]:
        known = known_library(subject)
        if known is not None and known.use.older is not None:
            from rescuecalc.rules.library.versions.changes import changes  # noqa: PLC0415

            yield from (each.hit for each in changes(known, subject.knowledge) if each.code == code)

    return check


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

CHANGES: Final = (
    declared(
        "RC870",
        "entry-added",
        _NOTE,
        _changed("RC870"),
        "rescuecalc",
        since=_SINCE,
        severities=(_WARNING,),
        checks="Entries that the older version does not have; a warning beside another of the same names, conditions "
        "and strength.",
        why="Nobody has used a new entry at the bedside yet.",
        fails=_DIFF,
        passes=_SAME,
        remedy="Check the whole library: `library check`.",
        limits="Changes in texts for people, such as an advisory, are not reported.",
    ),
    declared(
        "RC871",
        "entry-removed",
        _WARNING,
        _changed("RC871"),
        "rescuecalc",
        since=_SINCE,
        checks="Entries of the older version that are gone.",
        why="An order set may need it.",
        fails=_DIFF,
        passes=_SAME,
        remedy="Run `check --library` over the order sets.",
        limits="A renamed entry is removed and added.",
    ),
    declared(
        "RC872",
        "limit-widened",
        _WARNING,
        _changed("RC872"),
        "rescuecalc",
        since=_SINCE,
        checks="Limits of entries, of care areas and of the pump that allow more than before, or are removed; an entry "
        "that allows a bolus, and did not.",
        why="A dose that was stopped before is now given.",
        fails=_DIFF,
        passes=_SAME,
        remedy="Have the drug committee confirm it.",
        limits="Reported once a limit; of several care areas with the same change once.",
    ),
    declared(
        "RC873",
        "limit-tightened",
        _NOTE,
        _changed("RC873"),
        "rescuecalc",
        since=_SINCE,
        checks="Limits of entries, of care areas and of the pump that allow less than before; an entry that allows no "
        "bolus any more.",
        why="A dose that was given before may be stopped.",
        fails=_DIFF,
        passes=_SAME,
        remedy="Run `check --library` over the order sets.",
        limits="Reported once a limit.",
    ),
    declared(
        "RC874",
        "entry-unit-changed",
        _ERROR,
        _changed("RC874"),
        "rescuecalc",
        since=_SINCE,
        checks="Entries in another unit than before.",
        why="The same number entered at the pump is another dose.",
        fails=_DIFF,
        passes=_SAME,
        remedy="Change order sets and library together, and inform every ward.",
        limits="The limits of the two are not compared.",
    ),
    declared(
        "RC875",
        "entry-concentration-changed",
        _WARNING,
        _changed("RC875"),
        "rescuecalc",
        since=_SINCE,
        severities=(_NOTE,),
        checks="Entries with another concentration than before, under the same names and conditions; a note if it is "
        "the same out of another container.",
        why="Bags of both may be on the ward.",
        fails=_DIFF,
        passes=_SAME,
        remedy="Change order sets, bags and library on one day.",
        limits="Of several entries under one name, the first of each version is compared.",
    ),
    declared(
        "RC876",
        "initial-value-changed",
        _WARNING,
        _changed("RC876"),
        "rescuecalc",
        since=_SINCE,
        checks="The initial value of the pump.",
        why="Confirming the displayed value gives another dose than before.",
        fails=_DIFF,
        passes=_SAME,
        remedy="Compare it with the order sets: `check --library` (RC813).",
        limits="Reported once an entry.",
    ),
)
"""The rules that compare a library with an older version."""
