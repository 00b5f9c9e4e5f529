"""Mutants that no test can notice, each with the reason: what is changed makes no difference that anybody could see."""

from __future__ import annotations

from typing import Final

EXPLAINED: Final[dict[str, str]] = {}
