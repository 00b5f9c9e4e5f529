"""The document of `selftest`: what was asked, what was wrong, and on what it ran."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rescuecalc.reporters.document.common_parts import Document, header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def selftest_document(kinds: Sequence[str], made: Any, installation: Mapping[str, Any]) -> Document:
    """Return what a ``SelfTest`` found, of ``kinds``, and what runs here."""
    wrong = [each for each in made.answers if not each.is_right]
    counts = [
        {
            "kind": kind,
            "answers": sum(each.kind == kind for each in made.answers),
            "right": sum(each.kind == kind and each.is_right for each in made.answers),
        }
        for kind in kinds
    ]
    return {
        **header("selftest"),
        "passed": not wrong and all(each["answers"] for each in counts),
        "answers": counts,
        "wrong": [each._asdict() for each in wrong],
        "left_out": list(made.left_out),
        **installation,
    }


def unable_document(why: str, installation: Mapping[str, Any]) -> Document:
    """Return the document of a self-test that could not be run at all; ``why`` is the type of what broke."""
    wrong = dict.fromkeys(("kind", "of", "asks", "place"), "")
    return {
        **header("selftest"),
        "passed": False,
        "answers": [],
        "wrong": [wrong | {"of": "selftest", "expected": "can be run", "found": why}],
        "left_out": [],
        **installation,
    }
