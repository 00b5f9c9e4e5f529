"""Proofs for all inputs, by z3: the functions are run on symbols, so that a changed formula is refuted and not proved.

Numbers here are those of the publications and definitions, typed once more.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from rescuecalc.catalogue import catalogue
from rescuecalc.core.quantities import formula, quantity
from rescuecalc.core.quantities.decimal_text import rounded_to_step
from rescuecalc.core.quantities.quantity import (
    Concentration,
    CreatinineClearance,
    DoseRate,
    DoseRatePerKg,
    DosingWeight,
    Duration,
    Height,
    PumpRate,
    SerumCreatinine,
    Volume,
)
from rescuecalc.core.quantities.rate_conversion import converted
from rescuecalc.core.quantities.units import factor, unit
from rescuecalc.core.regimen import bolus, infusion
from rescuecalc.core.regimen.regimen import Regimen, regimen
from rescuecalc.core.regimen.schedule import Segment, container_uses
from rescuecalc.core.renal.creatinine_clearance import adjusted_weight, creatinine_clearance, ideal_weight
from rescuecalc.errors import InputError
from tests import oracle
from tests.support import WHOLE
from tests.test_second_route import result_of

z3 = pytest.importorskip("z3", reason="z3-solver is not installed")

from tests.proofs.symbolic import Paths, Symbol, prove, real  # noqa: E402  # after the skip

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proofs.symbolic import Way

pytestmark = pytest.mark.proof


@pytest.fixture(autouse=True)
def unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print no symbol: a message that quotes one is no part of what is proved."""
    monkeypatch.setattr(quantity.Quantity, "__str__", lambda self: f"? {self.unit.name}")


def of(*names: str) -> Any:
    """Return symbols of z3, one for each name."""
    return z3.Reals(" ".join(names))


def run(work: Callable[..., Any], terms: list[Any], *assumed: Any) -> list[Way[Any]]:
    """Return every way of ``work`` on symbols, all of numbers that are 0 or more."""
    paths = Paths(tuple(assumed))
    for term in terms:
        prove(term >= 0, assumed)
    return paths.ways(lambda: work(*(Symbol(term, paths, positive=True) for term in terms)))


def holds(work: Callable[..., Any], terms: list[Any], claim: Callable[..., Any], *assumed: Any) -> None:
    """Prove a claim of what ``work`` returns, in every way that it can take; none may raise anything."""
    for way in run(work, terms, *assumed):
        assert way.raised is None, way.raised
        prove(claim(way.result), way.given)


# --- rounding -----------------------------------------------------------------------------------------------


def test_rounding_is_within_half_a_step_and_half_goes_up() -> None:
    value, step = of("value", "step")

    def claim(found: Any) -> Any:
        return z3.And(found.term - value <= step / 2, value - found.term < step / 2)

    holds(rounded_to_step, [value, step], claim, value >= 0, step > 0)


@pytest.mark.parametrize("step", ["0.01", "0.1", "0.5", "1"])
def test_what_is_rounded_stays_as_it_is(step: str) -> None:
    [value] = [z3.Real("value")]

    def work(number: Any) -> Any:
        once = rounded_to_step(number, Fraction(step))
        return once, rounded_to_step(once, Fraction(step))

    holds(work, [value], lambda found: found[0].term == found[1].term, value >= 0)


def test_rounding_never_turns_two_numbers_round() -> None:
    less, more, step = of("less", "more", "step")

    def both(one: Any, other: Any, by: Any) -> Any:
        return rounded_to_step(one, by), rounded_to_step(other, by)

    holds(both, [less, more, step], lambda found: found[0].term <= found[1].term, less >= 0, more >= less, step > 0)


# --- formulas and their inverse -----------------------------------------------------------------------------

