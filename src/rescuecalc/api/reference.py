"""The functions that show what the catalogue holds: protocols, products, studies, strategies and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.api import reference_results as results
from rescuecalc.api.arguments import path_of, request_of
from rescuecalc.api.evidence_results import StrategyResult, StudyCheck, StudyComparison, StudyList
from rescuecalc.api.exact_quantity import ExactQuantity
from rescuecalc.api.result import result_of
from rescuecalc.catalogue import catalogue
from rescuecalc.errors import InputError
from rescuecalc.reporters.render import protocol_screen, protocol_text, rule_text
from rescuecalc.reporters.render.studies import comparison_text, evidence_text
from rescuecalc.reporters.render.studies.strategy_text import strategy_page
from rescuecalc.requests import evidence as evidence_requests
from rescuecalc.requests import rule as rule_requests
from rescuecalc.requests.protocols import protocol as protocol_requests
from rescuecalc.requests.protocols.chosen_protocol import chosen_protocol
from rescuecalc.requests.protocols.template import order_set_yaml
from rescuecalc.requests.strategy import StrategyRequest, strategy_of

if TYPE_CHECKING:
    from pathlib import Path

    from rescuecalc.core.quantities.quantity import Quantity
    from rescuecalc.core.regimen.product import Product
    from rescuecalc.reporters.document.common_parts import Document
    from rescuecalc.reporters.render.page import Page


def protocols() -> results.ProtocolList:
    """Return every packaged protocol, as `rescuecalc protocol list`.

    >>> import rescuecalc as rc
    >>> "yang-2020-iv" in [each.id for each in rc.protocols()]
    True
    """
    return result_of(results.ProtocolList, protocol_requests.every_protocol(), protocol_text.list_page)


def protocol(name: str | None = None, *, protocol_file: str | Path | None = None) -> results.ProtocolResult:
    """Return what the sources of a packaged protocol or of a protocol file state, as `rescuecalc protocol show`.

    Raises InputError for an unknown protocol, CatalogueError for a file that is not a protocol.
    """
    found = chosen_protocol(name, path_of(protocol_file, "protocol_file"))
    return result_of(results.ProtocolResult, protocol_requests.one_protocol(found), protocol_screen.protocol_screen)


def check_protocol(file: str | Path) -> results.ProtocolCheck:
    """Return the findings of a hospital's protocol file, as `rescuecalc protocol check`.

    Raises CatalogueError if it cannot be read; ``problems`` holds every problem.
    """
    path = path_of(file, "file")
    if path is None:
        raise InputError("file: a path is needed")
    return result_of(results.ProtocolCheck, protocol_requests.judged_file(path), protocol_text.check_page)


def order_set_template(
    name: str | None = None,
    *,
    protocol_file: str | Path | None = None,
    bolus_product: str | None = None,
    infusion_product: str | None = None,
) -> str:
    """Return the order set that a protocol implies, as YAML; comments mark the values that its source does not state.

    It is what `rescuecalc protocol show --as-order-set` prints. Errors as for ``protocol``, and for naming products.
    """
    found = chosen_protocol(name, path_of(protocol_file, "protocol_file"))
    return order_set_yaml(found, bolus_product, infusion_product)


def products(drug: str | None = None) -> tuple[results.ProductEntry, ...]:
    """Return the products of the catalogue, or those of one drug.

    >>> import rescuecalc as rc
    >>> [f"{each.id}: {each.concentration}" for each in rc.products("tirofiban")][:2]
    ['bag-250: 50 mcg/mL', 'bag-100: 50 mcg/mL']

    Raises InputError for a drug without a product in the catalogue.
    """
    found = [each for each in catalogue.products().values() if drug in (None, each.drug)]
    if not found:
        known = ", ".join(sorted({each.drug for each in catalogue.products().values()}))
        raise InputError(f"drug: the catalogue has no product of {drug!r}; it has products of {known}")
    return tuple(map(_product, found))


def _product(each: Product) -> results.ProductEntry:
    return results.ProductEntry(
        id=each.id,
        drug=each.drug,
        strength=each.strength,
        form=each.form,
        amount=_exact(each.amount),
        volume=_exact(each.volume),
        concentration=_exact(each.concentration),
        serves=tuple(sorted(way.value for way in each.serves)),
        preparation=each.preparation,
        diluted_as=each.diluted_as,
        sources=each.sources,
        rxnorm=each.rxnorm,
    )


def _exact(value: Quantity) -> ExactQuantity:
    return ExactQuantity(value.magnitude, value.unit.name)


def studies(
    *,
    strategy: str | None = None,
    outcome: str | None = None,
    territory: str | None = None,
    sort: str = "strategy",
) -> StudyList:
    """Return the studies with each figure as printed, as `rescuecalc evidence list`.

    Raises InputError for an unknown strategy, outcome, territory or sort key.
    """
    asked = evidence_requests.StudyListRequest(strategy, outcome, territory, sort)
    return result_of(StudyList, evidence_requests.listed(asked), _list_page)


def study(name: str) -> StudyList:
    """Return one study, or all arms of one, as `rescuecalc evidence show`; InputError for an unknown one."""
    return result_of(StudyList, evidence_requests.shown(name), _whole_page)


def _list_page(made: Document) -> Page:
    return evidence_text.evidence_page(made, whole=False)


def _whole_page(made: Document) -> Page:
    return evidence_text.evidence_page(made, whole=True)


def compare_studies(
    *, outcome: str | None = None, strategy: str | None = None, territory: str | None = None
) -> StudyComparison:
    """Return a comparison of arms, computed only from printed counts, as `rescuecalc evidence compare`.

    Raises InputError as for ``studies``, and if the extra `rescuecalc[evidence]` is not installed.
    """
    asked = evidence_requests.ComparisonRequest(outcome, strategy, territory)
    return result_of(StudyComparison, evidence_requests.compared(asked), comparison_text.comparison_page)


def check_studies() -> StudyCheck:
    """Return every p value and interval that can be recomputed, as `rescuecalc evidence check`.

    Raises InputError if the extra `rescuecalc[evidence]` is not installed.
    """
    return result_of(StudyCheck, evidence_requests.recomputed_figures(), comparison_text.check_page)


def strategy(
    *, situation: str | None = None, territory: str | None = None, thrombolysis: str | None = None
) -> StrategyResult:
    """Return which strategies the review discusses for which situation, as `rescuecalc strategy`.

    ``thrombolysis`` is yes or no. It recommends nothing. Raises InputError for a value that is none of those.
    """
    given = {"situation": situation, "territory": territory, "thrombolysis": thrombolysis}
    return result_of(StrategyResult, strategy_of(request_of(StrategyRequest, given, "strategy")), strategy_page)


def rule(code: str) -> results.RuleResult:
    """Return the meaning of a finding's code, as `rescuecalc rule CODE`; InputError for an unknown code.

    >>> import rescuecalc as rc
    >>> rc.rule("RC501").code
    'RC501'
    """
    return result_of(results.RuleResult, rule_requests.one_rule(code), rule_text.rule_page)


def rule_list() -> results.RuleList:
    """Return every declared rule, as `rescuecalc rule`."""
    return result_of(results.RuleList, rule_requests.every_rule(), rule_text.rules_page)
