"""What names a finding from run to run, for services that keep track of them."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rescuecalc.core.orders.findings.source_location import Located


def fingerprints(located: Sequence[Located]) -> list[str]:
    """Return a fingerprint of each finding that stays the same where lines are moved; equal ones are counted."""
    seen: Counter[str] = Counter()
    made = []
    for each in located:
        digest = sha256(each.identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[digest] += 1
        made.append(f"{digest}:{seen[digest]}")
    return made
