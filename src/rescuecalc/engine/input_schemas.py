"""JSON Schemas of the files that people write, for their editors: made of the tables that the readers read by.

They are draft-07 and keep to keywords of draft-4, which every editor knows. What a schema lets pass, `check` may still
find: a schema knows shapes and names, not doses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rescuecalc.catalogue import catalogue
from rescuecalc.catalogue.files import protocols
from rescuecalc.core.library import export
from rescuecalc.core.library.pump_library import KINDS as LIBRARY_KINDS
from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.findings.approval import Approval
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities import wording
from rescuecalc.core.regimen.protocol import SITE
from rescuecalc.readers.column_map import DELIMITERS
from rescuecalc.readers.csv_rows import HEADINGS
from rescuecalc.readers.text_decoding import ENCODINGS
from rescuecalc.rules.judging.registry import FAMILIES, RULES
from rescuecalc.settings import configuration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
FLAG: Final[Schema] = {"type": "boolean"}
DATE: Final[Schema] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_WRITTEN: Final[Schema] = {"type": ["string", "number", "boolean", "null"]}
"""A text of an order set; what YAML takes for a number or for true is read as the text that it is."""


def _quantity(role: Any) -> Schema:
    """Return a quantity: a text with a digit and a unit, since a bare number has two readings."""
    about = f"{role.NAME}, as {role.EXAMPLE}"
    return {"type": ["string", "null"], "pattern": "[0-9].*[A-Za-zµμ%]", "description": about}


_FOLDED: Final[Schema] = {"type": "string", "pattern": r"[A-Za-z] ?(?:[/,;(\[]|\.$)| or |^(?:via|per|by|through) "}
"""A route that is written with alternatives, in brackets, with a point, or with the word before a line."""

_KIND_IN_WORDS: Final[Schema] = {
    "type": "string",
    "pattern": "[Ii][Nn][Ff][Uu][Ss][Ii][Oo][Nn]|[Dd][Rr][Ii][Pp]|[Bb][Oo][Ll][Uu][Ss]|[Pp][Uu][Ss][Hh]",
}
"""A kind among words of what it is for: `maintenance drip`."""
_IN_WORDS: Final = {"route": _FOLDED, "kind": _KIND_IN_WORDS}


def _word(words: Iterable[str]) -> Schema:
    """Return one of ``words``, in small letters, in capitals or with a capital."""
    return {"enum": list(dict.fromkeys(each for word in words for each in (word, word.upper(), word.capitalize())))}


def _object(properties: Mapping[str, Schema], *required: str) -> Schema:
    made: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**made, "required": list(required)} if required else made


def _listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _or_none(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"enum": [None, ""]}]}


def _order() -> Schema:
    words = {"route": wording.ROUTE_OF, "kind": wording.KIND_OF}
    properties = {
        name: _object(dict.fromkeys(field.PARTS[name], _WRITTEN))
        if name in field.PARTS
        else _quantity(field.QUANTITIES[name])
        if name in field.QUANTITIES
        else {"anyOf": [_or_none(_word(words[name])), _IN_WORDS[name]]}
        if name in words
        else _WRITTEN
        for name in field.ORDER
    }
    return _object({**properties, "drug": {"type": "string", "pattern": "[^ ]"}}, "drug")


def _order_set() -> Schema:
    texts = dict.fromkeys(field.SET_TEXTS, _WRITTEN) | {"approved": _or_none(DATE)}
    texts["weight_basis"] = _or_none({"enum": list(field.WEIGHT_BASES)})
    order = {"$ref": "#/definitions/order"}
    whole = {
        **texts,
        "$schema": TEXT,
        "patient": _or_none(_object(dict.fromkeys(field.PATIENT, _WRITTEN))),
        "orders": {**_listed(order), "minItems": 1},
        "monitoring": _or_none(_listed(_object(dict.fromkeys(field.MONITORING, _WRITTEN)))),
        "stop_if": _or_none(_listed(TEXT)),
    }
    single = _order()
    single["properties"] = {**single["properties"], "$schema": TEXT}
    kinds = [{"$ref": "#/definitions/order_set"}, {"$ref": "#/definitions/single_order"}]
    definitions = {"order": _order(), "single_order": single, "order_set": _object(whole, "order_set", "orders")}
    return {"anyOf": [*kinds, {**_listed({"anyOf": kinds}), "minItems": 1}], "definitions": definitions}


_QUANTITY: Final[Schema] = {"type": "string", "pattern": "[0-9]"}
_SPAN: Final = _object({"from": _QUANTITY, "to": _QUANTITY}, "from", "to")
_SOURCES: Final[Schema] = {**_listed(_object({"id": TEXT, "locator": TEXT}, "id", "locator")), "minItems": 1}
_NUMBER_TEXT: Final[Schema] = {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$"}


def _one_of(words: Iterable[str]) -> Schema:
    return {"enum": sorted(words)}


_CAP: Final = _object(
    {"amount": _QUANTITY, "row_above": _QUANTITY, "follows_renal": FLAG, "words": TEXT}, "amount", "words"
)


def _bolus() -> Schema:
    properties = {
        "cap": _CAP,
        "route": _one_of(protocols.ROUTES),
        "dose_per_kg": _QUANTITY,
        "dose": _QUANTITY,
        "dose_range": _SPAN,
        "give_over": _object({"taken": _QUANTITY, "to": _QUANTITY, "words": TEXT}, "words"),
        "called": _one_of(protocols.CALLED),
        "at": _QUANTITY,
        "repeat": _object({"at": _QUANTITY, "words": TEXT}, "at", "words"),
    }
    return _object(properties, "route")


def _infusion() -> Schema:
    run_time = dict.fromkeys(("taken", "from", "to", "usual_to"), _QUANTITY) | {"words": TEXT}
    run_time |= {"in_all": FLAG, "load_unclear": FLAG, "from_thrombolysis": FLAG}
    properties = {
        "cap": _CAP,
        "role": {"enum": ["load", "maintenance"]},
        "dose_rate_per_kg": _QUANTITY,
        "run_time": _object(run_time, "words"),
        "route": _one_of(protocols.ROUTES),
    }
    return _object(properties, "role", "dose_rate_per_kg")


def _renal_rule() -> Schema:
    band = {"up_to": _QUANTITY, "includes": FLAG, "bolus_factor": _NUMBER_TEXT, "infusion_factor": _NUMBER_TEXT}
    bands = _listed(_object({**band, "words": TEXT}, "bolus_factor", "infusion_factor", "words"))
    properties = {"title": TEXT, "load_remark": TEXT, "bands": bands, "sources": _SOURCES}
    return _object(properties, "title", "bands", "sources")


def _antiplatelet() -> Schema:
    properties = {
        "drug": TEXT,
        "dose": _QUANTITY,
        "route": _one_of(protocols.ORAL_ROUTES),
        "frequency": _one_of(protocols.FREQUENCIES),
        "at": _QUANTITY,
        "optional": FLAG,
        "words": TEXT,
    }
    return _object(properties, "drug", "words")


def _label_band() -> Schema:
    properties = {
        "columns": _listed(TEXT),
        "rows": _listed(_listed(TEXT)),
        "concentration": _QUANTITY,
        "give_over": _QUANTITY,
        "remark": TEXT,
        "sources": _SOURCES,
    }
    return _object(properties, "columns", "rows", "concentration", "sources")


def _protocol() -> Schema:
    properties = {
        "$schema": TEXT,
        **dict.fromkeys(("id", "title", "confidence", "population", "antiplatelets"), TEXT),
        "drug": _one_of(catalogue.drugs()),
        "kind": _one_of(protocols.KINDS),
        "renal": TEXT,
        **dict.fromkeys(("not_stated", "unclear", "remarks", "studies"), _listed(TEXT)),
        "not_rescue": TEXT,
        "contraindicated": TEXT,
        "sources": _SOURCES,
        "source": _named(_object({"title": TEXT, "doi": TEXT, "url": TEXT}, "title")),
        "bolus": _listed(_bolus()),
        "infusion": _listed(_infusion()),
        "antiplatelet": _listed(_antiplatelet()),
        "renal_rule": _renal_rule(),
        "weight_basis": _one_of(protocols.BASES),
        "label_band": _label_band(),
        "assay": _object({"pru": {"type": "integer"}, "day": TEXT}, "pru", "day"),
    }
    must = ("id", "title", "confidence", "population", "antiplatelets", "drug", "kind", "sources")
    return {**_object(properties, *must), "description": f"a site's own protocol is of kind {SITE}"}


def _named(schema: Schema) -> Schema:
    """Return an object whose keys are names of the writer's own."""
    return {"type": "object", "additionalProperties": schema}


