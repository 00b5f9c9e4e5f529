"""One protocol file made into a Protocol."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from rescuecalc.catalogue.files.citations import cited, source_entries
from rescuecalc.catalogue.files.protocol_parts import second_bolus, sequence, table_under
from rescuecalc.catalogue.files.renal_rules import renal_rule_from
from rescuecalc.catalogue.files.table import SCHEMA_KEY, Problem, Table, collected, parse
from rescuecalc.core.quantities.decimal_text import json_number, plain, quoted
from rescuecalc.core.quantities.quantity import (
    Concentration,
    Dose,
    DosePerKg,
    DoseRate,
    DoseRatePerKg,
    DosingWeight,
    Duration,
    PumpRate,
    Quantity,
    Volume,
    read,
)
from rescuecalc.core.regimen.protocol import (
    BY_SOURCE,
    PACKAGED,
    SITE,
    AntiplateletStep,
    Assay,
    BandRow,
    BandSetting,
    BolusStep,
    Cap,
    GiveOver,
    InfusionStep,
    LabelBand,
    Protocol,
    RunTime,
)
from rescuecalc.errors import CatalogueError, RescuecalcError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rescuecalc.core.literature.source import Source
    from rescuecalc.core.renal.creatinine_clearance import RenalRule

T = TypeVar("T")

KINDS = frozenset({"rescue", "trial", "running-trial", "label", "series", "site"})
ROUTES = frozenset({"IV", "IA"})
BASES = frozenset({"actual", "ideal", "adjusted"})
CALLED = frozenset({"bolus", "dose"})
ORAL_ROUTES = frozenset({"PO", "PR", "NG", "IV"})
FREQUENCIES = frozenset({"once", "daily", "twice daily"})
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SETTINGS = ("bolus_volume", "load_pump_rate", "pump_rate")
_COLUMNS = frozenset(f"{share}{name}" for share in ("", "halved_") for name in _SETTINGS)


def _cap(table: Table | None, role: type[Any]) -> Cap[Any] | None:
    if table is None:
        return None
    amount = table.quantity("amount", role)
    above = table.maybe_quantity("row_above", DosingWeight)
    cap = Cap(amount, above, table.flag("follows_renal"), _words(table, amount, above))
    table.finish()
    return cap


def _words(table: Table, *stated: Quantity | None) -> str:
    """Return the words of an entry; words without its numbers and units would be printed beside another dose."""
    words = table.text("words")
    for quantity in stated:
        if quantity is None:
            continue
        number, unit = plain(json_number(quantity.magnitude)[0]), quantity.unit.name
        number_with_unit = rf"(?<![0-9.]){re.escape(number)}(?: to [0-9.]+)? {re.escape(unit)}(?![A-Za-z/])"
        # The words are printed beside the dose as what the source says. A copied entry whose number was changed in one
        # place alone would else show one dose in words and give another.
        if not re.search(number_with_unit, words):
            raise Problem(f"{table.where('words')}: {quoted(words)} does not say {number} {unit}")
    return words


def _words_of_time(table: Table, *stated: Quantity | None) -> str:
    """Return the words of a time; a volume or a flow in them would be one patient's, whatever the dose per kg is."""
    words = _words(table, *stated)
    other = _OF_VOLUME.search(words)
    if other is not None:
        raise Problem(f"{table.where('words')}: {quoted(words)} says {other[0]}, which no field of the file states")
    return words


_OF_VOLUME: Final = re.compile(r"(?<![0-9.,])[0-9][0-9.,]{0,9} ?m[lL](?:/(?:h|hr|min))?\b")


def _give_over(table: Table | None) -> GiveOver | None:
    if table is None:
        return None
    taken, maximum = table.maybe_quantity("taken", Duration), table.maybe_quantity("to", Duration)
    # "Over 3 min" and "within 5 min" are two things: one is taken for the pump rate, the other only bounds it.
    if (taken is None) == (maximum is None):
        raise Problem(f"{table.path}: states one of taken and to")
    stated = GiveOver(taken, maximum, _words_of_time(table, taken, maximum))
    table.finish()
    return stated


