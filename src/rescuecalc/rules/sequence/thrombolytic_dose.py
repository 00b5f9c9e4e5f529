"""RC6: doses of thrombolytics in stroke: too much or too little of one, and parts that exceed the whole."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.bounds import point
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.mention import base_value
from rescuecalc.core.quantities.decimal_text import people_number
from rescuecalc.core.quantities.units import how_many
from rescuecalc.rules.base.rule import Hit, declared, example_set
from rescuecalc.rules.facts.concurrent_orders import both_given, pairs
from rescuecalc.rules.facts.order_model.thrombolytic_shares import wrong_bolus_share
from rescuecalc.rules.facts.reference.local_lysis import is_elsewhere
from rescuecalc.rules.facts.reference.stroke_set import Purpose, purpose_of
from rescuecalc.rules.facts.thrombolytic_parts import PARTS, Part, Role, thrombolytics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.agent_facts import ThrombolyticDose
    from rescuecalc.core.orders.bounds import Bounds
    from rescuecalc.core.orders.order import Order
    from rescuecalc.core.quantities.quantity import Duration
    from rescuecalc.rules.base.knowledge import Subject

_WHOLE: Final = Fraction(1)

_PER_KG: Final = frozenset({"dose_per_kg", "dose_rate_per_kg"})
_TIMED: Final = frozenset({"bolus", "infusion", ""})


def _severity(part: Part, subject: Subject) -> Severity | None:
    """Return how heavy a dose that is none in stroke is, None where the set is for another indication.

    No limit is held for one that nobody knows: there it is a warning, as it is where nothing is said of a drug that is
    given in higher doses elsewhere.
    """
    purpose = purpose_of(subject)
    if is_elsewhere(part.order, subject):
        return None
    if purpose.purpose is Purpose.STROKE:
        return Severity.ERROR
    if purpose.is_another:
        return None
    return Severity.WARNING if part.facts.elsewhere or purpose.purpose is Purpose.UNKNOWN else Severity.ERROR


def _is_beyond_all(part: Part) -> bool:
    """Whether a part gives more than the most of any indication, which is an error in every set."""
    facts = part.facts
    most = max(base_value(facts.most)[0], base_value(facts.most_elsewhere)[0])
    dose = part.dose or _in_time(part.known.get(of.DOSE_RATE), facts)
    return dose is not None and dose.low > most


def _in_time(rate: Bounds | None, facts: ThrombolyticDose) -> Bounds | None:
    """Return what a rate gives in the time of the rest, of which a shorter one is an error of its own."""
    return (
        rate.times(point(base_value(facts.rest_over)[0])) if rate is not None and facts.rest_over is not None else None
    )


def _beyond(subject: Subject) -> Iterator[Hit]:
    reported: set[tuple[str, str]] = set()
    boluses: dict[str, Part] = {}
    for part in sorted(PARTS.of(subject), key=_is_rest):
        for what, hit in _of_part(part, subject):
            # One mistake is told once an order: a text repeats what its fields say, an infusion what its bolus told.
            bolus = boluses.get(part.order.drug) if what == "dose" and _is_rest(part) else None
            follows = bolus is not None and (_is_below(part, subject) or _is_rest_of(bolus, part, subject))
            if (part.order.pointer, what) not in reported and not follows:
                reported.add((part.order.pointer, what))
                if what == "dose" and part.role is Role.BOLUS and _above(part, subject):
                    boluses[part.order.drug] = part
                yield hit
    for order in thrombolytics(subject):
        if "text" in order.texts and (order.pointer, "dose") not in reported:
            yield from _bolus_shares(order, subject)


def _is_rest(part: Part) -> bool:
    return part.role is Role.REST


def _is_rest_of(bolus: Part, rest: Part, subject: Subject) -> bool:
    """Whether an infusion is the rest of the dose of which a bolus is the first part: both are of one weight."""
    share, slack = bolus.facts.bolus_share, _slack(subject)
    if share is None or bolus.dose is None or rest.dose is None:
        return False
    right = bolus.dose.middle * (1 - share) / share
    return right <= rest.dose.middle * slack and rest.dose.middle <= right * slack


def _bolus_shares(order: Order, subject: Subject) -> Iterator[Hit]:
    """Yield the share of a whole dose that a text gives as a bolus, where it is none of the source's."""
    known = subject.knowledge.agent_facts().thrombolytics.get(order.drug)
    if known is None or purpose_of(subject).is_another:
        return
    found = wrong_bolus_share(order.texts["text"], known, _slack(subject))
    if found is not None:
        words = known.said.bolus if not known.is_one_bolus else known.said.rest
        yield Hit(f"{order.drug}, {found}: {words}", known.sources, f"{order.pointer}/text", found)


