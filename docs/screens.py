"""Screens of the terminal as SVG, made from real runs by rich: no picture is drawn by hand.

The text in a picture is text, so that it can be found and read aloud; its letters are those of the machine that shows
it, and nothing is loaded from elsewhere.
"""

from __future__ import annotations

import html
import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from unittest.mock import patch

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from shown import desk, typed

from rescuecalc.cli import output as cli_output

if TYPE_CHECKING:
    from collections.abc import Iterator

PICTURES: Final = Path(__file__).parent / "pictures"
COLUMNS: Final = 80
CELL, MARGIN = 12.2, 12
"""How wide rich draws a letter, and what is left around the text."""

THEME: Final = TerminalTheme(
    (255, 255, 255),
    (32, 32, 32),
    [(32, 32, 32), (170, 0, 0), (0, 100, 0), (122, 82, 0), (0, 60, 150), (120, 0, 120), (0, 95, 105), (90, 90, 90)],
    [(85, 85, 85), (170, 0, 0), (0, 100, 0), (122, 82, 0), (0, 60, 150), (120, 0, 120), (0, 95, 105), (32, 32, 32)],
)
"""Dark letters on white, each colour with a contrast of at least 4.5 to 1; the page prints as it looks."""

FORMAT: Final = """\
<svg viewBox="@box" xmlns="http://www.w3.org/2000/svg" role="img">
<!-- title -->
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs>{lines}</defs>
<rect fill="#ffffff" stroke="#8a8a8a" x="1" y="1" @size rx="6"/>
<g transform="translate(12, 6)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""rich's own frame without its window, and without its font, which it would load from elsewhere."""


class Screen(NamedTuple):
    """A picture of a terminal: its file, what it shows in words, the command, and how it ends."""

    name: str
    title: str
    command: str


SCREENS: Final = (
    Screen(
        "dose",
        "rescuecalc dose: pump rate, volumes, stop, bolus, what is watched and what was not judged",
        "dose yang-2020-iv --weight 80kg --run-time 24h --bolus-product vial-15 --infusion-product bag-250",
    ),
    Screen(
        "check",
        "rescuecalc check: a pump rate ten times too high, underlined in its file, with the rate that is expected",
        "check docs/examples/tenfold.yaml --select RC3",
    ),
)


def drawn(command: str) -> str:
    """Return what a command draws on a terminal of 80 columns, with its colours."""
    told = {"FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    with patch.dict(os.environ, told), patch.object(cli_output, "draws", lambda: True):
        os.environ.pop("NO_COLOR", None)
        return typed(f"rescuecalc {command}").stdout


def _screen(screen: Screen) -> str:
    console = Console(width=COLUMNS, record=True, file=io.StringIO(), force_terminal=True, legacy_windows=False)
    console.print(Text(f"$ rescuecalc {screen.command}", style="bold"))
    console.print(Text.from_ansi(drawn(screen.command)))
    svg = console.export_svg(title="", theme=THEME, code_format=FORMAT, unique_id=f"screen-{screen.name}")
    wide = round(COLUMNS * CELL) + 2 * MARGIN
    high = max(round(float(each)) for each in re.findall(r'<text [^>]*y="([0-9.]+)"', svg)) + 2 * MARGIN
    svg = svg.replace("<!-- title -->", f"<title>{html.escape(screen.title)}</title>").replace("#797979", "#5f5f5f")
    svg = svg.replace("@box", f"0 0 {wide} {high}").replace("@size", f'width="{wide - 2}" height="{high - 2}"')
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def screens() -> Iterator[tuple[Path, str]]:
    """Yield each picture with its text."""
    with desk():
        made = [(PICTURES / f"screen-{each.name}.svg", _screen(each)) for each in SCREENS]
    yield from made
