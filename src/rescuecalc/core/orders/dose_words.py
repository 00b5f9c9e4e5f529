"""The words of a text by which a dose that no field states is the order's drug's, denied, or of something else."""

from __future__ import annotations

import re
from typing import Final

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

NAME: Final = lazy_pattern(r"[A-Za-z][A-Za-z-]{1,30}")
_VERBS: Final = (
    r"give|given|giving|exceed\w*|use|used|using|administer\w*|infuse\w*|run|push|bolus|repeat\w*|start\w*|set|hang|mix|"
    r"draw|increase\w*|raise|go|titrat\w*|load|order\w*|program\w*|above|beyond|recommended|allowed|permitted|indicated"
)
# Before a number: it is not given. "not recanalised: 1.5 mcg/kg/min" denies nothing of the dose.
DENIED: Final = lazy_pattern(
    rf"\b(?:(?:do|does|must|should|shall|may|can)(?: not|n['\u2019]t)|cannot|never|avoid\w*|instead of|rather than|"
    rf"not(?: to)?(?: be)? (?:{_VERBS})|no longer|in place of|contraindicat\w*)\b"
    r"(?![^;\n]*\b(?:but|then|instead)\b)[^;\n]*$|\bnot(?: the| an?| at| of)? ?$",
    re.IGNORECASE,
)
# Before a number: it is measured in the patient.
MEASURED: Final = lazy_pattern(
    r"\b(?:platelets?|plt|creatinine|h(?:a)?emoglobin|hb|hgb|fibrinogen|glucose|troponin|pressure|SBP|output|loss|"
    r"(?:d-?)?dimers?|CRP|(?:NT-?pro)?BNP|ferritin|albumin|bilirubin|lactate|urea|BUN|LDL|HDL|cholesterol|HbA1c)\b"
    rf"(?:[ <>=\u2264\u2265]+(?!{_VERBS})[a-z]+){{0,2}}[ <>=\u2264\u2265]*$",
    re.IGNORECASE,
)
# Before a number: it is the step of a pump or a syringe, and no dose.
STEPWISE: Final = lazy_pattern(
    r"\b(?:nearest|round\w*(?: up| down)?(?: to)?|steps? of|increments? of|multiples? of)\W*$", re.IGNORECASE
)
# Beside a volume or a flow: it is a carrier's, a flush's, or a container's.
CARRIER: Final = lazy_pattern(
    r"\b(?:NS|D5W|D10W|saline|sodium|dextrose|glucose|ringer\w*|water|fluids?|flush\w*|prim\w*|KVO|TKO|vein open|"
    r"oxygen|O2|nitrogen|air|pump(?:'s)? (?:limit|maximum|library)|"
    r"carrier|bags?|bottles?|containers?|remov\w*|withdraw\w*|discard\w*|wast\w*|dilut\w*|add\w*|line|tubing|dead "
    r"space|contrast|blood|urine|feeds?|remain\w*|left)\b",
    re.IGNORECASE,
)
TAKEN_FROM: Final = lazy_pattern(
    r"\b(?:from|out of)(?: the| an?)?(?: [a-z]+)? (?:bags?|bottles?|containers?|lines?)\b", re.IGNORECASE
)
FILTERED: Final = lazy_pattern(r"\b(?:CrCl|ClCr|CCr|e?GFR|clearance|renal)\b", re.IGNORECASE)
INJECTED: Final = lazy_pattern(
    r"\W{0,3}\b(?:bolus\w*|push\w*|inject\w*|load\w*|repeat\w*|further|another|again|second|extra|additional|stat|"
    r"give|given|administer)\b",
    re.IGNORECASE,
)
# Beside an amount: it is what hangs, what is left of it, or all that was infused.
HOLDING: Final = lazy_pattern(
    r"\b(?:bags?|bottles?|vials?|ampoules?|contains?|containing|holds?|premix\w*|hang\w*|total\w*|in all|cumulative|"
    r"remain\w*|left|discard\w*|wast\w*|supply|stock|dispense\w*|per (?:day|24)|daily)\b",
    re.IGNORECASE,
)
# In the clause of a strength: it is of what is not given in the order's own way, by its kind.
STRENGTH_ELSEWHERE: Final = {
    "infusion": lazy_pattern(
        r"\b(?:vials?|ampoules?|ampules?|amps?|syringes?|concentrate\w*|stock|bolus\w*|push\w*|draw\w*|load\w*|undiluted|"
        r"mixed|made)\b",
        re.IGNORECASE,
    ),
    "bolus": lazy_pattern(r"\b(?:infus\w*|drip|maintenance|bags?|then|followed|draw\w*)\b", re.IGNORECASE),
}
# In the clause of another number: what follows the bolus, and of which its rate is none.
FOLLOWING: Final = lazy_pattern(r"\b(?:then|followed|infus\w*|drip|maintenance|continu\w*)\b", re.IGNORECASE)
DRAWN_FROM: Final = lazy_pattern(
    r"\bfrom(?: the| an?)?(?: [a-z]+)? (?:bags?|vials?|ampoules?|syringes?)\W*$", re.IGNORECASE
)
OF_VIAL: Final = lazy_pattern(r"\b(?:vials?|ampoules?|ampules?|amps?)\b", re.IGNORECASE)
LABEL: Final = lazy_pattern(r"\b(?:label\w*|SmPC|coronary|cardiac|ACS|PCI|N?STEMI)\b", re.IGNORECASE)
LASTING: Final = lazy_pattern(r",? ?\(?(?:IV )?(?:for|over|x|\u00d7) ?(?:the first |about |a )?", re.IGNORECASE)
INTO_ARTERY: Final = lazy_pattern(r"\b(?:IA|intra-?arterial\w*)\b", re.IGNORECASE)
INTO_VEIN: Final = lazy_pattern(r"\b(?:IV|intravenous\w*)\b", re.IGNORECASE)
# Ends of international nonproprietary names (WHO stems) and of most other drugs: a number beside one is that drug's.
_NO_DRUG: Final = (
    "baseline|medicine|routine|examine|determine|guideline|machine|creatinine|combine|define|decline|online|midline|urine|"
    "supine|saline|vaccine|alone|telephone|phone|(?:some|any|every)one|alongside|provide|override|bedside|outside|inside|"
    "beside|decide|within|begin|contain|maintain|remain|obtain|certain|again|brain|drain|explain|margin|origin|bilirubin|"
    r"h(?:a)?emoglobin|protein|vein|control|protocol|symbol|tirofiban"
)
DRUG_STEM: Final = lazy_pattern(
    rf"(?!(?:{_NO_DRUG})$)(?:[a-z]{{3,}}(?:ine|one|ide|in|ol|azepam|azolam|azole|racetam|setron|pril|sartan|anil|anyl|mab|cillin|"
    r"coxib|oxicam|acetamol|phen|fenac|profen|glycerin|trinitrate|prusside|barbital|curonium|amil|grel|grelor|plase|"
    r"xaban|gatran|parin|tidine|pidine|formin|nium|onate|xamic)|cef[a-z]+|sulf[a-z]+|insulin|magnesium|"
    r"potassium|calcium|vitamin|valpro[a-z]+|aspirin)",
    re.IGNORECASE,
)
