"""Every shipped blueprint: accepted by Home Assistant, described, documented."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.importer import fetch_blueprint_from_github_url
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from tests.blueprints.conftest import SHIPPED

ROOT = Path(__file__).parents[2]
DOCUMENTATION = (ROOT / "docs" / "blueprints.md").read_text("utf-8")
FILES = sorted(SHIPPED.glob("automation/**/*.yaml"))
TEXTS = {file: file.read_text("utf-8") for file in FILES}
# Without these a blueprint would do nothing.
ESSENTIAL = {"inside_phones", "step_1_phones"}

every_blueprint = pytest.mark.parametrize(
    "file", FILES, ids=[file.stem for file in FILES]
)


def load(file: Path) -> Blueprint:
    """Load a blueprint as Home Assistant does."""
    return Blueprint(
        load_yaml_dict(str(file)),
        path=file.name,
        expected_domain="automation",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )


def sections(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Return the sections of its form."""
    return list(blueprint.metadata["input"].values())


def test_there_are_blueprints() -> None:
    assert {file.stem for file in FILES} >= {"notify_on_ring"}


@every_blueprint
def test_home_assistant_accepts_it(file: Path) -> None:
    blueprint = load(file)
    assert blueprint.validate() is None
    assert blueprint.metadata["homeassistant"]["min_version"] == "2026.10.0"


@every_blueprint
def test_every_input_is_in_a_section_and_says_what_it_is(file: Path) -> None:
    for section in sections(load(file)):
        assert section["name"]
        assert section["icon"].startswith("mdi:")
        for name, each in section["input"].items():
            assert each["name"], name
            assert each["description"], name
            assert each["selector"], name


@every_blueprint
def test_only_what_is_essential_has_no_default(file: Path) -> None:
    inputs = load(file).inputs
    required = {name for name, each in inputs.items() if "default" not in each}
    assert required <= ESSENTIAL


@every_blueprint
def test_sections_with_something_to_fill_in_are_open(file: Path) -> None:
    for section in sections(load(file)):
        if ESSENTIAL & section["input"].keys():
            assert not section.get("collapsed")


@every_blueprint
async def test_it_is_installed_where_an_import_would_put_it(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, file: Path
) -> None:
    source = load(file).metadata["source_url"]
    assert source.endswith(f"/main/{file.relative_to(ROOT).as_posix()}")
    aioclient_mock.get(
        source.replace(
            "https://github.com", "https://raw.githubusercontent.com"
        ).replace("/blob/", "/"),
        text=TEXTS[file],
    )
    imported = await fetch_blueprint_from_github_url(hass, source)
    installed = file.relative_to(SHIPPED / "automation")
    assert f"{imported.suggested_filename}.yaml" == installed.as_posix()


@every_blueprint
def test_every_input_is_documented(file: Path) -> None:
    blueprint = load(file)
    for name, each in blueprint.inputs.items():
        english = each["name"].split(" / ")[0]
        assert f"| `{name}` – {english}" in DOCUMENTATION, name


@every_blueprint
def test_the_documentation_has_a_button_that_imports_it(file: Path) -> None:
    source = load(file).metadata["source_url"]
    assert f"blueprint_import/?blueprint_url={quote(source, safe='')}" in DOCUMENTATION
