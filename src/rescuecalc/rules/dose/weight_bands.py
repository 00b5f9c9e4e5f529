"""RC4: the rows of a weight-band table: one for the patient, none for two weights, none that falls, or is off."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from rescuecalc.core.orders.condition_interval import Interval, covered, gaps
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.model.mention import base_value, last_place
from rescuecalc.core.orders.table_line import OffLine, Slack, WeightRow, off_line
from rescuecalc.core.quantities.decimal_text import plain, rounded_to_step, significant
from rescuecalc.core.quantities.quantity import DosingWeight, PumpRate, Volume
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.order_model.contradiction import CONTRADICTIONS, NOT_EXPLAINED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

_OF_TABLE: Final = (
    *("dose_per_kg", "dose_rate_per_kg", "concentration", "product", "max_dose", "max_dose_rate"),
    *("give_over", "run_time"),
)
"""Beside these the rows of one table are alike."""
_AMOUNTS: Final = ("dose", "dose_rate", "volume", "pump_rate")


class _WrittenBand(NamedTuple):
    """A row of a table: for which weights (kg) it is, and how finely its ends are written."""

    covers: Interval
    half: Fraction
    order: Order

    @property
    def is_one_weight(self) -> bool:
        """Whether it is for one weight, between which and the next a table is read by the nearest."""
        return self.covers.is_point


def _tables(subject: Subject) -> Iterator[list[_WrittenBand]]:
    """Yield the rows of each table, in the order of their weights: orders that differ in their weights and amounts."""
    tables: dict[tuple[object, ...], list[_WrittenBand]] = {}
    for order in subject.written:
        row = _row(order) if "weight" in order.texts and not order.of else None
        if row is not None:
            others = tuple(order.texts.get(name, "") for name in _OF_TABLE)
            when = tuple(each.text for each in order.when if each.name != "weight")
            key = (order.drug, order.given_as, order.route, order.load, order.start, when, *others)
            tables.setdefault(key, []).append(row)
    for rows in tables.values():
        yield sorted(rows, key=_place)


def _place(row: _WrittenBand) -> tuple[Fraction, bool, Fraction, str]:
    high = row.covers.high
    return row.covers.low, high is None, high or Fraction(0), row.order.pointer


def _row(order: Order) -> _WrittenBand | None:
    band = order.weight_band
    if band is not None:
        covers = Interval(base_value(band.low)[0], True, base_value(band.high)[0], True)
        return _WrittenBand(covers, max(_half(band.low), _half(band.high)), order)
    condition = next((each for each in order.when if each.name == "weight" and each.bounds), None)
    if condition is None:
        return None
    halves = (_half(bound.quantity) for bound in condition.bounds if isinstance(bound.quantity, DosingWeight))
    return _WrittenBand(covered(condition, "kg"), max(halves, default=Fraction(0)), order)


def _not_of_patient(subject: Subject) -> Iterator[Hit]:
    weight = subject.order_set.weight
    if weight is None or not subject.order_set.whole:
        return
    kg = base_value(weight)[0]
    for rows in _tables(subject):
        if any(_holds(row, kg) for row in rows):
            continue
        order = min(rows, key=lambda row: _distance(row, kg)).order
        text = order.texts["weight"]
        message = f"the {order.given_as or 'order'} of {order.drug} is for {text}, and the patient weighs {weight}"
        if len(rows) > 1:
            message += f"; of its {len(rows)} rows none is for that weight"
        yield Hit(message, (), f"{order.pointer}/weight", text)


def _holds(row: _WrittenBand, kg: Fraction) -> bool:
    """Whether a row is for a weight: one of 46-54 kg ends where 55 kg begins."""
    return _distance(row, kg) < row.half and not (_is_open(row) and row.covers.meet(_only(kg)).is_empty)


def _is_open(row: _WrittenBand) -> bool:
    return row.order.weight_band is None


def _only(kg: Fraction) -> Interval:
    return Interval(kg, True, kg, True)


def _distance(row: _WrittenBand, kg: Fraction) -> Fraction:
    low, high = row.covers.low, row.covers.high
    return max(low - kg, Fraction(0) if high is None else kg - high, Fraction(0))


def _half(end: DosingWeight) -> Fraction:
    """Return half of the last digit of an end; a whole number of kilograms is read to one."""
    text = end.text or str(end)
    return Fraction(10) ** min(0, last_place(text)) / 2 if end.unit.name == "kg" else Fraction(1, 2)


def _in_conflict(subject: Subject) -> Iterator[Hit]:
    contradictions = (each for each in CONTRADICTIONS.of(subject) if each.code != NOT_EXPLAINED)
    blamed = {each.hit.pointer.rpartition("/")[0] for each in contradictions}
    for rows in _tables(subject):
        for first, second in pairwise(rows):
            both, one, other = first.covers.meet(second.covers), first.order, second.order
            if first.covers != second.covers and not both.is_empty and not both.is_point:
                weights = both.words("kg").removeprefix("from ")
                message = (
                    f"two rows of {other.drug} are for {weights}: {one.texts['weight']} and {other.texts['weight']}"
                )
                yield Hit(message, (), f"{other.pointer}/weight", other.texts["weight"])
        sound = [row for row in rows if row.order.pointer not in blamed]
        off = tuple(_off_line(sound, subject))
        yield from off
        # Beside a row that is off, the next seems to fall.
        left_out = {hit.pointer.rpartition("/")[0] for hit in off}
        for name in _AMOUNTS:
            yield from _falling(name, [row for row in sound if row.order.pointer not in left_out])


_SETTINGS: Final[dict[str, type[PumpRate | Volume]]] = {"pump_rate": PumpRate, "volume": Volume}
_UNITS: Final = {"pump_rate": "mL/h", "volume": "mL"}


def _off_line(rows: list[_WrittenBand], subject: Subject) -> Iterator[Hit]:
    """Yield the row whose setting is off the line of the table's others."""
    limits, tuning = subject.knowledge.limits, subject.knowledge.tuning()
    if any(name in row.order.fields for row in rows for name in ("max_dose", "max_dose_rate")):
        return
    for name, role in _SETTINGS.items():
        held = [(row, setting) for row in rows if (setting := row.order.quantity(name, role)) is not None]
        closed = [(row, setting) for row, setting in held if row.covers.high is not None and row.covers.low > 0]
        made = [
            WeightRow(row.covers.low, row.covers.high or row.covers.low, setting.value_in(_UNITS[name]))
            for row, setting in closed
        ]
        if len({row.order.texts["weight"] for row, _ in closed}) < len(closed):
            continue  # two orders for one weight are steps
        step = limits.pump_step.value_in("mL/h")
        share = limits.deviation_percent / 100
        wrong = off_line(
            made, Slack(share, tuning.tolerances.off_table, (Fraction(1), tuning.tolerances.off_table, step))
        )
        if wrong is None or _is_at_maximum(wrong, made):
            continue
        order, found = closed[wrong.place][0].order, made[wrong.place].amount
        expected = f"{plain(significant(rounded_to_step(wrong.expected, step), 6))} {_UNITS[name]}"
        message = (
            f"the {name.replace('_', ' ')} {order.texts[name]} at {order.texts['weight']} is off the line of the "
            f"table's other {len(made) - 1} rows: about {expected} lies on it"
        )
        yield Hit(message, (limits.source,), order.at(name), order.texts[name], expected, found / wrong.expected)