def _run_time(table: Table | None) -> RunTime | None:
    if table is None:
        return None
    taken, low, high = (table.maybe_quantity(key, Duration) for key in ("taken", "from", "to"))
    if taken is None and low is None and high is None:
        raise Problem(f"{table.path}: states none of taken, from and to; leave run_time out where the source is silent")
    if low and high and low.exceeds(high):
        raise Problem(f"{table.where('to')}: {high} is below {low}")
    usual = table.maybe_quantity("usual_to", Duration)
    words = _words_of_time(table, taken, low, high, usual)
    unclear, from_lysis = table.flag("load_unclear"), table.flag("from_thrombolysis")
    stated = RunTime(taken, low, high, usual, table.flag("in_all"), words, unclear, from_lysis)
    table.finish()
    return stated


def _again(step: BolusStep, table: Table) -> tuple[BolusStep, ...]:
    """Return the same bolus once more, at a time of its own."""
    at = table.quantity("at", Duration)
    _words_of_time(table, at)
    table.finish()
    return (step._replace(at=at),)


def _bolus(table: Table) -> tuple[BolusStep, ...]:
    ranged = table.maybe_table("dose_range")
    span = ranged.span(Dose) if ranged else None
    if ranged:
        ranged.finish()
    step = BolusStep(
        route=table.text("route", ROUTES),
        dose_per_kg=table.maybe_quantity("dose_per_kg", DosePerKg),
        dose=table.maybe_quantity("dose", Dose),
        dose_range=span,
        cap=_cap(table.maybe_table("cap"), Dose),
        give_over=_give_over(table.maybe_table("give_over")),
        called=table.text("called", CALLED) if table.has("called") else "bolus",
        at=table.maybe_quantity("at", Duration),
    )
    repeat = table.maybe_table("repeat")
    again = _again(step, repeat) if repeat else ()
    table.finish()
    # Two of them could disagree at some weight, and nobody would know which one is meant.
    if sum(each is not None for each in (step.dose_per_kg, step.dose, step.dose_range)) != 1:
        raise Problem(f"{table.path}: states exactly one of dose_per_kg, dose and dose_range")
    return (step, *again)


def _infusion(table: Table) -> InfusionStep:
    step = InfusionStep(
        role=table.text("role", frozenset({"load", "maintenance"})),
        dose_rate_per_kg=table.quantity("dose_rate_per_kg", DoseRatePerKg),
        cap=_cap(table.maybe_table("cap"), DoseRate),
        run_time=_run_time(table.maybe_table("run_time")),
        route=table.text("route", ROUTES) if table.has("route") else "IV",
    )
    table.finish()
    # Without its time nobody knows when the maintenance rate begins: a load that runs on is four times the
    # dose.
    if step.role == "load" and not (step.run_time and step.run_time.taken):
        raise Problem(f"{table.where('run_time')}: a load states its run time (taken)")
    return step


def _oral(table: Table) -> AntiplateletStep:
    step = AntiplateletStep(
        drug=table.text("drug"),
        dose=table.maybe_quantity("dose", Dose),
        route=table.text("route", ORAL_ROUTES) if table.has("route") else None,
        frequency=table.text("frequency", FREQUENCIES) if table.has("frequency") else None,
        at=table.maybe_quantity("at", Duration),
        optional=table.flag("optional"),
        words=table.text("words"),
    )
    table.finish()
    return step


def _assay(table: Table | None) -> Assay | None:
    if table is None:
        return None
    made = Assay(table.integer("pru"), None, table.text("day"), BY_SOURCE)
    table.finish()
    return made


