"""The page of `stop`: one screen by default, with the answer first; it renders the document and calculates nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from rescuecalc.reporters.document.common_parts import ABOUT, has_many_digits, people, people_near
from rescuecalc.reporters.document.regimen.bedside import of_severity
from rescuecalc.reporters.render import page as pages
from rescuecalc.reporters.render.page import QUIET, STRONG, WIDTH, Page
from rescuecalc.reporters.render.screen import (
    Brevity,
    LabelledText,
    assembled,
    error_again,
    joined,
    lines_at,
    verdict,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rescuecalc.reporters.document.common_parts import Document

_COLUMN: Final = 11
_BRIEF_HANG: Final = 2
_ENDS: Final = ("earliest", "latest")


_JOINED: Final = ("given", "not judged")
"""Fields that a brief page sets behind the one before."""

_RUN_ON: Final = (*_JOINED, "line", "platelets", "reversal")
"""Fields that a page with many errors sets there: what the effect and the line do, then what is done now."""


def stop_page(made: Document, facts: Document, width: int = WIDTH, *, details: bool = False) -> Page:
    """Return the page of a `stop` document: one screen, or with ``details`` the whole of it.

    ``facts`` is the bedside document beside it.
    """
    if not details:
        return within(lines_at(width), lambda brevity: _screen(made, facts, width, brevity))
    page = _top(made, facts, width)
    _add(page, [*_given(made), *_after_stop(made), *_not_judged(made["not_given"])])
    _details(page, made)
    return page


def stop_numbers(made: Document) -> str:
    """Return what was given, each volume with its concentration; with an error each line says so."""
    before = "DO NOT USE: " if of_severity(made, "error") else ""
    return "".join(f"{before}{each.label.strip()} {each.text}\n" for each in _total_dose(made))


def _screen(made: Document, facts: Document, width: int, brevity: Brevity) -> Page:
    """Return the first screen; a ``brief`` one sets what belongs to one field on the same lines."""
    behind = _RUN_ON if brevity >= Brevity.RUN_ON else _JOINED
    set_out: Callable[[Iterable[LabelledText]], list[LabelledText]] = (
        partial(joined, behind=behind) if brevity else list
    )
    hang = _BRIEF_HANG if brevity else _COLUMN
    top, body = _top(made, facts, width, brevity), Page(width)
    absent = [_SHORT.get(each, each) for each in made["not_given"] if each not in _STATED_ABOVE]
    _add(top, set_out(_given(made)), hang)
    after = _after_stop({**made, "counts": _still_due(made)} if brevity else made)
    _add(body, set_out([*after, *_not_judged(absent)]), hang)
    return assembled(made, (top, body), lines_at(width), brevity=brevity)


def _still_due(made: Document) -> list[Document]:
    """Return the blood counts whose time was not over when the infusion stopped."""
    ends = ((each, each["until_elapsed_seconds"] or each["elapsed_seconds"]) for each in made["counts"])
    return [each for each, end in ends if end is None or end > made["stop_elapsed_seconds"]]


def _top(made: Document, facts: Document, width: int, brevity: Brevity = Brevity.FULL) -> Page:
    page = Page(width)
    verdict(page, made, brevity)
    _head(page, made, facts)
    return page


def _after_stop(made: Document) -> Iterator[LabelledText]:
    yield from _effect(made)
    yield from _line(made)
    yield from _bloods(made)
    yield from _reversal(made)


def _add(page: Page, fields: Iterable[LabelledText], hang: int = _COLUMN) -> None:
    for each in fields:
        page.add(f"{each.label:<{_COLUMN}}{each.text}", each.style, hang=hang)


_STATED_ABOVE: Final = ("CrCl", "thrombolysis")
"""What the screen says in its own lines where it is not given."""
_SHORT: Final = {"blood pressure": "BP"}


def _not_judged(absent: list[str]) -> Iterator[LabelledText]:
    if absent:
        yield LabelledText("not judged", f"{', '.join(absent)} (not given)")


def _head(page: Page, made: Document, facts: Document) -> None:
    protocol, weight = made["protocol"], made["dosing_weight"]
    parts = [
        f"{protocol['drug'].upper()} STOPPED  {protocol['id'] or 'your own regimen'}",
        *([f"{people_near(weight)} = {people(facts['pounds'])} ({made['weight_basis']})"] if weight else []),
        _clearance(made),
    ]
    page.add("; ".join(parts), STRONG, hang=2)


def _given(made: Document) -> Iterator[LabelledText]:
    yield _ran(made)
    yield from _total_dose(made)


def _ran(made: Document) -> LabelledText:
    start = made["start"]
    clock = f"{_clock(start)} to {_clock(made['stop_at'], start)}, " if start is not None else ""
    return LabelledText("ran", f"{clock}{_length(made['stop_elapsed_seconds'])}")


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


def _total_dose(made: Document) -> Iterator[LabelledText]:
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
    yield LabelledText("given", f"{_near([each for each in parts if each[0]])}{ordered}", STRONG)
    for each in made["boluses"]:
        dose = each["delivered"] if known else each["dose"]
        drawn = _drawn(each, "volume" if known else "exact_volume")
        yield LabelledText(f"  bolus {each['route']}", f"{_near([(dose, '')])}{drawn}")
    for each in infusions:
        dose = each["delivered_dose"] if known else each["infused_dose"]
        length = f" in {_length(_seconds(each))}" if len(infusions) > 1 else ""
        label = "  infusion" if each["role"] == "maintenance" else "  load"
        yield LabelledText(label, f"{_near([(dose, '')])}{length}{_drawn(each, 'vtbi' if known else 'exact_vtbi')}")


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


def _effect(made: Document) -> Iterator[LabelledText]:
    each, stop = made["effect"], made["stop_at"]
    if each["earliest_elapsed"] is None:
        yield LabelledText("effect", f"{each['state']}: {each['words']}", STRONG)
        return
    if stop is None:
        until = f"{' to '.join(_length(each[f'{end}_elapsed_seconds']) for end in _ENDS)} after the start"
    else:
        until = f"{_clock(each['earliest_at'], stop)} to {_clock(each['latest_at'], each['earliest_at'])}"
    yield LabelledText("effect", f"expected until {until}: {each['words']}", STRONG)
    if each["caveat"]:
        yield LabelledText("", each["caveat"], "warning")


def _line(made: Document) -> Iterator[LabelledText]:
    if made["line"] is None:
        return
    yield LabelledText("line", made["line"], STRONG)
    for contents in _by_strength(made["line_at_stop"]):
        volume, dose, per_kg = (_ends(contents, name) for name in ("line_volume", "dose", "dose_per_kg"))
        yield LabelledText("", f"{volume} of {people(contents[0]['concentration'])}: {dose}, {per_kg}")


def _by_strength(contents: list[Document]) -> Iterator[list[Document]]:
    found: dict[str, list[Document]] = {}
    for each in contents:
        found.setdefault(people(each["concentration"]), []).append(each)
    yield from found.values()


def _ends(contents: list[Document], name: str) -> str:
    """Return one quantity or two of one unit: ``15 to 27 mL``."""
    unit = f" {contents[0][name]['unit']}"
    return _near([(each[name], "") for each in contents], " to ", digits=3).replace(f"{unit} to ", " to ")


def _bloods(made: Document) -> Iterator[LabelledText]:
    yield LabelledText("now", f"{made['now']['words']}; {made['fibrinogen']['words']}")
    lines: list[str] = []
    for each in made["counts"]:
        untimed = each["elapsed"] is None and lines
        lines = [*lines[:-1], f"{lines[-1]}; {each['words']}"] if untimed else [*lines, _count(each, made)]
    lines = lines or [f"when to count them is not held for {made['protocol']['drug']}"]
    lines += [made["platelets"]["words"]] if made["platelets"] is not None else []
    for place, text in enumerate(lines):
        yield LabelledText("" if place else "platelets", text)


def _count(each: Document, made: Document) -> str:
    """Return when to count, with the clock time where there is one: to the minute, since a label says hours."""
    if each["at"] is None:
        return str(each["words"])
    ends = [_clock(f"{at[:16]}:00{at[19:]}", made["stop_at"]) for at in (each["at"], each["until_at"]) if at]
    return f"{each['words']}: {' to '.join(ends)}"


def _reversal(made: Document) -> Iterator[LabelledText]:
    reversal = made["reversal"]
    drug = made["protocol"]["drug"]
    words = reversal["words"] if reversal is not None else f"not held: no source read here states it for {drug}"
    yield LabelledText("reversal", words)
    yield LabelledText("", f"thrombolysis: {_thrombolysis(made)}")


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
    error_again(page, made)
