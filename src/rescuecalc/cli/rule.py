"""`rescuecalc rule`: what a finding's code means."""

from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import command_app
from rescuecalc.cli.output import Outcome, page_width
from rescuecalc.reporters.document.rule import rule_page, rules_page
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.requests.inputs import one_of
from rescuecalc.requests.rule import every_rule, one_rule


def rule(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="The code of a finding, as in RC501.")] = None,
    output: opt.TextOrJson = "text",
) -> Outcome:
    """Explain a finding's code: what is checked, why it matters, what to do; without a code list all."""
    one_of(output, ("text", "json"), "--format")
    made, page = (every_rule(), rules_page) if code is None else (one_rule(code), rule_page)
    return Outcome(dumps(made) + "\n" if output == "json" else page(made, page_width()))


app = command_app(rule, "What a finding's code means", "rule RC501")
