"""Notes of one order set that belong together, as one line of the page of `check`; every other format lists each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.findings.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.core.orders.findings.source_location import Located

FOLDS: Final = (
    ("RC401", "RC635", "RC704", "RC707", "RC513"),  # what the label and the site say
    ("RC407", "RC409", "RC415"),  # what the source is, and what is not clear in it
    ("RC701", "RC630", "RC705", "RC706", "RC710"),  # what is left open
)
"""Codes whose notes are one line of a set."""

_FOLD_OF: Final = {code: place for place, codes in enumerate(FOLDS) for code in codes}


class FoldedNotes(NamedTuple):
    """Two or more notes of one set and one fold, in the order in which they were found."""

    located: tuple[Located, ...]

    @property
    def codes(self) -> str:
        """The codes, each once."""
        return ", ".join(dict.fromkeys(each.finding.code for each in self.located))

    @property
    def message(self) -> str:
        """What each says, with its places; what several say is said once."""
        places: dict[str, list[str]] = {}
        for each in self.located:
            found = places.setdefault(each.finding.message, [])
            found += [f"{each.place.line}:{each.place.column}"] if each.place is not None else []
        return "; ".join(f"{text} ({', '.join(found)})" if found else text for text, found in places.items())


def folded(found: Iterable[Located]) -> Iterator[Located | FoldedNotes]:
    """Yield the findings of one file, the notes of a fold and a set together where the first of them stands."""
    groups: dict[tuple[str, int] | int, list[Located]] = {}
    for place, each in enumerate(found):
        groups.setdefault(_key(each) or place, []).append(each)
    for group in groups.values():
        yield group[0] if len(group) == 1 else FoldedNotes(tuple(group))


def _key(each: Located) -> tuple[str, int] | None:
    """Return the set and the fold of a note, None of what stands by itself: an approval is of one finding."""
    fold = _FOLD_OF.get(each.finding.code)
    if fold is None or each.finding.severity is not Severity.NOTE or each.finding.approval is not None:
        return None
    _, title, *_ = each.identity.split("\n")
    return title, fold
