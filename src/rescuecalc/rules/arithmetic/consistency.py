"""RC3: the declared rules about an order that contradicts itself; the order model finds, these say what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import mention
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.rules.arithmetic.heading_dose import heading_doses
from rescuecalc.rules.base.rule import Hit, Rule, declared
from rescuecalc.rules.facts.order_model.contradiction import NOT_EXPLAINED, hits_of
from rescuecalc.rules.facts.reference.product_label import strengths_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rescuecalc.core.quantities.quantity import Concentration
    from rescuecalc.rules.base.knowledge import Subject


def _stop(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        run = order.quantity("run_time", Duration)
        if order.start is None or order.stop is None:
            continue
        pointer, found = f"{order.pointer}/stop", str(order.stop)
        if order.stop <= order.start:
            message = f"the stop {order.stop} is not after the start {order.start}"
            yield Hit(message, (), pointer, found, f"after {order.start}")
        elif run is not None and order.start.plus(run) != order.stop:
            expected = order.start.plus(run)
            factor = (order.stop.seconds - order.start.seconds) / run.value_in("s")
            message = (
                f"the stop {order.stop} does not follow: {order.start} and {run} of run time end at {expected.spoken}"
            )
            yield Hit(message, (), pointer, found, str(expected), factor)


def _texts(subject: Subject) -> Iterator[Hit]:
    yield from hits_of("RC308")(subject)
    yield from heading_doses(subject)


def _stops(subject: Subject) -> Iterator[Hit]:
    yield from _stop(subject)
    yield from hits_of("RC306")(subject)


# A product that is diluted is in two concentrations: before, and as it is given.
_DILUTED: Final = lazy_pattern(r"dilut|draw|make up|\badd|\binto\b|\bto\b", re.IGNORECASE)


def _two_strengths(subject: Subject) -> Iterator[Hit]:
    """Yield the products whose text says two concentrations: nobody can tell which of them hangs there."""
    for order in subject.written:
        text = order.texts.get("product", "")
        if order.coded or "diluted_in" in order.texts or _DILUTED.search(text) is not None:
            continue
        first, *others = strengths_in(order, subject) or (None,)
        for other in others:
            if first is not None and not _is_same(first, other, subject):
                message = f"the product says two concentrations, {_in_words(first)} and {_in_words(other)}"
                yield Hit(message, (), order.at("product"), text)
                break


def _is_same(first: Concentration, other: Concentration, subject: Subject) -> bool:
    limits = subject.knowledge.limits
    one, two = (mention(of.CONCENTRATION, each, "product", "", limits) for each in (first, other))
    return one.kind != two.kind or abs(one.value - two.value) <= max(one.rounding, two.rounding)


def _in_words(strength: Concentration) -> str:
    return strength.text or str(strength)


def _products(subject: Subject) -> Iterator[Hit]:
    yield from _two_strengths(subject)
    yield from hits_of("RC307")(subject)


_SET: Final = "order_set: Example, patient: {{weight: 80 kg}}, orders: [{{drug: tirofiban, {0}}}]"


def _example(fields: str) -> str:
    return "{" + _SET.format(fields) + "}"


def _rule(
    code: str,
    name: str,
    checks: str,
    why: str,
    fails: str,
    passes: str,
    limits: str,
    check: Callable[[Subject], Iterator[Hit]] | None = None,
) -> Rule:
    return declared(
        code,
        name,
        Severity.ERROR,
        check or hits_of(code),
        "rescuecalc",
        checks=checks,
        why=why,
        fails=_example(fails),
        passes=_example(passes),
        remedy="Find out which number is wrong; the finding names the value that fits the others.",
        limits=limits,
    )


_ONE: Final = (
    "Numbers agree if their intervals of half a last written digit overlap. If several fields could explain a "
    "contradiction, the finding is on the one that reaches the patient."
)

RULES = (
    _rule(
        "RC301",
        "dose-contradicts-weight",
        "Dose per kg × weight against the dose, also calculated from the volume; the dose may be a part, "
        "with the rest in another order, or a cap or label row of a source.",
        "If one order states two doses, a nurse gives one of them.",
        "kind: bolus, dose_per_kg: 10 mcg/kg, dose: 8000 mcg",
        "kind: bolus, dose_per_kg: 10 mcg/kg, dose: 800 mcg",
        _ONE,
    ),
    _rule(
        "RC302",
        "volume-contradicts-dose",
        "Dose ÷ concentration against the volume; without a dose, dose per kg × weight ÷ concentration.",
        "Products of {products.bag-250.concentration:mcg/mL} and {products.vial-15.concentration} lie side "
        "by side: a fivefold mistake shows in the volume.",
        "kind: bolus, dose: 800 mcg, concentration: 50 mcg/mL, volume: 3.2 mL",
        "kind: bolus, dose: 800 mcg, concentration: 250 mcg/mL, volume: 3.2 mL",
        _ONE,
    ),
    _rule(
        "RC303",
        "dose-rate-contradicts-weight",
        "Dose rate per kg × weight against the dose rate, also calculated from the pump rate.",
        "Per minute and per hour differ by 60, per kilogram and per patient by 80.",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, dose_rate: 12 mcg/h",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, dose_rate: 12 mcg/min",
        _ONE,
    ),
    _rule(
        "RC304",
        "pump-rate-contradicts-dose",
        "Dose rate ÷ concentration against the pump rate, also calculated from dose rate per kg and weight.",
        "The pump rate determines what the patient gets.",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 144 mL/h",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 14.4 mL/h",
        "A pump rate is never read finer than {limits.pump_step}. " + _ONE,
    ),
    _rule(
        "RC305",
        "vtbi-contradicts-rate",
        "Pump rate × run time against the VTBI.",
        "With a low VTBI the drug stops early; with a high one it runs past the stop.",
        "kind: infusion, pump_rate: 14.4 mL/h, run_time: 24 h, vtbi: 34.56 mL",
        "kind: infusion, pump_rate: 14.4 mL/h, run_time: 24 h, vtbi: 345.6 mL",
        "A VTBI may follow the exact or the set rate, or be a whole container. Without a run time start and stop "
        f"say it. {_ONE}",
    ),
    declared(
        "RC306",
        "stop-contradicts-run-time",
        Severity.ERROR,
        _stops,
        "rescuecalc",
        checks="Start + run time against the stop, and whether the stop comes after the start.",
        why="Only one of two stop times will be followed.",
        fails=_example("kind: infusion, start: +0 h, run_time: 24 h, stop: +48 h"),
        passes=_example("kind: infusion, start: +0 h, run_time: 24 h, stop: +24 h"),
        remedy="Correct the one that is wrong.",
        limits="Only if start and stop are stated.",
    ),
    _rule(
        "RC307",
        "concentration-contradicts-product",
        "The concentration against the strength of the product, from the catalogue or from label text, and "
        "two strengths of one label text.",
        "{products.concentrate-50.strength} and {products.bag-250.strength} are five times apart.",
        "product: 12.5 mg in 250 mL, concentration: 250 mcg/mL",
        "product: 12.5 mg in 250 mL, concentration: 50 mcg/mL",
        f"A product that is diluted first, also one in label text, is not compared with its label. {_ONE}",
        _products,
    ),
    declared(
        "RC309",
        "whole-dose-contradicts-rate",
        Severity.ERROR,
        hits_of("RC309"),
        "rescuecalc",
        checks="The dose of an infusion against its rate × run time.",
        why="The pharmacy prepares the dose, and the pump is set to the rate.",
        fails=_example("kind: infusion, dose_rate: 12 mcg/min, run_time: 24 h, dose: 172.8 mg"),
        passes=_example("kind: infusion, dose_rate: 12 mcg/min, run_time: 24 h, dose: 17.28 mg"),
        remedy="Find out which of the numbers is meant.",
        limits="The dose may be the content of the container: as its label states, or in a bag or syringe of a "
        "usual volume with a known concentration. This does not apply if the rate would empty it in less "
        "than an hour.",
    ),
    declared(
        NOT_EXPLAINED,
        "number-not-explained",
        Severity.WARNING,
        hits_of(NOT_EXPLAINED),
        "rescuecalc",
        checks="Numbers of an order that differ by at most {limits.deviation_percent} % without an explanation by "
        "rounding or a known error.",
        why="A table that was rounded twice, or an old weight, changes every dose a little.",
        fails=_example(
            "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 14.9 mL/h"
        ),
        passes=_example(
            "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 14.4 mL/h"
        ),
        remedy="Calculate the number again from the dose, the weight and the concentration.",
        limits="Above {limits.deviation_percent} %, or with a known error, RC301 to RC308 report an error.",
        yields_to="RC433",
    ),
    declared(
        "RC308",
        "text-contradicts-field",
        Severity.ERROR,
        _texts,
        "rescuecalc",
        checks="Doses, rates, concentrations, volumes, weights, times and maxima in an order's text, also in words, as "
        "a range, a part of a total or a factor for the weight, against its fields and against each other; doses in "
        "the name and the indication of a set against those of its orders.",
        why="The nurse reads the text, the pump gets the field.",
        fails="{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, text: tirofiban 0.15 mcg/kg/hour}",
        passes="{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, "
        "text: tirofiban 0.15 micrograms per kg per minute}",
        yields_to="RC626",
        remedy="Correct the one that is wrong.",
        limits="Not compared: times without `over`, `within` or `for`, contents of a container, conditions, other "
        "steps, and laboratory values. If the text also has the right number, if the word before the number"
        " is not about the order (`oxygen 2 L/min`), or if the clause is doubtful (`previously`, `or`), "
        "only the same number in another unit is reported. The first hundred numbers of a text are read. "
        "FHIR texts mention bags and steps too: only their rates are compared.",
    ),
)
