"""The one table of other spellings: what hospitals write for a route, a kind, or a unit, each with the word it is.

A spelling stands here only where it has one reading. It is accepted in every format and on the command line. What the
ISMP list calls error-prone (`SQ`, `U`) keeps its rule of notation. The core reads no files, so that this table is a
module; tests/golden/wording.csv repeats it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROUTES: Final[Mapping[str, str]] = {
    "IV": (
        "intravenous|intravenously|intravenous route|intravenous use|i.v.|into a vein|by vein|iv route|iv line|"
        "iv central line|iv central|central iv|central line|central venous|iv peripheral|iv peripheral line|"
        "peripheral iv|peripheral line|iv picc|picc|iv pump|iv push|iv bolus|iv injection|ivp|intravenous push|"
        "intravenous bolus|intravenous injection|slow iv push|rapid iv push|iv slow push|ivpb|ivpb route|iv piggyback|"
        "iv infusion|intravenous infusion|intravenous piggyback|iv drip|iv continuous|continuous iv|civi|"
        "continuous iv infusion|continuous intravenous infusion|iv continuous infusion|iv syringe pump|piv|piv line|"
        "iv piv|picc line|iv picc line|iv midline|midline|iv syringe|ivi|intravenous continuous infusion|"
        "iv infusion pump|infusion pump|sivp|slow ivp|cvc|iv cvc|zvk|iv zvk|ivd|ivse|intraven\u00f6s|intraveineuse|"
        "intraveineux|voie intraveineuse|endovenosa|endovenoso|intravenosa|intraveneus|intraven|iv cont|iv soln|"
        "iv perfusor|iv-perfusor|perfusor|iv kurzinfusion|kurzinfusion|iv dauerinfusion"
    ),
    "IA": (
        "intra-arterial|intraarterial|intra-arterially|intraarterially|intra-arterial route|i.a.|arterial|"
        "intra arterial|intraarteriell|intra-arteriell|intra-art\u00e9riel|intraarteriel"
    ),
    "IC": "intracoronary|intra-coronary|intracoronary route",
    "PO": (
        "oral|orally|by mouth|oral route|oral use|p.o.|mouth|per os|orally by mouth|po chewed|po chew|chewed|"
        "po crushed|po swallowed|voie orale|orale|per orale|peroral|oraal|via oral|per via orale"
    ),
    "PR": "rectal|rectally|per rectum|rectal route|p.r.|by rectum",
    "NG": (
        "nasogastric|ngt|ng tube|per ng tube|via ng tube|og|ogt|orogastric|og tube|per og tube|via og tube|peg|"
        "peg tube|g-tube|g tube|gastrostomy|feeding tube|per tube|per feeding tube|via feeding tube|enteral|enterally|"
        "per nasogastric tube|nasogastric route|nj|nj tube|nasojejunal|j-tube|"
        "j tube|jejunostomy|jejunostomy tube|gj-tube|gj tube|peg-j|dobhoff|dobhoff tube|dobbhoff|dht|corpak|nd tube|"
        "nasoduodenal|enteral tube|gastric tube|nasogastric tube|ng-tube|po tube|gt|jt|magensonde|sng|sonde|"
        "enteral tube feeding"
    ),
    "IM": "intramuscular|intramuscularly|intramuscular route|i.m.|imi|intramuskul\u00e4r|intramusculaire",
    "SC": (
        "subcutaneous|subcutaneously|subcut|subq|subcutaneous route|subcutaneous use|sub-cut|sub cut|sq|sub q|sub-q|"
        "s.c.|subcutaneous injection|subcutaneous infusion|continuous subcutaneous infusion|csci|subkutan|subcutan|"
        "sous-cutan\u00e9|sous-cutan\u00e9e|sottocutanea|subcutaan"
    ),
    "SL": "sublingual|sublingually|under the tongue|buccal",
    "IO": "intraosseous|intraosseously",
    "IN": "intranasal|intranasally|nasal|nostril|each nostril",
    "INH": (
        "inhaled|inhalation|inhale|nebulised|nebulized|nebuliser|nebulizer|via nebulizer|via nebuliser|neb|"
        "nebulization|nebulisation|nebs|inh neb|mdi|inhalation nebulizer|inhalation nebuliser|ett|endotracheal|"
        "nc|nasal cannula|face mask|mask|non-rebreather"
    ),
    "TOP": "topical|topically|transdermal|transdermally|cutaneous|to the skin|patch|td",
    "EYE": "ophthalmic|ophthalmically|each eye|both eyes|right eye|left eye|eye drops|ou|o.u.|od|os",
    "EAR": "otic|right ear|left ear|both ears",
    "VAG": "vaginal|vaginally|per vagina",
    "EPI": "epidural|epidurally",
    "IT": (
        "intrathecal|intrathecally|intraventricular|intraventricularly|intraventricular route|icv|"
        "intracerebroventricular|evd|intraventricular evd|external ventricular drain|ventricular drain|"
        "intrathecal evd|ommaya reservoir|lumbar drain"
    ),
    "ID": "intradermal|intradermally",
    "MUC": (
        "mouth/throat|mucous membrane|mucosal|oromucosal|oropharyngeal|swish and swallow|swish and spit|"
        "swish & swallow|"
        "swish & spit"
    ),
    "LOCAL": (
        "intraperitoneal|ip|peritoneal dialysis|dialysis|intra-articular|intraarticular|intravesical|bladder|"
        "intrapleural|pleural|chest tube|irrigation|infiltration|local infiltration|intracatheter|catheter lock|"
        "dialysis catheter|hemodialysis|crrt"
    ),
}

_KINDS: Final[Mapping[str, str]] = {
    "bolus": (
        "iv bolus|bolus dose|push|iv push|ivp|slow iv push|slow push|rapid bolus|intravenous bolus|intravenous push|"
        "loading bolus|initial bolus|bolus injection|iv injection|slow bolus|pump bolus|bolusgabe|bolus iv"
    ),
    "infusion": (
        "drip|syringe pump|pump infusion|"
        "continuous infusion|iv infusion|intravenous infusion|continuous|continuous iv infusion|iv drip|infusion drip|"
        "intermittent infusion|ivpb|iv piggyback|piggyback|maintenance infusion|extended infusion|"
        "titrated infusion|titratable infusion|loading infusion|syringe driver|continuous iv|civi|infuse|"
        "short infusion|subcutaneous infusion|continuous subcutaneous infusion|cont. infusion|cont infusion|"
        "premix|titrated|"
        "pse|perfusor|perfusor iv|spritzenpumpe|dauerinfusion|kurzinfusion|perfusion|perfusion continue|cri|"
        "infusion pump|"
        "infuus|infusione|infusi\u00f3n|perf|pump|kontinuierlich"
    ),
    "dose": (
        "single dose|one-time|one time|one-time dose|one time dose|scheduled|scheduled dose|intermittent|"
        "oral dose|prn dose|tablet|"
        "capsule|medication|maintenance dose|daily dose|dosis|einzeldosis|gabe|tablette|tablets|suppository|oral"
    ),
}

_PHASES: Final = (
    "load|loading|loading dose|load dose|initial|initial dose|first dose|maintenance|stat|stat dose|one-off|"
    "injection|inj|injektion|once|pca|intermittent iv|"
    "prn|gtt|ci"
)
"""Written for a kind, and none: a load may be tablets, a bolus or a fast infusion. Route and fields tell which."""

RECURRING_KINDS: Final = frozenset(("maintenance", "maintenance dose", "daily dose"))
AS_MAINTENANCE: Final = "as maintenance"

_UNITS: Final[Mapping[str, str]] = {
    "mcg": "mcgs|microgramme|microgrammes|Mikrogramm|microgrammi|microgramos",
    "mg": "mgs|milligramme|milligrammes|Milligramm|milligrammi|miligramos",
    "g": "gm|gms|gramme|grammes|Gramm",
    "units": (
        "Units|Unit|UNITS|UNIT|IE|UI|IU|iu|I.U.|I.E.|U.I.|Einheit|Einheiten|USP units|USP unit|unit\u00e9s|unit\u00e9|"
        "eenheden|unidades"
    ),
    "milliunits": "milli-units|milli-unit|milliUnits|mU|mUnits|mUnit",
    "mEq": "meq|mval|milliequivalent|milliequivalents",
    "mmol": "millimole|millimoles|mmols",
    "umol": "micromole|micromoles",
    "mOsm": "mosm|mOsmol|mosmol|milliosmole|milliosmoles",
    "kg": "Kilogramm|kilogramm|kgs|kilo|kilos|kilogram|kilograms|Kg|KG|KGS|Kgs|Kilograms|Kilogram",
    "lb": "lbs|pound|pounds|LB|LBS|Lbs|Lb",
    "m2": "m\u00b2|sqm",
    "mL": "mls|mLs|cm3|cm\u00b3|Milliliter",
    "s": "secs|Sek|Sekunden",
    "min": "mins|Min|Minute|Minuten|minuten|minuut|minuti|minutos",
    "h": "hrs|Std|Stunde|Stunden|heure|heures|uur|ora|ore|hora|horas|timmar",
    "day": "d|Tag|Tage|jour|jours|dag|dagen|giorno|giorni|d\u00eda|d\u00edas",
    "cm": "centimetre|centimetres|centimeter|centimeters",
}


def _by_spelling(table: Mapping[str, str]) -> dict[str, str]:
    """Return the word of each spelling; every word spells itself."""
    return {spelling: word for word, others in table.items() for spelling in (word.lower(), *others.split("|"))}


_NO_ROUTES: Final = "misc|miscellaneous|does not apply|see admin instructions|injection|inj"
"""Written for a route, and none: as one that is not stated it is a matter of the drug."""

ROUTE_OF: Final = _by_spelling(_ROUTES) | dict.fromkeys(_NO_ROUTES.split("|"), "")
"""The route of each spelling, in small letters; empty where a column says none."""

KIND_OF: Final = _by_spelling(_KINDS) | dict.fromkeys(_PHASES.split("|"), "")
"""The kind of each spelling, in small letters; empty for a phase, which leaves the kind to route and fields."""

UNIT_OF: Final = {spelling: name for name, others in _UNITS.items() for spelling in others.split("|")}
"""The unit of each other spelling than its own, in the letters in which it has one reading: `MG` and `Mg` have two."""

_ANSWERS: Final[Mapping[str, str]] = {
    "yes": "y|true|1|ja|oui|si|s\u00ed",
    "no": "n|false|0|none|nil|nein|non|nee|nej|kein|keine|aucun|aucune|geen|ninguno",
}

_OF_TWO_READINGS: Final = frozenset({"mu", "munit", "munits", "m", "u"})
UNIT_OF_CAPITALS: Final = {
    spelling.casefold(): name for spelling, name in UNIT_OF.items() if spelling.casefold() not in _OF_TWO_READINGS
}
"""The same in small letters, by which a record of capitals is read; `MU` may be a million units or a thousandth."""

ANSWER_OF: Final = _by_spelling(_ANSWERS)
"""`yes` or `no` for each way in which a record writes one of them, in small letters."""

NOT_APPLICABLE: Final = frozenset({"n/a", "na", "n.a.", "not applicable"})
"""That a question does not arise: no for what is given or not, and no answer on the state of a patient."""

NOT_KNOWN_YET: Final = frozenset(
    {
        "pending",
        "unknown",
        "not available",
        "not known",
        "not done",
        "not tested",
        "awaited",
        "ausstehend",
        "en attente",
    }
)
"""Of a laboratory value: it is not given."""

_AT_FIXED_TIMES: Final = (
    "-|\u2013|\u2014|scheduled|not prn|non-prn|non prn|not as needed|regular|routine|fixed|fixed times|at fixed times|"
    "around the clock"
)
AT_FIXED_TIMES: Final = frozenset(("", *_AT_FIXED_TIMES.split("|"))) | NOT_APPLICABLE
"""What the field `prn` holds beside a no where an order is not given as needed."""

_OFTEN: Final[Mapping[str, str]] = {
    "every morning": (
        "qam|q am|om|o.m.|q.a.m.|in am|in the am|morgens|fr\u00fch|fr\u00fchmorgens|le matin|'s morgens|"
        "ochtend|al mattino|"
        "por la ma\u00f1ana|p\u00e5 morgonen|ac breakfast|before breakfast|with breakfast|after breakfast|pc breakfast|"
        "every am|each am|daily am|daily in am|q a.m.|matin"
    ),
    "every evening": "qpm|q pm|q.p.m.|in pm|in the pm|abends|le soir|'s avonds|la sera|por la noche|"
    "with dinner|every pm|q p.m.|soir",
    "nightly": "qhs|q.h.s.|on|o.n.|zur nacht|nachts|au coucher|voor de nacht",
    "daily": (
        "per day|per diem|/d|/day|/j|/jour|/tag|par jour|pro tag|per dag|dagelijks|quotidien|quotidiennement|o.d.|"
        "mon-sun|every day of the week|t\u00e4glich|taeglich|t\u00e4gl.|t\u00e4gl|tgl.|tgl|di\u00e1rio|"
        "diario|giornaliero|dagligen"
    ),
    "once": (
        "einmalig|sofort|sofort einmalig|dose unique|une seule fois|eenmalig|dosis \u00fanica|\u00fanica|unica|"
        "dose unica|immediatamente|imm\u00e9diatement|eng\u00e5ngsdos|une fois|1 fois|einmal|1-mal|1 mal|una vez|"
        "1 vez|una volta|1 volta|eenmaal|en g\u00e5ng|1 g\u00e5ng"
    ),
    "2 times daily": (
        "matin et soir|matin, soir|morgens und abends|fr\u00fch und abends|morgens, abends|mattina e sera|"
        "ma\u00f1ana y noche|'s morgens en 's avonds|am and pm|am & pm|am/pm"
    ),
    "as needed": (
        "si besoin|bei bedarf|b. bed.|b.bed.|bb|b.b.|i.b.|bedarf|zo nodig|al bisogno|si precisa|si n\u00e9cessaire|"
        "vid behov|a demanda"
    ),
}
OFTEN_OF: Final = {spelling: word for word, others in _OFTEN.items() for spelling in others.split("|")}
"""How often, for each word that says so alone in its field, in small letters."""

_COUNTS: Final = (
    "ein|eine|einmal|un|une|uno|una|een|en|1",
    "zwei|zweimal|deux|due|dos|twee|tv\u00e5|2",
    "drei|dreimal|trois|tre|tres|drie|3",
    "vier|viermal|quatre|quattro|cuatro|fyra|4",
)
COUNT_OF: Final = {word: count for count, words in enumerate(_COUNTS, start=1) for word in words.split("|")}
"""How many times, for each word of a count."""

PUSHED: Final = frozenset(each for each in ROUTE_OF if each.endswith(("push", "bolus", "ivp", "iv injection")))
"""Routes that say as well that a dose is pushed."""

DRIPPED: Final = frozenset(
    each
    for each in ROUTE_OF
    if each.endswith(("ivpb", "piggyback", "infusion", "drip", "civi", "perfusor", "iv cont")) or "continuous" in each
)
"""Routes that say as well that a dose is infused."""


_ENDLESS: Final = (
    "until discontinued|until stopped|until further notice|until further order|until d/c|continuous|continuously|"
    "ongoing|indefinite|indefinitely|open-ended|open ended|no end"
)
ENDLESS: Final = frozenset(_ENDLESS.split("|"))
"""Of a run time or a stop: none is ordered, which is another matter than one that cannot be read."""


AT_ONCE: Final = frozenset({"now", "stat", "immediately", "asap", "at once", "sofort"})
"""Of a start: no time from the infusion on, and none of the clock; it is judged as one that is not stated."""

_QUALIFIERS: Final[Mapping[str, str]] = {
    "weight": (
        "actual|measured|dosing|current|today|actual body weight|actual weight|body weight|abw|tbw|est|estimated|"
        "stated|reported|bed scale|bedscale|scale|standing scale|bed|by history|per patient|per family|admission|"
        "on admission|documented|gesch\u00e4tzt|gemessen|estim\u00e9"
    ),
    "rate": "iv|i.v.|abw|tbw|actual body weight|actual weight|body weight|continuous|infusion",
    "amount": "iv|i.v.|po|p.o.|base|elemental",
    "strength": (
        "premix|premixed|premixed bag|premix bag|bag|vial|solution|infusion bag|syringe|premade|iv|ready to use|"
        "final concentration|final|standard|standard concentration"
    ),
    "time": "then stop|and stop|then off|max|maximum|only|total|in total",
}
QUALIFIERS: Final = {of: frozenset(others.split("|")) for of, others in _QUALIFIERS.items()}
"""What stands behind a quantity and changes nothing of it, by what is measured; `ideal` of a weight would."""


_KINDS_IN_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("infusion", "drip", "perfusor", "dauerinfusion", "kurzinfusion", "perfusion", "pump"), "infusion"),
    **dict.fromkeys(("bolus", "push", "bolusgabe"), "bolus"),
}
_BESIDE_A_KIND: Final = frozenset(
    (
        *("continuous", "kontinuierlich", "titrated", "titratable", "maintenance", "load", "loading", "dose", "gabe"),
        *("initial", "fixed", "rate", "weight", "based", "iv", "intravenous", "slow", "rapid", "standard", "cont"),
    )
)
_WORDS: Final = re.compile(r"[^\W\d_]+")


def kind_of(text: str) -> str | None:
    """Return the kind that a text spells, empty for a phase, None where it is not read.

    Of words that no spelling joins, the one that names a kind says it, where all others say what it is for.

    >>> kind_of("drip (titrated)"), kind_of("weight-based infusion"), kind_of("bolus and infusion"), kind_of("stat")
    ('infusion', 'infusion', None, '')
    """
    words = folded(text)
    if words in KIND_OF:
        return KIND_OF[words]
    found = _WORDS.findall(_DOTTED.sub(r"\1\2", words))
    named = {_KINDS_IN_WORDS[each] for each in found if each in _KINDS_IN_WORDS}
    is_plain = all(each in _KINDS_IN_WORDS or each in _BESIDE_A_KIND for each in found)
    return named.pop() if len(named) == 1 and is_plain and not any(map(str.isdigit, words)) else None


def folded(text: str) -> str:
    """Return a word as the table writes it: small letters, single spaces."""
    return " ".join(text.lower().split())


def route_spellings(text: str) -> tuple[str, ...]:
    """Return how the table spells each route of a text, with its alternatives; none where one of them is not read.

    Brackets, a point at the end, how fast, and where on the body or by what, fold away, and nothing else: `IV (never
    IT)` is no route.

    >>> route_spellings("IV (peripheral)"), route_spellings("PO/NGT"), route_spellings("IV or by magic")
    (('iv peripheral',), ('po', 'ngt'), ())
    >>> route_spellings("slow IV"), route_spellings("IM (deltoid)"), route_spellings("SubQ injection")
    (('iv',), ('im',), ('subq',))
    """
    spelling = _spelling(text)
    if spelling:
        return (spelling,)
    parts = tuple(_spelling(each) for each in _ALTERNATIVES.split(text))
    return parts if all(parts) else ()


def routes_of(text: str) -> tuple[str, ...]:
    """Return the routes that a text leaves to choose from, each once; ways into the gut are one, by mouth before all.

    >>> routes_of("PO/NG"), routes_of("PR or per NGT"), routes_of("IV/IM"), routes_of("unknown")
    (('PO',), ('NG',), ('IV', 'IM'), ())
    """
    found = tuple(dict.fromkeys(ROUTE_OF[each] for each in route_spellings(text)))
    return tuple(sorted(found, key=_BY_MOUTH_FIRST.index)[:1]) if set(found) <= set(_BY_MOUTH_FIRST) else found


_BY_MOUTH_FIRST: Final = ("PO", "NG", "PR")
INTO_GUT: Final = frozenset((*_BY_MOUTH_FIRST, "SL"))
"""The routes of what is swallowed, or given where no needle is."""


def _spelling(text: str) -> str:
    words = _DOTTED.sub(r"\1\2", folded(text).removesuffix(" (qualifier value)"))
    bare = [each for each in words.translate(_BRACKETS).rstrip(".").split() if each not in _BEFORE_A_LINE]
    rest = [each for each in bare if each not in _BESIDE_A_ROUTE]
    twice = _said_twice(words)
    return next((each for each in (words, " ".join(bare), " ".join(rest), twice) if each in ROUTE_OF), "")


_DOTTED: Final = re.compile(r"\b([a-z])\. ?([a-z])\.?(?![a-z.])")
"""A route by its initials: `i.v.`, also with a blank."""
_TWICE: Final = re.compile(r"([^()]{2,60}?) ?\(([^()]{2,60})\)")


def _said_twice(words: str) -> str:
    """Return the spelling of a route that brackets repeat: `intravenous (IV)`."""
    match = _TWICE.fullmatch(words)
    both = (ROUTE_OF.get(match[1]), ROUTE_OF.get(match[2])) if match is not None else (None, None)
    return match[1] if match is not None and both[0] and both[0] == both[1] else ""


_BRACKETS: Final = str.maketrans("()[]", "    ")
_BEFORE_A_LINE: Final = frozenset({"via", "per", "by", "through", "the", "a"})
_BESIDE_A_ROUTE: Final = frozenset(
    (
        *(
            "slow",
            "slowly",
            "rapid",
            "rapidly",
            "inj",
            "injection",
            "deltoid",
            "thigh",
            "gluteal",
            "abdomen",
            "forearm",
        ),
        *("microcatheter", "spacer", "tube", "chewed", "push-dose", "syringe"),
    )
)
"""How fast, where on the body and by what: the route is the word beside it."""
_ALTERNATIVES: Final = re.compile(r"/|,|;|\bor\b", re.IGNORECASE)
