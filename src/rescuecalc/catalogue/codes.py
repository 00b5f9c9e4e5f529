"""The codes of the catalogue's drugs and products in the code systems of FHIR."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rescuecalc.catalogue.catalogue import drugs, products
from rescuecalc.catalogue.clinical.bridging import antiplatelets
from rescuecalc.fhir.codes import DrugCode
from rescuecalc.fhir.systems import ATC, RXNORM

if TYPE_CHECKING:
    from rescuecalc.fhir.codes import Codes


@cache
def drug_codes() -> Codes:
    """Return each code that the catalogue holds; a product's stands for its drug too."""
    agents = antiplatelets().values()
    found = {(ATC, each.atc): DrugCode(each.id) for each in drugs().values()}
    found |= {(ATC, each.atc): DrugCode(each.id) for each in agents}
    found |= {(RXNORM, each.rxnorm): DrugCode(each.id) for each in agents if each.rxnorm is not None}
    found |= {
        (RXNORM, each.rxnorm): DrugCode(each.drug, each.id) for each in products().values() if each.rxnorm is not None
    }
    return found
