"""What `library check` and `library diff` are asked, and what they find: a library judged as an order set is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.catalogue.site_protocol import site_protocol
from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.library.pump_library import LibraryUse
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.findings.source_location import Located
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import InputError
from rescuecalc.reporters.document.check import Checked
from rescuecalc.reporters.document.library import LibraryChecked
from rescuecalc.requests.libraries.pump_library import area_of, library_of, readable
from rescuecalc.rules.document.document import UNREADABLE
from rescuecalc.rules.judging.library_judge import judge_library
from rescuecalc.rules.library.entries.unjudged_limits import without_dose
from rescuecalc.rules.library.hits import InLibrary, chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rescuecalc.core.library.pump_library import PumpLibrary
    from rescuecalc.core.orders.findings.finding import Finding
    from rescuecalc.core.regimen.protocol import Protocol

MOST_LISTED: Final = 10_000
"""Findings of each severity that are listed; all are counted."""

_LABEL: Final = "label"


class LibraryRequest(NamedTuple):
    """What is typed beside a library: protocols by id and by file, a care area, drugs."""

    protocols: tuple[str, ...] = ()
    protocol_files: tuple[Path, ...] = ()
    care_area: str | None = None
    drugs: tuple[str, ...] = ()


def library_checked(file: Path, asked: LibraryRequest, threshold: Severity) -> LibraryChecked:
    """Return what is found in a library; CatalogueError where it is none, InputError for what is unknown in it."""
    library = library_of(file)
    return _judged(_use(library, asked), threshold)


def library_changes(old: Path, new: Path, asked: LibraryRequest, threshold: Severity) -> LibraryChecked:
    """Return what a new version of a library changes; errors as for ``library_checked``."""
    older = readable(library_of(old))
    use = _use(readable(library_of(new)), asked, also=older)
    return _judged(use._replace(older=older), threshold)


def _use(library: PumpLibrary, asked: LibraryRequest, also: PumpLibrary | None = None) -> LibraryUse:
    area = area_of(library, asked.care_area) if asked.care_area is not None else None
    drugs = frozenset(_drug(each, library, also) for each in asked.drugs)
    named = (*map(catalogue.protocol, asked.protocols), *map(site_protocol, asked.protocol_files))
    used = LibraryUse(library, area, None, (), drugs, are_named=bool(named))
    judged = [*used.entries, *(used._replace(library=also).entries if also is not None else ())]
    in_libraries = {each.drug for each in judged}
    for each in named:
        if each.drug not in in_libraries:
            where = f"{area.name} of {library.file}" if area is not None else library.file
            raise InputError(f"--protocol: {each.id} is of {each.drug}, and {where} has no entry of it")
    return used._replace(protocols=named or _labels_first(in_libraries))


def _drug(text: str, library: PumpLibrary, also: PumpLibrary | None) -> str:
    drug = drug_name(text)
    known = (*library.drugs, *(also.drugs if also is not None else ()))
    if drug not in known:
        raise InputError(f"--drug: {quoted(text)} is not in {library.file}{nearest(drug, known)}")
    return drug


def _labels_first(drugs: set[str]) -> tuple[Protocol, ...]:
    """Return every packaged protocol of the drugs, those of labels first."""
    own = [each for each in catalogue.protocols() if each.drug in drugs]
    return tuple(sorted(own, key=lambda each: (each.kind != _LABEL, each.id)))


def _judged(use: LibraryUse, threshold: Severity) -> LibraryChecked:
    # The limits of a pump stay the usual ones: what the library says of its own is compared with them.
    knowledge = packaged_knowledge()._replace(library=use, derived={})
    located = sorted((_located(each, use.library, threshold) for each in judge_library(knowledge)), key=_order)
    counts = dict.fromkeys(Severity, 0) | Counter(each.finding.severity for each in located)
    left = without_dose(InLibrary(use, chosen(use)), knowledge) if use.older is None else 0
    is_unread = any(each.finding.code in UNREADABLE for each in located)
    return LibraryChecked(use, tuple(located), counts, is_unread, without_dose=left)


def as_checked(made: LibraryChecked, as_of: str, taken: Callable[[Located], bool] | None = None) -> LibraryChecked:
    """Return what was found with the part that other formats take, without what a baseline knows."""
    left = [each for each in made.located if taken is None or not taken(each)]
    counts = dict.fromkeys(Severity, 0) | Counter(each.finding.severity for each in left)
    listed = _within_bound(left)
    library = made.use.library
    checked = Checked(
        tuple(listed),
        counts,
        1,
        len(made.use.entries),
        len(left) - len(listed),
        made.unreadable,
        as_of,
        known=len(made.located) - len(left),
        names=(library.file,),
    )
    return made._replace(located=tuple(left), counts=counts, checked=checked)


def _within_bound(located: Sequence[Located]) -> list[Located]:
    seen: Counter[Severity] = Counter()
    listed = []
    for each in located:
        seen[each.finding.severity] += 1
        if seen[each.finding.severity] <= MOST_LISTED:
            listed.append(each)
    return listed


def _order(each: Located) -> tuple[object, ...]:
    found = each.finding
    return found.line or 0, found.column or 0, found.severity.rank, found.code, found.message


def _located(found: Finding, library: PumpLibrary, threshold: Severity) -> Located:
    place = library.place(found.pointer)
    line, column = (place.line, place.column) if place is not None else (None, None)
    placed = found._replace(file=library.file, line=line, column=column)
    identity = "\n".join((library.file, library.name, found.code, found.found or "", _without_lines(found, library)))
    return Located(placed, place, identity, fails=found.severity.reaches(threshold))


def _without_lines(found: Finding, library: PumpLibrary) -> str:
    """Return what a finding is about without the lines in its message, which move with the next export."""
    return " ".join(word for word in found.message.split() if not word.strip("(),").isdigit()) + library.kind
