"""RC2: quantities that cannot be read in one way, and units that do not exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.fluids import is_by_volume
from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.corrections import values_meant
from rescuecalc.core.quantities.decimal_text import number_and_unit, quoted
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    Duration,
    PumpRate,
    Quantity,
    Volume,
)
from rescuecalc.core.quantities.units import unit
from rescuecalc.errors import InputError
from rescuecalc.rules.base.reader_defects import of_reader
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.combined_dose import combined_dose
from rescuecalc.rules.notation.prose import whole_orders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_PEOPLE_WRITE: Final = {"cc": "mL", "u": "units", "iu": "units", "[lb_av]": "lb", "[in_i]": "in", "mcl": "mL"}

_UCUM: Final = frozenset({"[lb_av]", "[in_i]", "[iU]", "[IU]", "[arb'U]", "[USP'U]", "[drp]", "[oz_av]"})


_PIECES: Final = lazy_pattern(
    r" *(?:[0-9]{1,2}\.[0-9]{1,2}|1/2|\u00bd|[1-9][0-9]?(?: ?\u00bd)?)(?: ?(?:-|\u2013|to) ?[1-9][0-9]?)? ?"
    r"(?:tab(?:let)?|cap(?:sule)?|patch(?:e)?|drop|puff|spray|sachet|suppositor(?:y|ie)|pessar(?:y|ie)|lozenge|"
    r"application|inhalation|pool|neb(?:ule)?|enema|pack(?:et)?|bag|vial|amp(?:oule|ule)?|supp|dose|syringe|bottle|film|"
    r"ring|pump|scoop|can|each|ea|inche?|cm|gtt|tsp|tbsp|kit|pen|implant|insert|strip|stick|swab|troche|wafer)"
    r"(?:s|\(s\))? *",
    re.IGNORECASE,
)
"""So many of what a ward gives whole; of a drug whose doses are known it says no dose."""
_GAS_FLOW: Final = lazy_pattern(
    r" *[0-9]{1,2}(?:\.[0-9])?(?: ?(?:-|\u2013|to) ?[0-9]{1,2})? ?(?:L/min(?:ute)?|LPM) *", re.IGNORECASE
)
"""The flow of a gas, which is no dose of any drug whose doses are known."""


def _unread(subject: Subject, *, for_unit: bool) -> Iterator[Hit]:
    for order in whole_orders(subject):
        for name, text in order.texts.items():
            role = field.QUANTITIES.get(name)
            if role is None or name in order.fields or not text.strip():
                continue
            value = field.from_none(name, text, order.drug) or field.read_named(name, text)
            if isinstance(value, field.Unreadable) and (_unknown_unit(text) is not None) is for_unit:
                if name == "dose" and combined_dose(order, subject) is not None:
                    continue  # the doses of both drugs of a combination: RC626 compares them
                kind = _other_amount(name, text) or (name == "dose" and _other_dose(order, text))
                if kind and not subject.knowledge.has_known_doses(order.drug):
                    message = f"{name}: {quoted(text)} of {order.drug} is {kind}, and was not judged"
                    yield Hit(message, (), f"{order.pointer}/{name}", text, severity=Severity.NOTE)
                    continue
                instead, expected = _instead(name, text, role)
                message = f"{name}: cannot read {quoted(text)}: {value.reason}; write {instead}"
                yield Hit(message, (), f"{order.pointer}/{name}", text, expected)


_CONTAINERS: Final = lazy_pattern(
    r"[0-9]{1,2} ?(?:vial|amp(?:oule|ule)?|bag|bottle|syringe)s? ?(?:/|in) ?[0-9]{1,4} ?mL", re.IGNORECASE
)


def _other_amount(name: str, text: str) -> str:
    """Return what else than a quantity of drug is given, as words; empty where it is nothing that is known."""
    if name == "dose" and _PIECES.fullmatch(text):
        return "a number of pieces"
    if name == "concentration" and _CONTAINERS.fullmatch(text):
        return "a number of containers"
    return "a flow of gas" if name in {"dose", "dose_rate"} and _GAS_FLOW.fullmatch(text) else ""


_DECIMAL: Final = r"[0-9]{1,4}(?:\.[0-9]{1,3})?"
_ON_SKIN: Final = "TOP"
_OF_A_PATCH: Final = "what a patch gives in a time"
_OTHER_DOSES: Final = {
    "an amount in its volume": lazy_pattern(rf"{_DECIMAL} ?(?:mg|mcg|g|mEq|mmol|units) ?/ ?{_DECIMAL} ?mL"),
    _OF_A_PATCH: lazy_pattern(rf"{_DECIMAL} ?(?:mg|mcg) ?/ ?(?:[0-9]{{1,2}} ?)?(?:h|hr|hours?|day)"),
    "the amounts of two drugs": lazy_pattern(rf"{_DECIMAL} ?[-/] ?{_DECIMAL} ?(?:mg|mcg|g)"),
    "what a scale says": lazy_pattern(
        r"(?:(?:as )?per |by |see )?(?:the )?(?:sliding |correction(?:al)? |insulin )?scale", re.IGNORECASE
    ),
    "what is decided elsewhere": lazy_pattern(
        r"(?:as )?(?:per|by) (?:protocol|pharmacy|orders?|instructions|policy)|titrate|"
        r"see (?:text|instructions|notes?)|as directed|n/?a|-",
        re.IGNORECASE,
    ),
}
"""What a dose is written as that is none by mass; what it is called, with its pattern."""


_SWALLOWED_OR_BREATHED: Final = frozenset(
    ("PO", "NG", "PR", "SL", "INH", "IN", "TOP", "EYE", "EAR", "VAG", "MUC", "LOCAL")
)
"""Routes by which doses are ordered in mL; into a vessel or a muscle a volume without a strength may be anything."""


def _other_dose(order: Order, text: str) -> str:
    """Return in what other way than by its mass a drug is given whose doses are not known, empty for none."""
    if isinstance(field.read_named("volume", text), field.Read):
        return "a volume" if order.route in _SWALLOWED_OR_BREATHED or is_by_volume(order.drug) else ""
    found = next((words for words, pattern in _OTHER_DOSES.items() if pattern.fullmatch(text.strip())), "")
    return found if found != _OF_A_PATCH or order.route == _ON_SKIN else ""


def _instead(name: str, text: str, role: type[Quantity]) -> tuple[str, str | None]:
    """Return what to write for a text that cannot be read, as words and as the value: the order's own, corrected."""
    written = _unknown_unit(text) or ""
    hint = _PEOPLE_WRITE.get(written.lower())
    if hint:
        value = f"{text.replace(written, '').strip()} {hint}"
        return value, value
    # A number alone is told its unit below: which one was meant only its writer knows.
    close = values_meant(text, role) if any(map(str.isalpha, text)) else ()
    if close:
        return " or ".join(close), close[0] if len(close) == 1 else None
    for other, its_role in field.QUANTITIES.items():
        if other not in {name, "max_dose", "max_dose_rate"} and isinstance(field.read_field(text, its_role), Quantity):
            return f"it in the field {other!r}, or {role.NAME} here", None
    number = text.strip()
    if number and not number.strip("0123456789."):
        units = " or ".join(f"{number} {each}" for each in _USUAL_UNITS[role])
        return f"it with its unit, as {units}", None
    return f"{role.NAME} in {_listed_units(role)}", None


