"""How large the package is: its statements by room, counted in the syntax tree; docstrings are none.

``python -m tests.statements`` prints them, and ``python -m tests.statements FOLDER`` those of another package.
Lines would count comments and how long a line may be; statements tell whether less code does the same work.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "rescuecalc"


def statements(text: str) -> int:
    """Return how many statements a module has, without the docstrings of modules, classes, functions and constants."""
    return sum(isinstance(node, ast.stmt) and not _is_docstring(node) for node in ast.walk(ast.parse(text)))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def by_room(package: Path) -> Counter[str]:
    """Return the statements of each room of a package, which is a folder or a module beside the rooms."""
    counted: Counter[str] = Counter()
    for path in sorted(package.rglob("*.py")):
        counted[path.relative_to(package).parts[0]] += statements(path.read_text("utf-8"))
    return counted


def main() -> None:
    """Print the statements of each room and their sum."""
    counted = by_room(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE)
    for room, count in (*counted.most_common(), ("total", counted.total())):
        sys.stdout.write(f"{room:<16}{count:>8,}\n")


if __name__ == "__main__":
    main()
