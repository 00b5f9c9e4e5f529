"""What the data hold of a drug's doses, as a pump library bounds them: for every drug with a published dose alike."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.library.limits import HARD_MAX, PUMP_RATE_PER_KG, SOFT_MAX, VOLUME_PER_KG
from rescuecalc.core.library.pump_library import DOSE
from rescuecalc.core.orders.indication import mentions
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
    """The lowest and the highest dose that is published (base units), in words, with its sources.

    ``full_low`` is the lowest of patients whose dose no renal rule lowers; ``parts`` are the ranges that it is made of:
    a load and what follows it have each their own.
    """

    low: Fraction
    high: Fraction
    words: str
    sources: tuple[Source, ...]
    full_low: Fraction
    parts: tuple[tuple[Fraction, Fraction], ...] = ()

    def holds(self, value: Fraction) -> bool:
        """Whether a dose lies within what is published."""
        return self.low <= value <= self.high

    def times(self, factor: Fraction) -> PublishedDose:
        """Return it of each kg, of each mL, or in other terms: every number times one factor."""
        parts = tuple((low * factor, high * factor) for low, high in self.parts)
        low, high, full_low = self.low * factor, self.high * factor, self.full_low * factor
        return self._replace(low=low, high=high, full_low=full_low, parts=parts)

    def without_alarm(self, limits: LimitSet) -> tuple[Fraction, ...]:
        """Return of each part the highest dose that passes the maxima of limits, of none where no part has one."""
        ends = [end.value for end in (limits.get(SOFT_MAX), limits.get(HARD_MAX)) if end is not None]
        highest = (
            (min(high, *ends) if low <= min(high, *ends) else None for low, high in self.parts)
            if ends
            else (high for _, high in self.parts)
        )
        return tuple(each for each in highest if each is not None)


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
    """Return what is published of an entry's drug as its limits bound it: of amounts, or of volumes that hold them.

    Nothing where the entry is for another indication than the doses that are held.
    """
    if is_of_other_use(entry, knowledge):
        return None
    is_whole = entry.limits.get(DOSE) is limits
    if limits.kind == MASS:
        return published_dose(entry.drug, limits.variable, knowledge, is_whole=is_whole)
    dose, made = _OF_VOLUME.get(limits.variable), entry.concentration
    strength, kind = base_value(made) if made is not None else (Fraction(), "")
    if dose is None or kind != MASS or not strength:
        return None
    found = published_dose(entry.drug, dose, knowledge, is_whole=is_whole)
    return found.times(1 / strength) if found is not None else None


def is_of_other_use(entry: Entry, knowledge: Knowledge) -> bool:
    """Whether an entry is of a thrombolytic for another indication than stroke: only the doses in stroke are held."""
    if entry.drug in knowledge.drugs or not entry.therapy:
        return False
    found = mentions(entry.therapy, knowledge.indication_words())
    return bool(found.coronary or found.elsewhere) and not found.rescue


def published_dose(drug: str, variable: str, knowledge: Knowledge, *, is_whole: bool = False) -> PublishedDose | None:
    """Return what is published of a drug in a variable: of its boluses what is given at once, else of its infusions.

    An amount is that of a usual weight, up to the highest that is stated. Where it ``is_whole``, it may be the whole
    dose of a drug of which a part is the bolus.
    """
    key = ("published in library", drug, variable, str(is_whole))
    return knowledge.once(key, lambda: _published(drug, variable, knowledge, is_whole=is_whole))


def _published(drug: str, variable: str, knowledge: Knowledge, *, is_whole: bool) -> PublishedDose | None:
    is_bolus = variable in _AT_ONCE
    found = [*_of_ranges(drug, knowledge, is_bolus=is_bolus)]
    found += _of_thrombolytic(drug, knowledge, is_bolus=is_bolus, is_whole=is_whole)
    own = [each for of_variable, each, _ in found if of_variable == variable]
    usual = knowledge.limits.usual_weight
    lightest, heaviest = base_value(usual.low)[0], base_value(usual.high)[0]
    for of_variable, each, most in found:
        if of_variable == _OF_WEIGHT.get(variable):
            high = each.high * heaviest
            low, full_low = each.low * lightest, each.full_low * lightest
            own.append(each._replace(low=low, high=high if most is None else min(high, most), full_low=full_low))
    if not own:
        return None
    widest = [each for each in own if not any(_is_part(each, other) for other in own)]
    words = " or ".join(dict.fromkeys(each.words for each in widest))
    sources = tuple(dict.fromkeys(source for each in own for source in each.sources))
    low, high = min(each.low for each in own), max(each.high for each in own)
    parts = tuple(dict.fromkeys((each.low, each.high) for each in widest))
    return PublishedDose(low, high, words, sources, min(each.full_low for each in own), parts)


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
        full = base_value((each.low or low).value)[0]
        words = str(each.high.value) if first == last else f"{low.value} to {each.high.value}"
        yield each.variable, PublishedDose(first, last, words, each.sources, full), None


def _of_thrombolytic(drug: str, knowledge: Knowledge, *, is_bolus: bool, is_whole: bool) -> Iterator[_Found]:
    """Yield the bolus of a thrombolytic in stroke per kg, or the whole dose, and the rate of the rest."""
    is_one = drug not in knowledge.drugs and knowledge.is_thrombolytic(drug)
    known = knowledge.agent_facts().thrombolytics.get(drug) if is_one else None
    if known is None:
        return
    share = known.bolus_share
    low, high = base_value(known.least_per_kg)[0], base_value(known.per_kg)[0]
    most = base_value(known.most_elsewhere)[0]
    if is_bolus:
        part = share if share is not None else Fraction(1)
        words = str(known.per_kg.times(part))
        if is_whole and part != 1:
            words = f"{words} or {known.per_kg}"
            yield of.DOSE_PER_KG, PublishedDose(low * part, high, words, known.sources, low * part), most
            return
        yield of.DOSE_PER_KG, PublishedDose(low * part, high * part, words, known.sources, low * part), most * part
    elif share is not None and known.rest_over is not None:
        time = base_value(known.rest_over)[0]
        words = f"{known.per_kg.times(1 - share)} in {known.rest_over}"
        least = low * (1 - share) / time
        yield of.DOSE_RATE_PER_KG, PublishedDose(least, high / time, words, known.sources, least), most / time
