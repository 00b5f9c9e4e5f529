"""Calls without options, answered without typer: importing it takes longer than what they print.

Each prints what the command of typer prints; tests/test_plain_call.py compares the two.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rescuecalc.cli.output import CommandResult


def plain_call(arguments: Sequence[str]) -> Callable[[], CommandResult] | None:
    """Return what answers these arguments; None where typer has to read them."""
    match arguments:
        case ["--help" | "-h"]:
            return _help()
        case ["--version" | "version"]:
            return _version
        case ["protocol", "list"]:
            return _protocols
        case ["rule", str(code)] if len(code) == len("RC301") and code[:2].upper() == "RC" and code[2:].isdigit():
            return lambda: _rule(code)
        case ["check", *paths] if paths and not any(path.startswith("-") for path in paths):
            return lambda: _check(paths)
    return None


def _help() -> Callable[[], CommandResult] | None:
    """Return the help as it stands for the usual widths; None for another width, for which it is made anew."""
    from rescuecalc.cli.output import CommandResult  # noqa: PLC0415
    from rescuecalc.cli.root_help import HELP  # noqa: PLC0415

    columns = min(shutil.get_terminal_size().columns, max(HELP))
    return (lambda: CommandResult(HELP[columns])) if columns in HELP else None


def _version() -> CommandResult:
    from rescuecalc import __version__  # noqa: PLC0415
    from rescuecalc.cli.output import CommandResult  # noqa: PLC0415

    return CommandResult(f"rescuecalc {__version__}\n")


def _protocols() -> CommandResult:
    from rescuecalc.catalogue.catalogue import protocols  # noqa: PLC0415
    from rescuecalc.reporters.document.regimen.protocol import list_document  # noqa: PLC0415

    return _as_text("protocol list", list_document(protocols()))


def _rule(code: str) -> CommandResult:
    from rescuecalc.readers.input_paths import HERE  # noqa: PLC0415
    from rescuecalc.requests.rule import one_rule  # noqa: PLC0415
    from rescuecalc.settings.configuration import settings_for  # noqa: PLC0415
    from rescuecalc.settings.site_knowledge import knowledge_of  # noqa: PLC0415

    settings = settings_for(HERE.name)
    return _as_text("rule", one_rule(code, knowledge_of(settings), settings.rules_url))


def _check(paths: list[str]) -> CommandResult:
    from types import SimpleNamespace  # noqa: PLC0415
    from typing import cast  # noqa: PLC0415

    from rescuecalc.cli.check_run import checked_files  # noqa: PLC0415
    from rescuecalc.engine.check_request import CheckRequest, CheckRun  # noqa: PLC0415

    nothing_noted = SimpleNamespace(meta={})
    found = checked_files(nothing_noted, paths, None, CheckRequest(), CheckRun(), "text")
    return cast("CommandResult", found)  # a page is not streamed


def _as_text(command: str, document: dict[str, object]) -> CommandResult:
    from rescuecalc.cli.output import CommandResult, page_width  # noqa: PLC0415
    from rescuecalc.reporters import formats  # noqa: PLC0415

    return CommandResult(formats.rendered(command, "text", document, width=page_width))
