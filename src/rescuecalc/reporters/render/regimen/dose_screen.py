"""The first screen of `dose`: what is keyed into the pump and drawn up, before everything else.

It renders the document and calculates nothing. A volume or pump rate never stands without its concentration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.document.common_parts import people, people_near, signed
from rescuecalc.reporters.document.regimen.doses import IN_FULL
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.regimen.dose_wording import (
    AT_STOP,
    HOW,
    absent,
    amount_words,
    by_concentration,
    by_setting,
    counts_words,
    moment,
    stops_words,
)
from rescuecalc.reporters.render.screen import (
    Brevity,
    LabelledText,
    assembled,
    field,
    joined,
    lines_at,
    verdict,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rescuecalc.reporters.document.common_parts import Document


def dose_screen(made: Document, facts: Document, width: int = WIDTH) -> Page:
    """Return the screen of a `dose` document; ``facts`` is the bedside document beside it."""
    stated = made["protocol"]["antiplatelets"]

    def page(brevity: Brevity) -> Page:
        top, bottom = doses_first(made, facts, width, brevity), Page(width)
        if stated != "not stated":
            field(bottom, "bridge", stated, brevity=brevity)
        screen_end(bottom, made, facts, brevity=brevity)
        return assembled(made, (top, bottom), lines_at(width), brevity=brevity)

    return within(lines_at(width), page)


def doses_first(made: Document, facts: Document, width: int, brevity: Brevity) -> Page:
    """Return verdict, patient, pump and bolus: what `dose` and `plan` begin with.

    A ``brief`` one leaves out exact values from which rounding deviates by less than 5 %, and the dose per kg of a
    label that is not applied; the briefest says once that the thrombolysis is unknown: among what was not given.
    """
    page = Page(width)
    verdict(page, made, brevity)
    identity(page, made, facts, brevity)
    rows = _labels_joined(dose_rows(_in_brief(made))) if brevity else dose_rows(made)
    for row in joined(rows, _behind(brevity)):
        field(page, *row, brevity)
    return page


def _behind(brevity: Brevity) -> tuple[str, ...]:
    """Return the labels of the rows that stand behind the row before: at last all of the pump, and of each bolus."""
    if brevity >= Brevity.RUN_ON:
        return "weight", "mL/h", "VTBI", "stop", "volume", "or"
    return ("VTBI",) if brevity >= Brevity.BRIEFEST else ()


_NAMED_EXACT: Final = 5
"""Percent of deviation from which even a full page has the exact value beside the rounded one: a rule warns there."""


def _in_brief(made: Document) -> Document:
    """Return the document with the rounded values in place of exact ones that are nearly the same."""
    steps = {name: [_nearly(each) for each in made[name]] for name in ("boluses", "infusions")}
    columns = [
        {**each, "infusions": [{**one, "dose_rate_per_kg": None} for one in each["infusions"]]}
        for each in made["renal_columns"]
    ]
    return {**made, **steps, "renal_columns": columns}


def _labels_joined(rows: Iterable[LabelledText]) -> Iterator[LabelledText]:
    """Yield the rows with what the labels would do on one line, as none of it is applied."""
    labels: list[str] = []
    texts: list[str] = []
    for label, text, style in rows:
        if text.endswith(_NOT_APPLIED):
            texts.append(f"{label} {text.removesuffix(_NOT_APPLIED)}" if labels else text.removesuffix(_NOT_APPLIED))
            labels.append(label)
            continue
        if labels:
            yield LabelledText(labels[0], "; ".join(texts) + _NOT_APPLIED, "warning")
            labels, texts = [], []
        yield LabelledText(label, text, style)


def _nearly(each: Document) -> Document:
    shown = {**each, "options": [_nearly(option) for option in each.get("options", ())]}
    if shown["deviation_percent"] is not None and abs(shown["deviation_percent"]) < _NAMED_EXACT:
        shown |= {f"exact_{name}": shown[name] for name in ("volume", "pump_rate") if f"exact_{name}" in shown}
    return shown


def dose_rows(made: Document) -> Iterator[LabelledText]:
    """Yield the pump, each bolus and the label's row, as fields with their style."""
    yield from pump_rows(made)
    prepared = {each["preparation"] for each in made["infusions"]}
    for bolus in made["boluses"]:
        # Out of the same container: how it is prepared stands at the pump, and is read once.
        yield from bolus_rows({**bolus, "preparation": None} if bolus["preparation"] in prepared else bolus)
    if made["label_band"]:
        yield label_row(made["label_band"])