def _cell(text: object, role: type[Quantity], where: str) -> Any:
    if not isinstance(text, str):
        raise Problem(f"{where}: {text!r} is not a text in quotes")
    try:
        return read(text, role, where)
    except RescuecalcError as reason:
        raise Problem(str(reason)) from None


def _label_band(table: Table, sources: Mapping[str, Source]) -> LabelBand:
    names = table.texts("columns")
    if not set(names) <= _COLUMNS or "pump_rate" not in names:
        raise Problem(f"{table.where('columns')}: names {', '.join(sorted(_COLUMNS))}, at least pump_rate")
    rows = table.rows("rows", len(names) + 2)
    band = LabelBand(
        table.quantity("concentration", Concentration),
        table.maybe_quantity("give_over", Duration),
        tuple(_band_row(row, names, f"{table.where('rows')}[{number}]") for number, row in enumerate(rows)),
        table.maybe_text("remark"),
        cited(table, sources),
    )
    table.finish()
    return band


def _band_row(cells: list[Any], names: tuple[str, ...], where: str) -> BandRow:
    """Return a row; a part that has no column of its own for the halved dose is not halved."""
    low, high = (_cell(each, DosingWeight, where) for each in cells[:2])
    roles = {name: Volume if name.endswith("volume") else PumpRate for name in names}
    known = {name: _cell(cell, roles[name], where) for name, cell in zip(names, cells[2:], strict=True)}
    bolus, load, rate = (_shares(known, name) for name in _SETTINGS)
    full, halved = (BandSetting(*cells) for cells in zip(bolus, load, rate, strict=True))
    return BandRow(low, high, full, halved)


def _shares(known: dict[str, Any], name: str) -> tuple[Any, Any]:
    return known.get(name), known.get(f"halved_{name}", known.get(name))


def _stated_renal_rule(table: Table, root: Table, sources: Mapping[str, Source]) -> RenalRule:
    """Return the renal rule of a file; Problem where it names a label's as well."""
    if root.has("renal"):
        raise Problem("renal: stands beside [renal_rule]; a protocol has one renal rule")
    return renal_rule_from(root.text("id"), root.text("drug"), table, cited(table, sources))


class _ProtocolTables(NamedTuple):
    """What the tables of a protocol file say; a table with a problem is left out."""

    boluses: tuple[BolusStep, ...]
    infusions: tuple[InfusionStep, ...]
    label_band: LabelBand | None
    own_rule: RenalRule | None
    oral: tuple[AntiplateletStep, ...]
    sources: tuple[Source, ...]
    texts: dict[str, str]


def _read_protocol(
    root: Table,
    sources: Mapping[str, Source],
    drugs: frozenset[str],
    rules: Callable[[], Mapping[str, str]],
    origin: str,
) -> Protocol:
    # Whoever writes a file wants all of its problems at once: each table is read, also after one that has a problem.
    problems: list[str] = []
    root.maybe_text(SCHEMA_KEY)
    parts = _read_tables(root, sources, drugs, problems)
    if not problems:
        second = partial(second_bolus, parts.boluses, parts.label_band)
        collected([partial(sequence, parts.infusions), second], problems)

    def read_protocol() -> Protocol:
        made = _protocol(root, parts, origin)
        root.finish()
        # What a table with a problem left out would be missed here, though the file states it.
        if not problems:
            _check(made, rules)
        return made

    made = collected([read_protocol], problems)
    if problems:
        raise CatalogueError(tuple(problems))
    return made[0]


