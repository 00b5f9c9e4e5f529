"""Words by which a clause gives a drug without a number that is read: how fast, how often, of how much.

In English, German and French, as orders and labels of wards write them.
"""

from __future__ import annotations

from typing import Final

from rescuecalc.core.orders.text.vocabulary import BAGS, SYRINGES, VIALS, one_of

SPEEDS: Final = (
    *(
        "freely",
        "wide[ -]open",
        "(?:run|running|fully) open",
        "free[ -]flow(?:ing)?",
        "gravity(?: drip)?",
        "full speed",
    ),
    *("as (?:fast|quick|quickly|rapidly) as (?:possible|it (?:goes|runs|will go))", "(?:at )?maximum (?:rate|speed)"),
    *("pressure (?:bag|infuser)", "under pressure", "squeez(?:e|ed|ing)(?: in)?", "rapid infus(?:er|ion)"),
    *("frei(?:er|em)?", "freilauf(?:end)?", "im schuss", "im sturz", "sturzinfusion", "schnellinfusion"),
    *("druckinfusion", "unter druck", "(?:mit )?voll(?:er|e)? (?:geschwindigkeit|pulle)", "schwerkraft"),
    *("so (?:schnell|rasch) wie m\u00f6glich", "schnellstm\u00f6glich", "voll offen", "ganz offen"),
    *("d\u00e9bit libre", "plein d\u00e9bit", "d\u00e9bit maximal", "aussi vite que possible", "(?:par )?gravit\u00e9"),
)
"""A rate without a number."""
_NUMBERS: Final = (
    "two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|hundred|zwei|drei|vier|f\u00fcnf|sechs|sieben|"
    "acht|neun|zehn|deux|trois|quatre|cinq|sept|huit|neuf|dix|[2-9]|[1-9][0-9]{1,2}"
)
MULTIPLES: Final = (
    *(
        "half",
        "halved?",
        "halving",
        "(?:a|one) (?:quarter|third|tenth)(?: of)?",
        "double[ds]?",
        "doubling",
        "triple[d]?",
    ),
    *("quadruple[d]?", rf"(?:{_NUMBERS})[ -]?fold"),
    *(rf"(?:{_NUMBERS})(?: times| ?[x\u00d7](?! ?[0-9(]))(?! (?:daily|a|per)\b)",),
    *("(?:twice|thrice)(?= (?:as|the|this|that|its)\\b)", "halb(?:e[nrs]?|iert|ieren)?", "h\u00e4lfte", "viertel"),
    *("doppelt(?:e[nrs]?)?", "verdoppel[nt]", r"(?:zwei|drei|vier|f\u00fcnf|zehn|hundert)fache?[nrs]?", "dreifach"),
    *("demi(?:e)?", "moiti\u00e9(?: de)?", "(?:le )?quart de", "doubler", "tripler", rf"(?:{_NUMBERS}) fois"),
)
"""A multiple or a share of a dose or a rate."""
_CONTAINER: Final = one_of(BAGS, VIALS, SYRINGES, "infusomaten", "pumps", "pumpen", "pompes")
COUNTED: Final = (
    (
        rf"(?<![0-9][.,/])(?<![0-9] of )(?:(?:0\.)?(?:{_NUMBERS})|both|several|mehrere|plusieurs) "
        rf"(?:full |whole |ganze |volle )?{_CONTAINER}(?!\.? (?:of|x|\u00e0|zu) ?[0-9])"
    ),
    rf"(?:another|noch ein(?:e|en)?|une? autre) {_CONTAINER}",
    rf"(?:halbe[rn]?|ganze[rn]?|volle[rn]?|demi-|toute la|la moiti\u00e9 de la) ?{_CONTAINER}",
    "(?:two|2|zwei|deux|three|3|drei|trois) (?:portions|halves|portionen|teilen|fois)",
)
"""Several containers, or so much of one."""
UNDILUTED: Final = ("unverd\u00fcnnt", "undiluted", "neat", "non dilu\u00e9e?", "sans dilution")
"""As it comes out of its vial."""
LASTING: Final = (
    *("over", "within", "in", "every", "each", "q", "lasts?(?: for)?"),
    *("is empty (?:in|after)", "empt(?:y|ies) (?:in|after)", "changed? every", "changes every"),
    *("\u00fcber", "l\u00e4uft(?: in| \u00fcber)?", "reicht(?: f\u00fcr)?", "h\u00e4lt", "alle", "leer (?:in|nach)"),
    *("wechsel(?:n)? alle", "sur", "en", "dure", "toutes les"),
)
"""Between a container and the time in which it is emptied."""
_NAMED: Final = r"(?! [1-9](?![0-9.]))"
"""Behind a device: no number by which it is told from others, as `pump 3`."""
SETTINGS: Final = (
    *("vtbi", "(?:total )?volume", "total", "(?:pump |flow |infusion )?rate", rf"pump{_NAMED}", "dose", "draw(?: up)?"),
    *("laufrate", "infusionsrate", "f\u00f6rderrate", rf"(?:pumpe|perfusor){_NAMED}", "(?:gesamt)?volumen", "dosis"),
    "aufziehen",
    *("d\u00e9bit", rf"(?:pompe|seringue \u00e9lectrique){_NAMED}", "vitesse", "volume total"),
)
"""What a number behind it sets: a pump, or how much is drawn up."""
_GIVING: Final = (
    "please give given giving gives run running runs let it this that is in at on with from for by and then the a an "
    "to of per via use used using now stat go goes set take draw up drawn push inject infuse infused infusing "
    "administer administered start rate rates dose doses dosing speed flow drip pump pumps iv as quickly fast faster "
    "amount drug bolus infusion ordered prescribed full whole ml nurse open hang hung bag bags vial vials "
    "syringe syringes ampoule ampoules increase increased raise raised reduce total over vtbi volume "
    "bitte geben gegeben verabreichen laufen laufend lassen l\u00e4uft einlaufen durchlaufen mit der die das "
    "den dem des im auf \u00fcber von und dann eine einen einer ein als dosis laufrate geschwindigkeit pumpe perfusor "
    "beutel flasche ampulle ampullen spritze spritzen aufziehen aufgezogen tropf infusionsrate stellen einstellen "
    "gestellt sofort strahl langsam schnell schneller injizieren kurzinfusion dauerinfusion "
    "erh\u00f6hen reduzieren menge gesamte gesamten "
    "donner administrer perfuser passer en \u00e0 au aux la le les du de et puis par sur d\u00e9bit vitesse perfusion "
    "poche poches flacon flacons seringue seringues pompe r\u00e9gler mettre"
)
GIVING: Final = frozenset(_GIVING.split())
"""Words that a clause may hold besides, of nothing but giving a drug."""
