"""What the data hold of a drug's doses, as a pump library bounds them: for every drug with a published dose alike."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.drugs.drug_class import DrugClass
from rescuecalc.core.library.limits import PUMP_RATE_PER_KG, VOLUME_PER_KG
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.orders.model.signature import MASS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.library.limits import LimitSet
    from rescuecalc.core.library.pump_library import Entry
    from rescuecalc.core.literature.source import Source
    from rescuecalc.rules.base.knowledge import Knowledge


class PublishedDose(NamedTuple):
    """The lowest and the highest dose that is published (base units), in words, with its sources."""

    low: Fraction
    high: Fraction
    words: str
    sources: tuple[Source, ...]

    def holds(self, value: Fraction) -> bool:
        """Whether a dose lies within what is published."""
        return self.low <= value <= self.high


_OF_WEIGHT: Final = {of.DOSE_RATE: of.DOSE_RATE_PER_KG, of.DOSE: of.DOSE_PER_KG}
_AT_ONCE: Final = frozenset((of.DOSE, of.DOSE_PER_KG))
_OF_VOLUME: Final = {
    of.PUMP_RATE: of.DOSE_RATE,
    PUMP_RATE_PER_KG: of.DOSE_RATE_PER_KG,
    of.VOLUME: of.DOSE,
    VOLUME_PER_KG: of.DOSE_PER_KG,
}
"""Which dose a limit of a volume is, once it is multiplied by the concentration."""


def held_dose(entry: Entry, limits: LimitSet, knowledge: Knowledge) -> PublishedDose | None:
    """Return what is published of an entry's drug as its limits bound it: of amounts, or of volumes that hold them."""
    if limits.kind == MASS:
        return published_dose(entry.drug, limits.variable, knowledge)
    dose, made = _OF_VOLUME.get(limits.variable), entry.concentration
    strength, kind = base_value(made) if made is not None else (Fraction(), "")
    found = published_dose(entry.drug, dose, knowledge) if dose is not None and kind == MASS and strength else None
    return found._replace(low=found.low / strength, high=found.high / strength) if found is not None else None


def published_dose(drug: str, variable: str, knowledge: Knowledge) -> PublishedDose | None:
    """Return what is published of a drug in a variable: of its boluses what is given at once, else of its infusions.

    An amount is that of a usual weight, up to the highest that is stated.
    """
    key = ("published in library", drug, variable)
    return knowledge.once(key, lambda: _published(drug, variable, knowledge))


def _published(drug: str, variable: str, knowledge: Knowledge) -> PublishedDose | None:
    is_bolus = variable in _AT_ONCE
    found = [*_of_ranges(drug, knowledge, is_bolus=is_bolus), *_of_thrombolytic(drug, knowledge, is_bolus=is_bolus)]
    own = [each for of_variable, each, _ in found if of_variable == variable]
    usual = knowledge.limits.usual_weight
    lightest, heaviest = base_value(usual.low)[0], base_value(usual.high)[0]
    for of_variable, each, most in found:
        if of_variable == _OF_WEIGHT.get(variable):
            high = each.high * heaviest
            own.append(each._replace(low=each.low * lightest, high=high if most is None else min(high, most)))
    if not own:
        return None
    widest = [each for each in own if not any(_is_part(each, other) for other in own)]
    words = " or ".join(dict.fromkeys(each.words for each in widest))
    sources = tuple(dict.fromkeys(source for each in own for source in each.sources))
    return PublishedDose(min(each.low for each in own), max(each.high for each in own), words, sources)


def _is_part(one: PublishedDose, other: PublishedDose) -> bool:
    return (other.low, other.high) != (one.low, one.high) and other.low <= one.low and one.high <= other.high


_Found = tuple[str, PublishedDose, Fraction | None]
"""A variable, what is published of it, and the most that anybody gets whatever the weight."""


def _of_ranges(drug: str, knowledge: Knowledge, *, is_bolus: bool) -> Iterator[_Found]:
    kind = "bolus" if is_bolus else "infusion"
    for each in knowledge.published_ranges():
        low = each.low_for(None)
        if each.drug != drug or each.kind != kind or low is None or each.high is None:
            continue
        first, last = base_value(low.value)[0], base_value(each.high.value)[0]
        words = str(each.high.value) if first == last else f"{low.value} to {each.high.value}"
        yield each.variable, PublishedDose(first, last, words, each.sources), None


def _of_thrombolytic(drug: str, knowledge: Knowledge, *, is_bolus: bool) -> Iterator[_Found]:
    """Yield the bolus of a thrombolytic in stroke per kg, and the rate of the rest, which lasts so long."""
    is_one = drug not in knowledge.drugs and knowledge.drug_class(drug) is DrugClass.THROMBOLYTIC
    known = knowledge.agent_facts().thrombolytics.get(drug) if is_one else None
    if known is None:
        return
    share = known.bolus_share
    low, high = base_value(known.least_per_kg)[0], base_value(known.per_kg)[0]
    most = base_value(known.most_elsewhere)[0]
    if is_bolus:
        part = share if share is not None else Fraction(1)
        words = str(known.per_kg.times(part))
        yield of.DOSE_PER_KG, PublishedDose(low * part, high * part, words, known.sources), most * part
    elif share is not None and known.rest_over is not None:
        time = base_value(known.rest_over)[0]
        words = f"{known.per_kg.times(1 - share)} in {known.rest_over}"
        yield (
            of.DOSE_RATE_PER_KG,
            PublishedDose(low * (1 - share) / time, high / time, words, known.sources),
            most / time,
        )
