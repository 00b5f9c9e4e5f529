"""Every small change of a module of Python that a test should notice: a comparison, a sign, a number, a condition.

Texts are left out: words are recorded (tests/order_model/record.py) and read by people. So are annotations, and what is
there for readers of types alone.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import CodeType

_COMPARED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
"""The border moved, and the opposite."""

_CALCULATED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_NAMES: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Mutant(NamedTuple):
    """One change: where it is, what it is, and the outermost function that holds it (None: the module itself).

    ``function`` is the qualified name and the first line, as its code object has them; ``place`` and ``kind`` say
    which node of the file's tree is changed, and how.
    """

    path: Path
    place: int
    kind: int
    line: int
    last_line: int
    statement: int
    change: str
    function: tuple[str, int] | None

    def code(self) -> CodeType:
        """Return the module compiled with the change."""
        tree = ast.parse(self.path.read_text("utf-8"))
        node = next(each.node for number, each in enumerate(_places(tree)) if number == self.place)
        _changed(node, self.kind)
        return compile(ast.fix_missing_locations(tree), str(self.path), "exec", dont_inherit=True)

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}:{self.line}: {self.change}"


class _Place(NamedTuple):
    node: ast.AST
    statement: ast.stmt
    function: tuple[str, int] | None


def mutants(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of one file."""
    for number, place in enumerate(_places(ast.parse(path.read_text("utf-8")))):
        for kind in range(_kinds(place.node)):
            line = getattr(place.node, "lineno", place.statement.lineno)
            last = getattr(place.node, "end_lineno", None) or line
            if isinstance(place.node, (ast.If, ast.While)):
                last = place.node.test.end_lineno or line
            yield Mutant(
                path, number, kind, line, last, place.statement.lineno, _words(place.node, kind), place.function
            )


def _words(node: ast.AST, kind: int) -> str:
    """Return what a change makes of a node, in one line."""
    changed = copy.deepcopy(node)
    _changed(changed, kind)
    before, after = (ast.unparse(each).partition("\n")[0] for each in (node, changed))
    return f"{before}  ->  {after}"


def _places(tree: ast.Module) -> Iterator[_Place]:
    for statement in tree.body:
        yield from _in_statement(statement, "", None)


def _in_statement(statement: ast.stmt, prefix: str, function: tuple[str, int] | None) -> Iterator[_Place]:
    if _says_nothing(statement):
        return
    if isinstance(statement, ast.ClassDef):
        for each in statement.body:
            yield from _in_statement(each, f"{prefix}{statement.name}.", function)
    elif isinstance(statement, ast.FunctionDef):
        first = min([statement.lineno, *(each.lineno for each in statement.decorator_list)])
        yield from _within(statement, statement.args, prefix, function)
        for each in statement.body:
            inner = function or (f"{prefix}{statement.name}", first)
            yield from _in_statement(each, f"{prefix}{statement.name}.<locals>.", inner)
    else:
        yield _Place(statement, statement, function)
        yield from _below(statement, statement, prefix, function)


def _says_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is for readers, of types or of words, or an import."""
    match statement:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Constant()) | ast.Assign(targets=[ast.Name(id="__slots__")]):
            return True
    return False


def _within(statement: ast.stmt, node: ast.AST, prefix: str, function: tuple[str, int] | None) -> Iterator[_Place]:
    if isinstance(node, ast.Lambda) and function is None:
        function = (f"{prefix}<lambda>", node.lineno)
    yield _Place(node, statement, function)
    yield from _below(statement, node, prefix, function)


def _below(statement: ast.stmt, node: ast.AST, prefix: str, function: tuple[str, int] | None) -> Iterator[_Place]:
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns"}:
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.stmt):
                yield from _in_statement(each, prefix, function)
            elif isinstance(each, ast.AST):
                yield from _within(statement, each, prefix, function)


def _kinds(node: ast.AST) -> int:
    """Return how many changes there are of one place of the tree."""
    found = 0
    match node:
        case ast.Compare():
            found = sum(len(_COMPARED[type(each)]) for each in node.ops)
        case ast.BinOp() | ast.AugAssign():
            found = int(type(node.op) in _CALCULATED and not _is_of_text(node))
        case ast.If() | ast.While() | ast.IfExp():
            found = int(_is_plain(node.test))
        case ast.comprehension():
            found = sum(_is_plain(each) for each in node.ifs)
        case ast.Call(func=ast.Name(id=name)):
            found = int(name in _NAMES)
        case ast.UnaryOp():
            found = int(isinstance(node.op, (ast.Not, ast.USub)))
        case ast.Constant():
            found = int(isinstance(node.value, (bool, int, float)))
        case ast.BoolOp() | ast.Continue() | ast.Raise() | ast.Expr():
            found = 1
    return found


def _is_of_text(node: ast.BinOp | ast.AugAssign) -> bool:
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
    return any(
        isinstance(each, ast.JoinedStr) or (isinstance(each, ast.Constant) and isinstance(each.value, str))
        for each in sides
    )


def _is_plain(test: ast.expr) -> bool:
    """Whether a condition has nothing in it that is changed already."""
    return not isinstance(test, (ast.Compare, ast.BoolOp)) and not (
        isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    )


def _becomes(node: ast.AST, other: ast.AST) -> None:
    """Make of a node another one, where it is."""
    node.__class__ = other.__class__
    for field in other._fields:
        setattr(node, field, getattr(other, field))


def _not(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


def _changed(node: ast.AST, kind: int) -> None:  # noqa: C901  # one line for each kind of node
    match node:
        case ast.Compare():
            choices = [(place, other) for place, each in enumerate(node.ops) for other in _COMPARED[type(each)]]
            place, other = choices[kind]
            node.ops[place] = other()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            _becomes(node, node.operand)
        case ast.BinOp() | ast.AugAssign():
            node.op = _CALCULATED[type(node.op)]()
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value) | float(value)):
            node.value = value + 1
        case ast.If() | ast.While() | ast.IfExp():
            node.test = _not(node.test)
        case ast.comprehension():
            place = [place for place, each in enumerate(node.ifs) if _is_plain(each)][kind]
            node.ifs[place] = _not(node.ifs[place])
        case ast.Call(func=ast.Name() as name):
            name.id = _NAMES[name.id]
        case ast.Continue():
            _becomes(node, ast.Break())
        case ast.Expr(value=ast.Yield() | ast.YieldFrom() as told):
            # What yields has to stay a generator.
            node.value = ast.copy_location(ast.BoolOp(ast.And(), [ast.Constant(value=0), told]), told)
        case _:
            _becomes(node, ast.Pass())
