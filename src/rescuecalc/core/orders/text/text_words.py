"""The words of a text for people beside which a number is the order's own, a bound, a container's, or another one's."""

from __future__ import annotations

import re
from typing import Final

from rescuecalc.core.orders.text.vocabulary import BAGS, FLUIDS, SYRINGES, TABLETS, VIALS, any_word, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.sentence import CLAUSE_STOP, SENTENCE_STOP

# A part of a text between two stops, read by itself: what a number is of is said beside it.
CLAUSE: Final = lazy_pattern(CLAUSE_STOP)
SENTENCE: Final = lazy_pattern(SENTENCE_STOP)

_DENIALS: Final = "not|never|no|instead"
BOUNDS: Final = (
    f"{_DENIALS}|than|max(?:imum)?|most|exceed\\w*|up to|cap(?:ped)?|then|dann|danach|puis|after|before|until|half|"
    "contains?|holds?|load(?:ing)?|by|followed|steps?|increase\\w*|decrease\\w*|titrat\\w*|additional|limited"
)
PIECES: Final = one_of(TABLETS, VIALS, SYRINGES)
CONDITIONS: Final = "if|unless|when|whenever|in case|CrCl|GFR|eGFR|clearance|renal"
_HOLDERS: Final = one_of(
    *(BAGS, VIALS, SYRINGES, r"flush\w*", "prim(?:e|ing)", "lines?", "tubing", "dead", "lumens?", "catheters?")
)
_FLUIDS: Final = one_of(FLUIDS)