def screen_end(page: Page, made: Document, facts: Document, then: str = "", brevity: Brevity = Brevity.FULL) -> None:
    """Add what is watched and what was not judged; ``then`` is done at a stop, where no line above says it."""
    count, (label, stops, style) = watched_rows(facts, made["protocol"]["drug"])
    stops = f"{stops}: {then}" if then else stops
    unjudged = "; ".join(_unjudged(made, brevity))
    if brevity >= Brevity.BRIEFEST:
        parts = (count.text, f"{label} {stops}", *([unjudged] if unjudged else []))
        field(page, count.label, "; ".join(parts), count.style, brevity)
        return
    field(page, *count)
    field(page, label, stops, style)
    if unjudged:
        page.add(unjudged, "warning", hang=2)


def _unjudged(made: Document, brevity: Brevity) -> Iterator[str]:
    """Yield what was not given, and what was given and has no limit."""
    names = absent(made, pointed=brevity < Brevity.BRIEFEST)
    if names:
        yield f"not given and so not judged: {', '.join(names)}"
    haemoglobin = (made.get("patient") or {}).get("haemoglobin")
    if haemoglobin:
        unlimited = "of which no source held here states a limit" if brevity < Brevity.BRIEFEST else "no limit is held"
        yield f"not judged: haemoglobin {haemoglobin}, {unlimited}"


def identity(page: Page, made: Document, facts: Document, brevity: Brevity = Brevity.FULL) -> None:
    """Add drug, protocol, weight with its basis, run time, thrombolysis and renal function."""
    below = {_UNKNOWN_LYSIS} if brevity >= Brevity.BRIEFEST and "thrombolysis" in absent(made) else set()
    page.add("; ".join(part for part in identity_fields(made, facts) if part not in below), STRONG, hang=2)
    label_use, applied = f"label use: {made['label_use']}", _applied(made)
    if brevity >= Brevity.RUN_ON:
        label_use, applied = "; ".join(part for part in (label_use, applied) if part), ""
    page.add(label_use, "warning", hang=2)
    if applied:
        page.add(applied, hang=2)


def _applied(made: Document) -> str:
    """Return the renal rule that is applied and its band, empty where none is."""
    if not made["renal"]:
        return ""
    # The drug stands on the line above: "label applied", and not "eptifibatide label applied".
    title = made["renal"]["title"].removeprefix(f"{made['protocol']['drug']} ")
    return f"{title} applied: {made['renal']['band']}"


def identity_fields(made: Document, facts: Document) -> list[str]:
    """Return drug and protocol, then the weight, the run time, the thrombolysis and the renal function."""
    protocol, weight = made["protocol"], made["dosing_weight"]
    whose = " (a site protocol file)" if protocol["origin"] == "site" else ""
    parts = [f"{protocol['drug'].upper()}  {protocol['id'] or 'your own regimen'}{whose}"]
    if weight is not None:
        parts.append(f"{people_near(weight)} = {people(facts['pounds'])} ({made['weight_basis']})")
    else:
        parts.append("weight not given: no dose is counted per kg")
    run = [people(each["run_time"]) for each in made["infusions"] if each["run_time"]]
    parts += [f"run time {' then '.join(run)}"] if run else []
    parts.append(_thrombolysis(made.get("thrombolysis")))
    parts.append(_clearance(made))
    return parts


def _clearance(made: Document) -> str:
    """Return the clearance; of one that was calculated the rounded value, and on which weight."""
    working, clearance = made.get("clearance_working"), made["creatinine_clearance"]
    if working is not None:
        return f"CrCl {people(working['creatinine_clearance'])} (calculated on {working['basis']} weight)"
    return f"CrCl {people(clearance)}" if clearance else "CrCl unknown"