def _of_part(part: Part, subject: Subject) -> Iterator[tuple[str, Hit]]:
    order, known, severity = part.order, part.facts, _severity(part, subject)
    if severity is not None:
        is_infused = known.is_one_bolus and order.given_as == "infusion"
        if is_infused:
            message = f"{order.drug} as an infusion: {known.said.bolus_time}"
            yield "kind", Hit(message, known.sources, order.pointer, "infusion", "bolus", severity=severity)
        for over, is_wrong in () if is_infused else _times(part, subject):
            message = f"{order.drug} over {over}: {_time_words(part)}"
            yield "time", Hit(message, known.sources, _time_at(part), over, severity=min(severity, is_wrong, key=_rank))
    if _is_beyond_all(part):
        most = max(known.most, known.most_elsewhere, key=lambda each: base_value(each)[0])
        message = (
            f"{order.drug}, {_given(part)}: more than {most}, the highest dose of any indication that is held here"
        )
        yield "dose", Hit(message, known.sources, _at(part), part.text)
    elif severity is not None and _above(part, subject):
        of_bolus = "a bolus of " if part.role is Role.BOLUS else ""
        message = f"{order.drug}, {of_bolus}{_given(part)}: {_dose_words(part)}"
        yield "dose", Hit(message, known.sources, _at(part), part.text, severity=severity)
    elif severity is not None and _is_uncapped(part, subject):
        heaviest = subject.knowledge.limits.usual_weight.high
        message = (
            f"{order.drug}, {part.text} without a maximum is too much for a patient of {heaviest}: {_dose_words(part)}"
        )
        yield "cap", Hit(message, known.sources, _at(part), part.text, severity=Severity.WARNING)
    else:
        yield from _of_less(part, subject)


def _given(part: Part) -> str:
    """Return what a part gives as it is written; of a dose per kg also what it comes to."""
    weight, dose = part.known.get(of.WEIGHT), part.dose
    if part.field not in _PER_KG or weight is None or dose is None or weight.low != weight.high:
        return part.text
    return f"{part.text}, {people_number(dose.middle / how_many('mcg', 'mg'))} mg at {people_number(weight.low)} kg"


def _is_uncapped(part: Part, subject: Subject) -> bool:
    """Whether a dose per kg of a template passes the most for a heavy patient: its maximum is stated nowhere."""
    dose, weight = part.dose, part.known.get(of.WEIGHT)
    is_template = part.field in _PER_KG and subject.order_set.weight is None
    if not is_template or dose is None or dose.high is None or any(e.is_cap for e in part.order.numbers_in_text()):
        return False
    most = base_value(part.facts.most)[0] * _least_share(part)
    return weight is not None and weight.low != weight.high and dose.high > most * _slack(subject)


def _of_less(part: Part, subject: Subject) -> Iterator[tuple[str, Hit]]:
    """Yield a part that gives less than its dose in stroke; in other sets one far below the dose of any indication.

    Without an indication a small dose may be for a catheter, one that is written per kg is not. One bolus for the heart
    is not less than half of that for a stroke.
    """
    if is_elsewhere(part.order, subject) or not _is_below(part, subject):
        return
    known, below, purpose = part.facts, _severity_below(part), purpose_of(subject).purpose
    message = f"{part.order.drug} {part.text} is less than the dose in stroke: {_dose_words(part)}"
    if purpose is Purpose.HEART:
        message = (
            f"{part.order.drug} {part.text} is less than half of the lowest dose of any indication that is held here "
            f"({known.least_per_kg})"
        )
    is_slip = below is Severity.ERROR and (known.is_one_bolus if purpose is Purpose.HEART else part.field in _PER_KG)
    if purpose is Purpose.STROKE or (is_slip and purpose is not Purpose.ELSEWHERE):
        yield "dose", Hit(message, known.sources, _at(part), part.text, severity=below)


def _dose_words(part: Part) -> str:
    phrases = part.facts.said
    if part.facts.is_one_bolus or part.role is Role.WHOLE:
        return phrases.dose
    return phrases.bolus if part.role is Role.BOLUS else phrases.rest


def _time_words(part: Part) -> str:
    return part.facts.said.bolus_time if part.role is Role.BOLUS else part.facts.said.rest_time


def _rank(severity: Severity) -> int:
    return -severity.rank


def _at(part: Part) -> str:
    return part.order.at(part.field if part.in_text else part.order.said_in(part.field))


def _time_at(part: Part) -> str:
    fields = [name for name in ("run_time", "give_over", "stop") if name in part.order.texts]
    return part.order.at("text" if part.in_text else next(iter(fields), part.field))


