"""The pages of `bridge` and `plan`; they render the document and calculate nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.regimen.bedside_text import add_bedside
from rescuecalc.reporters.render.regimen.dose_text import dose_sections, dose_top, stated_above
from rescuecalc.reporters.render.regimen.dose_wording import moment
from rescuecalc.reporters.render.regimen.plan_wording import clocked, dose_words, gap_words, headline, short_clock
from rescuecalc.reporters.render.regimen.timeline_text import timeline_lines

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document


_GIVE_OVER: Final = "RC710"
"""How fast a dose is given: a bridge shows no doses, so that its page does not state it."""


_ONSET: Final = "RC604"
"""Onsets that no source states: the coverage says so beside each agent."""


def bridge_page(made: Document, facts: Document, width: int = WIDTH) -> Page:
    """Return the page of a `bridge` document; ``facts`` is the bedside document beside it."""
    page = Page(width)
    dose_top(page, made)
    _bridge(page, made, facts, stated_above(made) - {_GIVE_OVER} | {_ONSET})
    _end(page, made)
    return page


def plan_page(made: Document, facts: Document, width: int = WIDTH) -> Page:
    """Return the page of a `plan` document: doses, bridge and monitoring."""
    page = Page(width)
    dose_top(page, made)
    dose_sections(page, made)
    _bridge(page, made, facts, stated_above(made) | {_ONSET})
    _end(page, made)
    return page


def _bridge(page: Page, made: Document, facts: Document, above: frozenset[str]) -> None:
    _chosen(page, made)
    _timeline(page, made)
    pages.before_the_start(page, made)
    _events(page, made)
    _coverage(page, made)
    _reactivity(page, made)
    add_bedside(page, made, facts)
    pages.findings(page, clocked(made)["findings"], above)
    _conditions(page, made)
    _choosing(page, made)
    if made["notes"]:
        page.heading("NOTES")
    for note in made["notes"]:
        page.add(note, indent=2, hang=2)


def _end(page: Page, made: Document) -> None:
    pages.source_list(page, made["sources"])
    page.add("")
    checked = "Every dose, volume, rate and time above was calculated twice, by two independent routes"
    page.add(f"{checked}. rescuecalc {made['rescuecalc']}", QUIET)


def _chosen(page: Page, made: Document) -> None:
    page.heading("BRIDGE")
    lysis = made["thrombolysis"]
    start = made["start"]
    words = "not stated" if lysis is None else f"at {_when(lysis, start)}" if lysis["given"] else "none given"
    page.field("thrombolysis", words, indent=2, column=16)
    for each in made["antiplatelets"]:
        if each["dose"] or each["purpose"] != "load":
            when = _when(each, start) if each["elapsed"] else "time not stated"
            page.field(each["group"], f"{dose_words(each)}, {when} ({each['stated']})", indent=2, column=16)
    if not made["antiplatelets"]:
        page.field("agents", "none named; see --p2y12 and --aspirin", indent=2, column=16)
    overlap = people(made["overlap"]) if made["overlap"] else "not stated"
    who = f" ({made['overlap_stated']})" if made["overlap"] else ""
    page.field("overlap", f"{overlap}{who}", indent=2, column=16)
    if made["beside"]:
        page.field("beside", ", ".join(made["beside"]), indent=2, column=16)


def _when(each: Document, start: str | None) -> str:
    clock = f" = {short_clock(each['at'], start)}" if each["at"] else ""
    return f"{each['elapsed']}{clock}"


def _timeline(page: Page, made: Document) -> None:
    lines = timeline_lines(made, page.width)
    if not lines:
        return
    page.heading("TIMELINE")
    for line in lines:
        page.exactly(line)


def _events(page: Page, made: Document) -> None:
    zone = f", clock from {made['start']}" if made["start"] else ""
    page.heading(f"SEQUENCE (hours:minutes:seconds after the start of the first infusion{zone})")
    for each in made["events"]:
        elapsed = each["elapsed"] or "not stated"
        clock = f"  {short_clock(each['at'], made['start'])}" if each["at"] else ""
        page.add(f"{elapsed:>10}{clock}  {headline(each, made)}", STRONG, indent=2, hang=12)
        page.add(_detail(each), indent=14)


def _detail(each: Document) -> str:
    cited = ", ".join(dict.fromkeys(one["id"] for one in each["sources"] if one["id"] != "user"))
    return f"{each['detail']} [{each['stated']}{f': {cited}' if cited and each['stated'] == 'by the source' else ''}]"


def _coverage(page: Page, made: Document) -> None:
    page.heading("COVERAGE (a gap is counted from the stop until every agent has set in)")
    cover = made["coverage"]
    for each in cover["intervals"]:
        end = moment(each, "to_") if each["to_elapsed"] else "on"
        parts = [
            ", ".join(each["covered_by"]),
            f"possibly {', '.join(each['possibly_by'])}" if each["possibly_by"] else "",
            f"unknown: {', '.join(each['unknown'])}" if each["unknown"] else "",
        ]
        words = "; ".join(part for part in parts if part) or "nothing known"
        begin = moment(each, "from_")
        page.add(f"{begin:>9} to {end:<{max(9, len(begin))}} {words}", indent=2, hang=24)
    for each in cover["agents"]:
        why = f" ({each['unknown']})" if each["unknown"] else f" (onset {each['onset']})"
        page.field(each["drug"], f"gap {gap_words(each['gap'])}{why}", column=16)
    page.field("total", f"gap {gap_words(cover['gap'])}", STRONG, column=16)
    for name in ("worst_case", "best_case"):
        page.field(name.replace("_", " "), cover[name], QUIET, column=16)


def _reactivity(page: Page, made: Document) -> None:
    for each in made["reactivity"]:
        page.heading(f"P2Y12 REACTIVITY: {each['pru']} PRU ({each['stated']})")
        for target in each["targets"]:
            page.add(f"{'inside of' if target['inside'] else 'outside of'} {target['name']}", indent=2, hang=2)


def _conditions(page: Page, made: Document) -> None:
    page.heading("IF")
    for each in made["conditions"]:
        page.add(f"- {each['when']}: {each['then']}", indent=2, hang=2)


def _choosing(page: Page, made: Document) -> None:
    page.heading("HOW TO CHOOSE (what sources say; nothing is recommended)")
    about = ""
    for each in made["choosing"]:
        page.field(each["about"] if each["about"] != about else "", each["words"], column=14)
        about = each["about"]
