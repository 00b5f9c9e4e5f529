"""The first screens of `bridge` and `plan`; they render the document and calculate nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.document.regimen.bedside import of_severity
from rescuecalc.reporters.render.page import WIDTH, Line, Page
from rescuecalc.reporters.render.regimen.dose_screen import doses_first, identity, screen_end
from rescuecalc.reporters.render.regimen.dose_wording import AT_STOP, moment
from rescuecalc.reporters.render.regimen.plan_wording import agent_words, clocked, gap_words
from rescuecalc.reporters.render.regimen.timeline_text import timeline_lines
from rescuecalc.reporters.render.screen import SCREEN_LINES, assembled, field, verdict, within

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document

PLAN_LINES: Final = 44
"""Lines of a plan: the screen of its doses, the bridge, and the timeline where there is room for it."""

WRONG_BRIDGE_LINES: Final = 21
"""Lines of a bridge with an error: with the frame of its first line and the prompt, all of a terminal of 24.

Two errors or more may take others.
"""


def plan_screen(made: Document, facts: Document, width: int = WIDTH) -> Page:
    """Return the screen of a `plan` document; ``facts`` is the bedside document beside it."""
    shown = clocked(made)
    return within(
        PLAN_LINES, lambda brief: _with_bridge(shown, facts, doses_first(shown, facts, width, brief), PLAN_LINES)
    )


def bridge_screen(made: Document, facts: Document, width: int = WIDTH) -> Page:
    """Return the screen of a `bridge` document; ``facts`` is the bedside document beside it."""
    top, made = Page(width), clocked(made)
    verdict(top, made)
    identity(top, made, facts)
    stop = next((each for each in made["events"] if each["event"] == "infusion-stop"), None)
    if stop is not None:
        field(top, "stop", f"{moment(stop)}: {AT_STOP}")
    # Beside an error the warnings give way: it stands first and last, and both have to be on one screen.
    lines = WRONG_BRIDGE_LINES if of_severity(made, "error") else SCREEN_LINES
    return _with_bridge(made, facts, top, lines)


def _with_bridge(made: Document, facts: Document, top: Page, lines: int) -> Page:
    bridge, end = Page(top.width), Page(top.width)
    _bridge(bridge, made)
    screen_end(end, made, facts)
    drawing = [Line(text) for text in timeline_lines(made, top.width)]
    return assembled(made, (top, bridge, end), lines, drawing)


def _bridge(page: Page, made: Document) -> None:
    label = "bridge"
    for each in made["antiplatelets"]:
        if each["dose"] or each["purpose"] != "load":
            field(page, label, agent_words(each))
            label = ""
    if not made["antiplatelets"]:
        field(page, label, "no antiplatelet is named; see --p2y12 and --aspirin", "warning")
    overlap = f"{people(made['overlap'])} ({made['overlap_stated']})" if made["overlap"] else "not stated"
    field(page, "overlap", f"{overlap}; gap after the stop: {gap_words(made['coverage']['gap'])}")
    if made["beside"]:
        field(page, "beside", ", ".join(made["beside"]))
    for each in made["reactivity"]:
        inside = [one["name"] for one in each["targets"] if one["inside"]]
        field(page, "assay", f"{each['pru']} PRU, inside of {', '.join(inside) or 'no target'}")
