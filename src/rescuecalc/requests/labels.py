"""What the labels would do of a regimen, beside a protocol that states no renal rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.catalogue import catalogue
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.core.regimen.regimen import under_rule
from rescuecalc.errors import CalculationRefused, InputError

if TYPE_CHECKING:
    from rescuecalc.core.quantities.quantity import CreatinineClearance
    from rescuecalc.core.regimen.protocol import Protocol
    from rescuecalc.core.regimen.regimen import Regimen
    from rescuecalc.core.renal.creatinine_clearance import RenalRule


def label_rules(protocol: Protocol, clearance: CreatinineClearance | None, picked: str | None) -> tuple[RenalRule, ...]:
    """Return the labels' rules to show beside a protocol that has none of its own.

    Raises InputError for an unknown label or a missing clearance, CalculationRefused for a rule that cannot apply.
    """
    if picked is None and (clearance is None or protocol.renal is not None):
        return ()
    rules = catalogue.renal_rules()
    picked = picked.lower() if picked is not None else None
    if picked is not None and picked not in (*rules, "none"):
        raise InputError(f"--renal: cannot read {quoted(picked)}; write {', '.join(rules)} or none")
    if protocol.renal is not None:
        if picked not in (None, protocol.renal):
            raise CalculationRefused(f"--renal: {protocol.id} has a renal rule of its own, and that is applied")
        return ()
    if picked is not None and picked != "none":
        if rules[picked].drug != protocol.drug:
            drug = rules[picked].drug
            raise CalculationRefused(f"--renal: {picked} is a rule of {drug}, and the protocol gives {protocol.drug}")
        if clearance is None:
            message = f"--renal {picked} needs the creatinine clearance: add --crcl, as in --crcl 45mL/min"
            raise InputError(message, missing="--crcl")
    if clearance is None or picked == "none":
        return ()
    return tuple(rule for rule in rules.values() if rule.drug == protocol.drug and picked in (None, rule.id))


def label_columns(
    result: Regimen, rules: tuple[RenalRule, ...]
) -> tuple[tuple[tuple[RenalRule, Regimen], ...], list[str]]:
    """Return what each label would do, and a note for each whose numbers cannot be given: it never refuses the dose."""
    columns, notes = [], []
    for rule in rules:
        try:
            columns.append((rule, under_rule(result, rule, catalogue.limits())))
        except CalculationRefused as reason:
            notes.append(f"the adjustment of the {rule.title} is not shown: {reason}")
    return tuple(columns), notes
