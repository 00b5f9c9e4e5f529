"""From the texts of `titrate` to a titration; what cannot be read of it becomes a defect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from rescuecalc.core.orders import order_field as field
from rescuecalc.core.orders.order import Defect
from rescuecalc.core.orders.titration import Titration
from rescuecalc.core.quantities.decimal_text import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rescuecalc.core.quantities.quantity import Duration, Quantity

UNREADABLE: Final = "RC201"
_FIELDS: Final = ("dose_rate_per_kg", "dose_rate", "pump_rate", "dose_per_kg", "dose", "volume")


_NOTHING: Final = re.compile(r"0 ?(?:[A-Za-z\u00b5\u03bc/]{1,20})?|off", re.IGNORECASE)
_EVERY: Final = re.compile(r"^(?:no faster than |not faster than |at most )?(?:every |q ?)?(?=[0-9])", re.IGNORECASE)
_CHANGED: Final = re.compile(
    r"^(?:by |(?:\+ ?/ ?-|\u00b1|\+) ?)(?=[0-9])| (?:up|down|up or down|up/down)$", re.IGNORECASE
)
"""About a step: whether it goes up or down."""
_HOURLY: Final = re.compile(r"^(?:every hour|each hour|hourly|q ?h)$", re.IGNORECASE)


def read_titration(texts: Mapping[str, str], pointer: str, defects: list[Defect]) -> Titration:
    """Return the titration of an order; each dose of it may be a range, and all are of one kind."""
    found: dict[str, tuple[Quantity, ...]] = {}
    named = ""
    for name in ("start", "min", "max", "step"):
        text = texts.get(name)
        read = _dose(_CHANGED.sub("", text.strip())) if text is not None else None
        if text is None or read is None:
            continue
        at = f"{pointer}/{name}"
        if name in {"min", "start"} and _NOTHING.fullmatch(text.strip()) is not None:
            continue  # from, or down to, where it is off
        if isinstance(read, field.Unreadable):
            message = f"titrate {name}: cannot read {quoted(text)}: {read.reason}; write a dose or a rate with its unit"
            defects.append(Defect(UNREADABLE, message, at, text))
        elif named not in {"", read.name}:
            message = (
                f"titrate {name}: {quoted(text)} is a {_words(read.name)}, and the titration is of a {_words(named)}"
            )
            defects.append(Defect(UNREADABLE, message, at, text))
        else:
            named = read.name
            found[name] = (read.quantity,) if read.high is None else (read.quantity, read.high)
    least, most = found.get("min", ()), found.get("max", ())
    return Titration(
        named,
        found.get("start", ()),
        found.get("step", ()),
        least[0] if least else None,
        most[-1] if most else None,
        _every(texts.get("every"), pointer, defects),
        texts.get("target", ""),
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _dose(text: str) -> field.Read | field.Unreadable:
    reads = [field.read_named(name, text) for name in _FIELDS]
    return next((each for each in reads if isinstance(each, field.Read)), reads[0])


def _every(text: str | None, pointer: str, defects: list[Defect]) -> tuple[Duration, ...]:
    if text is None:
        return ()
    bare = _HOURLY.sub("1 h", _EVERY.sub("", text.strip(), 1), 1)
    read = field.read_named("run_time", bare)
    if isinstance(read, field.Unreadable):
        message = f"titrate every: cannot read {quoted(text)}: {read.reason}; write a time as 5 min"
        defects.append(Defect("RC109", message, f"{pointer}/every", text))
        return ()
    ends = (read.quantity,) if read.high is None else (read.quantity, read.high)
    return cast("tuple[Duration, ...]", ends)
