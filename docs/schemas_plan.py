"""The JSON Schemas of `bridge` and `plan`: a plan is the document of `dose` with what follows the infusion."""

from __future__ import annotations

from schemas import AT, DOCUMENTS, ELAPSED, FLAG, MAYBE_Q, SOURCES, TEXT, WHOLE, Schema, exact, listed, maybe

_NOT_OF_BRIDGE = ("renal_columns", "label_band", "line_at_stop", "schedule", "derivation")


def time_names(prefix: str = "") -> dict[str, Schema]:
    """Return the three names of a time: clock, hours:minutes:seconds, seconds; all null where nobody states it."""
    before = f"{prefix}_" if prefix else ""
    return {
        f"{before}at": maybe(AT),
        f"{before}elapsed": maybe(ELAPSED),
        f"{before}elapsed_seconds": maybe(WHOLE),
    }


_STATED: Schema = {"enum": ["by the source", "by the user", "not stated"]}
_GAP = exact(worst_minutes=maybe(WHOLE), best_minutes=maybe(WHOLE), worst=TEXT, best=TEXT)
_NAMES = listed(TEXT)
_SOURCE = maybe({"$ref": "#/$defs/source"})

FOLLOWING: dict[str, Schema] = {
    "timezone": maybe(TEXT),
    "antiplatelets": listed(
        exact(
            drug=TEXT,
            group=TEXT,
            purpose={"enum": ["load", "maintenance", "dose"]},
            dose=MAYBE_Q,
            route=maybe(TEXT),
            frequency=maybe(TEXT),
            start=maybe(TEXT),
            **time_names(),
            stated=_STATED,
            time_stated=_STATED,
            detail=TEXT,
            sources=SOURCES,
        )
    ),
    "beside": _NAMES,
    "overlap": MAYBE_Q,
    "overlap_stated": _STATED,
    "events": listed(
        exact(
            **time_names(),
            **time_names("until"),
            event=TEXT,
            drug=maybe(TEXT),
            dose=MAYBE_Q,
            route=maybe(TEXT),
            every=MAYBE_Q,
            repeats=maybe(WHOLE),
            detail=TEXT,
            stated=_STATED,
            source=_SOURCE,
            sources=SOURCES,
        )
    ),
    "coverage": exact(
        drug=TEXT,
        **time_names("stop"),
        **time_names("offset_earliest"),
        **time_names("offset_latest"),
        agents=listed(
            exact(
                drug=TEXT,
                dose=MAYBE_Q,
                route=maybe(TEXT),
                **time_names(),
                onset=maybe(TEXT),
                onset_earliest=MAYBE_Q,
                onset_latest=MAYBE_Q,
                **time_names("earliest"),
                **time_names("latest"),
                unknown=maybe(TEXT),
                gap=_GAP,
            )
        ),
        intervals=listed(
            exact(**time_names("from"), **time_names("to"), covered_by=_NAMES, possibly_by=_NAMES, unknown=_NAMES)
        ),
        gap=_GAP,
        worst_case=TEXT,
        best_case=TEXT,
    ),
    "reactivity": listed(
        exact(
            pru=WHOLE,
            **time_names(),
            day=maybe(TEXT),
            stated=_STATED,
            targets=listed(exact(name=TEXT, inside=FLAG)),
            sources=SOURCES,
        )
    ),
    "choosing": listed(exact(about=TEXT, words=TEXT, sources=SOURCES)),
    "before_start": listed(exact(words=TEXT, sources=SOURCES)),
    "conditions": listed(exact(when=TEXT, then=TEXT, sources=SOURCES)),
}


def _following(kind: str, heading: str, without: tuple[str, ...]) -> Schema:
    base = DOCUMENTS["dose"]
    held = {key: schema for key, schema in base["properties"].items() if key not in without}
    shape = exact(**{**held, "schema": {"const": f"rescuecalc.{kind}.1"}}, **FOLLOWING)
    return {**base, "$id": f"rescuecalc.{kind}.1", "title": heading, **shape}


PLAN_DOCUMENTS: dict[str, Schema] = {
    "bridge": _following("bridge", "From the infusion to oral antiplatelets", _NOT_OF_BRIDGE),
    "plan": _following("plan", "Doses, bridge and monitoring of one patient", ()),
}
