"""How many processes judge: what ``--jobs`` asks for."""

from __future__ import annotations

import os
from typing import Any, Final

from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import InputError

_MOST_JOBS: Final = 256


def jobs_of(text: str | None) -> int:
    """Return how many processes ``--jobs`` asks for; ``auto`` is as many as this process may use.

    Raises InputError for what is neither ``auto`` nor a whole number from 1 to 256.
    """
    if text is None:
        return 1
    if text == "auto":
        # Not on every system, and a container may give fewer processors than the machine has.
        allowed: Any = getattr(os, "sched_getaffinity", None)
        return min(len(allowed(0)) if allowed is not None else os.cpu_count() or 1, _MOST_JOBS)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_JOBS):
        raise InputError(f"--jobs: cannot read {quoted(text)}; write auto, or a whole number from 1 to {_MOST_JOBS}")
    return int(text)