def _settings() -> Schema:
    codes: Schema = {"$ref": "#/definitions/codes"}
    known = _listed({"enum": sorted({*FAMILIES, *(rule.code for rule in RULES)})})
    limits = {
        **dict.fromkeys(configuration.RANGES, _SPAN),
        **{name: _quantity(role) | {"type": "string"} for name, role in configuration.QUANTITIES.items()},
        configuration.SHARE: _NUMBER_TEXT,
        "source": TEXT,
    }
    suppress = {"path": TEXT, "order": TEXT, "code": TEXT, "until": DATE, "because": TEXT}
    approval = dict.fromkeys(Approval._fields, TEXT) | {"until": DATE}
    weight = {"enum": [each.value for each in Severity]}
    severity = {"anyOf": [weight, _object({"severity": weight, "until": DATE, "because": TEXT}, "severity")]}
    properties: dict[str, Schema] = {
        "$schema": TEXT,
        "select": codes,
        "ignore": codes,
        "exclude": _listed(TEXT),
        "fail-on": weight,
        "severity": _named(severity),
        "rules-url": TEXT,
        "protocol-files": _listed(TEXT),
        "library": TEXT,
        "care-area": TEXT,
        "per-path-ignores": _named(codes),
        "columns": _named(TEXT),
        "limits": _object(limits, "source"),
        "products": _named(_object(dict.fromkeys(configuration.KINDS, TEXT))),
        "suppress": _listed(_object(suppress, "code", "until", "because")),
        "approvals": _listed(_object(approval, *approval)),
    }
    return {**_object(properties), "definitions": {"codes": known}}


