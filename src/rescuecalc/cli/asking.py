"""On a terminal what is missing is asked for; a script is refused, with the same sentence.

A question and its list stand on stderr, so that stdout holds the result alone. Nothing has a default: at 3 a.m. the
Enter key would choose a dose.
"""

import shlex
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from rescuecalc.cli.exit_codes import say
from rescuecalc.cli.output import page_width
from rescuecalc.errors import RescuecalcError
from rescuecalc.reporters.render.harmless_text import printable
from rescuecalc.reporters.render.page import wrapped
from rescuecalc.requests.protocols.selection import Choice, infusion_entries, open_products, protocol_entries

_PROTOCOL: Final = "PROTOCOL"
_EACH: Final = Choice("0", "none of these: show each")


def with_answers(run: Callable[[], Any], ctx: Any, typed: list[str]) -> Any:
    """Return what ``run`` returns, with each option that it misses asked for and put into ``ctx.params``.

    ``typed`` are the words behind the command's name, which become those that would have needed no question.
    Raises what ``run`` raises where no answer would help, KeyboardInterrupt where the input ends.
    """
    answered: list[Any] = []
    while True:
        try:
            outcome = run()
        except RescuecalcError as failure:
            param = _asked_for(ctx, failure, answered)
            if param is None:
                raise
            say(str(failure))
            _take(ctx, typed, param, _answer(ctx, param, failure))
            answered.append(param)
            _ask_for_products(ctx, typed, answered)  # before the run that succeeds: it may write a file
        else:
            break
    if answered:
        say(f"the same without questions: {shlex.join([*ctx.command_path.split(), *typed])}")
    return outcome


def _asked_for(ctx: Any, failure: RescuecalcError, answered: list[Any]) -> Any:
    """Return the option that would answer a refusal: the missing one, one with two readings, or the one just asked."""
    about = failure.missing or str(failure).partition(":")[0]
    for each in ctx.command.params:
        if about in _names(each) and (failure.missing or failure.readings or each in answered):
            return each
    return None


def _names(param: Any) -> tuple[str, ...]:
    """Return what a refusal may call an option, or an argument: RATE|- is ``rate`` where its value is wrong."""
    if param.param_type_name == "option":
        return tuple(param.opts)
    metavar = param.metavar or ""
    return (metavar, metavar.partition("|")[0].lower())


def _answer(ctx: Any, param: Any, failure: RescuecalcError) -> str:
    if failure.readings:
        return _chosen([Choice(each, "") for each in failure.readings], param.opts[0])
    if failure.missing == _PROTOCOL:
        return _chosen(protocol_entries(), _PROTOCOL)
    if failure.missing == "--infusion-product" and (entries := infusion_entries(ctx.params)):
        return _chosen(entries, failure.missing)
    return _line(f"{param.opts[0] if param.param_type_name == 'option' else param.metavar}: ")


def _ask_for_products(ctx: Any, typed: list[str], answered: list[Any]) -> None:
    """Ask once for each product that is open, the infusion's first: a bolus may come out of its container."""
    for option in ("--infusion-product", "--bolus-product"):
        param = next((each for each in ctx.command.params if option in each.opts), None)
        entries = open_products(ctx.params).get(option) if param not in answered else None
        if param is not None and entries:
            say(f"{option}: choose a product")
            answered.append(param)
            answer = _chosen([*entries, _EACH], option)
            if answer != _EACH.id:
                _take(ctx, typed, param, answer)


def _take(ctx: Any, typed: list[str], param: Any, answer: str) -> None:
    """Put an answer in place of what was typed for an option, or answered before and refused."""
    refused, ctx.params[param.name] = ctx.params[param.name], answer
    if param.param_type_name == "argument":
        typed[: typed[:1] == [refused]] = [answer]
        return
    place = next((place for place, each in enumerate(typed) if each in param.opts), None)
    if place is not None:
        del typed[place : place + 2]
    typed[:] = [each for each in typed if each.partition("=")[0] not in param.opts]
    typed += [param.opts[-1] if param.opts[-1].startswith("--") else param.opts[0], answer]


def _chosen(entries: Sequence[Choice], name: str) -> str:
    """Return the id of the entry that is named by its number or its id; asked again until one is."""
    column = max(len(each.id) for each in entries)
    for number, each in enumerate(entries, start=1):
        shown = 0 if each is _EACH else number
        first = f"{shown:>4}  {each.id:<{column}}  " if each is not _EACH else f"{shown:>4}  "
        for line in wrapped(printable(each.words), page_width(), first, " " * len(first)) or [first.rstrip()]:
            sys.stderr.write(f"{line}\n")
    numbers = {str(0 if each is _EACH else number): each.id for number, each in enumerate(entries, start=1)}
    ids = {each.id.lower(): each.id for each in entries}
    while True:
        answer = _line(f"{name}, number or id: ").lower()
        found = numbers.get(answer) or ids.get(answer)
        if found is not None:
            return found
        say(f"{answer!r} is not in the list; write a number from {min(numbers, key=int)} to {max(numbers, key=int)}")


def _line(prompt: str) -> str:
    """Return what is typed behind a prompt, asked again while it is empty; KeyboardInterrupt where the input ends."""
    while True:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        try:
            text = sys.stdin.readline()
        except UnicodeDecodeError:
            say("this is not UTF-8 text")
            continue
        except KeyboardInterrupt:
            sys.stderr.write("\n")
            raise
        if not text:
            sys.stderr.write("\n")
            raise KeyboardInterrupt
        if text.strip():
            return text.strip()
