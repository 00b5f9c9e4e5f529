"""RC3: the declared rules about an order that contradicts itself; the order model finds, these say what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders import mention as of
from rescuecalc.core.orders.finding import Severity
from rescuecalc.core.orders.mention import mention
from rescuecalc.core.quantities.quantity import Duration
from rescuecalc.rules.base.rule import Hit, Rule, declared
from rescuecalc.rules.facts.contradiction import NOT_EXPLAINED, hits_of
from rescuecalc.rules.facts.product_label import strengths_in

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


def _stops(subject: Subject) -> Iterator[Hit]:
    yield from _stop(subject)
    yield from hits_of("RC306")(subject)


# A product that is diluted is in two concentrations: before, and as it is given.
_DILUTED: Final = re.compile(r"dilut|draw|make up|\badd|\binto\b|\bto\b", re.IGNORECASE)


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
        remedy="Find out which of the numbers is meant; the finding says what the others ask for.",
        limits=limits,
    )


_ONE: Final = (
    "Numbers agree when the intervals of half their last written digit overlap; of several fields that would explain a "
    "contradiction the one that reaches the patient is named."
)

RULES = (
    _rule(
        "RC301",
        "dose-contradicts-weight",
        "Dose per kg × weight against the dose, also by way of the volume; a dose may be a part of it, of which "
        "another order gives the rest, or a source's cap or label row.",
        "Of two doses in one order a nurse gives one.",
        "kind: bolus, dose_per_kg: 10 mcg/kg, dose: 8000 mcg",
        "kind: bolus, dose_per_kg: 10 mcg/kg, dose: 800 mcg",
        _ONE,
    ),
    _rule(
        "RC302",
        "volume-contradicts-dose",
        "Dose ÷ concentration against the volume; without a dose, dose per kg × weight ÷ concentration.",
        "Products of {products.bag-250.concentration:mcg/mL} and {products.vial-15.concentration} lie side by side: "
        "the volume is where the fivefold slip shows.",
        "kind: bolus, dose: 800 mcg, concentration: 50 mcg/mL, volume: 3.2 mL",
        "kind: bolus, dose: 800 mcg, concentration: 250 mcg/mL, volume: 3.2 mL",
        _ONE,
    ),
    _rule(
        "RC303",
        "dose-rate-contradicts-weight",
        "Dose rate per kg × weight against the dose rate, also by way of the pump rate.",
        "Per minute and per hour, per kilogram and not, are 60 and 80 apart.",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, dose_rate: 12 mcg/h",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, dose_rate: 12 mcg/min",
        _ONE,
    ),
    _rule(
        "RC304",
        "pump-rate-contradicts-dose",
        "Dose rate ÷ concentration against the pump rate, also by way of dose rate per kg and weight.",
        "The pump rate is what the patient gets.",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 144 mL/h",
        "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 14.4 mL/h",
        "A pump rate is never read finer than {limits.pump_step}. " + _ONE,
    ),
    _rule(
        "RC305",
        "vtbi-contradicts-rate",
        "Pump rate × run time against the VTBI.",
        "A VTBI that ends early stops the drug; one that ends late runs past the stop.",
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
        why="Of two stops in one order one is taken.",
        fails=_example("kind: infusion, start: +0 h, run_time: 24 h, stop: +48 h"),
        passes=_example("kind: infusion, start: +0 h, run_time: 24 h, stop: +24 h"),
        remedy="Correct the one that is wrong.",
        limits="Only where start and stop are written.",
    ),
    _rule(
        "RC307",
        "concentration-contradicts-product",
        "The concentration against the strength of the product, of the catalogue or of label text, and two strengths "
        "of one label text.",
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
        checks="The dose of an infusion against what its rate gives in its run time.",
        why="The pharmacy makes up the dose, and the pump is set to the rate.",
        fails=_example("kind: infusion, dose_rate: 12 mcg/min, run_time: 24 h, dose: 172.8 mg"),
        passes=_example("kind: infusion, dose_rate: 12 mcg/min, run_time: 24 h, dose: 17.28 mg"),
        remedy="Find out which of the numbers is meant.",
        limits="A dose that its label, or where the concentration is known a bag or syringe of a usual volume, holds "
        "may be what hangs there, unless the rate would empty it in less than an hour.",
    ),
    declared(
        NOT_EXPLAINED,
        "number-not-explained",
        Severity.WARNING,
        hits_of(NOT_EXPLAINED),
        "rescuecalc",
        checks="Numbers of an order that differ by at most {limits.deviation_percent} % where neither rounding nor a "
        "known error explains why.",
        why="A table that was rounded twice, or an old weight, changes every dose a little.",
        fails=_example(
            "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 14.9 mL/h"
        ),
        passes=_example(
            "kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, concentration: 50 mcg/mL, pump_rate: 14.4 mL/h"
        ),
        remedy="Work the number out again from the dose, the weight and the concentration.",
        limits="Beyond {limits.deviation_percent} %, or where a known error fits, it is an error of RC301 to RC308.",
    ),
    declared(
        "RC308",
        "text-contradicts-field",
        Severity.ERROR,
        hits_of("RC308"),
        "rescuecalc",
        checks="Doses, rates, concentrations, volumes, weights, times and maxima in an order's text, also in words, as "
        "a range, a part of a total or a factor for the weight, against its fields and against each other.",
        why="The nurse reads the text, the pump gets the field.",
        fails="{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, text: tirofiban 0.15 mcg/kg/hour}",
        passes="{drug: tirofiban, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min, "
        "text: tirofiban 0.15 micrograms per kg per minute}",
        remedy="Correct the one that is wrong.",
        limits="Times without over, within or for before them are not compared, nor what a container holds, nor what "
        "the text says of a condition or another step, nor values of a laboratory. Where it says the right "
        "number too, or a word before the number is none of the order's own (`oxygen 2 L/min`), or the clause is "
        "doubtful "
        "(`previously`, `or`), only that number in another unit is found. "
        "The first hundred numbers of a text are read; of FHIR, whose texts speak of bags and "
        "steps too, rates alone are compared.",
    ),
)
