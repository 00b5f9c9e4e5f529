"""The JSON Schemas of `evidence compare`, `evidence check` and `strategy`."""

from __future__ import annotations

from schemas import FLAG, NUMBER, SOURCES, TEXT, WHOLE, Schema, document, exact, listed, maybe

_FIGURE: dict[str, Schema] = {
    "outcome": TEXT,
    "label": TEXT,
    "figure": TEXT,
    "interval": maybe(TEXT),
    "p": maybe(TEXT),
    "uninformative": FLAG,
    "recomputed": maybe(TEXT),
}
_ESTIMATE = maybe(exact(value=NUMBER, low=NUMBER, high=NUMBER, unit=TEXT, uninformative=FLAG))
_NAMES = listed(exact(id=TEXT, name=TEXT, design=TEXT, n=TEXT))
_STUDIES: dict[str, Schema] = {"studies": _NAMES, "beyond_the_review": _NAMES}
_PARTS: dict[str, Schema] = dict.fromkeys(("introduction", "caveats"), listed(TEXT))
_COMPARED = listed(
    exact(
        **dict.fromkeys(("id", "name", "design", "n", "compared_with"), TEXT),
        ref=maybe(TEXT),
        **_FIGURE,
        arms=listed(exact(arm=TEXT, events=WHOLE, of=WHOLE, percent=TEXT)),
        not_computed=maybe(TEXT),
        **dict.fromkeys(("risk_difference", "risk_ratio", "odds_ratio"), _ESTIMATE),
    )
)

EVIDENCE_DOCUMENTS: dict[str, Schema] = {
    "evidence-compare": document(
        "evidence-compare",
        "Arms side by side, and what follows from printed counts",
        outcome=maybe(TEXT),
        comparisons=_COMPARED,
        beyond_the_review=_COMPARED,
        methods=listed(TEXT),
        notes=listed(TEXT),
        conclusion=TEXT,
        sources=SOURCES,
    ),
    "evidence-check": document(
        "evidence-check",
        "Printed figures recomputed",
        checks=listed(
            exact(
                **dict.fromkeys(("id", "label", "figure", "recomputed"), TEXT),
                **dict.fromkeys(("interval", "p"), maybe(TEXT)),
                **dict.fromkeys(("agrees", "noted", "note_agrees"), FLAG),
            )
        ),
        summary=exact(recomputed=WHOLE, agree=WHOLE, disagree=WHOLE),
        methods=listed(TEXT),
    ),
    "strategy": document(
        "strategy",
        "What the review discusses for which situation",
        situations=listed(
            exact(
                id=TEXT,
                title=TEXT,
                listed=FLAG,
                strategies=listed(exact(strategy=TEXT, says=TEXT)),
                **_STUDIES,
            )
        ),
        strategies=listed(
            exact(
                **dict.fromkeys(("id", "title", "says", "strength"), TEXT),
                first=maybe(TEXT),
                guideline=listed(exact(statement=TEXT, class_and_level=TEXT)),
                caveats=listed(TEXT),
                **_STUDIES,
            )
        ),
        contexts=listed(exact(id=TEXT, title=TEXT, says=listed(TEXT), **_STUDIES)),
        open=listed(TEXT),
        **_PARTS,
        conclusion=TEXT,
        sources=SOURCES,
    ),
}
