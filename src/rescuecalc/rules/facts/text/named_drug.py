"""The drug that a word of a text names, and the one that a text names first or last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.text import dose_words as words

if TYPE_CHECKING:
    from rescuecalc.rules.base.knowledge import Knowledge


def named_drug(word: str, knowledge: Knowledge) -> str:
    """Return the drug that a word names; of one that only ends like a drug's name, the word."""
    name = drug_name(word)
    if name in knowledge.drugs or knowledge.drug_class(name) is not None:
        return name
    return name if name != word.lower() or words.DRUG_STEM.fullmatch(word) is not None else ""


def last_drug(text: str, knowledge: Knowledge) -> str:
    """Return the drug that a text names last, or an empty text."""
    return next((each for word in reversed(words.NAME.findall(text)) if (each := named_drug(word, knowledge))), "")


def first_drug(text: str, knowledge: Knowledge) -> str:
    """Return the drug that the first words of a text name, or an empty text."""
    return next((each for word in words.NAME.findall(text)[:3] if (each := named_drug(word, knowledge))), "")
