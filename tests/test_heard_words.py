"""What is told of a text without asking any pattern is never too little; what is not known of a text is not read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rescuecalc.core.orders import traced_text
from rescuecalc.core.orders.plain_numbers import plain_text
from rescuecalc.core.orders.traced_text import STOP, Rest, TracedText, sentences
from rescuecalc.core.quantities.heard_words import Hearing
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.pattern_nodes import ALPHABET, ANY
from rescuecalc.core.quantities.sentence import SENTENCE_STOP
from rescuecalc.core.quantities.traced import Untraceable
from tests.test_needed_words import corpus_lines, patterns

pytestmark = [pytest.mark.core, pytest.mark.usefixtures("own_patterns")]

HEAD = "tirofiban 750 mcg over 5 min"


@lru_cache(maxsize=1)
def listening() -> tuple[Hearing, tuple[tuple[int, re.Pattern[str]], ...]]:
    """Return all patterns of the package of which can be told what they may find, and where each stands."""
    hearing = Hearing()
    joined = [(hearing.join(each.pattern, each.flags), each) for each in patterns()]
    return hearing, tuple((place, each) for place, each in joined if place >= 0)


def ends_in_rest(pattern: re.Pattern[str], head: str, rest: str) -> bool:
    """Whether a pattern finds something that ends behind the stop, in the text or a sentence of it, in any letters."""
    text = f"{head}{STOP}{rest}"
    whole = any(match.end() > len(head) for each in (text, text.lower()) for match in pattern.finditer(each))
    parts = (part for each in (rest, rest.lower()) for part in re.split(SENTENCE_STOP, each))
    return whole or any(pattern.search(part) for part in parts)


def missed(head: str, rest: str) -> list[str]:
    hearing, every = listening()
    if not set(head + rest) <= ALPHABET:
        return []
    return [
        each.pattern for place, each in every if ends_in_rest(each, head, rest) and not hearing.hears(place, head, rest)
    ]


UNTOLD = (
    r"\A(?:(?P<power>(?:[x",
    r"[;\n]|[.,](?![0-9])|",
    r"^(?:(?:the|this|an?|p",
    r"\b(?:(?:no|not|never|",
    r"(?:\b(?:saline|sodium",
)
"""How the patterns begin that go past a stop; one more makes each row that is asked some ten times slower."""


@pytest.mark.long
def test_of_all_patterns_but_five_can_be_told_what_they_may_find() -> None:
    hearing = Hearing()
    untold = [each.pattern[:20] for each in patterns() if hearing.join(each.pattern, each.flags) < 0]
    assert sorted(untold) == sorted(each[:20] for each in UNTOLD)


@pytest.mark.long
def test_no_line_of_the_corpora_says_more_than_is_told() -> None:
    lines = [each for each in corpus_lines() if set(each) <= ALPHABET][::24]
    assert len(lines) > 30
    assert [found for line in lines for found in missed(HEAD, f" {line}")] == []


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(st.data())
def test_what_a_pattern_finds_is_told(data: st.DataObject) -> None:
    hearing, every = listening()
    place, pattern = data.draw(st.sampled_from(every))
    found = data.draw(st.from_regex(pattern))
    before, behind = (
        data.draw(st.sampled_from(["", " ", " x ", ". ", "\n"])),
        data.draw(st.sampled_from(["", " x", "; y"])),
    )
    rest = f"{before}{found}{behind}"
    if set(rest) <= ALPHABET and ends_in_rest(pattern, HEAD, rest):
        assert hearing.hears(place, HEAD, rest)


@pytest.mark.long
@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(st.sampled_from(["12", "7.5", "150", "80"]), st.data())
def test_a_number_is_told_like_any_other(number: str, data: st.DataObject) -> None:
    hearing, every = listening()
    place, pattern = data.draw(st.sampled_from(every))
    rest = f" {data.draw(st.from_regex(pattern))}"
    head = f"run at {number}"
    if set(rest) <= ALPHABET and ends_in_rest(pattern, head, rest):
        assert hearing.hears(place, f"run at {ANY}", rest)


@pytest.mark.parametrize(
    ("pattern", "rest", "heard"),
    [
        (r"\bhold\b", " hold if bleeding", True),
        (r"\bhold\b", " holding area", False),
        (r"\bHOLD\b", " hold", True),  # in any letters
        (r"(?<![0-9])12 ?h\b", " 2026-01-02 12 h", True),
        (r"[0-9]{5,6} mcg", " 123456 mcg", True),
        (r"a{12}b", f" {'a' * 12}b", True),
        (r"(?<=bed )[0-9]+", " bed 12", True),
        (r"(?<=bed )[0-9]+", " bay 12", False),
        (r"5 min;.* Adler", " signed by Adler", True),  # from before the stop
        (r"[0-9]+(?=mg|$)", " bed 12", True),
        (r"[0-9]+(?=mg|$)", " bed 12 north", False),
        (r"^Dr\b", "Dr Adler", True),  # a sentence is read by itself
        (r"Dr$", " Dr. Adler", True),
    ],
)
def test_what_is_told(pattern: str, rest: str, heard: bool) -> None:
    hearing = Hearing()
    assert hearing.hears(hearing.join(pattern, 0), HEAD, rest) is heard


@pytest.mark.parametrize("pattern", ["x*", r"(x)\1", r"5 min(?=;? signed)", r"(?=.*;.*Dr)tiro"])
def test_of_what_cannot_be_told_nothing_is(pattern: str) -> None:
    assert Hearing().join(pattern, 0) == -1


def test_a_text_in_other_letters_is_heard_by_all() -> None:
    hearing = Hearing()
    assert hearing.hears(hearing.join("x", 0), HEAD, " signed by \u6797")
    assert not hearing.hears(hearing.join("x", 0), HEAD, " signed by M\u00fcller")


@pytest.mark.long
@settings(deadline=None)
@given(st.text(st.sampled_from(" :=()-/.,xemcgLhund35"), max_size=12), st.sampled_from(["12", "7.5", "150"]))
@example("mL/h = ", "12")
@example("(7.5) mg ", "12")
def test_a_text_is_plain_where_a_reader_leaves_it(words: str, number: str) -> None:
    left = f"run {ANY} mcg {words}{ANY} mL"
    text = left.replace(ANY, number)
    assert traced_text.is_plain(text, left) is (plain_text(text) == text)


# --- a text of whose rest nothing is known ----------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced_text, "HEARING", Hearing())


def traced(rest: str = " signed by Adler. Ward 5; bed 12") -> Any:
    return TracedText(HEAD, Rest(0, HEAD, rest, f"tirofiban {ANY} mcg over 5 min"), 0)


def test_what_is_known_is_found() -> None:
    found = lazy_pattern(r"over ([0-9]) min").search(traced())
    assert found is not None
    assert found.span() == (18, 28)
    assert traced()[found.start() : found.end()] == "over 5 min"


@pytest.mark.parametrize("pattern", ["bed", "Adler", r"min\W+signed", "min;", r"[0-9]+ ?$", r"\w+\W*$"])
def test_what_the_rest_says_is_not_told(pattern: str) -> None:
    with pytest.raises(Untraceable):
        lazy_pattern(pattern).search(traced(rest=" signed by Adler, bed 12"))


@pytest.mark.parametrize(
    "ask",
    [
        *(str, len, hash, list, repr, lambda text: f"{text}", lambda text: text[3:], lambda text: text + "x"),
        *(lambda text: text == HEAD, lambda text: re.search("x", text), lambda text: text.split()),
        *(lambda text: "5" in text, lambda text: text[0:40], lambda text: sorted([text, "a"])),
        *(lambda text: lazy_pattern(",").split(text), lambda text: lazy_pattern("5").sub("", text)),
        *(lambda text: text.up_to(29), lambda text: bool(lazy_pattern(SENTENCE_STOP).split(text)[1])),
    ],
)
def test_nothing_else_may_be_asked(ask: Any) -> None:
    with pytest.raises((Untraceable, TypeError, AttributeError)):
        ask(traced())


def test_sentences_are_counted() -> None:
    parts = lazy_pattern(SENTENCE_STOP).split(traced())
    assert parts[0] == HEAD
    assert len(parts) == 4
    assert all(lazy_pattern("heparin").search(part) is None for part in parts)
    assert sentences(" signed by Adler. Ward 5; bed 12") == (3, 3)
    assert sentences(" signed by Dr.Adler; bed 12") == (3, 2)
    assert sentences(" on 2026-03-14 13:05") == (1, 1)


@pytest.mark.long
@settings(deadline=None)
@given(st.lists(st.sampled_from(["bed", "hold", "Dr", "12", ".", ";", ",", " ", "\n", "mcg", "if", "h", "5 mL/h"])))
@example(["5 mL/h"])
def test_a_silent_rest_changes_no_answer(pieces: list[str]) -> None:
    rest = "".join(pieces)
    hearing, every = listening()
    for place, pattern in every[::7]:
        if not hearing.hears(place, HEAD, rest):
            short = [match.span() for match in pattern.finditer(f"{HEAD}{STOP}")]
            assert [match.span() for match in pattern.finditer(f"{HEAD}{STOP}{rest}")] == short


def test_what_is_asked_beyond_the_known_part_is_no_answer() -> None:
    text = traced()
    part = lazy_pattern(SENTENCE_STOP).split(text)[1]
    beyond = (
        lambda: text.only_nothing((1,)),
        lambda: text.surely(told=False),
        lambda: lazy_pattern("over").search(text, 99),
        lambda: lazy_pattern("tirofiban").sub("", text),
        lambda: lazy_pattern("tirofiban").fullmatch(part),
    )
    for ask in beyond:
        with pytest.raises(Untraceable):
            ask()


def test_what_is_asked_of_the_known_part_is_answered() -> None:
    text = traced()
    assert text.only_nothing(()) == ()
    assert text.surely(told=True)
    assert lazy_pattern("over").search(text, 0, 25).start() == 18  # type: ignore[union-attr]
    assert lazy_pattern("tirofiban").fullmatch(text) is None
    assert lazy_pattern("heparin").findall(text) == []


@pytest.mark.parametrize(("left", "is_silent"), [(f"{ANY} mL", False), (f"x {ANY} mL", False), (f"{ANY} mg", True)])
def test_a_number_at_the_beginning_is_heard_up_to_the_rest(left: str, is_silent: bool) -> None:
    hearing = Hearing()
    assert hearing.join("[0-9]+ mL; max", 0) == 0
    assert hearing.is_silent(hearing.after(left), " max") is is_silent


def test_a_pattern_that_joins_later_is_told_as_one_that_was_there() -> None:
    """Where a beginning went through some patterns, those that join go through it alone, with the same result."""
    together, later = Hearing(), Hearing()
    texts = [f"{ANY} mL over {ANY} min", f"tirofiban {ANY} mcg", "stop", f"{ANY}"]
    some = [(each.pattern, each.flags) for each in patterns()][::9]
    for each in some:
        together.join(*each)
    for number, each in enumerate(some):
        later.join(*each)
        later.after(texts[number % len(texts)])
    for left in texts:
        one, other = together.through(left), later.through(left)
        assert one[1] == other[1]
        assert together._states[one[0]] == later._states[other[0]]  # noqa: SLF001  # what is behind the text
