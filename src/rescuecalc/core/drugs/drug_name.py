"""Names that drugs go by: brands and abbreviations, each with the one name that orders are judged under."""

import re
from functools import lru_cache
from typing import Final

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

_OTHER: Final = {
    "acetylsalicylic acid": "aspirin",
    **dict.fromkeys(("acetylsalicyls\u00e4ure", "ass", "aas", "acide ac\u00e9tylsalicylique"), "aspirin"),
    **dict.fromkeys(("\u00e1cido acetilsalic\u00edlico", "acido acetilsalicilico"), "aspirin"),
    **dict.fromkeys(
        ("aspisol", "aspegic", "asp\u00e9gic", "kardegic", "kard\u00e9gic", "asaphen", "resitune"), "aspirin"
    ),
    **dict.fromkeys(("acide acetylsalicylique", "cardioaspirin", "aspirine", "aspirina"), "aspirin"),
    **dict.fromkeys(("enoxaparine", "\u00e9noxaparine"), "enoxaparin"),
    "iscover": "clopidogrel",
    "eptifibatid": "eptifibatide",
    **dict.fromkeys(("tirofibanhydrochlorid", "tirofiban-hydrochlorid", "tirofib\u00e1n"), "tirofiban"),
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

_SALTS: Final = frozenset(
    (
        *("sodium", "potassium", "magnesium", "calcium", "hydrochloride", "hcl", "monohydrate", "bisulfate"),
        *("hydrogensulfate", "besylate", "tartrate", "bitartrate", "acetate"),
    )
)
_FORMS: Final = frozenset(
    (
        *("infusion", "drip", "bolus", "injection", "iv", "ia", "po", "pr", "oral", "tablet", "tablets", "chewable"),
        *("ec", "enteric-coated", "suppository", "load", "loading", "dose", "maintenance", "premix", "premixed", "bag"),
        *("vial", "concentrate", "solution", "rescue", "perfusor", "gtt", "mr", "er", "xr", "sr", "tablette"),
        *(
            "tabletten",
            "filmtablette",
            "filmtabletten",
            "infusionsl\u00f6sung",
            "injektionsl\u00f6sung",
            "kurzinfusion",
        ),
    )
)
_NO_DRUG: Final = frozenset(
    (
        *(
            "and",
            "plus",
            "with",
            "or",
            "und",
            "et",
            "e",
            "y",
            "+",
            "&",
            "flush",
            "lock",
            "no",
            "non",
            "not",
            "hold",
            "stop",
        ),
        *("avoid", "without", "after", "before", "allergy", "free", "check", "level", "resistance", "test", "assay"),
        *("for", "reversal", "reverse", "protamine", "molecular", "molecular-weight", "antagonist"),
    )
)
"""Words of a name that is of two drugs, of none, or of what rinses a line."""
_PARTS: Final = re.compile(r"[_:*]+|-(?![a-z]{2,20}(?:ed|ing|free|like)\b)")
_REST: Final = re.compile(
    r"[(,;\[]| [0-9]| - |-(?=[0-9.]{1,5} ?%)|-(?=(?:hcl|hydrochloride)\b)|"
    r" in (?=[0-9.]{1,5} ?%|(?:sodium|saline|dextrose|glucose|ns|nacl|d5w|normal)\b)"
)
"""Where the name ends: its salt, what it is dissolved in, and how much of it there is stand behind."""
_SALT_OF: Final = re.compile(r"^(?:chlorhydrate de |clorhidrato de |cloridrato di )")


@lru_cache(maxsize=4096)
def drug_name(text: str) -> str:
    """Return the name that an order of ``text`` is judged under: ``tirofiban infusion`` is tirofiban.

    What is said of salt, form or strength behind the name is left out; a name of these words alone is kept. Beside a
    drug whose doses or dangers are known any other word is left out too.

    >>> drug_name("Heparin sodium"), drug_name("Aggrastat (tirofiban) 12.5 mg"), drug_name("potassium chloride")
    ('heparin', 'tirofiban', 'potassium chloride')
    """
    words = _SALT_OF.sub("", " ".join(text.lower().split()))
    named = _named(words)
    if named is not None:
        return named
    plain = (_REST.split(words, maxsplit=1)[0] or words).split()
    while len(plain) > 1 and plain[-1] in _SALTS | _FORMS:
        plain.pop()
    short = " ".join(plain)
    return _named(short) or _known_in(short) or short or words


def _known_in(name: str) -> str | None:
    """Return the one drug that a name of several words names, whatever form, maker or ward stands beside it.

    Who writes `CLOPIDOGREL TAB` orders clopidogrel. None of a name of two drugs, or of what is none.
    """
    parts = [part for each in name.split() for part in ((each,) if _named(each) else _PARTS.split(each)) if part]
    known = {drug for each in parts if (drug := _named(each) or each) in KNOWN}
    is_other = [name] == parts or "/" in name or not _NO_DRUG.isdisjoint(parts)
    return known.pop() if len(known) == 1 and not is_other else None


def _named(words: str) -> str | None:
    return BRANDS.get(words) or ABBREVIATIONS.get(words) or _OTHER.get(words)


@lru_cache(maxsize=100)
def names_of(drug: str) -> tuple[str, ...]:
    """Return all names of one word, in small letters, that an order is judged under ``drug`` by.

    >>> names_of("tirofiban")[:2]
    ('aggrastat', 'tirofiban')
    """
    others = (name for table in (BRANDS, ABBREVIATIONS, _OTHER) for name in table)
    return tuple(sorted({drug, *(name for name in others if drug_name(name) == drug and " " not in name)}))
