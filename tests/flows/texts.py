"""Which texts a step of a flow needs, and which of them are missing."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
from string import Formatter
from typing import Any

from homeassistant.data_entry_flow import FlowResult, FlowResultType, section

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
        shown = _section(texts, result)
        for path in _needed(result):
            text = _at(shown, path)
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
            for key, field in result["data_schema"].schema.items():
                if isinstance(field, section):
                    yield f"{step}/sections/{key}/name"
                    yield from _fields_needed(f"{step}/sections/{key}", field.schema)
            yield from _fields_needed(step, result["data_schema"])
            for error in (result.get("errors") or {}).values():
                yield f"error/{error}"


def _fields_needed(where: str, form: Any) -> Iterator[str]:
    for key, field in form.schema.items():
        if not isinstance(field, section):
            yield f"{where}/data/{key}"
            yield f"{where}/data_description/{key}"


def _at(texts: Any, path: str) -> str | None:
    for key in path.split("/"):
        texts = texts.get(key, {})
    return texts if isinstance(texts, str) else None


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}
