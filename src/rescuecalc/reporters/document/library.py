"""The documents of `library`: what is wrong in one, what a new version changes, and what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rescuecalc.core.library.limits import WORDS
from rescuecalc.core.library.pump_library import SETS
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.reporters.document.check import library_head, library_part
from rescuecalc.reporters.document.common_parts import Document, finding, header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry, LibraryUse, PumpLibrary
    from rescuecalc.core.orders.findings.source_location import Located
    from rescuecalc.reporters.document.check import Checked


class LibraryChecked(NamedTuple):
    """What was found in a library, or of what changed in it; ``checked`` is the same for formats of `check`.

    Some limits of ``without_dose`` entries were compared with each other and the pump alone.
    """

    use: LibraryUse
    located: tuple[Located, ...]
    counts: Mapping[Severity, int]
    unreadable: bool
    checked: Checked | None = None
    without_dose: int = 0

    @property
    def unread(self) -> int:
        """How many entries could not be read and were not judged."""
        return sum(1 for each in self.use.entries if each.defects)


class LibraryShown(NamedTuple):
    """A library with those of its entries that are shown; of a template, which is none yet, its ``rows`` by column."""

    library: PumpLibrary | None
    entries: tuple[Entry, ...]
    rows: tuple[Mapping[str, str], ...] = ()

    @property
    def unread(self) -> int:
        """How many entries and rows could not be read whole."""
        defects = self.library.defects if self.library is not None else ()
        return sum(1 for each in self.entries if each.defects) + len(defects)

    @property
    def beside_rows(self) -> tuple[str, ...]:
        """What a library says of its pump and itself that no row holds."""
        made = self.library
        if made is None:
            return ()
        kind = "" if made.is_pump else f'kind = "{made.kind}"'
        values = (("min_rate", made.min_rate), ("rate_step", made.rate_step))
        return tuple(filter(None, (kind, *(f"{name} {value}" for name, value in values if value is not None))))


def check_document(made: LibraryChecked) -> Document:
    """Return the document of `library check`."""
    return {**header("library-check"), **_common(made)}


def diff_document(made: LibraryChecked) -> Document:
    """Return the document of `library diff`."""
    older = made.use.older
    before = library_part(made.use._replace(library=older)) if older is not None else None
    return {**header("library-diff"), "before": before, **_common(made)}


def _common(made: LibraryChecked) -> Document:
    library, checked = made.use.library, made.checked
    listed = checked.located if checked is not None else made.located
    return {
        "library": library_part(made.use),
        "protocols": [each.id for each in made.use.protocols],
        "protocols_named": made.use.are_named,
        "findings": [finding(each.finding) for each in listed],
        "summary": {
            "entries": len(made.use.entries),
            "not_judged": made.unread,
            "without_dose": made.without_dose,
            "drugs": len({each.drug for each in made.use.entries}),
            "passed_over": library.passed_over,
            "unmapped": list(library.unmapped),
            **{severity.value: made.counts[severity] for severity in Severity},
            "in_baseline": checked.known if checked is not None else 0,
            "left_out": checked.left_out if checked is not None else 0,
            "all_read": not made.unreadable,
        },
    }


def checked_of(made: LibraryChecked) -> Checked:
    """Return the findings about a library as the formats of `check` take them."""
    if made.checked is None:
        raise TypeError("the formats of `check` need what they take")
    return made.checked


def show_document(made: LibraryShown) -> Document:
    """Return the document of `library show`."""
    library, entries = made.library, made.entries
    if library is None:
        raise TypeError("a template is not a library yet")
    return {
        **header("library"),
        **library_head(library),
        "max_rate": _text(library.max_rate),
        "min_rate": _text(library.min_rate),
        "rate_step": _text(library.rate_step),
        "max_vtbi": _text(library.max_vtbi),
        "care_areas": [
            {"name": each.name, "max_rate": _text(each.max_rate), "max_vtbi": _text(each.max_vtbi)}
            | {"weight": _limits(each.weight) if each.weight is not None else None}
            for each in library.areas.values()
        ],
        "unmapped": list(library.unmapped),
        "entries": [_entry(each) for each in entries],
    }


def _text(value: object) -> str | None:
    return str(value) if value is not None else None


def _entry(entry: Entry) -> Document:
    return {
        "line": entry.line,
        "care_area": entry.care_area or None,
        "drug": entry.drug,
        "name": entry.name,
        "therapy": entry.therapy or None,
        **{
            name: next((one.text for one in entry.conditions if one.name == name), None)
            for name in ("creatinine_clearance", "weight")
        },
        "strength": entry.strength or None,
        "concentration": _text(entry.concentration),
        "limits": {name: _limits(entry.limits[name]) for name in SETS if name in entry.limits},
        "max_rate": _text(entry.max_rate),
        "max_vtbi": _text(entry.max_vtbi),
        "code": entry.code or None,
        "not_read": [each.message for each in entry.defects],
    }


def _limits(limits: LimitSet) -> Document:
    return {"unit": limits.unit.name, **{name: _text(limits.get(name)) for name in WORDS}}
