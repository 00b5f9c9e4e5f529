"""RC835: names of drugs that are one slip of the pen off a known one, or off that of the library's other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import ABBREVIATIONS, BRANDS, KNOWN, OTHER_NAMES
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.rules.library.hits import at_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.rules.base.knowledge import Knowledge
    from rescuecalc.rules.base.rule import Hit
    from rescuecalc.rules.library.hits import InLibrary

_SHORTEST: Final = 6
"""Letters of a name below which another drug may be one letter away."""


_VOWELS: Final = "aeiou"


def known_names(knowledge: Knowledge) -> frozenset[str]:
    """Return the names of drugs that are known here, whatever is held of them."""
    names = (*BRANDS.values(), *ABBREVIATIONS.values(), *OTHER_NAMES.values())
    return knowledge.once(
        ("known names",), lambda: frozenset((*KNOWN, *names, *knowledge.drugs, *knowledge.bridging().classes))
    )


def drug_slips(known: InLibrary, knowledge: Knowledge, reported: frozenset[str]) -> Iterator[Hit]:
    """Yield the names that are one letter off a known drug's, or off one that more rows have."""
    own = {drug: entries for drug, entries in known.by_drug() if drug not in reported and _is_name(drug)}
    index: dict[str, list[str]] = {}
    for name in (*own, *filter(_is_name, known_names(knowledge) - own.keys())):
        for key in _with_one_left_out(name):
            index.setdefault(key, []).append(name)
    for drug, entries in own.items():
        near = {each for key in _with_one_left_out(drug) for each in index[key] if _is_one_slip(drug, each)}
        if drug in known_names(knowledge):
            continue
        # In other languages a name ends in another vowel, or in none.
        held = sorted(each for each in near & known_names(knowledge) if each.rstrip(_VOWELS) != drug.rstrip(_VOWELS))
        more = sorted(each for each in near & own.keys() if _rank(each, own) > _rank(drug, own))
        if held or more:
            yield _hit(entries, (held or more)[0], known, Severity.ERROR if held else Severity.WARNING)


def _rank(name: str, own: dict[str, tuple[Entry, ...]]) -> tuple[int, int]:
    """Return what the more likely of two names has more of: rows, and of as many the one that stands first."""
    return len(own[name]), -own[name][0].number


def _hit(entries: tuple[Entry, ...], right: str, known: InLibrary, severity: Severity) -> Hit:
    first = entries[0]
    more = f"; the same in {len(entries) - 1:,} more" if len(entries) > 1 else ""
    message = f"{quoted(first.name)} is one letter off {right}: did you mean {right}?{more}"
    return at_limit(known.use, first, "drug", message, None, severity=severity)._replace(
        found=first.name, expected=right
    )


def _is_name(drug: str) -> bool:
    return len(drug) >= _SHORTEST and drug.replace(" ", "").isalpha()


def _with_one_left_out(name: str) -> set[str]:
    """Return a name and what is left of it without each of its letters: two names one slip apart have one in common."""
    return {name, *(name[:place] + name[place + 1 :] for place in range(len(name)))}


def _is_one_slip(one: str, other: str) -> bool:
    """Whether a letter too many, too few or another, or two that changed places, make one name of another."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True  # one letter more at the end
    first, second = one[start:], other[start:]
    swapped = first[1:2] + first[:1] + first[2:] == second
    return swapped or first[1:] == second[1:] or first[1:] == second or first == second[1:]
