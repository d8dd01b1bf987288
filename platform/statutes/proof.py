"""Which tests prove which duties: read from the marks in tests/, without importing a test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MARK = "duty"


@dataclass(frozen=True)
class Proof:
    """A test that names a duty. `test` is its pytest node (`tests/sharing/test_x.py::TestY::test_z`)."""

    duty: str
    test: str
    place: str


class UnreadableMark(ValueError):
    """A `duty` mark whose ids are not written out as strings: nobody can tell what the test proves."""


def proofs(root: Path) -> list[Proof]:
    """Every proof below `root`/tests, by file, then by line. Raises UnreadableMark with the place."""
    found: list[Proof] = []
    for path in sorted((root / "tests").rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        name = path.relative_to(root).as_posix()
        found += _below(name, name, module.body, _module_marks(name, module))
    return found


def _module_marks(name: str, module: ast.Module) -> list[tuple[str, str]]:
    """The duties of `pytestmark = …` (one mark, or a list of them)."""
    marks: list[tuple[str, str]] = []
    for node in module.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in targets):
            many = isinstance(node.value, ast.List | ast.Tuple)
            marks += _duties(name, node.value.elts if many else [node.value])  # type: ignore[attr-defined]
    return marks


def _below(name: str, node_id: str, body: list[ast.stmt], marks: list[tuple[str, str]]) -> Iterator[Proof]:
    """The proofs of the tests in a module or class; an outer mark holds for every test inside."""
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            own = [*marks, *_duties(name, node.decorator_list)]
            yield from _below(name, f"{node_id}::{node.name}", node.body, own)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            own = [*marks, *_duties(name, node.decorator_list)]
            for duty, place in dict(own).items():
                yield Proof(duty, f"{node_id}::{node.name}", place)
        elif own := _duties(name, getattr(node, "decorator_list", [])):
            raise UnreadableMark(f"{own[0][1]}: a duty mark on something that is no test")


def _duties(name: str, marks: list[ast.expr]) -> list[tuple[str, str]]:
    """The (duty, place) pairs of those expressions that are `pytest.mark.duty("…", …)`."""
    found: list[tuple[str, str]] = []
    for mark in marks:
        target = mark.func if isinstance(mark, ast.Call) else mark
        if ast.unparse(target) not in (f"pytest.mark.{MARK}", f"mark.{MARK}"):
            continue
        place = f"{name}:{mark.lineno}"
        ids = mark.args if isinstance(mark, ast.Call) else []
        if not ids or not all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in ids):
            raise UnreadableMark(f"{place}: the ids of a duty mark are written out as strings")
        found += [(one.value, place) for one in ids]  # type: ignore[attr-defined, misc]
    return found