INVERSE: dict[str, tuple[formula.Formula[Any], tuple[str, str], str, formula.Formula[Any], str]] = {
    "dose and dose per kg": (bolus.BOLUS_DOSE, ("mcg/kg", "kg"), "mcg", bolus.PER_KG, "mcg/kg"),
    "volume and dose": (bolus.BOLUS_VOLUME, ("mcg", "mcg/mL"), "mL", bolus.DELIVERED_DOSE, "mcg"),
    "milligrams and volume": (bolus.BOLUS_VOLUME, ("mg", "mcg/mL"), "mL", bolus.DELIVERED_DOSE, "mg"),
    "dose rate and dose rate per kg": (infusion.DOSE_RATE, ("mcg/kg/min", "kg"), "mcg/min",
                                       infusion.DOSE_RATE_PER_KG, "mcg/kg/min"),
    "pump rate and dose rate": (infusion.PUMP_RATE, ("mcg/min", "mcg/mL"), "mL/h", infusion.DELIVERED_RATE, "mcg/min"),
    "flow and volume": (bolus.FLOW, ("mL", "min"), "mL/h", infusion.VTBI, "mL"),
}  # fmt: skip


@pytest.mark.parametrize("name", INVERSE)
def test_a_formula_and_its_inverse_give_back_what_went_in(name: str) -> None:
    there, (one, other), middle, back, end = INVERSE[name]
    first, second = of("first", "second")

    def work(value: Any, by: Any) -> Any:
        size = factor(there.expression, (unit(one), unit(other)), unit(middle))
        between = there.expression(value, by) * size
        return back.expression(between, by) * factor(back.expression, (unit(middle), unit(other)), unit(end))

    holds(work, [first, second], lambda found: found.term == first, first > 0, second > 0)


_ROLES = {
    name: DoseRatePerKg if "/kg" in name else PumpRate if "mL" in name else DoseRate for name in oracle.RATE_UNITS
}


@pytest.mark.parametrize("source", oracle.RATE_UNITS)
def test_every_rate_is_the_oracles_in_each_of_eight_units_and_back(source: str) -> None:
    rate, weight, strength = of("rate", "weight", "strength")
    assumed = (rate > 0, weight > 0, strength > 0)
    for target in oracle.RATE_UNITS:

        def work(value: Any, kg: Any, mcg_per_ml: Any, target: str = target) -> Any:
            to = DosingWeight(kg, unit("kg")), Concentration(mcg_per_ml, unit("mcg/mL"))
            there = converted(_ROLES[source](value, unit(source)), target, *to).exact
            back = converted(there, source, *to).exact
            return there.magnitude, back.magnitude, oracle.converted_rate(value, source, target, kg, mcg_per_ml)

        def claim(found: Any) -> Any:
            there, back, other = found
            return z3.And(there.term == other.term, back.term == rate)

        holds(work, [rate, weight, strength], claim, *assumed)


# --- whole regimens -----------------------------------------------------------------------------------------

DAY = Duration(Fraction(24), unit("h"))


def made(name: str) -> Regimen:
    """Return the regimen of a protocol at 80 kg, chosen as the source wants it."""
    found = catalogue.protocol(name)
    texts = {"weight": "80kg", **({"crcl": "90mL/min"} if found.renal else {})}
    stated = found.maintenance.run_time if found.infusions and found.maintenance else None
    if found.infusions and not (stated and stated.taken):
        texts["run_time"] = (stated.minimum or stated.maximum or DAY).typed if stated else "24h"
    if any(step.dose_range for step in found.boluses):
        [low] = [step.dose_range.low for step in found.boluses if step.dose_range]
        texts["ia_dose"] = low.typed
    return result_of(name, **texts)


def _inside(limits: Any, term: Any) -> tuple[Any, Any]:
    unit_name = limits.low.unit.name
    return term >= real(limits.low.magnitude), term <= real(limits.high.to(unit_name).magnitude)


def _doses(result: Regimen) -> list[Any]:
    """Return what grows with the weight: doses and rates, exact and as they are drawn up and set."""
    found = [each.dose for each in result.boluses] + [each.dose_rate for each in result.infusions]
    drawn = [option.volume for each in result.boluses for option in each.options]
    return [each.value_in(each.unit.name) for each in (*found, *drawn, *_settings(result))]


def _settings(result: Regimen) -> list[PumpRate]:
    return [option.pump_rate for each in result.infusions for option in each.options]