_USUAL_UNITS: Final[Mapping[type[Quantity], tuple[str, ...]]] = {
    DosePerKg: ("mcg/kg", "mg/kg"),
    Dose: ("mcg", "mg", "units"),
    DoseRatePerKg: ("mcg/kg/min", "mg/kg/h"),
    DoseRate: ("mcg/min", "mg/h", "units/h"),
    Concentration: ("mcg/mL", "mg/mL"),
    Volume: ("mL",),
    PumpRate: ("mL/h",),
    Duration: ("min", "h"),
}


def _listed_units(role: type[Quantity]) -> str:
    return " or ".join(_USUAL_UNITS[role])


def _unknown_unit(text: str) -> str | None:
    """Return the unit of ``text`` where its number can be read and its unit is none that there is."""
    try:
        written = number_and_unit(text)[1]
    except InputError:
        return None
    try:
        unit(written)
    except InputError:
        return written or None
    return None


def _unreadable_quantity(subject: Subject) -> Iterator[Hit]:
    yield from _unread(subject, for_unit=False)
    yield from of_reader("RC201")(subject)


def _no_such_unit(subject: Subject) -> Iterator[Hit]:
    yield from _unread(subject, for_unit=True)


def _not_ucum(subject: Subject) -> Iterator[Hit]:
    for order in whole_orders(subject):
        for name, text in order.texts.items():
            written = _unknown_unit(text) if name in field.QUANTITIES and "[" in text else None
            for part in (written or "").split("/"):
                if part.startswith("[") and part not in _UCUM:
                    message = f"{name}: {quoted(part)} is written as a UCUM code, and UCUM has no such code"
                    yield Hit(message, (), f"{order.pointer}/{name}", part)


RULES = (
    declared(
        "RC201",
        "unreadable-quantity",
        Severity.ERROR,
        _unreadable_quantity,
        "rescuecalc",
        severities=(Severity.NOTE,),
        checks="Whether the text of a quantity field is one number and one unit of the right kind. "
        "A note for the flow of a gas (`2 L/min`).",
        why="If a text has two readings, a hurried reader may choose the wrong one.",
        fails="{drug: tirofiban, dose: '1,5 mg'}",
        passes="{drug: tirofiban, dose: 1.5 mg}",
        remedy="Write one decimal number with a point, and its unit, as the message shows.",
        limits="No other rule judges a field that cannot be read.",
    ),
    declared(
        "RC202",
        "unknown-unit",
        Severity.ERROR,
        _no_such_unit,
        "rescuecalc",
        severities=(Severity.NOTE,),
        checks="Whether the unit of a quantity field is in the closed table of units. A note for a dose "
        "in pieces (`2 puffs`, `1 patch`) of a drug whose doses are not known here.",
        why="People guess at an unknown unit: `mcg/kg/m` is wrong by 60, `gamma` by 1,000.",
        fails="{drug: tirofiban, volume: 5 cc}",
        passes="{drug: tirofiban, volume: 5 mL}",
        remedy="Write the unit that the message names.",
        limits="The table holds the units of doses, volumes, rates and times.",
    ),
    declared(
        "RC203",
        "not-ucum",
        Severity.ERROR,
        _not_ucum,
        "ucum",
        checks="Units in square brackets, a notation of UCUM, against the codes of UCUM.",
        why="The next program refuses an unknown code, or reads it as another.",
        fails="{drug: heparin, dose: '5000 [units]'}",
        passes="{drug: heparin, dose: 5000 units}",
        remedy="Write the unit as people do in these files.",
        limits="Only the codes for pounds, inches, ounces, drops and kinds of units are known.",
    ),
)
