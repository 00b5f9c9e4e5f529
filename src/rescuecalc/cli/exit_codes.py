"""Every way in which a run can end, and the exit code that the contract gives it."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable
from typing import Any, Final

from rescuecalc.cli.output import CommandResult, Streamed, emit, message_line, stream
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import CatalogueError, ExitCode, RescuecalcError

TYPED: Final = "rescuecalc.typed"
"""Under which key a command keeps the words of its command line."""


def ended(run: Callable[[], Any]) -> int:  # noqa: PLR0911  # as many ways to end as the contract has
    """Return the exit code of a run, its outcome printed.

    A traceback never reaches the user, nor the text of an unexpected exception: it may quote the patient.
    """
    if sys.stdout is None:
        say("standard output is closed")
        return ExitCode.CLOSED_PIPE
    try:
        outcome = run()
        if isinstance(outcome, CommandResult):
            emit(outcome)
            return outcome.exit_code
        if isinstance(outcome, Streamed):
            return stream(outcome)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # typer itself exits only where it could not write its help to a closed pipe.
        return _closed_pipe()
    except OSError as failure:
        say(f"standard output cannot be written: {failure.strerror}")
        return ExitCode.INTERNAL
    except Exception as failure:  # noqa: BLE001  # the last net: an uncaught exception would exit 1, "findings"
        return _failed(failure)
    return outcome if isinstance(outcome, int) else ExitCode.DONE


def _failed(failure: Exception) -> ExitCode:
    # Not imported here: a call that typer has no part in ends without it.
    typer: Any = sys.modules.get("typer")
    if typer is not None and isinstance(failure, typer.Abort):
        return ExitCode.INTERRUPTED
    if isinstance(failure, CatalogueError):
        for problem in failure.problems:
            say(problem)
        return failure.exit_code
    if isinstance(failure, RescuecalcError):
        say(str(failure))
        return failure.exit_code
    if typer is not None and isinstance(failure, typer.TyperException):
        say(_usage(failure))
        return ExitCode.BAD_INPUT
    import traceback  # noqa: PLC0415  # of an internal error alone

    place = traceback.extract_tb(failure.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}:{place.lineno}"  # noqa: PTH119  # pathlib is not worth an import here
    say(f"internal error, {type(failure).__name__} at {where}: nothing was calculated; please report this line")
    return ExitCode.INTERNAL


def _usage(failure: Any) -> str:
    """Return typer's message as one sentence in the manner of the others."""
    option = getattr(failure, "option_name", "")
    if option[:1] == "-" and option[1:2].isdigit():
        return f"cannot read a value that begins with {option!r}: a sign is not read; write it as in 0.15mcg/kg/min"
    context = getattr(failure, "ctx", None)
    command = context.command_path if context is not None else "rescuecalc"
    return f"{_wrong(failure, option, command, context)}; `{command} --help` shows what to write"


def _wrong(failure: Any, option: str, command: str, context: Any) -> str:
    message: str = failure.format_message().strip()
    if not message or message.startswith("Usage:"):
        known = ", ".join(context.command.list_commands(context)) if context is not None else ""
        return f"a command is missing after `{command}`{f': {known}' if known else ''}"
    if message.startswith("No such option"):
        return f"unknown option {quoted(option)}{_taken_elsewhere(option, context) or _like(option, context)}"
    if message.startswith("No such command"):
        return f"unknown command{message.removeprefix('No such command').replace('. Did', '; did').rstrip('?')}"
    extra = re.fullmatch(_EXTRA, message)
    if extra is not None and context is not None:
        return f"unexpected: {extra[1]}; {_behind_its_option(extra[1].split()[0], context)}"
    for pattern, plainly in _PLAINLY:
        message = re.sub(pattern, plainly, message)
    return message.rstrip(".")


