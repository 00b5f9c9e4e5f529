"""RC4: what a written order is drawn from: an undiluted product, another drug's, a concentration ten times off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model import mention as of
from rescuecalc.core.orders.model.agreement import exact
from rescuecalc.core.orders.model.solution import is_consistent
from rescuecalc.core.quantities.decimal_text import plain, quoted, significant
from rescuecalc.core.quantities.label_strength import Strength, strength
from rescuecalc.core.quantities.quantity import Concentration
from rescuecalc.core.regimen.product import Product, ProductUse
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.dose_outside import is_sound
from rescuecalc.rules.facts.implied_strength import implied_strength
from rescuecalc.rules.facts.order_model.judged_order import judged_of
from rescuecalc.rules.facts.order_model.model_wording import times_words, what_follows, worked_out_from
from rescuecalc.rules.facts.reference.ordered_product import is_usual, other_product
from rescuecalc.rules.facts.reference.product_label import (
    concentration_of,
    label_of,
    product_concentration,
    says_dilution,
)
from rescuecalc.rules.facts.text.diluent import diluent_contradiction, diluent_slip, drug_in_diluent
from rescuecalc.rules.facts.text.drug_in_text import drug_of_product
from rescuecalc.rules.facts.text.text_doses import all_of_drug, unclaimed_of_drug

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_DIGITS: Final = 6


def _sources(products: tuple[Product, ...]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(source for each in products for source in each.sources))


def _text(order: Order, field: str) -> str:
    """Return a field as it is written, of an order that was calculated as its quantity is printed."""
    return order.texts.get(field) or str(order.fields[field])


def _undiluted(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        concentration = order.quantity("concentration", Concentration)
        if order.given_as != "infusion" or order.drug not in subject.knowledge.drugs or is_usual(order, subject):
            continue
        # What it is diluted to is said nowhere: its label's strength is not what runs.
        if concentration is None and "diluted_in" in order.texts:
            continue
        own = subject.knowledge.products_of(order.drug)
        if concentration is not None:
            same, field = tuple(each for each in own if each.concentration.equals(concentration)), "concentration"
        else:
            same, field = _of_label(order, own, subject), "product"
        if same and not any(ProductUse.INFUSION in each.serves for each in same):
            names = ", ".join(each.id for each in same)
            found = _text(order, field)
            message = f"an infusion of {found} is the undiluted {names}, which is never an infusion product"
            hit = Hit(message, _sources(same), order.at(field), found)
            yield _healing(_as_bag(hit, order, same[0], subject), order, subject) if field == "concentration" else hit


def _as_bag(hit: Hit, order: Order, undiluted: Product, subject: Subject) -> Hit:
    """Return the hit with the strength that is infused, where a known error makes the undiluted one of it."""
    for each in subject.knowledge.products_of(order.drug):
        factor = undiluted.concentration.value_in("mcg/mL") / each.concentration.value_in("mcg/mL")
        names = tuple(name for name, known, _ in _known_errors(order, subject) if known == factor)
        if ProductUse.INFUSION in each.serves and names:
            return hit._replace(expected=str(each.concentration), factor=factor, slip=names)
    return hit


def _of_label(order: Order, products: tuple[Product, ...], subject: Subject) -> tuple[Product, ...]:
    """Return the products that an order's product can be; one that is diluted first is taken as diluted."""
    label = label_of(order, subject)
    if isinstance(label, Product):
        is_diluted = label.diluted_as is not None and (order.texts.get("product") == label.id or says_dilution(order))
        return () if is_diluted else (label,)
    if label is None:
        return ()
    held = exact(label.amount).over(exact(label.volume))
    return tuple(each for each in products if held is not None and held.agrees(exact(each.concentration)))


