"""`rescuecalc protocol`: which protocols there are, what one states, and whether a hospital's own file can be read."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import HELP, FailOn, StrictCommand, group_app, severity, spread
from rescuecalc.cli.output import Outcome, exit_code, page_width
from rescuecalc.errors import CatalogueError, ExitCode, InputError
from rescuecalc.reporters.document import protocol as documents
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.reporters.render.page import Page
from rescuecalc.requests import options as asked
from rescuecalc.requests.chosen_protocol import chosen_protocol
from rescuecalc.requests.inputs import one_of
from rescuecalc.requests.protocol import every_protocol, judged_file, one_protocol

app = group_app("The protocols, and your hospital's own")


@app.callback()
def protocol() -> None:
    """List the protocols, show one with its sources, or check a hospital's own file."""


def _outcome(
    made: Document, page: Callable[[Document, int], Page], output: str, code: ExitCode = ExitCode.DONE
) -> Outcome:
    return Outcome(dumps(made) + "\n" if output == "json" else page(made, page_width()), code)


@app.command("list", cls=StrictCommand, context_settings=HELP)
def list_all(output: opt.TextOrJson = "text") -> Outcome:
    """List every packaged protocol."""
    one_of(output, ("text", "json"), "--format")
    return _outcome(every_protocol(), documents.list_page, output)


@app.command(cls=StrictCommand, context_settings=HELP)
@spread
def show(
    name: Annotated[
        str | None, typer.Argument(metavar="ID", help="A protocol, as `rescuecalc protocol list` names it.")
    ] = None,
    protocol_file: asked.ProtocolFile = None,
    as_order_set: Annotated[
        bool, typer.Option("--as-order-set", help="Print the order set that it implies, a template that check reads.")
    ] = False,
    bolus_product: asked.BolusProduct = None,
    infusion_product: asked.InfusionProduct = None,
    output: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="text or json; an order set is YAML.")
    ] = None,
) -> Outcome:
    """Show what a protocol's sources state, and what they leave open."""
    one_of(output or "text", ("text", "json"), "--format")
    found = chosen_protocol(name, protocol_file)
    if as_order_set:
        from rescuecalc.requests.template import order_set_yaml  # noqa: PLC0415  # reads order sets and all rules

        if output is not None:
            raise InputError(
                "--as-order-set prints YAML, since what is left open stands in comments: leave --format out"
            )
        return Outcome(order_set_yaml(found, bolus_product, infusion_product))
    for option, value in (("--bolus-product", bolus_product), ("--infusion-product", infusion_product)):
        if value is not None:
            raise InputError(f"{option} goes with --as-order-set: a protocol names no product")
    return _outcome(one_protocol(found), documents.protocol_page, output or "text")


@app.command(cls=StrictCommand, context_settings=HELP)
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A protocol file (TOML).")],
    fail_on: FailOn = "error",
    output: opt.TextOrJson = "text",
) -> Outcome:
    """Check a hospital's own protocol file: each problem with table and key, or the line of its syntax.

    Entries of an array count from 0: infusion[1] is the second. Problems end with exit 3. A file that can be read is
    judged against the published regimens, as far as that needs no patient.
    """
    one_of(output, ("text", "json"), "--format")
    threshold = severity(fail_on)
    try:
        made = judged_file(file)
    except CatalogueError as failure:
        if output == "text":
            raise
        made = documents.check_document(str(file), None, failure.problems, (), ())
        return _outcome(made, documents.check_page, output, ExitCode.UNREADABLE)
    return _outcome(made, documents.check_page, output, exit_code(made["findings"], threshold))