def _behind_its_option(word: str, context: Any) -> str:
    """Return how a word that belongs nowhere is written: as the unit of the number before it, or behind its option."""
    typed: list[str] = context.meta.get(TYPED, [])
    options = {name: each for each in context.command.params if each.param_type_name == "option" for name in each.opts}
    place = typed.index(word) if word in typed else 0
    before, option = (typed[place - 1], typed[place - 2]) if place > 1 else ("", "")
    if re.fullmatch(r"[0-9.,]+", before) and option in options:
        return f"did you mean {option} {before}{word}?"
    if re.fullmatch(r"[0-9.]+(?:kg|lb)", word) and "--weight" in options and not {"-w", "--weight"} & {*typed}:
        return f"did you mean --weight {word}?"
    first = typed[0] if typed else ""
    if place and first[:1].isdigit() and "--weight" in options and "PROTOCOL" in _arguments(context):
        return f"write the protocol first: {word} --weight {first}"
    named = next((each for each in options.values() if each.metavar and not each.is_flag), None)
    example = "--weight 80kg" if "--weight" in options else f"{named.opts[0]} {named.metavar}" if named else ""
    return f"write a value behind its option{f', without a space ({example})' if example else ''} or in quotes"


def _arguments(context: Any) -> list[str]:
    return [each.metavar or "" for each in context.command.params if each.param_type_name == "argument"]


def _like(option: str, context: Any) -> str:
    """Return a hint with the options like an unknown one; without their dashes, which every two of them share."""
    from rescuecalc.core.drugs.suggestions import nearest_names  # noqa: PLC0415  # only a misspelt option pays for it

    names = [name for each in context.command.params for name in (*each.opts, *each.secondary_opts)]
    known = [name.removeprefix("--") for name in (*names, "--help") if name.startswith("--")]
    name = option.lstrip("-").lower()
    close = _meant(name, known) or nearest_names(name, known, cutoff=0.6)
    return f"; did you mean {' or '.join(f'--{name}' for name in close)}" if close else ""


_USUAL_NAMES: Final = {
    **dict.fromkeys(("plt", "plts"), ("platelets",)),
    **dict.fromkeys(("asa", "ass"), ("aspirin",)),
    **dict.fromkeys(("clopidogrel", "ticagrelor", "prasugrel", "plavix", "brilinta"), ("p2y12",)),
    **dict.fromkeys(("weights", "wt", "kg"), ("weight", "from", "to")),
    **dict.fromkeys(("product", "bag", "strength"), ("concentration",)),
    **dict.fromkeys(("cr", "scr", "crea"), ("creatinine",)),
    **dict.fromkeys(("hb", "hgb"), ("haemoglobin",)),
    "bw": ("weight",),
}
"""Names of a ward that are unlike the option's own; of the last ones those that a command has."""


def _meant(name: str, known: list[str]) -> list[str]:
    """Return the options of a command that a usual name means, that it begins, or one of whose words it begins."""
    usual: list[str] = [each for each in _USUAL_NAMES.get(name, ()) if each in known]
    begun = [each for each in known if len(name) > 1 and each.startswith(name)]
    within = [each for each in known if len(name) > 1 and any(part.startswith(name) for part in each.split("-"))]
    return (usual or begun or within)[:3]


def _taken_elsewhere(option: str, context: Any) -> str:
    """Return which other commands take an option: ``--thrombolysis-at`` is one of ``plan``, and not of ``dose``."""
    root = context.find_root()
    commands = {name: root.command.get_command(root, name) for name in root.command.list_commands(root)}
    takes = [name for name, each in commands.items() if any(option in one.opts for one in each.params)]
    return f"; it is an option of {', '.join(takes)}" if takes else ""


_EXTRA = r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)\.?"
_PLAINLY = (
    (r"Missing argument '(.+)'\.?", r"\1 is missing"),
    (r"Option '(.+)' requires an argument\.?", r"\1 needs a value"),
)
"""What typer says, and how rescuecalc says it."""


def say(message: str) -> None:
    """Write one line to stderr, whatever is in it; that nobody can read it does not change how the run ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(message_line(message))
        sys.stderr.flush()


def _closed_pipe() -> ExitCode:
    # The interpreter flushes stdout once more when it ends, and would complain about the closed pipe.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.CLOSED_PIPE