def _is_at_maximum(off: OffLine, rows: list[WeightRow]) -> bool:
    """Whether the heaviest row alone is below the line: a maximum that is not written."""
    return off.place == len(rows) - 1 and rows[off.place].amount < off.expected


def _with_gaps(subject: Subject) -> Iterator[Hit]:
    for rows in _tables(subject):
        bands = [row for row in rows if not row.is_one_weight]
        between = [(gap, _behind(gap, bands)) for gap in gaps(row.covers for row in bands)]
        inner = [(gap, row) for gap, row in between if gap.low and row is not None]
        wide = [each for each in inner if not _is_whole_kilogram(*each)]
        if wide and len(wide) == len(bands) - 1:  # it leaves out rows everywhere, and none was forgotten
            yield _of_excerpt(bands[0].order, wide[0][0])
            continue
        for gap, row in wide:
            text = row.order.texts["weight"]
            message = f"no row of {row.order.drug} is for {gap.words('kg')}: the next is for {text}"
            yield Hit(message, (), f"{row.order.pointer}/weight", text)
        if len(wide) < len(inner):
            order = bands[0].order
            apart = next(gap for gap, row in inner if _is_whole_kilogram(gap, row))
            message = (
                f"the rows of {order.drug} are for whole kilograms: a weight {apart.words('kg').removeprefix('from ')} "
                "has no row until it is rounded"
            )
            yield Hit(message, (), f"{order.pointer}/weight", order.texts["weight"], severity=Severity.NOTE)