def _is_right(result: Regimen) -> list[Any]:
    """Return what has to hold of one regimen: of its rounding, its products' volumes and its containers."""
    step, claims = real(Fraction("0.1")), []
    for each in result.boluses:
        for option in each.options:
            exact, drawn = real(option.exact_volume.magnitude), real(option.volume.magnitude)
            strength = real(option.supply.concentration.value_in("mcg/mL"))
            claims += [exact * strength == real(each.dose.value_in("mcg"))]
            claims += [drawn - exact <= step / 2, exact - drawn < step / 2]
            claims += [real(option.delivered.value_in("mcg")) == drawn * strength]
            if option.containers is not None and option.supply.product is not None:
                holds_, count = real(option.supply.product.volume.value_in("mL")), real(option.containers)
                claims += [(count - 1) * holds_ < drawn, drawn <= count * holds_]
    for given in result.infusions:
        for setting in given.options:
            exact, rate = real(setting.exact_pump_rate.magnitude), real(setting.pump_rate.magnitude)
            strength = real(setting.supply.concentration.value_in("mcg/mL"))
            claims += [exact * strength == 60 * real(given.dose_rate.value_in("mcg/min"))]
            claims += [rate - exact <= step / 2, exact - rate < step / 2]
    return claims


PROTOCOLS = catalogue.protocol_ids() if WHOLE else ("yang-2020-iv", "trend-2024", "us-label")
"""All of them by `nox -s prove`; each run proves a study's, one with a load, and a label's."""


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_protocol_is_right_and_never_less_for_a_heavier_patient(name: str) -> None:
    """From 10 kg, where nothing that is drawn up rounds to zero, to the heaviest patient that is calculated."""
    limits, start = catalogue.limits(), made(name)
    light, heavy, clearance = of("light", "heavy", "clearance")
    most = real(limits.weight.high.value_in("kg"))

    def work(one: Any, other: Any, crcl: Any) -> Any:
        renal = CreatinineClearance(crcl, unit("mL/min")) if start.rule else None
        picked = [start.choices._replace(weight=DosingWeight(kg, unit("kg")), clearance=renal) for kg in (one, other)]
        return [regimen(start.protocol, each, start.rule, limits) for each in picked]

    def claim(found: list[Regimen]) -> Any:
        lighter, heavier = (_doses(each) for each in found)
        assert len(lighter) == len(heavier) > 0
        grows = [real(one) <= real(other) for one, other in zip(lighter, heavier, strict=True)]
        return z3.And(*grows, *_is_right(found[0]))

    holds(work, [light, heavy, clearance], claim, light >= 10, heavy >= light, heavy <= most, clearance >= 0)


@pytest.mark.parametrize("name", [each for each in PROTOCOLS if catalogue.protocol(each).renal])
def test_no_protocol_gives_more_at_a_lower_clearance(name: str) -> None:
    start, limits = made(name), catalogue.limits()
    weight, less, more = of("weight", "less", "more")

    def work(kg: Any, one: Any, other: Any) -> Any:
        picked = start.choices._replace(weight=DosingWeight(kg, unit("kg")))
        found = [picked._replace(clearance=CreatinineClearance(crcl, unit("mL/min"))) for crcl in (one, other)]
        return [_doses(regimen(start.protocol, each, start.rule, limits)) for each in found]

    def claim(found: Any) -> Any:
        return z3.And(*(real(one) <= real(other) for one, other in zip(*found, strict=True)))

    holds(work, [weight, less, more], claim, weight >= 10, weight <= 650, less >= 0, more >= less)


# --- containers ---------------------------------------------------------------------------------------------


def test_containers_give_all_of_the_infusion_and_are_changed_when_they_are_empty() -> None:
    """For every rate, run time, container and loss that needs three containers at most."""
    rate, hours, whole, loss = of("rate", "hours", "whole", "loss")
    assumed = (rate > 0, hours > 0, whole > 0, loss >= 0, loss < whole, rate * hours <= 3 * whole - loss)

    def work(ml_per_h: Any, time: Any, holds_: Any, gone: Any) -> Any:
        segment = Segment(PumpRate(ml_per_h, unit("mL/h")), Duration(time, unit("h")))
        return container_uses([segment], Volume(holds_, unit("mL")), Volume(gone, unit("mL")), 100)

    ways = run(work, [rate, hours, whole, loss], *assumed)
    assert {len(way.result) for way in ways if way.result} == {1, 2, 3}
    for way in ways:
        assert way.result, way.raised
        given = [real(use.volume.magnitude) for use in way.result]
        prove(z3.Sum(given) == rate * hours, way.given)
        prove(real(way.result[-1].end) == 3600 * hours, way.given)
        assert [use.number for use in way.result] == list(range(1, len(given) + 1))
        prove(given[0] <= whole - loss, way.given)
        for use, more in zip(way.result[:-1], given[1:], strict=True):
            prove(z3.And(real(use.remaining.magnitude) == 0, more > 0, more <= whole), way.given)


