"""A pattern that asks first for the words that it needs finds what it finds without doing so, in any text."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.needed_words import needed
from tests.support import lazy_patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

OFTEN: Final = 110
"""Texts after which a pattern surely asks for its words first."""


@lru_cache(maxsize=1)
def patterns() -> tuple[re.Pattern[str], ...]:
    """Return every pattern of the package that is compiled when it first reads something."""
    return tuple(re.compile(each.pattern, each.flags) for each in lazy_patterns())


def corpus_lines() -> Iterator[str]:
    """Yield lines of the orders with which the rules are tested."""
    folder = Path(__file__).parent
    for path in (*(folder / "orders").glob("*/*/*.yaml"), *(folder / "hospital" / "written").glob("*")):
        yield from path.read_text("utf-8", errors="replace").splitlines()[:40]


_needed = lru_cache(maxsize=None)(needed)


def _holds(text: str, pattern: re.Pattern[str]) -> bool:
    folded = text.lower() if pattern.flags & re.IGNORECASE else text
    return any(word in folded for word in _needed(pattern))


def test_most_patterns_need_a_word() -> None:
    found = [each for each in patterns() if _needed(each)]
    assert len(found) > 100
    assert len(found) > len(patterns()) / 2


@pytest.mark.long
@settings(max_examples=10)
@given(st.data())
def test_what_a_pattern_finds_holds_a_word_that_it_needs(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from([each for each in patterns() if _needed(each)]))
    text = data.draw(st.from_regex(pattern))
    assert _holds(text, pattern) or (not text.isascii() and pattern.flags & re.IGNORECASE)


def test_no_text_of_the_corpora_is_left_in_which_a_pattern_finds_something() -> None:
    texts = [each for each in dict.fromkeys(corpus_lines()) if each.isascii()][::4]
    assert len(texts) > 100
    missed = (
        (each.pattern, text)
        for each in patterns()
        if _needed(each)
        for text in texts
        if each.search(text) is not None and not _holds(text, each)
    )
    assert list(missed) == []


@pytest.mark.parametrize(
    ("pattern", "flags", "words"),
    [
        (r"\b(?:up)?titrat\w*|\bgo up\b", re.IGNORECASE, {"titrat", "go up"}),
        (r"(?:ha?emo)?dialysis", 0, {"dialysis"}),
        (r"[dD]/[cC]", 0, {"D/C", "D/c", "d/C", "d/c"}),
        (r"[dD]/[cC]", re.IGNORECASE, {"d/c"}),
        (r"(?:stop|hold)(?!ing)s? for", 0, {" for"}),
        (r"(?i:stop) it|halt", 0, {" it", "halt"}),
        (r"(?:stop)+", 0, {"stop"}),
        (r"@ ?[0-9]", 0, {"@"}),
        ("\u00b5g", re.IGNORECASE, set()),
        (r"(?:stop)?", 0, set()),
        (r"stop|[a-z]+", 0, set()),
        (r"[^s]|(?:stop){0,3}", 0, set()),
        (r"a ?[0-9]", 0, set()),
        (r"(?=stop)\w+", 0, set()),
    ],
)
def test_the_words_that_a_pattern_needs(pattern: str, flags: int, words: set[str]) -> None:
    assert needed(re.compile(pattern, flags)) == words


def _found(pattern: re.Pattern[str], text: str, *span: int) -> list[Any]:
    first = pattern.search(text, *span)
    return [
        first and first.span(),
        [each.span() for each in pattern.finditer(text, *span)],
        pattern.findall(text, *span),
    ]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Stop the drip, STOP it", ()),
        ("stop", (1,)),
        ("the stop of it", (4, 8)),
        ("go on", ()),
        ("", ()),
        ("\u017ftop the drip", ()),  # a long s, which is an s in any letters
        ("5 \u212ag, \u017f \u00b5g", ()),
    ],
)
def test_a_pattern_that_was_often_asked_finds_the_same(text: str, span: tuple[int, ...]) -> None:
    for words, flags in ((r"\bstops?\b", re.IGNORECASE), (r"\bstops?\b", 0), ("[0-9] kg", re.IGNORECASE)):
        often = lazy_pattern(words, flags)
        for _ in range(OFTEN):
            often.search("nothing of the kind")
        assert _found(often, text, *span) == _found(re.compile(words, flags), text, *span)
