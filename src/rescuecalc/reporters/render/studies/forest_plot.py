"""The forest plot of a comparison: ratios with their intervals on a logarithmic axis, in characters or as SVG.

Computed odds ratios and ratios as printed are different measures: each row says which, and no row is pooled. Outcomes
of one direction stand together, since the same side of 1 is good news in one group and bad news in the other.
"""

from __future__ import annotations

import io
import math
import textwrap
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.quantities.decimal_text import plain

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document

_NAME: Final = 27
_LABEL: Final = 58
"""Characters of a name beside the characters' plot, and of a line beside the picture."""

_MARKS: Final = (0.01, 0.1, 1.0, 10.0, 100.0)


class ForestGroup(NamedTuple):
    """Outcomes of one direction, with what each side of 1 means: ``below`` on the left, ``above`` on the right."""

    title: str
    outcomes: frozenset[str]
    below: str
    above: str


_FIRST, _COMPARATOR = "favours the first arm", "favours the comparator"
_GROUPS: Final = (
    ForestGroup(
        "WANTED OUTCOMES",
        frozenset({"good-outcome", "excellent-outcome", "independence", "recanalisation"}),
        _COMPARATOR,
        _FIRST,
    ),
    ForestGroup(
        "UNWANTED OUTCOMES",
        frozenset({"sich", "ich", "death", "reocclusion", "stroke-or-death"}),
        _FIRST,
        _COMPARATOR,
    ),
    # A ratio of a shift of the mRS may count either way; whether it does is not printed.
    ForestGroup("DIRECTION NOT STATED BY THE SOURCE", frozenset({"disability", "technical", "other"}), "less", "more"),
)


class ForestRow(NamedTuple):
    """One ratio: whose, of what measure, its value and interval, and whether it was computed here.

    ``label`` is the outcome and what it was compared with.
    """

    group: int
    name: str
    label: str
    measure: str
    value: float
    low: float
    high: float
    computed: bool
    uninformative: bool
    text: str


def forest_rows(made: Document) -> list[ForestRow]:
    """Return the ratios of a comparison by group; in each the computed odds ratios first, then the printed ones."""
    rows = []
    for each in made["comparisons"]:
        ratio = each["odds_ratio"]
        if ratio is not None:
            text = f"{plain(ratio['value'])} ({plain(ratio['low'])} to {plain(ratio['high'])})"
            value, low, high = (float(ratio[key]) for key in ("value", "low", "high"))
            rows.append(ForestRow(*_named(each), "odds ratio", value, low, high, True, ratio["uninformative"], text))
    for each in made["comparisons"]:
        word, _, number = each["figure"].rpartition(" ")
        measure = word.rpartition(" ")[2]
        if each["interval"] and measure.endswith(("OR", "HR")):
            low, high = (float(Decimal(end)) for end in each["interval"].split("-"))
            wide = each["uninformative"]
            text = f"{number} ({each['interval'].replace('-', ' to ')})"
            value = float(Decimal(number))
            rows.append(ForestRow(*_named(each), f"{measure}, printed", value, low, high, False, wide, text))
    return sorted(rows, key=lambda row: row.group)  # stable: the order within a group stays


def _named(each: Document) -> tuple[int, str, str]:
    """Return the group of a comparison, the study's name, and its outcome with what it was compared with."""
    group = next(place for place, known in enumerate(_GROUPS) if each["outcome"] in known.outcomes)
    against = " vs ".join(arm["arm"] for arm in each["arms"]) or f"compared with: {each['compared_with']}"
    return group, each["name"], f"{each['label']}; {against}"


def _span(rows: list[ForestRow]) -> tuple[float, float]:
    """Return the powers of ten around every interval and 1."""
    low, high = min(1.0, *(row.low for row in rows)), max(1.0, *(row.high for row in rows))
    return 10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high))


def forest_lines(made: Document, width: int) -> list[str]:
    """Return the plot as lines of at most ``width`` characters; none where there is no ratio."""
    rows = forest_rows(made)
    if not rows:
        return []
    low, high = _span(rows)
    columns = width - _NAME - 3

    def column(value: float) -> int:
        share = (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))
        return min(columns - 1, max(0, round(share * (columns - 1))))

    lines: list[str] = []
    for before, row in zip([None, *rows], rows, strict=False):
        if before is None or before.group != row.group:
            lines += _head(_GROUPS[row.group], columns, column(1.0))
        cells = [" "] * columns
        cells[column(1.0)] = ":"
        for place in range(column(row.low), column(row.high) + 1):
            cells[place] = "." if row.uninformative else "-"
        cells[column(row.low)], cells[column(row.high)] = "|", "|"
        cells[column(row.value)] = "#" if row.computed else "o"
        lines += [
            f"  {row.name[:_NAME]:<{_NAME}} {''.join(cells)}".rstrip(),
            *textwrap.wrap(f"{row.measure}: {row.label}", width - 4, initial_indent="    ", subsequent_indent="    "),
        ]
    axis = [" "] * columns
    for mark in (each for each in _MARKS if low <= each <= high):
        text = f"{mark:g}"
        place = min(column(mark), columns - len(text))
        axis[place : place + len(text)] = list(text)
    lines.append(f"  {'':<{_NAME}} {''.join(axis)}".rstrip())
    lines.append("  # computed  o printed  |-| 95 % interval  |.| no information  : no difference")
    return lines


