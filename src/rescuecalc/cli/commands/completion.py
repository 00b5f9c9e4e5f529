"""`rescuecalc completion`: the script by which a shell completes, and the words that the script asks for."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final

import typer

from rescuecalc.cli.app import COMMANDS
from rescuecalc.cli.command import command_app
from rescuecalc.cli.completion.completion_scripts import SCRIPTS
from rescuecalc.cli.output import CommandResult
from rescuecalc.requests.input.inputs import one_of

_WORDS: Final = "words"
"""Stands in place of a shell's name where a script asks what completes the last of the words that follow."""


def completion(
    ctx: typer.Context,
    shell: Annotated[str, typer.Argument(metavar="SHELL", help=f"{', '.join(SCRIPTS)}.")],
    words: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
) -> CommandResult:
    """Print the shell script that completes commands, options, protocols, products, drugs and rules.

    bash: into ~/.local/share/bash-completion/completions/rescuecalc. zsh: into a file _rescuecalc in a folder of
    $fpath. fish: into ~/.config/fish/completions/rescuecalc.fish. PowerShell: append it to $PROFILE.
    """
    if shell == _WORDS:
        found = completed(ctx.find_root(), words or ["+"])
        return CommandResult("".join(f"{value}\t{' '.join(meaning.split())}\n" for value, meaning in found))
    return CommandResult(SCRIPTS[one_of(shell.lower(), tuple(SCRIPTS), "SHELL")])


def completed(root: Any, words: Sequence[str]) -> list[tuple[str, str]]:
    """Return what completes the last of ``words``, each with its meaning; nothing where a file is to be named.

    A ``+`` stands before the last word, since some shells drop an empty one.
    """
    *before, last = words
    last = last.removeprefix("+")
    at, rest = _command(root, [each for each in before if each != "="])  # bash makes --option=value three words
    if hasattr(at.command, "list_commands"):
        named = list(COMMANDS.items() if at.parent is None else _commands(at))
        return [each for each in named if each[0].startswith(last)]
    option = _option(at, rest[-1]) if rest else None
    if option is None and last.startswith("-"):
        return [each for each in _options(at) if each[0].startswith(last)]
    from rescuecalc.cli.completion.completion_values import values  # noqa: PLC0415  # names of options need no catalogue

    if at.info_name == "help":
        return completed(root, [*rest, f"+{last}"])
    param = option if option is not None else _argument(at, rest)
    head, comma, tail = last.rpartition(",") if option is not None and option.multiple else ("", "", last)
    found = values(at.command_path.removeprefix("rescuecalc "), param, rest) if param is not None else []
    return [(f"{head}{comma}{name}", help_text) for name, help_text in found if name.lower().startswith(tail.lower())]


def _command(at: Any, words: list[str]) -> tuple[Any, list[str]]:
    """Return the context of the innermost command that is named, and the words behind its name."""
    while words and hasattr(at.command, "list_commands") and words[0] in at.command.list_commands(at):
        at = type(at)(at.command.get_command(at, words[0]), info_name=words[0], parent=at)
        words = words[1:]
    return at, words


def _commands(at: Any) -> Iterator[tuple[str, str]]:
    for name in at.command.list_commands(at):
        yield name, at.command.get_command(at, name).get_short_help_str()


def _option(at: Any, word: str) -> Any:
    """Return the option that a word names and that takes a value, None for any other word."""
    takes = (each for each in at.command.params if each.param_type_name == "option" and not each.is_flag)
    return next((each for each in takes if word in each.opts), None)


def _options(at: Any) -> Iterator[tuple[str, str]]:
    for each in at.command.get_params(at):
        if each.param_type_name == "option":
            yield from ((name, each.help or "") for name in (*each.opts, *each.secondary_opts) if name[:2] == "--")


def _argument(at: Any, rest: list[str]) -> Any:
    """Return the argument that the next word is, None where all are named."""
    taken = sum(
        not word.startswith("-") and _option(at, before) is None
        for before, word in zip(["", *rest], rest, strict=False)
    )
    arguments = [each for each in at.command.params if each.param_type_name == "argument"]
    return arguments[taken] if taken < len(arguments) else None


app = command_app(completion, "completion bash")