_UNKNOWN_LYSIS: Final = "thrombolysis unknown"


def _thrombolysis(thrombolysis: Document | None) -> str:
    if thrombolysis is None:
        return _UNKNOWN_LYSIS
    return f"thrombolysis at {moment(thrombolysis)}" if thrombolysis["given"] else "no thrombolysis"


def pump_rows(made: Document) -> Iterator[LabelledText]:
    """Yield what is keyed into the pump, in that order; a load and the maintenance after it stand side by side."""
    infusions = made["infusions"]
    if not infusions:
        return
    settings = [by_setting(each) for each in infusions]
    yield LabelledText("PUMP", _names(infusions[0]), STRONG)
    rates = ", then ".join(_dose_rate(each) for each in infusions)
    yield LabelledText("weight", f"{people_near(made['dosing_weight'])}; dose rate {rates}")
    if all(settings):
        yield LabelledText("mL/h", ", then ".join(_either(each, "pump_rate") for each in settings), STRONG)
        vtbi = ", then ".join(_either(each, "vtbi") for each in settings)
        yield LabelledText("VTBI", f"{vtbi}; {_first_empty(made)}")
    else:
        yield LabelledText("mL/h", "not calculated: no product is held; add --infusion-concentration", "warning")
    yield LabelledText("stop", _stop(made["schedule"]))
    columns = [each for each in made["renal_columns"] if each["adjusts"]]
    shown = {each["title"]: _column(each, made["boluses"]) for each in columns}
    for text in dict.fromkeys(shown.values()):  # labels that would do the same stand on one line
        titles = ", ".join(title for title, other in shown.items() if other == text)
        yield LabelledText(f"{titles}:", f"{text}{_NOT_APPLIED}", "warning")


_NOT_APPLIED: Final = "; not applied"


def _names(infusion: Document) -> str:
    if infusion["concentration"]:
        label = f" ({infusion['strength']})" if infusion["strength"] else ""
        name = f"{infusion['product']}{label}" if infusion["product"] else "a user-defined concentration"
        prepare = f"; prepare: {infusion['preparation']}" if infusion["preparation"] else ""
        return f"{name}: {people(infusion['concentration'])}{prepare}"
    groups = by_concentration(infusion["options"], "pump_rate")
    return " or ".join(f"{people(first['concentration'])} ({names})" for first, names in groups) or "no product chosen"


def _dose_rate(infusion: Document) -> str:
    cap = (
        f" ({infusion['cap'].partition(IN_FULL)[0]}; uncapped {people_near(infusion['formula_dose_rate'])})"
        if infusion["formula_dose_rate"]
        else ""
    )
    run = f" for {people(infusion['run_time'])}" if infusion["role"] == "load" else ""
    return f"{people(infusion['dose_rate_per_kg'])} = {people_near(infusion['dose_rate'])}{cap}{run}"


def _either(settings: Iterable[Document], name: str) -> str:
    return " or ".join(_with_concentration(each, name) for each in settings)


def _with_concentration(each: Document, name: str) -> str:
    rounded = people(each[name]) != people(each[f"exact_{name}"])
    exact = f" (exact {people_near(each[f'exact_{name}'])}, {signed(each['deviation_percent'])} %)"
    beside = exact if rounded and name != "vtbi" else ""
    return f"{people(each[name])} of {people(each['concentration'])}{beside}"


def _first_empty(made: Document) -> str:
    uses = [use for each in made["infusions"] for use in each["containers"]]
    if not uses:
        return "empty at: unknown"
    event = next((each for each in made["schedule"] if each["event"] == "container-empty"), None)
    if event is not None:
        return f"container empty {moment(event)}"
    left = uses[-1]["remaining"]
    return f"first container lasts, {people(left)} remains"


def _stop(schedule: Iterable[Document]) -> str:
    event = next(each for each in schedule if each["event"] == "infusion-stop")
    return f"{moment(event)}: {AT_STOP}"


