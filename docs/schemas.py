"""The JSON Schemas of every document, built from the parts that the documents share."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
ELAPSED: Schema = {"type": "string", "pattern": "^-?[0-9]{2,}:[0-5][0-9]:[0-5][0-9]$"}
AT: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[+-][0-9]{2}:[0-9]{2}$"}


def ref(name: str) -> Schema:
    """Return a reference to a shared part."""
    return {"$ref": f"#/$defs/{name}"}


def maybe(schema: Schema) -> Schema:
    """Return ``schema`` or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def listed(schema: Schema) -> Schema:
    """Return a list of ``schema``."""
    return {"type": "array", "items": schema}


def exact(optional: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """Return an object with just these keys, all of them there but the ``optional``."""
    required = [key for key in properties if key not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


Q, MAYBE_Q = ref("quantity"), maybe(ref("quantity"))

SUPPLY: dict[str, Schema] = {
    "product": maybe(TEXT),
    "concentration": MAYBE_Q,
    "strength": maybe(TEXT),
    "form": maybe(TEXT),
    "preparation": maybe(TEXT),
    "how": maybe(TEXT),
}
VOLUME: dict[str, Schema] = {
    **SUPPLY,
    "from_container": FLAG,
    "volume": MAYBE_Q,
    "exact_volume": MAYBE_Q,
    "delivered": MAYBE_Q,
    "deviation_percent": maybe(NUMBER),
    "containers": maybe(WHOLE),
    "pump_rate": MAYBE_Q,
    "exact_pump_rate": MAYBE_Q,
}
SETTING: dict[str, Schema] = {
    **SUPPLY,
    "pump_rate": MAYBE_Q,
    "exact_pump_rate": MAYBE_Q,
    "vtbi": MAYBE_Q,
    "exact_vtbi": MAYBE_Q,
    "delivered": MAYBE_Q,
    "deviation_percent": maybe(NUMBER),
}
SEVERITY: Schema = {"enum": ["error", "warning", "note"]}
FINDING: dict[str, Schema] = {
    "code": {"type": "string", "pattern": "^RC[0-9]{3}$"},
    "name": TEXT,
    "severity": SEVERITY,
    "message": TEXT,
    "file": maybe(TEXT),
    "line": maybe(WHOLE),
    "column": maybe(WHOLE),
    "pointer": TEXT,
    "found": maybe(TEXT),
    "expected": maybe(TEXT),
    "factor": maybe(NUMBER),
    "slip": listed(TEXT),
    "alternatives": listed(ref("alternative")),
    "expected_range": maybe(ref("expected_range")),
    "sources": listed(ref("source")),
}
SUMMARY: dict[str, Schema] = {
    "title": TEXT,
    "drug": TEXT,
    "kind": {"enum": ["rescue", "trial", "running-trial", "label", "series", "site", "user"]},
    "origin": {"enum": ["packaged", "site", "user"]},
    "confidence": TEXT,
    "population": TEXT,
    "antiplatelets": TEXT,
    "not_stated": listed(TEXT),
    "remarks": listed(TEXT),
}

RULE: dict[str, Schema] = {
    **dict.fromkeys(("code", "name", "url", "since", "checks", "why", "remedy", "limits", "fails", "passes"), TEXT),
    "severity": SEVERITY,
    "severities": listed(SEVERITY),
    "preview": FLAG,
    "sources": listed(ref("source")),
}
CELLS: dict[str, Schema] = {
    "bolus_dose": MAYBE_Q,
    "bolus_volume": MAYBE_Q,
    "exact_bolus_volume": MAYBE_Q,
    "bolus_concentration": MAYBE_Q,
    "bolus_product": maybe(TEXT),
    "bolus_containers": maybe(WHOLE),
    "load_dose_rate": MAYBE_Q,
    "load_pump_rate": MAYBE_Q,
    "exact_load_pump_rate": MAYBE_Q,
    "dose_rate": MAYBE_Q,
    "pump_rate": MAYBE_Q,
    "exact_pump_rate": MAYBE_Q,
    "infusion_concentration": MAYBE_Q,
    "worst_deviation_percent": maybe(NUMBER),
    "options": exact(bolus=listed(ref("volume")), load=listed(ref("setting")), maintenance=listed(ref("setting"))),
}

LIBRARY_USED: Schema = exact(
    **dict.fromkeys(("name", "file"), TEXT),
    **dict.fromkeys(("version", "released", "care_area"), maybe(TEXT)),
    kind={"enum": ["pump", "limits"]},
)

CHANGES = (
    *("drug added", "drug gone", "order added", "order gone", "drug", "route", "dose", "rate"),
    *("concentration", "volume", "titration", "time", "condition", "patient", "order set", "stop_if", "monitoring"),
    *("text", "other"),
)

SETTINGS_USED: dict[str, Schema] = {
    "isolated": FLAG,
    "typed": exact(
        **dict.fromkeys(("config", "columns", "encoding", "fail_on", "protocol"), maybe(TEXT)),
        **dict.fromkeys(("select", "ignore", "exclude", "protocol_files"), listed(TEXT)),
    ),
    "files": listed(
        exact(
            file=TEXT,
            checked=WHOLE,
            **dict.fromkeys(
                ("select", "ignore", "exclude", "left_out", "limits", "products", "protocol_files"), listed(TEXT)
            ),
            per_path_ignores=listed(exact(path=TEXT, codes=listed(TEXT))),
            without_effect=listed(exact(key=TEXT, codes=listed(TEXT))),
            suppress=listed(exact(**dict.fromkeys(("path", "code", "until", "because"), TEXT), order=maybe(TEXT))),
            severity=listed(exact(code=TEXT, severity=SEVERITY, until=maybe(TEXT), because=maybe(TEXT))),
            columns=listed(exact(path=TEXT, file=TEXT)),
            approvals=listed(exact(**dict.fromkeys(("code", "order_set", "reason", "approver", "until"), TEXT))),
            fail_on=maybe(TEXT),
        )
    ),
    "unread_left_out": {"type": "object", "additionalProperties": WHOLE},
}

DEFS: dict[str, Schema] = {
    "quantity": exact(("rounded",), value=NUMBER, unit=TEXT, ucum=maybe(TEXT), rounded={"const": True}),
    "source": exact(id=TEXT, title=TEXT, doi=maybe(TEXT), url=maybe(TEXT), locator=TEXT),
    "finding": exact(("approval",), **FINDING, approval=exact(approver=TEXT, until=TEXT, reason=TEXT)),
    "alternative": exact(pointer=TEXT, found=maybe(TEXT), expected=maybe(TEXT), slip=listed(TEXT)),
    "expected_range": exact(low=maybe(TEXT), high=maybe(TEXT)),
    "step": exact(of=TEXT, formula=TEXT, calculation=TEXT),
    "protocol": exact(id=maybe(TEXT), **SUMMARY),
    "volume": exact(**VOLUME),
    "setting": exact(**SETTING),
    "container": exact(container=WHOLE, vtbi=Q, empty_elapsed=maybe(ELAPSED), remaining=MAYBE_Q),
    "bolus": exact(
        route={"enum": ["IV", "IA"]},
        called={"enum": ["bolus", "dose"]},
        after_start=MAYBE_Q,
        dose=Q,
        dose_per_kg=MAYBE_Q,
        dose_per_kg_here=MAYBE_Q,
        formula_dose=MAYBE_Q,
        cap=maybe(TEXT),
        **VOLUME,
        give_over=MAYBE_Q,
        give_over_stated=maybe(TEXT),
        options=listed(ref("volume")),
    ),
    "infusion": exact(
        role={"enum": ["load", "maintenance"]},
        route={"enum": ["IV", "IA"]},
        dose_rate_per_kg=Q,
        dose_rate=Q,
        formula_dose_rate=MAYBE_Q,
        cap=maybe(TEXT),
        run_time=MAYBE_Q,
        run_time_stated=maybe(TEXT),
        run_time_taken=maybe(TEXT),
        **SETTING,
        containers=listed(ref("container")),
        options=listed(ref("setting")),
    ),
    "event": exact(at=maybe(AT), elapsed=ELAPSED, elapsed_seconds=WHOLE, event=TEXT, detail=TEXT),
    "band": exact(
        concentration=Q,
        row=maybe(
            exact(
                **{"from": Q},
                to=Q,
                bolus_volume=MAYBE_Q,
                bolus_dose=MAYBE_Q,
                bolus_deviation_percent=maybe(NUMBER),
                give_over=MAYBE_Q,
                load=maybe(exact(pump_rate=Q, delivered=Q, deviation_percent=NUMBER)),
                pump_rate=Q,
                delivered=Q,
                deviation_percent=NUMBER,
                column=maybe(TEXT),
            )
        ),
        remark=maybe(TEXT),
        refused=maybe(TEXT),
        sources=listed(ref("source")),
    ),
    "clearance": exact(
        basis={"enum": ["actual", "ideal", "adjusted"]},
        dosing_weight=Q,
        creatinine_clearance=Q,
        exact_creatinine_clearance=Q,
        labels=listed(exact(id=TEXT, title=TEXT, drug=TEXT, band=TEXT)),
    ),
    "working": exact(
        basis={"enum": ["actual", "ideal", "adjusted"]},
        **dict.fromkeys(("dosing_weight", "creatinine_clearance", "exact_creatinine_clearance", "creatinine"), Q),
        age_years=WHOLE,
        sex={"enum": ["female", "male"]},
        height=MAYBE_Q,
        derivation=listed(ref("step")),
    ),
    "patient": exact(
        **dict.fromkeys(("platelets", "inr", "blood_pressure", "anticoagulant"), maybe(TEXT)),
        **dict.fromkeys(("dialysis", "intracranial_haemorrhage"), maybe(FLAG)),
        **dict.fromkeys(("prior_thrombocytopenia", "cyp2c19", "haemoglobin"), maybe(TEXT)),
    ),
    "cap": exact(amount=Q, row_above=MAYBE_Q, words=TEXT),
}


def document(kind: str, heading: str, version: int = 1, /, **properties: Schema) -> Schema:
    """Return the schema of one kind of document in its version."""
    head: dict[str, Schema] = {"schema": {"const": f"rescuecalc.{kind}.{version}"}, "rescuecalc": TEXT}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"rescuecalc.{kind}.{version}",
        "title": heading,
        **exact(**head, **properties),
        "$defs": DEFS,
    }


FINDINGS, SOURCES = listed(ref("finding")), listed(ref("source"))

STUDIES = listed(
    exact(
        id=TEXT,
        ref=maybe(TEXT),
        name=TEXT,
        design=TEXT,
        strategies=listed(TEXT),
        territory=TEXT,
        n=TEXT,
        compared_with=TEXT,
        by_name_only=FLAG,
        outcomes=listed(
            exact(
                **dict.fromkeys(("outcome", "label", "figure"), TEXT),
                **dict.fromkeys(("interval", "p", "recomputed"), maybe(TEXT)),
                uninformative=FLAG,
            )
        ),
        notes=listed(TEXT),
        sources=SOURCES,
    )
)

DOCUMENTS: dict[str, Schema] = {
    "dose-error": document(
        "dose-error",
        "Why a line of `dose -` has no regimen",
        line=WHOLE,
        exit_code={"enum": [2, 3, 4, 70]},
        kind={"enum": ["bad-input", "unreadable", "refused", "internal"]},
        problems=listed(TEXT),
    ),
    "dose": document(
        "dose",
        "One patient's regimen",
        protocol=ref("protocol"),
        dosing_weight=MAYBE_Q,
        weight_basis=maybe(TEXT),
        weight_as_written=maybe(TEXT),
        creatinine_clearance=MAYBE_Q,
        clearance_working=maybe(ref("working")),
        patient=ref("patient"),
        not_given=listed(TEXT),
        thrombolysis=maybe(exact(given=FLAG, at=maybe(AT), elapsed=maybe(ELAPSED), elapsed_seconds=maybe(WHOLE))),
        renal=maybe(exact(rule=TEXT, title=TEXT, band=TEXT)),
        has_label_rules=FLAG,
        label_use=TEXT,
        boluses=listed(ref("bolus")),
        infusions=listed(ref("infusion")),
        renal_columns=listed(
            exact(
                id=TEXT,
                title=TEXT,
                band=TEXT,
                adjusts=FLAG,
                remarks=listed(TEXT),
                boluses=listed(ref("bolus")),
                infusions=listed(ref("infusion")),
                derivation=listed(ref("step")),
                sources=SOURCES,
            )
        ),
        label_band=maybe(ref("band")),
        line_at_stop=listed(exact(line_volume=Q, concentration=Q, dose=Q, dose_per_kg=Q)),
        start=maybe(AT),
        schedule=listed(ref("event")),
        derivation=listed(ref("step")),
        notes=listed(TEXT),
        findings=FINDINGS,
        sources=SOURCES,
        never_hidden=listed(TEXT),
    ),
    "rate": document(
        "rate",
        "One rate in another unit",
        given=Q,
        dosing_weight=MAYBE_Q,
        concentration=MAYBE_Q,
        result=Q,
        exact=Q,
        deviation_percent=NUMBER,
        derivation=listed(ref("step")),
        judged_as=maybe(TEXT),
        notes=listed(TEXT),
        findings=FINDINGS,
        never_hidden=listed(TEXT),
    ),
    "table": document(
        "table",
        "One protocol over a range of weights",
        protocol=ref("protocol"),
        creatinine_clearance=MAYBE_Q,
        renal=maybe(exact(rule=TEXT, band=TEXT)),
        regimen=listed(TEXT),
        called={"enum": ["bolus", "dose"]},
        how=listed(TEXT),
        load_run_time=MAYBE_Q,
        rows=listed(
            exact(
                weight=Q,
                **CELLS,
                renal_columns=listed(exact(id=TEXT, title=TEXT, band=maybe(TEXT), remarks=listed(TEXT), **CELLS)),
                findings=listed(TEXT),
            )
        ),
        findings=listed(exact(**FINDING, weights=listed(Q))),
        sources=SOURCES,
        never_hidden=listed(TEXT),
    ),
    "renal": document(
        "renal",
        "Creatinine clearance",
        **DEFS["clearance"]["properties"],
        age_years=WHOLE,
        sex={"enum": ["female", "male"]},
        creatinine=Q,
        height=MAYBE_Q,
        bases=listed(ref("clearance")),
        bases_not_defined=listed(exact(basis=TEXT, reason=TEXT)),
        derivation=listed(ref("step")),
        findings=FINDINGS,
        sources=SOURCES,
    ),
    "protocol": document(
        "protocol",
        "What a protocol's sources state",
        id=TEXT,
        **SUMMARY,
        boluses=listed(
            exact(
                route={"enum": ["IV", "IA"]},
                called={"enum": ["bolus", "dose"]},
                dose_per_kg=MAYBE_Q,
                dose=MAYBE_Q,
                dose_range=maybe(exact(**{"from": Q}, to=Q)),
                cap=maybe(ref("cap")),
                give_over=maybe(exact(taken=MAYBE_Q, to=MAYBE_Q, words=TEXT)),
                at=MAYBE_Q,
            )
        ),
        infusions=listed(
            exact(
                role={"enum": ["load", "maintenance"]},
                route={"enum": ["IV", "IA"]},
                dose_rate_per_kg=Q,
                cap=maybe(ref("cap")),
                run_time=MAYBE_Q,
                run_time_stated=maybe(
                    exact(**{"from": MAYBE_Q}, to=MAYBE_Q, usual_to=MAYBE_Q, in_all=FLAG, words=TEXT)
                ),
            )
        ),
        atc=TEXT,
        renal=maybe(
            exact(
                id=TEXT,
                title=TEXT,
                bands=listed(exact(up_to=MAYBE_Q, includes=FLAG, words=TEXT, adjusts=FLAG)),
                sources=SOURCES,
            )
        ),
        label_band=maybe(
            exact(
                concentration=Q,
                rows=listed(
                    exact(
                        **{"from": Q},
                        to=Q,
                        **dict.fromkeys(("pump_rate", "halved_pump_rate"), Q),
                        **dict.fromkeys(("bolus_volume", "load_pump_rate"), MAYBE_Q),
                        **dict.fromkeys(("halved_bolus_volume", "halved_load_pump_rate"), MAYBE_Q),
                    )
                ),
                remark=maybe(TEXT),
                sources=SOURCES,
            )
        ),
        antiplatelet_steps=listed(
            exact(
                **dict.fromkeys(("drug", "words"), TEXT),
                **dict.fromkeys(("dose", "at"), MAYBE_Q),
                **dict.fromkeys(("route", "frequency"), maybe(TEXT)),
                optional=FLAG,
            )
        ),
        assay=maybe(exact(pru=WHOLE, day=maybe(TEXT))),
        unclear=listed(TEXT),
        studies=listed(TEXT),
        not_rescue=maybe(TEXT),
        contraindicated=maybe(TEXT),
        before_start=listed(exact(words=TEXT, sources=SOURCES)),
        weight_basis=maybe(TEXT),
        findings=FINDINGS,
        sources=SOURCES,
    ),
    "protocol-list": document(
        "protocol-list",
        "The packaged protocols",
        protocols=listed(exact(id=TEXT, title=TEXT, drug=TEXT, kind=TEXT, population=TEXT, doses=TEXT)),
    ),
    "evidence": document(
        "evidence",
        "Studies, figure by figure as printed",
        studies=STUDIES,
        beyond_the_review=STUDIES,
        introduction=listed(TEXT),
        caveats=listed(TEXT),
        conclusion=TEXT,
        review_defects=listed(TEXT),
        sources=SOURCES,
    ),
    "rule": document("rule", "What a finding's code means", **RULE),
    "rule-list": document("rule-list", "Every rule", rules=listed(exact(**RULE))),
    "protocol-check": document(
        "protocol-check",
        "Whether a hospital's own protocol file can be read",
        file=TEXT,
        ok=FLAG,
        id=maybe(TEXT),
        problems=listed(TEXT),
        findings=FINDINGS,
        would_widen=listed(
            exact(
                **dict.fromkeys(("drug", "kind", "route", "phase", "variable", "indication", "after"), TEXT),
                before=maybe(TEXT),
            )
        ),
    ),
    "check": document(
        "check",
        "What was found in order sets",
        2,
        as_of={"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        findings=FINDINGS,
        summary=exact(
            **dict.fromkeys(("files", "excluded", "orders", "error", "warning", "note", "left_out"), WHOLE),
            all_read=FLAG,
            suppressed=WHOLE,
            approved=WHOLE,
            in_baseline=WHOLE,
            passed_over=WHOLE,
            judged=exact(**dict.fromkeys(("dose", "fields_only", "arithmetic", "text_only", "not_judged"), WHOLE)),
            not_given=listed(TEXT),
            by_code=listed(exact(code=TEXT, name=TEXT, severity=SEVERITY, count=WHOLE)),
            libraries=listed(LIBRARY_USED),
        ),
        judged_orders=listed(exact(file=TEXT, line=maybe(WHOLE), id=TEXT, drug=TEXT, state=TEXT)),
        settings=exact(**SETTINGS_USED),
    ),
    "compare": document(
        "compare",
        "What changed clinically between two versions of order sets",
        old=exact(path=TEXT, order_sets=WHOLE, orders=WHOLE),
        new=exact(path=TEXT, order_sets=WHOLE, orders=WHOLE),
        changes=listed(
            exact(
                what={"enum": list(CHANGES)},
                **dict.fromkeys(("order_set", "order"), maybe(TEXT)),
                **dict.fromkeys(("drug", "field"), TEXT),
                **dict.fromkeys(("before", "after"), maybe(TEXT)),
                factor=maybe(NUMBER),
            )
        ),
        summary=exact(**dict.fromkeys(CHANGES, WHOLE)),
        not_compared=listed(TEXT),
    ),
    "settings": document(
        "settings",
        "What files are judged by, and where each value comes from",
        settings=listed(
            exact(
                settings_file=maybe(TEXT),
                files=listed(TEXT),
                rules=WHOLE,
                values={
                    "type": "object",
                    "additionalProperties": exact(value={"anyOf": [TEXT, listed(TEXT)]}, **{"from": TEXT}),
                },
            )
        ),
    ),
}
