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
    "typing",
}
CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}
IMPURE_BUILTINS = {"open", "print", "input", "eval", "exec", "__import__"}


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # One dot is a neighbour in this folder; two would leave it.
            yield ("." * node.level if node.level > 1 else "") + (node.module or "")


def _neighbours(tree: ast.AST) -> set[str]:
    return {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module
    }


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_file_of_the_practice_imports_nothing_that_reaches_the_world(
    source: Path,
) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    assert set(_imported(tree)) - _neighbours(tree) - {""} <= PURE_MODULES


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_file_of_the_practice_never_asks_what_time_it_is(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    asked = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not asked & CLOCKS


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
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