def _times(part: Part, subject: Subject) -> Iterator[tuple[str, Severity]]:
    """Yield the time of a part that is none of its own: a shorter one is an error, a longer one a warning."""
    known, time = part.facts, part.known.get(of.TIME)
    if time is None or part.is_for_all or part.order.given_as not in _TIMED:
        return
    slack = _slack(subject)
    if part.role is Role.BOLUS or known.is_one_bolus:
        if known.bolus_over is not None and time.low > base_value(known.bolus_over)[0] * slack:
            yield _shown(time.middle), _severity_of_time(time.low, known.bolus_over)
    elif known.rest_over is not None:
        right = base_value(known.rest_over)[0]
        if time.high is not None and time.high * slack < right:
            yield _shown(time.middle), Severity.ERROR
        elif time.low > right * slack:
            yield _shown(time.middle), _severity_of_time(time.low, known.rest_over)


def _severity_of_time(time: Fraction, right: Duration) -> Severity:
    """Return how heavy too long a time is: ten times the right one is a slip."""
    return Severity.ERROR if time >= base_value(right)[0] * 10 else Severity.WARNING


def _shown(seconds: Fraction) -> str:
    """Return a time in minutes, a short one in seconds."""
    name = "min" if seconds >= how_many("s", "min") else "s"
    return f"{people_number(seconds / how_many('s', name))} {name}"


def _slack(subject: Subject) -> Fraction:
    return subject.knowledge.limits.deviation_factor


def _share(part: Part) -> Fraction:
    share = part.facts.bolus_share
    return share if share is not None and part.role is Role.BOLUS else _WHOLE


def _above(part: Part, subject: Subject) -> bool:
    """Whether a part gives more than it may; one digit of rounding is none."""
    known, share, slack = part.facts, _share(part), _slack(subject)
    most, per_kg = base_value(known.most)[0] * share, base_value(known.per_kg)[0] * share
    dose, each_kg = part.dose, _each_kg(part)
    if part.role is not Role.BOLUS:
        dose = dose or _in_time(part.known.get(of.DOSE_RATE), known)
    return (dose is not None and dose.low > most) or (each_kg is not None and each_kg.low > per_kg * slack)


def _each_kg(part: Part) -> Bounds | None:
    """Return what a part gives per kg; a rate without a time is that of the rest, which no shorter one may give."""
    if part.per_kg is not None or part.role is Role.BOLUS:
        return part.per_kg
    return _in_time(part.known.get(of.DOSE_RATE_PER_KG), part.facts)


def _is_below(part: Part, subject: Subject) -> bool:
    """Whether a part gives less than its share of the least dose in stroke, and no cap has made it less."""
    known, slack, per_kg, dose = part.facts, _slack(subject), _each_kg(part), part.dose
    if (
        part.is_for_all
        or per_kg is None
        or part.order.route not in {"", "IV"}
        or (part.in_text and not (part.is_sure or part.is_alone))
    ):
        return False
    share = _least_share(part)
    least, most = base_value(known.least_per_kg)[0] * share, base_value(known.most)[0] * share
    is_capped = dose is not None and dose.high is not None and dose.high * slack >= most
    return per_kg.high is not None and per_kg.high * slack < least and not is_capped


def _least_share(part: Part) -> Fraction:
    share = part.facts.bolus_share
    return 1 - share if part.role is Role.REST and share is not None else _share(part)


def _severity_below(part: Part) -> Severity:
    """Return how heavy too small a dose is: less than half of the least is a slip, and no other regimen."""
    half = base_value(part.facts.least_per_kg)[0] * _least_share(part) / 2
    per_kg = _each_kg(part)
    is_slip = per_kg is not None and per_kg.high is not None and per_kg.high < half
    return Severity.ERROR if is_slip else Severity.WARNING


def _parts(subject: Subject) -> Iterator[Hit]:
    """Yield the rest of a dose that is more than what its bolus leaves of the whole."""
    if purpose_of(subject).is_another:
        return
    parts = [each for each in PARTS.of(subject) if not (each.is_for_all or each.facts.is_one_bolus)]
    in_fields = {(each.order.pointer, each.role) for each in parts if not each.in_text}
    # A text that says another number for the same part contradicts the field (RC308), and gives nothing besides it.
    parts = [each for each in parts if not each.in_text or (each.order.pointer, each.role) not in in_fields]
    reported: set[str] = set()
    for one, other in (each for pair in pairs(parts, _order_of) for each in (pair, pair[::-1])):
        if _above(one, subject):
            continue  # RC665's
        if one.role is Role.BOLUS and other.role is Role.REST and _belong(one, other):
            severity = Severity.WARNING if purpose_of(subject).purpose is Purpose.UNKNOWN else None
            for hit in _sum(one, other, parts, subject):
                if other.order.pointer not in reported:
                    reported.add(other.order.pointer)
                    yield hit._replace(severity=severity)


