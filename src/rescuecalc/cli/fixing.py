"""`check --fix` and `check --diff`: what they write, and what they say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rescuecalc.errors import ExitCode, InputError
from rescuecalc.readers.input_paths import STDIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rescuecalc.engine.notation_fixes import Fixed
    from rescuecalc.engine.references import RunReferences
    from rescuecalc.readers.input_paths import File


def refuse_fixing(paths: Sequence[str], beside: Mapping[str, bool], *, fix: bool, diff: bool) -> None:
    """Refuse a fix of what is no file, or ``beside`` an option that judges or writes something else; InputError."""
    if not fix and not diff:
        return
    if STDIN in paths:
        raise InputError("--fix and --diff change files, and - is standard input; name a file or a folder")
    if fix and diff:
        raise InputError("--fix and --diff are both given: files are written, or the change is shown")
    other = next((name for name, is_given in beside.items() if is_given), None)
    if other is not None:
        raise InputError(f"--{'fix' if fix else 'diff'} and {other} are both given; leave one of them out")


def differences(named: Iterable[File], references: RunReferences) -> tuple[str, ExitCode]:
    """Return what would be fixed as a unified diff, and 1 where that is anything; nothing is written."""
    from rescuecalc.engine.notation_fixes import fixes  # noqa: PLC0415  # seldom asked for

    shown = "".join(made.diff() for _, made in fixes(named, references.of))
    return shown, ExitCode.FINDINGS if shown else ExitCode.DONE


def fix_files(named: Iterable[File], references: RunReferences) -> Iterator[str]:
    """Fix the notation in files, and yield a note of each one that had any."""
    if not named:
        return
    from rescuecalc.engine.notation_fixes import fixes, write_fixed  # noqa: PLC0415  # seldom asked for

    for file, made in fixes(named, references.of):
        why_not = write_fixed(made, file.path) if made.fixes and file.path is not None else ""
        if made.fixes and not why_not:
            yield f"{made.name}: {_number(made)}"
        if why_not or made.why_not:
            yield f"{made.name}: not fixed: {why_not or made.why_not}"


def _number(made: Fixed) -> str:
    return f"{made.fixes:,} fix{'' if made.fixes == 1 else 'es'} of notation"