def _columns() -> Schema:
    column = _object({"value": TEXT, "unit": TEXT, "unit_is": TEXT}, "value")
    properties: dict[str, Schema] = {
        "$schema": TEXT,
        "columns": _object({name: {"anyOf": [TEXT, column]} for name in HEADINGS}, "drug"),
        "quantities": _listed(column),
        "words": _named(_named(TEXT)),
        "ignore": _listed(TEXT),
        "delimiter": {"enum": ["comma", "semicolon", "tab", "pipe", *DELIMITERS]},
        "decimal": {"enum": ["point", "comma", ".", ","]},
        "encoding": {"enum": list(ENCODINGS)},
        "sheet": TEXT,
    }
    return _object(properties, "columns")


def _library() -> Schema:
    """Return the TOML beside a pump library's rows, and how an export is read."""
    about = {
        **dict.fromkeys(("name", "version", "source", "file"), TEXT),
        "kind": {"enum": list(LIBRARY_KINDS)},
        "released": DATE,
        **dict.fromkeys(("max_rate", "min_rate", "rate_step", "max_vtbi"), _QUANTITY),
    }
    weight = dict.fromkeys(("from", "to", "hard_from", "hard_to"), _QUANTITY)
    area = {**dict.fromkeys(("max_rate", "max_vtbi"), _QUANTITY), "weight": _object(weight)}
    by_column = _object(dict.fromkeys(export.EVERY_COLUMN, TEXT))
    mapping: dict[str, Schema] = {
        **dict.fromkeys(("columns", "band", "fixed", "otherwise"), by_column),
        "header_rows": {**_listed({"type": "integer", "minimum": 1}), "minItems": 1},
        "fill_down": _listed({"enum": list(export.EVERY_COLUMN)}),
        **dict.fromkeys(("absent", "custom"), _listed(TEXT)),
        "units": _named(TEXT),
        "delimiter": {"enum": [*export.DELIMITERS, *export.DELIMITERS.values()]},
        "encoding": {"enum": list(export.ENCODINGS)},
        "decimal": {"enum": list(export.DECIMALS)},
    }
    conditions = dict.fromkeys(("creatinine_clearance", "weight"), TEXT)
    properties = {
        "$schema": TEXT,
        "library": _object(about, "name", "file"),
        "area": _named(_object(area)),
        "mapping": _object(mapping),
        "drugs": _named(_object({"drug": TEXT, **conditions}, "drug")),
        "therapies": _named(_object(conditions)),
    }
    return _object(properties, "library")


SCHEMAS: Final[Mapping[str, tuple[str, Callable[[], Schema]]]] = {
    "order-set": ("An order set, an order, or a list of either, as rescuecalc check reads them", _order_set),
    "protocol": ("A hospital's own protocol, as rescuecalc dose --protocol-file reads it", _protocol),
    "columns": ("A column map of an export, as rescuecalc check --columns reads it", _columns),
    "library": ("The TOML of a pump library or of its export, as rescuecalc library check reads it", _library),
    "settings": ("rescuecalc.toml: the site configuration of rescuecalc check", _settings),
}
"""What each schema is for, by the name that `rescuecalc schema` takes."""


def input_schema(name: str) -> Schema:
    """Return the schema of one kind of file; KeyError for a name that SCHEMAS does not have."""
    about, make = SCHEMAS[name]
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": about, **make()}