def _other_drug(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        other = other_product(order, subject)
        if other is not None:
            field, product = other
            found = _text(order, field)
            named = f"the product {found}" if found == product.id else f"{found}, as in {product.id},"
            message = f"{named} is of {product.drug}, and the drug of this order is {order.drug}"
            # Another drug's dose in another drug's strength is one mistake, which the dose tells.
            yield Hit(message, product.sources, order.at(field), found, cause=f"{order.drug}: {(product.drug,)}")
        drug = drug_of_product(order, subject.knowledge) if other is None and "product" in order.texts else None
        if drug is not None:
            text = order.texts["product"]
            message = f"the product {quoted(text)} names {drug}, and the drug of this order is {order.drug}"
            yield Hit(message, (), order.at("product"), text, cause=f"{order.drug}: {(drug,)}")
        own = subject.knowledge.products_of(order.drug) if "diluted_in" in order.texts else ()
        added = drug_in_diluent(order, subject.knowledge) if own else None
        if added is not None:
            text = order.texts["diluted_in"]
            message = f"{order.drug} is diluted in {quoted(text)}, which holds another drug: {added}"
            yield Hit(message, _sources(own), order.at("diluted_in"), text)


def _diluent_volume(order: Order, own: tuple[Product, ...], subject: Subject) -> Iterator[Hit]:
    """Yield the volume that a drug is diluted in, where it is a container's with a slip of the point."""
    slip = diluent_slip(order, subject.knowledge)
    if slip is not None:
        found, meant = slip
        message = (
            f"{order.drug} diluted in {found}: a container for its infusion holds {meant}, and no published strength "
            "follows from it"
        )
        yield Hit(message, _sources(own), order.at("diluted_in"), order.texts["diluted_in"])
        return
    apart = diluent_contradiction(order, label_of(order, subject))
    if apart is not None:
        found, meant = apart
        message = (
            f"{order.texts['product']} diluted in {found}: the concentration {_text(order, 'concentration')} needs "
            f"{meant} in all"
        )
        yield Hit(message, _sources(own), order.at("diluted_in"), order.texts["diluted_in"], str(meant))


def _far_off(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        own = subject.knowledge.products_of(order.drug)
        if own and "diluted_in" in order.texts:
            yield from _diluent_volume(order, own, subject)
        if own and "text" in order.texts:
            yield from _in_text(order, own, subject)
        if own and "concentration" not in order.texts and "product" not in order.texts and order.texts:
            yield from implied_strength(order, _known_errors(order, subject), subject)
        if not own or is_usual(order, subject):
            continue
        strengths = _diluted(order, own, subject) if "diluted_in" in order.texts else _strength(order, subject)
        for field, concentration in strengths:
            is_listed = any(concentration.equals(each.concentration) for each in own)
            if not is_listed and not _is_blamed(order, field, subject):
                yield _healing(_unlisted(order, field, concentration, subject), order, subject)


def _in_text(order: Order, own: tuple[Product, ...], subject: Subject) -> Iterator[Hit]:
    """Yield the strengths of no product that a text names beside what is given, where only an error explains one."""
    judged = judged_of(order, subject)
    if judged is None:
        return
    # What joined the order's numbers without a contradiction fits some weight, whichever strength it is.
    for number in (unclaimed_of_drug if judged.found else all_of_drug)(judged, {of.CONCENTRATION}):
        stated_strength = number.quantity
        if not isinstance(stated_strength, Concentration) or not stated_strength.is_mass():
            continue
        if any(stated_strength.equals(each.concentration) for each in own):
            continue
        named = order._replace(texts={**order.texts, "concentration": number.text})
        hit = _unlisted(named, "concentration", stated_strength, subject)
        if hit.severity is not Severity.WARNING:
            yield hit._replace(pointer=f"{order.pointer}/text")


def _strength(order: Order, subject: Subject) -> Iterator[tuple[str, Concentration]]:
    """Yield the concentration that an order is counted with, and the field that says it: its own, or a label's."""
    concentration = order.quantity("concentration", Concentration)
    if concentration is None and order.texts.get("product") not in subject.knowledge.products():
        labelled = product_concentration(order, subject)
        if labelled is not None and labelled.is_mass():
            yield "product", labelled
    elif concentration is not None and concentration.is_mass():
        yield "concentration", concentration


def _diluted(order: Order, products: tuple[Product, ...], subject: Subject) -> Iterator[tuple[str, Concentration]]:
    """Yield what is wrong however an order is diluted: a label of no product, and what is stronger than every one."""
    label, concentration = label_of(order, subject), order.quantity("concentration", Concentration)
    if isinstance(label, Strength) and concentration_of(label).is_mass():
        yield "product", concentration_of(label)
    if concentration is None or not concentration.is_mass():
        return
    if all(concentration.exceeds(each.concentration) for each in products):
        yield "concentration", concentration


def _is_blamed(order: Order, field: str, subject: Subject) -> bool:
    """Whether the order's own numbers show already that its concentration is wrong."""
    judged = judged_of(order, subject)
    return judged is not None and any(each.repair.blamed.place == field for each in judged.found)


def _unlisted(order: Order, field: str, concentration: Concentration, subject: Subject) -> Hit:
    """Return the hit of a concentration that no product has: an error where a known one explains it, or above all."""
    own = subject.knowledge.products_of(order.drug)
    held = [each.concentration for each in own if order.given_as != "infusion" or ProductUse.INFUSION in each.serves]
    found = _text(order, field)
    message = f"{found} is the concentration of no product of {order.drug}"
    for name, factor, of_listed in _known_errors(order, subject):
        meant = next((each for each in held if concentration.equals(each.times(factor))), None)
        if meant is not None:
            expected = str(meant) if field == "concentration" else _label(order.texts[field], factor)
            # Of two products that are taken for each other what is found is one: a third strength only looks like it.
            why = (
                f"it is {times_words(factor, str(meant))}" if of_listed else f"it would be {meant}; likely slip: {name}"
            )
            hit = Hit(f"{message}; {why}", _sources(own), order.at(field), found)
            return hit._replace(expected=expected, factor=factor, slip=() if of_listed else (name,))
    strongest = max((each.concentration for each in own), key=lambda each: each.value_in("mcg/mL"))
    if concentration.exceeds(strongest):
        text = f"{message}, and stronger than all of them: no product can be diluted to it"
        return Hit(text, _sources(own), order.at(field), found, expected_range=(None, str(strongest)))
    listed = " or ".join(dict.fromkeys(str(each) for each in held))
    text = f"{message} ({listed}); write `diluted_in` where the pharmacy dilutes it"
    return Hit(text, _sources(own), order.at(field), found, severity=Severity.WARNING)


def _healing(hit: Hit, order: Order, subject: Subject) -> Hit:
    """Return a hit without what is expected where other numbers were worked out from what is found.

    They contradict the right strength, or give another dose with it: then no single value heals the order.
    """
    judged = judged_of(order, subject)
    if judged is None or hit.factor is None:
        return hit
    wrong = next((each for each in judged.system.of(of.CONCENTRATION) if each.pointer == hit.pointer), None)
    if wrong is None or judged.found:
        return hit
    right = judged.system.replaced(wrong, wrong._replace(value=wrong.value / hit.factor))
    if is_sound(right, judged):
        return hit
    followed = () if is_consistent(right) else worked_out_from(wrong, judged.system)
    message = f"{hit.message}{what_follows(followed)}"
    return hit._replace(message=message, expected=None, factor=None)


def _known_errors(order: Order, subject: Subject) -> Iterator[tuple[str, Fraction, bool]]:
    """Yield the errors that can be made in a concentration of the drug, with their factor, in both directions.

    Last it is told whether an error takes one product of the drug for another.
    """
    for each in subject.knowledge.signatures():
        of_drug = not each.drugs or order.drug in each.drugs
        of_concentration = not each.variables or "concentration" in each.variables
        if of_drug and of_concentration and not each.rare and each.of in {"", order.given_as}:
            yield each.name, each.factor, each.needs == "strength"
            yield each.inverse, 1 / each.factor, each.needs == "strength"


def _label(text: str, power: Fraction) -> str | None:
    """Return a label's text with the amount that is right."""
    label = strength(text)
    if label is None:
        return None
    amount = plain(significant(label.amount.magnitude / power, _DIGITS))
    return f"{amount} {label.amount.unit.name} in {label.volume}"


RULES = (
    declared(
        "RC422",
        "undiluted-infusion",
        Severity.ERROR,
        _undiluted,
        "tirofiban-labels eu-label",
        yields_to="RC307 RC402 RC418 RC419 RC420 RC423",
        checks="The concentration or the product of an infusion against products that must be diluted first.",
        why="A vial or concentrate of {products.vial-15.concentration} lies beside bags of "
        "{products.bag-250.concentration}: the pump gives five times the dose.",
        fails="{drug: tirofiban, route: IV, kind: infusion, concentration: 250 mcg/mL}",
        passes="{drug: tirofiban, route: IV, kind: infusion, concentration: 50 mcg/mL}",
        remedy="Use a premixed bag, or dilute the concentrate first.",
        limits="Only products of the catalogue; a concentrate without a concentration is assumed to be diluted.",
    ),
    declared(
        "RC423",
        "product-of-another-drug",
        Severity.ERROR,
        _other_drug,
        "tirofiban-labels eptifibatide-label",
        yields_to="RC307 RC420",
        checks="The product of an order, and its concentration, against the catalogue's products of other drugs; "
        "whether the product names another drug alone, or what it is diluted in holds one.",
        why="Bags of tirofiban and eptifibatide lie side by side; an order calculated with the other "
        "concentration is wrong.",
        fails="{drug: tirofiban, route: IV, kind: infusion, product: eptifibatide-bag-100}",
        passes="{drug: eptifibatide, route: IV, kind: infusion, product: eptifibatide-bag-100}",
        remedy="Find out which drug is meant.",
        limits="A concentration counts only if no product of the order's own drug has it.",
    ),
    declared(
        "RC424",
        "concentration-of-no-product",
        Severity.ERROR,
        _far_off,
        "tirofiban-labels eptifibatide-label",
        yields_to="RC307 RC402 RC404 RC418 RC419 RC420 RC422 RC423",
        checks="Whether a concentration, or the strength of a product in label text, is that of one of the drug's "
        "products. It is an error if it differs from one by a factor of 10, 100 or 1,000 (for tirofiban "
        "also 5), or is above the strongest; also a volume to dilute in that is that of a container with such a "
        "slip, and a volume or pump rate without its own concentration that makes such a strength of the dose: one of "
        "no product and of no other order of the drug.",
        severities=(Severity.WARNING,),
        why="The numbers of an order calculated with a wrong concentration agree with each other.",
        fails="{drug: tirofiban, route: IV, kind: infusion, concentration: 500 mcg/mL}",
        passes="{drug: tirofiban, route: IV, kind: infusion, concentration: 50 mcg/mL}",
        remedy="Check the decimal point and the unit.",
        limits="Any other concentration may be a hospital's own bag: a warning; `diluted_in` declares one.",
        of_set=True,
    ),
)
