"""Which texts a step of a flow needs, and which of them are missing."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
from string import Formatter
from typing import Any

from homeassistant.data_entry_flow import FlowResult, FlowResultType

TRANSLATIONS = (
    Path(__file__).parents[2] / "custom_components/cabinet_secure/translations"
)
LANGUAGES = {
    language: json.loads((TRANSLATIONS / f"{language}.json").read_text("utf-8"))
    for language in ("en", "fr")
}


def missing_texts(result: FlowResult[Any, Any]) -> list[str]:
    """Return the paths of the texts that are missing or cannot be filled in."""
    given = set(result.get("description_placeholders") or {})
    missing: list[str] = []
    for language, texts in LANGUAGES.items():
        section = _section(texts, result)
        for path in _needed(result):
            text = _at(section, path)
            if not text:
                missing.append(f"{language}: {path}")
            elif not _fields(text) <= given:
                missing.append(f"{language}: {path} has {_fields(text) - given}")
    return missing


def _section(texts: Mapping[str, Any], result: FlowResult[Any, Any]) -> Any:
    match result["handler"]:
        case (_, subentry_type):
            return texts["config_subentries"][subentry_type]
        case "cabinet_secure":
            return texts["config"]
        case _:
            return texts["options"]


def _needed(result: FlowResult[Any, Any]) -> Iterator[str]:
    match result["type"]:
        case FlowResultType.ABORT:
            if result.get("translation_domain") is None:
                yield f"abort/{result['reason']}"
        case FlowResultType.MENU:
            for option in result["menu_options"]:
                yield f"step/{result['step_id']}/menu_options/{option}"
        case FlowResultType.FORM:
            step = f"step/{result['step_id']}"
            yield f"{step}/title"
            yield f"{step}/description"
            for key in result["data_schema"].schema:
                yield f"{step}/data/{key}"
                yield f"{step}/data_description/{key}"
            for error in (result.get("errors") or {}).values():
                yield f"error/{error}"


def _at(section: Any, path: str) -> str | None:
    for key in path.split("/"):
        section = section.get(key, {})
    return section if isinstance(section, str) else None


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}
