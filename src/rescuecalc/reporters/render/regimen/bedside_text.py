"""What no option hides: every page for people ends with it, and where numbers stand alone it goes to stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.document.regimen.bedside import of_severity
from rescuecalc.reporters.render.regimen.dose_wording import AT_STOP, HOW, absent, counts_words, stops_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.reporters.render.page import Page

_WEIGHTY = ("error", "warning")


def weighty(made: Document) -> tuple[str, ...]:
    """Return the errors and the warnings, one a line."""
    found = [each for severity in _WEIGHTY for each in of_severity(made, severity)]
    return tuple(f"{each['severity']} {each['code']} {each['message']}" for each in found)


def bedside_lines(made: Document, facts: Document) -> tuple[str, ...]:
    """Return label use, how a bolus is given, what to do at the stop, what is watched, and what was not given."""
    return (
        f"label use: {facts['label_use']}",
        *(f"bolus: {how}" for how in bolus_ways(made)),
        *((f"at the stop: {AT_STOP}",) if _infuses(made) else ()),
        f"platelets: {counts_words(facts) or 'no source is held; follow the local order'}",
        *(f"stop if: {words}" for words in (stops_words(facts),) if words),
        *(f"not given and so not judged: {', '.join(names)}" for names in (absent(made),) if names),
    )


def add_bedside(page: Page, made: Document, facts: Document) -> None:
    """Add these lines to a page under their heading."""
    page.heading("AT THE BEDSIDE")
    for each in bedside_lines(made, facts):
        page.add(each, indent=2, hang=2)


def bolus_ways(made: Document) -> list[str]:
    """Return how a bolus of each concentration is given, of a patient's regimen or of a table."""
    return list(dict.fromkeys(_administrations(made)))


def _administrations(made: Document) -> Iterator[str]:
    for part, _, how in (each.partition("; ") for each in made.get("how", ())):
        if how:
            yield f"{part.partition(':')[0].removeprefix('bolus of ')} {HOW.get(how, how)}"
    for each in made.get("boluses", ()):
        for one in (each, *each["options"]):
            if one["how"]:
                yield f"{people(one['concentration'])} {HOW.get(one['how'], one['how'])}"


def _infuses(made: Document) -> bool:
    return bool(made["rows"][0]["dose_rate"] if "rows" in made else made["infusions"])
