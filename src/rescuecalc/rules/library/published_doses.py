"""What the data hold of a drug's doses, as a pump library bounds them: for every drug with a published dose alike."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.library.pump_library import BOLUS
from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.mention import base_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.literature.source import Source
    from rescuecalc.rules.base.knowledge import Knowledge


class PublishedDose(NamedTuple):
    """The lowest and the highest dose that is published (base units), in words, with its sources."""

    low: Fraction
    high: Fraction
    words: str
    sources: tuple[Source, ...]


_OF_WEIGHT: Final = {of.DOSE_RATE: of.DOSE_RATE_PER_KG, of.DOSE: of.DOSE_PER_KG}


def published_dose(drug: str, name: str, variable: str, knowledge: Knowledge) -> PublishedDose | None:
    """Return what is published of a drug's infusions or boluses in a variable; an amount is that of a usual weight."""
    key = ("published in library", drug, name, variable)
    return knowledge.once(key, lambda: _published(drug, name, variable, knowledge))


def _published(drug: str, name: str, variable: str, knowledge: Knowledge) -> PublishedDose | None:
    found = [*_of_ranges(drug, name, knowledge), *_of_thrombolytic(drug, name, knowledge)]
    own = [each for of_variable, each in found if of_variable == variable]
    usual = knowledge.limits.usual_weight
    lightest, heaviest = base_value(usual.low)[0], base_value(usual.high)[0]
    for of_variable, each in found:
        if of_variable == _OF_WEIGHT.get(variable):
            own.append(each._replace(low=each.low * lightest, high=each.high * heaviest))
    if not own:
        return None
    words = " or ".join(dict.fromkeys(each.words for each in own))
    sources = tuple(dict.fromkeys(source for each in own for source in each.sources))
    return PublishedDose(min(each.low for each in own), max(each.high for each in own), words, sources)


def _of_ranges(drug: str, name: str, knowledge: Knowledge) -> Iterator[tuple[str, PublishedDose]]:
    kind = "bolus" if name == BOLUS else "infusion"
    for each in knowledge.published_ranges():
        low = each.low_for(None)
        if each.drug != drug or each.kind != kind or low is None or each.high is None:
            continue
        first, last = base_value(low.value)[0], base_value(each.high.value)[0]
        words = str(each.high.value) if first == last else f"{low.value} to {each.high.value}"
        yield each.variable, PublishedDose(first, last, words, each.sources)


def _of_thrombolytic(drug: str, name: str, knowledge: Knowledge) -> Iterator[tuple[str, PublishedDose]]:
    """Yield the bolus of a thrombolytic in stroke per kg, and the rate of the rest, which lasts so long."""
    is_one = drug not in knowledge.drugs and knowledge.drug_class(drug) is DrugClass.THROMBOLYTIC
    known = knowledge.agent_facts().thrombolytics.get(drug) if is_one else None
    if known is None:
        return
    share = known.bolus_share
    low, high = base_value(known.least_per_kg)[0], base_value(known.per_kg)[0]
    if name == BOLUS:
        part = share if share is not None else Fraction(1)
        yield of.DOSE_PER_KG, PublishedDose(low * part, high * part, str(known.per_kg.times(part)), known.sources)
    elif share is not None and known.rest_over is not None:
        time = base_value(known.rest_over)[0]
        words = f"{known.per_kg.times(1 - share)} in {known.rest_over}"
        yield of.DOSE_RATE_PER_KG, PublishedDose(low * (1 - share) / time, high / time, words, known.sources)