def _head(group: ForestGroup, columns: int, one: int) -> list[str]:
    """Return the lines above a group: its title, and on each side of 1 what that side means."""
    below, above = f"{group.below} <", f"> {group.above}"
    left = max(0, one - len(below) - 1)
    sides = f"{'':<{left}}{below} {above}" if len(below) + len(above) < columns else f"{below} {above}"
    start = min(_NAME + 3, _NAME + 3 + columns - len(sides))
    return [group.title, f"{'':<{start}}{sides}".rstrip()]


def forest_picture(made: Document) -> bytes | None:
    """Return the plot as SVG, None where there is no ratio; the same bytes for the same figures."""
    import matplotlib as mpl  # noqa: PLC0415  # an extra
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    rows = forest_rows(made)
    if not rows:
        return None
    settings: Any = {"svg.hashsalt": "rescuecalc", "svg.fonttype": "none", "font.family": "DejaVu Sans", "font.size": 9}
    settings["text.parse_math"] = False
    with mpl.rc_context(settings):
        figure = Figure(figsize=(10, _high(rows)))
        _draw(figure, rows, made)
        target = io.BytesIO()
        FigureCanvasSVG(figure)
        figure.savefig(
            target, format="svg", metadata={"Date": None, "Title": _title(made), "Description": _DESCRIPTION}
        )
    return target.getvalue()


_DESCRIPTION: Final = (
    "Ratios with 95 % intervals on a logarithmic axis; computed and printed ones are told apart, none is pooled."
)


def _title(made: Document) -> str:
    return f"Evidence compared: {made['outcome'] or 'every outcome'}"


_ROW: Final = 0.55
_AROUND: Final = 1.9
"""Inches: of a row or a group's head, and of title, axis and note."""


def _places(rows: list[ForestRow]) -> list[ForestRow | ForestGroup]:
    """Return what stands on each line of the picture, from above: a group's head, then its rows."""
    places: list[ForestRow | ForestGroup] = []
    for row in rows:
        if not any(each is _GROUPS[row.group] for each in places):
            places.append(_GROUPS[row.group])
        places.append(row)
    return places


def _high(rows: list[ForestRow]) -> float:
    return _ROW * len(_places(rows)) + _AROUND


def _draw(figure: Any, rows: list[ForestRow], made: Document) -> None:
    places, height = _places(rows), _high(rows)
    axes = figure.add_axes((0.36, 0.95 / height, 0.4, _ROW * len(places) / height))
    names = []
    for place, each in enumerate(reversed(places)):
        if isinstance(each, ForestGroup):
            _draw_head(axes, each, place)
            names.append("")
        else:
            _draw_row(axes, each, place)
            names.append("\n".join((each.name, *textwrap.wrap(f"{each.measure}: {each.label}", _LABEL))))
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=0.8, zorder=0)
    axes.set_xlim(*_span(rows))
    axes.set_ylim(-0.6, len(places) - 0.4)
    axes.set_yticks(range(len(places)), names, fontsize=7)
    ticks = [mark for mark in _MARKS if _span(rows)[0] <= mark <= _span(rows)[1]]
    axes.set_xticks(ticks, [f"{mark:g}" for mark in ticks])
    axes.set_xlabel("ratio with 95 % interval, logarithmic; 1 is no difference", fontsize=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.text(0.02, 1 - 0.15 / height, _title(made), fontsize=12, fontweight="bold", va="top")
    note = (
        "filled square: computed from counts; open circle: as printed, adjusted where named so. Never pooled. "
        "The first is the group of the study that is named first."
    )
    figure.text(0.02, 0.12 / height, note, fontsize=8, va="bottom")


def _draw_head(axes: Any, group: ForestGroup, place: int) -> None:
    """Write a group's title on the left, and what each side means on either side of the line of no difference."""
    across = axes.get_yaxis_transform()
    axes.text(-0.87, place, group.title, transform=across, va="center", fontsize=8.5, fontweight="bold")
    style = {"va": "center", "fontsize": 8, "fontstyle": "italic"}
    axes.annotate(f"\u2190 {group.below}", (1, place), (-6, 0), textcoords="offset points", ha="right", **style)
    axes.annotate(f"{group.above} \u2192", (1, place), (6, 0), textcoords="offset points", ha="left", **style)


def _draw_row(axes: Any, row: ForestRow, place: int) -> None:
    style = ":" if row.uninformative else "-"
    axes.plot(
        [row.low, row.high], [place, place], color="black", linewidth=1.2, linestyle=style, marker="|", markersize=8
    )
    fill = "black" if row.computed else "white"
    axes.plot(
        [row.value], [place], marker="s" if row.computed else "o", color="black", markerfacecolor=fill, markersize=7
    )
    text = row.text + (",\nno information" if row.uninformative else "")
    axes.text(1.02, place, text, transform=axes.get_yaxis_transform(), va="center", fontsize=8)
