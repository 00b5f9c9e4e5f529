"""A label's renal rule as the conditions that an order set writes: one branch a band, none left out, none doubled."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from rescuecalc.core.quantities.quantity import CreatinineClearance
from rescuecalc.core.renal.creatinine_clearance import RenalBand, RenalRule


class Branch(NamedTuple):
    """What an order is multiplied by for some clearances; ``when`` is None where the clearance changes nothing.

    ``name`` tells the branches of one order apart, ``words`` is what the label says.
    """

    name: str
    when: str | None
    factor: Fraction
    words: str


def branches(rule: RenalRule | None, kind: str) -> tuple[Branch, ...]:
    """Return the branches of a ``bolus`` or an ``infusion`` under ``rule``, from low to high clearances.

    One that the rule never changes is a single branch without a condition. Thresholds are those of the rule: a value on
    one belongs to the band that includes it.
    """
    factors = [band.factor(kind) for band in rule.bands] if rule is not None else []
    if rule is None or set(factors) == {Fraction(1)}:
        return (Branch("", None, Fraction(1), ""),)
    return tuple(
        Branch(name, when, factor, band.words)
        for (name, when), factor, band in zip(_conditions(rule.bands), factors, rule.bands, strict=True)
    )


def _conditions(bands: tuple[RenalBand, ...]) -> Iterator[tuple[str, str]]:
    """Yield a name and a condition for each band: it begins where the one below it ends."""
    low: CreatinineClearance | None = None
    low_included = False
    for band in bands:
        above = [f"{'>=' if low_included else '>'} {low}"] if low is not None else []
        below = [f"{'<=' if band.includes else '<'} {band.up_to}"] if band.up_to is not None else []
        yield _name(low, band, low_included=low_included), " and ".join((*above, *below))
        low, low_included = band.up_to, not band.includes


def _name(low: CreatinineClearance | None, band: RenalBand, *, low_included: bool) -> str:
    ends = [str(end).split(" ", maxsplit=1)[0] for end in (low, band.up_to) if end is not None]
    if low is not None and band.up_to is not None:
        return f"crcl-{ends[0]}-to-{ends[1]}"
    if low is None:
        return f"crcl-{ends[0]}-or-less" if band.includes else f"crcl-below-{ends[0]}"
    return f"crcl-{ends[0]}-or-more" if low_included else f"crcl-above-{ends[0]}"
