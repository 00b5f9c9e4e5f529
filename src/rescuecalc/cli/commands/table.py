"""`rescuecalc table`: one protocol over a range of weights."""

from typing import Annotated

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import FailOn, command_app, severity, spread
from rescuecalc.cli.extent import Extent, shown
from rescuecalc.cli.output import CommandResult, exit_code, page_width
from rescuecalc.reporters.render.page import Page
from rescuecalc.reporters.render.regimen.numbers_text import remarks_beside_numbers
from rescuecalc.reporters.render.regimen.table_screen import table_numbers, table_screen
from rescuecalc.reporters.render.regimen.table_text import by_code
from rescuecalc.requests.bedside import bedside_facts
from rescuecalc.requests.input.inputs import Inputs
from rescuecalc.requests.table import TableRequest, table_of


@spread
def table(
    weights: TableRequest,
    extent: Extent,
    fail_on: FailOn = "error",
    output: Annotated[str, opt.format_option("table")] = "text",
) -> CommandResult:
    """Print bolus volumes and pump rates of a PROTOCOL for a range of weights."""
    opt.check_format("table", output)
    threshold, typed, extent = severity(fail_on), Inputs(), extent.checked()
    made = table_of(weights, typed)
    code, notes = exit_code(made["findings"], threshold), tuple(typed.notes)
    facts, width = bedside_facts(made), page_width()

    def remarks() -> tuple[str, ...]:
        return remarks_beside_numbers({**made, "findings": by_code(made)}, facts)

    def rendered_table() -> Page | str:
        return opt.rendered("table", output, made, facts=lambda: facts)

    if output == "text":
        return shown(
            extent,
            rendered_table,
            lambda: table_screen(made, facts, width),
            lambda: table_numbers(made),
            remarks,
            code,
            notes,
        )
    return CommandResult(rendered_table(), code, notes, remarks() if output == "csv" else ())


app = command_app(table, "table rescue-bt-2022 --from 40kg --to 140kg --step 10kg")
