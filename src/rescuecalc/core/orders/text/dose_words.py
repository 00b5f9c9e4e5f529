"""The words of a text by which a dose that no field states is the order's drug's, denied, or of something else."""

from __future__ import annotations

import re
from typing import Final

from rescuecalc.core.orders.text.vocabulary import AVOIDED, BAGS, FLUIDS, SYRINGES, VIALS, any_word, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern

NAME: Final = lazy_pattern(r"[A-Za-z\u00c0-\u017f][A-Za-z\u00c0-\u017f-]{1,30}")
_VERBS: Final = (
    r"give|given|giving|exceed\w*|use|used|using|administer\w*|infuse\w*|run|push|bolus|repeat\w*|start\w*|set|hang|mix|"
    r"draw|increase\w*|raise|go|titrat\w*|load|order\w*|program\w*|above|beyond|recommended|allowed|permitted|indicated"
)
# Before a number: it is not given. "not recanalised: 1.5 mcg/kg/min" denies nothing of the dose.
DENIED: Final = lazy_pattern(
    rf"\b(?:(?:do|does|must|should|shall|may|can)(?: not|n['\u2019]t)|cannot|never(?![^0-9;]*:)|{one_of(AVOIDED)}|"
    rf"not(?: to)?(?: be)? (?:{_VERBS})|no longer|(?:omit|skip|withhold)\w*)\b"
    r"(?![^;\n]*\b(?:but|then|instead)\b)[^;\n]*$|\bnot(?: the| an?| at| of)? ?$"
    r"|/kg(?:/min|/h)? would (?:be|come to|give) ?$",
    re.IGNORECASE,
)
_ASKED: Final = rf"(?:[ <>=\u2264\u2265~:(]+(?!{_VERBS})[a-z]+){{0,3}}[ <>=\u2264\u2265~:(]*$"
# Before a number in brackets: it is denied, `not the STEMI dose (0.5 mg/kg)`, or what is drawn from holds it.
IN_DENIED: Final = lazy_pattern(r"\bnot (?:the |an? )?(?:[a-z]{1,15} ){0,3}dose \([^)]{0,40}$", re.IGNORECASE)
FROM_HOLDER: Final = lazy_pattern(
    rf"\bfrom(?: the| an?)?(?: [0-9]{{1,4}} ?mL)?(?: [a-z]+)? {one_of(BAGS, VIALS, SYRINGES)} ?\($", re.IGNORECASE
)
# Before an amount: a container holds it, `1 bag = 12.5 mg`, `seringue de 50 mL (2.5 mg)`.
HELD_IN: Final = lazy_pattern(
    rf"\b{one_of(BAGS, VIALS, SYRINGES)}(?: (?:of|de|\u00e0|zu|mit))?(?: [0-9]{{1,4}} ?mL)? ?[=:(] ?$", re.IGNORECASE
)
# Before and behind a concentration: it is measured in the patient's blood, and hangs in no bag.
_IN_BLOOD: Final = r"(?:anti-?(?:factor )?Xa|troughs?|peaks?|levels?|serum|plasma|unbound|free)"
IN_BLOOD_BEFORE: Final = lazy_pattern(rf"\b{_IN_BLOOD}\b{_ASKED}", re.IGNORECASE)
IN_BLOOD_BEHIND: Final = lazy_pattern(rf" ?\(?{_IN_BLOOD}\b", re.IGNORECASE)
# Before a number: it is measured in the patient.
MEASURED: Final = lazy_pattern(
    r"\b(?:platelets?|plt|creatinine|h(?:a)?emoglobin|hb|hgb|fibrinogen|glucose|troponin|pressure|SBP|output|loss|"
    r"(?:d-?)?dimers?|CRP|(?:NT-?pro)?BNP|ferritin|albumin|bilirubin|lactate|urea|BUN|LDL|HDL|cholesterol|HbA1c)\b"
    rf"(?:[ <>=\u2264\u2265]+(?!{_VERBS})[a-z]+){{0,2}}[ <>=\u2264\u2265]*$",
    re.IGNORECASE,
)
# It is looked at or measured again and again, and none of it is given.
CHECKED: Final = lazy_pattern(
    r"\b(?:re-?check\w*|check\w*|monitor\w*|(?:re-?)?assess\w*|observ\w*|measur\w*|vitals?|neuro\w*|NIHSS|GCS|pulse|SpO2|"
    r"temp(?:erature)?|ECG|EKG|BP|pressure|labs?|CBC|FBC|h(?:a)?emoglobin|Hb|Hgb|platelets?|counts?|PRU|PT|a?PTT|INR|ACT|"
    r"fibrinogen|creatinine|CrCl|glucose|troponin|CTA?|NCCT|MR[IA]|DSA|scans?|imag\w*|angiogra\w*|ultrasound|echo\w*|"
    r"swallow|tests?|exams?|examination|bloods?|level|levels|chest|x-?ray|consult\w*|call|page|notify)\b",
    re.IGNORECASE,
)
# Before a number: it is the step of a pump or a syringe, and no dose.
STEPWISE: Final = lazy_pattern(
    r"\b(?:nearest|round\w*(?: up| down)?(?: to)?|gerundet auf|arrondie? \u00e0|increments?(?: of)?|multiples? of|"
    r"(?:pump )?steps?(?: size| of)?|accuracy)\W*$",
    re.IGNORECASE,
)
# Behind a number: it is the step to which others are rounded.
STEPS: Final = lazy_pattern(r"[ -](?:increments|steps|multiples|gerundete?n?)\b", re.IGNORECASE)
# Before an order to give: what was or is given besides, "after aspirin push 8 mg", "with heparin running give 8 mg".
_BESIDES: Final = (
    "after|before|following|with|once|while|during|since|until|hold(?:ing)?|held|stop(?:ping|ped)?|without|despite|"
    "discontinu\\w*"
)
BESIDES: Final = lazy_pattern(
    rf"\b(?:{_BESIDES}) (?:[A-Za-z0-9.-]{{1,20}} ){{1,6}}?(?=(?:push|give|inject|administer|run|infuse|repeat)\b)",
    re.IGNORECASE,
)
BESIDES_END: Final = lazy_pattern(rf"\b(?:{_BESIDES}) (?:[A-Za-z]{{1,20}} ){{0,2}}$", re.IGNORECASE)
# Before a number at the beginning of a clause: it goes on with what the clause before says.
GOES_ON: Final = lazy_pattern(
    r"^\W*(?:titrat\w*|increas\w*|adjust\w*|max(?:imum)?|up|not to exceed)(?: (?:by|to|at|of))*\W*$", re.IGNORECASE
)
OF_IT: Final = lazy_pattern(r" (?:of )?([A-Za-z][A-Za-z-]{1,30})")
# Beside a volume or a flow: it is a carrier's, a flush's, or a container's.
CARRIER: Final = lazy_pattern(
    rf"\b(?:{one_of(FLUIDS)}|fluids?|flush\w*|prim\w*|KVO|TKO|vein open|"
    r"oxygen|O2|nitrogen|air|pump(?:'s)? (?:limit|maximum|library)|"
    r"carrier|contrast|blood|urine|UOP|output|feeds?|TF|TPN|Jevity|Osmolite|Fresubin|IVFs?|ECMO|HFNC|"
    r"cardiac (?:output|index)|peak flow)\b",
    re.IGNORECASE,
)
# Before a number: the pump's library warns or stops there, and nobody gives it.
PUMP_LIMIT: Final = lazy_pattern(
    r"\b(?:(?:soft|hard)(?: (?:upper|lower|high|low|max(?:imum)?|min(?:imum)?|limits?|stop))*|"
    r"(?:pump|library|guardrails?|DERS)(?:'s)?(?: (?:upper|lower|soft|hard|max(?:imum)?|limits?|alerts?))+)"
    r"(?: (?:of|at|is|are|to))?\W*$",
    re.IGNORECASE,
)
# Before a flow per minute: it is compared with, as a clearance is.
COMPARED: Final = lazy_pattern(
    r"(?:\b(?:below|under|above|over|less than|more than|greater than|between|at least|at most)|[<>=\u2264\u2265])"
    r" ?(?:[0-9.]{1,5} ?(?:-|\u2013|and|to) ?)?$",
    re.IGNORECASE,
)
# Behind a flow per minute: it is compared with.
COMPARED_BEHIND: Final = lazy_pattern(
    r" ?(?:[:=]|(?:or|and) (?:less|lower|below|under|more|greater|higher|above|over)\b)", re.IGNORECASE
)
# Beside a flow per minute: it is of a gas, or of the heart.
GAS: Final = lazy_pattern(r"\b(?:SpO2|FiO2|NC|nasal|mask|CO|CI|VA-?ECMO|ventilat\w*)\b")
# Beside a volume: it is a container's, or what is taken out of one or left in it.
CONTAINER: Final = lazy_pattern(
    rf"\b(?:{one_of(BAGS)}|remov\w*|withdraw\w*|discard\w*|wast\w*|dilut\w*|add\w*|line|tubing|dead space|"
    r"remain\w*|left)\b",
    re.IGNORECASE,
)
# Before a number: it is for patients of some weight or more.
OF_HEAVIER: Final = lazy_pattern(
    r"(?:above|over|more than|greater than|at least|from|[>\u2265]=?) ?[0-9.]{1,6} ?kg\b", re.IGNORECASE
)
THEN: Final = lazy_pattern(r"^.*\b(?:then|dann|danach|puis)\b", re.IGNORECASE)
# Before a flow: a clause that begins with a fluid says how fast that runs, and not what the drug is mixed with.
FLUID_RUNS: Final = lazy_pattern(
    r"(?:^|[;,.\n]) ?(?:[A-Za-z0-9/]{1,12} ){0,2}" + one_of(FLUIDS, "fluids?") + r"(?: [0-9.]{1,5} ?%)? ?(?:at|@)? ?$",
    re.IGNORECASE,
)
TAKEN_FROM: Final = lazy_pattern(
    rf"\b(?:from|out of)(?: the| an?)?(?: [a-z]+)? {one_of(BAGS, 'lines?')}\b", re.IGNORECASE
)
FILTERED: Final = lazy_pattern(r"\b(?:CrCl|ClCr|CCr|e?GFR|clearance|renal)\b", re.IGNORECASE)
INJECTED: Final = lazy_pattern(
    r"\W{0,3}\b(?:(?:IV|IA) )?(?:bolus\w*|push\w*|inject\w*|load\w*|repeat\w*|further|another|again|second|extra|"
    r"additional|stat|give|given|administer)\b",
    re.IGNORECASE,
)
# Beside an amount: a container holds it, or it is handed out.
HOLDING: Final = lazy_pattern(
    rf"\b(?:{one_of(BAGS, VIALS)}|contains?|containing|holds?|premix\w*|hang\w*|supply|stock|dispense\w*)\b",
    re.IGNORECASE,
)
# Beside an amount: it is left over; and of an infusion it is all that was infused.
LEFT_BEFORE: Final = lazy_pattern(
    r"\b(?:remain\w*|left(?! (?:arm|hand|leg|side|foot|groin))|discard\w*|wast\w*)\b[^0-9]{0,20}$", re.IGNORECASE
)
LEFT_BEHIND: Final = lazy_pattern(
    r"[^0-9]{0,20}?\b(?:remain\w*|left(?! (?:arm|hand|leg|side|foot|groin))|discard\w*|wast\w*)\b", re.IGNORECASE
)
# Behind a number: it is another order's, "not this order".
NOT_THIS: Final = lazy_pattern(
    r"\)?[ :,-]{1,3}not (?:(?:for |in )?this (?:order|patient|set|protocol|indication|case)|here|ordered)\b",
    re.IGNORECASE,
)
IN_ALL: Final = lazy_pattern(r"\b(?:total\w*|in all|cumulative|per (?:day|24)|daily)\b", re.IGNORECASE)
PREPARED: Final = lazy_pattern(
    r"\b(?:reconstitut|dilut|mix|add|prepar|contain|stock|supply|from|remov|withdraw|draw|discard|wast)\w*",
    re.IGNORECASE,
)
OF_CONTAINER: Final = lazy_pattern(
    rf" (?:out )?(?:of|from) (?:the |an? )?(?:[a-z]{{1,15}} )?{one_of(VIALS, BAGS)}\b",
    re.IGNORECASE,
)
# In the clause of a strength: it is of what is not given in the order's own way, by its kind.
STRENGTH_ELSEWHERE: Final = {
    "infusion": lazy_pattern(
        rf"\b(?:{one_of(VIALS, SYRINGES)}|concentrate\w*|stock|bolus\w*|push\w*|draw\w*|load\w*|undiluted|"
        r"mixed|made)\b",
        re.IGNORECASE,
    ),
    "bolus": lazy_pattern(r"\b(?:infus\w*|drip|maintenance|bags?|then|followed|draw\w*)\b", re.IGNORECASE),
}
# In the clause of another number: what follows the bolus, and of which its rate is none.
FOLLOWING: Final = lazy_pattern(
    r"\b(?:then|dann|danach|puis|followed|infus\w*|drip|maintenance|continu\w*)\b", re.IGNORECASE
)
DRAWN_FROM: Final = lazy_pattern(
    rf"\bfrom(?: the| an?)?(?: [a-z]+)? {one_of(BAGS, VIALS, SYRINGES)}\W*$", re.IGNORECASE
)
OF_VIAL: Final = any_word(VIALS)
LABEL: Final = lazy_pattern(r"\b(?:label\w*|SmPC|coronary|cardiac|ACS|PCI|N?STEMI)\b", re.IGNORECASE)
LASTING: Final = lazy_pattern(
    r",? ?\(?(?:IV )?(?:for|over|x|\u00d7|\u00fcber|f\u00fcr|pendant|durant) ?(?:the first |about |a )?", re.IGNORECASE
)
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
    r"potassium|calcium|vitamin|valpro[a-z]+|aspirin|methylpred|solu-?(?:medrol|cortef)|hydrocort|dexameth)",
    re.IGNORECASE,
)