def _of_excerpt(order: Order, gap: Interval) -> Hit:
    message = (
        f"the rows of {order.drug} do not follow each other: a weight {gap.words('kg').removeprefix('from ')}, "
        "as between all of them, has no row"
    )
    return Hit(message, (), f"{order.pointer}/weight", order.texts["weight"], severity=Severity.NOTE)


def _behind(gap: Interval, bands: list[_WrittenBand]) -> _WrittenBand | None:
    """Return the row that begins where a gap ends, None at the end of the table."""
    return next((row for row in bands if row.covers.low == gap.high), None)


def _is_whole_kilogram(gap: Interval, row: _WrittenBand) -> bool:
    """Whether a gap is only that between two numbers that are written to the same digit: 54 and 55 kg."""
    return gap.high is not None and not gap.is_point and gap.high - gap.low <= 2 * row.half


def _falling(name: str, rows: list[_WrittenBand]) -> Iterator[Hit]:
    """Yield the rows in which an amount is less than in the row of a lighter patient, or in one row no more.

    Where the heaviest rows say the same they are at a maximum; one row alone that is like the one before was copied.
    """
    held = [(row.order, base_value(row.order.fields[name])) for row in rows if name in row.order.fields]
    for place, ((one, (more, kind)), (other, (less, same))) in enumerate(pairwise(held)):
        if kind != same or less >= more or one.texts["weight"] == other.texts["weight"]:
            continue  # two orders for one weight are steps
        after = held[place + 2][1][0] if place + 2 < len(held) else None
        # The one without which the others rise is wrong: the heavier, unless the next goes on from it.
        order = one if after is not None and after < more else other
        found = order.texts[name]
        lighter, heavier = (f"{each.texts[name]} at {each.texts['weight']}" for each in (one, other))
        message = f"the {name.replace('_', ' ')} falls from {lighter} to {heavier}"
        yield Hit(message, (), f"{order.pointer}/{name}", found)


def _rows(*rows: str) -> str:
    orders = ", ".join(f"{{drug: heparin, route: IV, kind: bolus, {each}}}" for each in rows)
    return f"{{order_set: Example, patient: {{weight: 80 kg}}, orders: [{orders}]}}"


_ROW: Final = "weight: {} kg, dose: {} units"

_LEAST_RISING: Final = 3 + 1
"""Rows of which all others have to rise before one that does not is reported."""


def _level(subject: Subject) -> Iterator[Hit]:
    for rows in _tables(subject):
        if any(name in row.order.fields for row in rows for name in ("max_dose", "max_dose_rate")):
            continue
        for name in _AMOUNTS:
            held = [(row.order, base_value(row.order.fields[name])[0]) for row in rows if name in row.order.fields]
            levels = [place for place, ((_, one), (_, other)) in enumerate(pairwise(held)) if one == other]
            if len(held) >= _LEAST_RISING and len(levels) == 1 and levels[0] + 2 < len(held):
                before, order = held[levels[0]][0], held[levels[0] + 1][0]
                if before.texts["weight"] != order.texts["weight"]:
                    words = f"{order.texts[name]} at {before.texts['weight']} and at {order.texts['weight']}"
                    message = f"the {name.replace('_', ' ')} of {order.drug} is {words}: every other row rises"
                    yield Hit(message, (), f"{order.pointer}/{name}", order.texts[name])


