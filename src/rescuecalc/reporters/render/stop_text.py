"""The page of `stop`: one screen by default, with the answer first; it renders the document and calculates nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.document.common_parts import ABOUT, has_many_digits, people, people_near
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import PLAIN, QUIET, STRONG, WIDTH, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.reporters.document.common_parts import Document

SCREEN: Final = 24
"""Lines of the smallest terminal in use."""

_COLUMN: Final = 11
_HEAVY: Final = ("error", "warning")
_ENDS: Final = ("earliest", "latest")


def stop_page(made: Document, width: int = WIDTH, *, details: bool = False) -> Page:
    """Return the page of a `stop` document: one screen, or with ``details`` the whole of it."""
    page = Page(width)
    _head(page, made)
    _total_dose(page, made)
    _effect(page, made)
    _line(page, made)
    _bloods(page, made)
    _reversal(page, made)
    if details:
        _not_judged(page, made["not_given"])
        _details(page, made)
    else:
        absent = [_SHORT.get(each, each) for each in made["not_given"] if each not in _STATED_ABOVE]
        if absent and len(page.lines) < SCREEN - 1:
            _not_judged(page, absent)
            absent = []
        _findings_in(page, made["findings"], SCREEN - len(page.lines), absent)
    return page


_STATED_ABOVE: Final = ("CrCl", "thrombolysis")
"""What the screen says in its own lines where it is not given."""
_SHORT: Final = {"blood pressure": "BP"}


def _not_judged(page: Page, absent: list[str]) -> None:
    if absent:
        _field(page, "not judged", f"{', '.join(absent)} (not given)")


def _field(page: Page, label: str, text: str, style: str = PLAIN) -> None:
    page.field(label, text, style, indent=0, column=_COLUMN)


def _head(page: Page, made: Document) -> None:
    protocol, weight = made["protocol"], made["dosing_weight"]
    page.add(
        f"{protocol['drug'].upper()} STOPPED  {protocol['id'] or 'your own regimen'}"
        f"{f', {people_near(weight)}' if weight else ''}, {_clearance(made)}",
        STRONG,
    )
    start = made["start"]
    clock = f"{_clock(start)} to {_clock(made['stop_at'], start)}, " if start is not None else ""
    _field(page, "ran", f"{clock}{_length(made['stop_elapsed_seconds'])}")


def _clearance(made: Document) -> str:
    if made["creatinine_clearance"] is None:
        return "CrCl not given"
    # What the band does; the clearance that it is for stands before it.
    band = f" ({made['renal']['band'].rpartition(': ')[2]})" if made["renal"] else ""
    return f"CrCl {people(made['creatinine_clearance'])}{band}"


def _clock(at: str, beside: str | None = None) -> str:
    """Return a clock time with its day and offset from UTC; beside another time only what differs from that."""
    clock = at[11:19].removesuffix(":00")
    if beside is None:
        return f"{at[:10]} {clock} {at[19:]}"
    day = "" if at[:10] == beside[:10] else f"{at[5:10]} "
    zone = "" if at[19:] == beside[19:] else f" {at[19:]}"
    return f"{day}{clock}{zone}"


def _length(seconds: int) -> str:
    """Return a length of time as people read it: ``3 h 30 min``."""
    minutes, second = divmod(abs(seconds), 60)
    hours, minute = divmod(minutes, 60)
    parts = [f"{number} {name}" for number, name in ((hours, "h"), (minute, "min"), (second, "s")) if number]
    return " ".join(parts) or "0 min"


def _total_dose(page: Page, made: Document) -> None:
    """Add what was given: as set on pump and syringe where every product is named, else exactly as ordered."""
    total, infusions = made["total"], made["infusions"]
    known = total["delivered"] is not None
    name = "delivered" if known else "dose"
    parts = [(total[name], ""), (total[f"{name}_per_kg"], "")]
    if len(total["volumes"]) == 1:
        [one] = total["volumes"]
        parts.append((one["volume"], f" of {people(one['concentration'])}"))
    differs = known and people(total["delivered"]) != people(total["dose"])
    ordered = f" (ordered {_near([(total['dose'], '')])})" if differs else ""
    _field(page, "given", f"{_near([each for each in parts if each[0]])}{ordered}", STRONG)
    for each in made["boluses"]:
        dose = each["delivered"] if known else each["dose"]
        drawn = _drawn(each, "volume" if known else "exact_volume")
        _field(page, f"  bolus {each['route']}", f"{_near([(dose, '')])}{drawn}")
    for each in infusions:
        dose = each["delivered_dose"] if known else each["infused_dose"]
        length = f" in {_length(_seconds(each))}" if len(infusions) > 1 else ""
        label = "  infusion" if each["role"] == "maintenance" else "  load"
        _field(page, label, f"{_near([(dose, '')])}{length}{_drawn(each, 'vtbi' if known else 'exact_vtbi')}")


def _near(parts: list[tuple[Document, str]], between: str = " = ", digits: int = 4) -> str:
    """Return quantities side by side; "about" stands once before them where one has more digits than people read."""
    texts = [f"{people_near(each, digits).removeprefix(ABOUT)}{more}" for each, more in parts]
    return f"{ABOUT if any(has_many_digits(each) for each, _ in parts) else ''}{between.join(texts)}"


def _seconds(each: Document) -> int:
    sizes = {"h": 3600, "min": 60, "s": 1}
    return int(each["run_time"]["value"] * sizes[each["run_time"]["unit"]])


def _drawn(each: Document, name: str) -> str:
    """Return how much of which concentration that is; where no product was named, of each that can serve."""
    shown = [each] if each[name] else each["options"]
    drawn = dict.fromkeys(_near([(one[name], f" of {people(one['concentration'])}")]) for one in shown if one[name])
    return f": {' or '.join(drawn)}" if drawn else ""


def _effect(page: Page, made: Document) -> None:
    each, stop = made["effect"], made["stop_at"]
    if each["earliest_elapsed"] is None:
        _field(page, "effect", f"{each['state']}: {each['words']}", STRONG)
        return
    if stop is None:
        until = f"{' to '.join(_length(each[f'{end}_elapsed_seconds']) for end in _ENDS)} after the start"
    else:
        until = f"{_clock(each['earliest_at'], stop)} to {_clock(each['latest_at'], each['earliest_at'])}"
    _field(page, "effect", f"expected until {until}: {each['words']}", STRONG)
    if each["caveat"]:
        _field(page, "", each["caveat"], "warning")


def _line(page: Page, made: Document) -> None:
    if made["line"] is None:
        return
    _field(page, "line", made["line"], STRONG)
    for contents in _by_strength(made["line_at_stop"]):
        volume, dose, per_kg = (_ends(contents, name) for name in ("line_volume", "dose", "dose_per_kg"))
        _field(page, "", f"{volume} of {people(contents[0]['concentration'])}: {dose}, {per_kg}")


def _by_strength(contents: list[Document]) -> Iterator[list[Document]]:
    found: dict[str, list[Document]] = {}
    for each in contents:
        found.setdefault(people(each["concentration"]), []).append(each)
    yield from found.values()


def _ends(contents: list[Document], name: str) -> str:
    """Return one quantity or two of one unit: ``15 to 27 mL``."""
    unit = f" {contents[0][name]['unit']}"
    return _near([(each[name], "") for each in contents], " to ", digits=3).replace(f"{unit} to ", " to ")


def _bloods(page: Page, made: Document) -> None:
    _field(page, "now", f"{made['now']['words']}; {made['fibrinogen']['words']}")
    lines: list[str] = []
    for each in made["counts"]:
        untimed = each["elapsed"] is None and lines
        lines = [*lines[:-1], f"{lines[-1]}; {each['words']}"] if untimed else [*lines, _count(each, made)]
    lines = lines or [f"when to count them is not held for {made['protocol']['drug']}"]
    lines += [made["platelets"]["words"]] if made["platelets"] is not None else []
    for place, text in enumerate(lines):
        _field(page, "" if place else "platelets", text)


def _count(each: Document, made: Document) -> str:
    """Return when to count, with the clock time where there is one: to the minute, since a label says hours."""
    if each["at"] is None:
        return str(each["words"])
    ends = [_clock(f"{at[:16]}:00{at[19:]}", made["stop_at"]) for at in (each["at"], each["until_at"]) if at]
    return f"{each['words']}: {' to '.join(ends)}"


def _reversal(page: Page, made: Document) -> None:
    reversal = made["reversal"]
    drug = made["protocol"]["drug"]
    words = reversal["words"] if reversal is not None else f"not held: no source read here states it for {drug}"
    _field(page, "reversal", words)
    _field(page, "", f"thrombolysis: {_thrombolysis(made)}")


def _thrombolysis(made: Document) -> str:
    lysis, own = made["thrombolysis"], made["thrombolysis_reversal"]["words"]
    if lysis is None:
        return f"not stated (--thrombolysis-at); {own}"
    if not lysis["given"]:
        return "none given"
    if lysis["before_stop_seconds"] is None:
        return f"given, time not stated; {own}"
    side = "before" if lysis["before_stop_seconds"] >= 0 else "after"
    when = f"{_length(lysis['before_stop_seconds'])} {side} the stop"
    return f"{when}; {own}" if lysis["recent"] else f"{when}, not within the last 24 h"


def _findings_in(page: Page, found: list[Document], room: int, absent: list[str]) -> None:
    """Add the findings in at most ``room`` lines: the heavy ones in full where they fit, else by name or number.

    ``absent`` is what was not given, where it has no line of its own.
    """
    heavy = [each for each in found if each["severity"] in _HEAVY]
    counts = {kind: sum(each["severity"] == kind for each in found) for kind in (*_HEAVY, "note")}
    numbers = [f"{number} {kind}{'s' if number > 1 else ''}" for kind, number in counts.items() if number]
    codes = [f"{each['severity']} {each['code']}" for each in heavy]
    notes = [f"{numbers[-1]} (--details)"] if counts["note"] else []
    names = [f"{each['severity'].upper()} {each['code']} {each['name']}" for each in heavy]
    messages = [f"{name}: {each['message']}" for name, each in zip(names, heavy, strict=True)]
    counted = [*numbers, f"not given: {', '.join(absent)}"] if absent else [f"{', '.join(numbers)} (--details)"]
    more = [f"not given: {', '.join(absent)}"] if absent else []
    by_code = ["; ".join([*codes, *notes, *more])]
    for parts in ([*messages, *notes, *more], [*names, *notes, *more], by_code, ["; ".join(counted)]):
        tried = Page(page.width)
        for place, text in enumerate(parts or ["none"]):
            _field(tried, "" if place else "findings", text, heavy[0]["severity"] if heavy else PLAIN)
        if len(tried.lines) <= room:
            break
    page.lines.extend(tried.lines)


def _details(page: Page, made: Document) -> None:
    pages.findings(page, made["findings"])
    page.heading("NOTES")
    for note in made["notes"]:
        page.add(note, indent=2, hang=2)
    page.heading("HOW EACH NUMBER ARISES")
    for step in made["derivation"]:
        page.add(f"{step['of']}: {step['formula']}", indent=2, hang=2)
        page.add(step["calculation"], indent=6, hang=2)
    pages.source_list(page, made["sources"])
    page.add("")
    checked = "Every dose, volume, rate and time above was calculated twice, by two independent routes"
    page.add(f"{checked}. rescuecalc {made['rescuecalc']}", QUIET)