def _order_of(part: Part) -> Order:
    return part.order


def _belong(bolus: Part, rest: Part) -> bool:
    """Whether a bolus and a rest are given to one patient as parts of one dose."""
    one, other = bolus.order, rest.order
    if one.pointer == other.pointer:
        return rest.is_sure or bolus.in_text is rest.in_text
    return one.drug == other.drug and both_given(one, other) and not (bolus.in_text and rest.in_text)


def _sum(bolus: Part, rest: Part, parts: list[Part], subject: Subject) -> Iterator[Hit]:
    known = rest.facts
    first, second, whole = bolus.dose, rest.dose, _whole(bolus, parts)
    per_kg = bolus.known.get(of.DOSE_PER_KG), rest.known.get(of.DOSE_PER_KG)
    if None not in per_kg and not (
        _is_one(first, subject) and _is_one(second, subject)
    ):  # else it may be that of the whole
        (first, second), whole = per_kg, base_value(known.per_kg)[0]
    if first is not None and second is not None and first.low + second.low > whole * _slack(subject):
        message = (
            f"{rest.order.drug} {bolus.text} and {rest.text} add up to more than the whole dose: the infusion is "
            f"what is left after the bolus ({known.said.dose})"
        )
        yield Hit(message, known.sources, _at(rest), rest.text)


def _is_one(dose: Bounds | None, subject: Subject) -> bool:
    """Whether a dose is one number but for its rounding, and no range of what a weight may make of it."""
    return dose is not None and dose.high is not None and dose.high <= dose.low * _slack(subject)


def _whole(bolus: Part, parts: list[Part]) -> Fraction:
    """Return the whole dose (mcg): by the weight, as it is written, else ten times the bolus; never above the most."""
    known = bolus.facts
    weight = bolus.known.get(of.WEIGHT)
    most = base_value(known.most)[0]
    if weight is not None and weight.high == weight.low:
        return min(most, base_value(known.per_kg)[0] * weight.low)
    wholes = [each.dose.middle for each in parts if each.role is Role.WHOLE and each.is_sure and each.dose is not None]
    by_bolus = bolus.dose.middle / (known.bolus_share or _WHOLE) if bolus.dose is not None else most
    return min([most, *wholes] if wholes else [most, by_bolus])


_BOLUS: Final = "drug: alteplase, route: IV, kind: bolus, dose: 7.2 mg"

_REST: Final = "drug: alteplase, route: IV, kind: infusion, dose: {0} mg, run_time: 60 min"

_TNK: Final = "drug: tenecteplase, route: IV, kind: bolus, dose: {0} mg"

RULES = (
    declared(
        "RC665",
        "thrombolytic-above-stroke-dose",
        Severity.ERROR,
        _beyond,
        "thrombolytics",
        severities=(Severity.WARNING,),
        checks="Alteplase above 0.9 mg/kg or 90 mg, its bolus above a tenth of that, tenecteplase above 0.3 mg/kg or "
        "25 mg or as an infusion, and their times; in a set for stroke also less than 0.9 mg/kg of alteplase or "
        "0.2 mg/kg of tenecteplase; a dose per kg without a maximum for no patient (a warning). A dose "
        "counts however it is written: as an amount, per kg, as a volume of a "
        "strength, as a rate, in a field or in the text.",
        why="The two have different doses and have been confused; more of either causes bleeding.",
        fails=example_set(_TNK.format("50")),
        passes=example_set(_TNK.format("50"), more=", indication: myocardial infarction"),
        remedy="Check drug and dose.",
        limits="In a set for another known indication only a dose above that of every indication is judged, and one "
        "bolus for the heart below half of the lowest of any. Where the indication is no known one, and for alteplase "
        "where none is stated, a higher dose is a warning up to that. Too low a dose is an error below half of it, "
        "else a warning; too long a time is an error from ten times on.",
        yields_to="RC301 RC308 RC309",
    ),
    declared(
        "RC666",
        "thrombolytic-parts-above-total",
        Severity.ERROR,
        _parts,
        "thrombolytics",
        severities=(Severity.WARNING,),
        checks="Whether bolus and infusion of alteplase add up to more than the total dose.",
        why="The infusion is the rest after the bolus: 7.2 mg and 64.8 mg at 80 kg, not 7.2 mg and 72 mg.",
        fails=example_set(_BOLUS, _REST.format("72"), more=", patient: {weight: 80 kg}"),
        passes=example_set(_BOLUS, _REST.format("64.8"), more=", patient: {weight: 80 kg}"),
        remedy="Order the rest of the dose as the infusion.",
        limits="Without a weight the total dose is ten times the bolus. Not in a set for another known indication than "
        "a stroke; a warning where the indication is no known one.",
        yields_to="RC301 RC665",
    ),
)
