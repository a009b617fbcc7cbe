"""Actions, triggers and conditions: described, translated and drawn, all of them."""

from collections.abc import Awaitable, Callable

from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition, service, trigger
from homeassistant.helpers.selector import validate_selector
from homeassistant.setup import async_setup_component
import pytest

from custom_components.cabinet_secure.const import DOMAIN

from .integration_files import COMPONENT, Tree, described, read_json, translations

# What each kind is called in files: description, texts and icons, the icon's own key.
KINDS = {
    "services": "service",
    "triggers": "trigger",
    "conditions": "condition",
}
DESCRIPTIONS: dict[str, Callable[[HomeAssistant], Awaitable[Tree]]] = {
    "triggers": trigger.async_get_all_descriptions,
    "conditions": condition.async_get_all_descriptions,
}

each_kind = pytest.mark.parametrize("kind", KINDS)


async def _registered(hass: HomeAssistant, kind: str) -> set[str]:
    """Return the names that the code offers, whatever the files say."""
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    if kind == "services":
        return set(hass.services.async_services().get(DOMAIN, {}))
    module = COMPONENT / f"{KINDS[kind]}.py"
    if not module.exists():
        return set()
    integration = __import__(
        f"custom_components.{DOMAIN}.{KINDS[kind]}", fromlist=["platform"]
    )
    offered = await getattr(integration, f"async_get_{kind}")(hass)
    return set(offered)


@each_kind
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_what_the_code_offers_is_described_translated_and_drawn(
    hass: HomeAssistant, kind: str
) -> None:
    offered = await _registered(hass, kind)
    assert described(f"{kind}.yaml").keys() == offered
    assert translations("en").get(kind, {}).keys() == offered
    assert read_json("icons.json").get(kind, {}).keys() == offered


@each_kind
def test_every_icon_is_given_where_home_assistant_looks_for_it(kind: str) -> None:
    for name, icon in read_json("icons.json").get(kind, {}).items():
        assert KINDS[kind] in icon, name


@each_kind
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_field_has_a_name_and_an_explanation_and_no_other_has(
    kind: str, language: str
) -> None:
    texts = translations(language).get(kind, {})
    for name, description in described(f"{kind}.yaml").items():
        assert texts[name]["name"], name
        assert texts[name]["description"], name
        fields = (description or {}).get("fields") or {}
        translated = texts[name].get("fields", {})
        assert translated.keys() == fields.keys(), name
        for field, text in translated.items():
            assert text["name"], (name, field)
            assert text["description"], (name, field)


@each_kind
def test_every_choice_has_a_text(kind: str) -> None:
    selectors = translations("en").get("selector", {})
    for name, description in described(f"{kind}.yaml").items():
        for field, content in ((description or {}).get("fields") or {}).items():
            selector = content["selector"]
            validate_selector(selector)
            options = (selector.get("select") or {}).get("options", ())
            if not options:
                continue
            texts = selectors[selector["select"]["translation_key"]]["options"]
            assert set(options) == texts.keys(), (name, field)


@pytest.mark.parametrize("kind", DESCRIPTIONS)
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_the_automation_editor_is_offered_what_the_files_describe(
    hass: HomeAssistant, kind: str
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    offered = await DESCRIPTIONS[kind](hass)
    for name, description in described(f"{kind}.yaml").items():
        served = offered[f"{DOMAIN}.{name}"]
        assert served is not None, f"{name}: Home Assistant refuses the description"
        fields = (description or {}).get("fields") or {}
        assert served.get("fields", {}).keys() == fields.keys()


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_the_action_editor_is_offered_what_the_file_describes(
    hass: HomeAssistant,
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    offered = (await service.async_get_all_descriptions(hass)).get(DOMAIN, {})
    for name, description in described("services.yaml").items():
        fields = (description or {}).get("fields") or {}
        assert offered[name]["fields"].keys() == fields.keys()
