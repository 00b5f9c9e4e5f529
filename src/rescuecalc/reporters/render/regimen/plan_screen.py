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
from rescuecalc.reporters.render.screen import (
    SCREEN_LINES,
    Brevity,
    LabelledText,
    assembled,
    field,
    joined,
    lines_at,
    verdict,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    def page(brevity: Brevity) -> Page:
        return _with_bridge(
            shown, facts, doses_first(shown, facts, width, brevity), lines_at(width, PLAN_LINES), brevity
        )

    return within(lines_at(width, PLAN_LINES), page)


def bridge_screen(made: Document, facts: Document, width: int = WIDTH) -> Page:
    """Return the screen of a `bridge` document; ``facts`` is the bedside document beside it."""
    made = clocked(made)
    # Beside an error the warnings give way: it stands first and last, and both have to be on one screen.
    lines = WRONG_BRIDGE_LINES if of_severity(made, "error") else SCREEN_LINES
    return within(
        lines_at(width),
        lambda brevity: _with_bridge(
            made, facts, _patient(made, facts, width, brevity), lines_at(width, lines), brevity
        ),
    )


def _patient(made: Document, facts: Document, width: int, brevity: Brevity) -> Page:
    page = Page(width)
    verdict(page, made, brevity)
    identity(page, made, facts, brevity)
    stop = next((each for each in made["events"] if each["event"] == "infusion-stop"), None)
    if stop is not None:
        field(page, "stop", f"{moment(stop)}: {AT_STOP}")
    return page


def _with_bridge(made: Document, facts: Document, top: Page, lines: int, brevity: Brevity) -> Page:
    bridge, end = Page(top.width), Page(top.width)
    agents, after = list(_agents(made)), list(_after_agents(made))
    for row in joined(agents) if brevity >= Brevity.RUN_ON else agents:
        field(bridge, *row, brevity)
    for row in joined(after, ("beside", "assay")) if brevity else after:
        field(bridge, *row, brevity)
    screen_end(end, made, facts, brevity=brevity)
    drawing = [Line(text) for text in timeline_lines(made, top.width)]
    return assembled(made, (top, bridge, end), lines, drawing, brevity)


def _agents(made: Document) -> Iterator[LabelledText]:
    label = "bridge"
    for each in made["antiplatelets"]:
        if each["dose"] or each["purpose"] != "load":
            yield LabelledText(label, agent_words(each))
            label = ""
    if not made["antiplatelets"]:
        yield LabelledText(label, "no antiplatelet is named; see --p2y12 and --aspirin", "warning")


def _after_agents(made: Document) -> Iterator[LabelledText]:
    """Yield the overlap, what is given beside and the assay."""
    overlap = f"{people(made['overlap'])} ({made['overlap_stated']})" if made["overlap"] else "not stated"
    yield LabelledText("overlap", f"{overlap}; gap after the stop: {gap_words(made['coverage']['gap'])}")
    if made["beside"]:
        yield LabelledText("beside", ", ".join(made["beside"]))
    for each in made["reactivity"]:
        where: dict[bool, str] = {}
        for inside in (True, False):
            where[inside] = ", ".join(one["name"] for one in each["targets"] if one["inside"] is inside)
        parts = [f"{word} {where[inside]}" for inside, word in _SIDES.items() if where[inside]]
        yield LabelledText("assay", f"{each['pru']} PRU, {'; '.join(parts)}")


_SIDES: Final = {True: "inside of", False: "outside of"}
