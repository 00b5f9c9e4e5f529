"""Error signatures: the factor that a known error leaves between what is written and what is right."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.system import CAP_OF, PER_KG_OF
from rescuecalc.core.quantities.units import how_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.model.mention import Mention
    from rescuecalc.core.orders.model.system import System

MASS: Final = "mass"
UNITS: Final = "units"
_NOT_ROUNDED: Final = 1 + Fraction(6, 100)
"""What is more above the right number was not rounded up to a maximum: clear of the 5 % that rounding may cause."""
_ROUNDED_APART: Final = 1 + Fraction(1, 10)
_IDENTITY: Final = Fraction(1, 100)
"""How near two written numbers are that are taken for one: 1 %."""


class Signature(NamedTuple):
    """A known error: what is found is ``factor`` times what is right (``inverse`` names it the other way round).

    Empty ``variables``, ``drugs`` and ``of`` mean any; ``needs`` is what must hold besides, ``mass`` that the drug is
    measured as a mass. ``least`` is where its factor may be any from there to ``factor``. Only a ``wide`` one is named
    where the right number is not known to 1.5-fold. ``units`` are those in which the wrong number is written, where
    ``name`` fits and where ``inverse`` does; in another unit, and where it is ``indirect``, the error was made in a
    number that is not written here.
    """

    name: str
    inverse: str
    factor: Fraction
    variables: frozenset[str] = frozenset()
    drugs: frozenset[str] = frozenset()
    of: str = ""
    needs: str = ""
    mass: bool = False
    wide: bool = False
    rare: bool = False
    least: Fraction | None = None
    indirect: bool = False
    units: tuple[str, ...] = ()


class Setting(NamedTuple):
    """What of an order decides which errors can have been made in it.

    ``weight`` is in kg, None where it is not known; ``strengths`` (mcg/mL) are those between which the needs
    ``strength`` errors are made; ``halves`` tells whether a label of the drug halves its dose. ``per_kg`` is the
    variable in which its sources state doses per kg, ``stated`` asks which single doses of a variable they state.
    """

    drug: str
    given_as: str
    kind: str
    weight: Fraction | None
    halves: bool
    strengths: frozenset[Fraction]
    per_kg: str = ""
    stated: Callable[[str], tuple[Fraction, ...]] = lambda _: ()


class Fit(NamedTuple):
    """A signature that fits: its name, its exact factor, what kind it is, and whether the number is another's.

    One that is ``guessed`` fits some weight of all that there may be: it does not tell the right number.
    """

    name: str
    factor: Fraction
    rare: bool = False
    identity: bool = False
    indirect: bool = False
    guessed: bool = False


def fits(
    signatures: tuple[Signature, ...],
    blamed: Mention,
    ratio: Bounds,
    system: System,
    setting: Setting,
    known: Mapping[str, Bounds],
    *,
    is_wide: bool = False,
) -> tuple[Fit, ...]:
    """Return the errors that make ``blamed`` of a right number within ``ratio`` (found ÷ right), the nearest first.

    ``known`` is what the rest of the order leaves each variable; where that is ``is_wide``, since no weight is known,
    only errors that stand out are named.
    """
    found = [
        each
        for each in (
            *_known(signatures, blamed, ratio, system, setting, wide=is_wide),
            *(one for one in _of_numbers(blamed, ratio, system, setting, known) if one.identity or not is_wide),
        )
        if each.factor != 1 and ratio.holds(each.factor)
    ]
    nearest = sorted(
        [each for each in found if not each.guessed] or found,
        # An identity first: that another field holds the very number is better evidence than any factor. Then what is
        # common before what is rare, then the nearest: 1.1236 (salt), 1.125 and 1.2 lie close together.
        key=lambda each: (not each.identity, each.rare, _distance(each.factor, ratio.middle), each.indirect, each.name),
    )
    once: dict[str, Fit] = {}
    for each in nearest:
        # One name once: two units may leave the same error behind, and only the nearer of its factors is meant.
        once.setdefault(each.name, each)
    return tuple(once.values())


def _distance(factor: Fraction, middle: Fraction) -> Fraction:
    if not middle:
        return factor
    return max(factor / middle, middle / factor)


def _known(
    signatures: tuple[Signature, ...], blamed: Mention, ratio: Bounds, system: System, setting: Setting, *, wide: bool
) -> Iterator[Fit]:
    for each in signatures:
        if (wide and not each.wide) or not _can_be_made(each, blamed, system, setting):
            continue
        least = each.least if each.least is not None else each.factor
        ways = ((each.name, least, each.factor), (each.inverse, 1 / each.factor, 1 / least))
        for place, (name, low, high) in enumerate(ways):
            # lb for kg is anything from 2.2 to 2.2046: people convert by both.
            factor = max(low, min(high, ratio.middle))  # the nearest of those that the error may leave behind
            is_between = each.needs != "strength" or _between_strengths(blamed, factor, system, setting)
            is_written = not each.units or _is_in(each.units[place], blamed)
            if is_between:
                yield Fit(name, factor, each.rare, indirect=each.indirect or not is_written)


def _is_in(unit: str, blamed: Mention) -> bool:
    """Whether a number is written in the unit that an error leaves; else it was made in working it out."""
    if blamed.place == "stop":
        return True  # two times of day, in no unit
    return set(unit.split("/")) <= {each.name for each in blamed.quantity.unit.parts}


def _can_be_made(each: Signature, blamed: Mention, system: System, setting: Setting) -> bool:
    return (
        (not each.variables or blamed.variable in each.variables)
        and (not each.drugs or setting.drug in each.drugs)
        and each.of in {"", setting.given_as}
        and (not each.mass or (setting.kind == MASS and blamed.variable not in {of.WEIGHT, of.TIME}))
        and (each.needs != "weight" or _is_weighed(system, setting))
        and (each.needs != "renal" or setting.halves)
        and (each.needs != "per-minute" or _is_per_minute(system, setting))
        and (each.needs != "amount" or _follows_from_amount(blamed, system))
    )


def _follows_from_amount(blamed: Mention, system: System) -> bool:
    """Whether a number may have been worked out from an amount of drug: a volume beside its rate and time was not."""
    if blamed.variable not in {of.VOLUME, of.PUMP_RATE}:
        return True
    if blamed.variable == of.VOLUME and system.has(of.PUMP_RATE) and system.has(of.TIME):
        return False
    return any(system.has(each) for each in (*PER_KG_OF.keys(), *PER_KG_OF.values()))


def _is_weighed(system: System, setting: Setting) -> bool:
    """Whether an order is dosed by weight: it says so, or every source of the drug does."""
    return bool(setting.per_kg) or any(system.has(each) for each in PER_KG_OF.values())


def _is_per_minute(system: System, setting: Setting) -> bool:
    if setting.per_kg == of.DOSE_RATE_PER_KG:
        return True  # as its sources state it, whatever the order says
    rates = (*system.of(of.DOSE_RATE_PER_KG), *system.of(of.DOSE_RATE), *system.of(of.PUMP_RATE))
    return not rates or any(each.quantity.unit.parts[-1].name == "min" for each in rates)


def _between_strengths(blamed: Mention, factor: Fraction, system: System, setting: Setting) -> bool:
    """Whether a strength that is written, or the one that is right, is one of the two."""
    if blamed.variable == of.CONCENTRATION:
        return blamed.value / factor in setting.strengths
    written = system.of(of.CONCENTRATION)
    return not written or any(each.value in setting.strengths for each in written)


def _of_numbers(
    blamed: Mention, ratio: Bounds, system: System, setting: Setting, known: Mapping[str, Bounds]
) -> Iterator[Fit]:
    """Yield the errors that are told by the order's own numbers: the weight, or another field's number in this one."""
    yield from _of_weight(blamed, ratio, system, setting, known)
    for each in system.of(CAP_OF.get(blamed.variable, "")):
        if _alike(each.number, blamed.number) and ratio.middle > _NOT_ROUNDED:
            yield Fit("the maximum in place of the dose", ratio.middle, identity=True)
    if blamed.variable == of.PUMP_RATE:
        yield from _of_flow(blamed, ratio, system, setting, known)


def _of_weight(
    blamed: Mention, ratio: Bounds, system: System, setting: Setting, known: Mapping[str, Bounds]
) -> Iterator[Fit]:
    """Yield the errors of who multiplies by the weight twice, or not at all."""
    per_kg = PER_KG_OF.get(blamed.variable, "")
    if setting.weight is not None and blamed.variable not in {of.WEIGHT, of.TIME, of.CONCENTRATION}:
        yield Fit("multiplied by the weight", setting.weight)
        yield Fit("per kg forgotten", 1 / setting.weight)
    # With a known weight the factor itself says it; without one only a number that stands there twice does, or that of
    # every source.
    if ratio.high is not None and (setting.weight is None or system.has(CAP_OF.get(blamed.variable, ""))):
        prescribed = [each.value for each in system.of(per_kg)] or setting.stated(per_kg)
        if any(_alike(each, blamed.value) for each in prescribed):
            yield Fit("per kg forgotten", ratio.middle, identity=True)
    for each in system.of(_WHOLE_OF.get(blamed.variable, "")):
        if _alike(each.number, blamed.number) and ratio.middle > 1:
            yield Fit("multiplied by the weight", ratio.middle, identity=True)
    weight = known.get(of.WEIGHT) if setting.weight is None and blamed.variable == setting.per_kg else None
    if weight is not None and weight.holds(ratio.middle):
        yield Fit("multiplied by the weight", ratio.middle, rare=True, guessed=True)


def _of_flow(
    blamed: Mention, ratio: Bounds, system: System, setting: Setting, known: Mapping[str, Bounds]
) -> Iterator[Fit]:
    in_mL_per_h = of.in_mL_per_h(blamed.value)  # noqa: N806  # the unit's own spelling
    if not system.is_infusion or system.is_one_dose:
        # The volume of a bolus typed where the rate belongs: 16 mL at 16 mL/h runs an hour for a bolus of minutes.
        volume = known.get(of.VOLUME)
        if volume is not None and _is_number_of(volume, in_mL_per_h):
            yield Fit("the volume set as mL/h", ratio.middle, identity=True)
    if not system.is_infusion:
        return
    rates = (*system.of(of.DOSE_RATE), *system.of(of.DOSE_RATE_PER_KG))
    is_another = any(_alike(each.number, in_mL_per_h) for each in rates)
    strengths = [each.value for each in system.of(of.CONCENTRATION)]
    if not strengths and is_another and of.CONCENTRATION in known:
        strengths = [known[of.CONCENTRATION].middle]  # what the other numbers say of it
    for strength in strengths:
        for unit, size in _RATE_UNITS.get(setting.kind, ()):
            # The pump's number is the rate's number in this unit: found ÷ right = concentration in the unit's amount.
            yield Fit(f"{unit} set as mL/h", strength / size, identity=is_another)


def _is_number_of(volume: Bounds, number: Fraction) -> bool:
    """Whether a number is that of a volume (mL), which is known but for its rounding."""
    is_known = volume.high is not None and volume.high <= volume.low * _ROUNDED_APART
    return _alike(of.in_mL(volume.middle), number) or (is_known and volume.holds(number))


def _alike(one: Fraction, other: Fraction) -> bool:
    return bool(other) and abs(one / other - 1) <= _IDENTITY


_WHOLE_OF: Final = {per_kg: amount for amount, per_kg in PER_KG_OF.items()}

_MINUTES: Final = how_many("min", "h")
_RATE_UNITS: Final = {
    MASS: (
        ("mcg/h", Fraction(1)),
        ("mcg/min", _MINUTES),
        ("mg/h", how_many("mcg", "mg")),
        ("mg/min", how_many("mcg", "mg") * _MINUTES),
        ("g/h", how_many("mcg", "g")),
    ),
    UNITS: (("units/h", Fraction(1)), ("units/min", _MINUTES)),
    "equivalents": (("mEq/h", Fraction(1)),),
    "substance": (("mmol/h", Fraction(1)),),
}
"""The units of a dose rate whose number is set as mL/h by mistake, each in base amounts an hour, by kind of drug."""
