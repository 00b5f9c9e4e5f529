"""`rescuecalc rule`: what a finding's code means."""

from typing import Annotated

import typer

from rescuecalc.catalogue import catalogue
from rescuecalc.cli import options as opt
from rescuecalc.cli.command import command_app, one_of
from rescuecalc.cli.output import Outcome, page_width
from rescuecalc.core.drugs.suggestions import nearest
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import InputError
from rescuecalc.reporters.document.rule import rule_document, rule_page, rules_document, rules_page
from rescuecalc.reporters.render.json_text import dumps
from rescuecalc.rules.judging.registry import RULES


def rule(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="The code of a finding, as in RC501.")] = None,
    output: opt.TextOrJson = "text",
) -> Outcome:
    """Explain a finding's code: what is checked, why it matters, what to do; without a code list all."""
    one_of(output, ("text", "json"), "--format")
    if code is None:
        made, page = rules_document(RULES, catalogue.sources()), rules_page
    else:
        known = {each.code: each for each in RULES}
        if code.upper() not in known:
            hint = nearest(code.upper(), sorted(known), cutoff=0.85, folded=False) or "; `rescuecalc rule` lists all"
            raise InputError(f"there is no rule {quoted(code)}{hint}")
        made, page = rule_document(known[code.upper()], catalogue.sources()), rule_page
    return Outcome(dumps(made) + "\n" if output == "json" else page(made, page_width()))


app = command_app(rule, "What a finding's code means", "rule RC501")
