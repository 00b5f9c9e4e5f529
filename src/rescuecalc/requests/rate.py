"""What `rate` is asked, and its document: one rate in another unit, judged like that of an order."""

# No postponed annotations here: typer would evaluate each of them as text, a millisecond a command.
from fractions import Fraction
from typing import Annotated, Final, NamedTuple

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.knowledge import packaged_knowledge
from rescuecalc.catalogue.supplies import thousandfold
from rescuecalc.core.drugs.drug_name import BRANDS, KNOWN
from rescuecalc.core.drugs.suggestions import begun_names, nearest
from rescuecalc.core.literature.limits import checked
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.quantities.quantity import Concentration, DosingWeight, PumpRate, Quantity
from rescuecalc.core.quantities.rate_conversion import RATES, Conversion, converted
from rescuecalc.core.quantities.units import usual_unit
from rescuecalc.errors import CalculationRefused, InputError
from rescuecalc.reporters.document.common_parts import Document, finding
from rescuecalc.reporters.document.regimen.rate import PUMP_UNIT, rate_document
from rescuecalc.reporters.render.regimen.numbers_text import never_hidden_of_rate
from rescuecalc.requests.input import options as opt
from rescuecalc.requests.input.corrections import suggested_value_of_any
from rescuecalc.requests.input.inputs import Inputs, drug_alone, named_product
from rescuecalc.requests.input.option import Option
from rescuecalc.rules.base.hit_finding import weight
from rescuecalc.rules.base.knowledge import Knowledge

_DEFAULT: Final = "tirofiban"
_NEVER_INFUSED: Final = "RC428"


class RateRequest(NamedTuple):
    """What is typed beside a rate; each field is an option."""

    weight: opt.Weight = None
    concentration: Annotated[
        str | None, Option("C", "Concentration: 50mcg/mL, 12.5mg/250mL or bag-250.", needed=" between mass and volume")
    ] = None
    to: Annotated[str | None, Option("UNIT", "Unit of the result; default: mL/h.")] = None
    drug: Annotated[str | None, Option("NAME", "Drug whose dose range judges the rate; default: tirofiban.")] = None
    pump_step: opt.PumpStep = None
    library: opt.Library = None
    care_area: opt.CareArea = None


class RateSetting(NamedTuple):
    """What holds for every value of one call; ``drug`` is the one that rates are judged as.

    ``product`` is the id by which the concentration was typed, empty where it was typed as a number.
    """

    weight: DosingWeight | None
    concentration: Concentration | None
    product: str
    target: str | None
    pump_step: PumpRate
    drug: str
    is_named: bool
    knowledge: Knowledge


def rate_setting(given: RateRequest, typed: Inputs) -> RateSetting:
    """Return what was typed beside a rate; errors as for reading quantities, units and names of drugs."""
    limits = catalogue.limits()
    named = _drug(given.drug) if given.drug is not None else None
    patient = typed.maybe(given.weight, DosingWeight, "--weight")
    strength = typed.maybe(given.concentration, Concentration, "--concentration")
    product = named_product(given.concentration) if given.concentration is not None else None
    knowledge = _knowledge(given)
    setting = RateSetting(
        weight=checked(patient, limits.weight, "--weight") if patient else None,
        concentration=_checked(strength, named) if strength else None,
        product=product.id if product is not None else "",
        target=_target(given.to) if given.to is not None else None,
        pump_step=typed.maybe(given.pump_step, PumpRate, "--pump-step", "0.1mL/h") or knowledge.limits.pump_step,
        drug=named or _DEFAULT,
        is_named=named is not None,
        knowledge=knowledge,
    )
    if given.pump_step is not None and setting.target not in (None, PUMP_UNIT):
        raise InputError(
            f"--pump-step is given, and the result in {setting.target} has no pump to round for; leave it out"
        )
    return setting


def _knowledge(given: RateRequest) -> Knowledge:
    """Return what rates are judged by: the catalogue, and the pump library where one is named."""
    if given.library is None and given.care_area is None:
        return packaged_knowledge()
    from rescuecalc.requests.libraries.pump_library import known_with_library  # noqa: PLC0415  # only --library pays for it

    return known_with_library(packaged_knowledge(), given.library, given.care_area)