# --- kidney and weight --------------------------------------------------------------------------------------


def clearance_of(age: Any, sex: str, kg: Any, creatinine: Any) -> Any:
    given = DosingWeight(kg, unit("kg")), SerumCreatinine(creatinine, unit("mg/dL"))
    return creatinine_clearance(age, sex, *given, catalogue.renal_constants()).magnitude


@pytest.mark.parametrize(("sex", "factor"), [("male", Fraction(1)), ("female", Fraction("0.85"))])
def test_clearance_is_cockcroft_and_gaults_grows_with_weight_and_falls_with_age_and_creatinine(
    sex: str, factor: Fraction
) -> None:
    age, kg, creatinine, older, heavier, higher = of("age", "kg", "creatinine", "older", "heavier", "higher")

    def work(*numbers: Any) -> Any:
        years, weight, serum, more_years, more_weight, more_serum = numbers
        return (
            clearance_of(years, sex, weight, serum),
            clearance_of(more_years, sex, weight, serum),
            clearance_of(years, sex, more_weight, serum),
            clearance_of(years, sex, weight, more_serum),
        )

    def claim(found: Any) -> Any:
        here, old, heavy, high = (real(each) for each in found)
        formula_ = here == (140 - age) * kg * real(factor) / (72 * creatinine)
        return z3.And(formula_, old < here, heavy > here, high < here)

    assumed = (age >= 0, older > age, older < 140, kg > 0, heavier > kg, creatinine > 0, higher > creatinine)
    for way in run(work, [age, kg, creatinine, older, heavier, higher], *assumed):
        assert way.raised is None, way.raised
        prove(claim(way.result), way.given)


@pytest.mark.parametrize(("sex", "base"), [("male", "50"), ("female", "45.5")])
def test_ideal_and_adjusted_weight_are_devines(sex: str, base: str) -> None:
    inches, actual = of("inches", "actual")
    constants = catalogue.renal_constants()

    def work(height: Any, kg: Any) -> Any:
        ideal = ideal_weight(sex, Height(height, unit("in")), constants)
        return ideal.magnitude, adjusted_weight(DosingWeight(kg, unit("kg")), ideal, constants).magnitude

    right = real(Fraction(base)) + real(Fraction("2.3")) * (inches - 60)

    def claim(found: Any) -> Any:
        ideal, adjusted = (real(each) for each in found)
        between = z3.And(ideal <= adjusted, adjusted <= actual)
        return z3.And(ideal == right, adjusted == right + real(Fraction("0.4")) * (actual - right), between)

    holds(work, [inches, actual], claim, inches >= 60, inches <= 96, actual >= right)


def test_creatinine_in_umol_is_that_in_mg() -> None:
    serum = z3.Real("serum")
    constants = catalogue.renal_constants()

    def work(number: Any) -> Any:
        umol = SerumCreatinine(number * Fraction("88.42"), unit("umol/L"))
        return [
            creatinine_clearance(70, "male", DosingWeight(Fraction(80), unit("kg")), each, constants).magnitude
            for each in (umol, SerumCreatinine(number, unit("mg/dL")))
        ]

    holds(work, [serum], lambda found: found[0].term == found[1].term, serum > 0)


# --- the proofs themselves ----------------------------------------------------------------------------------


BROKEN: dict[str, tuple[Any, str, Any, Callable[[], None]]] = {
    "a formula": (
        infusion,
        "PUMP_RATE",
        formula.Formula("", formula.product, PumpRate),
        lambda: test_every_protocol_is_right_and_never_less_for_a_heavier_patient("yang-2020-iv"),
    ),
    "rounding": (
        bolus,
        "rounded_to_step",
        lambda value, step: (value / step).__floor__() * step,
        lambda: test_every_protocol_is_right_and_never_less_for_a_heavier_patient("yang-2020-iv"),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_proof_fails_where_the_code_is_broken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, attribute, other, proof = BROKEN[name]
    monkeypatch.setattr(module, attribute, other)
    with pytest.raises((AssertionError, InputError), match=r"not proved|cannot be combined"):
        proof()
