"""The practice decides and does nothing: no Home Assistant, clock, I/O or chance."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from custom_components.cabinet_secure import practice

FOLDER = Path(practice.__file__).parent
SOURCES = sorted(FOLDER.glob("**/*.py"))

# Whatever is not named here may look at the world, and has to be argued for.
PURE_MODULES = {
    "collections.abc",
    "dataclasses",
    "datetime",
    "enum",
    "hashlib",
    "hmac",
    "itertools",  # arithmetic on sequences
    "typing",
}
CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}
IMPURE_BUILTINS = {"open", "print", "input", "eval", "exec", "__import__"}


def _imported(tree: ast.AST, depth: int) -> Iterator[str]:
    """Yield what a file imports from outside of the practice; `depth` 1 is its folder."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not 0 < node.level <= depth:
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize(
    "source", SOURCES, ids=lambda path: str(path.relative_to(FOLDER))
)
def test_a_file_of_the_practice_imports_nothing_that_reaches_the_world(
    source: Path,
) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    depth = len(source.relative_to(FOLDER).parts)
    assert set(_imported(tree, depth)) <= PURE_MODULES


@pytest.mark.parametrize(
    "source", SOURCES, ids=lambda path: str(path.relative_to(FOLDER))
)
def test_a_file_of_the_practice_never_asks_what_time_it_is(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    asked = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not asked & CLOCKS


@pytest.mark.parametrize(
    "source", SOURCES, ids=lambda path: str(path.relative_to(FOLDER))
)
def test_a_file_of_the_practice_reads_and_writes_nothing(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & IMPURE_BUILTINS


def test_the_files_of_the_practice_are_found() -> None:
    assert {"machine.py", "ring.py", "access.py"} <= {path.name for path in SOURCES}