def rated(text: str, setting: RateSetting, typed: Inputs, name: str) -> tuple[Document, Conversion]:
    """Return the document of one rate with its conversion; ``name`` says where the rate was written.

    Raises InputError where it cannot be read or converted, CalculationRefused where rounding leaves nothing.
    """
    given = typed.read_any(text, RATES, name)
    target = setting.target
    if target is None:
        if given.unit.name == PUMP_UNIT:
            message = f"{name}: {quoted(text)} is in {PUMP_UNIT} already; say what it is to be, as in --to mcg/kg/min"
            raise InputError(message, missing="--to")
        target = PUMP_UNIT
    conversion = converted(given, target, setting.weight, setting.concentration)
    made = rate_document(given, conversion, setting.weight, setting.concentration, setting.pump_step)
    _judge(made, given, conversion.exact, setting)
    return made, conversion


def _target(text: str) -> str:
    try:
        found = usual_unit(text)
    except InputError as reason:
        hint = suggested_value_of_any(f"1 {text}", RATES).replace(" 1 ", " ")
        raise InputError(
            f"--to: cannot read {quoted(text)}: {reason}; write a unit of rate as mcg/kg/min{hint}"
        ) from None
    if not any(role.accepts(found) for role in RATES):
        raise InputError(f"--to: {quoted(text)} is not a unit of rate; write one as mcg/kg/min")
    return found.name


def _drug(text: str) -> str:
    """Return the name that rates of a drug are judged under; InputError where a known one is misspelt."""
    name, known = drug_alone(text, "--drug", "its strength with --concentration"), packaged_knowledge()
    if name not in KNOWN and not known.has_published_range(name):
        ranged = sorted({*known.drugs, *(each.drug for each in known.published_ranges())})
        names = [*ranged, *(brand for brand, drug in BRANDS.items() if drug in ranged)]
        begun = begun_names(name, names)
        hint = f"; did you mean {' or '.join(begun)}?" if begun else nearest(name, names, cutoff=0.75)
        if hint:
            raise InputError(f"--drug: {quoted(text)} is near a drug of the catalogue{hint} Write its name in full")
    return name


def _checked(concentration: Concentration, drug: str | None) -> Concentration:
    """Refuse 1,000 times a catalogue concentration, unless the drug is another one: mg was written for mcg."""
    listed = [each for each in catalogue.products().values() if drug in (None, each.drug)]
    product = thousandfold(concentration, listed)
    if product is not None:
        message = (
            f"--concentration: {concentration} is 1,000 times the {product.concentration} of {product.drug} "
            f"{product.id}: mg and mcg mixed up? If it is another drug, name it with --drug"
        )
        raise CalculationRefused(message)
    return concentration


def _judge(made: Document, given: Quantity, exact: Quantity, setting: RateSetting) -> None:
    """Put into a document what it was judged as, and what was found."""
    # Half of the time of a start: a rate that is refused does not pay for it.
    from rescuecalc.rules.judging.typed_rate import (  # noqa: PLC0415
        OneRate,
        judged_rate,
        partly_judged,
        unjudged,
        unjudged_drug,
    )

    result = type(exact)(Fraction(made["result"]["value"]), exact.unit)
    rate = OneRate(setting.drug, given, exact, result, setting.weight, setting.concentration, setting.product)
    reason = unjudged(rate, setting.knowledge)
    made["judged_as"] = setting.drug if reason is None else None
    found = list(judged_rate(rate, setting.knowledge))
    made["notes"] = []
    if reason is None:
        named = [] if setting.is_named else [f"judged as {setting.drug}: no drug named"]
        made["notes"] = [*named, *partly_judged(rate, setting.knowledge)]
    elif setting.is_named and not any(each.code == _NEVER_INFUSED for each in found):
        found = sorted([*found, unjudged_drug(rate, reason, setting.knowledge)], key=weight)
    else:
        made["notes"] = [f"the dose was not judged: {reason}"]
    made["findings"] = [finding(each) for each in found]
    made["never_hidden"] = never_hidden_of_rate(made)
