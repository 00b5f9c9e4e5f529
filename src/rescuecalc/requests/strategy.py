"""What `strategy` is asked, and its document: what the review discusses for which situation."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from typing import Annotated, Final, NamedTuple

from rescuecalc.catalogue.clinical.strategies import strategies
from rescuecalc.catalogue.clinical.studies import conclusion
from rescuecalc.reporters.document.common_parts import Document
from rescuecalc.reporters.document.studies.strategy import strategy_document
from rescuecalc.requests.input.inputs import one_of
from rescuecalc.requests.input.option import Option

_SITUATIONS: Final = (
    *("failed-thrombectomy", "reocclusion", "residual-stenosis"),
    *("proximal-thrombus", "incomplete-recanalisation", "after-success"),
)
_THROMBOLYSIS: Final = {"yes": "after-thrombolysis", "no": "no-thrombolysis"}


class StrategyRequest(NamedTuple):
    """What is typed of a situation; each field is an option."""

    situation: Annotated[str | None, Option("SITUATION", f"Only this situation: {', '.join(_SITUATIONS)}.")] = None
    territory: Annotated[
        str | None, Option("TERRITORY", "Only statements about this territory: anterior or posterior.")
    ] = None
    thrombolysis: Annotated[
        str | None, Option("YES|NO", "Only statements after a thrombolysis (yes), or without one (no).")
    ] = None


def strategy_of(asked: StrategyRequest) -> Document:
    """Return the document of `strategy`; InputError for a value that is none of those."""
    known = strategies()
    chosen = known.situations
    if asked.situation is not None:
        situation = one_of(asked.situation, _SITUATIONS, "--situation")
        chosen = tuple(each for each in chosen if each.id == situation)
    contexts = set()
    if asked.territory is not None:
        contexts.add(one_of(asked.territory, ("anterior", "posterior"), "--territory"))
    if asked.thrombolysis is not None:
        contexts.add(_THROMBOLYSIS[one_of(asked.thrombolysis, tuple(_THROMBOLYSIS), "--thrombolysis")])
    shown = tuple(each for each in known.contexts if not contexts or each.id in contexts)
    return strategy_document(known, chosen, shown, conclusion())
