"""An order written down: each number rounded in its own way, from the exact number or the rounded one before it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.order_model.amounts import Amount, read
from tests.order_model.recipe import Style, unit_of, worked_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.order_model.recipe import Recipe

_SHARE: Final = Fraction(1, 20)
_TENTH: Final = Fraction(1, 10)
_CHANGES_DOSE: Final = Fraction(1, 10)
"""Of its value a rounding moves a number by no more, else it is another dose (RC311), however few digits it has."""
ROUNDINGS: Final = ("fine", "digit", "coarse", "rough")
_PUBLISHED: Final = frozenset({"tirofiban", "eptifibatide", "abciximab", "cangrelor"})
_ORDER: Final = (
    "dose_per_kg", "dose", "dose_rate_per_kg", "dose_rate", "max_dose", "max_dose_rate", "concentration", "product",
    "volume", "pump_rate", "vtbi", "give_over", "run_time", "start", "stop",
)  # fmt: skip


class Sheet(NamedTuple):
    """An order as written; ``numbers`` holds what follows from the prescription, also what the order does not say."""

    order: dict[str, str]
    numbers: dict[str, Amount]
    rounding: str


def sheet(recipe: Recipe, wrong: Mapping[str, Amount] | None = None) -> Sheet:
    """Return the order; of numbers that are ``wrong`` all that follows is worked out from these."""
    changed = dict(wrong or {})
    strength = changed.get("concentration", read(recipe.strength.concentration))
    time = changed.get("time", recipe.time)
    numbers = {recipe.root: changed.get(recipe.root, recipe.prescribed)}
    exact = {recipe.root: numbers[recipe.root].value}
    rounding = ["fine"]
    follows = set(changed)
    for field, source in recipe.chain.items():
        rounded = (field in recipe.written_from and source in recipe.kept) or source in follows
        base = numbers[source].value if rounded else exact[source]
        value = worked_out(recipe, field, base, strength.value, time.value)
        exact[field] = value if rounded else worked_out(recipe, field, exact[source], strength.value, time.value)
        numbers[field] = _written(recipe, field, value)
        if field in recipe.kept:
            rounding.append(_rounding(numbers[field], value))
        if field in changed:
            numbers[field] = changed[field]
        if source in follows:
            follows.add(field)
    if recipe.delivered and not changed:
        numbers |= _as_delivered(recipe, numbers, strength.value)
    worst = max(rounding, key=ROUNDINGS.index)
    return Sheet(_order(recipe, numbers, strength, time), numbers, worst)


def _written(recipe: Recipe, field: str, value: Fraction) -> Amount:
    """Return a number rounded in its own way; nobody rounds a dose past the maximum beside it."""
    made = recipe.styles[field].written(value, unit_of(field, recipe))
    if recipe.cap is not None and field in {"dose", "dose_rate"} and value <= recipe.cap.value < made.value:
        return Style(digits=7).written(value, made.unit)
    return made


def _rounding(written: Amount, value: Fraction) -> str:
    moved = abs(written.value - value)
    if moved <= value * _SHARE:
        return "fine"
    if moved > value * _CHANGES_DOSE:
        return "rough"
    return "digit" if moved <= written.last_digit / 2 else "coarse"


def _as_delivered(recipe: Recipe, numbers: Mapping[str, Amount], strength: Fraction) -> dict[str, Amount]:
    """Return the dose per kg as the rounded setting really gives it: people write 0.151 beside 10.3 mL/h."""
    setting = {"infusion": "pump_rate", "bolus": "volume", "timed": "vtbi"}[recipe.regimen.kind]
    capped = recipe.cap is not None and recipe.cap.value <= recipe.weight * recipe.prescribed.value
    # Rounded to whole mL a dose may leave its published range: then it is another dose, and no longer a correct one.
    rough = recipe.regimen.drug in _PUBLISHED and recipe.styles[setting].step > _TENTH
    if "per_kg" not in recipe.root or capped or rough or setting not in recipe.kept:
        return {}
    whole, field = numbers[setting].value * strength, recipe.root.removesuffix("_per_kg")
    made = {
        recipe.root: Style(digits=3).written(whole / recipe.weight, recipe.prescribed.unit),
        field: Style(digits=4).written(whole, unit_of(field, recipe)),
    }
    if field == "dose_rate":
        made["dose"] = Style(digits=4).written(whole * recipe.time.value, unit_of("dose", recipe))
    return made


def _order(recipe: Recipe, numbers: Mapping[str, Amount], strength: Amount, time: Amount) -> dict[str, str]:
    fields = {field: amount.text for field, amount in numbers.items() if field in recipe.kept}
    if recipe.labelled in {"concentration", "both"}:
        fields["concentration"] = strength.text
    if recipe.labelled in {"product", "both"}:
        fields["product"] = recipe.strength.product
    if recipe.whole_container and "vtbi" in fields and "product" in fields and recipe.regimen.kind == "infusion":
        fields["vtbi"] = recipe.strength.product.rpartition(" in ")[2]
    if "time" in recipe.kept:
        fields |= _times(recipe, time)
    if recipe.cap is not None and "cap" in recipe.kept:
        fields["max_dose_rate" if recipe.regimen.kind == "infusion" else "max_dose"] = recipe.cap.text
    kind = "infusion" if recipe.regimen.kind == "timed" else recipe.regimen.kind
    head = {"drug": recipe.regimen.drug, "route": recipe.regimen.route, "kind": kind}
    text = {"text": said(recipe, numbers)} if recipe.said else {}
    return {**head, **{name: fields[name] for name in _ORDER if name in fields}, **text}


def time_field(recipe: Recipe) -> str:
    """Return the field of the time that an order is given over."""
    return "run_time" if recipe.regimen.kind == "infusion" else "give_over"


def _times(recipe: Recipe, time: Amount) -> dict[str, str]:
    if recipe.stop and recipe.regimen.kind == "infusion" and time.unit == "h":
        return {"start": "+0 h", "stop": f"+{time.text}"}
    return {time_field(recipe): time.text}


_PHRASES: Final = {"pump_rate": "at {}", "volume": "= {}", "vtbi": "= {}"}


def said(recipe: Recipe, numbers: Mapping[str, Amount]) -> str:
    """Return the text for people, such as `tirofiban 0.15 mcg/kg/min at 14.4 mL/h`."""
    phrases = [_PHRASES.get(field, "{}").format(numbers[field].text) for field in recipe.said]
    return " ".join((recipe.regimen.drug, *phrases))
