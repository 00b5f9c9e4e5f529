"""`rescuecalc schema`: the JSON Schema of a file that people write, for their editor."""

from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import command_app
from rescuecalc.cli.output import CommandResult
from rescuecalc.engine.input_schemas import SCHEMAS, input_schema
from rescuecalc.errors import InputError
from rescuecalc.requests.input.inputs import one_of


def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help=f"The kind of file: {', '.join(SCHEMAS)}.", show_default=False)
    ] = None,
    output: Annotated[str, opt.format_option("schema")] = "json",
) -> CommandResult:
    """Print the JSON Schema of an input file, for yaml-language-server, taplo and others."""
    opt.check_format("schema", output)
    if name is None:
        raise InputError(f"NAME is missing; write {', '.join(SCHEMAS)}")
    return CommandResult(
        opt.rendered("schema", output, input_schema(one_of(name.lower().replace("_", "-"), tuple(SCHEMAS), "NAME")))
    )


app = command_app(schema, "schema order-set -o order-set.schema.json")
