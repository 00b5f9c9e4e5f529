"""Names that drugs go by: brands and abbreviations, each with the one name that orders are judged under."""

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
    "tirofiban hcl": "tirofiban",
    "tirofiban hydrochloride": "tirofiban",
    "tirofiban hydrochloride monohydrate": "tirofiban",
    "acetylsalicylic acid": "aspirin",
    "clopidogrel bisulfate": "clopidogrel",
}

KNOWN: Final = frozenset((*BRANDS.values(), "aspirin", "heparin", "argatroban"))
"""Drugs whose near miss is taken for a slip of the pen."""


def drug_name(text: str) -> str:
    """Return the name that an order of ``text`` is judged under: ``Aggrastat`` is tirofiban."""
    words = " ".join(text.lower().split())
    return BRANDS.get(words) or ABBREVIATIONS.get(words) or _OTHER.get(words) or words
