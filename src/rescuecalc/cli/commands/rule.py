"""`rescuecalc rule`: what a finding's code means."""

from typing import Annotated

import typer

from rescuecalc.cli import options as opt
from rescuecalc.cli.command import command_app
from rescuecalc.cli.output import CommandResult
from rescuecalc.cli.result_file import refuse_what_settings_name
from rescuecalc.errors import InputError
from rescuecalc.readers.input_paths import HERE
from rescuecalc.requests.rule import every_rule, is_family, one_rule
from rescuecalc.settings.configuration import settings_for
from rescuecalc.settings.site_knowledge import knowledge_of


def rule(
    ctx: typer.Context,
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="A code, as RC501, or a family, as RC3.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="Every rule, or those of a family, in full.")] = False,
    output: Annotated[str, opt.format_option("rule")] = "text",
) -> CommandResult:
    """Explain a finding's code: what is checked, why it matters, what to do.

    Without a code, or for a family, it lists the rules. If a settings file applies to the current folder, the limits
    are those of the site.
    """
    opt.check_format("rule", output)
    settings = settings_for(HERE.name)
    refuse_what_settings_name(ctx, settings.protocol_files)
    known = knowledge_of(settings)
    base = settings.rules_url
    if code is None or is_family(code):
        listed = every_rule(known, code or "", base)
        return CommandResult(opt.rendered("rule list", output, listed, whole=lambda: whole))
    if whole:
        raise InputError("--all goes with no code, or with a family as RC3")
    return CommandResult(opt.rendered("rule", output, one_rule(code, known, base)))


app = command_app(rule, "rule RC501")
