"""Names that drugs go by: brands and abbreviations, each with the one name that orders are judged under."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from rescuecalc.core.drugs.name_words import BESIDE, BETWEEN, FORMS, SALTS

BRANDS: Final = {
    "aggrastat": "tirofiban",
    "integrilin": "eptifibatide",
    "reopro": "abciximab",
    "plavix": "clopidogrel",
    "brilinta": "ticagrelor",
    "brilique": "ticagrelor",
    "effient": "prasugrel",
    "efient": "prasugrel",
    "kengreal": "cangrelor",
    "kengrexal": "cangrelor",
    "activase": "alteplase",
    "actilyse": "alteplase",
    "tnkase": "tenecteplase",
    "metalyse": "tenecteplase",
    "lovenox": "enoxaparin",
    "clexane": "enoxaparin",
    "fragmin": "dalteparin",
    "arixtra": "fondaparinux",
    "eliquis": "apixaban",
    "xarelto": "rivaroxaban",
    "pradaxa": "dabigatran",
    "lixiana": "edoxaban",
    "savaysa": "edoxaban",
    "coumadin": "warfarin",
    "prilosec": "omeprazole",
    "nexium": "esomeprazole",
    "toradol": "ketorolac",
    "marcumar": "phenprocoumon",
    "marcoumar": "phenprocoumon",
    "sintrom": "acenocoumarol",
    "jantoven": "warfarin",
    "innohep": "tinzaparin",
    "fraxiparine": "nadroparin",
    "angiomax": "bivalirudin",
    "pletal": "cilostazol",
    "persantine": "dipyridamole",
    "ticlid": "ticlopidine",
    "zontivity": "vorapaxar",
    "ecotrin": "aspirin",
    "aspirin protect": "aspirin",
    "retavase": "reteplase",
    "valium": "diazepam",
    "diazemuls": "diazepam",
}
"""Brand names, in small letters, with the drug."""

ABBREVIATIONS: Final = {
    "asa": "aspirin",
    "tpa": "alteplase",
    "t-pa": "alteplase",
    "rtpa": "alteplase",
    "rt-pa": "alteplase",
    "tnk": "tenecteplase",
    "tnk-tpa": "tenecteplase",
    "tnktpa": "tenecteplase",
    "mso4": "morphine sulfate",
    "mgso4": "magnesium sulfate",
    "noac": "direct oral anticoagulant",
    "hctz": "hydrochlorothiazide",
    "ms": "morphine sulfate",
    "nitro": "nitroglycerin",
}
"""Abbreviations, in small letters, with what they stand for."""

OTHER_NAMES: Final = {
    "acetylsalicylic acid": "aspirin",
    **dict.fromkeys(("ass", "aas", "aspirine", "aspirina", "aspisol", "aspegic", "kardegic", "resitune"), "aspirin"),
    **dict.fromkeys(("asaphen", "cardioaspirin", "cardioaspirina", "godamed", "herz-ass", "thrombo ass"), "aspirin"),
    **dict.fromkeys(("acetylsalicyls\u00e4ure", "acetylsalicylsaure", "acetylsalicylsaeure"), "aspirin"),
    **dict.fromkeys(("azetylsalizyls\u00e4ure", "azetylsalizylsaure", "azetylsalizylsaeure"), "aspirin"),
    **dict.fromkeys(("acide acetylsalicylique", "acido acetilsalicilico", "acidum acetylsalicylicum"), "aspirin"),
    **dict.fromkeys(("acetylsalicylzuur", "acetylsalicylsyra", "acetylsalisylsyre"), "aspirin"),
    **dict.fromkeys(("tirofibanhydrochlorid", "tirofiban-hydrochlorid", "tirofib\u00e1n", "tirofibano"), "tirofiban"),
    **dict.fromkeys(("eptifibatid", "eptifibatida", "eptifibatidum"), "eptifibatide"),
    **dict.fromkeys(("iscover", "clopidogrelhydrogensulfat", "clopidogrelbesilat", "clopidogrelum"), "clopidogrel"),
    **dict.fromkeys(("ticagr\u00e9lor", "ticagrelorum", "possia"), "ticagrelor"),
    **dict.fromkeys(("prasugrelum", "prasugrelhydrochlorid"), "prasugrel"),
    **dict.fromkeys(("cangr\u00e9lor", "cangrelorum"), "cangrelor"),
    **dict.fromkeys(("alt\u00e9plase", "alteplasa", "alteplas", "alteplasum", "alteplasi"), "alteplase"),
    **dict.fromkeys(("t\u00e9nect\u00e9plase", "tenecteplasa", "tenecteplas", "tenecteplasum"), "tenecteplase"),
    **dict.fromkeys(("enoxaparine", "enoxaparina", "enoxaparinum"), "enoxaparin"),
    **dict.fromkeys(("heparine", "heparina", "heparinum"), "heparin"),
    **dict.fromkeys(("omeprazol", "omeprazolo"), "omeprazole"),
    **dict.fromkeys(("esomeprazol", "esomeprazolo"), "esomeprazole"),
    "cathflo activase": "cathflo",
    "lysine acetylsalicylate": "aspirin",
    "acetylsalicylate lysine": "aspirin",
    "lysine aspirin": "aspirin",
    "aspirin lysine": "aspirin",
    "kcl": "potassium chloride",
    "nacl": "sodium chloride",
    "ntg": "nitroglycerin",
    "levophed": "norepinephrine",
    "norepi": "norepinephrine",
    "cardene": "nicardipine",
    "cleviprex": "clevidipine",
    "precedex": "dexmedetomidine",
    "diprivan": "propofol",
    "dex": "dexmedetomidine",
    "ddavp": "desmopressin",
    "txa": "tranexamic acid",
    "cyklokapron": "tranexamic acid",
    **dict.fromkeys(("pcc", "4f-pcc", "kcentra", "beriplex", "octaplex"), "prothrombin complex concentrate"),
    "andexxa": "andexanet alfa",
    "praxbind": "idarucizumab",
    "ffp": "fresh frozen plasma",
}

KNOWN: Final = frozenset((*BRANDS.values(), "aspirin", "heparin", "argatroban"))
"""Drugs whose near miss is taken for a slip of the pen."""

LOOK_ALIKE: Final = (
    frozenset({"dopamine", "dobutamine"}),
    frozenset({"epinephrine", "norepinephrine"}),
    frozenset({"morphine", "hydromorphone"}),
    frozenset({"vincristine", "vinblastine"}),
)
"""Names that are taken for each other: beside one of them the other is no brand of it."""

_REST: Final = re.compile(
    r"[(,;\[]| [0-9]| - |-(?=[0-9.]{1,5} ?%)|-(?=(?:hcl|hydrochloride)\b)|"
    r" in (?=[0-9.]{1,5} ?%|(?:sodium|saline|dextrose|glucose|ns|nacl|d5w|normal)\b)"
)
"""Where the name ends: its salt, what it is dissolved in, and how much of it there is stand behind."""
_SALT_OF: Final = re.compile(r"^(?:chlorhydrate de |clorhidrato de |cloridrato di )")


_TOKEN: Final = re.compile(r"[a-z]+|[0-9]+")
_DOTTED: Final = re.compile(r"\b([a-z])\.? ?([a-z])\.(?![a-z])")
"""A route by its initials: `i.v.`."""
_JOINED: Final = re.compile(r"[/+&]|\b(?:and|plus|und|et)\b")
_FLUSHES: Final = re.compile(r"\b(?:flush|lock)\b")


@lru_cache(maxsize=4096)
def drug_name(text: str) -> str:
    """Return the name that an order of ``text`` is judged under: ``tirofiban infusion`` is tirofiban.

    What is said of salt, form or strength behind the name is left out; a name of these words alone is kept. Of a drug
    whose doses may be known, words of form, route, company or use are left out wherever they stand. A name that holds
    two drugs is none of them.

    >>> drug_name("Heparin sodium"), drug_name("Aggrastat (tirofiban) 12.5 mg"), drug_name("potassium chloride")
    ('heparin', 'tirofiban', 'potassium chloride')
    >>> drug_name("CLOPIDOGREL TAB 75 MG"), drug_name("baby aspirin"), drug_name("aspirin/omeprazole")
    ('clopidogrel', 'aspirin', 'aspirin/omeprazole')
    """
    words = _SALT_OF.sub("", " ".join(text.lower().split()))
    named = _named(words) or _unaccented(words)
    if named is not None:
        return named
    plain = (_REST.split(words, maxsplit=1)[0] or words).split()
    while len(plain) > 1 and plain[-1] in SALTS | FORMS:
        plain.pop()
    short = " ".join(plain)
    found = _named(short) or short or words
    if " " not in words and words.isalpha():
        return found
    return _among_words(words, found)


def _among_words(words: str, found: str) -> str:
    """Return the drug of a name of several words, else what was ``found`` at its beginning."""
    plain = without_accents(words)
    if is_joined(words):
        return _without_strengths(words)
    if found == "heparin" and _FLUSHES.search(plain) is not None:
        return "heparin flush"
    drugs = _held(plain)
    if found in KNOWN or len(drugs) != 1:
        return found
    rest = _TOKEN.findall(_DOTTED.sub(r"\1\2 ", _names().sub(" ", plain)))
    is_form = all(each in BESIDE or each in BETWEEN or each.isdigit() for each in rest)
    return drugs.pop() if is_form and (not rest or rest[-1] not in BETWEEN) else found


def _held(plain: str) -> set[str]:
    return {drug_name(each[0]) for each in _names().finditer(plain)}


def is_joined(text: str) -> bool:
    """Return whether a name joins two drugs: `aspirin 25 MG / dipyridamole 200 MG`, and not a drug and its brand."""
    plain = without_accents(text.lower())
    return _JOINED.search(plain) is not None and len(_held(plain)) > 1


_STRENGTH: Final = re.compile(r" ?[0-9][0-9.,]{0,8} ?(?:mg|mcg|g|ml)\b")


def _without_strengths(words: str) -> str:
    """Return the name of a combination without the strengths of its parts, which its doses say."""
    plain = " ".join(_STRENGTH.sub(" ", words).split())
    parts = plain.replace(" /", "/").replace("/ ", "/").split()
    while parts and parts[-1] in BESIDE | FORMS:
        parts.pop()
    return " ".join(parts).strip(" /+&-") or words


def without_accents(text: str) -> str:
    """Return a text without the accents of its letters.

    >>> without_accents("\u00e9noxaparine")
    'enoxaparine'
    """
    if text.isascii():
        return text
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


@cache
def _names() -> re.Pattern[str]:
    """Return the pattern of every name of a drug whose near miss is a slip of the pen, the longest first."""
    tables = {**BRANDS, **ABBREVIATIONS, **OTHER_NAMES}
    names = {without_accents(name) for name, drug in tables.items() if drug in KNOWN} | KNOWN
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, longest))})(?![a-z])")


def _unaccented(words: str) -> str | None:
    """Return the drug of a name that only its accents make another word: `H\u00e9parine`."""
    plain = without_accents(words)
    return None if plain == words else _named(plain) or (plain if plain in KNOWN else None)


def _named(words: str) -> str | None:
    return BRANDS.get(words) or ABBREVIATIONS.get(words) or OTHER_NAMES.get(words)


@lru_cache(maxsize=100)
def names_of(drug: str) -> tuple[str, ...]:
    """Return all names of one word, in small letters, that an order is judged under ``drug`` by.

    >>> names_of("tirofiban")[:2]
    ('aggrastat', 'tirofiban')
    """
    others = (name for table in (BRANDS, ABBREVIATIONS, OTHER_NAMES) for name in table)
    return tuple(sorted({drug, *(name for name in others if drug_name(name) == drug and " " not in name)}))
