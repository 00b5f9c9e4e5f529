"""The timeline of a plan as a picture, SVG or PNG: legible without colour, the same bytes for the same plan.

Drawn by matplotlib without its global state. Text stays text in the SVG, so that it can be searched and read aloud.
"""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from rescuecalc.reporters.document.common_parts import people
from rescuecalc.reporters.render.regimen.timeline_lanes import (
    COVERS,
    GAP,
    POSSIBLE,
    UNKNOWN,
    WINDOW,
    Lane,
    Timeline,
    timeline,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rescuecalc.reporters.document.common_parts import Document

_HOUR: Final = 3600
_WIDTH: Final = 11.0
_STEPS: Final = (1, 2, 4, 6, 8, 12, 24)
_TICKS: Final = 16
_LINE: Final = 118
_MARGIN: Final = 1 / 60
"""How much of its length the drawing begins earlier."""

_STYLE: Final[dict[str, dict[str, Any]]] = {
    COVERS: {"facecolor": "0.55", "edgecolor": "black", "hatch": ""},
    POSSIBLE: {"facecolor": "white", "edgecolor": "black", "hatch": "////"},
    UNKNOWN: {"facecolor": "white", "edgecolor": "black", "hatch": "..", "linestyle": "--"},
    GAP: {"facecolor": "white", "edgecolor": "black", "hatch": "xxxx"},
    WINDOW: {"facecolor": "0.92", "edgecolor": "0.4", "hatch": ""},
}
_NAMES: Final = {
    COVERS: "runs or covers",
    POSSIBLE: "may cover",
    UNKNOWN: "unknown",
    GAP: "gap, worst case",
    WINDOW: "window",
}
_SETTINGS: Final[Any] = {
    "svg.hashsalt": "rescuecalc",
    "svg.fonttype": "none",
    "text.parse_math": False,  # a $ in a title is a dollar
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "hatch.linewidth": 0.6,
}


def timeline_picture(made: Document, kind: str) -> bytes | None:
    """Return the timeline as ``svg`` or ``png``, None where the plan has no infusion to count from."""
    drawn = timeline(made)
    if drawn is None:
        return None
    with mpl.rc_context(_SETTINGS):
        figure = _figure(drawn, made)
        target = io.BytesIO()
        if kind == "svg":
            FigureCanvasSVG(figure)
            figure.savefig(
                target, format="svg", metadata={"Date": None, "Title": _title(made), "Description": _description(made)}
            )
        else:
            FigureCanvasAgg(figure)
            figure.savefig(target, format="png", dpi=150, metadata={"Title": _title(made), "Software": None})
    return target.getvalue()


def _title(made: Document) -> str:
    protocol, weight = made["protocol"], made["dosing_weight"]
    patient = f", {people(weight)}" if weight else ""
    start = f", start {made['start'][:16].replace('T', ' ')} {made['start'][19:]}" if made["start"] else ""
    return f"{protocol['drug']}: {protocol['id'] or 'your own regimen'}{patient}{start}"


def _description(made: Document) -> str:
    """Return in words what the picture shows, for those who cannot see it."""
    gap = made["coverage"]["gap"]
    overlap = people(made["overlap"]) if made["overlap"] else "not stated"
    return (
        f"Timeline of infusion, containers, antiplatelets, coverage and monitoring. Overlap {overlap}; "
        f"gap until every agent has set in: worst case {gap['worst']}, best case {gap['best']}. "
        f"Best case: {made['coverage']['best_case']}."
    )


def _figure(drawn: Timeline, made: Document) -> Figure:
    notes = _notes(drawn, made)
    rows, below = len(drawn.lanes), 0.19 * len(notes) + 0.75
    height = 0.42 * rows + below + (1.3 if drawn.start is not None else 0.95)
    figure = Figure(figsize=(_WIDTH, height))
    axes = figure.add_axes((0.13, below / height, 0.84, 0.42 * rows / height))
    for place, lane in enumerate(drawn.lanes):
        _lane(axes, lane, rows - place - 1, drawn)
    _axes(axes, drawn)
    _clock(axes, drawn)
    figure.text(0.02, 1 - 0.15 / height, _title(made), fontsize=12, fontweight="bold", va="top")
    figure.text(0.02, (below - 0.55) / height, "\n".join(notes), va="top", fontsize=8, linespacing=1.4)
    _legend(figure, height)
    return figure


def _notes(drawn: Timeline, made: Document) -> list[str]:
    remarks = [_description(made).partition(". ")[2]]
    change = drawn.change()
    remarks += [f"{change[1]} at the dashed line"] if change is not None else []
    remarks += [f"outside of the drawing: {'; '.join(drawn.outside)}"] if drawn.outside else []
    unplaced = "; ".join(dict.fromkeys(drawn.unplaced))
    remarks += [f"time not stated: {unplaced}"] if unplaced else []
    remarks.append(f"rescuecalc {made['rescuecalc']}; drawn from the plan, whose page holds findings and sources")
    return [line for each in remarks for line in textwrap.wrap(each, _LINE, subsequent_indent="    ")]


def _lane(axes: Any, lane: Lane, row: int, drawn: Timeline) -> None:
    for bar in lane.bars:
        length = (bar.end - bar.start) / _HOUR
        axes.barh(row, length, left=bar.start / _HOUR, height=0.52, linewidth=0.8, **_STYLE[bar.kind])
        room = length / (drawn.end - drawn.begin) * _HOUR * _LINE
        if bar.text and len(bar.text) + 2 < room:
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
            axes.text((bar.start + bar.end) / 2 / _HOUR, row, bar.text, ha="center", va="center", fontsize=8, bbox=box)
    _marks(axes, lane, row)


def _marks(axes: Any, lane: Lane, row: int) -> None:
    given = lane.bars and lane.name != "containers"
    style = {"marker": "D", "s": 26, "c": "black"} if given else {"marker": "|", "s": 130, "c": "black"}
    axes.scatter(
        [mark.at / _HOUR for mark in lane.marks],
        [row] * len(lane.marks),
        zorder=4,
        linewidths=1.1,
        clip_on=False,
        **style,
    )
    for mark in lane.marks:
        if mark.text and lane.name != "containers":
            axes.annotate(
                mark.text,
                (mark.at / _HOUR, row),
                (0, 9),
                textcoords="offset points",
                fontsize=7.5,
                ha="left",
                va="bottom",
            )


def _axes(axes: Any, drawn: Timeline) -> None:
    # What happens at the begin stays clear of the names of the lanes.
    axes.set_xlim((drawn.begin - (drawn.end - drawn.begin) * _MARGIN) / _HOUR, drawn.end / _HOUR)
    axes.set_ylim(-0.6, len(drawn.lanes) - 0.2)
    axes.set_yticks(range(len(drawn.lanes)), [lane.name for lane in reversed(drawn.lanes)])
    ticks = _ticks(drawn)
    axes.set_xticks(ticks, [f"{tick}" for tick in ticks])
    axes.set_xlabel("hours after the start of the first infusion", fontsize=8)
    axes.grid(axis="x", color="0.85", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    change = drawn.change()
    if change is not None:
        axes.axvline(change[0] / _HOUR, color="black", linewidth=0.8, linestyle=(0, (4, 3)))


def _ticks(drawn: Timeline) -> list[int]:
    first, last = drawn.begin // _HOUR, drawn.end // _HOUR
    step = next((step for step in _STEPS if (last - first) / step <= _TICKS), _STEPS[-1])
    return list(range(-(-first // step) * step, last + 1, step))


def _clock(axes: Any, drawn: Timeline) -> None:
    """Write the clock readings along the top, with the date where a day begins."""
    if drawn.start is None:
        return
    top, ticks, day = axes.secondary_xaxis("top"), _ticks(drawn), None
    labels = []
    for tick in ticks:
        at = drawn.clock(tick * _HOUR)
        date = f"{at:%d %b}\n" if at is not None and at.date() != day else ""
        labels.append(f"{date}{at:%H:%M}")
        day = at.date() if at is not None else None
    top.set_xticks(ticks, labels)
    top.spines["top"].set_visible(False)
    top.tick_params(length=2, labelsize=8)


def _legend(figure: Figure, height: float) -> None:
    handles: Sequence[Patch] = [Patch(linewidth=0.8, label=_NAMES[kind], **style) for kind, style in _STYLE.items()]
    figure.legend(
        handles=handles,
        loc="upper right",
        bbox_to_anchor=(0.985, 1 - 0.4 / height),
        ncols=len(handles),
        frameon=False,
        fontsize=8,
        handlelength=2.6,
        handleheight=1.2,
    )
