"""The forest plot of a comparison: ratios with their intervals on a logarithmic axis, in characters or as SVG.

Computed odds ratios and ratios as printed are different measures: each row says which, and no row is pooled.
"""

from __future__ import annotations

import io
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rescuecalc.core.quantities.decimal_text import plain

if TYPE_CHECKING:
    from rescuecalc.reporters.document.common_parts import Document

_NAME: Final = 27
_MARKS: Final = (0.01, 0.1, 1.0, 10.0, 100.0)


class ForestRow(NamedTuple):
    """One ratio: whose, of what measure, its value and interval, and whether it was computed here."""

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
    """Return the ratios of a comparison: computed odds ratios first, then printed ratios with an interval."""
    rows = []
    for each in made["comparisons"]:
        ratio = each["odds_ratio"]
        if ratio is not None:
            text = f"{plain(ratio['value'])} ({plain(ratio['low'])} to {plain(ratio['high'])})"
            value, low, high = (float(ratio[key]) for key in ("value", "low", "high"))
            rows.append(
                ForestRow(each["id"], each["label"], "odds ratio", value, low, high, True, ratio["uninformative"], text)
            )
    for each in made["comparisons"]:
        word, _, number = each["figure"].rpartition(" ")
        measure = word.rpartition(" ")[2]
        if each["interval"] and measure.endswith(("OR", "HR")):
            low, high = (float(Decimal(end)) for end in each["interval"].split("-"))
            wide = each["uninformative"]
            text = f"{number} ({each['interval'].replace('-', ' to ')})"
            value = float(Decimal(number))
            rows.append(
                ForestRow(each["id"], each["label"], f"{measure}, printed", value, low, high, False, wide, text)
            )
    return rows


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

    lines = []
    for row in rows:
        cells = [" "] * columns
        cells[column(1.0)] = ":"
        for place in range(column(row.low), column(row.high) + 1):
            cells[place] = "." if row.uninformative else "-"
        cells[column(row.low)], cells[column(row.high)] = "|", "|"
        cells[column(row.value)] = "#" if row.computed else "o"
        lines += [
            f"  {f'{row.name}, {row.measure}'[:_NAME]:<{_NAME}} {''.join(cells)}".rstrip(),
            f"    {row.label}"[:width],
        ]
    axis = [" "] * columns
    for mark in (each for each in _MARKS if low <= each <= high):
        text = f"{mark:g}"
        place = min(column(mark), columns - len(text))
        axis[place : place + len(text)] = list(text)
    lines.append(f"  {'':<{_NAME}} {''.join(axis)}".rstrip())
    lines.append("  # computed  o printed  |-| 95 % interval  |.| no information  : no difference")
    return lines


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
        figure = Figure(figsize=(10, 0.55 * len(rows) + 1.9))
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


def _draw(figure: Any, rows: list[ForestRow], made: Document) -> None:
    height = 0.55 * len(rows) + 1.9
    axes = figure.add_axes((0.34, 0.95 / height, 0.4, 0.55 * len(rows) / height))
    for place, row in enumerate(reversed(rows)):
        style = ":" if row.uninformative else "-"
        axes.plot(
            [row.low, row.high], [place, place], color="black", linewidth=1.2, linestyle=style, marker="|", markersize=8
        )
        fill = "black" if row.computed else "white"
        axes.plot(
            [row.value], [place], marker="s" if row.computed else "o", color="black", markerfacecolor=fill, markersize=7
        )
        figure_text = row.text + (",\nno information" if row.uninformative else "")
        axes.text(1.02, place, figure_text, transform=axes.get_yaxis_transform(), va="center", fontsize=8)
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xlim(*_span(rows))
    axes.set_ylim(-0.6, len(rows) - 0.4)
    names = [f"{row.name}, {row.measure}\n{row.label}" for row in reversed(rows)]
    axes.set_yticks(range(len(rows)), names, fontsize=8)
    ticks = [mark for mark in _MARKS if _span(rows)[0] <= mark <= _span(rows)[1]]
    axes.set_xticks(ticks, [f"{mark:g}" for mark in ticks])
    axes.set_xlabel("ratio with 95 % interval, logarithmic; 1 is no difference", fontsize=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.text(0.02, 1 - 0.15 / height, _title(made), fontsize=12, fontweight="bold", va="top")
    note = "filled square: computed from counts; open circle: as printed, adjusted where named so. Never pooled."
    figure.text(0.02, 0.12 / height, note, fontsize=8, va="bottom")