RULES = (
    declared(
        "RC434",
        "weight-bands-with-gap",
        Severity.WARNING,
        _with_gaps,
        "rescuecalc",
        severities=(Severity.NOTE,),
        checks="Whether weights between two rows of a weight-band table have no row.",
        why="For a patient between two rows the nurse has to choose, or has no dose.",
        fails=_rows(_ROW.format("46-54", "4000"), _ROW.format("55-74", "5200"), _ROW.format("79-94", "6400")),
        passes=_rows(_ROW.format("46-54", "4000"), _ROW.format("54-74", "5200"), _ROW.format("74-94", "6400")),
        remedy="End each row where the next begins.",
        limits="Rows that are a whole kilogram apart (`46-54 kg`, `55-62 kg`) are one note for the table, and so "
        "is an excerpt without consecutive rows. Rows for single weights are read by the nearest weight and"
        " have no gaps. The first and last weight of a table are not judged.",
        since="0.2.0",
        of_set=True,
    ),
    declared(
        "RC435",
        "weight-row-does-not-rise",
        Severity.NOTE,
        _level,
        "rescuecalc",
        checks="A table by weight in which one row repeats the row before, and every other row rises.",
        why="A row that was copied and not changed gives the dose of a lighter patient.",
        fails=_rows(
            *(
                _ROW.format(*each)
                for each in (("46-54", "4000"), ("55-64", "4800"), ("65-74", "4800"), ("75-84", "6400"))
            )
        ),
        passes=_rows(
            *(
                _ROW.format(*each)
                for each in (("46-54", "4000"), ("55-64", "4800"), ("65-74", "5600"), ("75-84", "6400"))
            )
        ),
        remedy="Calculate the row again.",
        limits="Not if a cap is stated, nor at the end of a table whose rows are at a maximum.",
        since="0.2.0",
        of_set=True,
    ),
    declared(
        "RC432",
        "weight-band-not-of-patient",
        Severity.ERROR,
        _not_of_patient,
        "rescuecalc",
        checks="The weight of the patient against the weight bands of an order set's rows.",
        why="The row of another weight was ordered: its dose is right for another patient.",
        fails=_rows(_ROW.format("46-54", "4000")),
        passes=_rows(_ROW.format("46-54", "4000"), _ROW.format("76-84", "6400")),
        remedy="Order the row of the patient's weight.",
        limits="Only in a whole order set; one row for the weight is enough. Conditions (`when`) may be for other "
        "patients.",
        of_set=True,
    ),
    declared(
        "RC433",
        "weight-bands-in-conflict",
        Severity.ERROR,
        _in_conflict,
        "rescuecalc",
        checks="Whether two rows of one weight-band table cover the same weight, whether a dose, dose rate, "
        "volume or pump rate is lower in the next heavier row, and whether a pump rate or volume is off the line of at "
        "least four others by more than {limits.deviation_percent} % and more than half a mL/h, or mL.",
        why="If two rows cover one weight, the nurse has to choose; a lower value in a heavier row is a mistake.",
        fails=_rows(_ROW.format("46-84", "4000"), _ROW.format("76-94", "6400")),
        passes=_rows(_ROW.format("46-75", "4000"), _ROW.format("76-94", "6400")),
        remedy="Correct the bands, or the row.",
        limits="Rows of one drug, kind, route, dose per kg, product and condition are compared; a weight at which "
        "one row ends and the next begins is not reported. A row is compared with a line only if all others lie on "
        "one and no cap is stated; the heaviest may be below it.",
        of_set=True,
    ),
)