def _column(column: Document, boluses: list[Document]) -> str:
    """Return what a label would do where renal function makes it differ: shown, never applied."""
    rates = [
        " or ".join(f"{people(one['pump_rate'])} of {people(one['concentration'])}" for one in by_setting(each))
        for each in column["infusions"]
    ]
    per_kg = ", then ".join(
        people(each["dose_rate_per_kg"]) for each in column["infusions"] if each["dose_rate_per_kg"]
    )
    numbers = (", then ".join(each for each in rates if each), f"({per_kg})" if per_kg else "")
    given = [text for text in (" ".join(part for part in numbers if part),) if text]
    changed = [
        people_near(each["dose"])
        for each, own in zip(column["boluses"], boluses, strict=True)
        if each["dose"] != own["dose"]
    ]
    return "; ".join([*given, *(f"bolus {each}" for each in changed)])


def bolus_rows(bolus: Document) -> Iterator[LabelledText]:
    """Yield a bolus with its dose and how it is given, then each volume with its concentration."""
    if bolus["formula_dose"]:
        beside = f"{bolus['cap']}; uncapped {people_near(bolus['formula_dose'])}"
    else:
        beside = people(bolus["dose_per_kg"]) if bolus["dose_per_kg"] else "fixed dose"
        here = bolus["dose_per_kg_here"]
        beside += f"; here {people_near(here)}" if here else ""
    over = f"give over {people(bolus['give_over'])}" if bolus["give_over"] else "give over: not stated"
    if bolus["after_start"]:
        over = f"{people(bolus['after_start'])} after the start; {over}"
    yield LabelledText(
        f"{bolus['called'].upper()} {bolus['route']}",
        f"{amount_words(bolus['dose'], people_near)} ({beside}); {over}",
        STRONG,
    )
    volumes = list(_volumes(bolus))
    if not volumes:
        yield LabelledText("volume", "not calculated: no product is held; add --bolus-concentration", "warning")
    for place, text in enumerate(volumes):
        yield LabelledText("or" if place else "volume", text, STRONG)


def _volumes(bolus: Document) -> Iterator[str]:
    if bolus["volume"]:
        name = f", {bolus['product']}" if bolus["product"] else ""  # that of one's own is named by how it is given
        speed = f", at {people(bolus['pump_rate'])}" if bolus["pump_rate"] else ""
        several = f"; {bolus['containers']} containers" if (bolus["containers"] or 0) > 1 else ""
        prepare = f"; prepare: {bolus['preparation']}" if bolus["preparation"] else ""
        yield f"{_with_concentration(bolus, 'volume')}{name}{speed}: {_how(bolus)}{several}{prepare}"
    for first, _ in by_concentration(bolus["options"], "volume"):
        yield f"{_with_concentration(first, 'volume')}: {_how(first)}"


def _how(each: Document) -> str:
    return HOW.get(each["how"]) or str(each["how"])


def label_row(band: Document) -> LabelledText:
    """Return the row of a label's weight-band table, or why there is none."""
    row, strength = band["row"], people(band["concentration"])
    if row is None:
        return LabelledText("label row", band["refused"], "warning")
    parts = [f"{people(row['pump_rate'])} of {strength}"]
    if row["load"]:
        parts.insert(0, f"load {people(row['load']['pump_rate'])} of {strength}")
    if row["bolus_volume"]:
        over = f" in {people(row['give_over'])}" if row["give_over"] else ""
        parts.insert(0, f"bolus {people(row['bolus_volume'])} of {strength}{over}")
    text = f"{people(row['from'])} to {people(row['to'])}: {'; '.join(parts)}; never mix the two"
    return LabelledText("label row", text, QUIET)


def watched_rows(facts: Document, drug: str) -> Iterator[LabelledText]:
    """Yield the first blood counts and what stops the infusion."""
    if facts["counts"]:
        yield LabelledText("platelets", counts_words(facts))
    else:
        yield LabelledText("platelets", f"no source is held for {drug}; follow the local order", "warning")
    yield LabelledText("stop if", stops_words(facts))
