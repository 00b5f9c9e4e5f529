"""`rescuecalc protocol`: which protocols there are, what one states, and whether a hospital's own file can be read."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from pathlib import Path
from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import HELP, FailOn, StrictCommand, group_app, severity, spread
from rescuecalc.cli.output import CommandResult, exit_code, page_width
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.errors import CatalogueError, ExitCode, InputError
from rescuecalc.reporters.document.regimen.protocol import check_document
from rescuecalc.requests.input import options as asked
from rescuecalc.requests.protocols.chosen_protocol import chosen_protocol
from rescuecalc.requests.protocols.protocol import every_protocol, judged_file, one_protocol

app = group_app()


@app.callback()
def protocol() -> None:
    """List the protocols, show one with its sources, or check a hospital's own file."""


@app.command("list", cls=StrictCommand, context_settings=HELP)
def list_all(output: Annotated[str, opt.format_option("protocol list")] = "text") -> CommandResult:
    """List every packaged protocol."""
    opt.check_format("protocol list", output)
    return CommandResult(opt.rendered("protocol list", output, every_protocol()))


@app.command(cls=StrictCommand, context_settings=HELP)
@spread
def show(
    name: Annotated[
        str | None, typer.Argument(metavar="PROTOCOL", help="A protocol, as `rescuecalc protocol list` names it.")
    ] = None,
    protocol_file: asked.ProtocolFile = None,
    as_order_set: Annotated[
        bool, typer.Option("--as-order-set", help="Print the order set that it implies, as a template for check.")
    ] = False,
    bolus_product: asked.BolusProduct = None,
    infusion_product: asked.InfusionProduct = None,
    details: Annotated[
        bool, typer.Option("--details", help="Print the whole page: every entry, table and source.")
    ] = False,
    output: Annotated[str | None, opt.format_option("protocol show", "; an order set is YAML")] = None,
) -> CommandResult:
    """Show what a protocol's sources state, and what they do not state."""
    opt.check_format("protocol show", output or "text")
    found = chosen_protocol(name, protocol_file)
    if as_order_set:
        from rescuecalc.requests.protocols.template import order_set_yaml  # noqa: PLC0415  # reads order sets and all rules

        if details:
            raise InputError("--as-order-set and --details ask for different pages; write one of them")
        if output is not None:
            raise InputError(
                "--as-order-set prints YAML, since what is left open stands in comments: leave --format out"
            )
        return CommandResult(order_set_yaml(found, bolus_product, infusion_product))
    for option, value in (("--bolus-product", bolus_product), ("--infusion-product", infusion_product)):
        if value is not None:
            raise InputError(f"{option} goes with --as-order-set: a protocol names no product")
    made = one_protocol(found)
    code = exit_code(made["findings"], Severity.ERROR)
    if output in {None, "text"} and not details:
        from rescuecalc.reporters.render.protocol_screen import protocol_screen  # noqa: PLC0415  # of a page alone

        return CommandResult(protocol_screen(made, page_width()), code)
    return CommandResult(opt.rendered("protocol show", output or "text", made), code)


@app.command(cls=StrictCommand, context_settings=HELP)
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A protocol file (TOML).")],
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("protocol check")] = "text",
) -> CommandResult:
    """Check a hospital's protocol file: each problem with its table and key, or the line of a syntax error.

    Entries of an array count from 0: infusion[1] is the second. Problems end with exit 3. A file that can be read is
    also judged by the published regimens, as far as no patient is needed.
    """
    opt.check_format("protocol check", output)
    threshold = severity(fail_on)
    try:
        made = judged_file(file)
    except CatalogueError as failure:
        if output == "text":
            raise
        made = check_document(str(file), None, failure.problems, (), ())
        return CommandResult(opt.rendered("protocol check", output, made), ExitCode.UNREADABLE)
    return CommandResult(opt.rendered("protocol check", output, made), exit_code(made["findings"], threshold))


@app.command(cls=StrictCommand, context_settings=HELP)
def template() -> CommandResult:
    """Print an empty protocol file with every field explained: rescuecalc protocol template > our.toml."""
    from rescuecalc.reporters.render.protocol_template import PROTOCOL_TEMPLATE  # noqa: PLC0415  # a page of text

    return CommandResult(PROTOCOL_TEMPLATE)
