"""`rescuecalc rule`: what a finding's code means."""

from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import command_app
from rescuecalc.cli.output import Outcome
from rescuecalc.cli.result_file import refuse_what_settings_name
from rescuecalc.engine.references import knowledge_of
from rescuecalc.readers.input_paths import HERE
from rescuecalc.requests.rule import every_rule, one_rule
from rescuecalc.settings.configuration import settings_for


def rule(
    ctx: typer.Context,
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="The code of a finding, as in RC501.")] = None,
    output: Annotated[str, opt.format_option("rule")] = "text",
) -> Outcome:
    """Explain a finding's code: what is checked, why it matters, what to do; without a code list all.

    Where a settings file bears on the current folder, the limits are those of the site.
    """
    opt.check_format("rule", output)
    settings = settings_for(HERE.name)
    refuse_what_settings_name(ctx, settings.protocol_files)
    known = knowledge_of(settings)
    if code is None:
        return Outcome(opt.rendered("rule list", output, every_rule(known)))
    return Outcome(opt.rendered("rule", output, one_rule(code, known)))


app = command_app(rule, "rule RC501")