def _read_tables(
    root: Table, sources: Mapping[str, Source], drugs: frozenset[str], problems: list[str]
) -> _ProtocolTables:
    """Read the tables of a file; what is wrong with each goes into ``problems``."""

    def one(read_table: Callable[..., T], *given: Any) -> T | None:
        return next(iter(collected([partial(read_table, *given)], problems)), None)

    boluses = collected([partial(_bolus, each) for each in root.tables("bolus")], problems)
    infusions = collected([partial(_infusion, each) for each in root.tables("infusion")], problems)
    band, own = root.maybe_table("label_band"), root.maybe_table("renal_rule")
    return _ProtocolTables(
        tuple(step for steps in boluses for step in steps),
        infusions,
        one(_label_band, band, sources) if band else None,
        one(_stated_renal_rule, own, root, sources) if own else None,
        collected([partial(_oral, each) for each in root.tables("antiplatelet")], problems),
        one(cited, root, sources) or (),
        {key: one(root.text, key, among) or "" for key, among in _texts(drugs).items()},
    )


def _protocol(root: Table, parts: _ProtocolTables, origin: str) -> Protocol:
    return Protocol(
        **parts.texts,
        boluses=parts.boluses,
        infusions=parts.infusions,
        renal=parts.own_rule.id if parts.own_rule else root.maybe_text("renal"),
        own_rule=parts.own_rule,
        weight_basis=root.text("weight_basis", BASES) if root.has("weight_basis") else None,
        label_band=parts.label_band,
        not_stated=root.texts("not_stated"),
        unclear=root.texts("unclear"),
        remarks=root.texts("remarks"),
        studies=root.texts("studies"),
        not_rescue=root.maybe_text("not_rescue"),
        contraindicated=root.maybe_text("contraindicated"),
        sources=parts.sources,
        origin=origin,
        oral=parts.oral,
        assay=_assay(root.maybe_table("assay")),
    )


def _texts(drugs: frozenset[str]) -> dict[str, frozenset[str] | None]:
    """Return the texts that every protocol has, and what each may say."""
    free = dict.fromkeys(("id", "title", "confidence", "population", "antiplatelets"))
    return {**free, "drug": drugs, "kind": KINDS}


def _check(made: Protocol, rules: Callable[[], Mapping[str, str]]) -> None:
    """Refuse what no single key shows to be wrong."""
    if not _ID.fullmatch(made.id):
        raise Problem(f"id: {quoted(made.id)} is not lower-case words joined by hyphens")
    if made.own_rule is not None and made.label_band is not None:
        table_under(made.own_rule, made.label_band)
    if made.own_rule is None and made.renal is not None and rules().get(made.renal) != made.drug:
        known = ", ".join(key for key, drug in rules().items() if drug == made.drug) or "none"
        raise Problem(f"renal: {quoted(made.renal)} is not a renal rule of {made.drug} (there is: {known})")
    if not made.boluses and not made.infusions:
        raise Problem("bolus: there is neither a bolus nor an infusion")
    contradicted = _contradicted(made)
    if contradicted:
        raise Problem(f"not_stated: names {contradicted}, which this file states")


def _contradicted(made: Protocol) -> str | None:
    """Return what ``not_stated`` names although it is stated."""
    stated = {
        "give_over": any(step.give_over for step in made.boluses),
        "run_time": made.maintenance is not None and made.maintenance.run_time is not None,
        "antiplatelets": made.antiplatelets != "not stated",
        "infusion": bool(made.infusions),
    }
    return next((name for name in made.not_stated if stated.get(name)), None)


def protocol_from(
    path: Path,
    sources: Mapping[str, Source],
    drugs: frozenset[str],
    rules: Callable[[], Mapping[str, str]],
    *,
    site: bool,
) -> Protocol:
    """Return the protocol of ``path``; CatalogueError lists every table with a problem, by path and key.

    A site's own file may define sources of its own under ``[source.NAME]``.
    """
    root = Table(parse(path))
    try:
        own = root.maybe_table("source") if site else None
        known = {**sources, **(source_entries(own) if own else {})}
        return _read_protocol(root, known, drugs, rules, SITE if site else PACKAGED)
    except Problem as problem:
        raise CatalogueError((f"{path}: {problem}",)) from None
    except CatalogueError as failure:
        raise CatalogueError(tuple(f"{path}: {problem}" for problem in failure.problems)) from None