OF_FLUIDS: Final = any_word(FLUIDS)
# Before a number: it is a bound, another step's, or what is not given. A condition: it is another patient's.
NOT_GIVEN: Final = lazy_pattern(
    rf"\b(?:(?:{_DENIALS})\b(?:[^\w:]+\w+){{0,2}}[^\w:]*|(?!(?:{_DENIALS})\b)(?:{BOUNDS})\b(?:\W+\w+){{0,2}}\W*)$"
    r"|[0-9] ?(?:to|-|\u2013) ?$|[0-9] ?[x\u00d7*] ?$"
    r"|\bto a total of ?$"
    r"|(?<![\w.])0\.5 (?:of|vial|amp\w*|suppositor\w*)(?: (?:of|an?|the))* ?$",
    re.IGNORECASE,
)
# Before a time: so long something comes again and again.
HOW_LONG_OFTEN: Final = lazy_pattern(
    r"\b(?:(?:q|every|each) ?[0-9]{0,3} ?[a-z]{1,8}|hourly|daily|nightly|weekly|[bt]id|qid)\W{0,3}[x\u00d7] ?$",
    re.IGNORECASE,
)
ABOUT: Final = lazy_pattern(
    r"\b(?:about|approx(?:imately|\.)?|around|roughly|nearly|some|ca\.?)[ ~]*$|~ ?$", re.IGNORECASE
)
# Before a number: it is the most that is given.
MOST: Final = lazy_pattern(
    r"\b(?:max(?:imum)?|(?:not|never)(?: to)? exceed(?:ing)?|at most|up to|cap(?:ped)?(?: at)?|"
    r"limited to|(?:no|not) more than)\b"
    r"\.?"
    r"(?:[^\w.;,]+[A-Za-z]+){0,3}[^\w.;,]*$",
    re.IGNORECASE,
)
# Before a number: it is a step of several, that before the others or one that follows.
STEP: Final = lazy_pattern(
    r"\b(?:then|followed by|load(?:ing)?|dann|danach|gefolgt von|puis|ensuite)\b(?:\W+[A-Za-z]+){0,2}\W*$",
    re.IGNORECASE,
)
# Behind the most: it is so in a time, or of several doses, and not of the one that is given.
OF_SEVERAL: Final = lazy_pattern(r"\W{0,3}(?:(?:in|per|every|each|/) ?(?:[0-9]+|day|24)|daily|a day)", re.IGNORECASE)
# Before and behind a volume: a container holds it, or it is what the drug is mixed with.
HELD_BEFORE: Final = lazy_pattern(
    rf"\b(?:in|into|to|with|from|per|each|every|rate|speed|add\w*|dilut\w*|remov\w*|withdraw\w*|{_HOLDERS})\b"
    r"(?:\W{1,3}(?:of|an?|the|total|volume|capacity|space|with|is|holds?)){0,2}\W{0,3}$",
    re.IGNORECASE,
)
HELD_BEHIND: Final = lazy_pattern(
    rf"\W{{0,3}}(?:(?!from\b|out\b)[A-Za-z]{{1,20}}\W{{1,3}}){{0,2}}?(?:(?:{_HOLDERS}|{_FLUIDS}|O2|oxygen|nasal|NC)\b|"
    rf"of (?:{_FLUIDS}))",
    re.IGNORECASE,
)
# Before and behind a weight: it is the end of a range of weights, or what one kilogram of so many gets.
NOT_A_WEIGHT: Final = lazy_pattern(
    r"(?:\b(?:above|below|under|over|until|less|more|greater|heavier|lighter|than|from|between|per|each|every|lost|"
    r"gained|within|first)\b|[<>\u2264\u2265])[^\w]*$",
    re.IGNORECASE,
)
WEIGHTS_BEHIND: Final = lazy_pattern(
    r"\W{0,2}(?:\+|[x\u00d7*] ?[0-9.]{1,6} ?mL\b(?!/kg)|"
    r"or (?:more|less|over|under|above|below)|and (?:over|under|above|below)|to\b|-)",
    re.IGNORECASE,
)
# Before and behind a number: it is the whole of what is given.
WHOLE_BEFORE: Final = lazy_pattern(
    r"(?:\b(?:total(?: (?:dose|volume|amount))?|in all)(?: (?:of|is|will be))?[ :=(]*"
    r"|% of (?:the )?(?:dose )?(?:of )?)$",
    re.IGNORECASE,
)
WHOLE_BEHIND: Final = lazy_pattern(r" ?(?:\(?in )?(?:total|all)\b", re.IGNORECASE)
PERCENT: Final = r"(?<![0-9.,])(?P<percent>[0-9]{1,2}) ?(?:%|per ?cent)"
# Before a number: which part of the whole it is.
SHARE: Final = lazy_pattern(
    rf"{PERCENT}[ =:(]*"
    r"(?:(?:of|the|total|dose|as|a|IV|bolus|remaining|rest|that is)[ =:(]+)*$",
    re.IGNORECASE,
)
# Between a dose per kg and what it comes to, and between that and the most that is given.
WORKED_OUT: Final = lazy_pattern(
    r" ?(?:[x\u00d7*] ?[0-9.]{1,6} ?kg ?)?(?:\(=?|=|,? ?(?:that is|i\.?e\.?),?|->|\u2192) ?", re.IGNORECASE
)
CAPPED: Final = lazy_pattern(r"\b(?:max|exceed|at most|up to|cap|limited|more than)", re.IGNORECASE)
THEN_CAPPED: Final = lazy_pattern(
    r"\)?(?: ?(?:,|;|->|\u2192|\(|but|then|and|so|is|give|given|rounded|[a-z]{1,9})){0,4} ?"
    r"\(?\b(?:max(?:imum)?|(?:not|never)(?: to)? exceed(?:ing)?|at most|up to|cap(?:ped)?|limited to|"
    r"(?:no|not) more than)\b[^0-9;\n]{0,40}$",
    re.IGNORECASE,
)
# Behind a number that is given: it is the most, of what was worked out before it.
IS_MOST: Final = lazy_pattern(r" ?[(,]? ?(?:the )?(?:max(?:imum)?|cap(?:ped)?)\b(?! ?[0-9])", re.IGNORECASE)
THEN_GIVEN: Final = lazy_pattern(
    r"\)?(?: ?(?:,|;|->|\u2192|\(|so|then|but|give|given|order|ordered|dose)){1,4} ?", re.IGNORECASE
)
RESULT: Final = lazy_pattern(r"(?<!bag )(?<!bag)(?<!vial )(?<!vial)= ?$")
# Between two numbers: the second says the first again.
RESTATED: Final = lazy_pattern(r" ?(?:\(=?|=|(?:,? ?| ?\()(?:that is|i\.?e\.?),?) ?", re.IGNORECASE)
# Between a label and a time: the bag is given in it.
OVER: Final = lazy_pattern(rf"(?: ?(?:of )?(?:{_FLUIDS}|IV|infused?))* ?(?:over|within) ", re.IGNORECASE)
# Between a dose and a rate: the rate is that at which the dose is given.
RUNS_AT: Final = lazy_pattern(
    r"(?: ?\(?(?:IV|infused?|given|to (?:run|infuse)|runn?(?:ing)?|by|pump|intravenously|(?:in|over|for|within) "
    r"[0-9][0-9.,]* ?[A-Za-z]+)\)?)*,? ?(?:at|@)(?: a rate of)? ?",
    re.IGNORECASE,
)
# In a clause: it may speak of another dose, or of what is not given; and behind a number: it is explained.
DOUBTFUL: Final = lazy_pattern(
    r"\b(?:not|never|no|avoid|home|previous(?:ly)?|prior|usual(?:ly)?|was|were|or|instead|alternative(?:ly)?|limit|nearest|"
    r"round(?:ed|s|ing)?|row|label|tomorrow|later|next|reduced?|halved?|normal(?:ly)?|"
    r"full[- ]dose (?:is|would|was)|replaces?|waste|discard|target|goal|follows|"
    r"example|e\.g|rest|remain\w*|"
    r"(?:don|doesn|can|won)['\u2019]t|cannot)\b",
    re.IGNORECASE,
)
EXPLAINED: Final = lazy_pattern(
    rf" (?:is|was|are|were|would|of the|(?:of )?(?:{_FLUIDS})|alongside|per [0-9]+)\b", re.IGNORECASE
)
# Behind a number: it is what another drug or route takes for the same.
EQUIVALENT: Final = lazy_pattern(
    r" ?(?:PO|oral|IV|of [a-z]+|[a-z]+)? ?\(?equiv(?:alents?|\b)| (?:of )?elemental\b", re.IGNORECASE
)
MIXED_IN: Final = lazy_pattern(rf" (?:of )?(?:{_FLUIDS})\b", re.IGNORECASE)
NEUTRAL: Final = frozenset(
    (
        "total",
        "rescue",
        "initial",
        "first",
        "single",
        "standard",
        "low",
        "full",
        "fixed",
        "weight",
        "based",
        "please",
        "regular",
        "human",
        "unfractionated",
        "new",
        "all",
    )
)
"""Words that say nothing of what a number is of."""
_BESIDE_WORDS: Final = (
    "at of to the a an is are be as over for within in per with under about approximately exactly and mcg mg g ng kg x "
    "ml l dl min mins minute minutes h hr hrs hour hours s sec second seconds unit units meq mmol microgram micrograms "
    "i e ie eg "
    "milligram milligrams gram grams kilogram kilograms milliliter milliliters millilitre millilitres day days lb lbs"
)
OF_BOUNDS: Final = frozenset(("max", "maximum", "exceed", "exceeding", "most", "cap", "capped"))
"""Words of a bound: of the numbers that follow it they say nothing."""
BESIDE: Final = frozenset(_BESIDE_WORDS.split())
"""Words between a number and what it is of."""
# Behind a number: it is what one piece holds, of which several may be given.
PIECE: Final = lazy_pattern(
    rf"\W{{0,40}}+(?:(?!from\b|out\b)\w{{1,40}}+\W{{1,40}}+){{0,2}}?(?:{PIECES})\b", re.IGNORECASE
)
# Before and behind a strength: so many tablets of it are given.
OF_TABLETS: Final = lazy_pattern(
    r"(?<![0-9.,/-])(?P<count>[0-9]{1,3}) ?" + one_of(TABLETS) + r"(?: ?(?:of|x|\u00d7))? ?$", re.IGNORECASE
)
TIMES: Final = lazy_pattern(r"(?<![0-9.,/-])(?P<count>[0-9]{1,2})(?: ?[x\u00d7*] ?| (?:of (?:the )?)?)$", re.IGNORECASE)
ARE_TABLETS: Final = lazy_pattern(rf" ?(?:\w{{1,20}} )?{one_of(TABLETS)}\b", re.IGNORECASE)
CONDITION: Final = lazy_pattern(rf"\b(?:{CONDITIONS})\b", re.IGNORECASE)
# In a part behind one with a condition: it is the next tier of it, as in `35 units/kg if 4-6; 50 units/kg above 6`.
TIER: Final = lazy_pattern(
    r"[A-Za-z] (?:above|below|under|[<>\u2264\u2265]=?) ?[0-9]|[a-z] for [a-z]{4}|"
    r"^\W{0,3}[0-9]{1,3}(?:\.[0-9])? ?(?:mL/min)? ?[:=]",
    re.IGNORECASE,
)
# A length is one of this order only where its giving is spoken of, and nothing else that takes time.
GIVING: Final = lazy_pattern(
    r"\b(?:infus\w*|runs?|running|gives?|given|push\w*|bolus|administer\w*|drip|continu\w*|IV|IA|"
    r"tirofiban|aggrastat|eptifibatide|integrilin|abciximab|cangrelor)\b",
    re.IGNORECASE,
)
NOT_GIVING: Final = lazy_pattern(
    r"\b(?:observe|check|repeat|monitor|watch|hold|held|stop|platelets?|pressure|CT|MRI|imaging|before|after|start|"
    r"begin|change|flush|wait|restart|delay|load(?:ing)?|withh[eo]ld|omit|avoid|nil|rest|flat|immobil|valid|stable|expire|"
    r"stor(?:e|age)|keep|sheath|catheter)\w*\b",
    re.IGNORECASE,
)

# Behind a time and "within": it is how far the order is from an event, and not how long it takes.
SINCE_EVENT: Final = lazy_pattern(r" (?:of|before|prior to|after|from|post)\b", re.IGNORECASE)

# Beside these it depends on a number, on how long it is or on how far it stands, what a rule takes it for. So a text
# with one of them keeps its numbers where orders are compared without theirs.
WEIGHED: Final = lazy_pattern(
    rf"\b(?:{BOUNDS}|{PIECES}|{CONDITIONS}|prn|below|to)\b|p\.r\.n|%"
    r"|(?:\b(?:under|over|least)|[<>\u2264\u2265]=?) ?[0-9]{1,3}(?:\.[0-9]{1,2})? ?kg\b|kg (?:and|or)\b|[0-9] and [0-9]"
    r"|[0-9] ?kg ?[:=|]? ?[0-9]"
    r"|\b(?:in|per|x|q|every|each) ?[0-9]|[/\u00d7*] ?[0-9]|[0-9] ?[-\u2013x\u00d7*]",
    re.IGNORECASE,
)
