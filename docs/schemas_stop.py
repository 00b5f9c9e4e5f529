"""The JSON Schema of `stop`."""

from __future__ import annotations

from schemas import (
    AT,
    DOCUMENTS,
    ELAPSED,
    FINDINGS,
    FLAG,
    MAYBE_Q,
    SOURCES,
    TEXT,
    WHOLE,
    Q,
    Schema,
    document,
    exact,
    listed,
    maybe,
)
from schemas_plan import time_names

_ADVICE = exact(words=TEXT, sources=SOURCES)
_DOSE = DOCUMENTS["dose"]["properties"]
_INFUSION: Schema = DOCUMENTS["dose"]["$defs"]["infusion"]["properties"]

STOP_DOCUMENTS: dict[str, Schema] = {
    "stop": document(
        "stop",
        "What was given until a stop, and the hours after it",
        **{
            name: _DOSE[name]
            for name in (
                *("protocol", "dosing_weight", "weight_basis", "weight_as_written", "creatinine_clearance", "renal"),
                *("boluses", "line_at_stop", "derivation"),
                *("clearance_working", "patient", "not_given", "never_hidden"),
            )
        },
        start=maybe(AT),
        timezone=maybe(TEXT),
        stop_at=maybe(AT),
        stop_elapsed=ELAPSED,
        stop_elapsed_seconds=WHOLE,
        ran=Q,
        infusions=listed(exact(**_INFUSION, infused_dose=Q, infused_per_kg=Q, delivered_dose=MAYBE_Q)),
        total=exact(
            dose=Q,
            dose_per_kg=MAYBE_Q,
            delivered=MAYBE_Q,
            delivered_per_kg=MAYBE_Q,
            volumes=listed(exact(concentration=Q, volume=Q)),
        ),
        effect=exact(
            state={"enum": ["expected", "longer, unknown", "not held"]},
            **time_names("earliest"),
            **time_names("latest"),
            words=TEXT,
            caveat=maybe(TEXT),
            sources=SOURCES,
        ),
        line=maybe(TEXT),
        now=_ADVICE,
        fibrinogen=_ADVICE,
        counts=listed(exact(words=TEXT, **time_names(), **time_names("until"), sources=SOURCES)),
        platelets=maybe(_ADVICE),
        reversal=maybe(_ADVICE),
        thrombolysis=maybe(exact(given=FLAG, **time_names(), before_stop_seconds=maybe(WHOLE), recent=maybe(FLAG))),
        thrombolysis_reversal=_ADVICE,
        notes=listed(TEXT),
        findings=FINDINGS,
        sources=SOURCES,
    ),
}
