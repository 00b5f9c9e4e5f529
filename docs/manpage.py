"""The man page, from the texts that `rescuecalc help` shows: no option is described twice."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import typer

from rescuecalc import __version__
from rescuecalc.cli.app import COMMANDS, app
from rescuecalc.cli.option_groups import grouped
from rescuecalc.cli.orientation import ORIENTATION
from rescuecalc.errors import EXIT_MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterator


def man_page() -> str:
    """Return the page in roff, as ``man rescuecalc`` reads it."""
    root: Any = typer.main.get_command(app)
    with root.make_context("rescuecalc", ["version"]) as ctx:
        commands = [line for name in COMMANDS for line in _command(root.get_command(ctx, name), name, ctx)]
    lines = [
        f'.TH RESCUECALC 1 "" "rescuecalc {__version__}" "User Commands"',
        *(".SH NAME", r"rescuecalc \- tirofiban dosing and protocol calculator, and order\-set linter"),
        *(".SH SYNOPSIS", r".B rescuecalc", r".I COMMAND", r"[\fIOPTIONS\fR] [\fIARGUMENTS\fR]"),
        *(".SH DESCRIPTION", *_paragraphs(root.help), ".SH FIRST STEPS", ".nf"),
        *(_plain(line) for line in ORIENTATION.splitlines()[2:]),
        *(".fi", ".SH COMMANDS", *commands, ".SH EXIT STATUS"),
        *(line for code, meaning in EXIT_MEANINGS.items() for line in (".TP", f".B {code}", _plain(meaning))),
    ]
    return "\n".join(lines) + "\n"


def _command(command: Any, name: str, parent: Any) -> Iterator[str]:
    ctx = type(parent)(command, info_name=name, parent=parent)
    parts = getattr(command, "commands", {})
    if parts:
        for part, each in parts.items():
            yield from _command(each, part, ctx)
        return
    yield f'.SS "{_plain(ctx.command_path.removeprefix("rescuecalc "))}"'
    yield from _paragraphs(command.help)
    for heading, records in grouped(command.get_params(ctx), ctx):
        yield from (".PP", rf"\fI{heading}\fR")
        for option, text in records:
            yield from (".TP", f".B {_plain(option)}", _plain(" ".join(text.split())))
    if command.epilog:
        yield from (".PP", _plain(command.epilog))


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in textwrap.dedent(text).strip().split("\n\n"):
        yield from (".PP", _plain(" ".join(paragraph.split())))


def _plain(text: str) -> str:
    """Return a text as roff prints it: a hyphen that is copied stays one, and no line is a request."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{escaped}" if escaped[:1] in {".", "'"} else escaped
