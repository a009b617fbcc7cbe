"""What the integration's own files declare, and what its code refers to."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

import homeassistant
import yaml

ROOT = Path(__file__).parents[1]
COMPONENT = ROOT / "custom_components" / "cabinet_secure"
CORE_COMPONENTS = Path(homeassistant.__file__).parent / "components"
LANGUAGES = ("en", "fr")

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

# Shapes differ from file to file; the tests assert them.
type Tree = dict[str, Any]


def read_json(name: str) -> Tree:
    """Return a JSON file of the integration."""
    return dict(json.loads((COMPONENT / name).read_text(encoding="utf-8")))


def read_yaml(path: Path) -> Tree:
    """Return a YAML file; an empty one, or none at all, declares nothing."""
    if not path.exists():
        return {}
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def described(name: str) -> Tree:
    """Return what services.yaml and its like describe, without their anchors."""
    content = read_yaml(COMPONENT / name)
    return {key: value for key, value in content.items() if not key.startswith(".")}


def translations(language: str) -> Tree:
    """Return all texts in a language."""
    return read_json(f"translations/{language}.json")


def texts(tree: Tree, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the dotted path and the text of every leaf."""
    for key, value in tree.items():
        where = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from texts(value, where)
        else:
            yield where, value


def placeholders(text: str) -> set[str]:
    """Return the names in braces that Home Assistant fills in."""
    return set(_PLACEHOLDER.findall(text))


def modules() -> dict[Path, ast.Module]:
    """Return the parsed modules of the integration, by path inside it."""
    return {
        path.relative_to(COMPONENT): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(COMPONENT.rglob("*.py"))
    }


def keyword_values(module: ast.Module, keyword: str) -> Iterator[ast.expr]:
    """Yield what the calls in a module pass for a keyword."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            for argument in node.keywords:
                if argument.arg == keyword:
                    yield argument.value


def literals(values: Iterator[ast.expr]) -> set[str]:
    """Return those of the expressions that are plain strings."""
    return {
        value.value
        for value in values
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def all_strings() -> set[str]:
    """Return every plain string in the integration's code."""
    return {
        node.value
        for module in modules().values()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
