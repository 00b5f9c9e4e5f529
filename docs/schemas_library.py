"""The JSON Schemas of `library check`, `library diff` and `library show`."""

from __future__ import annotations

from schemas import FINDINGS, FLAG, LIBRARY_USED, TEXT, WHOLE, Schema, document, exact, listed, maybe

_ENDS = ("hard_min", "soft_min", "initial", "soft_max", "hard_max")
_LIMITS: Schema = exact(unit=TEXT, **dict.fromkeys(_ENDS, maybe(TEXT)))
_SUMMARY: Schema = exact(
    **dict.fromkeys(
        ("entries", "not_judged", "without_dose", "drugs", "passed_over", "error", "warning", "note"), WHOLE
    ),
    **dict.fromkeys(("in_baseline", "left_out"), WHOLE),
    unmapped=listed(TEXT),
    all_read=FLAG,
)
_JUDGED: dict[str, Schema] = {
    "library": LIBRARY_USED,
    "protocols": listed(TEXT),
    "protocols_named": FLAG,
    "findings": FINDINGS,
    "summary": _SUMMARY,
}
_SETS = ("dose", "bolus", "bolus_rate", "conc")
_ENTRY: Schema = exact(
    line=WHOLE,
    drug=TEXT,
    name=TEXT,
    **dict.fromkeys(("care_area", "therapy", "creatinine_clearance", "weight", "strength"), maybe(TEXT)),
    **dict.fromkeys(("concentration", "max_rate", "max_vtbi", "code"), maybe(TEXT)),
    limits=exact(_SETS, **dict.fromkeys(_SETS, _LIMITS)),
    not_read=listed(TEXT),
)
_AREA: Schema = exact(
    name=TEXT,
    max_rate=maybe(TEXT),
    max_vtbi=maybe(TEXT),
    weight=maybe(_LIMITS),
)

LIBRARY_DOCUMENTS: dict[str, Schema] = {
    "library check": document("library-check", "What was found in a pump library", **_JUDGED),
    "library diff": document(
        "library-diff", "What a new version of a pump library changes", before=maybe(LIBRARY_USED), **_JUDGED
    ),
    "library show": document(
        "library",
        "What was read out of a pump library",
        name=TEXT,
        file=TEXT,
        kind={"enum": ["pump", "limits"]},
        **dict.fromkeys(("version", "released", "max_rate", "min_rate", "rate_step", "max_vtbi"), maybe(TEXT)),
        care_areas=listed(_AREA),
        unmapped=listed(TEXT),
        entries=listed(_ENTRY),
    ),
}
