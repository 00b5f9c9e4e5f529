"""`rescuecalc selftest`: known answers on this machine, the record of an installation qualification."""

import gc
import json
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import command_app
from rescuecalc.cli.output import CommandResult
from rescuecalc.engine.installation import installation
from rescuecalc.errors import ExitCode
from rescuecalc.reporters.document.selftest import selftest_document, unable_document


@cache
def _command(name: str) -> Any:
    return typer.main.get_command(import_module(f"rescuecalc.cli.commands.{name}").app)


def _ask(arguments: list[str]) -> Any:
    """Return the document of a command, made as the command line makes it, without its reaching stdout."""
    name, *rest = arguments
    outcome = _command(name).main([*rest, "--format", "json"], prog_name="rescuecalc", standalone_mode=False)
    return json.loads(outcome.result, parse_float=Decimal, parse_int=Decimal)


def _document() -> dict[str, Any]:
    try:
        from rescuecalc.engine.self_test import KINDS, self_test  # noqa: PLC0415  # a part that is broken is an answer

        return selftest_document(KINDS, self_test(_ask), installation())
    except Exception as failure:  # noqa: BLE001  # exit 1 says that the installation is not fit, whatever broke
        return unable_document(type(failure).__name__, installation())


def selftest(output: Annotated[str, opt.format_option("selftest")] = "text") -> CommandResult:
    """Compare known answers of every unit, formula, protocol and rule on this machine, and record its versions.

    Exit 0 means that every answer is right, exit 1 that one is wrong: then use no result of this installation.
    """
    opt.check_format("selftest", output)
    was_collecting = gc.isenabled()
    gc.disable()  # a quarter of the time, for garbage that lives as long as the command
    try:
        made = _document()
    finally:
        if was_collecting:
            gc.enable()
    return CommandResult(opt.rendered("selftest", output, made), ExitCode.DONE if made["passed"] else ExitCode.FINDINGS)


app = command_app(selftest, "selftest --format json -o qualification.json")
