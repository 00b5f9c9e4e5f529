"""Every declared rule: of infusions, of what stands beside and follows them, and of what was written in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.suggestions import LIKE_A_CODE, nearest
from rescuecalc.rules.arithmetic import (
    consistency,
    text_condition,
    text_drug,
    text_frequency,
    text_kind,
    text_route,
    text_time,
    titration,
)
from rescuecalc.rules.completeness import not_judged, set_contents, watch_limits
from rescuecalc.rules.document import document
from rescuecalc.rules.dose import administration, order_dose, supply, weight_bands
from rescuecalc.rules.judging.infusion_rules import OF_INFUSIONS, in_order
from rescuecalc.rules.library import library_rules
from rescuecalc.rules.library.order_limits import order_rules
from rescuecalc.rules.notation import amount_kind, drug_names, fhir_codes, notation, quantity_text
from rescuecalc.rules.renal import full_dose, renal_branches
from rescuecalc.rules.sequence import (
    antiplatelet_dose,
    antiplatelets,
    beside_infusion,
    bridge,
    fixed_dose,
    handling,
    infusion_course,
    load_phase,
    other_agents,
    patient_condition,
    patient_state,
    thrombolysis,
    thrombolysis_state,
    thrombolytic_dose,
    two_infusions,
    two_thrombolytics,
)
from rescuecalc.rules.suppression import suppression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.rules.base.rule import Rule

FAMILIES: Final[Mapping[str, str]] = {
    "RC1": "the document: unknown, missing and repeated fields, parts that cannot be read",
    "RC2": "notation: units, UCUM, error-prone abbreviations and dose designations",
    "RC3": "arithmetic: the numbers of an order contradict each other",
    "RC4": "dose: outside a protocol, a published range or a limit",
    "RC5": "renal: thresholds, gaps and overlaps at a boundary, weight basis",
    "RC6": "bridging and sequence: load, overlap, stop, thrombolysis, duplicates, incompatible pairs",
    "RC7": "completeness: monitoring, stop criteria, concentration, approval, what was not judged",
    "RC8": "pump library: orders against it, the library itself, what a new version changes",
    "RC9": "suppressions",
}
"""The families of rules by the first digit of their codes, with what each is about."""

OF_PLANS: tuple[Rule, ...] = in_order(
    (
        *OF_INFUSIONS,
        *bridge.RULES,
        *thrombolysis.RULES,
        *antiplatelets.RULES,
        *antiplatelet_dose.RULES,
        *infusion_course.RULES,
        *fixed_dose.RULES,
        *beside_infusion.RULES,
        *patient_state.RULES,
        *patient_condition.RULES,
        *thrombolytic_dose.RULES,
        *two_infusions.RULES,
        *two_thrombolytics.RULES,
        *thrombolysis_state.RULES,
        *other_agents.RULES,
        *handling.RULES,
        *load_phase.RULES,
        *full_dose.RULES,
    )
)
"""The rules of an order set that was made, and not written: those about a document have nothing to judge there."""

OF_COURSES: tuple[Rule, ...] = in_order((*OF_PLANS, *administration.RULES))
"""The rules of what was given already: nothing refused a run time that is longer than its protocol's maximum."""

RULES: tuple[Rule, ...] = in_order(
    (
        *OF_COURSES,
        *renal_branches.RULES,
        *set_contents.RULES,
        *consistency.RULES,
        *titration.RULES,
        *text_route.RULES,
        *text_frequency.RULES,
        *text_drug.RULES,
        *text_time.RULES,
        *text_condition.RULES,
        *text_kind.RULES,
        *order_dose.RULES,
        *supply.RULES,
        *weight_bands.RULES,
        *document.RULES,
        *fhir_codes.RULES,
        *quantity_text.RULES,
        *notation.RULES,
        *drug_names.RULES,
        *not_judged.RULES,
        *watch_limits.RULES,
        *amount_kind.RULES,
        *suppression.RULES,
        *order_rules.RULES,
        *library_rules.RULES,
    )
)


def nearest_code(text: str) -> str:
    """Return a hint with the codes and families nearest to an unknown one, or an empty text."""
    known = sorted({part for rule in RULES for part in (rule.code, rule.code[:3])})
    # What begins alike is the nearest: a slip in the last digit leaves the family as it is.
    begun = ([each for each in known if each.startswith(text.upper()[:-cut])] for cut in (1, 2))
    similar = next((each for each in begun if each), known)
    return nearest(text.upper(), similar, cutoff=LIKE_A_CODE, folded=False)
